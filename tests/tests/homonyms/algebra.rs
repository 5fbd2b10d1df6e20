//! Matrices, complex numbers and quaternions of one's own.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use std::ops::{Add, Index, IndexMut, Mul};

#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Matrix<T> {
    rows: usize,
    cols: usize,
    data: Vec<T>,
}

#[differentiate(self)]
impl<T: Float> Matrix<T> {
    pub fn new(rows: usize, cols: usize) -> Self {
        Self {
            rows,
            cols,
            data: vec![T::zero(); rows * cols],
        }
    }

    pub fn from_vec(rows: usize, cols: usize, data: Vec<T>) -> Self {
        Matrix { rows, cols, data }
    }

    pub fn nrows(&self) -> usize {
        self.rows
    }

    pub fn get(&self, i: usize, j: usize) -> T {
        self.data[i * self.cols + j]
    }

    pub fn set(&mut self, i: usize, j: usize, value: T) {
        self.data[i * self.cols + j] = value;
    }

    pub fn transpose(&self) -> Matrix<T> {
        let mut out = Matrix::new(self.cols, self.rows);
        for i in 0..self.rows {
            for j in 0..self.cols {
                out.set(j, i, self.get(i, j));
            }
        }
        out
    }

    pub fn mul_vec(&self, x: &[T]) -> Vec<T> {
        let row = |i| (0..self.cols).fold(T::zero(), |acc, j| acc + self[(i, j)] * x[j]);
        (0..self.rows).map(row).collect()
    }

    pub fn trace(&self) -> T {
        let mut trace = T::zero();
        for i in 0..self.rows {
            trace = trace + self[(i, i)];
        }
        trace
    }
}

#[differentiate]
impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;

    fn index(&self, (i, j): (usize, usize)) -> &T {
        &self.data[i * self.cols + j]
    }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut T {
        &mut self.data[i * self.cols + j]
    }
}

#[differentiate]
impl<T: Float> Mul for &Matrix<T> {
    type Output = Matrix<T>;

    fn mul(self, other: &Matrix<T>) -> Matrix<T> {
        let mut out = Matrix::new(self.rows, other.cols);
        for i in 0..self.rows {
            for j in 0..other.cols {
                for k in 0..self.cols {
                    out[(i, j)] = out[(i, j)] + self[(i, k)] * other[(k, j)];
                }
            }
        }
        out
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Complex<T> {
    pub re: T,
    pub im: T,
}

#[differentiate(self)]
impl<T: Float> Complex<T> {
    pub fn new(re: T, im: T) -> Self {
        Self { re, im }
    }

    pub fn exp(self) -> Self {
        let r = self.re.exp();
        Complex::new(r * self.im.cos(), r * self.im.sin())
    }

    pub fn norm_sqr(&self) -> T {
        self.re * self.re + self.im * self.im
    }
}

#[differentiate]
impl<T: Float> Mul for Complex<T> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Complex {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}

#[differentiate]
impl<T: Float> Add for Complex<T> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Complex {
            re: self.re + other.re,
            im: self.im + other.im,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
pub struct Quaternion<T> {
    pub w: T,
    pub v: [T; 3],
}

#[differentiate(self)]
impl<T: Float> Quaternion<T> {
    pub fn new(w: T, x: T, y: T, z: T) -> Self {
        Self { w, v: [x, y, z] }
    }

    pub fn norm(&self) -> T {
        let square = self.v.iter().fold(self.w * self.w, |sum, &x| sum + x * x);
        square.sqrt()
    }

    pub fn normalize(&self) -> Quaternion<T> {
        let norm = self.norm();
        let [x, y, z] = self.v;
        Quaternion::new(self.w / norm, x / norm, y / norm, z / norm)
    }

    pub fn conjugate(&self) -> Self {
        Quaternion::new(self.w, -self.v[0], -self.v[1], -self.v[2])
    }
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Vector<T>(pub Vec<T>);

#[differentiate(self)]
impl<T: Float> Vector<T> {
    pub fn dot(&self, other: &Vector<T>) -> T {
        let products = self.0.iter().zip(other.0.iter()).map(|(&a, &b)| a * b);
        products.fold(T::zero(), |sum, x| sum + x)
    }

    pub fn scale(&self, k: T) -> Vector<T> {
        Vector(self.0.iter().map(|&x| x * k).collect())
    }
}
