//! Walks over the IR: which variables a right-hand side, a place or a statement mentions.

use super::{Arg, Operand, Place, Proj, Range, Rhs, Stmt, VarId};

/// Calls `f` with every operand of a path.
pub fn place_operands<'a>(place: &'a Place, f: &mut dyn FnMut(&'a Operand)) {
    for proj in &place.path {
        match proj {
            Proj::Index(i) => f(i),
            Proj::Range { lo, hi } => lo.iter().chain(hi).for_each(&mut *f),
            Proj::Deref | Proj::Field(_) => {}
        }
    }
}

/// The bounds and the step of a range.
pub fn range_operands<'a>(range: &'a Range, f: &mut dyn FnMut(&'a Operand)) {
    f(&range.lo);
    f(&range.hi);
    range.step.iter().for_each(f);
}

/// The places that a primal right-hand side touches.
pub fn rhs_places(rhs: &Rhs) -> Option<&Place> {
    match rhs {
        Rhs::Read(p) | Rhs::Clone { place: p, .. } | Rhs::Borrow { place: p, .. } | Rhs::Len(p) => {
            Some(p)
        }
        _ => None,
    }
}

/// The operands of a primal right-hand side, those in places among them.
pub fn rhs_operands<'a>(rhs: &'a Rhs, f: &mut dyn FnMut(&'a Operand)) {
    match rhs {
        Rhs::Use(o) | Rhs::Cast(o, _) => f(o),
        Rhs::Op(_, args) | Rhs::Rule { args, .. } | Rhs::Aggregate(_, args) => {
            args.iter().for_each(f)
        }
        Rhs::Repeat { value, len, .. } => {
            f(value);
            f(len);
        }
        Rhs::Read(p) | Rhs::Clone { place: p, .. } | Rhs::Borrow { place: p, .. } | Rhs::Len(p) => {
            place_operands(p, f)
        }
        Rhs::Inert(_) | Rhs::Derived(_) => {}
    }
}

/// The place of an argument that is passed by reference.
pub fn arg_place(arg: &Arg) -> Option<&Place> {
    match arg {
        Arg::Value(_) => None,
        Arg::Ref(p) | Arg::RefMut(p) => Some(p),
    }
}

/// The variables that a statement declares in the block that it stands in (not in nested blocks).
pub fn declared(stmt: &Stmt) -> Vec<VarId> {
    use super::{DerivedStmt, Results};
    let results = |r: &Results| match r {
        Results::None => Vec::new(),
        Results::One(v) => vec![*v],
        Results::Tuple(vs) => vs.iter().flatten().copied().collect(),
    };
    match stmt {
        Stmt::Let { var, .. } | Stmt::Declare(var) => vec![*var],
        Stmt::Call { results: r, .. } => results(r),
        Stmt::Derived(d) => match d {
            DerivedStmt::CallForward {
                results: r,
                pullback,
                ..
            } => {
                let mut all = results(r);
                all.push(*pullback);
                all
            }
            DerivedStmt::CallTangent {
                results: r,
                tangents,
                ..
            } => [results(r), results(tangents)].concat(),
            DerivedStmt::NewTrace(v) | DerivedStmt::IfRecord { trace: v, .. } => vec![*v],
            DerivedStmt::TracePop { values, .. } => values.clone(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
