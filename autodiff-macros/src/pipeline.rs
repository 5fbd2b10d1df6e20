//! From the annotated function to its expansion: every stage by name, in order.

use crate::analysis::activity::{self, Activity};
use crate::diagnostic::Diagnostics;
use crate::emit::companion::{Companion, Parameter};
use crate::emit::types::Named;
use crate::ir::{Function, Param, ParamMode, VarKind};
use crate::options::{self, Options, Rule};
use crate::transform::adjoint::{self, Adjoint};
use crate::transform::custom;
use crate::transform::forward::second::{self, Second};
use crate::transform::forward::{self, Tangent};
use crate::{emit, fence, lower};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

/// Expands `#[differentiate(attr)] item`. The function itself always comes out, so that nothing else breaks on an error.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let options = options::parse(attr, &mut diagnostics);
    let Ok(function) = syn::parse2::<syn::ItemFn>(item.clone()) else {
        fence::misplaced(item.clone(), &mut diagnostics);
        return [item, diagnostics.into_compile_errors()]
            .into_iter()
            .collect();
    };
    let derivatives = differentiate(&function, &options, &mut diagnostics);
    let mut primal = lower::without_markers(&function);
    primal.attrs.retain(|a| !fence::is_second(a));
    // Whoever uses the derivatives need not use the function.
    let primal = quote!(#[allow(dead_code)] #primal);
    if diagnostics.is_empty() {
        if options.dump {
            emit::dump::dump(&function.sig.ident.to_string(), &derivatives);
        }
        return quote!(#primal #derivatives);
    }
    if function.sig.receiver().is_some() {
        let errors = diagnostics.into_compile_errors();
        return quote!(#primal #errors);
    }
    let placeholder = placeholder(&function, &options, diagnostics);
    quote!(#primal #placeholder)
}

fn differentiate(
    item: &syn::ItemFn,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    options::check_against(options, item, diagnostics);
    let Some(Derivatives {
        function,
        activity,
        tangent,
        adjoint,
        second,
    }) = (match &options.rule {
        None => by_body(item, options, diagnostics),
        Some(rule) => by_rule(item, options, rule, diagnostics),
    })
    else {
        return TokenStream::new();
    };
    let tangent = tangent.filter(|_| options.forward);
    let adjoint = adjoint.filter(|_| options.reverse);
    let rt = runtime(options);
    let mut generics = item.sig.generics.clone();
    let params = parameters(&function, &mut generics);
    Companion {
        item,
        options,
        rt: &rt,
        floats: &lower::types::float_params(&item.sig.generics),
        activity: (&activity, function.vars.len()),
        forward: tangent.as_ref(),
        adjoint: adjoint.as_ref(),
        second: second.as_ref(),
        params,
        generics,
        recursive: options.rule.is_none() && calls_itself(item),
    }
    .emit()
}

/// The derivative programs of a function.
struct Derivatives {
    function: Function,
    activity: Activity,
    tangent: Option<Tangent>,
    adjoint: Option<Adjoint>,
    second: Option<Second>,
}

fn by_body(
    item: &syn::ItemFn,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Derivatives> {
    fence::check(item, diagnostics);
    if !diagnostics.is_empty() {
        return None;
    }
    let function = lower::lower(item, options, diagnostics)?;
    let activity = activity::analyze(&function, diagnostics);
    if !diagnostics.is_empty() {
        return None;
    }
    let tangent = options
        .forward
        .then(|| forward::forward(&function, &activity));
    let adjoint = options
        .reverse
        .then(|| adjoint::adjoint(&function, &activity));
    let twice = adjoint.as_ref().filter(|_| options.order == 2);
    Some(Derivatives {
        function,
        activity,
        tangent,
        second: twice.map(second::second),
        adjoint: adjoint.map(adjoint::improved),
    })
}

fn by_rule(
    item: &syn::ItemFn,
    options: &Options,
    rule: &Rule,
    diagnostics: &mut Diagnostics,
) -> Option<Derivatives> {
    fence::check_signature(item, diagnostics);
    if !diagnostics.is_empty() {
        return None;
    }
    let function = lower::rule::signature(item, options, rule, diagnostics)?;
    let (tangent, adjoint) = custom::derivatives(&function, rule);
    Some(Derivatives {
        function,
        activity: Activity::default(),
        tangent,
        adjoint,
        second: None,
    })
}

/// The parameters as the companion's functions have them, `impl Trait` turned into type parameters.
fn parameters(function: &Function, generics: &mut syn::Generics) -> Vec<Parameter> {
    let mut named = Named::default();
    let parameter = |p: &Param| {
        let var = function.var(p.var);
        let mut ty = p.ty.clone();
        named.visit_type_mut(&mut ty);
        Parameter {
            name: var.ident.clone(),
            mutable: matches!(var.kind, VarKind::Mutable) && p.mode == ParamMode::Value,
            ty,
            mode: p.mode,
            active: p.active,
        }
    };
    let params = function.params.iter().map(parameter).collect();
    generics.params.extend(named.params);
    params
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

/// The errors, in a companion whose functions have an erroneous type: what uses them is not reported too.
fn placeholder(item: &syn::ItemFn, options: &Options, diagnostics: Diagnostics) -> TokenStream {
    let name = options.name.as_ref().unwrap_or(&item.sig.ident);
    let vis = &item.vis;
    let errors = diagnostics.into_compile_errors();
    let functions = FUNCTIONS.iter().map(|f| Ident::new(f, Span::mixed_site()));
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {}

        #[doc(hidden)]
        #[allow(non_upper_case_globals, dead_code)]
        impl #name {
            const __FAILED: usize = { #errors 0 };
            #(pub const #functions: [(); Self::__FAILED] = [(); Self::__FAILED];)*
        }
    }
}

/// What a companion may have.
const FUNCTIONS: &[&str] = &[
    "jvp",
    "vjp",
    "grad",
    "value_and_grad",
    "value_and_grad_into",
    "jacobian",
    "hvp",
    "hessian",
    "__jvp",
    "__forward",
    "__backward",
    "__value_and_grad",
    "__forward_jvp",
    "__backward_jvp",
];
