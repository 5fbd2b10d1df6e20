//! `expm` and `pow` of complex matrices: as those of real matrices `[[Re, -Im], [Im, Re]]`, and forward against reverse.

use crate::subject::random;
use autodiff_runtime::linalg::{self, expm, pow};
use nalgebra::{Complex, DMatrix};

type Matrix = DMatrix<Complex<f64>>;

fn complex(n: usize, seed: u64) -> Matrix {
    random(n, n, seed).zip_map(&random(n, n, seed + 1), Complex::new)
}

fn real_form(m: &Matrix) -> DMatrix<f64> {
    let n = m.nrows();
    DMatrix::from_fn(2 * n, 2 * n, |i, j| {
        let x = m[(i % n, j % n)];
        match (i < n, j < n) {
            (true, true) | (false, false) => x.re,
            (false, true) => x.im,
            (true, false) => -x.im,
        }
    })
}

fn near(a: &DMatrix<f64>, b: &DMatrix<f64>) -> bool {
    (a - b).norm() <= 1e-13 * b.norm()
}

#[test]
fn as_real_matrices() {
    for n in 1..=5 {
        let (a, e) = (complex(n, 3) * Complex::new(3.0, 0.0), complex(n, 5));
        let (value, tangent) = expm::jvp(&a, &e);
        let (expected, slope) = expm::jvp(&real_form(&a), &real_form(&e));
        assert!(near(&real_form(&value), &expected) && near(&real_form(&tangent), &slope));
        let (value, tangent) = pow::jvp(&a, 5, &e);
        let (expected, slope) = pow::jvp(&real_form(&a), 5, &real_form(&e));
        assert!(near(&real_form(&value), &expected) && near(&real_form(&tangent), &slope));
    }
}

/// `Re tr(W^H J E) = Re tr((J^H W)^H E)`
#[test]
fn reverse_is_the_adjoint_of_forward() {
    for n in 1..=5 {
        let (a, e, w) = (complex(n, 3), complex(n, 5), complex(n, 7));
        let forward = w.dotc(&expm::jvp(&a, &e).1).re;
        let reverse = expm::vjp(&a).1(w.clone()).dotc(&e).re;
        assert!((forward - reverse).abs() < 1e-13 * w.norm() * e.norm() * linalg::expm(&a).norm());
        let forward = w.dotc(&pow::jvp(&a, 6, &e).1).re;
        let reverse = pow::vjp(&a, 6).1(w.clone()).dotc(&e).re;
        assert!((forward - reverse).abs() < 1e-12 * w.norm() * e.norm() * a.norm().powi(5));
    }
}
