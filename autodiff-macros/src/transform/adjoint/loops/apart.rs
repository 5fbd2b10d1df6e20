//! A loop that adds to two parts of one list is two loops: only one of the parts can be borrowed at a time.
//!
//! ```text
//! for k in 0..n {                              for k in 0..n { x_bar[i + k] += s * x[j + k]; }
//!     x_bar[i + k] += s * x[j + k];       =>   for k in 0..n { x_bar[j + k] += s * x[i + k]; }
//!     x_bar[j + k] += s * x[i + k];
//! }
//! ```
//!
//! *In*: the body of a loop over consecutive numbers. *Out*: the bodies of the loops that take its place; where no iteration reads what another one
//! adds to or does more than to add, and what is added costs little to be computed once more.

use super::super::storage::effects::Effects;
use super::only_adds;
use super::windows::{Counted, Finder, Key};
use crate::ir::visit::{declared, mentions};
use crate::ir::{Block, Derived, DerivedStmt, Function, Op, Place, Rhs, Stmt, VarId};
use std::collections::BTreeSet;

/// More statements are not computed once more.
const MOST: usize = 12;

/// The bodies, if there are several.
pub fn bodies(function: &Function, counted: &Counted, steady: &[Stmt]) -> Option<Vec<Block>> {
    let stmts = &counted.body.stmts;
    if !stmts.iter().all(is_simple) || !only_adds(function, &counted.body) {
        return None;
    }
    let effects = Effects::of(function, stmts);
    let finder = Finder::new(function, counted, steady, effects.declared.clone());
    let added = stmts.iter().filter_map(sum);
    let parts = added.filter_map(|place| Some((place, finder.access(place, true)?.key)));
    let mut keys: Vec<Key> = Vec::new();
    for (place, key) in parts {
        let list = function.resolve(place).root;
        let same = keys.first().is_none_or(|first| finder.list(first) == list);
        if key.slope > 0 && same && effects.only_adds_to(list) && !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.len() < 2 {
        return None;
    }
    let part = |stmt: &Stmt| {
        let access = sum(stmt).and_then(|place| finder.access(place, true))?;
        keys.iter().position(|key| *key == access.key)
    };
    // Sums of no part are the first loop's.
    let parts: Vec<usize> = stmts.iter().map(|s| part(s).unwrap_or(0)).collect();
    let bodies = (0..keys.len()).map(|k| needed(stmts, |at| parts[at] == k));
    let bodies: Vec<Block> = bodies.collect();
    let cheap = |body: &Block| body.stmts.len() <= MOST && body.stmts.iter().all(is_cheap);
    bodies[1..].iter().all(cheap).then_some(bodies)
}

/// The place that a statement adds to.
fn sum(stmt: &Stmt) -> Option<&Place> {
    match stmt {
        Stmt::Derived(DerivedStmt::Accumulate { place, .. }) => Some(place),
        _ => None,
    }
}

/// Is it a value, or a sum?
fn is_simple(stmt: &Stmt) -> bool {
    let dear = matches!(
        stmt,
        Stmt::Let {
            rhs: Rhs::Op(..) | Rhs::Derived(Derived::Partial { .. } | Derived::Times(..)),
            ..
        }
    );
    dear || is_cheap(stmt)
}

/// Is it as good as nothing beside the sum that it is for?
fn is_cheap(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Let { rhs, .. } => matches!(
            rhs,
            Rhs::Read(_)
                | Rhs::Use(_)
                | Rhs::Borrow { mutable: false, .. }
                | Rhs::Op(Op::Add | Op::Sub | Op::Mul | Op::Neg, _)
                | Rhs::Derived(Derived::ZeroScalar(_))
        ),
        other => sum(other).is_some(),
    }
}

/// What has to be there for the sums at the wanted positions.
fn needed(stmts: &[Stmt], wanted: impl Fn(usize) -> bool) -> Block {
    let own: BTreeSet<VarId> = stmts.iter().flat_map(declared).collect();
    let mut used = BTreeSet::new();
    let mut kept = Vec::new();
    for (k, stmt) in stmts.iter().enumerate().rev() {
        let asked = match (stmt, sum(stmt)) {
            (_, Some(place)) if own.contains(&place.root) => used.contains(&place.root),
            (_, Some(_)) => wanted(k),
            (Stmt::Let { var, .. }, _) => used.contains(var),
            _ => true,
        };
        if asked {
            mentions(stmt, &mut |v| {
                used.insert(v);
            });
            kept.push(stmt.clone());
        }
    }
    kept.reverse();
    Block::new(kept)
}
