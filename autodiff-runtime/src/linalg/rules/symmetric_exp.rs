//! The exponential of a symmetric matrix.

use super::expm::expm;
use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::functions::divided_difference;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::symmetric::{Spectrum, SymmetricFunction};
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, add_second_of_hermitian};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{ComplexField, DMatrix};

rule! {
    /// The exponential `Y = V e^L V^H` of a symmetric matrix `A = V L V^H`.
    ///
    /// `A` n x n; a function of its symmetric (Hermitian) part. $\dot Y = V (f[l_i, l_j] \circ V^H \dot A V) V^H$ with
    /// $f[a, b] = e^{(a + b) / 2} \sinh(h) / h$, $h = (a - b) / 2$; $\bar A$ is the same map applied to $\bar Y$, and symmetric. Equal
    /// eigenvalues are no exception, and neighbouring ones do not cancel.
    ///
    /// N. J. Higham, Functions of Matrices (2008), theorem 3.11, [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_exp;
    /// use nalgebra::Matrix2;
    ///
    /// // At the identity all eigenvalues are equal: the derivative is e times the direction.
    /// let direction = Matrix2::new(1.0, 2.0, 2.0, -1.0);
    /// let (_, slope) = symmetric_exp::jvp(&Matrix2::identity(), &direction);
    /// assert!((slope - direction * 1f64.exp()).amax() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    symmetric_exp[T: Field, D](a da: S[D, D]) -> OMatrix<T, D, D>
    ; twice
}

impl<T: Field> Rule<T, 1> for symmetric_exp {
    type Constants = ();
    type Value = DMatrix<T>;
    type Saved = SymmetricFunction<T>;

    fn forward([a]: [View<'_, T>; 1], (): Self::Constants) -> (Self::Value, Self::Saved) {
        square("symmetric_exp", &a);
        let spectrum = Spectrum::new(&a);
        let saved = spectrum.function("symmetric_exp", |l| l.exp(), divided_difference::of_exp);
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

/// That of [`expm`](fn@crate::linalg::expm), which takes equal eigenvalues as they come.
impl<T: RealNumber> SecondRule<T, 1> for symmetric_exp {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        add_second_of_hermitian::<expm, T>(&a, &da, &y_bar, &mut slope);
    }
}
