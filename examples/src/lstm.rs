//! Next-character loss of an LSTM with diagonal gates (ADBench).

use autodiff_runtime::differentiate;

/// Parameters, initial state and text.
#[derive(Clone, Debug)]
pub struct Network {
    /// Layers.
    pub layers: usize,
    /// Bits of a character, and size of a hidden vector.
    pub bits: usize,
    /// For each layer the weights of the forget, input and output gate and of the change, then their biases: 8 l b.
    pub main: Vec<f64>,
    /// Input weights, output weights, output biases: 3 b.
    pub extra: Vec<f64>,
    /// For each layer its hidden and its cell vector before the first character: 2 l b.
    pub state: Vec<f64>,
    /// Characters, as rows of 0 and 1.
    pub text: Vec<f64>,
}

/// The logistic function.
#[differentiate(order = 2)]
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// One layer: its input `x` becomes its output, its hidden vector `h` and its cell vector `u` go one step further.
#[differentiate(order = 2)]
pub fn layer(p: &[f64], h: &mut [f64], u: &mut [f64], x: &mut [f64]) {
    let b = x.len();
    for j in 0..b {
        let forget = sigmoid(x[j] * p[j] + p[4 * b + j]);
        let input = sigmoid(h[j] * p[b + j] + p[5 * b + j]);
        let output = sigmoid(x[j] * p[2 * b + j] + p[6 * b + j]);
        let change = (h[j] * p[3 * b + j] + p[7 * b + j]).tanh();
        let cell = u[j] * forget + input * change;
        u[j] = cell;
        let hidden = output * cell.tanh();
        h[j] = hidden;
        x[j] = hidden;
    }
}

/// The loss.
#[differentiate(order = 2)]
pub fn objective(
    main: &[f64],
    extra: &[f64],
    #[constant] state: &[f64],
    #[constant] text: &[f64],
    layers: usize,
    bits: usize,
) -> f64 {
    let count = text.len() / bits;
    let mut state = state.to_vec();
    let mut total = 0.0;
    let mut x = vec![0.0; bits];
    for t in 0..count - 1 {
        for j in 0..bits {
            x[j] = text[t * bits + j] * extra[j];
        }
        for l in 0..layers {
            let (h, u) = state[2 * l * bits..2 * (l + 1) * bits].split_at_mut(bits);
            layer(&main[8 * l * bits..8 * (l + 1) * bits], h, u, &mut x);
        }
        let mut sum = 2.0;
        let mut predicted = 0.0;
        let mut ones = 0.0;
        for j in 0..bits {
            let y = x[j] * extra[bits + j] + extra[2 * bits + j];
            sum += y.exp();
            predicted += text[(t + 1) * bits + j] * y;
            ones += text[(t + 1) * bits + j];
        }
        total += predicted - ones * sum.ln();
    }
    -total / (bits * (count - 1)) as f64
}
