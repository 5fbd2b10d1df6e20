//! One pass over the data: a loop whose adjoints are known before it starts runs each iteration forward and at once backward.
//!
//! ```text
//! for i in 0..n { s += f(x[i]) }                 let s_bar = cotangent / n
//! let y = s / n                          =>      for i in 0..n { let t = f(x[i]); s += t; x_bar[i] += s_bar * f'(x[i]) }
//! let s_bar = cotangent / n                      let y = s / n
//! for i reversed { x_bar[i] += .. }
//! ```
//!
//! *In*: forward and reverse part one after the other, the cotangent being known at the start. *Out*: one program that leaves the same value
//! and adjoints. The reverse of an iteration must not write what an iteration reads, but for adjoints that are summed up and that nothing
//! reads before the loop is over; what it reads must be known before the loop, or be computed by statements that can go there.

use super::Stored;
use super::effects::Effects;
use crate::ir::visit::declared;
use crate::ir::{Block, Derived, DerivedStmt, Function, Operand, Rhs, Stmt, Ty, VarId};
use std::collections::BTreeSet;

/// Both parts as one list of statements in which the loops over these variables, each with its reverse, have become one; otherwise those
/// that cannot, and perhaps others that could.
pub fn merged(
    stored: &Stored,
    given: &BTreeSet<VarId>,
    loops: &BTreeSet<VarId>,
) -> Result<Block, BTreeSet<VarId>> {
    let both = stored.forward.stmts.iter().chain(&stored.reverse.stmts);
    let mut merging = Merging {
        function: &stored.function,
        left: loops.clone(),
        apart: BTreeSet::new(),
    };
    let list = merging.list(given, both.cloned().collect());
    match merging.apart.is_empty() {
        true if merging.left.is_empty() => Ok(Block::new(list)),
        true => Err(merging.left),
        false => Err(merging.apart),
    }
}

/// Merges loops, and then the loops in their bodies.
struct Merging<'a> {
    function: &'a Function,
    /// Loops that were not met yet.
    left: BTreeSet<VarId>,
    /// Those that cannot be merged.
    apart: BTreeSet<VarId>,
}

impl Merging<'_> {
    fn list(&mut self, given: &BTreeSet<VarId>, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let is_trace = |s: &Stmt| matches!(s, Stmt::Derived(DerivedStmt::NewTrace(_)));
        let (traces, rest): (Vec<Stmt>, Vec<Stmt>) = stmts.into_iter().partition(is_trace);
        let mut list = [traces, rest].concat();
        let mut inside = BTreeSet::new();
        for var in self.left.clone() {
            if !list.iter().any(|s| is_loop(s, var)) {
                continue;
            }
            self.left.remove(&var);
            match Merge::of(self.function, given, &list, var).and_then(Merge::list) {
                Some(merged) => list = merged,
                None => {
                    self.apart.insert(var);
                }
            }
            inside.insert(var);
        }
        if self.apart.is_empty() && !self.left.is_empty() {
            self.bodies(given, &mut list, &inside);
        }
        list
    }

    fn bodies(&mut self, given: &BTreeSet<VarId>, list: &mut [Stmt], merged: &BTreeSet<VarId>) {
        let mut known = given.clone();
        for stmt in list {
            if let Stmt::For { var, body, .. } = stmt
                && merged.contains(var)
            {
                let mut inner = known.clone();
                inner.insert(*var);
                body.stmts = self.list(&inner, std::mem::take(&mut body.stmts));
            }
            known.extend(declared(stmt));
        }
    }
}

fn is_loop(stmt: &Stmt, index: VarId) -> bool {
    matches!(stmt, Stmt::For { var, .. } if *var == index)
}

/// A loop and its reverse among the statements of a program.
struct Merge<'a> {
    function: &'a Function,
    before: &'a [Stmt],
    forward: &'a Stmt,
    between: &'a [Stmt],
    after: &'a [Stmt],
    /// The reverse of an iteration.
    reverse: &'a Block,
    /// What is there before the loop.
    known: BTreeSet<VarId>,
}

impl<'a> Merge<'a> {
    fn of(
        function: &'a Function,
        given: &BTreeSet<VarId>,
        list: &'a [Stmt],
        index: VarId,
    ) -> Option<Self> {
        let at = list.iter().position(|s| is_loop(s, index))?;
        let reverse = list.iter().enumerate().find_map(|(k, s)| match s {
            Stmt::Derived(DerivedStmt::ForReverse { var, body, .. }) if *var == index => {
                Some((k, body))
            }
            _ => None,
        });
        let (end, reverse) = reverse?;
        let before = &list[..at];
        let known = before.iter().flat_map(declared);
        Some(Self {
            function,
            before,
            forward: &list[at],
            between: &list[at + 1..end],
            after: &list[end + 1..],
            reverse,
            known: known.chain(given.iter().copied()).collect(),
        })
    }

    fn list(self) -> Option<Vec<Stmt>> {
        let Stmt::For {
            var, range, body, ..
        } = self.forward
        else {
            return None;
        };
        let both = Block::new([body.stmts.clone(), self.reverse.stmts.clone()].concat());
        let (seeds, rest) = self.split()?;
        let merged = Stmt::For {
            var: *var,
            range: range.clone(),
            body: both,
            exit: None,
        };
        let parts = [self.before.to_vec(), seeds, vec![merged], rest];
        Some([parts.concat(), self.after.to_vec()].concat())
    }

    /// The statements between the loops: those that the merged loop needs, and the others.
    fn split(&self) -> Option<(Vec<Stmt>, Vec<Stmt>)> {
        let iteration = Effects::of(self.function, std::slice::from_ref(self.forward));
        let reverse = self.reverse_effects(&iteration);
        if !are_independent(&iteration, &reverse) {
            return None;
        }
        let unknown = |all: &BTreeSet<VarId>| all.difference(&self.known).copied().collect();
        let mut seeds = Seeds {
            function: self.function,
            values: unknown(&reverse.read),
            sums: unknown(&reverse.added),
            taken: Vec::new(),
            left: Vec::new(),
        };
        for stmt in self.between.iter().rev() {
            seeds.sort(stmt)?;
        }
        let first = seeds.effects();
        let last = || seeds.left.iter().map(|(_, effects)| effects);
        let may_go_first = self.is_known_before(&first, &reverse)
            && first.reads_nothing_of(&iteration)
            && last().all(|e| first.reads_nothing_of(e) && may_stay(e, &first, &reverse));
        may_go_first.then(|| (stmts(seeds.taken), stmts(seeds.left)))
    }

    /// What the reverse of an iteration does outside of the iteration.
    fn reverse_effects(&self, iteration: &Effects) -> Effects {
        let mut reverse = Effects::of(self.function, &self.reverse.stmts);
        let own = reverse.declared.union(&iteration.declared).copied();
        reverse.forget(&own.chain(self.own_traces()).collect());
        reverse
    }

    /// Do the seeds change nothing but what they declare, and is all there that they and the reverse of an iteration need?
    fn is_known_before(&self, seeds: &Effects, reverse: &Effects) -> bool {
        let known = |v: &VarId| self.known.contains(v) || seeds.declared.contains(v);
        let mut changed = seeds.written.union(&seeds.added);
        changed.all(|v| seeds.declared.contains(v))
            && seeds.mentioned().iter().all(known)
            && reverse.mentioned().iter().all(known)
    }

    /// Traces that only an iteration and its reverse use.
    fn own_traces(&self) -> BTreeSet<VarId> {
        let new = self.before.iter().filter_map(|s| match s {
            Stmt::Derived(DerivedStmt::NewTrace(v)) => Some(*v),
            _ => None,
        });
        let rest = self.before.iter().chain(self.between).chain(self.after);
        let mut outside = BTreeSet::new();
        for stmt in rest {
            crate::ir::visit::mentions(stmt, &mut |v| {
                outside.insert(v);
            });
        }
        new.filter(|v| !outside.contains(v)).collect()
    }
}

/// Does the reverse of an iteration only add to adjoints that no iteration sees, and see nothing that an iteration changes?
fn are_independent(iteration: &Effects, reverse: &Effects) -> bool {
    reverse.written.is_empty()
        && reverse.read.is_disjoint(&reverse.added)
        && reverse.reads_nothing_of(iteration)
        && iteration.mentioned().is_disjoint(&reverse.added)
}

/// May a statement run after the reverse of the iterations instead of before, and after the seeds?
fn may_stay(stmt: &Effects, seeds: &Effects, reverse: &Effects) -> bool {
    stmt.read.is_disjoint(&reverse.added)
        && stmt.written.is_disjoint(&reverse.added)
        && reverse.reads_nothing_of(stmt)
        && stmt.read.is_disjoint(&seeds.written)
        && stmt.read.is_disjoint(&seeds.added)
}

fn stmts(with_effects: Vec<(Stmt, Effects)>) -> Vec<Stmt> {
    with_effects.into_iter().map(|(s, _)| s).collect()
}

/// Sorts the statements between a loop and its reverse, from the last to the first.
struct Seeds<'a> {
    function: &'a Function,
    /// Variables whose values are needed before the loop.
    values: BTreeSet<VarId>,
    /// Variables that have to be declared before the loop.
    sums: BTreeSet<VarId>,
    /// What goes before the loop.
    taken: Vec<(Stmt, Effects)>,
    /// What stays behind it.
    left: Vec<(Stmt, Effects)>,
}

impl Seeds<'_> {
    fn effects(&self) -> Effects {
        let mut all = Effects::default();
        self.taken.iter().for_each(|(_, e)| all.join(e));
        all
    }

    /// `None` where a statement would have to go before the loop and cannot.
    fn sort(&mut self, stmt: &Stmt) -> Option<()> {
        let effects = Effects::of(self.function, std::slice::from_ref(stmt));
        let declares = |all: &BTreeSet<VarId>| !effects.declared.is_disjoint(all);
        let changes = |all: &BTreeSet<VarId>| {
            !effects.written.is_disjoint(all) || !effects.added.is_disjoint(all)
        };
        let needed = declares(&self.values) || declares(&self.sums) || changes(&self.values);
        if !needed {
            self.left.insert(0, (stmt.clone(), effects));
            return Some(());
        }
        if !is_movable(self.function, stmt) {
            return None;
        }
        self.values.extend(&effects.read);
        self.values.extend(&effects.shape);
        self.taken.insert(0, (stmt.clone(), effects));
        Some(())
    }
}

/// May the statement run earlier, where what it reads is the same?
fn is_movable(function: &Function, stmt: &Stmt) -> bool {
    let copied = |ty: &Ty| ty.is_float() || matches!(ty, Ty::Int | Ty::Bool);
    match stmt {
        Stmt::Let { var, rhs } => match rhs {
            Rhs::Op(..) | Rhs::Rule { .. } | Rhs::Cast(..) | Rhs::Len(_) => true,
            Rhs::Read(_) | Rhs::Use(Operand::Var(_)) => copied(&function.var(*var).ty),
            Rhs::Use(Operand::Const(_)) => true,
            Rhs::Repeat { value, .. } => value.as_var().is_none(),
            Rhs::Inert(inert) => inert.cheap && inert.writes.is_empty(),
            Rhs::Derived(derived) => matches!(
                derived,
                Derived::Zero(_)
                    | Derived::ZeroScalar(_)
                    | Derived::Partial { .. }
                    | Derived::Times(..)
                    | Derived::Convert(_)
            ),
            _ => false,
        },
        Stmt::Assign { place, value } => {
            place.path.is_empty() && copied(function.operand_ty(value))
        }
        Stmt::Derived(DerivedStmt::Accumulate { .. } | DerivedStmt::SetZero(_)) => true,
        _ => false,
    }
}
