//! An interpreter of the IR: primal programs, on plain numbers and on duals, and what the transforms make of them.
//!
//! ```text
//! run_primal(f, args)                   result, final values of the parameters
//! run_tangent(f', args, tangents)       the same and its tangents
//! run_forward(f*, args)                 the same and a pullback
//! run_reverse(f*, pullback, inputs)     the adjoint slots
//! run_second_forward, run_second_reverse the same with tangents
//! ```

mod call;
mod frame;
mod inert;
pub mod number;
mod parts;
mod rhs;
mod scalar;
mod second;
mod stmt;
pub mod value;

use crate::ir::visit::{block_mentions, declared};
use crate::ir::{Block, Function, Operand, ParamMode, Ty, VarId};
use crate::transform::adjoint::{Adjoint, OnePass};
use crate::transform::forward::Tangent;
use crate::transform::forward::second::Second;
use frame::{Frame, Slot};
use inert::constant;
use number::Number;
pub use second::{run_second_forward, run_second_reverse};
use std::collections::BTreeSet;
use value::{Kind, Run, Value};

/// What is wrong with a program that runs for too long.
pub const TOO_LONG: &str = "too many steps";

/// Functions that call each other.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// By position.
    pub entries: Vec<Entry>,
}

/// A function and its derivative programs.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The function.
    pub primal: Function,
    /// Its forward mode.
    pub tangent: Option<Tangent>,
    /// Its reverse mode.
    pub adjoint: Option<Adjoint>,
    /// The forward mode of its reverse mode.
    pub second: Option<Second>,
}

impl Library {
    /// The function of this name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.primal.name == name)
    }
}

/// What a function that has run leaves.
#[derive(Clone, Debug)]
pub struct Finished<N> {
    /// Its value.
    pub result: Value<N>,
    /// What each parameter holds; nothing of interest for those by value.
    pub params: Vec<Value<N>>,
}

/// What a forward part leaves for the reverse part.
#[derive(Clone, PartialEq, Debug)]
pub struct Pullback<N> {
    captured: Vec<(VarId, Slot<N>)>,
    /// What each parameter held after the forward part.
    pub finals: Vec<Value<N>>,
    /// What its tangent held; nothing at first order.
    pub dots: Vec<Value<N>>,
}

/// What a reverse part is given.
#[derive(Clone, Debug)]
pub struct Reverse<N> {
    /// What is passed again, for each parameter that is a reference; nothing of interest for the others.
    pub references: Vec<Value<N>>,
    /// Of the result.
    pub cotangent: Value<N>,
    /// One for each parameter; those of inactive ones are ignored.
    pub slots: Vec<Value<N>>,
}

/// A list that is passed as a slice.
fn coerced<N: Number>(value: Value<N>, ty: &Ty) -> Value<N> {
    match (value, ty) {
        (Value::List(_, items), Ty::Ref(_, t)) if matches!(**t, Ty::Slice(_)) => {
            Value::List(Kind::Slice, items)
        }
        (value, _) => value,
    }
}

fn reference(mode: ParamMode) -> Option<bool> {
    match mode {
        ParamMode::Value => None,
        ParamMode::Ref => Some(false),
        ParamMode::RefMut => Some(true),
    }
}

impl<N: Number> Frame<'_, N> {
    fn bind_params(&mut self, args: Vec<Value<N>>) -> Run<()> {
        let function = self.function;
        if args.len() != function.params.len() {
            return Err(format!("{} arguments for `{}`", args.len(), function.name));
        }
        for (param, arg) in function.params.iter().zip(args) {
            let arg = coerced(arg, &function.var(param.var).ty);
            self.declare(param.var, arg, reference(param.mode))?;
        }
        Ok(())
    }

    fn bind_slots(&mut self, slots: &[Option<VarId>], values: &[Value<N>]) -> Run<()> {
        for (slot, value) in slots.iter().zip(values) {
            if let Some(slot) = slot {
                let value = coerced(value.clone(), &self.function.var(*slot).ty);
                self.declare(*slot, value, Some(true))?;
            }
        }
        Ok(())
    }

    /// What the adjoint slots hold; what was given for those that are not there.
    fn slots(&mut self, slots: &[Option<VarId>], given: Vec<Value<N>>) -> Vec<Value<N>> {
        let slots = slots.iter().zip(given);
        let slots = slots.map(|(slot, given)| slot.map_or(given, |s| self.contents(s)));
        slots.collect()
    }

    fn result(&mut self, result: Option<&Operand>) -> Run<Value<N>> {
        result.map_or(Ok(Value::Unit), |o| self.take(o))
    }

    fn params(&mut self) -> Vec<Value<N>> {
        let function = self.function;
        let params = function.params.iter();
        params.map(|p| self.contents(p.var)).collect()
    }

    /// What the reverse part takes with it, besides what it is given.
    fn captured(&mut self, reverse: &Block, given: &[VarId]) -> Run<Vec<(VarId, Slot<N>)>> {
        let mut mentioned = BTreeSet::new();
        block_mentions(reverse, &mut |v| {
            mentioned.insert(v);
        });
        let own: BTreeSet<VarId> = reverse.stmts.iter().flat_map(declared).collect();
        let mut captured = Vec::new();
        for var in mentioned.difference(&own).filter(|v| !given.contains(v)) {
            captured.extend(self.capture(*var)?.map(|slot| (*var, slot)));
        }
        Ok(captured)
    }
}

/// Runs a primal program.
pub fn run_primal<N: Number>(
    library: &Library,
    function: &Function,
    args: Vec<Value<N>>,
) -> Run<Finished<N>> {
    let mut frame = Frame::new(library, function);
    frame.bind_params(args)?;
    frame.stmts(&function.body)?;
    let result = frame.result(function.result.as_ref())?;
    let params = frame.params();
    Ok(Finished { result, params })
}

/// Runs a program of the forward mode: the values, and the tangents.
pub fn run_tangent<N: Number>(
    library: &Library,
    program: &Tangent,
    args: Vec<Value<N>>,
    tangents: Vec<Value<N>>,
) -> Run<(Finished<N>, Finished<N>)> {
    let function = &program.function;
    let mut frame = Frame::new(library, function);
    frame.bind_params(args)?;
    let given = program.tangents.iter().zip(tangents.clone());
    for ((dot, tangent), param) in given.zip(&function.params) {
        if let Some(dot) = dot {
            let tangent = coerced(tangent, &function.var(param.var).ty);
            frame.declare(*dot, tangent, reference(param.mode))?;
        }
    }
    frame.stmts(&program.body)?;
    let slope = match &program.result_tangent {
        Some(t) => frame.tangent_of(t)?,
        None => Value::Unit,
    };
    let result = frame.result(program.result.as_ref())?;
    let dots = program.tangents.iter().zip(tangents);
    let dots = dots.map(|(dot, given)| dot.map_or(given, |d| frame.contents(d)));
    let slopes = Finished {
        params: dots.collect(),
        result: slope,
    };
    let params = frame.params();
    Ok((Finished { result, params }, slopes))
}

/// Runs a forward part.
pub fn run_forward<N: Number>(
    library: &Library,
    program: &Adjoint,
    args: Vec<Value<N>>,
) -> Run<(Finished<N>, Pullback<N>)> {
    let function = &program.function;
    let mut frame = Frame::new(library, function);
    frame.bind_params(args)?;
    frame.stmts(&program.forward)?;
    let result = frame.result(program.result.as_ref())?;
    let by_reference = |p: &&crate::ir::Param| p.mode != ParamMode::Value;
    let lent = function.params.iter().filter(by_reference);
    let lent: Vec<VarId> = lent.map(|p| p.var).collect();
    let captured = frame.captured(&program.reverse, &lent)?;
    let params = frame.params();
    let pullback = Pullback {
        captured,
        finals: params.clone(),
        dots: Vec::new(),
    };
    Ok((Finished { result, params }, pullback))
}

/// Runs a reverse part; gives back the adjoint slots.
pub fn run_reverse<N: Number>(
    library: &Library,
    program: &Adjoint,
    pullback: Pullback<N>,
    inputs: Reverse<N>,
) -> Run<Vec<Value<N>>> {
    let function = &program.function;
    let mut frame = Frame::new(library, function);
    for (var, slot) in pullback.captured {
        frame.bind_captured(var, slot)?;
    }
    for (param, value) in function.params.iter().zip(inputs.references) {
        if param.mode != ParamMode::Value {
            let value = coerced(value, &function.var(param.var).ty);
            frame.declare(param.var, value, reference(param.mode))?;
        }
    }
    if let Some(cotangent) = program.cotangent {
        frame.declare(cotangent, inputs.cotangent, None)?;
    }
    frame.bind_slots(&program.slots, &inputs.slots)?;
    frame.stmts(&program.reverse)?;
    Ok(frame.slots(&program.slots, inputs.slots))
}

/// Runs a program that computes value and adjoints in one pass; gives back the value and the adjoint slots.
pub fn run_one_pass<N: Number>(
    library: &Library,
    adjoint: &Adjoint,
    program: &OnePass,
    args: Vec<Value<N>>,
    (cotangent, slots): (Value<N>, Vec<Value<N>>),
) -> Run<(Value<N>, Vec<Value<N>>)> {
    let mut frame = Frame::new(library, &program.function);
    frame.bind_params(args)?;
    if let Some(var) = program.cotangent {
        frame.declare(var, cotangent, None)?;
    }
    frame.bind_slots(&adjoint.slots, &slots)?;
    frame.stmts(&program.body)?;
    let value = frame.result(program.result.as_ref())?;
    Ok((value, frame.slots(&adjoint.slots, slots)))
}
