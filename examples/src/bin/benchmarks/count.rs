//! Instructions, counted by callgrind in a process that does nothing else.

use anyhow::{Context, Result};
use std::process::Command;

/// Is valgrind there?
pub fn is_possible() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// The instructions of one run: those of `times` runs more, so that what starting takes falls out.
pub fn instructions(work: [usize; 3], times: usize) -> Result<f64> {
    let (few, many) = (collected(work, times)?, collected(work, 2 * times)?);
    Ok((many - few) / times as f64)
}

/// Callgrind counts an instruction that fills or copies memory as one a byte.
const NO_STRING_INSTRUCTIONS: &str =
    "glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold=1000000000";

/// All that callgrind collects.
fn collected(work: [usize; 3], times: usize) -> Result<f64> {
    let own = std::env::current_exe()?;
    let output = Command::new("valgrind")
        .env("GLIBC_TUNABLES", NO_STRING_INSTRUCTIONS)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .arg("--count")
        .args(work.iter().chain([&times]).map(usize::to_string))
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok());
    count.with_context(|| format!("valgrind says:\n{text}"))
}
