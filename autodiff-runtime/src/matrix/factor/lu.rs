//! LU factorisation: what `a.lu()` gives, and what is computed with it.
//!
//! The tangent of a factorisation is that of the matrix that was factored, so that one serves several solutions, and every derivative.

use crate::linalg::{self, Field};
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::ops::Scale;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, DimMin, Matrix, OMatrix, Storage};
use std::ops::Deref;

/// The factors, and the matrix.
#[derive(Clone, Debug)]
pub struct Lu<T: Number, D: DimMin<D, Output = D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    factors: nalgebra::LU<T, D, D>,
    matrix: OMatrix<T, D, D>,
}

impl<T: Number, D: DimMin<D, Output = D>> Deref for Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    type Target = nalgebra::LU<T, D, D>;
    fn deref(&self) -> &Self::Target {
        &self.factors
    }
}

impl<T: Number, D: DimMin<D, Output = D>> Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// `A^-1 B`; zeros where there is none.
    fn solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        self.factors
            .solve(b)
            .unwrap_or_else(|| b.map(|_| T::__ZERO))
    }

    /// `A^-T B`: `A^T = U^T L^T P`. Zeros where there is none.
    fn transposed_solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        let mut z = b.clone_owned();
        let solved = self
            .factors
            .lu_internal()
            .tr_solve_upper_triangular_mut(&mut z)
            && self.factors.l().tr_solve_lower_triangular_mut(&mut z);
        if !solved {
            return b.map(|_| T::__ZERO);
        }
        self.factors.p().inv_permute_rows(&mut z);
        z
    }
}

impl<T: Number, D: DimMin<D, Output = D>> Differentiable for Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    type Tangent = OMatrix<T, D, D>;
    type Slot = OMatrix<T, D, D>;
    fn zero_tangent(&self) -> OMatrix<T, D, D> {
        self.matrix.zero_tangent()
    }
    fn fits_tangent(&self, slot: &OMatrix<T, D, D>) -> bool {
        self.matrix.fits_tangent(slot)
    }
}

method! {
    /// `P A = L U`
    lu[T: Number, D: DimMin<D, Output = D>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> Lu<T, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
    = (Lu { factors: a.clone_owned().lu(), matrix: a.clone_owned() }, ());
    da => da.clone(); |seed, bar| *bar += seed;
    @ [a_bar a_dot] {}
}

method! {
    /// Is there a solution `X` of `A X = B`, and which: `dX = A^-1 (dB - dA X)`; `B_bar = A^-T X_bar`, `A_bar = -B_bar X^T`.
    lu_solve[T: Number, D: DimMin<D, Output = D>, K: Dim, S: Storage<T, D, K>]
    (a da: &Lu<T, D>, b db: &Matrix<T, D, K, S>) -> (bool, OMatrix<T, D, K>), saved: OMatrix<T, D, K>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<D, K> + Allocator<K, D>]
    = {
        let x = a.factors.solve(b);
        let solution = x.clone().unwrap_or_else(|| b.map(|_| T::__ZERO));
        ((x.is_some(), solution.clone()), solution)
    };
    da => ((), -a.solution(&(da * saved)));
    |seed, bar| bar.gemm(-T::__ONE, &a.transposed_solution(&seed.1), &saved.transpose(), T::__ONE);
    db => ((), a.solution(db));
    |seed, bar| *bar += a.transposed_solution(&seed.1);
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(da): |seed, d, bar| {
            let z = a.transposed_solution(&seed.1);
            let z_dot = a.transposed_solution(&d.tr_mul(&z));
            bar.gemm(T::__ONE, &z_dot, &saved.transpose(), T::__ONE);
            bar.gemm(T::__ONE, &z, &a.solution(&(d * saved)).transpose(), T::__ONE);
        };
        a_dot(db): |seed, d, bar| bar.gemm(-T::__ONE, &a.transposed_solution(&seed.1), &a.solution(d).transpose(), T::__ONE);
        b_dot(da): |seed, d, bar| *bar -= a.transposed_solution(&d.tr_mul(&a.transposed_solution(&seed.1)));
    }
}

method! {
    /// `det A`
    lu_determinant[T: Number + Field, D: DimMin<D, Output = D>](a da: &Lu<T, D>) -> T, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>] = (a.factors.determinant(), ());
    da => linalg::det::grad(&a.matrix).dot(da);
    |seed, bar| bar.add_scaled(&linalg::det::grad(&a.matrix), seed);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| linalg::add_second_cofactors(&a.matrix, d, *seed, bar);
    }
}

method! {
    /// Is there an inverse, and which.
    lu_try_inverse[T: Number, D: DimMin<D, Output = D>](a da: &Lu<T, D>) -> (bool, OMatrix<T, D, D>), saved: OMatrix<T, D, D>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
    = inverse(a.factors.try_inverse(), &a.matrix);
    da => ((), inverse_tangent(saved, da));
    |seed, bar| pull_inverse(&seed.1, saved, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| pull_inverse_twice(&seed.1, saved, d, bar);
    }
}

method! {
    /// Is there an inverse, and which.
    try_inverse[T: Number, D: Dim, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> (bool, OMatrix<T, D, D>), saved: OMatrix<T, D, D>
    where [DefaultAllocator: Allocator<D, D>]
    = inverse(a.clone_owned().try_inverse(), a);
    da => ((), inverse_tangent(saved, da));
    |seed, bar| pull_inverse(&seed.1, saved, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| pull_inverse_twice(&seed.1, saved, d, bar);
    }
}

method! {
    /// `det A`
    determinant[T: Number + Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> T, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>] = (a.determinant(), ());
    da => linalg::det::grad(a).dot(da);
    |seed, bar| bar.add_scaled(&linalg::det::grad(a), seed);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| linalg::add_second_cofactors(a, d, *seed, bar);
    }
}

pub(super) type Inverse<T, D> = ((bool, OMatrix<T, D, D>), OMatrix<T, D, D>);

pub(super) fn inverse<T: Number, D: Dim, S: Storage<T, D, D>>(
    inverse: Option<OMatrix<T, D, D>>,
    matrix: &Matrix<T, D, D, S>,
) -> Inverse<T, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let exists = inverse.is_some();
    let inverse = inverse.unwrap_or_else(|| matrix.map(|_| T::__ZERO));
    ((exists, inverse.clone()), inverse)
}

/// `dY = -Y dA Y`
pub(super) fn inverse_tangent<T: Number, D: Dim>(
    y: &OMatrix<T, D, D>,
    da: &OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    -(y * da * y)
}

/// `A_bar -= Y^T Y_bar Y^T`
pub(super) fn pull_inverse<T: Number, D: Dim>(
    y_bar: &OMatrix<T, D, D>,
    y: &OMatrix<T, D, D>,
    a_bar: &mut OMatrix<T, D, D>,
) where
    DefaultAllocator: Allocator<D, D>,
{
    let right = y_bar * y.transpose();
    a_bar.gemm_tr(-T::__ONE, y, &right, T::__ONE);
}

/// The tangent of `A_bar -= Y^T Y_bar Y^T` where `A` changes by `d`: `dY = -Y d Y`.
pub(super) fn pull_inverse_twice<T: Number, D: Dim>(
    y_bar: &OMatrix<T, D, D>,
    y: &OMatrix<T, D, D>,
    d: &OMatrix<T, D, D>,
    a_bar: &mut OMatrix<T, D, D>,
) where
    DefaultAllocator: Allocator<D, D>,
{
    let seed = y.tr_mul(&(y_bar * y.transpose()));
    *a_bar += (d * y).transpose() * &seed + &seed * (y * d).transpose();
}
