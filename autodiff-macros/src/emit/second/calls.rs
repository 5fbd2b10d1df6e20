//! Calls in programs that are differentiated twice: the tangents of the forward and of the backward part.
//!
//! ```text
//! CallForwardTangent      let (y, y_dot, pullback) = f::__forward_jvp(x, x_dot);
//! CallBackwardTangent     f::__backward_jvp(pullback, x, x_dot, y_bar, y_bar_dot, &mut x_bar, &mut x_bar_dot);
//! ```

use crate::emit::Emitter;
use crate::emit::calls::names_constants;
use crate::ir::{Call, DerivedStmt};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The tangent of the forward or the backward part of a call.
    pub(in crate::emit) fn second_call(&self, stmt: &DerivedStmt) -> TokenStream {
        match stmt {
            DerivedStmt::CallForwardTangent {
                results,
                tangents,
                pullback,
                call,
                args,
            } => {
                let call = &Self::by_derivative(call, "vjp_jvp");
                let (before, primals) = self.passed(call);
                let unbound = || quote!(_);
                let value = self.results(results).unwrap_or_else(unbound);
                let tangent = self.results(tangents).unwrap_or_else(unbound);
                let pullback = self.name(*pullback);
                if let Some(function) = call.function {
                    let (also_before, dots) = self.lent(args);
                    let both = self.second_of_param(function, &primals, &dots);
                    return quote!(#before #also_before let (#value, (#tangent, #pullback)) = #both;);
                }
                let (also_before, dots) = self.directions_of(call, args);
                let all: Vec<_> = primals.into_iter().chain(dots).collect();
                let both = self.call_of_part(call, "__forward_jvp", &all);
                let check = self.check_order(call);
                quote!(#check #before #also_before let (#value, #tangent, #pullback) = #both;)
            }
            DerivedStmt::CallBackwardTangent {
                pullback,
                call,
                args,
                cotangent,
                cotangent_dot,
                adjoints,
                adjoint_dots,
            } => {
                if let Some(function) = call.function {
                    let orders = [
                        (cotangent, &adjoints[..]),
                        (cotangent_dot, &adjoint_dots[..]),
                    ];
                    return self.backward_of_param((function, *pullback), &orders);
                }
                let lent = match names_constants(call) {
                    true => [self.all_again(&call.args), self.tangents_again(call, args)],
                    false => [self.passed_again(call), self.directions_again(call, args)],
                };
                let cotangents = [cotangent, cotangent_dot].map(|c| self.cotangent(c));
                let slots = [adjoints, adjoint_dots].map(|places| self.lent_slots(places));
                let (before, passed): (Vec<_>, Vec<_>) = lent.into_iter().chain(slots).unzip();
                let [primals, dots, adjoints, adjoint_dots] = &passed[..] else {
                    return TokenStream::new();
                };
                let pullback = self.name(*pullback);
                let mut all = primals.clone();
                all.insert(usize::from(call.receiver().is_some()), quote!(#pullback));
                let all = [&all, dots, &cotangents.to_vec(), adjoints, adjoint_dots];
                let all: Vec<_> = all.into_iter().flatten().cloned().collect();
                let part = match names_constants(call) {
                    true => "__backward_jvp_by_name",
                    false => "__backward_jvp",
                };
                let backward = self.call_of_part(call, part, &all);
                quote!(#(#before)* #backward;)
            }
            _ => TokenStream::new(),
        }
    }

    /// Says so where the function that is called has no second order. Of a member the missing siblings tell.
    fn check_order(&self, call: &Call) -> TokenStream {
        if call.is_member() {
            return TokenStream::new();
        }
        self.says_of_companion(call, &quote!(SecondOrder), &quote!(has_second_order))
    }
}
