//! Statements.

use super::expr::Value;
use super::place::peel;
use super::scope::Binding;
use super::{Lower, control};
use crate::ir::{Rhs, Stmt, Ty};
use syn::spanned::Spanned;

impl Lower<'_> {
    /// Lowers a statement.
    pub fn statement(&mut self, stmt: &syn::Stmt) {
        match stmt {
            syn::Stmt::Local(local) => self.local_statement(local),
            syn::Stmt::Item(item) => self.inner_item(item),
            syn::Stmt::Expr(expr, _) => self.effect(expr),
            syn::Stmt::Macro(mac) => {
                let expr = control::macro_expr(mac);
                let value = self.macro_value(&mac.mac, &expr);
                self.drop_value(value);
            }
        }
    }

    /// An expression for its effect.
    pub fn effect(&mut self, expr: &syn::Expr) {
        match peel(expr) {
            syn::Expr::If(_) | syn::Expr::Match(_) => {
                self.branch(expr, &control::Dest::Discard, &[]);
            }
            syn::Expr::Block(b) if b.label.is_none() => {
                self.scopes.push();
                let value = self.block_tail(&b.block.stmts);
                self.drop_value(value);
                self.scopes.pop();
            }
            syn::Expr::Call(call) => self.call_statement(call),
            _ => {
                let value = self.value(expr);
                self.drop_value(value);
            }
        }
    }

    fn drop_value(&mut self, value: Value) {
        if let Value::Rhs(rhs, _) = value {
            self.discard(rhs);
        }
    }

    fn local_statement(&mut self, local: &syn::Local) {
        let Some(init) = &local.init else {
            return self.deferred(local);
        };
        if init.diverge.is_some() {
            self.diagnostics.let_else(local.span());
            return;
        }
        if let (Some(name), syn::Expr::Closure(closure)) = (name(&local.pat), peel(&init.expr)) {
            let seen = Box::new(self.scopes.clone());
            let closure = Binding::Closure(Box::new(closure.clone()), seen);
            self.scopes.bind(name, closure);
            return;
        }
        if let Some(call) = self.tuple_call(&local.pat, &init.expr) {
            return call;
        }
        let value = self.value(&init.expr);
        self.bind_local(local, value);
    }

    /// Binds the pattern of a `let`.
    pub fn bind_local(&mut self, local: &syn::Local, value: Value) {
        self.bind_pattern(&local.pat, value);
    }

    /// `let x;`
    fn deferred(&mut self, local: &syn::Local) {
        let (pat, ty) = match &local.pat {
            syn::Pat::Type(p) => (&*p.pat, Some(&*p.ty)),
            pat => (pat, None),
        };
        if let syn::Pat::Ident(p) = pat {
            let var = self.declare(p, ty, Ty::Unknown);
            self.out.push(Stmt::Declare(var));
        } else {
            self.diagnostics.pattern(local.span());
        }
    }

    /// An item inside the function is written where it stands.
    fn inner_item(&mut self, item: &syn::Item) {
        let name = match item {
            syn::Item::Const(i) => Some(&i.ident),
            syn::Item::Static(i) => Some(&i.ident),
            syn::Item::Fn(i) => Some(&i.sig.ident),
            _ => None,
        };
        if let Some(name) = name {
            self.scopes.bind(name, Binding::Item);
        }
        let expr: syn::Expr = syn::Expr::Verbatim(quote::quote!(#item));
        let inert = self.verbatim(expr, "an item");
        self.out.push(Stmt::Effect(inert));
    }

    /// The value of a `Rhs`, if it is needed as a place.
    pub fn bind_temp(&mut self, rhs: Rhs, ty: Ty) -> Value {
        Value::Operand(self.temp(rhs, ty))
    }
}

fn name(pat: &syn::Pat) -> Option<&proc_macro2::Ident> {
    match pat {
        syn::Pat::Ident(p) => Some(&p.ident),
        syn::Pat::Type(p) => name(&p.pat),
        _ => None,
    }
}
