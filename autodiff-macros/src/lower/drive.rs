//! Loops over sources.
//!
//! ```text
//! for v in x.iter().filter(|v| **v > 0.0) { s += v }      for k in 0..len x { t = read x[k]; if t > 0.0 { s += t } }
//! ```

use super::build::ExitKind;
use super::option::Optional;
use super::slot::is_literal;
use super::source::Source;
use super::value::{Callable, Value};
use super::{Lower, boolean, int};
use crate::emit::types::Wrapper;
use crate::ir::{Op, Operand, Place, Range, Rhs, Stmt, Ty, VarId, VarKind};

/// What is done with an item.
pub type Body<'b, 'a> = &'b mut dyn FnMut(&mut Lower<'a>, Value);

impl<'a> Lower<'a> {
    /// Runs `body` for each item, in the scope where the loop stands.
    pub fn iterate(&mut self, source: &Source, body: Body<'_, 'a>) {
        let here = self.scopes.clone();
        self.drive(source, &mut |lower, item| {
            let inner = std::mem::replace(&mut lower.scopes, here.clone());
            body(lower, item);
            lower.scopes = inner;
        });
    }

    fn drive(&mut self, source: &Source, body: Body<'_, 'a>) {
        if let Some(range) = direct_range(source) {
            let index = self.fresh("i", Ty::Int, VarKind::Value);
            if self.is_usize(&range.hi) || self.is_usize(&range.lo) {
                self.usizes.insert(index);
            }
            return self.counted(index, range, &mut |lower| {
                body(lower, Value::Operand(Operand::Var(index)));
            });
        }
        match source {
            Source::Map(s, f) => self.drive(s, &mut |lower, item| {
                let item = lower.apply(f, vec![item]);
                if !lower.is_dead() {
                    body(lower, item);
                }
            }),
            source if source.is_counted() => self.drive_counted(source, body),
            Source::InTurn(s) => self.drive(s, body),
            Source::Listed(items) => self.one_by_one(items, body),
            Source::Successors(first, f) => self.successors(first, f, body),
            Source::Drawn(variable) => self.ended(|lower, end| {
                lower.drive(&Source::From(int(0)), &mut |lower, _| {
                    let item = lower.drawn(variable, int(0), true);
                    lower.some_or_exit(item, end, body);
                });
            }),
            Source::Enumerate(s) => self.numbered(s, &mut |lower, k, item| {
                body(lower, Value::Tuple(vec![Value::Operand(k), item]));
            }),
            Source::Copied(s) => self.drive(s, &mut |lower, item| {
                let item = lower.behind(item);
                body(lower, item);
            }),
            Source::Inspect(s, f) => self.drive(s, &mut |lower, item| {
                let item = lower.settled(item);
                let shown = lower.by_reference(item.clone());
                let nothing = lower.apply(f, vec![shown]);
                lower.drop_value(nothing);
                body(lower, item);
            }),
            Source::Chain(a, b) => {
                let claim = self.claim;
                self.drive(a, body);
                self.unless_claimed(claim);
                self.drive(b, body);
            }
            Source::Filter(s, f) => self.drive(s, &mut |lower, item| {
                let item = lower.settled(item);
                let shown = lower.by_reference(item.clone());
                let keep = lower.apply(f, vec![shown]);
                lower.when(keep, &mut |lower| body(lower, item.clone()));
            }),
            Source::FilterMap(s, f) => self.drive(s, &mut |lower, item| {
                let item = lower.apply(f, vec![item]);
                lower.when_some(item, body);
            }),
            Source::Flatten(s, f) => self.flatten(s, f.as_ref(), body),
            Source::Wrapped(value) => self.when_some((**value).clone(), body),
            other => self.drive_partly(other, body),
        }
    }

    /// What follows is not reached where the loop that it is part of was left.
    fn unless_claimed(&mut self, claim: Option<super::build::Target>) {
        if let Some(target) = claim.filter(|t| self.exits.contains(t)) {
            self.guard(&[target].into());
        }
        self.claim = claim;
    }

    fn one_by_one(&mut self, items: &[Value], body: Body<'_, 'a>) {
        self.claim = None;
        for item in items {
            if !self.is_dead() {
                body(self, item.clone());
            }
        }
    }

    /// `successors(first, f)`
    fn successors(&mut self, first: &Value, f: &Callable, body: Body<'_, 'a>) {
        let Optional { some, payload, .. } = self.opened(first.clone(), Some(Wrapper::Option));
        self.claim = None;
        self.when(Value::Operand(some), &mut |lower| {
            let value = lower.payload(payload.clone());
            let cells = lower.cells(value);
            lower.ended(|lower, end| {
                lower.drive(&Source::From(int(0)), &mut |lower, _| {
                    let item = lower.read_cells(&cells);
                    body(lower, item);
                    if lower.is_dead() {
                        return;
                    }
                    let shown = lower.by_reference(cells.clone());
                    let next = lower.apply(f, vec![shown]);
                    lower.some_or_exit(next, end, &mut |lower, next| {
                        lower.write_cells(&cells, next);
                    });
                });
            });
        });
    }

    fn drive_counted(&mut self, source: &Source, body: Body<'_, 'a>) {
        let hi = self.length(source);
        let index = self.fresh("k", Ty::Int, VarKind::Value);
        self.usizes.insert(index);
        let range = Range {
            lo: int(0),
            hi,
            inclusive: false,
            rev: false,
            step: None,
        };
        self.counted(index, range, &mut |lower| {
            let item = lower.item(source, Operand::Var(index));
            if !lower.is_dead() {
                body(lower, item);
            }
        });
    }

    /// Sources that do not always give all of their items.
    fn drive_partly(&mut self, source: &Source, body: Body<'_, 'a>) {
        match source {
            Source::Skip(s, n) => self.numbered(s, &mut |lower, k, item| {
                let keep = Rhs::Op(Op::Ge, vec![k, n.clone()]);
                let keep = Value::Rhs(keep, Ty::Bool);
                lower.when(keep, &mut |lower| body(lower, item.clone()));
            }),
            Source::StepBy(s, n) => self.numbered(s, &mut |lower, k, item| {
                let rest = lower.arithmetic(Op::Rem, k, n.clone());
                let keep = Value::Rhs(Rhs::Op(Op::Eq, vec![rest, int(0)]), Ty::Bool);
                lower.when(keep, &mut |lower| body(lower, item.clone()));
            }),
            Source::Take(s, n) => self.take(s, n, body),
            Source::TakeWhile(s, f) => self.ended(|lower, end| {
                lower.drive(s, &mut |lower, item| {
                    let item = lower.settled(item);
                    let shown = lower.by_reference(item.clone());
                    let go = lower.apply(f, vec![shown]);
                    lower.unless_exit(go, end, &mut |lower| body(lower, item.clone()));
                });
            }),
            Source::MapWhile(s, f) => self.ended(|lower, end| {
                lower.drive(s, &mut |lower, item| {
                    let item = lower.apply(f, vec![item]);
                    lower.some_or_exit(item, end, body);
                });
            }),
            Source::SkipWhile(s, f) => self.skip_while(s, f, body),
            Source::Scan(s, init, f) => self.scan(s, init, f, body),
            Source::Zip(a, b) if b.is_counted() => self.zip(a, b, body),
            Source::Zip(a, b) if a.is_counted() => {
                let len = self.length(a);
                let b = Source::Take(b.clone(), len);
                self.numbered(&b, &mut |lower, k, item| {
                    let first = lower.item(a, k);
                    body(lower, Value::Tuple(vec![first, item]));
                });
            }
            _ => self.diagnostics.uncounted(self.span),
        }
    }

    /// A loop that may end before its source does.
    fn ended(&mut self, f: impl FnOnce(&mut Self, super::build::Target)) {
        self.claim = None;
        self.with_exit(ExitKind::Labelled, None, Ty::Unit, |lower| {
            if let Some(super::build::Control::Exit(exit)) = lower.controls.last() {
                let target = exit.target;
                f(lower, target);
            }
            Value::Unit
        });
    }

    fn unless_exit(
        &mut self,
        go: Value,
        end: super::build::Target,
        body: &mut dyn FnMut(&mut Self),
    ) {
        let cond = self.operand_of(go);
        let then = self.arm(false, |lower| {
            body(lower);
            Value::Unit
        });
        let els = self.arm(false, |lower| {
            lower.exit(end);
            Value::Unit
        });
        self.branch(cond, then, els);
    }

    fn some_or_exit(&mut self, item: Value, end: super::build::Target, body: Body<'_, 'a>) {
        let Optional { some, payload, .. } = self.opened(item, Some(Wrapper::Option));
        self.unless_exit(Value::Operand(some), end, &mut |lower| {
            let value = lower.payload(payload.clone());
            body(lower, value);
        });
    }

    /// Runs `body` where the condition holds.
    pub fn when(&mut self, cond: Value, body: &mut dyn FnMut(&mut Self)) {
        let cond = self.operand_of(cond);
        let then = self.arm(false, |lower| {
            body(lower);
            Value::Unit
        });
        let els = self.region(|_| Value::Unit);
        self.branch(cond, then, els);
    }

    fn when_some(&mut self, item: Value, body: Body<'_, 'a>) {
        match item {
            Value::Unit if self.is_dead() => {}
            item => {
                let Optional { some, payload, .. } = self.opened(item, Some(Wrapper::Option));
                if is_literal(&some, "false") {
                    return;
                }
                self.when(Value::Operand(some), &mut |lower| {
                    let value = lower.payload(payload.clone());
                    body(lower, value);
                });
            }
        }
    }

    fn flatten(&mut self, s: &Source, f: Option<&Callable>, body: Body<'_, 'a>) {
        self.drive(s, &mut |lower, item| {
            let inner = match f {
                Some(f) => lower.apply(f, vec![item]),
                None => item,
            };
            match lower.source_of(inner) {
                Some(inner) => lower.drive(&inner, body),
                None if lower.is_dead() => {}
                None => lower.diagnostics.unknown_iterator(lower.span),
            }
        });
    }

    /// A mutable variable with a first value.
    pub fn variable(&mut self, hint: &str, first: Operand) -> VarId {
        let ty = self.function.operand_ty(&first).clone();
        let var = self.fresh(hint, ty, VarKind::Mutable);
        let rhs = Rhs::Use(first);
        self.out.push(Stmt::Let { var, rhs });
        var
    }

    /// A variable that counts: methods of integers are called on it.
    pub fn counter(&mut self) -> VarId {
        let zero = super::constant(syn::parse_quote!(0_usize), Ty::Int);
        self.variable("n", zero)
    }

    /// The items with their positions, of a source that is not counted.
    fn numbered(&mut self, s: &Source, body: &mut dyn FnMut(&mut Self, Operand, Value)) {
        let count = self.counter();
        self.drive(s, &mut |lower, item| {
            let item = lower.settled(item);
            let k = lower.temp(Rhs::Read(Place::var(count)), Ty::Int);
            lower.add_one(count);
            body(lower, k, item);
        });
    }

    /// `count += 1`
    pub fn add_one(&mut self, count: VarId) {
        self.out.push(Stmt::Update {
            op: Op::Add,
            place: Place::var(count),
            value: int(1),
        });
    }

    fn take(&mut self, s: &Source, n: &Operand, body: Body<'_, 'a>) {
        let any = Value::Rhs(Rhs::Op(Op::Gt, vec![n.clone(), int(0)]), Ty::Bool);
        self.claim = None;
        self.when(any, &mut |lower| {
            lower.ended(|lower, end| {
                lower.numbered(s, &mut |lower, k, item| {
                    body(lower, item);
                    if lower.is_dead() {
                        return;
                    }
                    let taken = lower.arithmetic(Op::Add, k, int(1));
                    let go = Value::Rhs(Rhs::Op(Op::Lt, vec![taken, n.clone()]), Ty::Bool);
                    lower.unless_exit(go, end, &mut |_| {});
                });
            });
        });
    }

    fn zip(&mut self, driven: &Source, counted: &Source, body: Body<'_, 'a>) {
        let len = self.length(counted);
        self.ended(|lower, end| {
            lower.numbered(driven, &mut |lower, k, item| {
                let fits = Value::Rhs(Rhs::Op(Op::Lt, vec![k.clone(), len.clone()]), Ty::Bool);
                lower.unless_exit(fits, end, &mut |lower| {
                    let other = lower.item(counted, k.clone());
                    body(lower, Value::Tuple(vec![item.clone(), other]));
                });
            });
        });
    }

    fn skip_while(&mut self, s: &Source, f: &Callable, body: Body<'_, 'a>) {
        let begun = self.variable("begun", boolean(false));
        let place = Place::var(begun);
        self.drive(s, &mut |lower, item| {
            let item = lower.settled(item);
            let already = lower.temp(Rhs::Read(place.clone()), Ty::Bool);
            let then = lower.region(|_| Value::Unit);
            let els = lower.arm(false, |lower| {
                let shown = lower.by_reference(item.clone());
                let skip = lower.apply(f, vec![shown]);
                let skip = lower.operand_of(skip);
                let value = lower.temp(Rhs::Op(Op::Not, vec![skip]), Ty::Bool);
                let place = place.clone();
                lower.out.push(Stmt::Assign { place, value });
                Value::Unit
            });
            lower.branch(already, then, els);
            let now = lower.temp(Rhs::Read(place.clone()), Ty::Bool);
            lower.when(Value::Operand(now), &mut |lower| body(lower, item.clone()));
        });
    }

    fn scan(&mut self, s: &Source, init: &Value, f: &Callable, body: Body<'_, 'a>) {
        let init = self.operand_of(init.clone());
        let state = Value::Ref {
            place: Place::var(self.variable("state", init)),
            mutable: true,
        };
        self.ended(|lower, end| {
            lower.drive(s, &mut |lower, item| {
                let item = lower.apply(f, vec![state.clone(), item]);
                lower.some_or_exit(item, end, body);
            });
        });
    }
}

/// A range that a counted loop can run over as it is.
fn direct_range(source: &Source) -> Option<Range> {
    match source {
        Source::Range { lo, hi, inclusive } => Some(Range {
            lo: lo.clone(),
            hi: hi.clone(),
            inclusive: *inclusive,
            rev: false,
            step: None,
        }),
        Source::Rev(s, _) => {
            let range = direct_range(s)?;
            (!range.rev && range.step.is_none()).then(|| Range { rev: true, ..range })
        }
        Source::StepBy(s, step) => {
            let range = direct_range(s)?;
            let step = Some(step.clone());
            (range.step.is_none() && !range.inclusive).then(|| Range { step, ..range })
        }
        _ => None,
    }
}
