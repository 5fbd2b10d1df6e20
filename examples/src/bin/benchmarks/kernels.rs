//! The tables of applications: tangent, gradient and hand-written gradient over the primal, Hessian-vector product over the gradient.

use crate::count;
use anyhow::Result;
use examples::applications::{self, Application, Derivative};
use examples::measure::ratios;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

/// One kind of measurement, over the primal.
struct Costs {
    tangent: f64,
    generated: f64,
    by_hand: f64,
    tangent_by_hand: Option<f64>,
    /// The product of the Hessian with a direction, over the gradient, where there is one.
    curvature: Option<f64>,
}

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
        3 => drop(black_box((kernel.by_hand)())),
        4 => drop(kernel.curvature.as_ref().map(|c| black_box((c.product)()))),
        _ => match apart(kernel) {
            Some(gradient) => drop(black_box(gradient())),
            None => kernel.tangent_by_hand.iter().for_each(|tangent| tangent()),
        },
    }
}

/// The gradient that the Hessian is compared with, where it is not the derivative of the kernel.
fn apart(kernel: &Application) -> Option<&Derivative> {
    kernel.curvature.as_ref()?.gradient.as_ref()
}

/// How many take part: the primal first. What has a tangent by hand or a gradient apart, never both, has a curvature.
fn contestants(kernel: &Application) -> usize {
    let sixth = kernel.tangent_by_hand.is_some() || apart(kernel).is_some();
    4 + usize::from(kernel.curvature.is_some()) + usize::from(sixth)
}

impl Costs {
    /// From those of all contestants.
    fn over_the_first(kernel: &Application, all: &[f64]) -> Self {
        let over = |k: usize| all[k] / all[0];
        let gradient = if apart(kernel).is_some() { 5 } else { 2 };
        Self {
            tangent: over(1),
            generated: over(2),
            by_hand: over(3),
            tangent_by_hand: kernel.tangent_by_hand.is_some().then(|| over(5)),
            curvature: (all.len() > 4).then(|| all[4] / all[gradient]),
        }
    }
}

/// Adds the tables of time and of instructions.
pub fn report(text: &mut String, only: &str, budget: Duration) -> Result<()> {
    let rows = rows(only, budget)?;
    let times: Vec<_> = rows.iter().map(|r| (r, &r.times)).collect();
    table(text, "Time", &times)?;
    let counts = rows
        .iter()
        .filter_map(|r| Some((r, r.instructions.as_ref()?)));
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
            instructions: if counting {
                Some(counted(k, kernel)?)
            } else {
                None
            },
        });
    }
    progress.finish_and_clear();
    Ok(rows)
}

fn timed(kernel: &Application, budget: Duration) -> Costs {
    let mut work: Vec<_> = (0..contestants(kernel))
        .map(|contestant| move || run(kernel, contestant))
        .collect();
    let mut work: Vec<&mut dyn FnMut()> = work.iter_mut().map(|w| w as &mut dyn FnMut()).collect();
    Costs::over_the_first(kernel, &ratios(&mut work, budget))
}

fn counted(number: usize, kernel: &Application) -> Result<Costs> {
    let count = |contestant| count::instructions([0, number, contestant]);
    let counts: Vec<f64> = (0..contestants(kernel)).map(count).collect::<Result<_>>()?;
    Ok(Costs::over_the_first(kernel, &counts))
}

fn table(text: &mut String, title: &str, rows: &[(&Row, &Costs)]) -> Result<()> {
    writeln!(text, "## {title}\n")?;
    writeln!(
        text,
        "| kernel | inputs | tangent | tangent / by hand | generated | by hand | generated / by hand | hvp / generated |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )?;
    let mut product = 1.0;
    for (row, costs) in rows {
        let (name, inputs) = (&row.name, row.inputs);
        let (tangent, generated, by_hand) = (costs.tangent, costs.generated, costs.by_hand);
        let over = generated / by_hand;
        let cell = |cost: Option<f64>| cost.map(|c| format!("{c:.2} ")).unwrap_or_default();
        let curvature = cell(costs.curvature);
        let tangents = cell(costs.tangent_by_hand.map(|t| tangent / t));
        product *= over;
        writeln!(
            text,
            "| {name} | {inputs} | {tangent:.2} | {tangents}| {generated:.2} | {by_hand:.2} | {over:.2} | {curvature}|"
        )?;
    }
    let mean = f64::powf(product, 1.0 / rows.len() as f64);
    writeln!(text, "| geometric mean | | | | | | {mean:.2} | |\n")?;
    Ok(())
}
