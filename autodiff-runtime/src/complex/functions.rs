//! What the members are made of: functions of complex numbers with their derivatives.

use super::Part;
use crate::matrix::method::primitive;
use nalgebra::Complex;

/// Functions with a complex derivative: `w = f(z)`, `f'(z)`, and `f''(z)` by `z` and `s = f'(z)`.
macro_rules! holomorphic {
    ($($(#[$doc:meta])* $name:ident |$z:pat_param, $w:pat_param| $slope:expr; |$at:pat_param, $s:pat_param| $curve:expr;)*) => {$(
        primitive! {
            $(#[$doc])*
            $name[T: Part](z d: &Complex<T>) -> Complex<T>, slope: Complex<T>
            where [] = {
                let w = z.$name();
                let ($z, $w) = (*z, w);
                (w, $slope)
            };
            d => *slope * d; |seed, bar| *bar += *seed * slope.conj();
            @ [z_bar z_dot] {
                z_dot(d): |seed, d, bar| {
                    let ($at, $s) = (*z, *slope);
                    let curve: Complex<T> = $curve;
                    *bar += *seed * (curve * d).conj()
                };
            }
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

fn two<T: Part>() -> T {
    nalgebra::convert(2.0)
}

holomorphic! {
    /// `f' = w`
    exp |_, w| w; |_, s| s;
    /// `f' = 1 / z`
    ln |z, _| z.inv(); |_, s| -(s * s);
    /// `f' = 1 / 2 w`
    sqrt |_, w| (w + w).inv(); |_, s| (s * s * s).scale(-two::<T>());
    /// `f' = -w^2`
    inv |_, w| -(w * w); |z, s| (s * z.inv()).scale(-two::<T>());
    /// `f' = cos z`
    sin |z, _| z.cos(); |z, _| -z.sin();
    /// `f' = -sin z`
    cos |z, _| -z.sin(); |z, _| -z.cos();
    /// `f' = 1 + w^2`
    tan |_, w| one::<T>() + w * w; |z, s| (s * z.tan()).scale(two());
    /// `f' = cosh z`
    sinh |z, _| z.cosh(); |z, _| z.sinh();
    /// `f' = sinh z`
    cosh |z, _| z.sinh(); |z, _| z.cosh();
    /// `f' = 1 - w^2`
    tanh |_, w| one::<T>() - w * w; |z, s| (s * z.tanh()).scale(-two::<T>());
    /// `f' = 1 / sqrt(1 - z^2)`
    asin |z, _| (one::<T>() - z * z).sqrt().inv(); |z, s| z * s * s * s;
    /// `f' = -1 / sqrt(1 - z^2)`
    acos |z, _| -(one::<T>() - z * z).sqrt().inv(); |z, s| z * s * s * s;
    /// `f' = 1 / (1 + z^2)`
    atan |z, _| (one::<T>() + z * z).inv(); |z, s| (z * s * s).scale(-two::<T>());
    /// `f' = 1 / sqrt(1 + z^2)`
    asinh |z, _| (one::<T>() + z * z).sqrt().inv(); |z, s| -(z * s * s * s);
    /// `f' = 1 / (sqrt(z + 1) sqrt(z - 1))`
    acosh |z, _| ((z + one::<T>()).sqrt() * (z - one::<T>()).sqrt()).inv(); |z, s| -(z * s * s * s);
    /// `f' = 1 / (1 - z^2)`
    atanh |z, _| (one::<T>() - z * z).inv(); |z, s| (z * s * s).scale(two());
}

/// `z^n`, `n` of this type.
macro_rules! powers {
    ($($name:ident $N:ty),*) => {$(
        primitive! {
            /// `z^n`: `f' = n z^(n-1)`, `f'' = n (n-1) z^(n-2)`
            $name[T: Part](z d: &Complex<T>; n: $N) -> Complex<T>, slope: Complex<T>
            where [] = {
                let slope = match n {
                    0 => real(T::__ZERO),
                    _ => z.$name(n - 1).scale(nalgebra::convert(f64::from(n))),
                };
                (z.$name(n), slope)
            };
            d => *slope * d; |seed, bar| *bar += *seed * slope.conj();
            @ [z_bar z_dot] {
                z_dot(d): |seed, d, bar| if n != 0 && n != 1 {
                    let both = f64::from(n) * (f64::from(n) - 1.0);
                    let curve = z.$name(n - 2).scale(nalgebra::convert(both));
                    *bar += *seed * (curve * d).conj()
                };
            }
        }
    )*};
}

powers!(powi i32, powu u32);

primitive! {
    /// `z^x`: `f' = x z^(x-1)` and `w ln z`
    powf[T: Part](z d: &Complex<T>, x dx: &T) -> Complex<T>, slopes: (Complex<T>, Complex<T>)
    where [] = {
        let w = z.powf(*x);
        (w, (z.powf(*x - num_traits::One::one()).scale(*x), by_exponent(*z, w)))
    };
    d => slopes.0 * d; |seed, bar| *bar += *seed * slopes.0.conj();
    dx => slopes.1.scale(*dx); |seed, bar| *bar += (*seed * slopes.1.conj()).re;
    @ [z_bar z_dot, x_bar x_dot] {
        z_dot(d): |seed, d, bar| *bar += *seed * (by_base_twice(*z, real(*x)) * d).conj();
        z_dot(dx): |seed, dx, bar| *bar += *seed * by_both(*z, real(*x)).scale(*dx).conj();
        x_dot(d): |seed, d, bar| *bar += (*seed * (by_both(*z, real(*x)) * d).conj()).re;
        x_dot(dx): |seed, dx, bar| *bar += (*seed * by_exponent(*z, slopes.1).scale(*dx).conj()).re;
    }
}

primitive! {
    /// `z^u`: `f' = u w / z` and `w ln z`
    powc[T: Part](z d: &Complex<T>, u du: &Complex<T>) -> Complex<T>, slopes: (Complex<T>, Complex<T>)
    where [] = {
        let w = z.powc(*u);
        (w, (*u * z.powc(*u - one::<T>()), by_exponent(*z, w)))
    };
    d => slopes.0 * d; |seed, bar| *bar += *seed * slopes.0.conj();
    du => slopes.1 * du; |seed, bar| *bar += *seed * slopes.1.conj();
    @ [z_bar z_dot, u_bar u_dot] {
        z_dot(d): |seed, d, bar| *bar += *seed * (by_base_twice(*z, *u) * d).conj();
        z_dot(du): |seed, du, bar| *bar += *seed * (by_both(*z, *u) * du).conj();
        u_dot(d): |seed, d, bar| *bar += *seed * (by_both(*z, *u) * d).conj();
        u_dot(du): |seed, du, bar| *bar += *seed * (by_exponent(*z, slopes.1) * du).conj();
    }
}

/// `w ln z`, zero at zero: the slope of the power `w` of `z` by its exponent, and that of this slope.
fn by_exponent<T: Part>(z: Complex<T>, w: Complex<T>) -> Complex<T> {
    if w == real(T::__ZERO) { w } else { w * z.ln() }
}

/// `u (u-1) z^(u-2)`: the second slope of `z^u` by `z`; zero for the powers 0 and 1.
fn by_base_twice<T: Part>(z: Complex<T>, u: Complex<T>) -> Complex<T> {
    let factor = u * (u - one::<T>());
    if factor == real(T::__ZERO) {
        factor
    } else {
        factor * z.powc(u - real(two()))
    }
}

/// `z^(u-1) (1 + u ln z)`: the slope by `z` and `u`.
fn by_both<T: Part>(z: Complex<T>, u: Complex<T>) -> Complex<T> {
    let power = z.powc(u - one::<T>());
    power + u * by_exponent(z, power)
}

primitive! {
    /// `conj(z)`
    conj[T: Part](z d: &Complex<T>) -> Complex<T>, saved: ()
    where [] = (z.conj(), ());
    d => d.conj(); |seed, bar| *bar += seed.conj();
    @ [z_bar z_dot] {}
}

primitive! {
    /// `|z|`; the slope at zero is zero.
    norm[T: Part](z d: &Complex<T>) -> T, direction: Complex<T>
    where [] = {
        let y = z.norm();
        (y, if y == T::__ZERO { real(y) } else { z.unscale(y) })
    };
    d => (d * direction.conj()).re; |seed, bar| *bar += direction.scale(*seed);
    @ [z_bar z_dot] {
        z_dot(d): |seed, d, bar| if *direction != real(T::__ZERO) {
            let across = d - direction.scale((d * direction.conj()).re);
            *bar += across.unscale(z.norm()).scale(*seed)
        };
    }
}

primitive! {
    /// `|z|^2`
    norm_sqr[T: Part](z d: &Complex<T>) -> T, saved: ()
    where [] = (z.norm_sqr(), ());
    d => (d * (z + z).conj()).re; |seed, bar| *bar += (z + z).scale(*seed);
    @ [z_bar z_dot] {
        z_dot(d): |seed, d, bar| *bar += (d + d).scale(*seed);
    }
}

primitive! {
    /// The angle of `z`, from -pi to pi: `Im(dz / z)`
    arg[T: Part](z d: &Complex<T>) -> T, inverse: Complex<T>
    where [] = (z.arg(), z.inv());
    d => (d * inverse).im;
    |seed, bar| *bar += Complex::new(inverse.im, inverse.re).scale(*seed);
    @ [z_bar z_dot] {
        z_dot(d): |seed, d, bar| {
            let change = -(*inverse * *inverse * d);
            *bar += Complex::new(change.im, change.re).scale(*seed)
        };
    }
}

primitive! {
    /// `x + i y`
    complex[T: Part](x dx: &T, y dy: &T) -> Complex<T>, saved: ()
    where [] = (Complex::new(*x, *y), ());
    dx => real(*dx); |seed, bar| *bar += seed.re;
    dy => Complex::new(T::__ZERO, *dy); |seed, bar| *bar += seed.im;
    @ [x_bar x_dot, y_bar y_dot] {}
}

primitive! {
    /// `r exp(i a)`
    polar[T: Part](r dr: &T, a da: &T) -> Complex<T>, saved: (Complex<T>, Complex<T>)
    where [] = {
        let w = Complex::from_polar(*r, *a);
        (w, (Complex::new(num_traits::Float::cos(*a), num_traits::Float::sin(*a)), Complex::new(-w.im, w.re)))
    };
    dr => saved.0.scale(*dr); |seed, bar| *bar += (*seed * saved.0.conj()).re;
    da => saved.1.scale(*da); |seed, bar| *bar += (*seed * saved.1.conj()).re;
    @ [r_bar r_dot, a_bar a_dot] {
        r_dot(da): |seed, da, bar| *bar += *da * (*seed * turned(saved.0).conj()).re;
        a_dot(dr): |seed, dr, bar| *bar += *dr * (*seed * turned(saved.0).conj()).re;
        a_dot(da): |seed, da, bar| *bar += *da * (*seed * turned(saved.1).conj()).re;
    }
}

/// `i z`
fn turned<T: Part>(z: Complex<T>) -> Complex<T> {
    Complex::new(-z.im, z.re)
}

primitive! {
    /// `z x` for a real `x`
    scale[T: Part](z d: &Complex<T>, x dx: &T) -> Complex<T>, saved: ()
    where [] = (z.scale(*x), ());
    d => d.scale(*x); |seed, bar| *bar += seed.scale(*x);
    dx => z.scale(*dx); |seed, bar| *bar += (*seed * z.conj()).re;
    @ [z_bar z_dot, x_bar x_dot] {
        z_dot(dx): |seed, dx, bar| *bar += seed.scale(*dx);
        x_dot(d): |seed, d, bar| *bar += (*seed * d.conj()).re;
    }
}

primitive! {
    /// `z / x` for a real `x`
    unscale[T: Part](z d: &Complex<T>, x dx: &T) -> Complex<T>, quotient: Complex<T>
    where [] = { let w = z.unscale(*x); (w, w.unscale(*x)) };
    d => d.unscale(*x); |seed, bar| *bar += seed.unscale(*x);
    dx => -quotient.scale(*dx); |seed, bar| *bar -= (*seed * quotient.conj()).re;
    @ [z_bar z_dot, x_bar x_dot] {
        z_dot(dx): |seed, dx, bar| *bar -= seed.scale(*dx).unscale(*x).unscale(*x);
        x_dot(d): |seed, d, bar| *bar -= (*seed * d.conj()).re / *x / *x;
        x_dot(dx): |seed, dx, bar| *bar += two::<T>() * (*seed * quotient.conj()).re * *dx / *x;
    }
}
