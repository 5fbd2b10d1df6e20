//! The pictures of the problems: computation graphs (A2, A3), differences (A8) and Taylor models (T1).

use anyhow::{Context, Result};
use examples::plot::Plot;
use examples::textbook::automatic::{self, Curve};
use std::path::Path;

/// Draws them all into a folder, and says what the graphs cost.
pub fn draw(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    for choice in automatic::choices() {
        let name = choice.graph.name;
        for (ending, text) in [("dot", choice.graph.dot()), ("svg", choice.graph.svg())] {
            let path = folder.join(format!("{name}.{ending}"));
            std::fs::write(&path, text).with_context(|| format!("{}", path.display()))?;
        }
        println!(
            "A3  Jacobian of {name}: {} operations forward, {} in reverse; {:?} is taken",
            choice.forward, choice.reverse, choice.taken
        );
    }
    differences(&folder.join("differences.svg"))?;
    taylor_models(&folder.join("taylor-models.svg"))?;
    println!("graphs and plots: {}", folder.display());
    Ok(())
}

fn differences(path: &Path) -> Result<()> {
    let (one_sided, central, generated) = automatic::differences();
    // A plot with logarithms has no zero: an error below the rounding unit is drawn there.
    let level = generated.max(f64::EPSILON);
    let flat: Curve = one_sided.iter().map(|(h, _)| (*h, level)).collect();
    Plot {
        caption: "relative error of a derivative against the step size",
        x: "step",
        y: "error",
        lines: &[
            ("one-sided differences", one_sided),
            ("central differences", central),
            ("generated", flat),
        ],
    }
    .draw(path)
}

fn taylor_models(path: &Path) -> Result<()> {
    let (linear, quadratic) = automatic::taylor_models();
    Plot {
        caption: "error of Taylor models against the distance",
        x: "distance",
        y: "error",
        lines: &[("first order", linear), ("second order", quadratic)],
    }
    .draw(path)
}
