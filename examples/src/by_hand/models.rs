//! Models from physics and learning, by hand.

/// Each pair once: its force is added to both bodies, that of the outer loop's in registers.
pub fn potential(x: &[f64], masses: &[f64], g: &mut [f64]) -> f64 {
    g.fill(0.0);
    let mut energy = 0.0;
    for (i, &m) in masses.iter().enumerate() {
        let here: [f64; 3] = [x[3 * i], x[3 * i + 1], x[3 * i + 2]];
        let mut own = [0.0; 3];
        let others = x[3 * i + 3..].chunks_exact(3).zip(&masses[i + 1..]);
        for ((there, &n), g) in others.zip(g[3 * i + 3..].chunks_exact_mut(3)) {
            let d = [here[0] - there[0], here[1] - there[1], here[2] - there[2]];
            let inverse = 1.0 / (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + 0.01).sqrt();
            let t = m * n * inverse;
            energy -= t;
            let slope = t * inverse * inverse;
            for k in 0..3 {
                own[k] += slope * d[k];
                g[k] -= slope * d[k];
            }
        }
        for k in 0..3 {
            g[3 * i + k] += own[k];
        }
    }
    energy
}

/// All states are kept; the adjoint of each cell is gathered from its neighbours.
pub fn wave(x: &[f64], n: usize, steps: usize, g: &mut [f64]) -> f64 {
    let cells = n * n;
    let mut states = vec![0.0; (steps + 2) * cells];
    states[..cells].copy_from_slice(x);
    states[cells..2 * cells].copy_from_slice(x);
    for step in 0..steps {
        let (old, next) = states.split_at_mut((step + 2) * cells);
        let (before, now) = old[step * cells..].split_at(cells);
        for i in 1..n - 1 {
            let row = |i: usize| i * n..i * n + n;
            let (up, mid, down) = (&now[row(i - 1)], &now[row(i)], &now[row(i + 1)]);
            let (before, next) = (&before[row(i)], &mut next[row(i)]);
            for j in 1..n - 1 {
                let here = mid[j];
                let around = up[j] + down[j] + mid[j - 1] + mid[j + 1];
                let stiffness = 0.2 * (1.0 + 0.1 * here * here);
                next[j] = 2.0 * here - before[j] + stiffness * (around - 4.0 * here);
            }
        }
    }
    let last = &states[(steps + 1) * cells..];
    let value = 0.5 * last.iter().map(|u| u * u).sum::<f64>();
    g.copy_from_slice(last);
    let mut before = vec![0.0; cells];
    let (mut weights, mut next) = (vec![0.0; cells], vec![0.0; cells]);
    for step in (0..steps).rev() {
        let now = &states[(step + 1) * cells..(step + 2) * cells];
        back(now, n, (g, &mut weights), (&mut before, &mut next));
        g.copy_from_slice(&before);
        std::mem::swap(&mut before, &mut next);
    }
    for (g, b) in g.iter_mut().zip(&before) {
        *g += b;
    }
    value
}

/// One step back: `bar` is the adjoint of the new state, `before` becomes that of the present one, `next` that of the one before.
fn back(
    now: &[f64],
    n: usize,
    (bar, weights): (&[f64], &mut [f64]),
    (before, next): (&mut [f64], &mut [f64]),
) {
    for i in 1..n - 1 {
        for at in i * n + 1..i * n + n - 1 {
            weights[at] = bar[at] * 0.2 * (1.0 + 0.1 * now[at] * now[at]);
        }
    }
    next.fill(0.0);
    for i in 0..n {
        for j in 0..n {
            let at = i * n + j;
            let mut sum = 0.0;
            if i > 0 {
                sum += weights[at - n];
            }
            if i + 1 < n {
                sum += weights[at + n];
            }
            if j > 0 {
                sum += weights[at - 1];
            }
            if j + 1 < n {
                sum += weights[at + 1];
            }
            if i > 0 && j > 0 && i + 1 < n && j + 1 < n {
                let (bar, here) = (bar[at], now[at]);
                let around = now[at - n] + now[at + n] + now[at - 1] + now[at + 1];
                sum += 2.0 * bar - 4.0 * weights[at] + bar * 0.04 * here * (around - 4.0 * here);
                next[at] = -bar;
            }
            before[at] += sum;
        }
    }
}

/// The sums and the normalised states of all steps are kept.
pub fn markov(x: &[f64], emissions: &[f64], k: usize, g: &mut [f64]) -> f64 {
    let steps = emissions.len() / k;
    let mut states = vec![1.0 / k as f64; (steps + 1) * k];
    let mut totals = vec![0.0; steps];
    let mut likelihood = 0.0;
    for (s, seen) in emissions.chunks_exact(k).enumerate() {
        let (old, next) = states.split_at_mut((s + 1) * k);
        let next = &mut next[..k];
        next.fill(0.0);
        for (p, row) in old[s * k..].iter().zip(x.chunks_exact(k)) {
            for (n, t) in next.iter_mut().zip(row) {
                *n += p * t;
            }
        }
        let mut total = 0.0;
        for (p, e) in next.iter_mut().zip(seen) {
            *p *= e;
            total += *p;
        }
        for p in next.iter_mut() {
            *p /= total;
        }
        totals[s] = total;
        likelihood += total.ln();
    }
    g.fill(0.0);
    let (mut bar, mut before) = (vec![0.0; k], vec![0.0; k]);
    for (s, seen) in emissions.chunks_exact(k).enumerate().rev() {
        let inverse = 1.0 / totals[s];
        let next = &states[(s + 1) * k..(s + 2) * k];
        let dot: f64 = bar.iter().zip(next).map(|(b, p)| b * p).sum();
        let total = (1.0 - dot) * inverse;
        for (b, e) in bar.iter_mut().zip(seen) {
            *b = (*b * inverse + total) * e;
        }
        let rows = x.chunks_exact(k).zip(g.chunks_exact_mut(k));
        for ((sum, p), (row, g)) in before.iter_mut().zip(&states[s * k..]).zip(rows) {
            *sum = 0.0;
            for ((b, t), g) in bar.iter().zip(row).zip(g) {
                *sum += b * t;
                *g += p * b;
            }
        }
        std::mem::swap(&mut bar, &mut before);
    }
    likelihood
}

/// A softmax's adjoint is a product and a difference; a query is run forward and at once backward.
pub fn attention(x: &[f64], n: usize, d: usize, g: &mut [f64]) -> f64 {
    let (queries, rest) = x.split_at(n * d);
    let (keys, values) = rest.split_at(n * d);
    g.fill(0.0);
    let (g_queries, rest) = g.split_at_mut(n * d);
    let (g_keys, g_values) = rest.split_at_mut(n * d);
    let scale = 1.0 / (d as f64).sqrt();
    let (mut weights, mut bars, mut taken) = (vec![0.0; n], vec![0.0; n], vec![0.0; d]);
    let mut loss = 0.0;
    for (query, g_query) in queries.chunks_exact(d).zip(g_queries.chunks_exact_mut(d)) {
        let mut most = f64::MIN;
        for (w, key) in weights.iter_mut().zip(keys.chunks_exact(d)) {
            *w = scale * query.iter().zip(key).map(|(a, b)| a * b).sum::<f64>();
            most = most.max(*w);
        }
        let mut total = 0.0;
        for w in &mut weights {
            *w = (*w - most).exp();
            total += *w;
        }
        let inverse = 1.0 / total;
        taken.fill(0.0);
        for (w, value) in weights.iter_mut().zip(values.chunks_exact(d)) {
            *w *= inverse;
            for (t, v) in taken.iter_mut().zip(value) {
                *t += *w * v;
            }
        }
        loss += taken.iter().map(|t| t * t).sum::<f64>();
        let mut dot = 0.0;
        let pairs = values.chunks_exact(d).zip(g_values.chunks_exact_mut(d));
        for ((bar, w), (value, g)) in bars.iter_mut().zip(&weights).zip(pairs) {
            *bar = 0.0;
            for ((t, v), g) in taken.iter().zip(value).zip(g) {
                *bar += 2.0 * t * v;
                *g += 2.0 * t * w;
            }
            dot += *bar * w;
        }
        let pairs = keys.chunks_exact(d).zip(g_keys.chunks_exact_mut(d));
        for ((bar, w), (key, g)) in bars.iter().zip(&weights).zip(pairs) {
            let slope = w * (bar - dot) * scale;
            let queries = g_query.iter_mut().zip(query);
            for (((gq, q), gk), k) in queries.zip(g).zip(key) {
                *gq += slope * k;
                *gk += slope * q;
            }
        }
    }
    loss
}
