//! The section on compile time.

use anyhow::Result;
use examples::compile_time::{self, CompileTime};
use std::fmt::Write as _;

/// Builds the crates and adds their table.
pub fn report(text: &mut String, only: &str) -> Result<()> {
    if !"compile time".contains(only) {
        return Ok(());
    }
    let folder = std::env::current_exe()?.with_file_name("compile-time");
    let CompileTime {
        functions,
        plain,
        annotated,
        called,
    } = compile_time::measure(&folder)?;
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
