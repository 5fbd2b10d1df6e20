use autodiff_runtime::differentiate;

#[differentiate(jvp = first_jvp, vjp = first_vjp)]
fn first(x: &[f64]) -> f64 {
    x[0]
}

fn first_jvp(x: &[f64], dx: &[f64]) -> (f64, f64) {
    (x[0], dx[0])
}

fn first_vjp(x: &[f64]) -> (f64, impl FnOnce(f64) -> Vec<f64> + use<>) {
    let n = x.len();
    (x[0], move |seed| {
        let mut gradient = vec![0.0; n];
        gradient[0] = seed;
        gradient
    })
}

fn main() {
    assert_eq!(first::grad(&[1.0, 2.0]), vec![1.0, 0.0]);
}
