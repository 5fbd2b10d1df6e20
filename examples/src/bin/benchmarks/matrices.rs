//! The tables of matrix primitives: value and pullback over the value.

use crate::count;
use anyhow::Result;
use examples::measure::ratios;
use examples::primitives::{self, Primitive, SIZES};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::time::Duration;

/// The costs of a primitive, one a set.
struct Row {
    name: &'static str,
    bound: f64,
    times: Vec<f64>,
    instructions: Vec<f64>,
}

/// The sets whose instructions are counted: all but the largest.
const COUNTED: usize = SIZES.len();

/// All sets of primitives: the static one first, then the dynamic ones by their sizes.
fn set(k: usize) -> Vec<Primitive> {
    match k {
        0 => primitives::of_matrix4(),
        _ => primitives::of_size(SIZES[k - 1]),
    }
}

/// The work of one contestant of one primitive: the value, or value and pullback.
pub fn contestant(of: usize, primitive: usize, contestant: usize) -> Box<dyn Fn()> {
    let primitive = set(of).swap_remove(primitive);
    if contestant == 0 {
        primitive.value
    } else {
        primitive.derivative
    }
}

/// Adds the tables of time and of instructions.
pub fn report(text: &mut String, only: &str, budget: Duration) -> Result<()> {
    let rows = rows(only, budget)?;
    writeln!(text, "{HEAD}")?;
    table(text, "time", &rows, |row| &row.times)?;
    if count::is_possible() {
        table(text, "instructions", &rows, |row| &row.instructions)?;
    }
    Ok(())
}

const HEAD: &str = "\
## Matrix primitives

The value and the pullback of a cotangent together, over the value alone: the functions of `linalg`, and nalgebra's methods in annotated
functions, of `Matrix4` and of dynamic matrices. \"At most\" is what is asked for. The largest matrices are only timed: counting their
instructions would take longer than all the rest.
";

fn rows(only: &str, budget: Duration) -> Result<Vec<Row>> {
    let (mut rows, counting) = (Vec::<Row>::new(), count::is_possible());
    let progress = ProgressBar::new(1 + SIZES.len() as u64);
    progress.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    for k in 0..=SIZES.len() {
        let primitives = set(k).into_iter().enumerate();
        let wanted = primitives.filter(|(_, primitive)| primitive.name.contains(only));
        for (row, (p, primitive)) in wanted.enumerate() {
            progress.set_message(primitive.name);
            if k == 0 {
                rows.push(Row::new(&primitive));
            }
            rows[row].times.push(timed(&primitive, budget));
            if counting && k < COUNTED {
                rows[row].instructions.push(counted(k, p)?);
            }
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(rows)
}

impl Row {
    fn new(primitive: &Primitive) -> Self {
        Self {
            name: primitive.name,
            bound: primitive.bound,
            times: Vec::new(),
            instructions: Vec::new(),
        }
    }
}

fn timed(primitive: &Primitive, budget: Duration) -> f64 {
    let (mut value, mut derivative) = (|| (primitive.value)(), || (primitive.derivative)());
    ratios(&mut [&mut value, &mut derivative], budget)[1]
}

fn counted(set: usize, primitive: usize) -> Result<f64> {
    let count = |contestant| count::instructions([set + 1, primitive, contestant]);
    Ok(count(1)? / count(0)?)
}

/// What a set is called.
fn column(set: usize) -> String {
    match set {
        0 => "`Matrix4`".to_owned(),
        _ => format!("n = {}", SIZES[set - 1]),
    }
}

fn table(text: &mut String, title: &str, rows: &[Row], costs: fn(&Row) -> &[f64]) -> Result<()> {
    let sets = rows.first().map_or(0, |row| costs(row).len());
    write!(text, "| {title} | at most |")?;
    (0..sets).try_for_each(|k| write!(text, " {} |", column(k)))?;
    writeln!(text, "\n|---|--:|{}", "--:|".repeat(sets))?;
    for row in rows {
        write!(text, "| `{}` | {:.1} |", row.name, row.bound)?;
        costs(row)
            .iter()
            .try_for_each(|cost| write!(text, " {cost:.2} |"))?;
        writeln!(text)?;
    }
    writeln!(text)?;
    Ok(())
}
