//! From the annotated function to its expansion: every stage by name, in order.

use crate::analysis::activity;
use crate::diagnostic::Diagnostics;
use crate::emit::companion::{Companion, Parameter};
use crate::ir::{Function, VarKind};
use crate::options::{self, Options};
use crate::transform::{adjoint, forward};
use crate::{emit, fence, lower};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::Visit;

/// Expands `#[differentiate(attr)] item`. The function itself always comes out, so that nothing else breaks on an error.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let options = options::parse(attr, &mut diagnostics);
    let Ok(function) = syn::parse2::<syn::ItemFn>(item.clone()) else {
        let span = item.clone().into_iter().next();
        diagnostics.not_a_function(span.map_or(options.span, |t| t.span()));
        return [item, diagnostics.into_compile_errors()]
            .into_iter()
            .collect();
    };
    let derivatives = differentiate(&function, &options, &mut diagnostics);
    let primal = lower::without_markers(&function);
    if diagnostics.is_empty() {
        if options.dump {
            emit::dump::dump(&function.sig.ident.to_string(), &derivatives);
        }
        return quote!(#primal #derivatives);
    }
    let errors = diagnostics.into_compile_errors();
    let placeholder = placeholder(&function, &options);
    quote!(#primal #placeholder #errors)
}

fn differentiate(
    item: &syn::ItemFn,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    fence::check(item, diagnostics);
    if !diagnostics.is_empty() {
        return TokenStream::new();
    }
    let Some(function) = lower::lower(item, options, diagnostics) else {
        return TokenStream::new();
    };
    if !diagnostics.is_empty() {
        return TokenStream::new();
    }
    let activity = activity::analyze(&function, diagnostics);
    if !diagnostics.is_empty() {
        return TokenStream::new();
    }
    let tangent = options
        .forward
        .then(|| forward::forward(&function, &activity));
    let adjoint = options
        .reverse
        .then(|| adjoint::adjoint(&function, &activity));
    let rt = runtime(options);
    Companion {
        item,
        options,
        rt: &rt,
        floats: &lower::types::float_params(&item.sig.generics),
        activity: (&activity, function.vars.len()),
        forward: tangent.as_ref(),
        adjoint: adjoint.as_ref(),
        params: parameters(&function),
        recursive: calls_itself(item),
    }
    .emit()
}

fn parameters(function: &Function) -> Vec<Parameter> {
    let params = function.params.iter().map(|p| {
        let var = function.var(p.var);
        Parameter {
            name: var.ident.clone(),
            mutable: matches!(var.kind, VarKind::Mutable) && p.mode == crate::ir::ParamMode::Value,
            ty: p.ty.clone(),
            mode: p.mode,
            active: p.active,
        }
    });
    params.collect()
}

/// The path of the runtime's `private` module.
fn runtime(options: &Options) -> TokenStream {
    match &options.krate {
        Some(path) => quote!(#path::private),
        None => quote!(::autodiff_runtime::private),
    }
}

fn calls_itself(item: &syn::ItemFn) -> bool {
    struct Calls<'a>(&'a syn::Ident, bool);
    impl<'ast> Visit<'ast> for Calls<'_> {
        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            if let syn::Expr::Path(path) = &*call.func {
                let last = path.path.segments.last();
                self.1 |= last.is_some_and(|s| s.ident == *self.0);
            }
            syn::visit::visit_expr_call(self, call);
        }
    }
    let mut calls = Calls(&item.sig.ident, false);
    calls.visit_block(&item.block);
    calls.1
}

/// A companion without functions, so that an import of the function's companion does not fail too.
fn placeholder(item: &syn::ItemFn, options: &Options) -> TokenStream {
    let name = options.name.as_ref().unwrap_or(&item.sig.ident);
    let vis = item.vis.to_token_stream();
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {}
    }
}
