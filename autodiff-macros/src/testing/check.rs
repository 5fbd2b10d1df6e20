//! One program, its derivative programs, and all that has to hold between them.
//!
//! * the IR is well formed before and after each transform;
//! * both derivative programs compute the primal's value, to the last bit;
//! * the tangents of the forward mode are those of dual numbers;
//! * `<y_bar, J x_dot> = <J^T y_bar, x_dot>`, `&mut` parameters being inputs and outputs;
//! * second order: see [`check_second`](super::check_second).

use super::check_second::check_second;
use super::generate::random::Random;
use super::generate::shape::Signature;
use super::interp::number::{Dual, Number};
use super::interp::value::{Run, Value};
use super::interp::{
    Entry, Finished, Library, Reverse, TOO_LONG, run_forward, run_one_pass, run_primal,
    run_reverse, run_tangent,
};
use crate::analysis::activity;
use crate::diagnostic::Diagnostics;
use crate::ir::verify::{verify, verify_blocks};
use crate::ir::{Function, ParamMode, VarId};
use crate::transform::adjoint::{Adjoint, adjoint, improved, loops};
use crate::transform::forward::second::{Second, second};
use crate::transform::forward::{Tangent, forward};
use crate::transform::prepare;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How large an error may be, relative to the sum of the magnitudes of the terms of a derivative.
const TOLERANCE: f64 = 1e-9;

/// What is left of terms that cancel.
const ROUNDING: f64 = 1e-18;

/// Where that sum is larger, a comparison says nothing.
pub(super) const ILL_CONDITIONED: f64 = 1e8;

/// How a check ended that found nothing wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// All as it should be.
    Passed,
    /// The result does not depend on any parameter, and the analysis says so.
    Refused,
    /// A value or a derivative is not finite, or made of terms that are too large.
    IllConditioned,
    /// It takes more steps than the interpreter allows.
    TooLong,
}

/// What is wrong.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was being done.
    pub stage: &'static str,
    /// What happened.
    pub what: String,
}

fn fail(stage: &'static str) -> impl Fn(String) -> Failure {
    move |what| Failure { stage, what }
}

/// Transforms a function; `None` where the analysis refuses it.
pub fn entry(function: &Function) -> Result<Option<Entry>, Failure> {
    well_formed("primal IR", verify(function))?;
    let mut prepared = function.clone();
    guarded("preparation", || prepare(&mut prepared))?;
    well_formed("prepared IR", verify(&prepared))?;
    let mut diagnostics = Diagnostics::default();
    let activity = guarded("activity", || {
        activity::analyze(&prepared, &mut diagnostics)
    })?;
    if !diagnostics.is_empty() {
        let messages = diagnostics.messages();
        if messages.iter().all(|m| m.contains("does not depend")) {
            return Ok(None);
        }
        return Err(fail("activity")(messages.join("\n")));
    }
    let tangent = guarded("forward transform", || {
        let mut tangent = forward(&prepared, &activity);
        loops::improved(&mut tangent.function, &mut [&mut tangent.body]);
        tangent
    })?;
    let adjoint = guarded("adjoint transform", || adjoint(&prepared, &activity))?;
    let second = guarded("second order", || second(&adjoint))?;
    let adjoint = guarded("improved adjoint", || improved(adjoint))?;
    Ok(Some(Entry {
        primal: function.clone(),
        tangent: Some(tangent),
        adjoint: Some(adjoint),
        second: Some(second),
    }))
}

/// Is the IR of both derivative programs well formed?
pub fn verify_entry(entry: &Entry) -> Result<(), Failure> {
    entry.tangent.iter().try_for_each(verify_tangent)?;
    entry.adjoint.iter().try_for_each(verify_adjoint)?;
    entry.second.iter().try_for_each(verify_second)
}

fn verify_tangent(tangent: &Tangent) -> Result<(), Failure> {
    let given: Vec<_> = tangent.tangents.iter().flatten().copied().collect();
    let (blocks, result) = ([&tangent.body], tangent.result.as_ref());
    let problems = verify_blocks(&tangent.function, &blocks, &given, result);
    well_formed("tangent IR", problems)
}

fn verify_adjoint(adjoint: &Adjoint) -> Result<(), Failure> {
    let slots = adjoint.slots.iter().flatten();
    let given: Vec<_> = slots.chain(&adjoint.cotangent).copied().collect();
    verify_parts(adjoint, &[], &given, ["forward part IR", "reverse part IR"])?;
    let Some(one_pass) = &adjoint.one_pass else {
        return Ok(());
    };
    let given = adjoint.slots.iter().flatten().chain(&one_pass.cotangent);
    let given: Vec<_> = given.copied().collect();
    let (program, result) = (&one_pass.function, one_pass.result.as_ref());
    let problems = verify_blocks(program, &[&one_pass.body], &given, result);
    well_formed("one pass IR", problems)
}

fn verify_second(second: &Second) -> Result<(), Failure> {
    let adjoint = &second.adjoint;
    let tangents: Vec<_> = second.tangents.iter().flatten().copied().collect();
    let slots = adjoint.slots.iter().chain(&second.slot_tangents).flatten();
    let cotangents = adjoint.cotangent.iter().chain(&second.cotangent_tangent);
    let given: Vec<_> = slots.chain(cotangents).chain(&tangents).copied().collect();
    let stages = [
        "second order forward part IR",
        "second order reverse part IR",
    ];
    verify_parts(adjoint, &tangents, &given, stages)
}

/// The forward part, and both, after what each is given was declared.
fn verify_parts(
    adjoint: &Adjoint,
    first: &[VarId],
    both: &[VarId],
    stages: [&'static str; 2],
) -> Result<(), Failure> {
    let (program, result) = (&adjoint.function, adjoint.result.as_ref());
    let problems = verify_blocks(program, &[&adjoint.forward], first, result);
    well_formed(stages[0], problems)?;
    let blocks = [&adjoint.forward, &adjoint.reverse];
    let problems = verify_blocks(program, &blocks, both, None);
    well_formed(stages[1], problems)
}

fn well_formed(stage: &'static str, problems: Vec<String>) -> Result<(), Failure> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(fail(stage)(problems.join("\n")))
    }
}

/// A panic of a transform is a failure like any other.
fn guarded<T>(stage: &'static str, f: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        fail(stage)(text.unwrap_or_default())
    })
}

/// Runs a function of the library and its derivative programs on random arguments.
pub fn check(
    library: &Library,
    entry: &Entry,
    signature: &Signature,
    random: &mut Random,
) -> Result<Outcome, Failure> {
    let inputs = Inputs::random(&entry.primal, signature, random).map_err(fail("inputs"))?;
    let primal = run_primal(library, &entry.primal, inputs.args.clone());
    if primal.as_ref().is_err_and(|what| what == TOO_LONG) {
        return Ok(Outcome::TooLong);
    }
    let primal = primal.map_err(fail("primal"))?;
    let duals = run_primal(library, &entry.primal, inputs.duals());
    let duals = duals.map_err(fail("primal on duals"))?;
    let outputs = Outputs::of(&entry.primal, &duals);
    if !outputs.is_tame(&entry.primal, &primal) {
        return Ok(Outcome::IllConditioned);
    }
    if let Some(tangent) = &entry.tangent {
        let what = check_forward(library, tangent, &inputs, &primal, &outputs);
        what.map_err(|what| inputs.failure("forward mode", &what))?;
    }
    if let Some(adjoint) = &entry.adjoint {
        let what = check_reverse(library, adjoint, &inputs, &primal, &outputs, random);
        what.map_err(|what| inputs.failure("reverse mode", &what))?;
    }
    if let (Some(adjoint), Some(second)) = (&entry.adjoint, &entry.second) {
        let what = check_second(library, (adjoint, second), &inputs, random);
        if what.as_ref().is_err_and(|what| what == TOO_LONG) {
            return Ok(Outcome::TooLong);
        }
        what.map_err(|what| inputs.failure("second order", &what))?;
    }
    Ok(Outcome::Passed)
}

pub(super) struct Inputs {
    pub args: Vec<Value<f64>>,
    /// The zero tangent for what is inactive.
    pub tangents: Vec<Value<f64>>,
    active: Vec<bool>,
}

impl Inputs {
    fn random(function: &Function, signature: &Signature, random: &mut Random) -> Run<Self> {
        let params = signature.params.iter();
        let args: Vec<_> = params.map(|p| p.shape.input(random)).collect();
        let mut tangents = Vec::new();
        let active: Vec<bool> = function.params.iter().map(|p| p.active).collect();
        for (arg, active) in args.iter().zip(&active) {
            let mut direction = |x: f64| if *active { random.real() } else { x };
            tangents.push(arg.zero()?.map(&mut direction));
        }
        Ok(Self {
            args,
            tangents,
            active,
        })
    }

    pub fn duals(&self) -> Vec<Value<Dual>> {
        let all = self.args.iter().zip(&self.tangents).zip(&self.active);
        let dual = |((arg, tangent), active): ((&Value<f64>, &Value<f64>), &bool)| {
            let mut slopes = numbers(tangent).into_iter();
            arg.map(&mut |value| Dual {
                value,
                slope: slopes.next().unwrap_or(0.0),
                scale: f64::from(u8::from(*active)),
            })
        };
        all.map(dual).collect()
    }

    fn failure(&self, stage: &'static str, what: &str) -> Failure {
        let (args, tangents) = (&self.args, &self.tangents);
        let what = format!("{what}\narguments {args:?}\ntangents {tangents:?}");
        Failure { stage, what }
    }
}

pub(super) fn numbers<N: Number>(value: &Value<N>) -> Vec<N> {
    let mut all = Vec::new();
    value.numbers(&mut |x| all.push(x));
    all
}

/// The result and the active `&mut` parameters of a run on duals; nothing for other parameters.
struct Outputs {
    result: Vec<Dual>,
    params: Vec<Vec<Dual>>,
}

impl Outputs {
    fn of(function: &Function, run: &Finished<Dual>) -> Self {
        let params = function.params.iter().zip(&run.params);
        let params = params.map(|(p, value)| match p.mode {
            ParamMode::RefMut if p.active => numbers(value),
            _ => Vec::new(),
        });
        Self {
            params: params.collect(),
            result: numbers(&run.result),
        }
    }

    fn is_tame(&self, function: &Function, primal: &Finished<f64>) -> bool {
        let mut finite = numbers(&primal.result).iter().all(|x| x.is_finite());
        for (param, value) in function.params.iter().zip(&primal.params) {
            finite &=
                param.mode == ParamMode::Value || numbers(value).iter().all(|x| x.is_finite());
        }
        let tame = |d: &Dual| d.slope.is_finite() && d.scale < ILL_CONDITIONED;
        finite
            && self
                .result
                .iter()
                .chain(self.params.iter().flatten())
                .all(tame)
    }
}

pub(super) fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= TOLERANCE * scale + ROUNDING
}

pub(super) fn same_values(
    function: &Function,
    primal: &Finished<f64>,
    other: &Finished<f64>,
) -> Run<()> {
    if !primal.result.same(&other.result) {
        let (a, b) = (&primal.result, &other.result);
        return Err(format!("the value is {b:?}, the primal's {a:?}"));
    }
    for (k, param) in function.params.iter().enumerate() {
        let (a, b) = (&primal.params[k], &other.params[k]);
        if param.mode != ParamMode::Value && !a.same(b) {
            return Err(format!(
                "parameter {k} is {b:?} in the end, in the primal {a:?}"
            ));
        }
    }
    Ok(())
}

fn compare(what: &str, tangent: &Value<f64>, duals: &[Dual]) -> Run<()> {
    let slopes = numbers(tangent);
    let mut pairs = slopes.iter().zip(duals);
    let fits = slopes.len() == duals.len() && pairs.all(|(a, d)| close(*a, d.slope, d.scale));
    if fits {
        return Ok(());
    }
    let duals: Vec<f64> = duals.iter().map(|d| d.slope).collect();
    Err(format!(
        "the tangent of {what} is {slopes:?}, by duals {duals:?}"
    ))
}

fn check_forward(
    library: &Library,
    program: &Tangent,
    inputs: &Inputs,
    primal: &Finished<f64>,
    outputs: &Outputs,
) -> Run<()> {
    let (args, tangents) = (inputs.args.clone(), inputs.tangents.clone());
    let (value, slope) = run_tangent(library, program, args, tangents)?;
    same_values(&program.function, primal, &value)?;
    compare("the result", &slope.result, &outputs.result)?;
    for (k, param) in program.function.params.iter().enumerate() {
        if param.active && param.mode == ParamMode::RefMut {
            compare(
                &format!("parameter {k}"),
                &slope.params[k],
                &outputs.params[k],
            )?;
        }
    }
    Ok(())
}

fn dot(bar: &Value<f64>, duals: &[Dual]) -> (f64, f64) {
    let terms = numbers(bar).into_iter().zip(duals);
    terms.fold((0.0, 0.0), |(sum, scale), (b, d)| {
        (sum + b * d.slope, scale + b.abs() * d.scale)
    })
}

fn check_reverse(
    library: &Library,
    program: &Adjoint,
    inputs: &Inputs,
    primal: &Finished<f64>,
    outputs: &Outputs,
    random: &mut Random,
) -> Run<()> {
    let params = &program.function.params;
    let (value, pullback) = run_forward(library, program, inputs.args.clone())?;
    same_values(&program.function, primal, &value)?;
    let cotangent = value.result.zero()?.map(&mut |_| random.real());
    let (mut left, mut scale) = dot(&cotangent, &outputs.result);
    let mut slots = Vec::new();
    let mut references = Vec::new();
    for (k, param) in params.iter().enumerate() {
        let is_output = param.mode == ParamMode::RefMut;
        let like = if is_output {
            &value.params[k]
        } else {
            &inputs.args[k]
        };
        slots.push(like.zero()?.map(&mut |_| random.real()));
        if is_output {
            let (sum, more) = dot(&slots[k], &outputs.params[k]);
            (left, scale) = (left + sum, scale + more);
        }
        references.push(value.params[k].clone());
    }
    let given = Reverse {
        references,
        cotangent: cotangent.clone(),
        slots: slots.clone(),
    };
    let bars = run_reverse(library, program, pullback, given)?;
    if let Some(one_pass) = &program.one_pass {
        let again = (cotangent, slots.clone());
        let args = inputs.args.clone();
        let (value, others) = run_one_pass(library, program, one_pass, args, again)?;
        same_adjoints(primal, (&value, &others), &bars, scale)?;
    }
    let mut right = 0.0;
    for (k, param) in params.iter().enumerate() {
        let mut bar = bars[k].clone();
        if param.mode != ParamMode::RefMut {
            bar.accumulate(&slots[k], -1.0)?;
        }
        if param.active {
            right += product(&bar, &inputs.tangents[k])?;
        }
    }
    if close(left, right, scale) {
        return Ok(());
    }
    Err(format!(
        "<y_bar, J x_dot> is {left}, <J^T y_bar, x_dot> is {right}, adjoints {bars:?}"
    ))
}

/// Does one pass over the data give the primal's value, and the adjoints of two?
fn same_adjoints(
    primal: &Finished<f64>,
    (value, bars): (&Value<f64>, &[Value<f64>]),
    expected: &[Value<f64>],
    scale: f64,
) -> Run<()> {
    if !primal.result.same(value) {
        let result = &primal.result;
        return Err(format!(
            "the value of one pass is {value:?}, the primal's {result:?}"
        ));
    }
    for (bar, expected) in bars.iter().zip(expected) {
        let (a, b) = (numbers(bar), numbers(expected));
        let largest = b.iter().fold(scale, |m, x| m.max(x.abs()));
        let fits = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| close(*a, *b, largest));
        if !fits {
            return Err(format!(
                "the adjoints of one pass are {bars:?}, not {expected:?}"
            ));
        }
    }
    Ok(())
}

fn product(bar: &Value<f64>, tangent: &Value<f64>) -> Run<f64> {
    let (a, b) = (numbers(bar), numbers(tangent));
    if a.len() != b.len() {
        return Err(format!(
            "the adjoint {bar:?} of an argument with tangent {tangent:?}"
        ));
    }
    Ok(a.iter().zip(&b).map(|(a, b)| a * b).sum())
}
