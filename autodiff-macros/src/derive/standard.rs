//! The traits of the standard library for a tangent: `Clone`, `Copy`, `Debug`, `PartialEq` and `Default` where its fields have them, and the
//! operators of a vector space.

use super::model::{Model, Variant};
use proc_macro2::TokenStream;
use quote::quote;

pub fn impls(model: &Model) -> TokenStream {
    let parts = [
        clone(model),
        debug(model),
        equal(model),
        default(model),
        operators(model),
    ];
    parts.into_iter().collect()
}

/// Those of several tangents, which are not for arithmetic.
pub fn of_lists(model: &Model) -> TokenStream {
    let parts = [clone(model), debug(model), equal(model), default(model)];
    parts.into_iter().collect()
}

/// `impl trait for Tangent` where each field has it; the lifetime delays the question until somebody asks.
fn conditional(model: &Model, name: &TokenStream, body: &TokenStream) -> TokenStream {
    let fields = model.differentiable().filter(|f| !f.recursive);
    let fields = fields.map(|f| {
        let ty = &f.tangent;
        quote!(for<'deferred> #ty: #name)
    });
    implement(model, name, body, fields)
}

fn implement(
    model: &Model,
    name: &TokenStream,
    body: &TokenStream,
    more: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let (tangent, parameters) = (&model.tangent, &model.generics.parameters);
    let arguments = &model.generics.arguments;
    let clause = model.generics.clause_with(more);
    quote! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl<#(#parameters),*> #name for #tangent #arguments #clause { #body }
    }
}

fn arms(model: &Model, arm: impl Fn(&Variant, TokenStream) -> TokenStream) -> TokenStream {
    let arms = model.variants.iter().map(|v| arm(v, quote!(Self)));
    quote!(#(#arms,)*)
}

fn clone(model: &Model) -> TokenStream {
    let name = quote!(::core::clone::Clone);
    let arms = arms(model, |v, ty| {
        let (pattern, path) = (v.pattern(&ty, "a"), v.path(&ty));
        let members = v.fields.iter().map(|f| &f.member);
        let names = v.names("a");
        quote!(#pattern => #path { #(#members: #name::clone(#names)),* })
    });
    let body = quote! {
        #[inline]
        fn clone(&self) -> Self {
            match self { #arms }
        }
    };
    let clone = implement(model, &name, &body, std::iter::empty());
    let sized = !model.differentiable().any(|f| f.recursive);
    let copy = sized.then(|| conditional(model, &quote!(::core::marker::Copy), &quote!()));
    quote!(#clone #copy)
}

fn debug(model: &Model) -> TokenStream {
    let arms = arms(model, |v, ty| {
        let pattern = v.pattern(&ty, "a");
        let title = v.name.unwrap_or(&model.tangent).to_string();
        let fields = v
            .fields
            .iter()
            .zip(v.names("a"))
            .filter(|(f, _)| !f.constant);
        let (builder, fields): (_, Vec<_>) = if matches!(v.style, syn::Fields::Unnamed(_)) {
            let fields = fields.map(|(_, a)| quote!(.field(#a)));
            (quote!(debug_tuple), fields.collect())
        } else {
            let fields = fields.map(|(f, a)| {
                let member = &f.member;
                quote!(.field(::core::stringify!(#member), #a))
            });
            (quote!(debug_struct), fields.collect())
        };
        quote!(#pattern => f.#builder(#title) #(#fields)* .finish())
    });
    let body = quote! {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self { #arms }
        }
    };
    conditional(model, &quote!(::core::fmt::Debug), &body)
}

fn equal(model: &Model) -> TokenStream {
    let arms = arms(model, |v, ty| {
        let (a, b) = (v.pattern(&ty, "a"), v.pattern(&ty, "b"));
        let pairs = v.names("a").into_iter().zip(v.names("b")).zip(&v.fields);
        let pairs = pairs.filter(|(_, f)| !f.constant);
        let equal = pairs.map(|((a, b), _)| quote!(&& *#a == *#b));
        quote!((#a, #b) => true #(#equal)*)
    });
    let otherwise = (model.variants.len() > 1).then(|| quote!(_ => false));
    let body = quote! {
        fn eq(&self, other: &Self) -> bool {
            match (self, other) { #arms #otherwise }
        }
    };
    conditional(model, &quote!(::core::cmp::PartialEq), &body)
}

/// Only of a struct: there is no telling which variant would be the default.
fn default(model: &Model) -> TokenStream {
    if model.is_enum() {
        return TokenStream::new();
    }
    let name = quote!(::core::default::Default);
    let fields = model.variants.iter().flat_map(|v| &v.fields);
    let members = fields.map(|f| &f.member);
    let body = quote! {
        fn default() -> Self {
            Self { #(#members: #name::default()),* }
        }
    };
    conditional(model, &name, &body)
}

fn operators(model: &Model) -> TokenStream {
    let rt = &model.rt;
    let plain = |name: &str, body: TokenStream| {
        let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
        implement(
            model,
            &quote!(::core::ops::#name),
            &body,
            std::iter::empty(),
        )
    };
    let add = quote!(type Output = Self; #[inline] fn add(mut self, other: Self) -> Self {
        #rt::Tangent::accumulate_tangent(&mut self, &other);
        self
    });
    let sub = quote!(type Output = Self; #[inline] fn sub(mut self, other: Self) -> Self {
        #rt::Tangent::subtract_tangent(&mut self, &other);
        self
    });
    let neg = quote!(type Output = Self; #[inline] fn neg(self) -> Self {
        let mut negated = #rt::OwnedTangent::zero_like_tangent(&self);
        #rt::Tangent::subtract_tangent(&mut negated, &self);
        negated
    });
    let add_assign = quote!(#[inline] fn add_assign(&mut self, other: Self) {
        #rt::Tangent::accumulate_tangent(self, &other);
    });
    let sub_assign = quote!(#[inline] fn sub_assign(&mut self, other: Self) {
        #rt::Tangent::subtract_tangent(self, &other);
    });
    let parts = [
        plain("Add", add),
        plain("Sub", sub),
        plain("Neg", neg),
        plain("AddAssign", add_assign),
        plain("SubAssign", sub_assign),
        multiples(model),
        found_by_type(model),
    ];
    parts.into_iter().collect()
}

/// The operators as generated code calls them.
fn found_by_type(model: &Model) -> TokenStream {
    let rt = &model.rt;
    let of = |name: TokenStream, body: TokenStream| {
        implement(model, &quote!(#rt::ops::#name), &body, std::iter::empty())
    };
    let binary =
        |name: TokenStream, method: TokenStream, marker: TokenStream, tangent: TokenStream| {
            let body = quote! {
                type Output = Self;
                type Kept = #rt::ops::Handed<#rt::ops::#marker, Self>;
                #[inline]
                fn #method(&self, other: &Self) -> Self {
                    let mut result = ::core::clone::Clone::clone(self);
                    #rt::Tangent::#tangent(&mut result, other);
                    result
                }
                #[inline]
                fn keep(&self, _: &Self) -> Self::Kept {
                    #rt::ops::Handed::new()
                }
            };
            of(quote!(#name<Self>), body)
        };
    let neg = quote! {
        type Output = Self;
        type Kept = #rt::ops::Handed<#rt::ops::Negated, Self>;
        #[inline]
        fn neg(&self) -> Self {
            let mut negated = #rt::OwnedTangent::zero_like_tangent(self);
            #rt::Tangent::subtract_tangent(&mut negated, self);
            negated
        }
        #[inline]
        fn keep(&self) -> Self::Kept {
            #rt::ops::Handed::new()
        }
    };
    let parts = [
        binary(
            quote!(Add),
            quote!(add),
            quote!(Plus),
            quote!(accumulate_tangent),
        ),
        binary(
            quote!(Sub),
            quote!(sub),
            quote!(Minus),
            quote!(subtract_tangent),
        ),
        of(quote!(Neg), neg),
    ];
    parts.into_iter().collect()
}

/// `tangent * 0.5`
fn multiples(model: &Model) -> TokenStream {
    let (rt, name, generics) = (&model.rt, &model.tangent, &model.generics);
    let (parameters, arguments) = (&generics.parameters, &generics.arguments);
    let coordinates = quote!(#name #arguments: #rt::Coordinates<__S>);
    let clause = generics.clause_with(std::iter::once(coordinates));
    quote! {
        #[automatically_derived]
        impl<#(#parameters,)* __S: #rt::Real> ::core::ops::Mul<__S> for #name #arguments #clause {
            type Output = Self;
            #[inline]
            fn mul(mut self, factor: __S) -> Self {
                #rt::scale(&mut self, factor);
                self
            }
        }
    }
}
