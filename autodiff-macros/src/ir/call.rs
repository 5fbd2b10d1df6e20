//! Calls of annotated functions.

use super::{FnArg, Operand, Place, VarId};
use crate::case::is_upper;

/// An argument of a call of another annotated function.
#[derive(Clone, Debug)]
pub enum Arg {
    /// By value.
    Value(Operand),
    /// `&place`. A view or reference parameter that is handed on is `&*view`.
    Ref(Place),
    /// `&mut place`.
    RefMut(Place),
    /// A function.
    Function(FnArg),
}

/// A call of a function that is annotated itself (as far as the macro can know).
#[derive(Clone, Debug)]
pub struct Call {
    /// The path as written, with its turbofish; of a method, its name.
    pub path: syn::ExprPath,
    /// How it is called.
    pub kind: CallKind,
    /// The arguments in order; of a method, the receiver first.
    pub args: Vec<Arg>,
    /// The parameter of the function that is called, if it is one.
    pub function: Option<VarId>,
    /// Where the function is defined.
    pub home: Home,
}

/// Where a function is defined, as far as that decides about how its companion is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    /// Where its path leads.
    Path,
    /// Inside of the function that calls it: only there its companion has a name.
    Inside,
    /// Nowhere that the macro sees: it may have no companion.
    Elsewhere,
}

/// How a function is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallKind {
    /// `path(..)`
    Path,
    /// `receiver.method(..)`. Whether the receiver is borrowed or given away only the types tell: [`Arg::Ref`] or [`Arg::RefMut`] stands for it.
    Method,
    /// The same in a derivative program, the receiver being inactive: neither tangent nor adjoint belongs to it.
    Fixed,
    /// A function of the runtime that stands for a method of a matrix. Arguments without derivative pass nothing for it.
    Matrix,
}

/// What a call binds.
#[derive(Clone, Debug)]
pub enum Results {
    /// Nothing is bound: `()` or ignored.
    None,
    /// One variable.
    One(VarId),
    /// A tuple pattern; `None` is `_`.
    Tuple(Vec<Option<VarId>>),
}

impl Call {
    /// Does the function belong to a type? Types are written in upper case, modules in lower case.
    pub fn is_member(&self) -> bool {
        let segments = &self.path.path.segments;
        let owner = segments.iter().rev().nth(1).map(|s| s.ident.to_string());
        let method = matches!(self.kind, CallKind::Method | CallKind::Fixed);
        method || self.path.qself.is_some() || owner.is_some_and(|name| is_upper(&name))
    }

    /// The receiver and the other arguments, if it is a call of a method.
    pub fn receiver(&self) -> Option<(&Arg, &[Arg])> {
        match self.kind {
            CallKind::Path | CallKind::Matrix => None,
            CallKind::Method | CallKind::Fixed => self.args.split_first(),
        }
    }
}
