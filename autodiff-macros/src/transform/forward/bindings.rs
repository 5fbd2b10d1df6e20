//! The tangent of what a variable is bound to.
//!
//! ```text
//! let y = x            let y_dot = x_dot;  let y = x
//! let y = a * b        let y = a * b;      let y_dot = a_dot * b + a * b_dot
//! ```

use super::Pass;
use crate::ir::{
    Aggregate, Arg, Derived, DerivedStmt, Literal, Operand, Place, Rhs, Stmt, Ty, VarId, VarKind,
};
use crate::transform::structs;

impl Pass<'_> {
    pub(super) fn binding(&mut self, var: VarId, rhs: &Rhs) {
        let view = matches!(self.function.var(var).kind, VarKind::View { .. });
        if view || !self.activity.is_active(var) {
            if let Rhs::Derived(derived) = rhs {
                self.unused(derived);
            }
            self.bind(var, rhs.clone());
            return;
        }
        match self.before(rhs) {
            Some(tangent) => {
                let dot = self.dot(var);
                self.bind(dot, tangent);
                self.bind(var, rhs.clone());
            }
            None => {
                self.bind(var, rhs.clone());
                self.after(var, rhs);
            }
        }
    }

    /// Tangents that do not read the result: what is moved here is still there.
    fn before(&mut self, rhs: &Rhs) -> Option<Rhs> {
        Some(match rhs {
            Rhs::Use(o) => Rhs::Use(self.tangent(o)?),
            Rhs::Read(p) if self.is_read_active(p) => Rhs::Read(self.dot_place(p)),
            Rhs::Clone { place, method } if self.is_read_active(place) => Rhs::Clone {
                place: self.dot_place(place),
                method: method.clone(),
            },
            Rhs::Aggregate(Aggregate::Struct(_), _) => return None,
            Rhs::Aggregate(kind, parts) if parts.is_empty() => {
                Rhs::Aggregate(kind.clone(), Vec::new())
            }
            Rhs::Aggregate(kind, parts) => self.aggregate(kind.clone(), parts),
            // Only what the value is used for tells its length.
            Rhs::Repeat { len, .. } if len.is_inferred() => return None,
            Rhs::Repeat { vec, value, len } => Rhs::Repeat {
                vec: *vec,
                value: self.tangent_or_zero(value),
                len: len.clone(),
            },
            Rhs::Cast(o, _) => Rhs::Derived(Derived::Convert(self.tangent(o)?)),
            Rhs::Derived(derived) => Rhs::Derived(self.derived(derived)?),
            _ => return None,
        })
    }

    pub(super) fn aggregate(&mut self, kind: Aggregate, parts: &[Operand]) -> Rhs {
        let parts = parts.iter().map(|p| self.tangent_of(p)).collect();
        Rhs::Derived(Derived::Aggregate(kind, parts))
    }

    /// Tangents that read the result, or are zero.
    fn after(&mut self, var: VarId, rhs: &Rhs) {
        let ty = self.function.var(var).ty.clone();
        let tangent = match rhs {
            Rhs::Aggregate(Aggregate::Struct(literal), parts) => {
                Some(self.structure(var, literal, parts))
            }
            Rhs::Op(op, args) => {
                let tangents: Vec<_> = args.iter().map(|a| self.tangent(a)).collect();
                self.operator(*op, args, &tangents, var, &ty)
            }
            Rhs::Dispatch { args, .. } => {
                let tangents: Vec<_> = args.iter().map(|a| self.lent_tangent(a)).collect();
                self.dispatch(rhs, &tangents, var)
            }
            Rhs::Rule { rule, args, .. } => {
                let tangents: Vec<_> = args.iter().map(|a| self.tangent(a)).collect();
                self.rule(*rule, args, &tangents, var, &ty)
            }
            Rhs::Derived(Derived::Share(share)) => {
                self.share_tangent(share, &Arg::Value(Operand::Var(var)), var)
            }
            Rhs::Derived(derived) => self.derived_scalar(derived, &ty),
            _ => None,
        };
        let dot = self.dot(var);
        match (tangent, ty) {
            (Some(t), _) => self.bind(dot, Rhs::Use(t)),
            (None, Ty::Float(float)) => {
                self.bind(dot, Rhs::Derived(Derived::ZeroScalar(float)));
            }
            (None, _) => self.zero(dot, Place::var(var)),
        }
    }

    /// The tangent of a struct literal.
    pub(super) fn structure(
        &mut self,
        var: VarId,
        literal: &Literal,
        parts: &[Operand],
    ) -> Operand {
        let (values, base) = structs::split(literal, parts);
        let made = self.temp("t", Ty::Unknown);
        self.function.vars[made.0 as usize].kind = VarKind::Mutable;
        let base = base.and_then(|base| self.tangent(base));
        match &base {
            Some(base) => self.bind(made, Rhs::Use(base.clone())),
            None => self.zero(made, Place::var(var)),
        }
        for (place, value) in structs::fields(literal, &Place::var(made))
            .into_iter()
            .zip(values)
        {
            let tangent = self.tangent(value);
            if tangent.is_none() && base.is_none() {
                continue;
            }
            let stmt = match tangent {
                Some(value) => Stmt::Assign { place, value },
                None => Stmt::Derived(DerivedStmt::SetZero(place)),
            };
            self.out.push(stmt);
        }
        Operand::Var(made)
    }
}
