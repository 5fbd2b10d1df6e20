//! The problems of a course in matrix calculus: generated derivatives beside closed forms, and the largest difference.

mod figures;

use anyhow::{Result, ensure};
use autodiff_runtime::graph::table;
use clap::Parser;
use examples::textbook::ratings::{self, Run, Size};
use examples::textbook::{automatic, problems};
use std::path::PathBuf;

/// How far a derivative may be from its closed form.
const TOLERANCE: f64 = 1e-12;

/// The problems of a course in matrix calculus.
#[derive(Parser)]
struct Arguments {
    /// Where graphs and plots go.
    #[arg(long, default_value = "target/textbook")]
    figures: PathBuf,
    /// The ratings of S6 at the size of the competition, a hundred million, instead of a million.
    #[arg(long)]
    full: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let problems = problems();
    let mut largest: f64 = 0.0;
    for problem in &problems {
        let difference = problem.difference();
        println!(
            "{:3} {:32} {}",
            problem.id, problem.function, problem.formula
        );
        println!("    generated   {}", line(&problem.generated));
        println!("    closed form {}", line(&problem.closed));
        println!("    difference  {difference:.1e}");
        largest = largest.max(difference);
    }
    println!(
        "{} problems, largest difference {largest:.1e}",
        problems.len()
    );
    let adjoints = automatic::backward_pass();
    println!(
        "\nthe backward pass of A2: statement, value, adjoint\n{}",
        table(&adjoints)
    );
    figures::draw(&arguments.figures)?;
    let size = if arguments.full {
        ratings::FULL
    } else {
        ratings::SMALL
    };
    report(size, &ratings::run(size));
    ensure!(largest <= TOLERANCE, "a derivative is not its closed form");
    Ok(())
}

fn report(size: Size, run: &Run) {
    let (before, after) = run.deviations;
    println!(
        "S6  {} ratings of a {} x {} matrix, once, {} MB: deviation {before:.3}, then {after:.3}",
        size.ratings,
        size.rows,
        size.columns,
        run.memory >> 20
    );
    println!(
        "    an update takes {:.1} ns, {:.1} ns by hand; the factors differ by {:.1e}",
        run.generated, run.by_hand, run.difference
    );
}

fn line(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|v| format!("{v:9.5}")).collect();
    values.join(" ")
}
