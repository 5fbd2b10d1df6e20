//! A function of the singular values of a matrix, given by its values and slopes.

use crate::linalg::RealNumber;
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::decomposition::symmetric::decomposed;
use crate::linalg::functions::divided_difference;
use crate::linalg::functions::singular::{SingularFunction, dilation, recomposed};
use crate::linalg::functions::symmetric::second_by_spectrum;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, view};
use nalgebra::DMatrix;

rule! {
    /// The matrix `Y = U f(S) V^T` for `A = U S V^T` and an odd function `f`, `f(0) = 0`, with the derivative `slope` and the
    /// second one `curvature`, which only second derivatives look at: what shrinks or clips singular values.
    ///
    /// `A` m x n, real. With $P = U^T \dot A V$ the part of $\dot Y$ that belongs to two singular values is $\frac{f_i - f_j}{s_i - s_j}$
    /// times the symmetric part of $P$ and $\frac{f_i + f_j}{s_i + s_j}$ times the skew one, and $f(s) / s$ times what $\dot A$ has beside
    /// the ranges of U and V; $\bar A$ is the same map of $\bar Y$. Equal singular values and zeros are no exception. $\dot{\bar A}$ is
    /// that of the function of the symmetric matrix `[0, A; A^T, 0]`.
    ///
    /// V. Noferini, A formula for the Frechet derivative of a generalized matrix function (2017),
    /// [doi:10.1137/16M1072851](https://doi.org/10.1137/16M1072851).
    ///
    /// ```
    /// use autodiff_runtime::linalg::singular_function;
    /// use nalgebra::Matrix2;
    ///
    /// let a = Matrix2::new(0.0f64, -2.0, 2.0, 0.0);
    /// let (value, slope) = singular_function::jvp(&a, |s| s.powi(3), |s| 3.0 * s * s, |s| 6.0 * s, &a);
    /// assert!((value - a * 4.0).amax() < 1e-13 && (slope - a * 12.0).amax() < 1e-13);
    /// ```
    ///
    /// # Panics
    ///
    /// The derivatives, if the slope (or the curvature) is infinite where it is needed.
    singular_function[T: RealNumber, R, C](a da: S[R, C]; f: fn(T) -> T, slope: fn(T) -> T, curvature: fn(T) -> T) -> OMatrix<T, R, C>
    ; twice
}

impl<T: RealNumber> Rule<T, 1> for singular_function {
    type Constants = (fn(T) -> T, fn(T) -> T, fn(T) -> T);
    type Value = DMatrix<T>;
    type Saved = SingularFunction<T>;

    fn forward(
        [a]: [View<'_, T>; 1],
        (f, slope, _): Self::Constants,
    ) -> (Self::Value, Self::Saved) {
        let svd = Svd::new(&a);
        let s = svd.s.clone();
        let value = recomposed(&svd, &s.map(f));
        let ratio = |f: T, s: T| if s.is_zero() { slope(s) } else { f / s };
        let pair = |i: usize, j: usize| {
            let (a, b) = ((s[i], f(s[i])), (s[j], f(s[j])));
            let difference = divided_difference::of_values(a, b, slope);
            (difference, ratio(a.1 + b.1, a.0 + b.0))
        };
        let saved = SingularFunction::new("singular_function", svd, pair, |i| ratio(f(s[i]), s[i]));
        (value, saved)
    }

    fn tangent(_: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        saved.derivative(&da.clone_owned())
    }

    fn reverse(
        _: [View<'_, T>; 1],
        saved: &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        a_bar += saved.derivative(&y_bar);
    }
}

/// Of the odd function of the eigenvalues of `[0, A; A^T, 0]`, which are the singular values, their negatives, and zeros.
impl<T: RealNumber> SecondRule<T, 1> for singular_function {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (f, slope, curvature): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut a_slope]: [ViewMut<'_, T>; 1],
    ) {
        let odd = |f: fn(T) -> T| move |x: T| if x < T::zero() { -f(-x) } else { f(x) };
        let functions: [&dyn Fn(T) -> T; 3] = [&odd(f), &|x| slope(x.abs()), &odd(curvature)];
        let second = |points| divided_difference::second_of_values(points, functions);
        let (values, vectors) = decomposed(dilation(&a));
        let directions = [&dilation(&da), &dilation(&view(&y_bar))];
        let spectrum = (&values, &vectors);
        let change = second_by_spectrum("singular_function", spectrum, directions, second);
        a_slope += change.view((0, a.nrows()), a.shape());
    }
}
