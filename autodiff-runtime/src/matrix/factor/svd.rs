//! Singular values and vectors: nalgebra's, and the derivatives of the rules in [`crate::linalg`].
//!
//! nalgebra's decomposition is wrong for some matrices (its issue 1172). The value is what nalgebra gives; a derivative of wrong
//! factors is refused.

use super::spectral::scaled_columns;
use crate::linalg::decomposition::svd::Svd as Factors;
use crate::linalg::rule::{Rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{Redim, view, view_mut};
use crate::linalg::{self, Field, RealNumber};
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{
    DMatrix, DVector, DefaultAllocator, Dim, DimDiff, DimMin, DimMinimum, DimSub, Dyn, Matrix,
    OMatrix, OVector, SVD, Storage, U1,
};

/// The matrix that was decomposed: what solves systems with its factors.
#[derive(Clone, Debug)]
pub struct Svd<T: Number, R: Dim, C: Dim>(OMatrix<T, R, C>)
where
    DefaultAllocator: Allocator<R, C>;

impl<T: Number, R: Dim, C: Dim> Differentiable for Svd<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    type Tangent = OMatrix<T, R, C>;
    type Slot = OMatrix<T, R, C>;
    fn zero_tangent(&self) -> OMatrix<T, R, C> {
        self.0.zero_tangent()
    }
    fn fits_tangent(&self, slot: &OMatrix<T, R, C>) -> bool {
        self.0.fits_tangent(slot)
    }
}

/// `U`, the singular values, `V^T`, and the decomposition itself.
type Parts<T, R, C> = (
    OMatrix<T, R, DimMinimum<R, C>>,
    OVector<T, DimMinimum<R, C>>,
    OMatrix<T, DimMinimum<R, C>, C>,
    Svd<T, R, C>,
);

method! {
    /// `A = U diag(s) V^T`; the rule's derivatives where singular values are equal or zero.
    svd[T: Number + RealNumber + Field<RealField = T>, R: DimMin<C>, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> Parts<T, R, C>, saved: Factors<T, R, DimMinimum<R, C>, C>
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
            + Allocator<C, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>
    ]
    = {
        let svd = a.clone_owned().svd(true, true);
        let saved = Factors { u: part(svd.u), s: svd.singular_values, v_t: part(svd.v_t) };
        let Factors { u, s, v_t } = saved.clone();
        ((u, s, v_t, Svd(a.clone_owned())), saved)
    };
    da => {
        let (u, s, v_t) = push_svd(a, saved, da);
        (u, s, v_t, da.clone())
    };
    |seed, bar| {
        *bar += &seed.3;
        pull_svd(a, saved, (&seed.0, &seed.1, &seed.2), bar);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| pull_svd_twice(a, saved, (&seed.0, &seed.1, &seed.2), d, bar);
    }
}

/// Are there factors, and what [`svd`](fn@svd) gives.
type PartsPerhaps<T, R, C> = (
    bool,
    OMatrix<T, R, DimMinimum<R, C>>,
    OVector<T, DimMinimum<R, C>>,
    OMatrix<T, DimMinimum<R, C>, C>,
    Svd<T, R, C>,
);

method! {
    /// The same within a tolerance and a number of iterations: did they suffice?
    try_svd[T: Number + RealNumber + Field<RealField = T>, R: DimMin<C>, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; eps: T, iterations: usize) -> PartsPerhaps<T, R, C>, saved: (bool, Factors<T, R, DimMinimum<R, C>, C>)
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
            + Allocator<C, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>
    ]
    = {
        let found = a.clone_owned().try_svd(true, true, eps, iterations);
        let exists = found.is_some();
        let svd = found.unwrap_or_else(|| a.clone_owned().svd(true, true));
        let saved = Factors { u: part(svd.u), s: svd.singular_values, v_t: part(svd.v_t) };
        let Factors { u, s, v_t } = saved.clone();
        ((exists, u, s, v_t, Svd(a.clone_owned())), (exists, saved))
    };
    da => {
        let (u, s, v_t) = match saved {
            (true, saved) => push_svd(a, saved, da),
            (false, Factors { u, s, v_t }) => (u.zero_tangent(), s.zero_tangent(), v_t.zero_tangent()),
        };
        ((), u, s, v_t, da.clone())
    };
    |seed, bar| {
        *bar += &seed.4;
        pull_svd(a, &saved.1, (&seed.1, &seed.2, &seed.3), bar);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| pull_svd_twice(a, &saved.1, (&seed.1, &seed.2, &seed.3), d, bar);
    }
}

/// Matrices in the place of the factors.
type Triple<T, R, C> = (
    OMatrix<T, R, DimMinimum<R, C>>,
    OVector<T, DimMinimum<R, C>>,
    OMatrix<T, DimMinimum<R, C>, C>,
);

/// The same, lent.
type TripleRef<'a, T, R, C> = (
    &'a OMatrix<T, R, DimMinimum<R, C>>,
    &'a OVector<T, DimMinimum<R, C>>,
    &'a OMatrix<T, DimMinimum<R, C>, C>,
);

/// The tangents of the factors.
#[track_caller]
fn push_svd<T, R, C>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    saved: &Factors<T, R, DimMinimum<R, C>, C>,
    da: &OMatrix<T, R, C>,
) -> Triple<T, R, C>
where
    T: Number + RealNumber + Field<RealField = T>,
    R: DimMin<C>,
    C: Dim,
    DimMinimum<R, C>: DimSub<U1>,
    DefaultAllocator: Allocator<R, C>
        + Allocator<R>
        + Allocator<C>
        + Allocator<DimDiff<DimMinimum<R, C>, U1>>
        + Allocator<DimMinimum<R, C>, C>
        + Allocator<R, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>>
        + Allocator<C, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>,
{
    assert_decomposed(a, saved);
    let factors = dynamic_factors(saved);
    let (u, s, v_t) = <linalg::svd as Rule<T, 1>>::tangent([view(a)], &factors, [view(da)]);
    (u.redim(), s.redim(), v_t.redim())
}

/// Adds what their adjoints contribute to that of the matrix.
#[track_caller]
fn pull_svd<T, R, C>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    saved: &Factors<T, R, DimMinimum<R, C>, C>,
    (u, s, v_t): TripleRef<'_, T, R, C>,
    bar: &mut OMatrix<T, R, C>,
) where
    T: Number + RealNumber + Field<RealField = T>,
    R: DimMin<C>,
    C: Dim,
    DimMinimum<R, C>: DimSub<U1>,
    DefaultAllocator: Allocator<R, C>
        + Allocator<R>
        + Allocator<C>
        + Allocator<DimDiff<DimMinimum<R, C>, U1>>
        + Allocator<DimMinimum<R, C>, C>
        + Allocator<R, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>>
        + Allocator<C, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>,
{
    if !is_used(u, s, v_t) {
        return;
    }
    assert_decomposed(a, saved);
    if !linalg::pull_regular(saved, (u, s, v_t), bar) {
        let cotangent = (u.clone(), s.clone(), v_t.clone()).redim();
        let (factors, bar) = (dynamic_factors(saved), [view_mut(bar)]);
        <linalg::svd as Rule<T, 1>>::reverse([view(a)], &factors, cotangent, bar);
    }
}

/// What the tangent of the matrix contributes to that of the reverse.
#[track_caller]
fn pull_svd_twice<T, R, C>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    saved: &Factors<T, R, DimMinimum<R, C>, C>,
    (u, s, v_t): TripleRef<'_, T, R, C>,
    d: &OMatrix<T, R, C>,
    bar: &mut OMatrix<T, R, C>,
) where
    T: Number + RealNumber + Field<RealField = T>,
    R: DimMin<C>,
    C: Dim,
    DimMinimum<R, C>: DimSub<U1>,
    DefaultAllocator: Allocator<R, C>
        + Allocator<R>
        + Allocator<C>
        + Allocator<DimDiff<DimMinimum<R, C>, U1>>
        + Allocator<DimMinimum<R, C>, C>
        + Allocator<R, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>>
        + Allocator<C, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>,
{
    if is_used(u, s, v_t) {
        let cotangent = (u.clone(), s.clone(), v_t.clone()).redim();
        let (factors, bar) = (dynamic_factors(saved), [view_mut(bar)]);
        <linalg::svd as SecondRule<T, 1>>::reverse_tangent(
            [view(a)],
            (),
            &factors,
            [view(d)],
            cotangent,
            bar,
        );
    }
}

/// The factors in the types of the rules.
fn dynamic_factors<T: Number + Field<RealField = T>, R: Dim, K: Dim, C: Dim>(
    factors: &Factors<T, R, K, C>,
) -> Factors<T, Dyn, Dyn, Dyn>
where
    DefaultAllocator: Allocator<R, K> + Allocator<K> + Allocator<K, C>,
{
    Factors::<T, Dyn, Dyn, Dyn> {
        u: dynamic(&factors.u),
        s: factors.s.clone().redim(),
        v_t: dynamic(&factors.v_t),
    }
}

fn part<M>(factor: Option<M>) -> M {
    factor.unwrap_or_else(|| unreachable!("both factors were asked for"))
}

fn is_used<T: Number, R: Dim, K: Dim, C: Dim>(
    u: &OMatrix<T, R, K>,
    s: &OVector<T, K>,
    v_t: &OMatrix<T, K, C>,
) -> bool
where
    DefaultAllocator: Allocator<R, K> + Allocator<K> + Allocator<K, C>,
{
    let mut parts = u.iter().chain(s.iter()).chain(v_t.iter());
    parts.any(|g| *g != T::__ZERO)
}

/// Panics where nalgebra's factors are not those of the matrix.
#[track_caller]
fn assert_decomposed<T: Field, R: Dim, K: Dim, C: Dim>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    factors: &Factors<T, R, K, C>,
) where
    DefaultAllocator: Allocator<R, C> + Allocator<R, K> + Allocator<K> + Allocator<K, C>,
{
    if !factors.recomposes(a) {
        undefined(
            "svd",
            "the factors that nalgebra gives are wrong for this matrix (its issue 1172); `linalg::svd` has the right ones",
        );
    }
}

method! {
    /// The singular values in descending order: `A_bar = U diag(s_bar) V^T`.
    singular_values[T: Number + RealNumber + Field<RealField = T>, R: DimMin<C>, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> OVector<T, DimMinimum<R, C>>, saved: <linalg::singular_values as Rule<T, 1>>::Saved
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
    ]
    = (a.singular_values(), <linalg::singular_values as Rule<T, 1>>::forward([view(a)], ()).1);
    da => <linalg::singular_values as Rule<T, 1>>::tangent([view(a)], saved, [view(da)]).redim();
    |seed, bar| {
        let cotangent: DVector<T> = seed.clone().redim();
        <linalg::singular_values as Rule<T, 1>>::reverse([view(a)], saved, cotangent, [view_mut(bar)]);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| <linalg::singular_values as SecondRule<T, 1>>::reverse_tangent(
            [view(a)], (), saved, [view(d)], seed.clone().redim(), [view_mut(bar)],
        );
    }
}

method! {
    /// `U diag(s) V^T`
    svd_recompose[T: Number, R: Dim, C: Dim, K: Dim](u du: &OMatrix<T, R, K>, s ds: &OVector<T, K>, v_t dv_t: &OMatrix<T, K, C>) -> OMatrix<T, R, C>, saved: ()
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, K> + Allocator<K, C> + Allocator<K> + Allocator<C, K>
    ]
    = (scaled_columns(u, s) * v_t, ());
    du => scaled_columns(du, s) * v_t;
    |seed, bar| *bar += scaled_columns(&(seed * v_t.transpose()), s);
    ds => scaled_columns(u, ds) * v_t;
    |seed, bar| add_row_products(&u.tr_mul(seed), v_t, bar);
    dv_t => scaled_columns(u, s) * dv_t;
    |seed, bar| *bar += scaled_columns(u, s).tr_mul(seed);
    @ [u_bar u_dot, s_bar s_dot, v_bar v_dot] {
        u_dot(ds): |seed, d, bar| *bar += scaled_columns(&(seed * v_t.transpose()), d);
        u_dot(dv_t): |seed, d, bar| *bar += scaled_columns(&(seed * d.transpose()), s);
        s_dot(du): |seed, d, bar| add_row_products(&d.tr_mul(seed), v_t, bar);
        s_dot(dv_t): |seed, d, bar| add_row_products(&u.tr_mul(seed), d, bar);
        v_dot(du): |seed, d, bar| *bar += scaled_columns(d, s).tr_mul(seed);
        v_dot(ds): |seed, d, bar| *bar += scaled_columns(u, d).tr_mul(seed);
    }
}

method! {
    /// Are there both factors, and the least solution of `A X = B` in the sense of least squares, singular values up to `eps` being zero.
    svd_solve[T: Number + Field<RealField = T>, R: DimMin<C>, C: Dim, K: Dim, S: Storage<T, R, K>]
    (a da: &Svd<T, R, C>, b db: &Matrix<T, R, K, S>; eps: T) -> (bool, OMatrix<T, C, K>), saved: <linalg::pinv as Rule<T, 1>>::Saved
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
            + Allocator<R, K> + Allocator<C, K> + Allocator<DimMinimum<R, C>, K>
    ]
    = {
        let svd = SVD::new(a.0.clone(), true, true);
        let relative = eps / svd.singular_values.max();
        let solution: DMatrix<T> = part(svd.solve(&b.clone_owned(), eps).ok()).redim();
        let saved = <linalg::pinv as Rule<T, 1>>::forward([view(&a.0)], relative).1;
        ((true, solution.redim()), saved)
    };
    da => {
        let dy = <linalg::pinv as Rule<T, 1>>::tangent([view(&a.0)], saved, [view(da)]);
        ((), (dy * dynamic(b)).redim())
    };
    |seed, bar| {
        let x_bar: DMatrix<T> = seed.1.clone().redim();
        let y_bar = x_bar * dynamic(b).transpose();
        <linalg::pinv as Rule<T, 1>>::reverse([view(&a.0)], saved, y_bar, [view_mut(bar)]);
    };
    db => ((), (&saved.y * dynamic(db)).redim());
    |seed, bar| {
        let x_bar: DMatrix<T> = seed.1.clone().redim();
        let mut bar = view_mut(bar);
        bar += saved.y.tr_mul(&x_bar);
    };
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(da): |seed, d, bar| {
            let y_bar = dynamic(&seed.1) * dynamic(b).transpose();
            <linalg::pinv as SecondRule<T, 1>>::reverse_tangent([view(&a.0)], eps, saved, [view(d)], y_bar, [view_mut(bar)]);
        };
        a_dot(db): |seed, d, bar| {
            let y_bar = dynamic(&seed.1) * dynamic(d).transpose();
            <linalg::pinv as Rule<T, 1>>::reverse([view(&a.0)], saved, y_bar, [view_mut(bar)]);
        };
        b_dot(da): |seed, d, bar| {
            let dy = <linalg::pinv as Rule<T, 1>>::tangent([view(&a.0)], saved, [view(d)]);
            let mut bar = view_mut(bar);
            bar += dy.tr_mul(&dynamic(&seed.1));
        };
    }
}

method! {
    /// Are there both factors, and the pseudo-inverse, singular values up to `eps` being zero.
    svd_pseudo_inverse[T: Number + Field<RealField = T>, R: DimMin<C>, C: Dim](a da: &Svd<T, R, C>; eps: T) -> (bool, OMatrix<T, C, R>), saved: <linalg::pinv as Rule<T, 1>>::Saved
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<C, R> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
    ]
    = inverted(&a.0, eps);
    da => ((), <linalg::pinv as Rule<T, 1>>::tangent([view(&a.0)], saved, [view(da)]).redim());
    |seed, bar| {
        let cotangent: DMatrix<T> = seed.1.clone().redim();
        <linalg::pinv as Rule<T, 1>>::reverse([view(&a.0)], saved, cotangent, [view_mut(bar)]);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| <linalg::pinv as SecondRule<T, 1>>::reverse_tangent(
            [view(&a.0)], eps, saved, [view(d)], seed.1.clone().redim(), [view_mut(bar)],
        );
    }
}

method! {
    /// Is there a pseudo-inverse, and which; singular values up to `tolerance` count as zero.
    pseudo_inverse[T: Number + Field<RealField = T>, R: DimMin<C>, C: Dim, S: Storage<T, R, C>]
    (a da: &Matrix<T, R, C, S>; tolerance: T) -> (bool, OMatrix<T, C, R>), saved: <linalg::pinv as Rule<T, 1>>::Saved
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<C, R> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
    ]
    = inverted(&a.clone_owned(), tolerance);
    da => ((), <linalg::pinv as Rule<T, 1>>::tangent([view(a)], saved, [view(da)]).redim());
    |seed, bar| {
        let cotangent: DMatrix<T> = seed.1.clone().redim();
        <linalg::pinv as Rule<T, 1>>::reverse([view(a)], saved, cotangent, [view_mut(bar)]);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| <linalg::pinv as SecondRule<T, 1>>::reverse_tangent(
            [view(a)], tolerance, saved, [view(d)], seed.1.clone().redim(), [view_mut(bar)],
        );
    }
}

/// `bar_k += <row k of A, row k of B>`
fn add_row_products<T: Number, K: Dim, C: Dim>(
    a: &OMatrix<T, K, C>,
    b: &OMatrix<T, K, C>,
    bar: &mut OVector<T, K>,
) where
    DefaultAllocator: Allocator<K, C> + Allocator<K>,
{
    let rows = bar.iter_mut().enumerate();
    rows.for_each(|(k, x)| *x += a.row(k).dot(&b.row(k)));
}

type Inverted<T, R, C> = (
    (bool, OMatrix<T, C, R>),
    <linalg::pinv as Rule<T, 1>>::Saved,
);

/// nalgebra's pseudo-inverse, and what its derivative needs.
fn inverted<T: Number + Field<RealField = T>, R: DimMin<C>, C: Dim>(
    a: &OMatrix<T, R, C>,
    tolerance: T,
) -> Inverted<T, R, C>
where
    DimMinimum<R, C>: DimSub<U1>,
    DefaultAllocator: Allocator<R, C>
        + Allocator<C, R>
        + Allocator<R>
        + Allocator<C>
        + Allocator<DimDiff<DimMinimum<R, C>, U1>>
        + Allocator<DimMinimum<R, C>, C>
        + Allocator<R, DimMinimum<R, C>>
        + Allocator<DimMinimum<R, C>>,
{
    let largest = a.singular_values().max();
    let saved = <linalg::pinv as Rule<T, 1>>::forward([view(a)], tolerance / largest).1;
    let y = a.clone().pseudo_inverse(tolerance);
    let exists = y.is_ok();
    ((exists, y.unwrap_or_else(|_| a.transpose())), saved)
}

fn dynamic<T: Number, R: Dim, C: Dim>(a: &Matrix<T, R, C, impl Storage<T, R, C>>) -> DMatrix<T> {
    view(a).clone_owned()
}
