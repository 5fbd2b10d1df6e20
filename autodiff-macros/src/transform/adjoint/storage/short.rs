//! What a loop of few iterations records, in arrays beside it instead of a trace: no heap, and nothing left when the loop is unrolled.
//!
//! ```text
//! for i in 0..3 { ..; push trace (old) }         let kept = [0.0; 3]; for i in 0..3 { ..; kept[i] = old }
//! for i in (0..3).rev() { pop trace (old); .. }  for i in (0..3).rev() { let old = kept[i]; .. }
//! ```
//!
//! *In*: a loop whose bounds are literals, and what its iterations leave behind: numbers of known types. *Out*: the declarations of the arrays.

use super::super::indices::literal;
use super::super::loops::{number, starts_at_zero};
use super::finish::{Finish, Finished};
use crate::ir::{
    Derived, FloatTy, Function, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarId, VarKind,
};

/// So many numbers are few.
const MOST: i64 = 16;

/// Puts what an iteration exports into arrays, from which its reverse takes it.
pub fn in_arrays(
    finish: &mut Finish,
    var: VarId,
    range: &Range,
    done: &mut Finished,
) -> Option<Vec<Stmt>> {
    let (len, floats) = fitting(&finish.function, range, &done.exports)?;
    let mut declarations = Vec::new();
    let mut reads = Vec::new();
    let [to, from] = [&mut done.fwd.stmts, &mut reads].map(|out| position(finish, var, range, out));
    for (value, float) in std::mem::take(&mut done.exports).into_iter().zip(floats) {
        let array = declared(finish, float, len, &mut declarations);
        let [to, from] = [&to, &from].map(|k| Place::var(array).then(Proj::Index(k.clone())));
        let held = finish.function.held(value, &mut done.fwd.stmts);
        done.fwd.stmts.push(Stmt::Assign {
            place: to,
            value: held,
        });
        let rhs = Rhs::Read(from);
        reads.push(Stmt::Let { var: value, rhs });
    }
    done.rev.stmts.splice(0..0, reads);
    Some(declarations)
}

/// Does all that the iterations leave behind fit into arrays?
pub fn fits(function: &Function, range: &Range, values: &[VarId]) -> bool {
    fitting(function, range, values).is_some()
}

/// The number of iterations and the types of what each records, if all of that fits into arrays.
fn fitting(function: &Function, range: &Range, values: &[VarId]) -> Option<(i64, Vec<FloatTy>)> {
    let len = length(range)?;
    let float = |v: &VarId| match &function.var(*v).ty {
        Ty::Float(float) if *float != FloatTy::Literal => Some(float.clone()),
        _ => None,
    };
    let floats: Vec<FloatTy> = values.iter().map(float).collect::<Option<_>>()?;
    let fits = !floats.is_empty() && len * floats.len() as i64 <= MOST;
    fits.then_some((len, floats))
}

/// The number of iterations, if both bounds are literals.
fn length(range: &Range) -> Option<i64> {
    let bound = |o: &Operand| match o {
        Operand::Const(c) => literal(&c.expr),
        Operand::Var(_) => None,
    };
    let len = bound(&range.hi)? - bound(&range.lo)? + i64::from(range.inclusive);
    (range.step.is_none() && len > 0).then_some(len)
}

/// `let kept = [0.0; len]`
fn declared(finish: &mut Finish, float: FloatTy, len: i64, out: &mut Vec<Stmt>) -> VarId {
    let element = Ty::Float(float.clone());
    let zero = finish.fresh("zero", element.clone());
    out.push(Stmt::Let {
        var: zero,
        rhs: Rhs::Derived(Derived::ZeroScalar(float)),
    });
    let array = finish.fresh("kept", Ty::Array(Box::new(element)));
    finish.function.vars[array.0 as usize].kind = VarKind::Mutable;
    let rhs = Rhs::Repeat {
        vec: false,
        value: Operand::Var(zero),
        len: number(len),
    };
    out.push(Stmt::Let { var: array, rhs });
    array
}

/// Which iteration it is, as an index; that of the loop may be an integer of another type.
fn position(finish: &mut Finish, var: VarId, range: &Range, out: &mut Vec<Stmt>) -> Operand {
    let mut bind = |rhs| {
        let var = finish.fresh("t", Ty::Int);
        out.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    };
    let mut at = Operand::Var(var);
    if !starts_at_zero(range) {
        at = bind(Rhs::Op(Op::Sub, vec![at, range.lo.clone()]));
    }
    bind(Rhs::Cast(at, syn::parse_quote!(usize)))
}
