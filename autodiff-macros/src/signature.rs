//! The signature that the derivative functions have: what is only known by what can be made of it is taken as that, and each other
//! `impl Trait` has a name.
//!
//! *In*: the function as written. *Out*: the same function with parameters of which tangents can be made.
//!
//! ```text
//! fn f(x: impl Float)                               fn f<Impl0: Float>(x: Impl0)
//! fn f<P: Into<Point>>(p: P)                        fn f(p: Point)
//! fn f(x: impl AsRef<[f64]>)                        fn f(x: &[f64])
//! fn f<I: Iterator<Item = f64>>(items: I)           fn f(items: Vec<f64>) { let items = items.into_iter(); .. }
//! fn f<'a>(items: impl Iterator<Item = &'a f64>)    fn f(items: &[f64]) { let items = items.iter(); .. }
//! fn f(weights: Option<&[f64]>)                     fn f(weights: Option<Vec<f64>>) { let weights = weights.as_deref(); .. }
//! ```
//!
//! What an operator of a float gives is the float: `T` for `T::Output`, which would be ambiguous where all operators are asked of `T`.
//! A source of random numbers (`R: Rng`) is a constant. Functions are left alone: `emit::functions` has its own type parameters for them. So are floats (`T: Into<f64>`), which stay generic.

use crate::emit::types::referred;
use crate::lower::types;
use crate::members::derives_tangent;
use crate::names::mentions;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, Generics, Pat, Stmt, Type, TypeParamBound};

/// The mark on a parameter whose `into`, `as_ref` or `borrow` gives the parameter itself.
pub const CONVERTED: &str = "converted";

/// The mark on a parameter that the function as written takes as an `Option` of a reference.
pub const LENT: &str = "lent";

/// A function with parameters that have derivatives.
pub struct Differentiable {
    pub item: syn::ItemFn,
    /// The type parameters that it got.
    named: Vec<syn::GenericParam>,
    /// Those that it had.
    replaced: Vec<Ident>,
}

impl Differentiable {
    /// Generics of which the function's are a part, as it has them now.
    pub fn generics(&self, generics: &Generics) -> Generics {
        let mut generics = generics.clone();
        remove(&mut generics, &self.replaced);
        generics.params.extend(self.named.iter().cloned());
        generics
    }
}

/// The function with other parameters.
pub fn differentiable(whole: &syn::ItemFn, rt: &TokenStream) -> Differentiable {
    let mut item = whole.clone();
    closed(&mut item);
    let mut replaced = Vec::new();
    for input in &mut item.sig.inputs {
        if let FnArg::Typed(arg) = input
            && let Some(made) = made(&arg.ty, whole)
        {
            replaced.extend(type_parameter(&arg.ty));
            item.block.stmts.splice(0..0, made.again(&arg.pat));
            arg.attrs.push(mark(match made {
                Made::Lent(_) => LENT,
                _ => CONVERTED,
            }));
            *arg.ty = made.ty(rt);
        }
        if let FnArg::Typed(arg) = input
            && is_random(&arg.ty, &whole.sig.generics)
        {
            arg.attrs.push(mark("constant"));
        }
    }
    let mut named = Named {
        generics: &whole.sig.generics,
        params: Vec::new(),
    };
    for input in &mut item.sig.inputs {
        named.visit_fn_arg_mut(input);
    }
    let mut made = Differentiable {
        item,
        named: named.params,
        replaced,
    };
    made.item.sig.generics = made.generics(&whole.sig.generics);
    made
}

/// Writes `T` for `T::Output` and `<T as Add>::Output`, where `T` is a float.
pub fn closed(item: &mut syn::ItemFn) {
    struct Closed(Vec<Ident>);
    impl VisitMut for Closed {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            visit_mut::visit_type_mut(self, ty);
            let Some(name) = operand(ty).filter(|name| self.0.contains(name)) else {
                return;
            };
            *ty = syn::parse_quote!(#name);
        }
    }
    let floats = types::float_params(&item.sig.generics);
    if !floats.is_empty() {
        Closed(floats).visit_item_fn_mut(item);
    }
}

/// The type parameter of which the type is the output.
fn operand(ty: &Type) -> Option<Ident> {
    let Type::Path(path) = ty else { return None };
    let segments = &path.path.segments;
    let output = segments.len() == 2 && segments[1].ident == "Output";
    match &path.qself {
        Some(owner) if output => type_parameter(&owner.ty),
        None if output => Some(segments[0].ident.clone()),
        _ => None,
    }
}

/// What can be made of a parameter.
enum Made {
    /// An iterator over items of this type.
    Items(Type),
    /// A value of this type.
    Value(Type),
    /// A reference to one.
    Reference(Type),
    /// An `Option` of a reference to one.
    Lent(Type),
}

impl Made {
    fn of(bound: &TypeParamBound, generics: &Generics) -> Option<Self> {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let segment = bound.path.segments.last()?;
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
            return None;
        };
        let mut arguments = arguments.args.iter();
        match (segment.ident.to_string().as_str(), arguments.next()?) {
            (
                "Iterator" | "IntoIterator" | "ExactSizeIterator" | "DoubleEndedIterator",
                syn::GenericArgument::AssocType(item),
            ) if item.ident == "Item" => Some(Self::Items(item.ty.clone())),
            (trait_name, syn::GenericArgument::Type(ty)) => {
                let is_float = types::known(ty, &types::float_params(generics)).is_float();
                match (trait_name, is_float) {
                    ("Into", false) | ("Borrow", true) => Some(Self::Value(ty.clone())),
                    ("AsRef" | "Borrow", false) => Some(Self::Reference(ty.clone())),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The type as which the parameter is taken.
    fn ty(&self, rt: &TokenStream) -> Type {
        match self {
            Self::Items(Type::Reference(item)) => {
                let item = referred(&item.elem);
                syn::parse_quote!(&[#item])
            }
            Self::Items(item) => syn::parse_quote!(#rt::Vec<#item>),
            Self::Value(ty) => ty.clone(),
            Self::Reference(ty) => syn::parse_quote!(&#ty),
            Self::Lent(Type::Slice(list)) => {
                let item = &list.elem;
                syn::parse_quote!(::core::option::Option<#rt::Vec<#item>>)
            }
            Self::Lent(ty) => syn::parse_quote!(::core::option::Option<#ty>),
        }
    }

    /// The statement that makes an iterator of the list again, or a reference of the value.
    fn again(&self, pat: &Pat) -> Option<Stmt> {
        let Pat::Ident(pat) = pat else {
            return None;
        };
        let name = &pat.ident;
        let again: TokenStream = match self {
            Self::Items(Type::Reference(_)) => quote!(#name.iter()),
            Self::Items(_) => quote!(#name.into_iter()),
            Self::Lent(Type::Slice(_)) => quote!(#name.as_deref()),
            Self::Lent(_) => quote!(#name.as_ref()),
            Self::Value(_) | Self::Reference(_) => return None,
        };
        Some(syn::parse_quote!(let #pat = #again;))
    }
}

/// What can be made of a parameter of this type, if nothing else is known of it. A type that stands in other places too stays as it is.
fn made(ty: &Type, item: &syn::ItemFn) -> Option<Made> {
    let generics = &item.sig.generics;
    if let Type::Reference(reference) = ty {
        let behind = made(&reference.elem, item);
        return behind.filter(|made| matches!(made, Made::Reference(_)));
    }
    let known = |ty: &Type| types::known(ty, &types::float_params(generics));
    let has_tangent = |ty: &&Type| known(ty).holds_floats() || derives_tangent(ty);
    if let Some(behind) = lent(ty).filter(has_tangent) {
        return Some(Made::Lent(behind.clone()));
    }
    if let Type::ImplTrait(implied) = ty {
        return implied.bounds.iter().find_map(|b| Made::of(b, generics));
    }
    let name = type_parameter(ty).filter(|name| is_only_a_parameter(name, item))?;
    types::bounds(&name, generics).find_map(|b| Made::of(b, generics))
}

/// `T` of `Option<&T>`
pub fn lent(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(Type::Reference(reference))
            if last.ident == "Option" && reference.mutability.is_none() =>
        {
            Some(&reference.elem)
        }
        _ => None,
    }
}

/// Does the name stand for types of whole parameters, and nothing else?
fn is_only_a_parameter(name: &Ident, item: &syn::ItemFn) -> bool {
    let inner = |input: &&FnArg| match input {
        FnArg::Typed(arg) => type_parameter(&arg.ty).is_none(),
        FnArg::Receiver(_) => true,
    };
    let inputs = item
        .sig
        .inputs
        .iter()
        .filter(inner)
        .map(ToTokens::to_token_stream);
    let others = [
        item.sig.output.to_token_stream(),
        item.block.to_token_stream(),
    ];
    !inputs.chain(others).any(|tokens| mentions(tokens, name))
}

/// Does a function with this signature take a list, for an iterator, where it is written this type?
pub fn takes_items(sig: &syn::Signature, ty: &Type) -> bool {
    let item: syn::ItemFn = syn::parse_quote!(#sig {});
    matches!(made(ty, &item), Some(Made::Items(item)) if !matches!(item, Type::Reference(_)))
}

/// What a function with this signature makes of a parameter of this type by `into`.
pub fn becomes(sig: &syn::Signature, ty: &Type) -> Option<Type> {
    let item: syn::ItemFn = syn::parse_quote!(#sig {});
    match made(ty, &item)? {
        Made::Value(ty) => Some(ty),
        _ => None,
    }
}

fn mark(name: &str) -> syn::Attribute {
    let mark = Ident::new(name, Span::mixed_site());
    syn::parse_quote!(#[#mark])
}

/// Is it a source of random numbers, by its name or by the trait that it is bound by?
fn is_random(ty: &Type, generics: &Generics) -> bool {
    const TRAITS: &[&str] = &["Rng", "RngCore", "RngExt", "CryptoRng"];
    let is_source = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|s| TRAITS.iter().any(|name| s.ident == name))
        }
        _ => false,
    };
    match referred(ty) {
        Type::ImplTrait(implied) => implied.bounds.iter().any(is_source),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let bound = types::bounds(&last.ident, generics).any(is_source);
            bound || last.ident.to_string().ends_with("Rng")
        }),
        _ => false,
    }
}

fn type_parameter(ty: &Type) -> Option<Ident> {
    match referred(ty) {
        Type::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    }
}

/// Takes the type parameters away, and what is asked of them.
fn remove(generics: &mut Generics, names: &[Ident]) {
    let is_kept = |tokens: &dyn ToTokens| {
        let mut names = names.iter();
        !names.any(|name| mentions(tokens.to_token_stream(), name))
    };
    let params = std::mem::take(&mut generics.params).into_iter();
    generics.params = params.filter(|p| is_kept(p)).collect();
    if let Some(clause) = &mut generics.where_clause {
        let predicates = std::mem::take(&mut clause.predicates).into_iter();
        clause.predicates = predicates.filter(|p| is_kept(p)).collect();
    }
}

/// Gives each `impl Trait` a name: what a pullback captures has to be named.
struct Named<'g> {
    generics: &'g Generics,
    params: Vec<syn::GenericParam>,
}

impl VisitMut for Named<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let implied = match ty {
            Type::ImplTrait(_) if types::function_type(ty, self.generics).is_some() => return,
            Type::ImplTrait(implied) => implied,
            _ => return visit_mut::visit_type_mut(self, ty),
        };
        let name = format!("Impl{}", self.params.len());
        let name = Ident::new(&name, Span::mixed_site());
        let bounds = &implied.bounds;
        self.params.push(syn::parse_quote!(#name: #bounds));
        *ty = syn::parse_quote!(#name);
    }
}
