//! Matrices whose elements are those of another, elsewhere: rows and columns put in and taken out, other shapes, triangles.
//!
//! What is done to a matrix is done to the positions of its elements too, counted from one; so every element of the result knows where it
//! comes from, and its adjoint goes there. Those at position zero are new.

use super::Number;
use super::method::method;
use crate::tangent::Differentiable;
use nalgebra::allocator::{Allocator, Reallocator};
use nalgebra::{
    Const, DMatrix, DefaultAllocator, Dim, DimAdd, DimDiff, DimName, DimSub, DimSum, Dyn, Matrix,
    Matrix3, Matrix4, OMatrix, OPoint, OVector, PermutationSequence, SVector, Storage, U1, Vector,
};

/// The positions of the elements, counted from one.
fn positions<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>>(
    a: &Matrix<T, R, C, S>,
) -> OMatrix<usize, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let (rows, columns) = a.shape_generic();
    let rows_now = a.nrows();
    OMatrix::from_fn_generic(rows, columns, |i, j| j * rows_now + i + 1)
}

/// A list of indices, however it is given.
pub fn indices<'a>(list: impl IntoIterator<Item = &'a usize>) -> Vec<usize> {
    list.into_iter().copied().collect()
}

/// Adds every adjoint to that of the element it came from.
fn send_back<T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim>(
    seed: &OMatrix<T, R2, C2>,
    from: &OMatrix<usize, R2, C2>,
    bar: &mut OMatrix<T, R, C>,
) where
    DefaultAllocator: Allocator<R, C> + Allocator<R2, C2>,
{
    let bar = bar.as_mut_slice();
    for (g, at) in seed.iter().zip(from.iter()).filter(|(_, at)| **at > 0) {
        bar[at - 1] += *g;
    }
}

/// The sum of the adjoints of what is new.
fn new_ones<T: Number, R: Dim, C: Dim>(seed: &OMatrix<T, R, C>, from: &OMatrix<usize, R, C>) -> T
where
    DefaultAllocator: Allocator<R, C>,
{
    let new = seed.iter().zip(from.iter()).filter(|(_, at)| **at == 0);
    new.fold(T::__ZERO, |sum, (g, _)| sum + *g)
}

/// A method that puts elements elsewhere.
///
/// ```text
/// moved! {
///     /// Row `i` taken out.
///     remove_row[R: DimSub<U1>, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; i: usize) -> OMatrix<T, DimDiff<R, U1>, C>
///     where [..] = |m| m.remove_row(i);
/// }
/// ```
macro_rules! moved {
    (
        $(#[$doc:meta])*
        $name:ident$(<$(const $N:ident: usize),+>)?[$($generics:tt)*]($a:ident: $A:ty $(; $($k:ident: $K:ty),+)?) -> $Y:ty
        where [$($bounds:tt)*] = |$m:ident| $value:expr;
    ) => {
        method! {
            $(#[$doc])*
            $name[$($(const $N: usize,)+)? T: Number, $($generics)*](a da: &$A $(; $($k: $K),+)?) -> $Y, saved: ($($([(); $N],)+)?)
            where [$($bounds)*] = ({ let $m = a.clone_owned(); $value }, ($($([(); $N],)+)?));
            da => { let $m = da.clone(); $value };
            |seed, bar| { let $m = positions(a); send_back(seed, &$value, bar); };
            @ [a_bar a_dot] {}
        }
    };
}

/// A method that does this and fills what is new with a number.
macro_rules! filled {
    (
        $(#[$doc:meta])*
        $name:ident$(<$(const $N:ident: usize),+>)?[$($generics:tt)*]($a:ident: $A:ty, $v:ident $(; $($k:ident: $K:ty),+)?) -> $Y:ty
        where [$($bounds:tt)*] = |$m:ident| $value:expr;
    ) => {
        method! {
            $(#[$doc])*
            $name[$($(const $N: usize,)+)? T: Number, $($generics)*](a da: &$A, value dvalue: &T $(; $($k: $K),+)?) -> $Y, saved: ($($([(); $N],)+)?)
            where [$($bounds)*] = ({ let ($m, $v) = (a.clone_owned(), *value); $value }, ($($([(); $N],)+)?));
            da => { let ($m, $v) = (da.clone(), T::__ZERO); $value };
            |seed, bar| { let ($m, $v) = (positions(a), 0); send_back(seed, &$value, bar); };
            dvalue => { let ($m, $v) = (a.map(|_| T::__ZERO), *dvalue); $value };
            |seed, bar| { let ($m, $v) = (positions(a), 0); *bar += new_ones(seed, &$value); };
            @ [a_bar a_dot, value_bar value_dot] {}
        }
    };
}

moved! {
    /// What is above the diagonal is zero.
    lower_triangle[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>) -> OMatrix<T, R, C>
    where [DefaultAllocator: Allocator<R, C>] = |m| m.lower_triangle();
}

moved! {
    /// What is below the diagonal is zero.
    upper_triangle[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>) -> OMatrix<T, R, C>
    where [DefaultAllocator: Allocator<R, C>] = |m| m.upper_triangle();
}

/// A method that exchanges rows or columns.
macro_rules! exchanged {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        moved! {
            $(#[$doc])*
            $name[R: Dim, C: Dim, D: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; p: PermutationSequence<D>) -> OMatrix<T, R, C>
            where [DefaultAllocator: Allocator<R, C> + Allocator<D>] = |m| {
                let mut m = m;
                p.$name(&mut m);
                m
            };
        }
    )+};
}

exchanged! {
    /// The rows exchanged as in a factorisation.
    permute_rows
    /// The rows exchanged back.
    inv_permute_rows
    /// The columns exchanged as in a factorisation.
    permute_columns
    /// The columns exchanged back.
    inv_permute_columns
}

moved! {
    /// Row `i` taken out.
    remove_row[R: DimSub<U1>, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; i: usize) -> OMatrix<T, DimDiff<R, U1>, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<DimDiff<R, U1>, C> + Reallocator<T, R, C, DimDiff<R, U1>, C>
            + Reallocator<usize, R, C, DimDiff<R, U1>, C>
    ] = |m| m.remove_row(i);
}

moved! {
    /// Column `i` taken out.
    remove_column[R: Dim, C: DimSub<U1>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; i: usize) -> OMatrix<T, R, DimDiff<C, U1>>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, DimDiff<C, U1>> + Reallocator<T, R, C, R, DimDiff<C, U1>>
            + Reallocator<usize, R, C, R, DimDiff<C, U1>>
    ] = |m| m.remove_column(i);
}

moved! {
    /// `n` rows from row `i` taken out.
    remove_rows[C: Dim, R: DimSub<Dyn, Output = Dyn>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; i: usize, n: usize) -> OMatrix<T, Dyn, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<Dyn, C> + Reallocator<T, R, C, Dyn, C> + Reallocator<usize, R, C, Dyn, C>
    ] = |m| m.remove_rows(i, n);
}

moved! {
    /// `n` columns from column `i` taken out.
    remove_columns[R: Dim, C: DimSub<Dyn, Output = Dyn>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; i: usize, n: usize) -> OMatrix<T, R, Dyn>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, Dyn> + Reallocator<T, R, C, R, Dyn> + Reallocator<usize, R, C, R, Dyn>
    ] = |m| m.remove_columns(i, n);
}

filled! {
    /// A row of one number at `i`.
    insert_row[R: DimAdd<U1>, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; i: usize) -> OMatrix<T, DimSum<R, U1>, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<DimSum<R, U1>, C> + Reallocator<T, R, C, DimSum<R, U1>, C>
            + Reallocator<usize, R, C, DimSum<R, U1>, C>
    ] = |m| m.insert_row(i, v);
}

filled! {
    /// A column of one number at `i`.
    insert_column[R: Dim, C: DimAdd<U1>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; i: usize) -> OMatrix<T, R, DimSum<C, U1>>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, DimSum<C, U1>> + Reallocator<T, R, C, R, DimSum<C, U1>>
            + Reallocator<usize, R, C, R, DimSum<C, U1>>
    ] = |m| m.insert_column(i, v);
}

filled! {
    /// `n` rows of one number at `i`.
    insert_rows[R: DimAdd<Dyn, Output = Dyn>, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; i: usize, n: usize) -> OMatrix<T, Dyn, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<Dyn, C> + Reallocator<T, R, C, Dyn, C> + Reallocator<usize, R, C, Dyn, C>
    ] = |m| m.insert_rows(i, n, v);
}

filled! {
    /// `n` columns of one number at `i`.
    insert_columns[R: Dim, C: DimAdd<Dyn, Output = Dyn>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; i: usize, n: usize) -> OMatrix<T, R, Dyn>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, Dyn> + Reallocator<T, R, C, R, Dyn> + Reallocator<usize, R, C, R, Dyn>
    ] = |m| m.insert_columns(i, n, v);
}

moved! {
    /// The rows at some positions taken out.
    remove_rows_at[R: DimSub<Dyn, Output = Dyn>, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; rows: Vec<usize>) -> OMatrix<T, Dyn, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<Dyn, C> + Reallocator<T, R, C, Dyn, C> + Reallocator<usize, R, C, Dyn, C>
    ] = |m| m.remove_rows_at(&rows);
}

moved! {
    /// The columns at some positions taken out.
    remove_columns_at[R: Dim, C: DimSub<Dyn, Output = Dyn>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; columns: Vec<usize>) -> OMatrix<T, R, Dyn>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, Dyn> + Reallocator<T, R, C, R, Dyn> + Reallocator<usize, R, C, R, Dyn>
    ] = |m| m.remove_columns_at(&columns);
}

moved! {
    /// A constant number of rows from row `i` taken out.
    remove_fixed_rows<const N: usize>[R: DimSub<Const<N>>, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; i: usize) -> OMatrix<T, DimDiff<R, Const<N>>, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<DimDiff<R, Const<N>>, C> + Reallocator<T, R, C, DimDiff<R, Const<N>>, C>
            + Reallocator<usize, R, C, DimDiff<R, Const<N>>, C>
    ] = |m| m.remove_fixed_rows::<N>(i);
}

moved! {
    /// A constant number of columns from column `i` taken out.
    remove_fixed_columns<const N: usize>[R: Dim, C: DimSub<Const<N>>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; i: usize) -> OMatrix<T, R, DimDiff<C, Const<N>>>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, DimDiff<C, Const<N>>> + Reallocator<T, R, C, R, DimDiff<C, Const<N>>>
            + Reallocator<usize, R, C, R, DimDiff<C, Const<N>>>
    ] = |m| m.remove_fixed_columns::<N>(i);
}

filled! {
    /// A constant number of rows of one number at `i`.
    insert_fixed_rows<const N: usize>[R: DimAdd<Const<N>>, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; i: usize) -> OMatrix<T, DimSum<R, Const<N>>, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<DimSum<R, Const<N>>, C> + Reallocator<T, R, C, DimSum<R, Const<N>>, C>
            + Reallocator<usize, R, C, DimSum<R, Const<N>>, C>
    ] = |m| m.insert_fixed_rows::<N>(i, v);
}

filled! {
    /// A constant number of columns of one number at `i`.
    insert_fixed_columns<const N: usize>[R: Dim, C: DimAdd<Const<N>>, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; i: usize) -> OMatrix<T, R, DimSum<C, Const<N>>>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, DimSum<C, Const<N>>> + Reallocator<T, R, C, R, DimSum<C, Const<N>>>
            + Reallocator<usize, R, C, R, DimSum<C, Const<N>>>
    ] = |m| m.insert_fixed_columns::<N>(i, v);
}

filled! {
    /// Another, constant shape; what is new is one number.
    fixed_resize<const M: usize, const N: usize>[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v) -> OMatrix<T, Const<M>, Const<N>>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<Const<M>, Const<N>> + Reallocator<T, R, C, Const<M>, Const<N>>
            + Reallocator<usize, R, C, Const<M>, Const<N>>
    ] = |m| m.fixed_resize::<M, N>(v);
}

filled! {
    /// Another shape; what is new is one number.
    resize[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; rows: usize, columns: usize) -> DMatrix<T>
    where [DefaultAllocator: Allocator<R, C> + Reallocator<T, R, C, Dyn, Dyn> + Reallocator<usize, R, C, Dyn, Dyn>]
    = |m| m.resize(rows, columns, v);
}

filled! {
    /// Another number of rows.
    resize_vertically[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; rows: usize) -> OMatrix<T, Dyn, C>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<Dyn, C> + Reallocator<T, R, C, Dyn, C> + Reallocator<usize, R, C, Dyn, C>
    ] = |m| m.resize_vertically(rows, v);
}

filled! {
    /// Another number of columns.
    resize_horizontally[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>, v; columns: usize) -> OMatrix<T, R, Dyn>
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R, Dyn> + Reallocator<T, R, C, R, Dyn> + Reallocator<usize, R, C, R, Dyn>
    ] = |m| m.resize_horizontally(columns, v);
}

filled! {
    /// One more element at the end of a vector.
    push[D: DimAdd<U1>, S: Storage<T, D>](a: Vector<T, D, S>, v) -> OVector<T, DimSum<D, U1>>
    where [DefaultAllocator: Allocator<D> + Allocator<DimSum<D, U1>>] = |m| m.push(v);
}

/// What has one more coordinate when it is homogeneous.
pub trait Homogeneous<T: Number>: Differentiable {
    /// What it is then.
    type Wide: Differentiable<Tangent = Self::Wide>;
    /// nalgebra's `to_homogeneous`.
    fn homogeneous(&self) -> Self::Wide;
    /// What a tangent becomes.
    fn widened(d: &Self::Tangent) -> Self::Wide;
    /// Adds what belongs to the coordinates.
    fn narrow(wide: &Self::Wide, bar: &mut Self::Tangent);
}

/// Of coordinates, with another one at the end.
macro_rules! homogeneous {
    ([$($generics:tt)*] $X:ty, $D:ident, |$a:ident| $value:expr) => {
        impl<T: Number, $($generics)*> Homogeneous<T> for $X
        where
            DefaultAllocator: Allocator<$D> + Allocator<DimSum<$D, U1>>,
        {
            type Wide = OVector<T, DimSum<$D, U1>>;
            #[inline]
            fn homogeneous(&self) -> Self::Wide {
                let $a = self;
                $value
            }
            #[inline]
            fn widened(d: &Self::Tangent) -> Self::Wide {
                d.push(T::__ZERO)
            }
            #[inline]
            fn narrow(wide: &Self::Wide, bar: &mut Self::Tangent) {
                bar.iter_mut().zip(wide.iter()).for_each(|(x, g)| *x += *g);
            }
        }
    };
}

homogeneous!([D: DimAdd<U1>, S: Storage<T, D>] Vector<T, D, S>, D, |a| a.push(T::__ZERO));
homogeneous!([D: DimName + DimAdd<U1>] OPoint<T, D>, D, |a| a.coords.push(T::__ONE));

/// Of square matrices.
macro_rules! homogeneous_matrix {
    ($($D:literal $Wide:ident),*) => {$(
        impl<T: Number, S: Storage<T, Const<$D>, Const<$D>>> Homogeneous<T> for Matrix<T, Const<$D>, Const<$D>, S> {
            type Wide = $Wide<T>;
            #[inline]
            fn homogeneous(&self) -> $Wide<T> {
                self.to_homogeneous()
            }
            #[inline]
            fn widened(d: &Self::Tangent) -> $Wide<T> {
                let mut wide = d.to_homogeneous();
                wide[($D, $D)] = T::__ZERO;
                wide
            }
            #[inline]
            fn narrow(wide: &$Wide<T>, bar: &mut Self::Tangent) {
                *bar += wide.fixed_view::<$D, $D>(0, 0);
            }
        }
    )*};
}

homogeneous_matrix!(2 Matrix3, 3 Matrix4);

method! {
    /// A vector with a zero at its end, a point with a one, a matrix with a row and a column of the identity.
    to_homogeneous[T: Number, H: Homogeneous<T>](a da: &H) -> H::Wide, saved: ()
    where [] = (a.homogeneous(), ());
    da => H::widened(da);
    |seed, bar| H::narrow(seed, bar);
    @ [a_bar a_dot] {}
}

/// What has elements by their letters: a vector, and a point, of which they are one again.
pub trait Lettered<T: Number, const N: usize>: Differentiable {
    /// The elements.
    type Picked: Differentiable<Tangent = SVector<T, N>>;
    /// Those of these letters.
    fn picked(&self, letters: &str) -> Self::Picked;
    /// Their tangent.
    fn pushed(d: &Self::Tangent, letters: &str) -> SVector<T, N>;
    /// Adds what belongs to each.
    fn pulled(seed: &SVector<T, N>, letters: &str, bar: &mut Self::Tangent);
}

/// By those of the coordinates.
macro_rules! lettered {
    ([$($generics:tt)*] $X:ty, $Picked:ty, |$a:ident| $coords:expr, $made:path) => {
        impl<T: Number, $($generics)*, const N: usize> Lettered<T, N> for $X
        where
            DefaultAllocator: Allocator<D>,
        {
            type Picked = $Picked;
            #[inline]
            fn picked(&self, letters: &str) -> $Picked {
                let $a = self;
                $made(swizzle::<T, D, _, N>($coords, letters))
            }
            #[inline]
            fn pushed(d: &Self::Tangent, letters: &str) -> SVector<T, N> {
                swizzle(d, letters)
            }
            #[inline]
            fn pulled(seed: &SVector<T, N>, letters: &str, bar: &mut Self::Tangent) {
                for (letter, g) in letters.bytes().zip(seed.iter()) {
                    bar[usize::from(letter - b'x')] += *g;
                }
            }
        }
    };
}

lettered!([D: Dim, S: Storage<T, D>] Vector<T, D, S>, SVector<T, N>, |a| a, std::convert::identity);
lettered!([D: DimName] OPoint<T, D>, OPoint<T, Const<N>>, |a| &a.coords, point);

fn point<T: Number, const N: usize>(coords: SVector<T, N>) -> OPoint<T, Const<N>> {
    OPoint::from(coords)
}

/// Elements by their letters.
macro_rules! swizzles {
    ($($name:ident $n:literal,)*) => {$(
        method! {
            /// Elements of a vector or a point.
            $name[T: Number, V: Lettered<T, $n>](a da: &V) -> V::Picked, saved: ()
            where [] = (a.picked(stringify!($name)), ());
            da => V::pushed(da, stringify!($name));
            |seed, bar| V::pulled(seed, stringify!($name), bar);
            @ [a_bar a_dot] {}
        }
    )*};
}

swizzles! { xx 2, xy 2, xz 2, yx 2, yy 2, yz 2, zx 2, zy 2, zz 2, xyz 3, xzy 3, yxz 3, yzx 3, zxy 3, zyx 3, }

fn swizzle<X: nalgebra::Scalar + Copy, D: Dim, S: Storage<X, D>, const N: usize>(
    a: &Vector<X, D, S>,
    letters: &str,
) -> SVector<X, N> {
    let letters = letters.as_bytes();
    SVector::<X, N>::from_fn(|i, _| a[usize::from(letters[i] - b'x')])
}

moved! {
    /// The rows at some positions.
    select_rows[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; rows: Vec<usize>) -> OMatrix<T, Dyn, C>
    where [DefaultAllocator: Allocator<R, C> + Allocator<Dyn, C>] = |m| m.select_rows(rows.iter());
}

moved! {
    /// The columns at some positions.
    select_columns[R: Dim, C: Dim, S: Storage<T, R, C>](a: Matrix<T, R, C, S>; columns: Vec<usize>) -> OMatrix<T, R, Dyn>
    where [DefaultAllocator: Allocator<R, C> + Allocator<R, Dyn>] = |m| m.select_columns(columns.iter());
}

method! {
    /// The elements in another precision.
    cast[U: Number, T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> OMatrix<U, R, C>, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (a.map(rounded), ());
    @unread(a)
    da => da.map(rounded); |seed, bar| *bar += seed.map(rounded);
    @ [a_bar a_dot] {}
}

fn rounded<T: Number, U: Number>(x: T) -> U {
    nalgebra::convert(x.__to_f64())
}
