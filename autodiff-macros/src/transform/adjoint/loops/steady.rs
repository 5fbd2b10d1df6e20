//! Integers that a loop computes anew in each iteration and that are always the same: what rows of a matrix begin with.
//!
//! ```text
//! for j in 0..n {                          let row = i * n;
//!     let row = i * n;             =>      let x_part = &x[row..row + n];
//!     y += x[row + j];                     for j in 0..n { y += x_part[j]; }
//! }
//! ```
//!
//! They are computed where an iteration follows for sure: an overflow comes as before.

use super::windows::Counted;
use crate::ir::visit::declared;
use crate::ir::{Function, Op, Operand, Rhs, Stmt, Ty, VarId, VarKind};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};

/// Takes them out of the body of a loop; of two that are equal the second one becomes the first one.
pub fn taken(function: &Function, counted: &mut Counted) -> Vec<Stmt> {
    let mut locals: BTreeSet<VarId> = counted.body.stmts.iter().flat_map(declared).collect();
    locals.insert(counted.var);
    let mut equal: BTreeMap<String, VarId> = BTreeMap::new();
    let mut steady = Vec::new();
    for stmt in std::mem::take(&mut counted.body.stmts) {
        match arithmetic(function, &stmt, &locals) {
            Some((var, text)) => {
                locals.remove(&var);
                let first = *equal.entry(text).or_insert(var);
                let again = Rhs::Use(Operand::Var(first));
                steady.push(if first == var {
                    stmt
                } else {
                    Stmt::Let { var, rhs: again }
                });
            }
            None => counted.body.stmts.push(stmt),
        }
    }
    steady
}

/// The integer that a statement binds, if it is made of what the loop finds there, and what it is.
fn arithmetic(
    function: &Function,
    stmt: &Stmt,
    locals: &BTreeSet<VarId>,
) -> Option<(VarId, String)> {
    let Stmt::Let {
        var,
        rhs: Rhs::Op(op, args),
    } = stmt
    else {
        return None;
    };
    let known = matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem);
    let integer = function.var(*var).ty == Ty::Int;
    let fixed = |o: &Operand| match o {
        Operand::Const(_) => true,
        Operand::Var(v) => is_value(function, *v) && !locals.contains(v),
    };
    let steady = known && integer && is_value(function, *var) && args.iter().all(fixed);
    let typed = args.iter().any(|o| o.as_var().is_some());
    let texts: Vec<String> = args.iter().map(text).collect();
    (steady && typed).then(|| (*var, format!("{op:?} {}", texts.join(" "))))
}

fn is_value(function: &Function, var: VarId) -> bool {
    matches!(function.var(var).kind, VarKind::Value)
}

fn text(operand: &Operand) -> String {
    match operand {
        Operand::Var(v) => format!("_{}", v.0),
        Operand::Const(c) => c.expr.to_token_stream().to_string(),
    }
}
