use autodiff_runtime::Differentiable;
use std::collections::HashMap;

#[derive(Differentiable)]
struct Model {
    weight: f64,
    #[constant]
    table: HashMap<String, f64>,
}

fn main() {
    let table = HashMap::new();
    let model = Model { weight: 1.0, table };
    assert!(model.table.is_empty());
    assert_eq!(model.zero_tangent().weight, 0.0 * model.weight);
}
