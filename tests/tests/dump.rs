//! The option `dump`: what it writes is Rust that compiles by itself and computes the same.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use std::path::{Path, PathBuf};

#[differentiate(dump)]
fn dumped_helper(x: f64, rate: f64) -> f64 {
    let y = (rate * x).sin();
    y / (1.0 + x * x)
}

#[differentiate(dump, order = 2)]
fn dumped_branch(x: f64, value: f64) -> f64 {
    if x > value {
        return x.exp() * value;
    }
    let inputs = value.powi(3);
    inputs - x
}

/// All names that the compiler has too.
#[differentiate(dump, order = 2, batch, taylor)]
fn dumped_names(k: &[f64], pullback: f64, inputs: usize) -> Vec<f64> {
    let mut first = vec![pullback; inputs];
    for (i, cotangent) in k.iter().enumerate() {
        let value = cotangent.sin() * first[i % inputs];
        first[(i + 1) % inputs] = value + *cotangent;
    }
    first
}

#[differentiate(dump)]
fn dumped_loop(start: &[f64], rate: f64, n: usize) -> f64 {
    let mut state = start.to_vec();
    let mut sum = 0.0;
    for step in 0..n {
        for k in 1..state.len() {
            state[k] = dumped_helper(state[k - 1], rate) * state[k].cos();
        }
        if step % 2 == 0 {
            sum += state.iter().map(|v| v * v).sum::<f64>();
        }
    }
    sum
}

#[differentiate(dump)]
fn dumped_generic<T: Float, const N: usize>(x: &mut [T; N], scale: T) -> T {
    let mut result = T::zero();
    for v in x.iter_mut() {
        *v = *v * scale;
        result = result + v.tanh() * *v;
    }
    result
}

#[derive(Clone, Debug, Differentiable)]
struct Spring {
    stiffness: f64,
}

#[differentiate(dump, self)]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.stiffness * x * x
    }
}

/// What the program around the dumped code begins with.
const HEAD: &str = "
use autodiff_runtime::Differentiable;
use num_traits::Float;

#[derive(Clone, Debug, Differentiable)]
struct Spring {
    stiffness: f64,
}
";

const NAMES: [&str; 6] = [
    "dumped_helper",
    "dumped_branch",
    "dumped_names",
    "dumped_loop",
    "dumped_generic",
    "Spring",
];

/// Where the attribute writes.
fn dumped(name: &str) -> String {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = package.ancestors().map(|p| p.join("target"));
    let given = option_env!("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = given.or_else(|| beside.into_iter().find(|p| p.is_dir()));
    let folder = target.expect("a target directory").join("autodiff");
    let path = folder.join(format!("{name}.rs"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Calls of the derivatives, each with what it has to give.
fn checks() -> Vec<(&'static str, String)> {
    let start = [0.3, -0.8, 1.1];
    let mut changed = [0.3, -0.8];
    let (value, pullback) = dumped_generic::vjp(&mut changed, 1.5);
    let by_pullback = (value, pullback(1.0, [0.5, 0.25]));
    let spring = Spring { stiffness: 3.0 };
    let slope = spring.energy_grad(2.0);
    vec![
        (
            "dumped_helper::value_and_grad(0.4, 1.7)",
            format!("{:?}", dumped_helper::value_and_grad(0.4, 1.7)),
        ),
        (
            "dumped_branch::value_and_grad(0.4, 1.7)",
            format!("{:?}", dumped_branch::value_and_grad(0.4, 1.7)),
        ),
        (
            "dumped_branch::hvp(2.4, 1.7, 1.0, 0.5)",
            format!("{:?}", dumped_branch::hvp(2.4, 1.7, 1.0, 0.5)),
        ),
        (
            "dumped_names::hessian(&[0.3, -0.8], 1.7, 2)",
            format!("{:?}", dumped_names::hessian(&[0.3, -0.8], 1.7, 2)),
        ),
        (
            "dumped_names::jacobian(&[0.3, -0.8], 1.7, 2)",
            format!("{:?}", dumped_names::jacobian(&[0.3, -0.8], 1.7, 2)),
        ),
        (
            "dumped_names::taylor::<2>(&[0.3, -0.8], 1.7, 2, &[1.0, 0.5], -1.0)",
            format!(
                "{:?}",
                dumped_names::taylor::<2>(&[0.3, -0.8], 1.7, 2, &[1.0, 0.5], -1.0)
            ),
        ),
        (
            "dumped_loop::value_and_grad(&[0.3, -0.8, 1.1], 1.3, 5)",
            format!("{:?}", dumped_loop::value_and_grad(&start, 1.3, 5)),
        ),
        (
            "dumped_loop::jvp(&[0.3, -0.8, 1.1], 1.3, 5, &[1.0, 0.0, 2.0], 1.0)",
            format!(
                "{:?}",
                dumped_loop::jvp(&start, 1.3, 5, &[1.0, 0.0, 2.0], 1.0)
            ),
        ),
        (
            "{ let (value, pullback) = dumped_generic::vjp(&mut [0.3, -0.8], 1.5); (value, pullback(1.0, [0.5, 0.25])) }",
            format!("{by_pullback:?}"),
        ),
        (
            "{ let slope = Spring { stiffness: 3.0 }.energy_grad(2.0); (slope.0.stiffness, slope.1) }",
            format!("{:?}", (slope.0.stiffness, slope.1)),
        ),
    ]
}

#[test]
fn it_compiles_and_computes_the_same() {
    let code: String = NAMES.into_iter().map(dumped).collect();
    assert!(!code.contains("#[differentiate"), "the attribute is gone");
    let checks = checks();
    let checks = checks.iter().map(|(call, expected)| {
        format!("    assert_eq!(format!(\"{{:?}}\", {call}), {expected:?});\n")
    });
    let checks: String = checks.collect();
    let program = format!("{HEAD}\n{code}\nfn main() {{\n{checks}}}\n");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dumped.rs");
    std::fs::write(&path, program).expect("the file can be written");
    trybuild::TestCases::new().pass(path);
}

/// One statement a line, as a person writes it.
#[test]
fn it_can_be_read() {
    let code = dumped("dumped_helper");
    assert!(code.contains("    let y = (rate * x).sin();\n"), "{code}");
    let longest = code.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(160), "{longest:?}");
}
