//! The determinant as sign and logarithm.

use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::factor::{adjoint_inverse, is_singular};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{DMatrix, Dyn, LU};
use std::cell::OnceCell;

rule! {
    /// The determinant as sign (of modulus one) and logarithm: `det A = sign * exp(log)`, without overflow.
    ///
    /// `A` n x n. With $y = \ln \lvert \det A \rvert$ and $\sigma$ the sign: $\dot y = \mathrm{Re} \mathrm{tr}(A^{-1} \dot A)$,
    /// $\bar A = \bar y A^{-H}$. A real sign is constant; that of a complex matrix turns:
    /// $\dot \sigma = i \sigma \mathrm{Im} \mathrm{tr}(A^{-1} \dot A)$. For a singular matrix the value is `(0, -inf)`, and there is no
    /// derivative.
    ///
    /// J. R. Magnus, On differentiating eigenvalues and eigenvectors, Econometric Theory 1 (1985),
    /// [doi:10.1017/S0266466600011129](https://doi.org/10.1017/S0266466600011129).
    ///
    /// ```
    /// use autodiff_runtime::linalg::slogdet;
    /// use nalgebra::Matrix2;
    ///
    /// let (value, pullback) = slogdet::vjp(&Matrix2::new(0.0, 1.0, 2.0, 0.0));
    /// assert_eq!(value, (-1.0, 2f64.ln()));
    /// assert_eq!(pullback((0.0, 1.0)), Matrix2::new(0.0, 1.0, 0.5, 0.0));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square; in the derivatives, if it is singular.
    slogdet[T: Field, D](a da: S[D, D]) -> (T, T::RealField)
    ; twice
}

impl<T: Field> Rule<T, 1> for slogdet {
    type Constants = ();
    type Value = (T, T::RealField);
    type Saved = (Factored<T>, T);

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("slogdet", &a);
        let factored = Factored::new(a);
        let value = factored.sign_and_log();
        (value, (factored, value.0))
    }

    fn tangent(
        _: [View<'_, T>; 1],
        (factored, sign): &Self::Saved,
        [da]: [View<'_, T>; 1],
    ) -> Self::Value {
        let slope = factored.inverse("slogdet").dotc(&da);
        (*sign * imaginary(slope), slope.real())
    }

    fn reverse(
        _: [View<'_, T>; 1],
        (factored, sign): &Self::Saved,
        (sign_bar, log_bar): Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let turn = imaginary(sign.conjugate() * sign_bar);
        let seed = T::from_real(log_bar) + turn;
        if !seed.is_zero() {
            a_bar.zip_apply(factored.inverse("slogdet"), |bar, entry| {
                *bar += entry * seed
            });
        }
    }
}

/// A real sign is constant.
impl<T: RealNumber> SecondRule<T, 1> for slogdet {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (): Self::Constants,
        (factored, _): &Self::Saved,
        [da]: [View<'_, T>; 1],
        (_, log_bar): Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if !log_bar.is_zero() {
            let inverse = factored.inverse("slogdet");
            slope -= inverse * da.adjoint() * inverse * log_bar;
        }
    }
}

/// `i Im z`; zero for a real number.
fn imaginary<T: Field>(z: T) -> T {
    z - T::from_real(z.real())
}

/// The factors of a matrix, and `A^-H` once it is needed.
pub struct Factored<T: Field> {
    lu: LU<T, Dyn, Dyn>,
    inverse: OnceCell<DMatrix<T>>,
}

impl<T: Field> Factored<T> {
    pub(super) fn new(a: View<'_, T>) -> Self {
        Self {
            lu: LU::new(a.clone_owned()),
            inverse: OnceCell::new(),
        }
    }

    pub(super) fn sign_and_log(&self) -> (T, T::RealField) {
        let mut value = (self.lu.p().determinant(), T::RealField::zero());
        for pivot in &self.lu.lu_internal().diagonal() {
            let size = pivot.modulus();
            let sign = if size.is_zero() {
                T::zero()
            } else {
                pivot.unscale(size)
            };
            value = (value.0 * sign, value.1 + size.ln());
        }
        value
    }

    /// `A^-H`
    #[track_caller]
    pub(super) fn inverse(&self, function: &str) -> &DMatrix<T> {
        if is_singular(&self.lu) {
            undefined(function, "the matrix is singular");
        }
        self.inverse
            .get_or_init(|| adjoint_inverse(&self.lu, T::one()))
    }
}
