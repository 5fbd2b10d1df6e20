//! What is added to a number that was set to zero just before is assigned: LLVM has to keep `0.0 + x`, which is not `x` for a negative zero.
//!
//! ```text
//! let t = take(x_bar[i]);              let t = take(x_bar[i]);
//! ..                             =>    ..
//! x_bar[i] += s;                       x_bar[i] = s;
//! ```
//!
//! Within a block, as long as nothing else mentions the variable; an adjoint that is zero has no sign that matters.

use crate::ir::visit::{children_mut, mentions};
use crate::ir::{
    Block, Derived, DerivedStmt, Function, Op, Operand, Place, Proj, Rhs, Stmt, VarId, VarKind,
};
use proc_macro2::Span;
use std::collections::BTreeMap;

/// The zeros that are known, by variable.
type Zeros = BTreeMap<VarId, String>;

/// The block and those inside.
pub fn assigned(function: &mut Function, block: &mut Block) {
    let mut zeros = Zeros::new();
    for mut stmt in std::mem::take(&mut block.stmts) {
        for inner in children_mut(&mut stmt) {
            assigned(function, inner);
        }
        let sum = sum_to_zero(function, &stmt, &zeros);
        forget(function, &stmt, &mut zeros);
        zeros.extend(zeroed(function, &stmt).map(|p| (p.root, path(p))));
        match sum {
            Some(assign) => block.stmts.extend(assign),
            None => block.stmts.push(stmt),
        }
    }
}

/// The number that is zero after the statement.
fn zeroed<'a>(function: &Function, stmt: &'a Stmt) -> Option<&'a Place> {
    let place = match stmt {
        Stmt::Let {
            rhs: Rhs::Derived(Derived::Take(place)),
            ..
        }
        | Stmt::Derived(DerivedStmt::SetZero(place)) => place,
        _ => return None,
    };
    let number = function.place_ty(&function.resolve(place)).is_float();
    number.then_some(place)
}

fn path(place: &Place) -> String {
    place.path.iter().map(Proj::text).collect()
}

/// An addition to a zero, as an assignment.
fn sum_to_zero(function: &mut Function, stmt: &Stmt, zeros: &Zeros) -> Option<Vec<Stmt>> {
    let Stmt::Derived(DerivedStmt::Accumulate {
        place,
        value,
        negate,
    }) = stmt
    else {
        return None;
    };
    if zeros.get(&place.root)? != &path(place) {
        return None;
    }
    let (place, mut value, mut out) = (place.clone(), value.clone(), Vec::new());
    if *negate {
        let ty = function.operand_ty(&value).clone();
        let var = function.fresh("t", Span::mixed_site(), ty, VarKind::Value);
        let rhs = Rhs::Op(Op::Neg, vec![value]);
        out.push(Stmt::Let { var, rhs });
        value = Operand::Var(var);
    }
    out.push(Stmt::Assign { place, value });
    Some(out)
}

/// Whatever the statement mentions may not be zero any more, under any name.
fn forget(function: &Function, stmt: &Stmt, zeros: &mut Zeros) {
    let root = |v| function.resolve(&Place::var(v)).root;
    let mut gone = Vec::new();
    mentions(stmt, &mut |v| gone.push(root(v)));
    zeros.retain(|v, _| !gone.contains(&root(*v)));
}
