//! QR factorisation: what `a.qr()` gives, and what is computed with it.

use super::lu::{inverse, inverse_tangent, pull_inverse, pull_inverse_twice};
use crate::linalg::rule::Rule;
use crate::linalg::shape::{Redim, view, view_mut};
use crate::linalg::{self, Field};
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{DMatrix, DefaultAllocator, Dim, DimMin, DimMinimum, Matrix, OMatrix, Storage};

/// The factors, and the matrix.
#[derive(Clone, Debug)]
pub struct Qr<T: Number, R: DimMin<C>, C: Dim>
where
    DefaultAllocator: Allocator<R, C> + Allocator<DimMinimum<R, C>>,
{
    factors: nalgebra::QR<T, R, C>,
    matrix: OMatrix<T, R, C>,
}

impl<T: Number, R: DimMin<C>, C: Dim> Differentiable for Qr<T, R, C>
where
    DefaultAllocator: Allocator<R, C> + Allocator<DimMinimum<R, C>>,
{
    type Tangent = OMatrix<T, R, C>;
    type Slot = OMatrix<T, R, C>;
    fn zero_tangent(&self) -> OMatrix<T, R, C> {
        self.matrix.zero_tangent()
    }
    fn fits_tangent(&self, slot: &OMatrix<T, R, C>) -> bool {
        self.matrix.fits_tangent(slot)
    }
}

/// `Q`, `R`, and the factorisation itself.
type Parts<T, R, C> = (
    OMatrix<T, R, DimMinimum<R, C>>,
    OMatrix<T, DimMinimum<R, C>, C>,
    Qr<T, R, C>,
);

method! {
    /// `A = Q R`
    qr[T: Number + Field, R: DimMin<C>, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> Parts<T, R, C>, saved: (DMatrix<T>, DMatrix<T>)
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<DimMinimum<R, C>>
            + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>, C>
    ]
    = {
        let factors = a.clone_owned().qr();
        let (q, r) = (factors.q(), factors.r());
        let saved: (DMatrix<T>, DMatrix<T>) = (q.clone().redim(), r.clone().redim());
        ((q, r, Qr { factors, matrix: a.clone_owned() }), saved)
    };
    da => {
        let (dq, dr) = <linalg::qr as Rule<T, 1>>::tangent([view(a)], saved, [view(da)]);
        (dq.redim(), dr.redim(), da.clone())
    };
    |seed, bar| {
        *bar += &seed.2;
        if seed.0.iter().chain(seed.1.iter()).any(|g| *g != T::__ZERO) {
            let cotangent: (DMatrix<T>, DMatrix<T>) = (seed.0.clone().redim(), seed.1.clone().redim());
            <linalg::qr as Rule<T, 1>>::reverse([view(a)], saved.clone(), cotangent, [view_mut(bar)]);
        }
    };
}

impl<T: Number, D: DimMin<D, Output = D>> Qr<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// `A^-1 B`; zeros where there is none.
    fn solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        let solution = self.factors.solve(b);
        solution.unwrap_or_else(|| b.map(|_| T::__ZERO))
    }

    /// `A^-T B = Q R^-T B`; zeros where there is none.
    fn transposed_solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        let z = self.factors.r().tr_solve_upper_triangular(b);
        z.map_or_else(|| b.map(|_| T::__ZERO), |z| self.factors.q() * z)
    }
}

method! {
    /// Is there a solution `X` of `A X = B`, and which: `dX = A^-1 (dB - dA X)`; `B_bar = A^-T X_bar`, `A_bar = -B_bar X^T`.
    qr_solve[T: Number, D: DimMin<D, Output = D>, K: Dim, S: Storage<T, D, K>]
    (a da: &Qr<T, D, D>, b db: &Matrix<T, D, K, S>) -> (bool, OMatrix<T, D, K>), saved: OMatrix<T, D, K>
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
}

method! {
    /// Is there an inverse, and which: `dY = -Y dA Y`.
    qr_try_inverse[T: Number, D: DimMin<D, Output = D>](a da: &Qr<T, D, D>) -> (bool, OMatrix<T, D, D>), saved: OMatrix<T, D, D>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
    = inverse(a.factors.try_inverse(), &a.matrix);
    da => ((), inverse_tangent(saved, da));
    |seed, bar| pull_inverse(&seed.1, saved, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| pull_inverse_twice(&seed.1, saved, d, bar);
    }
}
