use autodiff_runtime::differentiate;

#[differentiate(name = "other", crate = "autodiff", wrt = ("x", x.0))]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
