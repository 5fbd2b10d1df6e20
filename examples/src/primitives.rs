//! The primitives of matrix calculus, each as a function that gives a value and as its pullback: what their derivatives cost.
//!
//! Every primitive stands here as a function of `linalg` and as the method of nalgebra in an annotated function, of dynamic matrices
//! and of 4x4 ones.

use autodiff_runtime::{differentiate, linalg};
use nalgebra::{DMatrix, DVector, Matrix4, Vector4};
use std::hint::black_box;
use std::rc::Rc;

/// A primitive at one size.
pub struct Primitive {
    /// As it is called.
    pub name: &'static str,
    /// What value and pullback together may cost over the value.
    pub bound: f64,
    /// The value.
    pub value: Box<dyn Fn()>,
    /// The value and the pullback of a cotangent.
    pub derivative: Box<dyn Fn()>,
}

/// The sizes of the dynamic matrices.
pub const SIZES: [usize; 4] = [4, 16, 64, 256];

/// The methods of nalgebra in annotated functions of one pair of types.
macro_rules! methods {
    ($module:ident, $M:ty, $V:ty) => {
        mod $module {
            use super::*;

            #[differentiate]
            pub fn solve(a: &$M, b: &$V) -> $V {
                a.clone().lu().solve(b).unwrap()
            }

            #[differentiate]
            pub fn inverse(a: &$M) -> $M {
                a.clone().try_inverse().unwrap()
            }

            #[differentiate]
            pub fn determinant(a: &$M) -> f64 {
                a.determinant()
            }

            #[differentiate]
            pub fn cholesky(a: &$M) -> $M {
                a.clone().cholesky().unwrap().l()
            }

            #[differentiate]
            pub fn qr(a: &$M) -> ($M, $M) {
                let qr = a.clone().qr();
                (qr.q(), qr.r())
            }

            #[differentiate]
            pub fn svd(a: &$M) -> ($M, $V, $M) {
                let svd = a.clone().svd(true, true);
                (svd.u.unwrap(), svd.singular_values, svd.v_t.unwrap())
            }

            #[differentiate]
            pub fn symmetric_eigen(a: &$M) -> ($V, $M) {
                let eigen = a.clone().symmetric_eigen();
                (eigen.eigenvalues, eigen.eigenvectors)
            }

            #[differentiate]
            pub fn exp(a: &$M) -> $M {
                a.exp()
            }
        }
    };
}

methods!(dynamic, DMatrix<f64>, DVector<f64>);
methods!(fixed, Matrix4<f64>, Vector4<f64>);

/// The rows of one pair of types: name, bound, value, value with pullback. All share their inputs: making the rows is nearly free.
macro_rules! rows {
    ($methods:ident, $inputs:expr) => {{
        let inputs = Rc::new($inputs);
        rows! {
            @of Inputs { a, definite, symmetric, b } in inputs;
            "linalg::solve", 2.0, linalg::solve(a, b), linalg::solve::vjp(a, b).1(Some(b.clone()));
            "a.lu().solve(&b)", 2.0, $methods::solve(a, b), $methods::solve::vjp(a, b).1(b.clone());
            "linalg::inverse", 3.0, linalg::inverse(a), linalg::inverse::vjp(a).1(Some(a.clone()));
            "a.try_inverse()", 3.0, $methods::inverse(a), $methods::inverse::vjp(a).1(a.clone());
            "linalg::det", 3.0, linalg::det(a), linalg::det::vjp(a).1(1.0);
            "linalg::slogdet", 3.0, linalg::slogdet(a), linalg::slogdet::vjp(a).1((0.0, 1.0));
            "a.determinant()", 3.0, $methods::determinant(a), $methods::determinant::vjp(a).1(1.0);
            "linalg::cholesky", 3.0, linalg::cholesky(definite), linalg::cholesky::vjp(definite).1(Some(a.clone()));
            "a.cholesky()", 3.0, $methods::cholesky(definite), $methods::cholesky::vjp(definite).1(a.clone());
            "linalg::qr", 3.0, linalg::qr(a), linalg::qr::vjp(a).1((a.clone(), a.clone()));
            "a.qr()", 3.0, $methods::qr(a), $methods::qr::vjp(a).1((a.clone(), a.clone()));
            "linalg::svd", 2.0, linalg::svd(a), linalg::svd::vjp(a).1((a.clone(), b.clone(), a.clone()));
            "a.svd(true, true)", 2.0, $methods::svd(a), $methods::svd::vjp(a).1((a.clone(), b.clone(), a.clone()));
            "linalg::symmetric_eigen", 2.0, linalg::symmetric_eigen(symmetric), linalg::symmetric_eigen::vjp(symmetric).1((b.clone(), a.clone()));
            "a.symmetric_eigen()", 2.0, $methods::symmetric_eigen(symmetric), $methods::symmetric_eigen::vjp(symmetric).1((b.clone(), a.clone()));
            "linalg::expm", 3.0, linalg::expm(a), linalg::expm::vjp(a).1(a.clone());
            "a.exp()", 3.0, $methods::exp(a), $methods::exp::vjp(a).1(a.clone());
        }
    }};
    (@of $fields:pat in $inputs:ident; $($name:literal, $bound:literal, $value:expr, $derivative:expr;)+) => {
        vec![$(Primitive {
            name: $name,
            bound: $bound,
            value: rows!(@work $fields in $inputs, $value),
            derivative: rows!(@work $fields in $inputs, $derivative),
        }),+]
    };
    (@work $fields:pat in $inputs:ident, $work:expr) => {{
        let inputs = $inputs.clone();
        Box::new(move || {
            #[allow(unused_variables)]
            let $fields = &*inputs;
            black_box($work);
        })
    }};
}

/// What all are measured on.
struct Inputs<M, V> {
    a: M,
    definite: M,
    symmetric: M,
    b: V,
}

/// Near the identity, so that no determinant leaves the range of numbers.
fn inputs(n: usize) -> Inputs<DMatrix<f64>, DVector<f64>> {
    let noise = |i: usize, j: usize| ((7 * i * i + 13 * j + 5 * i * j) as f64).sin() / n as f64;
    let a = DMatrix::from_fn(n, n, noise) + DMatrix::identity(n, n);
    Inputs {
        definite: &a * a.transpose(),
        symmetric: &a + a.transpose(),
        b: a.column(0).into_owned(),
        a,
    }
}

/// The primitives of dynamic matrices of `n` rows.
pub fn of_size(n: usize) -> Vec<Primitive> {
    rows!(dynamic, inputs(n))
}

/// The primitives of `Matrix4`.
pub fn of_matrix4() -> Vec<Primitive> {
    let Inputs {
        a,
        definite,
        symmetric,
        b,
    } = inputs(4);
    let fixed = |m: DMatrix<f64>| Matrix4::from_iterator(m.iter().copied());
    rows!(
        fixed,
        Inputs {
            a: fixed(a),
            definite: fixed(definite),
            symmetric: fixed(symmetric),
            b: Vector4::from_iterator(b.iter().copied()),
        }
    )
}
