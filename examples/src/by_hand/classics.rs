//! The gradients of the classics as an expert writes them. Each gives the value and overwrites the gradient.

/// Rosenbrock's valley.
pub fn rosenbrock(x: &[f64], g: &mut [f64]) -> f64 {
    g.fill(0.0);
    let mut value = 0.0;
    for i in 0..x.len() - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        value += 100.0 * a * a + b * b;
        g[i] += -400.0 * a * x[i] - 2.0 * b;
        g[i + 1] += 200.0 * a;
    }
    value
}

fn slope(y: &[f64; 3], p: &[f64]) -> [f64; 3] {
    [
        p[0] * (y[1] - y[0]),
        y[0] * (p[1] - y[2]) - y[1],
        y[0] * y[1] - p[2] * y[2],
    ]
}

fn slope_back(y: &[f64; 3], p: &[f64], k: &[f64; 3], p_bar: &mut [f64]) -> [f64; 3] {
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

/// The Lorenz attractor: the state at the head of each step is kept, its stages are computed again.
pub fn lorenz(x: &[f64], steps: usize, h: f64, g: &mut [f64]) -> f64 {
    let p = &x[3..];
    let stages = |y: &[f64; 3]| {
        let k1 = slope(y, p);
        let y2 = ahead(y, &k1, 0.5 * h);
        let k2 = slope(&y2, p);
        let y3 = ahead(y, &k2, 0.5 * h);
        let k3 = slope(&y3, p);
        let y4 = ahead(y, &k3, h);
        ([k1, k2, k3, slope(&y4, p)], [y2, y3, y4])
    };
    let mut states = Vec::with_capacity(steps);
    let mut y = [x[0], x[1], x[2]];
    for _ in 0..steps {
        states.push(y);
        let (k, _) = stages(&y);
        for i in 0..3 {
            y[i] += h / 6.0 * (k[0][i] + 2.0 * k[1][i] + 2.0 * k[2][i] + k[3][i]);
        }
    }
    let value = y[0] * y[0] + y[1] * y[1] + y[2] * y[2];
    g.fill(0.0);
    let (y_out, p_bar) = g.split_at_mut(3);
    let mut bar = y.map(|a| 2.0 * a);
    for y in states.iter().rev() {
        let (_, [y2, y3, y4]) = stages(y);
        let weighted = |w: f64| bar.map(|b| w * h / 6.0 * b);
        let b4 = slope_back(&y4, p, &weighted(1.0), p_bar);
        let k3: [f64; 3] = std::array::from_fn(|i| weighted(2.0)[i] + h * b4[i]);
        let b3 = slope_back(&y3, p, &k3, p_bar);
        let k2: [f64; 3] = std::array::from_fn(|i| weighted(2.0)[i] + 0.5 * h * b3[i]);
        let b2 = slope_back(&y2, p, &k2, p_bar);
        let k1: [f64; 3] = std::array::from_fn(|i| weighted(1.0)[i] + 0.5 * h * b2[i]);
        let b1 = slope_back(y, p, &k1, p_bar);
        for i in 0..3 {
            bar[i] += b1[i] + b2[i] + b3[i] + b4[i];
        }
    }
    y_out.copy_from_slice(&bar);
    value
}

/// Burgers' equation: every state is kept.
pub fn burgers(x: &[f64], steps: usize, dt: f64, nu: f64, g: &mut [f64]) -> f64 {
    let n = x.len();
    let dx = 1.0 / n as f64;
    let (a, d) = (dt / (2.0 * dx), dt * nu / (dx * dx));
    let mut states = Vec::with_capacity((steps + 1) * n);
    states.extend_from_slice(x);
    for t in 0..steps {
        for i in 0..n {
            let u = &states[t * n..];
            let (left, here, right) = (u[(i + n - 1) % n], u[i], u[(i + 1) % n]);
            let next = here + d * (right - 2.0 * here + left) - a * here * (right - left);
            states.push(next);
        }
    }
    let last = &states[steps * n..];
    let value = last.iter().map(|v| 0.5 * v * v * dx).sum();
    let mut bar: Vec<f64> = last.iter().map(|v| v * dx).collect();
    let mut before = vec![0.0; n];
    for t in (0..steps).rev() {
        let u = &states[t * n..(t + 1) * n];
        before.fill(0.0);
        for i in 0..n {
            let (l, r) = ((i + n - 1) % n, (i + 1) % n);
            before[i] += bar[i] * (1.0 - 2.0 * d - a * (u[r] - u[l]));
            before[r] += bar[i] * (d - a * u[i]);
            before[l] += bar[i] * (d + a * u[i]);
        }
        std::mem::swap(&mut bar, &mut before);
    }
    g.copy_from_slice(&bar);
    value
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

/// The two-layer network.
pub fn network(p: &[f64], rows: &[f64], targets: &[f64], inputs: usize, g: &mut [f64]) -> f64 {
    let hidden = (p.len() - 1) / (inputs + 2);
    let (w, rest) = p.split_at(inputs * hidden);
    g.fill(0.0);
    let (w_bar, rest_bar) = g.split_at_mut(inputs * hidden);
    let mut units = vec![0.0; hidden];
    let scale = 1.0 / targets.len() as f64;
    let mut loss = 0.0;
    for (row, &target) in rows.chunks_exact(inputs).zip(targets) {
        let mut output = rest[2 * hidden];
        for h in 0..hidden {
            let mut z = rest[h];
            for i in 0..inputs {
                z += w[h * inputs + i] * row[i];
            }
            units[h] = z.tanh();
            output += rest[hidden + h] * units[h];
        }
        loss += (output - target) * (output - target);
        let out_bar = 2.0 * scale * (output - target);
        rest_bar[2 * hidden] += out_bar;
        for h in 0..hidden {
            rest_bar[hidden + h] += out_bar * units[h];
            let z_bar = out_bar * rest[hidden + h] * (1.0 - units[h] * units[h]);
            rest_bar[h] += z_bar;
            for i in 0..inputs {
                w_bar[h * inputs + i] += z_bar * row[i];
            }
        }
    }
    loss * scale
}
