//! The diagonal Pade approximant of the exponential near zero, and its derivative.
//!
//! `r(B) = (V - U)^-1 (V + U)` with `U = B W`, where W and V are even polynomials of B: combinations of the powers `B^0, B^2, ..`; of
//! degree 13 in two parts, `low + B^6 high`.

use nalgebra::allocator::Allocator;
use nalgebra::{ComplexField, DefaultAllocator, DimMin, Dyn, LU, OMatrix, convert};

/// The value of r at B with what its derivative reads.
#[derive(Clone, Debug)]
pub struct Pade<T: ComplexField, D: DimMin<D, Output = D> = Dyn>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    b: OMatrix<T, D, D>,
    /// `B^0, B^2, B^4, ..`
    powers: Vec<OMatrix<T, D, D>>,
    odd: EvenPolynomial<T, D>,
    even: EvenPolynomial<T, D>,
    /// Of `V - U`.
    factors: LU<T, D, D>,
    pub value: OMatrix<T, D, D>,
}

/// How many powers a degree needs.
pub fn powers_of_degree(degree: usize) -> usize {
    if degree == 13 { 4 } else { degree.div_ceil(2) }
}

/// The first even powers of B, from the identity on.
pub fn even_powers<T: ComplexField, D: DimMin<D, Output = D>>(
    b: &OMatrix<T, D, D>,
    count: usize,
) -> Vec<OMatrix<T, D, D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let (rows, columns) = b.shape_generic();
    let mut powers = Vec::with_capacity(count);
    powers.extend([OMatrix::identity_generic(rows, columns), b * b]);
    while powers.len() < count {
        powers.push(&powers[1] * &powers[powers.len() - 1]);
    }
    powers
}

impl<T: ComplexField, D: DimMin<D, Output = D>> Pade<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    /// The approximant of a degree of the table, given the powers that it needs.
    #[inline]
    pub fn new(b: OMatrix<T, D, D>, powers: Vec<OMatrix<T, D, D>>, degree: usize) -> Self {
        let coefficients = coefficients(degree);
        let odd = EvenPolynomial::new(coefficients[..=degree].iter().skip(1).step_by(2), &powers);
        let even = EvenPolynomial::new(coefficients[..=degree].iter().step_by(2), &powers);
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
    pub fn frechet(&self, e: &OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        let tangents = self.power_tangents(e);
        let odd = self.odd.frechet(&self.powers, &tangents);
        let v = self.even.frechet(&self.powers, &tangents);
        let u = &self.b * odd + e * &self.odd.value;
        solve(&self.factors, (&u + &v) + (u - v) * &self.value)
    }

    /// The derivatives of the powers.
    fn power_tangents(&self, e: &OMatrix<T, D, D>) -> Vec<OMatrix<T, D, D>> {
        let square = &self.b * e + e * &self.b;
        let mut tangents = Vec::with_capacity(self.powers.len());
        tangents.extend([zero_like(e), square]);
        for k in 2..self.powers.len() {
            let next = &self.powers[1] * &tangents[k - 1] + &tangents[1] * &self.powers[k - 1];
            tangents.push(next);
        }
        tangents
    }
}

/// Coefficients of an even polynomial of the highest degree.
const MOST: usize = 7;

/// An even polynomial of B, `low + B^6 high`.
#[derive(Clone, Debug)]
struct EvenPolynomial<T: ComplexField, D: DimMin<D, Output = D>>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    coefficients: [f64; MOST],
    /// Where those of `high` begin and end.
    parts: [usize; 2],
    /// The value of `high`, if there is one.
    factor: Option<OMatrix<T, D, D>>,
    value: OMatrix<T, D, D>,
}

impl<T: ComplexField, D: DimMin<D, Output = D>> EvenPolynomial<T, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    fn new<'a>(coefficients: impl Iterator<Item = &'a f64>, powers: &[OMatrix<T, D, D>]) -> Self {
        let (mut all, mut count) = ([0.0; MOST], 0);
        for coefficient in coefficients {
            all[count] = *coefficient;
            count += 1;
        }
        let parts = [powers.len().min(count), count];
        let (low, high) = (&all[..parts[0]], &all[parts[0]..count]);
        let mut value = combine(low, powers);
        let factor = (!high.is_empty()).then(|| combine(high, &powers[1..]));
        if let Some(factor) = &factor {
            value.gemm(T::one(), &powers[3], factor, T::one());
        }
        EvenPolynomial {
            coefficients: all,
            parts,
            factor,
            value,
        }
    }

    fn frechet(
        &self,
        powers: &[OMatrix<T, D, D>],
        tangents: &[OMatrix<T, D, D>],
    ) -> OMatrix<T, D, D> {
        let [middle, end] = self.parts;
        let (low, high) = (
            &self.coefficients[..middle],
            &self.coefficients[middle..end],
        );
        // The first power is constant.
        let mut value = match low.len() {
            0 | 1 => tangents[0].clone(),
            _ => combine(&low[1..], &tangents[1..]),
        };
        if let Some(factor) = &self.factor {
            value.gemm(T::one(), &tangents[3], factor, T::one());
            value.gemm(
                T::one(),
                &powers[3],
                &combine(high, &tangents[1..]),
                T::one(),
            );
        }
        value
    }
}

/// `sum_k c_k M_k`
fn combine<T: ComplexField, D: DimMin<D, Output = D>>(
    coefficients: &[f64],
    matrices: &[OMatrix<T, D, D>],
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let mut terms = coefficients.iter().zip(matrices);
    let first = terms.next().map(|(c, m)| m * convert::<f64, T>(*c));
    let first = first.unwrap_or_else(|| zero_like(&matrices[0]));
    terms.fold(first, |mut sum, (c, m)| {
        sum.zip_apply(m, |sum, x| *sum += x * convert::<f64, T>(*c));
        sum
    })
}

fn zero_like<T: ComplexField, D: DimMin<D, Output = D>>(
    matrix: &OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let (rows, columns) = matrix.shape_generic();
    OMatrix::zeros_generic(rows, columns)
}

/// The coefficients of the numerator, the first one being one.
fn coefficients(degree: usize) -> [f64; 2 * MOST] {
    let m = degree as f64;
    let mut coefficients = [1.0; 2 * MOST];
    for j in 0..degree {
        let k = j as f64;
        let ratio = (m - k) / ((2.0 * m - k) * (k + 1.0));
        coefficients[j + 1] = coefficients[j] * ratio;
    }
    coefficients
}

/// `(V - U)^-1 M`
fn solve<T: ComplexField, D: DimMin<D, Output = D>>(
    factors: &LU<T, D, D>,
    mut right: OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let regular = factors.solve_mut(&mut right);
    debug_assert!(
        regular,
        "the denominator of the approximant is regular where it is used"
    );
    right
}
