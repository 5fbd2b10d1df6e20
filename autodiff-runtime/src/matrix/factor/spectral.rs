//! Eigenvalues and exponentials: nalgebra's values, and the derivatives of the rules in [`crate::linalg`].
//!
//! nalgebra does not sort the eigenvalues of a symmetric matrix; the rules do.

use crate::linalg::rule::Rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{Redim, view, view_mut};
use crate::linalg::{self, Field, RealNumber};
use crate::matrix::Number;
use crate::matrix::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{
    DMatrix, DVector, DefaultAllocator, Dim, DimDiff, DimMin, DimMinimum, DimSub, Matrix, OMatrix,
    OVector, Storage, SymmetricEigen, U1,
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

/// The values in ascending order.
fn sorted_values<T: Number, D: Dim>(values: &OVector<T, D>, order: &[usize]) -> DVector<T>
where
    DefaultAllocator: Allocator<D>,
{
    vector(row(values.as_slice()).select_columns(order))
}

/// Eigenvalues in ascending order, their vectors, and where nalgebra has them.
type Sorted<T> = ((DVector<T>, DMatrix<T>), Vec<usize>);

method! {
    /// `A = V diag(l) V^T`
    symmetric_eigen[T: Number + RealNumber, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> (OVector<T, D>, OMatrix<T, D, D>), saved: Sorted<T>
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = {
        let eigen = a.clone_owned().symmetric_eigen();
        let (l, v) = (eigen.eigenvalues, eigen.eigenvectors);
        let order = ascending(l.as_slice());
        let sorted = (vector(row(l.as_slice()).select_columns(&order)), Redim::<DMatrix<T>>::redim(v.clone()).select_columns(&order));
        ((l, v), (sorted, order))
    };
    [seed: (sorted_values(&seed.0, &saved.1), Redim::<DMatrix<T>>::redim(seed.1).select_columns(&saved.1))]
    da => {
        let (dl, dv) = <linalg::symmetric_eigen as Rule<T, 1>>::tangent([view(a)], &saved.0, [view(da)]);
        let dl = vector(unsorted(&row(dl.as_slice()), &saved.1));
        (dl.redim(), unsorted(&dv, &saved.1).redim())
    };
    |seed, bar| <linalg::symmetric_eigen as Rule<T, 1>>::reverse([view(a)], &saved.0, seed.clone(), [view_mut(bar)]);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| <linalg::symmetric_eigen as SecondRule<T, 1>>::reverse_tangent(
            [view(a)], (), &saved.0, [view(d)], seed.clone(), [view_mut(bar)],
        );
    }
}

method! {
    /// The eigenvalues of a symmetric matrix.
    symmetric_eigenvalues[T: Number + RealNumber, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> OVector<T, D>, saved: Sorted<T>
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = {
        let l = a.symmetric_eigenvalues();
        let order = ascending(l.as_slice());
        let factors = <linalg::symmetric_eigenvalues as Rule<T, 1>>::forward([view(a)], ()).1;
        (l, (factors, order))
    };
    [seed: sorted_values(&seed, &saved.1)]
    da => {
        let dl = <linalg::symmetric_eigenvalues as Rule<T, 1>>::tangent([view(a)], &saved.0, [view(da)]);
        vector(unsorted(&row(dl.as_slice()), &saved.1)).redim()
    };
    |seed, bar| <linalg::symmetric_eigenvalues as Rule<T, 1>>::reverse([view(a)], &saved.0, seed.clone(), [view_mut(bar)]);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| <linalg::symmetric_eigenvalues as SecondRule<T, 1>>::reverse_tangent(
            [view(a)], (), &saved.0, [view(d)], seed.clone(), [view_mut(bar)],
        );
    }
}

method! {
    /// `V diag(l) V^T`
    eigen_recompose[T: Number, D: DimSub<U1>](l dl: &OVector<T, D>, v dv: &OMatrix<T, D, D>) -> OMatrix<T, D, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = (recomposed(l, v), ());
    [seed: &seed + seed.transpose()]
    dl => recomposed(dl, v);
    |twice, bar| bar.axpy(nalgebra::convert(0.5), &v.tr_mul(&(twice * v)).diagonal(), T::__ONE);
    dv => { let half = scaled_columns(dv, l) * v.transpose(); &half + half.transpose() };
    |twice, bar| *bar += scaled_columns(&(twice * v), l);
    @ [l_bar l_dot, v_bar v_dot] {
        l_dot(dv): |twice, d, bar| bar.axpy(T::__ONE, &d.tr_mul(&(twice * v)).diagonal(), T::__ONE);
        v_dot(dl): |twice, d, bar| *bar += scaled_columns(&(twice * v), d);
        v_dot(dv): |twice, d, bar| *bar += scaled_columns(&(twice * d), l);
    }
}

fn recomposed<T: Number, D: DimSub<U1>>(l: &OVector<T, D>, v: &OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>,
{
    let (eigenvalues, eigenvectors) = (l.clone(), v.clone());
    SymmetricEigen {
        eigenvectors,
        eigenvalues,
    }
    .recompose()
}

/// `A diag(s)`
pub(super) fn scaled_columns<T: Number, R: Dim, C: Dim>(
    a: &OMatrix<T, R, C>,
    s: &OVector<T, C>,
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C> + Allocator<C>,
{
    let mut scaled = a.clone();
    scaled
        .column_iter_mut()
        .zip(s.iter())
        .for_each(|(mut column, s)| column *= *s);
    scaled
}

method! {
    /// `e^A`
    exp[T: Number + Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> OMatrix<T, D, D>, saved: <linalg::expm as Rule<T, 1>>::Saved
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimMinimum<D, D>>]
    = (a.clone_owned().exp(), <linalg::expm as Rule<T, 1>>::forward([view(a)], ()).1);
    da => <linalg::expm as Rule<T, 1>>::tangent([view(a)], saved, [view(da)]).redim();
    |seed, bar| <linalg::expm as Rule<T, 1>>::reverse([view(a)], saved, seed.clone().redim(), [view_mut(bar)]);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| <linalg::expm as SecondRule<T, 1>>::reverse_tangent(
            [view(a)], (), saved, [view(d)], seed.clone().redim(), [view_mut(bar)],
        );
    }
}
