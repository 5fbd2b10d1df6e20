//! Calls in derivative programs: of a function, of its tangent, of its forward and of its backward part.
//!
//! ```text
//! CallTangent      let (y, y_dot) = f::__jvp(x, x_dot);
//! CallForward      let (y, pullback) = f::__forward(x);
//! CallBackward     f::__backward(pullback, x, y_bar, &mut x_bar);
//! ```

use super::{Emitter, callee};
use crate::ir::{Arg, Call, CallKind, Cotangent, Place, Results, VarId};
use crate::transform::forward::needs_derivative;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    pub(super) fn plain_call(&self, results: &Results, call: &Call) -> TokenStream {
        let (before, call) = self.value_of_call(call);
        let bound = match self.results(results) {
            None => quote!(#call;),
            Some(pattern) => quote!(let #pattern = #call;),
        };
        quote!(#before #bound)
    }

    /// The value of a call alone. Of a function that is only there as its derivative it is what that gives first.
    fn value_of_call(&self, call: &Call) -> (TokenStream, TokenStream) {
        if !needs_derivative(call) {
            let call = Self::as_written(call);
            let (before, mut args) = self.passed(&call);
            for (arg, code) in call.args.iter().zip(&mut args) {
                if self.is_lent(arg) {
                    let rt = self.rt;
                    *code = quote!(#rt::lent(&#code));
                }
            }
            return (before, callee::written(&call, None, &args));
        }
        let (before, both) = self.value_and_pullback(call);
        (before, quote!(#both.0))
    }

    /// A copy, where the function as written takes an `Option` of a reference?
    fn is_lent(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(value) => value.as_var().is_some_and(|v| self.function.var(v).lent),
            _ => false,
        }
    }

    /// What a call binds, as a pattern.
    pub fn results(&self, results: &Results) -> Option<TokenStream> {
        match results {
            Results::None => None,
            Results::One(v) => Some(self.pattern(*v)),
            Results::Tuple(parts) => {
                let part = |p: &Option<VarId>| p.map_or(quote!(_), |v| self.pattern(v));
                let parts = parts.iter().map(part);
                Some(quote!((#(#parts,)*)))
            }
        }
    }

    /// An argument as it is passed.
    pub fn arg(&self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Value(o) => self.bare(o),
            Arg::Ref(p) => self.borrowed(p, false),
            Arg::RefMut(p) => self.borrowed(p, true),
            Arg::Function(function) => self.function_arg(function),
        }
    }

    pub(super) fn call_tangent(
        &self,
        results: &Results,
        tangents: &Results,
        call: &Call,
        args: &[Arg],
    ) -> TokenStream {
        let (before, mut all) = self.passed(&Self::by_derivative(call, "jvp"));
        let (also_before, mut tangents_in) = self.lent(args);
        if let (CallKind::Method, Some(Arg::Value(receiver))) = (call.kind, args.first()) {
            let tangent = self.operand(receiver);
            tangents_in[0] = quote!(&#tangent);
        }
        for (arg, tangent) in call.args.iter().zip(&mut tangents_in) {
            *tangent = self.as_passed(arg, tangent);
        }
        let (check, part) = (self.check_kind(call), self.kind.function());
        let call = match call.function {
            Some(function) => self.tangent_of_param(function, &all, &tangents_in),
            None => {
                all.extend(tangents_in);
                self.call_of_part(call, part, &all)
            }
        };
        let unbound = || quote!(_);
        let value = self.results(results).unwrap_or_else(unbound);
        let tangent = self.results(tangents).unwrap_or_else(unbound);
        quote!(#check #before #also_before let (#value, #tangent) = #call;)
    }

    pub(super) fn call_forward(
        &self,
        results: &Results,
        pullback: VarId,
        call: &Call,
    ) -> TokenStream {
        let (before, both) = self.value_and_pullback(call);
        let pattern = self.results(results).unwrap_or_else(|| quote!(_));
        let pullback = self.name(pullback);
        quote!(#before let (#pattern, #pullback) = #both;)
    }

    /// What has to be written before a call, and the call that gives value and pullback.
    pub fn value_and_pullback(&self, call: &Call) -> (TokenStream, TokenStream) {
        let (before, args) = self.passed(&Self::by_derivative(call, "vjp"));
        let both = match call.function {
            Some(function) => self.forward_of_param(function, &args),
            None => self.call_of_part(call, "__forward", &args),
        };
        (before, both)
    }

    pub(super) fn call_backward(
        &self,
        pullback: VarId,
        call: &Call,
        cotangent: &Cotangent,
        adjoints: &[Place],
    ) -> TokenStream {
        if let Some(function) = call.function {
            return self.backward_of_param((function, pullback), &[(cotangent, adjoints)]);
        }
        let by_name = names_constants(call);
        let (before, mut args) = match by_name {
            true => self.all_again(&call.args),
            false => self.passed_again(call),
        };
        let cotangent = self.cotangent(cotangent);
        let slots: Vec<Arg> = adjoints.iter().cloned().map(Arg::RefMut).collect();
        let (also_before, slots) = self.lent(&slots);
        let pullback = self.name(pullback);
        let first = usize::from(call.receiver().is_some());
        args.insert(first, quote!(#pullback));
        args.push(cotangent);
        args.extend(slots);
        let part = if by_name {
            "__backward_by_name"
        } else {
            "__backward"
        };
        let backward = self.call_of_part(call, part, &args);
        quote!(#before #also_before #backward;)
    }

    /// The tangent of an argument: that of a constant is passed as the constant is, which only its type tells.
    pub(super) fn as_passed(&self, arg: &Arg, tangent: &TokenStream) -> TokenStream {
        let (Arg::Value(constant), true) = (arg, is_by_name(arg)) else {
            return tangent.clone();
        };
        let (rt, constant) = (self.rt, self.operand(constant));
        quote!({
            use #rt::PassedByValue as _;
            #rt::Passed::like(#constant).direction(&#tangent)
        })
    }

    /// The arguments of a call that its backward part is given again.
    pub(super) fn lent_again(&self, args: &[Arg]) -> (TokenStream, Vec<TokenStream>) {
        let references = args.iter().filter(|a| !matches!(a, Arg::Value(_)));
        self.lent(&references.cloned().collect::<Vec<_>>())
    }

    /// The same and the constants: whether the callee takes them by value or not, only their types tell.
    pub(super) fn all_again(&self, args: &[Arg]) -> (TokenStream, Vec<TokenStream>) {
        let (mut before, mut again) = (TokenStream::new(), Vec::new());
        for arg in args {
            match arg {
                Arg::Value(o) if is_by_name(arg) => again.push(self.operand(o)),
                Arg::Value(_) => again.push(quote!(())),
                _ => {
                    let (first, lent) = self.lent(std::slice::from_ref(arg));
                    before.extend(first);
                    again.extend(lent);
                }
            }
        }
        (before, again)
    }

    /// The adjoints that it accumulates into.
    pub(super) fn lent_slots(&self, adjoints: &[Place]) -> (TokenStream, Vec<TokenStream>) {
        let slots: Vec<Arg> = adjoints.iter().cloned().map(Arg::RefMut).collect();
        self.lent(&slots)
    }

    /// A cotangent as it is passed.
    pub(super) fn cotangent(&self, cotangent: &Cotangent) -> TokenStream {
        match cotangent {
            Cotangent::None => quote!(()),
            Cotangent::One(t) => self.tangent_of(t),
            Cotangent::Tuple(parts) => {
                let parts = parts.iter().map(|t| self.tangent_of(t));
                quote!((#(#parts,)*))
            }
        }
    }
}

/// Has the backward part to be given the constants too?
pub(super) fn names_constants(call: &Call) -> bool {
    call.kind == CallKind::Path && call.args.iter().any(is_by_name)
}

/// Is it a constant of which only the name is known? It may be a reference.
pub(super) fn is_by_name(arg: &Arg) -> bool {
    matches!(arg, Arg::Value(o) if o.is_named_constant())
}
