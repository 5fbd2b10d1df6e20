//! Assignments.
//!
//! ```text
//! x[i] += a * b           t1 = a * b; x[i] += t1
//! (a, p.x) = (b, a)       to1 = b; to2 = a; a = to1; p.x = to2
//! ```

use super::Lower;
use super::place::peel;
use super::scope::Binding;
use super::value::{Value, join};
use crate::ir::{Op, Operand, Place, Rhs, Stmt, Ty, VarId};
use proc_macro2::{Ident, Span};
use syn::parse_quote;
use syn::spanned::Spanned;

/// Names in a pattern, and what is assigned to them.
type Targets = Vec<(Ident, syn::Expr)>;

impl Lower<'_> {
    /// `target = value`
    pub fn assignment(&mut self, assign: &syn::ExprAssign) -> Value {
        if self.is_opaque_place(&assign.left) {
            return self.inert(&syn::Expr::Assign(assign.clone()), Ty::Unit);
        }
        if let Some(in_arms) = self.assigned_in_arms(assign) {
            return self.value(&in_arms);
        }
        let value = self.value(&assign.right);
        let value = self.settled(value);
        if is_pattern(peel(&assign.left)) {
            self.destructure(&assign.left, value);
        } else {
            self.assign_one(peel(&assign.left), value);
        }
        Value::Unit
    }

    /// `rest = if c { a } else { b }` of a reference that moves: each arm moves it.
    fn assigned_in_arms(&self, assign: &syn::ExprAssign) -> Option<syn::Expr> {
        let syn::Expr::Path(path) = peel(&assign.left) else {
            return None;
        };
        let moves = matches!(
            self.scopes.get(path.path.get_ident()?),
            Some(Binding::Moving(_))
        );
        let mut value = peel(&assign.right).clone();
        let branches = matches!(value, syn::Expr::If(_) | syn::Expr::Match(_));
        if !(moves && branches) {
            return None;
        }
        assign_tails(&mut value, &assign.left);
        Some(value)
    }

    /// `target op= value`
    pub fn compound_assignment(&mut self, op: Op, target: &syn::Expr, value: &syn::Expr) -> Value {
        let value = self.arithmetic_arg(value);
        let place = match self.value(target) {
            Value::Block(block) => {
                self.update_block(op, &block, &value);
                return Value::Unit;
            }
            Value::Place(p) => self.through(p),
            Value::Ref { place, .. } => place,
            _ => {
                self.diagnostics.not_a_place(target.span());
                return Value::Unit;
            }
        };
        let value = self.plain(value);
        if self.is_own(target) {
            self.combine(op, place, value);
        } else {
            self.learn(&place, &value);
            self.out.push(Stmt::Update { op, place, value });
        }
        Value::Unit
    }

    /// `place = place op value`: what `+=` of a type of the user's is taken as.
    pub fn combine(&mut self, op: Op, place: Place, value: Operand) {
        let ty = self.place_ty(&place);
        let before = self.temp(Rhs::copy(place.clone(), &ty), ty);
        let value = self.operation(op, before, value);
        let value = self.operand_of(value);
        self.out.push(Stmt::Assign { place, value });
    }

    /// Does an unknown method say where the place is (`*map.entry(k).or_insert(0)`)?
    pub fn is_opaque_place(&mut self, target: &syn::Expr) -> bool {
        match peel(target) {
            syn::Expr::Unary(e) => self.is_opaque_place(&e.expr),
            syn::Expr::Index(e) => self.is_opaque_place(&e.expr),
            syn::Expr::Field(e) => self.is_opaque_place(&e.base),
            syn::Expr::MethodCall(e) => {
                let receiver = super::inert::root(&e.receiver).cloned();
                let receiver = receiver.and_then(|path| self.local_value(&path));
                receiver.is_some_and(|value| *self.value_ty(&value).peel() == Ty::Inert)
            }
            _ => false,
        }
    }

    /// The value is taken apart by a pattern before anything is assigned.
    fn destructure(&mut self, target: &syn::Expr, value: Value) {
        let mut targets = Targets::new();
        let pat = self.assignee(target, &mut targets);
        self.bind_pattern(&pat, value);
        for (name, target) in targets {
            if let Some(part) = self.local_value(&parse_quote!(#name)) {
                self.assign_one(&target, part);
            }
        }
    }

    /// What is assigned to, as a pattern.
    fn assignee(&mut self, target: &syn::Expr, targets: &mut Targets) -> syn::Pat {
        let mut parts = |elems: &syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>| {
            let parts = elems.iter().map(|e| self.assignee(e, targets));
            parts.collect::<Vec<syn::Pat>>()
        };
        match peel(target) {
            syn::Expr::Infer(_) => parse_quote!(_),
            syn::Expr::Range(e) => {
                let dots = &e.limits;
                parse_quote!(#dots)
            }
            syn::Expr::Tuple(e) => {
                let parts = parts(&e.elems);
                parse_quote!((#(#parts,)*))
            }
            syn::Expr::Array(e) => {
                let parts = parts(&e.elems);
                parse_quote!([#(#parts,)*])
            }
            syn::Expr::Call(e) => {
                let (parts, path) = (parts(&e.args), &e.func);
                parse_quote!(#path(#(#parts,)*))
            }
            syn::Expr::Struct(e) => {
                let (path, dots) = (&e.path, &e.dot2_token);
                let members = e.fields.iter().map(|f| &f.member);
                let fields = e.fields.iter().map(|f| self.assignee(&f.expr, targets));
                parse_quote!(#path { #(#members: #fields,)* #dots })
            }
            target => {
                let span = Span::mixed_site().located_at(target.span());
                let name = Ident::new(&format!("to{}", targets.len() + 1), span);
                targets.push((name.clone(), target.clone()));
                parse_quote!(#name)
            }
        }
    }

    fn assign_one(&mut self, target: &syn::Expr, value: Value) {
        if let syn::Expr::Path(path) = target {
            let name = path.path.get_ident();
            match name.and_then(|n| self.scopes.get(n)).cloned() {
                Some(Binding::Option(variable)) => return self.set_option(variable, value),
                Some(Binding::Copies(var)) => return self.assign_copy(var, value),
                Some(Binding::Moving(place)) => {
                    return self.move_reference(target, &place, value);
                }
                _ => {}
            }
        }
        let destination = self.value(target);
        if let (Value::Ref { .. }, Value::Ref { .. }) = (&destination, &value) {
            return self.diagnostics.rebound_reference(target.span());
        }
        match destination {
            Value::Place(place) | Value::Ref { place, .. } => self.assign_place(place, value),
            _ => self.diagnostics.not_a_place(target.span()),
        }
    }

    /// What a reference refers to, or an `Option` of references.
    fn assign_copy(&mut self, var: VarId, value: Value) {
        let value = match value {
            Value::Ref { place, .. } => Value::Operand(self.copy_of(place)),
            value => value,
        };
        self.assign_place(Place::var(var), value);
    }

    fn assign_place(&mut self, place: Place, value: Value) {
        let value = match value {
            Value::Optional(optional) => Value::Optional(Box::new(optional.owned())),
            value => value,
        };
        let value = self.operand_of(value);
        self.learn(&place, &value);
        self.out.push(Stmt::Assign { place, value });
    }

    /// A variable that was declared without a type gets that of what is assigned to it.
    pub fn learn(&mut self, place: &Place, value: &Operand) {
        if place.path.is_empty() {
            let ty = self.function.operand_ty(value).clone();
            let known = &mut self.function.vars[place.root.0 as usize].ty;
            *known = join(std::mem::take(known), ty);
        }
    }
}

/// What an expression gives is assigned where it is known.
fn assign_tails(value: &mut syn::Expr, target: &syn::Expr) {
    let of_block = |block: &mut syn::Block| {
        if let Some(syn::Stmt::Expr(last, None)) = block.stmts.last_mut() {
            assign_tails(last, target);
        }
    };
    match value {
        syn::Expr::Block(e) => of_block(&mut e.block),
        syn::Expr::If(e) => {
            of_block(&mut e.then_branch);
            let els = e.else_branch.as_mut();
            els.into_iter()
                .for_each(|(_, els)| assign_tails(els, target));
        }
        syn::Expr::Match(e) => {
            let arms = e.arms.iter_mut();
            arms.for_each(|arm| assign_tails(&mut arm.body, target));
        }
        syn::Expr::Return(_)
        | syn::Expr::Break(_)
        | syn::Expr::Continue(_)
        | syn::Expr::Macro(_) => {}
        last => *last = parse_quote!(#target = #last),
    }
}

/// Is it more than one place that is assigned to?
fn is_pattern(target: &syn::Expr) -> bool {
    matches!(
        target,
        syn::Expr::Infer(_)
            | syn::Expr::Tuple(_)
            | syn::Expr::Array(_)
            | syn::Expr::Call(_)
            | syn::Expr::Struct(_)
    )
}
