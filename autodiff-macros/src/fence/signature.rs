//! The function from outside: its attributes, qualifiers, generics, parameters and result.

use crate::diagnostic::Diagnostics;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{GenericParam, Type, TypeParamBound, WherePredicate};

/// Reports what no signature may have.
pub fn check(item: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    attributes(item, diagnostics);
    qualifiers(&item.sig, diagnostics);
    generics(&item.sig.generics, diagnostics);
    for input in &item.sig.inputs {
        match input {
            syn::FnArg::Receiver(_) => diagnostics.no_methods(input),
            syn::FnArg::Typed(arg) => parameter(&arg.ty, diagnostics),
        }
    }
    if let syn::ReturnType::Type(_, ty) = &item.sig.output {
        result(ty, diagnostics);
    }
}

fn attributes(item: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    for attribute in &item.attrs {
        let path = attribute.path();
        let last = path.segments.last().map(|s| s.ident.to_string());
        match last.as_deref() {
            Some("differentiate") => diagnostics.second_attribute(attribute.span()),
            Some(name @ ("cfg" | "cfg_attr")) => {
                diagnostics.condition_below(attribute.span(), name);
            }
            _ => {}
        }
    }
}

fn qualifiers(sig: &syn::Signature, diagnostics: &mut Diagnostics) {
    if let Some(token) = &sig.asyncness {
        diagnostics.async_function(token.span);
    }
    if let syn::Safety::Unsafe(token) = &sig.safety {
        diagnostics.unsafe_function(token.span);
    }
    if let Some(abi) = &sig.abi {
        diagnostics.foreign_function(abi.span());
    }
    if let Some(variadic) = &sig.variadic {
        diagnostics.variadic(variadic.span());
    }
}

fn generics(generics: &syn::Generics, diagnostics: &mut Diagnostics) {
    let inline = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.bounds),
        _ => None,
    });
    let clauses = generics.where_clause.iter().flat_map(|w| &w.predicates);
    let clauses = clauses.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => Some(&predicate.bounds),
        _ => None,
    });
    for bound in inline.chain(clauses).flatten() {
        if is_callable(bound) {
            diagnostics.function_parameter(bound.span());
        }
    }
}

/// `Fn(f64) -> f64`, `FnMut()`
fn is_callable(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    let last = bound.path.segments.last();
    last.is_some_and(|s| s.ident == "Fn" || s.ident == "FnMut" || s.ident == "FnOnce")
}

/// `impl Trait` anywhere in the type of a parameter.
fn parameter(ty: &Type, diagnostics: &mut Diagnostics) {
    struct Parameter<'d>(&'d mut Diagnostics);
    impl<'ast> Visit<'ast> for Parameter<'_> {
        fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
            if ty.bounds.iter().any(is_callable) {
                self.0.function_parameter(ty.span());
            } else {
                self.0.impl_parameter(ty.span());
            }
        }
    }
    Parameter(diagnostics).visit_type(ty);
}

/// References and `impl Trait` anywhere in the type of the result.
fn result(ty: &Type, diagnostics: &mut Diagnostics) {
    struct Returned<'d>(&'d mut Diagnostics);
    impl<'ast> Visit<'ast> for Returned<'_> {
        fn visit_type_reference(&mut self, ty: &'ast syn::TypeReference) {
            self.0.returned_reference(ty.span());
        }

        fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
            self.0.returned_impl(ty.span());
        }

        fn visit_type_path(&mut self, ty: &'ast syn::TypePath) {
            let last = ty.path.segments.last().map(|s| s.ident.to_string());
            match last.as_deref() {
                Some(name @ ("Option" | "Result")) => self.0.returned_wrapper(ty.span(), name),
                _ => visit::visit_type_path(self, ty),
            }
        }

        /// The refusal of `dyn` says all there is to say.
        fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {}
        fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}
    }
    Returned(diagnostics).visit_type(ty);
}
