use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Copy, Differentiable)]
struct Vector {
    x: f64,
    y: f64,
}

#[differentiate]
impl Vector {
    fn len(&self) -> f64 {
        self.x.hypot(self.y)
    }

    fn round(self) -> f64 {
        self.x * self.y
    }

    fn max(self, at_least: i32) -> f64 {
        self.x * f64::from(at_least)
    }
}

#[differentiate]
fn polar(r: f64, t: f64) -> Vector {
    Vector { x: r * t.cos(), y: r * t.sin() }
}

#[differentiate]
fn called(r: f64, t: f64) -> f64 {
    r + polar(r, t).len()
}

#[differentiate]
fn in_a_list(r: f64, t: f64) -> f64 {
    let both = [polar(r, t), polar(t, r)];
    r + both.iter().map(|v| v.len()).sum::<f64>()
}

#[differentiate]
fn rounded(r: f64, t: f64) -> f64 {
    let (v, k) = (polar(r, t), 2.0);
    r + v.round() * k
}

#[differentiate]
fn at_least(r: f64, t: f64) -> f64 {
    let v = polar(r, t);
    r + v.max(2)
}

mod own {
    #[autodiff_runtime::differentiate]
    pub fn stop_gradient(x: f64) -> f64 {
        x * x
    }
}

#[differentiate]
fn stopped(x: f64, y: f64) -> f64 {
    own::stop_gradient(x) + y
}

fn main() {}
