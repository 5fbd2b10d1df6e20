//! The Greeks of the options and the gradient of the nested functions as an expert writes them.

/// The approximation of the normal distribution function, and its slope.
pub fn cdf_and_slope(x: f64) -> (f64, f64) {
    let k = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let (a, b, c, d, e) = (
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    );
    let polynomial = k * (a + k * (b + k * (c + k * (d + k * e))));
    let slope = a + k * (2.0 * b + k * (3.0 * c + k * (4.0 * d + k * 5.0 * e)));
    let density = (-0.5 * x * x).exp() * 0.398_942_280_401_432_7;
    let tail = density * polynomial;
    // Of the tail with respect to |x|.
    let fall = -x.abs() * tail - density * slope * 0.231_641_9 * k * k;
    if x < 0.0 {
        (tail, -fall)
    } else {
        (1.0 - tail, -fall)
    }
}

/// All options in one pass, nothing stored.
pub fn portfolio(market: &[f64], strikes: &[f64], maturities: &[f64], g: &mut [f64]) -> f64 {
    let (spot, rate, volatility) = (market[0], market[1], market[2]);
    let [mut value, mut delta, mut rho, mut vega] = [0.0; 4];
    for (&strike, &maturity) in strikes.iter().zip(maturities) {
        let root = maturity.sqrt();
        let spread = volatility * root;
        let drift = (rate + 0.5 * volatility * volatility) * maturity;
        let scale = 1.0 / spread;
        let d1 = ((spot / strike).ln() + drift) * scale;
        let discounted = strike * (-rate * maturity).exp();
        let ((n1, s1), (n2, s2)) = (cdf_and_slope(d1), cdf_and_slope(d1 - spread));
        value += spot * n1 - discounted * n2;
        let d1_bar = spot * s1 - discounted * s2;
        let inner = d1_bar * scale;
        delta += n1 + inner / spot;
        rho += inner * maturity + discounted * maturity * n2;
        vega += inner * volatility * maturity + (discounted * s2 - inner * d1) * root;
    }
    g.copy_from_slice(&[delta, rho, vega]);
    value
}

/// `a x^2 + sin x` over one plus its square, with its slopes in `x` and `a`.
fn middle(x: f64, a: f64) -> (f64, f64, f64) {
    let (sin, cos) = x.sin_cos();
    let y = a * x * x + sin;
    let scale = 1.0 / (1.0 + y * y);
    let value = y * scale;
    let slope = scale - 2.0 * value * value;
    (value, slope * (2.0 * a * x + cos), slope * x * x)
}

/// Three levels of functions.
pub fn nested(x: &[f64], g: &mut [f64]) -> f64 {
    let n = x.len() - 1;
    let a = x[n];
    let (mut sum, mut shared) = (0.0, 0.0);
    for (x, g) in x[..n].iter().zip(g.iter_mut()) {
        let (p, p_x, p_a) = middle(*x, a);
        let (q, q_a, q_x) = middle(a, *x);
        sum += p * q + x;
        *g = p_x * q + p * q_x + 1.0;
        shared += p_a * q + p * q_a;
    }
    g[n] = shared;
    sum
}
