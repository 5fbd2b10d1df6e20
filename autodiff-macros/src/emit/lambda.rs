//! Functions as values in derivative programs: what is handed over is the function's `jvp` or `vjp`, or a closure of that shape.
//!
//! ```text
//! integrate(square, a)              integrate::__forward(square::vjp, a)
//! integrate(|x| k * x, a)           integrate::__forward(move |x| (k * x, move |y_bar| { k_bar += y_bar * x; y_bar * k }), a)
//! ```

use super::inline::Plan;
use super::types::{elided, wrapper};
use super::{Assumed, Emitter};
use crate::analysis::activity::Activity;
use crate::ir::{
    Adjoint, Arg, Block, Call, Cotangent, FnArg, FnType, Lambda, Operand, ParamMode, Place,
    Program, Tangent, TangentOf, Ty, VarId,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

impl Emitter<'_> {
    /// The arguments with annotated functions by their derivative.
    pub fn by_derivative(call: &Call, derivative: &str) -> Call {
        let part = |path: &syn::ExprPath| {
            let mut path = path.clone();
            let ident = Ident::new(derivative, Span::call_site());
            path.path.segments.push(ident.into());
            Arg::Function(FnArg::Path(path))
        };
        let args = call.args.iter().map(|arg| match arg {
            Arg::Function(FnArg::Path(path)) => part(path),
            other => other.clone(),
        });
        Call {
            args: args.collect(),
            ..call.clone()
        }
    }

    /// The call with closures as the user wrote them.
    pub fn as_written(call: &Call) -> Call {
        let mut call = call.clone();
        for arg in &mut call.args {
            if let Arg::Function(FnArg::Lambda(lambda)) = arg {
                lambda.program = None;
            }
        }
        call
    }

    /// A function as an argument.
    pub fn function_arg(&self, function: &FnArg) -> TokenStream {
        match function {
            FnArg::Path(path) => path.to_token_stream(),
            FnArg::Param(var) => {
                let name = self.name(*var);
                quote!(::core::clone::Clone::clone(&#name))
            }
            FnArg::Lambda(lambda) => match &lambda.program {
                None => lambda.code.expr.to_token_stream(),
                Some((Program::Tangent(tangent, dots), activity)) => {
                    self.tangent_closure((lambda, activity), tangent, dots)
                }
                Some((Program::Adjoint(adjoint, environment), activity)) => {
                    self.pullback_closure((lambda, activity), adjoint, *environment)
                }
                Some((Program::Second(second, dots, environments), activity)) => {
                    self.second_closure((lambda, activity), second, (dots, *environments))
                }
            },
        }
    }

    /// What a closure captures, by the name that it has inside: functions and scalars as copies.
    pub(super) fn captured(&self, lambda: &Lambda, owned: bool) -> TokenStream {
        let bind = |var: VarId| {
            let inner = &lambda.function.var(var).ident;
            let value = self.lent_inside(var, owned);
            quote!(let #inner = #value;)
        };
        lambda.captures().map(bind).collect()
    }

    /// The tangents of what it captures.
    pub(super) fn captured_dots(
        &self,
        (lambda, inner): (&Lambda, &Emitter<'_>),
        tangents: &[Option<VarId>],
        dots: &[Option<VarId>],
        owned: bool,
    ) -> TokenStream {
        let pairs = tangents[lambda.own..].iter().zip(dots);
        let bind = pairs.filter_map(|(inside, outside)| {
            let (name, value) = (inner.name((*inside)?), self.lent_inside((*outside)?, owned));
            Some(quote!(let #name = #value;))
        });
        bind.collect()
    }

    /// A variable as a closure has it: copied, shared with the pullbacks, or by reference.
    fn lent_inside(&self, var: VarId, owned: bool) -> TokenStream {
        let (rt, outer) = (self.rt, self.name(var));
        match &self.function.var(var).ty {
            Ty::Float(_) | Ty::Int | Ty::Bool => quote!(#outer),
            Ty::Unknown => quote!(::core::clone::Clone::clone(&#outer)),
            Ty::Ref(..) if owned => quote!(#rt::share(&*#outer)),
            _ if owned => quote!(#rt::share(&#outer)),
            Ty::Ref(..) => quote!(&*#outer),
            _ => quote!(&#outer),
        }
    }

    fn tangent_closure(
        &self,
        (lambda, activity): (&Lambda, &Activity),
        tangent: &Tangent,
        dots: &[Option<VarId>],
    ) -> TokenStream {
        let kept = [&tangent.result, &None].into_iter().flatten();
        let slope = match &tangent.result_tangent {
            Some(TangentOf::Active(o) | TangentOf::Zero(o)) => o.as_var(),
            None => None,
        };
        let kept: Vec<VarId> = kept.filter_map(Operand::as_var).chain(slope).collect();
        let plan = Plan::new(&tangent.function, &[&tangent.body], &kept);
        let assumed = assumed(lambda, activity, false);
        let inner = Emitter::new(&tangent.function, self.rt);
        let inner = inner.assuming(assumed).inlining(&plan);
        let captured = self.captured(lambda, false);
        let captured_dots = self.captured_dots((lambda, &inner), &tangent.tangents, dots, false);
        let own = &lambda.function.params[..lambda.own];
        let primals = own.iter().map(|p| own_pattern(&inner, p));
        let tangents = own.iter().zip(&tangent.tangents).filter_map(|(p, dot)| {
            let pattern = dot.map_or(quote!(_), |dot| inner.pattern(dot));
            p.active.then_some(pattern)
        });
        let body = inner.block(&tangent.body);
        let value = value_of(&inner, tangent.result.as_ref());
        let slope = tangent.result_tangent.as_ref();
        let slope = slope.map_or(quote!(()), |t| inner.tangent_of(t));
        let rt = self.rt;
        let both = match returns_wrapper(lambda) {
            true => quote!(#value.map(|value| (value, #rt::into_payload(slope)))),
            false => quote!((#value, slope)),
        };
        quote!({
            #captured
            #captured_dots
            move |#(#primals,)* #(#tangents),*| {
                #body
                let slope = #slope;
                #both
            }
        })
    }

    fn pullback_closure(
        &self,
        (lambda, activity): (&Lambda, &Activity),
        adjoint: &Adjoint,
        environment: Option<VarId>,
    ) -> TokenStream {
        let rt = self.rt;
        let kept: Vec<VarId> = adjoint.result.iter().filter_map(Operand::as_var).collect();
        let plan = Plan::new(
            &adjoint.function,
            &[&adjoint.forward, &adjoint.reverse],
            &kept,
        );
        let inner = Emitter::new(&adjoint.function, self.rt);
        let reverse = inner.inlining(&plan);
        let reverse = reverse.assuming(assumed(lambda, activity, false));
        let inner = Emitter::new(&adjoint.function, self.rt).inlining(&plan);
        let inner = inner.assuming(assumed(lambda, activity, true));
        let own = &lambda.function.params[..lambda.own];
        let primals = own.iter().map(|p| own_pattern(&inner, p));
        let captured = self.captured(lambda, true);
        let (forward, reverse) = (
            inner.block(&adjoint.forward),
            reverse.block(&adjoint.reverse),
        );
        let value = value_of(&inner, adjoint.result.as_ref());
        let environment = environment.map(|e| self.name(e));
        let held = format_ident!("held_{}", lambda.id, span = Span::mixed_site());
        let hold = environment
            .as_ref()
            .map(|e| quote!(let #held = #rt::Rc::clone(&#e);));
        let hold_again = environment
            .as_ref()
            .map(|_| quote!(let #held = #rt::Rc::clone(&#held);));
        let primals_again: Vec<_> = lambda.function.params.iter().map(|p| Some(p.var)).collect();
        let (shared, again) = self.held_again(lambda, &adjoint.reverse, &inner, &primals_again);
        let (zeros, slots, gradients) = own_slots(&inner, lambda, &adjoint.slots, "gradient");
        let after = kept_outputs(&inner, lambda, &primals_again);
        let outputs = outputs(&inner, lambda, "gradient");
        let environment = environment.as_ref().map(|_| &held);
        let captured_slots = captured_slots(&inner, lambda, (adjoint, &adjoint.slots), environment);
        let cotangent = adjoint.cotangent.map(|v| inner.name(v).to_token_stream());
        let has_result = adjoint.result.is_some();
        let cotangent = cotangent.unwrap_or_else(|| quote!(_));
        let wrapped = returns_wrapper(lambda);
        let unwrapped = (wrapped && adjoint.cotangent.is_some())
            .then(|| quote!(let #cotangent = ::core::option::Option::Some(#cotangent);));
        let inputs = has_result.then_some(&cotangent).into_iter().chain(&outputs);
        let closure = quote! {
            move |#(#inputs),*| {
                #unwrapped
                #again
                #captured_slots
                #slots
                #reverse
                #gradients
            }
        };
        let both = match wrapped {
            true => quote!(#value.map(|value| (value, #closure))),
            false => quote!((#value, #closure)),
        };
        quote!({
            #captured
            #hold
            move |#(#primals),*| {
                #zeros
                #shared
                #hold_again
                #forward
                #after
                #both
            }
        })
    }

    /// What the reverse part mentions of these, one for each parameter: a share of what is captured, a copy of each argument.
    pub(super) fn held_again(
        &self,
        lambda: &Lambda,
        reverse: &Block,
        inner: &Emitter<'_>,
        vars: &[Option<VarId>],
    ) -> (TokenStream, TokenStream) {
        let rt = self.rt;
        let mut mentioned = std::collections::BTreeSet::new();
        crate::ir::visit::block_mentions(reverse, &mut |v| {
            mentioned.insert(v);
        });
        let (mut shared, mut again) = (TokenStream::new(), TokenStream::new());
        for (k, (param, var)) in lambda.function.params.iter().zip(vars).enumerate() {
            let Some(var) = var else { continue };
            let name = inner.name(*var);
            let kept = kept(name);
            let ty = &self.function.vars.get(param.var.0 as usize).map(|v| &v.ty);
            let is_shared = k >= lambda.own
                && !matches!(ty, Some(Ty::Float(_) | Ty::Int | Ty::Bool | Ty::Unknown));
            if is_shared {
                shared.extend(quote! {
                    let #kept = #rt::Rc::clone(&#name);
                    let #name = &*#name;
                });
                again.extend(quote!(let #name = &*#kept;));
            } else if param.mode == ParamMode::RefMut {
                again.extend(quote!(let #name = &mut { #kept };));
            } else if k < lambda.own && mentioned.contains(var) {
                let value = match (param.mode, &inner.function.var(*var).ty) {
                    (ParamMode::Ref, _) => quote!(#rt::to_owned(&*#name)),
                    (_, Ty::Unknown) => quote!(#rt::Own::own(&#name)),
                    _ => quote!(::core::clone::Clone::clone(&#name)),
                };
                shared.extend(quote!(let #kept = #value;));
                let lend = match param.mode {
                    ParamMode::Ref => quote!(&#kept),
                    _ => quote!(#kept),
                };
                again.extend(quote!(let #name = #lend;));
            }
        }
        (shared, again)
    }

    /// A call of a parameter: value and pullback.
    pub fn forward_of_param(&self, function: VarId, args: &[TokenStream]) -> TokenStream {
        let (rt, name) = (self.rt, self.name(function));
        match self
            .function
            .function_type(function)
            .and_then(output_wrapper)
        {
            Some(()) => quote!(#rt::split(#name(#(#args),*))),
            None => quote!(#name(#(#args),*)),
        }
    }

    /// A call of a parameter: value and tangent. Only what can have a derivative has a tangent.
    pub fn tangent_of_param(
        &self,
        function: VarId,
        primals: &[TokenStream],
        tangents: &[TokenStream],
    ) -> TokenStream {
        let Some(ty) = self.function.function_type(function) else {
            return TokenStream::new();
        };
        let active = ty.inputs.iter().zip(tangents);
        let active = active
            .filter(|(ty, _)| is_active(ty))
            .map(|(_, t)| t.clone());
        let args: Vec<TokenStream> = primals.iter().cloned().chain(active).collect();
        self.forward_of_param(function, &args)
    }

    /// Runs the pullback of a parameter and adds what it gives: gradients, at second order their tangents too.
    pub fn backward_of_param(
        &self,
        (function, pullback): (VarId, VarId),
        orders: &[(&Cotangent, &[Place])],
    ) -> TokenStream {
        let Some(ty) = self.function.function_type(function) else {
            return TokenStream::new();
        };
        let pullback = self.name(pullback);
        let wrapped = output_wrapper(ty).is_some();
        let (mut given, mut patterns, mut added) = (Vec::new(), Vec::new(), TokenStream::new());
        for (order, (cotangent, adjoints)) in orders.iter().enumerate() {
            given.extend(self.cotangent_of_param(ty, cotangent));
            let mut names = Vec::new();
            for (k, (input, place)) in ty.inputs.iter().zip(*adjoints).enumerate() {
                if !is_active(input) {
                    continue;
                }
                let name = format_ident!("gradient_{order}_{k}", span = Span::mixed_site());
                let target = self.borrowed(place, true);
                if is_exclusive(input) {
                    let rt = self.rt;
                    given.push(quote!(#rt::to_owned(&*#target)));
                }
                added.extend(self.added(input, &target, &name));
                names.push(name);
            }
            patterns.push(one_or_tuple(&names));
        }
        let pattern = match patterns.as_slice() {
            [one] => one.clone(),
            all => quote!((#(#all),*)),
        };
        let run = quote! {
            let #pattern = #pullback(#(#given),*);
            #added
        };
        match wrapped {
            true => quote!(if let ::core::option::Option::Some(#pullback) = #pullback { #run }),
            false => quote!({ #run }),
        }
    }

    /// The cotangent of its result, if it has one.
    fn cotangent_of_param(&self, ty: &FnType, cotangent: &Cotangent) -> Option<TokenStream> {
        let rt = self.rt;
        match cotangent {
            _ if has_no_result(&ty.output) => None,
            Cotangent::None => None,
            Cotangent::One(t) => {
                let t = self.tangent_of(t);
                Some(match output_wrapper(ty) {
                    Some(()) => quote!(#rt::into_payload(#t)),
                    None => t,
                })
            }
            Cotangent::Tuple(parts) => {
                let parts = parts.iter().map(|t| self.tangent_of(t));
                Some(quote!((#(#parts,)*)))
            }
        }
    }

    /// What a pullback gives for a parameter of this type goes to its adjoint.
    fn added(&self, input: &syn::Type, target: &TokenStream, name: &Ident) -> TokenStream {
        let rt = self.rt;
        match (is_exclusive(input), is_slice(input)) {
            (true, _) => quote!(#rt::overwrite(#target, #name);),
            (false, true) => quote!(#rt::accumulate(&mut (*#target)[..], &#name[..]);),
            (false, false) => quote!(#rt::accumulate(#target, &#name);),
        }
    }
}

/// A copy of a variable that the reverse part has.
fn kept(name: &Ident) -> Ident {
    format_ident!("kept_{}", name, span = Span::mixed_site())
}

/// Zeros for the gradients of the closure's own parameters, the slots that refer to them, and what is given back. `hint` names them: gradients, or
/// their tangents.
pub(super) fn own_slots(
    inner: &Emitter<'_>,
    lambda: &Lambda,
    slots: &[Option<VarId>],
    hint: &str,
) -> (TokenStream, TokenStream, TokenStream) {
    let rt = inner.rt;
    let (mut zeros, mut bound, mut names) = (TokenStream::new(), TokenStream::new(), Vec::new());
    let own = lambda.function.params[..lambda.own].iter();
    for (param, slot) in own.zip(slots).filter(|(p, _)| p.active) {
        let name = inner.name(param.var);
        let gradient = format_ident!("{hint}_{name}", span = Span::mixed_site());
        if param.mode != ParamMode::RefMut {
            zeros.extend(quote!(let mut #gradient = #rt::zero(&#name);));
        }
        let slot = slot.map(|s| inner.name(s));
        bound.extend(slot.map(|slot| quote!(let #slot = &mut #gradient;)));
        names.push(gradient);
    }
    let gradients = one_or_tuple(&names);
    (zeros, bound, gradients)
}

/// The closure's own parameters that are outputs.
pub(super) fn outputs(inner: &Emitter<'_>, lambda: &Lambda, hint: &str) -> Vec<TokenStream> {
    let own = lambda.function.params[..lambda.own].iter();
    let outputs = own.filter(|p| p.active && p.mode == ParamMode::RefMut);
    let named = outputs.map(|p| {
        let name = inner.name(p.var);
        let gradient = format_ident!("{hint}_{name}", span = Span::mixed_site());
        quote!(mut #gradient)
    });
    named.collect()
}

/// What an output, or its tangent, holds after the forward part.
pub(super) fn kept_outputs(
    inner: &Emitter<'_>,
    lambda: &Lambda,
    vars: &[Option<VarId>],
) -> TokenStream {
    let rt = inner.rt;
    let own = lambda.function.params[..lambda.own].iter().zip(vars);
    let outputs = own.filter(|(p, _)| p.mode == ParamMode::RefMut);
    let kept = outputs.filter_map(|(_, var)| {
        let name = inner.name((*var)?);
        let kept = kept(name);
        Some(quote!(let #kept = #rt::to_owned(&*#name);))
    });
    kept.collect()
}

/// The slots of what is captured, in the environment.
pub(super) fn captured_slots(
    inner: &Emitter<'_>,
    lambda: &Lambda,
    (adjoint, slots): (&Adjoint, &[Option<VarId>]),
    environment: Option<&Ident>,
) -> Option<TokenStream> {
    let environment = environment?;
    let captured = lambda.function.params.iter().zip(slots);
    let slots = captured
        .skip(lambda.own)
        .zip(adjoint_params(adjoint, lambda));
    let slots = slots
        .filter(|(_, active)| *active)
        .map(|((_, slot), _)| slot.map_or(quote!(_), |s| inner.name(s).to_token_stream()));
    let entries = format_ident!("{environment}_entries", span = Span::mixed_site());
    Some(quote! {
        let mut #entries = ::core::cell::RefCell::borrow_mut(&*#environment);
        let (#(#slots,)*) = &mut *#entries;
    })
}

/// Which of what is captured is active: the transform knows, the lowered closure does not.
fn adjoint_params<'a>(adjoint: &'a Adjoint, lambda: &Lambda) -> impl Iterator<Item = bool> + 'a {
    adjoint
        .function
        .params
        .iter()
        .skip(lambda.own)
        .map(|p| p.active)
}

pub(super) fn assumed<'a>(lambda: &Lambda, activity: &'a Activity, later: bool) -> Assumed<'a> {
    let primals = lambda.function.vars.len();
    Assumed {
        activity,
        primals,
        later,
    }
}

pub(super) fn own_pattern(inner: &Emitter<'_>, param: &crate::ir::Param) -> TokenStream {
    let pattern = inner.pattern(param.var);
    match &param.ty {
        syn::Type::Infer(_) => pattern,
        ty => {
            let ty = elided(ty);
            quote!(#pattern: #ty)
        }
    }
}

pub(super) fn value_of(inner: &Emitter<'_>, result: Option<&Operand>) -> TokenStream {
    result.map_or(quote!(()), |o| inner.operand(o))
}

pub(super) fn returns_wrapper(lambda: &Lambda) -> bool {
    let result = lambda.function.result.as_ref();
    result.is_some_and(|o| lambda.function.operand_ty(o).is_wrapper())
}

pub(super) fn output_wrapper(ty: &FnType) -> Option<()> {
    match &ty.output {
        syn::ReturnType::Type(_, ty) => match &**ty {
            syn::Type::Path(path) => wrapper(path).map(|_| ()),
            _ => None,
        },
        syn::ReturnType::Default => None,
    }
}

/// Does the function give back `()`?
pub fn has_no_result(output: &syn::ReturnType) -> bool {
    match output {
        syn::ReturnType::Default => true,
        syn::ReturnType::Type(_, ty) => {
            matches!(&**ty, syn::Type::Tuple(t) if t.elems.is_empty())
        }
    }
}

/// May a parameter of this type have a derivative?
pub fn is_active(ty: &syn::Type) -> bool {
    !crate::lower::types::known(ty, &[]).is_inert()
}

/// `&mut T`
pub fn is_exclusive(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(r) if r.mutability.is_some())
}

fn is_slice(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(r) if matches!(&*r.elem, syn::Type::Slice(_)))
}

fn one_or_tuple(names: &[Ident]) -> TokenStream {
    match names {
        [one] => quote!(#one),
        all => quote!((#(#all),*)),
    }
}
