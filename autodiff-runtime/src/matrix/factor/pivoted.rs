//! Factorisations with pivots of rows and columns: `P A Q = L U`, `A P = Q R`.
//!
//! The permutations do not change nearby, so the derivatives are those of the factorisation of a permuted matrix.

use super::lu::{Solver, inverse, inverse_tangent, pull_inverse, pull_inverse_twice, solves};
use super::qr::{Turning, is_used, pulled_turn, pulled_turn_twice, q_tr_muls, turn_tangent};
use super::triangles::{Triangles, triangles};
use crate::linalg::factor::subtract_owned_outer;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{Redim, view, view_mut};
use crate::linalg::{self, Field};
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::ops::Scale;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{
    DefaultAllocator, Dim, DimMin, DimMinimum, FullPivLU, Matrix, OMatrix, PermutationSequence,
    Storage,
};

/// `P A Q = L U`, and the matrix.
#[derive(Clone, Debug)]
pub struct FullPivLu<T: Number, D: DimMin<D, Output = D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    factors: FullPivLU<T, D, D>,
    matrix: OMatrix<T, D, D>,
}

impl<T: Number, D: DimMin<D, Output = D>> FullPivLu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// How the rows were exchanged.
    pub fn p(&self) -> &PermutationSequence<D> {
        self.factors.p()
    }

    /// How the columns were exchanged.
    pub fn q(&self) -> &PermutationSequence<D> {
        self.factors.q()
    }
}

/// `A P = Q R`, and the matrix.
#[derive(Clone, Debug)]
pub struct ColPivQr<T: Number, R: DimMin<C>, C: Dim>
where
    DefaultAllocator: Allocator<R, C> + Allocator<DimMinimum<R, C>>,
{
    factors: nalgebra::ColPivQR<T, R, C>,
    matrix: OMatrix<T, R, C>,
}

/// Their tangent is that of the matrix.
macro_rules! tangent_of_matrix {
    ($Factors:ident<T, $($D:ident),+>[$($generics:tt)*] $R:ident, $C:ident where [$($bounds:tt)*]) => {
        impl<$($generics)*> Differentiable for $Factors<T, $($D),+>
        where
            $($bounds)*
        {
            type Tangent = OMatrix<T, $R, $C>;
            type Slot = OMatrix<T, $R, $C>;
            fn zero_tangent(&self) -> OMatrix<T, $R, $C> {
                self.matrix.zero_tangent()
            }
            fn fits_tangent(&self, slot: &OMatrix<T, $R, $C>) -> bool {
                self.matrix.fits_tangent(slot)
            }
        }
    };
}

tangent_of_matrix! {
    FullPivLu<T, D>[T: Number, D: DimMin<D, Output = D>] D, D
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
}

tangent_of_matrix! {
    ColPivQr<T, R, C>[T: Number, R: DimMin<C>, C: Dim] R, C
    where [DefaultAllocator: Allocator<R, C> + Allocator<DimMinimum<R, C>>]
}

impl<T: Number, D: DimMin<D, Output = D>> Triangles<T, D> for FullPivLu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn lower(&self) -> OMatrix<T, D, D> {
        self.factors.l()
    }

    fn upper(&self) -> OMatrix<T, D, D> {
        self.factors.u()
    }

    fn permute(&self, a: &mut OMatrix<T, D, D>) {
        self.factors.p().permute_rows(a);
        self.factors.q().permute_columns(a);
    }

    fn permute_back(&self, a: &mut OMatrix<T, D, D>) {
        self.factors.p().inv_permute_rows(a);
        self.factors.q().inv_permute_columns(a);
    }
}

impl<T: Number, D: DimMin<D, Output = D>> Solver<T, D> for FullPivLu<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        let solution = self.factors.solve(b);
        solution.unwrap_or_else(|| b.map(|_| T::__ZERO))
    }

    fn transposed_solution<K: Dim>(&self, mut b: OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        if !self.factors.is_invertible() {
            return b.map(|_| T::__ZERO);
        }
        self.factors.q().permute_rows(&mut b);
        let lu = self.factors.lu_internal();
        lu.tr_solve_upper_triangular_unchecked_mut(&mut b);
        self.factors
            .l()
            .tr_solve_lower_triangular_unchecked_mut(&mut b);
        self.factors.p().inv_permute_rows(&mut b);
        b
    }
}

impl<T: Number, D: DimMin<D, Output = D>> Solver<T, D> for ColPivQr<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn solution<K: Dim>(&self, b: &OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        let mut x = b.clone();
        if self.factors.solve_mut(&mut x) {
            x
        } else {
            b.map(|_| T::__ZERO)
        }
    }

    /// `Q R^-T P B`
    fn transposed_solution<K: Dim>(&self, mut b: OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        self.factors.p().permute_rows(&mut b);
        let z = self.factors.r().tr_solve_upper_triangular(&b);
        z.map_or_else(|| b.map(|_| T::__ZERO), |z| self.factors.q() * z)
    }
}

method! {
    /// `P A Q = L U`
    full_piv_lu[T: Number, D: DimMin<D, Output = D>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> FullPivLu<T, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
    = {
        let matrix = a.clone_owned();
        (FullPivLu { factors: matrix.clone().full_piv_lu(), matrix }, ())
    };
    da => da.clone(); |seed, bar| *bar += seed;
    @ [a_bar a_dot] {}
}

/// `Q`, `R`, and the factorisation itself.
type Parts<T, R, C> = (
    OMatrix<T, R, DimMinimum<R, C>>,
    OMatrix<T, DimMinimum<R, C>, C>,
    ColPivQr<T, R, C>,
);

/// `A P` of `A`
fn permuted<T: Number, R: DimMin<C>, C: Dim>(
    factors: &nalgebra::ColPivQR<T, R, C>,
    a: &OMatrix<T, R, C>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<DimMinimum<R, C>>,
{
    let mut moved = a.clone();
    factors.p().permute_columns(&mut moved);
    moved
}

impl<T: Number, D: DimMin<D, Output = D>> Turning<T, D> for ColPivQr<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn turning(&self) -> [OMatrix<T, D, D>; 3] {
        let a = permuted(&self.factors, &self.matrix);
        [a, self.factors.q(), self.factors.r()]
    }

    fn permuted(&self, da: &OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        permuted(&self.factors, da)
    }

    fn permuted_back(&self, mut bar: OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        self.factors.p().inv_permute_columns(&mut bar);
        bar
    }
}

method! {
    /// `A P = Q R`
    col_piv_qr[T: Number + Field, R: DimMin<C>, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> Parts<T, R, C>, saved: Parts<T, R, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<DimMinimum<R, C>>
            + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>, C>
            + Allocator<DimMinimum<R, C>, R> + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>
    ]
    = {
        let matrix = a.clone_owned();
        let factors = matrix.clone().col_piv_qr();
        let saved = (factors.q(), factors.r(), ColPivQr { factors, matrix });
        (saved.clone(), saved)
    };
    da => {
        let (q, r, ColPivQr { factors, matrix }) = saved;
        let (dq, dr) = linalg::factor_tangents(&permuted(factors, matrix), q, r, &permuted(factors, da));
        (dq, dr, da.clone())
    };
    |seed, bar| {
        *bar += &seed.2;
        if is_used(&seed.0, &seed.1) {
            let (q, r, ColPivQr { factors, matrix }) = saved;
            let mut share = seed.2.map(|_| T::__ZERO);
            linalg::pull_factors(&permuted(factors, matrix), [q, &seed.0], [r, &seed.1], &mut share);
            factors.p().inv_permute_columns(&mut share);
            *bar += share;
        }
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| if is_used(&seed.0, &seed.1) {
            let (q, r, ColPivQr { factors, matrix }) = saved;
            let (kept, cotangent) = ((q.clone(), r.clone()).redim(), (seed.0.clone(), seed.1.clone()).redim());
            let (matrix, d, mut share) = (permuted(factors, matrix), permuted(factors, d), d.map(|_| T::__ZERO));
            <linalg::qr as SecondRule<T, 1>>::reverse_tangent(
                [view(&matrix)], (), &kept, [view(&d)], cotangent, [view_mut(&mut share)],
            );
            factors.p().inv_permute_columns(&mut share);
            *bar += share;
        };
    }
}

solves!(full_piv_lu_solve, FullPivLu<T, D>, |a, b| a.factors.solve(b));
solves!(col_piv_qr_solve, ColPivQr<T, D, D>, |a, b| a.factors.solve(&b.clone_owned()));
triangles!(full_piv_lu_l, full_piv_lu_u, FullPivLu<T, D>);
q_tr_muls!(col_piv_qr_q_tr_mul, ColPivQr<T, D, D>);

method! {
    /// `det A`
    full_piv_lu_determinant[T: Number + Field, D: DimMin<D, Output = D>](a da: &FullPivLu<T, D>) -> T, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>] = (a.factors.determinant(), ());
    da => linalg::cofactors(&a.matrix, None).dot(da);
    |seed, bar| bar.add_scaled(&linalg::cofactors(&a.matrix, None), seed);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| linalg::add_second_cofactors(&a.matrix, d, *seed, bar);
    }
}

/// The inverse of what was factored.
macro_rules! inverses {
    ($name:ident, $Factors:ty) => {
        method! {
            /// Is there an inverse, and which: `dY = -Y dA Y`.
            $name[T: Number, D: DimMin<D, Output = D>](a da: &$Factors) -> (bool, OMatrix<T, D, D>), saved: OMatrix<T, D, D>
            where [DefaultAllocator: Allocator<D, D> + Allocator<D>]
            = inverse(a.factors.try_inverse(), &a.matrix);
            da => ((), inverse_tangent(saved, da));
            |seed, bar| pull_inverse(&seed.1, saved, bar);
            @ [a_bar a_dot] {
                a_dot(da): |seed, d, bar| pull_inverse_twice(&seed.1, saved, d, bar);
            }
        }
    };
}

inverses!(full_piv_lu_try_inverse, FullPivLu<T, D>);
inverses!(col_piv_qr_try_inverse, ColPivQr<T, D, D>);
