//! Second order: the tangents of the forward and the backward part, and what is made of them.
//!
//! ```text
//! fn __forward_jvp(x: &[f64], n: usize, x_dot: &[f64], _: ())
//!     -> (f64, f64, impl FnOnce(&[f64], &[f64], f64, f64, &mut [f64], &mut [f64]) + use<>)
//! fn __direction_0<D>(d: D) -> D
//! fn __direction_1<D>(_: D)
//! fn __backward_jvp(pullback: impl FnOnce(..), x, x_dot, cotangent, cotangent_dot, grad_x, _, hess_x, _)
//! fn hvp(x: &[f64], n: usize, d_x: &[f64]) -> Vec<f64>
//! fn hessian(x: &[f64], n: usize) -> DMatrix<f64>
//! ```

mod calls;
mod directions;
mod hessian;

use super::Emitter;
use super::companion::{Companion, Parameter};
use super::inline::Plan;
use super::protocol::{Backward, name_or_ignored};
use super::types::elided;
use crate::ir::{Operand, TangentOf, VarId};
use crate::options::Rule;
use crate::transform::forward::second::Second;
use proc_macro2::TokenStream;
use quote::ToTokens;

impl Companion<'_> {
    /// The functions of second order.
    pub(super) fn second_order(&self, second: &Second) -> TokenStream {
        let (forward, backward) = (self.forward_jvp(second), self.backward_jvp());
        let (hvp, hessian) = (self.hvp(), self.hessian());
        let called_by_name = self.member.is_none_or(|m| m.receiver.is_some());
        let takes = self.params.iter().enumerate().filter(|_| called_by_name);
        let takes = takes.map(|(k, p)| self.take_direction(k, p));
        let by_path = self.member.map(|_| self.take_directions());
        let vjp_jvp = self.vjp_jvp();
        hygienic!(#(#takes)* #by_path #forward #backward #vjp_jvp #hvp #hessian)
    }

    fn forward_jvp(&self, second: &Second) -> TokenStream {
        let adjoint = &second.adjoint;
        let (generics, clause) = self.generics();
        let (primals, result) = (self.primals(true), self.result_type());
        let value = adjoint.result.as_ref();
        let slope = second.result_tangent.as_ref();
        let named = value.into_iter().chain(slope.map(TangentOf::operand));
        let kept: Vec<VarId> = named.filter_map(Operand::as_var).collect();
        let parts = [&adjoint.forward, &adjoint.reverse];
        let plan = Plan::new(&adjoint.function, &parts, &kept);
        let emitter = Emitter::new(&adjoint.function, self.rt)
            .assuming(self.assumed(false))
            .inlining(&plan);
        let tangents = self.tangents();
        let inputs =
            self.tangent_inputs(&emitter, &second.tangents, &tangents, |p| match p.active {
                true => tangents.passed(p.mode, &p.ty),
                false => hygienic!(()),
            });
        let (forward, reverse) = (
            emitter.block(&adjoint.forward),
            emitter.block(&adjoint.reverse),
        );
        let unit = || hygienic!(());
        let value = value.map_or_else(unit, |o| emitter.operand(o));
        let slope = slope.map_or_else(unit, |t| emitter.tangent_of(t));
        let out = self.result_tangent();
        let lists = [
            self.references(),
            self.reference_tangents(&emitter, &second.tangents),
            [adjoint.cotangent, second.cotangent_tangent]
                .map(|v| name_or_ignored(&emitter, v))
                .map(|name| hygienic!(#name: #out))
                .to_vec(),
            self.slots(&emitter, &adjoint.slots),
            self.slots(&emitter, &second.slot_tangents),
        ];
        let taken = lists.concat();
        let closure = hygienic!(move |#(#taken),*| { #reverse });
        let (closure, pullback) = self.pullback(&closure, &self.second_inputs());
        let check = self.check_stated();
        // The tangent first: the zero of an inactive result is made from the value, which is moved.
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn __forward_jvp #generics(#primals #(#inputs),*) -> (#result, #out, #pullback) #clause {
                #check
                #forward
                let slope = #slope;
                (#value, slope, #closure)
            }
        }
    }

    /// Says so where the `jvp` that a user states is not differentiated with respect to all that it has to be.
    fn check_stated(&self) -> Option<TokenStream> {
        let Some(Rule::Functions { jvp: Some(jvp), .. }) = &self.options.rule else {
            return None;
        };
        let rt = self.rt;
        let active = self.params.iter().enumerate().filter(|(_, p)| p.active);
        let (arity, active) = (self.params.len(), active.map(|(k, _)| k));
        let needed = active
            .clone()
            .chain((arity..).zip(active).map(|(dot, _)| dot));
        let message = format!(
            "`{}` has to be differentiated with respect to every parameter that `{}` is differentiated with respect to, and to its tangent",
            jvp.to_token_stream().to_string().replace(' ', ""),
            self.item.sig.ident
        );
        Some(hygienic! {
            const {
                use #rt::Callee as _;
                #(::core::assert!(#rt::says(#jvp::__USES, #needed), #message);)*
            }
        })
    }

    /// The tangents of the active references, as the pullback binds them.
    fn reference_tangents(
        &self,
        emitter: &Emitter,
        tangents: &[Option<VarId>],
    ) -> Vec<TokenStream> {
        let references = self.params.iter().zip(tangents);
        let references = references.filter(|(p, _)| p.is_reference() && p.active);
        let tangent = |(p, var): (&Parameter, &Option<VarId>)| {
            let (name, ty) = (name_or_ignored(emitter, *var), self.tangent_type(p));
            hygienic!(#name: #ty)
        };
        references.map(tangent).collect()
    }

    /// The types that the pullback takes.
    fn second_inputs(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let primals = references
            .clone()
            .map(|p| elided(&p.ty).into_token_stream());
        let tangents = references
            .filter(|p| p.active)
            .map(|p| self.tangent_type(p));
        let cotangent = self.result_tangent();
        let slots: Vec<_> = self.active().map(|p| self.slot_type(p)).collect();
        primals
            .chain(tangents)
            .chain([cotangent.clone(), cotangent])
            .chain(slots.iter().cloned())
            .chain(slots.iter().cloned())
            .collect()
    }

    fn backward_jvp(&self) -> TokenStream {
        let part = |constants| {
            let mut list = Backward::new(self);
            list.again(constants);
            list.reference_tangents(constants);
            list.cotangent("cotangent");
            list.cotangent("cotangent_dot");
            list.slots(Parameter::gradient);
            list.slots(Parameter::curvature);
            list
        };
        self.with_constants(part, "__backward_jvp")
    }
}
