//! Taylor coefficients of products and quotients whose second operand varies. All else that is no function is linear in them.
//!
//! ```text
//! let y = a * b        let y_dot = mul_both(&a_dot, &a, &b, &b_dot)
//! let y = a / b        let y_dot = div_both(&a_dot, &y, &b, &b_dot)
//! ```

use super::Pass;
use crate::ir::{Arg, Derived, FloatTy, Op, Operand, Rhs, Share, Ty, VarId};

impl Pass<'_> {
    /// The coefficients of `a op b` that is bound to `result`, from those of `a` and of `b`.
    pub fn varying(
        &mut self,
        op: Op,
        [a, b]: [&Arg; 2],
        [da, db]: [Option<Arg>; 2],
        result: VarId,
    ) -> Option<Operand> {
        let (da, db) = match (op, da, db?) {
            (Op::Mul, None, db) => {
                let scaled = self.share("mul_push_right", &[&db, a, b], result);
                return Some(self.copied(scaled, result));
            }
            (_, Some(da), db) => (da, db),
            (_, None, db) => (self.no_coefficients(), db),
        };
        let value = Arg::Value(Operand::Var(result));
        let (function, first) = match op {
            Op::Mul => ("mul_both", a),
            _ => ("div_both", &value),
        };
        let args = [&da, first, b, &db].map(Clone::clone).into();
        let share = Rhs::Derived(Derived::Share(Share { function, args }));
        let ty = self.function.var(result).ty.clone();
        Some(self.value(ty, share))
    }

    fn no_coefficients(&mut self) -> Arg {
        let ty = Ty::Float(FloatTy::Literal);
        let zero = Rhs::Derived(Derived::ZeroScalar(FloatTy::Literal));
        Arg::Value(self.value(ty, zero))
    }
}
