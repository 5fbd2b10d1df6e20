//! What users call at second order: the product of the Hessian with a direction, and the Hessian.
//!
//! ```text
//! fn hvp(x: &[f64], n: usize, d_x: &[f64]) -> Vec<f64>
//! fn hessian(x: &[f64], n: usize) -> DMatrix<f64>
//! ```

use crate::emit::companion::{Companion, Parameter};
use crate::ir::ParamMode;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};

impl Companion<'_> {
    /// The product of the Hessian with a direction.
    pub(super) fn hvp(&self) -> TokenStream {
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
    pub(super) fn hessian(&self) -> TokenStream {
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

    /// The gradients and their tangents, zero; those of what is overwritten are made after the call.
    pub(in crate::emit) fn both_zeros(&self, outputs: bool) -> TokenStream {
        let params = self.active().filter(|p| p.is_output() == outputs);
        let zeros = params.map(|p| {
            let (gradient, curvature, zero) = (p.gradient(), p.curvature(), self.zero(p));
            hygienic!(let mut #gradient = #zero; let mut #curvature = #zero;)
        });
        zeros.collect()
    }

    pub(in crate::emit) fn both_slots(&self) -> Vec<TokenStream> {
        let gradients = self.active().map(Parameter::gradient);
        let slots = gradients.chain(self.active().map(Parameter::curvature));
        slots.map(|slot| hygienic!(&mut #slot)).collect()
    }

    /// The direction of each parameter as it was given.
    pub(in crate::emit) fn reborrowed_directions(&self) -> Vec<TokenStream> {
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
    pub(in crate::emit) fn taken(&self, directions: &[TokenStream]) -> Vec<TokenStream> {
        let params = self.params.iter().zip(directions);
        let taken = params.map(|(p, direction)| match p.active {
            true => direction.clone(),
            false => hygienic!(()),
        });
        taken.collect()
    }
}

fn copy_of(name: &Ident) -> Ident {
    format_ident!("copy_{}", name, span = Span::mixed_site())
}
