//! The singular value decomposition by one-sided Jacobi rotations: slower than bidiagonalisation, and right for every matrix.
//!
//! The columns of `W = A` are rotated in pairs until they are orthogonal, `A J = W = U S`. A QR factorisation first makes the
//! matrix square; `R^H` in place of `R` makes the rotations few.
//!
//! Z. Drmač and K. Veselić, New fast and accurate Jacobi SVD algorithm I, SIAM Journal on Matrix Analysis and Applications 29
//! (2008), [doi:10.1137/050639193](https://doi.org/10.1137/050639193).

use super::svd::Svd;
use crate::linalg::Field;
use crate::linalg::shape::{View, view};
use nalgebra::{ComplexField, DMatrix, DVector, QR, RealField};
use num_traits::{One, Zero};

/// More sweeps are never needed; 6 to 10 are usual.
const SWEEPS: usize = 60;

/// `A = U diag(s) V^H`. The entries are finite.
pub fn svd<T: Field>(a: &View<'_, T>) -> Svd<T> {
    if a.nrows() < a.ncols() {
        let Svd { u, s, v_t } = svd(&view(&a.adjoint()));
        let (u, v_t) = (v_t.adjoint(), u.adjoint());
        return Svd { u, s, v_t };
    }
    let scale = a.camax();
    if scale.is_zero() {
        let (u, v_t) = (DMatrix::identity(a.nrows(), a.ncols()), identity(a.ncols()));
        let s = DVector::zeros(a.ncols());
        return Svd { u, s, v_t };
    }
    let qr = QR::new(a.unscale(scale));
    // R^H J = W S, so that R = J S W^H and A = (Q J) S W^H.
    let mut w = qr.r().adjoint();
    let mut j = identity(w.ncols());
    let _ = (0..SWEEPS).find(|_| !sweep(&mut w, &mut j));
    let s = normalize(&mut w);
    sorted(qr.q() * j, s.scale(scale), w)
}

fn identity<T: Field>(n: usize) -> DMatrix<T> {
    DMatrix::identity(n, n)
}

/// Rotates each pair of columns once. Was there one that was not orthogonal?
fn sweep<T: Field>(w: &mut DMatrix<T>, j: &mut DMatrix<T>) -> bool {
    let n = w.ncols();
    let mut rotated = false;
    for p in 0..n {
        for q in p + 1..n {
            if let Some(rotation) = rotation(w, p, q) {
                rotate(w, p, q, &rotation);
                rotate(j, p, q, &rotation);
                rotated = true;
            }
        }
    }
    rotated
}

/// Cosine, and sine times phase.
type Rotation<T> = (<T as nalgebra::ComplexField>::RealField, T);

/// What makes the columns `p` and `q` orthogonal, if they are not.
fn rotation<T: Field>(w: &DMatrix<T>, p: usize, q: usize) -> Option<Rotation<T>> {
    let (a, b) = (w.column(p), w.column(q));
    let (aa, bb, ab) = (a.norm(), b.norm(), a.dotc(&b));
    let size = ab.modulus();
    if size <= T::EPSILON * aa * bb {
        return None;
    }
    let two: T::RealField = nalgebra::convert(2.0);
    let zeta = (bb - aa) * ((bb + aa) / (two * size));
    let one = T::RealField::one();
    let tangent = one.copysign(zeta) / (zeta.abs() + zeta.hypot(one));
    let cosine = one / tangent.hypot(one);
    Some((cosine, ab.unscale(size).scale(cosine * tangent)))
}

fn rotate<T: Field>(m: &mut DMatrix<T>, p: usize, q: usize, (cosine, sine): &Rotation<T>) {
    for i in 0..m.nrows() {
        let (x, y) = (m[(i, p)], m[(i, q)]);
        m[(i, p)] = x.scale(*cosine) - y * sine.conjugate();
        m[(i, q)] = x * *sine + y.scale(*cosine);
    }
}

/// Makes the columns, which are orthogonal, orthonormal. Returns their norms.
fn normalize<T: Field>(w: &mut DMatrix<T>) -> DVector<T::RealField> {
    let norms = DVector::from_iterator(w.ncols(), w.column_iter().map(|c| c.norm()));
    for (j, norm) in norms.iter().enumerate() {
        if !norm.is_zero() {
            w.column_mut(j).unscale_mut(*norm);
        }
    }
    for j in (0..w.ncols()).filter(|j| norms[*j].is_zero()) {
        complete(w, j);
    }
    norms
}

/// Makes the column `j` a unit vector that is orthogonal to the others, of which those that are zero do not count.
fn complete<T: Field>(w: &mut DMatrix<T>, j: usize) {
    let n = w.nrows();
    // The unit vector of which the others leave most.
    let covered = |i: usize| w.row(i).norm_squared();
    let order = |a: &usize, b: &usize| covered(*a).partial_cmp(&covered(*b));
    let best = (0..n).min_by(|a, b| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    let mut x = DVector::zeros(n);
    x[best.unwrap_or(0)] = T::one();
    for _ in 0..2 {
        let part = w.ad_mul(&x);
        x -= &*w * part;
    }
    w.set_column(j, &x.normalize());
}

/// In descending order of the singular values.
fn sorted<T: Field>(u: DMatrix<T>, s: DVector<T::RealField>, v: DMatrix<T>) -> Svd<T> {
    let mut order: Vec<usize> = (0..s.len()).collect();
    order.sort_by(|a, b| {
        s[*b]
            .partial_cmp(&s[*a])
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    Svd {
        u: u.select_columns(&order),
        s: s.select_rows(&order),
        v_t: v.select_columns(&order).adjoint(),
    }
}

#[cfg(test)]
mod tests {
    use super::svd;
    use crate::linalg::decomposition::svd::{Svd, scaled_columns};
    use crate::linalg::shape::view;
    use nalgebra::{Complex, DMatrix};

    /// Pseudo-random entries in -1 .. 1.
    fn matrix(rows: usize, columns: usize) -> DMatrix<Complex<f64>> {
        let entry = |k: usize| ((k * k + 7 * k) as f64 * 0.37).sin();
        DMatrix::from_fn(rows, columns, |i, j| {
            Complex::new(entry(i + 5 * j), entry(3 * i + j + 1))
        })
    }

    fn assert_decomposed(a: &DMatrix<Complex<f64>>) {
        let Svd { u, s, v_t } = svd(&view(a));
        let k = s.len();
        let one = DMatrix::identity(k, k);
        let size = a.camax() + f64::MIN_POSITIVE;
        assert!((scaled_columns(&u, &s) * &v_t - a).camax() <= 1e-14 * size);
        assert!((u.ad_mul(&u) - &one).norm() < 1e-13, "{u}");
        assert!((&v_t * v_t.adjoint() - one).norm() < 1e-13, "{v_t}");
        assert!(s.as_slice().is_sorted_by(|a, b| a >= b), "{s}");
    }

    #[test]
    fn any_shape_and_rank() {
        for (n, m) in [(1, 1), (4, 1), (1, 4), (5, 5), (9, 4), (4, 9)] {
            assert_decomposed(&matrix(n, m));
            assert_decomposed(&DMatrix::zeros(n, m));
            assert_decomposed(&DMatrix::from_element(n, m, Complex::new(1.0, -1.0)));
            let mut a = matrix(n, m) * Complex::new(1e200, 0.0);
            assert_decomposed(&a);
            a.column_mut(0).fill(Complex::new(0.0, 0.0));
            assert_decomposed(&(a * Complex::new(1e-300, 0.0)));
        }
    }

    /// Small singular values are right to all digits where the columns are only scaled badly.
    #[test]
    fn graded() {
        let s = svd(&view(&DMatrix::from_row_slice(
            2,
            2,
            &[1.0, 1e-20, 1.0, -1e-20],
        )))
        .s;
        let relative: f64 = s[1] / 2f64.sqrt() * 1e20;
        assert!((relative - 1.0).abs() < 1e-14);
    }
}
