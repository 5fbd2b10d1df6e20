//! Differentiates real applications, checks each derivative and compares its cost with that of the primal and of a hand-written one.

use anyhow::{Result, ensure};
use clap::Parser;
use examples::applications::{self, Application};
use examples::cost;
use examples::measure::ratios;
use indicatif::{ProgressBar, ProgressStyle};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

/// Gradients of real applications, checked and timed.
#[derive(Parser)]
struct Arguments {
    /// A folder with ADBench's data files; data of the same shape is generated otherwise.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where the plot of gradient cost against the number of inputs goes.
    #[arg(long, default_value = "target/gradient-cost.svg")]
    plot: PathBuf,
    /// Measure for a shorter time.
    #[arg(long)]
    quick: bool,
}

/// The largest deviation from differences that passes: what extrapolated differences themselves can be off by.
const TOLERANCE: f64 = 1e-6;

/// The largest deviation from the hand-written derivative that passes.
const AGREEMENT: f64 = 1e-9;

struct Row {
    name: String,
    inputs: usize,
    value: f64,
    norm: f64,
    error: f64,
    agreement: f64,
    generated: f64,
    by_hand: f64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let all = applications::all(arguments.data.as_deref())?;
    let budget = Duration::from_millis(if arguments.quick { 50 } else { 1000 });
    let progress = ProgressBar::new(all.len() as u64 + 1);
    progress.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut rows = Vec::new();
    for application in &all {
        progress.set_message(application.name.clone());
        rows.push(row(application, budget));
        progress.inc(1);
    }
    progress.set_message("plot");
    cost::draw(&arguments.plot, budget / 10)?;
    progress.finish_and_clear();
    print(&rows);
    println!(
        "\nplot of cost against the number of inputs: {}",
        arguments.plot.display()
    );
    for row in &rows {
        let (name, error) = (&row.name, row.error);
        ensure!(
            error <= TOLERANCE,
            "{name}: the derivative is {error:.1e} off the differences"
        );
        let agreement = row.agreement;
        ensure!(
            agreement <= AGREEMENT,
            "{name}: the derivative is {agreement:.1e} off the hand-written one"
        );
    }
    Ok(())
}

fn row(application: &Application, budget: Duration) -> Row {
    let derivative = (application.generated)();
    let expected = (application.by_hand)();
    let rho = |(a, b): (&f64, &f64)| (a - b).abs() / (a.abs() + b.abs()).max(1.0);
    let ratio = ratios(
        &mut [
            &mut || {
                black_box((application.value)());
            },
            &mut || drop(black_box((application.generated)())),
            &mut || drop(black_box((application.by_hand)())),
        ],
        budget,
    );
    Row {
        name: application.name.clone(),
        inputs: application.inputs,
        value: (application.value)(),
        norm: derivative.iter().map(|g| g * g).sum::<f64>().sqrt(),
        error: (application.error)(&derivative),
        agreement: derivative
            .iter()
            .zip(&expected)
            .map(rho)
            .fold(0.0, f64::max),
        generated: ratio[1],
        by_hand: ratio[2],
    }
}

fn print(rows: &[Row]) {
    let width = rows.iter().map(|r| r.name.len()).max().unwrap_or(0);
    println!(
        "{:width$} {:>7} {:>13} {:>11} {:>9} {:>9} {:>10} {:>10}",
        "", "", "", "derivative", "off the", "off the", "generated", "by hand"
    );
    println!(
        "{:width$} {:>7} {:>13} {:>11} {:>9} {:>9} {:>10} {:>10}",
        "application", "inputs", "value", "norm", "diff.", "by hand", "/ primal", "/ primal"
    );
    for r in rows {
        println!(
            "{:width$} {:>7} {:>13.6e} {:>11.4e} {:>9.1e} {:>9.1e} {:>10.2} {:>10.2}",
            r.name, r.inputs, r.value, r.norm, r.error, r.agreement, r.generated, r.by_hand
        );
    }
}
