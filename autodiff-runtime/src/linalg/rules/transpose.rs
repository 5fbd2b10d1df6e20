//! The transpose.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::linear;
use crate::linalg::shape::{View, ViewMut};
use nalgebra::DMatrix;

rule! {
    /// The transpose `Y = A^T`, without conjugation.
    ///
    /// `A` n x m. $\dot Y = \dot A^T$; $\bar A = \bar Y^T$. All shapes and values are in the domain.
    ///
    /// J. R. Magnus, H. Neudecker, Matrix Differential Calculus with Applications in Statistics and Econometrics (2019),
    /// [doi:10.1002/9781119541219](https://doi.org/10.1002/9781119541219).
    ///
    /// ```
    /// use autodiff_runtime::linalg::transpose;
    /// use nalgebra::{Matrix2x3, Matrix3x2};
    ///
    /// let a = Matrix2x3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    /// let (value, pullback) = transpose::vjp(&a);
    /// assert_eq!(value, Matrix3x2::new(1.0, 4.0, 2.0, 5.0, 3.0, 6.0));
    /// assert_eq!(pullback(value), a);
    /// ```
    transpose[T: Field, R, C](a da: S[R, C]) -> OMatrix<T, C, R>
    where [DefaultAllocator: Allocator<C, R>]
    ; twice
}

impl<T: Field> Rule<T, 1> for transpose {
    type Constants = ();
    type Value = DMatrix<T>;
    type Saved = ();

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (DMatrix<T>, ()) {
        (a.transpose(), ())
    }

    fn tangent(_: [View<'_, T>; 1], (): &(), [da]: [View<'_, T>; 1]) -> DMatrix<T> {
        da.transpose()
    }

    fn reverse(_: [View<'_, T>; 1], (): &(), y_bar: DMatrix<T>, [mut a_bar]: [ViewMut<'_, T>; 1]) {
        a_bar += y_bar.transpose();
    }
}

linear!(transpose);
