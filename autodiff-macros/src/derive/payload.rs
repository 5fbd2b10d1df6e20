//! Methods that give what the variants of an enum's tangent hold, by the name that a pattern has: generated code does not know that of the type.
//!
//! ```text
//! fn __Circle_0(&self) -> &f64      fn __Circle_0_mut(&mut self) -> &mut f64
//! ```

use super::model::{Field, Model, Variant};
use crate::ir::{Access, Payload};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub fn accessors(model: &Model) -> TokenStream {
    let (name, generics) = (&model.tangent, &model.generics);
    let (parameters, arguments) = (&generics.parameters, &generics.arguments);
    let clause = &generics.tangent_clause;
    let several = model.variants.len() > 1;
    let methods = model.variants.iter().flat_map(|v| {
        let title = v.name.unwrap_or(&model.item.ident);
        v.fields.iter().map(move |f| accessor(v, title, f, several))
    });
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case, dead_code, missing_docs)]
        impl<#(#parameters),*> #name #arguments #clause { #(#methods)* }
    }
}

fn accessor(variant: &Variant, name: &Ident, field: &Field, several: bool) -> TokenStream {
    let (path, member, ty) = (variant.path(&quote!(Self)), &field.member, &field.tangent);
    let otherwise = several.then(
        || quote!(_ => ::core::panic!("a tangent belongs to another variant than its value")),
    );
    let arms = quote!(#path { #member: payload, .. } => payload, #otherwise);
    let read = Payload::method(name, member, Access::Tangent);
    let write = Payload::method(name, member, Access::TangentMut);
    quote! {
        #[inline]
        pub fn #read(&self) -> &#ty {
            match self { #arms }
        }
        #[inline]
        pub fn #write(&mut self) -> &mut #ty {
            match self { #arms }
        }
    }
}
