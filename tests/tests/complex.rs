//! Complex numbers: operators, members, in loops and lists; gradients by the parts.
#![allow(clippy::needless_range_loop, clippy::assign_op_pattern)] // as code from elsewhere has it

use autodiff_runtime::differentiate;
use nalgebra::Complex;

type Complex64 = Complex<f64>;

#[differentiate]
fn holomorphic(z: Complex<f64>, c: Complex<f64>) -> f64 {
    let u = (z * z + c).exp();
    z.exp().re * u.powi(3).norm().ln() + c.im
}

#[differentiate]
fn escape(x: f64, y: f64) -> f64 {
    let c = Complex::new(x, y);
    let mut z = Complex::new(0.0, 0.0);
    for _ in 0..5 {
        z = z * z + c;
    }
    z.norm_sqr()
}

/// A resistor in series with a resonator.
#[differentiate]
fn transfer(r: f64, l: f64, c: f64, w: f64) -> f64 {
    let resistor = Complex64::new(r, 0.0);
    let coil = Complex64::new(0.0, w * l);
    let capacitor = Complex64::new(0.0, -1.0 / (w * c));
    let all = resistor + 1.0 / (1.0 / coil + 1.0 / capacitor);
    let h = resistor / all;
    h.norm() + h.arg()
}

#[differentiate]
fn members(x: f64, y: f64) -> f64 {
    let z = Complex::new(x, y);
    let mut s = Complex::new(0.0, 0.0);
    s += z.sqrt() * 2.0 + z.ln() - z.sin() * z.cos() / z.tan();
    s -= z.sinh() + z.cosh() * z.tanh() + z.inv();
    s = s
        + z.powf(1.5)
        + z.powf(x)
        + z.powc(Complex::new(0.5, x))
        + z.conj()
        + z.powi(-2)
        + z.powu(3);
    s = s + z.asin() + z.acos() + z.atan() + z.asinh() + z.acosh() + z.atanh() - z;
    s = s + z.scale(x) + z.unscale(y) + 3.0 - s * x + y / z - (2.0 - z) + x * z - z / y;
    let (r, angle) = z.to_polar();
    let p = Complex::from_polar(r * 2.0, angle + 0.1);
    s.re * p.im + s.im * p.re + (-z).norm() + z.arg()
}

/// `abs` is a method by a trait of nalgebra's.
mod by_trait {
    use autodiff_runtime::differentiate;
    use nalgebra::{Complex, ComplexField};

    #[differentiate]
    pub fn modulus(x: f64, y: f64) -> f64 {
        let z = Complex::new(x, y);
        z.abs() * x
    }
}

#[differentiate]
fn spectrum(x: &[f64]) -> f64 {
    let n = x.len();
    let mut out = vec![Complex::new(0.0, 0.0); n];
    for k in 0..n {
        for j in 0..n {
            let angle = -2.0 * std::f64::consts::PI * (k * j) as f64 / n as f64;
            out[k] = out[k] + Complex::new(0.0, angle).exp() * x[j];
        }
    }
    out.iter().map(|z| z.norm_sqr() * z.re).sum::<f64>()
}

#[differentiate]
fn polynomial(roots: &[Complex<f64>], z: Complex<f64>) -> Complex<f64> {
    let one = Complex::new(1.0, 0.0);
    roots.iter().fold(one, |p, r| p * (z - r))
}

tests::checks! {
    functions: |x| holomorphic(Complex { re: x[0], im: x[1] }, Complex::new(0.5, x[2])), [-0.3, 0.2, 0.7];
    iterated: |x| escape(x[0], x[1]), [0.3, 0.4];
    circuits: |x| transfer(x[0], x[1], 0.7, x[2]), [0.3, 0.4, 1.1];
    modulus_by_a_trait: |x| by_trait::modulus(x[0], x[1]), [0.6, 0.7], [-0.4, 0.3];
    all_members: |x| members(x[0], x[1]), [0.6, 0.7], [-0.4, 0.3];
    lists: |x| spectrum(x), [1.0, 2.0, 0.5];
    results: |x| polynomial(&[Complex::new(x[0], 2.0), Complex::new(0.0, x[1])], Complex::new(0.5, x[2])).norm_sqr(), [1.0, 0.5, 0.3];
}

/// The gradient of a real value holds the derivatives by the parts; the pullback of a holomorphic function is `conj(f') w`.
#[test]
fn conventions() {
    let (z, w) = (Complex::new(0.5, 0.5), Complex::new(2.0, -1.0));
    let roots = [Complex::new(1.0, 2.0), Complex::new(0.0, 1.0)];
    let (_, pullback) = polynomial::vjp(&roots, z);
    let slope = 2.0 * z - roots[0] - roots[1];
    assert!((pullback(w).1 - slope.conj() * w).norm() < 1e-15);
    let zero = [Complex::new(0.0, 0.0); 2];
    let (_, along) = polynomial::jvp(&roots, z, &zero, w);
    assert!((along - slope * w).norm() < 1e-15);
}
