//! The cost of a gradient against the number of inputs: reverse mode, forward mode, differences.

use anyhow::{Context, Result};
use examples::classics::rosenbrock;
use examples::measure::ratios;
use plotters::prelude::*;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

const SIZES: [usize; 8] = [2, 4, 8, 16, 32, 64, 128, 256];

/// Draws the plot for Rosenbrock's function.
pub fn gradient_cost(path: &Path, budget: Duration) -> Result<()> {
    let costs: Vec<Vec<f64>> = SIZES.iter().map(|n| costs(*n, budget)).collect();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    let top = costs.iter().flatten().copied().fold(10.0, f64::max) * 1.5;
    let area = SVGBackend::new(path, (720, 480)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(
            "gradient of Rosenbrock's function: cost over primal",
            ("sans-serif", 18),
        )
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(56)
        .build_cartesian_2d((2.0_f64..256.0).log_scale(), (0.5..top).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("inputs")
        .y_desc("time of gradient / time of primal")
        .draw()?;
    for (k, (name, color)) in [("reverse", BLUE), ("forward", GREEN), ("differences", RED)]
        .into_iter()
        .enumerate()
    {
        let line = SIZES.iter().zip(&costs).map(|(n, c)| (*n as f64, c[k]));
        chart
            .draw_series(LineSeries::new(line, color.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE)
        .border_style(BLACK)
        .draw()?;
    area.present()
        .with_context(|| format!("{}: cannot be written", path.display()))
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
