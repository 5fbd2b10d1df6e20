//! How singular vectors turn where a matrix moves.
//!
//! Where singular values are equal, the direction of the move decides which of the vectors have a derivative ([`align`]), and how they turn
//! among one another is a matter of second order ([`rotations`]). With `C = U^H dA V` these are the formulas of perturbation theory for
//! the Hermitian matrix `[0, A; A^H, 0]`, whose eigenvalues are the singular values and their negatives.
//!
//! T. Kato, Perturbation Theory for Linear Operators, Springer (1995), chapter 2,
//! [doi:10.1007/978-3-642-66282-9](https://doi.org/10.1007/978-3-642-66282-9).

use super::gauge::{rounding, ties};
use super::svd::{Svd, scaled_columns};
use crate::linalg::Field;
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::undefined;
use crate::linalg::shape::{View, view};
use nalgebra::{ComplexField, DMatrix, DVector};
use std::ops::Range;

/// Turns the vectors of equal singular values to those that have a derivative in the direction `da`.
pub fn align<T: Field>(svd: &mut Svd<T>, da: &View<'_, T>) {
    for run in ties::<T>(svd.s.as_slice(), svd.largest()) {
        let zero = svd.is_zero(run.start);
        if run.len() == 1 && !zero {
            continue;
        }
        let (start, n) = (run.start, run.len());
        let u = svd.u.columns(start, n).into_owned();
        let v = svd.v_t.rows(start, n).adjoint();
        let c = u.adjoint() * da * &v;
        // At zero the values move as those of `c`, else as the eigenvalues of its Hermitian part.
        let (left, right) = if zero {
            let turn = Svd::new(&view(&c));
            (turn.u, turn.v_t.adjoint())
        } else {
            let turn = descending(hermitian_part(&c));
            (turn.clone(), turn)
        };
        svd.u.columns_mut(start, n).copy_from(&(u * left));
        svd.v_t.rows_mut(start, n).copy_from(&(v * right).adjoint());
    }
}

/// The eigenvectors, that of the largest eigenvalue first.
fn descending<T: Field>(a: DMatrix<T>) -> DMatrix<T> {
    let (_, v) = super::symmetric::decomposed(a);
    let order: Vec<usize> = (0..v.ncols()).rev().collect();
    v.select_columns(&order)
}

/// `U^H dU` and `V^H dV`, for vectors that are aligned.
pub fn rotations<T: Field>(svd: &Svd<T>, da: &View<'_, T>) -> (DMatrix<T>, DMatrix<T>) {
    let c = &svd.u.adjoint() * da * svd.v_t.adjoint();
    let (mut sum, mut difference) = turns(&svd.s, &c, rounding::<T>(svd.s.len()) * svd.largest());
    for run in ties::<T>(svd.s.as_slice(), svd.largest()) {
        let ds = DVector::from_iterator(run.len(), run.clone().map(|i| c[(i, i)].real()));
        let equal = rounding::<T>(svd.s.len()) * c.norm();
        let at = (run.start, run.start);
        let within = (run.len(), run.len());
        if svd.is_zero(run.start) {
            let (s, d) = turns(&ds, &second_order_at_zero(svd, da, &run), equal);
            sum.view_mut(at, within).copy_from(&s);
            difference.view_mut(at, within).copy_from(&d);
        } else if run.len() > 1 {
            let (s, _) = turns(&ds, &second_order(svd, da, &c, &run), equal);
            sum.view_mut(at, within).copy_from(&s);
        }
    }
    let half: T = nalgebra::convert(0.5);
    ((&sum + &difference) * half, (sum - difference) * half)
}

/// `U^H dU + V^H dV` and `U^H dU - V^H dV`, zero where the denominator is.
fn turns<T: Field>(
    s: &DVector<T::RealField>,
    c: &DMatrix<T>,
    equal: T::RealField,
) -> (DMatrix<T>, DMatrix<T>) {
    let quotient = |x: T, d: T::RealField| {
        if d.abs() > equal {
            x.unscale(d)
        } else {
            T::zero()
        }
    };
    let both = |sign: T, i: usize, j: usize| c[(i, j)] + sign * c[(j, i)].conjugate();
    let n = s.len();
    (
        DMatrix::from_fn(n, n, |i, j| quotient(both(T::one(), i, j), s[j] - s[i])),
        DMatrix::from_fn(n, n, |i, j| quotient(both(-T::one(), i, j), s[i] + s[j])),
    )
}

/// What equal singular values other than zero are coupled by through the others.
fn second_order<T: Field>(
    svd: &Svd<T>,
    da: &View<'_, T>,
    c: &DMatrix<T>,
    run: &Range<usize>,
) -> DMatrix<T> {
    let (n, s) = (svd.s.len(), svd.s[run.start]);
    let half: T = nalgebra::convert(0.5);
    let (h, k) = ((c + c.adjoint()) * half, (c - c.adjoint()) * half);
    let left = beyond(svd, &da.clone_owned(), run);
    let right = beyond(&svd.adjoint(), &da.adjoint(), run);
    let outside = (left.ad_mul(&left) + right.ad_mul(&right)) * half;
    DMatrix::from_fn(run.len(), run.len(), |a, b| {
        let (i, j) = (run.start + a, run.start + b);
        let others = (0..n).filter(|l| !run.contains(l));
        let near = others.map(|l| (h[(i, l)] * h[(l, j)]).unscale(s - svd.s[l]));
        let far = (0..n).map(|l| -(k[(i, l)] * k[(l, j)]).unscale(s + svd.s[l]));
        near.chain(far)
            .fold(outside[(a, b)].unscale(s), |sum, x| sum + x)
    })
}

/// `(I - U U^H) dA V` for the vectors of the run.
fn beyond<T: Field>(svd: &Svd<T>, da: &DMatrix<T>, run: &Range<usize>) -> DMatrix<T> {
    let moved = da * svd.v_t.rows(run.start, run.len()).adjoint();
    &moved - &svd.u * svd.u.ad_mul(&moved)
}

/// What vectors of zero are coupled by through the others: `-U_0^H dA A^+ dA V_0`.
fn second_order_at_zero<T: Field>(
    svd: &Svd<T>,
    da: &View<'_, T>,
    run: &Range<usize>,
) -> DMatrix<T> {
    let u = svd.u.columns(run.start, run.len());
    let v = svd.v_t.rows(run.start, run.len()).adjoint();
    -(u.adjoint() * da * inverse_times(svd, &(da * v)))
}

/// `A^+ B`
fn inverse_times<T: Field>(svd: &Svd<T>, b: &DMatrix<T>) -> DMatrix<T> {
    let rank = (0..svd.s.len()).take_while(|i| !svd.is_zero(*i)).count();
    let inverses = svd.s.rows(0, rank).map(|s| s.recip());
    let u = scaled_columns(&svd.u.columns(0, rank).into_owned(), &inverses);
    svd.v_t.rows(0, rank).ad_mul(&u.ad_mul(b))
}

/// `(I - U U^H) dU` of a tall matrix.
///
/// # Panics
///
/// If the direction moves a vector of zero into the part of its space that the thin decomposition leaves out.
#[track_caller]
pub fn outside<T: Field>(svd: &Svd<T>, da: &DMatrix<T>) -> DMatrix<T> {
    let all = 0..svd.s.len();
    if svd.u.is_square() || all.is_empty() {
        return DMatrix::zeros(svd.u.nrows(), all.len());
    }
    let mut rest = beyond(svd, da, &all);
    let negligible = rounding::<T>(svd.u.nrows()) * da.norm();
    for j in all {
        if !svd.is_zero(j) {
            rest.column_mut(j).unscale_mut(svd.s[j]);
        } else if rest.column(j).norm() > negligible {
            undefined(
                "svd",
                "the direction moves a vector of zero out of the thin decomposition",
            );
        } else {
            rest.set_column(j, &outside_at_zero(svd, da, j, negligible).column(0));
        }
    }
    rest
}

/// The column of [`outside`] for a singular value of zero, if the direction moves the value: of second order.
fn outside_at_zero<T: Field>(
    svd: &Svd<T>,
    da: &DMatrix<T>,
    j: usize,
    negligible: T::RealField,
) -> DMatrix<T> {
    let moved = da * svd.v_t.rows(j, 1).adjoint();
    let ds = svd.u.column(j).dotc(&moved.column(0)).real();
    if ds <= negligible {
        return moved * T::zero();
    }
    let next = da * inverse_times(svd, &moved);
    (&svd.u * svd.u.ad_mul(&next) - next).unscale(ds)
}
