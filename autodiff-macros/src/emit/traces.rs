//! What the forward part records and the reverse part reads.
//!
//! ```text
//! TracePush      trace.push((a, b));
//! TracePop       let (a, b) = rt::pop(&mut trace);
//! IfRecord       let trace = if cond { .. rt::Branch::Then(a) } else { .. rt::Branch::Else(b) };
//! ```

use super::Emitter;
use super::types::zero_scalar;
use crate::ir::{Block, FloatTy, Operand, Range, VarId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// An arm and what it records.
type Arm = (Block, Vec<VarId>);

/// What an arm recorded and its reverse.
type Taken = (Vec<VarId>, Block);

impl Emitter<'_> {
    /// What a branch records of the arm that was taken.
    pub(super) fn record_branch(
        &self,
        trace: VarId,
        cond: &Operand,
        then: &Arm,
        els: &Arm,
    ) -> TokenStream {
        let (trace, cond) = (self.name(trace), self.bare(cond));
        let then = self.recording(then, "Then");
        let els = self.recording(els, "Else");
        quote!(let #trace = if #cond { #then } else { #els };)
    }

    /// The reverse of the arm that was taken.
    pub(super) fn match_branch(&self, trace: VarId, then: &Taken, els: &Taken) -> TokenStream {
        let (rt, trace) = (self.rt, self.name(trace));
        let (a, b) = (self.recorded(&then.0), self.recorded(&els.0));
        let (then, els) = (self.block(&then.1), self.block(&els.1));
        quote!(match #trace {
            #rt::Branch::Then(#a) => { #then }
            #rt::Branch::Else(#b) => { #els }
        })
    }

    /// One value bare, several as a tuple.
    pub(super) fn record(&self, values: &[VarId]) -> TokenStream {
        let names: Vec<_> = values.iter().map(|v| self.name(*v)).collect();
        match names.as_slice() {
            [one] => quote!(#one),
            all => quote!((#(#all),*)),
        }
    }

    pub(super) fn recorded(&self, values: &[VarId]) -> TokenStream {
        let patterns: Vec<_> = values.iter().map(|v| self.pattern(*v)).collect();
        match patterns.as_slice() {
            [one] => quote!(#one),
            all => quote!((#(#all),*)),
        }
    }

    fn recording(&self, arm: &Arm, variant: &str) -> TokenStream {
        let (rt, block, values) = (self.rt, self.block(&arm.0), self.record(&arm.1));
        let variant = Ident::new(variant, Span::mixed_site());
        quote!(#block #rt::Branch::#variant(#values))
    }

    pub(super) fn reversed(&self, var: VarId, range: &Range, body: &Block) -> TokenStream {
        let opposite = |rev| Range {
            rev,
            ..range.clone()
        };
        let range = match range.step {
            None => self.range(&opposite(!range.rev)),
            Some(_) => {
                let forward = self.range(range);
                quote!(#forward.rev())
            }
        };
        let (name, body) = (self.name(var), self.block(body));
        quote!(for #name in #range { #body })
    }
}

/// How many numbers a list holds without memory of its own: a list of so many takes 120 bytes, which the compiler moves without a call.
pub(super) const NUMBERS_IN_PLACE: usize = 12;

/// A record of a list before it is written.
pub(super) fn blank(float: &FloatTy, width: usize) -> TokenStream {
    let zero = zero_scalar(float);
    match width {
        1 => zero,
        _ => quote!([#zero; #width]),
    }
}
