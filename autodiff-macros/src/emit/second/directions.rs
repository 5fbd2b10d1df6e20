//! The directions of a call that is differentiated twice: what makes of a tangent that which `__forward_jvp` takes, so that a caller need not
//! know which parameters are active.
//!
//! ```text
//! fn __direction_0<D>(d: D) -> D      of an active parameter
//! fn __direction_1<D>(_: D)           of another
//! ```

use crate::emit::calls::is_by_name;
use crate::emit::companion::{Companion, Parameter};
use crate::emit::types::{elided, referred};
use crate::emit::{Emitter, foreign};
use crate::ir::{Arg, Call, CallKind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

impl Companion<'_> {
    /// The same of all parameters, where a member is called by its path: the arguments tell what type it is a member of.
    pub(super) fn take_directions(&self) -> TokenStream {
        let params = self.params.iter().filter(|p| !p.function);
        let lent = params.map(|p| {
            let ty = elided(referred(&p.ty));
            hygienic!(&#ty)
        });
        let lent: Vec<TokenStream> = lent.collect();
        let (generics, clause) = self.inferable(&lent);
        let (rt, own) = (self.rt, self.member.and_then(|m| m.receiver));
        let (mut types, mut given, mut taken) = (Vec::new(), Vec::new(), Vec::new());
        for (k, p) in self.params.iter().enumerate() {
            let name = format_ident!("Direction{k}", span = Span::mixed_site());
            let fixed = k == 0 && own.is_some_and(|r| !r.active && !r.independent);
            let bound = fixed.then(|| hygienic!(: #rt::ConstantDirection));
            types.push(hygienic!(#name #bound));
            given.push(hygienic!(#name));
            taken.push(if p.active {
                hygienic!(#name)
            } else {
                hygienic!(())
            });
        }
        let value = self.params.iter().enumerate().map(|(k, p)| {
            let at = syn::Index::from(k);
            if p.active {
                hygienic!(directions.#at)
            } else {
                hygienic!(())
            }
        });
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn __directions<#(#generics,)* #(#types),*>(
                #(_: #lent,)*
                directions: (#(#given,)*),
            ) -> (#(#taken,)*) #clause {
                (#(#value,)*)
            }
        }
    }

    /// What makes of a tangent that which `__forward_jvp` takes, so that a caller need not know which parameters are active. A type
    /// parameter of that function itself would be part of its pullback. That of a member is found by its receiver.
    pub(super) fn take_direction(&self, k: usize, p: &Parameter) -> TokenStream {
        let (rt, name) = (self.rt, direction(k));
        let receiver = self.member.and_then(|m| m.receiver);
        let found_by = receiver.map(|_| {
            let this = &self.params[0].name;
            hygienic!(#this: &Self,)
        });
        let (bound, out, value) = match p.active {
            true => (None, hygienic!(-> __Direction), hygienic!(d)),
            false if k == 0 && receiver.is_some_and(|r| !r.independent) => (
                Some(hygienic!(: #rt::ConstantDirection)),
                TokenStream::new(),
                TokenStream::new(),
            ),
            false => (None, TokenStream::new(), TokenStream::new()),
        };
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn #name<__Direction #bound>(#found_by d: __Direction) #out { #value }
        }
    }
}

impl Emitter<'_> {
    /// The tangents of the arguments as the callee takes them, and what makes them so.
    pub(super) fn directions_of(
        &self,
        call: &Call,
        args: &[Arg],
    ) -> (TokenStream, Vec<TokenStream>) {
        let (mut before, dots) = self.lent(args);
        if call.kind == CallKind::Matrix || foreign::is_constructor(call) {
            return (before, dots);
        }
        if call.is_member() && call.receiver().is_none() {
            return self.directions_by_path(call, (before, dots));
        }
        let first = usize::from(call.kind == CallKind::Fixed);
        let found_by = call
            .receiver()
            .and_then(|_| self.passed(call).1.into_iter().next());
        let taken = (first..).zip(call.args.iter().skip(first).zip(dots));
        let taken = taken.map(|(k, (arg, dot))| {
            let dot = match (call.kind, k, arg) {
                // Whether the receiver is given away or not, its tangent is not.
                (CallKind::Method, 0, Arg::Value(_)) => quote!(&#dot),
                _ => self.as_passed(arg, &dot),
            };
            let args: Vec<_> = found_by.iter().cloned().chain([dot]).collect();
            let value = self.call_of_part(call, &direction(k).to_string(), &args);
            if found_by.is_none() {
                return value;
            }
            // Before the receiver is lent or given away.
            let name = format_ident!("direction_{}", k, span = Span::mixed_site());
            before.extend(quote!(let #name = #value;));
            quote!(#name)
        });
        let taken = taken.collect();
        (before, taken)
    }

    /// The tangents of the references among the arguments; that of the receiver too, however it was passed.
    pub(super) fn directions_again(
        &self,
        call: &Call,
        args: &[Arg],
    ) -> (TokenStream, Vec<TokenStream>) {
        let (before, mut lent) = self.lent_again(args);
        if let (CallKind::Method, Some(Arg::Value(receiver))) = (call.kind, args.first()) {
            let tangent = self.operand(receiver);
            lent.insert(0, quote!(&#tangent));
        }
        (before, lent)
    }

    /// The tangents of the references among the arguments, and of the constants.
    pub(super) fn tangents_again(
        &self,
        call: &Call,
        args: &[Arg],
    ) -> (TokenStream, Vec<TokenStream>) {
        let (mut before, lent) = self.lent_again(args);
        let (rt, mut lent) = (self.rt, lent.into_iter());
        let again = call.args.iter().enumerate().map(|(k, arg)| match arg {
            Arg::Value(constant) if is_by_name(arg) => {
                let constant = self.operand(constant);
                let zero = format_ident!("constant_{}", k, span = Span::mixed_site());
                before.extend(quote! {
                    let #zero = {
                        use #rt::WithoutDerivative as _;
                        #rt::Inactive(&#constant).zero()
                    };
                });
                self.as_passed(arg, &quote!(#zero))
            }
            Arg::Value(_) => quote!(()),
            _ => lent.next().unwrap_or_default(),
        });
        let again = again.collect();
        (before, again)
    }

    /// The tangents of the arguments of a member that is called by its path, made before the arguments are given away.
    fn directions_by_path(
        &self,
        call: &Call,
        (before, dots): (TokenStream, Vec<TokenStream>),
    ) -> (TokenStream, Vec<TokenStream>) {
        let dots = call.args.iter().zip(&dots);
        let dots = dots.map(|(arg, dot)| self.as_passed(arg, dot));
        let shown = call.args.iter();
        let shown = shown.filter(|a| !matches!(a, Arg::Function(_)));
        let shown = shown.map(|a| self.shown(a));
        let args: Vec<_> = shown.chain([quote!((#(#dots,)*))]).collect();
        let all = self.call_of_part(call, "__directions", &args);
        let names = (0..call.args.len())
            .map(|k| format_ident!("direction_{}", k, span = Span::mixed_site()))
            .collect::<Vec<_>>();
        let before = quote!(#before let (#(#names,)*) = #all;);
        (before, names.iter().map(|n| quote!(#n)).collect())
    }
}

fn direction(k: usize) -> Ident {
    format_ident!("__direction_{}", k, span = Span::mixed_site())
}
