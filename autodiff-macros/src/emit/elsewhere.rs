//! Functions that the macro does not see, those of other crates: what is said where one has no companion.
//!
//! ```text
//! dep::g(x)       ({
//!                     struct g;
//!                     impl g { fn __forward<R, A1>(_: A1) -> R where Self: rt::Marked<A1> { .. } }
//!                     { use dep::*; g::__forward }
//!                 })(x)
//! ```
//!
//! The companion, which the glob brings if there is one, hides the type around it. That type asks for what nothing is: the message says what is missing.

use super::Emitter;
use super::callee;
use crate::ir::{Call, CallKind, Home};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

impl Emitter<'_> {
    /// A part of the protocol of a function.
    pub(super) fn part_elsewhere(
        &self,
        call: &Call,
        part: &syn::ExprPath,
        args: usize,
    ) -> TokenStream {
        let (rt, companion) = (self.rt, companion(call));
        let name = part.path.segments.last();
        let types: Vec<Ident> = (1..=args).map(|k| format_ident!("A{k}")).collect();
        let function = name.map(|last| &last.ident);
        // One message will do: where a pullback is called, it was made.
        let makes = function.is_some_and(|f| !f.to_string().starts_with("__backward"));
        let asks = makes.then(|| quote!(where Self: #rt::Marked<(#(#types,)*)>));
        let stands_in = quote! {
            impl #companion {
                #[allow(dead_code)]
                fn #function<R, #(#types),*>(#(_: #types),*) -> R
                #asks
                {
                    ::core::unreachable!()
                }
            }
        };
        let part = named(call, &stands_in, &quote!(#companion::#name));
        quote!((#part))
    }
}

/// An expression with the companion of the function by its name alone; for want of one, it is of a type that has what `stands_in` gives it.
pub(super) fn named(call: &Call, stands_in: &TokenStream, expr: &TokenStream) -> TokenStream {
    let (name, mut modules) = (companion(call), call.path.path.clone());
    modules.segments.pop();
    let modules = match modules.segments.is_empty() {
        true => quote!(self::),
        false => modules.to_token_stream(),
    };
    quote!({
        #[allow(dead_code, non_camel_case_types)]
        struct #name;
        #stands_in
        {
            #[allow(unused_imports, clippy::wildcard_imports)]
            use #modules *;
            #expr
        }
    })
}

/// May the function be without a companion?
pub(super) fn is_elsewhere(call: &Call) -> bool {
    call.home == Home::Elsewhere
        && call.kind == CallKind::Path
        && call.function.is_none()
        && !call.is_member()
}

/// The companion.
pub(super) fn companion(call: &Call) -> TokenStream {
    let path = callee::companion(call).path;
    path.segments.last().to_token_stream()
}
