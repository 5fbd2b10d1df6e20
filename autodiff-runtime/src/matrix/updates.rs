//! Changes in place, as functions of what was there: generated code assigns the result.

use super::Number;
use super::method::method;
use crate::ops::Scale;
use nalgebra::allocator::Allocator;
use nalgebra::constraint::{
    AreMultipliable, DimEq, SameNumberOfColumns, SameNumberOfRows, ShapeConstraint,
};
use nalgebra::{DefaultAllocator, Dim, Matrix, OMatrix, OVector, Storage, U1, Vector};

/// `change(&mut a)`, of a copy.
fn changed<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>>(
    a: &Matrix<T, R, C, S>,
    change: impl FnOnce(&mut OMatrix<T, R, C>),
) -> OMatrix<T, R, C>
where
    DefaultAllocator: Allocator<R, C>,
{
    let mut a = a.clone_owned();
    change(&mut a);
    a
}

method! {
    /// `y = a x + b y`
    axpy[T: Number, D: Dim, D2: Dim, S: Storage<T, D>, S2: Storage<T, D2>]
    (y dy: &Vector<T, D, S>, a da: &T, x dx: &Vector<T, D2, S2>, b db: &T) -> OVector<T, D>, saved: ()
    where [
        ShapeConstraint: DimEq<D, D2> + DimEq<D2, D> + DimEq<U1, U1> + DimEq<D, D>,
        DefaultAllocator: Allocator<D> + Allocator<D2>
    ] = (changed(y, |y| y.axpy(*a, x, *b)), ());
    dy => dy * *b; |seed, bar| bar.add_scaled(seed, b);
    da => changed(y, |y| y.axpy(*da, x, T::__ZERO)); |seed, bar| *bar += x.dot(seed);
    dx => changed(y, |y| y.axpy(*a, dx, T::__ZERO)); |seed, bar| bar.axpy(*a, seed, T::__ONE);
    db => y * *db; |seed, bar| *bar += seed.dot(y);
    @ [y_bar y_dot, a_bar a_dot, x_bar x_dot, b_bar b_dot] {
        y_dot(db): |seed, d, bar| bar.add_scaled(seed, d);
        b_dot(dy): |seed, d, bar| *bar += seed.dot(d);
        a_dot(dx): |seed, d, bar| *bar += d.dot(seed);
        x_dot(da): |seed, d, bar| bar.axpy(*d, seed, T::__ONE);
    }
}

/// `y = alpha f(A, x) + beta y`, where `f` is a product.
macro_rules! product_update {
    (
        $(#[$doc:meta])*
        $name:ident[$($generics:tt)*]($Y:ty, $A:ty, $X:ty) -> $O:ty where [$($bounds:tt)*];
        |$a:ident, $x:ident, $seed:ident| a: $a_bar:expr, x: $x_bar:expr
    ) => {
        method! {
            $(#[$doc])*
            $name[T: Number, $($generics)*](y dy: &$Y, alpha dalpha: &T, a da: &$A, x dx: &$X, beta dbeta: &T) -> $O, saved: ()
            where [$($bounds)*] = (changed(y, |y| y.$name(*alpha, a, x, *beta)), ());
            dy => dy * *beta; |seed, bar| bar.add_scaled(seed, beta);
            dalpha => changed(y, |y| y.$name(*dalpha, a, x, T::__ZERO));
            |seed, bar| *bar += changed(y, |y| y.$name(T::__ONE, a, x, T::__ZERO)).dot(seed);
            da => changed(y, |y| y.$name(*alpha, da, x, T::__ZERO));
            |seed, bar| { let ($a, $x, $seed) = (a, x, &(seed * *alpha)); *bar += $a_bar; };
            dx => changed(y, |y| y.$name(*alpha, a, dx, T::__ZERO));
            |seed, bar| { let ($a, $x, $seed) = (a, x, &(seed * *alpha)); *bar += $x_bar; };
            dbeta => y * *dbeta; |seed, bar| *bar += seed.dot(y);
            @ [y_bar y_dot, alpha_bar alpha_dot, a_bar a_dot, x_bar x_dot, beta_bar beta_dot] {
                y_dot(dbeta): |seed, d, bar| bar.add_scaled(seed, d);
                beta_dot(dy): |seed, d, bar| *bar += seed.dot(d);
                alpha_dot(da): |seed, d, bar| *bar += changed(y, |y| y.$name(T::__ONE, d, x, T::__ZERO)).dot(seed);
                alpha_dot(dx): |seed, d, bar| *bar += changed(y, |y| y.$name(T::__ONE, a, d, T::__ZERO)).dot(seed);
                a_dot(dalpha): |seed, d, bar| { let ($a, $x, $seed) = (a, x, &(seed * *d)); *bar += $a_bar; };
                a_dot(dx): |seed, d, bar| { let ($a, $x, $seed) = (a, d, &(seed * *alpha)); *bar += $a_bar; };
                x_dot(dalpha): |seed, d, bar| { let ($a, $x, $seed) = (a, x, &(seed * *d)); *bar += $x_bar; };
                x_dot(da): |seed, d, bar| { let ($a, $x, $seed) = (d, x, &(seed * *alpha)); *bar += $x_bar; };
            }
        }
    };
}

product_update! {
    /// `y = alpha A x + beta y`
    gemv[R: Dim, C: Dim, D: Dim, S: Storage<T, R>, SA: Storage<T, R, C>, SX: Storage<T, D>]
    (Vector<T, R, S>, Matrix<T, R, C, SA>, Vector<T, D, SX>) -> OVector<T, R>
    where [
        ShapeConstraint: DimEq<R, R> + DimEq<U1, U1> + AreMultipliable<R, C, D, U1> + AreMultipliable<R, U1, U1, D>
            + SameNumberOfColumns<C, D> + SameNumberOfColumns<D, C> + SameNumberOfRows<D, C>,
        DefaultAllocator: Allocator<R> + Allocator<R, C> + Allocator<D> + Allocator<R, D> + Allocator<C> + Allocator<U1, D>
    ];
    |a, x, seed| a: seed * x.transpose(), x: a.tr_mul(seed)
}

product_update! {
    /// `y = alpha A^T x + beta y`
    gemv_tr[R: Dim, C: Dim, D: Dim, S: Storage<T, C>, SA: Storage<T, R, C>, SX: Storage<T, D>]
    (Vector<T, C, S>, Matrix<T, R, C, SA>, Vector<T, D, SX>) -> OVector<T, C>
    where [
        ShapeConstraint: DimEq<C, C> + DimEq<U1, U1> + AreMultipliable<C, R, D, U1> + AreMultipliable<D, U1, U1, C>
            + AreMultipliable<R, C, C, U1> + SameNumberOfRows<D, R> + SameNumberOfRows<R, D> + DimEq<C, C>,
        DefaultAllocator: Allocator<R> + Allocator<R, C> + Allocator<D> + Allocator<D, C> + Allocator<C> + Allocator<U1, C>
    ];
    |a, x, seed| a: x * seed.transpose(), x: a * seed
}

product_update! {
    /// `Y = alpha A B + beta Y`
    gemm[R: Dim, C: Dim, K: Dim, S: Storage<T, R, C>, SA: Storage<T, R, K>, SB: Storage<T, K, C>]
    (Matrix<T, R, C, S>, Matrix<T, R, K, SA>, Matrix<T, K, C, SB>) -> OMatrix<T, R, C>
    where [
        ShapeConstraint: AreMultipliable<R, K, K, C> + AreMultipliable<R, C, C, K> + AreMultipliable<K, R, R, C>
            + SameNumberOfRows<R, R> + SameNumberOfColumns<C, C> + DimEq<R, R> + DimEq<C, C>,
        DefaultAllocator: Allocator<R, C> + Allocator<R, K> + Allocator<K, C> + Allocator<C, K>
    ];
    |a, x, seed| a: seed * x.transpose(), x: a.tr_mul(seed)
}

product_update! {
    /// `Y = alpha A^T B + beta Y`
    gemm_tr[R: Dim, C: Dim, K: Dim, S: Storage<T, R, C>, SA: Storage<T, K, R>, SB: Storage<T, K, C>]
    (Matrix<T, R, C, S>, Matrix<T, K, R, SA>, Matrix<T, K, C, SB>) -> OMatrix<T, R, C>
    where [
        ShapeConstraint: AreMultipliable<R, K, K, C> + AreMultipliable<K, C, C, R> + AreMultipliable<K, R, R, C>
            + SameNumberOfRows<K, K> + SameNumberOfRows<R, R> + SameNumberOfColumns<C, C> + DimEq<R, R> + DimEq<C, C>,
        DefaultAllocator: Allocator<R, C> + Allocator<K, R> + Allocator<K, C> + Allocator<C, R>
    ];
    |a, x, seed| a: x * seed.transpose(), x: a * seed
}

product_update! {
    /// `Y = alpha u v^T + beta Y`
    ger[R: Dim, C: Dim, S: Storage<T, R, C>, SU: Storage<T, R>, SV: Storage<T, C>]
    (Matrix<T, R, C, S>, Vector<T, R, SU>, Vector<T, C, SV>) -> OMatrix<T, R, C>
    where [
        ShapeConstraint: DimEq<R, R> + DimEq<C, C> + AreMultipliable<R, C, C, U1> + AreMultipliable<C, R, R, U1>
            + SameNumberOfRows<R, R>,
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<C>
    ];
    |a, x, seed| a: seed * x, x: seed.tr_mul(a)
}

method! {
    /// Two rows exchanged.
    swap_rows[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; i: usize, j: usize) -> OMatrix<T, R, C>, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (changed(a, |a| a.swap_rows(i, j)), ());
    da => changed(da, |a| a.swap_rows(i, j)); |seed, bar| *bar += changed(seed, |a| a.swap_rows(i, j));
    @ [a_bar a_dot] {}
}

method! {
    /// Two columns exchanged.
    swap_columns[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>; i: usize, j: usize) -> OMatrix<T, R, C>, saved: ()
    where [DefaultAllocator: Allocator<R, C>] = (changed(a, |a| a.swap_columns(i, j)), ());
    da => changed(da, |a| a.swap_columns(i, j)); |seed, bar| *bar += changed(seed, |a| a.swap_columns(i, j));
    @ [a_bar a_dot] {}
}
