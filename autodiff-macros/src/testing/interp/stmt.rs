//! Statements.

use super::frame::{Frame, Target};
use super::number::Number;
use super::value::{Hole, Kind, Run, Value};
use super::{inert, rhs};
use crate::ir::{Block, Checkpoint, DerivedStmt, Op, Operand, Place, Range, Stmt, VarId};

/// How far apart the states are that a loop keeps.
const DISTANCE: usize = 3;

impl<N: Number> Frame<'_, N> {
    /// Runs a block in a scope of its own.
    pub fn block(&mut self, block: &Block) -> Run<()> {
        let mark = self.enter();
        let result = self.stmts(block);
        self.leave(mark);
        result
    }

    /// Runs the statements of a block; what they declare stays.
    pub fn stmts(&mut self, block: &Block) -> Run<()> {
        block.stmts.iter().try_for_each(|s| self.stmt(s))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Run<()> {
        self.fuel = self.fuel.checked_sub(1).ok_or(super::TOO_LONG)?;
        match stmt {
            Stmt::Let { var, rhs } => {
                let value = self.rhs(*var, rhs)?;
                self.declare(*var, value, None)
            }
            Stmt::Declare(var) => self.declare(*var, Value::Hole(Hole::Unset), None),
            Stmt::Assign { place, value } => {
                let value = self.take(value)?;
                self.assign(place, value)
            }
            Stmt::Update { op, place, value } => self.update(*op, place, value),
            Stmt::Push { place, value } => {
                let value = self.take(value)?;
                self.vec(place)?.push(value);
                Ok(())
            }
            Stmt::Truncate { place, len } => {
                let len = self.index(len)?;
                self.vec(place)?.truncate(len);
                Ok(())
            }
            Stmt::Swap(a, b) => self.swap(a, b),
            Stmt::Effect(code) => inert::value(self, code).map(|_| ()),
            Stmt::Call { results, call } => self.call(results, call),
            Stmt::If { cond, then, els } => {
                let taken = self.peek(cond)?.as_bool()?;
                self.block(if taken { then } else { els })
            }
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => {
                let indices = self.indices(range)?;
                self.counted(*var, indices, body, *exit)
            }
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                while self.condition(cond_block, cond)? {
                    self.block(body)?;
                }
                Ok(())
            }
            Stmt::Derived(stmt) => self.derived_stmt(stmt),
        }
    }

    fn vec(&mut self, place: &Place) -> Run<&mut Vec<Value<N>>> {
        match self.existing(place)? {
            Value::List(Kind::Vec, items) => Ok(items),
            other => Err(format!("{other:?} used as a Vec")),
        }
    }

    fn update(&mut self, op: Op, place: &Place, value: &Operand) -> Run<()> {
        let by = self.peek(value)?;
        let old = self.existing(place)?;
        *old = rhs::operator(op, &[old.clone(), by])?;
        Ok(())
    }

    fn swap(&mut self, a: &Place, b: &Place) -> Run<()> {
        let (x, y) = (self.locate(a)?, self.locate(b)?);
        if x.root == y.root && super::value::overlap(&x.path, &y.path) {
            return Err(format!("a swap of `{}` with itself", self.name(x.root)));
        }
        let first = std::mem::replace(self.existing(a)?, Value::Unit);
        let second = std::mem::replace(self.existing(b)?, first);
        *self.existing(a)? = second;
        Ok(())
    }

    fn condition(&mut self, block: &Block, cond: &Operand) -> Run<bool> {
        let mark = self.enter();
        self.stmts(block)?;
        let result = self.peek(cond)?.as_bool();
        self.leave(mark);
        result
    }

    pub(super) fn indices(&mut self, range: &Range) -> Run<Vec<i64>> {
        let (lo, hi) = (
            self.peek(&range.lo)?.as_int()?,
            self.peek(&range.hi)?.as_int()?,
        );
        let mut all: Vec<i64> = (lo..hi + i64::from(range.inclusive)).collect();
        if range.rev {
            all.reverse();
        }
        if let Some(step) = &range.step {
            let step = self.index(step)?;
            if step == 0 {
                return Err("step_by(0)".to_owned());
            }
            all = all.into_iter().step_by(step).collect();
        }
        Ok(all)
    }

    fn counted(
        &mut self,
        var: VarId,
        indices: Vec<i64>,
        body: &Block,
        exit: Option<VarId>,
    ) -> Run<()> {
        for k in indices {
            let mark = self.enter();
            self.declare(var, Value::Int(k), None)?;
            self.stmts(body)?;
            let left = match exit {
                Some(exit) => {
                    let found = self.locate(&Place::var(exit))?;
                    self.read(&found)?.as_bool()?
                }
                None => false,
            };
            self.leave(mark);
            if left {
                break;
            }
        }
        Ok(())
    }

    fn derived_stmt(&mut self, stmt: &DerivedStmt) -> Run<()> {
        match stmt {
            DerivedStmt::Accumulate {
                place,
                value,
                negate,
            } => {
                let value = self.peek(value)?;
                self.accumulate(place, &value, if *negate { -1.0 } else { 1.0 })
            }
            DerivedStmt::AccumulateShare { place, share } => {
                let value = self.share(share)?;
                self.accumulate(place, &value, 1.0)
            }
            DerivedStmt::AccumulatePlace { to, from } => {
                let found = self.locate(from)?;
                let value = self.read(&found)?;
                self.accumulate(to, &value, 1.0)
            }
            DerivedStmt::SetZero(place) => {
                let found = self.locate(place)?;
                match self.target(&found)? {
                    Target::One(value) => *value = value.zero()?,
                    Target::Part(values) => {
                        values
                            .iter_mut()
                            .try_for_each(|v| v.zero().map(|z| *v = z))?;
                    }
                }
                Ok(())
            }
            DerivedStmt::PopPrimal(place) => {
                let popped = self.vec(place)?.pop();
                popped
                    .map(|_| ())
                    .ok_or_else(|| "pop of an empty Vec".to_owned())
            }
            DerivedStmt::Replay { count, body } => {
                let count = self.index(count)?;
                (0..count).try_for_each(|_| self.block(body))
            }
            DerivedStmt::ForReverse { var, range, body } => {
                let mut indices = self.indices(range)?;
                indices.reverse();
                self.counted(*var, indices, body, None)
            }
            parts @ DerivedStmt::Parts { .. } => self.parts(parts),
            DerivedStmt::CallForward {
                results,
                pullback,
                call,
            } => self.call_forward(results, *pullback, call),
            DerivedStmt::CallBackward {
                pullback,
                call,
                cotangent,
                adjoints,
            } => self.call_backward(*pullback, call, cotangent, adjoints),
            DerivedStmt::CallTangent {
                results,
                tangents,
                call,
                args,
            } => self.call_tangent(results, tangents, call, args),
            DerivedStmt::CallForwardTangent { .. } | DerivedStmt::CallBackwardTangent { .. } => {
                self.second_call(stmt)
            }
            DerivedStmt::ForKeeping {
                checkpoint,
                var,
                range,
                body,
                exit,
                ..
            } => self.keeping(checkpoint, (*var, range, *exit), body),
            DerivedStmt::ForRestoring {
                checkpoint,
                restore,
                var,
                range,
                advance,
                reverse,
            } => {
                let indices = self.indices(range)?;
                let steps = [advance, reverse];
                self.restoring(checkpoint, restore, (*var, &indices), steps)
            }
            record => self.record(record),
        }
    }

    /// Keeps the state before every third iteration.
    fn keeping(
        &mut self,
        checkpoint: &Checkpoint,
        (var, range, exit): (VarId, &Range, Option<VarId>),
        body: &Block,
    ) -> Run<()> {
        let mut states = Vec::new();
        let mut count = 0;
        for (step, k) in self.indices(range)?.into_iter().enumerate() {
            if step % DISTANCE == 0 {
                let mark = self.enter();
                self.stmts(&checkpoint.keep)?;
                states.push(self.recorded(&checkpoint.values)?);
                self.leave(mark);
            }
            count += 1;
            self.counted(var, vec![k], body, exit)?;
            if let Some(exit) = exit {
                let found = self.locate(&Place::var(exit))?;
                if self.read(&found)?.as_bool()? {
                    break;
                }
            }
        }
        states.push(vec![Value::Int(count)]);
        self.declare(checkpoint.record, Value::Trace(states), None)
    }

    fn restoring(
        &mut self,
        checkpoint: &Checkpoint,
        restore: &Block,
        (var, indices): (VarId, &[i64]),
        [advance, reverse]: [&Block; 2],
    ) -> Run<()> {
        let count = self.trace(checkpoint.record)?.pop();
        let count = count.ok_or("the loop was not counted")?;
        let count = usize::try_from(count[0].as_int()?).map_err(|e| e.to_string())?;
        for step in (0..count).rev() {
            let from = step / DISTANCE * DISTANCE;
            self.restored(checkpoint, restore, from / DISTANCE)?;
            self.counted(var, indices[from..step].to_vec(), advance, None)?;
            self.counted(var, vec![indices[step]], reverse, None)?;
        }
        if count > 0 {
            self.restored(checkpoint, restore, 0)?;
        }
        Ok(())
    }

    fn restored(&mut self, checkpoint: &Checkpoint, restore: &Block, at: usize) -> Run<()> {
        let states = self.trace(checkpoint.record)?;
        let state = states.get(at).cloned().ok_or("a state is missing")?;
        let mark = self.enter();
        self.unpack(&checkpoint.values, state)?;
        self.stmts(restore)?;
        self.leave(mark);
        Ok(())
    }

    fn accumulate(&mut self, place: &Place, value: &Value<N>, sign: f64) -> Run<()> {
        let found = self.locate(place)?;
        let name = self.name(found.root);
        match (self.target(&found)?, value) {
            (Target::One(Value::Hole(hole)), _) => Err(format!("`{name}` += .. but {hole:?}")),
            (Target::One(target), value) => target.accumulate(value, sign),
            (Target::Part(target), Value::List(_, items)) => {
                super::value::accumulate_all(target, items, sign)
            }
            (Target::Part(_), value) => Err(format!("slice += {value:?}")),
        }
    }

    fn record(&mut self, stmt: &DerivedStmt) -> Run<()> {
        match stmt {
            DerivedStmt::NewTrace(trace) => self.declare(*trace, Value::Trace(Vec::new()), None),
            DerivedStmt::Refill { list, value, len } => {
                let (value, len) = (self.take(value)?, self.index(len)?);
                let numbers = Value::List(Kind::Vec, vec![value; len]);
                self.assign(&Place::var(*list), numbers)
            }
            DerivedStmt::TraceReserve { .. } => Ok(()),
            DerivedStmt::TracePush { trace, values } => {
                let record = self.recorded(values)?;
                self.trace(*trace)?.push(record);
                Ok(())
            }
            DerivedStmt::TracePop { trace, values } => {
                let record = self.trace(*trace)?.pop();
                let record = record.ok_or("the trace has run out")?;
                self.unpack(values, record)
            }
            DerivedStmt::IfRecord {
                trace,
                cond,
                then,
                els,
            } => {
                let taken = self.peek(cond)?.as_bool()?;
                let (block, values) = if taken { then } else { els };
                let mark = self.enter();
                self.stmts(block)?;
                let record = self.recorded(values)?;
                self.leave(mark);
                self.declare(*trace, Value::Record(taken, record), None)
            }
            DerivedStmt::MatchRecord { trace, then, els } => {
                let Value::Record(taken, record) = self.matched(*trace)? else {
                    return Err(format!("`{}` is no record", self.name(*trace)));
                };
                let (values, block) = if taken { then } else { els };
                let mark = self.enter();
                self.unpack(values, record)?;
                self.stmts(block)?;
                self.leave(mark);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn recorded(&mut self, values: &[VarId]) -> Run<Vec<Value<N>>> {
        let take = |v: &VarId| self.take(&Operand::Var(*v));
        values.iter().map(take).collect()
    }

    fn unpack(&mut self, vars: &[VarId], record: Vec<Value<N>>) -> Run<()> {
        if vars.len() != record.len() {
            return Err(format!("{} variables from {record:?}", vars.len()));
        }
        let mut pairs = vars.iter().zip(record);
        pairs.try_for_each(|(v, value)| self.declare(*v, value, None))
    }

    fn trace(&mut self, trace: VarId) -> Run<&mut Vec<Vec<Value<N>>>> {
        let name = self.name(trace);
        match self.holds(trace) {
            Value::Trace(records) => Ok(records),
            other => Err(format!("`{name}` is {other:?}, no trace")),
        }
    }

    /// A record that is matched: moved, unless all in it can be copied.
    fn matched(&mut self, trace: VarId) -> Run<Value<N>> {
        let value = self.holds(trace);
        match value {
            Value::Record(_, record) if record.iter().all(Value::is_copy) => Ok(value.clone()),
            value => Ok(std::mem::replace(value, Value::Hole(Hole::Moved))),
        }
    }
}
