//! How each value that the reverse part mentions gets there, and what is put back.
//!
//! ```text
//! for i in 0..n {                        forward                    reverse
//!     let t1 = read x[i]                 for i in 0..n {            for i in (0..n) reversed {
//!     let t2 = exp(t1)                       let t1 = read x[i]         let t2 = pop trace
//!     let t3 = read s                        let t2 = exp(t1)           ..
//!     ..                                     push trace (t2)        }
//! }                                      }
//! ```
//!
//! * [`finish`] makes two programs of the pairs: what the body of a loop or the arm of a branch leaves behind for its reverse is recorded;
//! * [`record`] does so for each value of a block; [`recompute`] says what can be evaluated again instead;
//! * [`fuse`] runs the iterations of a loop again, each followed at once by its reverse, where they do not depend on each other;
//! * [`checkpoint`] keeps some states of a loop that is marked so, and runs what lies between again;
//! * [`saves`] records what is overwritten although the reverse part loads it again, and puts it back;
//! * [`portions`] finds lists of which each iteration has a part of its own, which no other one overwrites;
//! * [`one_pass`] joins a loop and its reverse where the adjoints are known before it starts;
//! * [`short`] records what a loop of few iterations leaves behind in arrays;
//! * [`clones`] keeps a copy of what is moved away although the reverse part needs it.
//!
//! What is loaded again decides what has to be saved, and what is saved has to be addressed in the reverse part: both to a fixpoint.

mod checkpoint;
mod clones;
pub mod effects;
mod finish;
pub mod fuse;
mod one_pass;
mod portions;
mod recompute;
mod record;
mod saves;
mod short;

use super::pair::{NodeKind, Pair};
use crate::ir::{Block, DerivedStmt, Function, Operand, ParamMode, Stmt, VarId};
use std::collections::BTreeSet;

/// A function whose statements have their reverses beside them.
pub struct Reversed {
    /// Its variables.
    pub function: Function,
    /// Variables that it moves out of.
    pub moved: BTreeSet<VarId>,
    /// Those of them that are given away as copies in any case.
    pub copied: BTreeSet<VarId>,
    /// The first reverse statements.
    pub start: Vec<Stmt>,
    /// The body.
    pub pair: Pair,
    /// The last reverse statements.
    pub end: Vec<Stmt>,
}

/// The two programs.
pub struct Stored {
    /// Their variables.
    pub function: Function,
    /// The forward part.
    pub forward: Block,
    /// The value of the function.
    pub result: Option<Operand>,
    /// The reverse part.
    pub reverse: Block,
    /// The `&mut` parameters that hold after it what they held before the forward part.
    pub restored: BTreeSet<VarId>,
}

/// Decides about everything and makes the two programs.
pub fn store(reversed: &Reversed) -> Stored {
    stored(reversed, &BTreeSet::new())
}

/// One program that computes value and adjoints in one pass over the data, if there is a loop that can: `given` is known at the start.
pub fn one_pass(reversed: &Reversed, given: &BTreeSet<VarId>) -> Option<(Stored, Block)> {
    let mut loops = BTreeSet::new();
    counted(&reversed.pair, &mut loops);
    while !loops.is_empty() {
        let stored = stored(reversed, &loops);
        match one_pass::merged(&stored, given, &loops) {
            Ok(body) => return Some((stored, body)),
            Err(apart) => loops.retain(|var| !apart.contains(var)),
        }
    }
    None
}

/// The loops of a block, and those in their bodies.
fn counted(pair: &Pair, all: &mut BTreeSet<VarId>) {
    for node in &pair.nodes {
        if let NodeKind::For {
            var,
            body,
            exit: None,
            ..
        } = &node.kind
        {
            all.insert(*var);
            counted(body, all);
        }
    }
}

fn stored(reversed: &Reversed, one_pass: &BTreeSet<VarId>) -> Stored {
    let mut function = reversed.function.clone();
    let (pair, moved) = (&reversed.pair, &reversed.moved);
    let mut plan = saves::Saves::default();
    loop {
        let saved = plan.applied(pair);
        let done = finish::finish(function.clone(), moved, &saved, one_pass);
        if !plan.extend(&mut function, pair, &done.loads) {
            let (start, end) = (reversed.start.clone(), reversed.end.clone());
            let reverse = [start, done.reverse, end].concat();
            let copied = reversed.copied.clone();
            let restored = restored(&done.function, pair, &plan);
            let stored = clones::keep_copies(done.function, moved, copied, done.forward, reverse);
            return Stored { restored, ..stored };
        }
    }
}

fn restored(function: &Function, pair: &Pair, plan: &saves::Saves) -> BTreeSet<VarId> {
    let changed = function.params.iter();
    let changed =
        changed.filter(|p| p.mode == ParamMode::RefMut && function.checkpoints.is_empty());
    let roots = changed.map(|p| p.var);
    roots
        .filter(|root| plan.undoes(function, pair, *root))
        .collect()
}

/// Declarations of traces.
fn new_traces(traces: &[VarId]) -> impl Iterator<Item = Stmt> + '_ {
    let new = |t: &VarId| Stmt::Derived(DerivedStmt::NewTrace(*t));
    traces.iter().map(new)
}
