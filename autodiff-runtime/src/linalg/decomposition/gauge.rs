//! Differences of eigenvalues and singular values as denominators.
//!
//! Vectors that belong to equal values may be turned among one another. A function that does not notice has a zero where the
//! difference of the values is zero, and `0 / 0 = 0` is exact. A function that does notice depends on an arbitrary choice: it has
//! no derivative, and no number is given.
//!
//! A function of vectors *and* values, `sum f(l_i) v_i v_i^H` say, does not notice either, but `0 / 0` is `f'` there, which the cotangents
//! do not tell. That its cotangent of the values is zero, where the vectors' is not, tells that `f'` is zero.

use crate::linalg::Field;
use crate::linalg::rule::undefined;
use nalgebra::{ComplexField, DMatrix, DVector};
use num_traits::Zero;
use std::ops::Range;

/// What counts as zero.
pub struct Gauge<T: Field> {
    /// The primitive, for messages.
    function: &'static str,
    /// A numerator that is rounding.
    numerator: T::RealField,
    /// A difference of values that is rounding.
    denominator: T::RealField,
}

impl<T: Field> Gauge<T> {
    /// For `n` vectors, cotangents of the size `cotangent` and values of the size `value`.
    pub fn new(
        function: &'static str,
        n: usize,
        cotangent: T::RealField,
        value: T::RealField,
    ) -> Self {
        let rounding = rounding::<T>(n);
        Self {
            function,
            numerator: rounding * cotangent,
            denominator: rounding * value,
        }
    }

    /// `numerator / denominator`
    ///
    /// # Panics
    ///
    /// If only the denominator is zero.
    #[track_caller]
    pub fn quotient(&self, numerator: T, denominator: T::RealField) -> T {
        if numerator.modulus() <= self.numerator {
            return nalgebra::zero();
        }
        if denominator.abs() <= self.denominator {
            self.refuse();
        }
        numerator.unscale(denominator)
    }

    /// Panics if the derivative depends on what mixes the vectors of the run, for `g = V^H V_bar` and the cotangent of the values.
    #[track_caller]
    pub fn assert_no_mixing(
        &self,
        g: &DMatrix<T>,
        values_bar: &DVector<T::RealField>,
        run: Range<usize>,
    ) {
        let counts = |i: usize, j: usize| g[(i, j)].modulus() > self.numerator;
        let mut pairs = run.clone().flat_map(|i| run.clone().map(move |j| (i, j)));
        let mixes = pairs.any(|(i, j)| i != j && counts(i, j));
        let flat = run.clone().all(|i| values_bar[i].is_zero());
        if mixes && !(flat && run.clone().any(|i| counts(i, i))) {
            self.refuse();
        }
    }

    /// Panics if values that have no derivative have a cotangent, beside those of the others.
    #[track_caller]
    pub fn assert_unused(&self, values_bar: &DVector<T::RealField>, mut run: Range<usize>) {
        let rounding = self.numerator + rounding::<T>(values_bar.len()) * values_bar.amax();
        if run.any(|i| values_bar[i].abs() > rounding) {
            self.refuse();
        }
    }

    #[track_caller]
    fn refuse(&self) -> ! {
        undefined(
            self.function,
            "the cotangent depends on the choice of vectors that belong to equal or zero values",
        )
    }
}

/// How far two values may be apart, relative to the largest, and be equal but for rounding.
pub fn rounding<T: Field>(n: usize) -> T::RealField {
    let n: T::RealField = nalgebra::convert(8.0 * n as f64);
    T::EPSILON * n
}

/// Are no two of the values, in any order, equal but for rounding?
pub fn are_distinct<T: Field>(values: &[T::RealField], largest: T::RealField) -> bool {
    let distance = rounding::<T>(values.len()) * largest;
    let mut rest = values.iter().enumerate();
    rest.all(|(i, x)| values[..i].iter().all(|y| (*x - *y).abs() > distance))
}

/// Runs of values that are equal but for rounding, in a sorted list, with its largest modulus.
pub fn ties<T: Field>(values: &[T::RealField], largest: T::RealField) -> Vec<Range<usize>> {
    let distance = rounding::<T>(values.len()) * largest;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for i in 0..values.len() {
        match runs.last_mut() {
            Some(run) if (values[i] - values[i - 1]).abs() <= distance => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}
