//! Types in generated signatures: the tangent of a type as it is written.

use crate::ir::FloatTy;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;

/// The name of a float type, where it has one.
pub fn float_type(ty: &FloatTy) -> Option<TokenStream> {
    match ty {
        FloatTy::F32 => Some(quote!(f32)),
        FloatTy::F64 => Some(quote!(f64)),
        FloatTy::Param(name) => Some(quote!(#name)),
        FloatTy::Literal => None,
    }
}

/// Zero.
pub fn zero_scalar(ty: &FloatTy) -> TokenStream {
    match ty {
        FloatTy::F32 => quote!(0.0_f32),
        FloatTy::F64 => quote!(0.0_f64),
        FloatTy::Param(name) => quote!(<#name as ::core::default::Default>::default()),
        FloatTy::Literal => quote!(0.0),
    }
}

/// Knows the float-like type parameters of a function and where the runtime is.
pub struct Tangents<'a> {
    /// `T: Float` and the like.
    pub floats: &'a [Ident],
    /// The path of the runtime's `private` module.
    pub rt: &'a TokenStream,
}

impl Tangents<'_> {
    /// The tangent type of an owned value of this type (of what a reference refers to).
    pub fn owned(&self, ty: &syn::Type) -> TokenStream {
        match ty {
            syn::Type::Reference(r) => self.owned(&r.elem),
            syn::Type::Paren(p) => self.owned(&p.elem),
            syn::Type::Group(g) => self.owned(&g.elem),
            syn::Type::Slice(s) => {
                let element = self.owned(&s.elem);
                quote!(::std::vec::Vec<#element>)
            }
            syn::Type::Array(a) => {
                let (element, len) = (self.owned(&a.elem), &a.len);
                quote!([#element; #len])
            }
            syn::Type::Tuple(t) => {
                let parts = t.elems.iter().map(|t| self.owned(t));
                quote!((#(#parts,)*))
            }
            syn::Type::Path(p) => self.path(p),
            other => self.associated(other),
        }
    }

    fn path(&self, ty: &syn::TypePath) -> TokenStream {
        if let Some(name) = ty.path.get_ident() {
            if name == "f32" || name == "f64" || self.floats.contains(name) {
                return quote!(#name);
            }
        }
        if let Some(element) = vec_element(ty) {
            let element = self.owned(element);
            return quote!(::std::vec::Vec<#element>);
        }
        self.associated(ty)
    }

    fn associated(&self, ty: &dyn ToTokens) -> TokenStream {
        let rt = self.rt;
        quote!(<#ty as #rt::Differentiable>::Tangent)
    }

    /// The tangent behind a reference: a slice for a slice.
    pub fn behind(&self, ty: &syn::Type) -> TokenStream {
        match ty {
            syn::Type::Reference(r) => self.behind(&r.elem),
            syn::Type::Paren(p) => self.behind(&p.elem),
            syn::Type::Slice(s) => {
                let element = self.owned(&s.elem);
                quote!([#element])
            }
            other => self.owned(other),
        }
    }
}

/// `T` of `Vec<T>`.
pub fn vec_element(ty: &syn::TypePath) -> Option<&syn::Type> {
    let last = ty.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    match (last.ident == "Vec", args.args.first()) {
        (true, Some(syn::GenericArgument::Type(t))) => Some(t),
        _ => None,
    }
}

/// The type with its lifetimes left out.
pub fn elided(ty: &syn::Type) -> syn::Type {
    struct Elide;
    impl VisitMut for Elide {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            reference.lifetime = None;
            syn::visit_mut::visit_type_reference_mut(self, reference);
        }
    }
    let mut ty = ty.clone();
    Elide.visit_type_mut(&mut ty);
    ty
}

/// The type with a name for each lifetime that was left out.
pub fn named(ty: &syn::Type, lifetime: &syn::Lifetime) -> syn::Type {
    struct Name<'a>(&'a syn::Lifetime);
    impl VisitMut for Name<'_> {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            reference.lifetime.get_or_insert_with(|| self.0.clone());
            syn::visit_mut::visit_type_reference_mut(self, reference);
        }
    }
    let mut ty = ty.clone();
    Name(lifetime).visit_type_mut(&mut ty);
    ty
}
