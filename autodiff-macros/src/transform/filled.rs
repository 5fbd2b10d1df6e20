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

use super::adjoint::loops::{number, starts_at_zero};
use super::lengths::Lengths;
use crate::ir::visit::{children_mut, mentions_var};
use crate::ir::{
    Aggregate, Block, Function, Inert, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarId,
    VarKind,
};
use proc_macro2::Span;

/// Rewrites the body of `function`.
pub fn filled(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let lengths = Lengths::of(function, &[&body]);
    block(function, &lengths, &mut body);
    function.body = body;
}

fn block(function: &mut Function, lengths: &Lengths, block_: &mut Block) {
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
        if let Some((mut made, len)) = fills(function, lengths, &mut stmts[next], list) {
            let rhs = Rhs::Repeat {
                vec: true,
                value: zero,
                len,
            };
            made.push(Stmt::Let { var: list, rhs });
            stmts.splice(next..next, made);
            stmts.remove(at);
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

/// If each iteration of a loop pushes one number, and does nothing else with the list, it assigns it from now on. The length of the list, and
/// what computes it.
fn fills(
    function: &mut Function,
    lengths: &Lengths,
    stmt: &mut Stmt,
    list: VarId,
) -> Option<(Vec<Stmt>, Operand)> {
    let Stmt::For {
        var,
        range,
        body,
        exit: None,
    } = stmt
    else {
        return None;
    };
    let plain = !range.rev && range.step.is_none() && lengths.is_one(*var);
    let mut mentions = body.stmts.iter().filter(|s| mentions_var(s, list));
    let (true, Some(Stmt::Push { .. }), None) = (plain, mentions.next(), mentions.next()) else {
        return None;
    };
    let is_push = |s: &Stmt| matches!(s, Stmt::Push { place, .. } if place.root == list);
    let at = body.stmts.iter().position(is_push)?;
    if let Stmt::Push { value, .. } = body.stmts[at].clone() {
        let (before, index) = position(function, *var, range);
        let place = Place::var(list).then(Proj::Index(index));
        body.stmts[at] = Stmt::Assign { place, value };
        body.stmts.splice(at..at, before);
    }
    Some(count(function, range))
}

/// Which iteration it is, from zero on.
fn position(function: &mut Function, var: VarId, range: &Range) -> (Option<Stmt>, Operand) {
    if starts_at_zero(range) {
        return (None, Operand::Var(var));
    }
    let args = vec![Operand::Var(var), range.lo.clone()];
    let (stmt, at) = integer(function, Rhs::Op(Op::Sub, args));
    (Some(stmt), at)
}

/// How many iterations there are.
fn count(function: &mut Function, range: &Range) -> (Vec<Stmt>, Operand) {
    let (mut out, mut end) = (Vec::new(), range.hi.clone());
    if range.inclusive {
        let args = vec![end, number(1)];
        let (stmt, past) = integer(function, Rhs::Op(Op::Add, args));
        out.push(stmt);
        end = past;
    }
    if !starts_at_zero(range) {
        let (hi, lo) = (mentioned(function, &end), mentioned(function, &range.lo));
        let rhs = Rhs::Inert(Inert {
            expr: syn::parse_quote!(usize::saturating_sub(#hi, #lo)),
            uses: [&end, &range.lo]
                .into_iter()
                .filter_map(Operand::as_var)
                .collect(),
            writes: Vec::new(),
            cheap: true,
            what: "a length".to_owned(),
        });
        let (stmt, len) = integer(function, rhs);
        out.push(stmt);
        end = len;
    }
    (out, end)
}

fn integer(function: &mut Function, rhs: Rhs) -> (Stmt, Operand) {
    let var = function.fresh("t", Span::mixed_site(), Ty::Int, VarKind::Value);
    (Stmt::Let { var, rhs }, Operand::Var(var))
}

fn mentioned(function: &Function, operand: &Operand) -> syn::Expr {
    match operand {
        Operand::Const(c) => c.expr.clone(),
        Operand::Var(v) => {
            let ident = &function.var(*v).ident;
            syn::parse_quote!(#ident)
        }
    }
}
