//! The problems of a course in matrix calculus: generated derivatives beside closed forms, and the largest difference.

mod figures;

use anyhow::{Result, ensure};
use autodiff_runtime::graph::table;
use clap::Parser;
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
    ensure!(largest <= TOLERANCE, "a derivative is not its closed form");
    Ok(())
}

fn line(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|v| format!("{v:9.5}")).collect();
    values.join(" ")
}
