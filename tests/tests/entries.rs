//! Entries of the user's own types: `impl Index` and `IndexMut` as vector and matrix types have them.

use autodiff_runtime::{Differentiable, check::check_hessian, differentiate};
use num_traits::Float;
use std::ops::{Index, IndexMut};
use tests::checks;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiate]
impl Index<usize> for Vec3 {
    type Output = f64;

    fn index(&self, i: usize) -> &f64 {
        match i {
            0 => &self.x,
            1 => &self.y,
            2 => &self.z,
            _ => panic!("no component {i}"),
        }
    }
}

#[differentiate]
impl IndexMut<Axis> for Vec3 {
    fn index_mut(&mut self, axis: Axis) -> &mut f64 {
        if matches!(axis, Axis::X) {
            &mut self.x
        } else {
            &mut self.y
        }
    }
}

#[differentiate]
impl IndexMut<usize> for Vec3 {
    fn index_mut(&mut self, i: usize) -> &mut f64 {
        match i {
            0 => &mut self.x,
            1 => &mut self.y,
            2 => &mut self.z,
            _ => panic!("no component {i}"),
        }
    }
}

#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

/// A type that is indexed in two ways.
#[differentiate]
impl Index<Axis> for Vec3 {
    type Output = f64;

    fn index(&self, axis: Axis) -> &Self::Output {
        if matches!(axis, Axis::X) {
            &self.x
        } else {
            &self.y
        }
    }
}

#[differentiate(self, order = 2)]
impl Vec3 {
    fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    fn dot(&self, other: &Vec3) -> f64 {
        let mut sum = 0.0;
        for i in 0..3 {
            sum += self[i] * other[i];
        }
        sum
    }

    fn rotated(mut self) -> Self {
        let first = self[0];
        self[0] = self[1] * 2.0;
        self[1] += self.z * first;
        self.z = self[0].sin();
        self
    }
}

/// The number of rows changes where an entry is; the place is not the index.
#[derive(Clone, Debug, Differentiable)]
struct Dense<T> {
    data: Vec<T>,
    rows: usize,
    cols: usize,
}

#[differentiate]
impl<T: Float> Index<(usize, usize)> for Dense<T> {
    type Output = T;

    fn index(&self, (i, j): (usize, usize)) -> &T {
        assert!(i < self.rows && j < self.cols, "outside of the matrix");
        &self.data[i * self.cols + j]
    }
}

#[differentiate]
impl<T: Float> IndexMut<(usize, usize)> for Dense<T> {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.data[i * self.cols + j]
    }
}

/// A row.
#[differentiate]
impl<T: Float> Index<usize> for Dense<T> {
    type Output = [T];

    fn index(&self, i: usize) -> &[T] {
        let start = self.start(i);
        &self.data[start..start + self.cols]
    }
}

#[differentiate(self, order = 2)]
impl<T: Float> Dense<T> {
    fn zeros(rows: usize, cols: usize) -> Self {
        let data = vec![T::zero(); rows * cols];
        Self { data, rows, cols }
    }

    fn start(&self, i: usize) -> usize {
        i * self.cols
    }

    fn product(&self, other: &Self) -> Self {
        let mut result = Self::zeros(self.rows, other.cols);
        for i in 0..self.rows {
            for j in 0..other.cols {
                let mut sum = T::zero();
                for k in 0..self.cols {
                    sum = sum + self[(i, k)] * other[(k, j)];
                }
                result[(i, j)] = sum;
            }
        }
        result
    }

    /// Gaussian elimination without pivots.
    fn determinant(&self) -> T {
        let mut a = self.clone();
        let mut product = T::one();
        for k in 0..a.rows {
            product = product * a[(k, k)];
            for i in k + 1..a.rows {
                let factor = a[(i, k)] / a[(k, k)];
                for j in k..a.cols {
                    a[(i, j)] = a[(i, j)] - factor * a[(k, j)];
                }
            }
        }
        product
    }

    fn row_sum(&self, i: usize) -> T {
        self[i].iter().fold(T::zero(), |sum, x| sum + *x * *x)
    }
}

/// A ring: where an entry is depends on a field that changes.
#[derive(Clone, Debug, Differentiable)]
struct Ring {
    data: [f64; 4],
    start: usize,
}

#[differentiate]
impl Index<usize> for Ring {
    type Output = f64;

    fn index(&self, i: usize) -> &f64 {
        &self.data[(self.start + i) % 4]
    }
}

#[differentiate]
impl IndexMut<usize> for Ring {
    fn index_mut(&mut self, i: usize) -> &mut f64 {
        &mut self.data[(self.start + i) % 4]
    }
}

#[differentiate(self, order = 2)]
impl Ring {
    fn turned(&self, x: f64) -> f64 {
        let mut ring = self.clone();
        for step in 0..6 {
            ring[0] = ring[1] * x + ring[3].sin();
            ring.start += 1 + step % 2;
        }
        ring[0] * ring[2]
    }
}

/// Types in the fields of others, of which the compiler knows nothing.
#[derive(Clone, Debug, Differentiable)]
struct Body {
    position: Vec3,
    history: Vec<Vec3>,
    inertia: Dense<f64>,
}

#[differentiate(self)]
impl Body {
    fn energy(&self) -> f64 {
        let mut sum = 0.0;
        for i in 0..3 {
            for j in 0..3 {
                sum += self.position[i] * self.inertia[(i, j)] * self.history[1][j];
            }
        }
        sum
    }

    fn pushed(&mut self, by: f64) {
        self.position[1] += by * self.history[0][2];
        self.inertia[(0, 1)] *= by;
    }
}

#[differentiate(order = 2)]
fn of_vectors(x: &[f64]) -> f64 {
    let (a, b) = (
        Vec3::new(x[0], x[1], x[2]),
        Vec3 {
            x: x[3],
            y: x[4],
            z: x[5],
        },
    );
    let mut c = a.rotated();
    c[2] = c[2] * a[1] + b[0];
    c[0] *= c[1];
    c.dot(&b) + a.dot(&a) * c[0]
}

#[differentiate(order = 2)]
fn of_matrices(x: &[f64]) -> f64 {
    let mut a = Dense {
        data: x[..9].to_vec(),
        rows: 3,
        cols: 3,
    };
    a[(1, 2)] = a[(0, 0)] * a[(2, 1)];
    let b = a.product(&a);
    b.determinant() + b.row_sum(1) + a[2][0] * a[(0, 1)]
}

#[differentiate(order = 2)]
fn of_rings(x: &[f64]) -> f64 {
    let ring = Ring {
        data: [x[0], x[1], x[2], x[3]],
        start: 2,
    };
    ring.turned(x[4]) + ring[1]
}

#[differentiate]
fn by_axis(a: &Vec3, x: f64) -> f64 {
    let mut b = *a;
    b[0] *= x;
    let total = |v: &Vec3| (0..3).map(|i| v[i].sin()).sum::<f64>();
    let axes: Vec3 = b;
    total(a) * total(&b) + axes[1]
}

/// Components by their names, read and changed.
#[differentiate]
fn named_components(x: &[f64]) -> f64 {
    let mut v = Vec3::new(x[0], x[1], x[2]);
    let w: Vec3 = Vec3::new(x[1], x[2], x[0]);
    v[Axis::Y] *= w[Axis::X].sin();
    v[Axis::X] * w[Axis::Y] + v[Axis::Y].powi(2)
}

checks! {
    vectors: |x| of_vectors(x), [0.71, -0.3, 1.1, 0.45, 0.9, -0.6], [0.2, 0.8, -0.31, 1.2, 0.6, 0.72];
    matrices: |x| of_matrices(x), [1.71, -0.3, 1.1, 0.45, 0.9, -0.6, 0.25, 1.3, -0.8];
    rings: |x| of_rings(x), [0.71, -0.3, 1.1, 0.45, 0.9];
    closures: |x| by_axis(&Vec3::new(x[0], x[1], x[2]), x[3]), [0.71, -0.3, 1.1, 0.45];
    names: |x| named_components(x), [0.71, -0.3, 1.1];
    fields: |x| {
        let mut body = Body {
            position: Vec3::new(x[0], x[1], x[2]),
            history: vec![Vec3::new(x[3], x[4], x[5]), Vec3::new(x[1], x[2], x[3])],
            inertia: Dense { data: x.to_vec(), rows: 3, cols: 3 },
        };
        body.pushed(x[6]);
        body.energy()
    }, [1.71, -0.3, 1.1, 0.45, 0.9, -0.6, 0.25, 1.3, -0.8];
}

#[test]
fn second_derivatives() {
    let x = vec![1.71, -0.3, 1.1, 0.45, 0.9, -0.6, 0.25, 1.3, -0.8];
    let hessian = of_vectors::hessian(&x);
    check_hessian(|x: &Vec<f64>| of_vectors::grad(x), &hessian, &x).assert_below(1e-7);
    let hessian = of_matrices::hessian(&x);
    check_hessian(|x: &Vec<f64>| of_matrices::grad(x), &hessian, &x).assert_below(1e-7);
    let hessian = of_rings::hessian(&x);
    check_hessian(|x: &Vec<f64>| of_rings::grad(x), &hessian, &x).assert_below(1e-7);
}
