//! The logarithm of a positive determinant.

use super::slogdet::Factored;
use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::RealField;

rule! {
    /// The logarithm of the determinant, `y = ln det A`; `None` if the determinant is not positive.
    ///
    /// `A` n x n, real. $\dot y = \mathrm{tr}(A^{-1} \dot A)$; $\bar A = \bar y A^{-T}$. By LU factorisation, without overflow.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::logdet;
    /// use nalgebra::Matrix2;
    ///
    /// let (value, pullback) = logdet::vjp(&Matrix2::new(2.0, 0.0, 0.0, 4.0));
    /// assert!((value.unwrap() - 8f64.ln()).abs() < 1e-15);
    /// assert_eq!(pullback(Some(1.0)), Matrix2::new(0.5, 0.0, 0.0, 0.25));
    /// assert_eq!(logdet(&Matrix2::new(0.0, 1.0, 1.0, 0.0)), None);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    logdet[T: Field + RealField, D](a da: S[D, D]) -> Option<T>
    ; twice
}

impl<T: Field + RealField> Rule<T, 1> for logdet {
    type Constants = ();
    type Value = Option<T>;
    type Saved = Option<Factored<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("logdet", &a);
        let factored = Factored::new(a);
        let (sign, log) = factored.sign_and_log();
        (sign > T::zero()).then_some((log, factored)).unzip()
    }

    fn tangent(_: [View<'_, T>; 1], factored: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        Some(factored.as_ref()?.inverse("logdet").dot(&da))
    }

    fn reverse(
        _: [View<'_, T>; 1],
        factored: &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((factored, y_bar)) = defined(factored.as_ref(), y_bar) {
            a_bar.zip_apply(factored.inverse("logdet"), |bar, entry| {
                *bar += entry * y_bar
            });
        }
    }
}

impl<T: Field + RealField> SecondRule<T, 1> for logdet {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (): Self::Constants,
        factored: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((factored, y_bar)) = defined(factored.as_ref(), y_bar) {
            let inverse = factored.inverse("logdet");
            slope -= inverse * da.transpose() * inverse * y_bar;
        }
    }
}
