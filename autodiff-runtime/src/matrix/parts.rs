//! Rows, columns, blocks, diagonals: read by a copy, and the adjoint of the copy added to that of the part.

use super::Number;
use super::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{Const, DefaultAllocator, Dim, Dyn, Matrix, OMatrix, OVector, RowOVector, Storage};

method! {
    /// Row `i`.
    row[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; i: usize) -> RowOVector<T, C>, saved: ()
    where [DefaultAllocator: Allocator<R, C> + Allocator<Const<1>, C>] = (a.row(i).into_owned(), ());
    da => da.row(i).into_owned(); |seed, bar| { let mut part = bar.row_mut(i); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// Column `j`.
    column[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; j: usize) -> OVector<T, R>, saved: ()
    where [DefaultAllocator: Allocator<R, C> + Allocator<R>] = (a.column(j).into_owned(), ());
    da => da.column(j).into_owned(); |seed, bar| { let mut part = bar.column_mut(j); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// `n` rows from row `i`.
    rows[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; i: usize, n: usize) -> OMatrix<T, Dyn, C>, saved: ()
    where [DefaultAllocator: Allocator<R, C> + Allocator<Dyn, C>] = (a.rows(i, n).into_owned(), ());
    da => da.rows(i, n).into_owned(); |seed, bar| { let mut part = bar.rows_mut(i, n); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// `n` columns from column `j`.
    columns[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; j: usize, n: usize) -> OMatrix<T, R, Dyn>, saved: ()
    where [DefaultAllocator: Allocator<R, C> + Allocator<R, Dyn>] = (a.columns(j, n).into_owned(), ());
    da => da.columns(j, n).into_owned(); |seed, bar| { let mut part = bar.columns_mut(j, n); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// The block of a shape from an element on.
    view[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; start: (usize, usize), shape: (usize, usize)) -> OMatrix<T, Dyn, Dyn>, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (a.view(start, shape).into_owned(), ());
    da => da.view(start, shape).into_owned(); |seed, bar| { let mut part = bar.view_mut(start, shape); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// The block of a constant shape from an element on.
    fixed_view[const M: usize, const N: usize, T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; i: usize, j: usize) -> OMatrix<T, Const<M>, Const<N>>, saved: ([(); M], [(); N])
    where [DefaultAllocator: Allocator<R, C> + Allocator<Const<M>, Const<N>>] = (a.fixed_view::<M, N>(i, j).into_owned(), ([(); M], [(); N]));
    da => da.fixed_view::<M, N>(i, j).into_owned(); |seed, bar| { let mut part = bar.fixed_view_mut::<M, N>(i, j); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// A constant number of rows from row `i`.
    fixed_rows[const M: usize, T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; i: usize) -> OMatrix<T, Const<M>, C>, saved: [(); M]
    where [DefaultAllocator: Allocator<R, C> + Allocator<Const<M>, C>] = (a.fixed_rows::<M>(i).into_owned(), [(); M]);
    da => da.fixed_rows::<M>(i).into_owned(); |seed, bar| { let mut part = bar.fixed_rows_mut::<M>(i); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// A constant number of columns from column `j`.
    fixed_columns[const N: usize, T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; j: usize) -> OMatrix<T, R, Const<N>>, saved: [(); N]
    where [DefaultAllocator: Allocator<R, C> + Allocator<R, Const<N>>] = (a.fixed_columns::<N>(j).into_owned(), [(); N]);
    da => da.fixed_columns::<N>(j).into_owned(); |seed, bar| { let mut part = bar.fixed_columns_mut::<N>(j); part += seed; };
    @ [a_bar a_dot] {}
}

method! {
    /// The diagonal.
    diagonal[T: Number, D: Dim, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> OVector<T, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D>] = (a.diagonal(), ());
    da => da.diagonal(); |seed, bar| for (i, g) in seed.iter().enumerate() { bar[(i, i)] += *g };
    @ [a_bar a_dot] {}
}
