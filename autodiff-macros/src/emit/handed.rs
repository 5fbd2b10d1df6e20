//! Functions that are handed to functions, at second order: what is handed over gives value, tangent, and the pullback of both.
//!
//! ```text
//! integrate(square, a)              integrate::__forward_jvp(square::vjp_jvp, a, ..)
//! integrate(|x| k * x, a)           integrate::__forward_jvp(move |x, x_dot| (k * x, (k_dot * x + k * x_dot, move |y_bar, y_bar_dot| ..)), a, ..)
//! ```
//!
//! *In*: the two parts of a function or closure with their tangents. *Out*: one function of arguments and their tangents, whose pullback takes cotangents and
//! their tangents and gives gradients and theirs.

use super::Emitter;
use super::companion::{Companion, Parameter};
use super::inline::Plan;
use super::lambda::{
    assumed, captured_slots, kept_outputs, output_wrapper, outputs, own_pattern, own_slots,
    returns_wrapper, value_of,
};
use super::output::Output;
use crate::analysis::activity::Activity;
use crate::ir::{Lambda, Operand, ParamMode, TangentOf, VarId};
use crate::transform::forward::second::Second;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

impl Companion<'_> {
    /// Value, and beside the tangent a pullback that owns what it needs.
    pub(super) fn vjp_jvp(&self) -> TokenStream {
        let (primals, lifetime, captured) = self.borrowed_primals();
        let copied = self.active().filter(|p| p.is_reference());
        let (generics, clause) = self.generics_with(lifetime.as_ref(), self.clone_bounds(copied));
        let tangents = self.active().map(|p| {
            let (d, ty) = (p.tangent(), self.tangent_type(p));
            hygienic!(#d: #ty)
        });
        let (value_type, slope_type) = (self.value_type(), self.value_tangent());
        let gradients = self.gradients(|p| self.gradient_type(p));
        let taken = self.taken_by_pullback();
        let pullback = hygienic!(
            impl ::core::ops::FnOnce(#(#taken,)* #(#taken),*) -> (#gradients, #gradients) + use<#(#captured),*>
        );
        let result = self.returning(hygienic!((#value_type, (#slope_type, #pullback))));
        let (zeros, kept) = (self.both_zeros(false), self.kept_with_tangents());
        let (call, reborrowed) = (self.own("__forward_jvp"), self.reborrowed());
        let directions = self.taken(&self.reborrowed_directions());
        let (slope, run) = (self.slope(), self.run_of_both(&taken));
        let both = self.where_present(hygienic!((value, (#slope, #run))));
        hygienic! {
            /// Value and, beside its tangent, a pullback: it takes what that of `vjp` takes and then the tangents of that, and gives the gradients and
            /// their tangents.
            #[inline]
            pub fn vjp_jvp #generics(#(#primals,)* #(#tangents),*) -> #result #clause {
                #zeros
                let (value, slope, pullback) = #call(#reborrowed #(#directions),*);
                #kept
                #both
            }
        }
    }

    /// The types of the cotangents: of the result, if there is one, and of what is changed.
    fn taken_by_pullback(&self) -> Vec<TokenStream> {
        let has_result = !matches!(self.output(), Output::Unit);
        let cotangent = has_result.then(|| self.value_tangent());
        let outputs = self.params.iter().filter(|p| p.is_output());
        let outputs = outputs.map(|p| self.gradient_type(p));
        cotangent.into_iter().chain(outputs).collect()
    }

    /// Copies of the references that the pullback is given again, and of their tangents.
    fn kept_with_tangents(&self) -> TokenStream {
        let kept = self.params.iter().filter(|p| p.is_reference() && p.active);
        let kept = kept.flat_map(|p| [(p, p.name.clone()), (p, p.tangent())]);
        let kept = kept.map(|(p, name)| {
            let rt = self.rt;
            let mutable = (p.mode == ParamMode::RefMut).then(|| hygienic!(mut));
            hygienic!(let #mutable #name = #rt::ToOwned::to_owned(&*#name);)
        });
        kept.collect()
    }

    /// The pullback that is given back.
    fn run_of_both(&self, taken: &[TokenStream]) -> TokenStream {
        let has_result = !matches!(self.output(), Output::Unit);
        let given = |cotangent: &str, slot: fn(&Parameter) -> Ident| {
            let cotangent = Ident::new(cotangent, Span::mixed_site());
            let outputs = self.params.iter().filter(|p| p.is_output()).map(slot);
            let outputs = outputs.map(|slot| hygienic!(mut #slot));
            let result = has_result.then(|| hygienic!(#cotangent));
            let names: Vec<TokenStream> = result.into_iter().chain(outputs).collect();
            let typed = names.iter().zip(taken);
            let typed: Vec<TokenStream> = typed.map(|(name, ty)| hygienic!(#name: #ty)).collect();
            let seed = match has_result {
                true => self.present(hygienic!(#cotangent)),
                false => hygienic!(()),
            };
            (typed, seed)
        };
        let (first, seed) = given("cotangent", Parameter::gradient);
        let (second, change) = given("cotangent_dot", Parameter::curvature);
        let references = self.params.iter().filter(|p| p.is_reference());
        let lend = |p: &Parameter, name: Ident| match p.mode {
            ParamMode::RefMut => hygienic!(&mut #name),
            _ => hygienic!(&#name),
        };
        let primals = references.clone().map(|p| match (p.active, &p.name) {
            (true, name) => lend(p, name.clone()),
            (false, name) => hygienic!(#name),
        });
        let dots = references
            .filter(|p| p.active)
            .map(|p| lend(p, p.tangent()));
        let slots = self.both_slots();
        let named = |slot: fn(&Parameter) -> Ident| self.gradients(|p| slot(p).into_token_stream());
        let (gradients, curvatures) = (named(Parameter::gradient), named(Parameter::curvature));
        hygienic! {
            move |#(#first,)* #(#second),*| {
                pullback(#(#primals,)* #(#dots,)* #seed, #change, #(#slots),*);
                (#gradients, #curvatures)
            }
        }
    }
}

impl Emitter<'_> {
    /// A call of a parameter: value, and tangent and pullback as a pair.
    pub(super) fn second_of_param(
        &self,
        function: VarId,
        primals: &[TokenStream],
        dots: &[TokenStream],
    ) -> TokenStream {
        let both = self.tangent_of_param(function, primals, dots);
        match self
            .function
            .function_type(function)
            .and_then(output_wrapper)
        {
            Some(()) => quote!({
                let (value, both) = #both;
                (value, ::core::option::Option::unzip(both))
            }),
            None => both,
        }
    }

    /// A closure as a function that gives value, tangent, and the pullback of both.
    pub(super) fn second_closure(
        &self,
        (lambda, activity): (&Lambda, &Activity),
        second: &Second,
        (dots, environments): (&[Option<VarId>], Option<[VarId; 2]>),
    ) -> TokenStream {
        let adjoint = &second.adjoint;
        let named = adjoint
            .result
            .iter()
            .chain(second.result_tangent.iter().map(TangentOf::operand));
        let named: Vec<VarId> = named.filter_map(Operand::as_var).collect();
        let plan = Plan::new(
            &adjoint.function,
            &[&adjoint.forward, &adjoint.reverse],
            &named,
        );
        let emitter = |later| {
            let inner = Emitter::new(&adjoint.function, self.rt).inlining(&plan);
            inner.assuming(assumed(lambda, activity, later))
        };
        let (inner, reverse) = (emitter(true), emitter(false));
        let own = &lambda.function.params[..lambda.own];
        let primals = own.iter().map(|p| own_pattern(&inner, p));
        let tangents = own.iter().zip(&second.tangents).filter_map(|(p, dot)| {
            let pattern = dot.map_or(quote!(_), |dot| inner.pattern(dot));
            p.active.then_some(pattern)
        });
        let captured = self.captured(lambda, true);
        let captured_dots = self.captured_dots((lambda, &inner), &second.tangents, dots, true);
        let (forward, reverse) = (
            inner.block(&adjoint.forward),
            reverse.block(&adjoint.reverse),
        );
        let vars: Vec<_> = lambda.function.params.iter().map(|p| Some(p.var)).collect();
        let (shared, again) = self.held_again(lambda, &adjoint.reverse, &inner, &vars);
        let (shared_dots, again_dots) =
            self.held_again(lambda, &adjoint.reverse, &inner, &second.tangents);
        let after = kept_outputs(&inner, lambda, &vars);
        let after_dots = kept_outputs(&inner, lambda, &second.tangents);
        let value = value_of(&inner, adjoint.result.as_ref());
        let slope = second.result_tangent.as_ref();
        let slope = slope.map_or(quote!(()), |t| inner.tangent_of(t));
        let (hold, hold_again, entries) = self.environments(lambda, second, &inner, environments);
        let (zeros, pullback) = second_pullback(
            (&inner, lambda, second),
            quote!(#again #again_dots #entries),
            &reverse,
        );
        let rt = self.rt;
        let both = match returns_wrapper(lambda) {
            true => quote!(#value.map(|value| (value, (#rt::into_payload(slope), #pullback)))),
            false => quote!((#value, (slope, #pullback))),
        };
        quote!({
            #captured
            #captured_dots
            #hold
            move |#(#primals,)* #(#tangents),*| {
                #zeros
                #shared
                #shared_dots
                #hold_again
                #forward
                #after
                #after_dots
                let slope = #slope;
                #both
            }
        })
    }

    /// Where the adjoints of what is captured and their tangents are collected: held by the closure, by each of its pullbacks, and open in these.
    fn environments(
        &self,
        lambda: &Lambda,
        second: &Second,
        inner: &Emitter<'_>,
        environments: Option<[VarId; 2]>,
    ) -> (TokenStream, TokenStream, TokenStream) {
        let (rt, adjoint) = (self.rt, &second.adjoint);
        let (mut hold, mut again, mut open) = Default::default();
        let slots = [&adjoint.slots, &second.slot_tangents];
        for (order, (environment, slots)) in environments.iter().flatten().zip(slots).enumerate() {
            let (id, outside) = (lambda.id, self.name(*environment));
            let held = format_ident!("held_{id}_{order}", span = Span::mixed_site());
            TokenStream::extend(&mut hold, quote!(let #held = #rt::Rc::clone(&#outside);));
            TokenStream::extend(&mut again, quote!(let #held = #rt::Rc::clone(&#held);));
            let entries = captured_slots(inner, lambda, (adjoint, slots), Some(&held));
            TokenStream::extend(&mut open, entries);
        }
        (hold, again, open)
    }
}

/// The zeros of the gradients of a closure's own parameters, and its pullback.
fn second_pullback(
    (inner, lambda, second): (&Emitter<'_>, &Lambda, &Second),
    again: TokenStream,
    reverse: &TokenStream,
) -> (TokenStream, TokenStream) {
    let adjoint = &second.adjoint;
    let (zeros, slots, gradients) = own_slots(inner, lambda, &adjoint.slots, "gradient");
    let (zero_dots, dot_slots, curvatures) =
        own_slots(inner, lambda, &second.slot_tangents, "curvature");
    let orders = [
        (adjoint.cotangent, "gradient"),
        (second.cotangent_tangent, "curvature"),
    ];
    let (mut inputs, mut unwrapped) = (Vec::new(), TokenStream::new());
    for (cotangent, hint) in orders {
        let name = cotangent.map(|v| inner.name(v).to_token_stream());
        if let (Some(name), true) = (&name, returns_wrapper(lambda)) {
            unwrapped.extend(quote!(let #name = ::core::option::Option::Some(#name);));
        }
        let name = name.unwrap_or_else(|| quote!(_));
        inputs.extend(adjoint.result.is_some().then_some(name));
        inputs.extend(outputs(inner, lambda, hint));
    }
    let pullback = quote! {
        move |#(#inputs),*| {
            #unwrapped
            #again
            #slots
            #dot_slots
            #reverse
            (#gradients, #curvatures)
        }
    };
    (quote!(#zeros #zero_dots), pullback)
}
