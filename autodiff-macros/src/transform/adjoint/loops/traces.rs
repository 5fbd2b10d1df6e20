//! Traces of a counted loop's numbers as lists of known length, element by element: no pushing and popping, so that the loops can become vector
//! instructions and run in any order.
//!
//! ```text
//! reserve trace, 0..n                     let base = grow list by 0..n
//! for j in 0..n { ..; push trace (a, b) } for j in 0..n { ..; list[base + j][0] = a; list[base + j][1] = b }
//!                                 =>
//!                                         let base_2 = before list 0..n
//! for j in (0..n).rev() {                 for j in (0..n).rev() {
//!     pop trace (a, b); .. }                  let a = list[base_2 + j][0]; let b = list[base_2 + j][1]; .. }
//!                                         truncate list to base_2
//! ```
//!
//! *In*: all blocks of a program. *Out*: the same with lists where a trace holds floats of one type only and one loop fills it.

use super::linear::starts_at_zero;
use crate::ir::visit::{children, children_mut};
use crate::ir::{
    Block, Const, Derived, DerivedStmt, FloatTy, Function, Op, Operand, Place, Proj, Range, Rhs,
    Stmt, Ty, VarId, VarKind,
};
use crate::transform::lengths::Lengths;
use proc_macro2::Span;
use std::collections::BTreeMap;

/// Longer records stay as they are.
const MOST: usize = 8;

/// The blocks with lists for traces.
pub fn listed(function: &mut Function, blocks: &mut [&mut Block]) {
    let mut found: BTreeMap<VarId, Found> = BTreeMap::new();
    blocks.iter().for_each(|b| find(b, &mut found));
    let whole: Vec<&Block> = blocks.iter().map(|b| &**b).collect();
    let lengths = Lengths::of(function, &whole);
    found.retain(|_, f| f.range.iter().any(|v| lengths.is_one(*v)));
    let lists = found.into_iter().filter_map(|(trace, found)| {
        let float = found.floats(function)?;
        Some((trace, List::new(function, float, found.values.len())))
    });
    let lists: BTreeMap<VarId, List> = lists.collect();
    for block in blocks {
        Rewrite {
            function,
            lists: &lists,
        }
        .block(block);
    }
}

/// How a trace is used.
#[derive(Default)]
struct Found {
    values: Vec<VarId>,
    pushes: usize,
    pops: usize,
    /// The index and the end of the loop that fills it.
    range: Vec<VarId>,
    /// Loops that push at their end, and those that pop at their beginning.
    fills: usize,
    empties: usize,
}

impl Found {
    /// The type of all that it holds, if it can be a list.
    fn floats(&self, function: &Function) -> Option<FloatTy> {
        let once = [self.pushes, self.pops, self.fills, self.empties] == [1; 4];
        let ty = &function.var(*self.values.first()?).ty;
        let Ty::Float(float) = ty else { return None };
        let same = self.values.iter().all(|v| function.var(*v).ty == *ty);
        let fits = once && same && self.values.len() <= MOST && *float != FloatTy::Literal;
        fits.then(|| float.clone())
    }
}

fn find(block: &Block, found: &mut BTreeMap<VarId, Found>) {
    for (k, stmt) in block.stmts.iter().enumerate() {
        match stmt {
            Stmt::Derived(DerivedStmt::TracePush { trace, values }) => {
                let found = found.entry(*trace).or_default();
                found.pushes += 1;
                found.values.clone_from(values);
            }
            Stmt::Derived(DerivedStmt::TracePop { trace, .. }) => {
                found.entry(*trace).or_default().pops += 1;
            }
            Stmt::Derived(DerivedStmt::TraceReserve { trace, .. }) => {
                let next = block.stmts.get(k + 1).and_then(filled);
                if let Some((_, range)) = next.filter(|(filled, _)| filled == trace) {
                    let found = found.entry(*trace).or_default();
                    found.fills += 1;
                    found.range = range;
                }
            }
            _ => {}
        }
        if let Some(trace) = emptied(stmt) {
            found.entry(trace).or_default().empties += 1;
        }
        children(stmt).into_iter().for_each(|b| find(b, found));
    }
}

/// Upwards by ones, and of a length that is not written down: what is that short is unrolled.
fn is_plain(range: &Range) -> bool {
    let short = range.lo.as_var().is_none() && range.hi.as_var().is_none();
    range.step.is_none() && !range.rev && !short
}

/// The trace that a counted loop pushes to at the end of each iteration, and the loop's index and end.
fn filled(stmt: &Stmt) -> Option<(VarId, Vec<VarId>)> {
    match stmt {
        Stmt::For {
            var,
            range,
            body,
            exit: None,
        } if is_plain(range) => match body.stmts.last()? {
            Stmt::Derived(DerivedStmt::TracePush { trace, .. }) => {
                let end = range.hi.as_var();
                Some((*trace, std::iter::once(*var).chain(end).collect()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The trace that a reversed loop pops from at the beginning of each iteration.
fn emptied(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Derived(DerivedStmt::ForReverse { range, body, .. }) if is_plain(range) => {
            match body.stmts.first()? {
                Stmt::Derived(DerivedStmt::TracePop { trace, .. }) => Some(*trace),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A list of records of so many floats.
struct List {
    var: VarId,
    float: FloatTy,
    width: usize,
}

impl List {
    fn new(function: &mut Function, float: FloatTy, width: usize) -> Self {
        let number = Ty::Float(float.clone());
        let record = match width {
            1 => number,
            _ => Ty::Array(Box::new(number)),
        };
        let (span, ty) = (Span::mixed_site(), Ty::Vec(Box::new(record)));
        let var = function.fresh("list", span, ty, VarKind::Mutable);
        Self { var, float, width }
    }

    fn declared(&self) -> Stmt {
        let (float, width) = (self.float.clone(), self.width);
        let rhs = Rhs::Derived(Derived::NewList { float, width });
        Stmt::Let { var: self.var, rhs }
    }
}

struct Rewrite<'a> {
    function: &'a mut Function,
    lists: &'a BTreeMap<VarId, List>,
}

impl Rewrite<'_> {
    fn block(&mut self, block: &mut Block) {
        let mut out = Vec::with_capacity(block.stmts.len());
        let mut base = None;
        for stmt in std::mem::take(&mut block.stmts) {
            self.stmt(stmt, &mut base, &mut out);
        }
        block.stmts = out;
    }

    /// `base`: where the records of the next loop begin.
    fn stmt(&mut self, mut stmt: Stmt, base: &mut Option<VarId>, out: &mut Vec<Stmt>) {
        let mut end = None;
        match &mut stmt {
            Stmt::Derived(DerivedStmt::NewTrace(trace)) => {
                if let Some(list) = self.lists.get(trace) {
                    stmt = list.declared();
                }
            }
            Stmt::Derived(DerivedStmt::TraceReserve { trace, range }) => {
                if let Some(List { var: list, .. }) = self.lists.get(trace) {
                    let (list, var, range) = (*list, self.index(), range.clone());
                    let rhs = Rhs::Derived(Derived::Grow { list, range });
                    *base = Some(var);
                    stmt = Stmt::Let { var, rhs };
                }
            }
            Stmt::For {
                var, range, body, ..
            } => {
                if let Some(base) = base.take() {
                    self.fill(*var, range, body, base);
                }
            }
            Stmt::Derived(DerivedStmt::ForReverse { var, range, body }) => {
                end = self.empty(*var, range, body, out);
            }
            _ => {}
        }
        let inside = children_mut(&mut stmt).into_iter();
        inside.for_each(|b| self.block(b));
        out.push(stmt);
        out.extend(end);
    }

    fn index(&mut self) -> VarId {
        let span = Span::mixed_site();
        self.function.fresh("t", span, Ty::Int, VarKind::Value)
    }

    /// Writes what an iteration pushes into the list from `base` on.
    fn fill(&mut self, var: VarId, range: &Range, body: &mut Block, base: VarId) {
        let Some(Stmt::Derived(DerivedStmt::TracePush { trace, values })) = body.stmts.pop() else {
            return;
        };
        let list = self.lists[&trace].var;
        let at = self.position(var, range, base, &mut body.stmts);
        for (place, var) in self.parts(list, at, values.len()).into_iter().zip(values) {
            let value = self.function.held(var, &mut body.stmts);
            body.stmts.push(Stmt::Assign { place, value });
        }
    }

    /// Reads what an iteration pops; gives back what shortens the list after the loop.
    fn empty(
        &mut self,
        var: VarId,
        range: &Range,
        body: &mut Block,
        before: &mut Vec<Stmt>,
    ) -> Option<Stmt> {
        let Some(Stmt::Derived(DerivedStmt::TracePop { trace, values })) = body.stmts.first()
        else {
            return None;
        };
        let (list, values) = (self.lists.get(trace)?.var, values.clone());
        let (base, range_again) = (self.index(), range.clone());
        before.push(Stmt::Let {
            var: base,
            rhs: Rhs::Derived(Derived::Before {
                list,
                range: range_again,
            }),
        });
        let mut reads = Vec::new();
        let at = self.position(var, range, base, &mut reads);
        let parts = self.parts(list, at, values.len());
        let read = |(place, var): (Place, VarId)| Stmt::Let {
            var,
            rhs: Rhs::Read(place),
        };
        reads.extend(parts.into_iter().zip(values).map(read));
        body.stmts.splice(0..1, reads);
        Some(Stmt::Truncate {
            place: Place::var(list),
            len: Operand::Var(base),
        })
    }

    /// `base + var - lo`
    fn position(&mut self, var: VarId, range: &Range, base: VarId, out: &mut Vec<Stmt>) -> Operand {
        let mut at = self.sum(Op::Add, [base, var].map(Operand::Var), out);
        if !starts_at_zero(range) {
            at = self.sum(Op::Sub, [at, range.lo.clone()], out);
        }
        at
    }

    fn sum(&mut self, op: Op, args: [Operand; 2], out: &mut Vec<Stmt>) -> Operand {
        let var = self.index();
        let rhs = Rhs::Op(op, args.to_vec());
        out.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }

    /// The numbers of a record.
    fn parts(&self, list: VarId, at: Operand, width: usize) -> Vec<Place> {
        let record = Place::var(list).then(Proj::Index(at));
        if width == 1 {
            return vec![record];
        }
        let part = |k: usize| {
            let expr = syn::parse_quote!(#k);
            let index = Operand::Const(Const { expr, ty: Ty::Int });
            record.clone().then(Proj::Index(index))
        };
        (0..width).map(part).collect()
    }
}
