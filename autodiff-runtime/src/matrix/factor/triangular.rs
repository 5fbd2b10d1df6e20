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
        }
    };
}

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
