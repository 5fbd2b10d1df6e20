//! The members by their names.

use super::Part;
use super::functions::{
    acos, acosh, arg, asin, asinh, atan, atanh, complex, conj, cos, cosh, exp, inv, ln, norm,
    norm_sqr, polar, powc, powf, powi, powu, scale, sin, sinh, sqrt, tan, tanh, unscale,
};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::Complex;

/// The members of `Complex`.
#[differentiate(self, order = 2)]
pub trait Complexes<T: Real + Part>: Differentiable {
    /// The number with these parts.
    fn new(re: T, im: T) -> Complex<T>;
    /// The number of this size and angle.
    fn from_polar(r: T, theta: T) -> Complex<T>;
    /// `|z|`
    fn norm(&self) -> T;
    /// `|z|`
    fn abs(&self) -> T;
    /// `|z|^2`
    fn norm_sqr(&self) -> T;
    /// The angle, from -pi to pi.
    fn arg(&self) -> T;
    /// Size and angle.
    fn to_polar(&self) -> (T, T);
    /// `z^n`
    fn powi(&self, n: i32) -> Complex<T>;
    /// `z^n`
    fn powu(&self, n: u32) -> Complex<T>;
    /// `z^x`
    fn powf(&self, x: T) -> Complex<T>;
    /// `z^u`
    fn powc(&self, u: Complex<T>) -> Complex<T>;
    /// `x z`
    fn scale(&self, x: T) -> Complex<T>;
    /// `z / x`
    fn unscale(&self, x: T) -> Complex<T>;
    /// `conj z`
    fn conj(&self) -> Complex<T>;
    /// `exp z`
    fn exp(&self) -> Complex<T>;
    /// `ln z`
    fn ln(&self) -> Complex<T>;
    /// `sqrt z`
    fn sqrt(&self) -> Complex<T>;
    /// `inv z`
    fn inv(&self) -> Complex<T>;
    /// `sin z`
    fn sin(&self) -> Complex<T>;
    /// `cos z`
    fn cos(&self) -> Complex<T>;
    /// `tan z`
    fn tan(&self) -> Complex<T>;
    /// `sinh z`
    fn sinh(&self) -> Complex<T>;
    /// `cosh z`
    fn cosh(&self) -> Complex<T>;
    /// `tanh z`
    fn tanh(&self) -> Complex<T>;
    /// `asin z`
    fn asin(&self) -> Complex<T>;
    /// `acos z`
    fn acos(&self) -> Complex<T>;
    /// `atan z`
    fn atan(&self) -> Complex<T>;
    /// `asinh z`
    fn asinh(&self) -> Complex<T>;
    /// `acosh z`
    fn acosh(&self) -> Complex<T>;
    /// `atanh z`
    fn atanh(&self) -> Complex<T>;
}

#[differentiate(self, order = 2)]
impl<T: Real + Part> Complexes<T> for Complex<T> {
    fn new(re: T, im: T) -> Complex<T> {
        complex(&re, &im)
    }

    fn from_polar(r: T, theta: T) -> Complex<T> {
        polar(&r, &theta)
    }

    fn norm(&self) -> T {
        norm(self)
    }

    fn abs(&self) -> T {
        norm(self)
    }

    fn norm_sqr(&self) -> T {
        norm_sqr(self)
    }

    fn arg(&self) -> T {
        arg(self)
    }

    fn to_polar(&self) -> (T, T) {
        (norm(self), arg(self))
    }

    fn powi(&self, n: i32) -> Complex<T> {
        powi(self, n)
    }

    fn powu(&self, n: u32) -> Complex<T> {
        powu(self, n)
    }

    fn powf(&self, x: T) -> Complex<T> {
        powf(self, &x)
    }

    fn powc(&self, u: Complex<T>) -> Complex<T> {
        powc(self, &u)
    }

    fn scale(&self, x: T) -> Complex<T> {
        scale(self, &x)
    }

    fn unscale(&self, x: T) -> Complex<T> {
        unscale(self, &x)
    }

    fn conj(&self) -> Complex<T> {
        conj(self)
    }

    fn exp(&self) -> Complex<T> {
        exp(self)
    }

    fn ln(&self) -> Complex<T> {
        ln(self)
    }

    fn sqrt(&self) -> Complex<T> {
        sqrt(self)
    }

    fn inv(&self) -> Complex<T> {
        inv(self)
    }

    fn sin(&self) -> Complex<T> {
        sin(self)
    }

    fn cos(&self) -> Complex<T> {
        cos(self)
    }

    fn tan(&self) -> Complex<T> {
        tan(self)
    }

    fn sinh(&self) -> Complex<T> {
        sinh(self)
    }

    fn cosh(&self) -> Complex<T> {
        cosh(self)
    }

    fn tanh(&self) -> Complex<T> {
        tanh(self)
    }

    fn asin(&self) -> Complex<T> {
        asin(self)
    }

    fn acos(&self) -> Complex<T> {
        acos(self)
    }

    fn atan(&self) -> Complex<T> {
        atan(self)
    }

    fn asinh(&self) -> Complex<T> {
        asinh(self)
    }

    fn acosh(&self) -> Complex<T> {
        acosh(self)
    }

    fn atanh(&self) -> Complex<T> {
        atanh(self)
    }
}
