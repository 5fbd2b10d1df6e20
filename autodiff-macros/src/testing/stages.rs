//! What each stage makes of a short function, one snapshot a function: the lowered program, the active variables, the tangent program, the
//! two parts of the adjoint program, and the code that comes out. `INSTA_UPDATE=always` blesses them.

use super::lowered::lowered;
use crate::analysis::activity::{Activity, analyze};
use crate::diagnostic::Diagnostics;
use crate::ir::print::{print, print_block};
use crate::ir::{Function, VarId};
use crate::transform::{adjoint, forward};
use proc_macro2::TokenStream;
use quote::quote;

/// The text of every stage.
fn stages(text: &str) -> String {
    let function = lowered(text);
    let mut diagnostics = Diagnostics::default();
    let activity = analyze(&function, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{:?}", diagnostics.messages());
    let tangent = forward::forward(&function, &activity);
    let adjoint = adjoint::improved(adjoint::adjoint(&function, &activity));
    let part = |block| print_block(&adjoint.function, block);
    let sections = [
        ("function", pretty(text.parse().expect("tokens"))),
        ("lowered", print(&function)),
        ("active", active(&function, &activity)),
        ("tangent", print_block(&tangent.function, &tangent.body)),
        ("adjoint, forward part", part(&adjoint.forward)),
        ("adjoint, reverse part", part(&adjoint.reverse)),
        ("generated", generated(text)),
    ];
    let section = |(title, text): (&str, String)| format!("-- {title}\n{}\n", text.trim_end());
    sections.map(section).join("\n")
}

fn active(function: &Function, activity: &Activity) -> String {
    let vars = function.vars.iter().enumerate();
    let active = vars.filter(|(v, _)| activity.is_active(VarId(*v as u32)));
    let names: Vec<String> = active.map(|(_, var)| var.ident.to_string()).collect();
    names.join(" ")
}

/// The functions of the call protocol, and the one that computes value and gradient in one pass; the rest of the companion calls them.
fn generated(text: &str) -> String {
    let item: TokenStream = text.parse().expect("tokens");
    let expansion = crate::pipeline::expand(TokenStream::new(), item);
    let file: syn::File = syn::parse2(expansion).expect("items");
    let impls = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Impl(item) => Some(item.items),
        _ => None,
    });
    let functions = impls.flatten().filter_map(|item| match item {
        syn::ImplItem::Fn(f)
            if ["__jvp", "__forward", "__value_and_grad"]
                .contains(&f.sig.ident.to_string().as_str()) =>
        {
            Some(f)
        }
        _ => None,
    });
    let functions = functions.map(|mut f| {
        f.attrs.clear();
        f
    });
    pretty(quote!(impl Companion { #(#functions)* }))
}

fn pretty(items: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(items).expect("items"))
}

/// One snapshot a function, named after it.
fn snapshot(text: &str) {
    let name = lowered(text).name.to_string();
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, stages(text));
    });
}

#[test]
fn straight_line_code_keeps_its_values() {
    snapshot("fn straight_line(x: f64, a: f64) -> f64 { let t = x * a; t.sin() / t }");
}

#[test]
fn branches_record_what_their_arm_needs() {
    snapshot(
        "fn branch(x: f64, a: f64) -> f64 { if x > 0.0 { return x.exp() * a; } let y = a * a; y - x }",
    );
}

#[test]
fn independent_iterations_have_no_trace() {
    snapshot(
        "fn independent(x: &[f64], a: f64) -> f64 { let mut s = 0.0; for i in 0..x.len() { let y = (a * x[i]).exp(); s += y * y; } s.ln() }",
    );
}

#[test]
fn carried_state_is_recorded() {
    snapshot(
        "fn carried(x: f64, n: usize) -> f64 { let mut y = x; for _ in 0..n { y = y.sin() * x; } y }",
    );
}

#[test]
fn what_is_overwritten_is_put_back() {
    snapshot(
        "fn in_place(u: &mut [f64], a: f64) { for i in 1..u.len() { u[i] = u[i - 1] * u[i] + a; } }",
    );
}

#[test]
fn chains_become_loops_and_what_is_inactive_stays() {
    snapshot(
        "fn chain(x: &[f64], w: &[usize]) -> f64 { let n = w.iter().sum::<usize>(); x.iter().zip(w).filter(|(_, k)| **k < n).map(|(x, k)| x.powi(*k as i32)).sum() }",
    );
}

#[test]
fn sums_over_data_go_forward_and_backward_at_once() {
    snapshot(
        "fn one_pass(data: &[i32], p: &[f64]) -> f64 { let mut w = vec![0.0; p.len()]; for j in 0..p.len() { w[j] = p[j].exp(); } let mut s = 0.0; for &k in data { let t = w[0] * k as f64 + w[1]; s += t * t; } s }",
    );
}

#[test]
fn calls_pass_their_references_again() {
    snapshot(
        "fn caller(x: &mut [f64], a: f64) -> f64 { let y = callee(x, a); x[0] = y * a; callee(x, y) }",
    );
}
