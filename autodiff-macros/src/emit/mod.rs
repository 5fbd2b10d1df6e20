//! From the IR to tokens.
//!
//! [`Emitter`] writes blocks, statement by statement; [`companion`] puts them into the functions that users and other annotated functions
//! call. What came from the user keeps its span; names that the compiler made are hygienic.

/// `quote!` whose names are the compiler's own: a user's parameter of the same name is another variable.
macro_rules! hygienic {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

mod batch;
mod bindings;
mod borrows;
pub mod callee;
mod calls;
mod checkpoint;
mod code;
pub mod companion;
mod derived;
pub mod dump;
mod elsewhere;
mod ends;
pub mod foreign;
mod forward;
pub mod functions;
mod gradient;
mod graph;
mod handed;
pub mod inline;
mod jacobian;
pub mod lambda;
mod module;
mod operators;
mod output;
mod parts;
mod places;
mod protocol;
mod rerun;
mod reverse;
mod second;
mod spelled;
mod statements;
mod taylor;
#[cfg(test)]
mod tests;
mod traces;
pub mod types;
mod values;

use crate::analysis::activity::Activity;
use crate::ir::{Block, Function, Operand, Stmt, VarId};
pub use batch::check_lists;
use code::{Code, Prec};
use inline::{Inlined, Plan};
use proc_macro2::{Ident, TokenStream};
use types::Kind;

/// Writes the statements of one function.
pub struct Emitter<'a> {
    /// Its variables.
    pub function: &'a Function,
    /// The path of the runtime's `private` module.
    pub rt: &'a TokenStream,
    /// What is asserted to be a scalar.
    assumed: Option<Assumed<'a>>,
    /// What is written where it is used.
    plan: Option<&'a Plan<'a>>,
    /// That of the block at hand.
    inlined: Option<&'a Inlined<'a>>,
    /// What stands for the tangent of a scalar.
    kind: Kind,
}

/// Values that the transforms take to be scalars, since no type says otherwise: products of matrices have other rules.
#[derive(Clone, Copy)]
pub struct Assumed<'a> {
    /// The primal variables that carry a derivative.
    pub activity: &'a Activity,
    /// From here on variables are those of the transform.
    pub primals: usize,
    /// Are there primal values among them too?
    pub later: bool,
}

impl Assumed<'_> {
    fn has(&self, var: VarId) -> bool {
        self.activity.is_active(var) || (self.later && var.0 as usize >= self.primals)
    }
}

impl<'a> Emitter<'a> {
    /// For the statements of `function`.
    pub fn new(function: &'a Function, rt: &'a TokenStream) -> Self {
        Self {
            function,
            rt,
            assumed: None,
            plan: None,
            inlined: None,
            kind: Kind::Scalar,
        }
    }

    /// With assertions on what is taken to be a scalar.
    #[must_use]
    pub fn assuming(self, assumed: Assumed<'a>) -> Self {
        Self {
            assumed: Some(assumed),
            ..self
        }
    }

    /// With these values written where they are used.
    #[must_use]
    pub fn inlining(self, plan: &'a Plan<'a>) -> Self {
        Self {
            plan: Some(plan),
            ..self
        }
    }

    /// With such tangents.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }
}

impl Emitter<'_> {
    /// The statements of a block, without braces.
    pub fn block(&self, block: &Block) -> TokenStream {
        let inlined = self.plan.and_then(|plan| plan.of(block));
        let inner = Emitter { inlined, ..*self };
        let moved = |var: &VarId| inlined.is_some_and(|vars| vars.contains_key(var));
        let stmts = block.stmts.iter();
        stmts
            .filter(|s| !matches!(s, Stmt::Let { var, .. } if moved(var)))
            .map(|s| inner.stmt(s))
            .collect()
    }

    /// The name of a variable.
    pub fn name(&self, var: VarId) -> &Ident {
        &self.function.var(var).ident
    }

    /// A variable or a constant, to stand anywhere.
    pub fn operand(&self, operand: &Operand) -> TokenStream {
        self.code(operand).at(Prec::Atom)
    }

    /// A variable or a constant, to stand where any expression may.
    pub fn bare(&self, operand: &Operand) -> TokenStream {
        self.code(operand).tokens()
    }

    fn code(&self, operand: &Operand) -> Code {
        match operand {
            Operand::Var(v) => self.variable(*v),
            Operand::Const(c) => Code::user(&c.expr),
        }
    }

    fn variable(&self, var: VarId) -> Code {
        match self.inlined.and_then(|vars| vars.get(&var)) {
            Some(rhs) => self.value(var, rhs),
            None => Code::atom(self.name(var)),
        }
    }

    /// Is the variable one of the function that was transformed?
    fn is_primal(&self, var: VarId) -> bool {
        self.assumed
            .is_some_and(|assumed| (var.0 as usize) < assumed.primals)
    }
}
