//! The tangents of what only derivative programs contain. Nearly all of it is linear: the tangent is the same on the tangents.
//!
//! ```text
//! x_bar += v           x_bar_dot += v_dot
//! let t = f'(x)        let t_dot = x_dot * f''(x)
//! push trace (a, i)    push trace (a, i, a_dot)
//! ```

use super::Pass;
use crate::ir::visit::{arg_place, children_mut};
use crate::ir::{
    Aggregate, Arg, Call, CallKind, Cotangent, Derived, DerivedStmt, FnArg, Op, Operand, Place,
    Program, Results, Rhs, Stmt, TangentOf, Ty, VarId, VarKind,
};
use crate::rules::RuleId;

impl Pass<'_> {
    /// The tangent of an expression that is linear in what has a tangent; `None` if it is another, or zero.
    pub(super) fn derived(&mut self, derived: &Derived) -> Option<Derived> {
        Some(match derived {
            Derived::Zero(_) | Derived::ZeroScalar(_) => derived.clone(),
            Derived::Take(p) if self.active_place(p) => Derived::Take(self.dot_place(p)),
            Derived::PopAdjoint(p) if self.active_place(p) => {
                Derived::PopAdjoint(self.dot_place(p))
            }
            Derived::Save(p) if self.active_place(p) => Derived::Save(self.dot_place(p)),
            Derived::SumElements { place, like } if self.active_place(place) => {
                let (place, like) = (self.dot_place(place), like.clone());
                Derived::SumElements { place, like }
            }
            Derived::Replace { place, value } if self.active_place(place) => {
                let value = self.tangent_or_zero(value);
                let place = self.dot_place(place);
                Derived::Replace { place, value }
            }
            Derived::Aggregate(kind, parts) => {
                let parts = parts.iter().map(|p| self.tangent_of_part(p)).collect();
                Derived::Aggregate(kind.clone(), parts)
            }
            Derived::Convert(o) => Derived::Convert(self.tangent(o)?),
            // Zeros as well.
            Derived::Environment(_) => derived.clone(),
            Derived::Collected(e) if self.activity.is_active(*e) => {
                Derived::Collected(self.dot(*e))
            }
            _ => return None,
        })
    }

    fn tangent_of_part(&mut self, part: &TangentOf) -> TangentOf {
        match part {
            TangentOf::Active(o) => self.tangent_of(o),
            TangentOf::Zero(o) => TangentOf::Zero(o.clone()),
        }
    }

    /// What an expression does to tangents although its own is not used.
    pub(super) fn unused(&mut self, derived: &Derived) {
        let stmt = match derived {
            Derived::Take(p) if self.active_place(p) => {
                Stmt::Derived(DerivedStmt::SetZero(self.dot_place(p)))
            }
            Derived::PopAdjoint(p) if self.active_place(p) => {
                Stmt::Derived(DerivedStmt::PopPrimal(self.dot_place(p)))
            }
            Derived::Replace { place, value } if self.active_place(place) => {
                let value = self.tangent_or_zero(value);
                let place = self.dot_place(place);
                Stmt::Assign { place, value }
            }
            _ => return,
        };
        self.out.push(stmt);
    }

    /// The tangent of a partial or of a product with one; `None` if it is zero.
    pub(super) fn derived_scalar(&mut self, derived: &Derived, ty: &Ty) -> Option<Operand> {
        match derived {
            Derived::Partial { rule, arg, args } => self.partial(*rule, *arg, args, ty),
            Derived::Times(a, b, wins) => {
                let wins = Some(*wins);
                let (first, second) = (self.tangent(a), self.tangent(b));
                let first = first.map(|a_dot| self.product(a_dot, b.clone(), wins, ty));
                let second = second.map(|b_dot| self.product(a.clone(), b_dot, wins, ty));
                self.sum(Op::Add, first, second, ty)
            }
            _ => None,
        }
    }

    fn partial(&mut self, rule: RuleId, arg: usize, args: &[Operand], ty: &Ty) -> Option<Operand> {
        let signature = rule.get();
        if signature.flat {
            return None;
        }
        let mut total = None;
        for (read, value) in args.iter().enumerate() {
            let Some(tangent) = self.tangent(value).filter(|_| signature.varies(arg, read)) else {
                continue;
            };
            let second = Rhs::Derived(Derived::SecondPartial {
                rule,
                arg,
                read,
                args: args.to_vec(),
            });
            let slope = self.value(ty.clone(), second);
            let term = self.product(tangent, slope, signature.wins, ty);
            total = self.sum(Op::Add, total, Some(term), ty);
        }
        total
    }

    pub(super) fn derived_stmt(&mut self, stmt: &DerivedStmt) {
        let tangent = match stmt {
            DerivedStmt::CallForward {
                results,
                pullback,
                call,
            } => return self.call_forward(results, *pullback, call),
            DerivedStmt::CallBackward {
                pullback,
                call,
                cotangent,
                adjoints,
            } => return self.call_backward(*pullback, call, cotangent, adjoints),
            DerivedStmt::Accumulate {
                place,
                value,
                negate,
            } if self.active_place(place) => self.tangent(value).map(|value| {
                let (place, negate) = (self.dot_place(place), *negate);
                DerivedStmt::Accumulate {
                    place,
                    value,
                    negate,
                }
            }),
            DerivedStmt::AccumulateShare { place, share } if self.active_place(place) => {
                return self.accumulated_share(place, share);
            }
            DerivedStmt::AccumulatePlace { to, from }
                if self.active_place(to) && self.active_place(from) =>
            {
                let (to, from) = (self.dot_place(to), self.dot_place(from));
                Some(DerivedStmt::AccumulatePlace { to, from })
            }
            DerivedStmt::SetZero(p) if self.active_place(p) => {
                Some(DerivedStmt::SetZero(self.dot_place(p)))
            }
            DerivedStmt::PopPrimal(p) if self.active_place(p) => {
                Some(DerivedStmt::PopPrimal(self.dot_place(p)))
            }
            DerivedStmt::Accumulate { .. }
            | DerivedStmt::AccumulateShare { .. }
            | DerivedStmt::AccumulatePlace { .. }
            | DerivedStmt::SetZero(_)
            | DerivedStmt::PopPrimal(_)
            | DerivedStmt::NewTrace(_)
            | DerivedStmt::Refill { .. }
            | DerivedStmt::TraceReserve { .. } => None,
            DerivedStmt::TracePush { .. }
            | DerivedStmt::TracePop { .. }
            | DerivedStmt::IfRecord { .. }
            | DerivedStmt::MatchRecord { .. }
            | DerivedStmt::Replay { .. }
            | DerivedStmt::ForReverse { .. }
            | DerivedStmt::Parts { .. }
            | DerivedStmt::ForKeeping { .. }
            | DerivedStmt::ForRestoring { .. } => return self.compound(stmt),
            DerivedStmt::CallTangent { .. }
            | DerivedStmt::CallForwardTangent { .. }
            | DerivedStmt::CallBackwardTangent { .. } => {
                unreachable!("the tangent of a tangent is not asked for")
            }
        };
        self.out.extend(tangent.map(Stmt::Derived));
        self.out.push(Stmt::Derived(stmt.clone()));
    }

    /// Blocks and records: with the tangents of what they hold.
    fn compound(&mut self, stmt: &DerivedStmt) {
        let mut stmt = Stmt::Derived(stmt.clone());
        for block in children_mut(&mut stmt) {
            *block = self.block(block);
        }
        if let Stmt::Derived(derived) = &mut stmt {
            for values in recorded_mut(derived) {
                self.with_tangents(values);
            }
        }
        self.out.push(stmt);
    }

    fn with_tangents(&mut self, values: &mut Vec<VarId>) {
        let active = values.iter().filter(|v| self.activity.is_active(**v));
        let active: Vec<VarId> = active.copied().collect();
        values.extend(active.into_iter().map(|v| self.dot(v)));
    }

    pub(super) fn call_forward(&mut self, results: &Results, pullback: VarId, call: &Call) {
        let call = self.with_fixed_receiver(call);
        let fixed = usize::from(call.kind == CallKind::Fixed);
        let args = call.args.iter().skip(fixed);
        let args = args.map(|a| self.tangent_arg(&call, a)).collect();
        let call = self.handing_both(&call);
        let tangents = self.tangent_results(results);
        let stmt = DerivedStmt::CallForwardTangent {
            results: results.clone(),
            tangents,
            pullback,
            call,
            args,
        };
        self.out.push(Stmt::Derived(stmt));
    }

    /// The call with the closures that it is handed in the form that gives tangents and pullbacks.
    fn handing_both(&mut self, call: &Call) -> Call {
        let mut call = call.clone();
        for arg in &mut call.args {
            let Arg::Function(FnArg::Lambda(lambda)) = arg else {
                continue;
            };
            let Some((Program::Adjoint(adjoint, environment), activity)) = &lambda.program else {
                continue;
            };
            let captured = &adjoint.function.params[lambda.own..];
            let dots = captured.iter().map(|p| {
                let place = Place::var(p.var);
                let active = p.active && self.active_place(&place);
                active.then(|| self.captured_dot(&place))
            });
            let dots = dots.collect();
            let environments = environment.map(|e| [e, self.dot(e)]);
            let second = Box::new(super::second::second(adjoint));
            let program = Program::Second(second, dots, environments);
            lambda.program = Some((program, activity.clone()));
        }
        call
    }

    fn call_backward(
        &mut self,
        pullback: VarId,
        call: &Call,
        cotangent: &Cotangent,
        adjoints: &[Place],
    ) {
        let fixed = usize::from(call.kind == CallKind::Fixed);
        let method = call.kind == CallKind::Method;
        let args = call.args.iter().enumerate().skip(fixed);
        let again = args.filter(|(k, a)| arg_place(a).is_some() || method && *k == 0);
        let args: Vec<Arg> = again.map(|(_, a)| self.tangent_arg(call, a)).collect();
        let cotangent_dot = self.cotangent_dot(cotangent);
        let adjoint_dots = adjoints.iter().map(|p| self.adjoint_dot(call, p)).collect();
        let stmt = DerivedStmt::CallBackwardTangent {
            pullback,
            call: call.clone(),
            args,
            cotangent: cotangent.clone(),
            cotangent_dot,
            adjoints: adjoints.to_vec(),
            adjoint_dots,
        };
        self.out.push(Stmt::Derived(stmt));
    }

    fn cotangent_dot(&mut self, cotangent: &Cotangent) -> Cotangent {
        let mut dot = |part: &TangentOf| match part {
            TangentOf::Active(o) => TangentOf::Active(self.tangent_or_zero(o)),
            TangentOf::Zero(o) => TangentOf::Zero(o.clone()),
        };
        match cotangent {
            Cotangent::None => Cotangent::None,
            Cotangent::One(part) => Cotangent::One(dot(part)),
            Cotangent::Tuple(parts) => Cotangent::Tuple(parts.iter().map(dot).collect()),
        }
    }

    /// The tangent of an adjoint that a call changes; that of one without a derivative is made for the call.
    fn adjoint_dot(&mut self, call: &Call, place: &Place) -> Place {
        if self.active_place(place) {
            return self.dot_place(place);
        }
        let ty = self.function.place_ty(place);
        let nothing = ty.is_inert() && !ty.is_matrix();
        let zero = self.temp("zero", Ty::Unknown);
        self.function.vars[zero.0 as usize].kind = VarKind::Mutable;
        if nothing && call.kind == CallKind::Matrix {
            self.bind(zero, Rhs::Derived(Derived::Nothing));
        } else if nothing {
            self.bind(zero, Rhs::Aggregate(Aggregate::Tuple, Vec::new()));
        } else {
            self.zero(zero, place.clone());
        }
        Place::var(zero)
    }
}

/// The lists of what a statement records or takes out of a record.
fn recorded_mut(stmt: &mut DerivedStmt) -> Vec<&mut Vec<VarId>> {
    match stmt {
        DerivedStmt::TracePush { values, .. } | DerivedStmt::TracePop { values, .. } => {
            vec![values]
        }
        DerivedStmt::IfRecord { then, els, .. } => vec![&mut then.1, &mut els.1],
        DerivedStmt::MatchRecord { then, els, .. } => vec![&mut then.0, &mut els.0],
        DerivedStmt::ForKeeping { checkpoint, .. }
        | DerivedStmt::ForRestoring { checkpoint, .. } => vec![&mut checkpoint.values],
        _ => Vec::new(),
    }
}
