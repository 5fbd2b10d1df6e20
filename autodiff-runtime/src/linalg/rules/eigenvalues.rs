//! The eigenvalues of a matrix that need not be symmetric.

use crate::linalg::functions::eigen::Eigen;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use crate::linalg::{Field, RealNumber};
use nalgebra::{Complex, DVector, OVector};

rule! {
    /// The eigenvalues of a square matrix, complex numbers. `None` if an entry is not finite.
    ///
    /// `A` n x n, real and without symmetry; for a symmetric matrix use `symmetric_eigenvalues`. The order is that of nalgebra's
    /// `complex_eigenvalues`, pairs `x + i y`, `x - i y` beside each other, and may be another for a matrix nearby.
    /// $\dot \lambda = w^H \dot A v / w^H v$ with the left and right eigenvectors; $\bar A = \mathrm{Re} \sum \bar \lambda w v^H / v^H w$.
    ///
    /// An eigenvalue that coincides with another up to rounding has no derivative of its own. What has one is a function that treats both
    /// alike, such as their sum, and a function of the whole matrix, such as the trace of `expm`, `logm`, `sqrtm` or `pow`, defective or not.
    ///
    /// J. R. Magnus, On differentiating eigenvalues and eigenvectors (1985),
    /// [doi:10.1017/S0266466600011129](https://doi.org/10.1017/S0266466600011129).
    ///
    /// ```
    /// use autodiff_runtime::linalg::eigenvalues;
    /// use nalgebra::{Complex, Matrix2, Vector2};
    ///
    /// // x'' = -k x - d x', a damped oscillation: how its rate of decay depends on k and d.
    /// let a = Matrix2::new(0.0f64, 1.0, -4.0, -2.0);
    /// let (values, pullback) = eigenvalues::vjp(&a);
    /// assert!((values.unwrap()[0] - Complex::new(-1.0, 3f64.sqrt())).norm() < 1e-14);
    /// let gradient = pullback(Some(Vector2::new(Complex::new(1.0, 0.0), Complex::new(0.0, 0.0))));
    /// assert!((gradient[(1, 1)] - 0.5).abs() < 1e-14 && gradient[(1, 0)].abs() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square. Second derivatives where eigenvalues coincide. The derivatives, if they depend on eigenvalues that coincide one by one.
    eigenvalues[T: RealNumber, D](a da: S[D, D]) -> Option<OVector<Complex<T>, D>>
    where [Complex<T>: Field, DefaultAllocator: Allocator<D>]
    ; twice
}

impl<T: RealNumber> Rule<T, 1> for eigenvalues {
    type Constants = ();
    type Value = Option<DVector<Complex<T>>>;
    type Saved = Option<Eigen<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("eigenvalues", &a);
        let saved = Eigen::new(&a.clone_owned());
        (saved.as_ref().map(|e| e.values.clone()), saved)
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        Some(saved.as_ref()?.values_tangent(&da.clone_owned()))
    }

    fn reverse(
        _: [View<'_, T>; 1],
        saved: &Self::Saved,
        values_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((saved, values_bar)) = defined(saved.as_ref(), values_bar) {
            a_bar += saved.values_adjoint(&values_bar);
        }
    }
}

impl<T: RealNumber> SecondRule<T, 1> for eigenvalues {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (): (),
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        cotangent: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((saved, values_bar)) = defined(saved.as_ref(), cotangent) {
            slope += saved.values_adjoint_tangent(&da.clone_owned(), &values_bar);
        }
    }
}
