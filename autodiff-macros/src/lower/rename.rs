//! Locals in code that is kept, by their unique names: what it uses and what it may write.
//!
//! ```text
//! v.retain_mut(|v| *v > x)      v_2.retain_mut(|v| *v > x)      uses v_2 and x, writes v_2: the parameter is another v
//! ```

use super::Lower;
use super::inert::{is_reading, target};
use super::matrix::is_reading_matrix;
use super::place::peel;
use super::scope::Binding;
use super::value::{Callable, Value};
use crate::ir::{Place, Ty, VarId, VarKind};
use crate::names::mentions;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};

impl Lower<'_> {
    /// Renames the locals in a piece of code: those that it uses, and those that it may write.
    pub fn renamed(&mut self, expr: &mut syn::Expr) -> (BTreeSet<VarId>, BTreeSet<VarId>) {
        let mut rename = Rename {
            lower: self,
            bound: BTreeSet::new(),
            conditional: false,
            uses: BTreeSet::new(),
            writes: BTreeSet::new(),
        };
        rename.visit_expr_mut(expr);
        (rename.uses, rename.writes)
    }
}

struct Rename<'l, 'a> {
    lower: &'l mut Lower<'a>,
    /// Names that the code around has bound itself.
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
            syn::Expr::Field(e) => match self.part_of_factors(e) {
                Some(Value::Place(place)) => {
                    self.writes.insert(place.root);
                }
                _ => self.written(&e.base),
            },
            syn::Expr::Index(e) => self.written(&e.expr),
            syn::Expr::Paren(e) => self.written(&e.expr),
            syn::Expr::Unary(e) => self.written(&e.expr),
            syn::Expr::Reference(e) => self.written(&e.expr),
            syn::Expr::MethodCall(e) => self.written(&e.receiver),
            _ => {}
        }
    }

    /// Is it a method of a matrix?
    fn is_matrix(&self, call: &syn::ExprMethodCall) -> bool {
        let syn::Expr::Path(path) = peel(&call.receiver) else {
            return false;
        };
        match self.binding(path) {
            Some(Binding::Var(var)) => self.lower.function.var(var).ty.peel().is_matrix(),
            Some(Binding::Value(value)) => self.lower.value_ty(&value).peel().is_matrix(),
            _ => false,
        }
    }

    fn note_writes(&mut self, expr: &syn::Expr) {
        match expr {
            syn::Expr::MethodCall(e) if is_reading(&e.method) => {}
            syn::Expr::MethodCall(e) if is_reading_matrix(&e.method) && self.is_matrix(e) => {}
            syn::Expr::MethodCall(e) => self.written(&e.receiver),
            _ => {
                if let Some(target) = target(expr) {
                    self.refuse_moving(target);
                    self.written(target);
                }
            }
        }
    }

    /// Code that is kept cannot make a reference point elsewhere.
    fn refuse_moving(&mut self, target: &syn::Expr) {
        if let syn::Expr::Path(path) = target
            && self.binding(path).is_some()
            && self.lower.is_moving(path)
        {
            self.lower.diagnostics.rebound_reference(path.span());
        }
    }

    fn substitute(&mut self, path: &syn::ExprPath) -> Option<syn::Expr> {
        let value = match self.binding(path)? {
            Binding::Var(v) => match self.lower.local_value(path) {
                Some(value @ Value::Ref { .. }) => value,
                _ => Value::Place(Place::var(v)),
            },
            Binding::Value(value) => value,
            Binding::Option(_) | Binding::Copies(_) | Binding::Moving(_) | Binding::Iter(_) => {
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

    /// `eigen.eigenvalues`: a part of a factorisation.
    fn part_of_factors(&self, field: &syn::ExprField) -> Option<Value> {
        let syn::Expr::Path(path) = peel(&field.base) else {
            return None;
        };
        let (Some(Binding::Value(Value::Record(parts))), syn::Member::Named(name)) =
            (self.binding(path), &field.member)
        else {
            return None;
        };
        let part = parts.into_iter().find(|(part, _)| name == part);
        part.map(|(_, value)| value)
    }

    /// The same in code.
    fn part(&mut self, expr: &syn::Expr) -> Option<syn::Expr> {
        let syn::Expr::Field(field) = expr else {
            return None;
        };
        let part = self.part_of_factors(field)?;
        let (code, uses) = self.lower.code(part);
        self.uses.extend(uses);
        Some(syn::Expr::Verbatim(located(quote!(#code), expr.span())))
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

    /// `inner?` may leave the function: it is taken out of the code, and made before it.
    fn question(&mut self, expr: &syn::Expr) -> Option<syn::Expr> {
        if !matches!(expr, syn::Expr::Try(_)) || self.conditional || !self.bound.is_empty() {
            return None;
        }
        let value = self.lower.operand(expr);
        self.uses.extend(value.as_var());
        Some(self.lower.mentioned(&value))
    }

    /// What patterns bind in there ends with it.
    fn scoped(&mut self, visit: impl FnOnce(&mut Self)) {
        let before = self.bound.clone();
        visit(self);
        self.bound = before;
    }

    fn bind(&mut self, pat: &syn::Pat) {
        let mut names = Bound(&mut self.bound);
        names.visit_pat(pat);
    }

    /// Goes through a part that may not run.
    fn conditionally(&mut self, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.conditional, true);
        visit(self);
        self.conditional = before;
    }

    /// The value of `vec![value; count]`.
    fn first_argument(&mut self, mac: &mut syn::Macro) {
        let rest = |input: syn::parse::ParseStream| {
            let first = input.parse::<syn::Expr>()?;
            Ok((first, input.parse::<TokenStream>()?))
        };
        if let Ok((mut first, rest)) = mac.parse_body_with(rest) {
            self.visit_expr_mut(&mut first);
            mac.tokens = quote!(#first #rest);
        }
    }

    /// `matches!(value, pattern if condition)`
    fn matched(&mut self, mac: &mut syn::Macro) {
        let parts = |input: syn::parse::ParseStream| {
            let value = input.parse::<syn::Expr>()?;
            input.parse::<syn::Token![,]>()?;
            let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = match input.parse::<Option<syn::Token![if]>>()? {
                Some(_) => Some(input.parse::<syn::Expr>()?),
                None => None,
            };
            input.parse::<Option<syn::Token![,]>>()?;
            Ok((value, pat, guard))
        };
        let Ok((mut value, pat, mut guard)) = mac.parse_body_with(parts) else {
            return;
        };
        self.visit_expr_mut(&mut value);
        self.scoped(|s| {
            s.bind(&pat);
            guard.iter_mut().for_each(|guard| s.visit_expr_mut(guard));
        });
        let guard = guard.map(|guard| quote!(if #guard));
        mac.tokens = quote!(#value, #pat #guard);
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
        let before = self.part(expr).or_else(|| self.parameter_call(expr));
        if let Some(result) = before.or_else(|| self.question(expr)) {
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
            | syn::Expr::Loop(_) => {
                self.conditionally(|s| s.scoped(|s| visit_mut::visit_expr_mut(s, expr)));
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        closure.inputs.iter().for_each(|pat| self.bind(pat));
        self.visit_expr_mut(&mut closure.body);
    }

    fn visit_expr_for_loop_mut(&mut self, e: &mut syn::ExprForLoop) {
        self.visit_expr_mut(&mut e.expr);
        self.bind(&e.pat);
        self.visit_block_mut(&mut e.body);
    }

    fn visit_expr_if_mut(&mut self, e: &mut syn::ExprIf) {
        self.scoped(|s| {
            s.visit_expr_mut(&mut e.cond);
            s.visit_block_mut(&mut e.then_branch);
        });
        if let Some((_, otherwise)) = &mut e.else_branch {
            self.visit_expr_mut(otherwise);
        }
    }

    fn visit_expr_let_mut(&mut self, e: &mut syn::ExprLet) {
        self.visit_expr_mut(&mut e.expr);
        self.bind(&e.pat);
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        self.scoped(|s| {
            s.bind(&arm.pat);
            visit_mut::visit_arm_mut(s, arm);
        });
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        self.scoped(|s| visit_mut::visit_block_mut(s, block));
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        if let Some(init) = &mut local.init {
            visit_mut::visit_local_init_mut(self, init);
        }
        self.bind(&local.pat);
    }

    /// An item sees no locals.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        field.colon_token.get_or_insert_default();
        self.visit_expr_mut(&mut field.expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let last = mac.path.segments.last();
        if last.is_some_and(|s| s.ident == "matches") {
            return self.matched(mac);
        }
        match mac.parse_body_with(Arguments::parse_terminated) {
            Ok(arguments) => mac.tokens = self.format_arguments(arguments),
            _ => self.first_argument(mac),
        }
    }
}

/// The same code at another location, so that errors point at the use of a name and not at its declaration.
pub fn located(code: TokenStream, span: Span) -> TokenStream {
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

/// Collects the names that a pattern binds.
struct Bound<'a>(&'a mut BTreeSet<String>);

impl<'ast> Visit<'ast> for Bound<'_> {
    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        self.0.insert(p.ident.to_string());
        syn::visit::visit_pat_ident(self, p);
    }
}
