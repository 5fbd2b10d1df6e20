//! The gradients of the classics as an expert writes them. Each gives the value and overwrites the gradient.

/// Rosenbrock's valley: with `v_i = x_{i+1} - x_i^2` the slope is `200 v_{i-1} - 400 x_i v_i - 2 (1 - x_i)`.
pub fn rosenbrock(x: &[f64], g: &mut [f64]) -> f64 {
    let mut value = 0.0;
    let mut carried = 0.0;
    for (pair, g) in x.windows(2).zip(g.iter_mut()) {
        let (valley, slope) = (pair[1] - pair[0] * pair[0], 1.0 - pair[0]);
        value += 100.0 * valley * valley + slope * slope;
        *g = carried - 400.0 * pair[0] * valley - 2.0 * slope;
        carried = 200.0 * valley;
    }
    g[x.len() - 1] = carried;
    value
}

fn slope(y: &[f64; 3], p: &[f64; 3]) -> [f64; 3] {
    [
        p[0] * (y[1] - y[0]),
        y[0] * (p[1] - y[2]) - y[1],
        y[0] * y[1] - p[2] * y[2],
    ]
}

fn slope_back(y: &[f64; 3], p: &[f64; 3], k: &[f64; 3], p_bar: &mut [f64; 3]) -> [f64; 3] {
    p_bar[0] += k[0] * (y[1] - y[0]);
    p_bar[1] += k[1] * y[0];
    p_bar[2] -= k[2] * y[2];
    [
        -p[0] * k[0] + (p[1] - y[2]) * k[1] + y[1] * k[2],
        p[0] * k[0] - k[1] + y[0] * k[2],
        -y[0] * k[1] - p[2] * k[2],
    ]
}

fn ahead(y: &[f64; 3], k: &[f64; 3], h: f64) -> [f64; 3] {
    [y[0] + h * k[0], y[1] + h * k[1], y[2] + h * k[2]]
}

/// The Lorenz attractor, the discrete adjoint of the Runge-Kutta scheme (Hager 2000): the state at the head of each step is kept, its
/// inner stages are computed again.
pub fn lorenz(x: &[f64], steps: usize, h: f64, g: &mut [f64]) -> f64 {
    let p = [x[3], x[4], x[5]];
    let mut heads = Vec::with_capacity(steps);
    let mut y = [x[0], x[1], x[2]];
    for _ in 0..steps {
        heads.push(y);
        let k1 = slope(&y, &p);
        let k2 = slope(&ahead(&y, &k1, 0.5 * h), &p);
        let k3 = slope(&ahead(&y, &k2, 0.5 * h), &p);
        let k4 = slope(&ahead(&y, &k3, h), &p);
        for i in 0..3 {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    let mut p_bar = [0.0; 3];
    let mut bar = y.map(|a| 2.0 * a);
    for head in heads.iter().rev() {
        bar = step_back(head, &p, h, &bar, &mut p_bar);
    }
    g[..3].copy_from_slice(&bar);
    g[3..].copy_from_slice(&p_bar);
    y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
}

/// The adjoint of the state at the head of a step from that at its end.
fn step_back(
    y: &[f64; 3],
    p: &[f64; 3],
    h: f64,
    next_bar: &[f64; 3],
    p_bar: &mut [f64; 3],
) -> [f64; 3] {
    let s2 = ahead(y, &slope(y, p), 0.5 * h);
    let s3 = ahead(y, &slope(&s2, p), 0.5 * h);
    let s4 = ahead(y, &slope(&s3, p), h);
    let mut bar = *next_bar;
    let mut k_bar = [0.0; 3];
    let stages = [
        (&s4, h, h / 6.0),
        (&s3, 0.5 * h, h / 3.0),
        (&s2, 0.5 * h, h / 3.0),
        (y, 0.0, h / 6.0),
    ];
    for (stage, inner, weight) in stages {
        for i in 0..3 {
            k_bar[i] += weight * next_bar[i];
        }
        let stage_bar = slope_back(stage, p, &k_bar, p_bar);
        for i in 0..3 {
            bar[i] += stage_bar[i];
            k_bar[i] = inner * stage_bar[i];
        }
    }
    bar
}

/// Burgers' equation: every state is kept; the adjoint of a step gathers.
pub fn burgers(x: &[f64], steps: usize, dt: f64, nu: f64, g: &mut [f64]) -> f64 {
    let n = x.len();
    let dx = 1.0 / n as f64;
    let (a, d) = (dt / (2.0 * dx), dt * nu / (dx * dx));
    let mut states = Vec::with_capacity((steps + 1) * n);
    states.extend_from_slice(x);
    for t in 0..steps {
        let u = t * n;
        states.push(x[0]);
        for i in u + 1..u + n - 1 {
            let (left, here, right) = (states[i - 1], states[i], states[i + 1]);
            states.push(here + d * (right - 2.0 * here + left) - a * here * (right - left));
        }
        states.push(x[n - 1]);
    }
    let last = &states[steps * n..];
    let value = last.iter().map(|v| 0.5 * v * v * dx).sum();
    let mut bar: Vec<f64> = last.iter().map(|v| v * dx).collect();
    let mut before = vec![0.0; n];
    for u in states.chunks_exact(n).take(steps).rev() {
        burgers_back(u, (a, d), &mut bar, &mut before);
        std::mem::swap(&mut bar, &mut before);
    }
    g.copy_from_slice(&bar);
    value
}

/// From the adjoint of a step's result to that of its argument `u`. The ends are handed through and take no part as results.
fn burgers_back(u: &[f64], (a, d): (f64, f64), bar: &mut [f64], before: &mut [f64]) {
    let n = u.len();
    let (bar, before) = (&mut bar[..n], &mut before[..n]);
    let (first, last) = (bar[0], bar[n - 1]);
    (bar[0], bar[n - 1]) = (0.0, 0.0);
    before[0] = first + bar[1] * (d + a * u[1]);
    before[n - 1] = last + bar[n - 2] * (d - a * u[n - 2]);
    for i in 1..n - 1 {
        before[i] = bar[i] * (1.0 - 2.0 * d - a * (u[i + 1] - u[i - 1]))
            + bar[i - 1] * (d - a * u[i - 1])
            + bar[i + 1] * (d + a * u[i + 1]);
    }
}

/// The heat equation is linear: its reverse needs no state.
pub fn heat(x: &[f64], steps: usize, r: f64, g: &mut [f64]) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    for _ in 0..steps {
        let mut left = u[0];
        for i in 1..n - 1 {
            let here = u[i];
            u[i] = here + r * (left - 2.0 * here + u[i + 1]);
            left = here;
        }
    }
    g.copy_from_slice(&u);
    for _ in 0..steps {
        let (first, last) = (g[0], g[n - 1]);
        (g[0], g[n - 1]) = (0.0, 0.0);
        let ends = [first + r * g[1], last + r * g[n - 2]];
        let mut left = 0.0;
        for i in 1..n - 1 {
            let here = g[i];
            g[i] = here + r * (left - 2.0 * here + g[i + 1]);
            left = here;
        }
        (g[0], g[n - 1]) = (ends[0], ends[1]);
    }
    u.iter().map(|v| 0.5 * v * v).sum()
}

/// Logistic regression.
pub fn logistic(w: &[f64], rows: &[f64], labels: &[f64], g: &mut [f64]) -> f64 {
    let d = w.len();
    g.fill(0.0);
    let mut loss = 0.0;
    for (row, &label) in rows.chunks_exact(d).zip(labels) {
        let z: f64 = row.iter().zip(w).map(|(a, b)| a * b).sum();
        let e = (-z.abs()).exp();
        loss += z.max(0.0) - z * label + e.ln_1p();
        let p = if z >= 0.0 {
            1.0 / (1.0 + e)
        } else {
            e / (1.0 + e)
        };
        for (g, a) in g.iter_mut().zip(row) {
            *g += (p - label) * a;
        }
    }
    let n = labels.len() as f64;
    let mut ridge = 0.0;
    for (g, a) in g.iter_mut().zip(w) {
        *g = *g / n + 0.01 * a;
        ridge += a * a;
    }
    loss / n + 0.005 * ridge
}

/// The two-layer network: each sample forward and at once backward.
pub fn network(p: &[f64], rows: &[f64], targets: &[f64], inputs: usize, g: &mut [f64]) -> f64 {
    let hidden = (p.len() - 1) / (inputs + 2);
    let (w, rest) = p.split_at(inputs * hidden);
    let (biases, rest) = rest.split_at(hidden);
    let (outer, last) = rest.split_at(hidden);
    g.fill(0.0);
    let (w_bar, rest) = g.split_at_mut(inputs * hidden);
    let (biases_bar, rest) = rest.split_at_mut(hidden);
    let (outer_bar, last_bar) = rest.split_at_mut(hidden);
    let mut units = vec![0.0; hidden];
    let scale = 1.0 / targets.len() as f64;
    let mut loss = 0.0;
    for (row, &target) in rows.chunks_exact(inputs).zip(targets) {
        let mut output = last[0];
        let layer = w.chunks_exact(inputs).zip(biases).zip(outer);
        for (unit, ((w, b), v)) in units.iter_mut().zip(layer) {
            let z = row.iter().zip(w).fold(*b, |z, (x, w)| z + w * x);
            *unit = z.tanh();
            output += v * *unit;
        }
        let error = output - target;
        loss += error * error;
        let out_bar = 2.0 * scale * error;
        last_bar[0] += out_bar;
        let bars = w_bar.chunks_exact_mut(inputs).zip(biases_bar.iter_mut());
        let layer = units.iter().zip(outer).zip(outer_bar.iter_mut());
        for ((w_bar, b_bar), ((unit, v), v_bar)) in bars.zip(layer) {
            *v_bar += out_bar * unit;
            let z_bar = out_bar * v * (1.0 - unit * unit);
            *b_bar += z_bar;
            for (g, x) in w_bar.iter_mut().zip(row) {
                *g += z_bar * x;
            }
        }
    }
    loss * scale
}

/// Least squares, the products in lanes.
pub fn least_squares(w: &[f64], rows: &[f64], targets: &[f64], g: &mut [f64]) -> f64 {
    g.fill(0.0);
    let mut loss = 0.0;
    for (row, &target) in rows.chunks_exact(w.len()).zip(targets) {
        let error = dot(row, w) - target;
        loss += 0.5 * error * error;
        for (g, a) in g.iter_mut().zip(row) {
            *g += error * a;
        }
    }
    loss
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.iter().zip(b) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += a * b;
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(a, b)| a * b);
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
}
