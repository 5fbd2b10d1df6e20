//! A function of a symmetric matrix, given by its values and slopes.

use crate::linalg::RealNumber;
use crate::linalg::factor::hermitian_part;
use crate::linalg::functions::divided_difference;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::symmetric::{Spectrum, SymmetricFunction, second_by_spectrum};
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{DMatrix, DVector};

rule! {
    /// The matrix `Y = V f(L) V^T` for a symmetric matrix `A = V L V^T` and a function `f` of real numbers with the derivative
    /// `slope` and the second one `curvature`, which only second derivatives look at.
    ///
    /// `A` n x n, real; a function of its symmetric part. $\dot Y = V (f[l_i, l_j] \circ V^T \dot A V) V^T$; $\bar A$ is the same map of
    /// $\bar Y$. The divided differences are quotients where eigenvalues are apart, and means of the slope between neighbouring ones, so that
    /// nothing cancels; $\dot{\bar A}$ is made of second differences $f[l_i, l_k, l_j]$ in the same way. `symmetric_exp`, `symmetric_ln`, `symmetric_sqrt` and `symmetric_powf` have their own, to the last digit.
    ///
    /// N. J. Higham, Functions of Matrices (2008), theorem 3.11, [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_function;
    /// use nalgebra::Matrix2;
    ///
    /// // At a multiple of the identity the derivative is a multiple of the direction.
    /// let e = Matrix2::new(1.0, 2.0, 2.0, -1.0);
    /// let a = Matrix2::identity() * 0.5;
    /// let steepness = |x: f64| 1.0 - x.tanh().powi(2);
    /// let (_, slope) = symmetric_function::jvp(&a, f64::tanh, steepness, |x| -2.0 * x.tanh() / x.cosh().powi(2), &e);
    /// assert!((slope - e * steepness(0.5)).amax() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square; in the derivatives, if the slope (or the curvature) is infinite where it is needed.
    symmetric_function[T: RealNumber, D](a da: S[D, D]; f: fn(T) -> T, slope: fn(T) -> T, curvature: fn(T) -> T) -> OMatrix<T, D, D>
    ; twice
}

impl<T: RealNumber> Rule<T, 1> for symmetric_function {
    type Constants = (fn(T) -> T, fn(T) -> T, fn(T) -> T);
    type Value = DMatrix<T>;
    /// The function, and the eigenvalues.
    type Saved = (SymmetricFunction<T>, DVector<T>);

    fn forward(
        [a]: [View<'_, T>; 1],
        (f, slope, _): Self::Constants,
    ) -> (Self::Value, Self::Saved) {
        square("symmetric_function", &a);
        let difference = |a: T, b: T| divided_difference::of_values((a, f(a)), (b, f(b)), slope);
        let spectrum = Spectrum::new(&a);
        let values = spectrum.values.clone();
        let function = spectrum.function("symmetric_function", f, difference);
        (function.value().clone(), (function, values))
    }

    fn tangent(
        _: [View<'_, T>; 1],
        (function, _): &Self::Saved,
        [da]: [View<'_, T>; 1],
    ) -> Self::Value {
        function.frechet(&da.clone_owned())
    }

    fn reverse(
        _: [View<'_, T>; 1],
        (function, _): &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        a_bar += function.adjoint(&y_bar);
    }
}

impl<T: RealNumber> SecondRule<T, 1> for symmetric_function {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (f, slope, curvature): Self::Constants,
        (function, values): &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut a_slope]: [ViewMut<'_, T>; 1],
    ) {
        let second =
            |points| divided_difference::second_of_values(points, [&f, &slope, &curvature]);
        let directions = [&hermitian_part(&da), &hermitian_part(&y_bar)];
        let spectrum = (values, function.vectors());
        let change = second_by_spectrum("symmetric_function", spectrum, directions, second);
        a_slope += hermitian_part(&change);
    }
}
