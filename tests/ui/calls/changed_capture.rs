use autodiff_runtime::differentiate;

#[differentiate]
fn sum<F: FnMut(f64) -> f64>(mut f: F, x: f64) -> f64 {
    f(x) + f(2.0 * x)
}

#[differentiate]
fn counted(x: f64) -> f64 {
    let mut last = 0.0;
    sum(
        |t| {
            last = t;
            t * t
        },
        x,
    ) + last
}

fn main() {}
