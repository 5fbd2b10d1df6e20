//! `tangent[i]`, where the `impl` of `Index` of the type is annotated: see [`members::entries`](crate::members). That of a type with lifetimes cannot be.

use super::model::Model;
use proc_macro2::TokenStream;
use quote::quote;

pub fn impls(model: &Model) -> TokenStream {
    let (rt, tangent, generics) = (&model.rt, &model.tangent, &model.generics);
    let (parameters, arguments) = (&generics.parameters, &generics.arguments);
    let (name, of) = (&model.item.ident, &generics.primal_arguments);
    if model.item.generics.lifetimes().next().is_some() {
        return TokenStream::new();
    }
    let primal = quote!(#name #of);
    let found = quote!(#primal: #rt::Entries<__P, #tangent #arguments>);
    let clause = generics.clause_with(std::iter::once(found));
    let entries = quote!(<#primal as #rt::Entries<__P, Self>>);
    quote! {
        #[automatically_derived]
        impl<#(#parameters,)* __P> ::core::ops::Index<__P> for #tangent #arguments #clause {
            type Output = #entries::Entry;
            #[inline]
            #[track_caller]
            fn index(&self, position: __P) -> &Self::Output {
                #entries::entry(self, position)
            }
        }

        #[automatically_derived]
        impl<#(#parameters,)* __P> ::core::ops::IndexMut<__P> for #tangent #arguments #clause {
            #[inline]
            #[track_caller]
            fn index_mut(&mut self, position: __P) -> &mut Self::Output {
                #entries::entry_mut(self, position)
            }
        }
    }
}
