//! Loops in parts: they have to give what the loop gives that runs at once, but for rounding. What it gives to the last bit is what the program
//! goes on with.

use super::frame::Frame;
use super::number::Number;
use super::value::{Run, Value};
use crate::ir::{Block, DerivedStmt, Sum, VarId};

/// How many parts there are.
const PARTS: usize = 3;

/// How far the sums may be apart, relative to the largest number that was met.
const TOLERANCE: f64 = 1e-9;

impl<N: Number> Frame<'_, N> {
    pub(super) fn parts(&mut self, stmt: &DerivedStmt) -> Run<()> {
        let DerivedStmt::Parts {
            bounds,
            range,
            sums,
            body,
        } = stmt
        else {
            return Err("no loop in parts".to_owned());
        };
        let indices = self.indices(range)?;
        if indices.is_empty() {
            return Ok(());
        }
        let beyond = i64::from(!range.inclusive);
        let before = self.held(sums);
        self.part(*bounds, &indices, beyond, body)?;
        let after = self.held(sums);
        let (mut total, mut largest) = (before.clone(), 0.0_f64);
        for part in indices.chunks(indices.len().div_ceil(PARTS)) {
            let zeros = before.iter().map(|v| v.map(&mut |_| N::lift(0.0)));
            self.hold(sums, zeros.collect());
            self.part(*bounds, part, beyond, body)?;
            for (total, own) in total.iter_mut().zip(self.held(sums)) {
                total.numbers(&mut |x| largest = largest.max(x.value().abs()));
                own.numbers(&mut |x| largest = largest.max(x.value().abs()));
                total.accumulate(&own, 1.0)?;
            }
        }
        let apart = total.iter().zip(&after).any(|(a, b)| differ(a, b, largest));
        self.hold(sums, after);
        match apart {
            true => Err("the sums of the parts are not those of the loop".to_owned()),
            false => Ok(()),
        }
    }

    fn part(
        &mut self,
        bounds: (VarId, VarId),
        indices: &[i64],
        beyond: i64,
        body: &Block,
    ) -> Run<()> {
        let (Some(first), Some(last)) = (indices.first(), indices.last()) else {
            return Ok(());
        };
        let mark = self.enter();
        self.declare(bounds.0, Value::Int(*first), None)?;
        self.declare(bounds.1, Value::Int(*last + beyond), None)?;
        self.stmts(body)?;
        self.leave(mark);
        Ok(())
    }

    fn held(&mut self, sums: &[Sum]) -> Vec<Value<N>> {
        let held = sums.iter().map(|sum| self.holds(sum.whole).clone());
        held.collect()
    }

    fn hold(&mut self, sums: &[Sum], values: Vec<Value<N>>) {
        for (sum, value) in sums.iter().zip(values) {
            *self.holds(sum.whole) = value;
        }
    }
}

/// Are two values that are finite further apart than rounding explains?
fn differ<N: Number>(a: &Value<N>, b: &Value<N>, largest: f64) -> bool {
    let list = |value: &Value<N>| {
        let mut all = Vec::new();
        value.numbers(&mut |x| all.push(x.value()));
        all
    };
    let mut pairs = list(a).into_iter().zip(list(b));
    pairs.any(|(a, b)| a.is_finite() && b.is_finite() && (a - b).abs() > TOLERANCE * largest)
}
