use autodiff_runtime::differentiate;

#[differentiate]
struct Circle {
    radius: f64,
}

fn main() {}
