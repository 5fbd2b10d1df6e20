//! The applications as a table: value, derivative, hand-written derivative and check of each.

use crate::ba::Scene;
use crate::classics;
use crate::data::{generate, read};
use crate::gmm::Mixture;
use crate::hand::Tracking;
use crate::lstm::Network;
use crate::{ba, by_hand, gmm, hand, lstm};
use anyhow::Result;
use autodiff_runtime::check;
use std::path::Path;

/// One application on one set of data.
pub struct Application {
    /// What it is.
    pub name: String,
    /// Differentiable inputs.
    pub inputs: usize,
    /// The value; for several outputs the sum of their squares.
    pub value: Box<dyn Fn() -> f64>,
    /// The generated derivative, all stored entries.
    pub generated: Derivative,
    /// The hand-written one, in the same order.
    pub by_hand: Derivative,
    /// The largest deviation of the derivative given from differences, on a sample of its entries.
    pub error: Deviation,
}

/// Computes all stored entries of a derivative.
pub type Derivative = Box<dyn Fn() -> Vec<f64>>;

/// Compares a derivative with differences.
pub type Deviation = Box<dyn Fn(&[f64]) -> f64>;

/// Computes a value and overwrites its gradient.
type Gradient = Box<dyn Fn(&[f64], &mut [f64]) -> f64>;

/// How many coordinates are compared with differences.
const SAMPLE: usize = 60;

/// A scalar function of one vector.
fn scalar(
    name: String,
    x: Vec<f64>,
    f: impl Fn(&[f64]) -> f64 + Clone + 'static,
    generated: impl Fn(&[f64], &mut [f64]) -> f64 + 'static,
    by_hand: impl Fn(&[f64], &mut [f64]) -> f64 + 'static,
) -> Application {
    let (inputs, at) = (x.len(), x.clone());
    let value = {
        let (f, x) = (f.clone(), x.clone());
        Box::new(move || f(&x))
    };
    let with = |g: Gradient| {
        let x = x.clone();
        Box::new(move || {
            let mut gradient = vec![0.0; x.len()];
            g(&x, &mut gradient);
            gradient
        })
    };
    Application {
        name,
        inputs,
        value,
        generated: with(Box::new(generated)),
        by_hand: with(Box::new(by_hand)),
        error: Box::new(move |gradient| {
            let sample = (0..at.len()).step_by(at.len().div_ceil(SAMPLE));
            sample
                .map(|k| coordinate_error(&f, &at, k, gradient[k]))
                .fold(0.0, f64::max)
        }),
    }
}

fn coordinate_error(f: impl Fn(&[f64]) -> f64, x: &[f64], k: usize, slope: f64) -> f64 {
    let mut moved = x.to_vec();
    let along = |c: f64| {
        moved[k] = c;
        f(&moved)
    };
    deviation(slope, check::derivative(along, x[k]).value)
}

/// All applications: ADBench's on its files under `data` if it is given, on generated data otherwise.
pub fn all(data: Option<&Path>) -> Result<Vec<Application>> {
    let mut all = match data {
        None => vec![
            mixture(
                "GMM, d 10, K 10, n 1000".into(),
                generate::mixture(10, 10, 1000),
            ),
            bundle("BA, 49 cameras".into(), generate::scene(49, 500, 2000)),
            text(
                "LSTM, 2 layers, 256 characters".into(),
                generate::network(2, 14, 256),
            ),
            tracked(
                "hand, simple, 100 points".into(),
                generate::tracking(100, 544, false),
            ),
            tracked(
                "hand, complicated, 100 points".into(),
                generate::tracking(100, 544, true),
            ),
        ],
        Some(folder) => from_files(folder)?,
    };
    all.extend(classic());
    Ok(all)
}

fn from_files(folder: &Path) -> Result<Vec<Application>> {
    let mut all = Vec::new();
    for name in ["gmm_d2_K5.txt", "gmm_d10_K10.txt"] {
        all.push(mixture(
            format!("GMM, {name}"),
            read::mixture(&folder.join(name))?,
        ));
    }
    let name = "ba1_n49_m7776_p31843.txt";
    all.push(bundle(
        format!("BA, {name}"),
        read::scene(&folder.join(name))?,
    ));
    let name = "lstm_l2_c1024.txt";
    all.push(text(
        format!("LSTM, {name}"),
        read::network(&folder.join(name))?,
    ));
    for (kind, complicated) in [("simple", false), ("complicated", true)] {
        let hand = folder.join("hand");
        let points = hand.join(format!("{kind}_small/hand1_t26_c100.txt"));
        let read = read::tracking(&points, &hand.join("model"), complicated)?;
        all.push(tracked(format!("hand, {kind}, 100 points"), read));
    }
    Ok(all)
}

fn mixture(name: String, p: Mixture) -> Application {
    let (k, means) = (p.alpha.len(), p.means.len());
    let x = [p.alpha.clone(), p.means.clone(), p.icf.clone()].concat();
    let (data, d, gamma, m) = (p.x.clone(), p.d, p.gamma, p.m);
    let f = {
        let data = data.clone();
        move |x: &[f64]| {
            gmm::objective(
                &x[..k],
                &x[k..k + means],
                &x[k + means..],
                &data,
                d,
                gamma,
                m,
            )
        }
    };
    let generated = move |x: &[f64], g: &mut [f64]| {
        let (ga, rest) = g.split_at_mut(k);
        let (gm, gi) = rest.split_at_mut(means);
        let (alpha, mu, icf) = (&x[..k], &x[k..k + means], &x[k + means..]);
        gmm::objective::value_and_grad_into(alpha, mu, icf, &data, d, gamma, m, ga, gm, gi)
    };
    let by_hand = move |_: &[f64], g: &mut [f64]| {
        let (ga, rest) = g.split_at_mut(k);
        let (gm, gi) = rest.split_at_mut(means);
        by_hand::gmm::value_and_grad(&p, ga, gm, gi)
    };
    scalar(name, x, f, generated, by_hand)
}

fn text(name: String, net: Network) -> Application {
    let main = net.main.len();
    let x = [net.main.clone(), net.extra.clone()].concat();
    let (state, seq, l, b) = (net.state.clone(), net.text.clone(), net.layers, net.bits);
    let f = {
        let (state, seq) = (state.clone(), seq.clone());
        move |x: &[f64]| lstm::objective(&x[..main], &x[main..], &state, &seq, l, b)
    };
    let generated = move |x: &[f64], g: &mut [f64]| {
        let (gm, ge) = g.split_at_mut(main);
        lstm::objective::value_and_grad_into(&x[..main], &x[main..], &state, &seq, l, b, gm, ge)
    };
    let by_hand = move |_: &[f64], g: &mut [f64]| by_hand::lstm::value_and_grad(&net, g);
    scalar(name, x, f, generated, by_hand)
}

fn sum_of_squares(v: &[f64]) -> f64 {
    v.iter().map(|a| a * a).sum()
}

fn deviation(entry: f64, difference: f64) -> f64 {
    (entry - difference).abs() / difference.abs().max(1.0)
}

fn bundle(name: String, scene: Scene) -> Application {
    let inputs = ba::CAMERA * scene.cameras.len() + 3 * scene.points.len() + scene.weights.len();
    let scene = std::rc::Rc::new(scene);
    let (a, b, c, d) = (scene.clone(), scene.clone(), scene.clone(), scene);
    Application {
        name,
        inputs,
        value: Box::new(move || sum_of_squares(&ba::residuals(&a))),
        generated: Box::new(move || ba::jacobian(&b, ba::block)),
        by_hand: Box::new(move || ba::jacobian(&c, by_hand::ba::block)),
        error: Box::new(move |entries| {
            let sample = (0..d.pairs.len()).step_by(d.pairs.len().div_ceil(4));
            sample
                .map(|i| block_error(&d, i, &entries[30 * i..]))
                .fold(0.0, f64::max)
        }),
    }
}

/// The block of observation `i` against differences.
fn block_error(scene: &Scene, i: usize, entries: &[f64]) -> f64 {
    let (c, p) = scene.pairs[i];
    let mut worst: f64 = 0.0;
    for k in 0..15 {
        for row in 0..2 {
            let moved = |t: f64| {
                let (mut camera, mut point) = (scene.cameras[c], scene.points[p]);
                let mut weight = scene.weights[i];
                match k {
                    0..11 => camera[k] += t,
                    11..14 => point[k - 11] += t,
                    _ => weight += t,
                }
                ba::error(&camera, &point, weight, &scene.seen[i])[row]
            };
            worst = worst.max(deviation(
                entries[15 * row + k],
                check::derivative(moved, 0.0).value,
            ));
        }
    }
    worst
}

fn tracked(name: String, tracking: Tracking) -> Application {
    let inputs = tracking.theta.len()
        + if tracking.complicated {
            tracking.us.len()
        } else {
            0
        };
    let tracking = std::rc::Rc::new(tracking);
    let (a, b, c, d) = (
        tracking.clone(),
        tracking.clone(),
        tracking.clone(),
        tracking,
    );
    Application {
        name,
        inputs,
        value: Box::new(move || sum_of_squares(&a.residuals())),
        generated: Box::new(move || b.jacobian()),
        by_hand: Box::new(move || by_hand::hand::jacobian(&c)),
        error: Box::new(move |entries| {
            let own = if d.complicated { 2 } else { 0 };
            (0..own + hand::POSE)
                .map(|k| column_error(&d, k, own, entries))
                .fold(0.0, f64::max)
        }),
    }
}

/// One entry of column `k` against differences.
fn column_error(tracking: &Tracking, k: usize, own: usize, entries: &[f64]) -> f64 {
    let rows = tracking.points.len();
    let row = (7 * k) % rows;
    let (d_theta, d_us) = tracking.direction(k, own);
    let moved = |t: f64| {
        let mut other = tracking.clone();
        other
            .theta
            .iter_mut()
            .zip(&d_theta)
            .for_each(|(a, d)| *a += t * d);
        other
            .us
            .iter_mut()
            .zip(&d_us)
            .for_each(|(a, d)| *a += t * d);
        other.residuals()[row]
    };
    deviation(entries[k * rows + row], check::derivative(moved, 0.0).value)
}

fn classic() -> Vec<Application> {
    let rng = &mut generate::rng();
    let x = generate::uniform(rng, 100, -1.0, 1.0);
    let rosenbrock = scalar(
        "Rosenbrock, n 100".into(),
        x.clone(),
        classics::rosenbrock,
        classics::rosenbrock::value_and_grad_into,
        by_hand::classics::rosenbrock,
    );
    let lorenz = scalar(
        "Lorenz, 100 steps of RK4".into(),
        vec![1.0, 2.0, 20.0, 10.0, 28.0, 8.0 / 3.0],
        |x| classics::lorenz(x, 100, 0.005),
        |x, g| classics::lorenz::value_and_grad_into(x, 100, 0.005, g),
        |x, g| by_hand::classics::lorenz(x, 100, 0.005, g),
    );
    let wave: Vec<f64> = (0..128)
        .map(|i| (f64::from(i) / 128.0 * std::f64::consts::TAU).sin())
        .collect();
    let burgers = scalar(
        "Burgers, 128 cells, 100 steps".into(),
        wave,
        |x| classics::burgers(x, 100, 1e-3, 0.01),
        |x, g| classics::burgers::value_and_grad_into(x, 100, 1e-3, 0.01, g),
        |x, g| by_hand::classics::burgers(x, 100, 1e-3, 0.01, g),
    );
    let rows = generate::uniform(rng, 500 * 20, -1.0, 1.0);
    let labels: Vec<f64> = (0..500)
        .map(|i| f64::from(u8::from(rows[20 * i] > 0.0)))
        .collect();
    let (r, l) = (rows.clone(), labels.clone());
    let (r2, l2) = (rows.clone(), labels.clone());
    let (r3, l3) = (rows.clone(), labels.clone());
    let logistic = scalar(
        "logistic regression, 500 x 20".into(),
        x[..20].to_vec(),
        move |w| classics::logistic(w, &r, &l),
        move |w, g| classics::logistic::value_and_grad_into(w, &r2, &l2, g),
        move |w, g| by_hand::classics::logistic(w, &r3, &l3, g),
    );
    let p = generate::uniform(rng, 16 * 22 + 1, -0.5, 0.5);
    let (r, l) = (rows.clone(), labels.clone());
    let (r2, l2) = (rows.clone(), labels.clone());
    let network = scalar(
        "two-layer network, 20-16-1".into(),
        p,
        move |p| classics::network(p, &r, &l, 20, 16),
        move |p, g| classics::network::value_and_grad_into(p, &r2, &l2, 20, 16, g),
        move |p, g| by_hand::classics::network(p, &rows, &labels, 20, g),
    );
    vec![rosenbrock, lorenz, burgers, logistic, network]
}
