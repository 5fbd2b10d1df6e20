//! What is added to a number that was set to zero just before is assigned: LLVM has to keep `0.0 + x`, which is not `x` for a negative zero.
//!
//! ```text
//! let t = take(x_bar[i]);              let t = take(x_bar[i]);
//! ..                             =>    ..
//! x_bar[i] += s;                       x_bar[i] = s;
//! ```
//!
//! The same for a list, where the zeros need not be made at all:
//!
//! ```text
//! let zero = vec![0.0; n];             let zero = vec![];
//! let t = replace(x_bar, zero);        let t = replace(x_bar, zero);
//! ..                             =>    ..
//! x_bar += s;                          x_bar = s;
//! ```
//!
//! Within a block, as long as nothing else mentions the variable; an adjoint that is zero has no sign that matters.

use super::exchanged::replaced;
use crate::ir::visit::{children_mut, declared, mentions, mentions_var};
use crate::ir::{
    Aggregate, Block, Derived, DerivedStmt, Function, Op, Operand, Place, Proj, Rhs, Stmt, VarId,
    VarKind,
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

/// The lists of zeros that nothing reads before the first addition to them, which becomes an assignment.
pub fn lists_assigned(block: &mut Block) {
    for stmt in &mut block.stmts {
        children_mut(stmt).into_iter().for_each(lists_assigned);
    }
    for at in (0..block.stmts.len()).rev() {
        let Some((list, zero)) = exchanged(&block.stmts[at]) else {
            continue;
        };
        let once = block.stmts.iter().filter(|s| mentions_var(s, zero)).count() == 1;
        let (before, after) = block.stmts.split_at_mut(at + 1);
        if once
            && let Some(made) = before.iter().position(|s| makes_zeros(s, zero))
            && let Some(sum) = first_sum(after, list)
        {
            after[sum] = assignment(&after[sum]);
            before[made] = nothing(zero);
        }
    }
}

/// A list whose adjoint is taken out, and the zeros that are left.
fn exchanged(stmt: &Stmt) -> Option<(VarId, VarId)> {
    let (_, place, zero) = replaced(stmt)?;
    place.path.is_empty().then_some((place.root, zero))
}

fn makes_zeros(stmt: &Stmt, zero: VarId) -> bool {
    matches!(stmt, Stmt::Let { var, rhs: Rhs::Repeat { vec: true, .. } } if *var == zero)
}

/// The first statement that mentions the list, if it adds to the whole of it what these statements make and nothing after it uses.
fn first_sum(stmts: &[Stmt], list: VarId) -> Option<usize> {
    let at = stmts.iter().position(|s| mentions_var(s, list))?;
    let Stmt::Derived(DerivedStmt::Accumulate {
        place,
        value,
        negate: false,
    }) = &stmts[at]
    else {
        return None;
    };
    let value = value.as_var()?;
    let borrowed = |s: &Stmt| {
        matches!(
            s,
            Stmt::Let {
                rhs: Rhs::Borrow { .. },
                ..
            }
        )
    };
    let makes = |s: &Stmt| declared(s).contains(&value) && !borrowed(s);
    let own = stmts[..at].iter().any(makes);
    let free = !stmts[at + 1..].iter().any(|s| mentions_var(s, value));
    (place.path.is_empty() && own && free).then_some(at)
}

fn assignment(sum: &Stmt) -> Stmt {
    match sum {
        Stmt::Derived(DerivedStmt::Accumulate { place, value, .. }) => Stmt::Assign {
            place: place.clone(),
            value: value.clone(),
        },
        other => other.clone(),
    }
}

fn nothing(list: VarId) -> Stmt {
    Stmt::Let {
        var: list,
        rhs: Rhs::Aggregate(Aggregate::Vec, Vec::new()),
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
