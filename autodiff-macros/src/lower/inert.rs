//! Code that is kept as it is, with locals by their unique names.
//!
//! ```text
//! counts.push(n.pow(2))      effect, uses counts and n_2, writes counts: counts.push(n_2.pow(2))
//! ```

use super::Lower;
use super::scope::Binding;
use super::value::{Callable, Value};
use crate::case::is_upper;
use crate::emit::types::mentions;
use crate::ir::{Function, Inert, Operand, Place, Rhs, Ty, VarId, VarKind};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

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
        let mut bound = Bound::default();
        bound.visit_expr(&expr);
        let mut rename = Rename {
            lower: self,
            bound: bound.0,
            conditional: false,
            uses: BTreeSet::new(),
            writes: BTreeSet::new(),
        };
        rename.visit_expr_mut(&mut expr);
        let (uses, writes) = (rename.uses, rename.writes);
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
    let names: Vec<String> = path
        .path
        .segments
        .iter()
        .map(|s| s.ident.to_string())
        .collect();
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
    match expr {
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

/// The names that patterns inside the code bind itself.
#[derive(Default)]
struct Bound(BTreeSet<String>);

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        self.0.insert(p.ident.to_string());
        syn::visit::visit_pat_ident(self, p);
    }
}

struct Rename<'l, 'a> {
    lower: &'l mut Lower<'a>,
    bound: BTreeSet<String>,
    /// Does it depend on the rest of the code whether this part of it runs?
    conditional: bool,
    uses: BTreeSet<VarId>,
    writes: BTreeSet<VarId>,
}

impl Rename<'_, '_> {
    fn binding(&self, path: &syn::ExprPath) -> Option<Binding> {
        let name = path.path.get_ident()?;
        if self.bound.contains(&name.to_string()) {
            return None;
        }
        self.lower.scopes.get(name).cloned()
    }

    /// The local that an expression would change, if it is one.
    fn written(&mut self, expr: &syn::Expr) {
        match expr {
            syn::Expr::Path(path) => match self.binding(path) {
                Some(Binding::Var(v)) => {
                    let mutable = matches!(self.lower.function.var(v).kind, VarKind::Mutable);
                    let exclusive = matches!(self.lower.function.var(v).ty, Ty::Ref(true, _));
                    if mutable || exclusive {
                        self.writes.insert(v);
                    }
                }
                Some(Binding::Value(Value::Ref {
                    place,
                    mutable: true,
                })) => {
                    let root = self.lower.function.resolve(&place).root;
                    self.writes.insert(root);
                }
                _ => {}
            },
            syn::Expr::Field(e) => self.written(&e.base),
            syn::Expr::Index(e) => self.written(&e.expr),
            syn::Expr::Paren(e) => self.written(&e.expr),
            syn::Expr::Unary(e) => self.written(&e.expr),
            syn::Expr::Reference(e) => self.written(&e.expr),
            syn::Expr::MethodCall(e) => self.written(&e.receiver),
            _ => {}
        }
    }

    fn note_writes(&mut self, expr: &syn::Expr) {
        match expr {
            syn::Expr::MethodCall(e) if !is_reading(&e.method) => self.written(&e.receiver),
            _ => {
                if let Some(target) = target(expr) {
                    self.written(target);
                }
            }
        }
    }

    fn substitute(&mut self, path: &syn::ExprPath) -> Option<syn::Expr> {
        let value = match self.binding(path)? {
            Binding::Var(v) => match self.lower.local_value(path) {
                Some(value @ Value::Ref { .. }) => value,
                _ => Value::Place(Place::var(v)),
            },
            Binding::Value(value) => value,
            Binding::Option(_) | Binding::Copies(_) | Binding::Iter(_) => {
                self.lower.local_value(path)?
            }
            Binding::Item | Binding::Fn(_) => return None,
        };
        let (code, uses) = self.lower.code(value);
        self.uses.extend(uses);
        let code = quote!(#code);
        Some(syn::Expr::Verbatim(located(code, path.span())))
    }

    /// `x.len()` reads a shape and no value: it is taken out of the code.
    fn length(&mut self, expr: &syn::Expr) -> Option<syn::Expr> {
        let syn::Expr::MethodCall(call) = expr else {
            return None;
        };
        let syn::Expr::Path(path) = &*call.receiver else {
            return None;
        };
        if call.method != "len" || !call.args.is_empty() {
            return None;
        }
        self.binding(path)?;
        let value = self.lower.local_value(path)?;
        let (Value::Place(place) | Value::Ref { place, .. }) = value else {
            return None;
        };
        let place = self.lower.through(place);
        self.lower.known_container(&place)?;
        let len = self.lower.len(&place);
        self.uses.extend(len.as_var());
        Some(self.lower.mentioned(&len))
    }

    /// A call of a parameter that is a function, which gives more than its value in a derivative program: made before the code.
    fn parameter_call(&mut self, expr: &syn::Expr) -> Option<syn::Expr> {
        let syn::Expr::Call(call) = expr else {
            return None;
        };
        let syn::Expr::Path(path) = &*call.func else {
            return None;
        };
        let Some(Binding::Value(Value::Fun(Callable::Param(_)))) = self.binding(path) else {
            return None;
        };
        let inside =
            |name: &String| mentions(call.args.to_token_stream(), &format_ident!("{name}"));
        if self.conditional || self.bound.iter().any(inside) {
            return None;
        }
        let result = self.lower.operand(expr);
        self.uses.extend(result.as_var());
        Some(self.lower.mentioned(&result))
    }

    /// Goes through a part that may not run.
    fn conditionally(&mut self, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.conditional, true);
        visit(self);
        self.conditional = before;
    }

    /// The arguments of a macro: expressions, `value; count`, or an expression and a pattern.
    fn arguments(&mut self, mac: &mut syn::Macro) {
        let rest = |input: syn::parse::ParseStream| {
            let first = input.parse::<syn::Expr>()?;
            Ok((first, input.parse::<TokenStream>()?))
        };
        if let Ok((mut first, rest)) = mac.parse_body_with(rest) {
            self.visit_expr_mut(&mut first);
            mac.tokens = quote!(#first #rest);
        }
    }

    fn format_arguments(&mut self, mut arguments: Arguments) -> TokenStream {
        let mut captured = Vec::new();
        for argument in &mut arguments {
            match argument {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => captured.extend(captures(text)),
                syn::Expr::Assign(named) => self.visit_expr_mut(&mut named.right),
                argument => self.visit_expr_mut(argument),
            }
        }
        for name in captured {
            let path = syn::ExprPath {
                attrs: Vec::new(),
                qself: None,
                path: name.clone().into(),
            };
            if let Some(value) = self.substitute(&path) {
                let named: syn::Expr = syn::parse_quote!(#name = #value);
                arguments.push(named);
            }
        }
        quote!(#arguments)
    }
}

type Arguments = syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>;

impl VisitMut for Rename<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        if let Some(len) = self.length(expr) {
            *expr = len;
            return;
        }
        if let Some(result) = self.parameter_call(expr) {
            *expr = result;
            return;
        }
        self.note_writes(expr);
        if let syn::Expr::Path(path) = expr {
            if let Some(renamed) = self.substitute(path) {
                *expr = renamed;
            }
            return;
        }
        match expr {
            syn::Expr::Binary(e) if matches!(e.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) => {
                self.visit_expr_mut(&mut e.left);
                self.conditionally(|s| s.visit_expr_mut(&mut e.right));
            }
            syn::Expr::Closure(_)
            | syn::Expr::If(_)
            | syn::Expr::Match(_)
            | syn::Expr::Block(_)
            | syn::Expr::ForLoop(_)
            | syn::Expr::While(_)
            | syn::Expr::Loop(_) => self.conditionally(|s| syn::visit_mut::visit_expr_mut(s, expr)),
            _ => syn::visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        field.colon_token.get_or_insert_default();
        self.visit_expr_mut(&mut field.expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let pattern = mac
            .path
            .segments
            .last()
            .is_some_and(|s| s.ident == "matches");
        match mac.parse_body_with(Arguments::parse_terminated) {
            Ok(arguments) if !pattern => mac.tokens = self.format_arguments(arguments),
            _ => self.arguments(mac),
        }
    }
}

/// The same code at another location, so that errors point at the use of a name and not at its declaration.
fn located(code: TokenStream, span: Span) -> TokenStream {
    let token = |token: TokenTree| {
        let mut token = match token {
            TokenTree::Group(group) => {
                let inner = located(group.stream(), span);
                TokenTree::Group(Group::new(group.delimiter(), inner))
            }
            other => other,
        };
        token.set_span(token.span().located_at(span));
        token
    };
    code.into_iter().map(token).collect()
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

/// The names that a format string captures: `{x}`, `{x:.3}`.
fn captures(text: &syn::LitStr) -> Vec<Ident> {
    let value = text.value().replace("{{", "");
    let mut names: Vec<Ident> = Vec::new();
    for part in value.split('{').skip(1) {
        let name: String = part
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let starts = name
            .chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_');
        if starts && !names.iter().any(|n| *n == name) {
            names.push(Ident::new(&name, text.span()));
        }
    }
    names
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
