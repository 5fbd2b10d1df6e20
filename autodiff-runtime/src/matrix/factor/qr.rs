//! QR factorisation: what `a.qr()` gives, and what is computed with it.

use super::lu::{Solver, inverse, inverse_tangent, pull_inverse, pull_inverse_twice, solves};
use crate::linalg::factor::subtract_owned_outer;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{Redim, view, view_mut};
use crate::linalg::{self, Field};
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, DimMin, DimMinimum, Matrix, OMatrix, Storage};

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

/// Does anything depend on the factors themselves?
pub(super) fn is_used<T: Number, Q: Dim, R: Dim, C: Dim>(
    seed_q: &OMatrix<T, Q, R>,
    seed_r: &OMatrix<T, R, C>,
) -> bool
where
    DefaultAllocator: Allocator<Q, R> + Allocator<R, C>,
{
    seed_q.iter().chain(seed_r.iter()).any(|g| *g != T::__ZERO)
}

/// `Q`, `R`, and the factorisation itself.
type Parts<T, R, C> = (
    OMatrix<T, R, DimMinimum<R, C>>,
    OMatrix<T, DimMinimum<R, C>, C>,
    Qr<T, R, C>,
);

/// The factors that the derivatives read.
type Factors<T, R, C> = (
    OMatrix<T, R, DimMinimum<R, C>>,
    OMatrix<T, DimMinimum<R, C>, C>,
);

method! {
    /// `A = Q R`
    qr[T: Number + Field, R: DimMin<C>, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> Parts<T, R, C>, saved: Factors<T, R, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<DimMinimum<R, C>>
            + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>, C>
            + Allocator<DimMinimum<R, C>, R> + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>
    ]
    = {
        let factors = a.clone_owned().qr();
        let saved = (factors.q(), factors.r());
        let (q, r) = saved.clone();
        ((q, r, Qr { factors, matrix: a.clone_owned() }), saved)
    };
    da => {
        let (dq, dr) = linalg::factor_tangents(a, &saved.0, &saved.1, da);
        (dq, dr, da.clone())
    };
    |seed, bar| {
        *bar += &seed.2;
        if is_used(&seed.0, &seed.1) {
            linalg::pull_factors(a, [&saved.0, &seed.0], [&saved.1, &seed.1], bar);
        }
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| if is_used(&seed.0, &seed.1) {
            let (factors, cotangent) = (saved.clone().redim(), (seed.0.clone(), seed.1.clone()).redim());
            <linalg::qr as SecondRule<T, 1>>::reverse_tangent([view(a)], (), &factors, [view(d)], cotangent, [view_mut(bar)]);
        };
    }
}

impl<T: Number, D: DimMin<D, Output = D>> Solver<T, D> for Qr<T, D, D>
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

    /// `Q R^-T B`
    fn transposed_solution<K: Dim>(&self, b: OMatrix<T, D, K>) -> OMatrix<T, D, K>
    where
        DefaultAllocator: Allocator<D, K>,
    {
        let z = self.factors.r().tr_solve_upper_triangular(&b);
        z.map_or_else(|| b.map(|_| T::__ZERO), |z| self.factors.q() * z)
    }
}

solves!(qr_solve, Qr<T, D, D>, |a, b| a.factors.solve(b));

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

/// A QR factorisation of a square matrix, permuted or not.
pub(super) trait Turning<T: Number, D: Dim>
where
    DefaultAllocator: Allocator<D, D>,
{
    /// The matrix that is `Q R`, and the factors.
    fn turning(&self) -> [OMatrix<T, D, D>; 3];

    /// The tangent of that matrix.
    fn permuted(&self, da: &OMatrix<T, D, D>) -> OMatrix<T, D, D>;

    /// The adjoint of the matrix that was factored.
    fn permuted_back(&self, bar: OMatrix<T, D, D>) -> OMatrix<T, D, D>;
}

impl<T: Number, D: DimMin<D, Output = D>> Turning<T, D> for Qr<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn turning(&self) -> [OMatrix<T, D, D>; 3] {
        [self.matrix.clone(), self.factors.q(), self.factors.r()]
    }

    fn permuted(&self, da: &OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        da.clone()
    }

    fn permuted_back(&self, bar: OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        bar
    }
}

/// `dQ`
#[track_caller]
pub(super) fn turn_tangent<T: Number + Field, D: Dim>(
    factors: &impl Turning<T, D>,
    da: &OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let [a, q, r] = factors.turning();
    linalg::factor_tangents(&a, &q, &r, &factors.permuted(da)).0
}

/// The adjoint of the matrix from that of `Q`.
#[track_caller]
pub(super) fn pulled_turn<T: Number + Field, D: Dim>(
    factors: &impl Turning<T, D>,
    q_bar: &OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let [a, q, r] = factors.turning();
    let (zero, mut share) = (a.map(|_| T::__ZERO), a.map(|_| T::__ZERO));
    linalg::pull_factors(&a, [&q, q_bar], [&r, &zero], &mut share);
    factors.permuted_back(share)
}

/// Its tangent, where the matrix changes by `d`.
#[track_caller]
pub(super) fn pulled_turn_twice<T: Number + Field, D: Dim>(
    factors: &impl Turning<T, D>,
    q_bar: &OMatrix<T, D, D>,
    d: &OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let [a, q, r] = factors.turning();
    let (d, mut share) = (factors.permuted(d), a.map(|_| T::__ZERO));
    let dynamic = |m: &OMatrix<T, D, D>| view(m).clone_owned();
    let cotangent = (dynamic(q_bar), dynamic(&share));
    <linalg::qr as SecondRule<T, 1>>::reverse_tangent(
        [view(&a)],
        (),
        &(dynamic(&q), dynamic(&r)),
        [view(&d)],
        cotangent,
        [view_mut(&mut share)],
    );
    factors.permuted_back(share)
}

/// `Q^T B` of a square matrix.
///
/// Of a tall one the last rows of the product are components in the null space, and how `Q` turns there is the algorithm's own affair.
macro_rules! q_tr_muls {
    ($name:ident, $Factors:ty) => {
        method! {
            /// `Y = Q^T B`: `dY = Q^T dB + dQ^T B`; `B_bar = Q Y_bar`, `Q_bar = B Y_bar^T`.
            $name[T: Number + Field, D: DimMin<D, Output = D>, K: Dim, S: Storage<T, D, K>]
            (a da: &$Factors, b db: &Matrix<T, D, K, S>) -> OMatrix<T, D, K>, saved: ()
            where [DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<D, K> + Allocator<K, D>]
            = {
                assert!(a.matrix.is_square(), "q_tr_mul: the derivative is that of a square matrix");
                let mut y = b.clone_owned();
                a.factors.q_tr_mul(&mut y);
                (y, ())
            };
            da => turn_tangent(a, da).tr_mul(b);
            |seed, bar| *bar += pulled_turn(a, &(b * seed.transpose()));
            db => a.factors.q().tr_mul(db);
            |seed, bar| *bar += a.factors.q() * seed;
            @ [a_bar a_dot, b_bar b_dot] {
                a_dot(da): |seed, d, bar| *bar += pulled_turn_twice(a, &(b * seed.transpose()), d);
                a_dot(db): |seed, d, bar| *bar += pulled_turn(a, &(d * seed.transpose()));
                b_dot(da): |seed, d, bar| *bar += turn_tangent(a, d) * seed;
            }
        }
    };
}

pub(super) use q_tr_muls;

q_tr_muls!(qr_q_tr_mul, Qr<T, D, D>);
