//! The tangents of statements that change a place.
//!
//! ```text
//! x[i] = v             x_dot[i] = v_dot;  x[i] = v
//! x[i] *= v            let t = x[i];  let t_dot = x_dot[i];  x_dot[i] = t_dot * v + t * v_dot;  x[i] = t * v
//! x.push(v)            x_dot.push(v_dot); x.push(v)
//! ```

use super::Pass;
use crate::ir::{Arg, Op, Operand, Place, Rhs, Stmt};

impl Pass<'_> {
    /// A statement that changes a place: the tangent first, which may read what the primal overwrites.
    pub(super) fn write(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Assign { place, .. } if self.function.is_constant_field(place) => {}
            Stmt::Assign { place, value } if self.active_place(place) => {
                let tangent = self.tangent_or_zero(value);
                let dot = self.dot_place(place);
                self.out.push(Stmt::Assign {
                    place: dot,
                    value: tangent,
                });
            }
            Stmt::Update { op, place, value } if self.active_place(place) => {
                return self.update(*op, place, value);
            }
            Stmt::Push { place, value } if self.active_place(place) => {
                let value = self.tangent_or_zero(value);
                let place = self.dot_place(place);
                self.out.push(Stmt::Push { place, value });
            }
            Stmt::Truncate { place, len } if self.active_place(place) => {
                let place = self.dot_place(place);
                let len = len.clone();
                self.out.push(Stmt::Truncate { place, len });
            }
            Stmt::Swap(a, b) if self.active_place(a) && self.active_place(b) => {
                let (a, b) = (self.dot_place(a), self.dot_place(b));
                self.out.push(Stmt::Swap(a, b));
            }
            _ => {}
        }
        self.out.push(stmt.clone());
    }

    fn update(&mut self, op: Op, place: &Place, value: &Operand) {
        if self.function.adds_in_place(op, place) {
            if let Some(value) = self.tangent(value) {
                let place = self.dot_place(place);
                self.out.push(Stmt::Update { op, place, value });
            }
            let (place, value) = (place.clone(), value.clone());
            self.out.push(Stmt::Update { op, place, value });
            return;
        }
        let ty = self.function.updated_ty(op, place, value);
        let old = self.temp("t", ty.clone());
        let old_dot = self.temp("t", ty.clone());
        let new = self.temp("t", ty.clone());
        let dot_place = self.dot_place(place);
        self.bind(old, Rhs::copy(place.clone(), &ty));
        self.bind(old_dot, Rhs::copy(dot_place.clone(), &ty));
        let args = vec![Operand::Var(old), value.clone()];
        let tangents = [Some(Operand::Var(old_dot)), self.tangent(value)];
        let tangent = if ty.is_scalar() || op == Op::Rem {
            self.bind(new, Rhs::Op(op, args.clone()));
            self.operator(op, &args, &tangents, new, &ty)
        } else {
            let args: Vec<Arg> = args.into_iter().map(Arg::Value).collect();
            let tangents = tangents.map(|t| t.map(Arg::Value));
            let dispatch = Rhs::Dispatch { op, args };
            self.bind(new, dispatch.clone());
            self.dispatch(&dispatch, &tangents, new)
        };
        if let Some(value) = tangent {
            self.out.push(Stmt::Assign {
                place: dot_place,
                value,
            });
        }
        self.out.push(Stmt::Assign {
            place: place.clone(),
            value: Operand::Var(new),
        });
    }
}
