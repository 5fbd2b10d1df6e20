//! Tests of the stages together: random programs through the transforms, run by an interpreter of the IR.
//!
//! `AUTODIFF_PROGRAMS` says how many, `AUTODIFF_SEED` where to start. The first failure is made small and printed, with the seed that
//! writes the same program again; with `AUTODIFF_SURVEY=1` all are listed instead, a line each.

mod check;
mod check_second;
mod generate;
mod interp;
pub mod lowered;
mod shrink;
mod stages;

use crate::ir::Function;
use crate::ir::print::{print, print_block};
use check::{Failure, Outcome, check, entry, verify_entry};
use generate::random::Random;
use generate::shape::Signature;
use interp::{Entry, Library};

/// How many functions a module has at most.
const FUNCTIONS: usize = 4;

/// How often each program runs.
const RUNS: usize = 2;

#[derive(Default, Debug)]
struct Count {
    passed: usize,
    refused: usize,
    ill_conditioned: usize,
    too_long: usize,
}

impl Count {
    fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.refused += other.refused;
        self.ill_conditioned += other.ill_conditioned;
        self.too_long += other.too_long;
    }
}

/// A function that failed, in its module.
struct Failed {
    library: Library,
    entry: Option<Entry>,
    function: Function,
    signature: Signature,
    failure: Failure,
    /// What the inputs are made from.
    inputs: Random,
}

fn variable(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// Writes and checks the functions of one module.
fn module(seed: u64, left: usize, count: &mut Count) -> Result<(), Box<Failed>> {
    let mut random = Random::new(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let mut library = Library::default();
    let mut signatures: Vec<Signature> = Vec::new();
    for _ in 0..FUNCTIONS.min(left) {
        let (mut function, signature) = generate::function(&mut random, &signatures);
        function.parallel = seed.is_multiple_of(3);
        let inputs = Random::new(seed ^ signatures.len() as u64);
        let (outcome, made) = program(&library, &function, &signature, &inputs)?;
        match outcome {
            Outcome::Passed => count.passed += 1,
            Outcome::Refused => count.refused += 1,
            Outcome::IllConditioned => count.ill_conditioned += 1,
            Outcome::TooLong => count.too_long += 1,
        }
        let scratch = signature.params.iter().any(|p| p.is_scratch());
        if let Some(entry) = made.filter(|_| !scratch) {
            library.entries.push(entry);
            signatures.push(signature);
        }
    }
    Ok(())
}

fn program(
    library: &Library,
    function: &Function,
    signature: &Signature,
    inputs: &Random,
) -> Result<(Outcome, Option<Entry>), Box<Failed>> {
    let failed = |failure: Failure, entry: Option<Entry>| {
        Box::new(Failed {
            library: library.clone(),
            function: function.clone(),
            signature: signature.clone(),
            inputs: inputs.clone(),
            entry,
            failure,
        })
    };
    let Some(made) = entry(function).map_err(|f| failed(f, None))? else {
        return Ok((Outcome::Refused, None));
    };
    verify_entry(&made).map_err(|f| failed(f, Some(made.clone())))?;
    let mut outcome = Outcome::Passed;
    let mut random = inputs.clone();
    for _ in 0..RUNS {
        let run = check(library, &made, signature, &mut random);
        let run = run.map_err(|f| failed(f, Some(made.clone())))?;
        if run != Outcome::Passed {
            outcome = run;
        }
    }
    Ok((outcome, Some(made)))
}

/// The same failure of smaller functions.
fn smaller(failed: Box<Failed>) -> Box<Failed> {
    let mut best = failed;
    let stage = best.failure.stage;
    let Failed {
        signature, inputs, ..
    } = &*best;
    let (signature, inputs) = (signature.clone(), inputs.clone());
    let fails = |library: &Library, function: &Function| {
        let run = program(library, function, &signature, &inputs).err();
        run.filter(|f| f.failure.stage == stage)
    };
    let (library, function) = (best.library.clone(), best.function.clone());
    let function = shrink::shrink(&function, |f| match fails(&library, f) {
        Some(failed) => {
            best = failed;
            true
        }
        None => false,
    });
    for k in 0..library.entries.len() {
        let callee = best.library.entries[k].primal.clone();
        let library = best.library.clone();
        shrink::shrink(&callee, |f| {
            let Ok(Some(made)) = entry(f) else {
                return false;
            };
            let mut library = library.clone();
            library.entries[k] = made;
            match fails(&library, &function) {
                Some(failed) => {
                    best = failed;
                    true
                }
                None => false,
            }
        });
    }
    best
}

/// All there is to see about a failure.
fn report(seed: u64, failed: &Failed) -> String {
    let mut text = format!("AUTODIFF_SEED={seed} AUTODIFF_PROGRAMS={FUNCTIONS}\n");
    let body = format!("{:?}", failed.function.body);
    for entry in &failed.library.entries {
        if body.contains(&format!("Ident({})", entry.primal.name)) {
            text.push_str(&print(&entry.primal));
        }
    }
    text.push_str(&print(&failed.function));
    let is_second = failed.failure.stage.starts_with("second order");
    if let Some(entry) = &failed.entry {
        if let Some(tangent) = &entry.tangent {
            let body = print_block(&tangent.function, &tangent.body);
            text.push_str(&format!("--- forward mode\n{body}"));
        }
        if let Some(adjoint) = &entry.adjoint {
            let forward = print_block(&adjoint.function, &adjoint.forward);
            let reverse = print_block(&adjoint.function, &adjoint.reverse);
            text.push_str(&format!(
                "--- forward part\n{forward}--- reverse part\n{reverse}"
            ));
        }
        if let Some(second) = entry.second.as_ref().filter(|_| is_second) {
            let adjoint = &second.adjoint;
            let forward = print_block(&adjoint.function, &adjoint.forward);
            let reverse = print_block(&adjoint.function, &adjoint.reverse);
            text.push_str(&format!(
                "--- its forward part\n{forward}--- its reverse part\n{reverse}"
            ));
        }
    }
    let Failure { stage, what } = &failed.failure;
    text.push_str(&format!("--- {stage}: {what}\n"));
    text
}

/// What failed once.
#[test]
fn found_before() {
    for seed in [915_062, 915_246] {
        if let Err(failed) = module(seed, FUNCTIONS, &mut Count::default()) {
            panic!("{}", report(seed, &smaller(failed)));
        }
    }
}

#[test]
fn random_programs() {
    let start = variable("AUTODIFF_SEED", 1);
    let programs = variable("AUTODIFF_PROGRAMS", 20_000) as usize;
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get());
    let (count, failures) = std::thread::scope(|scope| {
        let run = |k| scope.spawn(move || every(workers, k, start, programs));
        let running: Vec<_> = (0..workers).map(run).collect();
        let (mut count, mut failures) = (Count::default(), Vec::new());
        for worker in running {
            match worker.join() {
                Ok((part, failed)) => {
                    count.add(&part);
                    failures.extend(failed);
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        (count, failures)
    });
    println!("{count:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let skipped = count.refused + count.ill_conditioned + count.too_long;
    assert!(20 * skipped <= programs, "{count:?}");
}

/// The modules of one worker: every `workers`th, beginning with the `first`. What became of the programs, and the failures as text.
fn every(workers: usize, first: usize, start: u64, programs: usize) -> (Count, Vec<String>) {
    let survey = variable("AUTODIFF_SURVEY", 0) == 1;
    let (mut count, mut failures) = (Count::default(), Vec::new());
    for k in (first..programs.div_ceil(FUNCTIONS)).step_by(workers) {
        let seed = start + k as u64;
        let Err(failed) = module(seed, programs - k * FUNCTIONS, &mut count) else {
            continue;
        };
        if !survey {
            failures.push(report(seed, &smaller(failed)));
            break;
        }
        let Failure { stage, what } = &failed.failure;
        let line = what.lines().next().unwrap_or("");
        failures.push(format!("{seed}: {stage}: {line}"));
    }
    (count, failures)
}
