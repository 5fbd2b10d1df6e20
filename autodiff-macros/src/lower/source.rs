//! What is iterated over: a length, and an item for each position.
//!
//! Every loop over a slice and every iterator chain is a counted loop over positions; adaptors change the position or the item.

use super::expr::Value;
use super::place::peel;
use super::{Lower, int};
use crate::ir::{Block, Op, Operand, Place, Proj, Rhs, Stmt, Ty};
use quote::quote;
use syn::spanned::Spanned;

/// Something to iterate over.
#[derive(Clone)]
pub enum Source {
    /// `lo..hi`, with the number of positions where they are needed
    Range {
        lo: Operand,
        hi: Operand,
        inclusive: bool,
    },
    /// References to elements, the items of `iter` and `iter_mut`.
    Slice {
        place: Place,
        mutable: bool,
    },
    /// Elements by value.
    Values(Place),
    /// `chunks(size)` and its relatives.
    Chunks {
        place: Place,
        size: Operand,
        exact: bool,
        mutable: bool,
    },
    /// `windows(size)`
    Windows {
        place: Place,
        size: Operand,
    },
    /// `repeat(value)`
    Repeat(Operand),
    /// Backwards; the length of what is reversed.
    Rev(Box<Source>, Operand),
    Enumerate(Box<Source>),
    Zip(Box<Source>, Box<Source>),
    Skip(Box<Source>, Operand),
    Take(Box<Source>, Operand),
    StepBy(Box<Source>, Operand),
    Copied(Box<Source>),
    Chain(Box<Source>, Box<Source>),
    /// The closure and the scopes that it sees.
    Map(Box<Source>, syn::Expr, usize),
    Filter(Box<Source>, syn::Expr, usize),
    Inspect(Box<Source>, syn::Expr, usize),
}

/// What is done with an item.
pub type Body<'b, 'a> = &'b mut dyn FnMut(&mut Lower<'a>, Value);

impl<'a> Lower<'a> {
    /// The source that an expression denotes; `None` if it is no iterator that is known.
    pub fn source(&mut self, expr: &syn::Expr) -> Option<Source> {
        match peel(expr) {
            syn::Expr::Range(range) => self.range_source(range),
            syn::Expr::MethodCall(call) => self.adaptor(call),
            syn::Expr::Call(call) => self.source_call(call),
            syn::Expr::Reference(e) => {
                let place = self.place(&e.expr);
                let mutable = e.mutability.is_some();
                Some(Source::Slice { place, mutable })
            }
            other => {
                let value = self.value(other);
                Some(self.source_of(value))
            }
        }
    }

    fn source_of(&mut self, value: Value) -> Source {
        match value {
            Value::Ref { place, mutable } => {
                let place = self.through(place);
                Source::Slice { place, mutable }
            }
            other => Source::Values(self.place_of(other)),
        }
    }

    fn range_source(&mut self, range: &syn::ExprRange) -> Option<Source> {
        let lo = match &range.start {
            Some(lo) => self.operand(lo),
            None => int(0),
        };
        let hi = self.operand(range.end.as_ref()?);
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        Some(Source::Range { lo, hi, inclusive })
    }

    fn source_call(&mut self, call: &syn::ExprCall) -> Option<Source> {
        let syn::Expr::Path(path) = &*call.func else {
            return None;
        };
        let name = path.path.segments.last()?.ident.to_string();
        let arg = call.args.first()?;
        match name.as_str() {
            "repeat" => {
                let value = self.operand(arg);
                Some(Source::Repeat(value))
            }
            "once" => {
                let value = self.operand(arg);
                Some(Source::Take(Box::new(Source::Repeat(value)), int(1)))
            }
            _ => {
                let value = self.value(&syn::Expr::Call(call.clone()));
                Some(self.source_of(value))
            }
        }
    }

    fn adaptor(&mut self, call: &syn::ExprMethodCall) -> Option<Source> {
        let name = call.method.to_string();
        let arg = call.args.first();
        let depth = self.scopes.depth();
        match (name.as_str(), arg) {
            ("iter", None) => {
                let place = self.place(&call.receiver);
                let mutable = false;
                Some(Source::Slice { place, mutable })
            }
            ("iter_mut", None) => {
                let place = self.place(&call.receiver);
                let mutable = true;
                Some(Source::Slice { place, mutable })
            }
            ("into_iter", None) => self.source(&call.receiver),
            ("chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut", Some(size)) => {
                let place = self.place(&call.receiver);
                let size = self.operand(size);
                Some(Source::Chunks {
                    place,
                    size,
                    exact: name.contains("exact"),
                    mutable: name.ends_with("mut"),
                })
            }
            ("windows", Some(size)) => {
                let place = self.place(&call.receiver);
                let size = self.operand(size);
                Some(Source::Windows { place, size })
            }
            ("rev" | "enumerate" | "copied" | "cloned" | "by_ref", None) => {
                let inner = self.chained(call)?;
                self.plain_adaptor(&name, inner, call)
            }
            ("skip" | "take" | "step_by", Some(count)) => {
                let inner = self.chained(call)?;
                let count = self.operand(count);
                self.positioned(&inner, call)?;
                Some(match name.as_str() {
                    "skip" => Source::Skip(inner, count),
                    "take" => Source::Take(inner, count),
                    _ => Source::StepBy(inner, count),
                })
            }
            ("zip" | "chain", Some(other)) => {
                let inner = self.chained(call)?;
                let other = Box::new(self.source(other)?);
                if name == "chain" {
                    return Some(Source::Chain(inner, other));
                }
                self.positioned(&inner, call)?;
                self.positioned(&other, call)?;
                Some(Source::Zip(inner, other))
            }
            ("map" | "filter" | "inspect", Some(closure)) => {
                let inner = self.chained(call)?;
                let closure = closure.clone();
                Some(match name.as_str() {
                    "map" => Source::Map(inner, closure, depth),
                    "filter" => Source::Filter(inner, closure, depth),
                    _ => Source::Inspect(inner, closure, depth),
                })
            }
            _ => None,
        }
    }

    /// The receiver of an adaptor, if it is an iterator.
    fn chained(&mut self, call: &syn::ExprMethodCall) -> Option<Box<Source>> {
        if is_iterator(&call.receiver) {
            return self.source(&call.receiver).map(Box::new);
        }
        None
    }

    fn plain_adaptor(
        &mut self,
        name: &str,
        inner: Box<Source>,
        call: &syn::ExprMethodCall,
    ) -> Option<Source> {
        match name {
            "rev" => {
                let len = self.length(&inner)?;
                Some(Source::Rev(inner, len))
            }
            "enumerate" => {
                self.positioned(&inner, call)?;
                Some(Source::Enumerate(inner))
            }
            "by_ref" => None,
            _ => Some(Source::Copied(inner)),
        }
    }

    /// Adaptors that count positions cannot come after those that drop items.
    fn positioned(&mut self, source: &Source, call: &syn::ExprMethodCall) -> Option<()> {
        if drops_items(source) {
            self.diagnostics
                .adaptor_after_filter(call.method.span(), &call.method.to_string());
            return None;
        }
        Some(())
    }

    /// The number of positions, as a `usize`.
    pub fn length(&mut self, source: &Source) -> Option<Operand> {
        Some(match source {
            Source::Range { lo, hi, inclusive } => self.range_length(lo, hi, *inclusive),
            Source::Slice { place, .. } | Source::Values(place) => {
                self.temp(Rhs::Len(place.clone()), Ty::Int)
            }
            Source::Chunks {
                place, size, exact, ..
            } => {
                let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
                let (l, s) = (self.mentioned(&len), self.mentioned(size));
                let expr = if *exact {
                    syn::parse_quote!(#l / #s)
                } else {
                    syn::parse_quote!(#l.div_ceil(#s))
                };
                self.cheap(expr, &[&len, size], Ty::Int)
            }
            Source::Windows { place, size } => {
                let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
                let (l, s) = (self.mentioned(&len), self.mentioned(size));
                let expr = syn::parse_quote!((#l + 1).saturating_sub(#s));
                self.cheap(expr, &[&len, size], Ty::Int)
            }
            Source::Repeat(_) => super::constant(syn::parse_quote!(usize::MAX), Ty::Int),
            Source::Rev(_, len) => len.clone(),
            Source::Enumerate(s)
            | Source::Copied(s)
            | Source::Map(s, ..)
            | Source::Filter(s, ..)
            | Source::Inspect(s, ..) => self.length(s)?,
            Source::Zip(a, b) => {
                let (a, b) = (self.length(a)?, self.length(b)?);
                self.smaller(&a, &b)
            }
            Source::Skip(s, n) => {
                let len = self.length(s)?;
                let (l, m) = (self.mentioned(&len), self.mentioned(n));
                let expr = syn::parse_quote!(usize::saturating_sub(#l, #m));
                self.cheap(expr, &[&len, n], Ty::Int)
            }
            Source::Take(s, n) => {
                let len = self.length(s)?;
                self.smaller(&len, n)
            }
            Source::StepBy(s, n) => {
                let len = self.length(s)?;
                let (l, m) = (self.mentioned(&len), self.mentioned(n));
                let expr = syn::parse_quote!(usize::div_ceil(#l, #m));
                self.cheap(expr, &[&len, n], Ty::Int)
            }
            Source::Chain(..) => return None,
        })
    }

    fn smaller(&mut self, a: &Operand, b: &Operand) -> Operand {
        let (x, y) = (self.mentioned(a), self.mentioned(b));
        let expr = syn::parse_quote!(usize::min(#x, #y));
        self.cheap(expr, &[a, b], Ty::Int)
    }

    fn range_length(&mut self, lo: &Operand, hi: &Operand, inclusive: bool) -> Operand {
        let (l, h) = (self.mentioned(lo), self.mentioned(hi));
        let end = if inclusive {
            quote!((#h + 1))
        } else {
            quote!(#h)
        };
        let expr = syn::parse_quote!((::core::cmp::max(#end, #l) - #l) as usize);
        self.cheap(expr, &[lo, hi], Ty::Int)
    }

    fn arithmetic(&mut self, op: Op, a: Operand, b: Operand) -> Operand {
        self.temp(Rhs::Op(op, vec![a, b]), Ty::Int)
    }

    /// Runs `body` with the item at position `k`.
    pub fn item(&mut self, source: &Source, k: Operand, body: Body<'_, 'a>) {
        match source {
            Source::Range { lo, .. } => {
                let (l, at) = (self.mentioned(lo), self.mentioned(&k));
                let expr = syn::parse_quote!(#l + #at as _);
                let item = self.cheap(expr, &[lo, &k], Ty::Int);
                body(self, Value::Operand(item));
            }
            Source::Slice { place, mutable } => {
                let place = place.clone().then(Proj::Index(k));
                let mutable = *mutable;
                body(self, Value::Ref { place, mutable });
            }
            Source::Values(place) => {
                let place = place.clone().then(Proj::Index(k));
                let owned = matches!(self.place_ty(&place), Ty::Vec(_));
                let value = if owned {
                    let mutable = true;
                    Value::Ref { place, mutable }
                } else {
                    Value::Place(place)
                };
                body(self, value);
            }
            Source::Chunks {
                place,
                size,
                exact,
                mutable,
            } => {
                let range = self.chunk(place, size, *exact, k);
                let place = place.clone().then(range);
                let mutable = *mutable;
                body(self, Value::Ref { place, mutable });
            }
            Source::Windows { place, size } => {
                let hi = self.arithmetic(Op::Add, k.clone(), size.clone());
                let range = Proj::Range {
                    lo: Some(k),
                    hi: Some(hi),
                };
                let place = place.clone().then(range);
                let mutable = false;
                body(self, Value::Ref { place, mutable });
            }
            Source::Repeat(value) => body(self, Value::Operand(value.clone())),
            Source::Chain(..) => {}
            adaptor => self.adapted(adaptor, k, body),
        }
    }

    fn chunk(&mut self, place: &Place, size: &Operand, exact: bool, k: Operand) -> Proj {
        let lo = self.arithmetic(Op::Mul, k, size.clone());
        let mut hi = self.arithmetic(Op::Add, lo.clone(), size.clone());
        if !exact {
            let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
            hi = self.smaller(&hi, &len);
        }
        Proj::Range {
            lo: Some(lo),
            hi: Some(hi),
        }
    }

    fn adapted(&mut self, source: &Source, k: Operand, body: Body<'_, 'a>) {
        match source {
            Source::Rev(s, len) => {
                let last = self.arithmetic(Op::Sub, len.clone(), int(1));
                let k = self.arithmetic(Op::Sub, last, k);
                self.item(s, k, body);
            }
            Source::Enumerate(s) => {
                let position = Value::Operand(k.clone());
                self.item(s, k, &mut |lower, item| {
                    body(lower, Value::Tuple(vec![position.clone(), item]));
                });
            }
            Source::Zip(a, b) => self.item(a, k.clone(), &mut |lower, first| {
                lower.item(b, k.clone(), &mut |lower, second| {
                    body(lower, Value::Tuple(vec![first.clone(), second]));
                });
            }),
            Source::Skip(s, n) => {
                let k = self.arithmetic(Op::Add, k, n.clone());
                self.item(s, k, body);
            }
            Source::Take(s, _) => self.item(s, k, body),
            Source::StepBy(s, n) => {
                let k = self.arithmetic(Op::Mul, k, n.clone());
                self.item(s, k, body);
            }
            Source::Copied(s) => self.item(s, k, &mut |lower, item| {
                let item = lower.owned(item);
                body(lower, item);
            }),
            Source::Map(s, closure, depth) => self.item(s, k, &mut |lower, item| {
                let item = lower.apply(closure, *depth, vec![item]);
                body(lower, item);
            }),
            Source::Inspect(s, closure, depth) => self.item(s, k, &mut |lower, item| {
                lower.apply(closure, *depth, vec![item.clone()]);
                body(lower, item);
            }),
            Source::Filter(s, closure, depth) => self.item(s, k, &mut |lower, item| {
                lower.filtered(closure, *depth, item, body);
            }),
            _ => {}
        }
    }

    fn owned(&mut self, item: Value) -> Value {
        match item {
            Value::Ref { place, .. } => Value::Place(self.through(place)),
            Value::Tuple(parts) => Value::Tuple(parts.into_iter().map(|p| self.owned(p)).collect()),
            other => other,
        }
    }

    fn filtered(&mut self, closure: &syn::Expr, depth: usize, item: Value, body: Body<'_, 'a>) {
        let item = match item {
            Value::Rhs(rhs, ty) => self.bind_temp(rhs, ty),
            other => other,
        };
        let keep = self.apply(closure, depth, vec![item.clone()]);
        let cond = self.operand_of(keep);
        let (then, ()) = self.captured(|lower| body(lower, item));
        self.out.push(Stmt::If {
            cond,
            then: Block::new(then),
            els: Block::default(),
        });
    }

    /// Reports what cannot be iterated over.
    pub fn known_source(&mut self, expr: &syn::Expr) -> Option<Source> {
        let reported = self.diagnostics.count();
        let source = self.source(expr);
        if source.is_none() && self.diagnostics.count() == reported {
            self.diagnostics.unknown_iterator(expr.span());
        }
        source
    }
}

/// May some positions have no item?
fn drops_items(source: &Source) -> bool {
    match source {
        Source::Filter(..) | Source::Chain(..) => true,
        Source::Rev(s, _)
        | Source::Enumerate(s)
        | Source::Skip(s, _)
        | Source::Take(s, _)
        | Source::StepBy(s, _)
        | Source::Copied(s)
        | Source::Map(s, ..)
        | Source::Inspect(s, ..) => drops_items(s),
        Source::Zip(a, b) => drops_items(a) || drops_items(b),
        _ => false,
    }
}

/// Is the expression a chain of iterator methods that begins at a known source?
pub fn is_iterator(expr: &syn::Expr) -> bool {
    match peel(expr) {
        syn::Expr::Range(_) => true,
        syn::Expr::MethodCall(call) => {
            let name = call.method.to_string();
            match name.as_str() {
                "iter" | "iter_mut" | "into_iter" => call.args.is_empty(),
                "chunks" | "chunks_exact" | "chunks_mut" | "chunks_exact_mut" | "windows" => {
                    call.args.len() == 1
                }
                "rev" | "enumerate" | "copied" | "cloned" | "skip" | "take" | "step_by" | "zip"
                | "chain" | "map" | "filter" | "inspect" | "by_ref" => is_iterator(&call.receiver),
                _ => false,
            }
        }
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(p) => {
                let text = quote!(#p).to_string();
                text.ends_with("iter :: repeat") || text.ends_with("iter :: once")
            }
            _ => false,
        },
        _ => false,
    }
}
