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
//! * [`recompute`] decides what is evaluated again instead;
//! * [`fuse`] runs the iterations of a loop again, each followed at once by its reverse, where they do not depend on each other;
//! * [`checkpoint`] keeps some states of a loop that is marked so, and runs what lies between again;
//! * [`saves`] records what is overwritten although the reverse part loads it again, and puts it back;
//! * [`clones`] keeps a copy of what is moved away although the reverse part needs it.
//!
//! What is loaded again decides what has to be saved, and what is saved has to be addressed in the reverse part: both to a fixpoint.

mod checkpoint;
mod clones;
mod finish;
mod fuse;
mod recompute;
mod saves;

use super::pair::Pair;
use crate::ir::{Block, DerivedStmt, Function, Operand, Stmt, VarId};
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
}

/// Decides about everything and makes the two programs.
pub fn store(reversed: Reversed) -> Stored {
    let Reversed {
        mut function,
        moved,
        copied,
        start,
        mut pair,
        end,
    } = reversed;
    pair.number(0);
    let mut plan = saves::Saves::default();
    loop {
        let saved = plan.applied(&pair);
        let done = finish::finish(function.clone(), &moved, &saved);
        if !plan.extend(&mut function, &pair, &done.loads) {
            let reverse = [start, done.reverse, end].concat();
            return clones::keep_copies(done.function, &moved, copied, done.forward, reverse);
        }
    }
}

/// Declarations of traces.
fn new_traces(traces: &[VarId]) -> impl Iterator<Item = Stmt> + '_ {
    let new = |t: &VarId| Stmt::Derived(DerivedStmt::NewTrace(*t));
    traces.iter().map(new)
}
