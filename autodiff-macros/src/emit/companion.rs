//! The companion type of a function and the derivative functions on it: see "The companion and the call protocol" in ARCHITECTURE.md.

use super::functions::without_functions;
use super::types::{Tangents, named, peel, wrapper, wrapping};
use super::{Assumed, Emitter, module};
use crate::analysis::activity::Activity;
use crate::ir::ParamMode;
use crate::members::{Home, Member};
use crate::options::Options;
use crate::transform::adjoint::Adjoint;
use crate::transform::adjoint::risk::Risk;
use crate::transform::forward::Tangent;
use crate::transform::forward::second::Second;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};

/// What the companion is made of.
#[derive(Clone)]
pub struct Companion<'a> {
    pub item: &'a syn::ItemFn,
    /// What the functions become members of, if not of a companion.
    pub member: Option<&'a Member>,
    pub options: &'a Options,
    pub rt: &'a TokenStream,
    pub floats: &'a [Ident],
    /// What carries a derivative, and how many variables the lowered function has.
    pub activity: (&'a Activity, usize),
    pub forward: Option<&'a Tangent>,
    pub adjoint: Option<&'a Adjoint>,
    pub second: Option<&'a Second>,
    pub params: Vec<Parameter>,
    /// The function's generics, `impl Trait` in its arguments among them under a name; functions as those that give pullbacks.
    pub generics: syn::Generics,
    /// The same, functions as those that give tangents.
    pub forward_generics: syn::Generics,
    /// Does the function call itself? Its pullback is boxed then.
    pub recursive: bool,
}

/// A parameter as the generated signatures have it.
#[derive(Clone)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Is it bound as `mut`?
    pub mutable: bool,
    /// Its type as written.
    pub ty: syn::Type,
    /// How it is passed.
    pub mode: ParamMode,
    /// Is it differentiated?
    pub active: bool,
    /// Is it a function, given as its derivative?
    pub function: bool,
}

impl Parameter {
    pub(super) fn tangent(&self) -> Ident {
        format_ident!("d_{}", self.name, span = Span::mixed_site())
    }

    pub(super) fn gradient(&self) -> Ident {
        format_ident!("grad_{}", self.name, span = Span::mixed_site())
    }

    pub(super) fn curvature(&self) -> Ident {
        format_ident!("hess_{}", self.name, span = Span::mixed_site())
    }

    pub(super) fn is_reference(&self) -> bool {
        self.mode != ParamMode::Value
    }

    pub(super) fn is_output(&self) -> bool {
        self.active && self.mode == ParamMode::RefMut
    }
}

/// The shape of the result.
pub(super) enum Output {
    Unit,
    Scalar,
    /// It may be a scalar under another name: decided by a trait.
    Perhaps,
    Other,
}

impl Companion<'_> {
    /// The companion type with all its functions.
    pub fn emit(&self) -> TokenStream {
        let name = self
            .options
            .name
            .clone()
            .unwrap_or_else(|| self.item.sig.ident.clone());
        let vis = &self.item.vis;
        let doc = format!("Derivatives of the function `{}`.", self.item.sig.ident);
        let attrs = self.item.attrs.iter();
        let conditions: Vec<_> = attrs.filter(|a| a.path().is_ident("cfg")).collect();
        let forward = self.forward.map(|t| self.in_forward().forward_mode(t));
        let reverse = self.adjoint.map(|a| self.reverse_mode(a));
        let jacobian = self.jacobian();
        if self.member.is_some() {
            return hygienic!(#forward #reverse #jacobian);
        }
        let second = self.second.map(|s| self.second_order(s));
        let traits = self.traits(&name).into_iter();
        let traits = traits.map(|implementation| {
            hygienic! {
                #(#conditions)*
                #[automatically_derived]
                #[allow(unused, nonstandard_style, deprecated, clippy::all, clippy::pedantic)]
                #implementation
            }
        });
        let companion = hygienic! {
            impl #name {
                #forward
                #reverse
                #jacobian
                #second
            }
        };
        let calls = module::is_named_as_module(&name)
            .then(|| module::calls(&name, vis, &conditions, companion.clone()))
            .flatten();
        hygienic! {
            #(#conditions)*
            #[doc = #doc]
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis struct #name {}

            #(#conditions)*
            #[doc(hidden)]
            #[automatically_derived]
            #[allow(
                unused, nonstandard_style, unreachable_code, dead_code, deprecated,
                clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction
            )]
            #companion

            #calls
            #(#traits)*
        }
    }

    /// The companion with the functions that are parameters in the form of the forward mode.
    fn in_forward(&self) -> Self {
        Self {
            generics: self.forward_generics.clone(),
            ..self.clone()
        }
    }

    /// Are there functions among the parameters?
    pub(super) fn has_functions(&self) -> bool {
        self.params.iter().any(|p| p.function)
    }

    pub(super) fn assumed(&self, later: bool) -> Assumed<'_> {
        let (activity, primals) = self.activity;
        Assumed {
            activity,
            primals,
            later,
        }
    }

    pub(super) fn tangents(&self) -> Tangents<'_> {
        Tangents {
            floats: self.floats,
            rt: self.rt,
            batch: false,
        }
    }

    pub(super) fn active(&self) -> impl Iterator<Item = &Parameter> {
        self.params.iter().filter(|p| p.active)
    }

    /// Generics with `Real` for the float-like type parameters.
    pub(super) fn generics(&self) -> (TokenStream, TokenStream) {
        self.generics_with(None, Vec::new())
    }

    /// The where clause.
    pub(super) fn bounds(&self) -> Vec<TokenStream> {
        let rt = self.rt;
        let real = self.floats.iter().map(|t| hygienic!(#t: #rt::Real));
        let user = self.generics.where_clause.as_ref().map(|w| &w.predicates);
        let user = user.into_iter().flatten().map(|p| hygienic!(#p));
        let differentiable = self.differentiated_types().into_iter();
        let differentiable = differentiable.map(|t| hygienic!(#t: #rt::Differentiable));
        user.chain(real).chain(differentiable).collect()
    }

    /// The type parameters, floats aside, that a differentiated parameter is of, or a reference to.
    fn differentiated_types(&self) -> Vec<&Ident> {
        let is_of = |p: &Parameter, name: &Ident| match referred(&p.ty) {
            syn::Type::Path(path) => path.path.is_ident(name),
            _ => false,
        };
        let types = self.generics.type_params().map(|t| &t.ident);
        let types = types.filter(|name| !self.floats.contains(name));
        types
            .filter(|name| self.active().any(|p| is_of(p, name)))
            .collect()
    }

    /// `Clone` for the parts of these parameters that syntax does not tell to have it. Only a use of the function is held to it.
    pub(super) fn clone_bounds<'p>(
        &self,
        params: impl Iterator<Item = &'p Parameter>,
    ) -> Vec<TokenStream> {
        let unknown = params.flat_map(|p| self.tangents().unknown_parts(&p.ty));
        unknown
            .map(|ty| hygienic!(for<'deferred> #ty: ::core::clone::Clone))
            .collect()
    }

    pub(super) fn generics_with(
        &self,
        lifetime: Option<&syn::Lifetime>,
        more: Vec<TokenStream>,
    ) -> (TokenStream, TokenStream) {
        let mut generics = self.generics.clone();
        if let Some(lifetime) = lifetime {
            let param = syn::LifetimeParam::new(lifetime.clone());
            generics
                .params
                .insert(0, syn::GenericParam::Lifetime(param));
        }
        let bounds: Vec<_> = self.bounds().into_iter().chain(more).collect();
        let params = &generics.params;
        let list = (!params.is_empty()).then(|| hygienic!(<#params>));
        let clause = (!bounds.is_empty()).then(|| hygienic!(where #(#bounds),*));
        (hygienic!(#list), hygienic!(#clause))
    }

    /// What a pullback may capture, as `use<..>` lists it: also the parameters of the block around a member.
    pub(super) fn captured(&self) -> Vec<TokenStream> {
        let mut all = without_functions(&self.item.sig.generics);
        let known: Vec<_> = all.params.iter().cloned().collect();
        let more = self.generics.params.iter().filter(|p| !known.contains(p));
        all.params.extend(more.cloned());
        let owner = self.member.filter(|m| m.home == Home::Trait);
        let owner = owner.map(|_| hygienic!(Self));
        owner.into_iter().chain(arguments(&all)).collect()
    }

    /// `Self::name::<T, N>`
    pub(super) fn own(&self, name: &str) -> TokenStream {
        let name = match self.member {
            Some(member) => member.name(name),
            None => Ident::new(name, Span::mixed_site()),
        };
        let arguments = arguments(&self.generics);
        if arguments.is_empty() {
            hygienic!(Self::#name)
        } else {
            hygienic!(Self::#name::<#(#arguments),*>)
        }
    }

    pub(super) fn result_type(&self) -> TokenStream {
        match &self.item.sig.output {
            syn::ReturnType::Default => hygienic!(()),
            syn::ReturnType::Type(_, ty) => hygienic!(#ty),
        }
    }

    pub(super) fn result_tangent(&self) -> TokenStream {
        self.result_tangent_as(&self.tangents())
    }

    pub(super) fn result_tangent_as(&self, tangents: &Tangents) -> TokenStream {
        match &self.item.sig.output {
            syn::ReturnType::Default => hygienic!(()),
            syn::ReturnType::Type(_, ty) => tangents.owned(ty),
        }
    }

    /// The `Option` or `Result` that the function returns its value in, and the type of the value.
    pub(super) fn returned(&self) -> Option<(&syn::TypePath, &syn::Type)> {
        let syn::ReturnType::Type(_, ty) = &self.item.sig.output else {
            return None;
        };
        match peel(ty) {
            syn::Type::Path(path) => wrapper(path).map(|(_, inner)| (path, inner)),
            _ => None,
        }
    }

    /// The type of the value where there is one.
    fn value_type(&self) -> TokenStream {
        match self.returned() {
            Some((_, inner)) => inner.to_token_stream(),
            None => self.result_type(),
        }
    }

    pub(super) fn value_tangent(&self) -> TokenStream {
        match self.returned() {
            Some((_, inner)) => self.tangents().owned(inner),
            None => self.result_tangent(),
        }
    }

    /// What the derivative functions return: in the function's own `Option` or `Result`.
    pub(super) fn returning(&self, ty: TokenStream) -> TokenStream {
        match self.returned() {
            Some((path, _)) => wrapping(path, &ty),
            None => ty,
        }
    }

    /// What is made of `value` where there is one.
    pub(super) fn where_present(&self, result: TokenStream) -> TokenStream {
        match self.returned() {
            Some(_) => hygienic!(value.map(|value| { #result })),
            None => result,
        }
    }

    /// The cotangent, or the tangent that one is asked of, of a value that is there.
    pub(super) fn present(&self, cotangent: TokenStream) -> TokenStream {
        match self.returned() {
            Some(_) => hygienic!(::core::option::Option::Some(#cotangent)),
            None => cotangent,
        }
    }

    /// The tangent of the value, where there is one.
    pub(super) fn slope(&self) -> TokenStream {
        let rt = self.rt;
        match self.returned() {
            Some(_) => hygienic!(#rt::into_payload(slope)),
            None => hygienic!(slope),
        }
    }

    pub(super) fn output(&self) -> Output {
        let syn::ReturnType::Type(_, ty) = &self.item.sig.output else {
            return Output::Unit;
        };
        let ty = self.returned().map_or(peel(ty), |(_, inner)| peel(inner));
        match ty {
            syn::Type::Tuple(t) if t.elems.is_empty() => Output::Unit,
            _ if self.tangents().is_scalar(ty) => Output::Scalar,
            syn::Type::Path(p) if p.path.is_ident("Self") => Output::Other,
            // An alias of a scalar has no arguments.
            syn::Type::Path(p) if p.path.segments.iter().all(|s| s.arguments.is_none()) => {
                Output::Perhaps
            }
            _ => Output::Other,
        }
    }

    /// `x: &[f64], mut a: f64`
    pub(super) fn primals(&self, binding: bool) -> TokenStream {
        let params = self.params.iter().map(|p| {
            let (name, ty) = (&p.name, &p.ty);
            let mutable = (binding && p.mutable).then(|| hygienic!(mut));
            hygienic!(#mutable #name: #ty,)
        });
        params.collect()
    }

    pub(super) fn names(&self) -> TokenStream {
        let names = self.params.iter().map(|p| &p.name);
        hygienic!(#(#names),*)
    }

    pub(super) fn tangent_type(&self, p: &Parameter) -> TokenStream {
        self.tangents().passed(p.mode, &p.ty)
    }

    pub(super) fn slot_type(&self, p: &Parameter) -> TokenStream {
        let ty = self.tangents().behind(&p.ty);
        hygienic!(&mut #ty)
    }

    pub(super) fn gradient_type(&self, p: &Parameter) -> TokenStream {
        self.tangents().owned(&p.ty)
    }

    /// One type bare, several as a tuple.
    pub(super) fn gradients(&self, part: impl Fn(&Parameter) -> TokenStream) -> TokenStream {
        let parts: Vec<_> = self.active().map(part).collect();
        match parts.as_slice() {
            [one] => hygienic!(#one),
            all => hygienic!((#(#all),*)),
        }
    }

    pub(super) fn zero(&self, p: &Parameter) -> TokenStream {
        let (rt, name) = (self.rt, &p.name);
        if p.is_reference() {
            hygienic!(#rt::zero(&*#name))
        } else {
            hygienic!(#rt::zero(&#name))
        }
    }

    fn forward_mode(&self, tangent: &Tangent) -> TokenStream {
        let (jvp, user) = (self.jvp_part(tangent), self.jvp());
        let batch = self.options.batch.then(|| self.in_batches(tangent));
        hygienic!(#jvp #user #batch)
    }

    fn jvp(&self) -> TokenStream {
        let (generics, clause) = self.generics();
        let (primals, names) = (self.primals(false), self.names());
        let (value, slope) = (self.value_type(), self.value_tangent());
        let result = self.returning(hygienic!((#value, #slope)));
        let slope = self.slope();
        let both = self.where_present(hygienic!((value, #slope)));
        let inputs = self.active().map(|p| {
            let (d, ty) = (p.tangent(), self.tangent_type(p));
            hygienic!(#d: #ty)
        });
        let checks = self
            .active()
            .map(|p| self.check(p, &p.tangent(), "tangent of"));
        let passed = self.given_directions();
        let call = self.own("__jvp");
        hygienic! {
            /// Value and directional derivative: `(f(x), f'(x) dx)`.
            ///
            /// # Panics
            ///
            /// If a tangent has another shape than its parameter.
            #[inline]
            pub fn jvp #generics(#primals #(#inputs),*) -> #result #clause {
                #(#checks)*
                let (value, slope) = #call(#names, #(#passed),*);
                #both
            }
        }
    }

    /// The tangents as the caller gave them.
    pub(super) fn given_directions(&self) -> Vec<TokenStream> {
        let passed = self.params.iter().map(|p| {
            let d = p.tangent();
            match (p.active, p.mode) {
                (true, _) => hygienic!(#d),
                (false, ParamMode::RefMut) => hygienic!(&mut ()),
                (false, ParamMode::Ref) => hygienic!(&()),
                (false, ParamMode::Value) => hygienic!(()),
            }
        });
        passed.collect()
    }

    pub(super) fn check(&self, p: &Parameter, tangent: &Ident, what: &str) -> TokenStream {
        let (rt, name) = (self.rt, &p.name);
        let label = format!("{what} `{name}`");
        let primal = if p.is_reference() {
            hygienic!(&*#name)
        } else {
            hygienic!(&#name)
        };
        let given = match (p.is_reference(), what == "tangent of") {
            (false, true) => hygienic!(&#tangent),
            _ => hygienic!(&*#tangent),
        };
        hygienic!(#rt::same_shape(#label, #primal, #given);)
    }

    fn reverse_mode(&self, adjoint: &Adjoint) -> TokenStream {
        let (forward, backward) = (self.forward_part(adjoint), self.backward_part());
        let scalar = matches!(self.output(), Output::Scalar | Output::Perhaps);
        let one_pass = adjoint.one_pass.as_ref().filter(|_| scalar);
        let gradients = self.gradient_functions(one_pass.is_some());
        let one_pass = one_pass.map(|program| self.one_pass(adjoint, program));
        let (vjp, known) = (self.vjp(), self.known(adjoint));
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
        let singular = self.singular(adjoint);
        Some(hygienic! {
            #[doc(hidden)]
            pub const __USES: u64 = #used;
            #[doc(hidden)]
            pub const __RESTORES: u64 = #restored;
            #[doc(hidden)]
            pub const __SINGULAR: bool = #singular;
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

    /// Copies of what the pullback is given again after the call; what is not differentiated is borrowed.
    fn kept(&self) -> TokenStream {
        let kept = self.params.iter().filter(|p| p.is_reference() && p.active);
        let kept = kept.map(|p| {
            let name = &p.name;
            let mutable = (p.mode == ParamMode::RefMut).then(|| hygienic!(mut));
            hygienic!(let #mutable #name = ::std::borrow::ToOwned::to_owned(&*#name);)
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

    fn vjp(&self) -> TokenStream {
        let lifetime = syn::Lifetime::new("'inactive", Span::mixed_site());
        let borrows = self.params.iter().any(|p| p.is_reference() && !p.active);
        let lifetime = borrows.then_some(&lifetime);
        let copied = self.active().filter(|p| p.is_reference());
        let (generics, clause) = self.generics_with(lifetime, self.clone_bounds(copied));
        let primals = self.params.iter().map(|p| {
            let ty = match lifetime {
                Some(lifetime) if !p.active => named(&p.ty, lifetime),
                _ => p.ty.clone(),
            };
            let name = &p.name;
            hygienic!(#name: #ty)
        });
        let own_lifetimes = self.item.sig.generics.lifetimes().map(|l| &l.lifetime);
        let captured = own_lifetimes.chain(lifetime).map(|l| hygienic!(#l));
        let captured = captured.chain(self.captured());
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
        let kept = self.kept();
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

    /// What says that the result is a scalar; `None` if it is none.
    pub(super) fn scalar_bound(&self) -> Option<Vec<TokenStream>> {
        match self.output() {
            Output::Scalar => Some(Vec::new()),
            Output::Perhaps => {
                let (rt, result) = (self.rt, self.value_type());
                let bound = hygienic!(for<'scalar> #result: #rt::ScalarResult<'scalar>);
                Some(vec![bound])
            }
            Output::Unit | Output::Other => None,
        }
    }

    /// The cotangent of a scalar result.
    pub(super) fn seed(&self) -> TokenStream {
        let (rt, result) = (self.rt, self.value_type());
        match self.output() {
            Output::Perhaps => hygienic!(<#result as #rt::ScalarResult<'_>>::one()),
            _ => hygienic!(#rt::one::<#result>()),
        }
    }

    fn gradient_functions(&self, one_pass: bool) -> TokenStream {
        let Some(bound) = self.scalar_bound() else {
            return TokenStream::new();
        };
        let copied = self.params.iter().filter(|p| p.is_output());
        let bounds = [bound, self.clone_bounds(copied)].concat();
        let (generics, clause) = self.generics_with(None, bounds);
        let result = self.value_type();
        let rt = self.rt;
        let cotangent = self.present(self.seed());
        let (primals, names) = (self.primals(false), self.names());
        let gradient_types = self.gradients(|p| self.gradient_type(p));
        let gradients = self.gradients(|p| {
            let slot = p.gradient();
            hygienic!(#slot)
        });
        let (inputs, outputs) = (self.zeros(false), self.zeros(true));
        let slots: Vec<_> = self.active().map(Parameter::gradient).collect();
        let made: Vec<_> = slots.iter().map(|slot| hygienic!(&mut #slot)).collect();
        let given: Vec<_> = slots.iter().map(|slot| hygienic!(#slot)).collect();
        let (both, value) = (hygienic!((value, #gradients)), hygienic!(value));
        let (sweeps, sweeps_into) = if one_pass && self.returned().is_none() {
            let sweep = |slots| self.one_sweep(&cotangent, slots);
            let (made, given) = (sweep(&made), sweep(&given));
            (hygienic!(#made #both), hygienic!(#given #value))
        } else {
            let none = TokenStream::new();
            (
                self.two_sweeps(&outputs, &cotangent, &made, &both),
                self.two_sweeps(&none, &cotangent, &given, &value),
            )
        };
        let into = self.active().map(|p| {
            let (slot, ty) = (p.gradient(), self.slot_type(p));
            hygienic!(#slot: #ty)
        });
        let checks = self
            .active()
            .map(|p| self.check(p, &p.gradient(), "gradient with respect to"));
        let value_and_grad = self.own("value_and_grad");
        let both_type = self.returning(hygienic!((#result, #gradient_types)));
        let (grad_type, into_type) = (self.returning(gradient_types), self.returning(result));
        let only = match self.returned() {
            Some(_) => hygienic!(#value_and_grad(#names).map(|both| both.1)),
            None => hygienic!(#value_and_grad(#names).1),
        };
        hygienic! {
            /// Value and gradient: `(f(x), grad f(x))`, the gradients in the order of the parameters.
            #[inline]
            pub fn value_and_grad #generics(#primals) -> #both_type #clause {
                #inputs
                #sweeps
            }

            /// The gradient, in the order of the parameters.
            #[inline]
            pub fn grad #generics(#primals) -> #grad_type #clause {
                #only
            }

            /// Value and gradient, the gradient into the caller's buffers, which are overwritten.
            ///
            /// # Panics
            ///
            /// If a buffer has another shape than its parameter.
            #[inline]
            pub fn value_and_grad_into #generics(#primals #(#into),*) -> #into_type #clause {
                #(#checks)*
                #(#rt::set_zero(&mut *#slots);)*
                #sweeps_into
            }
        }
    }

    /// The value, the adjoints, and what is made of them, with a forward and a reverse part.
    fn two_sweeps(
        &self,
        outputs: &TokenStream,
        cotangent: &TokenStream,
        slots: &[TokenStream],
        result: &TokenStream,
    ) -> TokenStream {
        let (call, reborrowed) = (self.own(self.recording()), self.reborrowed());
        let (kept, again) = (self.kept_outputs(), self.lent_again());
        let run = self.where_present(hygienic! {
            pullback(#(#again,)* #cotangent, #(#slots),*);
            #result
        });
        hygienic! {
            let (value, pullback) = #call(#reborrowed);
            #outputs
            #kept
            #run
        }
    }

    /// The same in one pass over the data.
    fn one_sweep(&self, cotangent: &TokenStream, slots: &[TokenStream]) -> TokenStream {
        let (call, names) = (self.own("__value_and_grad"), self.names());
        let comma = (!self.params.is_empty()).then(|| hygienic!(,));
        hygienic!(let value = #call(#names #comma #cotangent, #(#slots),*);)
    }

    fn kept_outputs(&self) -> TokenStream {
        let kept = self.params.iter().filter(|p| p.is_output()).map(|p| {
            let (copy, name) = (p.tangent(), &p.name);
            hygienic!(let mut #copy = ::std::borrow::ToOwned::to_owned(&*#name);)
        });
        kept.collect()
    }

    fn lent_again(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let lend = |p: &Parameter| {
            let (name, copy) = (&p.name, p.tangent());
            match (p.is_output(), p.mode) {
                (true, _) => hygienic!(&mut #copy),
                (false, ParamMode::RefMut) => hygienic!(&mut *#name),
                (false, _) => hygienic!(&*#name),
            }
        };
        references.map(lend).collect()
    }
}

/// The type that a reference refers to.
fn referred(ty: &syn::Type) -> &syn::Type {
    match peel(ty) {
        syn::Type::Reference(reference) => peel(&reference.elem),
        other => other,
    }
}

/// Type and const parameters, as a turbofish lists them.
pub(super) fn arguments(generics: &syn::Generics) -> Vec<TokenStream> {
    let name = |p: &syn::GenericParam| match p {
        syn::GenericParam::Type(t) => {
            let t = &t.ident;
            Some(hygienic!(#t))
        }
        syn::GenericParam::Const(c) => {
            let c = &c.ident;
            Some(hygienic!(#c))
        }
        syn::GenericParam::Lifetime(_) => None,
    };
    generics.params.iter().filter_map(name).collect()
}
