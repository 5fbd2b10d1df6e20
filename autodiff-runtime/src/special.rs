//! Special functions with their derivatives, for use inside annotated functions. Needs the feature `special`.
//!
//! The values are those of the crates [`libm`](https://docs.rs/libm) and [`special`](https://docs.rs/special), `f64` only; a function over `f32` casts.
//! References: NIST Digital Library of Mathematical Functions, <https://dlmf.nist.gov>, by number below.
//!
//! | function | derivative | DLMF |
//! |---|---|---|
//! | [`erf`], [`erfc`] | `2 / sqrt(pi) exp(-x^2)`, and its negative | 7.2.1 |
//! | [`erf_inv`] | `sqrt(pi) / 2 exp(y^2)` | 7.17.1 |
//! | [`normal_cdf`] | `exp(-x^2 / 2) / sqrt(2 pi)` | 7.2.1 |
//! | [`gamma`] | `gamma(x) digamma(x)` | 5.2.2 |
//! | [`ln_gamma`] | `digamma(x)` | 5.2.2 |
//! | [`digamma`], [`trigamma`] | `trigamma(x)`, and the derivative of that | 5.15.1 |
//! | [`ln_beta`] | `digamma(a) - digamma(a + b)` and with `b` for `a` | 5.12.1 |
//! | [`inc_gamma`] | `x^(a - 1) exp(-x) / gamma(a)` in `x` | 8.8.13 |
//! | [`bessel_j0`], [`bessel_j1`], [`bessel_jn`] | `-J1(x)`, `J0(x) - J1(x) / x`, `(J(n - 1, x) - J(n + 1, x)) / 2` | 10.6.1, 10.6.3 |
//! | [`bessel_y0`], [`bessel_y1`], [`bessel_yn`] | the same of Y | 10.6.1, 10.6.3 |
//!
//! All have second derivatives.
//!
//! ```
//! use autodiff_runtime::differentiate;
//! use autodiff_runtime::special::{ln_gamma, normal_cdf};
//!
//! #[differentiate]
//! fn call_price(spot: f64, strike: f64, sigma: f64) -> f64 {
//!     let d = (spot / strike).ln() / sigma + 0.5 * sigma;
//!     spot * normal_cdf(d) - strike * normal_cdf(d - sigma)
//! }
//! // Its delta is a normal probability.
//! let (delta, _, _) = call_price::grad(100.0, 95.0, 0.2);
//! assert!((delta - normal_cdf((100.0f64 / 95.0).ln() / 0.2 + 0.1)).abs() < 1e-14);
//!
//! // Euler's constant
//! assert!((ln_gamma::grad(1.0) + 0.5772156649015329).abs() < 1e-14);
//! ```

use crate::differentiate;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// The error function, the integral of `2 / sqrt(pi) exp(-t^2)` from 0 to `x`.
#[differentiate(order = 2, partials(x = FRAC_2_SQRT_PI * (-x * x).exp()))]
#[must_use]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// `1 - erf(x)`, without cancellation for large `x`.
#[differentiate(order = 2, partials(x = -FRAC_2_SQRT_PI * (-x * x).exp()))]
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// The `y` with `erf(y) = p`, for `p` in -1..1; infinite at the ends.
#[differentiate(order = 2, partials(p = (result * result).exp() / FRAC_2_SQRT_PI))]
#[must_use]
pub fn erf_inv(p: f64) -> f64 {
    special::Error::inv_error(p)
}

/// The probability that a standard normal variable is at most `x`; no cancellation for very negative `x`.
#[differentiate(order = 2, partials(x = 0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI * (-0.5 * x * x).exp()))]
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// Euler's gamma function; it has poles at 0, -1, -2, ..
#[differentiate(order = 2, partials(x = result * digamma(x)))]
#[must_use]
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// `ln |gamma(x)|`.
#[differentiate(order = 2, partials(x = digamma(x)))]
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The derivative of `ln gamma`.
#[differentiate(order = 2, partials(x = trigamma(x)))]
#[must_use]
pub fn digamma(x: f64) -> f64 {
    special::Gamma::digamma(x)
}

/// The derivative of [`digamma`](fn@digamma).
#[differentiate(order = 2, partials(x = tetragamma(x)))]
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    special::Gamma::trigamma(&x)
}

/// The derivative of `trigamma`: DLMF 5.15.6 for negative `x`, the recurrence 5.15.5 up to where the asymptotic series 5.15.8 has all digits.
#[differentiate(partials(x = pentagamma(x)))]
fn tetragamma(mut x: f64) -> f64 {
    use std::f64::consts::PI;
    if x < 0.5 {
        let (sine, cosine) = (PI * x).sin_cos();
        return tetragamma(1.0 - x) - 2.0 * PI.powi(3) * cosine / sine.powi(3);
    }
    let mut below = 0.0;
    while x < ASYMPTOTIC {
        below += 2.0 / x.powi(3);
        x += 1.0;
    }
    let square = (x * x).recip();
    let series = TETRAGAMMA.iter().rev();
    let series = series.fold(0.0, |sum, coefficient| (sum + coefficient) * square);
    -square - square / x + series * square - below
}

/// The derivative of `tetragamma`, by the derivatives of the same three.
fn pentagamma(mut x: f64) -> f64 {
    use std::f64::consts::PI;
    if x < 0.5 {
        let (sine, cosine) = (PI * x).sin_cos();
        let turned = 2.0 * PI.powi(4) * (1.0 + 2.0 * cosine * cosine) / sine.powi(4);
        return turned - pentagamma(1.0 - x);
    }
    let mut below = 0.0;
    while x < ASYMPTOTIC {
        below += 6.0 / x.powi(4);
        x += 1.0;
    }
    let square = (x * x).recip();
    let series = TETRAGAMMA
        .iter()
        .zip([4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0])
        .rev();
    let series = series.fold(0.0, |sum, (c, power)| (sum + c * power) * square);
    (2.0 * square + 3.0 * square / x - series * square) / x + below
}

/// From here on the series above and below have all digits.
const ASYMPTOTIC: f64 = 12.0;

/// `-(2 k + 1) B_2k`, of `x^-(2 k + 2)`, from `k = 1` on.
const TETRAGAMMA: [f64; 7] = [
    -1.0 / 2.0,
    1.0 / 6.0,
    -1.0 / 6.0,
    3.0 / 10.0,
    -5.0 / 6.0,
    691.0 / 210.0,
    -35.0 / 2.0,
];

/// The logarithm of the beta function, `ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)`, for positive `a` and `b`.
#[differentiate(order = 2, partials(a = digamma(a) - digamma(a + b), b = digamma(b) - digamma(a + b)))]
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// The regularised lower incomplete gamma function `P(a, x)`, for positive `a` and `x`. Differentiated in `x` only.
#[differentiate(order = 2, partials(x = ((a - 1.0) * x.ln() - x - libm::lgamma(a)).exp()))]
#[must_use]
pub fn inc_gamma(#[constant] a: f64, x: f64) -> f64 {
    special::Gamma::inc_gamma(x, a)
}

/// The Bessel function of the first kind of order zero.
#[differentiate(order = 2, partials(x = -bessel_j1(x)))]
#[must_use]
pub fn bessel_j0(x: f64) -> f64 {
    libm::j0(x)
}

/// The Bessel function of the first kind of order one. Its slope at 0 is one half.
#[differentiate(order = 2, partials(x = if x == 0.0 { 0.5 } else { bessel_j0(x) - result / x }))]
#[must_use]
pub fn bessel_j1(x: f64) -> f64 {
    libm::j1(x)
}

/// The Bessel function of the first kind of integer order.
#[differentiate(order = 2, partials(x = 0.5 * (bessel_jn(n - 1, x) - bessel_jn(n + 1, x))))]
#[must_use]
pub fn bessel_jn(n: i32, x: f64) -> f64 {
    libm::jn(n, x)
}

/// The Bessel function of the second kind of order zero, for positive `x`.
#[differentiate(order = 2, partials(x = -bessel_y1(x)))]
#[must_use]
pub fn bessel_y0(x: f64) -> f64 {
    libm::y0(x)
}

/// The Bessel function of the second kind of order one, for positive `x`.
#[differentiate(order = 2, partials(x = bessel_y0(x) - result / x))]
#[must_use]
pub fn bessel_y1(x: f64) -> f64 {
    libm::y1(x)
}

/// The Bessel function of the second kind of integer order, for positive `x`.
#[differentiate(order = 2, partials(x = 0.5 * (bessel_yn(n - 1, x) - bessel_yn(n + 1, x))))]
#[must_use]
pub fn bessel_yn(n: i32, x: f64) -> f64 {
    libm::yn(n, x)
}
