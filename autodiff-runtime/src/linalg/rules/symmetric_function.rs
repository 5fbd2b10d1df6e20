//! A function of a symmetric matrix, given by its values and slopes.

use crate::linalg::RealNumber;
use crate::linalg::functions::divided_difference;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::symmetric::{Spectrum, SymmetricFunction};
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::DMatrix;

rule! {
    /// The matrix `Y = V f(L) V^T` for a symmetric matrix `A = V L V^T` and a function `f` of real numbers with the derivative `slope`.
    ///
    /// `A` n x n, real; a function of its symmetric part. $\dot Y = V (f[l_i, l_j] \circ V^T \dot A V) V^T$; $\bar A$ is the same map of
    /// $\bar Y$. The divided differences are quotients where eigenvalues are apart, and means of the slope between neighbouring ones, so that
    /// nothing cancels. `symmetric_exp`, `symmetric_ln`, `symmetric_sqrt` and `symmetric_powf` have their own, to the last digit.
    ///
    /// N. J. Higham, Functions of Matrices (2008), theorem 3.11, [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_function;
    /// use nalgebra::Matrix2;
    ///
    /// // At a multiple of the identity the derivative is a multiple of the direction.
    /// let e = Matrix2::new(1.0, 2.0, 2.0, -1.0);
    /// let (_, slope) = symmetric_function::jvp(&(Matrix2::identity() * 0.5), f64::tanh, |x| 1.0 - x.tanh().powi(2), &e);
    /// assert!((slope - e * (1.0 - 0.5f64.tanh().powi(2))).amax() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square; in the derivatives, if the slope is infinite where it is needed.
    symmetric_function[T: RealNumber, D](a da: S[D, D]; f: fn(T) -> T, slope: fn(T) -> T) -> OMatrix<T, D, D>
}

impl<T: RealNumber> Rule<T, 1> for symmetric_function {
    type Constants = (fn(T) -> T, fn(T) -> T);
    type Value = DMatrix<T>;
    type Saved = SymmetricFunction<T>;

    fn forward([a]: [View<'_, T>; 1], (f, slope): Self::Constants) -> (Self::Value, Self::Saved) {
        square("symmetric_function", &a);
        let difference = |a: T, b: T| divided_difference::of_values((a, f(a)), (b, f(b)), slope);
        let saved = Spectrum::new(&a).function("symmetric_function", f, difference);
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
