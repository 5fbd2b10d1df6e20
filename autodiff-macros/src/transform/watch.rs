//! Derivatives that are watched: behind each statement that computes one, a call that says so where it is not finite.
//!
//! ```text
//! let y = sqrt(x)      let t_bar = times(y_bar, sqrt_d0(y));  rt::watch(t_bar, "sqrt", "src/lib.rs:12:5", &[("x", x)])
//! ```

use crate::ir::{Derived, Function, Inert, Op, Operand, Rhs, Stmt, Ty, VarId};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// Watches what `derivative` computes, the derivative statements of `stmt`, where the function asks for it.
pub fn watched(function: &Function, stmt: &Stmt, derivative: Vec<Stmt>) -> Vec<Stmt> {
    let Some((rt, operation)) = function.watch.as_ref().zip(Operation::of(function, stmt)) else {
        return derivative;
    };
    let watch = |stmt: Stmt| {
        let check = computed(function, &stmt).filter(|var| Some(*var) != operation.value);
        let check = check.map(|var| operation.check(function, rt, var));
        std::iter::once(stmt).chain(check).collect::<Vec<_>>()
    };
    derivative.into_iter().flat_map(watch).collect()
}

/// The scalar that a statement computes by a product, a quotient or a slope.
fn computed(function: &Function, stmt: &Stmt) -> Option<VarId> {
    let Stmt::Let { var, rhs } = stmt else {
        return None;
    };
    let scalar = matches!(function.var(*var).ty, Ty::Float(_) | Ty::Unknown);
    let product = matches!(
        rhs,
        Rhs::Op(Op::Mul | Op::Div, _) | Rhs::Derived(Derived::Times(..))
    );
    (scalar && product).then_some(*var)
}

/// An operation of the user's.
struct Operation<'a> {
    name: String,
    span: Span,
    args: Vec<&'a Operand>,
    /// What it binds.
    value: Option<VarId>,
}

impl<'a> Operation<'a> {
    fn of(function: &Function, stmt: &'a Stmt) -> Option<Self> {
        let span = |var: VarId| function.var(var).ident.span();
        Some(match stmt {
            Stmt::Let { var, rhs } => {
                let (name, args) = match rhs {
                    Rhs::Rule { rule, args, .. } => (rule.get().name, args),
                    Rhs::Op(op, args) => (symbol(*op)?, args),
                    _ => return None,
                };
                Self {
                    name: name.to_owned(),
                    span: span(*var),
                    args: args.iter().collect(),
                    value: Some(*var),
                }
            }
            Stmt::Update { op, place, value } => Self {
                name: format!("{}=", symbol(*op)?),
                span: span(place.root),
                args: vec![value],
                value: None,
            },
            _ => return None,
        })
    }

    fn check(&self, function: &Function, rt: &TokenStream, derivative: VarId) -> Stmt {
        let known = |o: &&Operand| matches!(function.operand_ty(o), Ty::Float(_));
        let args = self.args.iter().copied().filter(known);
        let args: Vec<VarId> = args.filter_map(Operand::as_var).collect();
        let name = |var: VarId| &function.var(var).ident;
        let values = args.iter().map(|arg| {
            let (text, arg) = (name(*arg).to_string(), name(*arg));
            quote!((#text, #rt::number(#arg)))
        });
        let (operation, place, watched) = (&self.name, place(self.span), name(derivative));
        let code = quote!(#rt::watch(#watched, #operation, #place, &[#(#values),*]));
        Stmt::Effect(Inert {
            expr: syn::Expr::Verbatim(code),
            uses: args.iter().copied().chain([derivative]).collect(),
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        })
    }
}

fn symbol(op: Op) -> Option<&'static str> {
    match op {
        Op::Mul => Some("*"),
        Op::Div => Some("/"),
        Op::Rem => Some("%"),
        _ => None,
    }
}

/// Where the operation stands in the user's source.
fn place(span: Span) -> String {
    if !proc_macro::is_available() {
        return String::new();
    }
    let span = span.unwrap();
    format!("{}:{}:{}", span.file(), span.line(), span.column())
}
