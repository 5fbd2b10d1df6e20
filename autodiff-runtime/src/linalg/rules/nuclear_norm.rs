//! The nuclear norm.

use crate::linalg::Field;
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::functions::singular::SingularFunction;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut};
use num_traits::Zero;

rule! {
    /// The nuclear norm, the sum of the singular values.
    ///
    /// `A` n x m, `A = U diag(s) V^H`. $\dot y = \langle U V^H, \dot A \rangle$; $\bar A = \bar y U V^H$, over the singular values that are
    /// not zero: at a matrix that has not full rank there is no derivative, and the smallest subgradient is taken. Equal singular values do
    /// not matter. The second derivative there is that among matrices of this rank; a direction that leads out of them is a panic.
    ///
    /// G. A. Watson, Characterization of the subdifferential of some matrix norms, Linear Algebra and its Applications 170 (1992),
    /// [doi:10.1016/0024-3795(92)90407-2](https://doi.org/10.1016/0024-3795(92)90407-2).
    ///
    /// ```
    /// use autodiff_runtime::linalg::nuclear_norm;
    /// use nalgebra::Matrix2;
    ///
    /// let (value, gradient) = nuclear_norm::value_and_grad(&Matrix2::<f64>::new(0.0, 3.0, -2.0, 0.0));
    /// assert!((value - 5.0).abs() < 1e-14);
    /// assert!((gradient - Matrix2::new(0.0, 1.0, -1.0, 0.0)).norm() < 1e-14);
    /// ```
    nuclear_norm[T: Field, N, M](a da: S[N, M]) -> T::RealField
    ; twice
}

impl<T: Field> Rule<T, 1> for nuclear_norm {
    type Constants = ();
    type Value = T::RealField;
    type Saved = Svd<T>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (T::RealField, Self::Saved) {
        let svd = Svd::new(&a);
        (svd.s.sum(), svd)
    }

    fn tangent(_: [View<'_, T>; 1], svd: &Self::Saved, [da]: [View<'_, T>; 1]) -> T::RealField {
        let rank = rank(svd);
        let turned = da * svd.v_t.rows(0, rank).adjoint();
        svd.u.columns(0, rank).dotc(&turned).real()
    }

    fn reverse(
        _: [View<'_, T>; 1],
        svd: &Self::Saved,
        y_bar: T::RealField,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let rank = rank(svd);
        let (u, v_t) = (svd.u.columns(0, rank), svd.v_t.rows(0, rank));
        a_bar.gemm(T::from_real(y_bar), &u, &v_t, T::one());
    }
}

/// The gradient is `U f(S) V^H` for the sign f, zero at zero: beside the rank of A its slope is infinite.
impl<T: Field> SecondRule<T, 1> for nuclear_norm {
    fn reverse_tangent(
        [_]: [View<'_, T>; 1],
        (): Self::Constants,
        svd: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let turn = sign(svd.clone()).derivative(&da.clone_owned());
        slope += turn * T::from_real(y_bar);
    }
}

/// The singular values that are nothing but rounding count as zero: their vectors are arbitrary.
fn sign<T: Field>(svd: Svd<T>) -> SingularFunction<T> {
    let (s, rank) = (svd.s.clone(), rank(&svd));
    let (zero, two) = (
        T::RealField::zero(),
        nalgebra::convert::<f64, T::RealField>(2.0),
    );
    let pair = |i: usize, j: usize| match (i < rank, j < rank) {
        (true, true) => (zero, two / (s[i] + s[j])),
        (true, false) => (s[i].recip(), s[i].recip()),
        (false, true) => (s[j].recip(), s[j].recip()),
        (false, false) => (zero.recip(), zero.recip()),
    };
    let ratio = |i: usize| if i < rank { s[i].recip() } else { zero.recip() };
    SingularFunction::new("nuclear_norm", svd, pair, ratio)
}

fn rank<T: Field>(svd: &Svd<T>) -> usize {
    (0..svd.s.len()).take_while(|i| !svd.is_zero(*i)).count()
}
