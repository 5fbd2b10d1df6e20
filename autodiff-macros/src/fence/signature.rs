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
        if let syn::FnArg::Typed(arg) = input {
            parameter(&arg.ty, diagnostics);
        }
    }
    if let syn::ReturnType::Type(_, ty) = &item.sig.output {
        result(ty, diagnostics);
    }
}

fn attributes(item: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    for attribute in item.attrs.iter().filter(|a| is_second(a)) {
        diagnostics.second_attribute(attribute.span());
    }
}

/// Is this another `#[differentiate]`?
pub fn is_second(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|s| s.ident == "differentiate")
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

/// Is the parameter refused because of its type as something that is called?
pub fn is_function(ty: &Type, generics: &syn::Generics) -> bool {
    match ty {
        Type::Reference(t) => is_function(&t.elem, generics),
        Type::FnPtr(_) | Type::ImplTrait(_) | Type::TraitObject(_) => true,
        Type::Path(t) => t.path.get_ident().is_some_and(|name| {
            let mut params = generics.type_params();
            let inline = params.any(|p| p.ident == *name && p.bounds.iter().any(is_callable));
            inline || bounds_below(generics, ty).iter().any(|b| is_callable(b))
        }),
        _ => false,
    }
}

/// The bounds of a type in the `where` clause.
fn bounds_below<'g>(generics: &'g syn::Generics, ty: &Type) -> Vec<&'g TypeParamBound> {
    let clauses = generics.where_clause.iter().flat_map(|w| &w.predicates);
    let of_type = clauses.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) if predicate.bounded_ty == *ty => Some(&predicate.bounds),
        _ => None,
    });
    of_type.flatten().collect()
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
