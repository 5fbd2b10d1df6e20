//! The gradient of the LSTM as an expert writes it: back-propagation through time.
//!
//! The seed of every prediction is known from the start, so the readout runs backward in the forward sweep; for the rest eight numbers per
//! cell and character are kept, and no transcendental function is evaluated twice.

use crate::lstm::{Network, sigmoid};

/// What the reverse sweep needs of one cell at one character.
#[derive(Clone, Copy)]
struct Record {
    x: f64,
    h: f64,
    cell: f64,
    forget: f64,
    input: f64,
    output: f64,
    change: f64,
    squashed: f64,
}

/// Value and gradient; `gradient` (main, then extra) is overwritten.
pub fn value_and_grad(net: &Network, gradient: &mut [f64]) -> f64 {
    let (b, l) = (net.bits, net.layers);
    let steps = net.text.len() / b - 1;
    let scale = -1.0 / (b * steps) as f64;
    gradient.fill(0.0);
    let (main_bar, extra_bar) = gradient.split_at_mut(8 * l * b);
    let mut records = Vec::with_capacity(steps * l * b);
    let mut tops_bar = vec![0.0; steps * b];
    let mut state = net.state.clone();
    let mut x = vec![0.0; b];
    let mut total = 0.0;
    for (t, top_bar) in tops_bar.chunks_exact_mut(b).enumerate() {
        for ((x, c), e) in x.iter_mut().zip(&net.text[t * b..]).zip(&net.extra) {
            *x = c * e;
        }
        let states = state.chunks_exact_mut(2 * b);
        for (own, state) in net.main.chunks_exact(8 * b).zip(states) {
            advance(own, state, &mut x, &mut records);
        }
        let next = &net.text[(t + 1) * b..(t + 2) * b];
        let readout = (&net.extra[b..], &mut extra_bar[b..]);
        total += read_out(&x, readout, next, scale, top_bar);
    }
    let mut state_bar = vec![0.0; 2 * l * b];
    let mut ends = records.len();
    for (t, x_bar) in tops_bar.chunks_exact_mut(b).enumerate().rev() {
        for layer in (0..l).rev() {
            let own = layer * 8 * b..(layer + 1) * 8 * b;
            let state_bar = &mut state_bar[layer * 2 * b..(layer + 1) * 2 * b];
            let records = &records[ends - b..ends];
            ends -= b;
            let weights = (&net.main[own.clone()], &mut main_bar[own]);
            advance_back(records, weights, state_bar, x_bar);
        }
        let text = &net.text[t * b..];
        for ((g, x), c) in extra_bar.iter_mut().zip(&*x_bar).zip(text) {
            *g += x * c;
        }
    }
    total * scale
}

/// One layer, recorded.
fn advance(p: &[f64], state: &mut [f64], x: &mut [f64], records: &mut Vec<Record>) {
    let b = x.len();
    let (p, state) = (&p[..8 * b], &mut state[..2 * b]);
    for j in 0..b {
        let (h, cell) = (state[j], state[b + j]);
        let forget = sigmoid(x[j] * p[j] + p[4 * b + j]);
        let input = sigmoid(h * p[b + j] + p[5 * b + j]);
        let output = sigmoid(x[j] * p[2 * b + j] + p[6 * b + j]);
        let change = (h * p[3 * b + j] + p[7 * b + j]).tanh();
        let next = cell * forget + input * change;
        let squashed = next.tanh();
        records.push(Record {
            x: x[j],
            h,
            cell,
            forget,
            input,
            output,
            change,
            squashed,
        });
        state[b + j] = next;
        state[j] = output * squashed;
        x[j] = state[j];
    }
}

/// Log-likelihood of the character `next`, and at once its adjoint for the seed `scale`.
fn read_out(
    x: &[f64],
    (readout, readout_bar): (&[f64], &mut [f64]),
    next: &[f64],
    scale: f64,
    x_bar: &mut [f64],
) -> f64 {
    let b = x.len();
    let (mut sum, mut score, mut ones) = (2.0, 0.0, 0.0);
    for j in 0..b {
        let y = x[j] * readout[j] + readout[b + j];
        x_bar[j] = y.exp();
        sum += x_bar[j];
        score += next[j] * y;
        ones += next[j];
    }
    let share = ones / sum;
    for j in 0..b {
        let y_bar = scale * (next[j] - share * x_bar[j]);
        readout_bar[j] += y_bar * x[j];
        readout_bar[b + j] += y_bar;
        x_bar[j] = y_bar * readout[j];
    }
    score - ones * sum.ln()
}

/// Turns the adjoints of a layer's output and new state into those of its input and old state.
fn advance_back(
    records: &[Record],
    (p, p_bar): (&[f64], &mut [f64]),
    state_bar: &mut [f64],
    x_bar: &mut [f64],
) {
    let b = records.len();
    let (p, p_bar) = (&p[..8 * b], &mut p_bar[..8 * b]);
    let (h_bar, u_bar) = state_bar.split_at_mut(b);
    for (j, r) in records.iter().enumerate() {
        let hidden = x_bar[j] + h_bar[j];
        let cell = u_bar[j] + hidden * r.output * (1.0 - r.squashed * r.squashed);
        let forget = cell * r.cell * r.forget * (1.0 - r.forget);
        let input = cell * r.change * r.input * (1.0 - r.input);
        let output = hidden * r.squashed * r.output * (1.0 - r.output);
        let change = cell * r.input * (1.0 - r.change * r.change);
        u_bar[j] = cell * r.forget;
        h_bar[j] = input * p[b + j] + change * p[3 * b + j];
        x_bar[j] = forget * p[j] + output * p[2 * b + j];
        let gates = [(forget, r.x), (input, r.h), (output, r.x), (change, r.h)];
        for (gate, (bar, seen)) in gates.into_iter().enumerate() {
            p_bar[gate * b + j] += bar * seen;
            p_bar[(4 + gate) * b + j] += bar;
        }
    }
}
