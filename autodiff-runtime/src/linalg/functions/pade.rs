//! The diagonal Pade approximant of the exponential near zero, and its derivative.
//!
//! `r(B) = (V - U)^-1 (V + U)` with `U = B W`, where W and V are even polynomials of B: combinations of the powers `B^0, B^2, ..`; of
//! degree 13 in two parts, `low + B^6 high`.

use nalgebra::{ComplexField, DMatrix, Dyn, LU, convert};

/// The value of r at B with what its derivative reads.
#[derive(Clone, Debug)]
pub struct Pade<T: ComplexField> {
    b: DMatrix<T>,
    /// `B^0, B^2, B^4, ..`
    powers: Vec<DMatrix<T>>,
    odd: EvenPolynomial<T>,
    even: EvenPolynomial<T>,
    /// Of `V - U`.
    factors: LU<T, Dyn, Dyn>,
    pub value: DMatrix<T>,
}

/// How many powers a degree needs.
pub fn powers_of_degree(degree: usize) -> usize {
    if degree == 13 { 4 } else { degree.div_ceil(2) }
}

/// The first even powers of B, from the identity on.
pub fn even_powers<T: ComplexField>(b: &DMatrix<T>, count: usize) -> Vec<DMatrix<T>> {
    let mut powers = vec![DMatrix::identity(b.nrows(), b.ncols()), b * b];
    while powers.len() < count {
        powers.push(&powers[1] * &powers[powers.len() - 1]);
    }
    powers
}

impl<T: ComplexField> Pade<T> {
    /// The approximant of a degree of the table, given the powers that it needs.
    pub fn new(b: DMatrix<T>, powers: Vec<DMatrix<T>>, degree: usize) -> Self {
        let coefficients = coefficients(degree);
        let odd = EvenPolynomial::new(coefficients.iter().skip(1).step_by(2), &powers);
        let even = EvenPolynomial::new(coefficients.iter().step_by(2), &powers);
        let u = &b * &odd.value;
        let factors = (&even.value - &u).lu();
        let value = solve(&factors, &even.value + &u);
        Pade {
            b,
            powers,
            odd,
            even,
            factors,
            value,
        }
    }

    /// The derivative in the direction E.
    pub fn frechet(&self, e: &DMatrix<T>) -> DMatrix<T> {
        let tangents = self.power_tangents(e);
        let odd = self.odd.frechet(&self.powers, &tangents);
        let v = self.even.frechet(&self.powers, &tangents);
        let u = &self.b * odd + e * &self.odd.value;
        solve(&self.factors, (&u + &v) + (u - v) * &self.value)
    }

    /// The derivatives of the powers.
    fn power_tangents(&self, e: &DMatrix<T>) -> Vec<DMatrix<T>> {
        let square = &self.b * e + e * &self.b;
        let mut tangents = vec![DMatrix::zeros(e.nrows(), e.ncols()), square];
        for k in 2..self.powers.len() {
            let next = &self.powers[1] * &tangents[k - 1] + &tangents[1] * &self.powers[k - 1];
            tangents.push(next);
        }
        tangents
    }
}

/// An even polynomial of B, `low + B^6 high`.
#[derive(Clone, Debug)]
struct EvenPolynomial<T: ComplexField> {
    low: Vec<f64>,
    high: Vec<f64>,
    /// The value of `high`, if there is one.
    factor: Option<DMatrix<T>>,
    value: DMatrix<T>,
}

impl<T: ComplexField> EvenPolynomial<T> {
    fn new<'a>(coefficients: impl Iterator<Item = &'a f64>, powers: &[DMatrix<T>]) -> Self {
        let coefficients: Vec<f64> = coefficients.copied().collect();
        let (low, high) = coefficients.split_at(powers.len().min(coefficients.len()));
        let mut value = combine(low, powers);
        let factor = (!high.is_empty()).then(|| combine(high, &powers[1..]));
        if let Some(factor) = &factor {
            value.gemm(T::one(), &powers[3], factor, T::one());
        }
        EvenPolynomial {
            low: low.to_vec(),
            high: high.to_vec(),
            factor,
            value,
        }
    }

    fn frechet(&self, powers: &[DMatrix<T>], tangents: &[DMatrix<T>]) -> DMatrix<T> {
        let mut value = combine(&self.low, tangents);
        if let Some(factor) = &self.factor {
            value.gemm(T::one(), &tangents[3], factor, T::one());
            value.gemm(
                T::one(),
                &powers[3],
                &combine(&self.high, &tangents[1..]),
                T::one(),
            );
        }
        value
    }
}

/// `sum_k c_k M_k`
fn combine<T: ComplexField>(coefficients: &[f64], matrices: &[DMatrix<T>]) -> DMatrix<T> {
    let zero = DMatrix::zeros(matrices[0].nrows(), matrices[0].ncols());
    coefficients
        .iter()
        .zip(matrices)
        .fold(zero, |mut sum, (c, m)| {
            sum.zip_apply(m, |sum, x| *sum += x * convert::<f64, T>(*c));
            sum
        })
}

/// The coefficients of the numerator, the first one being one.
fn coefficients(degree: usize) -> Vec<f64> {
    let m = degree as f64;
    let mut coefficients = vec![1.0];
    for j in 0..degree {
        let k = j as f64;
        let ratio = (m - k) / ((2.0 * m - k) * (k + 1.0));
        coefficients.push(coefficients[j] * ratio);
    }
    coefficients
}

/// `(V - U)^-1 M`
fn solve<T: ComplexField>(factors: &LU<T, Dyn, Dyn>, mut right: DMatrix<T>) -> DMatrix<T> {
    let regular = factors.solve_mut(&mut right);
    debug_assert!(
        regular,
        "the denominator of the approximant is regular where it is used"
    );
    right
}
