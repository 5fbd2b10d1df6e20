//! The option `checkpoint`: what callers of a function run in their forward part, which records nothing, and again in their reverse part.
//!
//! ```text
//! fn __forward(x: f64) -> (f64, impl FnOnce(f64, &mut f64)) {
//!     let value = f(Clone::clone(&x));
//!     (value, move |cotangent, grad_x| { let (_, pullback) = Self::__record(x); pullback(cotangent, grad_x); })
//! }
//! ```

use super::companion::{Companion, Parameter};
use super::types::elided;
use crate::ir::{Function, Param, ParamMode};
use crate::lower::types::returned_wrapper;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

impl Companion<'_> {
    /// For callers of a function with the option `checkpoint`: the pullback records only when it is run.
    pub(super) fn rerun_part(&self, function: &Function) -> TokenStream {
        let (record, rt) = (self.own("__record"), self.rt);
        let name = &self.item.sig.ident;
        let again = self.params.iter().filter(|p| p.mode == ParamMode::RefMut);
        let again: Vec<_> = again.map(|p| (&p.name, p.tangent())).collect();
        let keep = again
            .iter()
            .map(|(name, kept)| hygienic!(let mut #kept = #rt::ToOwned::to_owned(&*#name);));
        let before = self.params.iter().zip(&function.params).map(|(p, param)| {
            let name = &p.name;
            match p.mode {
                _ if p.function => value_of(name, param),
                ParamMode::Value => hygienic!(::core::clone::Clone::clone(&#name)),
                ParamMode::Ref => hygienic!(&*#name),
                ParamMode::RefMut => hygienic!(&mut *#name),
            }
        });
        let forward = hygienic!(#(#keep)* let value = #name(#(#before),*););
        let lend = |p: &Parameter| {
            let (name, kept) = (&p.name, p.tangent());
            match p.mode {
                ParamMode::Value => hygienic!(#name),
                ParamMode::Ref => hygienic!(&*#name),
                ParamMode::RefMut => hygienic!(&mut #kept),
            }
        };
        let arguments = self.params.iter().map(lend);
        let references = self.params.iter().filter(|p| p.is_reference()).map(lend);
        let slots: Vec<_> = self.active().map(Parameter::gradient).collect();
        let typed = self.params.iter().filter(|p| p.is_reference()).map(|p| {
            let (name, ty) = (&p.name, elided(&p.ty));
            hygienic!(#name: #ty)
        });
        let types = self.active().map(|p| self.slot_type(p));
        let slots_typed = slots
            .iter()
            .zip(types)
            .map(|(slot, ty)| hygienic!(#slot: #ty));
        let cotangent = self.result_tangent();
        let closure = hygienic! {
            move |#(#typed,)* cotangent: #cotangent, #(#slots_typed),*| {
                let (_, pullback) = #record(#(#arguments),*);
                pullback(#(#references,)* cotangent, #(#slots),*);
            }
        };
        self.forward_function("__forward", &forward, &hygienic!(value), &closure)
    }
}

/// A function that is a parameter, as the function itself takes it: made of the one that gives pullbacks.
fn value_of(name: &Ident, param: &Param) -> TokenStream {
    let inputs = param.function.as_ref().map_or(0, |ty| ty.inputs.len());
    let inputs: Vec<Ident> = (0..inputs)
        .map(|k| format_ident!("argument_{k}", span = Span::mixed_site()))
        .collect();
    let wrapped = param
        .function
        .as_ref()
        .is_some_and(|ty| returned_wrapper(&ty.output).is_some());
    let value = match wrapped {
        true => hygienic!(.map(|both| both.0)),
        false => hygienic!(.0),
    };
    let lent = match &param.ty {
        syn::Type::Reference(ty) => {
            let mutable = &ty.mutability;
            Some(quote!(&#mutable))
        }
        _ => None,
    };
    hygienic! {#lent {
        #[allow(unused_mut)]
        let mut function = ::core::clone::Clone::clone(&#name);
        move |#(#inputs),*| function(#(#inputs),*) #value
    }}
}
