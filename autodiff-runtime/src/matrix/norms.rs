//! Norms. At zero, where a norm has no derivative, the slope is zero.

use super::Number;
use super::method::method;
use crate::ops::Scale;
use nalgebra::allocator::Allocator;
use nalgebra::constraint::{DimEq, SameNumberOfColumns, SameNumberOfRows, ShapeConstraint};
use nalgebra::{ComplexField, DefaultAllocator, Dim, Matrix, OMatrix, Storage};

method! {
    /// `sum a_ij^2`: `A_bar += 2 y_bar A`
    norm_squared[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> T, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (a.norm_squared(), ());
    da => { let half = da.dot(a); half + half };
    |seed, bar| bar.zip_apply(a, |x, a| *x += (*seed + *seed) * a);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| bar.zip_apply(d, |x, d| *x += (*seed + *seed) * d);
    }
}

method! {
    /// `sqrt(sum a_ij^2)`: `A_bar += y_bar A / y`
    norm[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> T, y: T
    where [DefaultAllocator: Allocator<R, C>] = { let y = a.norm(); (y, y) };
    da => over(da.dot(a), *y);
    |seed, bar| { let share = over(*seed, *y); bar.zip_apply(a, |x, a| *x += share * a); };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| if *y != T::__ZERO {
            let (share, along) = (*seed / *y, a.dot(d) / *y / *y);
            bar.zip_zip_apply(a, d, |x, a, d| *x += share * (d - a * along));
        };
    }
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
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| *bar += bent(seed, d, &saved.0, saved.1);
    }
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

/// The tangent of `tangential(s, ..)` where the unit vector is that of what changes by `d`.
fn bent<T: Number, R: Dim, C: Dim>(
    s: &OMatrix<T, R, C>,
    d: &OMatrix<T, R, C>,
    unit: &OMatrix<T, R, C>,
    norm: T,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let (turn, growth) = (tangential(d, unit, norm), unit.dot(d));
    let mut change = tangential(s, unit, norm) * growth;
    change.add_scaled(unit, &s.dot(&turn));
    change.add_scaled(&turn, &s.dot(unit));
    -change / norm
}

method! {
    /// `|A - B|`
    metric_distance[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>, S2: Storage<T, R, C>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R, C, S2>) -> T, y: T
    where [DefaultAllocator: Allocator<R, C>, ShapeConstraint: SameNumberOfRows<R, R> + SameNumberOfColumns<C, C>]
    = { let y = a.metric_distance(b); (y, y) };
    da => over(difference(a, b).dot(da), *y);
    |seed, bar| bar.add_scaled(&difference(a, b), &over(*seed, *y));
    db => over(difference(b, a).dot(db), *y);
    |seed, bar| bar.add_scaled(&difference(b, a), &over(*seed, *y));
}

fn difference<T: Number, R: Dim, C: Dim>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    b: &Matrix<T, R, C, impl Storage<T, R, C>>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    a.zip_map(b, |a, b| a - b)
}

method! {
    /// `(sum |a_ij|^p)^(1/p)`: `a_bar_ij += y_bar sign(a_ij) (|a_ij| / y)^(p-1)`
    lp_norm[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; p: i32) -> T, y: T
    where [DefaultAllocator: Allocator<R, C>] = { let y = a.lp_norm(p); (y, y) };
    da => a.zip_map(da, |a, d| d * lp_slope(a, *y, p)).sum();
    |seed, bar| bar.zip_apply(a, |x, a| *x += *seed * lp_slope(a, *y, p));
}

fn lp_slope<T: Number>(a: T, norm: T, p: i32) -> T {
    if a == T::__ZERO {
        return T::__ZERO;
    }
    ComplexField::signum(a) * ComplexField::powi(ComplexField::abs(a) / norm, p - 1)
}

method! {
    /// The angle `acos(<a, b> / (|a| |b|))`: `a_bar += y_bar (cos(y) a / |a| - b / |b|) / (|a| sin(y))`, zero where the sine is.
    angle[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>, S2: Storage<T, R, C>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R, C, S2>) -> T, y: T
    where [DefaultAllocator: Allocator<R, C>, ShapeConstraint: DimEq<R, R> + DimEq<C, C>]
    = { let y = a.angle(b); (y, y) };
    da => angle_slope(a, b, *y).dot(da);
    |seed, bar| bar.add_scaled(&angle_slope(a, b, *y), seed);
    db => angle_slope(b, a, *y).dot(db);
    |seed, bar| bar.add_scaled(&angle_slope(b, a, *y), seed);
}

/// The gradient of the angle between two vectors with respect to the first.
fn angle_slope<T: Number, R: Dim, C: Dim>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    b: &Matrix<T, R, C, impl Storage<T, R, C>>,
    angle: T,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let (sin, cos) = ComplexField::sin_cos(angle);
    if a.norm() == T::__ZERO || b.norm() == T::__ZERO || sin == T::__ZERO {
        return a.map(|_| T::__ZERO);
    }
    (a.normalize() * cos - b.normalize()) / (a.norm() * sin)
}
