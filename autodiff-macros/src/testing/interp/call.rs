//! Calls of other functions of the library: the primal, the forward mode, and the two parts of the reverse mode.
//!
//! What is passed by reference is copied in and out; that nothing is passed by `&mut` and in another way at once is checked.

use super::frame::Frame;
use super::number::Number;
use super::value::{Run, Value, overlap};
use super::{Entry, Finished, Reverse, run_forward, run_primal, run_reverse, run_tangent};
use crate::ir::{Arg, Call, Cotangent, Function, Operand, Place, Results, VarId};

/// The arguments as the callee differentiates them: what is passed for a constant parameter has no derivative in there.
pub fn constants<N: Number>(callee: &Function, args: Vec<Value<N>>) -> Vec<Value<N>> {
    let constant = |x: N| N::lift(x.value());
    let args = callee.params.iter().zip(args);
    args.map(|(p, arg)| {
        if p.active {
            arg
        } else {
            arg.map(&mut { constant })
        }
    })
    .collect()
}

impl<'a, N: Number> Frame<'a, N> {
    pub fn callee(&self, call: &Call) -> Run<&'a Entry> {
        let name = call.path.path.segments.last().map(|s| s.ident.to_string());
        let name = name.unwrap_or_default();
        let library = self.library;
        library
            .get(&name)
            .ok_or_else(|| format!("no function `{name}`"))
    }

    pub fn arguments(&mut self, args: &[Arg]) -> Run<Vec<Value<N>>> {
        self.disjoint(args)?;
        let mut values = Vec::new();
        for arg in args {
            values.push(match arg {
                Arg::Value(o) => self.take(o)?,
                Arg::Function(_) => return Err("a function as an argument".to_owned()),
                Arg::Ref(p) | Arg::RefMut(p) => {
                    let found = self.locate(p)?;
                    self.read(&found)?
                }
            });
        }
        Ok(values)
    }

    fn disjoint(&self, args: &[Arg]) -> Run<()> {
        let mut lent = Vec::new();
        for arg in args {
            if let Arg::Ref(p) | Arg::RefMut(p) = arg {
                lent.push((self.locate(p)?, matches!(arg, Arg::RefMut(_))));
            }
        }
        for (k, (a, written)) in lent.iter().enumerate() {
            for (b, also) in &lent[..k] {
                if (*written || *also) && a.root == b.root && overlap(&a.path, &b.path) {
                    return Err(format!("`{}` is lent twice", self.name(a.root)));
                }
            }
        }
        Ok(())
    }

    pub fn copy_out(&mut self, args: &[Arg], values: Vec<Value<N>>) -> Run<()> {
        for (arg, value) in args.iter().zip(values) {
            if let Arg::RefMut(p) = arg {
                self.write_back(p, value)?;
            }
        }
        Ok(())
    }

    fn write_back(&mut self, place: &Place, value: Value<N>) -> Run<()> {
        let found = self.locate(place)?;
        let old = self.read(&found)?;
        let value = match (old, value) {
            (Value::List(kind, _), Value::List(_, items)) => Value::List(kind, items),
            (_, value) => value,
        };
        self.assign(place, value)
    }

    pub fn bind(&mut self, results: &Results, value: Value<N>) -> Run<()> {
        match (results, value) {
            (Results::None, _) => Ok(()),
            (Results::One(v), value) => self.declare(*v, value, None),
            (Results::Tuple(vars), Value::Tuple(parts)) if vars.len() == parts.len() => {
                for (v, part) in vars.iter().zip(parts) {
                    if let Some(v) = v {
                        self.declare(*v, part, None)?;
                    }
                }
                Ok(())
            }
            (_, value) => Err(format!("{value:?} bound to a tuple")),
        }
    }

    /// Runs a callee's primal.
    pub fn call(&mut self, results: &Results, call: &Call) -> Run<()> {
        let entry = self.callee(call)?;
        let args = self.arguments(&call.args)?;
        let args = constants(&entry.primal, args);
        let Finished { result, params } = run_primal(self.library, &entry.primal, args)?;
        self.copy_out(&call.args, params)?;
        self.bind(results, result)
    }

    /// Runs a callee's forward mode.
    pub fn call_tangent(
        &mut self,
        results: &Results,
        tangents: &Results,
        call: &Call,
        args: &[Arg],
    ) -> Run<()> {
        let program = self
            .callee(call)?
            .tangent
            .as_ref()
            .ok_or("no forward mode")?;
        let (primals, dots) = (self.arguments(&call.args)?, self.arguments(args)?);
        let (value, tangent) = run_tangent(self.library, program, primals, dots)?;
        self.copy_out(&call.args, value.params)?;
        self.copy_out(args, tangent.params)?;
        self.bind(results, value.result)?;
        self.bind(tangents, tangent.result)
    }

    /// Runs a callee's forward part.
    pub fn call_forward(&mut self, results: &Results, pullback: VarId, call: &Call) -> Run<()> {
        let program = self
            .callee(call)?
            .adjoint
            .as_ref()
            .ok_or("no reverse mode")?;
        let args = constants(&program.function, self.arguments(&call.args)?);
        let (value, recorded) = run_forward(self.library, program, args)?;
        self.copy_out(&call.args, value.params)?;
        self.bind(results, value.result)?;
        self.declare(pullback, Value::Pullback(Box::new(recorded)), None)
    }

    /// Runs a callee's pullback. What it leaves in what it was passed by `&mut` is not specified: not a number.
    pub fn call_backward(
        &mut self,
        pullback: VarId,
        call: &Call,
        cotangent: &Cotangent,
        adjoints: &[Place],
    ) -> Run<()> {
        let program = self
            .callee(call)?
            .adjoint
            .as_ref()
            .ok_or("no reverse mode")?;
        let Value::Pullback(recorded) = self.take(&Operand::Var(pullback))? else {
            return Err(format!("`{}` is no pullback", self.name(pullback)));
        };
        let references = self.passed_again(&call.args, &recorded.finals)?;
        let cotangent = self.cotangent(cotangent)?;
        let slots: Vec<Arg> = adjoints.iter().cloned().map(Arg::RefMut).collect();
        let inputs = Reverse {
            references: constants(&program.function, references),
            cotangent,
            slots: self.arguments(&slots)?,
        };
        let done = run_reverse(self.library, program, *recorded, inputs)?;
        self.copy_out(&slots, done)?;
        self.spoil(&call.args)
    }

    /// Overwrites what was passed by `&mut` with what is not a number.
    pub fn spoil(&mut self, args: &[Arg]) -> Run<()> {
        for arg in args {
            if let Arg::RefMut(p) = arg {
                let found = self.locate(p)?;
                let garbage = self.read(&found)?.map(&mut |_| N::lift(f64::NAN));
                self.write_back(p, garbage)?;
            }
        }
        Ok(())
    }

    /// The reference arguments, which have to be what they were after the forward part.
    pub fn passed_again(&mut self, args: &[Arg], finals: &[Value<N>]) -> Run<Vec<Value<N>>> {
        let lent = args.iter().filter(|a| !matches!(a, Arg::Value(_)));
        let lent: Vec<Arg> = lent.cloned().collect();
        self.disjoint(&lent)?;
        let mut references = Vec::new();
        for (k, arg) in args.iter().enumerate() {
            let (Arg::Ref(p) | Arg::RefMut(p)) = arg else {
                references.push(Value::Unit);
                continue;
            };
            let found = self.locate(p)?;
            let value = self.read(&found)?;
            let expected = finals.get(k);
            if !expected.is_some_and(|e| e.same(&value)) {
                let text = format!("argument {k} of a pullback is {value:?}, was {expected:?}");
                return Err(text);
            }
            references.push(value);
        }
        Ok(references)
    }

    pub fn cotangent(&mut self, cotangent: &Cotangent) -> Run<Value<N>> {
        match cotangent {
            Cotangent::None => Ok(Value::Unit),
            Cotangent::One(t) => self.tangent_of(t),
            Cotangent::Tuple(parts) => {
                let mut values = Vec::new();
                for part in parts {
                    values.push(self.tangent_of(part)?);
                }
                Ok(Value::Tuple(values))
            }
        }
    }
}
