//! What the transforms make of a function.

use std::collections::BTreeSet;

use super::{Block, Function, Operand, TangentOf, VarId};

/// A program and its tangent.
#[derive(Clone, Debug)]
pub struct Tangent {
    /// Variables, parameters and result; its body is empty.
    pub function: Function,
    /// Primal and tangent statements.
    pub body: Block,
    /// The value of the function.
    pub result: Option<Operand>,
    /// Its tangent.
    pub result_tangent: Option<TangentOf>,
    /// The tangent of each parameter (of reference type where the parameter is); `None` where it is inactive.
    pub tangents: Vec<Option<VarId>>,
}

/// A program's forward and reverse part. All variables of both are in `function.vars`; `function.body` is empty.
#[derive(Clone, Debug)]
pub struct Adjoint {
    /// Variables, parameters and result.
    pub function: Function,
    /// The forward part: the primal, recording.
    pub forward: Block,
    /// The value of the function; for a tuple a variable of tuple type.
    pub result: Option<Operand>,
    /// Binds the adjoint of the result in the reverse part; `None` for `()` and where the result is inactive.
    pub cotangent: Option<VarId>,
    /// The adjoint slot of each parameter, a variable of reference type whose places start with `Deref`; `None` where it is inactive.
    pub slots: Vec<Option<VarId>>,
    /// The reverse part: it may mention the parameters (references passed again, by-value ones owned by the pullback) and
    /// variables of the top level of `forward` (captured).
    pub reverse: Block,
    /// The `&mut` parameters that hold after the reverse part what they held before the forward part.
    pub restored: BTreeSet<VarId>,
    /// Value and gradient in one pass over the data, where that is possible: it has the parameters, the cotangent and the slots.
    pub one_pass: Option<OnePass>,
}

/// A program that computes the value and adds to the adjoint slots.
#[derive(Clone, Debug)]
pub struct OnePass {
    /// Variables and parameters.
    pub function: Function,
    /// The value of the function.
    pub result: Option<Operand>,
    /// The adjoint of the result.
    pub cotangent: Option<VarId>,
    /// All statements.
    pub body: Block,
}
