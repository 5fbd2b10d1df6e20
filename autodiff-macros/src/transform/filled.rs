//! A list that a loop of known length pushes its numbers to has that length from the start.
//!
//! ```text
//! let mut v = vec![]                 let mut v = vec![0; n]
//! for k in 0..n {            =>      for k in 0..n {
//!     v.push(f(k))                       v[k] = f(k)
//! }                                  }
//! ```
//!
//! What the adjoint does to its elements then looks the same as for any list, and nothing has to grow.

mod lengths;

use crate::ir::visit::{children_mut, mentions_var};
use crate::ir::{
    Aggregate, Block, Function, Operand, Place, Proj, Range, Rhs, Stmt, VarId, VarKind,
};
use lengths::Lengths;

/// Rewrites the body of `function`.
pub fn filled(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let lengths = Lengths::of(function, &body);
    block(function, &lengths, &mut body);
    function.body = body;
}

fn block(function: &Function, lengths: &Lengths, block_: &mut Block) {
    let stmts = &mut block_.stmts;
    stmts
        .iter_mut()
        .flat_map(children_mut)
        .for_each(|inner| block(function, lengths, inner));
    for at in (0..stmts.len()).rev() {
        let Some((list, zero)) = empty(function, &stmts[at]) else {
            continue;
        };
        let mentioned = |s: &Stmt| mentions_var(s, list);
        let Some(next) = stmts[at + 1..].iter().position(mentioned) else {
            continue;
        };
        let next = at + 1 + next;
        if let Some(len) = fills(lengths, &mut stmts[next], list) {
            let made = Rhs::Repeat {
                vec: true,
                value: zero,
                len,
            };
            stmts.remove(at);
            let (var, rhs) = (list, made);
            stmts.insert(next - 1, Stmt::Let { var, rhs });
        }
    }
}

/// An empty list of numbers that a statement makes, and the zero of its elements.
fn empty(function: &Function, stmt: &Stmt) -> Option<(VarId, Operand)> {
    let Stmt::Let {
        var,
        rhs: Rhs::Aggregate(Aggregate::Vec, parts),
    } = stmt
    else {
        return None;
    };
    let known = function.var(*var);
    let fresh = parts.is_empty() && matches!(known.kind, VarKind::Mutable);
    let zero = known.ty.zero_element()?;
    fresh.then_some((*var, zero))
}

/// If each iteration of a loop pushes one number, and does nothing else with the list, it assigns it from now on. The length of the list.
fn fills(lengths: &Lengths, stmt: &mut Stmt, list: VarId) -> Option<Operand> {
    let Stmt::For {
        var,
        range,
        body,
        exit: None,
    } = stmt
    else {
        return None;
    };
    let len = lengths.counted(*var, range)?;
    let mut mentions = body.stmts.iter().filter(|s| mentions_var(s, list));
    let (Some(Stmt::Push { .. }), None) = (mentions.next(), mentions.next()) else {
        return None;
    };
    for stmt in &mut body.stmts {
        if let Stmt::Push { place, value } = stmt
            && place.root == list
        {
            let place = Place::var(list).then(Proj::Index(Operand::Var(*var)));
            let value = value.clone();
            *stmt = Stmt::Assign { place, value };
        }
    }
    Some(len)
}

impl Lengths {
    /// How many iterations there are, if that is surely a length and they are numbered from zero.
    fn counted(&self, var: VarId, range: &Range) -> Option<Operand> {
        let plain = !range.inclusive && !range.rev && range.step.is_none();
        let from_zero = match &range.lo {
            Operand::Const(c) => super::adjoint::loops::literal(&c.expr) == Some(0),
            Operand::Var(_) => false,
        };
        (plain && from_zero && self.is_one(var)).then(|| range.hi.clone())
    }
}
