use autodiff_runtime::Differentiable;

#[derive(Differentiable)]
union Number {
    float: f64,
    bits: u64,
}

fn main() {}
