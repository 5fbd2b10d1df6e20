//! The Frobenius norm.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut};

rule! {
    /// The Frobenius norm `y = sqrt(sum_ij |A_ij|^2)`, the Euclidean norm of a vector; without over- or underflow.
    ///
    /// `A` n x m. $\dot y = \langle A, \dot A \rangle / y$; $\bar A = \bar y A / y$. At zero there is no derivative, and the subgradient 0 is
    /// taken. For the square of the norm use [`dot`](fn@crate::linalg::dot), which is smooth there.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::norm;
    /// use nalgebra::Vector2;
    ///
    /// assert_eq!(norm::value_and_grad(&Vector2::new(3.0, 4.0)), (5.0, Vector2::new(0.6, 0.8)));
    /// assert_eq!(norm::grad(&Vector2::new(0.0, 0.0)), Vector2::new(0.0, 0.0));
    /// assert_eq!(norm(&Vector2::new(0.0, 3e200)), 3e200);
    /// ```
    norm[T: Field, R, C](a da: S[R, C]) -> T::RealField
    ; twice
}

impl<T: Field> Rule<T, 1> for norm {
    type Constants = ();
    type Value = T::RealField;
    type Saved = T::RealField;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (T::RealField, T::RealField) {
        let y = scaled_norm(&a);
        (y, y)
    }

    fn tangent([a]: [View<'_, T>; 1], y: &T::RealField, [da]: [View<'_, T>; 1]) -> T::RealField {
        if y.is_zero() {
            return T::RealField::zero();
        }
        a.unscale(*y).dotc(&da).real()
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        y: &T::RealField,
        y_bar: T::RealField,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if !y.is_zero() {
            a_bar.zip_apply(&a, |a_bar, a| *a_bar += a.unscale(*y).scale(y_bar));
        }
    }
}

impl<T: Field> SecondRule<T, 1> for norm {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        y: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if y.is_zero() {
            return;
        }
        let (along, unit) = (a.unscale(*y).dotc(&da).real() / *y, y_bar / *y);
        slope.zip_zip_apply(&a, &da, |slope, a, da| {
            *slope += (da - a.unscale(*y).scale(along * *y)).scale(unit);
        });
    }
}

/// The norm, of the matrix divided by its largest entry where squares would leave the range.
fn scaled_norm<T: Field>(a: &View<'_, T>) -> T::RealField {
    let squared = a.norm_squared();
    let small = T::EPSILON.powi(16);
    if squared > small && squared.is_finite() {
        return squared.sqrt();
    }
    let scale = a.camax();
    if scale.is_zero() || !scale.is_finite() {
        return scale;
    }
    scale * a.unscale(scale).norm()
}
