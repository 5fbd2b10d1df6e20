//! Integer powers of a matrix.

use crate::linalg::Field;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::power::Power;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, add_second_of_series};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The power `Y = A^n`; `A^0 = I`. The value has the bits of nalgebra's `pow`.
    ///
    /// `A` n x n, real or complex. $\dot Y = \sum_k A^k \dot A A^{n - 1 - k}$, by the product rule along repeated squaring;
    /// $\bar A = \sum_k (A^H)^k \bar Y (A^H)^{n - 1 - k}$. All values are in the domain.
    ///
    /// N. J. Higham, Functions of Matrices (2008), [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778).
    ///
    /// ```
    /// use autodiff_runtime::linalg::pow;
    /// use nalgebra::Matrix2;
    ///
    /// let a = Matrix2::new(1.0, 2.0, 3.0, 4.0);
    /// let (value, pullback) = pow::vjp(&a, 3);
    /// assert_eq!(value, a * a * a);
    /// // tr A^3 has the gradient 3 (A^2)^T.
    /// assert_eq!(pullback(Matrix2::identity()), 3.0 * (a * a).transpose());
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    pow[T: Field, D](a da: S[D, D]; exponent: u32) -> OMatrix<T, D, D>
    ; twice
}

impl<T: Field> Rule<T, 1> for pow {
    type Constants = u32;
    type Value = DMatrix<T>;
    type Saved = Power<T>;

    fn forward([a]: [View<'_, T>; 1], exponent: u32) -> (Self::Value, Self::Saved) {
        square("pow", &a);
        let saved = Power::new(a.clone_owned(), exponent);
        (saved.value().clone(), saved)
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        saved.frechet(&da.clone_owned())
    }

    fn reverse(
        _: [View<'_, T>; 1],
        saved: &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        a_bar += saved.adjoint(&y_bar);
    }
}

impl<T: Field> SecondRule<T, 1> for pow {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        exponent: Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        add_second_of_series::<Self, T>(&a, exponent, &da, &y_bar, &mut slope);
    }
}
