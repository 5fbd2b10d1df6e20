//! Instructions, counted by callgrind in a process that does nothing else.

use anyhow::{Context, Result};
use std::hint::black_box;
use std::process::Command;

/// Is valgrind there?
pub fn is_possible() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// What runs in the process under callgrind: once so that all is in place, once more to be counted.
pub fn run(work: &dyn Fn()) {
    work();
    counted_work(work);
}

/// Callgrind collects while it is in here, and knows it by its name.
#[inline(never)]
fn counted_work(work: &dyn Fn()) {
    work();
    black_box(()); // no tail call, which would leave before the work is done
}

/// Callgrind counts an instruction that fills or copies memory as one a byte.
const NO_STRING_INSTRUCTIONS: &str =
    "glibc.cpu.x86_rep_stosb_threshold=1000000000:glibc.cpu.x86_rep_movsb_threshold=1000000000";

/// The instructions of one run of a contestant: its set, its kernel, its number.
pub fn instructions(work: [usize; 3]) -> Result<f64> {
    let own = std::env::current_exe()?;
    let output = Command::new("valgrind")
        .env("GLIBC_TUNABLES", NO_STRING_INSTRUCTIONS)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*counted_work*")
        .arg(own)
        .arg("--count")
        .args(work.map(|number| number.to_string()))
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok());
    count.with_context(|| format!("valgrind says:\n{text}"))
}
