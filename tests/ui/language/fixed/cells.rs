use autodiff_runtime::differentiate;

#[differentiate]
fn running(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for a in x {
        sum += a * a;
    }
    sum
}

#[differentiate]
fn counted(x: f64, calls: &mut usize) -> f64 {
    *calls += 1;
    x * x
}

#[differentiate]
fn logged(x: f64, log: &mut Vec<f64>) -> f64 {
    log.push(x);
    x * x
}

fn main() {
    assert_eq!(running::grad(&[1.0, 2.0]), [2.0, 4.0]);
    assert_eq!(counted::grad(3.0, &mut 0), 6.0);
    assert_eq!(logged::jvp(3.0, &mut vec![], 1.0, &mut vec![]), (9.0, 6.0));
}
