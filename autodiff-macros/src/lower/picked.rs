//! The ends of iterator chains that pick one item, or tell where it is: `find`, `reduce`, `max_by`, `last`, `nth` and the like.
//!
//! Where the items can be counted, what is picked is told by its position; where not, by a flag and a copy of the last that was picked.

use super::build::{Control, ExitKind};
use super::choice::is_no_value;
use super::option::{Payload, none, optional, some};
use super::source::Source;
use super::value::{Callable, Value};
use super::{Lower, boolean, int};
use crate::ir::{Op, Operand, Place, Range, Rhs, Ty, VarId, VarKind};

impl Lower<'_> {
    /// `position`, `find`, `find_map`: leaves with the first that fits.
    pub fn search(&mut self, source: &Source, name: &str, f: &Callable) -> Value {
        let count = (name == "position").then(|| self.counter());
        self.with_exit(ExitKind::Labelled, None, Ty::Unknown, |lower| {
            let Some(Control::Exit(exit)) = lower.controls.last() else {
                return none();
            };
            let (target, slot) = (exit.target, exit.slot);
            lower.iterate(source, &mut |lower, item| {
                let item = lower.settled(item);
                let shown = match name {
                    "find" => lower.by_reference(item.clone()),
                    _ => item.clone(),
                };
                let hit = lower.apply(f, vec![shown]);
                let (cond, found) = match (hit, count) {
                    (Value::Optional(o), _) => (o.some.clone(), Value::Optional(o)),
                    (hit, None) => (lower.operand_of(hit), some(item)),
                    (hit, Some(count)) => {
                        (lower.operand_of(hit), some(Value::Place(Place::var(count))))
                    }
                };
                let then = lower.arm(false, |lower| {
                    let found = lower.settled(found);
                    lower.deliver(slot, found);
                    lower.exit(target);
                    Value::Unit
                });
                let els = lower.region(|_| Value::Unit);
                lower.branch(cond, then, els);
                count.into_iter().for_each(|c| lower.add_one(c));
            });
            none()
        })
    }

    /// `reduce`: the first item, and then a fold over the others.
    pub fn reduce(&mut self, source: &Source, f: &Callable) -> Value {
        if !source.is_counted() || source.is_exclusive() {
            return self.reduce_flagged(source, |lower, so_far, item| {
                lower.apply(f, vec![so_far, item])
            });
        }
        let len = self.length(source);
        let any = self.any_of(&len);
        let reduced = Payload::Reduce(Box::new(source.clone()), len, f.clone());
        self.run_by(f, optional(any, reduced))
    }

    fn any_of(&mut self, len: &Operand) -> Operand {
        self.temp(Rhs::Op(Op::Gt, vec![len.clone(), int(0)]), Ty::Bool)
    }

    /// The value of `reduce` where there is an item.
    pub fn reduced(&mut self, source: &Source, len: Operand, f: &Callable) -> Value {
        let first = self.item(source, int(0));
        if is_no_value(&first) {
            self.diagnostics.chosen_reference(self.span);
        }
        let first = self.behind(first);
        let cells = self.cells(first);
        self.beyond_first(len, &mut |lower, k| {
            let so_far = lower.read_cells(&cells);
            let item = lower.item(source, k);
            let item = lower.behind(item);
            let next = lower.apply(f, vec![so_far, item]);
            lower.write_cells(&cells, next);
        });
        self.final_cells(&cells)
    }

    /// A loop over the positions from the second.
    fn beyond_first(&mut self, len: Operand, body: &mut dyn FnMut(&mut Self, Operand)) {
        let index = self.fresh("k", Ty::Int, VarKind::Value);
        let range = Range {
            lo: int(1),
            hi: len,
            inclusive: false,
            rev: false,
            step: None,
        };
        self.counted(index, range, &mut |lower| body(lower, Operand::Var(index)));
    }

    /// An item that is there after the loop: a copy of it, or the exclusive reference that it is.
    fn kept(&mut self, item: Value) -> Value {
        match is_no_value(&item) {
            true => item,
            false => {
                let item = self.behind(item);
                self.settled(item)
            }
        }
    }

    fn reduce_flagged(
        &mut self,
        source: &Source,
        mut combine: impl FnMut(&mut Self, Value, Value) -> Value,
    ) -> Value {
        let begun = self.variable("begun", boolean(false));
        let best = self.new_slot(Ty::Unknown);
        let (stmts, ()) = self.captured(|lower| {
            lower.iterate(source, &mut |lower, item| {
                let item = lower.kept(item);
                let already = lower.temp(Rhs::Read(Place::var(begun)), Ty::Bool);
                let shape = lower.region(|lower| {
                    lower.deliver(best, item.clone());
                    Value::Unit
                });
                lower.mutable_slot(best);
                let then = lower.arm(false, |lower| {
                    let so_far = lower.slot_value(best);
                    let next = combine(lower, so_far, item.clone());
                    let next = lower.settled(next);
                    lower.deliver(best, next);
                    Value::Unit
                });
                lower.branch(already, then, shape);
                lower.set(begun, boolean(true));
            });
        });
        self.declare_slot(best, &stmts);
        self.out.extend(stmts);
        let Value::Operand(any) = self.scalar(begun) else {
            return none();
        };
        let value = self.slot_value(best);
        optional(any, Payload::Value(value))
    }

    /// `max_by`, `min_by` and their relatives.
    pub fn extreme(&mut self, source: &Source, name: &str, f: Option<&Callable>) -> Value {
        if source.is_counted() && source.is_stored() {
            return self.extreme_position(source, name, f);
        }
        self.reduce_flagged(source, |lower, best, item| {
            let replace = lower.replaces(name, f, best.clone(), item.clone());
            let then = lower.region(|_| item);
            let els = lower.region(|_| best);
            lower.branch(replace, then, els)
        })
    }

    /// The position of the best item of what is stored anyway.
    fn extreme_position(&mut self, source: &Source, name: &str, f: Option<&Callable>) -> Value {
        let len = self.length(source);
        let any = self.any_of(&len);
        let best = self.variable("best", int(0));
        self.beyond_first(len, &mut |lower, k| {
            let at = lower.temp(Rhs::Read(Place::var(best)), Ty::Int);
            let so_far = lower.item(source, at);
            let item = lower.item(source, k.clone());
            let replace = lower.replaces(name, f, so_far, item);
            let then = lower.region(|lower| {
                lower.set(best, k.clone());
                Value::Unit
            });
            let els = lower.region(|_| Value::Unit);
            lower.branch(replace, then, els);
        });
        let at = self.temp(Rhs::Read(Place::var(best)), Ty::Int);
        let item = self.item(source, at);
        optional(any, Payload::Value(item))
    }

    /// Is `item` taken instead of `best`? The last of several greatest, the first of several least.
    fn replaces(&mut self, name: &str, f: Option<&Callable>, best: Value, item: Value) -> Operand {
        let order = match f {
            Some(f) if !name.ends_with("_key") => {
                let (best, item) = (self.by_reference(best), self.by_reference(item));
                let order = self.apply(f, vec![best, item]);
                let order = self.operand_of(order);
                self.mentioned_with(&order)
            }
            Some(f) => {
                let (best, item) = (self.by_reference(best), self.by_reference(item));
                let (a, b) = (self.apply(f, vec![best]), self.apply(f, vec![item]));
                self.compared(a, b)
            }
            None => self.compared(best, item),
        };
        let (order, uses) = order;
        let greater = quote::quote!(::core::cmp::Ordering::Greater);
        let expr = if name.starts_with("max") {
            syn::parse_quote!(#order != #greater)
        } else {
            syn::parse_quote!(#order == #greater)
        };
        let uses: Vec<Operand> = uses.into_iter().map(Operand::Var).collect();
        self.built(expr, &uses.iter().collect::<Vec<_>>(), Ty::Bool, true)
    }

    fn mentioned_with(&mut self, operand: &Operand) -> (syn::Expr, Vec<VarId>) {
        (
            self.mentioned(operand),
            operand.as_var().into_iter().collect(),
        )
    }

    fn compared(&mut self, a: Value, b: Value) -> (syn::Expr, Vec<VarId>) {
        let (a, b) = (self.behind(a), self.behind(b));
        let (a, b) = (self.operand_of(a), self.operand_of(b));
        let uses = a.as_var().into_iter().chain(b.as_var()).collect();
        let (a, b) = (self.mentioned(&a), self.mentioned(&b));
        (syn::parse_quote!(::core::cmp::Ord::cmp(&#a, &#b)), uses)
    }

    pub fn last(&mut self, source: &Source) -> Value {
        if !source.is_counted() {
            return self.reduce_flagged(source, |_, _, item| item);
        }
        let len = self.length(source);
        let any = self.any_of(&len);
        optional(any, Payload::LastOf(Box::new(source.clone()), len))
    }

    pub fn nth(&mut self, source: Source, n: Operand) -> Value {
        if source.is_counted() {
            let len = self.length(&source);
            let any = self.temp(Rhs::Op(Op::Lt, vec![n.clone(), len]), Ty::Bool);
            return optional(any, Payload::At(Box::new(source), n));
        }
        let others = Source::Skip(Box::new(source), n);
        let first = Source::Take(Box::new(others), int(1));
        self.reduce_flagged(&first, |_, _, item| item)
    }
}
