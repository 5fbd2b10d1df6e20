//! Products of matrices.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::bilinear;
use crate::linalg::shape::{View, ViewMut};
use nalgebra::DMatrix;

rule! {
    /// The product `Y = A B`.
    ///
    /// `A` n x m, `B` m x k. `dY = dA B + A dB`; `A_bar = Y_bar B^H`, `B_bar = A^H Y_bar`, accumulated in place.
    ///
    /// # Panics
    ///
    /// If `B` has not as many rows as `A` has columns.
    matmul[T: Field, N, M, L, K](a da: SA[N, M], b db: SB[L, K]) -> OMatrix<T, N, K>
    where [DefaultAllocator: Allocator<N, K>]
    ; twice
}

impl<T: Field> Rule<T, 2> for matmul {
    type Constants = ();
    type Value = DMatrix<T>;
    type Saved = ();

    fn forward([a, b]: [View<'_, T>; 2], (): ()) -> (DMatrix<T>, ()) {
        (a * b, ())
    }

    fn tangent([a, b]: [View<'_, T>; 2], (): &(), [da, db]: [View<'_, T>; 2]) -> DMatrix<T> {
        let mut dy = da * b;
        dy.gemm(T::one(), &a, &db, T::one());
        dy
    }

    fn reverse(
        [a, b]: [View<'_, T>; 2],
        (): &(),
        y_bar: DMatrix<T>,
        [mut a_bar, mut b_bar]: [ViewMut<'_, T>; 2],
    ) {
        a_bar.gemm(T::one(), &y_bar, &b.adjoint(), T::one());
        b_bar.gemm_ad(T::one(), &a, &y_bar, T::one());
    }
}

bilinear!(matmul);
