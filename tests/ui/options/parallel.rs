//! `parallel` where no loop can run in parallel: each iteration needs the one before, there is no loop, or it may end early.

use autodiff_runtime::differentiate;

#[differentiate(parallel)]
fn recurrence(x: &[f64]) -> f64 {
    let mut state = 0.0;
    for v in x {
        state = 0.5 * state + v.sin();
    }
    state
}

#[differentiate(parallel)]
fn straight(x: f64) -> f64 {
    x.sin()
}

#[differentiate(parallel)]
fn early(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for v in x {
        if *v > 1.0 {
            break;
        }
        total += v.sin();
    }
    total
}

fn main() {}
