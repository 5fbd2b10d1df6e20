//! Code that is kept as it is, with locals by their unique names.
//!
//! ```text
//! counts.push(n.pow(2))      effect, uses counts and n_2, writes counts: counts.push(n_2.pow(2))
//! ```

use super::Lower;
use super::value::Value;
use crate::case::is_upper;
use crate::diagnostic::advice;
use crate::ir::{Function, Inert, Operand, Place, Rhs, Ty, VarId, VarKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Lower<'_> {
    /// An expression kept verbatim, as a value.
    pub fn inert(&mut self, expr: &syn::Expr, ty: Ty) -> Value {
        let what = describe(expr);
        let mut inert = self.verbatim(expr.clone(), &what);
        inert.cheap = is_constant(expr) && self.are_fixed(&inert.uses);
        Value::Rhs(Rhs::Inert(inert), ty)
    }

    /// Are these without derivative, and do they never change?
    pub fn are_fixed(&self, vars: &[VarId]) -> bool {
        vars.iter().all(|v| {
            let var = self.function.var(*v);
            let exclusive = matches!(var.ty, Ty::Ref(true, _));
            var.ty.is_inert() && !exclusive && matches!(var.kind, VarKind::Value)
        })
    }

    /// A piece of code kept verbatim: what it mentions and may write.
    pub fn verbatim(&mut self, mut expr: syn::Expr, what: &str) -> Inert {
        let (uses, writes) = self.renamed(&mut expr);
        for used in &uses {
            self.nameless.remove(used);
            self.movable.remove(used);
        }
        Inert {
            expr,
            uses: uses.into_iter().collect(),
            writes: writes.into_iter().collect(),
            cheap: false,
            what: what.to_owned(),
        }
    }

    /// An operand as an expression. It keeps its name from there on.
    pub fn mentioned(&mut self, operand: &Operand) -> syn::Expr {
        match operand {
            Operand::Var(v) => {
                self.nameless.remove(v);
                let name = &self.function.var(*v).ident;
                syn::parse_quote!(#name)
            }
            Operand::Const(c) => {
                let expr = &c.expr;
                syn::parse_quote!((#expr))
            }
        }
    }
}

/// Is the code a constant of a number type, like `T::zero()` or `T::from(0.5).unwrap()`?
fn is_constant(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Lit(_) => true,
        syn::Expr::Path(_) => true,
        syn::Expr::Paren(e) => is_constant(&e.expr),
        syn::Expr::Unary(e) => is_constant(&e.expr),
        syn::Expr::Binary(e) => {
            !is_compound(&e.op) && is_constant(&e.left) && is_constant(&e.right)
        }
        syn::Expr::Cast(e) => is_constant(&e.expr),
        syn::Expr::MethodCall(e) => {
            (e.method == "unwrap" || e.method == "into") && is_constant(&e.receiver)
        }
        syn::Expr::Call(e) => is_type_function(&e.func) && e.args.iter().all(is_constant),
        _ => false,
    }
}

/// `T::from`, `F::zero`
fn is_type_function(func: &syn::Expr) -> bool {
    let syn::Expr::Path(path) = func else {
        return false;
    };
    let names = crate::names::of_path(&path.path);
    let [owner, function] = names.as_slice() else {
        return false;
    };
    let upper = is_upper(owner);
    let constants = [
        "zero",
        "one",
        "pi",
        "epsilon",
        "infinity",
        "neg_infinity",
        "nan",
        "max_value",
        "min_value",
        "min_positive_value",
    ];
    let constant = constants.contains(&function.as_str()) || function.starts_with("from");
    upper && constant
}

/// What to call an expression in an error.
pub fn describe(expr: &syn::Expr) -> String {
    match advice::to_blame(expr) {
        syn::Expr::MethodCall(e) => format!("the method `{}`", e.method),
        syn::Expr::Call(e) => {
            let func = &e.func;
            format!("`{}`", quote!(#func)).replace(" :: ", "::")
        }
        syn::Expr::Macro(e) => {
            let path = &e.mac.path;
            format!("the macro `{}!`", quote!(#path))
        }
        syn::Expr::Struct(_) => "a struct literal".to_owned(),
        syn::Expr::Closure(_) => "a closure".to_owned(),
        syn::Expr::Try(_) => "the operator `?`".to_owned(),
        _ => "this expression".to_owned(),
    }
}

/// The name that a chain of fields, indices and methods begins with.
pub fn root(expr: &syn::Expr) -> Option<&syn::ExprPath> {
    match expr {
        syn::Expr::Path(path) => Some(path),
        syn::Expr::Field(e) => root(&e.base),
        syn::Expr::Index(e) => root(&e.expr),
        syn::Expr::Paren(e) => root(&e.expr),
        syn::Expr::Unary(e) => root(&e.expr),
        syn::Expr::Reference(e) => root(&e.expr),
        syn::Expr::MethodCall(e) => root(&e.receiver),
        _ => None,
    }
}

/// What an assignment writes to, or a borrow allows to be written to.
pub fn target(expr: &syn::Expr) -> Option<&syn::Expr> {
    match expr {
        syn::Expr::Assign(e) => Some(&e.left),
        syn::Expr::Binary(e) if is_compound(&e.op) => Some(&e.left),
        syn::Expr::Reference(e) if e.mutability.is_some() => Some(&e.expr),
        _ => None,
    }
}

/// Is it `+=` or the like?
fn is_compound(op: &syn::BinOp) -> bool {
    use syn::BinOp as B;
    matches!(
        op,
        B::AddAssign(_)
            | B::SubAssign(_)
            | B::MulAssign(_)
            | B::DivAssign(_)
            | B::RemAssign(_)
            | B::BitXorAssign(_)
            | B::BitAndAssign(_)
            | B::BitOrAssign(_)
            | B::ShlAssign(_)
            | B::ShrAssign(_)
    )
}

/// Methods that are known to change nothing.
pub fn is_reading(method: &Ident) -> bool {
    const READING: &[&str] = &[
        "len",
        "is_empty",
        "nrows",
        "ncols",
        "shape",
        "capacity",
        "iter",
        "windows",
        "chunks",
        "chunks_exact",
        "get",
        "first",
        "last",
        "clone",
        "to_vec",
        "contains",
        "abs",
        "min",
        "max",
        "pow",
        "is_nan",
        "is_finite",
        "is_infinite",
        "is_sign_negative",
        "is_sign_positive",
        "rem_euclid",
        "wrapping_add",
        "wrapping_sub",
        "wrapping_mul",
        "saturating_sub",
        "saturating_add",
        "checked_sub",
        "checked_add",
        "unwrap",
        "expect",
        "copied",
        "cloned",
        "to_string",
        "as_slice",
        "as_ref",
        "as_str",
        "partial_cmp",
        "total_cmp",
        "cmp",
        "signum",
        "is_some",
        "is_none",
        "unwrap_or",
        "abs_diff",
        "trailing_zeros",
        "leading_zeros",
        "count_ones",
        "is_power_of_two",
        "div_ceil",
        "isqrt",
        "binary_search",
        "starts_with",
    ];
    READING.iter().any(|name| method == name) || method.to_string().starts_with("is_")
}

/// A place as it is written.
pub fn place_tokens(function: &Function, rt: &TokenStream, place: &Place) -> TokenStream {
    crate::emit::Emitter::new(function, rt).place(place)
}
