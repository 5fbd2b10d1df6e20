//! The exponential: scaling and squaring of the Pade approximant, and its derivative (Al-Mohy and Higham 2009, doi:10.1137/080716426).
//!
//! `B = (A - m I) / 2^s` with m the mean of the eigenvalues, `exp(A) = (e^(m / 2^s) r(B))^(2^s)`, and `r = (V - U)^-1 (V + U)` with
//! `U = B W(B^2)`, `V = V(B^2)` even and odd parts of a polynomial of degree 3, 5, 7, 9 or 13. The derivative is that of these formulas,
//! term by term, and reuses the powers, the factors of `V - U` and the squares. The scaling is chosen by the norms of powers (Al-Mohy and
//! Higham 2010, doi:10.1137/09074721X), so that a matrix that is far from normal is not scaled too much.

use super::frechet::Frechet;
use super::norms::{epsilon, log2_norm_of_power, one_norm, to_f64};
use super::pade::{Pade, even_powers, powers_of_degree};
use nalgebra::allocator::Allocator;
use nalgebra::{ComplexField, DMatrix, DefaultAllocator, DimMin, Dyn, OMatrix, convert};

/// Up to which norm a degree is accurate, for the exponential and the derivative.
const DEGREES: [(usize, f64); 4] = [(3, 1.08e-2), (5, 2.00e-1), (7, 7.83e-1), (9, 1.78)];
/// The highest degree would be accurate up to 4.74, but its denominator loses a factor of `e^norm` by cancellation: one squaring more
/// than necessary makes the whole five times as accurate.
const HIGHEST: (usize, f64) = (13, 2.37);
/// The binary logarithm of the first coefficient of the error of the highest degree, `1 / (26! / 13!^2 27!)`.
const LOG2_ERROR: f64 = -116.45;

/// The exponential of A with what its derivative needs.
#[derive(Clone, Debug)]
pub struct Exponential<T: ComplexField, D: DimMin<D, Output = D> = Dyn>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    pade: Pade<T, D>,
    /// `exp(A / 2^s)`, .., `exp(A / 4)`, `exp(A / 2)`
    roots: Vec<OMatrix<T, D, D>>,
    /// `e^(m / 2^s)`
    factor: T,
    /// `2^-s`
    scale: T,
}

impl<T: ComplexField, D: DimMin<D, Output = D>> Exponential<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    #[inline]
    pub fn new(a: &OMatrix<T, D, D>) -> Self {
        let n = a.nrows();
        let mean = if n == 0 {
            T::zero()
        } else {
            a.trace() / convert(n as f64)
        };
        let mut centred = a.clone();
        (0..n).for_each(|i| centred[(i, i)] -= mean.clone());
        let (pade, scalings) = approximant(centred);
        let scale: T = power_of_two(-scalings);
        let factor = (mean * scale.clone()).exp();
        let mut saved = Exponential {
            pade,
            roots: Vec::with_capacity(scalings as usize),
            factor,
            scale,
        };
        for _ in 0..scalings {
            saved.roots.push(saved.next_square());
        }
        saved
    }

    /// `exp(A)`; a derivative does not need it.
    pub fn value(&self) -> OMatrix<T, D, D> {
        self.next_square()
    }

    /// The square of the last root, or what is squared first.
    fn next_square(&self) -> OMatrix<T, D, D> {
        let last = self.roots.last();
        last.map_or_else(|| &self.pade.value * self.factor.clone(), |x| x * x)
    }

    /// `L(A, E)`
    pub fn derivative(&self, direction: &OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        let first = self.pade.frechet(&(direction * self.scale.clone())) * self.factor.clone();
        self.roots.iter().fold(first, |l, x| x * &l + l * x)
    }
}

impl<T: ComplexField> Frechet<T> for Exponential<T> {
    fn frechet(&self, direction: &DMatrix<T>) -> DMatrix<T> {
        self.derivative(direction)
    }
}

/// The approximant of `B / 2^s`, and s.
#[inline]
fn approximant<T: ComplexField, D: DimMin<D, Output = D>>(b: OMatrix<T, D, D>) -> (Pade<T, D>, i32)
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
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
fn scaled_approximant<T: ComplexField, D: DimMin<D, Output = D>>(
    b: OMatrix<T, D, D>,
    norm: f64,
) -> (Pade<T, D>, i32)
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
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
fn radius<T: ComplexField, D: DimMin<D, Output = D>>(powers: &[OMatrix<T, D, D>]) -> f64
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let fourth = to_f64(one_norm(&powers[2])).powf(1.0 / 4.0);
    let sixth = to_f64(one_norm(&powers[3])).powf(1.0 / 6.0);
    fourth.max(sixth)
}

/// How often B can be doubled with the error of the approximant staying below rounding, by the moduli of its entries.
fn doublings_within_rounding<T: ComplexField, D: DimMin<D, Output = D>>(b: &OMatrix<T, D, D>) -> f64
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
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
