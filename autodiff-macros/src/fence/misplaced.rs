//! The attribute on something that is no function.

use crate::diagnostic::Diagnostics;
use proc_macro2::TokenStream;
use syn::Item;
use syn::spanned::Spanned;

/// Reports what the attribute stands on instead of a function, or what of a function does not parse.
pub fn misplaced(item: TokenStream, diagnostics: &mut Diagnostics) {
    let span = item.clone().into_iter().next().map(|t| t.span());
    let span = span.unwrap_or_else(proc_macro2::Span::call_site);
    if syn::parse2::<syn::TraitItemFn>(item.clone()).is_ok_and(|f| f.default.is_none()) {
        return diagnostics.function_without_body(span);
    }
    let is_function = item.clone().into_iter().any(|t| t.to_string() == "fn");
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Struct(i)) => diagnostics.on_type(i.ident.span(), "a struct"),
        Ok(Item::Enum(i)) => diagnostics.on_type(i.ident.span(), "an enum"),
        Ok(Item::Union(i)) => diagnostics.on_type(i.ident.span(), "a union"),
        Ok(Item::Mod(i)) => diagnostics.on_module(i.ident.span()),
        Ok(Item::Macro(i)) => diagnostics.on_macro(i.mac.path.span()),
        Ok(_) => diagnostics.not_a_function(span),
        Err(_) => match syn::parse2::<syn::ItemFn>(item) {
            Err(error) if is_function => {
                diagnostics.function_syntax(error.span(), &error.to_string());
            }
            _ => diagnostics.not_a_function(span),
        },
    }
}
