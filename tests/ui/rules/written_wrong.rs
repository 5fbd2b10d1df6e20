use autodiff_runtime::differentiate;

#[differentiate(partials(2.0 * x))]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate(partials = 2.0)]
fn twice(x: f64) -> f64 {
    2.0 * x
}

#[differentiate(partials(x = 1.0), jvp = same_jvp)]
fn same(x: f64) -> f64 {
    x
}

#[differentiate(partials(x = 1.0, x = 2.0))]
fn again(x: f64) -> f64 {
    x
}

fn main() {}
