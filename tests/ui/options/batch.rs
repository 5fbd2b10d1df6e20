use autodiff_runtime::differentiate;
use autodiff_runtime::nalgebra::Matrix2;

#[differentiate(batch, reverse)]
fn one_mode(x: f64) -> f64 {
    x * x
}

fn slope(x: f64, dx: f64) -> (f64, f64) {
    (x.abs(), x.signum() * dx)
}

#[differentiate(batch, jvp = slope)]
fn stated(x: f64) -> f64 {
    x.abs()
}

struct Spring {
    rest: f64,
}

impl Spring {
    #[differentiate(batch)]
    fn energy(&self, x: f64) -> f64 {
        (x - self.rest).powi(2)
    }
}

#[differentiate(batch)]
fn called(x: f64, #[constant] spring: &Spring) -> f64 {
    x * spring.energy(x)
}

#[differentiate(batch)]
fn matrix(m: &Matrix2<f64>) -> f64 {
    m[(0, 0)] * m[(1, 1)]
}

#[differentiate(batch)]
fn perhaps(x: f64) -> Option<f64> {
    if x > 0.0 { Some(x.ln()) } else { None }
}

#[differentiate(batch)]
fn applied(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

fn main() {}
