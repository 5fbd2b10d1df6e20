//! Integer powers by repeated squaring, in the order of nalgebra's `pow`, so that the bits are the same; and their derivative, step by
//! step.

use super::frechet::Frechet;
use nalgebra::{ComplexField, DMatrix};

/// `A^n` with the steps that led to it.
#[derive(Clone, Debug)]
pub struct Power<T: ComplexField> {
    /// `A, A^2, A^4, ..`
    squares: Vec<DMatrix<T>>,
    /// Which square the product begins with.
    first: usize,
    /// The further factors: which square, and the product before it.
    steps: Vec<(usize, DMatrix<T>)>,
    value: DMatrix<T>,
}

impl<T: ComplexField> Power<T> {
    pub fn new(a: DMatrix<T>, exponent: u32) -> Self {
        let first = exponent.trailing_zeros() as usize;
        let mut power = Power {
            value: DMatrix::identity(a.nrows(), a.ncols()),
            squares: vec![a],
            first,
            steps: Vec::new(),
        };
        for k in 0..(u32::BITS - exponent.leading_zeros()) as usize {
            if k > 0 {
                let last = &power.squares[k - 1];
                power.squares.push(last * last);
            }
            if exponent >> k & 1 == 1 {
                power.take_factor(k);
            }
        }
        power
    }

    fn take_factor(&mut self, k: usize) {
        let square = &self.squares[k];
        if k == self.first {
            self.value = square.clone();
        } else {
            let product = &self.value * square;
            self.steps
                .push((k, std::mem::replace(&mut self.value, product)));
        }
    }

    pub fn value(&self) -> &DMatrix<T> {
        &self.value
    }
}

impl<T: ComplexField> Frechet<T> for Power<T> {
    fn frechet(&self, direction: &DMatrix<T>) -> DMatrix<T> {
        let mut tangents = vec![direction.clone()];
        for k in 1..self.squares.len() {
            let (x, dx) = (&self.squares[k - 1], &tangents[k - 1]);
            tangents.push(x * dx + dx * x);
        }
        let zero = DMatrix::zeros(direction.nrows(), direction.ncols());
        let first = tangents.get(self.first).cloned().unwrap_or(zero);
        self.steps.iter().fold(first, |tangent, (k, before)| {
            tangent * &self.squares[*k] + before * &tangents[*k]
        })
    }
}
