//! Counted loops of a reverse part as a person writes them.
//!
//! ```text
//! for j in (0..n).rev() {                         if 0 < n {
//!     x_bar[a + j] += s * y[j];          =>           let (x_bar_part, y_part) = (&mut x_bar[a..a + n], &y[..n]);
//! }                                                   for j in 0..n { x_bar_part[j] += s * y_part[j]; }
//!                                                 }
//! ```
//!
//! * [`parts`]: loops at the top level run in parts at the same time, where that is asked for;
//! * [`windows`], [`rewrite`]: what a loop touches of a list, element by element, is borrowed before: the bounds are checked once;
//! * [`apart`]: a loop that adds to two parts of a list is two loops;
//! * [`buffers`]: lists that each iteration makes are made once;
//! * [`exchanged`]: a list that is exchanged for zeros leaves them its memory;
//! * [`carried`]: what flows from an iteration to the next ones through a list stays in variables;
//! * [`fixed`]: elements that all iterations share are in variables too;
//! * [`traces`]: what a loop records is a list of known length, if it is numbers;
//! * [`zeros`]: what is added to a zero is assigned;
//! * [`lanes`]: sums in another order, where that is asked for;
//! * [`steady`]: what indices are made of and does not change is computed before;
//! * [`linear`]: which indices go up with the loop;
//! * a loop whose iterations only add to adjoints that no iteration reads runs upwards.

mod apart;
pub mod buffers;
mod carried;
mod exchanged;
mod fixed;
mod lanes;
mod linear;
pub mod parts;
mod rewrite;
mod steady;
mod traces;
mod windows;
mod zeros;

pub use linear::starts_at_zero;
pub use rewrite::number;

use super::storage::effects::Effects;
use crate::ir::visit::children_mut;
use crate::ir::{Block, DerivedStmt, Function, Stmt};

/// The blocks of a program with its loops improved.
pub fn improved(function: &mut Function, blocks: &mut [&mut Block]) {
    if function.parallel {
        parts::parted(function, blocks);
    }
    traces::listed(function, blocks);
    for block in blocks {
        **block = improved_block(function, std::mem::take(block));
        zeros::assigned(function, block);
        zeros::lists_assigned(block);
        if function.reassociate {
            lanes::reassociated(function, block);
        }
    }
}

/// The block with its loops improved, those inside first.
fn improved_block(function: &mut Function, block: Block) -> Block {
    let stmts = block.stmts.into_iter();
    Block::new(stmts.flat_map(|s| stmt(function, s)).collect())
}

fn stmt(function: &mut Function, mut stmt: Stmt) -> Vec<Stmt> {
    for block in children_mut(&mut stmt) {
        *block = improved_block(function, std::mem::take(block));
    }
    let stmt = upwards(function, stmt);
    windows::windowed(function, stmt)
}

/// A loop that runs backwards runs upwards if no iteration sees what another one does.
fn upwards(function: &Function, stmt: Stmt) -> Stmt {
    match stmt {
        Stmt::Derived(DerivedStmt::ForReverse { var, range, body })
            if only_adds(function, &body) =>
        {
            Stmt::For {
                var,
                range,
                body,
                exit: None,
            }
        }
        other => other,
    }
}

fn only_adds(function: &Function, body: &Block) -> bool {
    let mut effects = Effects::of(function, &body.stmts);
    let own = effects.declared.clone();
    effects.forget(&own);
    effects.written.is_empty() && effects.read.is_disjoint(&effects.added)
}
