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

#[differentiate(batch)]
trait Potential {
    fn energy(&self, x: f64) -> f64;
}

#[differentiate(batch)]
fn matrix(m: &Matrix2<f64>) -> f64 {
    m[(0, 0)] * m.determinant()
}

#[differentiate(batch)]
fn applied(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

fn main() {}
