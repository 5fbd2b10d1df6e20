//! Statements.

use super::place::peel;
use super::scope::Binding;
use super::value::{Callable, Value};
use super::{Arm, Lower, close};
use crate::diagnostic::Diagnostics;
use crate::ir::{FloatTy, Operand, Place, Proj, Results, Stmt, Ty, VarKind};
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// Lowers a statement.
    pub fn statement(&mut self, stmt: &syn::Stmt) {
        self.span = stmt.span();
        match stmt {
            syn::Stmt::Local(local) => self.local_statement(local),
            syn::Stmt::Item(_) => {}
            syn::Stmt::Expr(expr, _) => self.effect(expr),
            syn::Stmt::Macro(mac) => self.macro_statement(mac),
        }
    }

    fn local_statement(&mut self, local: &syn::Local) {
        let Some(init) = &local.init else {
            return self.deferred(local);
        };
        if let Some((_, diverge)) = &init.diverge {
            return self.let_else(&local.pat, &init.expr, diverge);
        }
        if self.tuple_call(&local.pat, &init.expr).is_some() {
            return;
        }
        let value = match (&local.pat, peel(&init.expr)) {
            (syn::Pat::Type(p), syn::Expr::MethodCall(call)) if call.method == "collect" => {
                self.collected(call, Some(&p.ty), &init.expr)
            }
            (syn::Pat::Type(p), syn::Expr::MethodCall(call)) if call.method == "into" => {
                self.made_from(call, &p.ty)
            }
            (syn::Pat::Type(p), syn::Expr::Path(path))
                if super::types::is_called(&p.ty) && self.local_value(path).is_none() =>
            {
                Value::Fun(Callable::Path(path.clone()))
            }
            _ => self.value(&init.expr),
        };
        let value = match (&local.pat, value) {
            (syn::Pat::Type(p), Value::Ref { place, mutable }) => match &*p.ty {
                syn::Type::Array(array) => self.array_copy(&place, array),
                _ => Value::Ref { place, mutable },
            },
            (_, value) => value,
        };
        if !self.is_dead() {
            let own = self.is_own(&init.expr);
            let types = self.named_types(&local.pat, &init.expr);
            self.bind_pattern(&local.pat, value);
            self.note_own(&local.pat, None, own);
            for (pat, ty) in types {
                self.note_type(pat, ty);
            }
        }
    }

    /// `let p: Point = [x, y].into();`, which calls `Point::from`: the value is of a type that has no other use for `into`.
    fn made_from(&mut self, call: &syn::ExprMethodCall, target: &syn::Type) -> Value {
        let named = matches!(target, syn::Type::Path(_)) && self.ty(target).may_be_users();
        let of_parts = matches!(target, syn::Type::Array(_) | syn::Type::Tuple(_));
        let whole = syn::Expr::MethodCall(call.clone());
        if self.ty(target).is_matrix()
            && let Some(matrix) = self.matrix_of_motion(call, target)
        {
            return matrix;
        }
        let to = self.ty(target);
        if !named && !of_parts && !to.is_float() {
            return self.value(&whole);
        }
        let mark = self.mark();
        let value = self.value(&call.receiver);
        let of_users = self.is_of_users(&value);
        if self.value_ty(&value).is_struct() && of_users && to.is_float() {
            return self.number_of_users(value, target);
        }
        if named && self.is_foreign(&value) || of_users && !to.is_float() {
            return self.converted_by(value, target);
        }
        if self.roll_back(mark) {
            return self.value(&whole);
        }
        let known = self.value_method(value, call);
        known.unwrap_or_else(|| self.inert(&whole, Ty::Unknown))
    }

    /// May it be a value of a type of the user's that is made into another, not one that a parameter was made into already?
    fn is_of_users(&self, value: &Value) -> bool {
        let ty = self.value_ty(value);
        let plain = matches!(
            value,
            Value::Place(_) | Value::Ref { .. } | Value::Operand(Operand::Var(_)) | Value::Rhs(..)
        );
        plain
            && ty.may_be_users()
            && !matches!(ty.peel(), Ty::Motion(_))
            && !self.converts(value, "into")
    }

    /// A value made into one of the user's types.
    pub fn converted_by(&mut self, value: Value, target: &syn::Type) -> Value {
        let (path, arg) = (syn::parse_quote!(<#target>::from), self.arg_of(value));
        let ty = match self.ty(target) {
            ty if ty.is_aggregate() => ty,
            _ => Ty::structure(),
        };
        let var = self.fresh("t", ty, VarKind::Value);
        self.push_call(&path, vec![arg], Results::One(var));
        Value::Operand(Operand::Var(var))
    }

    /// `let m: Matrix3<f64> = rotation.into();`: what is larger than a rotation of space is on homogeneous coordinates.
    fn matrix_of_motion(
        &mut self,
        call: &syn::ExprMethodCall,
        target: &syn::Type,
    ) -> Option<Value> {
        let mark = self.mark();
        let value = self.value(&call.receiver);
        let motion = matches!(self.value_ty(&value).peel(), Ty::Motion(of) if !of.is_matrix());
        if !self.roll_back(mark) {
            let whole = syn::Expr::MethodCall(call.clone());
            let known = self.value_method(value, call);
            return Some(known.unwrap_or_else(|| self.inert(&whole, Ty::Unknown)));
        }
        let (rotation, name) = (&call.receiver, type_name(target));
        let matrix: syn::Expr = match name.as_deref() {
            Some("Matrix4") => syn::parse_quote!(#rotation.to_homogeneous()),
            _ => syn::parse_quote!(#rotation.into_inner()),
        };
        motion.then(|| self.value(&matrix))
    }

    /// Is it surely not of the type of the user's that it is made into?
    pub fn is_foreign(&self, value: &Value) -> bool {
        let ty = self.value_ty(value);
        *ty.peel() == Ty::Float(FloatTy::F64) || ty.peel().is_aggregate() && !ty.is_wrapper()
    }

    /// The array that `let a: [f64; 3] = x[..3].try_into().unwrap()` makes of a view.
    fn array_copy(&mut self, place: &Place, array: &syn::TypeArray) -> Value {
        self.array_of(array.len.clone(), &array.elem, &mut |lower, k| {
            let element = place.clone().then(Proj::Index(k));
            lower.operand_of(Value::Place(element))
        })
    }

    /// `let pattern = expr else { leave };`
    fn let_else(&mut self, pat: &syn::Pat, expr: &syn::Expr, diverge: &syn::Expr) {
        let value = self.scrutinee(expr);
        let Some(cond) = self.pattern_test(pat, &value) else {
            return self.bind_tested(pat, value);
        };
        let els = self.arm(false, |lower| lower.wanted_value(diverge, false));
        let then = self.region(|lower| {
            lower.bind_tested(pat, value);
            Value::Unit
        });
        self.exits.extend(&els.exits);
        self.open(cond, close(els), Arm::Then, then);
    }

    /// `let x;`
    fn deferred(&mut self, local: &syn::Local) {
        self.defer(&local.pat, None);
    }

    fn defer(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>) {
        match pat {
            syn::Pat::Type(p) => self.defer(&p.pat, Some(&p.ty)),
            syn::Pat::Tuple(p) => p.elems.iter().for_each(|p| self.defer(p, None)),
            syn::Pat::Ident(p) => {
                let var = self.declare(p, ty, Ty::Unknown);
                if self.has_exits {
                    self.function.vars[var.0 as usize].kind = VarKind::Mutable;
                }
                self.deferred.insert(var);
                self.out.push(Stmt::Declare(var));
            }
            other => self.diagnostics.pattern(other.span()),
        }
    }

    /// `let (a, b) = g(x);`
    fn tuple_call(&mut self, pat: &syn::Pat, expr: &syn::Expr) -> Option<()> {
        let (syn::Pat::Tuple(pat), syn::Expr::Call(call)) = (pat, peel(expr)) else {
            return None;
        };
        let path = self.plain_callee(call)?;
        if !pat.elems.iter().all(is_simple) || self.declared_integers(&path).is_some() {
            return None;
        }
        let args = self.args_of(&path, &call.args);
        let types = self.parts_of_call(&path, &args, pat.elems.len());
        let mut parts = Vec::new();
        for (element, ty) in pat.elems.iter().zip(types) {
            parts.push(match element {
                syn::Pat::Ident(p) => Some(self.declare(p, None, ty)),
                _ => None,
            });
        }
        self.push_call(&path, args, Results::Tuple(parts));
        Some(())
    }

    /// An item inside the function is written where it stands.
    pub fn inner_item(&mut self, item: &syn::Item, with_companions: &BTreeSet<String>) {
        let (name, ty) = match item {
            syn::Item::Const(i) => (Some(&i.ident), Some(&i.ty)),
            syn::Item::Static(i) => (Some(&i.ident), Some(&i.ty)),
            syn::Item::Fn(i) => (Some(&i.sig.ident), None),
            _ => (None, None),
        };
        let function = match item {
            syn::Item::Fn(i) => self.local_function(i),
            _ => None,
        };
        let needed = |i: &syn::ItemFn| with_companions.contains(&i.sig.ident.to_string());
        let made = matches!(item, syn::Item::Fn(i) if needed(i) && may_have_companion(i));
        let attribute = made.then_some(&self.inherited);
        let text = quote::quote!(#attribute #item);
        let annotated = made || matches!(item, syn::Item::Fn(i) if i.attrs.iter().any(is_ours));
        self.companions.extend(name.filter(|_| annotated).cloned());
        if let (Some(name), false) = (name, annotated) {
            let binding = function.map_or(Binding::Item, Binding::Fn);
            self.scopes.bind(name, binding);
            if let Some(ty) = ty {
                let ty = self.ty(ty);
                self.constants.insert(name.to_string(), ty);
            }
        }
        // A closure that is called twice has its items once.
        if self.written_items.insert(text.to_string()) {
            let inert = self.verbatim(syn::Expr::Verbatim(text), "an item");
            self.items.push(Stmt::Effect(inert));
        }
    }
}

/// `#[differentiate]`
fn is_ours(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|s| s.ident == "differentiate")
}

/// The functions inside a block that cannot be written where they are called, and those that these call.
pub fn with_companions(block: &syn::Block) -> BTreeSet<String> {
    let items: Vec<&syn::ItemFn> = block
        .stmts
        .iter()
        .filter_map(|stmt| match stmt {
            syn::Stmt::Item(syn::Item::Fn(item)) => Some(item),
            _ => None,
        })
        .collect();
    let mut found = BTreeSet::new();
    let mut open: Vec<&syn::ItemFn> = items.iter().copied().filter(|i| stands_alone(i)).collect();
    while let Some(item) = open.pop() {
        if found.insert(item.sig.ident.to_string()) {
            let called = |i: &&syn::ItemFn| {
                crate::names::mentions(item.block.to_token_stream(), &i.sig.ident)
            };
            open.extend(items.iter().copied().filter(called));
        }
    }
    found
}

/// Does it call itself, or have type parameters?
fn stands_alone(item: &syn::ItemFn) -> bool {
    let generics = &item.sig.generics;
    let marked = item.attrs.iter().any(is_ours);
    let generic = !super::types::float_params(generics).is_empty()
        || generics.const_params().next().is_some();
    marked || generic || crate::recursion::calls_itself(item, false, None)
}

/// May the function inside the function have a derivative?
fn may_have_companion(item: &syn::ItemFn) -> bool {
    let generics = &item.sig.generics;
    let floats = super::types::float_params(generics).len();
    let of_floats = floats == generics.type_params().count();
    let marked = item.attrs.iter().any(is_ours);
    !marked
        && of_floats
        && crate::members::could_be(
            item,
            &syn::Generics::default(),
            &crate::options::parse(quote::quote!(), &mut Diagnostics::default()),
        )
}

fn is_simple(pat: &syn::Pat) -> bool {
    match pat {
        syn::Pat::Wild(_) => true,
        syn::Pat::Ident(p) => p.subpat.is_none() && p.by_ref.is_none(),
        _ => false,
    }
}

/// `Matrix3` of `na::Matrix3<f64>`
fn type_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
        _ => None,
    }
}
