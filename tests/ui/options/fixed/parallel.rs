use autodiff_runtime::differentiate;

#[differentiate]
fn recurrence(x: &[f64]) -> f64 {
    let mut state = 0.0;
    for v in x {
        state = 0.5 * state + v.sin();
    }
    state
}

#[differentiate]
fn straight(x: f64) -> f64 {
    x.sin()
}

#[differentiate(parallel)]
fn early(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for v in x {
        if *v <= 1.0 {
            total += v.sin();
        }
    }
    total
}

fn main() {
    assert_eq!(recurrence::grad(&[0.0]), [1.0]);
    assert_eq!(straight::grad(0.0), 1.0);
    assert_eq!(early::grad(&[0.0, 0.0]), [1.0, 1.0]);
}
