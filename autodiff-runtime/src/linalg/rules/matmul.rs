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
    /// `A` n x m, `B` m x k. $\dot Y = \dot A B + A \dot B$; $\bar A = \bar Y B^H$, $\bar B = A^H \bar Y$, accumulated in place. All values
    /// are in the domain.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::matmul;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let (a, b) = (Matrix2::new(1.0, 2.0, 3.0, 4.0), Vector2::new(5.0, 6.0));
    /// let (y, pullback) = matmul::vjp(&a, &b);
    /// assert_eq!(y, Vector2::new(17.0, 39.0));
    /// let (a_bar, b_bar) = pullback(Vector2::new(1.0, 0.0));
    /// assert_eq!(a_bar, Matrix2::new(5.0, 6.0, 0.0, 0.0));
    /// assert_eq!(b_bar, Vector2::new(1.0, 2.0));
    /// ```
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
