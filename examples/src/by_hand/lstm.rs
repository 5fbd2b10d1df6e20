//! The gradient of the LSTM as an expert writes it: gate values of every step in one buffer, then one backward pass.

use crate::lstm::{Network, sigmoid};

/// What a step keeps for each unit: x, h, u, forget, input, output, change, tanh of the new cell.
const KEPT: usize = 8;

/// Value and gradient; `gradient` (main, then extra) is overwritten.
pub fn value_and_grad(net: &Network, gradient: &mut [f64]) -> f64 {
    let (b, l) = (net.bits, net.layers);
    let steps = net.text.len() / b - 1;
    let mut kept = vec![0.0; steps * l * b * KEPT];
    let mut tops = vec![0.0; steps * b];
    let mut soft = vec![0.0; steps * b];
    let total = forward(net, &mut kept, &mut tops, &mut soft);
    gradient.fill(0.0);
    let scale = -1.0 / (b * steps) as f64;
    let (main_bar, extra_bar) = gradient.split_at_mut(8 * l * b);
    let mut state_bar = vec![0.0; 2 * l * b];
    let mut x_bar = vec![0.0; b];
    for t in (0..steps).rev() {
        let next = &net.text[(t + 1) * b..(t + 2) * b];
        let ones: f64 = next.iter().sum();
        for j in 0..b {
            let y_bar = scale * (next[j] - ones * soft[t * b + j]);
            x_bar[j] = y_bar * net.extra[b + j];
            extra_bar[b + j] += y_bar * tops[t * b + j];
            extra_bar[2 * b + j] += y_bar;
        }
        for layer in (0..l).rev() {
            let p = &net.main[8 * layer * b..8 * (layer + 1) * b];
            let p_bar = &mut main_bar[8 * layer * b..8 * (layer + 1) * b];
            let state_bar = &mut state_bar[2 * layer * b..2 * (layer + 1) * b];
            let kept = &kept[(t * l + layer) * b * KEPT..(t * l + layer + 1) * b * KEPT];
            layer_back(p, kept, p_bar, state_bar, &mut x_bar);
        }
        for j in 0..b {
            extra_bar[j] += x_bar[j] * net.text[t * b + j];
        }
    }
    scale * total
}

fn forward(net: &Network, kept: &mut [f64], tops: &mut [f64], soft: &mut [f64]) -> f64 {
    let (b, l) = (net.bits, net.layers);
    let mut state = net.state.clone();
    let mut x = vec![0.0; b];
    let mut total = 0.0;
    for t in 0..tops.len() / b {
        for j in 0..b {
            x[j] = net.text[t * b + j] * net.extra[j];
        }
        for layer in 0..l {
            let p = &net.main[8 * layer * b..8 * (layer + 1) * b];
            let (h, u) = state[2 * layer * b..2 * (layer + 1) * b].split_at_mut(b);
            let kept = &mut kept[(t * l + layer) * b * KEPT..];
            for j in 0..b {
                let forget = sigmoid(x[j] * p[j] + p[4 * b + j]);
                let input = sigmoid(h[j] * p[b + j] + p[5 * b + j]);
                let output = sigmoid(x[j] * p[2 * b + j] + p[6 * b + j]);
                let change = (h[j] * p[3 * b + j] + p[7 * b + j]).tanh();
                let cell = u[j] * forget + input * change;
                let squashed = cell.tanh();
                let values = [x[j], h[j], u[j], forget, input, output, change, squashed];
                kept[j * KEPT..(j + 1) * KEPT].copy_from_slice(&values);
                u[j] = cell;
                h[j] = output * squashed;
                x[j] = h[j];
            }
        }
        let mut sum = 2.0;
        for j in 0..b {
            let y = x[j] * net.extra[b + j] + net.extra[2 * b + j];
            let e = y.exp();
            tops[t * b + j] = x[j];
            soft[t * b + j] = e;
            sum += e;
            total += net.text[(t + 1) * b + j] * y;
        }
        let ones: f64 = net.text[(t + 1) * b..(t + 2) * b].iter().sum();
        soft[t * b..(t + 1) * b].iter_mut().for_each(|e| *e /= sum);
        total -= ones * sum.ln();
    }
    total
}

fn layer_back(
    p: &[f64],
    kept: &[f64],
    p_bar: &mut [f64],
    state_bar: &mut [f64],
    x_bar: &mut [f64],
) {
    let b = x_bar.len();
    let (h_bar, u_bar) = state_bar.split_at_mut(b);
    for j in 0..b {
        let &[x, h, u, forget, input, output, change, squashed] = &kept[j * KEPT..(j + 1) * KEPT]
        else {
            return;
        };
        let hidden = x_bar[j] + h_bar[j];
        let cell = u_bar[j] + hidden * output * (1.0 - squashed * squashed);
        let d_output = hidden * squashed * output * (1.0 - output);
        let d_forget = cell * u * forget * (1.0 - forget);
        let d_input = cell * change * input * (1.0 - input);
        let d_change = cell * input * (1.0 - change * change);
        u_bar[j] = cell * forget;
        x_bar[j] = d_forget * p[j] + d_output * p[2 * b + j];
        h_bar[j] = d_input * p[b + j] + d_change * p[3 * b + j];
        for (k, (d, by)) in [(d_forget, x), (d_input, h), (d_output, x), (d_change, h)]
            .into_iter()
            .enumerate()
        {
            p_bar[k * b + j] += d * by;
            p_bar[(4 + k) * b + j] += d;
        }
    }
}
