//! Taylor coefficients: the forward mode again, with a list of coefficients for each tangent of a scalar.
//!
//! ```text
//! fn __taylor<const W: usize>(x: &[f64], n: usize, x_dot: &[Lanes<f64, W>], _: impl Sized) -> (f64, Lanes<f64, W>)
//! fn taylor<const W: usize>(x: &[f64], n: usize, d_x: &[f64]) -> (f64, Lanes<f64, W>)
//! ```

use super::Emitter;
use super::companion::{Companion, Parameter};
use super::types::{Kind, Tangents, width};
use crate::ir::Operand;
use crate::rules::Rule;
use crate::transform::forward::Tangent;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

impl Companion<'_> {
    fn coefficients(&self) -> Tangents<'_> {
        Tangents {
            kind: Kind::Coefficients,
            ..self.tangents()
        }
    }

    /// The functions that give Taylor coefficients.
    pub(super) fn in_series(&self, series: &Tangent) -> TokenStream {
        let generics = self.generics_of_batch(Vec::new());
        let protocol = self.tangent_function(generics, series, &self.coefficients());
        let user = self.taylor();
        hygienic!(#protocol #user)
    }

    fn taylor(&self) -> TokenStream {
        if self.has_two_scalars() {
            return TokenStream::new();
        }
        let (rt, width, scalar) = (self.rt, width(), self.scalar());
        let (generics, clause) = self.generics_of_batch(self.flat_bounds());
        let (primals, names, tangents) = (self.primals(false), self.names(), self.coefficients());
        let inputs = self.active().map(|p| {
            let (d, ty) = match p.is_output() {
                true => (p.curvature(), tangents.passed(p.mode, &p.ty)),
                false => (p.tangent(), self.tangent_type(p)),
            };
            hygienic!(#d: #ty)
        });
        let checks = self.active().filter_map(|p| match p.is_output() {
            true => Some(self.check_lists(p, &p.curvature())),
            false => self.check(p, &p.tangent(), "tangent of"),
        });
        let given = self.active().filter(|p| !p.is_output());
        let series = given.map(|p| {
            let (name, d, curve) = (&p.name, p.tangent(), p.curvature());
            let (value, direction) = match p.is_reference() {
                true => (hygienic!(&*#name), hygienic!(&*#d)),
                false => (hygienic!(&#name), hygienic!(&#d)),
            };
            hygienic! {
                let mut #curve = #rt::batch::zero::<#width, _>(#value);
                #rt::series::along::<#scalar, #width, _, _>(#direction, &mut #curve);
            }
        });
        let passed = self
            .params
            .iter()
            .zip(self.directions_named(Parameter::curvature));
        let passed = passed.map(|(p, direction)| match p.is_output() {
            true => p.curvature().into_token_stream(),
            false => direction,
        });
        let call = self.of_width("__taylor", &width);
        let call = hygienic!(#call(#names, #(#passed),*));
        let (result, both) = self.value_with_tangents(&tangents, &call);
        hygienic! {
            /// The value and the Taylor coefficients of `t -> f(x + t dx)`: those of `t`, `t^2`, and so on, as many as are asked for. What is
            /// changed in place takes all coefficients of its curve and has those of its new value in the end.
            ///
            /// # Panics
            ///
            /// If a tangent has another shape than its parameter.
            #[inline]
            pub fn taylor #generics(#primals #(#inputs),*) -> #result #clause {
                #(#checks)*
                #(#series)*
                #both
            }
        }
    }
}

impl Emitter<'_> {
    /// The coefficients of a scalar function.
    pub(super) fn series(
        &self,
        rule: &Rule,
        result: &Operand,
        args: &[Operand],
        tails: &[Option<Operand>],
    ) -> TokenStream {
        let rt = self.rt;
        let name = Ident::new(rule.name, Span::mixed_site());
        let given = args.iter().zip(tails).zip(rule.partials);
        let given = given.map(|((arg, tail), partial)| {
            let arg = self.bare(arg);
            match (partial, tail.as_ref().map(|t| self.bare(t))) {
                (None, _) => arg,
                (Some(_), Some(tail)) => quote!(#rt::Series::new(#arg, #tail)),
                (Some(_), None) => quote!(#rt::Series::constant(#arg)),
            }
        });
        let result = self.bare(result);
        quote!(#rt::series::#name(#result, #(#given),*))
    }
}
