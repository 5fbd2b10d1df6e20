//! Problems from the textbooks: Rosenbrock's valley, the Lorenz attractor, Burgers' and the heat equation, logistic regression, a
//! two-layer network.

use autodiff_runtime::differentiate;

/// `sum 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2` (Rosenbrock 1960).
#[differentiate(order = 2)]
pub fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|w| 100.0 * (w[1] - w[0].powi(2)).powi(2) + (1.0 - w[0]).powi(2))
        .sum()
}

/// The right-hand side of the Lorenz equations (Lorenz 1963); `p` is sigma, rho, beta.
#[differentiate(order = 2)]
pub fn lorenz_slope(y: &[f64; 3], p: &[f64; 3]) -> [f64; 3] {
    [
        p[0] * (y[1] - y[0]),
        y[0] * (p[1] - y[2]) - y[1],
        y[0] * y[1] - p[2] * y[2],
    ]
}

#[differentiate(order = 2)]
fn ahead(y: &[f64; 3], k: &[f64; 3], h: f64) -> [f64; 3] {
    [y[0] + h * k[0], y[1] + h * k[1], y[2] + h * k[2]]
}

/// The squared distance from the origin after `steps` steps of the classical Runge-Kutta method, from `x[..3]` with parameters `x[3..]`.
#[differentiate(order = 2)]
pub fn lorenz(x: &[f64], steps: usize, #[constant] h: f64) -> f64 {
    let p = [x[3], x[4], x[5]];
    let mut y = [x[0], x[1], x[2]];
    for _ in 0..steps {
        let k1 = lorenz_slope(&y, &p);
        let k2 = lorenz_slope(&ahead(&y, &k1, 0.5 * h), &p);
        let k3 = lorenz_slope(&ahead(&y, &k2, 0.5 * h), &p);
        let k4 = lorenz_slope(&ahead(&y, &k3, h), &p);
        for i in 0..3 {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
}

/// Half the squared final state of `u_t + u u_x = nu u_xx` on a grid with fixed ends (explicit differences), from the initial state `x`.
#[differentiate(order = 2)]
pub fn burgers(x: &[f64], steps: usize, #[constant] dt: f64, #[constant] nu: f64) -> f64 {
    let n = x.len();
    let dx = 1.0 / n as f64;
    let convection = dt / (2.0 * dx);
    let diffusion = nu * dt / (dx * dx);
    let mut u = x.to_vec();
    let mut next = x.to_vec();
    for _ in 0..steps {
        for i in 1..n - 1 {
            next[i] = u[i] - convection * u[i] * (u[i + 1] - u[i - 1])
                + diffusion * (u[i + 1] - 2.0 * u[i] + u[i - 1]);
        }
        std::mem::swap(&mut u, &mut next);
    }
    let mut energy = 0.0;
    for &v in u.iter() {
        energy += 0.5 * v * v * dx;
    }
    energy
}

/// Half the squared final temperature after `steps` explicit steps of the heat equation, in place: the old value on the left is carried along.
#[differentiate(order = 2)]
pub fn heat(x: &[f64], steps: usize, #[constant] r: f64) -> f64 {
    let mut u = x.to_vec();
    for _ in 0..steps {
        let mut left = u[0];
        for i in 1..u.len() - 1 {
            let here = u[i];
            u[i] = here + r * (left - 2.0 * here + u[i + 1]);
            left = here;
        }
    }
    let mut energy = 0.0;
    for v in &u {
        energy += 0.5 * v * v;
    }
    energy
}

/// Mean logistic loss with a ridge; `rows` are the features of each sample, `labels` 0 or 1.
#[differentiate(order = 2)]
pub fn logistic(w: &[f64], #[constant] rows: &[f64], #[constant] labels: &[f64]) -> f64 {
    let d = w.len();
    let mut loss = 0.0;
    for (row, &label) in rows.chunks_exact(d).zip(labels) {
        let mut z = 0.0;
        for (a, b) in row.iter().zip(w) {
            z += a * b;
        }
        loss += z.max(0.0) - z * label + (-z.abs()).exp().ln_1p();
    }
    let ridge: f64 = w.iter().map(|a| a * a).sum();
    loss / labels.len() as f64 + 0.005 * ridge
}

/// Mean squared error of `v . tanh(W x + b) + c`; `p` is W (hidden x inputs), b, v, c.
#[differentiate(order = 2)]
pub fn network(
    p: &[f64],
    #[constant] rows: &[f64],
    #[constant] targets: &[f64],
    inputs: usize,
    hidden: usize,
) -> f64 {
    let (weights, rest) = p.split_at(inputs * hidden);
    let mut loss = 0.0;
    for (row, &target) in rows.chunks_exact(inputs).zip(targets) {
        let mut output = rest[2 * hidden];
        for h in 0..hidden {
            let mut z = rest[h];
            for i in 0..inputs {
                z += weights[h * inputs + i] * row[i];
            }
            output += rest[hidden + h] * z.tanh();
        }
        loss += (output - target).powi(2);
    }
    loss / targets.len() as f64
}

/// Half the sum of squared errors of a linear model; `rows` are the features of each sample. Sums may be taken in any order.
#[differentiate(order = 2, reassociate)]
pub fn least_squares(w: &[f64], #[constant] rows: &[f64], #[constant] targets: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (row, &target) in rows.chunks_exact(w.len()).zip(targets) {
        let mut error = -target;
        for (a, b) in row.iter().zip(w) {
            error += a * b;
        }
        loss += 0.5 * error * error;
    }
    loss
}
