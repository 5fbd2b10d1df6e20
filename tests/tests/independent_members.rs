//! Members through which no derivative flows, called with what a caller cannot tell to be integers: constructors, counts, questions.

use autodiff_runtime::{Differentiable, check::check_hessian, differentiate};
use num_traits::Float;
use tests::checks;

#[derive(Clone, Debug, Differentiable)]
struct Matrix {
    rows: usize,
    cols: usize,
    data: Vec<f64>,
}

#[differentiate(self, order = 2)]
impl Matrix {
    fn new(rows: usize, cols: usize, data: &[f64]) -> Self {
        let data = data.to_vec();
        Self { rows, cols, data }
    }

    fn zeros(rows: usize, cols: usize) -> Self {
        Self {
            rows,
            cols,
            data: vec![0.0; rows * cols],
        }
    }

    /// Its result has no derivatives, and nobody differentiates it.
    fn label(rows: usize) -> Label {
        Label(rows)
    }

    fn position(&self, i: usize, j: usize) -> usize {
        i * self.cols + j
    }

    fn height(&self) -> usize {
        self.rows
    }

    fn is_square(&self) -> bool {
        self.rows == self.cols
    }

    fn transposed(&self) -> Self {
        let mut result = Matrix::zeros(self.cols, self.height());
        for i in 0..self.rows {
            for j in 0..self.cols {
                result.data[j * self.rows + i] = self.data[self.position(i, j)];
            }
        }
        result
    }

    fn times(&self, other: &Self) -> Self {
        let (n, m) = (self.rows, other.cols);
        let mut result = Self::zeros(n, m);
        for i in 0..n {
            for j in 0..m {
                for k in 0..self.cols {
                    result.data[i * m + j] += self.data[i * self.cols + k] * other.data[k * m + j];
                }
            }
        }
        result
    }

    fn mean(&self) -> f64 {
        let factor = if self.is_square() { 1.0 } else { 0.5 };
        factor * self.data.iter().map(|x| x.sin()).sum::<f64>() / self.height() as f64
    }
}

struct Label(usize);

#[test]
fn what_is_not_differentiated_need_not_be() {
    assert_eq!(Matrix::label(3).0, 3);
}

#[differentiate(order = 2)]
fn gram(x: &[f64]) -> f64 {
    let a = Matrix::new(2, 3, &x[..6]);
    a.times(&a.transposed()).mean() + a.transposed().mean()
}

#[test]
fn second_derivatives() {
    let x = vec![0.3, -0.2, 0.5, 0.7, 0.1, -0.6];
    let hessian = gram::hessian(&x);
    check_hessian(|x: &Vec<f64>| gram::grad(x), &hessian, &x).assert_below(1e-8);
}

#[derive(Clone, Debug, Differentiable)]
struct Grid<T> {
    cells: Vec<T>,
    size: usize,
}

#[differentiate(self)]
impl<T: Float> Grid<T> {
    fn blank(size: usize) -> Self {
        let cells = vec![T::one(); size];
        Self { cells, size }
    }

    fn size(&self) -> usize {
        self.size
    }

    fn smoothed(&self) -> Self {
        let mut next = Self::blank(self.size());
        for i in 1..self.size - 1 {
            next.cells[i] = self.cells[i - 1] * self.cells[i + 1];
        }
        next
    }

    fn energy(&self) -> T {
        let n = T::from(self.size()).unwrap();
        self.cells.iter().fold(T::zero(), |sum, c| sum + *c * *c) / n
    }
}

checks! {
    constructor_of_fields: |x| Matrix::new(2, 3, &x[..6]).transposed().mean(), [0.71, -0.3, 1.1, 0.45, 0.9, -0.6];
    constructor_of_counts: |x| gram(x), [0.71, -0.3, 1.1, 0.45, 0.9, -0.6];
    generic_constructor: |x| {
        let grid = Grid { cells: x.to_vec(), size: x.len() };
        grid.smoothed().energy() + grid.size() as f64 * x[0]
    }, [0.71, -0.3, 1.1, 0.45];
}
