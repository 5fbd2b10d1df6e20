//! What is used as an index is an integer, and so is what it was read from: no derivative flows through it.
//!
//! ```text
//! let (i, j) = cell(x, y); grid[i][j] * (x - i as f64)       cell need not be annotated
//! for &i in order(x).iter() { sum += x[i] }                  nor order
//! ```

use crate::ir::visit::{children, place_operands, places_mut, range_operands};
use crate::ir::{Block, Function, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};

/// Settles the types of integers that only their use tells.
pub fn settle(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    for var in used(function, &mut body) {
        is(function, var, Ty::Int);
    }
    while read(function, &body) {}
    function.body = body;
}

/// The indices of all places, and what loops run to.
fn used(function: &Function, body: &mut Block) -> Vec<VarId> {
    let mut all = Vec::new();
    let mut of_place = |place: &Place| {
        place_operands(place, &mut |o| all.extend(o.as_var()));
    };
    for stmt in &mut body.stmts {
        places_mut(stmt, &mut |place| of_place(place));
    }
    for var in &function.vars {
        if let VarKind::View { target, .. } = &var.kind {
            of_place(target);
        }
    }
    ranges(body, &mut all);
    all
}

fn ranges(block: &Block, all: &mut Vec<VarId>) {
    for stmt in &block.stmts {
        if let Stmt::For { range, .. } = stmt {
            range_operands(range, &mut |o| all.extend(o.as_var()));
        }
        children(stmt).into_iter().for_each(|b| ranges(b, all));
    }
}

/// Follows integers to where they were read from. Was anything found?
fn read(function: &mut Function, block: &Block) -> bool {
    let mut found = false;
    for stmt in &block.stmts {
        if let Stmt::Let { var, rhs } = stmt
            && function.var(*var).ty == Ty::Int
        {
            found |= match rhs {
                Rhs::Read(place) => source(function, place),
                Rhs::Use(Operand::Var(from)) => is(function, *from, Ty::Int),
                _ => false,
            };
        }
        for child in children(stmt) {
            found |= read(function, child);
        }
    }
    found
}

/// What an integer was read from.
fn source(function: &mut Function, place: &Place) -> bool {
    let place = function.resolve(place);
    let mut path = place.path.iter().filter(|p| !matches!(p, Proj::Deref));
    match (path.next(), path.next()) {
        (None, _) => is(function, place.root, Ty::Int),
        (Some(Proj::Index(_)), None) => is(function, place.root, Ty::Inert),
        _ => false,
    }
}

/// Gives a variable its type. Was that news?
fn is(function: &mut Function, var: VarId, ty: Ty) -> bool {
    let known = &mut function.vars[var.0 as usize].ty;
    let new = *known == Ty::Unknown;
    if new {
        *known = ty;
    }
    new
}
