//! The problems of a course in matrix calculus: generated derivatives beside closed forms, and the largest difference.

use anyhow::{Result, ensure};
use examples::textbook::problems;

/// How far a derivative may be from its closed form.
const TOLERANCE: f64 = 1e-12;

fn main() -> Result<()> {
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
    ensure!(largest <= TOLERANCE, "a derivative is not its closed form");
    Ok(())
}

fn line(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|v| format!("{v:9.5}")).collect();
    values.join(" ")
}
