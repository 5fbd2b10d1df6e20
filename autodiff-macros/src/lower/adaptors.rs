//! Methods of iterators that give iterators.

use super::option::{Payload, optional};
use super::scope::{Binding, IterVar};
use super::source::Source;
use super::value::Value;
use super::{Lower, int};
use crate::ir::{Op, Operand, Place, Proj, Rhs, Stmt, Ty};
use proc_macro2::Ident;
use std::rc::Rc;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// A method of an iterator; `None` if it is not known.
    pub fn iterator_method(&mut self, source: Source, call: &syn::ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let inner = Box::new(source);
        let adapted = match (name.as_str(), call.args.first()) {
            ("iter" | "into_iter" | "fuse" | "clone" | "peekable", None) => *inner,
            ("rev", None) => self.reversed(*inner)?,
            ("enumerate", None) => enumerated(*inner),
            ("copied" | "cloned", None) => Source::Copied(inner),
            ("cycle", None) => Source::Cycle(inner),
            ("flatten", None) => Source::Flatten(inner, None),
            ("remainder" | "into_remainder", None) => return self.remainder(&inner),
            ("skip" | "take" | "step_by", Some(count)) => {
                let count = self.operand(count);
                match name.as_str() {
                    "skip" => Source::Skip(inner, count),
                    "take" => Source::Take(inner, count),
                    _ => Source::StepBy(inner, count),
                }
            }
            ("zip", Some(other)) => {
                let other = self.known_source(other)?;
                self.assert_pairs(&inner, call.method.span());
                zipped(*inner, other)
            }
            ("chain", Some(other)) => {
                let other = self.known_source(other)?;
                Source::Chain(inner, Box::new(other))
            }
            ("scan", Some(init)) => {
                let init = self.value(init);
                let init = Box::new(self.settled(init));
                let f = self.callable(call.args.iter().nth(1)?)?;
                Source::Scan(inner, init, f)
            }
            (_, Some(f)) if takes_function(&name) && call.args.len() == 1 => {
                let f = self.callable(f)?;
                let pure = !inner.is_exclusive() && self.is_pure(&f);
                match name.as_str() {
                    "map" => Source::Map(inner.in_turn(pure), f),
                    "filter" => Source::Filter(inner, f),
                    "filter_map" => Source::FilterMap(inner, f),
                    "flat_map" => Source::Flatten(inner, Some(f)),
                    "inspect" => Source::Inspect(inner.in_turn(pure), f),
                    "take_while" => Source::TakeWhile(inner, f),
                    "map_while" => Source::MapWhile(inner, f),
                    _ => Source::SkipWhile(inner, f),
                }
            }
            _ => return self.consumer(*inner, call),
        };
        Some(Value::Iter(Box::new(adapted)))
    }

    /// How many items of an iterator in a variable `zip` takes where the other one is shorter depends on who asks for the pairs.
    pub fn assert_pairs(&mut self, first: &Source, span: proc_macro2::Span) {
        if first.draws() {
            self.diagnostics.zip_of_lent_iterator(span);
        }
    }

    /// What whole chunks leave over.
    fn remainder(&mut self, source: &Source) -> Option<Value> {
        let (place, size, mutable) = match source {
            Source::Skip(inner, _) => return self.remainder(inner),
            Source::Chunks {
                place,
                size,
                exact: true,
                mutable,
            } => (place.clone(), size.clone(), *mutable),
            _ => return None,
        };
        let len = self.len(&place);
        let left = self.arithmetic(Op::Rem, len.clone(), size);
        let lo = Some(self.arithmetic(Op::Sub, len, left));
        let place = place.then(Proj::Range { lo, hi: None });
        Some(Value::Ref { place, mutable })
    }

    /// `let mut items = x.iter();`: a variable for the position.
    pub fn iterator_variable(&mut self, name: &Ident, source: Source) {
        if !source.is_counted() {
            let value = Value::Iter(Box::new(source));
            return self.scopes.bind(name, Binding::Value(value));
        }
        let len = self.length(&source);
        let at = self.variable("at", int(0));
        self.usizes.insert(at);
        let source = Rc::new(source);
        self.scopes
            .bind(name, Binding::Iter(IterVar { source, at, len }));
    }

    /// What an iterator variable has not given yet.
    pub fn rest_of(&mut self, variable: &IterVar) -> Value {
        let at = self.temp(Rhs::Read(Place::var(variable.at)), Ty::Int);
        let source = Box::new((*variable.source).clone());
        Value::Iter(Box::new(Source::Skip(source, at)))
    }

    /// `&mut items` of an iterator in a variable, which whoever has it draws from; `None` if it is none.
    pub fn lent_iterator(&mut self, path: &syn::ExprPath) -> Option<Value> {
        if let Some(Binding::Iter(variable)) = self.scopes.get(path.path.get_ident()?) {
            return Some(Value::Iter(Box::new(Source::Drawn(variable.clone()))));
        }
        match self.local_value(path)? {
            Value::Iter(source) if !matches!(*source, Source::Drawn(_)) => {
                self.diagnostics.unknown_iterator(path.span());
                Some(super::failed())
            }
            _ => None,
        }
    }

    /// What a method does that draws from an iterator in a variable, `next` and the like; `None` if it is no such call.
    pub fn iterator_change(&mut self, call: &syn::ExprMethodCall) -> Option<Value> {
        let syn::Expr::Path(path) = super::place::peel(&call.receiver) else {
            return None;
        };
        let name = call.method.to_string();
        let variable = match self.scopes.get(path.path.get_ident()?)? {
            Binding::Iter(variable) => variable.clone(),
            Binding::Value(Value::Iter(source)) if !matches!(**source, Source::Drawn(_)) => {
                if draws(&name) {
                    self.diagnostics.drawn_from(&call.method);
                    return Some(super::failed());
                }
                return None;
            }
            _ => return None,
        };
        if name == "by_ref" && call.args.is_empty() {
            return Some(Value::Iter(Box::new(Source::Drawn(variable))));
        }
        let skipped = match (name.as_str(), call.args.first()) {
            ("next" | "peek", None) => int(0),
            ("nth", Some(n)) => self.operand(n),
            _ if draws(&name) => {
                let value = self.iterator_method(Source::Drawn(variable), call);
                return value.or_else(|| {
                    self.diagnostics.drawn_from(&call.method);
                    Some(super::failed())
                });
            }
            _ => return None,
        };
        Some(self.drawn(&variable, skipped, call.method != "peek"))
    }

    /// What an iterator variable gives next, after so many others.
    pub fn drawn(&mut self, variable: &IterVar, skipped: Operand, taken: bool) -> Value {
        let at = self.temp(Rhs::Read(Place::var(variable.at)), Ty::Int);
        let k = self.arithmetic(Op::Add, at, skipped);
        if taken {
            let value = self.arithmetic(Op::Add, k.clone(), int(1));
            let place = Place::var(variable.at);
            self.out.push(Stmt::Assign { place, value });
        }
        let some = Rhs::Op(Op::Lt, vec![k.clone(), variable.len.clone()]);
        let some = self.temp(some, Ty::Bool);
        let source = Box::new((*variable.source).clone());
        optional(some, Payload::At(source, k))
    }

    /// A source backwards.
    fn reversed(&mut self, source: Source) -> Option<Source> {
        if source.is_counted() {
            let len = self.length(&source);
            return Some(Source::Rev(Box::new(source), len));
        }
        let mut inside = |s: Source| self.reversed(s).map(Box::new);
        match source {
            Source::Listed(mut items) => {
                items.reverse();
                Some(Source::Listed(items))
            }
            Source::InTurn(s) => Some(Source::InTurn(inside(*s)?)),
            Source::Chain(a, b) => {
                let (a, b) = (inside(*a)?, inside(*b)?);
                Some(Source::Chain(b, a))
            }
            Source::Map(s, f) => Some(Source::Map(inside(*s)?, f)),
            Source::Filter(s, f) => Some(Source::Filter(inside(*s)?, f)),
            Source::FilterMap(s, f) => Some(Source::FilterMap(inside(*s)?, f)),
            Source::Copied(s) => Some(Source::Copied(inside(*s)?)),
            Source::Inspect(s, f) => Some(Source::Inspect(inside(*s)?, f)),
            _ => {
                self.diagnostics.uncounted(self.span);
                None
            }
        }
    }

    /// Methods that make an iterator of a container; `None` if the method is another.
    pub fn container_iterator(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let known = matches!(
            name.as_str(),
            "iter"
                | "iter_mut"
                | "into_iter"
                | "chunks"
                | "chunks_exact"
                | "rchunks"
                | "chunks_mut"
                | "chunks_exact_mut"
                | "windows"
        );
        if !known || matches!(self.value_ty(receiver).peel(), crate::ir::Ty::Inert) {
            return None;
        }
        let source = match (name.as_str(), call.args.first()) {
            ("into_iter", None) => self.source_of(receiver.clone())?,
            ("iter" | "iter_mut", None) => {
                let place = self.place_of(receiver.clone());
                let mutable = name == "iter_mut";
                Source::Slice { place, mutable }
            }
            ("windows", Some(size)) => {
                let place = self.place_of(receiver.clone());
                let size = self.operand(size);
                Source::Windows { place, size }
            }
            ("rchunks", Some(size)) => {
                let place = self.place_of(receiver.clone());
                let size = self.operand(size);
                Source::BackChunks { place, size }
            }
            (_, Some(size)) => {
                let place = self.place_of(receiver.clone());
                let size = self.operand(size);
                Source::Chunks {
                    place,
                    size,
                    exact: name.contains("exact"),
                    mutable: name.ends_with("mut"),
                }
            }
            _ => return None,
        };
        Some(Value::Iter(Box::new(source)))
    }
}

/// The items with their positions.
fn enumerated(source: Source) -> Source {
    match source {
        Source::Listed(items) => {
            let numbered = items.into_iter().enumerate();
            let pair = |(k, item)| Value::Tuple(vec![Value::Operand(int(k)), item]);
            Source::Listed(numbered.map(pair).collect())
        }
        source => Source::Enumerate(Box::new(source)),
    }
}

/// Pairs of items.
pub fn zipped(a: Source, b: Source) -> Source {
    match (a, b) {
        (Source::Listed(a), Source::Listed(b)) => {
            let pairs = a.into_iter().zip(b).map(|(a, b)| Value::Tuple(vec![a, b]));
            Source::Listed(pairs.collect())
        }
        (a, b) => Source::Zip(Box::new(a), Box::new(b)),
    }
}

/// Does the method leave the rest of an iterator to others?
fn draws(name: &str) -> bool {
    matches!(
        name,
        "next"
            | "next_back"
            | "next_if"
            | "next_if_eq"
            | "nth"
            | "nth_back"
            | "peek"
            | "by_ref"
            | "find"
            | "find_map"
            | "rfind"
            | "position"
            | "rposition"
            | "any"
            | "all"
            | "try_fold"
            | "try_rfold"
            | "try_for_each"
    )
}

fn takes_function(name: &str) -> bool {
    matches!(
        name,
        "map"
            | "filter"
            | "filter_map"
            | "flat_map"
            | "inspect"
            | "take_while"
            | "map_while"
            | "skip_while"
    )
}
