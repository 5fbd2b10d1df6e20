//! Which slopes may be infinite where the function is finite: a zero adjoint must win over those.
//!
//! *In*: statements that compute slopes. *Out*: for each variable, whether a partial that is marked so flows into it, and which functions that
//! are called flow into it: what their companions say counts.

use super::storage::effects::Effects;
use crate::ir::visit::children;
use crate::ir::{Asked, Call, Derived, DerivedStmt, Function, Rhs, Stmt, VarId, Wins};
use std::collections::BTreeMap;

/// What may make a slope infinite.
#[derive(Clone, Debug, Default)]
pub struct Risk {
    /// A partial of this function.
    pub own: bool,
    /// The functions that it calls.
    pub calls: Vec<Call>,
}

impl Risk {
    /// Of everything in these statements.
    pub fn of<'a>(stmts: impl IntoIterator<Item = &'a Stmt>) -> Self {
        let mut risk = Self::default();
        stmts.into_iter().for_each(|s| risk.add(s));
        risk
    }

    fn add(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { rhs, .. } => {
                self.own |= matches!(rhs, Rhs::Derived(Derived::Times(_, _, Wins::Seed)));
            }
            Stmt::Derived(DerivedStmt::CallBackward { call, .. }) => match Asked::of(call, 0) {
                Some(_) => self.calls.push(call.clone()),
                None => self.own = true,
            },
            _ => {}
        }
        let inside = children(stmt).into_iter().flat_map(|b| &b.stmts);
        inside.for_each(|s| self.add(s));
    }

    fn join(&mut self, other: &Self) {
        self.own |= other.own;
        let new = other.calls.iter();
        let new = new.filter(|c| !self.calls.iter().any(|mine| mine.path == c.path));
        let new: Vec<Call> = new.cloned().collect();
        self.calls.extend(new);
    }
}

/// By variable, after these statements.
pub fn risks(function: &Function, stmts: &[Stmt]) -> BTreeMap<VarId, Risk> {
    let mut all: BTreeMap<VarId, Risk> = BTreeMap::new();
    for stmt in stmts {
        let mut risk = Risk::of([stmt]);
        let effects = Effects::of(function, std::slice::from_ref(stmt));
        for var in effects.mentioned() {
            risk.join(&all.get(&var).cloned().unwrap_or_default());
        }
        let declared = effects.declared.iter();
        for var in declared.chain(&effects.written).chain(&effects.added) {
            all.entry(*var).or_default().join(&risk);
        }
    }
    all
}
