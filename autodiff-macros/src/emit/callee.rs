//! How a call of an annotated function is written, and its derivative parts: by the companion of a function, by the siblings of a member.
//!
//! ```text
//! m::g::<T>(a)        m::g::__forward::<T>(a)
//! Shape::area(a)      Shape::__area_forward(a)
//! shape.area(a)       shape.__area_forward_self(a)
//! ```

use super::Emitter;
use super::code::Code;
use super::elsewhere;
use super::foreign;
use crate::ir::{Arg, Asked, Call, CallKind, Derived, Place, Ty};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::borrow::Cow;
use std::slice;

impl Emitter<'_> {
    /// The arguments as they are passed, and what has to be written before the call. The receiver of a method is borrowed by the call itself.
    pub fn passed(&self, call: &Call) -> (TokenStream, Vec<TokenStream>) {
        let Some((receiver, others)) = call.receiver() else {
            return self.lent(&call.args);
        };
        let receiver = match receiver {
            Arg::Value(o) => self.operand(o),
            Arg::Ref(p) => self.receiver(p),
            Arg::RefMut(p) => self.changed(p),
            Arg::Function(function) => self.function_arg(function),
        };
        let (before, mut args) = self.lent(others);
        args.insert(0, receiver);
        (before, args)
    }

    /// The references that a pullback is given again; the receiver of a method among them, however it was passed.
    pub fn passed_again(&self, call: &Call) -> (TokenStream, Vec<TokenStream>) {
        let others = call.receiver().map_or(&call.args[..], |(_, others)| others);
        let (before, mut args) = self.lent_again(others);
        if let Some((receiver, _)) = call.receiver() {
            let call = Call {
                args: slice::from_ref(receiver).to_vec(),
                ..call.clone()
            };
            args.splice(0..0, self.passed(&call).1);
        }
        (before, args)
    }
}

impl Emitter<'_> {
    /// The call of a part of the protocol; the siblings of nalgebra's members are in scope where it may be one of these.
    pub fn call_of_part(&self, call: &Call, part: &str, args: &[TokenStream]) -> TokenStream {
        let (rt, written) = (self.rt, written(call, Some(part), args));
        if elsewhere::is_elsewhere(call) && !args.is_empty() {
            let part = self.part_elsewhere(call, &path_of(call, part), args.len());
            return quote!(#part(#(#args),*));
        }
        if foreign::may_be_meant(call) {
            return quote!({ use #rt::members::*; #written });
        }
        if is_conversion(call) {
            return quote!({ use #rt::conversions::*; #written });
        }
        match self.looked_for_last(call) {
            Some(receiver) => self.or_unannotated(call, part, args.len(), &receiver, &written),
            None => written,
        }
    }

    /// The type of whose methods `method(&mut self)` comes after all that a trait of the user's may give to this number or list: `Vec` and arrays
    /// become slices last of all.
    fn looked_for_last(&self, call: &Call) -> Option<TokenStream> {
        let (receiver, _) = call.receiver().filter(|_| call.kind == CallKind::Method)?;
        let (ty, changed) = match receiver {
            Arg::Value(o) => (self.function.operand_ty(o).clone(), false),
            Arg::Ref(p) => (self.function.place_ty(&self.function.resolve(p)), false),
            Arg::RefMut(p) => (self.function.place_ty(&self.function.resolve(p)), true),
            Arg::Function(_) => return None,
        };
        match ty.peel() {
            Ty::Vec(_) | Ty::Array(_) if changed => Some(quote!([T])),
            Ty::Float(_) | Ty::Slice(_) | Ty::Vec(_) | Ty::Array(_) if !changed => Some(quote!(T)),
            _ => None,
        }
    }

    /// The call where a method that is found if nothing else is says that there is no derivative.
    fn or_unannotated(
        &self,
        call: &Call,
        part: &str,
        args: usize,
        receiver: &TokenStream,
        written: &TokenStream,
    ) -> TokenStream {
        let (rt, path) = (self.rt, part_of(call, part).path);
        let name = path.segments.last().map(|s| &s.ident);
        let types: Vec<Ident> = (1..args).map(|k| quote::format_ident!("A{k}")).collect();
        quote!({
            trait Unannotated {
                #[allow(dead_code)]
                fn #name<R, #(#types),*>(&mut self, #(_: #types),*) -> R
                where
                    Self: #rt::Annotated,
                {
                    ::core::unreachable!()
                }
            }
            impl<T> Unannotated for #receiver {}
            #written
        })
    }
}

impl Emitter<'_> {
    /// What is computed as the companions of the functions that are called say.
    pub fn as_told(&self, asked: &Asked, derived: &Derived) -> Option<Code> {
        let rt = self.rt;
        Some(Code::atom(match (asked, derived) {
            (Asked::Argument { call, param }, Derived::Zero(place)) if self.is_list(place) => {
                let (place, bits) = (self.borrowed(place, false), self.says(call, "__USES"));
                quote!(#rt::scratch(#place, #rt::says(#bits, #param)))
            }
            (Asked::Argument { call, param }, Derived::Save(_)) => {
                let (copy, bits) = (self.derived(derived), self.says(call, "__RESTORES"));
                quote!(if #rt::says(#bits, #param) { #rt::None } else { #rt::Some(#copy) })
            }
            (Asked::Slopes(calls), Derived::Times(seed, slope, _)) => {
                let singular = calls.iter().map(|c| self.says(c, "__SINGULAR"));
                let (seed, slope) = (self.bare(seed), self.bare(slope));
                quote!(#rt::weighted(#seed, #slope, #(#singular)||*))
            }
            _ => return None,
        }))
    }

    /// Does its zero need memory?
    fn is_list(&self, place: &Place) -> bool {
        let ty = self.function.place_ty(&self.function.resolve(place));
        matches!(ty.peel(), Ty::Slice(_) | Ty::Vec(_))
    }

    /// Has the companion a trait that it needs here? The function of the runtime asks for it.
    pub fn says_of_companion(
        &self,
        call: &Call,
        needed: &TokenStream,
        asks: &TokenStream,
    ) -> TokenStream {
        let rt = self.rt;
        if elsewhere::is_elsewhere(call) {
            let companion = elsewhere::companion(call);
            let has = quote!(impl #rt::#needed for #companion {});
            return elsewhere::named(call, &has, &quote!(#rt::#asks::<#companion>();));
        }
        let companion = companion(call);
        quote!(#rt::#asks::<#companion>();)
    }

    /// A constant of a companion; what is no companion of this crate's says the safe thing.
    pub fn says(&self, call: &Call, constant: &str) -> TokenStream {
        let (rt, mut path) = (self.rt, inferred(call, constant));
        path.path
            .segments
            .iter_mut()
            .for_each(|s| s.arguments = syn::PathArguments::None);
        if elsewhere::is_elsewhere(call) {
            let (companion, name) = (elsewhere::companion(call), path.path.segments.last());
            let read = quote!({ use #rt::Callee as _; #companion::#name });
            return elsewhere::named(call, &TokenStream::new(), &read);
        }
        quote!({ use #rt::Callee as _; #path })
    }
}

/// May an `impl From` be meant? A function of the type's own comes first.
fn is_conversion(call: &Call) -> bool {
    let last = call.path.path.segments.last();
    let converts = last.is_some_and(|last| last.ident == "from") && call.args.len() == 1;
    converts && call.kind == CallKind::Path && call.is_member()
}

/// The call of a part of the protocol, or of the function itself.
pub fn written(call: &Call, part: Option<&str>, args: &[TokenStream]) -> TokenStream {
    let path = part.map_or_else(|| call.path.clone(), |part| path_of(call, part));
    match (call.kind, args) {
        (CallKind::Method | CallKind::Fixed, [receiver, others @ ..]) => {
            quote!(#receiver.#path(#(#others),*))
        }
        _ => quote!(#path(#(#args),*)),
    }
}

/// The path of a part of the protocol as it is called: pullbacks infer their types.
fn path_of(call: &Call, part: &str) -> syn::ExprPath {
    match part.starts_with("__backward") || part.starts_with("__direction") {
        true => inferred(call, part),
        false => part_of(call, part),
    }
}

/// The part of the protocol that belongs to the kind of the call.
pub fn part_of(call: &Call, part: &str) -> syn::ExprPath {
    let mut path = call.path.clone();
    let member = call.is_member();
    let Some(last) = path.path.segments.last_mut() else {
        return path;
    };
    if let ("__jvp_batch" | "__taylor", syn::PathArguments::AngleBracketed(list)) =
        (part, &mut last.arguments)
    {
        list.args.push(syn::parse_quote!(_));
    }
    if member {
        last.ident = crate::members::name(&last.ident, &of_kind(call.kind, part));
        return path;
    }
    let arguments = std::mem::take(&mut last.arguments);
    let ident = Ident::new(part, last.ident.span());
    path.path
        .segments
        .push(syn::PathSegment { ident, arguments });
    path
}

/// What calls by methods use has versions of its own.
fn of_kind(kind: CallKind, part: &str) -> Cow<'_, str> {
    let suffix = match (kind, part) {
        (CallKind::Fixed, part) if !part.starts_with("__direction") => Some("fixed"),
        (CallKind::Method, part) if !part.starts_with("__direction") => Some("self"),
        _ => None,
    };
    suffix.map_or(part.into(), |suffix| format!("{part}_{suffix}").into())
}

/// The type beside the function.
pub fn companion(call: &Call) -> syn::ExprPath {
    let mut path = call.path.clone();
    if let Some(last) = path.path.segments.last_mut() {
        last.arguments = syn::PathArguments::None;
    }
    path
}

/// The same without generic arguments: it infers what it needs.
pub fn inferred(call: &Call, part: &str) -> syn::ExprPath {
    let mut path = part_of(call, part);
    if let Some(last) = path.path.segments.last_mut() {
        last.arguments = syn::PathArguments::None;
    }
    path
}
