//! The exponential of a matrix.

use crate::linalg::Field;
use crate::linalg::functions::expm::Exponential;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, add_second_of_series};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The exponential `Y = e^A = I + A + A^2 / 2 + ..`
    ///
    /// `A` n x n, real or complex. $\dot Y = L(A, \dot A)$ with $L(A, E) = \int_0^1 e^{t A} E e^{(1 - t) A} dt$; $\bar A = L(A^H, \bar Y)$.
    /// There are no exceptions: repeated eigenvalues and defective matrices are like any other, and large norms are scaled no more than they
    /// have to be.
    ///
    /// Scaling and squaring of Pade approximants, the derivative from the same powers and factors: A. H. Al-Mohy, N. J. Higham, Computing
    /// the Frechet derivative of the matrix exponential (2009), [doi:10.1137/080716426](https://doi.org/10.1137/080716426), and A new scaling
    /// and squaring algorithm for the matrix exponential (2010), [doi:10.1137/09074721X](https://doi.org/10.1137/09074721X). The value may
    /// differ in the last bits from that of nalgebra's `exp`.
    ///
    /// ```
    /// use autodiff_runtime::linalg::expm;
    /// use nalgebra::Matrix2;
    ///
    /// // A turn, and what more of the angle does to it.
    /// let (angle, generator) = (0.5f64, Matrix2::new(0.0, -1.0, 1.0, 0.0));
    /// let (turn, slope) = expm::jvp(&(generator * angle), &generator);
    /// let (sin, cos) = angle.sin_cos();
    /// assert!((turn - Matrix2::new(cos, -sin, sin, cos)).amax() < 1e-15);
    /// assert!((slope - Matrix2::new(-sin, -cos, cos, -sin)).amax() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    expm[T: Field, D](a da: S[D, D]) -> OMatrix<T, D, D>
    ; twice
}

impl<T: Field> Rule<T, 1> for expm {
    type Constants = ();
    type Value = DMatrix<T>;
    type Saved = Exponential<T>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("expm", &a);
        let saved = Exponential::new(&a.clone_owned());
        (saved.value(), saved)
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

impl<T: Field> SecondRule<T, 1> for expm {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        add_second_of_series::<Self, T>(&a, (), &da, &y_bar, &mut slope);
    }
}
