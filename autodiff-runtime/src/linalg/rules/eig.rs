//! The eigenvalues and eigenvectors of a matrix that need not be symmetric.

use crate::linalg::functions::eigen::Eigen;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use crate::linalg::{Field, RealNumber};
use nalgebra::{Complex, DMatrix, DVector, OVector};

rule! {
    /// The eigenvalues and the eigenvectors of a square matrix: `A V = V diag(lambda)`, complex. `None` if an entry is not finite.
    ///
    /// The columns of `V` have the norm one, and the first component whose modulus is at least 0.55 of the largest is real and positive: the
    /// derivatives are those of this choice.
    ///
    /// `A` n x n, real and without symmetry; for a symmetric matrix use `symmetric_eigen`. The order is that of nalgebra's
    /// `complex_eigenvalues`, pairs `x + i y`, `x - i y` beside each other, and may be another for a matrix nearby. With
    /// $M = V^{-1} \dot A V$: $\dot \lambda_j = M_{jj}$, $\dot v_j = u_j + c_j v_j$,
    /// $u_j = \sum_{i \neq j} v_i M_{ij} / (\lambda_j - \lambda_i)$, and $c_j$ keeps the normalisation; the reverse is the adjoint of these
    /// formulas.
    ///
    /// An eigenvalue that coincides with another up to rounding has no derivative of its own. What has one is a function that treats both
    /// alike, such as their sum, and a function of the whole matrix, such as the trace of `expm`, `logm`, `sqrtm` or `pow`, defective or not.
    ///
    /// J. R. Magnus, On differentiating eigenvalues and eigenvectors (1985),
    /// [doi:10.1017/S0266466600011129](https://doi.org/10.1017/S0266466600011129).
    ///
    /// ```
    /// use autodiff_runtime::linalg::eig;
    /// use nalgebra::{Complex, Matrix2};
    ///
    /// // The stationary distribution of a Markov chain, and how it moves with the rates.
    /// let (a, da) = (Matrix2::new(0.5f64, 0.25, 0.5, 0.75), Matrix2::new(0.0, 0.1, 0.0, -0.1));
    /// let (value, tangent) = eig::jvp(&a, &da);
    /// let ((values, vectors), (dvalues, _)) = (value.unwrap(), tangent.unwrap());
    /// let one = (0..2).find(|&k| (values[k] - Complex::new(1.0, 0.0)).norm() < 1e-14).unwrap();
    /// assert!((vectors[(1, one)] / vectors[(0, one)] - Complex::new(2.0, 0.0)).norm() < 1e-14);
    /// assert!(dvalues[one].norm() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square. Second derivatives where eigenvalues coincide. The derivatives, if they depend on eigenvalues that coincide one by one, or on the eigenvectors of a defective
    /// matrix.
    eig[T: RealNumber, D](a da: S[D, D]) -> Option<(OVector<Complex<T>, D>, OMatrix<Complex<T>, D, D>)>
    where [Complex<T>: Field, DefaultAllocator: Allocator<D>]
    ; twice
}

impl<T: RealNumber> Rule<T, 1> for eig {
    type Constants = ();
    type Value = Option<(DVector<Complex<T>>, DMatrix<Complex<T>>)>;
    type Saved = Option<Eigen<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("eig", &a);
        let saved = Eigen::new(&a.clone_owned());
        let value = saved
            .as_ref()
            .map(|e| (e.values.clone(), e.vectors.clone()));
        (value, saved)
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        Some(saved.as_ref()?.tangent(&da.clone_owned()))
    }

    fn reverse(
        _: [View<'_, T>; 1],
        saved: &Self::Saved,
        cotangent: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((saved, (values_bar, vectors_bar))) = defined(saved.as_ref(), cotangent) {
            a_bar += saved.adjoint(&values_bar, &vectors_bar);
        }
    }
}

impl<T: RealNumber> SecondRule<T, 1> for eig {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (): (),
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        cotangent: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some((saved, (values_bar, vectors_bar))) = defined(saved.as_ref(), cotangent) {
            slope += saved.adjoint_tangent(&da.clone_owned(), &values_bar, &vectors_bar);
        }
    }
}
