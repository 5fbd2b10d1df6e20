//! Functions that are given no number, only a function that gives some: `Matrix::from_fn(2, 3, |i, j| x[i + j])`.

use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Debug, Differentiable)]
struct Grid {
    columns: usize,
    entries: Vec<f64>,
}

#[differentiate(order = 2, self)]
impl Grid {
    fn from_fn(rows: usize, columns: usize, f: impl Fn(usize, usize) -> f64) -> Self {
        let mut entries = Vec::with_capacity(rows * columns);
        for i in 0..rows {
            for j in 0..columns {
                entries.push(f(i, j));
            }
        }
        Self { columns, entries }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.columns + j]
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        let rows = self.entries.len() / self.columns;
        Self::from_fn(rows, self.columns, |i, j| f(self.at(i, j)))
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Square([[f64; 3]; 3]);

#[differentiate(order = 2, self)]
impl Square {
    fn from_fn<F>(f: F) -> Self
    where
        F: Fn(usize, usize) -> f64,
    {
        let mut entries = [[0.0; 3]; 3];
        for (i, row) in entries.iter_mut().enumerate() {
            for (j, entry) in row.iter_mut().enumerate() {
                *entry = f(i, j);
            }
        }
        Square(entries)
    }

    fn times(&self, other: &Square) -> Square {
        Square::from_fn(|i, j| (0..3).map(|k| self.0[i][k] * other.0[k][j]).sum())
    }

    fn trace(&self) -> f64 {
        self.0[0][0] + self.0[1][1] + self.0[2][2]
    }
}

#[differentiate(order = 2)]
fn grids(x: &[f64]) -> f64 {
    let grid = Grid::from_fn(2, 3, |i, j| x[i + j] * x[0]);
    grid.at(0, 1) * grid.at(1, 1) + grid.map(|v| v * v).at(1, 2)
}

#[differentiate(order = 2)]
fn squares(x: &[f64]) -> f64 {
    let a = Square::from_fn(|i, j| x[(i * 3 + j) % 5] * (1.0 + i as f64));
    a.times(&a).times(&a).trace()
}

#[differentiate(order = 2)]
fn list(n: usize, f: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..n).map(f).collect()
}

#[differentiate(order = 2)]
fn sum_of_squares(n: usize, f: &dyn Fn(usize) -> f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        sum += f(i) * f(i);
    }
    sum
}

#[differentiate(order = 2)]
fn array<const N: usize>(f: impl Fn(usize) -> f64) -> [f64; N] {
    std::array::from_fn(f)
}

#[differentiate(order = 2)]
fn doubled(f: impl FnOnce() -> f64) -> f64 {
    let value = f();
    value * value
}

#[differentiate(order = 2)]
fn lists(x: &[f64]) -> f64 {
    let products = list(4, |i| x[i] * x[i + 1]);
    let shifted: [f64; 3] = array(|i| products[i] * products[3]);
    products[0] * products[3] + shifted[0] * shifted[2]
}

#[differentiate(order = 2)]
fn sums(x: &[f64]) -> f64 {
    sum_of_squares(4, &|i| x[i] * x[i + 1]) * doubled(|| x[0] * x[1].sin())
}

#[test]
fn what_functions_of_indices_give() {
    const POINTS: &[&[f64]] = &[
        &[0.7, 1.3, 2.1, 0.4, 1.9],
        &[1.4, 0.6, 0.9, 2.2, 0.3],
        &[2.3, -0.7, 0.2, -1.6, 0.5],
    ];
    tests::agree!(grids at POINTS);
    tests::curvature!(grids at POINTS);
    tests::agree!(squares at POINTS);
    tests::curvature!(squares at POINTS);
    tests::agree!(lists at POINTS);
    tests::curvature!(lists at POINTS);
    tests::agree!(sums at POINTS);
    tests::curvature!(sums at POINTS);
}
