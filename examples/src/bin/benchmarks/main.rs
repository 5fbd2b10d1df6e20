//! Measures all kernels and writes `BENCHMARKS.md`: the cost of derivatives over that of the primal, in time and, where valgrind is
//! there, in instructions, and what the attribute costs a build.

mod builds;
mod count;
mod kernels;
mod matrices;
mod threads;

use anyhow::{Context, Result, bail};
use clap::Parser;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Benchmarks of generated derivatives against hand-written ones.
#[derive(Parser)]
struct Arguments {
    /// Where the tables go.
    #[arg(long, default_value = "BENCHMARKS.md")]
    output: PathBuf,
    /// Only kernels and primitives whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Measure for a shorter time.
    #[arg(long)]
    quick: bool,
    /// Run a contestant of a kernel and do nothing else: what valgrind is given.
    #[arg(long, num_args = 3, value_names = ["SET", "KERNEL", "CONTESTANT"], hide = true)]
    count: Option<Vec<usize>>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(what) = &arguments.count {
        let [set, kernel, contestant] = what[..] else {
            bail!("three numbers");
        };
        let work = match set {
            0 => kernels::contestant(kernel, contestant),
            _ => matrices::contestant(set - 1, kernel, contestant),
        };
        count::run(&work);
        return Ok(());
    }
    let text = report(&arguments)?;
    let output = &arguments.output;
    std::fs::write(output, &text).with_context(|| format!("{}", output.display()))?;
    println!("{text}");
    Ok(())
}

fn report(arguments: &Arguments) -> Result<String> {
    let mut text = String::from(HEAD);
    writeln!(text, "\n{}\n", machine())?;
    let milliseconds = |long| Duration::from_millis(if arguments.quick { long / 20 } else { long });
    kernels::report(&mut text, &arguments.only, milliseconds(2000))?;
    matrices::report(&mut text, &arguments.only, milliseconds(1000))?;
    threads::report(&mut text, &arguments.only, milliseconds(2000))?;
    builds::report(&mut text, &arguments.only)?;
    Ok(text)
}

const HEAD: &str = "\
# Benchmarks

Written by `cargo run --release -p examples --bin benchmarks`. Everything is over the primal: the generated tangent (`jvp`), the generated
derivative (gradient, or the stored entries of the Jacobian for BA and hand tracking), the derivative that an expert writes by hand
(`examples/src/by_hand`); but for some kernels a column has the generated tangent over one that is written by hand, and the last column, the product
of the Hessian with a direction (`hvp`), is over the generated gradient; for BA and hand tracking both are of the sum of squares. Times are medians of runs that take turns, instructions are counted by
callgrind. The Jacobian of hand tracking is taken in compressed directions, four for the angles of all fingers, as by hand; adjoints of dense matrices
by hand are products of blocks. `cargo bench -p examples` measures the same kernels with criterion.
";

/// The processor and the compiler.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown", |m| m.trim_start_matches([' ', '\t', ':']));
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned());
    let rustc = rustc.unwrap_or_else(|_| "an unknown rustc".into());
    format!("Processor: {model}. Compiler: {rustc}, `--release`, one thread.")
}
