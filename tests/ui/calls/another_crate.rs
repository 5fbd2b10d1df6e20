use autodiff_runtime::differentiate;
use rand::distr::Bernoulli;
use tests::dual;

// This crate depends on the runtime: it may have derivatives.
#[differentiate]
fn lifted(x: f64) -> f64 {
    dual::c(x).v
}

// This one cannot have any.
#[differentiate]
fn chance(x: f64) -> f64 {
    Bernoulli::new(x).unwrap().p()
}

fn main() {}
