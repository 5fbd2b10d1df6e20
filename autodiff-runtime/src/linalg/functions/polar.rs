//! The polar decomposition `A = W H` by the singular values: `W = U V^H`, `H = V S V^H`.
//!
//! `dW` is the derivative of `U f(S) V^H` for f = 1. With `P = U^H dA V` it is `dH = V C V^H`, `C_ij = (s_i P_ij + s_j conj(P_ji)) / (s_i + s_j)`:
//! a mean of the two, so that small singular values do no harm; and for a wide A what the rows of A have outside of the range of V.

use super::singular::SingularFunction;
use crate::linalg::Field;
use crate::linalg::decomposition::gauge::rounding;
use crate::linalg::decomposition::svd::{Svd, scaled_columns};
use crate::linalg::decomposition::symmetric::largest;
use crate::linalg::shape::View;
use nalgebra::{ComplexField, DMatrix};
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
