//! LU factorisation: what `a.lu()` gives, and what is computed with it.
//!
//! The tangent of a factorisation is that of the matrix that was factored, so that one serves several solutions, and every derivative.

use super::triangles::{Triangles, triangles};
use crate::linalg::factor::{add_tr_product, is_singular, solve_adjoint, subtract_owned_outer};
use crate::linalg::{self, Field};
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::ops::Scale;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, DimMin, Matrix, OMatrix, Storage};

/// The factors.
type Lu<T, D> = nalgebra::LU<T, D, D>;

/// The matrix again.
fn matrix<T: Number, D: DimMin<D, Output = D>>(lu: &Lu<T, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let mut product = lu.l() * lu.u();
    lu.p().inv_permute_rows(&mut product);
    product
}

impl<T: Number, D: DimMin<D, Output = D>> Differentiable for Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    type Tangent = OMatrix<T, D, D>;
    type Slot = OMatrix<T, D, D>;
    fn zero_tangent(&self) -> OMatrix<T, D, D> {
        self.lu_internal().zero_tangent()
    }
    fn fits_tangent(&self, slot: &OMatrix<T, D, D>) -> bool {
        self.lu_internal().fits_tangent(slot)
    }
}

/// A factorisation that solves systems with the matrix and its transpose: zeros where there is no solution.
pub(super) trait Solver<T: Number, D: Dim> {
    /// `A^-1 B`
    fn solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>;

    /// `A^-T B`
    fn transposed_solution<K: Dim>(&self, b: OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>;
}

impl<T: Number, D: DimMin<D, Output = D>> Solver<T, D> for Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        self.solve(b).unwrap_or_else(|| b.map(|_| T::__ZERO))
    }

    #[inline]
    fn transposed_solution<K: Dim>(&self, mut b: OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        if is_singular(self) {
            b.fill(T::__ZERO);
        } else {
            solve_adjoint(self, &mut b);
        }
        b
    }
}

method! {
    /// `P A = L U`
    lu[T: Number, D: DimMin<D, Output = D>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> Lu<T, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
    = (a.clone_owned().lu(), ());
    @unread(a)
    da => da.clone(); |seed, bar| *bar += seed;
    @ [a_bar a_dot] {}
}

/// `X = A^-1 B` with a factorisation of `A`: `dX = A^-1 (dB - dA X)`; `B_bar = A^-T X_bar`, `A_bar = -B_bar X^T`.
macro_rules! solves {
    ($name:ident, $Factors:ty, |$f:ident, $b:ident| $solve:expr) => {
        method! {
            /// Is there a solution `X` of `A X = B`, and which.
            $name[T: Number, D: DimMin<D, Output = D>, K: Dim, S: Storage<T, D, K>]
            (a da: &$Factors, b db: &Matrix<T, D, K, S>) -> (bool, OMatrix<T, D, K>), saved: OMatrix<T, D, K>
            where [DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<D, K> + Allocator<K, D>]
            = {
                let ($f, $b) = (a, b);
                let x = $solve;
                let exists = x.is_some();
                let solution = x.unwrap_or_else(|| b.map(|_| T::__ZERO));
                ((exists, solution.clone()), solution)
            };
            @unread(b)
            [seed: a.transposed_solution(seed.1)]
            da => ((), -a.solution(&(da * saved)));
            |z, bar| subtract_owned_outer(bar, z, saved);
            db => ((), a.solution(db));
            |z, bar| *bar += z;
            @ [a_bar a_dot, b_bar b_dot] {
                a_dot(da): |z, d, bar| {
                    let z_dot = a.transposed_solution(-d.tr_mul(z));
                    subtract_owned_outer(bar, &z_dot, saved);
                    subtract_owned_outer(bar, z, &-a.solution(&(d * saved)));
                };
                a_dot(db): |z, d, bar| subtract_owned_outer(bar, z, &a.solution(d));
                b_dot(da): |z, d, bar| *bar -= a.transposed_solution(d.tr_mul(z));
            }
        }
    };
}

pub(super) use solves;

solves!(lu_solve, Lu<T, D>, |a, b| a.solve(b));
triangles!(lu_l, lu_u, Lu<T, D>);

impl<T: Number, D: DimMin<D, Output = D>> Triangles<T, D> for Lu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn lower(&self) -> OMatrix<T, D, D> {
        self.l()
    }

    fn upper(&self) -> OMatrix<T, D, D> {
        self.u()
    }

    fn permute(&self, a: &mut OMatrix<T, D, D>) {
        self.p().permute_rows(a);
    }

    fn permute_back(&self, a: &mut OMatrix<T, D, D>) {
        self.p().inv_permute_rows(a);
    }
}

method! {
    /// `det A`
    lu_determinant[T: Number + Field, D: DimMin<D, Output = D>](a da: &Lu<T, D>) -> T, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>] = (a.determinant(), ());
    da => linalg::cofactors(&matrix(a), Some(a)).dot(da);
    |seed, bar| bar.add_scaled(&linalg::cofactors(&matrix(a), Some(a)), seed);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| linalg::add_second_cofactors(&matrix(a), d, *seed, bar);
    }
}

method! {
    /// Is there an inverse, and which.
    lu_try_inverse[T: Number, D: DimMin<D, Output = D>](a da: &Lu<T, D>) -> (bool, OMatrix<T, D, D>), saved: OMatrix<T, D, D>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
    = inverse(a.try_inverse(), a.lu_internal());
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
    @unread(a)
    da => ((), inverse_tangent(saved, da));
    |seed, bar| pull_inverse(&seed.1, saved, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| pull_inverse_twice(&seed.1, saved, d, bar);
    }
}

method! {
    /// `det A`; what is factored for the value serves the derivative.
    determinant[T: Number + Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> T, lu: Option<nalgebra::LU<T, D, D>>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
    = {
        // Smaller ones have cofactors in closed form.
        let lu = (a.nrows() > 4).then(|| a.clone_owned().lu());
        (lu.as_ref().map_or_else(|| a.determinant(), |lu| lu.determinant()), lu)
    };
    da => linalg::cofactors(a, lu.as_ref()).dot(da);
    |seed, bar| bar.add_scaled(&linalg::cofactors(a, lu.as_ref()), seed);
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
    if y.nrows() <= FEW {
        return pull_small_inverse(y_bar, y, a_bar);
    }
    let right = y_bar * y.transpose();
    add_tr_product(a_bar, -T::__ONE, y, &right);
}

/// Rows and columns of which a column fits into a few registers.
const FEW: usize = 4;

/// The same, column by column: `Y^T (Y_bar y_j)` with the rows `y_j` of `Y`.
#[inline]
fn pull_small_inverse<T: Number, D: Dim>(
    y_bar: &OMatrix<T, D, D>,
    y: &OMatrix<T, D, D>,
    a_bar: &mut OMatrix<T, D, D>,
) where
    DefaultAllocator: Allocator<D, D>,
{
    let n = y.nrows().max(1);
    let (y, y_bar) = (y.as_slice(), y_bar.as_slice());
    for (j, column) in a_bar.as_mut_slice().chunks_exact_mut(n).enumerate() {
        let mut moved = [T::__ZERO; FEW];
        let factors = y[j..].iter().step_by(n);
        for (factor, bars) in factors.zip(y_bar.chunks_exact(n)) {
            let sums = moved.iter_mut().zip(bars);
            sums.for_each(|(sum, bar)| *sum += *bar * *factor);
        }
        for (bar, y) in column.iter_mut().zip(y.chunks_exact(n)) {
            let products = y.iter().zip(&moved).map(|(y, m)| *y * *m);
            *bar -= products.fold(T::__ZERO, |sum, product| sum + product);
        }
    }
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
