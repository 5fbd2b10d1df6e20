//! Triangular systems. Of the matrix only its triangle counts, and so its adjoint has entries nowhere else.
//!
//! `X = L^-1 B`: `dX = L^-1 (dB - dL X)`; `B_bar = L^-T X_bar`, `L_bar = -(B_bar X^T)` in the triangle.

use crate::matrix::Number;
use crate::matrix::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, Storage};

/// One of the two triangles.
macro_rules! triangular {
    ($name:ident, $triangle:ident, $transposed:ident) => {
        method! {
            /// Is there a solution, and which.
            $name[T: Number, D: Dim, K: Dim, S: Storage<T, D, D>, S2: Storage<T, D, K>]
            (a da: &Matrix<T, D, D, S>, b db: &Matrix<T, D, K, S2>) -> (bool, OMatrix<T, D, K>), saved: OMatrix<T, D, K>
            where [DefaultAllocator: Allocator<D, D> + Allocator<D, K> + Allocator<K, D>]
            = {
                let x = a.$name(b);
                let solution = x.clone().unwrap_or_else(|| b.map(|_| T::__ZERO));
                ((x.is_some(), solution.clone()), solution)
            };
            da => {
                let change = -(da.$triangle() * saved);
                ((), a.$name(&change).unwrap_or(change))
            };
            |seed, bar| if let Some(z) = a.$transposed(&seed.1) {
                *bar -= (z * saved.transpose()).$triangle();
            };
            db => ((), a.$name(db).unwrap_or_else(|| db.clone()));
            |seed, bar| if let Some(z) = a.$transposed(&seed.1) {
                *bar += z;
            };
            @ [a_bar a_dot, b_bar b_dot] {
                a_dot(da): |seed, d, bar| {
                    let d = d.$triangle();
                    let z = solved(a.$transposed(&seed.1), &seed.1);
                    let z_dot = solved(a.$transposed(&d.tr_mul(&z)), &z);
                    let x_dot = solved(a.$name(&(&d * saved)), saved);
                    *bar += (z_dot * saved.transpose() + z * x_dot.transpose()).$triangle();
                };
                a_dot(db): |seed, d, bar| {
                    let (z, x_dot) = (solved(a.$transposed(&seed.1), &seed.1), solved(a.$name(d), d));
                    *bar -= (z * x_dot.transpose()).$triangle();
                };
                b_dot(da): |seed, d, bar| {
                    let z = solved(a.$transposed(&seed.1), &seed.1);
                    *bar -= solved(a.$transposed(&d.$triangle().tr_mul(&z)), &z);
                };
            }
        }
    };
}

/// The solution; zeros in the shape of the right-hand side where there is none.
fn solved<T: Number, R: Dim, C: Dim>(
    x: Option<OMatrix<T, R, C>>,
    b: &OMatrix<T, R, C>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    x.unwrap_or_else(|| b.map(|_| T::__ZERO))
}

/// `X = L^-T B`: `dX = L^-T (dB - dL^T X)`; `B_bar = L^-1 X_bar`, `L_bar = -(X B_bar^T)` in the triangle.
macro_rules! transposed {
    ($name:ident, $triangle:ident, $plain:ident) => {
        method! {
            /// Is there a solution with the transpose, and which.
            $name[T: Number, D: Dim, K: Dim, S: Storage<T, D, D>, S2: Storage<T, D, K>]
            (a da: &Matrix<T, D, D, S>, b db: &Matrix<T, D, K, S2>) -> (bool, OMatrix<T, D, K>), saved: OMatrix<T, D, K>
            where [DefaultAllocator: Allocator<D, D> + Allocator<D, K> + Allocator<K, D>]
            = {
                let x = a.$name(b);
                let solution = x.clone().unwrap_or_else(|| b.map(|_| T::__ZERO));
                ((x.is_some(), solution.clone()), solution)
            };
            da => {
                let change = -da.$triangle().tr_mul(saved);
                ((), a.$name(&change).unwrap_or(change))
            };
            |seed, bar| if let Some(z) = a.$plain(&seed.1) {
                *bar -= (saved * z.transpose()).$triangle();
            };
            db => ((), a.$name(db).unwrap_or_else(|| db.clone()));
            |seed, bar| if let Some(z) = a.$plain(&seed.1) {
                *bar += z;
            };
        }
    };
}

transposed!(
    tr_solve_lower_triangular,
    lower_triangle,
    solve_lower_triangular
);
transposed!(
    tr_solve_upper_triangular,
    upper_triangle,
    solve_upper_triangular
);

triangular!(
    solve_lower_triangular,
    lower_triangle,
    tr_solve_lower_triangular
);
triangular!(
    solve_upper_triangular,
    upper_triangle,
    tr_solve_upper_triangular
);
