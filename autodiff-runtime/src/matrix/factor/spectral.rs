//! Eigenvalues and exponentials: nalgebra's values, and the derivatives of the rules in [`crate::linalg`].
//!
//! nalgebra does not sort the eigenvalues of a symmetric matrix; the rules do.

use crate::linalg::functions::expm::Exponential;
use crate::linalg::rule::Rule;
use crate::linalg::second::{SecondRule, add_second_of_series};
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

/// What the rules need of nalgebra's values.
fn sorted<T: Number, D: Dim>(l: &OVector<T, D>, v: &OMatrix<T, D, D>) -> Sorted<T>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    let order = ascending(l.as_slice());
    (sorted_by(&order, l, v), order)
}

/// Values and columns in another order.
fn sorted_by<T: Number, D: Dim>(
    order: &[usize],
    l: &OVector<T, D>,
    v: &OMatrix<T, D, D>,
) -> (DVector<T>, DMatrix<T>)
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    (sorted_values(l, order), view(v).select_columns(order))
}

/// Eigenvalues and eigenvectors as nalgebra has them.
type Eigen<T, D> = (OVector<T, D>, OMatrix<T, D, D>);

method! {
    /// `A = V diag(l) V^T`; the rule's derivatives where eigenvalues are equal.
    symmetric_eigen[T: Number + RealNumber, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> (OVector<T, D>, OMatrix<T, D, D>), saved: Eigen<T, D>
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = {
        let eigen = a.clone_owned().symmetric_eigen();
        let saved = (eigen.eigenvalues, eigen.eigenvectors);
        (saved.clone(), saved)
    };
    da => push_eigen(a, saved, da);
    |seed, bar| pull_eigen(a, saved, (&seed.0, &seed.1), bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| pull_eigen_twice(a, saved, (&seed.0, &seed.1), d, bar);
    }
}

method! {
    /// The same within a tolerance and a number of iterations: did they suffice?
    try_symmetric_eigen[T: Number + RealNumber, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>; eps: T, iterations: usize) -> (bool, OVector<T, D>, OMatrix<T, D, D>), saved: Option<Eigen<T, D>>
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = {
        let eigen = a.clone_owned().try_symmetric_eigen(eps, iterations);
        let saved = eigen.map(|eigen| (eigen.eigenvalues, eigen.eigenvectors));
        let (l, v) = saved.clone().unwrap_or_else(|| (a.diagonal(), a.clone_owned()));
        ((saved.is_some(), l, v), saved)
    };
    da => {
        let (l, v) = match saved {
            Some(saved) => push_eigen(a, saved, da),
            None => (a.diagonal().zero_tangent(), a.zero_tangent()),
        };
        ((), l, v)
    };
    |seed, bar| if let Some(saved) = saved {
        pull_eigen(a, saved, (&seed.1, &seed.2), bar);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| if let Some(saved) = saved {
            pull_eigen_twice(a, saved, (&seed.1, &seed.2), d, bar);
        };
    }
}

/// The tangents of the eigenvalues and eigenvectors.
#[track_caller]
fn push_eigen<T: Number + RealNumber, D: DimSub<U1>>(
    a: &Matrix<T, D, D, impl Storage<T, D, D>>,
    saved: &Eigen<T, D>,
    da: &OMatrix<T, D, D>,
) -> Eigen<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>,
{
    let (factors, order) = sorted(&saved.0, &saved.1);
    let (dl, dv) =
        <linalg::symmetric_eigen as Rule<T, 1>>::tangent([view(a)], &factors, [view(da)]);
    let dl = vector(unsorted(&row(dl.as_slice()), &order));
    (dl.redim(), unsorted(&dv, &order).redim())
}

/// Adds what their adjoints contribute to that of the matrix.
#[track_caller]
fn pull_eigen<T: Number + RealNumber, D: DimSub<U1>>(
    a: &Matrix<T, D, D, impl Storage<T, D, D>>,
    saved: &Eigen<T, D>,
    (l, v): (&OVector<T, D>, &OMatrix<T, D, D>),
    bar: &mut OMatrix<T, D, D>,
) where
    DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>,
{
    if let Some(share) = linalg::pull_distinct(&saved.0, &saved.1, l, v) {
        *bar += share;
        return;
    }
    let (factors, order) = sorted(&saved.0, &saved.1);
    let (seed, bar) = (sorted_by(&order, l, v), [view_mut(bar)]);
    <linalg::symmetric_eigen as Rule<T, 1>>::reverse([view(a)], &factors, seed, bar);
}

/// What the tangent of the matrix contributes to that of the reverse.
#[track_caller]
fn pull_eigen_twice<T: Number + RealNumber, D: DimSub<U1>>(
    a: &Matrix<T, D, D, impl Storage<T, D, D>>,
    saved: &Eigen<T, D>,
    (l, v): (&OVector<T, D>, &OMatrix<T, D, D>),
    d: &OMatrix<T, D, D>,
    bar: &mut OMatrix<T, D, D>,
) where
    DefaultAllocator: Allocator<D, D> + Allocator<DimDiff<D, U1>> + Allocator<D>,
{
    let (factors, order) = sorted(&saved.0, &saved.1);
    let (seed, bar) = (sorted_by(&order, l, v), [view_mut(bar)]);
    <linalg::symmetric_eigen as SecondRule<T, 1>>::reverse_tangent(
        [view(a)],
        (),
        &factors,
        [view(d)],
        seed,
        bar,
    );
}

/// The factors, eigenvalues ascending, and where nalgebra has the values.
type SortedValues<T> = (
    <linalg::symmetric_eigenvalues as Rule<T, 1>>::Saved,
    Vec<usize>,
);

method! {
    /// The eigenvalues of a symmetric matrix.
    symmetric_eigenvalues[T: Number + RealNumber, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> OVector<T, D>, saved: SortedValues<T>
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
    /// `e^A`: nalgebra's value, the derivatives of the rule.
    exp[T: Number + Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> OMatrix<T, D, D>, saved: Exponential<T, D>
    where [DefaultAllocator: Allocator<D, D> + Allocator<DimMinimum<D, D>> + Allocator<D>]
    = { let a = a.clone_owned(); let saved = Exponential::new(&a); (a.exp(), saved) };
    da => saved.derivative(da);
    |seed, bar| *bar += saved.derivative(&seed.transpose()).transpose();
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let y_bar = view(seed).clone_owned();
            add_second_of_series::<linalg::expm, T>(&view(a), (), &view(d), &y_bar, &mut view_mut(bar));
        };
    }
}
