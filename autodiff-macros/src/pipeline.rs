//! From the annotated function to its expansion: every stage by name, in order.

use crate::analysis::activity::{self, Activity};
use crate::analysis::callees;
use crate::diagnostic::Diagnostics;
use crate::emit::companion::{Companion, Parameter};
use crate::emit::functions::{Given, function_name, with_derivatives, without_functions};
use crate::emit::types::{Kind, Tangents};
use crate::graph::{self, Graph};
use crate::ir::{Function, Param, ParamMode, Shown, VarKind};
use crate::members::{self, Face, Home, Member};
use crate::options::{self, Options, Partial, Rule};
use crate::transform::adjoint::loops::parts;
use crate::transform::adjoint::{self, Adjoint};
use crate::transform::custom;
use crate::transform::forward::second::{self, Second};
use crate::transform::forward::{self, Tangent};
use crate::{conditional, declared, fragments};
use crate::{
    emit, fence, homonyms, lower, macro_rules, markers, recursion, signature, source, transform,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// Expands `#[differentiate(attr)] item`. The function itself always comes out, so that nothing else breaks on an error.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let (attr, item) = (fragments::bracketed(attr), fragments::bracketed(item));
    let options = options::parse(attr.clone(), &mut diagnostics);
    let name = options.dump.then(|| emit::dump::name(&item));
    let expansion = homonyms::told_apart(item, |item| expanded(attr, item, &options, diagnostics));
    if let Some(name) = name {
        emit::dump::dump(&name, &expansion);
    }
    expansion
}

fn expanded(
    attr: TokenStream,
    item: TokenStream,
    options: &Options,
    mut diagnostics: Diagnostics,
) -> TokenStream {
    let item = declared::spelled_out(item);
    if diagnostics.is_empty()
        && let Ok(item) = syn::parse2(item.clone())
        && let Some(cases) = conditional::split(&item, &options::attribute(options, &attr))
    {
        return cases;
    }
    if let Ok(block) = syn::parse2::<syn::ItemImpl>(item.clone()) {
        return members::expand_impl(block, options, diagnostics);
    }
    if let Ok(item) = syn::parse2::<syn::ItemTrait>(item.clone()) {
        return members::expand_trait(item, options, diagnostics);
    }
    let Ok(function) = syn::parse2::<syn::ItemFn>(item.clone()) else {
        fence::misplaced(item.clone(), &mut diagnostics);
        return [item, diagnostics.into_compile_errors()]
            .into_iter()
            .collect();
    };
    if members::is_member(&function) {
        return members::expand_method(&function, options, diagnostics);
    }
    let derivatives = differentiate(&function, options, None, &mut diagnostics);
    let mut primal = markers::taken_off(&function);
    primal.attrs.retain(|a| !fence::is_second(a));
    // Whoever uses the derivatives need not use the function.
    let primal = quote!(#[allow(dead_code)] #primal);
    if diagnostics.is_empty() {
        return quote!(#primal #derivatives);
    }
    let placeholder = placeholder(&function, options, diagnostics);
    quote!(#primal #placeholder)
}

/// The derivative functions: the companion, or those that become members.
pub fn differentiate(
    item: &syn::ItemFn,
    options: &Options,
    member: Option<&Member>,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let rt = options::runtime(options.krate.as_ref());
    let signature = signature::differentiable(&declared::seen_through(item), &rt);
    let item = &signature.item;
    options::check_against(options, item, diagnostics);
    let in_trait = member.is_some_and(|m| m.home != Home::Type);
    if options.graph && (in_trait || options.rule.is_some()) {
        diagnostics.graph_without_a_body(&item.sig.ident, !in_trait);
    }
    let Some(Derivatives {
        function,
        activity,
        tangent,
        series,
        graph,
        adjoint,
        second,
    }) = (match &options.rule {
        None => {
            let of_block = member.is_some_and(|m| !m.single);
            by_body(item, options, of_block, diagnostics)
        }
        Some(rule) => by_rule(item, options, rule, diagnostics),
    })
    else {
        return TokenStream::new();
    };
    let alone = member.is_none_or(|m| m.single && m.face != Face::Active);
    if options.parallel && alone {
        check_parts(&function, tangent.as_ref(), adjoint.as_ref(), diagnostics);
    }
    let tangent = tangent.filter(|_| options.forward);
    let adjoint = adjoint.filter(|_| options.reverse);
    let generics = match member {
        None => item.sig.generics.clone(),
        Some(member) => signature.generics(&member.generics),
    };
    let generics = without_functions(&generics);
    let params = parameters(&function);
    let floats = lower::types::float_params(&item.sig.generics);
    let recursive = options.recursive
        || options.rule.is_none()
            && recursion::calls_itself(item, member.is_some(), options.owner.as_ref())
        || options.rule.is_none()
            && member.is_none()
            && recursion::calls_itself_through_others(item);
    let tangents = Tangents {
        floats: &floats,
        rt: &rt,
        kind: Kind::Scalar,
    };
    let mode = |given| with_derivatives(&generics, &function, &tangents, given);
    let (forward_generics, second_generics) = (mode(Given::Tangent), mode(Given::Both));
    let generics = mode(Given::Pullback);
    Companion {
        item,
        member,
        options,
        rt: &rt,
        floats: &floats,
        activity: (&activity, function.vars.len()),
        forward: tangent.as_ref(),
        series: series.as_ref(),
        graph: graph.as_ref(),
        adjoint: adjoint.as_ref(),
        second: second.as_ref(),
        params,
        forward_generics,
        second_generics,
        generics,
        recursive,
    }
    .emit()
}

/// Reports it where no loop of the derivative runs in parallel.
fn check_parts(
    function: &Function,
    tangent: Option<&Tangent>,
    adjoint: Option<&Adjoint>,
    diagnostics: &mut Diagnostics,
) {
    let one_pass = adjoint.and_then(|a| a.one_pass.as_ref());
    let forward = tangent.filter(|_| adjoint.is_none()).map(|t| &t.body);
    let mut reverse = adjoint.map(|a| &a.reverse).into_iter().chain(forward);
    if !reverse.any(parts::has_parts) && !one_pass.is_some_and(|p| parts::has_parts(&p.body)) {
        let var = parts::obstacle(function, &function.body);
        let name = var.map(|v| function.var(v).ident.to_string());
        diagnostics.nothing_in_parallel(&function.name, name.as_deref());
    }
}

/// The derivative programs of a function.
struct Derivatives {
    function: Function,
    activity: Activity,
    tangent: Option<Tangent>,
    series: Option<Tangent>,
    graph: Option<Graph>,
    adjoint: Option<Adjoint>,
    second: Option<Second>,
}

fn by_body(
    item: &syn::ItemFn,
    options: &Options,
    of_block: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Derivatives> {
    let item = &fence::check(&macro_rules::without(item), diagnostics)?;
    let mut function = lower::lower(item, options, diagnostics);
    function.watch = options
        .watch
        .then(|| options::runtime(options.krate.as_ref()));
    fence::check_lowered(&function, item, options, diagnostics);
    function.reassociate = options.reassociate;
    function.parallel = options.parallel;
    transform::prepare(&mut function);
    let activity = if of_block {
        activity::analyze_member(&function, diagnostics)
    } else {
        activity::analyze(&function, diagnostics)
    };
    callees::check(
        &function,
        &activity,
        (&item.sig.ident.to_string(), options.owner.as_ref()),
        diagnostics,
    );
    for option in options.lists() {
        emit::check_lists(&function, &activity, option, diagnostics);
    }
    if !diagnostics.is_empty() {
        return None;
    }
    let graph = options.graph.then(|| graph::of(&function, &activity));
    function.shown = graph.as_ref().map(|graph| Shown {
        rt: options::runtime(options.krate.as_ref()),
        labels: graph.labels.clone(),
    });
    let improved = |mut tangent: Tangent| {
        let blocks = &mut [&mut tangent.body];
        adjoint::loops::improved(&mut tangent.function, blocks);
        adjoint::loops::buffers::kept(&mut tangent.function, blocks, false);
        tangent
    };
    let tangent = || improved(forward::forward(&function, &activity));
    let series = || improved(forward::series(&function, &activity));
    let (tangent, series) = (options.forward.then(tangent), options.taylor.then(series));
    let adjoint = options
        .reverse
        .then(|| adjoint::adjoint(&function, &activity));
    let twice = adjoint.as_ref().filter(|_| options.order == 2);
    Some(Derivatives {
        function,
        activity,
        tangent,
        series,
        graph,
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
    let second = match rule {
        Rule::Partials(partials) if options.order == 2 => {
            let programs = partial_programs(item, options, partials, diagnostics)?;
            let adjoint = custom::adjoint_by_programs(programs, partials);
            Some(second::second(&adjoint))
        }
        Rule::Functions { jvp: Some(jvp), .. } if options.order == 2 => {
            Some(custom::second_by_function(&function, jvp))
        }
        Rule::Declared | Rule::Independent { .. } if options.order == 2 => {
            adjoint.as_ref().map(second::second)
        }
        _ => None,
    };
    Some(Derivatives {
        function,
        activity: Activity::default(),
        tangent,
        series: None,
        graph: None,
        adjoint,
        second,
    })
}

/// The partials as a function of the parameters and of the value, its last parameter, with a tuple as result.
fn partial_programs(
    item: &syn::ItemFn,
    options: &Options,
    partials: &[Partial],
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    let (mut item, mut options) = (item.clone(), options.clone());
    let syn::ReturnType::Type(_, result) = item.sig.output.clone() else {
        return None;
    };
    let exprs = partials.iter().map(|p| &p.expr);
    let value = custom::value_name(&item.sig);
    item.block = syn::parse_quote!({ (#(#exprs,)*) });
    item.sig.inputs.push(syn::parse_quote!(#value: #result));
    let types = partials.iter().map(|_| &result);
    item.sig.output = syn::parse_quote!(-> (#(#types,)*));
    options
        .wrt
        .iter_mut()
        .for_each(|wrt| wrt.push(value.clone()));
    let item = fence::check(&item, diagnostics)?;
    let function = lower::lower(&item, &options, diagnostics);
    activity::check(&function, diagnostics);
    diagnostics.is_empty().then_some(function)
}

/// The parameters as the companion's functions have them.
fn parameters(function: &Function) -> Vec<Parameter> {
    let parameter = |(k, p): (usize, &Param)| {
        let var = function.var(p.var);
        let function_type = || {
            let name = function_name(k);
            syn::parse_quote!(#name)
        };
        Parameter {
            function: p.function.is_some(),
            name: var.ident.clone(),
            mutable: matches!(var.kind, VarKind::Mutable) && p.mode == ParamMode::Value,
            ty: p
                .function
                .as_ref()
                .map_or_else(|| p.ty.clone(), |_| function_type()),
            mode: p.mode,
            active: p.active,
        }
    };
    function.params.iter().enumerate().map(parameter).collect()
}

/// The errors, in a companion whose functions have an erroneous type: what uses them is not reported too.
fn placeholder(item: &syn::ItemFn, options: &Options, diagnostics: Diagnostics) -> TokenStream {
    let name = options.name.as_ref().unwrap_or(&item.sig.ident);
    let vis = source::namesakes::visibility(name, &item.vis);
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
    "jvp_batch",
    "taylor",
    "vjp",
    "grad",
    "value_and_grad",
    "value_and_grad_into",
    "jacobian",
    "jacobian_mode",
    "hvp",
    "hessian",
    "graph",
    "adjoints",
    "__jvp",
    "__jvp_batch",
    "__taylor",
    "__forward",
    "__backward",
    "__backward_by_name",
    "__forward_jvp",
    "__backward_jvp",
    "__value_and_grad",
];
