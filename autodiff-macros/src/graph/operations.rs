//! How much a program computes, as it is written: arithmetic on what is no integer, functions and calls, the body of a loop counted once.

use crate::ir::visit::children;
use crate::ir::{Block, Derived, DerivedStmt, Function, Op, Rhs, Stmt, Ty, VarId};

/// The operations of these blocks.
pub fn count(function: &Function, blocks: &[&Block]) -> usize {
    let stmts = blocks.iter().flat_map(|b| &b.stmts);
    let counts = stmts.map(|stmt| {
        let own = usize::from(computes(function, stmt));
        own + count(function, &children(stmt))
    });
    counts.sum()
}

fn computes(function: &Function, stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Let { var, rhs } => binds(function, *var, rhs),
        Stmt::Update { op, place, .. } => {
            is_arithmetic(*op) && function.place_ty(&function.resolve(place)) != Ty::Int
        }
        Stmt::Call { .. } => true,
        Stmt::Derived(derived) => matches!(
            derived,
            DerivedStmt::Accumulate { .. }
                | DerivedStmt::AccumulateShare { .. }
                | DerivedStmt::AccumulatePlace { .. }
                | DerivedStmt::CallForward { .. }
                | DerivedStmt::CallBackward { .. }
                | DerivedStmt::CallTangent { .. }
        ),
        _ => false,
    }
}

fn binds(function: &Function, var: VarId, rhs: &Rhs) -> bool {
    match rhs {
        Rhs::Op(op, _) | Rhs::Dispatch { op, .. } => {
            is_arithmetic(*op) && function.var(var).ty != Ty::Int
        }
        Rhs::Rule { .. } => true,
        Rhs::Derived(derived) => matches!(
            derived,
            Derived::Partial { .. } | Derived::Times(..) | Derived::Share(_)
        ),
        _ => false,
    }
}

fn is_arithmetic(op: Op) -> bool {
    matches!(
        op,
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem | Op::Neg
    )
}
