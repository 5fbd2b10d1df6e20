//! The ends of iterator chains: `sum`, `fold`, `collect` and the like, as loops.
//!
//! ```text
//! x.iter().map(|v| v * v).sum::<f64>()      sum = -0.0; for k in 0..len x { t = read x[k]; sum += t * t }
//! ```

use super::build::{Control, ExitKind, Target};
use super::option::{Optional, none, some};
use super::source::Source;
use super::value::{Callable, Value};
use super::wrapper::{Failure, absent, ok};
use super::{Lower, boolean, int};
use crate::emit::types::Wrapper;
use crate::ir::{
    Aggregate, Derived, FloatTy, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind,
};
use syn::spanned::Spanned;

impl Lower<'_> {
    /// The value of a chain; `None` if the method is not known.
    pub fn consumer(&mut self, source: Source, call: &syn::ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let (first, second) = (call.args.first(), call.args.iter().nth(1));
        Some(match (name.as_str(), first, second) {
            ("sum", None, _) => self.accumulated(&source, Op::Add, call),
            ("product", None, _) => self.accumulated(&source, Op::Mul, call),
            ("count", None, _) => self.count(&source),
            ("collect", None, _) => match turbofish(call).map(|ty| self.collected_ty(ty)) {
                Some(Ty::Vec(element)) => self.collect(&source, Some(*element)),
                Some(wrapper @ (Ty::Option(_) | Ty::Result(_))) => {
                    self.collect_wrapped(&source, &wrapper)
                }
                Some(_) if self.only_inert(call) => return None,
                Some(_) => {
                    self.diagnostics.collect_target(call.method.span());
                    super::failed()
                }
                None => self.collect(&source, None),
            },
            ("fold", Some(init), Some(f)) => {
                let init = self.value(init);
                let f = self.callable(f)?;
                self.fold(&source, init, &f)
            }
            ("try_fold", Some(init), Some(f)) => {
                let init = self.value(init);
                let f = self.callable(f)?;
                self.try_fold(&source, init, &f)
            }
            ("try_for_each", Some(f), None) => {
                let f = self.callable(f)?;
                self.try_for_each(&source, &f)
            }
            ("concat", None, _) => self.collect(&Source::Flatten(Box::new(source), None), None),
            ("for_each", Some(f), None) => {
                let f = self.callable(f)?;
                self.for_each(&source, &f);
                Value::Unit
            }
            ("any", Some(f), None) => {
                let f = self.callable(f)?;
                self.any(&source, &f, true)
            }
            ("all", Some(f), None) => {
                let f = self.callable(f)?;
                self.any(&source, &f, false)
            }
            ("reduce", Some(f), None) => {
                let f = self.callable(f)?;
                self.reduce(&source, &f)
            }
            ("max_by" | "min_by" | "max_by_key" | "min_by_key", Some(f), None) => {
                let compare = self.callable(f)?;
                if name.ends_with("_key") {
                    self.only_orders(&compare, f.span());
                }
                self.extreme(&source, &name, Some(&compare))
            }
            ("max" | "min", None, _) => self.extreme(&source, &name, None),
            ("position" | "find" | "find_map", Some(f), None) => {
                let f = self.callable(f)?;
                self.search(&source, &name, &f)
            }
            ("last", None, _) => self.last(&source),
            ("nth", Some(n), None) => {
                let n = self.operand(n);
                self.nth(source, n)
            }
            ("next", None, _) => self.nth(source, int(0)),
            ("len", None, _) if source.is_counted() || matches!(source, Source::Listed(_)) => {
                Value::Operand(self.length(&source))
            }
            ("unzip", None, _) => self.unzip(&source),
            ("partition", Some(f), None) => {
                let f = self.callable(f)?;
                self.partition(&source, &f)
            }
            _ => return None,
        })
    }

    pub fn scalar(&mut self, var: VarId) -> Value {
        let ty = self.function.var(var).ty.clone();
        Value::Operand(self.temp(Rhs::Read(Place::var(var)), ty))
    }

    fn count(&mut self, source: &Source) -> Value {
        if source.is_counted() {
            return Value::Operand(self.length(source));
        }
        let count = self.counter();
        self.iterate(source, &mut |lower, item| {
            lower.drop_value(item);
            lower.add_one(count);
        });
        self.scalar(count)
    }

    /// Where a fold keeps what it has so far: a variable for each part.
    pub fn cells(&mut self, value: Value) -> Value {
        match value {
            Value::Tuple(parts) => Value::Tuple(parts.into_iter().map(|p| self.cells(p)).collect()),
            value => {
                let (rhs, ty) = self.rhs_of(value);
                let var = self.fresh("fold", ty.unless_inert(), VarKind::Mutable);
                self.out.push(Stmt::Let { var, rhs });
                Value::Place(Place::var(var))
            }
        }
    }

    pub fn read_cells(&mut self, cells: &Value) -> Value {
        match cells {
            Value::Tuple(parts) => Value::Tuple(parts.iter().map(|p| self.read_cells(p)).collect()),
            Value::Place(p) if matches!(self.place_ty(p), Ty::Vec(_)) => Value::Ref {
                place: p.clone(),
                mutable: true,
            },
            other => self.settled(other.clone()),
        }
    }

    /// What a fold ends with.
    pub fn final_cells(&mut self, cells: &Value) -> Value {
        match cells {
            Value::Tuple(parts) => {
                Value::Tuple(parts.iter().map(|p| self.final_cells(p)).collect())
            }
            Value::Place(p) if matches!(self.place_ty(p), Ty::Vec(_)) => {
                self.movable.insert(p.root);
                Value::Place(p.clone())
            }
            other => self.settled(other.clone()),
        }
    }

    pub fn write_cells(&mut self, cells: &Value, value: Value) {
        match (cells, value) {
            (Value::Tuple(cells), value) => {
                let parts = self.parts(value, cells.len()).into_iter().zip(cells);
                let parts: Vec<Value> = parts.map(|(p, cell)| self.exchanged(cell, p)).collect();
                for (cell, part) in cells.iter().zip(parts) {
                    self.write_cells(cell, part);
                }
            }
            (Value::Place(place), Value::Ref { place: same, .. } | Value::Place(same))
                if place.root == same.root && same.path.is_empty() => {}
            (Value::Place(place), value) => {
                let value = self.operand_of(value);
                self.learn(place, &value);
                let place = place.clone();
                self.out.push(Stmt::Assign { place, value });
            }
            _ => {}
        }
    }

    /// A part of the next state: a list that comes from another cell is taken out of it.
    fn exchanged(&mut self, cell: &Value, part: Value) -> Value {
        match (cell, part) {
            (Value::Place(own), Value::Ref { place, .. } | Value::Place(place))
                if own.root != place.root && place.path.is_empty() =>
            {
                match self.place_ty(&place) {
                    ty @ Ty::Vec(_) => Value::Operand(self.taken(place, ty)),
                    _ => self.settled(Value::Place(place)),
                }
            }
            (_, part) => self.settled(part),
        }
    }

    pub fn fold(&mut self, source: &Source, init: Value, f: &Callable) -> Value {
        let cells = self.cells(init);
        self.iterate(source, &mut |lower, item| {
            let so_far = lower.read_cells(&cells);
            let next = lower.apply(f, vec![so_far, item]);
            if !lower.is_dead() {
                lower.write_cells(&cells, next);
            }
        });
        self.final_cells(&cells)
    }

    /// A fold that ends at the first `None` or `Err(..)`.
    fn try_fold(&mut self, source: &Source, init: Value, f: &Callable) -> Value {
        let cells = self.cells(init);
        self.until_absent(
            source,
            self.wrapper,
            &mut |lower, item| {
                let so_far = lower.read_cells(&cells);
                lower.apply(f, vec![so_far, item])
            },
            &mut |lower, next| lower.write_cells(&cells, next),
            |lower| lower.final_cells(&cells),
        )
    }

    fn try_for_each(&mut self, source: &Source, f: &Callable) -> Value {
        self.until_absent(
            source,
            self.wrapper,
            &mut |lower, item| lower.apply(f, vec![item]),
            &mut |lower, nothing| lower.drop_value(nothing),
            |_| Value::Unit,
        )
    }

    /// Makes an `Option` or `Result` of each item, and ends with the first that has no value; `keep` gets the values, and `whole` is what there
    /// is after the last. `kind` is what they are where no type says so.
    pub fn until_absent(
        &mut self,
        source: &Source,
        kind: Option<Wrapper>,
        make: &mut dyn FnMut(&mut Self, Value) -> Value,
        keep: &mut dyn FnMut(&mut Self, Value),
        whole: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        self.with_exit(ExitKind::Labelled, None, Ty::Unknown, |lower| {
            let Some(Control::Exit(exit)) = lower.controls.last() else {
                return none();
            };
            let (target, slot) = (exit.target, exit.slot);
            let mut fallible = kind == Some(Wrapper::Result);
            lower.iterate(source, &mut |lower, item| {
                let made = make(lower, item);
                let Optional {
                    some,
                    payload,
                    failure,
                } = lower.opened(made, kind);
                fallible = failure.is_some();
                let then = lower.arm(false, |lower| {
                    let value = lower.payload(payload);
                    keep(lower, value);
                    Value::Unit
                });
                let els = lower.arm(false, |lower| {
                    let failure = failure.map(|f| Failure::Value(lower.failure(f)));
                    lower.deliver(slot, absent(failure));
                    lower.exit(target);
                    Value::Unit
                });
                lower.branch(some, then, els);
            });
            let whole = whole(lower);
            if fallible { ok(whole) } else { some(whole) }
        })
    }

    fn for_each(&mut self, source: &Source, f: &Callable) {
        self.iterate(source, &mut |lower, item| {
            let value = lower.apply(f, vec![item]);
            lower.drop_value(value);
        });
    }

    /// The type that `collect` makes: other lists are `Vec`s in the derivative.
    fn collected_ty(&self, ty: &syn::Type) -> Ty {
        match super::types::list_element(ty) {
            Some(element) => Ty::Vec(Box::new(self.ty(element))),
            None => self.ty(ty),
        }
    }

    /// `collect`, with the type that it is annotated with.
    pub fn collected(
        &mut self,
        call: &syn::ExprMethodCall,
        ty: Option<&syn::Type>,
        whole: &syn::Expr,
    ) -> Value {
        let mark = self.mark();
        let ty = turbofish(call).or(ty);
        let target = ty.map(|ty| self.collected_ty(ty)).unwrap_or_default();
        match (self.value(&call.receiver), &target) {
            (Value::Iter(source), Ty::Vec(element)) => {
                return self.collect(&source, Some((**element).clone()));
            }
            (Value::Iter(source), Ty::Option(_) | Ty::Result(_)) => {
                return self.collect_wrapped(&source, &target);
            }
            // Another name for a `Vec`, or rustc refuses the list.
            (Value::Iter(source), Ty::Unknown) if ty.is_some_and(is_name) => {
                return self.collect(&source, None);
            }
            _ => {}
        }
        if !self.roll_back(mark) {
            self.diagnostics.collect_target(call.method.span());
        }
        if target.is_inert() || target == Ty::Unknown {
            return self.inert(whole, target);
        }
        self.value(whole)
    }

    pub fn collect(&mut self, source: &Source, element: Option<Ty>) -> Value {
        if source.is_counted() && source.is_stored() && self.gives_containers(source) {
            return Value::Iter(Box::new(source.clone()));
        }
        let items = self.list_variable(element);
        self.iterate(source, &mut |lower, item| lower.push_item(items, item));
        Value::Place(Place::var(items))
    }

    /// `collect` into an `Option` or `Result` of a `Vec`: ends with the first item that has no value.
    fn collect_wrapped(&mut self, source: &Source, wrapper: &Ty) -> Value {
        let (kind, inner) = match wrapper {
            Ty::Result(inner) => (Wrapper::Result, inner.element()),
            other => (Wrapper::Option, other.project(&Proj::Wrapped).element()),
        };
        let items = self.list_variable(Some(inner));
        self.until_absent(
            source,
            Some(kind),
            &mut |_, item| item,
            &mut |lower, value| lower.push_item(items, value),
            |_| Value::Place(Place::var(items)),
        )
    }

    /// Are the items references to slices or rows? A list of such stays what it is a list of.
    fn gives_containers(&self, source: &Source) -> bool {
        match source {
            Source::Chunks { mutable, .. } => !mutable,
            Source::Windows { .. } => true,
            Source::Slice { place, mutable } => {
                let element = self.place_ty(place).element();
                !mutable && element.peel().is_aggregate() && !matches!(element, Ty::Tuple(_))
            }
            Source::Rev(s, _)
            | Source::Enumerate(s)
            | Source::Skip(s, _)
            | Source::Take(s, _)
            | Source::StepBy(s, _) => self.gives_containers(s),
            Source::Zip(a, b) => self.gives_containers(a) || self.gives_containers(b),
            _ => false,
        }
    }

    fn list_variable(&mut self, element: Option<Ty>) -> VarId {
        let ty = Ty::Vec(Box::new(element.unwrap_or_default()));
        let var = self.fresh("items", ty, VarKind::Mutable);
        self.movable.insert(var);
        let rhs = Rhs::Aggregate(Aggregate::Vec, Vec::new());
        self.out.push(Stmt::Let { var, rhs });
        var
    }

    fn push_item(&mut self, list: VarId, item: Value) {
        let value = match item {
            Value::Place(place) if matches!(place.path.last(), Some(Proj::Index(_))) => {
                self.element_copy(place)
            }
            item => self.operand_of(item),
        };
        let place = Place::var(list);
        self.learn_element(&place, &value);
        self.out.push(Stmt::Push { place, value });
    }

    fn unzip(&mut self, source: &Source) -> Value {
        let lists = [self.list_variable(None), self.list_variable(None)];
        self.iterate(source, &mut |lower, item| {
            let parts = lower.parts(item, 2);
            for (list, part) in lists.iter().zip(parts) {
                lower.push_item(*list, part);
            }
        });
        Value::Tuple(lists.map(|l| Value::Place(Place::var(l))).into())
    }

    fn partition(&mut self, source: &Source, f: &Callable) -> Value {
        let lists = [self.list_variable(None), self.list_variable(None)];
        self.iterate(source, &mut |lower, item| {
            let item = lower.settled(item);
            let shown = lower.by_reference(item.clone());
            let cond = lower.apply(f, vec![shown]);
            let cond = lower.operand_of(cond);
            let [then, els] = lists.map(|list| {
                lower.arm(false, |lower| {
                    lower.push_item(list, item.clone());
                    Value::Unit
                })
            });
            lower.branch(cond, then, els);
        });
        Value::Tuple(lists.map(|l| Value::Place(Place::var(l))).into())
    }

    /// `any` and `all`.
    fn any(&mut self, source: &Source, f: &Callable, wanted: bool) -> Value {
        let found = self.variable("found", boolean(!wanted));
        self.ending(|lower, end| {
            lower.iterate(source, &mut |lower, item| {
                let hit = lower.apply(f, vec![item]);
                let hit = lower.operand_of(hit);
                let decided = lower.arm(false, |lower| {
                    lower.set(found, boolean(wanted));
                    lower.exit(end);
                    Value::Unit
                });
                let other = lower.region(|_| Value::Unit);
                if wanted {
                    lower.branch(hit, decided, other);
                } else {
                    lower.branch(hit, other, decided);
                }
            });
        });
        self.scalar(found)
    }

    pub fn set(&mut self, var: VarId, value: Operand) {
        let place = Place::var(var);
        self.learn(&place, &value);
        self.out.push(Stmt::Assign { place, value });
    }

    fn ending(&mut self, f: impl FnOnce(&mut Self, Target)) {
        self.with_exit(ExitKind::Labelled, None, Ty::Unit, |lower| {
            if let Some(Control::Exit(exit)) = lower.controls.last() {
                let target = exit.target;
                f(lower, target);
            }
            Value::Unit
        });
    }

    /// An iterator as Rust's own; it has no derivative.
    pub fn iterator_rhs(&mut self, source: &Source) -> (Rhs, Ty) {
        if let Source::Range { lo, hi, inclusive } = source {
            let (l, h) = (self.mentioned(lo), self.mentioned(hi));
            let expr = if *inclusive {
                syn::parse_quote!(#l..=#h)
            } else {
                syn::parse_quote!(#l..#h)
            };
            let operand = self.built(expr, &[lo, hi], Ty::Inert, true);
            return (Rhs::Use(operand), Ty::Inert);
        }
        self.diagnostics.iterator_as_value(self.span);
        (Rhs::Derived(Derived::ZeroScalar(FloatTy::F64)), Ty::Unknown)
    }
}

pub fn turbofish(call: &syn::ExprMethodCall) -> Option<&syn::Type> {
    match call.turbofish.as_ref()?.args.first()? {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// `Rows`, `linear::Rows`: a type without parameters.
fn is_name(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Path(path) => path.path.segments.iter().all(|s| s.arguments.is_none()),
        _ => false,
    }
}
