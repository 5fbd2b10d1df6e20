//! Functions as users write them, lowered, through the same checks as random programs; and what the verifier and the interpreter have to find
//! wrong.

use super::check::{Outcome, check, entry, verify_entry};
use super::generate::random::Random;
use super::generate::shape::{Parameter, Shape, Signature};
use super::interp::number::Dual;
use super::interp::value::Value;
use super::interp::{Library, run_primal};
use crate::diagnostic::Diagnostics;
use crate::ir::print::print;
use crate::ir::verify::verify;
use crate::ir::{Function, ParamMode};

/// Lowers a function.
pub fn lowered(text: &str) -> Function {
    let mut diagnostics = Diagnostics::default();
    let options = crate::options::parse(Default::default(), &mut diagnostics);
    let item: syn::ItemFn = syn::parse_str(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let function = crate::lower::lower(&item, &options, &mut diagnostics);
    assert!(
        diagnostics.is_empty(),
        "{text}: {:?}",
        diagnostics.messages()
    );
    function
}

fn shape(ty: &syn::Type) -> Shape {
    match ty {
        syn::Type::Reference(r) => shape(&r.elem),
        syn::Type::Slice(s) => Shape::Slice(Box::new(shape(&s.elem))),
        syn::Type::Array(a) => Shape::Array(Box::new(shape(&a.elem)), 3),
        syn::Type::Tuple(t) => Shape::Tuple(t.elems.iter().map(shape).collect()),
        syn::Type::Path(p) => match p.path.segments.last() {
            Some(s) if s.ident == "Vec" => match &s.arguments {
                syn::PathArguments::AngleBracketed(args) => match args.args.first() {
                    Some(syn::GenericArgument::Type(t)) => Shape::Vec(Box::new(shape(t))),
                    _ => Shape::vec(),
                },
                _ => Shape::vec(),
            },
            Some(s) if s.ident == "f64" => Shape::Real,
            _ => Shape::Int,
        },
        _ => Shape::Int,
    }
}

fn signature(function: &Function) -> Signature {
    let params = function.params.iter().map(|p| Parameter {
        shape: shape(&p.ty),
        mode: p.mode,
        active: p.active,
    });
    Signature {
        name: function.name.to_string(),
        params: params.collect(),
        result: None,
    }
}

/// Functions of a module; the later ones may call the earlier ones.
fn check_module(texts: &[&str]) {
    let mut library = Library::default();
    for text in texts {
        let function = lowered(text);
        let made = entry(&function).unwrap_or_else(|f| panic!("{text}\n{f:?}"));
        let Some(made) = made else {
            panic!("{text}\nis refused");
        };
        let mut random = Random::new(7);
        let signature = signature(&function);
        let mut run = || {
            verify_entry(&made)?;
            check(&library, &made, &signature, &mut random)
        };
        for _ in 0..6 {
            let outcome = run().unwrap_or_else(|f| panic!("{}\n{}", print(&function), f.what));
            assert_ne!(outcome, Outcome::TooLong, "{text}");
        }
        library.entries.push(made);
    }
}

#[test]
fn straight_line_and_branches() {
    check_module(&[
        "fn f(x: f64, y: f64) -> f64 { (x * y).sin() + x.abs().powf(1.5) / (y * y + 1.0) }",
        "fn f(x: &[f64]) -> f64 { if x[0] > 0.0 { return x[1].exp(); } let y = x[0] * x[1]; y + x[0] }",
        "fn f(x: (f64, f64)) -> (f64, f64) { let (a, b) = x; (a.max(b) * b, a.hypot(b)) }",
        "fn f(x: [f64; 3], k: usize) -> f64 { let j = (k + 1) % 3; x[j] * x[k % 3] - x[0] }",
    ]);
}

#[test]
fn loops() {
    check_module(&[
        "fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { s += x[i] * x[i]; } s.sqrt() }",
        "fn f(x: &[f64]) -> f64 { x.iter().map(|v| v.sin() * v).sum() }",
        "fn f(x: &[f64], y: &[f64]) -> f64 { let mut s = 1.0; for (a, b) in x.iter().zip(y) { s = s * a.cos() + b; } s }",
        "fn f(x: &[f64]) -> f64 { x.windows(2).map(|w| (w[1] - w[0].powi(2)).powi(2)).sum() }",
        "fn f(x: &[f64]) -> f64 { let mut y = x[0]; let mut n = 0; while n < 5 { y = 0.5 * (y + x[1] / (y * y + 1.0)); n += 1; } y }",
        "fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x { if *v < -0.5 { continue; } if s > 1.5 { break; } s += v * v; } s + x[0] }",
    ]);
}

#[test]
fn mutation() {
    check_module(&[
        "fn f(x: &mut [f64], a: f64) { for i in 0..x.len() { x[i] = a * x[i].sin(); } }",
        "fn f(x: &[f64]) -> Vec<f64> { let mut u = x.to_vec(); for _ in 0..3 { for i in 1..u.len() { u[i] += 0.5 * u[i - 1] * u[i]; } } u }",
        "fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for a in x { v.push(a * a); } let mut s = 0.0; for a in &v { s += a.sin(); } s }",
        "fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut b = vec![0.5; x.len()]; for _ in 0..3 { for i in 0..a.len() { b[i] = a[i] * a[i] - 0.25; } std::mem::swap(&mut a, &mut b); } a[0] + b[0] }",
        "fn f(m: &[Vec<f64>], a: f64) -> f64 { let mut s = a; for row in m { let r = &row[0..2]; s += r[0] * r[1] * s; } s }",
    ]);
}

#[test]
fn calls() {
    check_module(&[
        "fn g(x: &[f64], a: f64) -> f64 { let mut s = 0.0; for v in x { s += (a * v).sin(); } s }",
        "fn h(x: &mut [f64], a: f64) { for i in 0..x.len() { x[i] = x[i] * a; } }",
        "fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let y = g(&v[0..2], x[0]); h(&mut v, y); let z = g(&v, y); y * z }",
        "fn k(x: &mut [f64]) -> f64 { let a = g(x, 0.5); for i in 0..2 { h(&mut x[i..2], a); } g(x, a) }",
    ]);
}

/// What a run on no other input than three numbers says is wrong.
fn fault(text: &str) -> String {
    let function = lowered(text);
    let numbers = [0.5, 0.25, -1.5].map(Value::<f64>::real).to_vec();
    let args = vec![Value::List(super::interp::value::Kind::Vec, numbers)];
    let run = run_primal(&Library::default(), &function, args);
    run.err().unwrap_or_default()
}

#[test]
fn the_interpreter_refuses_what_rustc_would() {
    let moved = fault("fn f(v: Vec<f64>) -> f64 { let w = v; let u = v; w[0] + u[0] }");
    assert_eq!(moved, "`v` is used but Moved");
    let element = fault(
        "fn f(v: Vec<f64>) -> f64 { let m = vec![v]; let w = m; let i = 0; let r = m; r[i][0] + w[0][0] }",
    );
    assert_eq!(element, "`m` is used but Moved");
    let viewed = fault(
        "fn f(v: Vec<f64>) -> f64 { let mut u = v.clone(); let w = &u[0..2]; u[0] = 2.0; w[0] }",
    );
    assert_eq!(viewed, "the view `w` of `u`, written since");
    let constant = fault("fn f(v: Vec<f64>) -> f64 { let u = v.clone(); u[0] = 2.0; u[0] }");
    assert_eq!(constant, "`u` is written but not mutable");
    let bounds = fault("fn f(v: Vec<f64>) -> f64 { v[3] }");
    assert_eq!(bounds, "3..4 of `v`, which has length 3");
    let shared = fault("fn f(v: &[f64]) -> f64 { v[0] = 1.0; v[0] }");
    assert_eq!(shared, "`v` is written but not mutable");
    let endless =
        fault("fn f(v: Vec<f64>) -> f64 { let mut s = v[0]; while s > 0.0 { s += 1.0; } s }");
    assert_eq!(endless, super::interp::TOO_LONG);
}

#[test]
fn the_verifier_misses_what_is_deleted() {
    let function =
        lowered("fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { s += x[i]; } s }");
    assert_eq!(verify(&function), Vec::<String>::new());
    let mut problems = Vec::new();
    for k in 0..function.body.stmts.len() {
        let mut less = function.clone();
        less.body.stmts.remove(k);
        problems.push(verify(&less).first().cloned().unwrap_or_default());
    }
    assert_eq!(
        problems,
        [
            "`s` is not in scope",
            "`t1` is not in scope",
            "",
            "`t4` is not in scope"
        ]
    );
}

#[test]
fn duals_are_the_limit_of_differences() {
    let function = lowered(
        "fn f(x: &[f64]) -> f64 { let mut s = 0.5; for v in x { s = (s * v).tanh() + v.atan2(s * s + 1.0); } s.exp() }",
    );
    let at = [0.3, -0.8, 1.2];
    let along = [0.7, 0.2, -0.5];
    let list = |items: Vec<Value<Dual>>| Value::List(super::interp::value::Kind::Vec, items);
    let run = |step: f64| {
        let dual = |k: usize| Dual {
            value: at[k] + step * along[k],
            slope: along[k],
            scale: 1.0,
        };
        let args = vec![list((0..3).map(|k| Value::Real(dual(k))).collect())];
        let done = run_primal(&Library::default(), &function, args);
        done.and_then(|d| d.result.as_real()).unwrap_or(Dual {
            value: f64::NAN,
            slope: f64::NAN,
            scale: f64::NAN,
        })
    };
    let step = 1e-5;
    let difference = (run(step).value - run(-step).value) / (2.0 * step);
    let slope = run(0.0).slope;
    assert!((difference - slope).abs() < 1e-8, "{difference} {slope}");
}

#[test]
fn the_text_of_a_function() {
    let function = lowered(
        "fn f(x: &[f64], a: f64) -> f64 { let mut s = 0.0; for i in 0..x.len() { s += a * x[i]; } s.sin() }",
    );
    assert_eq!(function.params[0].mode, ParamMode::Ref);
    insta::assert_snapshot!(print(&function), @r"
    fn f(x: &[f64], a: f64)
        let mut s = 0.0
        let t1 = len *x
        for i in 0..t1 {
            let t3 = read x[i]
            let t4 = a * t3
            s += t4
        }
        let t5 = read s
        let t6 = rule sin(t5)
        result t6
    ");
}
