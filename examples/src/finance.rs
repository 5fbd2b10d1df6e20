//! Options of many strikes, valued one after another (Black and Scholes 1973), and sums of nested scalar functions.

use autodiff_runtime::differentiate;

/// The normal distribution function, to 7 digits (Abramowitz and Stegun 1964, 26.2.17).
#[differentiate(order = 2)]
pub fn normal_cdf(x: f64) -> f64 {
    let k = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let polynomial = k
        * (0.319_381_530
            + k * (-0.356_563_782
                + k * (1.781_477_937 + k * (-1.821_255_978 + k * 1.330_274_429))));
    let tail = (-0.5 * x * x).exp() * 0.398_942_280_401_432_7 * polynomial;
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// The value of a European call.
#[differentiate(order = 2)]
pub fn call(spot: f64, rate: f64, volatility: f64, strike: f64, maturity: f64) -> f64 {
    let spread = volatility * maturity.sqrt();
    let drift = (rate + 0.5 * volatility * volatility) * maturity;
    let d1 = ((spot / strike).ln() + drift) / spread;
    let discount = (-rate * maturity).exp();
    spot * normal_cdf(d1) - strike * discount * normal_cdf(d1 - spread)
}

/// The value of one call for each strike and maturity; `market` is spot, rate and volatility, the gradient their Greeks.
#[differentiate(order = 2)]
pub fn portfolio(
    market: &[f64],
    #[constant] strikes: &[f64],
    #[constant] maturities: &[f64],
) -> f64 {
    let mut value = 0.0;
    for (strike, maturity) in strikes.iter().zip(maturities) {
        value += call(market[0], market[1], market[2], *strike, *maturity);
    }
    value
}

#[differentiate(order = 2)]
fn inner(x: f64, a: f64) -> f64 {
    a * x * x + x.sin()
}

#[differentiate(order = 2)]
fn middle(x: f64, a: f64) -> f64 {
    let y = inner(x, a);
    y / (1.0 + y * y)
}

#[differentiate(order = 2)]
fn outer(x: f64, a: f64) -> f64 {
    middle(x, a) * middle(a, x) + x
}

/// Three levels of functions in a loop; the last of `x` is a parameter that all share.
#[differentiate(order = 2)]
pub fn nested(x: &[f64]) -> f64 {
    let n = x.len() - 1;
    let mut sum = 0.0;
    for i in 0..n {
        sum += outer(x[i], x[n]);
    }
    sum
}
