//! The cost of a gradient against the number of inputs: reverse mode, forward mode, differences.

use crate::classics::rosenbrock;
use crate::measure::ratios;
use crate::plot::Plot;
use anyhow::Result;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

const SIZES: [usize; 8] = [2, 4, 8, 16, 32, 64, 128, 256];

/// Draws the plot for Rosenbrock's function.
pub fn draw(path: &Path, budget: Duration) -> Result<()> {
    let costs: Vec<Vec<f64>> = SIZES.iter().map(|n| costs(*n, budget)).collect();
    let line = |k: usize| {
        let points = SIZES.iter().zip(&costs);
        points.map(|(n, costs)| (*n as f64, costs[k])).collect()
    };
    Plot {
        caption: "gradient of Rosenbrock's function: cost over primal",
        x: "inputs",
        y: "time of gradient / time of primal",
        lines: &[
            ("reverse", line(0)),
            ("forward", line(1)),
            ("differences", line(2)),
        ],
    }
    .draw(path)
}

/// The cost of reverse mode, forward mode and central differences over that of the primal.
fn costs(n: usize, budget: Duration) -> Vec<f64> {
    let x: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
    let (mut g, mut d) = (vec![0.0; n], vec![0.0; n]);
    let mut moved = x.clone();
    let all = ratios(
        &mut [
            &mut || {
                black_box(rosenbrock(black_box(&x)));
            },
            &mut || {
                black_box(rosenbrock::value_and_grad_into(black_box(&x), &mut g));
            },
            &mut || {
                for k in 0..n {
                    d[k] = 1.0;
                    black_box(rosenbrock::jvp(black_box(&x), &d));
                    d[k] = 0.0;
                }
            },
            &mut || {
                for k in 0..n {
                    for step in [1e-6, -1e-6] {
                        moved[k] = x[k] + step;
                        black_box(rosenbrock(black_box(&moved)));
                    }
                    moved[k] = x[k];
                }
            },
        ],
        budget,
    );
    all[1..].to_vec()
}
