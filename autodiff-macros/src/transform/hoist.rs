//! Arithmetic on floats, and what integers are as floats, that is the same in all iterations of a loop is done before it: nothing of it has to be recorded, and its adjoint is
//! passed on once.
//!
//! ```text
//! for i in 0..n {                let t = h / 6
//!     let t = h / 6       =>     for i in 0..n {
//!     y[i] += t * k[i]               y[i] += t * k[i]
//! }                              }
//! ```
//!
//! Only what cannot fail moves, and nothing out of a branch.

use crate::ir::visit::{children_mut, declared, rhs_operands};
use crate::ir::{Block, Function, Op, Rhs, Stmt, Ty, VarId, VarKind};
use std::collections::BTreeSet;

/// Rewrites the body of `function`.
pub fn hoist(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    block(function, &mut body);
    function.body = body;
}

fn block(function: &Function, block_: &mut Block) {
    let mut out = Vec::with_capacity(block_.stmts.len());
    for mut stmt in std::mem::take(&mut block_.stmts) {
        for inner in children_mut(&mut stmt) {
            block(function, inner);
        }
        if let Stmt::For { body, var, .. } = &mut stmt {
            out.extend(steady(function, *var, body));
        }
        out.push(stmt);
    }
    block_.stmts = out;
}

/// Takes what is the same in all iterations out of the body of a loop.
fn steady(function: &Function, index: VarId, body: &mut Block) -> Vec<Stmt> {
    let mut inside: BTreeSet<VarId> = body.stmts.iter().flat_map(declared).collect();
    inside.insert(index);
    let mut taken = Vec::new();
    let mut kept = Vec::new();
    for stmt in std::mem::take(&mut body.stmts) {
        if is_steady(function, &stmt, &inside) {
            declared(&stmt).iter().for_each(|v| {
                inside.remove(v);
            });
            taken.push(stmt);
        } else {
            kept.push(stmt);
        }
    }
    body.stmts = kept;
    taken
}

fn is_steady(function: &Function, stmt: &Stmt, inside: &BTreeSet<VarId>) -> bool {
    let Stmt::Let { var, rhs } = stmt else {
        return false;
    };
    let arithmetic = matches!(
        rhs,
        Rhs::Op(Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Neg, _) | Rhs::Rule { .. }
    );
    let cast = matches!(rhs, Rhs::Cast(..));
    let var = function.var(*var);
    let value = matches!(var.kind, VarKind::Value);
    let mut outside = true;
    rhs_operands(rhs, &mut |o| {
        let ty = function.operand_ty(o);
        outside &= o.as_var().is_none_or(|v| !inside.contains(&v));
        outside &= ty.is_float() || cast && *ty == Ty::Int;
    });
    (arithmetic || cast) && value && var.ty.is_float() && outside
}
