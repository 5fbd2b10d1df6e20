//! The best approximation of a lower rank.

use crate::linalg::Field;
use crate::linalg::decomposition::gauge::rounding;
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::functions::singular::{Pair, SingularFunction, recomposed};
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::shape::{View, ViewMut};
use nalgebra::{DMatrix, DVector};

rule! {
    /// The matrix `Y` of rank `r` that is nearest to `A` in the Frobenius and the spectral norm: `A = U S V^H` with all but the `r` largest
    /// singular values set to zero. `A` itself if `r` is not below its dimensions.
    ///
    /// `A` m x n, real or complex. With `P = U^H dA V`, and i kept, j dropped: `dY` has `P_ij` among what is kept, nothing among what is dropped,
    /// `(s_i^2 P_ij + s_i s_j conj(P_ji)) / (s_i^2 - s_j^2)` between; the reverse is the same map. Only `s_r > s_(r+1)` is needed: other
    /// singular values may be equal, or zero.
    ///
    /// C. Eckart, G. Young, The approximation of one matrix by another of lower rank (1936),
    /// [doi:10.1007/BF02288367](https://doi.org/10.1007/BF02288367).
    ///
    /// ```
    /// use autodiff_runtime::linalg::low_rank;
    /// use nalgebra::Matrix2;
    ///
    /// let a = Matrix2::new(2.0f64, 0.0, 0.0, 1.0);
    /// let (value, slope) = low_rank::jvp(&a, 1, &Matrix2::new(1.0, 3.0, 0.0, 1.0));
    /// assert!((value - Matrix2::new(2.0, 0.0, 0.0, 0.0)).amax() < 1e-15);
    /// assert!((slope - Matrix2::new(1.0, 4.0, 2.0, 0.0)).amax() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// The derivatives, if `s_r = s_(r+1)` up to rounding, also where both are zero: there the nearest matrix is not unique, or does not depend
    /// smoothly on `A`.
    low_rank[T: Field, R, C](a da: S[R, C]; rank: usize) -> OMatrix<T, R, C>
}

impl<T: Field> Rule<T, 1> for low_rank {
    type Constants = usize;
    type Value = DMatrix<T>;
    type Saved = SingularFunction<T>;

    fn forward([a]: [View<'_, T>; 1], rank: usize) -> (Self::Value, Self::Saved) {
        let svd = Svd::new(&a);
        let s = svd.s.clone();
        let kept = DVector::from_fn(
            s.len(),
            |i, _| if i < rank { s[i] } else { T::RealField::zero() },
        );
        let value = if rank < s.len() {
            recomposed(&svd, &kept)
        } else {
            a.clone_owned()
        };
        let tiny = rounding::<T>(a.nrows().max(a.ncols()))
            * s.get(0).copied().unwrap_or_else(T::RealField::zero);
        let pair = |i: usize, j: usize| coefficients((i, s[i]), (j, s[j]), rank, tiny);
        let ratio = |i: usize| {
            let beside = (s.len(), T::RealField::zero());
            if rank < s.len() {
                coefficients((i, s[i]), beside, rank, tiny).1
            } else {
                T::RealField::one()
            }
        };
        let saved = SingularFunction::new("low_rank", svd, pair, ratio);
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

/// The divided difference and the average of `s` for what is kept and zero for what is dropped; infinite where the two are equal.
fn coefficients<R: nalgebra::RealField + Copy>(
    (i, s_i): (usize, R),
    (j, s_j): (usize, R),
    rank: usize,
    tiny: R,
) -> Pair<R> {
    let (kept, dropped) = match (i < rank, j < rank) {
        (true, true) => return (R::one(), R::one()),
        (false, false) => return (R::zero(), R::zero()),
        (true, false) => (s_i, s_j),
        (false, true) => (s_j, s_i),
    };
    if kept - dropped <= tiny {
        return (R::zero().recip(), R::zero().recip());
    }
    (kept / (kept - dropped), kept / (kept + dropped))
}
