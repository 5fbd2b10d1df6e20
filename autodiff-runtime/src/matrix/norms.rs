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
        a_dot(da): |seed, d, bar| add_curvature(*seed, a, *y, d, bar);
    }
}

/// Adds `seed (d - u <u, d>) / |a|`, where `u = a / |a|`: the tangent of `seed u`. Zero at a norm of zero.
fn add_curvature<T: Number, R: Dim, C: Dim>(
    seed: T,
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    norm: T,
    d: &OMatrix<T, R, C>,
    bar: &mut OMatrix<T, R, C>,
) where
    DefaultAllocator: Allocator<R, C>,
{
    if norm != T::__ZERO {
        let (share, along) = (seed / norm, a.dot(d) / norm / norm);
        bar.zip_zip_apply(a, d, |x, a, d| *x += share * (d - a * along));
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
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(da): |seed, d, bar| add_curvature(*seed, &difference(a, b), *y, d, bar);
        a_dot(db): |seed, d, bar| add_curvature(-*seed, &difference(a, b), *y, d, bar);
        b_dot(da): |seed, d, bar| add_curvature(-*seed, &difference(a, b), *y, d, bar);
        b_dot(db): |seed, d, bar| add_curvature(*seed, &difference(a, b), *y, d, bar);
    }
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
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let growth = a.zip_map(d, |a, d| d * lp_slope(a, *y, p)).sum();
            bar.zip_zip_apply(a, d, |x, a, d| *x += *seed * lp_curvature(a, d, growth, *y, p));
        };
    }
}

/// The tangent of [`lp_slope`] where the element changes by `d` and the norm by `growth`.
fn lp_curvature<T: Number>(a: T, d: T, growth: T, norm: T, p: i32) -> T {
    if a == T::__ZERO && p != 2 || norm == T::__ZERO {
        return T::__ZERO;
    }
    let steep = ComplexField::powi(ComplexField::abs(a) / norm, p - 2);
    let factor: T = nalgebra::convert(f64::from(p - 1));
    factor * (steep * d - lp_slope(a, norm, p) * growth) / norm
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
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(da): |seed, d, bar| bar.add_scaled(&angle_curvature(a, b, *y, d), seed);
        a_dot(db): |seed, d, bar| bar.add_scaled(&mixed_angle_curvature(a, b, *y, d), seed);
        b_dot(da): |seed, d, bar| bar.add_scaled(&mixed_angle_curvature(b, a, *y, d), seed);
        b_dot(db): |seed, d, bar| bar.add_scaled(&angle_curvature(b, a, *y, d), seed);
    }
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

/// The tangent of [`angle_slope`] where the first vector changes by `d`: that of its parts `cos(y) u - v` over `|a| sin(y)`.
fn angle_curvature<T: Number, R: Dim, C: Dim>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    b: &Matrix<T, R, C, impl Storage<T, R, C>>,
    angle: T,
    d: &OMatrix<T, R, C>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let (slope, norm, unit) = (angle_slope(a, b, angle), a.norm(), a.normalize());
    let (sin, cos) = ComplexField::sin_cos(angle);
    if norm == T::__ZERO || b.norm() == T::__ZERO || sin == T::__ZERO {
        return slope;
    }
    let opens = slope.dot(d);
    let turned = tangential(d, &unit, norm) * cos - &unit * (sin * opens);
    turned / (norm * sin) - slope * (unit.dot(d) / norm + cos / sin * opens)
}

/// The tangent of [`angle_slope`] where the second vector changes by `d`.
fn mixed_angle_curvature<T: Number, R: Dim, C: Dim>(
    a: &Matrix<T, R, C, impl Storage<T, R, C>>,
    b: &Matrix<T, R, C, impl Storage<T, R, C>>,
    angle: T,
    d: &OMatrix<T, R, C>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let (slope, norm, unit) = (angle_slope(a, b, angle), a.norm(), a.normalize());
    let (sin, cos) = ComplexField::sin_cos(angle);
    if norm == T::__ZERO || b.norm() == T::__ZERO || sin == T::__ZERO {
        return slope;
    }
    let opens = angle_slope(b, a, angle).dot(d);
    let turned = tangential(d, &b.normalize(), b.norm()) + unit * (sin * opens);
    -turned / (norm * sin) - slope * (cos / sin * opens)
}
