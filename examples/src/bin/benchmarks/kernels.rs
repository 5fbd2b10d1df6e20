//! The tables of applications: tangent, gradient and hand-written gradient over the primal.

use crate::count;
use anyhow::Result;
use examples::applications::{self, Application};
use examples::measure::ratios;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

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

/// The work of one contestant of one kernel.
pub fn contestant(kernel: usize, contestant: usize) -> Box<dyn Fn()> {
    let kernel = applications::kernels().swap_remove(kernel);
    Box::new(move || run(&kernel, contestant))
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

/// Adds the tables of time and of instructions.
pub fn report(text: &mut String, only: &str, budget: Duration) -> Result<()> {
    let rows = rows(only, budget)?;
    let times: Vec<_> = rows.iter().map(|r| (r, r.times)).collect();
    table(text, "Time", &times)?;
    let counts = rows.iter().filter_map(|r| Some((r, r.instructions?)));
    let counts: Vec<_> = counts.collect();
    if !counts.is_empty() {
        table(text, "Instructions", &counts)?;
    }
    Ok(())
}

fn rows(only: &str, budget: Duration) -> Result<Vec<Row>> {
    let kernels = applications::kernels();
    let counting = count::is_possible();
    let progress = ProgressBar::new(kernels.len() as u64);
    progress.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    let mut rows = Vec::new();
    for (k, kernel) in kernels.iter().enumerate() {
        progress.inc(1);
        if !kernel.name.contains(only) {
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
        *count = count::instructions([0, kernel, contestant])?;
    }
    Ok([1, 2, 3].map(|k: usize| counts[k] / counts[0]))
}

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
