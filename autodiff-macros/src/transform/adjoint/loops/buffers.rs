//! Lists of numbers that each iteration of a loop makes for itself are made once and filled again.
//!
//! ```text
//! for i in 0..n {                        let mut terms = vec![]
//!     let mut terms = vec![0.0; k]   =>  for i in 0..n {
//!     ..                                     refill terms, 0.0, k
//! }                                          ..
//!                                        }
//! ```
//!
//! *In*: the block of a derivative program. *Out*: the same with the lists outside of all loops. Only what is neither moved nor handed to code
//! that is kept verbatim; it is only borrowed then, element by element or by calls.

use super::exchanged;
use crate::ir::visit::{children, children_mut, own_mentions};
use crate::ir::{
    Aggregate, Arg, Block, Derived, DerivedStmt, Function, Operand, Place, Rhs, Stmt, Ty, VarId,
    VarKind,
};
use proc_macro2::Span;
use std::collections::BTreeSet;

/// The blocks with their lists kept from iteration to iteration. Of a tangent there may be several at once: zeros in the shape of something are left
/// alone where they are asked for no `adjoint`.
pub fn kept(function: &mut Function, blocks: &mut [&mut Block], adjoint: bool) {
    let mut made = Vec::new();
    blocks
        .iter()
        .for_each(|b| lists(function, b, false, &mut made));
    let once = |list: &VarId| made.iter().filter(|(v, _)| v == list).count() == 1;
    let lists = made.iter().filter(|(_, in_loop)| *in_loop).map(|(v, _)| *v);
    let lent = |list: &VarId| blocks.iter().all(|b| only_lent(&b.stmts, *list));
    let asked = |list: &VarId| adjoint || !blocks.iter().any(|b| is_zero(b, *list));
    let lists: BTreeSet<VarId> = lists.filter(|v| once(v) && lent(v) && asked(v)).collect();
    for list in &lists {
        function.vars[list.0 as usize].kind = VarKind::Mutable;
    }
    for block in blocks {
        outside(function, block, &lists);
        if adjoint {
            exchanged::passed_on(function, block);
        }
    }
}

/// The lists of numbers that the block makes, and whether a loop does.
fn lists(function: &Function, block: &Block, in_loop: bool, all: &mut Vec<(VarId, bool)>) {
    for stmt in &block.stmts {
        all.extend(made(function, stmt).map(|list| (list, in_loop)));
        let in_loop = in_loop || is_loop(stmt);
        let inside = children(stmt).into_iter();
        inside.for_each(|b| lists(function, b, in_loop, all));
    }
}

/// Is the list made as a zero anywhere?
fn is_zero(block: &Block, list: VarId) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Let {
            var,
            rhs: Rhs::Derived(Derived::Zero(_)),
        } => *var == list,
        other => children(other).into_iter().any(|b| is_zero(b, list)),
    })
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::Derived(DerivedStmt::ForReverse { .. } | DerivedStmt::Replay { .. })
    )
}

/// The list of numbers that the statement makes.
pub(super) fn made(function: &Function, stmt: &Stmt) -> Option<VarId> {
    let Stmt::Let { var, rhs } = stmt else {
        return None;
    };
    let is_number = |ty: &Ty| ty.is_float() || *ty == Ty::Int;
    let numbers = match rhs {
        Rhs::Repeat {
            vec: true, value, ..
        } => is_number(function.operand_ty(value)),
        Rhs::Derived(Derived::Zero(place)) => {
            let ty = function.place_ty(place);
            let asked = function.asked.contains_key(var);
            // Whether a part of a list needs a zero at all the callee may know.
            ty.zero_element().is_some() && !(asked && matches!(ty, Ty::Slice(_)))
        }
        _ => false,
    };
    numbers.then_some(*var)
}

/// Is the list only read and changed through places?
pub(super) fn only_lent(stmts: &[Stmt], list: VarId) -> bool {
    stmts.iter().all(|stmt| {
        let inside = children(stmt);
        is_lent(stmt, list) && inside.into_iter().all(|b| only_lent(&b.stmts, list))
    })
}

fn is_lent(stmt: &Stmt, list: VarId) -> bool {
    let mut mentioned = false;
    own_mentions(stmt, &mut |v| mentioned |= v == list);
    if !mentioned {
        return true;
    }
    let part = |place: &Place| place.root != list || !place.path.is_empty();
    let other = |value: &Operand| value.as_var() != Some(list);
    let borrowed = |args: &[Arg]| {
        let is_borrowed = |arg: &Arg| match arg {
            Arg::Value(o) => other(o),
            Arg::Ref(_) | Arg::RefMut(_) => true,
            Arg::Function(_) => false,
        };
        args.iter().all(is_borrowed)
    };
    match stmt {
        Stmt::Let { rhs, .. } => match rhs {
            Rhs::Read(place) | Rhs::Derived(Derived::Take(place)) => part(place),
            Rhs::Len(_) | Rhs::Borrow { .. } | Rhs::Clone { .. } => true,
            Rhs::Derived(Derived::Zero(_)) => true,
            Rhs::Derived(Derived::Replace { place, value }) => part(place) && other(value),
            _ => false,
        },
        Stmt::Assign { place, value } | Stmt::Update { place, value, .. } => {
            part(place) && other(value)
        }
        Stmt::Call { call, .. } => borrowed(&call.args),
        Stmt::Derived(derived) => match derived {
            DerivedStmt::Accumulate { value, .. } => other(value),
            DerivedStmt::SetZero(_) => true,
            DerivedStmt::CallForward { call, .. } => borrowed(&call.args),
            DerivedStmt::CallBackward {
                call, cotangent, ..
            } => borrowed(&call.args) && cotangent.parts().iter().all(|p| other(p.operand())),
            DerivedStmt::CallBackwardTangent {
                call,
                args,
                cotangent,
                cotangent_dot,
                ..
            } => {
                let parts = [cotangent.parts(), cotangent_dot.parts()];
                let given = parts.iter().flat_map(|parts| parts.iter());
                borrowed(&call.args)
                    && borrowed(args)
                    && given.into_iter().all(|p| other(p.operand()))
            }
            DerivedStmt::CallTangent { call, args, .. }
            | DerivedStmt::CallForwardTangent { call, args, .. } => {
                borrowed(&call.args) && borrowed(args)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Declares the lists before the outermost loops and fills them where they were made.
fn outside(function: &mut Function, block: &mut Block, lists: &BTreeSet<VarId>) {
    let mut out = Vec::with_capacity(block.stmts.len());
    for mut stmt in std::mem::take(&mut block.stmts) {
        if is_loop(&stmt) {
            let mut found = Vec::new();
            refilled(function, &mut stmt, lists, &mut found);
            out.extend(found.into_iter().map(empty));
        } else {
            let inside = children_mut(&mut stmt);
            inside.into_iter().for_each(|b| outside(function, b, lists));
        }
        out.push(stmt);
    }
    block.stmts = out;
}

pub(super) fn empty(var: VarId) -> Stmt {
    let rhs = Rhs::Aggregate(Aggregate::Vec, Vec::new());
    Stmt::Let { var, rhs }
}

fn refilled(
    function: &mut Function,
    stmt: &mut Stmt,
    lists: &BTreeSet<VarId>,
    found: &mut Vec<VarId>,
) {
    for block in children_mut(stmt) {
        let mut out = Vec::with_capacity(block.stmts.len());
        for mut stmt in std::mem::take(&mut block.stmts) {
            refilled(function, &mut stmt, lists, found);
            match made(function, &stmt).filter(|list| lists.contains(list)) {
                Some(list) => {
                    found.push(list);
                    out.extend(refill(function, stmt));
                }
                None => out.push(stmt),
            }
        }
        block.stmts = out;
    }
}

/// Fills the list that the statement makes.
pub(super) fn refill(function: &mut Function, stmt: Stmt) -> Vec<Stmt> {
    let refill = |list, value, len| Stmt::Derived(DerivedStmt::Refill { list, value, len });
    match stmt {
        Stmt::Let {
            var,
            rhs: Rhs::Repeat { value, len, .. },
        } => vec![refill(var, value, len)],
        Stmt::Let {
            var,
            rhs: Rhs::Derived(Derived::Zero(place)),
        } if let Some(value) = function.place_ty(&place).zero_element() => {
            let len = function.fresh("t", Span::mixed_site(), Ty::Int, VarKind::Value);
            let count = Stmt::Let {
                var: len,
                rhs: Rhs::Len(place),
            };
            vec![count, refill(var, value, Operand::Var(len))]
        }
        other => vec![other],
    }
}
