//! What only derivative programs contain, as calls of the runtime.

use super::code::Prec;
use super::types::Kind;
use super::{Emitter, aggregate};
use crate::ir::{
    Aggregate, Arg, Block, Call, CallKind, Cotangent, Derived, DerivedStmt, FloatTy, Operand,
    Place, Range, Results, Share, TangentOf, Ty, VarId, Wins,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

impl Emitter<'_> {
    /// A derivative expression.
    pub fn derived(&self, derived: &Derived) -> TokenStream {
        let rt = self.rt;
        match derived {
            Derived::Zero(p) if inert_scalar(&self.function.place_ty(p)) => quote!(()),
            Derived::Zero(p) if !self.kind.is_list() && self.is_surely_inactive(p) => {
                let p = self.borrowed(p, false);
                quote!({
                    use #rt::WithoutDerivative as _;
                    #rt::Inactive(#p).zero()
                })
            }
            Derived::Zero(p) => self.zero(&self.borrowed(p, false)),
            Derived::Nothing => quote!(#rt::Nothing),
            Derived::ZeroScalar(_) if self.kind.is_list() => quote!(<#rt::Lanes<_, _>>::ZERO),
            Derived::ZeroScalar(ty) => super::types::zero_scalar(ty),
            Derived::Partial { rule, arg, args } => {
                let name = format_ident!("{}_d{}", rule.get().name, arg);
                let args = args.iter().map(|o| self.bare(o));
                quote!(#rt::rules::#name(#(#args),*))
            }
            Derived::SecondPartial {
                rule,
                arg,
                read,
                args,
            } => {
                let name = format_ident!("{}_d{}_d{}", rule.get().name, arg, read);
                let args = args.iter().map(|o| self.bare(o));
                quote!(#rt::rules::#name(#(#args),*))
            }
            Derived::Series {
                rule,
                result,
                args,
                tails,
            } => self.series(rule.get(), result, args, tails),
            Derived::Times(seed, slope, wins) => {
                let (seed, slope) = (self.bare(seed), self.bare(slope));
                let module = self.module();
                match wins {
                    Wins::Seed => quote!(#module::times(#seed, #slope)),
                    Wins::Partial => quote!(#module::chosen(#seed, #slope)),
                }
            }
            Derived::Share(share) => {
                let (name, args) = self.share(share, "");
                let module = match self.kind {
                    Kind::Directions if !share.is_kept() => quote!(batch),
                    Kind::Coefficients if !share.is_kept() => quote!(series),
                    _ => quote!(ops),
                };
                quote!(#rt::#module::#name(#(#args),*))
            }
            Derived::Take(p) => self.runtime_mut("take", p),
            Derived::Aggregate(kind, parts) => {
                let parts: Vec<_> = parts.iter().map(|p| self.tangent_of(p)).collect();
                aggregate(&tangent_kind(kind), &parts, self.rt)
            }
            Derived::SumElements { place, like } => {
                let (place, like) = (self.borrowed(place, false), self.operand(like));
                quote!(#rt::sum_elements(#place, &#like))
            }
            Derived::PopAdjoint(p) => self.runtime_mut("pop_adjoint", p),
            Derived::Convert(o) => {
                let o = self.bare(o);
                quote!(#rt::cast_real(#o))
            }
            Derived::Replace { place, value } => {
                let (place, value) = (self.borrowed(place, true), self.bare(value));
                quote!(::core::mem::replace(#place, #value))
            }
            Derived::NewList { float, width } => {
                let (few, blank) = (NUMBERS_IN_PLACE / width, blank(float, *width));
                quote!(#rt::List::<_, #few>::new(#blank))
            }
            Derived::Grow { list, range } => {
                let (name, range) = (self.name(*list), self.range(range));
                quote!(#name.grow(#range))
            }
            Derived::Before { list, range } => {
                let (name, range) = (self.name(*list), self.range(range));
                quote!(#name.before(#range))
            }
            Derived::Environment(places) => {
                let zeros = places.iter().map(|p| self.borrowed(p, false));
                quote!(#rt::environment((#(#rt::zero(#zeros),)*)))
            }
            Derived::Collected(environment) => {
                let environment = self.name(*environment);
                quote!(#rt::collected(&#environment))
            }
            Derived::Save(p) => {
                let place = self.receiver(p);
                match self.function.place_ty(p) {
                    Ty::Slice(_) => quote!(#place.to_vec()),
                    Ty::Float(_) | Ty::Int | Ty::Bool => self.place(p),
                    _ => quote!(#place.clone()),
                }
            }
        }
    }

    fn share(&self, share: &Share, suffix: &str) -> (Ident, Vec<TokenStream>) {
        let name = format_ident!("{}{}", share.function, suffix, span = Span::mixed_site());
        let args = share.args.iter().enumerate().map(|(k, arg)| {
            let shown = self.shown(arg);
            match arg {
                _ if k < share.primals() => shown,
                Arg::Value(Operand::Const(_)) => hygienic!(::core::option::Option::None),
                _ => hygienic!(::core::option::Option::Some(#shown)),
            }
        });
        (name, args.collect())
    }

    fn runtime_mut(&self, function: &str, place: &Place) -> TokenStream {
        let (rt, place) = (self.rt, self.borrowed(place, true));
        let function = Ident::new(function, Span::mixed_site());
        quote!(#rt::#function(#place))
    }

    /// A tangent, or the zero of an inactive component.
    pub fn tangent_of(&self, tangent: &TangentOf) -> TokenStream {
        match tangent {
            TangentOf::Active(o) => self.bare(o),
            TangentOf::Zero(o) if self.is_literal(o) => quote!(0.0),
            TangentOf::Zero(o) => {
                let o = self.operand(o);
                self.zero(&quote!(&#o))
            }
        }
    }

    /// Is it a number of which only its surroundings tell the type?
    fn is_literal(&self, operand: &Operand) -> bool {
        let literal = *self.function.operand_ty(operand) == Ty::Float(FloatTy::Literal);
        literal && operand.as_var().is_none() && !self.kind.is_list()
    }

    /// A derivative statement.
    pub fn derived_stmt(&self, stmt: &DerivedStmt) -> TokenStream {
        let rt = self.rt;
        match stmt {
            DerivedStmt::Accumulate {
                place,
                value,
                negate,
            } => {
                let scalar = self.function.operand_ty(value).is_float()
                    || self.function.place_ty(place).is_float();
                let slices = self.differ(place, self.function.operand_ty(value));
                if slices {
                    let (place, value) = (self.target(place).at(Prec::Atom), self.operand(value));
                    return quote!(#rt::accumulate(&mut #place[..], &#value[..]););
                }
                if scalar {
                    let (place, value) = (self.target(place).tokens(), self.bare(value));
                    let operator = if *negate { quote!(-=) } else { quote!(+=) };
                    return quote!(#place #operator #value;);
                }
                let (place, value) = (self.borrowed(place, true), self.operand(value));
                let function = if *negate { "subtract" } else { "accumulate" };
                let function = Ident::new(function, Span::mixed_site());
                quote!(#rt::#function(#place, &#value);)
            }
            DerivedStmt::AccumulateShare { place, share } => {
                let place = self.borrowed(place, true);
                let (name, args) = self.share(share, "_into");
                quote!(#rt::ops::#name(#place, #(#args),*);)
            }
            DerivedStmt::AccumulatePlace { to, from } => {
                let slices = self.differ(to, &self.function.place_ty(from));
                if slices {
                    let (to, from) = (self.target(to).at(Prec::Atom), self.place(from));
                    return quote!(#rt::accumulate(&mut #to[..], &#from[..]););
                }
                let (to, from) = (self.borrowed(to, true), self.borrowed(from, false));
                quote!(#rt::accumulate(#to, #from);)
            }
            DerivedStmt::SetZero(p) => {
                let set = self.runtime_mut("set_zero", p);
                quote!(#set;)
            }
            DerivedStmt::CallForward {
                results,
                pullback,
                call,
            } => self.call_forward(results, *pullback, call),
            DerivedStmt::CallBackward {
                pullback,
                call,
                cotangent,
                adjoints,
            } => self.call_backward(*pullback, call, cotangent, adjoints),
            DerivedStmt::CallTangent {
                results,
                tangents,
                call,
                args,
            } => self.call_tangent(results, tangents, call, args),
            DerivedStmt::CallForwardTangent { .. } | DerivedStmt::CallBackwardTangent { .. } => {
                self.second_call(stmt)
            }
            DerivedStmt::NewTrace(t) => {
                let (t, rt) = (self.name(*t), self.rt);
                quote!(let mut #t = #rt::Vec::new();)
            }
            DerivedStmt::Refill { list, value, len } => {
                let (list, value, len) = (self.name(*list), self.operand(value), self.operand(len));
                quote!(#rt::refill(&mut #list, #value, #len);)
            }
            DerivedStmt::TraceReserve { trace, range } => {
                let (trace, range) = (self.name(*trace), self.range(range));
                quote!(#rt::reserve(&mut #trace, #range);)
            }
            DerivedStmt::TracePush { trace, values } => {
                let (trace, values) = (self.name(*trace), self.record(values));
                quote!(#trace.push(#values);)
            }
            DerivedStmt::TracePop { trace, values } => {
                let (trace, values) = (self.name(*trace), self.recorded(values));
                quote!(let #values = #rt::pop(&mut #trace);)
            }
            DerivedStmt::IfRecord {
                trace,
                cond,
                then,
                els,
            } => {
                let (trace, cond) = (self.name(*trace), self.bare(cond));
                let then = self.recording(then, "Then");
                let els = self.recording(els, "Else");
                quote!(let #trace = if #cond { #then } else { #els };)
            }
            DerivedStmt::MatchRecord { trace, then, els } => {
                let trace = self.name(*trace);
                let (a, b) = (self.recorded(&then.0), self.recorded(&els.0));
                let (then, els) = (self.block(&then.1), self.block(&els.1));
                quote!(match #trace {
                    #rt::Branch::Then(#a) => { #then }
                    #rt::Branch::Else(#b) => { #els }
                })
            }
            DerivedStmt::Replay { count, body } => {
                let (count, body) = (self.code(count).at(Prec::Or), self.block(body));
                quote!(for _ in 0..#count { #body })
            }
            DerivedStmt::ForReverse { var, range, body } => self.reversed(*var, range, body),
            DerivedStmt::PopPrimal(p) => {
                let p = self.changed(p);
                quote!(#p.pop();)
            }
            keeping @ DerivedStmt::ForKeeping { .. } => self.keeping(keeping),
            restoring @ DerivedStmt::ForRestoring { .. } => self.restoring(restoring),
        }
    }

    /// Are an adjoint and what is added to it containers of different kinds?
    fn differ(&self, to: &Place, from: &Ty) -> bool {
        let to = self.function.place_ty(to);
        let container = |ty: &Ty| matches!(ty, Ty::Vec(_) | Ty::Array(_) | Ty::Slice(_));
        let same = std::mem::discriminant(&to) == std::mem::discriminant(from);
        container(&to) && container(from) && !same
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

    fn recording(&self, arm: &(Block, Vec<VarId>), variant: &str) -> TokenStream {
        let (rt, block, values) = (self.rt, self.block(&arm.0), self.record(&arm.1));
        let variant = Ident::new(variant, Span::mixed_site());
        quote!(#block #rt::Branch::#variant(#values))
    }

    fn reversed(&self, var: VarId, range: &Range, body: &Block) -> TokenStream {
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

    /// Is it a value of the user's that is not differentiated, or a constant, of a type that need not have a derivative?
    fn is_surely_inactive(&self, place: &Place) -> bool {
        let root = self.function.resolve(place).root;
        let unknown = matches!(
            self.function.place_ty(place).peel(),
            Ty::Unknown | Ty::Struct(_) | Ty::Motion(_) | Ty::Inert
        );
        unknown
            && self.assumed.is_some_and(|assumed| {
                root.0 as usize >= assumed.primals || !assumed.activity.is_active(root)
            })
    }

    fn call_forward(&self, results: &Results, pullback: VarId, call: &Call) -> TokenStream {
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

    fn call_backward(
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

    fn call_tangent(
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
}

/// Has the backward part to be given the constants too?
pub(super) fn names_constants(call: &Call) -> bool {
    call.kind == CallKind::Path && call.args.iter().any(is_by_name)
}

/// Is it a constant of which only the name is known? It may be a reference.
pub(super) fn is_by_name(arg: &Arg) -> bool {
    matches!(arg, Arg::Value(o) if o.is_named_constant())
}

/// The tangent of a `Result` is an `Option`.
fn tangent_kind(kind: &Aggregate) -> Aggregate {
    match kind {
        Aggregate::Ok => Aggregate::Some,
        Aggregate::Err => Aggregate::None,
        other => other.clone(),
    }
}

/// How many numbers a list holds without memory of its own: a list of so many takes 120 bytes, which the compiler moves without a call.
const NUMBERS_IN_PLACE: usize = 12;

/// A record of a list before it is written.
fn blank(float: &FloatTy, width: usize) -> TokenStream {
    let zero = super::types::zero_scalar(float);
    match width {
        1 => zero,
        _ => quote!([#zero; #width]),
    }
}

/// Has it no derivative and no parts that one could ask the shape of?
fn inert_scalar(ty: &Ty) -> bool {
    matches!(ty, Ty::Unit | Ty::Int | Ty::Bool)
}
