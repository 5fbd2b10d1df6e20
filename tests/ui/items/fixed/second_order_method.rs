use autodiff_runtime::differentiate;

struct Well {
    depth: f64,
}

#[differentiate(order = 2, wrt = x)]
fn energy(depth: f64, x: f64) -> f64 {
    depth * (x * x - 1.0).powi(2)
}

fn main() {
    let well = Well { depth: 0.5 };
    assert_eq!(energy::hessian(well.depth, 1.0)[(0, 0)], 4.0);
}
