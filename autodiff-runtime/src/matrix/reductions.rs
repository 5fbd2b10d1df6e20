//! Sums, means and variances over rows, columns, and all of a matrix.
//!
//! What nalgebra calls `row_sum` is the row that the sums of the columns make, and `column_sum` the column of the sums of the rows.

use super::Number;
use super::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, OVector, RowOVector, Storage, U1};

method! {
    /// `sum a_ij`: `a_bar_ij += y_bar`
    sum[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> T, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (a.sum(), ());
    da => da.sum(); |seed, bar| bar.apply(|x| *x += *seed);
    @ [a_bar a_dot] {}
}

method! {
    /// `sum a_ij / n`
    mean[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> T, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (a.mean(), ());
    da => da.mean();
    |seed, bar| {
        let share = *seed / number(bar.len());
        bar.apply(|x| *x += share);
    };
    @ [a_bar a_dot] {}
}

method! {
    /// `sum (a_ij - m)^2 / n`: `a_bar_ij += 2 y_bar (a_ij - m) / n`
    variance[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> T, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (a.variance(), ());
    da => (a.dot(da) - a.mean() * da.sum()) * twice(T::__ONE) / number(a.len());
    |seed, bar| {
        let (mean, factor) = (a.mean(), twice(*seed) / number(a.len()));
        bar.zip_apply(a, |x, a| *x += factor * (a - mean));
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| { let (m, f) = (d.mean(), twice(*seed) / number(d.len())); bar.zip_apply(d, |x, d| *x += f * (d - m)); };
    }
}

fn number<T: Number>(n: usize) -> T {
    nalgebra::convert(n as f64)
}

fn twice<T: Number>(x: T) -> T {
    x + x
}

/// Over the rows: an element for each column.
macro_rules! over_rows {
    ($($(#[$doc:meta])* $name:ident -> $Y:ident[$($D:ty),+], |$a:ident, $j:ident, $n:ident| $share:expr;)+) => {$(
        method! {
            $(#[$doc])*
            $name[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> $Y<T, $($D),+>, saved: ()
            where [DefaultAllocator: Allocator<R, C> + Allocator<U1, C> + Allocator<C>] = (a.$name(), ());
            da => sums(a.$name(), |at| {
                let (($a, $j), $n) = ((a, at), number::<T>(a.nrows()));
                da.column(at).iter().enumerate().fold(T::__ZERO, |sum, (i, d)| sum + *d * $share(i))
            });
            |seed, bar| for (at, g) in seed.iter().enumerate() {
                let (($a, $j), $n) = ((a, at), number::<T>(a.nrows()));
                bar.column_mut(at).iter_mut().enumerate().for_each(|(i, x)| *x += *g * $share(i));
            };
            // The shares are linear in the matrix but for a constant.
            @ [a_bar a_dot] {
                a_dot(da): |seed, d, bar| for (at, g) in seed.iter().enumerate() {
                    let zero = d.map(|_| T::__ZERO);
                    let n = number::<T>(d.nrows());
                    let change = {
                        let (($a, $j), $n) = ((d, at), n);
                        $share
                    };
                    let constant = {
                        let (($a, $j), $n) = ((&zero, at), n);
                        $share
                    };
                    bar.column_mut(at).iter_mut().enumerate().for_each(|(i, x)| *x += *g * (change(i) - constant(i)));
                };
            }
        }
    )+};
}

over_rows! {
    /// `y_j = sum_i a_ij`
    row_sum -> RowOVector[C], |_a, _j, _n| |_i| T::__ONE;
    /// `y_j = sum_i a_ij`, as a column
    row_sum_tr -> OVector[C], |_a, _j, _n| |_i| T::__ONE;
    /// `y_j = sum_i a_ij / n`
    row_mean -> RowOVector[C], |_a, _j, n| move |_i| T::__ONE / n;
    /// `y_j = sum_i a_ij / n`, as a column
    row_mean_tr -> OVector[C], |_a, _j, n| move |_i| T::__ONE / n;
    /// `y_j = sum_i (a_ij - m_j)^2 / n`
    row_variance -> RowOVector[C], |a, j, n| { let m = a.column(j).mean(); move |i: usize| twice(a[(i, j)] - m) / n };
    /// `y_j = sum_i (a_ij - m_j)^2 / n`, as a column
    row_variance_tr -> OVector[C], |a, j, n| { let m = a.column(j).mean(); move |i: usize| twice(a[(i, j)] - m) / n };
}

/// Over the columns: an element for each row.
macro_rules! over_columns {
    ($($(#[$doc:meta])* $name:ident, |$a:ident, $i:ident, $n:ident| $share:expr;)+) => {$(
        method! {
            $(#[$doc])*
            $name[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> OVector<T, R>, saved: ()
            where [DefaultAllocator: Allocator<R, C> + Allocator<R>] = (a.$name(), ());
            da => sums(a.$name(), |at| {
                let (($a, $i), $n) = ((a, at), number::<T>(a.ncols()));
                da.row(at).iter().enumerate().fold(T::__ZERO, |sum, (j, d)| sum + *d * $share(j))
            });
            |seed, bar| for (at, g) in seed.iter().enumerate() {
                let (($a, $i), $n) = ((a, at), number::<T>(a.ncols()));
                bar.row_mut(at).iter_mut().enumerate().for_each(|(j, x)| *x += *g * $share(j));
            };
            // The shares are linear in the matrix but for a constant.
            @ [a_bar a_dot] {
                a_dot(da): |seed, d, bar| for (at, g) in seed.iter().enumerate() {
                    let zero = d.map(|_| T::__ZERO);
                    let n = number::<T>(d.ncols());
                    let change = {
                        let (($a, $i), $n) = ((d, at), n);
                        $share
                    };
                    let constant = {
                        let (($a, $i), $n) = ((&zero, at), n);
                        $share
                    };
                    bar.row_mut(at).iter_mut().enumerate().for_each(|(j, x)| *x += *g * (change(j) - constant(j)));
                };
            }
        }
    )+};
}

over_columns! {
    /// `y_i = sum_j a_ij`
    column_sum, |_a, _i, _n| |_j| T::__ONE;
    /// `y_i = sum_j a_ij / n`
    column_mean, |_a, _i, n| move |_j| T::__ONE / n;
    /// `y_i = sum_j (a_ij - m_i)^2 / n`
    column_variance, |a, i, n| { let m = a.row(i).mean(); move |j: usize| twice(a[(i, j)] - m) / n };
}

/// A vector in the shape of another, from its elements.
fn sums<T: Number, R: Dim, C: Dim>(
    mut like: OMatrix<T, R, C>,
    element: impl Fn(usize) -> T,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    like.iter_mut()
        .enumerate()
        .for_each(|(k, y)| *y = element(k));
    like
}
