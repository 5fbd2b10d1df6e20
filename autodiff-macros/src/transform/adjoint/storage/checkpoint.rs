//! Loops marked `#[checkpoint]`: instead of a trace, the state before some iterations; what lies between is run again.
//!
//! ```text
//! forward                                       reverse
//! for i in 0..n keeping copies of y, u {        for i in 0..n back, restoring y, u
//!     y = f(y, u, i)                                advance:  y = f(y, u, i)
//! }                                                 reverse:  t = ..; y = f(..); and its reverse, in one scope
//! ```
//!
//! The state is what the loop writes and reads again. What it only writes (`trajectory.push(y)`, `sum += y`) is left alone when iterations are run
//! again. What it reads and does not write must hold the same when the reverse runs: that is asked for like any other load.

use super::super::pair::Pair;
use super::finish::{Finish, Finished, Part, Scope};
use super::{fuse, new_traces};
use crate::ir::visit::{
    all_declared, block_mentions, children, children_mut, own_mentions, own_writes, place_operands,
};
use crate::ir::{
    Block, Checkpoint, Derived, DerivedStmt, Function, Operand, Place, Proj, Range, Rhs, Stmt, Ty,
    VarId, VarKind,
};
use proc_macro2::Span;
use std::collections::BTreeSet;

/// The loop with checkpoints; `None` where the reverse part cannot have what its iterations need.
pub fn checkpointed(
    finish: &mut Finish,
    id: usize,
    (var, range, exit): (VarId, &Range, Option<VarId>),
    body: &Pair,
    slots: Option<Operand>,
) -> Option<Part> {
    let traces = std::mem::take(&mut finish.traces);
    let nested = std::mem::replace(&mut finish.replaying, true);
    let Finished { fwd, rev, .. } = finish.loop_body(body, Scope::Shared);
    finish.replaying = nested;
    let inner = std::mem::replace(&mut finish.traces, traces);
    let plain = fuse::plain(body);
    if rev.stmts.is_empty() {
        return Some(without_reverse(id, (var, range, exit), plain));
    }
    let roles = Roles::of(&finish.function, var, &fwd, &rev);
    if roles
        .state
        .iter()
        .chain(&roles.outer)
        .any(|r| finish.borrowed(*r))
    {
        return None;
    }
    let advance = roles.again(&finish.function, &plain)?;
    let again = roles.again(&finish.function, &fwd)?;
    finish
        .loads
        .extend(roles.outer.iter().map(|root| (id, *root)));
    let (checkpoint, restore) = checkpoint(&mut finish.function, &roles.state);
    let reverse = new_traces(&inner).chain(again.stmts).chain(rev.stmts);
    let restoring = DerivedStmt::ForRestoring {
        checkpoint: checkpoint.clone(),
        restore,
        var,
        range: range.clone(),
        advance,
        reverse: Block::new(reverse.collect()),
    };
    let keeping = DerivedStmt::ForKeeping {
        checkpoint,
        slots,
        var,
        range: range.clone(),
        body: plain,
        exit,
    };
    Some(Part {
        id,
        fwd: vec![Stmt::Derived(keeping)],
        rev: vec![Stmt::Derived(restoring)],
    })
}

fn without_reverse(
    id: usize,
    (var, range, exit): (VarId, &Range, Option<VarId>),
    body: Block,
) -> Part {
    let range = range.clone();
    let stmt = Stmt::For {
        var,
        range,
        body,
        exit,
    };
    Part {
        id,
        fwd: vec![stmt],
        rev: Vec::new(),
    }
}

/// Copies of the state, and how it is put back.
fn checkpoint(function: &mut Function, state: &BTreeSet<VarId>) -> (Checkpoint, Block) {
    let span = Span::mixed_site();
    let record = function.fresh("states", span, Ty::Inert, VarKind::Mutable);
    let (mut keep, mut values, mut restore) = (Block::default(), Vec::new(), Block::default());
    for root in state {
        let place = match function.var(*root).ty {
            Ty::Ref(..) => Place::var(*root).then(Proj::Deref),
            _ => Place::var(*root),
        };
        let ty = function.place_ty(&place);
        let old = function.fresh("old", span, ty, VarKind::Value);
        let rhs = Rhs::Derived(Derived::Save(place.clone()));
        keep.stmts.push(Stmt::Let { var: old, rhs });
        let value = Operand::Var(old);
        restore.stmts.push(Stmt::Assign { place, value });
        values.push(old);
    }
    let checkpoint = Checkpoint {
        record,
        keep,
        values,
    };
    (checkpoint, restore)
}

/// What the variables from outside are to the loop.
struct Roles {
    /// Declared inside.
    local: BTreeSet<VarId>,
    /// Written and read.
    state: BTreeSet<VarId>,
    /// Written only.
    results: BTreeSet<VarId>,
    /// Read only.
    outer: BTreeSet<VarId>,
}

impl Roles {
    fn of(function: &Function, var: VarId, fwd: &Block, rev: &Block) -> Self {
        let mut local = BTreeSet::from([var]);
        let (mut written, mut read) = (BTreeSet::new(), BTreeSet::new());
        all_declared(fwd, &mut local);
        writes(function, fwd, &mut written);
        reads(function, fwd, &mut read);
        written.retain(|v| !local.contains(v));
        read.retain(|v| !local.contains(v));
        block_mentions(rev, &mut |v| {
            if written.contains(&v) {
                read.insert(v);
            }
        });
        Self {
            local,
            state: written.intersection(&read).copied().collect(),
            results: written.difference(&read).copied().collect(),
            outer: read.difference(&written).copied().collect(),
        }
    }

    /// The block as the reverse part runs it: without what it only writes, and without the names of views that are not there.
    fn again(&self, function: &Function, block: &Block) -> Option<Block> {
        let mut block = self.without_results(function, block);
        fuse::resolve_outer_views(function, &self.local, &mut block).then_some(block)
    }

    fn without_results(&self, function: &Function, block: &Block) -> Block {
        let is_result = |stmt: &Stmt| match stmt {
            Stmt::Assign { place, .. } | Stmt::Update { place, .. } | Stmt::Push { place, .. } => {
                self.results.contains(&function.resolve(place).root)
            }
            _ => false,
        };
        let mut block = block.clone();
        block.stmts.retain(|stmt| !is_result(stmt));
        for stmt in &mut block.stmts {
            for inner in children_mut(stmt) {
                *inner = self.without_results(function, inner);
            }
        }
        block
    }
}

fn writes(function: &Function, block: &Block, all: &mut BTreeSet<VarId>) {
    for stmt in &block.stmts {
        let places = own_writes(stmt);
        all.extend(places.iter().map(|p| function.resolve(p).root));
        let inner = children(stmt).into_iter();
        inner.for_each(|b| writes(function, b, all));
    }
}

/// All roots that are mentioned in any way but as the target of an assignment.
fn reads(function: &Function, block: &Block, all: &mut BTreeSet<VarId>) {
    for stmt in &block.stmts {
        let mut add = |v: VarId| {
            all.insert(function.resolve(&Place::var(v)).root);
        };
        match stmt {
            Stmt::Assign { place, value }
            | Stmt::Update { place, value, .. }
            | Stmt::Push { place, value } => {
                let mut operand = |o: &Operand| o.as_var().into_iter().for_each(&mut add);
                operand(value);
                place_operands(&function.resolve(place), &mut operand);
            }
            _ => own_mentions(stmt, &mut add),
        }
        let inner = children(stmt).into_iter();
        inner.for_each(|b| reads(function, b, all));
    }
}
