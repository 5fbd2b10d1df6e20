//! Scalar functions of few scalars: their partial derivatives take less room than what the reverse part would need to compute them.
//!
//! ```text
//! forward              reverse(y_bar, x_bar)         forward                    reverse(y_bar, x_bar)
//! let t = exp(x)       let t_bar = y_bar * 2 t       let t = exp(x)             *x_bar += y_bar * x_slope
//! let y = t * t        *x_bar += t_bar * t      =>   let y = t * t
//!                                                    let t_bar = 1 * 2 t
//!                                                    let x_slope = t_bar * t
//! ```
//!
//! The reverse part runs in the forward part, with one for the adjoint of the result. A zero adjoint still wins over an infinite slope,
//! where there may be one: a test that is never needed would stand in the way of merging what the functions compute.

use super::Adjoint;
use super::risk::{Risk, risks};
use crate::ir::visit::{block_mentions, declared};
use crate::ir::{
    Asked, Block, Const, Derived, DerivedStmt, FloatTy, Function, Op, Operand, ParamMode, Place,
    Proj, Rhs, Stmt, Ty, VarId, VarKind, Wins,
};
use proc_macro2::Span;
use std::collections::BTreeSet;

/// The adjoint with its partial derivatives computed beforehand, if that is less to keep.
pub fn accumulated(adjoint: Adjoint) -> Adjoint {
    let Some(cotangent) = adjoint.cotangent.filter(|_| is_scalar(&adjoint)) else {
        return adjoint;
    };
    let (reverse, sums) = split(&adjoint);
    if captured(&adjoint) <= sums.len() || mentions_slots(&adjoint, &reverse) {
        return adjoint;
    }
    let mut adjoint = adjoint;
    let function = &mut adjoint.function;
    let ty = function.var(cotangent).ty.clone();
    let Some(one) = one(&ty) else { return adjoint };
    let seed = Stmt::Let {
        var: cotangent,
        rhs: Rhs::Use(one),
    };
    let given = function.fresh("cotangent", Span::mixed_site(), ty, VarKind::Value);
    let (mut slopes, mut products) = (Vec::new(), Vec::new());
    let risks = risks(function, &reverse);
    for (place, value, negate) in sums {
        let risk = value.as_var().and_then(|v| risks.get(&v));
        let sum = (place, value, negate);
        let (slope, product) = partial(function, given, sum, risk.unwrap_or(&Risk::default()));
        slopes.push(slope);
        products.extend(product);
    }
    adjoint.cotangent = Some(given);
    let forward = std::mem::take(&mut adjoint.forward.stmts);
    let there: BTreeSet<VarId> = forward.iter().flat_map(declared).collect();
    let again = |s: &Stmt| declared(s).iter().any(|v| there.contains(v));
    let reverse = reverse.into_iter().filter(|s| !again(s)).collect();
    adjoint.forward = Block::new([forward, vec![seed], reverse, slopes].concat());
    adjoint.reverse = Block::new(products);
    adjoint
}

/// One scalar of several scalars of its type by value, nothing behind `&mut`, and nobody who looks at the adjoints. No functions: what those capture is given its adjoint by their
/// pullbacks, which therefore have to run with the adjoint itself.
fn is_scalar(adjoint: &Adjoint) -> bool {
    let function = &adjoint.function;
    if function.watch.is_some() || function.shown.is_some() {
        return false;
    }
    let Some(result) = adjoint.result.as_ref().and_then(Operand::as_var) else {
        return false;
    };
    let ty = &function.var(result).ty;
    let fits = |p: &crate::ir::Param| match p.mode {
        ParamMode::Value => !p.active || function.var(p.var).ty == *ty,
        ParamMode::Ref => !p.active,
        ParamMode::RefMut => false,
    };
    ty.is_float()
        && function
            .params
            .iter()
            .all(|p| p.function.is_none() && fits(p))
}

/// What is added to a slot, with its sign.
type Sum = (Place, Operand, bool);

/// The reverse part without what it adds to the slots, and that.
fn split(adjoint: &Adjoint) -> (Vec<Stmt>, Vec<Sum>) {
    let (mut rest, mut sums) = (Vec::new(), Vec::new());
    let is_slot = |place: &Place| {
        let whole = matches!(place.path.as_slice(), [Proj::Deref]);
        whole && adjoint.slots.contains(&Some(place.root))
    };
    for stmt in &adjoint.reverse.stmts {
        match stmt {
            Stmt::Derived(DerivedStmt::Accumulate {
                place,
                value,
                negate,
            }) if is_slot(place) => sums.push((place.clone(), value.clone(), *negate)),
            other => rest.push(other.clone()),
        }
    }
    (rest, sums)
}

/// How many values of the forward part the reverse part needs.
fn captured(adjoint: &Adjoint) -> usize {
    let forward = adjoint.forward.stmts.iter().flat_map(declared);
    let by_value = adjoint.function.params.iter();
    let by_value = by_value.filter(|p| p.mode == ParamMode::Value);
    let there: BTreeSet<VarId> = forward.chain(by_value.map(|p| p.var)).collect();
    let mut needed: BTreeSet<VarId> = BTreeSet::new();
    block_mentions(&adjoint.reverse, &mut |v| {
        needed.extend(there.get(&v));
    });
    let again: BTreeSet<VarId> = adjoint.reverse.stmts.iter().flat_map(declared).collect();
    needed.difference(&again).count()
}

fn mentions_slots(adjoint: &Adjoint, reverse: &[Stmt]) -> bool {
    let mut found = false;
    block_mentions(&Block::new(reverse.to_vec()), &mut |v| {
        found |= adjoint.slots.contains(&Some(v));
    });
    found
}

/// One, of a type that a literal can have.
fn one(ty: &Ty) -> Option<Operand> {
    let known = matches!(ty, Ty::Float(FloatTy::F32 | FloatTy::F64));
    let one = Const {
        expr: syn::parse_quote!(1.0),
        ty: ty.clone(),
    };
    known.then_some(Operand::Const(one))
}

/// `let slope = value`, and `slot += cotangent * slope`.
fn partial(
    function: &mut Function,
    cotangent: VarId,
    (place, value, negate): Sum,
    risk: &Risk,
) -> (Stmt, [Stmt; 2]) {
    let ty = function.operand_ty(&value).clone();
    let mut fresh = |hint| function.fresh(hint, Span::mixed_site(), ty.clone(), VarKind::Value);
    let (slope, product) = (fresh("slope"), fresh("t"));
    let keep = Stmt::Let {
        var: slope,
        rhs: Rhs::Use(value),
    };
    let (seed, slope) = (Operand::Var(cotangent), Operand::Var(slope));
    let rhs = if risk.own || !risk.calls.is_empty() {
        Rhs::Derived(Derived::Times(seed, slope, Wins::Seed))
    } else {
        Rhs::Op(Op::Mul, vec![seed, slope])
    };
    if !risk.own && !risk.calls.is_empty() {
        let asked = Asked::Slopes(risk.calls.clone());
        function.asked.insert(product, asked);
    }
    let multiply = Stmt::Let { var: product, rhs };
    let add = Stmt::Derived(DerivedStmt::Accumulate {
        place,
        value: Operand::Var(product),
        negate,
    });
    (keep, [multiply, add])
}
