//! Second order of a function whose derivative is stated by functions: the reverse mode of its `jvp`, which is differentiated itself.
//!
//! ```text
//! forward(x, x_dot)                        let ((value, slope), pullback) = f_jvp::__forward(x, x_dot)
//! reverse(y_bar, y_bar_dot)                f_jvp::__backward(pullback, .., (y_bar_dot, y_bar), x_bar_dot, x_bar)
//! ```
//!
//! The adjoint of `(y, y_dot) = (f(x), J x_dot)` with cotangents `(a, b)` is `J^T a + d<b, J x_dot>/dx` for `x` and `J^T b` for `x_dot`: with
//! `a = y_bar_dot` and `b = y_bar` the tangent of the adjoint `J^T y_bar`, and that itself.

use super::{Program, passed};
use crate::ir::{
    Arg, Call, CallKind, Cotangent, Derived, DerivedStmt, Function, Home, Operand, ParamMode,
    Place, Proj, Results, Rhs, Stmt, TangentOf, Ty, VarId, VarKind,
};
use crate::transform::forward::second::Second;

/// The programs of second order. `function` has parameters and no body.
pub fn second_by_function(function: &Function, jvp: &syn::Path) -> Second {
    let mut program = Program::new(function);
    let tangents = program.beside("dot");
    let call = program.call_of_jvp(jvp, &tangents);
    let inactive = program.scratch();
    let [value, slope, pullback] =
        ["value", "slope", "pullback"].map(|n| program.var(n, Ty::Unknown));
    program.out.push(Stmt::Derived(DerivedStmt::CallForward {
        results: Results::Tuple(vec![Some(value), Some(slope)]),
        pullback,
        call: call.clone(),
    }));
    let forward = crate::ir::Block::new(std::mem::take(&mut program.out));
    let (slots, slot_tangents) = (program.slots(), program.slots());
    let [cotangent, change] = ["cotangent", "cotangent_dot"].map(|n| program.var(n, Ty::Unknown));
    let given = [change, cotangent].map(|v| TangentOf::Active(Operand::Var(v)));
    let behind = |slot: &VarId| Place::var(*slot).then(Proj::Deref);
    let of_primals = slot_tangents.iter().zip(inactive);
    let of_primals = of_primals.map(|(slot, zero)| slot.as_ref().map_or(zero, behind));
    let adjoints = of_primals.chain(slots.iter().flatten().map(behind));
    let adjoints = adjoints.collect();
    program.out.push(Stmt::Derived(DerivedStmt::CallBackward {
        pullback,
        call,
        cotangent: Cotangent::Tuple(given.to_vec()),
        adjoints,
    }));
    Second {
        adjoint: program.adjoint(forward, value, cotangent, slots),
        tangents,
        result_tangent: Some(TangentOf::Active(Operand::Var(slope))),
        cotangent_tangent: Some(change),
        slot_tangents,
    }
}

impl Program {
    fn call_of_jvp(&self, jvp: &syn::Path, tangents: &[Option<VarId>]) -> Call {
        let params = self.function.params.iter();
        let dots = params.clone().zip(tangents);
        let dots = dots.filter_map(|(p, dot)| dot.map(|dot| passed(p.mode, dot)));
        let args: Vec<Arg> = params.map(|p| passed(p.mode, p.var)).chain(dots).collect();
        Call {
            kind: CallKind::Path,
            path: syn::parse_quote!(#jvp),
            args,
            function: None,
            home: Home::Path,
        }
    }

    /// For each parameter an adjoint that nobody reads: what is inactive here may be active in the `jvp`.
    fn scratch(&mut self) -> Vec<Place> {
        let params = self.function.params.clone();
        let places = params.iter().map(|p| {
            let zero = self.var("scratch", Ty::Unknown);
            self.function.vars[zero.0 as usize].kind = VarKind::Mutable;
            let of = match p.mode {
                ParamMode::Value => Place::var(p.var),
                _ => Place::var(p.var).then(Proj::Deref),
            };
            if !p.active {
                let rhs = Rhs::Derived(Derived::Zero(of));
                self.out.push(Stmt::Let { var: zero, rhs });
            }
            Place::var(zero)
        });
        places.collect()
    }
}
