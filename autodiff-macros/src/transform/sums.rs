//! `s = s + e` is `s += e`: what only adds is known to, however it is written. Generic code has no `+=` where its numbers only have `+`.
//!
//! ```text
//! let t1 = read s
//! let t2 = t1 + e         =>      s += e
//! let t3 = t2 - d                 s -= d
//! s = t3
//! ```
//!
//! To the last bit, but for which of two NaNs it is: a sum begins with the variable, or has it as the second of two operands.

use crate::ir::visit::{block_mentions, children_mut};
use crate::ir::{Block, Function, Op, Operand, Place, Proj, Rhs, Stmt, VarId};
use std::collections::BTreeMap;

type Uses = BTreeMap<VarId, usize>;

/// Writes sums of numbers as such.
pub fn sums(function: &mut Function) {
    let mut uses = Uses::new();
    block_mentions(&function.body, &mut |v| *uses.entry(v).or_default() += 1);
    let result = function.result.as_ref().and_then(Operand::as_var);
    *result.map_or(&mut 0, |v| uses.entry(v).or_default()) += 1;
    let mut body = std::mem::take(&mut function.body);
    block(function, &uses, &mut body);
    function.body = body;
}

fn block(function: &Function, uses: &Uses, body: &mut Block) {
    for stmt in &mut body.stmts {
        let inside = children_mut(stmt).into_iter();
        inside.for_each(|b| block(function, uses, b));
    }
    let mut at = 0;
    while at < body.stmts.len() {
        if let Some(sum) = Chain::of(function, uses, &body.stmts, at) {
            let more = sum.terms.len();
            body.stmts.splice(at..=at, sum.updates());
            let gone = |k: &usize| sum.gone.contains(k);
            let all = std::mem::take(&mut body.stmts).into_iter().enumerate();
            body.stmts = all.filter(|(k, _)| !gone(k)).map(|(_, s)| s).collect();
            at = at + more - sum.gone.len();
        } else {
            at += 1;
        }
    }
}

/// An assignment that is a sum.
struct Chain {
    place: Place,
    /// What is added or subtracted, the last first.
    terms: Vec<(Op, Operand)>,
    /// The statements that compute it.
    gone: Vec<usize>,
}

impl Chain {
    fn of(function: &Function, uses: &Uses, stmts: &[Stmt], at: usize) -> Option<Self> {
        let Stmt::Assign { place, value } = &stmts[at] else {
            return None;
        };
        if !function.place_ty(&function.resolve(place)).is_float() {
            return None;
        }
        let mut sum = Self {
            place: place.clone(),
            terms: Vec::new(),
            gone: Vec::new(),
        };
        let mut value = value.as_var()?;
        loop {
            let (k, rhs) = binding(stmts, at, value).filter(|_| uses.get(&value) == Some(&1))?;
            sum.gone.push(k);
            match rhs {
                Rhs::Read(read) if same(read, place) => {
                    let between = &stmts[k + 1..at];
                    let steady = between.iter().all(|s| !may_change(function, s, place));
                    return (steady && !sum.terms.is_empty()).then_some(sum);
                }
                Rhs::Op(op @ (Op::Add | Op::Sub), args) => {
                    let [first, second] = args.as_slice() else {
                        return None;
                    };
                    let leads = |o: &Operand| {
                        let var = o.as_var()?;
                        reads(stmts, at, uses, var, place).then_some(var)
                    };
                    let (next, term) = match (leads(first), leads(second)) {
                        (Some(next), _) => (next, second),
                        (None, Some(next)) if *op == Op::Add => (next, first),
                        _ => return None,
                    };
                    sum.terms.push((*op, term.clone()));
                    value = next;
                }
                _ => return None,
            }
        }
    }

    fn updates(&self) -> Vec<Stmt> {
        let update = |(op, value): &(Op, Operand)| Stmt::Update {
            op: *op,
            place: self.place.clone(),
            value: value.clone(),
        };
        self.terms.iter().rev().map(update).collect()
    }
}

/// The statement of the block before `at` that binds the variable.
fn binding(stmts: &[Stmt], at: usize, value: VarId) -> Option<(usize, &Rhs)> {
    let mut before = stmts[..at].iter().enumerate().rev();
    before.find_map(|(k, stmt)| match stmt {
        Stmt::Let { var, rhs } if *var == value => Some((k, rhs)),
        _ => None,
    })
}

/// Is the value what the place held, or a sum that begins with that?
fn reads(stmts: &[Stmt], at: usize, uses: &Uses, value: VarId, place: &Place) -> bool {
    let once = uses.get(&value) == Some(&1);
    match binding(stmts, at, value) {
        Some((_, Rhs::Read(read))) => once && same(read, place),
        Some((_, Rhs::Op(Op::Add | Op::Sub, args))) => {
            let mut vars = args.iter().filter_map(Operand::as_var);
            once && vars.any(|v| reads(stmts, at, uses, v, place))
        }
        _ => false,
    }
}

fn same(a: &Place, b: &Place) -> bool {
    let text = |place: &Place| -> String { place.path.iter().map(Proj::text).collect() };
    a.root == b.root && text(a) == text(b)
}

/// May the statement write the place?
fn may_change(function: &Function, stmt: &Stmt, place: &Place) -> bool {
    let root = function.resolve(place).root;
    let mut found = false;
    crate::ir::visit::mentions(stmt, &mut |v| {
        found |= function.resolve(&Place::var(v)).root == root;
    });
    found
        && !matches!(
            stmt,
            Stmt::Let {
                rhs: Rhs::Read(_) | Rhs::Op(..) | Rhs::Rule { .. } | Rhs::Len(_),
                ..
            }
        )
}
