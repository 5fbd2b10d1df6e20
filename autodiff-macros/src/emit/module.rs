//! A function of its module's name: `mod area; pub use area::*;` brings the function, but `area::` is the module and not the companion.
//!
//! ```text
//! mod __area_calls { pub(crate) fn __jvp(..) -> .. { super::area::__jvp(..) } .. }
//! pub(crate) use __area_calls::*;
//! ```
//!
//! What calls in differentiated code use is therefore in the module too. Only inside the crate: two modules that are re-exported would otherwise be
//! reported as ambiguous. `area::area::grad` is the path for people.

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use std::path::Path;
use syn::{FnArg, ImplItem, Pat};

/// Is the function in a file of its own name?
pub fn is_named_as_module(name: &Ident) -> bool {
    // Outside of a compiler, spans know no files.
    proc_macro::is_available() && module(&name.span().unwrap().file()).is_some_and(|m| name == &m)
}

/// The module that a file holds: `area.rs`, `area/mod.rs`.
fn module(file: &str) -> Option<String> {
    let path = Path::new(file);
    let stem = match path.file_stem()?.to_str()? {
        "mod" => path.parent()?.file_name()?.to_str()?,
        stem => stem,
    };
    Some(stem.to_owned())
}

/// Functions of the module that do what those of the companion do.
pub fn calls(
    name: &Ident,
    vis: &syn::Visibility,
    conditions: &[&syn::Attribute],
    companion: TokenStream,
) -> Option<TokenStream> {
    let companion: syn::ItemImpl = syn::parse2(companion).ok()?;
    let items = companion.items.iter().filter_map(|item| call(name, item));
    let module = format_ident!("__{name}_calls", span = Span::mixed_site());
    let vis = match vis {
        syn::Visibility::Public(_) => hygienic!(pub(crate)),
        other => hygienic!(#other),
    };
    Some(hygienic! {
        #(#conditions)*
        #[doc(hidden)]
        #[allow(warnings, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        mod #module {
            use super::*;
            #(#items)*
        }
        #(#conditions)*
        #[doc(hidden)]
        #[allow(unused_imports)]
        #vis use #module::*;
    })
}

/// The same item, outside of the companion.
fn call(companion: &Ident, item: &ImplItem) -> Option<TokenStream> {
    match item {
        ImplItem::Fn(function) => {
            let mut sig = function.sig.clone();
            let name = &function.sig.ident;
            if !name.to_string().starts_with("__") {
                return None;
            }
            let names = sig.inputs.iter_mut().map(argument);
            let names: Vec<Ident> = names.collect::<Option<_>>()?;
            Some(hygienic! {
                #[inline]
                pub(crate) #sig { super::#companion::#name(#(#names),*) }
            })
        }
        ImplItem::Const(constant) => {
            let (name, ty) = (&constant.ident, &constant.ty);
            Some(hygienic!(pub(crate) const #name: #ty = super::#companion::#name;))
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

#[cfg(test)]
mod tests {
    use super::module;

    #[test]
    fn the_module_of_a_file() {
        assert_eq!(module("src/shapes/area.rs").as_deref(), Some("area"));
        assert_eq!(module("src/shapes/mod.rs").as_deref(), Some("shapes"));
        assert_eq!(module(""), None);
    }
}
