//! The best approximation of a lower rank.

use crate::linalg::decomposition::gauge::rounding;
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::decomposition::symmetric::decomposed;
use crate::linalg::functions::singular::{Pair, SingularFunction, dilation, recomposed};
use crate::linalg::functions::symmetric::second_by_spectrum;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{rule, undefined};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut};
use crate::linalg::{Field, RealNumber};
use nalgebra::{DMatrix, DVector};

rule! {
    /// The matrix `Y` of rank `r` that is nearest to `A` in the Frobenius and the spectral norm: `A = U S V^H` with all but the `r` largest
    /// singular values set to zero. `A` itself if `r` is not below its dimensions.
    ///
    /// `A` m x n, real or complex. With $P = U^H \dot A V$, and i kept, j dropped: $U^H \dot Y V$ has $P_{ij}$ among what is kept, nothing
    /// among what is dropped, $(s_i^2 P_{ij} + s_i s_j \overline{P_{ji}}) / (s_i^2 - s_j^2)$ between; the reverse is the same map. Only
    /// `s_r > s_(r+1)` is needed: other singular values may be equal, or zero.
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
    ; twice
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

/// Of the function `f(x) = x` of the kept and `0` of the dropped eigenvalues of `[0, A; A^T, 0]`, which are the singular values and their
/// negatives: see `second_by_spectrum`.
impl<T: RealNumber> SecondRule<T, 1> for low_rank {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        rank: usize,
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let s = &saved.svd.s;
        if rank == 0 || rank >= s.len() {
            return;
        }
        if s[rank - 1] - s[rank] <= rounding::<T>(a.nrows().max(a.ncols())) * s[0] {
            undefined("low_rank", "the rank divides equal singular values");
        }
        let (values, vectors) = decomposed(dilation(&a));
        let directions = [&dilation(&da), &dilation(&view(&y_bar))];
        let split = (s[rank - 1] + s[rank]) * nalgebra::convert::<f64, T>(0.5);
        let second = |points| second_difference(points, split);
        let change = second_by_spectrum("low_rank", (&values, &vectors), directions, second);
        slope += change.view((0, a.nrows()), a.shape());
    }
}

/// The second divided difference at three eigenvalues, those above `split` in modulus being kept; no difference of equal ones.
fn second_difference<T: RealNumber>(values: [T; 3], split: T) -> T {
    let is_kept = |x: &T| x.abs() > split;
    let kept = || values.iter().copied().filter(is_kept);
    let dropped = || values.iter().copied().filter(|x| !is_kept(x));
    let gaps = kept().flat_map(|a| dropped().map(move |b| a - b));
    let product = gaps.fold(T::one(), |product, gap| product * gap);
    match (kept().count(), kept().next(), dropped().next()) {
        (1, Some(a), _) => a / product,
        (2, _, Some(c)) => -c / product,
        _ => T::zero(),
    }
}
