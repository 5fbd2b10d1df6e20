//! The logarithm of a symmetric positive definite matrix.

use super::logm::logm;
use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::functions::divided_difference;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::symmetric::{Spectrum, SymmetricFunction};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::{SecondRule, add_second_of_hermitian};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{ComplexField, DMatrix};

rule! {
    /// The logarithm `Y = V ln(L) V^H` of a symmetric positive definite matrix `A = V L V^H`; `None` if an eigenvalue is not positive.
    ///
    /// `A` n x n; a function of its symmetric (Hermitian) part. $\dot Y = V (f[l_i, l_j] \circ V^H \dot A V) V^H$ with
    /// $f[a, b] = 2 \mathrm{artanh}(\frac{a - b}{a + b}) / (a - b)$; $\bar A$ is the same map applied to $\bar Y$, and symmetric. Equal
    /// eigenvalues are no exception, and neighbouring ones do not cancel.
    ///
    /// N. J. Higham, Functions of Matrices (2008), theorem 3.11, [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_ln;
    /// use nalgebra::Matrix2;
    ///
    /// // tr ln A = ln det A has the gradient A^-1.
    /// let a = Matrix2::new(2.0f64, 1.0, 1.0, 2.0);
    /// let (_, pullback) = symmetric_ln::vjp(&a);
    /// let gradient = pullback(Some(Matrix2::identity()));
    /// assert!((gradient * a - Matrix2::identity()).amax() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    symmetric_ln[T: Field, D](a da: S[D, D]) -> Option<OMatrix<T, D, D>>
    ; twice
}

impl<T: Field> Rule<T, 1> for symmetric_ln {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<SymmetricFunction<T>>;

    fn forward([a]: [View<'_, T>; 1], (): Self::Constants) -> (Self::Value, Self::Saved) {
        square("symmetric_ln", &a);
        let spectrum = Spectrum::new(&a);
        let positive = spectrum.is_above(T::RealField::zero());
        let saved = positive
            .then(|| spectrum.function("symmetric_ln", |l| l.ln(), divided_difference::of_ln));
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

/// That of [`logm`](fn@crate::linalg::logm), which takes equal eigenvalues as they come.
impl<T: RealNumber> SecondRule<T, 1> for symmetric_ln {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some(y_bar) = y_bar {
            add_second_of_hermitian::<logm, T>(&a, &da, &y_bar, &mut slope);
        }
    }
}
