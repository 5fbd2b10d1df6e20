//! The traits by which other code takes differentiated functions: `Gradient`, `HessianProduct` and `TaylorSeries`, or `Jacobian`, of the tuple of arguments.
//!
//! ```text
//! impl<'args> rt::Gradient<(&'args [f64], usize)> for f { .. value_and_grad((x, n)) .. }
//! ```

use super::companion::{Companion, Parameter};
use super::output::Output;
use super::types::{named, width};
use crate::ir::ParamMode;
use crate::names::parameters;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::visit::Visit;

impl Companion<'_> {
    /// The traits that the companion with this name implements.
    pub(super) fn traits(&self, name: &Ident) -> Vec<TokenStream> {
        let rt = self.rt;
        let mut traits = Vec::new();
        if self.second.is_some() {
            traits.push(
                hygienic!(#[diagnostic::do_not_recommend] impl #rt::SecondOrder for #name {}),
            );
        }
        if self.options.batch && self.forward.is_some() {
            traits.push(hygienic!(impl #rt::InBatches for #name {}));
        }
        if self.series.is_some() {
            traits.push(hygienic!(impl #rt::InSeries for #name {}));
        }
        let plain = self.returned().is_none() && !self.has_functions();
        if self.adjoint.is_none() || !plain || !self.is_told_by_arguments() {
            return traits;
        }
        traits.extend(self.jacobian_trait(name));
        let Some(bound) = self.scalar_bound().filter(|_| !self.gives_struct()) else {
            return traits;
        };
        traits.push(self.gradient_trait(name, &bound));
        let in_place = self.params.iter().any(Parameter::is_output);
        if self.second.is_some() && !in_place {
            traits.push(self.hessian_trait(name, &bound));
        }
        let has_series = self.series.is_some() && !self.has_two_scalars();
        if has_series && !in_place && matches!(self.output(), Output::Scalar) {
            traits.push(self.series_trait(name));
        }
        traits
    }

    fn gradient_trait(&self, name: &Ident, bound: &[TokenStream]) -> TokenStream {
        let (rt, result) = (self.rt, self.result_type());
        let gradient = self.gradients(|p| self.gradient_type(p));
        let copied = self.params.iter().filter(|p| p.is_output());
        let bounds = [bound, &self.clone_bounds(copied)].concat();
        let (generics, clause, types) = self.of_arguments(bounds);
        let (names, call) = (self.names(), self.own("value_and_grad"));
        hygienic! {
            impl #generics #rt::Gradient<#types> for #name #clause {
                type Value = #result;
                type Gradient = #gradient;
                #[inline]
                fn value_and_grad((#names,): #types) -> (#result, #gradient) {
                    #call(#names)
                }
            }
        }
    }

    /// Is the result surely no number under another name?
    fn gives_struct(&self) -> bool {
        let result = self.adjoint.and_then(|a| Some((a, a.result.as_ref()?)));
        result.is_some_and(|(a, result)| a.function.operand_ty(result).peel().is_struct())
    }

    /// Of a function that may give more than a number, and changes nothing. The result is a parameter: an associated type has to be as visible as the function.
    fn jacobian_trait(&self, name: &Ident) -> Option<TokenStream> {
        let in_place = self.params.iter().any(Parameter::is_exclusive);
        let several = matches!(self.output(), Output::Other | Output::Perhaps);
        if !several || in_place || !self.is_flat() {
            return None;
        }
        let (rt, result, scalar) = (self.rt, self.result_type(), self.scalar());
        let (generics, clause, types) = self.of_arguments(self.flat_bounds());
        let (names, call) = (self.names(), self.own("jacobian"));
        let forward = self.own(self.recording());
        Some(hygienic! {
            impl #generics #rt::Jacobian<#types, #result> for #name #clause {
                type Number = #scalar;
                #[inline]
                fn value((#names,): #types) -> #result {
                    #forward(#names).0
                }
                #[inline]
                fn jacobian((#names,): #types) -> #rt::DMatrix<#scalar> {
                    #call(#names)
                }
            }
        })
    }

    fn hessian_trait(&self, name: &Ident, bound: &[TokenStream]) -> TokenStream {
        let rt = self.rt;
        let gradient = self.gradients(|p| self.gradient_type(p));
        let (generics, clause, types) = self.of_arguments(bound.to_vec());
        let (names, call) = (self.names(), self.own("hvp"));
        let (parts, directions) = self.parts_of_direction();
        hygienic! {
            impl #generics #rt::HessianProduct<#types> for #name #clause {
                #[inline]
                fn hvp((#names,): #types, #parts: &#gradient) -> #gradient {
                    #call(#names, #directions)
                }
            }
        }
    }

    fn series_trait(&self, name: &Ident) -> TokenStream {
        let (rt, result, width) = (self.rt, self.result_type(), width());
        let gradient = self.gradients(|p| self.gradient_type(p));
        let (generics, clause, types) = self.of_arguments(self.flat_bounds());
        let (names, call) = (self.names(), self.of_width("taylor", &width));
        let (parts, directions) = self.parts_of_direction();
        hygienic! {
            impl #generics #rt::TaylorSeries<#types> for #name #clause {
                #[inline]
                fn taylor<const #width: usize>((#names,): #types, #parts: &#gradient) -> (#result, #rt::Lanes<#result, #width>) {
                    #call(#names, #directions)
                }
            }
        }
    }

    /// A pattern for a direction with the shape of the gradient, and its parts as the functions take them.
    fn parts_of_direction(&self) -> (TokenStream, TokenStream) {
        let parts = self.gradients(|p| p.tangent().into_token_stream());
        let directions = self.active().map(|p| {
            let d = p.tangent();
            match p.mode {
                ParamMode::Value => hygienic!(::core::clone::Clone::clone(#d)),
                _ => hygienic!(#d),
            }
        });
        (parts, hygienic!(#(#directions),*))
    }

    /// Generics, where clause and the tuple of all arguments, their lifetimes named.
    fn of_arguments(&self, bounds: Vec<TokenStream>) -> (TokenStream, TokenStream, TokenStream) {
        let lifetime = syn::Lifetime::new("'args", Span::mixed_site());
        let (generics, clause) = self.generics_with(Some(&lifetime), bounds);
        let types = self.params.iter().map(|p| named(&p.ty, &lifetime));
        (generics, clause, hygienic!((#(#types,)*)))
    }

    /// Do the types of the arguments tell all generic ones? A projection (`T::Item`) does not tell what it is a projection of.
    fn is_told_by_arguments(&self) -> bool {
        let mut told = Told::default();
        self.params.iter().for_each(|p| told.visit_type(&p.ty));
        let mut generic = parameters(&self.generics);
        generic.all(|name| told.names.contains(name))
    }
}

/// The names that stand for themselves in a type.
#[derive(Default)]
struct Told {
    names: Vec<Ident>,
}

impl<'ast> Visit<'ast> for Told {
    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        if path.qself.is_some() {
            return;
        }
        self.names.extend(path.path.get_ident().cloned());
        syn::visit::visit_type_path(self, path);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.names.extend(path.path.get_ident().cloned());
    }
}
