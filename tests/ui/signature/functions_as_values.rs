use autodiff_runtime::differentiate;

#[differentiate]
fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(f(x))
}

#[differentiate]
fn thrice<F>(f: F, x: f64) -> f64
where
    F: Fn(f64) -> f64,
{
    f(f(f(x)))
}

#[differentiate]
fn once(f: fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

fn main() {}
