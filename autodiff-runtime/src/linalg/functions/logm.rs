//! The principal logarithm: `exp(X) = A` with the imaginary parts of the eigenvalues of X between -pi and pi.
//!
//! Inverse scaling and squaring of the real Schur form (Al-Mohy, Higham and Relton 2013, doi:10.1137/120885991): square roots until T is
//! near the identity, `log T = 2^s log T^(1/2^s)`, and for the last one the quadrature `log(I + Z) = int_0^1 Z (I + x Z)^-1 dx`. The
//! derivative goes the same way: through the root's `X dX + dX X = dT`, `s` times, then `sum_j w_j (I + x_j Z)^-1 dZ (I + x_j Z)^-1`.

use super::frechet::Frechet;
use super::norms::one_norm;
use super::quadrature::gauss_legendre;
use super::quasi_triangular::solve_sylvester;
use super::schur::{SchurForm, diagonal_blocks};
use super::sqrtm::triangular_root;
use nalgebra::{DMatrix, RealField, convert};

/// How near to the identity the last root is, in the 1-norm: there seven nodes are exact to rounding, for the derivative too.
const RADIUS: f64 = 0.15;
const NODES: usize = 7;

/// The logarithm in the basis of the Schur form of A.
#[derive(Clone, Debug)]
pub struct Logarithm<T: RealField> {
    form: SchurForm<T>,
    /// `T^(1/2)`, `T^(1/4)`, ..
    roots: Vec<DMatrix<T>>,
    /// `w_j` and `(I + x_j Z)^-1`; Z is small, so that there is nothing wrong with inverses.
    resolvents: Vec<(T, DMatrix<T>)>,
    value: DMatrix<T>,
}

impl<T: RealField + Copy> Logarithm<T> {
    /// `None` if an eigenvalue is zero or negative.
    pub fn new(a: &DMatrix<T>) -> Option<Self> {
        let form = SchurForm::new(a)?;
        let roots = roots_to_identity(&form.t)?;
        let z = minus_identity(roots.last().unwrap_or(&form.t));
        let resolvents = resolvents(&z)?;
        let last = weighted_sum(&resolvents, |g| g * &z);
        let value = form.in_standard_basis(&(last * power_of_two::<T>(roots.len())));
        Some(Logarithm {
            form,
            roots,
            resolvents,
            value,
        })
    }

    pub fn value(&self) -> &DMatrix<T> {
        &self.value
    }

    /// The derivative of a root from that of its square.
    fn through_root(root: &DMatrix<T>, direction: DMatrix<T>) -> DMatrix<T> {
        solve_sylvester(root, root, direction, T::zero())
            .expect("the principal root of a regular matrix has a regular derivative")
    }
}

impl<T: RealField + Copy> Frechet<T> for Logarithm<T> {
    fn frechet(&self, direction: &DMatrix<T>) -> DMatrix<T> {
        let first = self.form.in_schur_basis(direction);
        let e = self
            .roots
            .iter()
            .fold(first, |e, root| Self::through_root(root, e));
        let sum = weighted_sum(&self.resolvents, |g| g * &e * g);
        self.form
            .in_standard_basis(&(sum * power_of_two::<T>(self.roots.len())))
    }
}

/// The repeated roots of T, up to one within [`RADIUS`] of the identity.
fn roots_to_identity<T: RealField + Copy>(t: &DMatrix<T>) -> Option<Vec<DMatrix<T>>> {
    let singular = diagonal_blocks(t)
        .iter()
        .any(|block| block.len() == 1 && t[(block.start, block.start)].is_zero());
    let mut roots: Vec<DMatrix<T>> = Vec::new();
    while one_norm(&minus_identity(roots.last().unwrap_or(t))) > convert(RADIUS) {
        if singular {
            return None;
        }
        roots.push(triangular_root(roots.last().unwrap_or(t))?);
    }
    Some(roots)
}

fn resolvents<T: RealField + Copy>(z: &DMatrix<T>) -> Option<Vec<(T, DMatrix<T>)>> {
    gauss_legendre(NODES)
        .into_iter()
        .map(|(x, w)| {
            Some((
                convert(w),
                plus_identity(z * convert::<f64, T>(x)).try_inverse()?,
            ))
        })
        .collect()
}

/// `sum_j w_j f(G_j)`
fn weighted_sum<T: RealField + Copy>(
    resolvents: &[(T, DMatrix<T>)],
    f: impl Fn(&DMatrix<T>) -> DMatrix<T>,
) -> DMatrix<T> {
    let (rows, columns) = resolvents[0].1.shape();
    resolvents
        .iter()
        .fold(DMatrix::zeros(rows, columns), |sum, (w, g)| sum + f(g) * *w)
}

fn plus_identity<T: RealField + Copy>(mut m: DMatrix<T>) -> DMatrix<T> {
    (0..m.nrows()).for_each(|i| m[(i, i)] += T::one());
    m
}

fn minus_identity<T: RealField + Copy>(m: &DMatrix<T>) -> DMatrix<T> {
    m - DMatrix::identity(m.nrows(), m.ncols())
}

fn power_of_two<T: RealField + Copy>(exponent: usize) -> T {
    convert::<f64, T>(2.0).powi(exponent as i32)
}
