//! Programs of second order: the two parts of the reverse mode with their tangents, and calls of such.

use super::call::constants;
use super::frame::Frame;
use super::number::Number;
use super::value::{Run, Value};
use super::{Entry, Finished, Library, Pullback, Reverse, coerced, reference};
use crate::ir::{Arg, Call, Cotangent, DerivedStmt, Operand, ParamMode, Place, Results, VarId};
use crate::transform::forward::second::Second;

/// What a forward part leaves: values, tangents, and the pullback of both.
type Forward<N> = (Finished<N>, Finished<N>, Pullback<N>);

/// Runs a forward part and its tangent.
pub fn run_second_forward<N: Number>(
    library: &Library,
    program: &Second,
    args: Vec<Value<N>>,
    tangents: Vec<Value<N>>,
) -> Run<Forward<N>> {
    let function = &program.adjoint.function;
    let mut frame = Frame::new(library, function);
    frame.bind_params(args)?;
    let given = program.tangents.iter().zip(tangents.clone());
    for ((dot, tangent), param) in given.zip(&function.params) {
        if let Some(dot) = dot {
            let tangent = coerced(tangent, &function.var(param.var).ty);
            frame.declare(*dot, tangent, reference(param.mode))?;
        }
    }
    frame.stmts(&program.adjoint.forward)?;
    let slope = match &program.result_tangent {
        Some(t) => frame.tangent_of(t)?,
        None => Value::Unit,
    };
    let result = frame.result(program.adjoint.result.as_ref())?;
    let captured = frame.captured(&program.adjoint.reverse, &lent(program))?;
    let dots = program.tangents.iter().zip(tangents);
    let dots = dots.map(|(dot, given)| dot.map_or(given, |d| frame.contents(d)));
    let slopes = Finished {
        params: dots.collect(),
        result: slope,
    };
    let params = frame.params();
    let pullback = Pullback {
        captured,
        finals: params.clone(),
        dots: slopes.params.clone(),
    };
    Ok((Finished { result, params }, slopes, pullback))
}

/// The references and their tangents, which a pullback is given again.
fn lent(program: &Second) -> Vec<VarId> {
    let params = program.adjoint.function.params.iter();
    let pairs = params.zip(&program.tangents);
    let lent = pairs.filter(|(p, _)| p.mode != ParamMode::Value);
    lent.flat_map(|(p, dot)| std::iter::once(p.var).chain(*dot))
        .collect()
}

/// Runs a reverse part and its tangent; gives back the adjoint slots and their tangents.
pub fn run_second_reverse<N: Number>(
    library: &Library,
    program: &Second,
    pullback: Pullback<N>,
    inputs: Reverse<N>,
    dots: Reverse<N>,
) -> Run<[Vec<Value<N>>; 2]> {
    let function = &program.adjoint.function;
    let mut frame = Frame::new(library, function);
    for (var, slot) in pullback.captured {
        frame.bind_captured(var, slot)?;
    }
    let vars: Vec<_> = function.params.iter().map(|p| Some(p.var)).collect();
    frame.bind_references(&vars, inputs.references)?;
    frame.bind_references(&program.tangents, dots.references)?;
    let cotangents = [program.adjoint.cotangent, program.cotangent_tangent];
    for (var, value) in cotangents.iter().zip([inputs.cotangent, dots.cotangent]) {
        if let Some(var) = var {
            frame.declare(*var, value, None)?;
        }
    }
    frame.bind_slots(&program.adjoint.slots, &inputs.slots)?;
    frame.bind_slots(&program.slot_tangents, &dots.slots)?;
    frame.stmts(&program.adjoint.reverse)?;
    let slots = frame.slots(&program.adjoint.slots, inputs.slots);
    let slot_dots = frame.slots(&program.slot_tangents, dots.slots);
    Ok([slots, slot_dots])
}

impl<'a, N: Number> Frame<'a, N> {
    fn bind_references(&mut self, vars: &[Option<VarId>], values: Vec<Value<N>>) -> Run<()> {
        let function = self.function;
        for ((var, param), value) in vars.iter().zip(&function.params).zip(values) {
            if let (Some(var), Some(mutable)) = (var, reference(param.mode)) {
                let value = coerced(value, &function.var(param.var).ty);
                self.declare(*var, value, Some(mutable))?;
            }
        }
        Ok(())
    }

    fn second(&self, call: &Call) -> Run<&'a Second> {
        let callee: &Entry = self.callee(call)?;
        callee.second.as_ref().ok_or("no second order".to_owned())
    }

    /// Runs a callee's programs of second order.
    pub fn second_call(&mut self, stmt: &DerivedStmt) -> Run<()> {
        match stmt {
            DerivedStmt::CallForwardTangent {
                results,
                tangents,
                pullback,
                call,
                args,
            } => self.forward_tangent(results, tangents, *pullback, call, args),
            DerivedStmt::CallBackwardTangent {
                pullback,
                call,
                args,
                cotangent,
                cotangent_dot,
                adjoints,
                adjoint_dots,
            } => {
                let first = (cotangent, &adjoints[..]);
                let second = (cotangent_dot, &adjoint_dots[..]);
                self.backward_tangent(*pullback, call, args, first, second)
            }
            _ => Ok(()),
        }
    }

    fn forward_tangent(
        &mut self,
        results: &Results,
        tangents: &Results,
        pullback: VarId,
        call: &Call,
        args: &[Arg],
    ) -> Run<()> {
        let program = self.second(call)?;
        let primals = constants(&program.adjoint.function, self.arguments(&call.args)?);
        let dots = self.arguments(args)?;
        let (value, slope, recorded) = run_second_forward(self.library, program, primals, dots)?;
        self.copy_out(&call.args, value.params)?;
        self.copy_out(args, slope.params)?;
        self.bind(results, value.result)?;
        self.bind(tangents, slope.result)?;
        self.declare(pullback, Value::Pullback(Box::new(recorded)), None)
    }

    fn backward_tangent(
        &mut self,
        pullback: VarId,
        call: &Call,
        args: &[Arg],
        first: (&Cotangent, &[Place]),
        second: (&Cotangent, &[Place]),
    ) -> Run<()> {
        let program = self.second(call)?;
        let Value::Pullback(recorded) = self.take(&Operand::Var(pullback))? else {
            return Err(format!("`{}` is no pullback", self.name(pullback)));
        };
        let mut dots = args.iter();
        let all = call.args.iter().map(|arg| match arg {
            Arg::Value(_) => Some(arg.clone()),
            _ => dots.next().cloned(),
        });
        let args: Vec<Arg> = all.flatten().collect();
        let references = self.passed_again(&call.args, &recorded.finals)?;
        let references = constants(&program.adjoint.function, references);
        let reference_dots = self.passed_again(&args, &recorded.dots)?;
        let lent = |(_, adjoints): (&Cotangent, &[Place])| -> Vec<Arg> {
            adjoints.iter().cloned().map(Arg::RefMut).collect()
        };
        let (slots, slot_dots) = (lent(first), lent(second));
        let inputs = Reverse {
            references,
            cotangent: self.cotangent(first.0)?,
            slots: self.arguments(&slots)?,
        };
        let dots = Reverse {
            references: reference_dots,
            cotangent: self.cotangent(second.0)?,
            slots: self.arguments(&slot_dots)?,
        };
        let [first, second] = run_second_reverse(self.library, program, *recorded, inputs, dots)?;
        self.copy_out(&slots, first)?;
        self.copy_out(&slot_dots, second)?;
        self.spoil(&call.args)?;
        self.spoil(&args)
    }
}
