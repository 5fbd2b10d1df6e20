//! The outer product of two vectors.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::bilinear;
use crate::linalg::shape::{View, ViewMut};
use nalgebra::{DMatrix, U1};

rule! {
    /// The outer product `Y = u v^T`, without conjugation.
    ///
    /// `u` of length n, `v` of length m, `Y` n x m. $\dot Y = \dot u v^T + u \dot v^T$; $\bar u = \bar Y \overline{v}$,
    /// $\bar v = \bar Y^T \overline{u}$. All shapes and values are in the domain.
    ///
    /// J. R. Magnus, H. Neudecker, Matrix Differential Calculus with Applications in Statistics and Econometrics (2019),
    /// [doi:10.1002/9781119541219](https://doi.org/10.1002/9781119541219).
    ///
    /// ```
    /// use autodiff_runtime::linalg::outer;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let (u, v) = (Vector2::new(1.0, 2.0), Vector2::new(3.0, 4.0));
    /// let (y, pullback) = outer::vjp(&u, &v);
    /// assert_eq!(y, Matrix2::new(3.0, 4.0, 6.0, 8.0));
    /// assert_eq!(pullback(Matrix2::identity()), (v, u));
    /// ```
    outer[T: Field, N, M](u du: SU[N, U1], v dv: SV[M, U1]) -> OMatrix<T, N, M>
    where [DefaultAllocator: Allocator<N, M>]
    ; twice
}

impl<T: Field> Rule<T, 2> for outer {
    type Constants = ();
    type Value = DMatrix<T>;
    type Saved = ();

    fn forward([u, v]: [View<'_, T>; 2], (): ()) -> (DMatrix<T>, ()) {
        (u * v.transpose(), ())
    }

    fn tangent([u, v]: [View<'_, T>; 2], (): &(), [du, dv]: [View<'_, T>; 2]) -> DMatrix<T> {
        du * v.transpose() + u * dv.transpose()
    }

    fn reverse(
        [u, v]: [View<'_, T>; 2],
        (): &(),
        y_bar: DMatrix<T>,
        [mut u_bar, mut v_bar]: [ViewMut<'_, T>; 2],
    ) {
        u_bar.gemm(T::one(), &y_bar, &v.conjugate(), T::one());
        v_bar.gemm_tr(T::one(), &y_bar, &u.conjugate(), T::one());
    }
}

bilinear!(outer);
