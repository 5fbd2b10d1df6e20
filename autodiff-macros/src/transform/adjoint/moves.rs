//! Which variables a program moves out of: what they held is not there any more when the reverse part runs.

use crate::ir::visit::children;
use crate::ir::{Arg, Block, Call, Function, Operand, Place, Proj, Rhs, Stmt, Ty, VarId};
use std::collections::BTreeSet;

/// The variables that are moved anywhere in a function, its result among them.
pub fn moved(function: &Function) -> BTreeSet<VarId> {
    let mut all = BTreeSet::new();
    collect(function, &function.body, &mut all);
    let result = function.result.as_ref().and_then(Operand::as_var);
    all.extend(result.filter(|v| !function.var(*v).ty.is_copy()));
    all
}

fn collect(function: &Function, block: &Block, all: &mut BTreeSet<VarId>) {
    for stmt in &block.stmts {
        all.extend(own_moves(function, stmt));
        for child in children(stmt) {
            collect(function, child, all);
        }
    }
}

/// The variables that get a new value after they were moved: what they held is asked for its shape there.
pub fn made_again(function: &Function) -> BTreeSet<VarId> {
    let (mut gone, mut again) = (BTreeSet::new(), BTreeSet::new());
    walk(function, &function.body, &mut gone, &mut again);
    again
}

fn walk(
    function: &Function,
    block: &Block,
    gone: &mut BTreeSet<VarId>,
    again: &mut BTreeSet<VarId>,
) {
    for stmt in &block.stmts {
        gone.extend(own_moves(function, stmt));
        if let Stmt::Assign { place, .. } = stmt
            && place.path.is_empty()
            && gone.remove(&place.root)
        {
            again.insert(place.root);
        }
        // What the end of a loop moves is gone where it begins again.
        let rounds = if matches!(stmt, Stmt::If { .. }) {
            1
        } else {
            2
        };
        for _ in 0..rounds {
            for child in children(stmt) {
                walk(function, child, gone, again);
            }
        }
    }
}

/// Does the statement, or one inside it, move the variable?
pub fn moves(function: &Function, stmt: &Stmt, var: VarId) -> bool {
    own_moves(function, stmt).contains(&var)
        || children(stmt)
            .into_iter()
            .any(|b| b.stmts.iter().any(|s| moves(function, s, var)))
}

/// The same without code that is kept verbatim, which may only look at it.
pub fn moves_surely(function: &Function, stmt: &Stmt, var: VarId) -> bool {
    let verbatim = matches!(
        stmt,
        Stmt::Let {
            rhs: Rhs::Inert(_),
            ..
        }
    );
    !verbatim && own_moves(function, stmt).contains(&var)
        || children(stmt)
            .into_iter()
            .any(|b| b.stmts.iter().any(|s| moves_surely(function, s, var)))
}

fn own_moves(function: &Function, stmt: &Stmt) -> Vec<VarId> {
    match stmt {
        Stmt::Let { rhs, .. } => rhs_moves(function, rhs),
        Stmt::Assign { value, .. } | Stmt::Push { value, .. } => operands(function, [value]),
        Stmt::Call { call, .. } => call_moves(function, call),
        Stmt::Derived(crate::ir::DerivedStmt::CallForward { call, .. }) => {
            call_moves(function, call)
        }
        _ => Vec::new(),
    }
}

fn rhs_moves(function: &Function, rhs: &Rhs) -> Vec<VarId> {
    match rhs {
        Rhs::Use(value) | Rhs::Repeat { value, .. } => operands(function, [value]),
        Rhs::Aggregate(_, parts) => operands(function, parts),
        Rhs::Read(place) => {
            let moves = moves_out_of(function, place);
            moves.then_some(place.root).into_iter().collect()
        }
        Rhs::Inert(inert) => {
            let owned = |v: &&VarId| {
                let ty = &function.var(**v).ty;
                matches!(ty, Ty::Vec(_) | Ty::Matrix(_) | Ty::Factors(..) | Ty::Inert)
            };
            inert.uses.iter().filter(owned).copied().collect()
        }
        _ => Vec::new(),
    }
}

/// Does reading the place move what it holds?
pub fn moves_out_of(function: &Function, place: &Place) -> bool {
    let through = |p: &Proj| matches!(p, Proj::Deref | Proj::Index(_));
    !place.path.iter().any(through) && !function.place_ty(place).is_copy()
}

fn call_moves(function: &Function, call: &Call) -> Vec<VarId> {
    let values = call.args.iter().filter_map(|arg| match arg {
        Arg::Value(o) => Some(o),
        _ => None,
    });
    operands(function, values)
}

fn operands<'a>(
    function: &Function,
    operands: impl IntoIterator<Item = &'a Operand>,
) -> Vec<VarId> {
    let vars = operands.into_iter().filter_map(Operand::as_var);
    vars.filter(|v| !function.var(*v).ty.is_copy()).collect()
}
