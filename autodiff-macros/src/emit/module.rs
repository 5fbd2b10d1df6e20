//! A function of its module's name: `mod area; pub use area::*;` brings the function, but `area::` is the module and not the companion.
//!
//! ```text
//! mod __area_calls { pub(crate) fn __jvp(..) -> .. { super::area::__jvp(..) } .. }
//! pub(crate) use __area_calls::*;
//! ```
//!
//! What calls in differentiated code use is therefore in the module too. Only inside the crate: two modules that are re-exported would otherwise be
//! reported as ambiguous. `area::area::grad` is the path for people.
//!
//! `pub use area::area;` would bring the companion too, beside the module of the same name. It is private to the module then, and the module has all that
//! the companion has: `area::grad`.

use crate::source::namesakes::Brought;
use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use syn::{FnArg, ImplItem, Pat};

/// What a companion says of its pullback, or leaves to the runtime's `Callee`.
const CONSTANTS: &[(&str, &str)] = &[
    ("__USES", "u64"),
    ("__RESTORES", "u64"),
    ("__READS", "u64"),
    ("__SINGULAR", "bool"),
];

/// Functions of the module that do what those of the companion do.
pub fn calls(
    name: &Ident,
    (vis, brought): (&syn::Visibility, Brought),
    conditions: &[&syn::Attribute],
    companion: TokenStream,
    rt: &TokenStream,
) -> Option<TokenStream> {
    let companion: syn::ItemImpl = syn::parse2(companion).ok()?;
    let items = companion.items.iter();
    let items = items.filter(|item| brought == Brought::ByName || is_internal(item));
    let items = items.filter_map(|item| call(name, item));
    let constants = CONSTANTS.iter().map(|(constant, ty)| {
        let constant = Ident::new(constant, Span::mixed_site());
        let ty = Ident::new(ty, Span::mixed_site());
        hygienic!(pub const #constant: #ty = super::#name::#constant;)
    });
    let module = format_ident!("__{name}_calls", span = Span::mixed_site());
    let vis = match vis {
        syn::Visibility::Public(_) if brought == Brought::Otherwise => hygienic!(pub(crate)),
        other => hygienic!(#other),
    };
    Some(hygienic! {
        #(#conditions)*
        #[doc(hidden)]
        #[allow(warnings, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        mod #module {
            use super::*;
            use #rt::Callee as _;
            #(#items)*
            #(#constants)*
        }
        #(#conditions)*
        #[doc(hidden)]
        #[allow(unused_imports)]
        #vis use #module::*;
    })
}

/// Is it for calls in differentiated code?
fn is_internal(item: &ImplItem) -> bool {
    match item {
        ImplItem::Fn(function) => function.sig.ident.to_string().starts_with("__"),
        _ => false,
    }
}

/// The same item, outside of the companion.
fn call(companion: &Ident, item: &ImplItem) -> Option<TokenStream> {
    match item {
        ImplItem::Fn(function) => {
            let mut sig = function.sig.clone();
            let name = &function.sig.ident;
            let names = sig.inputs.iter_mut().map(argument);
            let names: Vec<Ident> = names.collect::<Option<_>>()?;
            Some(hygienic! {
                #[inline]
                pub #sig { super::#companion::#name(#(#names),*) }
            })
        }
        _ => None,
    }
}

/// The name of a parameter, which need not be mutable any more.
fn argument(input: &mut FnArg) -> Option<Ident> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    let Pat::Ident(name) = &mut *typed.pat else {
        return None;
    };
    name.mutability = None;
    Some(name.ident.clone())
}
