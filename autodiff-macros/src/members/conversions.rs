//! `#[differentiate]` on `impl From<X> for Y`: the derivative of a conversion. A type may have many; which one a call means its argument tells, so they are
//! implementations of a trait of the runtime.
//!
//! ```text
//! impl From<[f64; 2]> for Point { fn from(a: [f64; 2]) -> Self { body } }
//!
//! struct __from;   .. the companion of `fn __from(a: [f64; 2]) -> Point { body }`
//! impl rt::Conversion<[f64; 2]> for Point { fn __from_jvp(..) { __from::__jvp(..) }   fn __from_forward(..) { .. } }
//! ```

use super::associated::Associated;
use super::operators::{hidden, turbofish, with_owner};
use super::{impls, receiver};
use crate::diagnostic::Diagnostics;
use crate::emit::types::has_lifetime;
use crate::ir::Ty;
use crate::lower::types;
use crate::options::{self, Options};
use crate::{pipeline, signature, source};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

/// A conversion of a value, with first derivatives.
pub struct Conversion<'a> {
    block: &'a syn::ItemImpl,
    method: &'a syn::ImplItemFn,
    /// What is converted.
    from: &'a syn::Type,
}

impl<'a> Conversion<'a> {
    /// The block, if it is one.
    pub fn of(block: &'a syn::ItemImpl, options: &Options) -> Option<Self> {
        let segment = block.trait_.as_ref()?.0.segments.last()?;
        if segment.ident != "From" || options.order == 2 || options.lists().next().is_some() {
            return None;
        }
        let syn::PathArguments::AngleBracketed(list) = &segment.arguments else {
            return None;
        };
        let from = match list.args.first()? {
            syn::GenericArgument::Type(ty) if !has_lifetime(ty) => ty,
            _ => return None,
        };
        let method = block.items.iter().find_map(|item| match item {
            syn::ImplItem::Fn(f) if f.sig.ident == "from" => Some(f),
            _ => None,
        })?;
        let differentiated = is_number(from)
            || impls::could_be(&impls::as_function(method), &block.generics, options);
        let plain = differentiated && !has_lifetime(&block.self_ty);
        plain.then_some(Self {
            block,
            method,
            from,
        })
    }

    /// The trait of the runtime.
    pub fn expand(&self, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
        let rt = options::runtime(options.krate.as_ref());
        let (list, clause) = self.generics(&rt);
        let (from, into) = (self.from, &self.block.self_ty);
        let (companion, functions) = match is_number(from) {
            true => (TokenStream::new(), self.without_derivative(&rt)),
            false => (self.companion(options, diagnostics), self.by_companion(&rt)),
        };
        if !diagnostics.is_empty() {
            return TokenStream::new();
        }
        hidden(&hygienic! {
            #companion

            #[automatically_derived]
            impl #list #rt::Conversion<#from> for #into #clause {
                #functions
            }
        })
    }

    fn companion(&self, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
        let options = options.of_hidden();
        pipeline::differentiate(&self.function(), &options, None, diagnostics)
    }

    /// The method as a function of its own.
    fn function(&self) -> syn::ItemFn {
        let mut item = impls::as_function(self.method);
        Associated::of(self.block).spell_out(&mut item);
        receiver::spell_out(&mut item.sig, &self.block.self_ty);
        let owner = turbofish(&self.block.self_ty).to_token_stream();
        item = syn::parse2(with_owner(item.to_token_stream(), &owner)).unwrap_or(item);
        item.sig.ident = Self::name();
        item.vis = syn::Visibility::Inherited;
        item.attrs.clear();
        item.sig.generics = self.block.generics.clone();
        signature::closed(&mut item);
        item
    }

    fn name() -> Ident {
        Ident::new("__from", Span::mixed_site())
    }

    /// Generics and where clause, with tangents for what is converted.
    fn generics(&self, rt: &TokenStream) -> (TokenStream, TokenStream) {
        let mut generics = self.block.generics.clone();
        let floats = types::float_params(&generics);
        let held = source::types::held(&generics, &[self.from, &*self.block.self_ty]);
        let bounds = held.iter();
        let bounds = bounds.flat_map(|name| source::traits::tangent_bounds(name, &generics, rt));
        let bounds: Vec<TokenStream> = bounds.collect();
        let predicates = &mut generics.make_where_clause().predicates;
        predicates.extend(
            floats
                .iter()
                .map(|float| -> syn::WherePredicate { syn::parse_quote!(#float: #rt::Real) }),
        );
        predicates.extend(
            bounds
                .iter()
                .map(|bound| -> syn::WherePredicate { syn::parse_quote!(#bound) }),
        );
        let (list, _, clause) = generics.split_for_impl();
        (list.to_token_stream(), clause.to_token_stream())
    }

    fn by_companion(&self, rt: &TokenStream) -> TokenStream {
        let (from, f) = (self.from, Self::name());
        let jvp = hygienic!(#f::__jvp(x, direction));
        let forward = hygienic! {
            let (value, pullback) = #f::__forward(x);
            let pullback = move |
                cotangent: <Self as #rt::Differentiable>::Tangent,
                slot: &mut <#from as #rt::Differentiable>::Tangent,
            | {
                #f::__backward(pullback, cotangent, slot)
            };
        };
        self.functions(rt, &jvp, &forward)
    }

    /// Of what has no derivative.
    fn without_derivative(&self, rt: &TokenStream) -> TokenStream {
        let from = self.from;
        let jvp = hygienic! {
            let () = direction;
            let value = <Self as ::core::convert::From<#from>>::from(x);
            let tangent = #rt::zero(&value);
            (value, tangent)
        };
        let forward = hygienic! {
            let value = <Self as ::core::convert::From<#from>>::from(x);
            let pullback = |_: <Self as #rt::Differentiable>::Tangent, (): &mut ()| {};
        };
        self.functions(rt, &jvp, &forward)
    }

    /// The functions of the trait: what the first gives, and what binds `value` and `pullback` in the second.
    fn functions(&self, rt: &TokenStream, jvp: &TokenStream, forward: &TokenStream) -> TokenStream {
        let from = self.from;
        hygienic! {
            #[inline]
            fn __from_jvp(
                x: #from,
                direction: <#from as #rt::Differentiable>::Tangent,
            ) -> (Self, <Self as #rt::Differentiable>::Tangent) {
                #jvp
            }

            #[inline]
            fn __from_forward(
                x: #from,
            ) -> (
                Self,
                #rt::Converted<#from, impl #rt::FnOnce(
                    <Self as #rt::Differentiable>::Tangent,
                    &mut <#from as #rt::Differentiable>::Tangent,
                )>,
            ) {
                #forward
                (value, #rt::Converted::new(pullback))
            }
        }
    }
}

/// Is it `impl From<&X> for Y`, beside another `impl From` for the type? The members that it would give stood before those of all conversions.
pub fn is_one_of_references(block: &syn::ItemImpl) -> bool {
    let Some((path, _)) = &block.trait_ else {
        return false;
    };
    let last = path.segments.last().filter(|last| last.ident == "From");
    last.is_some_and(|last| {
        has_lifetime(&syn::parse_quote!(#path))
            && source::traits::implementations_for(&last.ident, &block.self_ty) > 1
    })
}

/// Is it a type without derivative, of numbers or truth values?
fn is_number(ty: &syn::Type) -> bool {
    matches!(types::known(ty, &[]), Ty::Int | Ty::Bool)
}
