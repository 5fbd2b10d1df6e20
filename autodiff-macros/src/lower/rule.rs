//! A function with a rule of the user's: its parameters without its body, and the rule checked against them.

use super::Lower;
use crate::diagnostic::Diagnostics;
use crate::ir::{Function, ParamMode};
use crate::options::{Options, Partial, Rule};
use proc_macro2::Ident;

/// Lowers the signature; reports what the rule misses.
pub fn signature(
    item: &syn::ItemFn,
    options: &Options,
    rule: &Rule,
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    let floats = super::types::float_params(&item.sig.generics);
    let mut lower = Lower::new(item, floats, options, diagnostics);
    let inputs: Vec<&syn::FnArg> = item.sig.inputs.iter().collect();
    lower.params(&inputs, &item.sig.generics, options);
    let function = lower.function;
    let independent = matches!(rule, Rule::Independent { .. });
    if !independent && !function.params.iter().any(|p| p.active) {
        diagnostics.no_differentiable_parameter(&item.sig.ident);
    }
    if !matches!(rule, Rule::Declared | Rule::Independent { .. }) {
        check_outputs(item, &function, diagnostics);
    }
    if let Rule::Partials(partials) = rule {
        check(&function, partials, diagnostics);
    }
    diagnostics.is_empty().then_some(function)
}

/// A result, and nothing else that comes out.
fn check_outputs(item: &syn::ItemFn, function: &Function, diagnostics: &mut Diagnostics) {
    if matches!(item.sig.output, syn::ReturnType::Default) {
        diagnostics.rule_without_result(&item.sig.ident);
    }
    let params = function.params.iter();
    for param in params.filter(|p| p.mode == ParamMode::RefMut) {
        diagnostics.rule_with_mutable(&function.var(param.var).ident);
    }
}

/// One partial for each differentiable parameter, all of them scalars.
fn check(function: &Function, partials: &[Partial], diagnostics: &mut Diagnostics) {
    let active: Vec<_> = function.params.iter().filter(|p| p.active).collect();
    let name = |p: &crate::ir::Param| function.var(p.var).ident.clone();
    let names: Vec<Ident> = active.iter().map(|p| name(p)).collect();
    for (k, partial) in partials.iter().enumerate() {
        if partials[..k].iter().any(|p| p.name == partial.name) {
            diagnostics.repeated_partial(&partial.name);
        } else if !names.contains(&partial.name) {
            diagnostics.partial_of_nothing(&partial.name, &function.name, &names);
        }
    }
    for param in active {
        let (name, ty) = (name(param), &function.var(param.var).ty);
        if param.mode != ParamMode::Value || ty.is_aggregate() {
            diagnostics.partial_of_aggregate(&name);
        } else if !partials.iter().any(|p| p.name == name) {
            diagnostics.missing_partial(&name);
        }
    }
}
