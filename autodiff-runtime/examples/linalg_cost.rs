//! What the derivatives of matrix primitives cost: the value and the pullback together, over the value as nalgebra computes it.
//!
//! `cargo run --release -p autodiff-runtime --example linalg_cost`

use autodiff_runtime::linalg;
use nalgebra::{DMatrix, DVector};
use std::hint::black_box;
use std::time::Instant;

/// Seconds for one size, spent on either side.
const BUDGET: f64 = 0.4;

/// Near the identity, so that no determinant leaves the range of numbers.
fn matrix(n: usize) -> DMatrix<f64> {
    let noise = |i: usize, j: usize| ((7 * i * i + 13 * j + 5 * i * j) as f64).sin() / n as f64;
    let one = |i: usize, j: usize| if i == j { 1.0 } else { 0.0 };
    DMatrix::from_fn(n, n, |i, j| noise(i, j) + one(i, j))
}

fn seconds(run: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// The median of the ratios of runs that take turns, and the median time of the first.
fn ratio(primal: &mut dyn FnMut(), derivative: &mut dyn FnMut()) -> (f64, f64) {
    let once = seconds(primal).max(1e-9) + seconds(derivative);
    let batch = (1e-4 / once).ceil().max(1.0) as usize;
    let many = |run: &mut dyn FnMut()| seconds(&mut || (0..batch).for_each(|_| run()));
    let rounds = (BUDGET / (once * batch as f64)).clamp(3.0, 400.0) as usize;
    let pairs: Vec<(f64, f64)> = (0..rounds)
        .map(|_| (many(primal), many(derivative)))
        .collect();
    let median = |mut list: Vec<f64>| {
        list.sort_by(f64::total_cmp);
        list[list.len() / 2]
    };
    let ratios = pairs.iter().map(|(p, d)| d / p).collect();
    let times = pairs.iter().map(|(p, _)| p / batch as f64).collect();
    (median(ratios), median(times))
}

/// What all are measured on.
struct Inputs {
    a: DMatrix<f64>,
    definite: DMatrix<f64>,
    symmetric: DMatrix<f64>,
    b: DVector<f64>,
}

impl Inputs {
    fn new(n: usize) -> Self {
        let a = matrix(n);
        Self {
            definite: &a * a.transpose(),
            symmetric: &a + a.transpose(),
            b: a.column(0).into_owned(),
            a,
        }
    }
}

/// Name, bound, value, value with pullback.
type Row<'a> = (
    &'static str,
    f64,
    Box<dyn FnMut() + 'a>,
    Box<dyn FnMut() + 'a>,
);

macro_rules! row {
    ($name:literal, $bound:literal, $primal:expr, $derivative:expr) => {{
        let primal = Box::new(|| {
            black_box($primal);
        });
        (
            $name,
            $bound,
            primal as Box<dyn FnMut()>,
            Box::new(|| {
                black_box($derivative);
            }) as Box<dyn FnMut()>,
        )
    }};
}

fn rows(inputs: &Inputs) -> Vec<Row<'_>> {
    let Inputs {
        a,
        definite,
        symmetric,
        b,
    } = inputs;
    let bar = a;
    vec![
        row!(
            "solve",
            2.0,
            a.clone().lu().solve(b),
            linalg::solve::vjp(a, b).1(Some(b.clone()))
        ),
        row!(
            "inverse",
            3.0,
            a.clone().try_inverse(),
            linalg::inverse::vjp(a).1(Some(bar.clone()))
        ),
        row!("det", 3.0, a.determinant(), linalg::det::value_and_grad(a)),
        row!(
            "slogdet",
            3.0,
            a.determinant(),
            linalg::slogdet::vjp(a).1((0.0, 1.0))
        ),
        row!(
            "cholesky",
            3.0,
            definite.clone().cholesky(),
            linalg::cholesky::vjp(definite).1(Some(bar.clone()))
        ),
        row!(
            "qr",
            3.0,
            a.clone().qr().unpack(),
            linalg::qr::vjp(a).1((bar.clone(), bar.clone()))
        ),
        row!(
            "svd",
            2.0,
            a.clone().svd(true, true),
            linalg::svd::vjp(a).1((bar.clone(), b.clone(), bar.clone()))
        ),
        row!(
            "symmetric_eigen",
            2.0,
            symmetric.clone().symmetric_eigen(),
            linalg::symmetric_eigen::vjp(symmetric).1((b.clone(), bar.clone()))
        ),
    ]
}

fn main() {
    println!(
        "{:<16} {:>7} {:>18} {:>18} {:>18} {:>18}",
        "", "at most", "n = 4", "16", "64", "256 (us)"
    );
    let inputs = [4, 16, 64, 256].map(Inputs::new);
    let mut columns = inputs.each_ref().map(|i| rows(i).into_iter());
    loop {
        let row: Vec<Row<'_>> = columns.iter_mut().filter_map(Iterator::next).collect();
        let Some((name, bound, ..)) = row.first() else {
            break;
        };
        print!("{name:<16} {bound:>7.1}");
        for (_, _, mut primal, mut derivative) in row {
            let (ratio, time) = ratio(&mut *primal, &mut *derivative);
            print!(" {ratio:>6.2} of {:>8.1}", time * 1e6);
        }
        println!();
    }
}
