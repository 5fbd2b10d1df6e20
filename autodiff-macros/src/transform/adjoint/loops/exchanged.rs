//! A list that an iteration exchanges for zeros leaves its memory to the zeros of the next iteration.
//!
//! ```text
//! for _ in (0..n).rev() {                    let mut zero = vec![]
//!     let zero = vec![0.0; k];           =>  for _ in (0..n).rev() {
//!     let t = replace(x_bar, zero);              refill zero, 0.0, k; let t = replace(x_bar, zero);
//!     ..                                         ..
//! }                                              zero = t;
//!                                            }
//! ```
//!
//! *In*: the block of a derivative program. *Out*: the same with the memory passed on; only of lists of numbers that the rest of the iteration
//! borrows and never moves, but to another name.

use super::buffers::{empty, made, only_lent, refill};
use crate::ir::visit::{children_mut, mentions_var};
use crate::ir::{Block, Derived, DerivedStmt, Function, Operand, Place, Rhs, Stmt, VarId, VarKind};

/// The block and those inside.
pub fn passed_on(function: &mut Function, block: &mut Block) {
    let mut out = Vec::with_capacity(block.stmts.len());
    for mut stmt in std::mem::take(&mut block.stmts) {
        let inside = children_mut(&mut stmt).into_iter();
        inside.for_each(|b| passed_on(function, b));
        if let Stmt::Derived(DerivedStmt::ForReverse { body, .. }) = &mut stmt {
            for exchange in exchanges(function, body) {
                function.vars[exchange.zero.0 as usize].kind = VarKind::Mutable;
                out.push(empty(exchange.zero));
                exchange.pass_on(function, body);
            }
        }
        out.push(stmt);
    }
    block.stmts = out;
}

struct Exchange {
    /// The zeros.
    zero: VarId,
    /// The last name of the list that they are exchanged for.
    list: VarId,
}

impl Exchange {
    fn pass_on(&self, function: &mut Function, body: &mut Block) {
        let stmts = std::mem::take(&mut body.stmts).into_iter();
        let refilled = |stmt: Stmt| match made(function, &stmt) {
            Some(list) if list == self.zero => refill(function, stmt),
            _ => vec![stmt],
        };
        body.stmts = stmts.flat_map(refilled).collect();
        body.stmts.push(Stmt::Assign {
            place: Place::var(self.zero),
            value: Operand::Var(self.list),
        });
    }
}

fn exchanges(function: &Function, body: &Block) -> Vec<Exchange> {
    let stmts = body.stmts.iter().enumerate();
    stmts
        .filter_map(|(at, stmt)| exchange(function, body, at, stmt))
        .collect()
}

fn exchange(function: &Function, body: &Block, at: usize, stmt: &Stmt) -> Option<Exchange> {
    let (taken, _, zero) = replaced(stmt)?;
    let made_here = body.stmts[..at]
        .iter()
        .any(|s| made(function, s) == Some(zero));
    let once = body.stmts.iter().filter(|s| mentions_var(s, zero)).count() == 1;
    (made_here && once).then_some(())?;
    let list = last_name(&body.stmts[at + 1..], taken)?;
    Some(Exchange { zero, list })
}

/// What is taken out of which place, and what is left there.
pub fn replaced(stmt: &Stmt) -> Option<(VarId, &Place, VarId)> {
    match stmt {
        Stmt::Let {
            var,
            rhs: Rhs::Derived(Derived::Replace { place, value }),
        } => Some((*var, place, value.as_var()?)),
        _ => None,
    }
}

/// The name that the list has at the end, if nothing but names is given to it.
fn last_name(rest: &[Stmt], list: VarId) -> Option<VarId> {
    let Some(at) = rest.iter().position(|s| mentions_var(s, list)) else {
        return Some(list);
    };
    let after = &rest[at + 1..];
    match renamed(&rest[at], list) {
        Some(name) => {
            let gone = !after.iter().any(|s| mentions_var(s, list));
            gone.then(|| last_name(after, name))?
        }
        None => only_lent(&rest[at..], list).then_some(list),
    }
}

/// The new name that the statement gives to the whole list.
fn renamed(stmt: &Stmt, list: VarId) -> Option<VarId> {
    let Stmt::Let { var, rhs } = stmt else {
        return None;
    };
    let whole = match rhs {
        Rhs::Use(value) => value.as_var() == Some(list),
        Rhs::Read(place) => place.root == list && place.path.is_empty(),
        _ => false,
    };
    whole.then_some(*var)
}
