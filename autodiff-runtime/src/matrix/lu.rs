//! LU factorisation: what `a.lu()` gives, and what is computed with it.
//!
//! The tangent of a factorisation is that of the matrix that was factored, so that one serves several solutions, and every derivative.

use super::Number;
use super::method::method;
use crate::linalg;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::constraint::{AreMultipliable, SameNumberOfRows, ShapeConstraint};
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
        let solved = self.factors.lu_internal().tr_solve_upper_triangular_mut(&mut z)
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
}

method! {
    /// Is there a solution `X` of `A X = B`, and which: `dX = A^-1 (dB - dA X)`; `B_bar = A^-T X_bar`, `A_bar = -B_bar X^T`.
    lu_solve[T: Number, D: DimMin<D, Output = D>, E: Dim, K: Dim, S: Storage<T, E, K>]
    (a da: &Lu<T, D>, b db: &Matrix<T, E, K, S>) -> (bool, OMatrix<T, E, K>), saved: OMatrix<T, E, K>
    where [
        ShapeConstraint: SameNumberOfRows<E, D> + SameNumberOfRows<D, E>,
        DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<E, K>
    ]
    = {
        let x = a.factors.solve(b);
        let solution = x.clone().unwrap_or_else(|| b.map(|_| T::__ZERO));
        ((x.is_some(), solution.clone()), solution)
    };
    da => ((), -a.solved(da * saved));
    |seed, bar| ();
    db => ((), db.clone());
    |seed, bar| ();
}
