//! The exponential: scaling and squaring of the Pade approximant, and its derivative (Al-Mohy and Higham 2009, doi:10.1137/080716426).
//!
//! `B = (A - m I) / 2^s` with m the mean of the eigenvalues, `exp(A) = (e^(m / 2^s) r(B))^(2^s)`, and `r = (V - U)^-1 (V + U)` with
//! `U = B W(B^2)`, `V = V(B^2)` even and odd parts of a polynomial of degree 3, 5, 7, 9 or 13. The derivative is that of these formulas,
//! term by term, and reuses the powers, the factors of `V - U` and the squares. The scaling is chosen by the norms of powers (Al-Mohy and
//! Higham 2010, doi:10.1137/09074721X), so that a matrix that is far from normal is not scaled too much.

use super::frechet::Frechet;
use super::norms::{epsilon, log2_norm_of_power, one_norm, to_f64};
use super::pade::{Pade, even_powers, powers_of_degree};
use nalgebra::{ComplexField, DMatrix, convert};

/// Up to which norm a degree is accurate, for the exponential and the derivative.
const DEGREES: [(usize, f64); 4] = [(3, 1.08e-2), (5, 2.00e-1), (7, 7.83e-1), (9, 1.78)];
/// The highest degree would be accurate up to 4.74, but its denominator loses a factor of `e^norm` by cancellation: one squaring more
/// than necessary makes the whole five times as accurate.
const HIGHEST: (usize, f64) = (13, 2.37);
/// The binary logarithm of the first coefficient of the error of the highest degree, `1 / (26! / 13!^2 27!)`.
const LOG2_ERROR: f64 = -116.45;

/// The exponential of A with what its derivative needs.
#[derive(Clone, Debug)]
pub struct Exponential<T: ComplexField> {
    pade: Pade<T>,
    /// `exp(A / 2^s)`, .., `exp(A / 2)`, `exp(A)`
    squares: Vec<DMatrix<T>>,
    /// `e^(m / 2^s)`
    factor: T,
    /// `2^-s`
    scale: T,
}

impl<T: ComplexField> Exponential<T> {
    pub fn new(a: &DMatrix<T>) -> Self {
        let n = a.nrows();
        let mean = if n == 0 {
            T::zero()
        } else {
            a.trace() / convert(n as f64)
        };
        let centred = a - DMatrix::from_diagonal_element(n, n, mean.clone());
        let (pade, scalings) = approximant(centred);
        let scale: T = power_of_two(-scalings);
        let factor = (mean * scale.clone()).exp();
        let mut squares = vec![&pade.value * factor.clone()];
        for k in 0..scalings as usize {
            squares.push(&squares[k] * &squares[k]);
        }
        Exponential {
            pade,
            squares,
            factor,
            scale,
        }
    }

    pub fn value(&self) -> &DMatrix<T> {
        &self.squares[self.squares.len() - 1]
    }
}

impl<T: ComplexField> Frechet<T> for Exponential<T> {
    fn frechet(&self, direction: &DMatrix<T>) -> DMatrix<T> {
        let first = self.pade.frechet(&(direction * self.scale.clone())) * self.factor.clone();
        let roots = &self.squares[..self.squares.len() - 1];
        roots.iter().fold(first, |l, x| x * &l + l * x)
    }
}

/// The approximant of `B / 2^s`, and s.
fn approximant<T: ComplexField>(b: DMatrix<T>) -> (Pade<T>, i32) {
    let norm = to_f64(one_norm(&b));
    match DEGREES.iter().find(|(_, bound)| norm <= *bound) {
        Some((degree, _)) => {
            let powers = even_powers(&b, powers_of_degree(*degree));
            (Pade::new(b, powers, *degree), 0)
        }
        None => scaled_approximant(b, norm),
    }
}

/// The approximant of the highest degree. The powers are first made of a matrix of a small norm, so that none overflows; where they
/// show that less scaling is enough, it is undone.
fn scaled_approximant<T: ComplexField>(b: DMatrix<T>, norm: f64) -> (Pade<T>, i32) {
    let (degree, bound) = HIGHEST;
    let most = (norm / bound).log2().ceil().max(0.0);
    let mut b = b * power_of_two::<T>(-most as i32);
    let mut powers = even_powers(&b, powers_of_degree(degree));
    let undone = (bound / radius(&powers)).log2().floor();
    let undone = undone.min(doublings_within_rounding(&b)).clamp(0.0, most) as i32;
    b *= power_of_two::<T>(undone);
    for (k, power) in powers.iter_mut().enumerate() {
        *power *= power_of_two::<T>(2 * undone * k as i32);
    }
    (Pade::new(b, powers, degree), most as i32 - undone)
}

/// What takes the place of the norm in a series of high powers: at most the norm, at least the spectral radius.
fn radius<T: ComplexField>(powers: &[DMatrix<T>]) -> f64 {
    let fourth = to_f64(one_norm(&powers[2])).powf(1.0 / 4.0);
    let sixth = to_f64(one_norm(&powers[3])).powf(1.0 / 6.0);
    fourth.max(sixth)
}

/// How often B can be doubled with the error of the approximant staying below rounding, by the moduli of its entries.
fn doublings_within_rounding<T: ComplexField>(b: &DMatrix<T>) -> f64 {
    let (order, rounding) = (
        2 * HIGHEST.0 + 1,
        to_f64(epsilon::<T::RealField>()).log2() - 1.0,
    );
    let growth = log2_norm_of_power(b, order) - to_f64(one_norm(b)).log2();
    ((rounding - LOG2_ERROR - growth) / (order - 1) as f64).floor()
}

fn power_of_two<T: ComplexField>(exponent: i32) -> T {
    convert(2f64.powi(exponent))
}
