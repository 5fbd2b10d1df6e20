//! The spectral norm.

use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::functions::singular::SingularFunction;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, assert_distinct};
use crate::linalg::shape::{View, ViewMut};

rule! {
    /// The spectral norm, the largest singular value.
    ///
    /// `A` n x m, `A = U diag(s) V^H`. $\dot y = \mathrm{Re}(u_1^H \dot A v_1)$; $\bar A = \bar y u_1 v_1^H$. Where the largest singular
    /// value is repeated there is no derivative, and the first of its vectors give a subgradient; at zero the subgradient 0 is taken.
    /// A second derivative there is a panic; the other values may be equal or zero.
    ///
    /// G. A. Watson (1992), [doi:10.1016/0024-3795(92)90407-2](https://doi.org/10.1016/0024-3795(92)90407-2).
    ///
    /// ```
    /// use autodiff_runtime::linalg::spectral_norm;
    /// use nalgebra::Matrix2;
    ///
    /// let (value, gradient) = spectral_norm::value_and_grad(&Matrix2::<f64>::new(0.0, 3.0, -2.0, 0.0));
    /// assert!((value - 3.0).abs() < 1e-14);
    /// assert!((gradient - Matrix2::new(0.0, 1.0, 0.0, 0.0)).norm() < 1e-14);
    /// ```
    spectral_norm[T: Field, N, M](a da: S[N, M]) -> T::RealField
    ; twice
}

impl<T: Field> Rule<T, 1> for spectral_norm {
    type Constants = ();
    type Value = T::RealField;
    type Saved = Svd<T>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (T::RealField, Self::Saved) {
        let svd = Svd::new(&a);
        (svd.largest(), svd)
    }

    fn tangent(_: [View<'_, T>; 1], svd: &Self::Saved, [da]: [View<'_, T>; 1]) -> T::RealField {
        let first = first(svd);
        let moved = da * svd.v_t.rows(0, first).adjoint();
        svd.u.columns(0, first).dotc(&moved).real()
    }

    fn reverse(
        _: [View<'_, T>; 1],
        svd: &Self::Saved,
        y_bar: T::RealField,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let first = first(svd);
        let (u, v_t) = (svd.u.columns(0, first), svd.v_t.rows(0, first));
        a_bar.gemm(T::from_real(y_bar), &u, &v_t, T::one());
    }
}

/// The gradient is `U f(S) V^T`, f one at the largest singular value and zero at the others.
impl<T: RealNumber> SecondRule<T, 1> for spectral_norm {
    fn reverse_tangent(
        [_]: [View<'_, T>; 1],
        (): Self::Constants,
        svd: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let largest: Vec<T> = svd.s.iter().copied().take(2).collect();
        let first = largest.first().copied();
        assert_distinct("spectral_norm", &largest, svd.largest(), first);
        slope += only_first(svd.clone()).derivative(&da.clone_owned()) * y_bar;
    }
}

/// The first singular value is apart from all others; of these any may be equal, or zero.
fn only_first<T: RealNumber>(svd: Svd<T>) -> SingularFunction<T> {
    let (s, zero) = (svd.s.clone(), T::zero());
    let pair = |i: usize, j: usize| match (i, j) {
        (0, 0) => (zero, s[0].recip()),
        (0, k) | (k, 0) => ((s[0] - s[k]).recip(), (s[0] + s[k]).recip()),
        _ => (zero, zero),
    };
    let ratio = |i: usize| if i == 0 { s[0].recip() } else { zero };
    SingularFunction::new("spectral_norm", svd, pair, ratio)
}

/// How many vectors count: one, or none at zero.
fn first<T: Field>(svd: &Svd<T>) -> usize {
    usize::from(!svd.largest().is_zero())
}
