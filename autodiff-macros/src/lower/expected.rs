//! `array::from_fn` and `sum` get the type of their value from where that is written.
//!
//! ```text
//! let total: Vec3 = forces.iter().sum();      let total: Vec3 = forces.iter().sum::<Vec3>();
//! let m: [[f64; 3]; 2] = array::from_fn(|i| array::from_fn(|j| ..));
//! let m: [[f64; 3]; 2] = array::from_fn::<[f64; 3], 2, _>(|i| array::from_fn::<f64, 3, _>(|j| ..));
//! ```
//!
//! So does `into` where it gives a point or a motion of nalgebra: `let p: Point3<f64> = v.into()` is `Point3::<f64>::from(v)`.

use super::calls::owner_is;
use super::place::peel;
use super::types::{is_float, is_matrix};
use super::value::Callable;
use super::value::Value;
use super::wrapper::wrapper_named;
use super::{Lower, constant};
use crate::emit::types::wrapper;
use crate::homonyms;
use crate::ir::{Aggregate, Derived, FloatTy, Operand, Place, Rhs, Stmt, Ty, VarKind};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse_quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};

/// The body of a function with this result.
pub fn with_types(
    block: &syn::Block,
    output: &syn::ReturnType,
    runtime: &TokenStream,
) -> syn::Block {
    let mut block = block.clone();
    Types(runtime).visit_block_mut(&mut block);
    Copies.visit_block_mut(&mut block);
    if let Some(ty) = error_of(output) {
        Errors(ty).visit_block_mut(&mut block);
    }
    if let syn::ReturnType::Type(_, ty) = output {
        Returned(ty).visit_block_mut(&mut block);
        if let Some(last) = tail(&mut block) {
            expect(last, ty);
        }
    }
    block
}

/// Lists of references to numbers are lists of the numbers: `Vec<&f64>`. While they live nothing changes what they refer to.
struct Copies;

impl VisitMut for Copies {
    /// What is handed to functions inside the function is what they say.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        visit_mut::visit_path_segment_mut(self, segment);
        if segment.ident != "Vec" {
            return;
        }
        if let syn::PathArguments::AngleBracketed(list) = &mut segment.arguments {
            list.args.iter_mut().for_each(|argument| {
                if let syn::GenericArgument::Type(ty) = argument {
                    copied_number(ty);
                }
            });
        }
    }
}

/// `f64` for `&f64`
fn copied_number(ty: &mut syn::Type) {
    if let syn::Type::Reference(t) = ty
        && t.mutability.is_none()
        && is_float(&t.elem)
    {
        *ty = (*t.elem).clone();
    }
}

/// Says the type of what the function returns early.
struct Returned<'t>(&'t syn::Type);

impl VisitMut for Returned<'_> {
    /// Functions and closures inside the function return what they give themselves.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}

    fn visit_expr_return_mut(&mut self, e: &mut syn::ExprReturn) {
        visit_mut::visit_expr_return_mut(self, e);
        e.expr.iter_mut().for_each(|value| expect(value, self.0));
    }
}

/// Knows where the runtime is.
struct Types<'t>(&'t TokenStream);

impl VisitMut for Types<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        expect_parts(call, self.0);
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        let (syn::Pat::Type(pat), Some(init)) = (&local.pat, &mut local.init) else {
            return;
        };
        let stated = |call: &syn::ExprMethodCall| {
            is_made_array(call) || is_into(call) && made_from(&init.expr, &pat.ty).is_none()
        };
        if !matches!(&*init.expr, syn::Expr::MethodCall(call) if stated(call)) {
            expect(&mut init.expr, &pat.ty);
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        visit_mut::visit_expr_closure_mut(self, closure);
        if let syn::ReturnType::Type(_, ty) = &closure.output {
            expect(&mut closure.body, ty);
        }
    }
}

fn tail(block: &mut syn::Block) -> Option<&mut syn::Expr> {
    match block.stmts.last_mut() {
        Some(syn::Stmt::Expr(expr, None)) => Some(expr),
        _ => None,
    }
}

/// The type of an expression, for the calls in it.
fn expect(expr: &mut syn::Expr, ty: &syn::Type) {
    if let (syn::Expr::MethodCall(call), syn::Type::Array(_)) = (&*expr, ty)
        && is_made_array(call)
    {
        *expr = parse_quote!({ let array: #ty = #call; array });
        return;
    }
    if let Some(made) = made_from(expr, ty) {
        *expr = made;
        return;
    }
    if let Some(made) = of_type(expr, ty) {
        *expr = made;
        return;
    }
    match (expr, ty) {
        (syn::Expr::Paren(e), ty) => expect(&mut e.expr, ty),
        (syn::Expr::Block(e), ty) => {
            tail(&mut e.block).into_iter().for_each(|e| expect(e, ty));
        }
        (syn::Expr::Tuple(e), syn::Type::Tuple(t)) => {
            let parts = e.elems.iter_mut().zip(&t.elems);
            parts.for_each(|(e, ty)| expect(e, ty));
        }
        (syn::Expr::Array(e), syn::Type::Array(t)) => {
            e.elems.iter_mut().for_each(|e| expect(e, &t.elem));
        }
        (syn::Expr::If(e), ty) => {
            tail(&mut e.then_branch)
                .into_iter()
                .for_each(|e| expect(e, ty));
            e.else_branch.iter_mut().for_each(|(_, e)| expect(e, ty));
        }
        (syn::Expr::Match(e), ty) => e.arms.iter_mut().for_each(|arm| expect(&mut arm.body, ty)),
        (syn::Expr::Call(call), syn::Type::Array(t)) => expect_array(call, t),
        (syn::Expr::Call(call), syn::Type::Path(t)) if is_present(&call.func) => {
            if let (Some((_, inner)), Some(value)) = (wrapper(t), call.args.first_mut()) {
                expect(value, inner);
            }
        }
        (syn::Expr::MethodCall(call), ty) if is_open_sum(call) => {
            call.turbofish = Some(parse_quote!(::<#ty>));
        }
        _ => {}
    }
}

/// `Point3::<f64>::from(v)` for `v.into()`
fn made_from(expr: &syn::Expr, ty: &syn::Type) -> Option<syn::Expr> {
    let (syn::Expr::MethodCall(call), syn::Type::Path(ty)) = (expr, ty) else {
        return None;
    };
    let name = homonyms::base(&ty.path.segments.last()?.ident.to_string()).to_owned();
    let made = name.starts_with("Point") && is_matrix(&name) || MADE.contains(&name.as_str());
    if call.method != "into" || !call.args.is_empty() || !made {
        return None;
    }
    let (mut path, value) = (ty.path.clone(), &call.receiver);
    for segment in &mut path.segments {
        if let syn::PathArguments::AngleBracketed(list) = &mut segment.arguments {
            list.colon2_token = Some(Default::default());
        }
    }
    Some(parse_quote!(#path::from(#value)))
}

/// `x.into()` with the type that it gives, where that may be one of the user's or one of the language's that a type of the user's is made into.
pub fn of_type(expr: &syn::Expr, ty: &syn::Type) -> Option<syn::Expr> {
    let named = matches!(
        ty,
        syn::Type::Path(_) | syn::Type::Array(_) | syn::Type::Tuple(_)
    );
    match peel(expr) {
        syn::Expr::MethodCall(call) if is_into(call) && named => {
            Some(parse_quote!({ let made: #ty = #call; made }))
        }
        _ => None,
    }
}

/// `x.into()`
fn is_into(call: &syn::ExprMethodCall) -> bool {
    call.method == "into" && call.args.is_empty()
}

/// What else is made by `into`.
const MADE: &[&str] = &[
    "Rotation3",
    "Translation2",
    "Translation3",
    "UnitQuaternion",
];

/// `Isometry3::from_parts(v.into(), r)` takes a translation.
fn expect_parts(call: &mut syn::ExprCall, rt: &TokenStream) {
    let syn::Expr::Path(path) = &*call.func else {
        return;
    };
    let mut names = path.path.segments.iter().rev().map(|s| s.ident.to_string());
    let (function, owner) = (names.next(), names.next().unwrap_or_default());
    let of_space = owner.starts_with("Isometry") && owner.ends_with('3');
    let of_plane = owner.starts_with("Isometry") && owner.ends_with('2');
    let translation: syn::Type = match function.as_deref() {
        Some("from_parts") if of_space => parse_quote!(#rt::matrix::Translation3),
        Some("from_parts") if of_plane => parse_quote!(#rt::matrix::Translation2),
        _ => return,
    };
    if let Some(first) = call.args.first_mut() {
        expect(first, &translation);
    }
}

/// `Some`, `Ok`
fn is_present(function: &syn::Expr) -> bool {
    match function {
        syn::Expr::Path(path) => matches!(wrapper_named(&path.path), Some((_, true))),
        _ => false,
    }
}

/// `x.try_into().unwrap()`
fn is_made_array(call: &syn::ExprMethodCall) -> bool {
    let unwraps = call.method == "unwrap" || call.method == "expect";
    let made = match super::place::peel(&call.receiver) {
        syn::Expr::MethodCall(inner) => inner.method == "try_into",
        _ => false,
    };
    unwraps && made
}

/// `x.iter().sum()`; matrices have a `sum` of their own.
fn is_open_sum(call: &syn::ExprMethodCall) -> bool {
    let sum = call.method == "sum" || call.method == "product";
    sum && call.turbofish.is_none() && call.args.is_empty() && is_chain(&call.receiver)
}

/// Does it begin with an iterator for sure?
fn is_chain(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Paren(e) => is_chain(&e.expr),
        syn::Expr::Range(_) => true,
        syn::Expr::MethodCall(call) => {
            let name = call.method.to_string();
            let begins = name.contains("iter") || name == "windows" || name.starts_with("chunks");
            begins || is_chain(&call.receiver)
        }
        _ => false,
    }
}

/// The type of the errors of a function with this result, if they are of any.
pub fn any_error(output: &syn::ReturnType) -> Option<&syn::Type> {
    error_of(output).filter(|error| is_any(error))
}

/// `Box<dyn Error>`
fn is_any(error: &syn::Type) -> bool {
    let of_any = |argument: &syn::GenericArgument| {
        matches!(
            argument,
            syn::GenericArgument::Type(syn::Type::TraitObject(_))
        )
    };
    arguments(error).is_some_and(|list| list.iter().any(of_any))
}

/// The type of the errors of a function with this result.
fn error_of(output: &syn::ReturnType) -> Option<&syn::Type> {
    let syn::ReturnType::Type(_, ty) = output else {
        return None;
    };
    match arguments(ty)?.iter().nth(1)? {
        syn::GenericArgument::Type(error) => Some(error),
        _ => None,
    }
}

fn arguments(ty: &syn::Type) -> Option<&Punctuated<syn::GenericArgument, syn::Token![,]>> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    match &path.path.segments.last()?.arguments {
        syn::PathArguments::AngleBracketed(list) => Some(&list.args),
        _ => None,
    }
}

/// Says the type of errors that are converted: `Err(text.into())`, and `Err(Box::new(e))` where they are of any.
struct Errors<'t>(&'t syn::Type);

impl VisitMut for Errors<'_> {
    /// Functions inside the function have errors of their own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let is_err = match &*call.func {
            syn::Expr::Path(path) => path.path.is_ident("Err"),
            _ => false,
        };
        if let (true, Some(error)) = (is_err, call.args.first_mut()) {
            let ty = self.0;
            match error {
                syn::Expr::MethodCall(into) if is_into(into) => {
                    let value = &into.receiver;
                    *error = parse_quote!(::core::convert::Into::<#ty>::into(#value));
                }
                syn::Expr::Call(made) if is_any(ty) && is_box(&made.func) => {
                    *error = parse_quote!(#made as #ty);
                }
                _ => {}
            }
        }
    }
}

/// `Box::new`
fn is_box(function: &syn::Expr) -> bool {
    match function {
        syn::Expr::Path(path) => owner_is(path, "Box"),
        _ => false,
    }
}

fn expect_array(call: &mut syn::ExprCall, ty: &syn::TypeArray) {
    let syn::Expr::Path(path) = &mut *call.func else {
        return;
    };
    if !is_from_fn(path) {
        return;
    }
    let (element, len) = (&ty.elem, &ty.len);
    if let Some(last) = path.path.segments.last_mut()
        && last.arguments.is_none()
    {
        last.arguments =
            syn::PathArguments::AngleBracketed(parse_quote!(::<#element, { #len }, _>));
    }
    if let Some(syn::Expr::Closure(closure)) = call.args.first_mut() {
        expect(&mut closure.body, element);
    }
}

/// `array::from_fn`
pub fn is_from_fn(path: &syn::ExprPath) -> bool {
    let last = path.path.segments.last();
    owner_is(path, "array") && last.is_some_and(|s| s.ident == "from_fn")
}

impl Lower<'_> {
    /// `array::from_fn::<element, len, _>(f)`
    pub fn array_from_fn(&mut self, path: &syn::ExprPath, f: &Callable) -> Option<Value> {
        let syn::PathArguments::AngleBracketed(args) = &path.path.segments.last()?.arguments else {
            return (!makes_array(f)).then(|| self.array_untold(f));
        };
        let (element, len) = (args.args.first()?, length(args.args.get(1)?)?);
        let element = match element {
            syn::GenericArgument::Type(ty) => ty.clone(),
            _ => return None,
        };
        Some(self.array_of(len, &element, &mut |lower, k| {
            let value = lower.apply(f, vec![Value::Operand(k)]);
            lower.operand_of(value)
        }))
    }

    /// An array whose elements are made from their positions.
    pub fn array_of(
        &mut self,
        len: syn::Expr,
        element: &syn::Type,
        item: &mut dyn FnMut(&mut Self, Operand) -> Operand,
    ) -> Value {
        let first = self.placeholder(element);
        let known = self.ty(element);
        let known = super::value::join(known, Ty::Float(FloatTy::Literal));
        let place = self.array_beginning_with(first, len, known);
        self.each_position(&place, &mut |lower, k, place| {
            let value = item(lower, k);
            lower.out.push(Stmt::Assign { place, value });
        });
        Value::Place(place)
    }

    /// An array whose type is not written where it is made: what it is used for tells its length, its elements what they are.
    fn array_untold(&mut self, f: &Callable) -> Value {
        let (before, mut element) = (self.out.len(), Ty::Unknown);
        let untold = Ty::Float(FloatTy::Literal);
        let place = self.array_beginning_with(super::float_zero(), parse_quote!(_), untold.clone());
        self.each_position(&place, &mut |lower, k, place| {
            let value = lower.apply(f, vec![Value::Operand(k)]);
            let value = lower.operand_of(value);
            element = lower.function.operand_ty(&value).clone();
            lower.out.push(Stmt::Assign { place, value });
        });
        let mut made = self.out.split_off(before);
        let first = self.placeholder_like(&element);
        if let Some(Stmt::Let {
            var,
            rhs: Rhs::Repeat { value, .. },
        }) = made.first_mut()
        {
            *value = first;
            let known = super::value::join(element, untold);
            self.function.vars[var.0 as usize].ty = Ty::Array(Box::new(known));
        }
        self.out.extend(made);
        Value::Place(place)
    }

    fn array_beginning_with(&mut self, value: Operand, len: syn::Expr, element: Ty) -> Place {
        let len = constant(len, Ty::Int);
        let rhs = Rhs::Repeat {
            vec: false,
            value,
            len,
        };
        let var = self.fresh("items", Ty::Array(Box::new(element)), VarKind::Mutable);
        self.movable.insert(var);
        self.out.push(Stmt::Let { var, rhs });
        Place::var(var)
    }

    /// The same, of a type that is known.
    fn placeholder_like(&mut self, ty: &Ty) -> Operand {
        match ty {
            Ty::Array(element) => {
                let value = self.placeholder_like(element);
                let rhs = Rhs::Repeat {
                    vec: false,
                    value,
                    len: constant(parse_quote!(_), Ty::Int),
                };
                self.temp(rhs, ty.clone())
            }
            Ty::Tuple(parts) => {
                let parts = parts.iter().map(|t| self.placeholder_like(t)).collect();
                self.temp(Rhs::Aggregate(Aggregate::Tuple, parts), ty.clone())
            }
            Ty::Int => super::int(0),
            Ty::Bool => super::boolean(false),
            Ty::Float(float) if *float != FloatTy::Literal => {
                self.temp(Rhs::Derived(Derived::ZeroScalar(float.clone())), ty.clone())
            }
            _ => super::float_zero(),
        }
    }

    /// What stands in an array before its elements are made.
    fn placeholder(&mut self, ty: &syn::Type) -> Operand {
        match ty {
            syn::Type::Array(t) => {
                let value = self.placeholder(&t.elem);
                let len = constant(t.len.clone(), Ty::Int);
                let known = self.ty(ty);
                self.temp(
                    Rhs::Repeat {
                        vec: false,
                        value,
                        len,
                    },
                    known,
                )
            }
            syn::Type::Tuple(t) => {
                let parts = t.elems.iter().map(|t| self.placeholder(t)).collect();
                let known = self.ty(ty);
                self.temp(Rhs::Aggregate(Aggregate::Tuple, parts), known)
            }
            ty if self.ty(ty) == Ty::Int => super::int(0),
            ty if self.ty(ty) == Ty::Bool => super::boolean(false),
            ty => match self.ty(ty) {
                Ty::Float(float) => self.temp(
                    Rhs::Derived(Derived::ZeroScalar(float.clone())),
                    Ty::Float(float),
                ),
                _ => super::float_zero(),
            },
        }
    }
}

/// Does the closure make an array in the same way, whose length would be told still less?
fn makes_array(f: &Callable) -> bool {
    match f {
        Callable::Closure(closure, _) => {
            let body = closure.body.to_token_stream().to_string();
            body.contains("from_fn")
        }
        _ => false,
    }
}

/// The length among the generic arguments.
fn length(argument: &syn::GenericArgument) -> Option<syn::Expr> {
    match argument {
        syn::GenericArgument::Const(len) => Some(len.clone()),
        syn::GenericArgument::Type(syn::Type::Path(p)) => {
            let path = &p.path;
            Some(parse_quote!(#path))
        }
        _ => None,
    }
}
