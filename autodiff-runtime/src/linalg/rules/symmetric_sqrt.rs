//! The square root of a symmetric positive semidefinite matrix.

use super::sqrtm::sqrtm;
use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::symmetric::{Spectrum, SymmetricFunction};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::{SecondRule, add_second_of_hermitian};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{DMatrix, RealField};
use num_traits::Zero;

rule! {
    /// The root `Y = V sqrt(L) V^H` of a symmetric positive semidefinite matrix `A = V L V^H`; `None` if an eigenvalue is negative by more
    /// than rounding.
    ///
    /// `A` n x n; a function of its symmetric (Hermitian) part. $\dot Y = V (f[l_i, l_j] \circ V^H \dot A V) V^H$ with
    /// $f[a, b] = 1 / (\sqrt a + \sqrt b)$; $\bar A$ is the same map applied to $\bar Y$, and symmetric. Equal eigenvalues are no exception,
    /// and neighbouring ones do not cancel.
    ///
    /// On the null space of a singular matrix the slope is infinite. A direction or cotangent that has no part there, in rows and columns
    /// both, has its derivative all the same.
    ///
    /// N. J. Higham, Functions of Matrices (2008), theorem 3.11, [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_sqrt;
    /// use nalgebra::Matrix2;
    ///
    /// let a = Matrix2::new(4.0f64, 0.0, 0.0, 0.0);
    /// let (root, slope) = symmetric_sqrt::jvp(&a, &Matrix2::new(1.0, 1.0, 1.0, 0.0));
    /// assert_eq!(root, Some(Matrix2::new(2.0, 0.0, 0.0, 0.0)));
    /// assert_eq!(slope, Some(Matrix2::new(0.25, 0.5, 0.5, 0.0)));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square. The derivatives, if the slope is infinite.
    symmetric_sqrt[T: Field, D](a da: S[D, D]) -> Option<OMatrix<T, D, D>>
    ; twice
}

impl<T: Field> Rule<T, 1> for symmetric_sqrt {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<SymmetricFunction<T>>;

    fn forward([a]: [View<'_, T>; 1], (): Self::Constants) -> (Self::Value, Self::Saved) {
        square("symmetric_sqrt", &a);
        let spectrum = Spectrum::new(&a);
        let rounding = spectrum.rounding();
        let semidefinite = spectrum.values.iter().all(|l| *l >= -rounding);
        let saved = semidefinite.then(|| {
            let root = |l: T::RealField| l.max(T::RealField::zero()).sqrt();
            let difference = |a, b| {
                // Rounding must not decide between a large slope and an infinite one.
                if a <= rounding && b <= rounding {
                    T::RealField::zero().recip()
                } else {
                    (root(a) + root(b)).recip()
                }
            };
            spectrum.function("symmetric_sqrt", root, difference)
        });
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

/// That of [`sqrtm`](fn@crate::linalg::sqrtm), which takes equal eigenvalues as they come.
impl<T: RealNumber> SecondRule<T, 1> for symmetric_sqrt {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        if let Some(y_bar) = y_bar {
            add_second_of_hermitian::<sqrtm, T>(&a, &da, &y_bar, &mut slope);
        }
    }
}
