//! What only derivative programs contain, as calls of the runtime.

use super::Emitter;
use super::code::Prec;
use super::traces::{NUMBERS_IN_PLACE, blank};
use super::types::{Kind, zero_scalar};
use super::values::aggregate;
use crate::ir::{
    Aggregate, Arg, Derived, DerivedStmt, FloatTy, Operand, Place, Share, TangentOf, Ty, Wins,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

impl Emitter<'_> {
    /// A derivative expression.
    pub fn derived(&self, derived: &Derived) -> TokenStream {
        let rt = self.rt;
        match derived {
            Derived::Zero(p) => self.zero_of(p),
            Derived::Nothing => quote!(#rt::Nothing),
            Derived::ZeroScalar(_) if self.kind.is_list() => quote!(<#rt::Lanes<_, _>>::ZERO),
            Derived::ZeroScalar(ty) => zero_scalar(ty),
            Derived::Partial { rule, arg, args } => {
                self.slope(&format_ident!("{}_d{}", rule.get().name, arg), args)
            }
            Derived::SecondPartial {
                rule,
                arg,
                read,
                args,
            } => {
                let name = format_ident!("{}_d{}_d{}", rule.get().name, arg, read);
                self.slope(&name, args)
            }
            Derived::Series {
                rule,
                result,
                args,
                tails,
            } => self.series(rule.get(), result, args, tails),
            Derived::Times(seed, slope, wins) => self.times(seed, slope, *wins),
            Derived::Share(share) => self.shared(share),
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
            Derived::Save(p) => self.saved(p),
        }
    }

    fn zero_of(&self, place: &Place) -> TokenStream {
        if inert_scalar(&self.function.place_ty(place)) {
            return quote!(());
        }
        let (rt, lent) = (self.rt, self.borrowed(place, false));
        if self.kind.is_list() || !self.is_surely_inactive(place) {
            return self.zero(&lent);
        }
        quote!({
            use #rt::WithoutDerivative as _;
            #rt::Inactive(#lent).zero()
        })
    }

    /// A partial derivative of a rule, or one of that.
    fn slope(&self, name: &Ident, args: &[Operand]) -> TokenStream {
        let (rt, args) = (self.rt, args.iter().map(|o| self.bare(o)));
        quote!(#rt::rules::#name(#(#args),*))
    }

    /// `seed * slope`, where the zero of one wins.
    fn times(&self, seed: &Operand, slope: &Operand, wins: Wins) -> TokenStream {
        let (seed, slope) = (self.bare(seed), self.bare(slope));
        let module = self.module();
        match wins {
            Wins::Seed => quote!(#module::times(#seed, #slope)),
            Wins::Partial => quote!(#module::chosen(#seed, #slope)),
        }
    }

    fn shared(&self, share: &Share) -> TokenStream {
        let rt = self.rt;
        let (name, args) = self.share(share, "");
        let module = match self.kind {
            Kind::Directions if !share.is_kept() => quote!(batch),
            Kind::Coefficients if !share.is_kept() => quote!(series),
            _ => quote!(ops),
        };
        quote!(#rt::#module::#name(#(#args),*))
    }

    /// What a place holds, to be put back.
    fn saved(&self, place: &Place) -> TokenStream {
        let receiver = self.receiver(place);
        match self.function.place_ty(place) {
            Ty::Slice(_) => quote!(#receiver.to_vec()),
            Ty::Float(_) | Ty::Int | Ty::Bool => self.place(place),
            _ => quote!(#receiver.clone()),
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
            } => self.accumulate(place, value, *negate),
            DerivedStmt::AccumulateShare { place, share } => {
                let place = self.borrowed(place, true);
                let (name, args) = self.share(share, "_into");
                quote!(#rt::ops::#name(#place, #(#args),*);)
            }
            DerivedStmt::AccumulatePlace { to, from } => self.accumulate_place(to, from),
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
                let t = self.name(*t);
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
            } => self.record_branch(*trace, cond, then, els),
            DerivedStmt::MatchRecord { trace, then, els } => self.match_branch(*trace, then, els),
            DerivedStmt::Replay { count, body } => {
                let (count, body) = (self.code(count).at(Prec::Or), self.block(body));
                quote!(for _ in 0..#count { #body })
            }
            DerivedStmt::ForReverse { var, range, body } => self.reversed(*var, range, body),
            parts @ DerivedStmt::Parts { .. } => self.parts(parts),
            DerivedStmt::PopPrimal(p) => {
                let p = self.changed(p);
                quote!(#p.pop();)
            }
            keeping @ DerivedStmt::ForKeeping { .. } => self.keeping(keeping),
            restoring @ DerivedStmt::ForRestoring { .. } => self.restoring(restoring),
        }
    }

    /// `place += value` or `place -= value`
    fn accumulate(&self, place: &Place, value: &Operand, negate: bool) -> TokenStream {
        let (rt, ty) = (self.rt, self.function.operand_ty(value));
        if self.differ(place, ty) {
            let (place, value) = (self.target(place).at(Prec::Atom), self.operand(value));
            return quote!(#rt::accumulate(&mut #place[..], &#value[..]););
        }
        if ty.is_float() || self.function.place_ty(place).is_float() {
            let (place, value) = (self.target(place).tokens(), self.bare(value));
            let operator = if negate { quote!(-=) } else { quote!(+=) };
            return quote!(#place #operator #value;);
        }
        let (place, value) = (self.borrowed(place, true), self.operand(value));
        let function = if negate { "subtract" } else { "accumulate" };
        let function = Ident::new(function, Span::mixed_site());
        quote!(#rt::#function(#place, &#value);)
    }

    fn accumulate_place(&self, to: &Place, from: &Place) -> TokenStream {
        let rt = self.rt;
        if self.differ(to, &self.function.place_ty(from)) {
            let (to, from) = (self.target(to).at(Prec::Atom), self.place(from));
            return quote!(#rt::accumulate(&mut #to[..], &#from[..]););
        }
        let (to, from) = (self.borrowed(to, true), self.borrowed(from, false));
        quote!(#rt::accumulate(#to, #from);)
    }

    /// Are an adjoint and what is added to it containers of different kinds?
    fn differ(&self, to: &Place, from: &Ty) -> bool {
        let to = self.function.place_ty(to);
        let container = |ty: &Ty| matches!(ty, Ty::Vec(_) | Ty::Array(_) | Ty::Slice(_));
        let same = std::mem::discriminant(&to) == std::mem::discriminant(from);
        container(&to) && container(from) && !same
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
}

/// The tangent of a `Result` is an `Option`.
fn tangent_kind(kind: &Aggregate) -> Aggregate {
    match kind {
        Aggregate::Ok => Aggregate::Some,
        Aggregate::Err => Aggregate::None,
        other => other.clone(),
    }
}

/// Has it no derivative and no parts that one could ask the shape of?
fn inert_scalar(ty: &Ty) -> bool {
    matches!(ty, Ty::Unit | Ty::Int | Ty::Bool)
}
