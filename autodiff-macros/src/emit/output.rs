//! What the derivative functions return: by the result of the function, and by the `Option` or `Result` that it is in.

use super::companion::{Companion, literal};
use super::types::{Tangents, peel, wrapper, wrapping};
use proc_macro2::TokenStream;
use quote::ToTokens;

/// The shape of the result.
pub(super) enum Output {
    Unit,
    Scalar,
    /// It may be a scalar under another name: decided by a trait.
    Perhaps,
    Other,
}

impl Companion<'_> {
    pub(super) fn result_type(&self) -> TokenStream {
        match &self.item.sig.output {
            syn::ReturnType::Default => hygienic!(()),
            syn::ReturnType::Type(_, ty) => hygienic!(#ty),
        }
    }

    pub(super) fn result_tangent(&self) -> TokenStream {
        self.result_tangent_as(&self.tangents())
    }

    pub(super) fn result_tangent_as(&self, tangents: &Tangents) -> TokenStream {
        match &self.item.sig.output {
            syn::ReturnType::Default => hygienic!(()),
            syn::ReturnType::Type(_, ty) => tangents.owned(ty),
        }
    }

    /// The `Option` or `Result` that the function returns its value in, and the type of the value.
    pub(super) fn returned(&self) -> Option<(&syn::TypePath, &syn::Type)> {
        let syn::ReturnType::Type(_, ty) = &self.item.sig.output else {
            return None;
        };
        match peel(ty) {
            syn::Type::Path(path) => wrapper(path).map(|(_, inner)| (path, inner)),
            _ => None,
        }
    }

    /// The type of the value where there is one.
    pub(super) fn value_type(&self) -> TokenStream {
        match self.returned() {
            Some((_, inner)) => inner.to_token_stream(),
            None => self.result_type(),
        }
    }

    pub(super) fn value_tangent(&self) -> TokenStream {
        self.value_tangent_as(&self.tangents())
    }

    pub(super) fn value_tangent_as(&self, tangents: &Tangents) -> TokenStream {
        match self.returned() {
            Some((_, inner)) => tangents.owned(inner),
            None => self.result_tangent_as(tangents),
        }
    }

    /// The value and its tangents, in the function's own `Option` or `Result`: the type, and what makes it of what `call` gives.
    pub(super) fn value_with_tangents(
        &self,
        tangents: &Tangents,
        call: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let (value, out) = (self.value_type(), self.value_tangent_as(tangents));
        let ty = self.returning(hygienic!((#value, #out)));
        if self.returned().is_none() {
            return (ty, call.clone());
        }
        let slope = self.slope();
        let both = self.where_present(hygienic!((value, #slope)));
        (ty, hygienic!(let (value, slope) = #call; #both))
    }

    /// What the derivative functions return: in the function's own `Option` or `Result`.
    pub(super) fn returning(&self, ty: TokenStream) -> TokenStream {
        match self.returned() {
            Some((path, _)) => wrapping(path, &ty),
            None => ty,
        }
    }

    /// What is made of `value` where there is one.
    pub(super) fn where_present(&self, result: TokenStream) -> TokenStream {
        match self.returned() {
            Some(_) => hygienic!(value.map(|value| { #result })),
            None => result,
        }
    }

    /// The cotangent, or the tangent that one is asked of, of a value that is there.
    pub(super) fn present(&self, cotangent: TokenStream) -> TokenStream {
        match self.returned() {
            Some(_) => hygienic!(::core::option::Option::Some(#cotangent)),
            None => cotangent,
        }
    }

    /// The tangent of the value, where there is one.
    pub(super) fn slope(&self) -> TokenStream {
        let rt = self.rt;
        match self.returned() {
            Some(_) => hygienic!(#rt::into_payload(slope)),
            None => hygienic!(slope),
        }
    }

    /// The type of the value as it is written; none for `()` left out.
    fn written(&self) -> Option<&syn::Type> {
        let syn::ReturnType::Type(_, ty) = &self.item.sig.output else {
            return None;
        };
        Some(self.returned().map_or(peel(ty), |(_, inner)| peel(inner)))
    }

    /// The cotangent of a scalar result.
    pub(super) fn seed(&self) -> TokenStream {
        let (rt, result) = (self.rt, self.value_type());
        if let Some(one) = self.written().and_then(|ty| literal(ty, 1.0)) {
            return hygienic!(#one);
        }
        match self.output() {
            Output::Perhaps => hygienic!(<#result as #rt::ScalarResult<'_>>::one()),
            _ => hygienic!(#rt::one::<#result>()),
        }
    }

    pub(super) fn output(&self) -> Output {
        let Some(ty) = self.written() else {
            return Output::Unit;
        };
        match ty {
            syn::Type::Tuple(t) if t.elems.is_empty() => Output::Unit,
            _ if self.tangents().is_scalar(ty) => Output::Scalar,
            syn::Type::Path(p) if p.path.is_ident("Self") => Output::Other,
            // An alias of a scalar has no arguments.
            syn::Type::Path(p) if p.path.segments.iter().all(|s| s.arguments.is_none()) => {
                Output::Perhaps
            }
            _ => Output::Other,
        }
    }
}
