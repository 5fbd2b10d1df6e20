//! Tangents of operators whose operands need not be scalars. Nothing is moved: a tangent that is one of an operand is a copy.
//!
//! ```text
//! let y = dispatch *(&a, b)        let y_dot = mul_push_left(&a_dot, &a, b) + mul_push_right(b_dot, &a, b)
//! ```

use super::Pass;
use crate::ir::{
    Arg, Derived, DerivedStmt, Op, Operand, Place, Rhs, Share, Stmt, Ty, VarId, nothing,
};
use proc_macro2::{Ident, Span};

impl Pass<'_> {
    /// The tangent of an operand as it may be lent; `None` if it is inactive.
    pub fn lent_tangent(&mut self, arg: &Arg) -> Option<Arg> {
        match arg {
            Arg::Value(o) => self.tangent(o).map(Arg::Value),
            Arg::Ref(p) | Arg::RefMut(p) => {
                let active = self.is_read_active(p);
                active.then(|| Arg::Ref(self.dot_place(p)))
            }
            Arg::Function(_) => None,
        }
    }

    /// The tangent of an [`Rhs::Dispatch`] that is bound to `result`; `None` if it is zero.
    pub fn dispatch(
        &mut self,
        rhs: &Rhs,
        tangents: &[Option<Arg>],
        result: VarId,
    ) -> Option<Operand> {
        let Rhs::Dispatch { op, args } = rhs else {
            return None;
        };
        if let (Op::Mul | Op::Div, [a, b], [da, db @ Some(_)]) = (op, args.as_slice(), tangents)
            && self.series
        {
            return self.varying(*op, [a, b], [da.clone(), db.clone()], result);
        }
        if let Some(keep) = self.keeps(*op, args) {
            return self.by_types(keep, args, tangents, result);
        }
        match (op, args.as_slice(), tangents) {
            (Op::Neg, _, [da]) => Some(self.term(Op::Neg, vec![da.clone()?], result)),
            (Op::Add | Op::Sub, _, [da, db]) => {
                let total = self.total(*op, da.clone(), db.clone(), result)?;
                Some(self.copied(total, result))
            }
            (Op::Mul, [a, b], [da, db]) => {
                let first = da.as_ref();
                let first = first.map(|da| self.share("mul_push_left", &[da, a, b], result));
                let second = db.as_ref();
                let second = second.map(|db| self.share("mul_push_right", &[db, a, b], result));
                let total = self.total(Op::Add, first, second, result)?;
                Some(self.copied(total, result))
            }
            (Op::Div, [_, b], [da, db]) => {
                let y = Arg::Value(Operand::Var(result));
                let change = db.as_ref();
                let change = change.map(|db| self.share("mul_push_right", &[db, &y, b], result));
                let numerator = self.total(Op::Sub, da.clone(), change, result)?;
                Some(self.term(Op::Div, vec![numerator, b.clone()], result))
            }
            _ => None,
        }
    }

    /// The function that keeps what the derivative needs of the operands, where their types are not known and it is no product.
    fn keeps(&self, op: Op, args: &[Arg]) -> Option<&'static str> {
        let types = args.iter().map(|a| self.arg_ty(a)).collect::<Vec<_>>();
        let open = types.iter().any(Ty::may_be_users) && !types.iter().any(Ty::is_matrix);
        match op {
            Op::Neg if open => Some("neg_keep"),
            Op::Add if open => Some("add_keep"),
            Op::Sub if open => Some("sub_keep"),
            Op::Div if open => Some("div_keep"),
            _ => None,
        }
    }

    fn arg_ty(&self, arg: &Arg) -> Ty {
        let ty = match arg {
            Arg::Value(o) => self.function.operand_ty(o).clone(),
            Arg::Ref(p) | Arg::RefMut(p) => self.function.place_ty(&self.function.resolve(p)),
            Arg::Function(_) => Ty::Unknown,
        };
        ty.peel().clone()
    }

    /// The tangent of an operator by the types of its operands.
    fn by_types(
        &mut self,
        keep: &'static str,
        args: &[Arg],
        tangents: &[Option<Arg>],
        result: VarId,
    ) -> Option<Operand> {
        let given: Vec<&Arg> = args.iter().collect();
        let kept = &self.share(keep, &given, result);
        let y = &Arg::Value(Operand::Var(result));
        let tangent = match (keep, args, tangents) {
            ("div_keep", [_, b], [da, db]) => {
                let mut term = |function, d: &Option<Arg>| {
                    let d = d.as_ref()?;
                    Some(self.share(function, &[d, kept, y, b], result))
                };
                let first = term("ratio_push_left", da);
                let second = term("ratio_push_right", db);
                self.total(Op::Add, first, second, result)?
            }
            (_, _, [Some(da), Some(db)]) => self.share("linear_push", &[da, db, kept], result),
            (_, _, [Some(da), ..]) => self.share("linear_push_left", &[da, kept], result),
            (_, _, [_, Some(db)]) => self.share("linear_push_right", &[db, kept], result),
            _ => return None,
        };
        Some(self.copied(tangent, result))
    }

    /// The tangent of a share of an adjoint, which is bound to `result`; `None` if it is zero. Where the types are known all of them are linear in
    /// each of what they read but the divisor, and in the factor whose adjoint they are a share of they are constant.
    pub fn share_tangent(&mut self, share: &Share, value: &Arg, result: VarId) -> Option<Operand> {
        if let Some(function) = self.dotted(share) {
            return Some(self.share_by_types(function, share, result));
        }
        let linear: &[usize] = match share.function {
            "mul_left" => &[0, 2],
            "div_left" => &[0],
            _ => &[0, 1],
        };
        let mut total = None;
        for at in linear {
            let tangent = self.lent_tangent(&share.args[*at]);
            let term = tangent.map(|tangent| {
                let mut args = share.args.clone();
                args[*at] = tangent;
                let function = share.function;
                let rhs = Rhs::Derived(Derived::Share(Share { function, args }));
                let ty = self.function.var(result).ty.clone();
                Arg::Value(self.value(ty, rhs))
            });
            total = self.total(Op::Add, total, term, result);
        }
        let divisor = match (share.function, share.args.as_slice()) {
            ("div_left", [_, b]) | ("div_right", [_, _, b]) => Some(b),
            _ => None,
        };
        let change = divisor.and_then(|b| {
            let db = self.lent_tangent(b)?;
            let change = Arg::Value(self.term(Op::Mul, vec![value.clone(), db], result));
            Some(Arg::Value(self.term(
                Op::Div,
                vec![change, b.clone()],
                result,
            )))
        });
        let total = self.total(Op::Sub, total, change, result)?;
        Some(self.copied(total, result))
    }

    /// The function that gives the tangent of a share where the types of the operands decide what that is.
    fn dotted(&self, share: &Share) -> Option<&'static str> {
        let open = |args: &[Arg]| args.iter().any(|a| self.arg_ty(a).may_be_users());
        Some(match share.function {
            "add_keep" => "add_keep_dot",
            "sub_keep" => "sub_keep_dot",
            "neg_keep" => "neg_keep_dot",
            "mul_keep" => "mul_keep_dot",
            "div_keep" => "div_keep_dot",
            "linear_left" => "linear_left_dot",
            "linear_right" => "linear_right_dot",
            "multiple_left" => "multiple_left_dot",
            "multiple_right" => "multiple_right_dot",
            "ratio_left" => "ratio_left_dot",
            "ratio_right" => "ratio_right_dot",
            "mul_left" if open(&share.args[1..]) => "mul_left_dot",
            "mul_right" if open(&share.args[1..]) => "mul_right_dot",
            _ => return None,
        })
    }

    /// What such a function makes of all that the share reads and of the tangents of that.
    fn share_by_types(&mut self, function: &'static str, share: &Share, result: VarId) -> Operand {
        let tangents = share.args.iter().map(|arg| {
            let tangent = self.lent_tangent(arg);
            tangent.unwrap_or_else(|| Arg::Value(nothing()))
        });
        let tangents: Vec<Arg> = tangents.collect();
        let args = share.args.iter().cloned().chain(tangents).collect();
        let ty = self.function.var(result).ty.clone();
        self.value(ty, Rhs::Derived(Derived::Share(Share { function, args })))
    }

    /// `place += share`, and the same of the tangents.
    pub fn accumulated_share(&mut self, place: &Place, share: &Share) {
        let ty = self.function.place_ty(&self.function.resolve(place));
        let var = self.temp("t", ty);
        self.bind(var, Rhs::Derived(Derived::Share(share.clone())));
        let value = Operand::Var(var);
        let tangent = self.share_tangent(share, &Arg::Value(value.clone()), var);
        let negate = false;
        if let Some(value) = tangent {
            let place = self.dot_place(place);
            self.out.push(Stmt::Derived(DerivedStmt::Accumulate {
                place,
                value,
                negate,
            }));
        }
        let place = place.clone();
        self.out.push(Stmt::Derived(DerivedStmt::Accumulate {
            place,
            value,
            negate,
        }));
    }

    fn term(&mut self, op: Op, args: Vec<Arg>, like: VarId) -> Operand {
        let ty = self.function.var(like).ty.clone();
        self.value(ty, Rhs::Dispatch { op, args })
    }

    pub fn share(&mut self, function: &'static str, args: &[&Arg], like: VarId) -> Arg {
        let ty = self.function.var(like).ty.clone();
        let args = args.iter().copied().cloned().collect();
        let rhs = Rhs::Derived(Derived::Share(Share { function, args }));
        Arg::Value(self.value(ty, rhs))
    }

    fn total(&mut self, op: Op, a: Option<Arg>, b: Option<Arg>, like: VarId) -> Option<Arg> {
        match (a, b) {
            (Some(a), Some(b)) => Some(Arg::Value(self.term(op, vec![a, b], like))),
            (None, Some(b)) if op == Op::Sub => Some(Arg::Value(self.term(Op::Neg, vec![b], like))),
            (a, b) => a.or(b),
        }
    }

    /// A value of its own: what was made here, or a copy of an operand's tangent.
    pub fn copied(&mut self, arg: Arg, like: VarId) -> Operand {
        let place = match arg {
            Arg::Value(o) if self.is_fresh(&o) => return o,
            Arg::Value(Operand::Var(v)) => Place::var(v),
            Arg::Value(constant) => return constant,
            Arg::Ref(p) | Arg::RefMut(p) => p,
            Arg::Function(_) => return nothing(),
        };
        let ty = self.function.var(like).ty.clone();
        let method = Ident::new("clone", Span::mixed_site());
        self.value(ty, Rhs::Clone { place, method })
    }

    /// Is it no variable's tangent?
    fn is_fresh(&self, operand: &Operand) -> bool {
        let var = operand.as_var();
        !self.dots.values().any(|dot| Some(*dot) == var)
    }
}
