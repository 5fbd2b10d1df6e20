//! The functions of the forward mode that users call: `f::jvp`.

use super::companion::{Companion, Parameter};
use crate::ir::ParamMode;
use crate::transform::forward::Tangent;
use proc_macro2::{Ident, TokenStream};

impl Companion<'_> {
    pub(super) fn forward_mode(&self, tangent: &Tangent) -> TokenStream {
        let (jvp, user) = (self.jvp_part(tangent), self.jvp());
        let batch = self.options.batch.then(|| self.in_batches(tangent));
        let series = self.series.map(|series| self.in_series(series));
        hygienic!(#jvp #user #batch #series)
    }

    fn jvp(&self) -> TokenStream {
        let (generics, clause) = self.generics();
        let (primals, names) = (self.primals(false), self.names());
        let inputs = self.active().map(|p| {
            let (d, ty) = (p.tangent(), self.tangent_type(p));
            hygienic!(#d: #ty)
        });
        let checks = self
            .active()
            .filter_map(|p| self.check(p, &p.tangent(), "tangent of"));
        let passed = self.given_directions();
        let call = self.own("__jvp");
        let call = hygienic!(#call(#names, #(#passed),*));
        let (result, both) = self.value_with_tangents(&self.tangents(), &call);
        hygienic! {
            /// Value and directional derivative: `(f(x), f'(x) dx)`.
            ///
            /// # Panics
            ///
            /// If a tangent has another shape than its parameter.
            #[inline]
            pub fn jvp #generics(#primals #(#inputs),*) -> #result #clause {
                #(#checks)*
                #both
            }
        }
    }

    /// The tangents as the caller gave them.
    pub(super) fn given_directions(&self) -> Vec<TokenStream> {
        let passed = self.params.iter().map(|p| {
            let d = p.tangent();
            match (p.active, p.mode) {
                (true, _) => hygienic!(#d),
                (false, ParamMode::RefMut) => hygienic!(&mut ()),
                (false, ParamMode::Ref) => hygienic!(&()),
                (false, ParamMode::Value) => hygienic!(()),
            }
        });
        passed.collect()
    }

    /// That a tangent has the shape of its parameter; a number has no other.
    pub(super) fn check(&self, p: &Parameter, tangent: &Ident, what: &str) -> Option<TokenStream> {
        if p.number(0.0).is_some() {
            return None;
        }
        let (rt, name) = (self.rt, &p.name);
        let label = format!("{what} `{name}`");
        let primal = if p.is_reference() {
            hygienic!(&*#name)
        } else {
            hygienic!(&#name)
        };
        let given = match (p.is_reference(), what == "tangent of") {
            (false, true) => hygienic!(&#tangent),
            _ => hygienic!(&*#tangent),
        };
        Some(hygienic!(#rt::same_shape(#label, #primal, #given);))
    }
}
