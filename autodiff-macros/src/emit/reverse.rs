//! The reverse mode: `f::vjp`, and what callers may know of the function. Gradients are in [`gradient`](super::gradient).

use super::Emitter;
use super::companion::{Companion, Parameter};
use super::output::Output;
use super::types::{has_lifetime, named, named_behind, referred};
use crate::ir::{Call, Inert, ParamMode, Stmt};
use crate::transform::adjoint::Adjoint;
use crate::transform::adjoint::reads::Reads;
use crate::transform::adjoint::risk::Risk;
use proc_macro2::{Span, TokenStream};
use std::collections::BTreeMap;

impl Companion<'_> {
    pub(super) fn reverse_mode(&self, adjoint: &Adjoint) -> TokenStream {
        let (forward, backward) = (self.forward_part(adjoint), self.backward_part());
        let scalar = matches!(self.output(), Output::Scalar | Output::Perhaps);
        let one_pass = adjoint.one_pass.as_ref().filter(|_| scalar);
        let gradients = self.gradient_functions(one_pass.is_some());
        let one_pass = one_pass.map(|program| self.one_pass(adjoint, program));
        let (vjp, known) = (self.vjp(adjoint), self.known(adjoint));
        hygienic!(#known #forward #backward #vjp #one_pass #gradients)
    }

    /// What callers may know of the parameters, a bit for each. Of a parameter beyond the sixty-fourth they know nothing.
    fn known(&self, adjoint: &Adjoint) -> Option<TokenStream> {
        if self.member.is_some() || self.params.len() > 64 {
            return None;
        }
        let params = adjoint.function.params.iter().zip(&self.params).enumerate();
        let (mut used, mut restored) = (0_u64, 0_u64);
        for (k, (param, parameter)) in params {
            let again = adjoint.restored.contains(&param.var) && !self.options.checkpoint;
            used |= u64::from(parameter.active) << k;
            restored |= u64::from(again) << k;
        }
        let (imports, singular) = (imports(adjoint), self.singular(adjoint));
        let reads = self.reads(adjoint);
        Some(hygienic! {
            #reads
            #[doc(hidden)]
            pub const __USES: u64 = #used;
            #[doc(hidden)]
            pub const __RESTORES: u64 = #restored;
            #[doc(hidden)]
            pub const __SINGULAR: bool = { #(#imports)* #singular };
        })
    }

    /// May a slope be infinite where the function is finite? What a user states is not known.
    fn singular(&self, adjoint: &Adjoint) -> TokenStream {
        let risk = Risk::of(adjoint.forward.stmts.iter().chain(&adjoint.reverse.stmts));
        if risk.own || self.recursive || self.options.rule.is_some() {
            return hygienic!(true);
        }
        let emitter = Emitter::new(&adjoint.function, self.rt);
        let calls = risk.calls.iter().map(|c| emitter.says(c, "__SINGULAR"));
        hygienic!(false #(|| #calls)*)
    }

    /// Which shared references the pullback looks at, if it need not look at all of them.
    fn reads(&self, adjoint: &Adjoint) -> Option<TokenStream> {
        let rt = self.rt;
        let emitter = Emitter::new(&adjoint.function, rt);
        let unread = self.perhaps_unread(adjoint);
        let sure = unread.keys().fold(!0_u64, |bits, k| bits & !(1 << k));
        let emitter = &emitter;
        let asked = unread.iter().flat_map(|(k, calls)| {
            calls.iter().map(move |(call, param)| {
                let bits = emitter.says(call, "__READS");
                hygienic!((#rt::says(#bits, #param) as u64) << #k)
            })
        });
        let asked = hygienic!(#(| #asked)*);
        let imports = imports(adjoint);
        let reads = hygienic! {
            #[doc(hidden)]
            pub const __READS: u64 = { #(#imports)* #sure #asked };
        };
        (!unread.is_empty()).then_some(reads)
    }

    /// The shared references that the pullback hands on at most, and to what.
    fn perhaps_unread(&self, adjoint: &Adjoint) -> BTreeMap<usize, Vec<(Call, usize)>> {
        if self.member.is_some() || self.params.len() > 64 || self.is_asked_no_more() {
            return BTreeMap::new();
        }
        let params = adjoint.function.params.iter().zip(&self.params).enumerate();
        let shared = params.filter(|(_, (_, p))| p.active && p.mode == ParamMode::Ref);
        let unread = shared.filter_map(|(k, (param, _))| {
            let reads = Reads::of(&adjoint.function, &adjoint.reverse, param.var);
            (!reads.own).then_some((k, reads.calls))
        });
        unread.collect()
    }

    /// Does the pullback run the function again, or is it one that may ask itself?
    fn is_asked_no_more(&self) -> bool {
        self.options.checkpoint || self.recursive || self.options.rule.is_some()
    }

    /// Copies of what the pullback is given again after the call; what is not differentiated is borrowed.
    fn kept(&self, adjoint: &Adjoint) -> TokenStream {
        let (rt, unread) = (self.rt, self.perhaps_unread(adjoint));
        let kept = self.params.iter().enumerate();
        let kept = kept.filter(|(_, p)| p.is_reference() && p.active);
        let kept = kept.map(|(k, p)| {
            let name = &p.name;
            let mutable = (p.mode == ParamMode::RefMut).then(|| hygienic!(mut));
            if unread.contains_key(&k) {
                return hygienic!(let #name = {
                    use #rt::Kept as _;
                    #rt::Again(&*#name).kept(#rt::says(Self::__READS, #k))
                };);
            }
            hygienic!(let #mutable #name = #rt::ToOwned::to_owned(&*#name);)
        });
        kept.collect()
    }

    /// The reference arguments of the pullback, from copies made by [`Companion::kept`].
    fn passed_again(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let pass = |p: &Parameter| {
            let name = &p.name;
            match (p.active, p.mode) {
                (true, ParamMode::RefMut) => hygienic!(&mut #name),
                (true, _) => hygienic!(&#name),
                _ => hygienic!(#name),
            }
        };
        references.map(pass).collect()
    }

    /// `let mut grad_a = zero(&a);` for each parameter; what is overwritten has its adjoint made after the call.
    pub(super) fn zeros(&self, outputs: bool) -> TokenStream {
        let params = self.active().filter(|p| p.is_output() == outputs);
        let zero = params.map(|p| {
            let (slot, zero) = (p.gradient(), self.zero(p));
            hygienic!(let mut #slot = #zero;)
        });
        zero.collect()
    }

    /// The parameters of a function that gives a pullback, which borrows what is not differentiated; the lifetime of that; and what the pullback may
    /// capture.
    pub(super) fn borrowed_primals(
        &self,
    ) -> (Vec<TokenStream>, Option<syn::Lifetime>, Vec<TokenStream>) {
        let lifetime = syn::Lifetime::new("'kept", Span::mixed_site());
        let borrows =
            |p: &Parameter| p.is_reference() && !p.active || has_lifetime(referred(&p.ty));
        let borrows = self.params.iter().any(borrows);
        let lifetime = borrows.then_some(lifetime);
        let primals = self.params.iter().map(|p| {
            let ty = match &lifetime {
                Some(lifetime) if !p.active => named(&p.ty, lifetime),
                // Of what is referred to the pullback has a copy.
                Some(lifetime) => named_behind(&p.ty, lifetime),
                None => p.ty.clone(),
            };
            let name = &p.name;
            hygienic!(#name: #ty)
        });
        let primals = primals.collect();
        let own_lifetimes = self.item.sig.generics.lifetimes().map(|l| &l.lifetime);
        let captured = own_lifetimes.chain(&lifetime).map(|l| hygienic!(#l));
        let captured = captured.chain(self.captured()).collect();
        (primals, lifetime, captured)
    }

    fn vjp(&self, adjoint: &Adjoint) -> TokenStream {
        let (primals, lifetime, captured) = self.borrowed_primals();
        let copied = self.active().filter(|p| p.is_reference());
        let (generics, clause) = self.generics_with(lifetime.as_ref(), self.clone_bounds(copied));
        let value_type = self.value_type();
        let has_result = !matches!(self.output(), Output::Unit);
        let cotangent = has_result.then(|| self.value_tangent());
        let outputs: Vec<&Parameter> = self.params.iter().filter(|p| p.is_output()).collect();
        let output_types = outputs.iter().map(|p| self.gradient_type(p));
        let taken: Vec<_> = cotangent.into_iter().chain(output_types).collect();
        let given = has_result.then(|| hygienic!(cotangent));
        let given = given.into_iter().chain(outputs.iter().map(|p| {
            let slot = p.gradient();
            hygienic!(mut #slot)
        }));
        let typed = given.zip(&taken).map(|(name, ty)| hygienic!(#name: #ty));
        let gradient_types = self.gradients(|p| self.gradient_type(p));
        let gradients = self.gradients(|p| {
            let slot = p.gradient();
            hygienic!(#slot)
        });
        let (again, zeros) = (self.passed_again(), self.zeros(false));
        let kept = self.kept(adjoint);
        let checks = outputs.iter().map(|p| {
            let (rt, name, slot) = (self.rt, &p.name, p.gradient());
            let label = format!("cotangent of `{name}`");
            hygienic!(#rt::same_shape(#label, &#name, &#slot);)
        });
        let slots = self.active().map(Parameter::gradient);
        let cotangent = has_result
            .then(|| hygienic!(cotangent))
            .unwrap_or(hygienic!(()));
        let cotangent = self.present(cotangent);
        let call = self.own(self.recording());
        let reborrowed = self.reborrowed();
        let pullback = hygienic!(
            impl ::core::ops::FnOnce(#(#taken),*) -> #gradient_types + use<#(#captured),*>
        );
        let result = self.returning(hygienic!((#value_type, #pullback)));
        let both = self.where_present(hygienic! {
            (value, move |#(#typed),*| {
                #(#checks)*
                pullback(#(#again,)* #cotangent, #(&mut #slots),*);
                #gradients
            })
        });
        hygienic! {
            /// Value and pullback: the pullback takes a cotangent of the result (and one of each `&mut` parameter's final value) and gives the
            /// gradients with respect to the parameters.
            ///
            /// # Panics
            ///
            /// The pullback, if a cotangent has another shape than its output.
            #[inline]
            pub fn vjp #generics(#(#primals),*) -> #result #clause {
                #zeros
                let (value, pullback) = #call(#reborrowed);
                #kept
                #both
            }
        }
    }

    /// The arguments, references lent once more.
    pub(super) fn reborrowed(&self) -> TokenStream {
        let args = self.params.iter().map(|p| {
            let name = &p.name;
            match p.mode {
                ParamMode::Value => hygienic!(#name,),
                ParamMode::Ref => hygienic!(&*#name,),
                ParamMode::RefMut => hygienic!(&mut *#name,),
            }
        });
        args.collect()
    }
}

/// What the function brings by its own `use`: what it calls may have its name from there, where the constants that ask it stand outside of it.
fn imports(adjoint: &Adjoint) -> Vec<&TokenStream> {
    let import = |stmt| match stmt {
        &Stmt::Effect(Inert {
            expr: syn::Expr::Verbatim(ref item),
            ..
        }) => syn::parse2::<syn::ItemUse>(item.clone())
            .is_ok()
            .then_some(item),
        _ => None,
    };
    adjoint.forward.stmts.iter().filter_map(import).collect()
}
