//! The applications as a table: value, derivative, hand-written derivative and check of each.

mod adbench;
mod textbook;

use crate::data::{generate, read};
use adbench::{bundle, mixture, text, tracked};
use anyhow::Result;
use autodiff_runtime::check;
use std::hint::black_box;
use std::path::Path;
use std::rc::Rc;

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
    /// The generated derivative in one direction.
    pub tangent: Work,
    /// The hand-written one.
    pub tangent_by_hand: Option<Work>,
    /// Second derivatives, of a scalar function.
    pub curvature: Option<Curvature>,
    /// The largest deviation of the derivative given from differences, on a sample of its entries.
    pub error: Deviation,
}

impl Application {
    /// The same with a hand-written tangent at `x`, in the direction that the generated one has.
    fn against(
        mut self,
        x: &[f64],
        tangent: impl Fn(&[f64], &[f64]) -> (f64, f64) + 'static,
    ) -> Self {
        let (x, direction) = (x.to_vec(), vec![1.0; x.len()]);
        self.tangent_by_hand = Some(Box::new(move || {
            black_box(tangent(&x, &direction));
        }));
        self
    }
}

/// The Hessian of an application in one direction.
pub struct Curvature {
    /// The gradient that it is compared with, where that is not the derivative of the application.
    pub gradient: Option<Derivative>,
    /// The product of the Hessian with the direction.
    pub product: Derivative,
    /// The largest deviation of the product given from differences of the gradient, on a sample of its entries.
    pub error: Deviation,
}

/// Computes all stored entries of a derivative.
pub type Derivative = Box<dyn Fn() -> Vec<f64>>;

/// Work whose result is thrown away.
pub type Work = Box<dyn Fn()>;

/// Compares a derivative with differences.
pub type Deviation = Box<dyn Fn(&[f64]) -> f64>;

/// Computes a value and overwrites its gradient.
type Gradient = Rc<dyn Fn(&[f64], &mut [f64]) -> f64>;

/// How many coordinates are compared with differences.
const SAMPLE: usize = 60;

/// A scalar function of one vector.
fn scalar(
    name: String,
    x: Vec<f64>,
    f: impl Fn(&[f64]) -> f64 + Clone + 'static,
    generated: impl Fn(&[f64], &mut [f64]) -> f64 + 'static,
    by_hand: impl Fn(&[f64], &mut [f64]) -> f64 + 'static,
    tangent: impl Fn(&[f64], &[f64]) -> (f64, f64) + 'static,
    curvature: impl Fn(&[f64], &[f64]) -> Vec<f64> + 'static,
) -> Application {
    let (inputs, at) = (x.len(), x.clone());
    let (base, direction) = (x.clone(), vec![1.0; x.len()]);
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
    let generated: Gradient = Rc::new(generated);
    Application {
        name,
        inputs,
        value,
        generated: with(generated.clone()),
        by_hand: with(Rc::new(by_hand)),
        tangent: Box::new(move || {
            black_box(tangent(&base, &direction));
        }),
        tangent_by_hand: None,
        curvature: Some(curved(x, generated, curvature)),
        error: Box::new(move |gradient| {
            let sample = (0..at.len()).step_by(at.len().div_ceil(SAMPLE));
            sample
                .map(|k| coordinate_error(&f, &at, k, gradient[k]))
                .fold(0.0, f64::max)
        }),
    }
}

fn curved(
    x: Vec<f64>,
    gradient: Gradient,
    product: impl Fn(&[f64], &[f64]) -> Vec<f64> + 'static,
) -> Curvature {
    let (at, direction) = (x.clone(), vec![1.0; x.len()]);
    let entry = move |t: f64, k: usize| {
        let moved: Vec<f64> = x.iter().map(|x| x + t).collect();
        let mut g = vec![0.0; x.len()];
        gradient(&moved, &mut g);
        g[k]
    };
    Curvature {
        gradient: None,
        product: Box::new(move || product(&at, &direction)),
        error: Box::new(move |product| {
            let sample = (0..product.len()).step_by(product.len().div_ceil(4));
            let errors = sample.map(|k| {
                let slope = check::derivative(|t| entry(t, k), 0.0);
                deviation(product[k], slope.value)
            });
            errors.fold(0.0, f64::max)
        }),
    }
}

/// The same of the sum of squares of an application with several outputs.
fn curved_apart(
    x: Vec<f64>,
    gradient: impl Fn(&[f64], &mut [f64]) + 'static,
    product: impl Fn(&[f64], &[f64]) -> Vec<f64> + 'static,
) -> Curvature {
    let of_squares: Gradient = Rc::new(move |x, g| {
        gradient(x, g);
        0.0
    });
    let (at, by_x) = (x.clone(), of_squares.clone());
    Curvature {
        gradient: Some(Box::new(move || {
            let mut g = vec![0.0; at.len()];
            by_x(&at, &mut g);
            g
        })),
        ..curved(x, of_squares, product)
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
    all.extend(textbook::all());
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

/// What the benchmarks measure: everything on generated data of a few sizes.
pub fn kernels() -> Vec<Application> {
    let mut all = Vec::new();
    for (d, k, n) in [
        (2, 5, 1000),
        (10, 10, 1000),
        (20, 50, 100),
        (32, 25, 100),
        (64, 50, 20),
    ] {
        let name = format!("GMM, d {d}, K {k}, {n} points");
        all.push(mixture(name, generate::mixture(d, k, n)));
    }
    all.push(bundle(
        "BA, 31 843 blocks of 2 x 15".into(),
        generate::scene(49, 7776, 31_843),
    ));
    for layers in [2, 4] {
        let name = format!("LSTM, {layers} layers, 256 characters");
        all.push(text(name, generate::network(layers, 14, 256)));
    }
    for (kind, complicated) in [("simple", false), ("complicated", true)] {
        let name = format!("hand tracking, {kind}, 100 points");
        all.push(tracked(name, generate::tracking(100, 544, complicated)));
    }
    all.extend(textbook::kernels());
    all
}

fn deviation(entry: f64, difference: f64) -> f64 {
    (entry - difference).abs() / difference.abs().max(1.0)
}
