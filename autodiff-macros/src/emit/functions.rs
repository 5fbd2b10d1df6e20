//! Parameters that are functions, in the generated signatures: each is a type parameter, bound as the derivative of the function.
//!
//! ```text
//! f: impl Fn(f64, usize) -> f64      jvp: Function0: Fn(f64, usize, f64) -> (f64, f64) + Clone
//!                                    vjp: Function0: Fn(f64, usize) -> (f64, Pullback0) + Clone, Pullback0: FnOnce(f64) -> f64
//!             vjp_jvp: Function0: Fn(f64, usize, f64) -> (f64, (f64, Pullback0)) + Clone, Pullback0: FnOnce(f64, f64) -> (f64, f64)
//! ```

use super::lambda::{has_no_result, is_active, is_exclusive};
use super::types::{Tangents, peel, wrapper, wrapping};
use crate::ir::{FnType, Function};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

/// The name of the type of the parameter number `k`.
pub fn function_name(k: usize) -> Ident {
    format_ident!("Function{k}", span = Span::mixed_site())
}

/// Generics without the type parameters that stand for functions.
pub fn without_functions(generics: &syn::Generics) -> syn::Generics {
    let mut kept = generics.clone();
    let is_function =
        |name: &Ident| crate::lower::types::generic_function(name, generics).is_some();
    let params = generics.params.iter().cloned();
    kept.params = params
        .filter(|p| !matches!(p, syn::GenericParam::Type(t) if is_function(&t.ident)))
        .collect();
    if let Some(clause) = &mut kept.where_clause {
        let predicates = std::mem::take(&mut clause.predicates).into_iter();
        clause.predicates = predicates
            .filter(|p| match p {
                syn::WherePredicate::Type(p) => match &p.bounded_ty {
                    syn::Type::Path(t) => !t.path.get_ident().is_some_and(is_function),
                    _ => true,
                },
                _ => true,
            })
            .collect();
    }
    kept
}

/// As what a function is given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// As its `jvp`.
    Tangent,
    /// As its `vjp`.
    Pullback,
    /// As its `vjp_jvp`.
    Both,
}

/// The lifetime of what is handed over as functions, and of the boxed pullbacks that own it.
pub fn lifetime_of_functions() -> syn::Lifetime {
    syn::Lifetime::new("'functions", Span::mixed_site())
}

/// Generics with the functions as their derivatives, which live as long as a pullback that owns them.
pub fn with_derivatives(
    generics: &syn::Generics,
    function: &Function,
    tangents: &Tangents<'_>,
    given: Given,
) -> syn::Generics {
    let mut generics = generics.clone();
    let lifetime = lifetime_of_functions();
    let functions = function.params.iter().any(|p| p.function.is_some());
    if functions && given != Given::Tangent {
        generics.params.insert(0, syn::parse_quote!(#lifetime));
    }
    for (k, param) in function.params.iter().enumerate() {
        let Some(ty) = &param.function else { continue };
        let name = function_name(k);
        let pullback = format_ident!("Pullback{k}", span = Span::mixed_site());
        let (bound, run) = match given {
            Given::Tangent => (gives_tangent(ty, tangents, None), None),
            Given::Pullback => {
                let run = pullback_bound(ty, tangents, false);
                (gives_pullback(ty, &pullback), Some(run))
            }
            Given::Both => {
                let run = pullback_bound(ty, tangents, true);
                (gives_tangent(ty, tangents, Some(&pullback)), Some(run))
            }
        };
        let lives = run.is_some().then(|| quote!(+ #lifetime));
        let params = &mut generics.params;
        params.push(syn::parse_quote!(#name: #bound + ::core::clone::Clone #lives));
        params.extend(
            run.map(|run| -> syn::GenericParam { syn::parse_quote!(#pullback: #run #lives) }),
        );
    }
    generics
}

fn output(ty: &FnType) -> TokenStream {
    match &ty.output {
        syn::ReturnType::Default => quote!(()),
        syn::ReturnType::Type(_, ty) => ty.to_token_stream(),
    }
}

/// The result with something beside its value.
fn beside(ty: &FnType, derivative: impl Fn(&syn::Type) -> TokenStream) -> TokenStream {
    let unit: syn::Type = syn::parse_quote!(());
    let whole = match &ty.output {
        syn::ReturnType::Default => &unit,
        syn::ReturnType::Type(_, ty) => peel(ty),
    };
    if let syn::Type::Path(path) = whole
        && let Some((_, inner)) = wrapper(path)
    {
        let derivative = derivative(inner);
        return wrapping(path, &quote!((#inner, #derivative)));
    }
    let (value, derivative) = (output(ty), derivative(whole));
    quote!((#value, #derivative))
}

fn gives_pullback(ty: &FnType, pullback: &Ident) -> TokenStream {
    let (kind, inputs) = (&ty.kind, &ty.inputs);
    let both = beside(ty, |_| pullback.to_token_stream());
    quote!(::core::ops::#kind(#(#inputs),*) -> #both)
}

/// Beside the value the tangent, and perhaps a pullback beside that.
fn gives_tangent(ty: &FnType, tangents: &Tangents<'_>, pullback: Option<&Ident>) -> TokenStream {
    let (kind, inputs) = (&ty.kind, &ty.inputs);
    let directions = ty.inputs.iter().filter(|t| is_active(t));
    let directions = directions.map(|t| match t {
        syn::Type::Reference(r) => {
            let (mutable, behind) = (&r.mutability, tangents.behind(t));
            quote!(&#mutable #behind)
        }
        t => tangents.owned(t),
    });
    let both = beside(ty, |t| {
        let tangent = tangents.owned(t);
        pullback.map_or(tangent.clone(), |pullback| quote!((#tangent, #pullback)))
    });
    quote!(::core::ops::#kind(#(#inputs,)* #(#directions),*) -> #both)
}

/// With the cotangents their tangents, and with the gradients theirs, if it is of `both`.
fn pullback_bound(ty: &FnType, tangents: &Tangents<'_>, both: bool) -> TokenStream {
    let whole = match &ty.output {
        syn::ReturnType::Type(_, ty) => match peel(ty) {
            syn::Type::Path(path) => wrapper(path).map_or(peel(ty), |(_, inner)| inner).clone(),
            other => other.clone(),
        },
        syn::ReturnType::Default => syn::parse_quote!(()),
    };
    let result = (!has_no_result(&ty.output)).then(|| tangents.owned(&whole));
    let outputs = ty.inputs.iter().filter(|t| is_exclusive(t) && is_active(t));
    let taken = result.into_iter().chain(outputs.map(|t| tangents.owned(t)));
    let taken: Vec<TokenStream> = taken.collect();
    let active = ty.inputs.iter().filter(|t| is_active(t));
    let gradients: Vec<TokenStream> = active.map(|t| tangents.owned(t)).collect();
    let gradients = match gradients.as_slice() {
        [one] => one.clone(),
        all => quote!((#(#all),*)),
    };
    if both {
        return quote!(::core::ops::FnOnce(#(#taken,)* #(#taken),*) -> (#gradients, #gradients));
    }
    quote!(::core::ops::FnOnce(#(#taken),*) -> #gradients)
}
