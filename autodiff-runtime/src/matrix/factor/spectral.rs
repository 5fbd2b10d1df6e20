//! Eigenvalues, orthogonal factors and pseudo-inverses: nalgebra's values, and the derivatives of the rules in [`crate::linalg`].
//!
//! nalgebra does not sort the eigenvalues of a symmetric matrix; the rules do.

use crate::linalg::rule::Rule;
use crate::linalg::shape::{Redim, view, view_mut};
use crate::linalg::{self, Field};
use crate::matrix::Number;
use crate::matrix::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{
    DMatrix, DVector, DefaultAllocator, Dim, DimDiff, DimMin, DimMinimum, DimSub, Matrix, OMatrix,
    OVector, Storage, U1,
};

/// Which position each value has when they ascend.
fn ascending<T: Number>(values: &[T]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|i, j| {
        let compared = PartialOrd::partial_cmp(&values[*i], &values[*j]);
        compared.unwrap_or(std::cmp::Ordering::Equal)
    });
    order
}

/// Columns back where they were before they were sorted.
fn unsorted<T: Number>(sorted: &DMatrix<T>, order: &[usize]) -> DMatrix<T> {
    let mut back = sorted.clone();
    for (k, at) in order.iter().enumerate() {
        back.set_column(*at, &sorted.column(k));
    }
    back
}

/// A vector as a matrix of one row, whose columns can be sorted.
fn row<T: Number>(values: &[T]) -> DMatrix<T> {
    DMatrix::from_row_slice(1, values.len(), values)
}

fn vector<T: Number>(row: DMatrix<T>) -> DVector<T> {
    DVector::from_iterator(row.ncols(), row.iter().copied())
}

/// Eigenvalues in ascending order, their vectors, and where nalgebra has them.
type Sorted<T> = ((DVector<T>, DMatrix<T>), Vec<usize>);

method! {
    /// `A = V diag(l) V^T`
    symmetric_eigen[T: Number + Field, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> (OVector<T, D>, OMatrix<T, D, D>), saved: Sorted<T>
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = {
        let eigen = a.clone_owned().symmetric_eigen();
        let (l, v) = (eigen.eigenvalues, eigen.eigenvectors);
        let order = ascending(l.as_slice());
        let sorted = (vector(row(l.as_slice()).select_columns(&order)), Redim::<DMatrix<T>>::redim(v.clone()).select_columns(&order));
        ((l, v), (sorted, order))
    };
    da => {
        let (dl, dv) = <linalg::symmetric_eigen as Rule<T, 1>>::tangent([view(a)], &saved.0, [view(da)]);
        let dl = vector(unsorted(&row(dl.as_slice()), &saved.1));
        (dl.redim(), unsorted(&dv, &saved.1).redim())
    };
    |seed, bar| {
        let l_bar = vector(row(seed.0.as_slice()).select_columns(&saved.1));
        let v_bar = Redim::<DMatrix<T>>::redim(seed.1.clone()).select_columns(&saved.1);
        let cotangent = (l_bar, v_bar);
        <linalg::symmetric_eigen as Rule<T, 1>>::reverse([view(a)], saved.0.clone(), cotangent, [view_mut(bar)]);
    };
}

method! {
    /// The eigenvalues of a symmetric matrix.
    symmetric_eigenvalues[T: Number + Field, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> OVector<T, D>, saved: Sorted<T>
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = {
        let l = a.symmetric_eigenvalues();
        let order = ascending(l.as_slice());
        let factors = <linalg::symmetric_eigenvalues as Rule<T, 1>>::forward([view(a)], ()).1;
        (l, (factors, order))
    };
    da => {
        let dl = <linalg::symmetric_eigenvalues as Rule<T, 1>>::tangent([view(a)], &saved.0, [view(da)]);
        vector(unsorted(&row(dl.as_slice()), &saved.1)).redim()
    };
    |seed, bar| {
        let l_bar = vector(row(seed.as_slice()).select_columns(&saved.1));
        <linalg::symmetric_eigenvalues as Rule<T, 1>>::reverse([view(a)], saved.0.clone(), l_bar, [view_mut(bar)]);
    };
}

method! {
    /// `A = Q R`
    qr[T: Number + Field, R: DimMin<C>, C: Dim, S: Storage<T, R, C>]
    (a da: &Matrix<T, R, C, S>) -> (OMatrix<T, R, DimMinimum<R, C>>, OMatrix<T, DimMinimum<R, C>, C>), saved: (DMatrix<T>, DMatrix<T>)
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<DimMinimum<R, C>>
            + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>, C>
    ]
    = {
        let factors = a.clone_owned().qr();
        let (q, r) = (factors.q(), factors.r());
        let saved: (DMatrix<T>, DMatrix<T>) = (q.clone().redim(), r.clone().redim());
        ((q, r), saved)
    };
    da => {
        let (dq, dr) = <linalg::qr as Rule<T, 1>>::tangent([view(a)], saved, [view(da)]);
        (dq.redim(), dr.redim())
    };
    |seed, bar| {
        let cotangent: (DMatrix<T>, DMatrix<T>) = (seed.0.clone().redim(), seed.1.clone().redim());
        <linalg::qr as Rule<T, 1>>::reverse([view(a)], saved.clone(), cotangent, [view_mut(bar)]);
    };
}

method! {
    /// Is there a pseudo-inverse, and which; singular values up to `tolerance` count as zero.
    pseudo_inverse[T: Number + Field, R: DimMin<C>, C: Dim, S: Storage<T, R, C>]
    (a da: &Matrix<T, R, C, S>; tolerance: T) -> (bool, OMatrix<T, C, R>), saved: <linalg::pinv as Rule<T, 1>>::Saved
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<C, R> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
    ]
    = {
        let largest = a.clone_owned().singular_values().max();
        let saved = <linalg::pinv as Rule<T, 1>>::forward([view(a)], tolerance / largest).1;
        let y = a.clone_owned().pseudo_inverse(tolerance);
        let exists = y.is_ok();
        ((exists, y.unwrap_or_else(|_| a.transpose())), saved)
    };
    da => ((), <linalg::pinv as Rule<T, 1>>::tangent([view(a)], saved, [view(da)]).redim());
    |seed, bar| {
        let cotangent: DMatrix<T> = seed.1.clone().redim();
        <linalg::pinv as Rule<T, 1>>::reverse([view(a)], saved.clone(), cotangent, [view_mut(bar)]);
    };
}
