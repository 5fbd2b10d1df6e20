//! The forward mode of the reverse mode: a program's two parts -> the two parts with a tangent beside each active variable.
//!
//! ```text
//! reverse(y_bar, x_bar)           reverse(y_bar, x_bar, y_bar_dot, x_bar_dot)
//!     t_bar = y_bar * cos(t)          t_bar = y_bar * cos(t)
//!                                     t_bar_dot = y_bar_dot * cos(t) + y_bar * (t_dot * -sin(t))
//! ```
//!
//! With `y_bar = 1` and `y_bar_dot = 0`, what is accumulated into `x_bar_dot` is the Hessian times `x_dot`. Memory is that of the reverse
//! mode twice: whatever it records, the tangent is recorded with it. The loops of both are improved as those of the first order.

use super::Pass;
use crate::analysis::activity;
use crate::ir::{TangentOf, VarId};
use crate::transform::adjoint::{Adjoint, loops};

/// The two parts of the reverse mode and their tangents.
#[derive(Clone, Debug)]
pub struct Second {
    /// Both parts; all variables are in its `function.vars`.
    pub adjoint: Adjoint,
    /// The tangent of each parameter; `None` where it is inactive.
    pub tangents: Vec<Option<VarId>>,
    /// The tangent of the value.
    pub result_tangent: Option<TangentOf>,
    /// Binds the tangent of the cotangent.
    pub cotangent_tangent: Option<VarId>,
    /// The tangent of each adjoint slot.
    pub slot_tangents: Vec<Option<VarId>>,
}

/// Transforms both parts.
pub fn second(adjoint: &Adjoint) -> Second {
    let activity = activity::of_adjoint(adjoint);
    let mut adjoint = adjoint.clone();
    adjoint.one_pass = None;
    // What puts back a value need not put back its tangent.
    adjoint.function.asked.clear();
    let mut pass = Pass::new(adjoint.function, &activity);
    pass.second = true;
    let (tangents, start) = pass.params();
    let mut forward = pass.block(&adjoint.forward);
    forward.stmts.splice(0..0, start);
    let result_tangent = adjoint.result.as_ref().map(|r| pass.tangent_of(r));
    let mut given = |v: VarId| activity.is_active(v).then(|| pass.dot(v));
    let cotangent_tangent = adjoint.cotangent.and_then(&mut given);
    let slots = adjoint.slots.iter();
    let slot_tangents = slots.map(|slot| slot.and_then(&mut given)).collect();
    adjoint.reverse = pass.block(&adjoint.reverse);
    adjoint.forward = forward;
    adjoint.function = pass.function;
    let mut parts = [&mut adjoint.forward, &mut adjoint.reverse];
    loops::improved(&mut adjoint.function, &mut parts);
    loops::buffers::kept(&mut adjoint.function, &mut parts, true);
    Second {
        adjoint,
        tangents,
        result_tangent,
        cotangent_tangent,
        slot_tangents,
    }
}
