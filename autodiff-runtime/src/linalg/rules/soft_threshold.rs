//! Soft thresholding of singular values.

use crate::linalg::RealNumber;
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::decomposition::symmetric::decomposed;
use crate::linalg::functions::singular::{SingularFunction, dilation, recomposed};
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, number, view};
use nalgebra::{DMatrix, RealField};

rule! {
    /// The matrix `Y = U max(S - t, 0) V^T`: the proximal operator of the nuclear norm times `t`, `A = U S V^T`.
    ///
    /// `A` m x n, real; `t` a 1 x 1 matrix, so that it has a derivative too, not negative. With $P = U^T \dot A V$ and
    /// $f(s) = \max(s - t, 0)$ the part of $\dot Y$ that belongs to two singular values is $\frac{f_i - f_j}{s_i - s_j}$ times the symmetric
    /// part of $P$ and $\frac{f_i + f_j}{s_i + s_j}$ times the skew one; $\partial Y / \partial t = -U_k V_k^T$ with the vectors whose
    /// singular values are above `t`. The reverse is the same map of $\bar Y$. Equal singular values and zeros are no exception; at `s = t`
    /// the slope is taken to be zero.
    ///
    /// J.-F. Cai, E. J. Candes, Z. Shen, A singular value thresholding algorithm for matrix completion (2010),
    /// [doi:10.1137/080738970](https://doi.org/10.1137/080738970).
    ///
    /// ```
    /// use autodiff_runtime::linalg::soft_threshold;
    /// use nalgebra::{Matrix1, Matrix2};
    ///
    /// let a = Matrix2::new(3.0f64, 0.0, 0.0, 1.0);
    /// let (value, pullback) = soft_threshold::vjp(&a, &Matrix1::new(2.0));
    /// assert!((value - Matrix2::new(1.0, 0.0, 0.0, 0.0)).amax() < 1e-15);
    /// let (a_bar, t_bar) = pullback(Matrix2::identity());
    /// assert!((a_bar - Matrix2::new(1.0, 0.0, 0.0, 0.0)).amax() < 1e-15 && (t_bar.x + 1.0).abs() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `t` is negative or not 1 x 1.
    soft_threshold[T: RealNumber, R, C, P, Q](a da: SA[R, C], threshold dthreshold: ST[P, Q]) -> OMatrix<T, R, C>
    ; twice
}

impl<T: RealNumber> Rule<T, 2> for soft_threshold {
    type Constants = ();
    type Value = DMatrix<T>;
    /// The map of A, and `dY / dt`.
    type Saved = (SingularFunction<T>, DMatrix<T>);

    fn forward([a, threshold]: [View<'_, T>; 2], (): ()) -> (Self::Value, Self::Saved) {
        let t = number("soft_threshold", &threshold);
        if t < T::zero() {
            panic!("`soft_threshold` needs a threshold that is not negative, but this one is {t}");
        }
        let svd = Svd::new(&a);
        let s = svd.s.clone();
        let f = s.map(|s| (s - t).max(T::zero()));
        let value = recomposed(&svd, &f);
        let slope = recomposed(&svd, &s.map(|s| if s > t { -T::one() } else { T::zero() }));
        let ratio = |f: T, s: T| match s.is_zero() {
            true if t.is_zero() => T::one(),
            true => T::zero(),
            false => f / s,
        };
        let pair =
            |i: usize, j: usize| (difference(s[i], s[j], t), ratio(f[i] + f[j], s[i] + s[j]));
        let map = SingularFunction::new("soft_threshold", svd, pair, |i| ratio(f[i], s[i]));
        (value, (map, slope))
    }

    fn tangent(
        _: [View<'_, T>; 2],
        (map, slope): &Self::Saved,
        [da, dt]: [View<'_, T>; 2],
    ) -> Self::Value {
        map.derivative(&da.clone_owned()) + slope * dt[(0, 0)]
    }

    fn reverse(
        _: [View<'_, T>; 2],
        (map, slope): &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar, mut t_bar]: [ViewMut<'_, T>; 2],
    ) {
        a_bar += map.derivative(&y_bar);
        t_bar[(0, 0)] += slope.dot(&y_bar);
    }
}

/// The divided difference of `max(s - t, 0)`.
fn difference<R: RealField + Copy>(a: R, b: R, t: R) -> R {
    match (a > t, b > t) {
        (true, true) => R::one(),
        (false, false) => R::zero(),
        (true, false) => (a - t) / (a - b),
        (false, true) => (b - t) / (b - a),
    }
}

/// Of the function `f(x) = x - t, 0, x + t` of the eigenvalues of `[0, A; A^T, 0]`, as that of `low_rank`; with `t` it changes by `g(x) = -1, 0, 1`.
impl<T: RealNumber> SecondRule<T, 2> for soft_threshold {
    fn reverse_tangent(
        [a, threshold]: [View<'_, T>; 2],
        (): (),
        _: &Self::Saved,
        [da, dt]: [View<'_, T>; 2],
        y_bar: Self::Value,
        [mut a_slope, mut t_slope]: [ViewMut<'_, T>; 2],
    ) {
        let (t, dt) = (number("soft_threshold", &threshold), dt[(0, 0)]);
        let (values, vectors) = decomposed(dilation(&a));
        let [e, w] =
            [dilation(&da), dilation(&view(&y_bar))].map(|m| vectors.tr_mul(&m) * &vectors);
        let n = values.len();
        let core = DMatrix::from_fn(n, n, |i, j| {
            let term = |sum: T, k: usize| {
                let second = second_difference([values[i], values[k], values[j]], t);
                sum + second * (e[(i, k)] * w[(k, j)] + w[(i, k)] * e[(k, j)])
            };
            let by_threshold = step_difference(values[i], values[j], t) * w[(i, j)];
            (0..n).fold(by_threshold * dt, term)
        });
        let change = &vectors * core * vectors.transpose();
        a_slope += change.view((0, a.nrows()), a.shape());
        let moved = e.zip_map(&w, |e, w| e * w);
        let half = nalgebra::convert::<f64, T>(0.5);
        t_slope[(0, 0)] += half
            * moved
                .map_with_location(|i, j, x| step_difference(values[i], values[j], t) * x)
                .sum();
    }
}

/// On which side of the threshold: 1 above it, -1 below its negative, 0 between.
fn piece<R: RealField + Copy>(x: R, t: R) -> i32 {
    i32::from(x > t) - i32::from(x < -t)
}

/// The divided difference of the function at two eigenvalues.
fn first_difference<R: RealField + Copy>(a: R, b: R, t: R) -> R {
    let sign = |x: R| nalgebra::convert::<f64, R>(f64::from(piece(x, t)));
    let value = |x: R| {
        if piece(x, t) == 0 {
            R::zero()
        } else {
            x - sign(x) * t
        }
    };
    match (piece(a, t), piece(b, t)) {
        (0, 0) => R::zero(),
        (i, j) if i == j => R::one(),
        _ => (value(a) - value(b)) / (a - b),
    }
}

/// That of its change with the threshold.
fn step_difference<R: RealField + Copy>(a: R, b: R, t: R) -> R {
    let step = |x: R| nalgebra::convert::<f64, R>(f64::from(-piece(x, t)));
    if piece(a, t) == piece(b, t) {
        return R::zero();
    }
    (step(a) - step(b)) / (a - b)
}

/// The second divided difference at three eigenvalues: zero in one piece, otherwise by two that are in different ones.
fn second_difference<R: RealField + Copy>([a, b, c]: [R; 3], t: R) -> R {
    let quotient =
        |a: R, b: R, c: R| (first_difference(a, b, t) - first_difference(b, c, t)) / (a - c);
    match (piece(a, t), piece(b, t), piece(c, t)) {
        (i, j, k) if i == j && j == k => R::zero(),
        (i, _, k) if i != k => quotient(a, b, c),
        _ => quotient(b, a, c),
    }
}
