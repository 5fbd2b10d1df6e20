//! What the members are made of: functions of complex numbers with their derivatives.

use super::Part;
use crate::matrix::method::method;
use nalgebra::Complex;

/// Functions with a complex derivative: `w = f(z)` and `f'(z)`.
macro_rules! holomorphic {
    ($($(#[$doc:meta])* $name:ident |$z:pat_param, $w:pat_param| $slope:expr;)*) => {$(
        method! {
            @once
            $(#[$doc])*
            $name[T: Part](z d: &Complex<T>) -> Complex<T>, slope: Complex<T>
            where [] = {
                let w = z.$name();
                let ($z, $w) = (*z, w);
                (w, $slope)
            };
            d => *slope * d; |seed, bar| *bar += *seed * slope.conj();
        }
    )*};
}

/// The real number as a complex one.
fn real<T: Part>(x: T) -> Complex<T> {
    Complex::new(x, T::__ZERO)
}

fn one<T: Part>() -> Complex<T> {
    real(<T as num_traits::One>::one())
}

holomorphic! {
    /// `f' = w`
    exp |_, w| w;
    /// `f' = 1 / z`
    ln |z, _| z.inv();
    /// `f' = 1 / 2 w`
    sqrt |_, w| (w + w).inv();
    /// `f' = -w^2`
    inv |_, w| -(w * w);
    /// `f' = cos z`
    sin |z, _| z.cos();
    /// `f' = -sin z`
    cos |z, _| -z.sin();
    /// `f' = 1 + w^2`
    tan |_, w| one::<T>() + w * w;
    /// `f' = cosh z`
    sinh |z, _| z.cosh();
    /// `f' = sinh z`
    cosh |z, _| z.sinh();
    /// `f' = 1 - w^2`
    tanh |_, w| one::<T>() - w * w;
    /// `f' = 1 / sqrt(1 - z^2)`
    asin |z, _| (one::<T>() - z * z).sqrt().inv();
    /// `f' = -1 / sqrt(1 - z^2)`
    acos |z, _| -(one::<T>() - z * z).sqrt().inv();
    /// `f' = 1 / (1 + z^2)`
    atan |z, _| (one::<T>() + z * z).inv();
    /// `f' = 1 / sqrt(1 + z^2)`
    asinh |z, _| (one::<T>() + z * z).sqrt().inv();
    /// `f' = 1 / (sqrt(z + 1) sqrt(z - 1))`
    acosh |z, _| ((z + one::<T>()).sqrt() * (z - one::<T>()).sqrt()).inv();
    /// `f' = 1 / (1 - z^2)`
    atanh |z, _| (one::<T>() - z * z).inv();
}

/// `z^n`, `n` of this type.
macro_rules! powers {
    ($($name:ident $N:ty),*) => {$(
        method! {
            @once
            /// `z^n`: `f' = n z^(n-1)`
            $name[T: Part](z d: &Complex<T>; n: $N) -> Complex<T>, slope: Complex<T>
            where [] = {
                let slope = match n {
                    0 => real(T::__ZERO),
                    _ => z.$name(n - 1).scale(nalgebra::convert(f64::from(n))),
                };
                (z.$name(n), slope)
            };
            d => *slope * d; |seed, bar| *bar += *seed * slope.conj();
        }
    )*};
}

powers!(powi i32, powu u32);

method! {
    @once
    /// `z^x`: `f' = x z^(x-1)` and `w ln z`
    powf[T: Part](z d: &Complex<T>, x dx: &T) -> Complex<T>, slopes: (Complex<T>, Complex<T>)
    where [] = {
        let w = z.powf(*x);
        (w, (z.powf(*x - num_traits::One::one()).scale(*x), by_exponent(*z, w)))
    };
    d => slopes.0 * d; |seed, bar| *bar += *seed * slopes.0.conj();
    dx => slopes.1.scale(*dx); |seed, bar| *bar += (*seed * slopes.1.conj()).re;
}

method! {
    @once
    /// `z^u`: `f' = u w / z` and `w ln z`
    powc[T: Part](z d: &Complex<T>, u du: &Complex<T>) -> Complex<T>, slopes: (Complex<T>, Complex<T>)
    where [] = {
        let w = z.powc(*u);
        (w, (*u * z.powc(*u - one::<T>()), by_exponent(*z, w)))
    };
    d => slopes.0 * d; |seed, bar| *bar += *seed * slopes.0.conj();
    du => slopes.1 * du; |seed, bar| *bar += *seed * slopes.1.conj();
}

/// The slope of the power `w` of `z` by its exponent, zero at zero.
fn by_exponent<T: Part>(z: Complex<T>, w: Complex<T>) -> Complex<T> {
    if w == real(T::__ZERO) { w } else { w * z.ln() }
}

method! {
    @once
    /// `conj(z)`
    conj[T: Part](z d: &Complex<T>) -> Complex<T>, saved: ()
    where [] = (z.conj(), ());
    d => d.conj(); |seed, bar| *bar += seed.conj();
}

method! {
    @once
    /// `|z|`; the slope at zero is zero.
    norm[T: Part](z d: &Complex<T>) -> T, direction: Complex<T>
    where [] = {
        let y = z.norm();
        (y, if y == T::__ZERO { real(y) } else { z.unscale(y) })
    };
    d => (d * direction.conj()).re; |seed, bar| *bar += direction.scale(*seed);
}

method! {
    @once
    /// `|z|^2`
    norm_sqr[T: Part](z d: &Complex<T>) -> T, saved: ()
    where [] = (z.norm_sqr(), ());
    d => (d * (z + z).conj()).re; |seed, bar| *bar += (z + z).scale(*seed);
}

method! {
    @once
    /// The angle of `z`, from -pi to pi: `Im(dz / z)`
    arg[T: Part](z d: &Complex<T>) -> T, inverse: Complex<T>
    where [] = (z.arg(), z.inv());
    d => (d * inverse).im;
    |seed, bar| *bar += Complex::new(inverse.im, inverse.re).scale(*seed);
}

method! {
    @once
    /// `x + i y`
    complex[T: Part](x dx: &T, y dy: &T) -> Complex<T>, saved: ()
    where [] = (Complex::new(*x, *y), ());
    dx => real(*dx); |seed, bar| *bar += seed.re;
    dy => Complex::new(T::__ZERO, *dy); |seed, bar| *bar += seed.im;
}

method! {
    @once
    /// `r exp(i a)`
    polar[T: Part](r dr: &T, a da: &T) -> Complex<T>, saved: (Complex<T>, Complex<T>)
    where [] = {
        let w = Complex::from_polar(*r, *a);
        (w, (Complex::new(num_traits::Float::cos(*a), num_traits::Float::sin(*a)), Complex::new(-w.im, w.re)))
    };
    dr => saved.0.scale(*dr); |seed, bar| *bar += (*seed * saved.0.conj()).re;
    da => saved.1.scale(*da); |seed, bar| *bar += (*seed * saved.1.conj()).re;
}

method! {
    @once
    /// `z x` for a real `x`
    scale[T: Part](z d: &Complex<T>, x dx: &T) -> Complex<T>, saved: ()
    where [] = (z.scale(*x), ());
    d => d.scale(*x); |seed, bar| *bar += seed.scale(*x);
    dx => z.scale(*dx); |seed, bar| *bar += (*seed * z.conj()).re;
}

method! {
    @once
    /// `z / x` for a real `x`
    unscale[T: Part](z d: &Complex<T>, x dx: &T) -> Complex<T>, quotient: Complex<T>
    where [] = { let w = z.unscale(*x); (w, w.unscale(*x)) };
    d => d.unscale(*x); |seed, bar| *bar += seed.unscale(*x);
    dx => -quotient.scale(*dx); |seed, bar| *bar -= (*seed * quotient.conj()).re;
}
