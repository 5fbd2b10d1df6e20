//! The Kronecker product.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::bilinear;
use crate::linalg::shape::{View, ViewMut};
use nalgebra::{DMatrix, DimMul, DimProd};

rule! {
    /// The Kronecker product `Y`, made of the blocks `A_ij B`.
    ///
    /// `A` n x m, `B` k x l, `Y` nk x ml. $\dot Y = \dot A \otimes B + A \otimes \dot B$; $\bar A_{ij} = \langle B, \bar Y_{ij} \rangle$,
    /// $\bar B = \sum_{ij} \overline{A_{ij}} \bar Y_{ij}$ over the blocks $\bar Y_{ij}$ of the cotangent. All shapes and values are in the
    /// domain.
    ///
    /// J. R. Magnus, H. Neudecker, Matrix Differential Calculus with Applications in Statistics and Econometrics (2019),
    /// [doi:10.1002/9781119541219](https://doi.org/10.1002/9781119541219).
    ///
    /// ```
    /// use autodiff_runtime::linalg::kron;
    /// use nalgebra::{Matrix2x1, RowVector2, matrix};
    ///
    /// let (a, b) = (RowVector2::new(1.0, 2.0), Matrix2x1::new(3.0, 4.0));
    /// let (y, pullback) = kron::vjp(&a, &b);
    /// assert_eq!(y, matrix![3.0, 6.0; 4.0, 8.0]);
    /// assert_eq!(pullback(matrix![1.0, 0.0; 0.0, 1.0]), (b.transpose(), a.transpose()));
    /// ```
    kron[T: Field, R, C, R2, C2](a da: SA[R, C], b db: SB[R2, C2]) -> OMatrix<T, DimProd<R, R2>, DimProd<C, C2>>
    where [
        R: DimMul<R2>, C: DimMul<C2>, DefaultAllocator: Allocator<DimProd<R, R2>, DimProd<C, C2>>,
    ]
    ; twice
}

impl<T: Field> Rule<T, 2> for kron {
    type Constants = ();
    type Value = DMatrix<T>;
    type Saved = ();

    fn forward([a, b]: [View<'_, T>; 2], (): ()) -> (DMatrix<T>, ()) {
        (a.kronecker(&b), ())
    }

    fn tangent([a, b]: [View<'_, T>; 2], (): &(), [da, db]: [View<'_, T>; 2]) -> DMatrix<T> {
        da.kronecker(&b) + a.kronecker(&db)
    }

    fn reverse(
        [a, b]: [View<'_, T>; 2],
        (): &(),
        y_bar: DMatrix<T>,
        [mut a_bar, mut b_bar]: [ViewMut<'_, T>; 2],
    ) {
        let (rows, columns) = b.shape();
        for (j, i) in (0..a.ncols()).flat_map(|j| (0..a.nrows()).map(move |i| (j, i))) {
            let block = y_bar.view((i * rows, j * columns), (rows, columns));
            a_bar[(i, j)] += b.dotc(&block);
            let factor = a[(i, j)].conjugate();
            b_bar.zip_apply(&block, |b_bar, y_bar| *b_bar += factor * y_bar);
        }
    }
}

bilinear!(kron);
