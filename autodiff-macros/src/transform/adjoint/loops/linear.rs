//! Indices that go up or down by one with a loop, `a + j - 1`, as a constant and what does not change in the loop.

use super::super::indices::{Sum, literal};
use crate::ir::{Operand, Range};
use std::collections::BTreeMap;

/// A sum of terms, each taken so many times.
#[derive(Clone, Debug, Default)]
pub struct Linear {
    /// How often the loop's index is in it.
    pub slope: i64,
    /// What does not change, by its text.
    pub terms: BTreeMap<String, (i64, Operand)>,
    /// The constant.
    pub offset: i64,
}

/// Does the range start at the literal zero?
pub fn starts_at_zero(range: &Range) -> bool {
    matches!(&range.lo, Operand::Const(c) if literal(&c.expr) == Some(0))
}

impl Sum for Linear {
    fn number(offset: i64) -> Self {
        Self {
            offset,
            ..Self::default()
        }
    }

    fn term(text: String, operand: Operand) -> Self {
        Self {
            terms: BTreeMap::from([(text, (1, operand))]),
            ..Self::default()
        }
    }

    fn plus(mut self, other: &Self, sign: i64) -> Self {
        self.slope += sign * other.slope;
        self.offset += sign * other.offset;
        for (text, (n, operand)) in &other.terms {
            let term = self.terms.entry(text.clone());
            term.or_insert((0, operand.clone())).0 += sign * n;
        }
        self.terms.retain(|_, (n, _)| *n != 0);
        self
    }

    /// A multiple of what the loop's index is in.
    fn product(&self, other: &Self) -> Option<Self> {
        match (self.constant(), other.constant()) {
            (Some(n), None) if other.slope != 0 => Some(other.clone().times(n)),
            (None, Some(n)) if self.slope != 0 => Some(self.clone().times(n)),
            _ => None,
        }
    }
}

impl Linear {
    /// The index of the loop.
    pub fn index() -> Self {
        Self {
            slope: 1,
            ..Self::default()
        }
    }

    /// Do the two differ by a constant only?
    pub fn same_terms(&self, other: &Self) -> bool {
        let counts = |l: &Self| -> Vec<(String, i64)> {
            let terms = l.terms.iter();
            terms.map(|(text, (n, _))| (text.clone(), *n)).collect()
        };
        self.slope == other.slope && counts(self) == counts(other)
    }

    /// The number, if it is one.
    fn constant(&self) -> Option<i64> {
        (self.slope == 0 && self.terms.is_empty()).then_some(self.offset)
    }

    fn times(mut self, n: i64) -> Self {
        self.slope *= n;
        self.offset *= n;
        self.terms.values_mut().for_each(|(count, _)| *count *= n);
        self.terms.retain(|_, (count, _)| *count != 0);
        self
    }
}
