//! The function from outside: its attributes, qualifiers, generics, parameters and result.

use crate::diagnostic::Diagnostics;
use crate::ir::Ty;
use crate::lower::types;
use proc_macro2::Ident;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Type, TypeParamBound};

/// Reports what no signature may have. Are its types ones to go on with?
pub fn check(item: &syn::ItemFn, diagnostics: &mut Diagnostics) -> bool {
    attributes(item, diagnostics);
    qualifiers(&item.sig, diagnostics);
    functions(&item.sig, diagnostics);
    let generics = &item.sig.generics;
    for input in &item.sig.inputs {
        if let syn::FnArg::Typed(arg) = input
            && types::function_type(&arg.ty, generics).is_none()
        {
            parameter(&arg.ty, diagnostics);
        }
    }
    let before = diagnostics.count();
    for param in generics.type_params() {
        if let Some(bound) = types::scaled_by_another(&param.ident, generics) {
            diagnostics.perhaps_a_vector(bound.span(), &param.ident);
        }
    }
    if let syn::ReturnType::Type(_, ty) = &item.sig.output {
        result(ty, diagnostics);
    }
    diagnostics.count() == before
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

/// Type parameters that are functions, and stand for anything but a parameter.
fn functions(sig: &syn::Signature, diagnostics: &mut Diagnostics) {
    for param in sig.generics.type_params() {
        let name = &param.ident;
        let is_function = types::generic_function(name, &sig.generics).is_some();
        let uses = sig.inputs.iter().filter(|input| match input {
            syn::FnArg::Typed(arg) => crate::names::mentions(arg.ty.to_token_stream(), name),
            syn::FnArg::Receiver(_) => false,
        });
        let is_parameter = |input: &&syn::FnArg| match input {
            syn::FnArg::Typed(arg) => types::function_type(&arg.ty, &sig.generics).is_some(),
            syn::FnArg::Receiver(_) => false,
        };
        if is_function && !uses.into_iter().all(|input| is_parameter(&input)) {
            diagnostics.function_parameter(param.span());
        }
    }
}

/// Is the parameter refused because of its type as something that is called?
pub fn is_function(ty: &Type, generics: &syn::Generics) -> bool {
    match ty {
        Type::Reference(t) => is_function(&t.elem, generics),
        Type::FnPtr(_) | Type::ImplTrait(_) | Type::TraitObject(_) => true,
        Type::Path(t) => {
            let name = t.path.get_ident();
            name.is_some_and(|name| types::bounds(name, generics).any(is_callable))
        }
        _ => false,
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

/// Functions in the type of a parameter: any other `impl Trait` has a name by now.
fn parameter(ty: &Type, diagnostics: &mut Diagnostics) {
    struct Parameter<'d>(&'d mut Diagnostics);
    impl<'ast> Visit<'ast> for Parameter<'_> {
        fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
            self.0.function_parameter(ty.span());
        }
    }
    Parameter(diagnostics).visit_type(ty);
}

/// References to numbers in lists and options: they have no gradient that could be handed back; references in tuples.
pub fn lent_numbers(ty: &Type, floats: &[Ident], diagnostics: &mut Diagnostics) {
    let is_number = |ty: &Type| matches!(types::known(ty, floats), Ty::Float(_));
    let mut inside = |ty: &Type| match ty {
        Type::Reference(t) if is_number(&t.elem) => diagnostics.lent_numbers(ty.span()),
        ty => lent_numbers(ty, floats, diagnostics),
    };
    match ty {
        Type::Reference(t) => lent_numbers(&t.elem, floats, diagnostics),
        Type::Slice(t) => inside(&t.elem),
        Type::Array(t) => inside(&t.elem),
        Type::Tuple(t) => {
            let lent = |ty: &&Type| match types::known(ty, floats) {
                Ty::Ref(_, to) => !to.is_inert() && *to != Ty::Unknown,
                _ => false,
            };
            // One has the lifetime of the whole.
            let second = t.elems.iter().filter(lent).nth(1);
            second
                .into_iter()
                .for_each(|ty| diagnostics.lent_in_tuple(ty.span()));
        }
        Type::Path(t) => {
            let last = t.path.segments.last();
            let list = last.filter(|s| s.ident == "Vec" || s.ident == "Option");
            if let Some(syn::PathArguments::AngleBracketed(list)) = list.map(|s| &s.arguments)
                && let Some(syn::GenericArgument::Type(inner)) = list.args.first()
            {
                inside(inner);
            }
        }
        _ => {}
    }
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

        /// An error may be anything.
        fn visit_type_path(&mut self, ty: &'ast syn::TypePath) {
            match crate::emit::types::wrapper(ty) {
                Some((_, inner)) => self.visit_type(inner),
                None => visit::visit_type_path(self, ty),
            }
        }

        /// The refusal of `dyn` says all there is to say.
        fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {}
        fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}
    }
    Returned(diagnostics).visit_type(ty);
}
