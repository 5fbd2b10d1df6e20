//! The generics of a type and those of its tangent, which owns what it holds: it has no lifetimes.

use crate::emit::types::{Kind, width};
use crate::names::mentions;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;

/// What stands where in the generated items.
pub struct Generics {
    /// `<T: Bound, const N: usize>` of the tangent's declaration.
    pub declared: TokenStream,
    /// Its where clause: the user's, and a tangent for the types of the fields.
    pub tangent_clause: TokenStream,
    /// The parameters of the tangent, for an impl with further ones.
    pub parameters: Vec<TokenStream>,
    /// The predicates of [`Generics::tangent_clause`].
    pub predicates: Vec<TokenStream>,
    /// `<T, N>`
    pub arguments: TokenStream,
    /// `<'a, T: Bound>` of an impl for the type itself.
    pub primal_list: TokenStream,
    /// Its where clause.
    pub primal_clause: TokenStream,
    /// `<'a, T>`
    pub primal_arguments: TokenStream,
}

impl Generics {
    /// `parts` are the types in the fields that need a tangent of this kind.
    pub fn new(
        generics: &syn::Generics,
        rt: &TokenStream,
        parts: &[syn::Type],
        kind: Kind,
    ) -> Self {
        let (_, primal_arguments, _) = generics.split_for_impl();
        let primal = with_width(generics, kind);
        let (primal_list, ..) = primal.split_for_impl();
        let predicates = generics.where_clause.iter().flat_map(|w| &w.predicates);
        let primal = predicates.map(ToTokens::to_token_stream);
        let bound = |ty| has_tangent(ty, generics, rt, kind);
        let primal = primal.chain(parts.iter().map(bound));
        let owned = with_width(&without_lifetimes(generics), kind);
        let (list, arguments, _) = owned.split_for_impl();
        let predicates = owned.where_clause.iter().flat_map(|w| &w.predicates);
        let parts = parts.iter().map(|ty| erase_lifetimes(ty, generics));
        let predicates: Vec<_> = predicates
            .map(ToTokens::to_token_stream)
            .chain(parts.map(|ty| has_tangent(&ty, generics, rt, kind)))
            .collect();
        Self {
            declared: quote!(#list),
            tangent_clause: clause(&predicates),
            parameters: parameters(&owned),
            predicates,
            arguments: quote!(#arguments),
            primal_list: quote!(#primal_list),
            primal_clause: clause(&primal.collect::<Vec<_>>()),
            primal_arguments: quote!(#primal_arguments),
        }
    }

    /// The where clause of the tangent with more predicates.
    pub fn clause_with(&self, more: impl Iterator<Item = TokenStream>) -> TokenStream {
        let all: Vec<_> = self.predicates.iter().cloned().chain(more).collect();
        clause(&all)
    }
}

/// The bound that a type has a tangent. Where it depends on no parameter the lifetime delays the question: it is asked once, of the field.
fn has_tangent(
    ty: &syn::Type,
    generics: &syn::Generics,
    rt: &TokenStream,
    kind: Kind,
) -> TokenStream {
    if kind.is_list() {
        let width = width();
        return quote!(#ty: #rt::Batched<#width>);
    }
    let deferred = (!mentions_parameter(ty, generics)).then(|| quote!(for<'deferred>));
    quote!(#deferred #ty: #rt::Differentiable)
}

/// With the number of scalars in a list, where tangents are made of such.
fn with_width(generics: &syn::Generics, kind: Kind) -> syn::Generics {
    let mut generics = generics.clone();
    if kind.is_list() {
        let width = width();
        generics.params.push(syn::parse_quote!(const #width: usize));
    }
    generics
}

fn clause(predicates: &[TokenStream]) -> TokenStream {
    if predicates.is_empty() {
        TokenStream::new()
    } else {
        quote!(where #(#predicates),*)
    }
}

/// The parameters without their defaults.
fn parameters(generics: &syn::Generics) -> Vec<TokenStream> {
    let params = generics.params.iter().cloned().map(|mut param| {
        match &mut param {
            syn::GenericParam::Type(t) => t.default = None,
            syn::GenericParam::Const(c) => c.default = None,
            syn::GenericParam::Lifetime(_) => {}
        }
        param.into_token_stream()
    });
    params.collect()
}

fn without_lifetimes(generics: &syn::Generics) -> syn::Generics {
    let mut owned = generics.clone();
    let is_type = |p: &syn::GenericParam| !matches!(p, syn::GenericParam::Lifetime(_));
    owned.params = owned.params.into_iter().filter(is_type).collect();
    for param in owned.type_params_mut() {
        param.bounds = of_traits(&param.bounds);
    }
    if let Some(clause) = &mut owned.where_clause {
        let predicates = std::mem::take(&mut clause.predicates);
        clause.predicates = predicates.into_iter().filter_map(outlives_aside).collect();
    }
    Erase(generics).visit_generics_mut(&mut owned);
    owned
}

type Bounds = syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>;

fn of_traits(bounds: &Bounds) -> Bounds {
    let is_lifetime = |b: &&syn::TypeParamBound| matches!(b, syn::TypeParamBound::Lifetime(_));
    bounds.iter().filter(|b| !is_lifetime(b)).cloned().collect()
}

/// The predicate without `T: 'a`.
fn outlives_aside(predicate: syn::WherePredicate) -> Option<syn::WherePredicate> {
    match predicate {
        syn::WherePredicate::Type(mut predicate) => {
            predicate.bounds = of_traits(&predicate.bounds);
            (!predicate.bounds.is_empty()).then_some(syn::WherePredicate::Type(predicate))
        }
        _ => None,
    }
}

/// The type with `'static` for the lifetimes of the item.
pub fn erase_lifetimes(ty: &syn::Type, generics: &syn::Generics) -> syn::Type {
    let mut ty = ty.clone();
    Erase(generics).visit_type_mut(&mut ty);
    ty
}

struct Erase<'a>(&'a syn::Generics);

impl VisitMut for Erase<'_> {
    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if self.0.lifetimes().any(|l| l.lifetime == *lifetime) {
            *lifetime = syn::Lifetime::new("'static", lifetime.span());
        }
    }
}

/// Does a type parameter occur in the type? What holds of all other types need not be stated.
pub fn mentions_parameter(ty: &syn::Type, generics: &syn::Generics) -> bool {
    let mut params = generics.type_params();
    params.any(|p| mentions(ty.to_token_stream(), &p.ident))
}
