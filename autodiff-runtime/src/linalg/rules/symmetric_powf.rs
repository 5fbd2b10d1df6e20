//! Real powers of a symmetric positive definite matrix.

use super::symmetric_exp::symmetric_exp;
use super::symmetric_ln::symmetric_ln;
use crate::linalg::RealNumber;
use crate::linalg::decomposition::svd::scaled_columns;
use crate::linalg::functions::divided_difference;
use crate::linalg::functions::frechet::Frechet;
use crate::linalg::functions::symmetric::{Spectrum, SymmetricFunction};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, number, square};
use nalgebra::DMatrix;

rule! {
    /// The power `Y = V L^p V^T` of a symmetric positive definite matrix `A = V L V^T`; `None` if an eigenvalue is not positive.
    ///
    /// `A` n x n, real; a function of its symmetric part. `p` a 1 x 1 matrix, so that it has a derivative too. In the direction $\dot A$ it
    /// is $V (f[l_i, l_j] \circ V^T \dot A V) V^T$, $f[a, b] = b^p (e^{p \ln(a / b)} - 1) / (a - b)$, in that of `p` it is
    /// $V (L^p \ln L) V^T$; the reverse is the same map of $\bar Y$. Equal eigenvalues are no exception, and neighbouring ones do not cancel.
    ///
    /// N. J. Higham, Functions of Matrices (2008), theorem 3.11, [doi:10.1137/1.9780898717778](https://doi.org/10.1137/1.9780898717778).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_powf;
    /// use nalgebra::{Matrix1, Matrix2};
    ///
    /// let (a, p) = (Matrix2::new(4.0f64, 0.0, 0.0, 9.0), Matrix1::new(-0.5));
    /// let (value, slope) = symmetric_powf::jvp(&a, &p, &Matrix2::new(1.0, 0.0, 0.0, 0.0), &Matrix1::new(0.0));
    /// assert!((value.unwrap() - Matrix2::new(1.0 / 2.0, 0.0, 0.0, 1.0 / 3.0)).amax() < 1e-15);
    /// assert!((slope.unwrap() - Matrix2::new(-1.0 / 16.0, 0.0, 0.0, 0.0)).amax() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square or `p` not 1 x 1.
    symmetric_powf[T: RealNumber, D, P, Q](a da: SA[D, D], exponent dexponent: SP[P, Q]) -> Option<OMatrix<T, D, D>>
    ; twice
}

impl<T: RealNumber> Rule<T, 2> for symmetric_powf {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    /// The function of A, and `dY / dp`.
    type Saved = Option<(SymmetricFunction<T>, DMatrix<T>)>;

    fn forward([a, exponent]: [View<'_, T>; 2], (): ()) -> (Self::Value, Self::Saved) {
        square("symmetric_powf", &a);
        let p = number("symmetric_powf", &exponent);
        let spectrum = Spectrum::new(&a);
        let saved = spectrum.is_above(T::zero()).then(|| {
            let v = &spectrum.vectors;
            let slopes = spectrum.values.map(|l| l.powf(p) * l.ln());
            let slope = scaled_columns(v, &slopes) * v.transpose();
            let difference = |a, b| divided_difference::of_powf(a, b, p);
            let power = spectrum.function("symmetric_powf", |l| l.powf(p), difference);
            (power, slope)
        });
        (
            saved.as_ref().map(|(power, _)| power.value().clone()),
            saved,
        )
    }

    fn tangent(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        [da, dp]: [View<'_, T>; 2],
    ) -> Self::Value {
        let (power, slope) = saved.as_ref()?;
        Some(power.frechet(&da.clone_owned()) + slope * dp[(0, 0)])
    }

    fn reverse(
        _: [View<'_, T>; 2],
        saved: &Self::Saved,
        y_bar: Self::Value,
        [mut a_bar, mut p_bar]: [ViewMut<'_, T>; 2],
    ) {
        if let Some(((power, slope), y_bar)) = defined(saved.as_ref(), y_bar) {
            a_bar += power.adjoint(&y_bar);
            p_bar[(0, 0)] += slope.dot(&y_bar);
        }
    }
}

/// Of `exp(p ln A)`, part by part: with `M = p ln A`, `dM_bar` is what the exponential contributes at `dM = dp ln A + p d ln A`.
impl<T: RealNumber> SecondRule<T, 2> for symmetric_powf {
    fn reverse_tangent(
        [a, exponent]: [View<'_, T>; 2],
        (): Self::Constants,
        _: &Self::Saved,
        [da, dp]: [View<'_, T>; 2],
        y_bar: Self::Value,
        [mut a_slope, mut p_slope]: [ViewMut<'_, T>; 2],
    ) {
        let (p, dp) = (exponent[(0, 0)], dp[(0, 0)]);
        let (Some(ln), saved_ln) = symmetric_ln::forward([view(&a)], ()) else {
            return;
        };
        let (Some(y_bar), Some(dln)) = (
            y_bar,
            symmetric_ln::tangent([view(&a)], &saved_ln, [view(&da)]),
        ) else {
            return;
        };
        let (m, dm) = (&ln * p, &ln * dp + &dln * p);
        let (_, saved_exp) = symmetric_exp::forward([view(&m)], ());
        let (mut m_bar, mut dm_bar) = (&m * T::zero(), &m * T::zero());
        symmetric_exp::reverse_tangent(
            [view(&m)],
            (),
            &saved_exp,
            [view(&dm)],
            y_bar.clone(),
            [view_mut(&mut dm_bar)],
        );
        symmetric_exp::reverse([view(&m)], &saved_exp, y_bar, [view_mut(&mut m_bar)]);
        p_slope[(0, 0)] += dm_bar.dot(&ln) + m_bar.dot(&dln);
        let (ln_bar, dln_bar) = (&m_bar * p, &m_bar * dp + dm_bar * p);
        symmetric_ln::reverse(
            [view(&a)],
            &saved_ln,
            Some(dln_bar),
            [view_mut(&mut a_slope)],
        );
        symmetric_ln::reverse_tangent(
            [view(&a)],
            (),
            &saved_ln,
            [view(&da)],
            Some(ln_bar),
            [a_slope],
        );
    }
}
