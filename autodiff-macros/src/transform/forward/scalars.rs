//! Tangents of scalar arithmetic and of functions with rules.
//!
//! ```text
//! let y = a * b        let y_dot = a_dot * b + a * b_dot
//! let y = a / b        let y_dot = (a_dot - y * b_dot) * (1 / b)
//! let y = sin(a)       let y_dot = a_dot * cos(a)
//! ```

use super::Pass;
use crate::ir::{Arg, Derived, FloatTy, Op, Operand, Rhs, Ty, VarId, Wins};
use crate::rules::{self, Reads, RuleId};

impl Pass<'_> {
    pub(super) fn operator(
        &mut self,
        op: Op,
        args: &[Operand],
        tangents: &[Option<Operand>],
        result: VarId,
        ty: &Ty,
    ) -> Option<Operand> {
        match (op, args, tangents) {
            (Op::Neg, _, [a]) => a.clone().map(|a| self.op(Op::Neg, vec![a], ty)),
            (Op::Add, _, [a, b]) => self.sum(Op::Add, a.clone(), b.clone(), ty),
            (Op::Sub, _, [a, b]) => self.sum(Op::Sub, a.clone(), b.clone(), ty),
            (Op::Mul | Op::Div, [a, b], [da, Some(db)]) if self.series => {
                let shown = |o: &Operand| Arg::Value(o.clone());
                let da = da.as_ref().map(shown);
                self.varying(op, [&shown(a), &shown(b)], [da, Some(shown(db))], result)
            }
            (Op::Mul, [a, b], [da, db]) => {
                let first = da.clone();
                let first = first.map(|da| self.op(Op::Mul, vec![da, b.clone()], ty));
                let second = db.clone();
                let second = second.map(|db| self.scaled(a.clone(), db, ty));
                self.sum(Op::Add, first, second, ty)
            }
            (Op::Div, [_, b], [da, db]) => {
                let y = Operand::Var(result);
                let second = db.clone();
                let second = second.map(|db| self.scaled(y, db, ty));
                let numerator = self.sum(Op::Sub, da.clone(), second, ty);
                let numerator = numerator?;
                let Some(reciprocal) = rules::reciprocal(b) else {
                    return Some(self.op(Op::Div, vec![numerator, b.clone()], ty));
                };
                let b_ty = self.function.operand_ty(b).clone();
                let factor = self.value(b_ty, reciprocal);
                Some(self.op(Op::Mul, vec![numerator, factor], ty))
            }
            (Op::Rem, args, tangents) => {
                let rule = rules::find("rem", 2)?;
                self.rule(rule, args, tangents, result, ty)
            }
            _ => None,
        }
    }

    pub(super) fn op(&mut self, op: Op, args: Vec<Operand>, ty: &Ty) -> Operand {
        self.value(ty.clone(), Rhs::Op(op, args))
    }

    /// `factor * tangent`, the tangent first where the scalar is a type parameter: that has no product with several directions at once.
    fn scaled(&mut self, factor: Operand, tangent: Operand, ty: &Ty) -> Operand {
        let args = match ty {
            Ty::Float(FloatTy::Param(_)) | Ty::Unknown => vec![tangent, factor],
            _ => vec![factor, tangent],
        };
        self.op(Op::Mul, args, ty)
    }

    pub(super) fn sum(
        &mut self,
        op: Op,
        a: Option<Operand>,
        b: Option<Operand>,
        ty: &Ty,
    ) -> Option<Operand> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.op(op, vec![a, b], ty)),
            (None, Some(b)) if op == Op::Sub => Some(self.op(Op::Neg, vec![b], ty)),
            (a, b) => a.or(b),
        }
    }

    pub(super) fn rule(
        &mut self,
        rule: RuleId,
        args: &[Operand],
        tangents: &[Option<Operand>],
        result: VarId,
        ty: &Ty,
    ) -> Option<Operand> {
        let signature = rule.get();
        if self.series {
            let varies = tangents.iter().any(Option::is_some);
            let series = Rhs::Derived(Derived::Series {
                rule,
                result: Operand::Var(result),
                args: args.to_vec(),
                tails: tangents.to_vec(),
            });
            return varies.then(|| self.value(ty.clone(), series));
        }
        let mut total = None;
        for (k, (tangent, reads)) in tangents.iter().zip(signature.partials).enumerate() {
            let (Some(tangent), Some(reads)) = (tangent, reads) else {
                continue;
            };
            let read = |r: &Reads| match r {
                Reads::Arg(k) => args[*k].clone(),
                Reads::Result => Operand::Var(result),
            };
            let partial = Rhs::Derived(Derived::Partial {
                rule,
                arg: k,
                args: reads.iter().map(read).collect(),
            });
            let slope = self.value(ty.clone(), partial);
            let untyped = reads.is_empty() && !ty.is_float();
            let wins = signature.wins.or(untyped.then_some(Wins::Seed));
            let term = self.product(tangent.clone(), slope, wins, ty);
            total = self.sum(Op::Add, total, Some(term), ty);
        }
        total
    }

    /// `tangent * slope`; whose zero wins if the other may be infinite.
    pub(super) fn product(
        &mut self,
        tangent: Operand,
        slope: Operand,
        wins: Option<Wins>,
        ty: &Ty,
    ) -> Operand {
        if let Some(wins) = wins {
            let rhs = Rhs::Derived(Derived::Times(tangent, slope, wins));
            return self.value(ty.clone(), rhs);
        }
        self.op(Op::Mul, vec![tangent, slope], ty)
    }
}
