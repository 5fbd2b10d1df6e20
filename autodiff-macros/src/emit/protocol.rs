//! The functions by which annotated functions call one another: see "The companion and the call protocol" in ARCHITECTURE.md.
//!
//! ```text
//! fn __jvp(x: &[f64], n: usize, x_dot: &[f64], _: impl Sized) -> (f64, f64)
//! fn __forward(x: &[f64], n: usize) -> (f64, impl FnOnce(&[f64], f64, &mut [f64]) + use<>)
//! fn __backward(pullback: impl FnOnce(..), x: &[f64], cotangent: f64, grad_x: &mut [f64], _: &mut impl Sized)
//! ```

use super::Emitter;
use super::companion::{Companion, Parameter};
use super::inline::Plan;
use super::types::{Tangents, elided};
use crate::ir::{Operand, ParamMode, TangentOf, VarId};
use crate::members::Home;
use crate::names::{mentions, parameters};
use crate::transform::adjoint::{Adjoint, OnePass};
use crate::transform::forward::Tangent;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};

impl Companion<'_> {
    fn tangent_plan<'b>(&self, tangent: &'b Tangent) -> Plan<'b> {
        let slope = match &tangent.result_tangent {
            Some(TangentOf::Active(o) | TangentOf::Zero(o)) => o.as_var(),
            None => None,
        };
        let value = tangent.result.as_ref().and_then(Operand::as_var);
        let kept: Vec<VarId> = value.into_iter().chain(slope).collect();
        Plan::new(&tangent.function, &[&tangent.body], &kept)
    }

    fn adjoint_plan<'b>(&self, adjoint: &'b Adjoint) -> Plan<'b> {
        let value = adjoint.result.as_ref().and_then(Operand::as_var);
        let kept: Vec<VarId> = value.into_iter().collect();
        let parts = [&adjoint.forward, &adjoint.reverse];
        Plan::new(&adjoint.function, &parts, &kept)
    }

    /// What other annotated functions call in forward mode.
    pub(super) fn jvp_part(&self, tangent: &Tangent) -> TokenStream {
        self.tangent_function(self.generics(), tangent, &self.tangents())
    }

    /// The value and the tangents of these types.
    pub(super) fn tangent_function(
        &self,
        (generics, clause): (TokenStream, TokenStream),
        tangent: &Tangent,
        tangents: &Tangents,
    ) -> TokenStream {
        let name = Ident::new(tangents.kind.function(), Span::mixed_site());
        let (primals, result) = (self.primals(true), self.result_type());
        let plan = self.tangent_plan(tangent);
        let emitter = Emitter::new(&tangent.function, self.rt)
            .assuming(self.assumed(false))
            .inlining(&plan)
            .with(tangents.kind);
        let inputs = self.tangent_inputs(&emitter, &tangent.tangents, tangents, ignored);
        let (out, body) = (
            self.result_tangent_as(tangents),
            emitter.block(&tangent.body),
        );
        let value = tangent.result.as_ref().map(|o| emitter.operand(o));
        let slope = tangent.result_tangent.as_ref();
        let slope = slope.map(|t| emitter.tangent_of(t));
        let value = value.unwrap_or_else(|| hygienic!(()));
        let slope = slope.unwrap_or_else(|| hygienic!(()));
        // The tangent first: the zero of an inactive result is made from the value, which is moved.
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn #name #generics(#primals #(#inputs),*) -> (#result, #out) #clause {
                #body
                let slope = #slope;
                (#value, slope)
            }
        }
    }

    /// A tangent for each parameter, ignored where it is inactive.
    pub(super) fn tangent_inputs(
        &self,
        emitter: &Emitter,
        vars: &[Option<VarId>],
        tangents: &Tangents,
        ignored: impl Fn(&Parameter) -> TokenStream,
    ) -> Vec<TokenStream> {
        let declared = self.member.is_some_and(|m| m.home != Home::Type);
        let inputs = self.params.iter().zip(vars).map(|(p, var)| {
            let passed = || tangents.passed(p.mode, &p.ty);
            let (pattern, ty) = match var.filter(|_| p.active) {
                Some(var) => (emitter.pattern(var), passed()),
                None if p.active && declared => (hygienic!(_), passed()),
                None => (hygienic!(_), ignored(p)),
            };
            hygienic!(#pattern: #ty)
        });
        inputs.collect()
    }

    /// The types that a pullback takes.
    fn pullback_inputs(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let references = references.map(|p| {
            let ty = elided(&p.ty);
            hygienic!(#ty)
        });
        let cotangent = self.result_tangent();
        let slots = self.active().map(|p| self.slot_type(p));
        references
            .chain(std::iter::once(cotangent))
            .chain(slots)
            .collect()
    }

    /// The value, and the pullback that owns what was recorded.
    pub(super) fn forward_part(&self, adjoint: &Adjoint) -> TokenStream {
        let plan = self.adjoint_plan(adjoint);
        let emitter = |later| {
            Emitter::new(&adjoint.function, self.rt)
                .assuming(self.assumed(later))
                .inlining(&plan)
        };
        let (emitter, reverse) = (emitter(true), emitter(false));
        let references = self.references();
        let inputs = (adjoint.cotangent, adjoint.slots.as_slice());
        let (cotangent, slots) = self.adjoint_inputs(inputs, &emitter);
        let (forward, reverse) = (
            emitter.block(&adjoint.forward),
            reverse.block(&adjoint.reverse),
        );
        let value = adjoint.result.as_ref().map(|o| emitter.operand(o));
        let value = value.unwrap_or_else(|| hygienic!(()));
        let closure = hygienic! {
            move |#(#references,)* #cotangent, #(#slots),*| { #reverse }
        };
        let recorded = self.forward_function(self.recording(), &forward, &value, &closure);
        let rerun = self
            .options
            .checkpoint
            .then(|| self.rerun_part(&adjoint.function));
        hygienic!(#recorded #rerun)
    }

    /// The name of the function whose pullback owns what was recorded.
    pub(super) fn recording(&self) -> &'static str {
        if self.options.checkpoint {
            "__record"
        } else {
            "__forward"
        }
    }

    /// A function that gives back a value and a pullback. That of a function that calls itself is boxed.
    pub(super) fn forward_function(
        &self,
        name: &str,
        forward: &TokenStream,
        value: &TokenStream,
        closure: &TokenStream,
    ) -> TokenStream {
        let name = Ident::new(name, Span::mixed_site());
        let kept = self.params.iter().filter(|p| !p.is_reference());
        let bounds = if self.options.checkpoint {
            self.clone_bounds(kept)
        } else {
            Vec::new()
        };
        let (generics, clause) = self.generics_with(None, bounds);
        let (primals, result) = (self.primals(true), self.result_type());
        let (closure, pullback) = self.pullback(closure, &self.pullback_inputs());
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn #name #generics(#primals) -> (#result, #pullback) #clause {
                #forward
                (#value, #closure)
            }
        }
    }

    /// The reference arguments of a pullback.
    pub(super) fn references(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let reference = |p: &Parameter| {
            let (name, ty) = (&p.name, elided(&p.ty));
            hygienic!(#name: #ty)
        };
        references.map(reference).collect()
    }

    /// The adjoint slots of a pullback, one for each active parameter.
    pub(super) fn slots(&self, emitter: &Emitter, slots: &[Option<VarId>]) -> Vec<TokenStream> {
        let slots = self.params.iter().zip(slots).filter(|(p, _)| p.active);
        let slot = |(p, slot): (&Parameter, &Option<VarId>)| {
            let (name, ty) = (name_or_ignored(emitter, *slot), self.slot_type(p));
            hygienic!(#name: #ty)
        };
        slots.map(slot).collect()
    }

    /// A closure and its type; boxed in a recursive function.
    pub(super) fn pullback(
        &self,
        closure: &TokenStream,
        inputs: &[TokenStream],
    ) -> (TokenStream, TokenStream) {
        if self.recursive {
            let rt = self.rt;
            let lifetime = self.lifetime_of_functions();
            let lives = lifetime.map(|lifetime| hygienic!(+ #lifetime));
            let boxed = hygienic!(#rt::Box<dyn ::core::ops::FnOnce(#(#inputs),*) #lives>);
            let closure = hygienic!({ let pullback: #boxed = #rt::Box::new(#closure); pullback });
            return (closure, boxed);
        }
        let arguments = self.captured();
        let ty = hygienic!(impl ::core::ops::FnOnce(#(#inputs),*) + use<#(#arguments),*>);
        (closure.clone(), ty)
    }

    /// Value and adjoints in one pass over the data.
    pub(super) fn one_pass(&self, adjoint: &Adjoint, program: &OnePass) -> TokenStream {
        let (generics, clause) = self.generics();
        let (primals, result) = (self.primals(true), self.result_type());
        let kept: Vec<VarId> = program.result.iter().filter_map(Operand::as_var).collect();
        let plan = Plan::new(&program.function, &[&program.body], &kept);
        let emitter = Emitter::new(&program.function, self.rt)
            .assuming(self.assumed(true))
            .inlining(&plan);
        let inputs = (program.cotangent, adjoint.slots.as_slice());
        let (cotangent, slots) = self.adjoint_inputs(inputs, &emitter);
        let body = emitter.block(&program.body);
        let value = program.result.as_ref().map(|o| emitter.operand(o));
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn __value_and_grad #generics(#primals #cotangent, #(#slots),*) -> #result #clause {
                #body
                #value
            }
        }
    }

    /// The cotangent and the adjoint slots as parameters.
    fn adjoint_inputs(
        &self,
        (cotangent, slots): (Option<VarId>, &[Option<VarId>]),
        emitter: &Emitter,
    ) -> (TokenStream, Vec<TokenStream>) {
        let (name, ty) = (name_or_ignored(emitter, cotangent), self.result_tangent());
        (hygienic!(#name: #ty), self.slots(emitter, slots))
    }

    /// Runs a pullback. A call has no generic arguments: there are only those that its arguments tell.
    pub(super) fn backward_part(&self) -> TokenStream {
        let part = |constants| {
            let mut list = Backward::new(self);
            list.again(constants);
            list.cotangent("cotangent");
            list.slots(Parameter::gradient);
            list
        };
        self.with_constants(part, "__backward")
    }

    /// What runs a pullback, and the same for calls with constants by name; none of those is a method.
    pub(super) fn with_constants<'a>(
        &self,
        part: impl Fn(bool) -> Backward<'a>,
        name: &str,
    ) -> TokenStream {
        let backward = part(false).function(name);
        let method = self.member.is_some_and(|m| m.receiver.is_some());
        let constants = (!method).then(|| part(true).function(&format!("{name}_by_name")));
        hygienic!(#backward #constants)
    }
}

impl Backward<'_> {
    pub(super) fn new<'a>(companion: &'a Companion<'a>) -> Backward<'a> {
        Backward {
            companion,
            params: Vec::new(),
            given: Vec::new(),
            types: Vec::new(),
            stand_ins: Vec::new(),
        }
    }

    /// The references that the pullback is given again. Of a constant the caller knows the name only: with `constants` it also gives what
    /// is passed by value, which is not needed again.
    pub(super) fn again(&mut self, constants: bool) {
        for p in &self.companion.params {
            if p.is_reference() {
                let ty = elided(&p.ty).into_token_stream();
                self.take(&p.name, ty);
            } else if constants {
                self.params.push(hygienic!(_: impl ::core::marker::Sized));
            }
        }
    }

    /// A cotangent of the result.
    pub(super) fn cotangent(&mut self, name: &str) {
        let name = Ident::new(name, Span::mixed_site());
        self.take_adjoint(&name, self.companion.result_tangent(), ParamMode::Value);
    }

    /// A slot for each parameter, ignored where it is inactive.
    pub(super) fn slots(&mut self, name: fn(&Parameter) -> Ident) {
        for p in &self.companion.params {
            if p.active {
                let ty = self.companion.tangents().behind(&p.ty);
                self.take_adjoint(&name(p), ty, ParamMode::RefMut);
            } else {
                let ignored = hygienic!(_: &mut (impl ?::core::marker::Sized));
                self.params.push(ignored);
            }
        }
    }

    /// The tangents of what is given again, ignored where they are inactive.
    pub(super) fn reference_tangents(&mut self, constants: bool) {
        for p in &self.companion.params {
            if p.is_reference() && p.active {
                let ty = self.companion.tangents().behind(&p.ty);
                self.take_adjoint(&p.tangent(), ty, p.mode);
            } else if p.is_reference() || constants {
                let ignored = ignored(p);
                self.params.push(hygienic!(_: #ignored));
            }
        }
    }

    /// The function that takes all this after the pullback, and calls it.
    pub(super) fn function(self, name: &str) -> TokenStream {
        let name = Ident::new(name, Span::mixed_site());
        let Backward {
            companion,
            params,
            given,
            types,
            stand_ins,
        } = self;
        let (generics, clause) = companion.inferable(&types);
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn #name<#(#generics,)* #(#stand_ins,)*>(
                pullback: impl ::core::ops::FnOnce(#(#types),*),
                #(#params),*
            ) #clause {
                pullback(#(#given),*);
            }
        }
    }
}

impl Companion<'_> {
    /// The type and const parameters that occur in these types, lifetimes, and the bounds that mention no others.
    pub(super) fn inferable(&self, types: &[TokenStream]) -> (Vec<TokenStream>, TokenStream) {
        let types: TokenStream = types.iter().cloned().collect();
        let dropped: Vec<Ident> = parameters(&self.generics)
            .filter(|name| !mentions(types.clone(), name))
            .cloned()
            .collect();
        let kept = |tokens: &TokenStream| !dropped.iter().any(|d| mentions(tokens.clone(), d));
        let params = self.generics.params.iter().map(ToTokens::to_token_stream);
        let params = params.filter(kept).collect();
        let bounds: Vec<_> = self.bounds().into_iter().filter(kept).collect();
        let clause = (!bounds.is_empty()).then(|| hygienic!(where #(#bounds),*));
        (params, hygienic!(#clause))
    }
}

/// The parameters of `__backward` as they are collected.
pub(super) struct Backward<'a> {
    companion: &'a Companion<'a>,
    params: Vec<TokenStream>,
    given: Vec<Ident>,
    /// The types that the pullback takes.
    types: Vec<TokenStream>,
    /// Type parameters in place of types that no type parameter can be inferred from.
    stand_ins: Vec<TokenStream>,
}

impl Backward<'_> {
    fn take(&mut self, name: &Ident, ty: TokenStream) {
        self.params.push(hygienic!(#name: #ty));
        self.given.push(name.clone());
        self.types.push(ty);
    }

    /// `<P as Differentiable>::Tangent` tells nothing of `P`.
    fn take_adjoint(&mut self, name: &Ident, ty: TokenStream, mode: ParamMode) {
        let mut generic = parameters(&self.companion.generics);
        let projection = self.companion.tangents().is_projection(&ty)
            && generic.any(|p| mentions(ty.clone(), p));
        let ty = if projection {
            let name = format_ident!("Bar{}", self.stand_ins.len(), span = Span::mixed_site());
            let sized = (mode != ParamMode::Value).then(|| hygienic!(: ?::core::marker::Sized));
            self.stand_ins.push(hygienic!(#name #sized));
            hygienic!(#name)
        } else {
            ty
        };
        let ty = match mode {
            ParamMode::Value => ty,
            ParamMode::Ref => hygienic!(&#ty),
            ParamMode::RefMut => hygienic!(&mut #ty),
        };
        self.take(name, ty);
    }
}

/// The name of a variable; `_` if there is none.
pub(super) fn name_or_ignored(emitter: &Emitter, var: Option<VarId>) -> TokenStream {
    let name = var.map(|v| emitter.name(v));
    name.map_or(hygienic!(_), |name| hygienic!(#name))
}

/// A parameter that nobody reads.
fn ignored(p: &Parameter) -> TokenStream {
    match p.mode {
        ParamMode::Value => hygienic!(impl ::core::marker::Sized),
        ParamMode::Ref => hygienic!(&(impl ?::core::marker::Sized)),
        ParamMode::RefMut => hygienic!(&mut (impl ?::core::marker::Sized)),
    }
}
