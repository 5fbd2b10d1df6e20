//! Norms. At zero, where a norm has no derivative, the slope is zero.

use super::Number;
use super::method::method;
use crate::ops::Scale;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, Storage};

method! {
    /// `sum a_ij^2`: `A_bar += 2 y_bar A`
    norm_squared[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> T, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (a.norm_squared(), ());
    da => { let half = da.dot(a); half + half };
    |seed, bar| bar.zip_apply(a, |x, a| *x += (*seed + *seed) * a);
}

method! {
    /// `sqrt(sum a_ij^2)`: `A_bar += y_bar A / y`
    norm[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> T, y: T
    where [DefaultAllocator: Allocator<R, C>] = { let y = a.norm(); (y, y) };
    da => over(da.dot(a), *y);
    |seed, bar| { let share = over(*seed, *y); bar.zip_apply(a, |x, a| *x += share * a); };
}

/// `a / norm`, zero at a norm of zero.
fn over<T: Number>(a: T, norm: T) -> T {
    if norm == T::__ZERO {
        T::__ZERO
    } else {
        a / norm
    }
}

method! {
    /// `u = A / n`, `n` the norm: `A_bar += (Y_bar - <Y_bar, u> u) / n`
    normalize[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> OMatrix<T, R, C>, saved: (OMatrix<T, R, C>, T)
    where [DefaultAllocator: Allocator<R, C>] = { let y = a.normalize(); (y.clone(), (y, a.norm())) };
    da => tangential(da, &saved.0, saved.1);
    |seed, bar| *bar += tangential(seed, &saved.0, saved.1);
}

/// `(d - <d, u> u) / norm`
fn tangential<T: Number, R: Dim, C: Dim>(
    d: &OMatrix<T, R, C>,
    unit: &OMatrix<T, R, C>,
    norm: T,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let mut share = d.clone();
    share.add_scaled(unit, &-d.dot(unit));
    share / norm
}
