//! Functions as values: parameters that are called, and what is handed to them.
//!
//! ```text
//! fn outer(k: f64) -> f64 {                    fn integrate<F: Fn(f64) -> f64>(f: F, a: f64) -> f64 {
//!     integrate(|x| k * x, 0.5)                    f(a)              call of the parameter f
//! }              the lambda has parameters x, k
//! ```
//!
//! In a derivative program a function is handed on as its derivative: `f::jvp` in forward mode, `f::vjp` in reverse mode, `f::vjp_jvp` at second
//! order, or a closure of that shape. What a closure captures is a parameter of the lambda too, by the same [`VarId`] in both functions.

use crate::analysis::activity::Activity;
use crate::transform::forward::second::Second;

use super::{Adjoint, Function, Inert, Operand, Tangent, VarId};

/// The type of a function that is a parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FnType {
    /// `Fn`, `FnMut`, `FnOnce`
    pub kind: proc_macro2::Ident,
    /// The types of its parameters.
    pub inputs: Vec<syn::Type>,
    /// The type of its result.
    pub output: syn::ReturnType,
}

/// A function as an argument.
#[derive(Clone, Debug)]
pub enum FnArg {
    /// An annotated function, by its path.
    Path(syn::ExprPath),
    /// A parameter that is handed on.
    Param(VarId),
    /// A closure.
    Lambda(Box<Lambda>),
}

/// A closure that is handed to a function.
#[derive(Clone, Debug)]
pub struct Lambda {
    /// Its number in the function that it stands in, lambdas inside lambdas included.
    pub id: usize,
    /// Its own parameters, then what it captures.
    pub function: Function,
    /// How many parameters are its own.
    pub own: usize,
    /// The user's code, for a call that has no derivative.
    pub code: Inert,
    /// Derivative programs only, with what is active.
    pub program: Option<(Program, Activity)>,
}

/// What a lambda is in a derivative program.
#[derive(Clone, Debug)]
pub enum Program {
    /// Value and tangent; for each captured parameter the tangent variable outside.
    Tangent(Tangent, Vec<Option<VarId>>),
    /// Value and pullback; the variable in which the adjoints of what is captured are collected.
    Adjoint(Adjoint, Option<VarId>),
    /// Value, tangent and the pullback of both; for each captured parameter the tangent variable outside; where the adjoints of what is captured
    /// and their tangents are collected.
    Second(Box<Second>, Vec<Option<VarId>>, Option<[VarId; 2]>),
}

impl Lambda {
    /// What it captures.
    pub fn captures(&self) -> impl Iterator<Item = VarId> + '_ {
        self.function.params[self.own..].iter().map(|p| p.var)
    }

    /// What it mentions of the function around.
    pub fn mentions(&self) -> Vec<VarId> {
        let mut all: Vec<VarId> = self.captures().collect();
        match &self.program {
            None => {}
            Some((Program::Tangent(_, dots), _)) => all.extend(dots.iter().flatten()),
            Some((Program::Adjoint(_, environment), _)) => all.extend(environment),
            Some((Program::Second(_, dots, environments), _)) => {
                all.extend(dots.iter().flatten());
                all.extend(environments.iter().flatten());
            }
        }
        all
    }
}

impl FnArg {
    /// What it mentions of the function around.
    pub fn mentions(&self) -> Vec<VarId> {
        match self {
            Self::Path(_) => Vec::new(),
            Self::Param(var) => vec![*var],
            Self::Lambda(lambda) => lambda.mentions(),
        }
    }

    /// Is it a parameter of the function around, or does it capture one?
    pub fn is_given(&self) -> bool {
        match self {
            Self::Path(_) => false,
            Self::Param(..) => true,
            Self::Lambda(lambda) => lambda.function.params[lambda.own..]
                .iter()
                .any(|p| p.function.is_some()),
        }
    }
}

/// The operand that stands for nothing: the tangent of a function.
pub fn nothing() -> Operand {
    Operand::Const(super::Const {
        expr: syn::parse_quote!(()),
        ty: super::Ty::Unit,
    })
}
