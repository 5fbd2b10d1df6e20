//! The polar decomposition `A = W H` by the singular values: `W = U V^H`, `H = V S V^H`.
//!
//! `dW` is the derivative of `U f(S) V^H` for f = 1. With `P = U^H dA V` it is `dH = V C V^H`, `C_ij = (s_i P_ij + s_j conj(P_ji)) / (s_i + s_j)`:
//! a mean of the two, so that small singular values do no harm; and for a wide A what the rows of A have outside of the range of V.
//!
//! At full rank, A not wide, the reverse is `W K + (I - W W^H) W_bar H^-1 + A Z` with `H K + K H = W^H W_bar - W_bar^H W` and
//! `H Z + Z H = H_bar + H_bar^H`; its tangent is that of these equations. A wide A goes through its transpose, with `H = W^H A`.

use super::singular::SingularFunction;
use crate::linalg::decomposition::gauge::rounding;
use crate::linalg::decomposition::svd::{Svd, scaled_columns};
use crate::linalg::decomposition::symmetric::largest;
use crate::linalg::rule::undefined;
use crate::linalg::shape::View;
use crate::linalg::{Field, RealNumber};
use nalgebra::{ComplexField, DMatrix, DVector};
use num_traits::Zero;

/// The polar decomposition with what its derivatives need.
pub struct Polar<T: Field> {
    /// Of W.
    isometry: SingularFunction<T>,
    pub w: DMatrix<T>,
    pub h: DMatrix<T>,
    /// `s_i / (s_i + s_j)`, zero where both are.
    shares: DMatrix<T::RealField>,
}

impl<T: Field> Polar<T> {
    pub fn new(name: &'static str, a: &View<'_, T>) -> Self {
        let svd = Svd::new(a);
        let s = svd.s.clone();
        let zero = T::RealField::zero();
        let tiny = rounding::<T>(a.nrows().max(a.ncols())) * largest(s.as_slice());
        let inverse = |x: T::RealField| if x <= tiny { zero.recip() } else { x.recip() };
        let two: T::RealField = nalgebra::convert(2.0);
        let pair = |i: usize, j: usize| (zero, two * inverse(s[i] + s[j]));
        let share = |i: usize, j: usize| {
            let sum = s[i] + s[j];
            if sum.is_zero() { zero } else { s[i] / sum }
        };
        let v = svd.v_t.adjoint();
        let (w, h) = (&svd.u * &svd.v_t, scaled_columns(&v, &s) * &svd.v_t);
        let shares = DMatrix::from_fn(s.len(), s.len(), share);
        let isometry = SingularFunction::new(name, svd, pair, |i| inverse(s[i]));
        Polar {
            isometry,
            w,
            h,
            shares,
        }
    }

    /// The tangents of W and H.
    #[track_caller]
    pub fn tangent(&self, da: &DMatrix<T>) -> (DMatrix<T>, DMatrix<T>) {
        let Svd { u, v_t, .. } = &self.isometry.svd;
        let rows = u.ad_mul(da);
        let p = &rows * v_t.adjoint();
        let weighted = p.zip_map(&self.shares, |p, share| p.scale(share));
        let core = &weighted + weighted.adjoint();
        let mut dh = v_t.ad_mul(&(core * v_t));
        if da.ncols() > p.ncols() {
            let beside = v_t.ad_mul(&(rows - &p * v_t));
            dh += &beside + beside.adjoint();
        }
        (self.isometry.derivative(da), dh)
    }

    /// The adjoint of A from those of W and H.
    #[track_caller]
    pub fn adjoint(&self, w_bar: &DMatrix<T>, h_bar: &DMatrix<T>) -> DMatrix<T> {
        let Svd { u, v_t, .. } = &self.isometry.svd;
        let both = h_bar + h_bar.adjoint();
        let rows = v_t * &both;
        let p = &rows * v_t.adjoint();
        let weighted = p.zip_map(&self.shares, |p, share| p.scale(share));
        let mut a_bar = u * weighted * v_t;
        if rows.ncols() > p.ncols() {
            a_bar += u * (rows - &p * v_t);
        }
        if w_bar.iter().any(|x| !x.is_zero()) {
            a_bar += self.isometry.derivative(w_bar);
        }
        a_bar
    }
}

impl<T: RealNumber> Polar<T> {
    /// The tangent of [`Self::adjoint`] in the direction `da`, the cotangents being constant.
    ///
    /// # Panics
    ///
    /// If a singular value is zero.
    #[track_caller]
    pub fn adjoint_tangent(
        &self,
        a: &View<'_, T>,
        da: &DMatrix<T>,
        w_bar: &DMatrix<T>,
        h_bar: &DMatrix<T>,
    ) -> DMatrix<T> {
        let Svd { u, s, v_t } = &self.isometry.svd;
        let n = a.nrows().max(a.ncols());
        let smallest = s.iter().copied().last().unwrap_or_else(T::one);
        if smallest <= rounding::<T>(n) * largest(s.as_slice()) {
            undefined(
                self.isometry.name,
                "a second derivative needs a matrix of full rank",
            );
        }
        let (dw, dh) = self.tangent(da);
        if a.nrows() >= a.ncols() {
            let h = Definite {
                vectors: &v_t.transpose(),
                values: s,
            };
            let z = h.lyapunov(&(h_bar + h_bar.transpose()));
            let dz = h.lyapunov(&-(&dh * &z + &z * &dh));
            return h.isometry_tangent([&self.w, &dw], &dh, w_bar) + da * z + a * dz;
        }
        let (w_bar, dw_bar) = (w_bar + a * h_bar.transpose(), da * h_bar.transpose());
        let g = Definite {
            vectors: u,
            values: s,
        };
        let half = da * self.w.transpose() + a * dw.transpose();
        let dg = (&half + half.transpose()) * nalgebra::convert::<f64, T>(0.5);
        let [w, turn] = [self.w.transpose(), dw.transpose()];
        let through = g.isometry_tangent([&w, &turn], &dg, &w_bar.transpose());
        through.transpose() + self.isometry.derivative(&dw_bar) + dw * h_bar
    }
}

/// A positive definite matrix by its eigenvectors and eigenvalues.
struct Definite<'a, T: RealNumber> {
    vectors: &'a DMatrix<T>,
    values: &'a DVector<T>,
}

impl<T: RealNumber> Definite<'_, T> {
    /// The solution of `H X + X H = C`.
    fn lyapunov(&self, c: &DMatrix<T>) -> DMatrix<T> {
        let (v, s) = (self.vectors, self.values);
        let mut core = v.tr_mul(c) * v;
        for (i, j) in (0..s.len()).flat_map(|i| (0..s.len()).map(move |j| (i, j))) {
            core[(i, j)] /= s[i] + s[j];
        }
        v * core * v.transpose()
    }

    /// `B H^-1`
    fn divide(&self, b: &DMatrix<T>) -> DMatrix<T> {
        let inverses = self.values.map(|s| s.recip());
        scaled_columns(&(b * self.vectors), &inverses) * self.vectors.transpose()
    }

    /// The tangent of `W K + (I - W W^T) W_bar H^-1`, W having orthonormal columns and the tangent `dw`, H the tangent `dh`.
    fn isometry_tangent(
        &self,
        [w, dw]: [&DMatrix<T>; 2],
        dh: &DMatrix<T>,
        w_bar: &DMatrix<T>,
    ) -> DMatrix<T> {
        let skew = |m: DMatrix<T>| &m - m.transpose();
        let k = self.lyapunov(&skew(w.tr_mul(w_bar)));
        let dk = self.lyapunov(&(skew(dw.tr_mul(w_bar)) - dh * &k - &k * dh));
        let inside = dw * k + w * dk;
        if w.is_square() {
            return inside;
        }
        let beside = self.divide(&(w_bar - w * w.tr_mul(w_bar)));
        let turned = dw * w.tr_mul(w_bar) + w * dw.tr_mul(w_bar);
        inside - self.divide(&(turned + beside * dh))
    }
}
