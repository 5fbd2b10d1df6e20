//! The logarithm of a matrix.

use crate::linalg::RealNumber;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::logm::Logarithm;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::{SecondRule, add_second_of_series};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The principal logarithm `Y`: `e^Y = A`, the imaginary parts of its eigenvalues between -pi and pi. `None` if `A` has an eigenvalue
    /// on the negative real axis or zero, or an entry that is not finite.
    ///
    /// `A` n x n, real; so is `Y`. $\dot Y = L(A, \dot A)$, the solution of $\int_0^1 e^{t Y} L e^{(1 - t) Y} dt = \dot A$;
    /// $\bar A = L(A^T, \bar Y)$. Repeated eigenvalues and defective matrices are like any other.
    ///
    /// Inverse scaling and squaring of the real Schur form: A. H. Al-Mohy, N. J. Higham, S. D. Relton, Computing the Frechet derivative of the
    /// matrix logarithm and estimating the condition number (2013), [doi:10.1137/120885991](https://doi.org/10.1137/120885991).
    ///
    /// ```
    /// use autodiff_runtime::linalg::logm;
    /// use nalgebra::Matrix2;
    ///
    /// // A defective matrix: ln(1 + N) = N, and in the direction of the identity the slope of ln, (1 + N)^-1.
    /// let a = Matrix2::new(1.0f64, 1.0, 0.0, 1.0);
    /// let (value, slope) = logm::jvp(&a, &Matrix2::identity());
    /// assert!((value.unwrap() - Matrix2::new(0.0, 1.0, 0.0, 0.0)).amax() < 1e-14);
    /// assert!((slope.unwrap() - Matrix2::new(1.0, -1.0, 0.0, 1.0)).amax() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    logm[T: RealNumber, D](a da: S[D, D]) -> Option<OMatrix<T, D, D>>
    ; twice
}

impl<T: RealNumber> Rule<T, 1> for logm {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<Logarithm<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("logm", &a);
        let saved = Logarithm::new(&a.clone_owned());
        (saved.as_ref().map(|f| f.value().clone()), saved)
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        Some(saved.as_ref()?.frechet(&da.clone_owned()))
    }

    fn reverse(
        _: [View<'_, T>; 1],
        saved: &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((saved, y_bar)) = defined(saved.as_ref(), y_bar) {
            a_bar += saved.adjoint(&y_bar);
        }
    }
}

impl<T: RealNumber> SecondRule<T, 1> for logm {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some(y_bar) = y_bar {
            add_second_of_series::<Self, T>(&a, (), &da, &y_bar, &mut slope);
        }
    }
}
