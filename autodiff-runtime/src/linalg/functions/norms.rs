//! Norms that decide about scaling.

use nalgebra::allocator::Allocator;
use nalgebra::{ComplexField, DefaultAllocator, Dim, Matrix, OMatrix, OVector, U1};
use nalgebra::{RealField, Storage, convert, try_convert};

/// A real number as a double.
pub fn to_f64<R: RealField>(x: R) -> f64 {
    try_convert(x).unwrap_or(f64::NAN)
}

/// The distance from one to the next number.
pub fn epsilon<R: RealField>() -> R {
    R::default_epsilon()
}

/// The largest sum of moduli of a column.
pub fn one_norm<T: ComplexField, R: Dim, C: Dim>(
    m: &Matrix<T, R, C, impl Storage<T, R, C>>,
) -> T::RealField {
    let zero: T::RealField = convert(0.0);
    let sums = m.column_iter().map(|column| {
        column
            .iter()
            .fold(zero.clone(), |sum, x| sum + x.clone().modulus())
    });
    sums.fold(
        zero.clone(),
        |most, sum| if sum > most { sum } else { most },
    )
}

/// The binary logarithm of the 1-norm of `|M|^p`, with `|M|` the matrix of the moduli.
pub fn log2_norm_of_power<T: ComplexField, D: Dim>(m: &OMatrix<T, D, D>, p: usize) -> f64
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let moduli = m.map(|x| to_f64(x.modulus()));
    let mut sums = OVector::repeat_generic(m.shape_generic().0, U1, 1.0);
    let mut logarithm = 0.0;
    for _ in 0..p {
        sums = moduli.tr_mul(&sums);
        let largest = sums.amax();
        logarithm += largest.log2();
        sums /= largest;
    }
    logarithm
}
