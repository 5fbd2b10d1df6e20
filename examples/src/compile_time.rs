//! What the attribute costs a build: a crate of annotated functions beside the same crate without the attribute.

use anyhow::{Context, Result, ensure};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How often each of the functions below is written, under another name.
const COPIES: usize = 20;

/// How often a build is timed.
const BUILDS: usize = 3;

/// Functions of the kinds that programs are made of; `@` is the number of the copy.
const FUNCTIONS: [&str; 10] = [
    "fn polynomial_@(x: f64, a: f64) -> f64 { ((a * x + @.5) * x - a) * x + 1.0 }",
    "fn damped_@(t: f64, rate: f64) -> f64 { (-rate * t).exp() * (@.0 * t).cos() }",
    "fn composed_@(x: f64) -> f64 { polynomial_@(damped_@(x, 0.5), x).tanh() }",
    "fn huber_@(x: f64, d: f64) -> f64 { if x.abs() < d { 0.5 * x * x } else { d * (x.abs() - 0.5 * d) } }",
    "fn norm_@(x: &[f64]) -> f64 { x.iter().map(|v| v * v).sum::<f64>().sqrt() + @.0 }",
    "fn weighted_@(x: &[f64], w: &[f64]) -> f64 { x.iter().zip(w).map(|(x, w)| w * huber_@(*x, 1.5)).sum() }",
    "fn quadratic_@(x: &[f64], a: &[f64]) -> f64 {
        let n = x.len();
        let mut sum = 0.0;
        for i in 0..n {
            for j in 0..n {
                sum += x[i] * a[i * n + j] * x[j];
            }
        }
        sum
    }",
    "fn smoothed_@(x: &[f64], steps: usize) -> f64 {
        let mut u = x.to_vec();
        for _ in 0..steps {
            for i in 1..u.len() - 1 {
                u[i] += 0.25 * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
            }
        }
        u.iter().map(|v| v.sin()).sum()
    }",
    "fn newton_@(a: f64) -> f64 {
        let mut x = a;
        while (x * x - a).abs() > 1e-12 {
            x = 0.5 * (x + a / x);
        }
        x
    }",
    "fn oscillator_@(p: &[f64], steps: usize) -> f64 {
        let (mut x, mut v) = (p[0], p[1]);
        for _ in 0..steps {
            v -= 0.01 * (p[2] * x + p[3] * v.powi(3));
            x += 0.01 * v;
        }
        0.5 * (x * x + v * v)
    }",
];

/// The gradient of each is called like this.
const CALLS: [&str; 10] = [
    "polynomial_@::grad(x[0], x[1]).0",
    "damped_@::grad(x[0], x[1]).0",
    "composed_@::grad(x[0])",
    "huber_@::grad(x[0], x[1]).0",
    "norm_@::grad(x)[0]",
    "weighted_@::grad(x, x).0[0]",
    "quadratic_@::grad(x, x).0[0]",
    "smoothed_@::grad(x, 10)[0]",
    "newton_@::grad(x[0])",
    "oscillator_@::grad(x, 10)[0]",
];

/// How a crate uses the functions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Plain,
    Annotated,
    Called,
}

/// Median times of the builds.
pub struct CompileTime {
    /// How many functions there are.
    pub functions: usize,
    /// Without the attribute.
    pub plain: Duration,
    /// With it, no derivative function being called.
    pub annotated: Duration,
    /// With it, and with a call of each function's gradient.
    pub called: Duration,
}

/// Builds the crates in release mode under `folder`.
pub fn measure(folder: &Path) -> Result<CompileTime> {
    let time = |how| built(folder, how);
    Ok(CompileTime {
        functions: COPIES * FUNCTIONS.len(),
        plain: time(Use::Plain)?,
        annotated: time(Use::Annotated)?,
        called: time(Use::Called)?,
    })
}

fn source(how: Use) -> String {
    let mut text = String::from("#![allow(dead_code)]\n");
    if how != Use::Plain {
        text += "use autodiff_runtime::differentiate;\n";
    }
    let mut calls = String::new();
    for copy in 0..COPIES {
        let number = copy.to_string();
        for (function, call) in FUNCTIONS.iter().zip(CALLS) {
            let attribute = if how == Use::Plain {
                ""
            } else {
                "#[differentiate]\n"
            };
            let _ = writeln!(text, "{attribute}pub {}", function.replace('@', &number));
            let _ = writeln!(calls, "    sum += {};", call.replace('@', &number));
        }
    }
    if how == Use::Called {
        let _ = write!(
            text,
            "pub fn all(x: &[f64]) -> f64 {{\n    let mut sum = 0.0;\n{calls}    sum\n}}\n"
        );
    }
    text
}

/// Writes the crate, builds what it depends on, and then times the build of the crate alone.
fn built(folder: &Path, how: Use) -> Result<Duration> {
    let krate = folder.join(match how {
        Use::Plain => "plain",
        Use::Annotated => "annotated",
        Use::Called => "called",
    });
    let main = krate.join("src/lib.rs");
    std::fs::create_dir_all(krate.join("src")).with_context(|| format!("{}", krate.display()))?;
    std::fs::write(krate.join("Cargo.toml"), manifest())?;
    std::fs::write(&main, source(how))?;
    build(folder, &krate)?;
    let mut times = Vec::new();
    for _ in 0..BUILDS {
        std::fs::write(&main, source(how))?;
        let start = Instant::now();
        build(folder, &krate)?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[BUILDS / 2])
}

fn manifest() -> String {
    let runtime = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../autodiff-runtime");
    format!(
        "[package]\nname = \"compile-time\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nautodiff-runtime = {{ path = {runtime:?} }}\n"
    )
}

fn build(folder: &Path, krate: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--offline"])
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .current_dir(krate)
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo says:\n{text}");
    Ok(())
}
