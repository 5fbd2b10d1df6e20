//! Derivatives that are watched: behind each statement that computes one, a call that says so where it is not finite.
//!
//! ```text
//! let y = sqrt(x)      let t_bar = times(y_bar, sqrt_d0(y));  rt::watch(t_bar, "sqrt", "src/lib.rs:12:5", &[("x", x)])
//! ```
//!
//! A value that is NaN makes every derivative after it NaN, in the reverse sweep those of the operations behind it first: the operation that
//! made it is named when it does.

use crate::ir::{Derived, Function, Inert, Op, Operand, Rhs, Stmt, Ty, VarId};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// Watches what `derivative` computes, the derivative statements of `stmt`, where the function asks for it.
pub fn watched(function: &Function, stmt: &Stmt, derivative: Vec<Stmt>) -> Vec<Stmt> {
    let Some((rt, operation)) = function.watch.as_ref().zip(Operation::of(function, stmt)) else {
        return derivative;
    };
    let active = derivative.len() > 1;
    let watch = |stmt: Stmt| {
        let own = matches!(&stmt, Stmt::Let { var, .. } if Some(*var) == operation.value);
        let check = match computed(function, &stmt).filter(|_| !own) {
            Some(var) => Some(operation.check(function, rt, "watch", var)),
            None if own && active => operation.check_value(function, rt),
            None => None,
        };
        std::iter::once(stmt).chain(check).collect::<Vec<_>>()
    };
    derivative.into_iter().flat_map(watch).collect()
}

/// Watches what `stmt` itself computes, in the forward part, where it has a derivative.
pub fn watched_value(function: &Function, stmt: &Stmt, mut fwd: Vec<Stmt>) -> Vec<Stmt> {
    let operation = function.watch.as_ref().zip(Operation::of(function, stmt));
    let check = operation.and_then(|(rt, operation)| operation.check_value(function, rt));
    fwd.extend(check);
    fwd
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

    /// A check of the value, if it is a number made of numbers that are all looked at.
    fn check_value(&self, function: &Function, rt: &TokenStream) -> Option<Stmt> {
        let float = |ty: &Ty| matches!(ty, Ty::Float(_));
        let known =
            |o: &&Operand| o.as_var().is_none() || !matches!(function.operand_ty(o), Ty::Unknown);
        let value = self.value.filter(|var| float(&function.var(*var).ty))?;
        let told = self.args.iter().all(known);
        told.then(|| self.check(function, rt, "watch_value", value))
    }

    fn check(&self, function: &Function, rt: &TokenStream, with: &str, watched: VarId) -> Stmt {
        let with = quote::format_ident!("{with}");
        let known = |o: &&Operand| matches!(function.operand_ty(o), Ty::Float(_));
        let args = self.args.iter().copied().filter(known);
        let args: Vec<VarId> = args.filter_map(Operand::as_var).collect();
        let name = |var: VarId| &function.var(var).ident;
        let values = args.iter().map(|arg| {
            let (text, arg) = (name(*arg).to_string(), name(*arg));
            quote!((#text, #rt::number(#arg)))
        });
        let (operation, place, number) = (&self.name, place(self.span), name(watched));
        let code = quote!(#rt::#with(#number, #operation, #place, &[#(#values),*]));
        Stmt::Effect(Inert {
            expr: syn::Expr::Verbatim(code),
            uses: args.iter().copied().chain([watched]).collect(),
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        })
    }
}

fn symbol(op: Op) -> Option<&'static str> {
    match op {
        Op::Add => Some("+"),
        Op::Sub => Some("-"),
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
