//! Products and transposes.

use super::Number;
use super::method::method;
use nalgebra::allocator::{Allocator, SameShapeAllocator};
use nalgebra::constraint::{
    AreMultipliable, DimEq, SameNumberOfColumns, SameNumberOfRows, ShapeConstraint,
};
use nalgebra::{
    DefaultAllocator, Dim, DimMul, DimProd, Matrix, Matrix3, MatrixCross, MatrixSum, OMatrix,
    Storage, U1, U2, U3, Vector,
};

method! {
    /// `y_bar^T`
    transpose[T: Number, R: Dim, C: Dim, S: Storage<T, R, C>](a da: &Matrix<T, R, C, S>) -> OMatrix<T, C, R>, saved: ()
    where [DefaultAllocator: Allocator<R, C> + Allocator<C, R>] = (a.transpose(), ());
    da => da.transpose(); |seed, bar| *bar += seed.transpose();
    @ [a_bar a_dot] {}
}

method! {
    /// `sum a_ij b_ij`: `a_bar += y_bar b`, `b_bar += y_bar a`
    dot[T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> T, saved: ()
    where [
        ShapeConstraint: DimEq<R, R2> + DimEq<C, C2> + DimEq<R2, R> + DimEq<C2, C> + SameNumberOfRows<R, R2>
            + SameNumberOfColumns<C, C2> + SameNumberOfRows<R2, R> + SameNumberOfColumns<C2, C>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2>
    ] = (a.dot(b), ());
    da => da.dot(b); |seed, bar| bar.zip_apply(b, |x, y| *x += *seed * y);
    db => a.dot(db); |seed, bar| bar.zip_apply(a, |x, y| *x += *seed * y);
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| bar.zip_apply(d, |x, y| *x += *seed * y);
        b_dot(da): |seed, d, bar| bar.zip_apply(d, |x, y| *x += *seed * y);
    }
}

method! {
    /// `A^T B`: `A_bar += B Y_bar^T`, `B_bar += A Y_bar`
    tr_mul[T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> OMatrix<T, C, C2>, saved: ()
    where [
        ShapeConstraint: SameNumberOfRows<R, R2> + AreMultipliable<C, R, R2, C2> + AreMultipliable<R2, C2, C2, C>
            + AreMultipliable<R, C, C, C2> + SameNumberOfRows<R2, R> + SameNumberOfColumns<C2, C2>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2> + Allocator<C, C2> + Allocator<C2, C>
    ] = (a.tr_mul(b), ());
    da => da.tr_mul(b); |seed, bar| bar.gemm(T::__ONE, b, &seed.transpose(), T::__ONE);
    db => a.tr_mul(db); |seed, bar| bar.gemm(T::__ONE, a, seed, T::__ONE);
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| bar.gemm(T::__ONE, d, &seed.transpose(), T::__ONE);
        b_dot(da): |seed, d, bar| bar.gemm(T::__ONE, d, seed, T::__ONE);
    }
}

method! {
    /// `y_ij = a_ij b_ij`
    component_mul[T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> MatrixSum<T, R, C, R2, C2>, saved: ()
    where [
        ShapeConstraint: SameNumberOfRows<R, R2> + SameNumberOfColumns<C, C2>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2> + SameShapeAllocator<R, C, R2, C2>
    ] = (a.component_mul(b), ());
    da => da.component_mul(b); |seed, bar| add_products(bar, seed, b);
    db => a.component_mul(db); |seed, bar| add_products(bar, seed, a);
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| add_products(bar, seed, d);
        b_dot(da): |seed, d, bar| add_products(bar, seed, d);
    }
}

method! {
    /// `y_ij = a_ij / b_ij`
    component_div[T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> MatrixSum<T, R, C, R2, C2>, saved: ()
    where [
        ShapeConstraint: SameNumberOfRows<R, R2> + SameNumberOfColumns<C, C2>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2> + SameShapeAllocator<R, C, R2, C2>
    ] = (a.component_div(b), ());
    da => da.component_div(b);
    |seed, bar| for ((x, g), b) in bar.iter_mut().zip(seed.iter()).zip(b.iter()) {
        *x += *g / *b;
    };
    db => {
        let mut slope = a.component_div(b);
        for ((y, d), b) in slope.iter_mut().zip(db.iter()).zip(b.iter()) {
            *y = -*y * *d / *b;
        }
        slope
    };
    |seed, bar| for (((x, g), a), b) in bar.iter_mut().zip(seed.iter()).zip(a.iter()).zip(b.iter()) {
        *x -= *g * *a / (*b * *b);
    };
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| for (((x, g), b), d) in bar.iter_mut().zip(seed.iter()).zip(b.iter()).zip(d.iter()) {
            *x -= *g * *d / (*b * *b);
        };
        b_dot(da): |seed, d, bar| for (((x, g), b), d) in bar.iter_mut().zip(seed.iter()).zip(b.iter()).zip(d.iter()) {
            *x -= *g * *d / (*b * *b);
        };
        b_dot(db): |seed, d, bar| for (k, x) in bar.iter_mut().enumerate() {
            let once = seed[k] * a[k] * d[k] / (b[k] * b[k] * b[k]);
            *x += once + once;
        };
    }
}

/// `target_ij += a_ij b_ij`
fn add_products<T, R, C, R2, C2, R3, C3, S2, S3>(
    target: &mut OMatrix<T, R, C>,
    a: &Matrix<T, R2, C2, S2>,
    b: &Matrix<T, R3, C3, S3>,
) where
    T: Number,
    R: Dim,
    C: Dim,
    R2: Dim,
    C2: Dim,
    R3: Dim,
    C3: Dim,
    S2: Storage<T, R2, C2>,
    S3: Storage<T, R3, C3>,
    DefaultAllocator: Allocator<R, C>,
{
    for ((x, a), b) in target.iter_mut().zip(a.iter()).zip(b.iter()) {
        *x += *a * *b;
    }
}

method! {
    /// `a x b`: `a_bar += b x y_bar`, `b_bar += y_bar x a`
    cross[T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> MatrixCross<T, R, C, R2, C2>, saved: ()
    where [
        ShapeConstraint: SameNumberOfRows<R, R2> + SameNumberOfColumns<C, C2>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2> + SameShapeAllocator<R, C, R2, C2>
    ] = (a.cross(b), ());
    da => da.cross(b); |seed, bar| add_cross(bar.as_mut_slice(), &triple(b), seed.as_slice());
    db => a.cross(db); |seed, bar| add_cross(bar.as_mut_slice(), seed.as_slice(), &triple(a));
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| add_cross(bar.as_mut_slice(), d.as_slice(), seed.as_slice());
        b_dot(da): |seed, d, bar| add_cross(bar.as_mut_slice(), seed.as_slice(), d.as_slice());
    }
}

/// The three elements of a vector.
fn triple<T: Number, R: Dim, C: Dim, S: Storage<T, R, C>>(a: &Matrix<T, R, C, S>) -> [T; 3] {
    [0, 1, 2].map(|k| a[k])
}

/// `target += a x b`
fn add_cross<T: Number>(target: &mut [T], a: &[T], b: &[T]) {
    target[0] += a[1] * b[2] - a[2] * b[1];
    target[1] += a[2] * b[0] - a[0] * b[2];
    target[2] += a[0] * b[1] - a[1] * b[0];
}

method! {
    /// Blocks `a_ij B`: `a_bar_ij += <Y_bar_ij, B>`, `B_bar += a_ij Y_bar_ij`
    kronecker[T: Number, R: DimMul<R2>, C: DimMul<C2>, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> OMatrix<T, DimProd<R, R2>, DimProd<C, C2>>, saved: ()
    where [
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2> + Allocator<DimProd<R, R2>, DimProd<C, C2>>
    ] = (a.kronecker(b), ());
    da => da.kronecker(b);
    |seed, bar| each_block(a.shape(), b.shape(), |i, j, k, l, at| bar[(i, j)] += seed[at] * b[(k, l)]);
    db => a.kronecker(db);
    |seed, bar| each_block(a.shape(), b.shape(), |i, j, k, l, at| bar[(k, l)] += seed[at] * a[(i, j)]);
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| each_block(a.shape(), b.shape(), |i, j, k, l, at| bar[(i, j)] += seed[at] * d[(k, l)]);
        b_dot(da): |seed, d, bar| each_block(a.shape(), b.shape(), |i, j, k, l, at| bar[(k, l)] += seed[at] * d[(i, j)]);
    }
}

/// Every element of a Kronecker product: its factors' indices and its own.
fn each_block(
    outer: (usize, usize),
    inner: (usize, usize),
    mut f: impl FnMut(usize, usize, usize, usize, (usize, usize)),
) {
    for (j, l) in pairs(outer.1, inner.1) {
        for (i, k) in pairs(outer.0, inner.0) {
            f(i, j, k, l, (i * inner.0 + k, j * inner.1 + l));
        }
    }
}

fn pairs(m: usize, n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..m).flat_map(move |i| (0..n).map(move |k| (i, k)))
}

method! {
    /// `tr A`: `A_bar += y_bar I`
    trace[T: Number, D: Dim, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> T, saved: ()
    where [DefaultAllocator: Allocator<D, D>] = (a.trace(), ());
    da => da.trace(); |seed, bar| for i in 0..bar.nrows() { bar[(i, i)] += *seed };
    @ [a_bar a_dot] {}
}

method! {
    /// `(A + A^T) / 2`
    symmetric_part[T: Number, D: Dim, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> OMatrix<T, D, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D>] = (a.symmetric_part(), ());
    da => da.symmetric_part(); |seed, bar| *bar += seed.symmetric_part();
    @ [a_bar a_dot] {}
}

method! {
    /// `sum a_ij b_ji`
    tr_dot[T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> T, saved: ()
    where [
        ShapeConstraint: DimEq<C, R2> + DimEq<R, C2>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2>
    ] = (a.tr_dot(b), ());
    da => da.tr_dot(b);
    |seed, bar| for (i, j) in pairs(b.ncols(), b.nrows()) { bar[(i, j)] += *seed * b[(j, i)]; };
    db => a.tr_dot(db);
    |seed, bar| for (i, j) in pairs(a.ncols(), a.nrows()) { bar[(i, j)] += *seed * a[(j, i)]; };
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| for (i, j) in pairs(d.ncols(), d.nrows()) { bar[(i, j)] += *seed * d[(j, i)]; };
        b_dot(da): |seed, d, bar| for (i, j) in pairs(d.ncols(), d.nrows()) { bar[(i, j)] += *seed * d[(j, i)]; };
    }
}

method! {
    /// `a_x b_y - a_y b_x`
    perp[T: Number, R: Dim, C: Dim, R2: Dim, C2: Dim, S: Storage<T, R, C>, S2: Storage<T, R2, C2>]
    (a da: &Matrix<T, R, C, S>, b db: &Matrix<T, R2, C2, S2>) -> T, saved: ()
    where [
        ShapeConstraint: DimEq<R, U2> + SameNumberOfRows<R, U2> + SameNumberOfColumns<C, U1>
            + SameNumberOfRows<R2, U2> + SameNumberOfColumns<C2, U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<R2, C2>
    ] = (a.perp(b), ());
    da => da.perp(b); |seed, bar| { bar[0] += *seed * b[1]; bar[1] -= *seed * b[0]; };
    db => a.perp(db); |seed, bar| { bar[0] -= *seed * a[1]; bar[1] += *seed * a[0]; };
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(db): |seed, d, bar| { bar[0] += *seed * d[1]; bar[1] -= *seed * d[0]; };
        b_dot(da): |seed, d, bar| { bar[0] -= *seed * d[1]; bar[1] += *seed * d[0]; };
    }
}

method! {
    /// The matrix of `a x`: `a_bar_x += Y_bar_zy - Y_bar_yz`, and so on.
    cross_matrix[T: Number, S: Storage<T, U3>](a da: &Vector<T, U3, S>) -> Matrix3<T>, saved: ()
    where [] = (a.cross_matrix(), ());
    da => da.cross_matrix();
    |seed, bar| for (k, (i, j)) in [(2, 1), (0, 2), (1, 0)].into_iter().enumerate() {
        bar[k] += seed[(i, j)] - seed[(j, i)];
    };
    @ [a_bar a_dot] {}
}
