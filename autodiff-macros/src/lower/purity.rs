//! Does calling a closure, or an expression, change something outside it? Then each of its calls counts, and their order.
//!
//! ```text
//! x.iter().map(|v| { sum += v; sum }).skip(1)      the first item is made too, though nobody sees it
//! ```

use super::Lower;
use super::place::peel;
use super::scope::{Binding, Scopes};
use super::value::{Callable, Value};
use crate::ir::{Arg, Place, Rhs, Ty, VarId, VarKind};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};

impl Lower<'_> {
    /// Does a call leave everything as it is?
    pub fn is_pure(&self, f: &Callable) -> bool {
        self.leaves(f, None)
    }

    /// Does it leave the variable as it is, or everything?
    fn leaves(&self, f: &Callable, of: Option<VarId>) -> bool {
        match f {
            Callable::Path(_) => true,
            Callable::Param(_) => of.is_some(),
            Callable::Choice(choice) => choice.among.iter().all(|f| self.leaves(f, of)),
            Callable::Closure(closure, seen) => {
                let mut effects = Effects::seen_from(self, seen, of);
                effects.visit_expr_closure(closure);
                !effects.found
            }
        }
    }

    /// May evaluating the expression change something?
    pub fn changes(&self, expr: &syn::Expr) -> bool {
        let mut effects = Effects::seen_from(self, &self.scopes, None);
        effects.visit_expr(expr);
        effects.found
    }

    /// May evaluating the expression change the variable?
    pub fn changes_variable(&self, expr: &syn::Expr, var: VarId) -> bool {
        let mut effects = Effects::seen_from(self, &self.scopes, Some(var));
        effects.visit_expr(expr);
        effects.found
    }

    /// A variable that is an operand by value: a copy, where what is evaluated after it changes it.
    pub fn evaluated_before<'e>(
        &mut self,
        arg: Arg,
        mut later: impl Iterator<Item = &'e syn::Expr>,
    ) -> Arg {
        let (Arg::Ref(place) | Arg::RefMut(place)) = &arg else {
            return arg;
        };
        if !place.is_whole() || !later.any(|expr| self.changes_variable(expr, place.root)) {
            return arg;
        }
        let ty = self.place_ty(place);
        let copy = self.temp(Rhs::copy(place.clone(), &ty), ty);
        Arg::Ref(Place::var(self.in_variable(copy)))
    }
}

struct Effects<'s> {
    lower: &'s Lower<'s>,
    seen: &'s Scopes,
    /// The names that the closure has bound so far.
    own: BTreeSet<String>,
    /// Where only changes of this variable count.
    of: Option<VarId>,
    found: bool,
}

impl<'s> Effects<'s> {
    fn seen_from(lower: &'s Lower<'s>, seen: &'s Scopes, of: Option<VarId>) -> Self {
        Self {
            lower,
            seen,
            own: BTreeSet::new(),
            of,
            found: false,
        }
    }

    /// What a captured name means.
    fn captured(&self, expr: &syn::Expr) -> Option<&Binding> {
        let name = super::inert::root(peel(expr))?.path.get_ident()?;
        if self.own.contains(&name.to_string()) {
            return None;
        }
        self.seen.get(name).filter(|binding| self.counts(binding))
    }

    fn counts(&self, binding: &Binding) -> bool {
        let place = match binding {
            Binding::Var(var) => &Place::var(*var),
            Binding::Value(Value::Place(place) | Value::Ref { place, .. }) => place,
            _ => return true,
        };
        let root = self.lower.function.resolve(place).root;
        self.of.is_none_or(|var| var == root)
    }

    fn write(&mut self, target: &syn::Expr) {
        self.found |= match peel(target) {
            syn::Expr::Tuple(parts) => {
                parts.elems.iter().for_each(|part| self.write(part));
                false
            }
            target => self.captured(target).is_some(),
        };
    }

    /// May a method change what it is called on?
    fn may_change(&self, receiver: &syn::Expr) -> bool {
        let container = |ty: &Ty| !matches!(ty.peel(), Ty::Float(_) | Ty::Int | Ty::Bool);
        match self.captured(receiver) {
            Some(Binding::Iter(_) | Binding::Option(_) | Binding::Copies(_)) => true,
            Some(Binding::Var(v)) => {
                let var = self.lower.function.var(*v);
                let mutable = matches!(var.kind, VarKind::Mutable);
                (mutable || matches!(var.ty, Ty::Ref(true, _))) && container(&var.ty)
            }
            Some(Binding::Value(Value::Ref { mutable, place })) => {
                *mutable && container(&self.lower.place_ty(place))
            }
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Effects<'_> {
    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        self.own.insert(p.ident.to_string());
        visit::visit_pat_ident(self, p);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            visit::visit_local_init(self, init);
        }
        self.visit_pat(&local.pat);
    }

    fn visit_expr_let(&mut self, e: &'ast syn::ExprLet) {
        self.visit_expr(&e.expr);
        self.visit_pat(&e.pat);
    }

    fn visit_expr_for_loop(&mut self, e: &'ast syn::ExprForLoop) {
        self.visit_expr(&e.expr);
        self.visit_pat(&e.pat);
        self.visit_block(&e.body);
    }

    /// What it binds ends with it, but that of the conditions of `if` and `while`.
    fn visit_expr(&mut self, e: &'ast syn::Expr) {
        if let Some(target) = super::inert::target(e) {
            self.write(target);
        }
        let before = self.own.clone();
        visit::visit_expr(self, e);
        if !matches!(e, syn::Expr::Let(_) | syn::Expr::Binary(_)) {
            self.own = before;
        }
    }

    fn visit_expr_method_call(&mut self, e: &'ast syn::ExprMethodCall) {
        let reads = super::inert::is_reading(&e.method);
        self.found |= !reads && self.may_change(&e.receiver);
        visit::visit_expr_method_call(self, e);
    }

    fn visit_expr_call(&mut self, e: &'ast syn::ExprCall) {
        if let Some(Binding::Value(Value::Fun(f)) | Binding::Fn(f)) = self.captured(&e.func) {
            self.found |= !self.lower.leaves(f, self.of);
        }
        visit::visit_expr_call(self, e);
    }
}
