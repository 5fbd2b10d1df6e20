//! Types in generated signatures: the tangent of a type as it is written.

use crate::ir::{FloatTy, ParamMode, Ty};
use crate::names::mentions;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;

/// `: Vec<(f64, f64)>`: what grows a list of tuples or lists may come after what reads a part of them.
pub fn list_of_parts(ty: &Ty, rt: &TokenStream) -> Option<TokenStream> {
    let Ty::Vec(of) = ty else { return None };
    let ty = shape(ty, rt);
    (of.is_aggregate() && is_of_floats(of)).then(|| quote!(: #ty))
}

/// Is it made of floats that have a name, and perhaps of what has no derivative?
fn is_of_floats(ty: &Ty) -> bool {
    match ty {
        Ty::Float(float) => float_type(float).is_some(),
        Ty::Int | Ty::Bool => true,
        Ty::Tuple(parts) => parts.iter().all(is_of_floats),
        Ty::Array(of) | Ty::Vec(of) => is_of_floats(of),
        _ => false,
    }
}

/// What is known of a type, as a type: `Option<(_, f64)>`.
pub fn shape(ty: &Ty, rt: &TokenStream) -> TokenStream {
    let shape = |ty: &Ty| shape(ty, rt);
    match ty {
        Ty::Float(float) => float_type(float).unwrap_or_else(|| quote!(_)),
        Ty::Tuple(parts) => {
            let parts = parts.iter().map(shape);
            quote!((#(#parts,)*))
        }
        Ty::Array(of) => {
            let of = shape(of);
            quote!([#of; _])
        }
        Ty::Vec(of) => {
            let of = shape(of);
            quote!(#rt::Vec<#of>)
        }
        Ty::Option(of) => {
            let of = shape(of);
            quote!(::core::option::Option<#of>)
        }
        _ => quote!(_),
    }
}

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

/// The number of directions of a batch, or of Taylor coefficients. A function may have a parameter `W` of its own.
pub fn width() -> Ident {
    Ident::new("__W", proc_macro2::Span::mixed_site())
}

/// Knows the float-like type parameters of a function and where the runtime is.
pub struct Tangents<'a> {
    /// `T: Float` and the like.
    pub floats: &'a [Ident],
    /// The path of the runtime's `private` module.
    pub rt: &'a TokenStream,
    /// What stands for the tangent of a scalar.
    pub kind: Kind,
}

/// What stands for the tangent of a scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A scalar.
    Scalar,
    /// One in each of several directions.
    Directions,
    /// The Taylor coefficients after the value.
    Coefficients,
}

impl Kind {
    /// Is it a list of so many scalars as a const parameter says?
    pub fn is_list(self) -> bool {
        self != Self::Scalar
    }

    /// The function of the protocol that takes such tangents.
    pub fn function(self) -> &'static str {
        match self {
            Self::Scalar => "__jvp",
            Self::Directions => "__jvp_batch",
            Self::Coefficients => "__taylor",
        }
    }
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
                let rt = self.rt;
                quote!(#rt::Vec<#element>)
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

    /// Is it a scalar for sure?
    pub fn is_scalar(&self, ty: &syn::Type) -> bool {
        let syn::Type::Path(path) = peel(ty) else {
            return false;
        };
        path.path
            .get_ident()
            .is_some_and(|name| name == "f32" || name == "f64" || self.floats.contains(name))
    }

    /// The parts of a type of which syntax does not tell what they are: structs, aliases. Those with lifetimes are left out, which a
    /// bound could not name.
    pub fn unknown_parts(&self, ty: &syn::Type) -> Vec<syn::Type> {
        let unknown = |ty: &syn::Type| !crate::lower::types::is_plain(ty) && !self.is_scalar(ty);
        let parts = parts(ty).into_iter();
        parts
            .filter(|ty| unknown(ty) && !has_lifetime(ty))
            .collect()
    }

    /// The floats in a type that are of another type than this one.
    pub fn other_floats(&self, ty: &syn::Type, scalar: &Ident) -> Vec<syn::Type> {
        let other = |ty: &syn::Type| self.is_scalar(ty) && !mentions(ty.to_token_stream(), scalar);
        parts(ty).into_iter().filter(other).collect()
    }

    /// Is a type that was made here one that only the compiler can resolve?
    pub fn is_projection(&self, tangent: &TokenStream) -> bool {
        let differentiable = Ident::new("Differentiable", proc_macro2::Span::call_site());
        mentions(tangent.clone(), &differentiable)
    }

    fn path(&self, ty: &syn::TypePath) -> TokenStream {
        if let Some(name) = ty.path.get_ident()
            && (name == "f32" || name == "f64" || self.floats.contains(name))
        {
            return self.scalar(&quote!(#name));
        }
        if let Some(element) = vec_element(ty) {
            let element = self.owned(element);
            let rt = self.rt;
            return quote!(#rt::Vec<#element>);
        }
        if let Some((_, inner)) = wrapper(ty) {
            let inner = self.owned(inner);
            return quote!(::core::option::Option<#inner>);
        }
        self.associated(&syn::Type::Path(ty.clone()))
    }

    /// A tangent owns what it holds: lifetimes do not matter to it, and a pullback could not name them.
    fn associated(&self, ty: &syn::Type) -> TokenStream {
        let rt = self.rt;
        let ty = &owned_forever(ty);
        if self.kind.is_list() {
            let width = width();
            return quote!(<#ty as #rt::Batched<#width>>::Tangents);
        }
        quote!(<#ty as #rt::Differentiable>::Tangent)
    }

    /// The tangent of a scalar of this type.
    pub fn scalar(&self, ty: &TokenStream) -> TokenStream {
        let (rt, width) = (self.rt, width());
        if self.kind.is_list() {
            quote!(#rt::Lanes<#ty, #width>)
        } else {
            quote!(#ty)
        }
    }

    /// The tangent of a parameter that is passed so.
    pub fn passed(&self, mode: ParamMode, ty: &syn::Type) -> TokenStream {
        let behind = self.behind(ty);
        match mode {
            ParamMode::Value => self.owned(ty),
            ParamMode::Ref => quote!(&#behind),
            ParamMode::RefMut => quote!(&mut #behind),
        }
    }

    /// The tangent behind a reference: a slice for a slice.
    pub fn behind(&self, ty: &syn::Type) -> TokenStream {
        match ty {
            syn::Type::Reference(r) => self.behind(&r.elem),
            syn::Type::Paren(p) => self.behind(&p.elem),
            syn::Type::Group(g) => self.behind(&g.elem),
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

/// What a function returns its value in, where it may have none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrapper {
    /// `Option<T>`
    Option,
    /// `Result<T, E>`
    Result,
}

/// `T` of `Option<T>`, `Result<T, E>`, `io::Result<T>`.
pub fn wrapper(ty: &syn::TypePath) -> Option<(Wrapper, &syn::Type)> {
    let last = ty.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    let kind = match last.ident.to_string().as_str() {
        "Option" => Wrapper::Option,
        "Result" => Wrapper::Result,
        _ => return None,
    };
    match args.args.first()? {
        syn::GenericArgument::Type(inner) => Some((kind, inner)),
        _ => None,
    }
}

/// The wrapper with something else in it.
pub fn wrapping(ty: &syn::TypePath, inner: &TokenStream) -> TokenStream {
    let mut ty = ty.clone();
    let last = ty.path.segments.last_mut();
    if let Some(syn::PathArguments::AngleBracketed(args)) = last.map(|s| &mut s.arguments)
        && let Some(first) = args.args.first_mut()
    {
        *first = syn::GenericArgument::Type(syn::Type::Verbatim(inner.clone()));
    }
    ty.into_token_stream()
}

/// The type without parentheses and the groups that a `macro_rules` substitution leaves.
pub fn peel(ty: &syn::Type) -> &syn::Type {
    match ty {
        syn::Type::Paren(p) => peel(&p.elem),
        syn::Type::Group(g) => peel(&g.elem),
        other => other,
    }
}

/// The type that a reference refers to.
pub fn referred(ty: &syn::Type) -> &syn::Type {
    match peel(ty) {
        syn::Type::Reference(reference) => peel(&reference.elem),
        other => other,
    }
}

/// Does the type mention a lifetime or a reference?
pub fn has_lifetime(ty: &syn::Type) -> bool {
    fn any(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Punct(punct) => matches!(punct.as_char(), '\'' | '&'),
            proc_macro2::TokenTree::Group(group) => any(group.stream()),
            _ => false,
        })
    }
    any(ty.to_token_stream())
}

/// What tuples, lists, references and options are made of in the end, as paths.
fn parts(ty: &syn::Type) -> Vec<syn::Type> {
    match ty {
        syn::Type::Reference(r) => parts(&r.elem),
        syn::Type::Paren(p) => parts(&p.elem),
        syn::Type::Group(g) => parts(&g.elem),
        syn::Type::Slice(s) => parts(&s.elem),
        syn::Type::Array(a) => parts(&a.elem),
        syn::Type::Tuple(t) => t.elems.iter().flat_map(parts).collect(),
        syn::Type::Path(p) => match vec_element(p) {
            Some(element) => parts(element),
            None => match wrapper(p) {
                Some((_, inner)) => parts(inner),
                None => vec![ty.clone()],
            },
        },
        _ => Vec::new(),
    }
}

/// The type with its lifetimes left out.
pub fn elided(ty: &syn::Type) -> syn::Type {
    let mut ty = ty.clone();
    Lifetimes(None).visit_type_mut(&mut ty);
    ty
}

/// The type with `'static` for all its lifetimes.
fn owned_forever(ty: &syn::Type) -> syn::Type {
    struct Forever;
    impl VisitMut for Forever {
        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            *lifetime = syn::Lifetime::new("'static", lifetime.span());
        }
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            reference.lifetime = Some(syn::parse_quote!('static));
            self.visit_type_mut(&mut reference.elem);
        }
    }
    let mut ty = ty.clone();
    Forever.visit_type_mut(&mut ty);
    ty
}

/// The type with a name for each lifetime that was left out.
pub fn named(ty: &syn::Type, lifetime: &syn::Lifetime) -> syn::Type {
    let mut ty = ty.clone();
    Lifetimes(Some(lifetime)).visit_type_mut(&mut ty);
    ty
}

/// The type with a name for each lifetime that was left out, but that of the reference itself.
pub fn named_behind(ty: &syn::Type, lifetime: &syn::Lifetime) -> syn::Type {
    match ty {
        syn::Type::Reference(reference) => syn::Type::Reference(syn::TypeReference {
            elem: Box::new(named(&reference.elem, lifetime)),
            ..reference.clone()
        }),
        other => named(other, lifetime),
    }
}

/// Leaves lifetimes out, or names those that were. `Fn(&T)` and `fn(&T)` have lifetimes of their own, which stay.
struct Lifetimes<'a>(Option<&'a syn::Lifetime>);

impl VisitMut for Lifetimes<'_> {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        let kept = reference.lifetime.take();
        reference.lifetime = match (self.0, kept) {
            (_, Some(lifetime)) if lifetime.ident == "static" => Some(lifetime),
            (Some(_), Some(lifetime)) if lifetime.ident != "_" => Some(lifetime),
            (name, _) => name.cloned(),
        };
        self.visit_type_mut(&mut reference.elem);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        match self.0 {
            Some(name) if lifetime.ident == "_" => *lifetime = name.clone(),
            None if lifetime.ident != "static" => {
                *lifetime = syn::Lifetime::new("'_", lifetime.span());
            }
            _ => {}
        }
    }

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }

    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
}
