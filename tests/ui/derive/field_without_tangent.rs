use autodiff_runtime::Differentiable;
use std::collections::HashMap;

#[derive(Differentiable)]
struct Model {
    weight: f64,
    table: HashMap<String, f64>,
}

fn main() {}
