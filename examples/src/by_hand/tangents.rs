//! Tangents as an expert writes them: value and directional derivative in one pass, whatever both need computed once.

use super::finance::cdf_and_slope;

/// Rosenbrock's valley.
pub fn rosenbrock(x: &[f64], dx: &[f64]) -> (f64, f64) {
    let (mut value, mut moved) = (0.0, 0.0);
    for (x, dx) in x.windows(2).zip(dx.windows(2)) {
        let (valley, slope) = (x[1] - x[0] * x[0], 1.0 - x[0]);
        value += 100.0 * valley * valley + slope * slope;
        moved += 200.0 * valley * (dx[1] - 2.0 * x[0] * dx[0]) - 2.0 * slope * dx[0];
    }
    (value, moved)
}

/// Burgers' equation: state and tangent go through each step together.
pub fn burgers(x: &[f64], steps: usize, dt: f64, nu: f64, dx: &[f64]) -> (f64, f64) {
    let n = x.len();
    let cell = 1.0 / n as f64;
    let (a, d) = (dt / (2.0 * cell), dt * nu / (cell * cell));
    let (mut u, mut du) = (x.to_vec(), dx.to_vec());
    let (mut next, mut d_next) = (u.clone(), du.clone());
    for _ in 0..steps {
        let inner = next[1..n - 1].iter_mut().zip(&mut d_next[1..n - 1]);
        for ((v, dv), (u, du)) in inner.zip(u.windows(3).zip(du.windows(3))) {
            let (rise, d_rise) = (u[2] - u[0], du[2] - du[0]);
            *v = u[1] + d * (u[2] - 2.0 * u[1] + u[0]) - a * u[1] * rise;
            *dv = du[1] + d * (du[2] - 2.0 * du[1] + du[0]) - a * (du[1] * rise + u[1] * d_rise);
        }
        std::mem::swap(&mut u, &mut next);
        std::mem::swap(&mut du, &mut d_next);
    }
    half_square(&u, &du, cell)
}

/// The heat equation is linear: the tangent goes through it like the state.
pub fn heat(x: &[f64], steps: usize, r: f64, dx: &[f64]) -> (f64, f64) {
    let n = x.len();
    let (mut u, mut du) = (x.to_vec(), dx.to_vec());
    for _ in 0..steps {
        let (mut left, mut d_left) = (u[0], du[0]);
        for i in 1..n - 1 {
            let (here, d_here) = (u[i], du[i]);
            u[i] = here + r * (left - 2.0 * here + u[i + 1]);
            du[i] = d_here + r * (d_left - 2.0 * d_here + du[i + 1]);
            (left, d_left) = (here, d_here);
        }
    }
    half_square(&u, &du, 1.0)
}

fn half_square(u: &[f64], du: &[f64], weight: f64) -> (f64, f64) {
    let (mut value, mut moved) = (0.0, 0.0);
    for (u, du) in u.iter().zip(du) {
        value += 0.5 * u * u * weight;
        moved += u * du * weight;
    }
    (value, moved)
}

/// Logistic regression: the slope of the loss of a sample times how its score moves.
pub fn logistic(w: &[f64], rows: &[f64], labels: &[f64], dw: &[f64]) -> (f64, f64) {
    let (mut loss, mut moved) = (0.0, 0.0);
    for (row, &label) in rows.chunks_exact(w.len()).zip(labels) {
        let (z, dz) = dots(row, w, dw);
        let e = (-z.abs()).exp();
        loss += z.max(0.0) - z * label + e.ln_1p();
        let share = 1.0 / (1.0 + e);
        let p = if z >= 0.0 { share } else { e * share };
        moved += (p - label) * dz;
    }
    let n = labels.len() as f64;
    let (ridge, d_ridge) = dots(w, w, dw);
    (loss / n + 0.005 * ridge, moved / n + 0.01 * d_ridge)
}

/// `a . b` and `a . c`
fn dots(a: &[f64], b: &[f64], c: &[f64]) -> (f64, f64) {
    let (mut ab, mut ac) = (0.0, 0.0);
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        ab += a * b;
        ac += a * c;
    }
    (ab, ac)
}

/// The two-layer network.
pub fn network(p: &[f64], rows: &[f64], targets: &[f64], inputs: usize, dp: &[f64]) -> (f64, f64) {
    let hidden = (p.len() - 1) / (inputs + 2);
    let (first, last) = (inputs * hidden, p.len() - 1);
    let ((w, rest), (dw, d_rest)) = (p.split_at(first), dp.split_at(first));
    let ((biases, outer), (d_biases, d_outer)) = (rest.split_at(hidden), d_rest.split_at(hidden));
    let (mut loss, mut moved) = (0.0, 0.0);
    for (row, &target) in rows.chunks_exact(inputs).zip(targets) {
        let (mut output, mut d_output) = (p[last], dp[last]);
        let layers = w.chunks_exact(inputs).zip(dw.chunks_exact(inputs));
        for (h, (w, dw)) in layers.enumerate() {
            let (z, dz) = dots(row, w, dw);
            let unit = (biases[h] + z).tanh();
            output += outer[h] * unit;
            d_output += d_outer[h] * unit + outer[h] * (1.0 - unit * unit) * (d_biases[h] + dz);
        }
        let error = output - target;
        loss += error * error;
        moved += 2.0 * error * d_output;
    }
    let scale = 1.0 / targets.len() as f64;
    (loss * scale, moved * scale)
}

/// The options: the Greeks of each times how the market moves.
pub fn portfolio(market: &[f64], strikes: &[f64], maturities: &[f64], moves: &[f64]) -> (f64, f64) {
    let (spot, rate, volatility) = (market[0], market[1], market[2]);
    let (d_spot, d_rate, d_volatility) = (moves[0], moves[1], moves[2]);
    let (mut value, mut moved) = (0.0, 0.0);
    let growth = d_rate + volatility * d_volatility;
    for (&strike, &maturity) in strikes.iter().zip(maturities) {
        let root = maturity.sqrt();
        let (spread, d_spread) = (volatility * root, d_volatility * root);
        let scale = 1.0 / spread;
        let drift = (rate + 0.5 * volatility * volatility) * maturity;
        let d1 = ((spot / strike).ln() + drift) * scale;
        let d_d1 = (d_spot / spot + growth * maturity - d1 * d_spread) * scale;
        let discounted = strike * (-rate * maturity).exp();
        let ((n1, s1), (n2, s2)) = (cdf_and_slope(d1), cdf_and_slope(d1 - spread));
        value += spot * n1 - discounted * n2;
        moved += d_spot * n1 + spot * s1 * d_d1 + discounted * maturity * d_rate * n2
            - discounted * s2 * (d_d1 - d_spread);
    }
    (value, moved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::generate::{rng, uniform};
    use crate::{classics, finance};

    /// Value and slope against those of the generated tangent.
    fn agree(by_hand: (f64, f64), generated: (f64, f64)) {
        for (a, b) in [(by_hand.0, generated.0), (by_hand.1, generated.1)] {
            assert!((a - b).abs() <= 1e-10 * b.abs().max(1.0), "{a} {b}");
        }
    }

    #[test]
    fn by_hand_as_generated() {
        let rng = &mut rng();
        let (x, dx) = (uniform(rng, 30, -1.0, 1.0), uniform(rng, 30, -1.0, 1.0));
        agree(rosenbrock(&x, &dx), classics::rosenbrock::jvp(&x, &dx));
        let (dt, nu) = (1e-4, 1.0);
        agree(
            burgers(&x, 20, dt, nu, &dx),
            classics::burgers::jvp(&x, 20, dt, nu, &dx),
        );
        agree(
            heat(&x, 20, 0.2, &dx),
            classics::heat::jvp(&x, 20, 0.2, &dx),
        );
    }

    #[test]
    fn of_data_as_generated() {
        let rng = &mut rng();
        let (rows, labels) = (uniform(rng, 60, -1.0, 1.0), uniform(rng, 10, 0.0, 1.0));
        let (w, dw) = (uniform(rng, 6, -1.0, 1.0), uniform(rng, 6, -1.0, 1.0));
        let generated = classics::logistic::jvp(&w, &rows, &labels, &dw);
        agree(logistic(&w, &rows, &labels, &dw), generated);
        let (p, dp) = (uniform(rng, 33, -1.0, 1.0), uniform(rng, 33, -1.0, 1.0));
        let generated = classics::network::jvp(&p, &rows, &labels, 6, 4, &dp);
        agree(network(&p, &rows, &labels, 6, &dp), generated);
        let (market, moves) = ([100.0, 0.03, 0.2], [1.0, 0.5, -0.2]);
        let (k, m) = (uniform(rng, 10, 50.0, 150.0), uniform(rng, 10, 0.1, 2.0));
        let generated = finance::portfolio::jvp(&market, &k, &m, &moves);
        agree(portfolio(&market, &k, &m, &moves), generated);
    }
}
