//! The forward mode: a program and its activity -> the program with a tangent beside each active variable.

use crate::ir::{Block, Function, Operand, TangentOf, VarId};

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
