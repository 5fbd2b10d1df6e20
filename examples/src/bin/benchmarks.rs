//! Measures all kernels and writes `BENCHMARKS.md`: the cost of derivatives over that of the primal, in time and, where valgrind is
//! there, in instructions, and what the attribute costs a build.

use anyhow::{Context, Result, bail};
use clap::Parser;
use examples::applications::{self, Application};
use examples::compile_time::{self, CompileTime};
use examples::measure::ratios;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Benchmarks of generated derivatives against hand-written ones.
#[derive(Parser)]
struct Arguments {
    /// Where the tables go.
    #[arg(long, default_value = "BENCHMARKS.md")]
    output: PathBuf,
    /// Only kernels whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Measure for a shorter time.
    #[arg(long)]
    quick: bool,
    /// Run a contestant of a kernel so many times and do nothing else: what valgrind is given.
    #[arg(long, num_args = 3, value_names = ["KERNEL", "CONTESTANT", "TIMES"], hide = true)]
    count: Option<Vec<usize>>,
}

/// What takes part: the primal first.
const CONTESTANTS: usize = 4;

/// One kind of measurement: tangent, gradient and hand-written gradient over the primal.
type Costs = [f64; CONTESTANTS - 1];

struct Row {
    name: String,
    inputs: usize,
    times: Costs,
    instructions: Option<Costs>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(what) = &arguments.count {
        let kernels = applications::kernels();
        let [kernel, contestant, times] = what[..] else {
            bail!("three numbers");
        };
        (0..times).for_each(|_| run(&kernels[kernel], contestant));
        return Ok(());
    }
    let rows = rows(&arguments)?;
    let mut text = report(&rows)?;
    if "compile time".contains(&arguments.only) {
        let folder = std::env::current_exe()?.with_file_name("compile-time");
        compile_time(&mut text, &compile_time::measure(&folder)?)?;
    }
    let output = &arguments.output;
    std::fs::write(output, &text).with_context(|| format!("{}", output.display()))?;
    println!("{text}");
    Ok(())
}

fn run(kernel: &Application, contestant: usize) {
    match contestant {
        0 => {
            black_box((kernel.value)());
        }
        1 => (kernel.tangent)(),
        2 => drop(black_box((kernel.generated)())),
        _ => drop(black_box((kernel.by_hand)())),
    }
}

fn rows(arguments: &Arguments) -> Result<Vec<Row>> {
    let kernels = applications::kernels();
    let budget = Duration::from_millis(if arguments.quick { 100 } else { 2000 });
    let counting = Command::new("valgrind").arg("--version").output().is_ok();
    let progress = ProgressBar::new(kernels.len() as u64);
    progress.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut rows = Vec::new();
    for (k, kernel) in kernels.iter().enumerate() {
        progress.inc(1);
        if !kernel.name.contains(&arguments.only) {
            continue;
        }
        progress.set_message(kernel.name.clone());
        rows.push(Row {
            name: kernel.name.clone(),
            inputs: kernel.inputs,
            times: timed(kernel, budget),
            instructions: if counting { Some(counted(k)?) } else { None },
        });
    }
    progress.finish_and_clear();
    Ok(rows)
}

fn timed(kernel: &Application, budget: Duration) -> Costs {
    let mut work: Vec<_> = (0..CONTESTANTS)
        .map(|contestant| move || run(kernel, contestant))
        .collect();
    let mut work: Vec<&mut dyn FnMut()> = work.iter_mut().map(|w| w as &mut dyn FnMut()).collect();
    let all = ratios(&mut work, budget);
    [all[1], all[2], all[3]]
}

fn counted(kernel: usize) -> Result<Costs> {
    let mut counts = [0.0; CONTESTANTS];
    for (contestant, count) in counts.iter_mut().enumerate() {
        // What starting takes falls out.
        let (once, twice) = (
            instructions(kernel, contestant, 1)?,
            instructions(kernel, contestant, 2)?,
        );
        *count = twice - once;
    }
    Ok([1, 2, 3].map(|k: usize| counts[k] / counts[0]))
}

/// Callgrind counts an instruction that fills or copies memory as one a byte.
const NO_STRING_INSTRUCTIONS: &str =
    "glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold=1000000000";

/// The instructions that callgrind collects.
fn instructions(kernel: usize, contestant: usize, times: usize) -> Result<f64> {
    let own = std::env::current_exe()?;
    let output = Command::new("valgrind")
        .env("GLIBC_TUNABLES", NO_STRING_INSTRUCTIONS)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .arg("--count")
        .args([kernel, contestant, times].map(|n| n.to_string()))
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok());
    count.with_context(|| format!("valgrind says:\n{text}"))
}

fn report(rows: &[Row]) -> Result<String> {
    let mut text = String::from(HEAD);
    writeln!(text, "\n{}\n", machine())?;
    let times: Vec<_> = rows.iter().map(|r| (r, r.times)).collect();
    table(&mut text, "Time", &times)?;
    let counts = rows.iter().filter_map(|r| Some((r, r.instructions?)));
    let counts: Vec<_> = counts.collect();
    if !counts.is_empty() {
        table(&mut text, "Instructions", &counts)?;
    }
    Ok(text)
}

const HEAD: &str = "\
# Benchmarks

Written by `cargo run --release -p examples --bin benchmarks`. Everything is over the primal: the generated tangent (`jvp`), the generated
derivative (gradient, or the stored entries of the Jacobian for BA and hand tracking), the derivative that an expert writes by hand
(`examples/src/by_hand`). Times are medians of runs that take turns, instructions are counted by callgrind. `cargo bench -p examples` measures
the same kernels with criterion.
";

fn table(text: &mut String, title: &str, rows: &[(&Row, Costs)]) -> Result<()> {
    writeln!(text, "## {title}\n")?;
    writeln!(
        text,
        "| kernel | inputs | tangent | generated | by hand | generated / by hand |\n|---|--:|--:|--:|--:|--:|"
    )?;
    let mut product = 1.0;
    for (row, [tangent, generated, by_hand]) in rows {
        let (name, inputs, over) = (&row.name, row.inputs, generated / by_hand);
        product *= over;
        writeln!(
            text,
            "| {name} | {inputs} | {tangent:.2} | {generated:.2} | {by_hand:.2} | {over:.2} |"
        )?;
    }
    let mean = f64::powf(product, 1.0 / rows.len() as f64);
    writeln!(text, "| geometric mean | | | | | {mean:.2} |\n")?;
    Ok(())
}

fn compile_time(text: &mut String, times: &CompileTime) -> Result<()> {
    let CompileTime {
        functions,
        plain,
        annotated,
        called,
    } = times;
    let rows = [
        ("without the attribute", plain),
        ("with it, no derivative called", annotated),
        ("with it, every gradient called", called),
    ];
    writeln!(
        text,
        "## Compile time\n\nOf a crate of {functions} functions, `cargo build --release`.\n\n| | seconds | over the first |\n|---|--:|--:|"
    )?;
    for (what, time) in rows {
        let (seconds, over) = (time.as_secs_f64(), time.as_secs_f64() / plain.as_secs_f64());
        writeln!(text, "| {what} | {seconds:.2} | {over:.1} |")?;
    }
    Ok(())
}

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
