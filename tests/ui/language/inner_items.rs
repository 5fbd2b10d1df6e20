use autodiff_runtime::differentiate;

const K: f64 = 1.5;

#[differentiate]
fn constant(x: f64) -> f64 {
    let inner = {
        const K: f64 = 5.0;
        K * x
    };
    inner + K * x
}

#[differentiate]
fn imported(x: f64) -> f64 {
    if x > 0.0 {
        use std::f64::consts::*;
        return PI * x;
    }
    x
}

fn scaled(s: f64) -> impl Fn(f64) -> f64 {
    move |t| K * t * s
}

#[differentiate]
fn other_constant(x: f64) -> f64 {
    const K: f64 = 5.0;
    scaled(x)(x) * K
}

fn main() {}
