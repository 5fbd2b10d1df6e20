//! Which temporaries are written into their only use, so that the expansion reads as a person would write it.
//!
//! ```text
//! let t1 = x[i];
//! let t2 = a * t1;         =>        s += a * x[i];
//! s += t2;
//! ```
//!
//! *In*: all blocks of one function's derivative program. *Out*: the variables whose `let` is left out. A value moves down to its use only past
//! statements that change nothing it reads, never into another block, and keeps its place in the arithmetic: floating point gives
//! the same bits.

use crate::ir::visit::{self, block_mentions, children, declared, own_mentions};
use crate::ir::{
    Block, Cotangent, Derived, DerivedStmt, Function, Operand, Place, Rhs, Stmt, TangentOf, Ty,
    VarId, VarKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Larger expressions are left in parts.
const MOST: usize = 7;

/// What is left out, and what stands in its place.
pub type Inlined<'a> = BTreeMap<VarId, &'a Rhs>;

/// Plans for these blocks of `function`; what `kept` lists is needed by name.
pub fn plan<'a>(function: &'a Function, blocks: &[&'a Block], kept: &[VarId]) -> Inlined<'a> {
    let mut planner = Planner {
        function,
        mentions: BTreeMap::new(),
        declarations: BTreeMap::new(),
        inlined: BTreeMap::new(),
    };
    for block in blocks {
        block_mentions(block, &mut |v| *planner.mentions.entry(v).or_default() += 1);
        planner.count_declarations(block);
    }
    for var in kept {
        *planner.mentions.entry(*var).or_default() += 1;
    }
    for block in blocks {
        planner.block(block);
    }
    planner.inlined
}

struct Planner<'a> {
    function: &'a Function,
    mentions: BTreeMap<VarId, usize>,
    declarations: BTreeMap<VarId, usize>,
    inlined: Inlined<'a>,
}

/// A value on its way down to its use.
struct Moving {
    var: VarId,
    /// The variables that it reads and that may change.
    reads: BTreeSet<VarId>,
    size: usize,
}

impl<'a> Planner<'a> {
    fn count_declarations(&mut self, block: &Block) {
        for stmt in &block.stmts {
            for var in declared(stmt) {
                *self.declarations.entry(var).or_default() += 1;
            }
            for child in children(stmt) {
                self.count_declarations(child);
            }
        }
    }

    fn block(&mut self, block: &'a Block) {
        let mut moving: Vec<Moving> = Vec::new();
        for stmt in &block.stmts {
            let used = self.arrive(stmt, &mut moving);
            moving.retain(|m| {
                let stays = self.passes(m, stmt);
                if !stays {
                    self.inlined.remove(&m.var);
                }
                stays
            });
            self.depart(stmt, &used, &mut moving);
            for child in children(stmt) {
                self.block(child);
            }
        }
        for left in moving {
            self.inlined.remove(&left.var);
        }
    }

    /// Takes out the values that this statement uses; those that it cannot take in stay where they were bound.
    fn arrive(&mut self, stmt: &Stmt, moving: &mut Vec<Moving>) -> Vec<Moving> {
        let operands = operands(stmt);
        let (used, rest): (Vec<_>, Vec<_>) =
            moving.drain(..).partition(|m| operands.contains(&m.var));
        *moving = rest;
        let (taken, refused): (Vec<_>, Vec<_>) =
            used.into_iter().partition(|m| self.takes_in(stmt, m));
        for m in refused {
            self.inlined.remove(&m.var);
        }
        taken
    }

    /// May the value be computed where this statement computes its operands?
    fn takes_in(&self, stmt: &Stmt, value: &Moving) -> bool {
        let reads = |place: &Place| value.reads.contains(&self.root(place));
        match stmt {
            Stmt::Let { rhs, .. } => is_pure(rhs) || value.reads.is_empty(),
            // The right-hand side is evaluated first.
            Stmt::Assign { .. } => true,
            Stmt::Update { place, .. } | Stmt::Push { place, .. } => !reads(place),
            Stmt::If { .. } | Stmt::For { .. } => true,
            Stmt::Derived(DerivedStmt::Accumulate { place, .. }) => !reads(place),
            Stmt::Derived(
                DerivedStmt::IfRecord { .. }
                | DerivedStmt::ForReverse { .. }
                | DerivedStmt::Replay { .. },
            ) => true,
            _ => false,
        }
    }

    /// May the value be computed after this statement instead of before?
    fn passes(&self, value: &Moving, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Declare(_) => true,
            Stmt::Let { var, rhs } => {
                is_pure(rhs) && (self.is_scalar(*var) || !self.touches(stmt, value))
            }
            Stmt::Assign { .. }
            | Stmt::Update { .. }
            | Stmt::Derived(
                DerivedStmt::Accumulate { .. } | DerivedStmt::SetZero(_) | DerivedStmt::NewTrace(_),
            ) => !self.touches(stmt, value),
            _ => false,
        }
    }

    fn touches(&self, stmt: &Stmt, value: &Moving) -> bool {
        let mut touches = false;
        own_mentions(stmt, &mut |v| {
            touches |= value.reads.contains(&self.root(&Place::var(v)));
        });
        touches
    }

    /// Starts a value on its way if it is one that may be moved.
    fn depart(&mut self, stmt: &'a Stmt, used: &[Moving], moving: &mut Vec<Moving>) {
        let Stmt::Let { var, rhs } = stmt else {
            return;
        };
        let size = 1 + used.iter().map(|m| m.size).sum::<usize>();
        if size > MOST || !self.may_move(*var, rhs) {
            return;
        }
        let mut reads: BTreeSet<VarId> = used.iter().flat_map(|m| m.reads.clone()).collect();
        visit::rhs_mentions(rhs, &mut |v| {
            let root = self.root(&Place::var(v));
            if !matches!(self.function.var(root).kind, VarKind::Value) {
                reads.insert(root);
            }
        });
        reads.extend(visit::rhs_places(rhs).map(|p| self.root(p)));
        self.inlined.insert(*var, rhs);
        moving.push(Moving {
            var: *var,
            reads,
            size,
        });
    }

    fn may_move(&self, var: VarId, rhs: &Rhs) -> bool {
        let once = |counts: &BTreeMap<VarId, usize>| counts.get(&var) == Some(&1);
        let binding = self.function.var(var);
        matches!(binding.kind, VarKind::Value)
            && binding.annotation.is_none()
            && is_temporary(&binding.ident.to_string())
            && once(&self.mentions)
            && once(&self.declarations)
            && match rhs {
                Rhs::Read(_) => self.is_scalar(var),
                Rhs::Use(Operand::Var(_)) => self.is_scalar(var),
                Rhs::Derived(Derived::Partial { args, .. }) => !args.is_empty(),
                Rhs::Derived(Derived::Times(..)) => true,
                Rhs::Op(..) | Rhs::Rule { .. } | Rhs::Cast(..) | Rhs::Len(_) => true,
                _ => false,
            }
    }

    fn is_scalar(&self, var: VarId) -> bool {
        matches!(
            self.function.var(var).ty,
            Ty::Float(_) | Ty::Int | Ty::Bool | Ty::Unit
        )
    }

    fn root(&self, place: &Place) -> VarId {
        self.function.resolve(place).root
    }
}

/// Does it change nothing?
fn is_pure(rhs: &Rhs) -> bool {
    match rhs {
        Rhs::Inert(inert) => inert.cheap,
        Rhs::Derived(Derived::Take(_) | Derived::Replace { .. } | Derived::PopAdjoint(_)) => false,
        Rhs::Borrow { mutable, .. } => !mutable,
        _ => true,
    }
}

/// `t`, `t7`, `t_2`, `t7_dot`, `t7_bar_2`: a name that the compiler made up.
fn is_temporary(name: &str) -> bool {
    let Some(rest) = name.strip_prefix('t') else {
        return false;
    };
    let number = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let mut parts = rest.split('_');
    parts.next().is_some_and(number)
        && parts.all(|part| matches!(part, "dot" | "bar") || (number(part) && !part.is_empty()))
}

/// The variables that a statement uses as operands, outside its nested blocks, each once per use.
fn operands(stmt: &Stmt) -> Vec<VarId> {
    let mut found = Vec::new();
    let mut add = |o: &Operand| found.extend(o.as_var());
    match stmt {
        Stmt::Let { rhs, .. } => rhs_operands(rhs, &mut add),
        Stmt::Assign { place, value }
        | Stmt::Update { place, value, .. }
        | Stmt::Push { place, value }
        | Stmt::Derived(DerivedStmt::Accumulate { place, value, .. }) => {
            visit::place_operands(place, &mut add);
            add(value);
        }
        Stmt::If { cond, .. } | Stmt::Derived(DerivedStmt::IfRecord { cond, .. }) => add(cond),
        Stmt::For { range, .. } | Stmt::Derived(DerivedStmt::ForReverse { range, .. }) => {
            visit::range_operands(range, &mut add);
        }
        Stmt::Derived(DerivedStmt::Replay { count, .. }) => add(count),
        Stmt::Derived(DerivedStmt::CallBackward { cotangent, .. }) => {
            let parts: &[TangentOf] = match cotangent {
                Cotangent::None => &[],
                Cotangent::One(part) => std::slice::from_ref(part),
                Cotangent::Tuple(parts) => parts,
            };
            parts.iter().for_each(|part| tangent_of(part, &mut add));
        }
        _ => {}
    }
    found
}

fn rhs_operands(rhs: &Rhs, add: &mut dyn FnMut(&Operand)) {
    match rhs {
        Rhs::Derived(Derived::Partial { args, .. }) => args.iter().for_each(add),
        Rhs::Derived(Derived::Times(a, b)) => {
            add(a);
            add(b);
        }
        Rhs::Derived(Derived::Convert(o)) => add(o),
        Rhs::Derived(Derived::Aggregate(_, parts)) => {
            parts.iter().for_each(|part| tangent_of(part, add));
        }
        Rhs::Derived(Derived::Take(p) | Derived::Save(p) | Derived::Zero(p)) => {
            visit::place_operands(p, &mut |o| add(o));
        }
        Rhs::Derived(_) => {}
        primal => visit::rhs_operands(primal, &mut |o| add(o)),
    }
}

fn tangent_of(part: &TangentOf, add: &mut dyn FnMut(&Operand)) {
    if let TangentOf::Active(operand) = part {
        add(operand);
    }
}
