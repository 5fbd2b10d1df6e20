//! Quaternions as numbers.

use super::exponential::exponential;
use super::primitives::{quaternion, quaternion_exponential, quaternion_log, quaternion_power};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{Quaternion, RealField, Vector3, Vector4};

/// The members of `Quaternion`.
#[differentiate(self, order = 2)]
pub trait Quaternions<T: RealField + Real>: Differentiable {
    /// By its parts, the real one first.
    fn new(w: T, i: T, j: T, k: T) -> Quaternion<T>;
    /// By a real part and the others.
    fn from_parts(scalar: T, vector: Vector3<T>) -> Quaternion<T>;
    /// Without a real part.
    fn from_imag(vector: Vector3<T>) -> Quaternion<T>;
    /// A real number.
    fn from_real(r: T) -> Quaternion<T>;
    /// The parts that are not real.
    fn imag(&self) -> Vector3<T>;
    /// The same.
    fn vector(&self) -> Vector3<T>;
    /// The real part.
    fn scalar(&self) -> T;
    /// All parts, the real one last.
    fn as_vector(&self) -> Vector4<T>;
    /// The conjugate.
    fn conjugate(&self) -> Quaternion<T>;
    /// `|q|`
    fn norm(&self) -> T;
    /// `|q|`
    fn magnitude(&self) -> T;
    /// `|q|^2`
    fn norm_squared(&self) -> T;
    /// `|q|^2`
    fn magnitude_squared(&self) -> T;
    /// `q / |q|`
    fn normalize(&self) -> Quaternion<T>;
    /// The sum of the products of the parts.
    fn dot(&self, other: &Quaternion<T>) -> T;
    /// `(1 - t) q + t p`
    fn lerp(&self, other: &Quaternion<T>, t: T) -> Quaternion<T>;
    /// `e^q`
    fn exp(&self) -> Quaternion<T>;
    /// Its inverse.
    fn ln(&self) -> Quaternion<T>;
    /// `e^(n ln q)`
    fn powf(&self, n: T) -> Quaternion<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Quaternions<T> for Quaternion<T> {
    fn new(w: T, i: T, j: T, k: T) -> Quaternion<T> {
        quaternion(&Vector4::<T>::new(i, j, k, w))
    }

    fn from_parts(scalar: T, vector: Vector3<T>) -> Quaternion<T> {
        quaternion(&Vector4::<T>::new(vector.x, vector.y, vector.z, scalar))
    }

    fn from_imag(vector: Vector3<T>) -> Quaternion<T> {
        quaternion(&Vector4::<T>::new(vector.x, vector.y, vector.z, T::zero()))
    }

    fn from_real(r: T) -> Quaternion<T> {
        quaternion(&Vector4::<T>::new(T::zero(), T::zero(), T::zero(), r))
    }

    fn imag(&self) -> Vector3<T> {
        Vector3::<T>::new(self.i, self.j, self.k)
    }

    fn vector(&self) -> Vector3<T> {
        Vector3::<T>::new(self.i, self.j, self.k)
    }

    fn scalar(&self) -> T {
        self.w
    }

    fn as_vector(&self) -> Vector4<T> {
        Vector4::<T>::new(self.i, self.j, self.k, self.w)
    }

    fn conjugate(&self) -> Quaternion<T> {
        quaternion(&Vector4::<T>::new(-self.i, -self.j, -self.k, self.w))
    }

    fn norm(&self) -> T {
        Vector4::<T>::new(self.i, self.j, self.k, self.w).norm()
    }

    fn magnitude(&self) -> T {
        Vector4::<T>::new(self.i, self.j, self.k, self.w).norm()
    }

    fn norm_squared(&self) -> T {
        Vector4::<T>::new(self.i, self.j, self.k, self.w).norm_squared()
    }

    fn magnitude_squared(&self) -> T {
        Vector4::<T>::new(self.i, self.j, self.k, self.w).norm_squared()
    }

    fn normalize(&self) -> Quaternion<T> {
        quaternion(&Vector4::<T>::new(self.i, self.j, self.k, self.w).normalize())
    }

    fn dot(&self, other: &Quaternion<T>) -> T {
        let (a, b) = (&self.coords, &other.coords);
        Vector4::<T>::new(a.x, a.y, a.z, a.w).dot(&Vector4::<T>::new(b.x, b.y, b.z, b.w))
    }

    fn lerp(&self, other: &Quaternion<T>, t: T) -> Quaternion<T> {
        let a: Vector4<T> = Vector4::<T>::new(self.i, self.j, self.k, self.w);
        let b: Vector4<T> = Vector4::<T>::new(other.i, other.j, other.k, other.w);
        quaternion(&(a * (T::one() - t) + b * t))
    }

    fn exp(&self) -> Quaternion<T> {
        quaternion_exponential(&exponential_of(self), *self)
    }

    fn ln(&self) -> Quaternion<T> {
        quaternion_log(&logarithm_of(self), *self)
    }

    fn powf(&self, n: T) -> Quaternion<T> {
        let log = logarithm_of(self);
        let scaled = Vector4::<T>::new(log.i * n, log.j * n, log.k * n, log.w * n);
        quaternion_power(&exponential_of(&quaternion(&scaled)), *self, n)
    }
}

/// `e^w (v sinc |v|, cos |v|)`
#[differentiate(order = 2)]
fn exponential_of<T: RealField + Real>(q: &Quaternion<T>) -> Quaternion<T> {
    let size = q.w.exp();
    let half = exponential(&Vector3::<T>::new(q.i + q.i, q.j + q.j, q.k + q.k));
    quaternion(&Vector4::<T>::new(
        half.i * size,
        half.j * size,
        half.k * size,
        half.w * size,
    ))
}

/// The logarithm of the norm, and along the vector the angle to the real numbers.
#[differentiate(order = 2)]
fn logarithm_of<T: RealField + Real>(q: &Quaternion<T>) -> Quaternion<T> {
    let v: Vector3<T> = Vector3::<T>::new(q.i, q.j, q.k);
    let (size, squares) = (v.norm(), v.norm_squared());
    let share = size.atan2(q.w) / size;
    let half: T = nalgebra::convert(0.5);
    quaternion(&Vector4::<T>::new(
        q.i * share,
        q.j * share,
        q.k * share,
        (squares + q.w * q.w).ln() * half,
    ))
}

/// The product of two quaternions.
#[differentiate(order = 2)]
pub fn product<T: RealField + Real>(a: &Quaternion<T>, b: &Quaternion<T>) -> Quaternion<T> {
    quaternion(&Vector4::<T>::new(
        a.w * b.i + a.i * b.w + a.j * b.k - a.k * b.j,
        a.w * b.j - a.i * b.k + a.j * b.w + a.k * b.i,
        a.w * b.k + a.i * b.j - a.j * b.i + a.k * b.w,
        a.w * b.w - a.i * b.i - a.j * b.j - a.k * b.k,
    ))
}
