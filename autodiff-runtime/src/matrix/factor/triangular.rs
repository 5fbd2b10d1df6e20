//! Triangular systems. Of the matrix only its triangle counts, and so its adjoint has entries nowhere else.
//!
//! `X = L^-1 B`: `dX = L^-1 (dB - dL X)`; `B_bar = L^-T X_bar`, `L_bar = -(B_bar X^T)` in the triangle; with `L^T` in the place of `L`,
//! `L_bar = -(X B_bar^T)`.

use crate::matrix::Number;
use crate::matrix::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, Storage};

/// `X = L^-1 B` or `X = L^-T B` by the method of nalgebra of this name: with which triangle, the method that solves with the transpose, and
/// the products with the triangle and of what it has the adjoint.
macro_rules! triangular {
    ($name:ident, $triangle:ident, $transposed:ident, $times:ident, $times_transpose:ident, $outer:ident) => {
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
                let change = -$times(&da.$triangle(), saved);
                ((), a.$name(&change).unwrap_or(change))
            };
            |seed, bar| if let Some(z) = a.$transposed(&seed.1) {
                *bar -= $outer(&z, saved).$triangle();
            };
            db => ((), a.$name(db).unwrap_or_else(|| db.clone()));
            |seed, bar| if let Some(z) = a.$transposed(&seed.1) {
                *bar += z;
            };
            @ [a_bar a_dot, b_bar b_dot] {
                a_dot(da): |seed, d, bar| {
                    let d = d.$triangle();
                    let z = solved(a.$transposed(&seed.1), &seed.1);
                    let z_dot = solved(a.$transposed(&$times_transpose(&d, &z)), &z);
                    let x_dot = solved(a.$name(&$times(&d, saved)), saved);
                    *bar += ($outer(&z_dot, saved) + $outer(&z, &x_dot)).$triangle();
                };
                a_dot(db): |seed, d, bar| {
                    let (z, x_dot) = (solved(a.$transposed(&seed.1), &seed.1), solved(a.$name(d), d));
                    *bar -= $outer(&z, &x_dot).$triangle();
                };
                b_dot(da): |seed, d, bar| {
                    let z = solved(a.$transposed(&seed.1), &seed.1);
                    *bar -= solved(a.$transposed(&$times_transpose(&d.$triangle(), &z)), &z);
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

/// `A X`
fn product<T: Number, D: Dim, K: Dim>(
    a: &OMatrix<T, D, D>,
    x: &OMatrix<T, D, K>,
) -> OMatrix<T, D, K>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D, K>,
{
    a * x
}

/// `A^T X`
fn transposed_product<T: Number, D: Dim, K: Dim>(
    a: &OMatrix<T, D, D>,
    x: &OMatrix<T, D, K>,
) -> OMatrix<T, D, K>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D, K>,
{
    a.tr_mul(x)
}

/// `Z X^T`
fn outer<T: Number, D: Dim, K: Dim>(z: &OMatrix<T, D, K>, x: &OMatrix<T, D, K>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D, K> + Allocator<K, D>,
{
    z * x.transpose()
}

/// `X Z^T`
fn transposed_outer<T: Number, D: Dim, K: Dim>(
    z: &OMatrix<T, D, K>,
    x: &OMatrix<T, D, K>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D, K> + Allocator<K, D>,
{
    outer(x, z)
}

/// The two methods of a triangle.
macro_rules! triangle {
    ($triangle:ident, $plain:ident, $transposed:ident) => {
        triangular!(
            $plain,
            $triangle,
            $transposed,
            product,
            transposed_product,
            outer
        );
        triangular!(
            $transposed,
            $triangle,
            $plain,
            transposed_product,
            product,
            transposed_outer
        );
    };
}

triangle!(
    lower_triangle,
    solve_lower_triangular,
    tr_solve_lower_triangular
);
triangle!(
    upper_triangle,
    solve_upper_triangular,
    tr_solve_upper_triangular
);
