//! Second order: the tangents of the forward and the backward part, and what is made of them.
//!
//! ```text
//! fn __forward_jvp(x: &[f64], n: usize, x_dot: &[f64], _: ())
//!     -> (f64, f64, impl FnOnce(&[f64], &[f64], f64, f64, &mut [f64], &mut [f64]) + use<>)
//! fn __direction_0<D>(d: D) -> D
//! fn __direction_1<D>(_: D)
//! fn __backward_jvp(pullback: impl FnOnce(..), x, x_dot, cotangent, cotangent_dot, grad_x, _, hess_x, _)
//! fn hvp(x: &[f64], n: usize, d_x: &[f64]) -> Vec<f64>
//! fn hessian(x: &[f64], n: usize) -> DMatrix<f64>
//! ```

use super::Emitter;
use super::callee;
use super::companion::{Companion, Parameter};
use super::derived::{is_by_name, names_constants};
use super::foreign;
use super::inline::Plan;
use super::protocol::{Backward, name_or_ignored};
use super::types::{elided, referred};
use crate::ir::{Arg, Call, CallKind, DerivedStmt, Operand, ParamMode, TangentOf, VarId};
use crate::options::Rule;
use crate::transform::forward::second::Second;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

impl Companion<'_> {
    /// The functions of second order.
    pub(super) fn second_order(&self, second: &Second) -> TokenStream {
        let (forward, backward) = (self.forward_jvp(second), self.backward_jvp());
        let (hvp, hessian) = (self.hvp(), self.hessian());
        let called_by_name = self.member.is_none_or(|m| m.receiver.is_some());
        let takes = self.params.iter().enumerate().filter(|_| called_by_name);
        let takes = takes.map(|(k, p)| self.take_direction(k, p));
        let by_path = self.member.map(|_| self.take_directions());
        let vjp_jvp = self.vjp_jvp();
        hygienic!(#(#takes)* #by_path #forward #backward #vjp_jvp #hvp #hessian)
    }

    /// The same of all parameters, where a member is called by its path: the arguments tell what type it is a member of.
    fn take_directions(&self) -> TokenStream {
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
    fn take_direction(&self, k: usize, p: &Parameter) -> TokenStream {
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

    fn forward_jvp(&self, second: &Second) -> TokenStream {
        let adjoint = &second.adjoint;
        let (generics, clause) = self.generics();
        let (primals, result) = (self.primals(true), self.result_type());
        let value = adjoint.result.as_ref();
        let slope = second.result_tangent.as_ref();
        let named = value.into_iter().chain(slope.map(TangentOf::operand));
        let kept: Vec<VarId> = named.filter_map(Operand::as_var).collect();
        let parts = [&adjoint.forward, &adjoint.reverse];
        let plan = Plan::new(&adjoint.function, &parts, &kept);
        let emitter = Emitter::new(&adjoint.function, self.rt)
            .assuming(self.assumed(false))
            .inlining(&plan);
        let tangents = self.tangents();
        let inputs =
            self.tangent_inputs(&emitter, &second.tangents, &tangents, |p| match p.active {
                true => tangents.passed(p.mode, &p.ty),
                false => hygienic!(()),
            });
        let (forward, reverse) = (
            emitter.block(&adjoint.forward),
            emitter.block(&adjoint.reverse),
        );
        let unit = || hygienic!(());
        let value = value.map_or_else(unit, |o| emitter.operand(o));
        let slope = slope.map_or_else(unit, |t| emitter.tangent_of(t));
        let out = self.result_tangent();
        let lists = [
            self.references(),
            self.reference_tangents(&emitter, &second.tangents),
            [adjoint.cotangent, second.cotangent_tangent]
                .map(|v| name_or_ignored(&emitter, v))
                .map(|name| hygienic!(#name: #out))
                .to_vec(),
            self.slots(&emitter, &adjoint.slots),
            self.slots(&emitter, &second.slot_tangents),
        ];
        let taken = lists.concat();
        let closure = hygienic!(move |#(#taken),*| { #reverse });
        let (closure, pullback) = self.pullback(&closure, &self.second_inputs());
        let check = self.check_stated();
        // The tangent first: the zero of an inactive result is made from the value, which is moved.
        hygienic! {
            #[doc(hidden)]
            #[inline]
            pub fn __forward_jvp #generics(#primals #(#inputs),*) -> (#result, #out, #pullback) #clause {
                #check
                #forward
                let slope = #slope;
                (#value, slope, #closure)
            }
        }
    }

    /// Says so where the `jvp` that a user states is not differentiated with respect to all that it has to be.
    fn check_stated(&self) -> Option<TokenStream> {
        let Some(Rule::Functions { jvp: Some(jvp), .. }) = &self.options.rule else {
            return None;
        };
        let rt = self.rt;
        let active = self.params.iter().enumerate().filter(|(_, p)| p.active);
        let (arity, active) = (self.params.len(), active.map(|(k, _)| k));
        let needed = active
            .clone()
            .chain((arity..).zip(active).map(|(dot, _)| dot));
        let message = format!(
            "`{}` has to be differentiated with respect to every parameter that `{}` is differentiated with respect to, and to its tangent",
            jvp.to_token_stream().to_string().replace(' ', ""),
            self.item.sig.ident
        );
        Some(hygienic! {
            const {
                use #rt::Callee as _;
                #(::core::assert!(#rt::says(#jvp::__USES, #needed), #message);)*
            }
        })
    }

    /// The tangents of the active references, as the pullback binds them.
    fn reference_tangents(
        &self,
        emitter: &Emitter,
        tangents: &[Option<VarId>],
    ) -> Vec<TokenStream> {
        let references = self.params.iter().zip(tangents);
        let references = references.filter(|(p, _)| p.is_reference() && p.active);
        let tangent = |(p, var): (&Parameter, &Option<VarId>)| {
            let (name, ty) = (name_or_ignored(emitter, *var), self.tangent_type(p));
            hygienic!(#name: #ty)
        };
        references.map(tangent).collect()
    }

    /// The types that the pullback takes.
    fn second_inputs(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let primals = references
            .clone()
            .map(|p| elided(&p.ty).into_token_stream());
        let tangents = references
            .filter(|p| p.active)
            .map(|p| self.tangent_type(p));
        let cotangent = self.result_tangent();
        let slots: Vec<_> = self.active().map(|p| self.slot_type(p)).collect();
        primals
            .chain(tangents)
            .chain([cotangent.clone(), cotangent])
            .chain(slots.iter().cloned())
            .chain(slots.iter().cloned())
            .collect()
    }

    fn backward_jvp(&self) -> TokenStream {
        let part = |constants| {
            let mut list = Backward::new(self);
            list.again(constants);
            list.reference_tangents(constants);
            list.cotangent("cotangent");
            list.cotangent("cotangent_dot");
            list.slots(Parameter::gradient);
            list.slots(Parameter::curvature);
            list
        };
        self.with_constants(part, "__backward_jvp")
    }

    /// The product of the Hessian with a direction.
    fn hvp(&self) -> TokenStream {
        let Some(bound) = self.scalar_bound() else {
            return TokenStream::new();
        };
        let copied = self.params.iter().filter(|p| p.is_output());
        let bounds = [bound, self.clone_bounds(copied)].concat();
        let (generics, clause) = self.generics_with(None, bounds);
        let (primals, rt) = (self.primals(false), self.rt);
        let inputs = self.active().map(|p| {
            let (d, ty) = (p.tangent(), self.tangent_type(p));
            hygienic!(#d: #ty)
        });
        let checks = self.active();
        let checks = checks.filter_map(|p| self.check(p, &p.tangent(), "tangent of"));
        let types = self.returning(self.gradients(|p| self.gradient_type(p)));
        let products = self.gradients(|p| p.curvature().into_token_stream());
        let (before, after) = (self.both_zeros(false), self.both_zeros(true));
        let (reborrowed, directions) = (self.reborrowed(), self.reborrowed_directions());
        let directions = self.taken(&directions);
        let (kept, again) = (self.copied_outputs(), self.passed_with_directions());
        let (call, seed) = (self.own("__forward_jvp"), self.present(self.seed()));
        let (change, slots) = (
            self.present(hygienic!(#rt::zero(&value))),
            self.both_slots(),
        );
        let run = self.where_present(hygienic! {
            #after
            #kept
            pullback(#(#again,)* #seed, #change, #(#slots),*);
            #products
        });
        hygienic! {
            /// The product of the Hessian with a direction, without the Hessian: the derivative of the gradient in that direction.
            ///
            /// # Panics
            ///
            /// If the direction has another shape than its parameter.
            #[inline]
            pub fn hvp #generics(#primals #(#inputs),*) -> #types #clause {
                #(#checks)*
                #before
                let (value, _, pullback) = #call(#reborrowed #(#directions),*);
                #run
            }
        }
    }

    /// The gradients and their tangents, zero; those of what is overwritten are made after the call.
    pub(super) fn both_zeros(&self, outputs: bool) -> TokenStream {
        let params = self.active().filter(|p| p.is_output() == outputs);
        let zeros = params.map(|p| {
            let (gradient, curvature, zero) = (p.gradient(), p.curvature(), self.zero(p));
            hygienic!(let mut #gradient = #zero; let mut #curvature = #zero;)
        });
        zeros.collect()
    }

    pub(super) fn both_slots(&self) -> Vec<TokenStream> {
        let gradients = self.active().map(Parameter::gradient);
        let slots = gradients.chain(self.active().map(Parameter::curvature));
        slots.map(|slot| hygienic!(&mut #slot)).collect()
    }

    /// The direction of each parameter as it was given.
    pub(super) fn reborrowed_directions(&self) -> Vec<TokenStream> {
        let direction = |p: &Parameter| {
            let d = p.tangent();
            match p.mode {
                ParamMode::Value => hygienic!(#d),
                ParamMode::Ref => hygienic!(&*#d),
                ParamMode::RefMut => hygienic!(&mut *#d),
            }
        };
        self.params.iter().map(direction).collect()
    }

    /// Those directions that `__forward_jvp` takes.
    pub(super) fn taken(&self, directions: &[TokenStream]) -> Vec<TokenStream> {
        let params = self.params.iter().zip(directions);
        let taken = params.map(|(p, direction)| match p.active {
            true => direction.clone(),
            false => hygienic!(()),
        });
        taken.collect()
    }

    /// Copies of the outputs and of their tangents: the pullback leaves in them what is not specified.
    fn copied_outputs(&self) -> TokenStream {
        let outputs = self.params.iter().filter(|p| p.is_output());
        let copies = outputs
            .flat_map(|p| [p.name.clone(), p.tangent()])
            .map(|name| {
                let (copy, rt) = (copy_of(&name), self.rt);
                hygienic!(let mut #copy = #rt::ToOwned::to_owned(&*#name);)
            });
        copies.collect()
    }

    /// The references and then the tangents of those that are active, for the pullback.
    fn passed_with_directions(&self) -> Vec<TokenStream> {
        let references = self.params.iter().filter(|p| p.is_reference());
        let lend = |p: &Parameter, name: Ident| match (p.is_output(), p.mode) {
            (true, _) => {
                let copy = copy_of(&name);
                hygienic!(&mut #copy)
            }
            (false, ParamMode::RefMut) => hygienic!(&mut *#name),
            (false, _) => hygienic!(&*#name),
        };
        let primals = references.clone().map(|p| lend(p, p.name.clone()));
        let tangents = references
            .filter(|p| p.active)
            .map(|p| lend(p, p.tangent()));
        primals.chain(tangents).collect()
    }

    /// The Hessian of a scalar result; of any other a Hessian for each output.
    fn hessian(&self) -> TokenStream {
        // What counts the outputs calls functions in another form.
        let counted = self.scalar_bound().is_none() || self.returned().is_some();
        if !self.is_flat() || self.has_functions() && counted {
            return TokenStream::new();
        }
        let scalar_bound = self.scalar_bound();
        let is_scalar = scalar_bound.is_some();
        let bounds = [scalar_bound.unwrap_or_default(), self.flat_bounds()].concat();
        let (generics, clause) = self.generics_with(None, bounds);
        let (primals, scalar, rt) = (self.primals(false), self.scalar(), self.rt);
        let zeros = self.active().map(|p| self.zero(p));
        let inputs = hygienic!(let inputs = #rt::dim::<#scalar, _>(&(#(#zeros,)*)););
        let matrix = self.one_hessian();
        if is_scalar {
            let returned = self.returning(hygienic!(#rt::DMatrix<#scalar>));
            let matrix = self.where_evaluated(hygienic! {
                let component = 0;
                #matrix
            });
            return hygienic! {
                /// The Hessian matrix with respect to all differentiable inputs, flattened in order.
                #[inline]
                pub fn hessian #generics(#primals) -> #returned #clause {
                    #inputs
                    #matrix
                }
            };
        }
        let (copies, outputs, value) = (self.copies(), self.outputs(), self.value());
        let returned = self.returning(hygienic!(#rt::Vec<#rt::DMatrix<#scalar>>));
        let count = self.where_present(hygienic!(#rt::dim::<#scalar, _>(&#outputs)));
        let matrices = self.where_counted(hygienic! {
            let mut hessians = #rt::Vec::with_capacity(outputs);
            for component in 0..outputs {
                hessians.push({ #matrix });
            }
            hessians
        });
        hygienic! {
            /// The Hessian matrix of each output (the result, then each `&mut` parameter) with respect to all differentiable inputs, outputs
            /// and inputs flattened in order.
            #[inline]
            pub fn hessian #generics(#primals) -> #returned #clause {
                #inputs
                let outputs = {
                    #copies
                    let value = #value;
                    #count
                };
                #matrices
            }
        }
    }

    /// What is made where the function has a value, which may take an evaluation to know.
    fn where_evaluated(&self, made: TokenStream) -> TokenStream {
        if self.returned().is_none() {
            return made;
        }
        let (copies, value) = (self.copies(), self.value());
        hygienic! {
            let evaluated = {
                #copies
                #value
            };
            evaluated.map(|_| { #made })
        }
    }

    /// The Hessian of the output with the number `component`, a column for each input.
    fn one_hessian(&self) -> TokenStream {
        let (rt, scalar) = (self.rt, self.scalar());
        let outputs: Vec<_> = self.params.iter().filter(|p| p.is_output()).collect();
        let zeros = self.active().map(|p| self.zero(p));
        let (names, directions) = (self.direction_names(), self.directions());
        let references = self.params.iter().zip(&directions);
        let tangents = references.filter(|(p, _)| p.is_reference() && p.active);
        let tangents = tangents.map(|(_, direction)| direction);
        let taken = self.taken(&directions);
        let gradients = outputs.iter().map(|p| p.gradient());
        let curvatures = outputs.iter().map(|p| p.curvature());
        let (copies, given, again) = (self.copies(), self.given(), self.given_again());
        let (before, cotangents) = (self.both_zeros(false), self.outputs());
        let (call, slots) = (self.own("__forward_jvp"), self.both_slots());
        let column = self.active().map(Parameter::curvature);
        let shape = self.shape_of_value();
        let [cotangent, change] = ["cotangent", "cotangent_dot"].map(|name| {
            let name = Ident::new(name, Span::mixed_site());
            self.present(hygienic!(#name))
        });
        hygienic! {
            let zero = <#scalar as ::core::default::Default>::default();
            let mut hessian = #rt::DMatrix::<#scalar>::from_element(inputs, inputs, zero);
            for k in 0..inputs {
                let mut directions = (#(#zeros,)*);
                #rt::unit::<#scalar, _>(&mut directions, k);
                let (#(#names,)*) = directions;
                #copies
                #before
                let (value, _, pullback) = #call(#given #(#taken),*);
                #shape
                let mut cotangents = #cotangents;
                let (cotangent_dot, #(mut #curvatures,)*) = #cotangents;
                #rt::unit::<#scalar, _>(&mut cotangents, component);
                let (cotangent, #(mut #gradients,)*) = cotangents;
                pullback(#again #(#tangents,)* #cotangent, #change, #(#slots),*);
                #rt::set_column(&mut hessian, k, &(#(#column,)*));
            }
            hessian
        }
    }
}

fn direction(k: usize) -> Ident {
    format_ident!("__direction_{}", k, span = Span::mixed_site())
}

fn copy_of(name: &Ident) -> Ident {
    format_ident!("copy_{}", name, span = Span::mixed_site())
}

impl Emitter<'_> {
    /// The tangent of the forward or the backward part of a call.
    pub(super) fn second_call(&self, stmt: &DerivedStmt) -> TokenStream {
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

    /// The tangents of the arguments as the callee takes them, and what makes them so.
    fn directions_of(&self, call: &Call, args: &[Arg]) -> (TokenStream, Vec<TokenStream>) {
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
    fn directions_again(&self, call: &Call, args: &[Arg]) -> (TokenStream, Vec<TokenStream>) {
        let (before, mut lent) = self.lent_again(args);
        if let (CallKind::Method, Some(Arg::Value(receiver))) = (call.kind, args.first()) {
            let tangent = self.operand(receiver);
            lent.insert(0, quote!(&#tangent));
        }
        (before, lent)
    }

    /// The tangents of the references among the arguments, and of the constants.
    fn tangents_again(&self, call: &Call, args: &[Arg]) -> (TokenStream, Vec<TokenStream>) {
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

    /// Says so where the function that is called has no second order. Of a member the missing siblings tell.
    fn check_order(&self, call: &Call) -> TokenStream {
        if call.is_member() {
            return TokenStream::new();
        }
        let (rt, companion) = (self.rt, callee::companion(call));
        quote!(#rt::has_second_order::<#companion>();)
    }
}
