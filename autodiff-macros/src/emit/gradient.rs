//! Gradients of a scalar result: `f::grad`, `f::value_and_grad`, `f::value_and_grad_into`.

use super::companion::{Companion, Parameter};
use super::output::Output;
use crate::ir::ParamMode;
use proc_macro2::TokenStream;

impl Companion<'_> {
    /// What says that the result is a scalar; `None` if it is none.
    pub(super) fn scalar_bound(&self) -> Option<Vec<TokenStream>> {
        match self.output() {
            Output::Scalar => Some(Vec::new()),
            Output::Perhaps => {
                let (rt, result) = (self.rt, self.value_type());
                let bound = hygienic!(for<'scalar> #result: #rt::ScalarResult<'scalar>);
                Some(vec![bound])
            }
            Output::Unit | Output::Other => None,
        }
    }

    pub(super) fn gradient_functions(&self, one_pass: bool) -> TokenStream {
        let Some(bound) = self.scalar_bound() else {
            return TokenStream::new();
        };
        let copied = self.params.iter().filter(|p| p.is_output());
        let bounds = [bound, self.clone_bounds(copied)].concat();
        let (generics, clause) = self.generics_with(None, bounds);
        let result = self.value_type();
        let rt = self.rt;
        let cotangent = self.present(self.seed());
        let (primals, names) = (self.primals(false), self.names());
        let gradient_types = self.gradients(|p| self.gradient_type(p));
        let gradients = self.gradients(|p| {
            let slot = p.gradient();
            hygienic!(#slot)
        });
        let (inputs, outputs) = (self.zeros(false), self.zeros(true));
        let slots: Vec<_> = self.active().map(Parameter::gradient).collect();
        let made: Vec<_> = slots.iter().map(|slot| hygienic!(&mut #slot)).collect();
        let given: Vec<_> = slots.iter().map(|slot| hygienic!(#slot)).collect();
        let (both, value) = (hygienic!((value, #gradients)), hygienic!(value));
        let (sweeps, sweeps_into) = if one_pass && self.returned().is_none() {
            let sweep = |slots| self.one_sweep(&cotangent, slots);
            let (made, given) = (sweep(&made), sweep(&given));
            (hygienic!(#made #both), hygienic!(#given #value))
        } else {
            let none = TokenStream::new();
            (
                self.two_sweeps(&outputs, &cotangent, &made, &both),
                self.two_sweeps(&none, &cotangent, &given, &value),
            )
        };
        let into = self.active().map(|p| {
            let (slot, ty) = (p.gradient(), self.slot_type(p));
            hygienic!(#slot: #ty)
        });
        let checks = self
            .active()
            .filter_map(|p| self.check(p, &p.gradient(), "gradient with respect to"));
        let cleared = self.active().map(|p| self.cleared(p));
        let value_and_grad = self.own("value_and_grad");
        let both_type = self.returning(hygienic!((#result, #gradient_types)));
        let (grad_type, into_type) = (self.returning(gradient_types), self.returning(result));
        let only = match self.returned() {
            Some(_) => hygienic!(#value_and_grad(#names).map(|both| both.1)),
            None => hygienic!(#value_and_grad(#names).1),
        };
        let adjoints = self.graph.map(|_| {
            hygienic! {
                /// The adjoints of what the function computes, in the order in which the backward pass has them.
                pub fn adjoints #generics(#primals) -> #rt::Vec<#rt::graph::Adjoint> #clause {
                    #rt::graph::adjoints(|| #value_and_grad(#names))
                }
            }
        });
        hygienic! {
            #adjoints

            /// Value and gradient: `(f(x), grad f(x))`, the gradients in the order of the parameters.
            #[inline]
            pub fn value_and_grad #generics(#primals) -> #both_type #clause {
                #inputs
                #sweeps
            }

            /// The gradient, in the order of the parameters.
            #[inline]
            pub fn grad #generics(#primals) -> #grad_type #clause {
                #only
            }

            /// Value and gradient, the gradient into the caller's buffers, which are overwritten.
            ///
            /// # Panics
            ///
            /// If a buffer has another shape than its parameter.
            #[inline]
            pub fn value_and_grad_into #generics(#primals #(#into),*) -> #into_type #clause {
                #(#checks)*
                #(#cleared)*
                #sweeps_into
            }
        }
    }

    /// Zeros in the caller's buffer.
    fn cleared(&self, p: &Parameter) -> TokenStream {
        let (rt, slot) = (self.rt, p.gradient());
        match p.number(0.0) {
            Some(zero) => hygienic!(*#slot = #zero;),
            None => hygienic!(#rt::set_zero(&mut *#slot);),
        }
    }

    /// The value, the adjoints, and what is made of them, with a forward and a reverse part.
    fn two_sweeps(
        &self,
        outputs: &TokenStream,
        cotangent: &TokenStream,
        slots: &[TokenStream],
        result: &TokenStream,
    ) -> TokenStream {
        let (call, reborrowed) = (self.own(self.recording()), self.reborrowed());
        let (kept, again) = (self.kept_outputs(), self.lent_again());
        let run = self.where_present(hygienic! {
            pullback(#(#again,)* #cotangent, #(#slots),*);
            #result
        });
        hygienic! {
            let (value, pullback) = #call(#reborrowed);
            #outputs
            #kept
            #run
        }
    }

    /// The same in one pass over the data.
    fn one_sweep(&self, cotangent: &TokenStream, slots: &[TokenStream]) -> TokenStream {
        let (call, names) = (self.own("__value_and_grad"), self.names());
        let comma = (!self.params.is_empty()).then(|| hygienic!(,));
        hygienic!(let value = #call(#names #comma #cotangent, #(#slots),*);)
    }

    fn kept_outputs(&self) -> TokenStream {
        let kept = self.params.iter().filter(|p| p.is_output()).map(|p| {
            let (copy, name, rt) = (p.tangent(), &p.name, self.rt);
            hygienic!(let mut #copy = #rt::ToOwned::to_owned(&*#name);)
        });
        kept.collect()
    }

    fn lent_again(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let lend = |p: &Parameter| {
            let (name, copy) = (&p.name, p.tangent());
            match (p.is_output(), p.mode) {
                (true, _) => hygienic!(&mut #copy),
                (false, ParamMode::RefMut) => hygienic!(&mut *#name),
                (false, _) => hygienic!(&*#name),
            }
        };
        references.map(lend).collect()
    }
}
