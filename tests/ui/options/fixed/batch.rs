use autodiff_runtime::batch::Lanes;
use autodiff_runtime::differentiate;

#[differentiate(batch)]
fn one_mode(x: f64) -> f64 {
    x * x
}

#[differentiate(batch, partials(x = x.signum()))]
fn stated(x: f64) -> f64 {
    x.abs()
}

struct Spring {
    rest: f64,
}

#[differentiate(batch)]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        (x - self.rest).powi(2)
    }
}

#[differentiate(batch)]
fn called(x: f64, #[constant] spring: &Spring) -> f64 {
    stated(x) * spring.energy(x)
}

#[differentiate(batch)]
fn matrix(m: &[[f64; 2]; 2]) -> f64 {
    m[0][0] * (m[0][0] * m[1][1] - m[0][1] * m[1][0])
}

#[differentiate(batch)]
fn certain(x: f64) -> f64 {
    x.ln()
}

fn main() {
    assert_eq!(certain::jvp_batch(2.0, Lanes([1.0])).1, Lanes([0.5]));
    assert_eq!(one_mode::jvp_batch(3.0, Lanes([1.0, 2.0])).1, Lanes([6.0, 12.0]));
    assert_eq!(called::jvp_batch(-3.0, &Spring { rest: 1.0 }, Lanes([1.0])).1, Lanes([-40.0]));
    assert_eq!(matrix::jacobian(&[[2.0, 0.0], [0.0, 5.0]]).as_slice(), [20.0, 0.0, 0.0, 4.0]);
}
