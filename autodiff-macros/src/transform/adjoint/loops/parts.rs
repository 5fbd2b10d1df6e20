//! `#[differentiate(parallel)]`: loops at the top level whose iterations only have sums in common run in parts at the same time.
//!
//! ```text
//! for i in 0..n {                 parts first, last of 0..n, each with an s and an x_bar of its own {
//!     s += ..;            =>          for i in first..last { s += ..; x_bar[j] += .. }
//!     x_bar[j] += ..;             }
//! }
//! ```
//!
//! *In*: all blocks of a program, its loops not improved yet. *Out*: the same with the loops that can in parts. An iteration may read whatever no
//! iteration changes, and change what it declares itself; of what is there before the loop it may only add to numbers, lists of numbers and adjoints,
//! and not read these. How many parts there are follows from the number of iterations alone, and their sums are added in the same order always.

use super::super::storage::effects::Effects;
use super::super::storage::fuse::is_dear;
use crate::ir::visit::{block_mentions, children, children_mut, mentions};
use crate::ir::{
    Block, Derived, DerivedStmt, Function, Op, Operand, Place, Proj, Range, Rhs, Stmt, Sum, Ty,
    VarId, VarKind,
};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The blocks with their loops in parts. A loop that does little in an iteration is not worth it where there is one that does more.
pub fn parted(function: &mut Function, blocks: &mut [&mut Block]) {
    parted_if(function, blocks, &|function, body| is_dear(function, body));
    if !blocks.iter().any(|b| has_parts(b)) {
        parted_if(function, blocks, &|_, _| true);
    }
}

fn parted_if(
    function: &mut Function,
    blocks: &mut [&mut Block],
    pays: &dyn Fn(&Function, &Block) -> bool,
) {
    let mut uses = BTreeMap::new();
    for block in blocks.iter() {
        block_mentions(block, &mut |v| *uses.entry(v).or_default() += 1);
    }
    for block in blocks {
        let outside = Outside {
            pays,
            ..Outside::of(block, &uses)
        };
        let mut own = BTreeSet::new();
        outside.block(function, block, &mut own);
        let is_own = |s: &Stmt| new_trace(s).is_some_and(|trace| own.contains(&trace));
        block.stmts.retain(|s| !is_own(s));
    }
}

/// Has the block a loop in parts?
pub fn has_parts(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| {
        matches!(stmt, Stmt::Derived(DerivedStmt::Parts { .. }))
            || children(stmt).into_iter().any(has_parts)
    })
}

/// Why no loop of a block can run in parts: what the first one changes, if there is a loop at all.
pub fn obstacle(function: &Function, block: &Block) -> Option<VarId> {
    let uses = BTreeMap::new();
    let outside = Outside::of(block, &uses);
    outside.obstacle(function, block)
}

fn new_trace(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Derived(DerivedStmt::NewTrace(trace)) => Some(*trace),
        _ => None,
    }
}

/// What a loop finds in the block around it.
struct Outside<'a> {
    /// The traces.
    traces: BTreeSet<VarId>,
    /// What threads cannot share: where pullbacks of closures collect adjoints.
    bound: BTreeSet<VarId>,
    /// How often the program mentions each variable.
    uses: &'a BTreeMap<VarId, usize>,
    /// Is a loop with this body worth it?
    pays: &'a dyn Fn(&Function, &Block) -> bool,
}

impl<'a> Outside<'a> {
    fn of(block: &Block, uses: &'a BTreeMap<VarId, usize>) -> Self {
        let environment = |stmt: &Stmt| match stmt {
            Stmt::Let {
                var,
                rhs: Rhs::Derived(Derived::Environment(_)),
            } => Some(*var),
            _ => None,
        };
        Self {
            traces: block.stmts.iter().filter_map(new_trace).collect(),
            bound: block.stmts.iter().filter_map(environment).collect(),
            uses,
            pays: &|_, _| true,
        }
    }

    /// Puts the loops of the block, not those inside of loops, in parts; `own` are the traces that are declared in one then.
    fn block(&self, function: &mut Function, block: &mut Block, own: &mut BTreeSet<VarId>) {
        for stmt in &mut block.stmts {
            if !is_loop(stmt) {
                let inside = children_mut(stmt);
                inside
                    .into_iter()
                    .for_each(|b| self.block(function, b, own));
                continue;
            }
            let traces = self.own_traces(stmt);
            let Ok(sums) = self.sums(function, stmt, &traces) else {
                continue;
            };
            if let Some(parts) = parts(function, stmt, &sums, &traces) {
                *stmt = parts;
                own.extend(traces);
            }
        }
    }

    fn obstacle(&self, function: &Function, block: &Block) -> Option<VarId> {
        block.stmts.iter().find_map(|stmt| match is_loop(stmt) {
            true => self.sums(function, stmt, &self.traces).err().flatten(),
            false => {
                let mut inside = children(stmt).into_iter();
                inside.find_map(|b| self.obstacle(function, b))
            }
        })
    }

    /// The traces that only this loop uses, so that each part can have its own.
    fn own_traces(&self, stmt: &Stmt) -> BTreeSet<VarId> {
        let mut inside: BTreeMap<VarId, usize> = BTreeMap::new();
        mentions(stmt, &mut |v| *inside.entry(v).or_default() += 1);
        let traces = self.traces.iter().copied();
        traces
            .filter(|v| inside.contains_key(v) && inside.get(v) == self.uses.get(v))
            .collect()
    }

    /// What the loop adds to, if its iterations have nothing else in common; otherwise what they change or cannot share, if that is a variable.
    fn sums(
        &self,
        function: &Function,
        stmt: &Stmt,
        own: &BTreeSet<VarId>,
    ) -> Result<BTreeSet<VarId>, Option<VarId>> {
        let Some((_, body)) = counted(stmt).filter(|(_, b)| (self.pays)(function, b)) else {
            return Err(None);
        };
        let mut summed = body.clone();
        as_sums(function, &mut summed);
        let mut effects = Effects::of(function, &summed.stmts);
        let inside = effects.declared.union(own).copied().collect();
        effects.forget(&inside);
        let first = |set: &BTreeSet<VarId>| set.first().copied();
        if let Some(var) = first(&effects.written) {
            return Err(Some(var));
        }
        let mut both = effects.read.intersection(&effects.added);
        if let Some(var) = both.next() {
            return Err(Some(*var));
        }
        let mentioned = effects.mentioned();
        let shared = |v: &VarId| self.bound.contains(v) || function.function_type(*v).is_some();
        let through = |v: &VarId| self.is_view_of(function, *v, &effects.added);
        if let Some(var) = mentioned.iter().find(|v| shared(v) || through(v)) {
            return Err(Some(*var));
        }
        match effects.added.is_empty() {
            true => Err(None),
            false => Ok(effects.added),
        }
    }

    /// Another name for a part of a sum, bound before the loop?
    fn is_view_of(&self, function: &Function, var: VarId, sums: &BTreeSet<VarId>) -> bool {
        match &function.var(var).kind {
            VarKind::View { target, .. } => sums.contains(&target.root),
            _ => false,
        }
    }
}

fn is_loop(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::For { .. }
            | Stmt::While { .. }
            | Stmt::Derived(
                DerivedStmt::ForReverse { .. }
                    | DerivedStmt::Replay { .. }
                    | DerivedStmt::ForKeeping { .. }
                    | DerivedStmt::ForRestoring { .. }
                    | DerivedStmt::Parts { .. }
            )
    )
}

/// The range and the body of a loop that ends where its range does. Its iterations may run in any order if they have only sums in common.
fn counted(stmt: &Stmt) -> Option<(&Range, &Block)> {
    let (range, body) = match stmt {
        Stmt::For {
            range,
            body,
            exit: None,
            ..
        } => (range, body),
        Stmt::Derived(DerivedStmt::ForReverse { range, body, .. }) => (range, body),
        _ => return None,
    };
    range.step.is_none().then_some((range, body))
}

/// Sums of the user's as sums: `s += e` of numbers and lists of them.
fn as_sums(function: &Function, block: &mut Block) {
    for stmt in &mut block.stmts {
        children_mut(stmt)
            .into_iter()
            .for_each(|b| as_sums(function, b));
        let Stmt::Update {
            op: op @ (Op::Add | Op::Sub),
            place,
            value,
        } = stmt
        else {
            continue;
        };
        let root = function.resolve(place).root;
        if is_of_numbers(&function.var(root).ty) {
            *stmt = Stmt::Derived(DerivedStmt::Accumulate {
                place: place.clone(),
                value: value.clone(),
                negate: *op == Op::Sub,
            });
        }
    }
}

/// Numbers, or lists and matrices of numbers, which are their own tangents?
fn is_of_numbers(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) | Ty::Matrix(_) => true,
        Ty::Ref(_, inner) | Ty::Vec(inner) | Ty::Slice(inner) | Ty::Array(inner) => {
            is_of_numbers(inner)
        }
        _ => false,
    }
}

fn parts(
    function: &mut Function,
    stmt: &Stmt,
    sums: &BTreeSet<VarId>,
    traces: &BTreeSet<VarId>,
) -> Option<Stmt> {
    let (whole, _) = counted(stmt)?;
    let whole = Range {
        rev: false,
        ..whole.clone()
    };
    let mut index = |name| function.fresh(name, Span::mixed_site(), Ty::Int, VarKind::Value);
    let bounds = (index("first"), index("last"));
    let mut own = stmt.clone();
    if let Stmt::For { range, .. } | Stmt::Derived(DerivedStmt::ForReverse { range, .. }) = &mut own
    {
        range.lo = Operand::Var(bounds.0);
        range.hi = Operand::Var(bounds.1);
    }
    let new = |trace: &VarId| Stmt::Derived(DerivedStmt::NewTrace(*trace));
    let body = traces.iter().map(new).chain([own]).collect();
    let sums = sums.iter().map(|whole| sum(function, stmt, *whole));
    let sums = sums.collect::<Option<_>>()?;
    Some(Stmt::Derived(DerivedStmt::Parts {
        bounds,
        range: whole,
        sums,
        body: Block::new(body),
    }))
}

/// A sum of its own for each part. All that is added to it is added through a reference, or nothing is.
fn sum(function: &mut Function, stmt: &Stmt, whole: VarId) -> Option<Sum> {
    let mut summed = Block::new(vec![stmt.clone()]);
    as_sums(function, &mut summed);
    let mut derefs = BTreeSet::new();
    sum_places(&summed, &mut |place| {
        let place = function.resolve(place);
        if place.root == whole {
            derefs.insert(matches!(place.path.first(), Some(Proj::Deref)));
        }
    });
    if derefs.len() != 1 {
        return None;
    }
    let var = function.var(whole);
    let (name, ty) = (format!("{}_part", var.ident), var.ty.clone());
    let part = function.fresh(&name, Span::mixed_site(), ty, VarKind::Mutable);
    Some(Sum {
        whole,
        part,
        by_reference: derefs.contains(&true),
    })
}

/// The places that a block adds to, those of blocks inside too.
fn sum_places(block: &Block, f: &mut dyn FnMut(&Place)) {
    for stmt in &block.stmts {
        children(stmt).into_iter().for_each(|b| sum_places(b, f));
        let Stmt::Derived(derived) = stmt else {
            continue;
        };
        match derived {
            DerivedStmt::Accumulate { place, .. } | DerivedStmt::AccumulateShare { place, .. } => {
                f(place);
            }
            DerivedStmt::AccumulatePlace { to, .. } => f(to),
            DerivedStmt::CallBackward { adjoints, .. } => adjoints.iter().for_each(&mut *f),
            DerivedStmt::CallBackwardTangent {
                adjoints,
                adjoint_dots,
                ..
            } => adjoints.iter().chain(adjoint_dots).for_each(&mut *f),
            _ => {}
        }
    }
}
