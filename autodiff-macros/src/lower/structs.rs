//! Values of structs: literals, constructors of tuple structs.
//!
//! ```text
//! Point { x: 2.0 * a, ..q }      t1 = 2.0 * a; t2 = Point { x: t1, ..q }
//! ```

use super::Lower;
use super::place::peel;
use super::source::Source;
use super::value::Value;
use crate::case::is_upper;
use crate::ir::{Aggregate, Literal, Rhs, Ty};
use proc_macro2::Ident;
use std::rc::Rc;

impl Lower<'_> {
    /// `Point { x, y: 2.0, ..base }`
    pub fn struct_literal(&mut self, e: &syn::ExprStruct) -> Value {
        if let Some(written_out) = self.without_base(e) {
            return self.value(&written_out);
        }
        let exprs: Vec<&syn::Expr> = e
            .fields
            .iter()
            .map(|f| &f.expr)
            .chain(e.rest.as_deref())
            .collect();
        let literal = Literal {
            path: e.path.clone(),
            members: e.fields.iter().map(|f| f.member.clone()).collect(),
            braces: true,
            base: e.rest.is_some(),
        };
        let whole = syn::Expr::Struct(e.clone());
        if e.qself.is_some() {
            return self.inert(&whole, Ty::Unknown);
        }
        self.structure(literal, &exprs, &whole)
    }

    /// The literal with all fields, where one that replaces the base's may be of another length or presence: what is added to the base's has its
    /// shape. The fields that are written are made before the base is.
    fn without_base(&self, e: &syn::ExprStruct) -> Option<syn::Expr> {
        let rest = peel(e.rest.as_deref()?);
        let path = &e.path;
        let name = match path.segments.last()?.ident.to_string() {
            own if own == "Self" => self.told.owner_name()?,
            name => name,
        };
        let syn::Item::Struct(item) = self.file()?.definition(&name)?.item else {
            return None;
        };
        let syn::Fields::Named(fields) = &item.fields else {
            return None;
        };
        let given = |name: &Ident| {
            (e.fields.iter()).any(|f| matches!(&f.member, syn::Member::Named(m) if m == name))
        };
        let named = |f: &syn::Field| f.ident.clone();
        let (written, others): (Vec<_>, Vec<_>) = fields
            .named
            .iter()
            .partition(|f| named(f).as_ref().is_some_and(given));
        if written.iter().all(|f| has_one_shape(&f.ty, &item.generics)) {
            return None;
        }
        let others: Vec<Ident> = others.into_iter().filter_map(named).collect();
        let (members, values): (Vec<_>, Vec<_>) =
            e.fields.iter().map(|f| (&f.member, &f.expr)).unzip();
        let locals: Vec<_> = (0..values.len())
            .map(|k| quote::format_ident!("__field_{k}"))
            .collect();
        let generic = item.generics.type_params().count();
        let bare = matches!(path.segments.last()?.arguments, syn::PathArguments::None);
        let base: syn::Type = match generic {
            1.. if bare && path.segments.last()?.ident != "Self" => {
                let open = (0..generic).map(|_| quote::quote!(_));
                syn::parse_quote!(#path<#(#open),*>)
            }
            _ => syn::parse_quote!(#path),
        };
        let place = matches!(
            rest,
            syn::Expr::Path(_) | syn::Expr::Field(_) | syn::Expr::Unary(_)
        );
        Some(match place {
            true => syn::parse_quote!({
                #(let #locals = #values;)*
                #path { #(#members: #locals,)* #(#others: (#rest).#others),* }
            }),
            false => syn::parse_quote!({
                #(let #locals = #values;)*
                let __base: #base = #rest;
                #path { #(#members: #locals,)* #(#others: __base.#others),* }
            }),
        })
    }

    /// `Meters(2.0 * x)`
    pub fn constructed(&mut self, call: &syn::ExprCall, path: &syn::ExprPath) -> Value {
        let exprs: Vec<&syn::Expr> = call.args.iter().collect();
        let literal = Literal {
            path: path.path.clone(),
            members: (0..exprs.len()).map(syn::Member::from).collect(),
            braces: false,
            base: false,
        };
        self.structure(literal, &exprs, &syn::Expr::Call(call.clone()))
    }

    /// `a..b`: of floats a struct of its ends, of integers what can be gone through.
    pub fn range(&mut self, source: Source) -> Value {
        let Source::Range {
            lo,
            hi,
            inclusive: false,
        } = &source
        else {
            return Value::Iter(Box::new(source));
        };
        let ends = [lo, hi].map(|end| self.function.operand_ty(end).clone());
        let Some(float) = ends.iter().find(|ty| ty.is_float()) else {
            return Value::Iter(Box::new(source));
        };
        let rt = &self.runtime;
        let literal = Literal {
            path: syn::parse_quote!(#rt::Range),
            members: vec![syn::parse_quote!(start), syn::parse_quote!(end)],
            braces: true,
            base: false,
        };
        let fields = ["start", "end"].map(|name| (name.to_owned(), float.clone()));
        let kind = Aggregate::Struct(Rc::new(literal));
        let ends = vec![lo.clone(), hi.clone()];
        Value::Rhs(Rhs::Aggregate(kind, ends), Ty::Struct(fields.into()))
    }

    /// A struct that holds a closure or the like is kept as it is.
    fn structure(&mut self, literal: Literal, parts: &[&syn::Expr], whole: &syn::Expr) -> Value {
        let mark = self.mark();
        let mut operands = Vec::new();
        for part in parts {
            let value = self.value(part);
            if matches!(value, Value::Fun(_) | Value::Iter(_)) {
                self.roll_back(mark);
                return self.inert(whole, Ty::Unknown);
            }
            operands.push(self.operand_of(value));
        }
        let path = &literal.path;
        let ty = self.ty(&syn::parse_quote!(#path));
        let ty = Some(ty).filter(Ty::is_struct);
        let kind = Aggregate::Struct(Rc::new(literal));
        let ty = ty.unwrap_or_else(Ty::structure);
        Value::Rhs(Rhs::Aggregate(kind, operands), ty)
    }
}

/// Is it a name as types and variants have it? `S` and `D_rk` are functions as papers name them.
pub fn is_type_like(name: &str) -> bool {
    is_upper(name) && name.chars().count() > 1 && !name.contains('_')
}

/// Does the path name a tuple struct of the user's, or what makes a box?
pub fn is_constructor(path: &syn::ExprPath) -> bool {
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    if last.ident == "new" && super::calls::owner_is(path, "Box") {
        return true;
    }
    let std = ["Some", "Ok", "Err", "Box", "Wrapping", "Reverse"];
    let name = last.ident.to_string();
    let owner = path.path.segments.iter().rev().nth(1);
    let variant = owner.is_some_and(|owner| is_upper(&owner.ident.to_string()));
    let of_std = std.contains(&name.as_str())
        && (!variant || super::wrapper::wrapper_named(&path.path).is_some());
    path.qself.is_none() && is_type_like(&name) && !of_std
}

/// Do all values of the field have one shape: numbers, also such of a type parameter, arrays and tuples of these?
fn has_one_shape(ty: &syn::Type, generics: &syn::Generics) -> bool {
    let number = |name: &Ident| {
        let names = [
            "f64", "f32", "bool", "usize", "u32", "u64", "i32", "i64", "u8",
        ];
        names.iter().any(|n| name == n) || generics.type_params().any(|p| p.ident == *name)
    };
    match ty {
        syn::Type::Path(p) => p.path.get_ident().is_some_and(number),
        syn::Type::Array(t) => has_one_shape(&t.elem, generics),
        syn::Type::Tuple(t) => t.elems.iter().all(|t| has_one_shape(t, generics)),
        _ => false,
    }
}
