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
    Arg, Block, Derived, DerivedStmt, Function, Operand, Place, Rhs, Share, Stmt, TangentOf, Ty,
    VarId, VarKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Larger expressions are left in parts.
const MOST: usize = 7;

/// What one block leaves out, and what stands in its place in that block.
pub type Inlined<'a> = BTreeMap<VarId, &'a Rhs>;

/// What a whole program leaves out.
#[derive(Default)]
pub struct Plan<'a> {
    blocks: BTreeMap<*const Block, Inlined<'a>>,
    changed: BTreeSet<VarId>,
}

impl<'a> Plan<'a> {
    /// For these blocks of `function`, each of which may mention what those before it declare; what `kept` lists is needed by name.
    pub fn new(function: &'a Function, parts: &[&'a Block], kept: &[VarId]) -> Self {
        let mut plan = Self::default();
        for part in parts {
            plan.note_changes(part);
        }
        for (k, part) in parts.iter().enumerate() {
            let mut outside = Counts::new();
            for later in &parts[k + 1..] {
                count(later, &mut outside);
            }
            for var in kept {
                *outside.entry(*var).or_default() += 1;
            }
            plan.block(function, part, outside);
        }
        plan
    }

    /// What this block leaves out.
    pub fn of(&self, block: &Block) -> Option<&Inlined<'a>> {
        self.blocks.get(&std::ptr::from_ref(block))
    }

    /// Is the variable changed after its declaration?
    pub fn is_changed(&self, var: VarId) -> bool {
        self.changed.contains(&var)
    }

    /// Whatever is more than an operand or the whole of what is read may be changed.
    fn note_changes(&mut self, block: &Block) {
        for stmt in &block.stmts {
            let mut mentions = Counts::new();
            own_mentions(stmt, &mut |v| *mentions.entry(v).or_default() += 1);
            for var in operands(stmt).into_iter().chain(whole(stmt)) {
                if let Some(n) = mentions.get_mut(&var) {
                    *n = n.saturating_sub(1);
                }
            }
            let more = mentions.into_iter().filter(|(_, n)| *n > 0);
            self.changed.extend(more.map(|(v, _)| v));
            if let Stmt::Declare(var) = stmt {
                self.changed.insert(*var);
            }
            for child in children(stmt) {
                self.note_changes(child);
            }
        }
    }

    fn block(&mut self, function: &'a Function, block: &'a Block, mut mentions: Counts) {
        count(block, &mut mentions);
        let mut declarations = Counts::new();
        for var in block.stmts.iter().flat_map(declared) {
            *declarations.entry(var).or_default() += 1;
        }
        let mut planner = Planner {
            function,
            changed: &self.changed,
            mentions,
            declarations,
            inlined: Inlined::new(),
        };
        planner.aliases(block);
        planner.block(block);
        let inlined = planner.inlined;
        self.blocks.insert(std::ptr::from_ref(block), inlined);
        for stmt in &block.stmts {
            // A condition or a record names what the block inside declares.
            let mut outside = Counts::new();
            own_mentions(stmt, &mut |v| *outside.entry(v).or_default() += 1);
            for child in children(stmt) {
                self.block(function, child, outside.clone());
            }
        }
    }
}

type Counts = BTreeMap<VarId, usize>;

fn count(block: &Block, counts: &mut Counts) {
    block_mentions(block, &mut |v| *counts.entry(v).or_default() += 1);
}

/// The variable whose whole value a `let` reads.
fn whole(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::Let {
            rhs: Rhs::Read(place),
            ..
        } if place.path.is_empty() => Some(place.root),
        _ => None,
    }
}

/// Plans for one block.
struct Planner<'a, 'b> {
    function: &'a Function,
    changed: &'b BTreeSet<VarId>,
    mentions: Counts,
    declarations: Counts,
    inlined: Inlined<'a>,
}

/// A value on its way down to its use.
struct Moving {
    var: VarId,
    /// The variables that it mentions.
    names: BTreeSet<VarId>,
    /// The variables that it reads and that may change.
    reads: BTreeSet<VarId>,
    size: usize,
}

impl<'a> Planner<'a, '_> {
    /// Other names for values: `let t = t3_bar;` where neither changes, used in this block only.
    fn aliases(&mut self, block: &'a Block) {
        let mut uses = Counts::new();
        for stmt in &block.stmts {
            for var in self.uses(stmt) {
                *uses.entry(var).or_default() += 1;
            }
        }
        let mut declared_before = BTreeSet::new();
        for stmt in &block.stmts {
            declared_before.extend(declared(stmt));
            let Stmt::Let { var, rhs } = stmt else {
                continue;
            };
            let Some(source) = self.source(rhs) else {
                continue;
            };
            let used = uses.get(var).copied().unwrap_or(0);
            let everywhere = self.mentions.get(var).copied().unwrap_or(0);
            let stands = match self.declarations.get(&source) {
                None => true,
                Some(n) => *n == 1 && declared_before.contains(&source),
            };
            let free = self.is_free(*var) && self.is_scalar(*var);
            if used > 1 && used == everywhere && stands && free {
                self.inlined.insert(*var, rhs);
                *self.mentions.entry(source).or_default() += used - 1;
            }
        }
    }

    /// The value that a right-hand side is another name for.
    fn source(&self, rhs: &Rhs) -> Option<VarId> {
        let source = match rhs {
            Rhs::Use(operand) => operand.as_var(),
            Rhs::Read(place) if place.path.is_empty() => Some(place.root),
            _ => None,
        };
        source.filter(|v| self.is_constant(*v))
    }

    /// A value, or a variable that is never changed.
    fn is_constant(&self, var: VarId) -> bool {
        match self.function.var(var).kind {
            VarKind::Value => true,
            VarKind::Mutable => !self.changed.contains(&var),
            VarKind::View { .. } => false,
        }
    }

    fn is_constant_scalar(&self, place: &Place) -> bool {
        place.path.is_empty() && self.is_constant(place.root) && self.is_scalar(place.root)
    }

    /// Operands, and constants that are read as a whole.
    fn uses(&self, stmt: &Stmt) -> Vec<VarId> {
        let mut uses = operands(stmt);
        uses.extend(whole(stmt).filter(|v| self.is_constant(*v)));
        uses
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
        }
        for left in moving {
            self.inlined.remove(&left.var);
        }
    }

    /// Takes out the values that this statement uses; those that it cannot take in stay where they were bound.
    fn arrive(&mut self, stmt: &Stmt, moving: &mut Vec<Moving>) -> Vec<Moving> {
        let uses = self.uses(stmt);
        let (used, rest): (Vec<_>, Vec<_>) = moving.drain(..).partition(|m| uses.contains(&m.var));
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
                is_pure(rhs)
                    && !value.names.contains(var)
                    && (self.is_scalar(*var) || !self.touches(stmt, value))
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
        if size > MOST || self.inlined.contains_key(var) || !self.may_move(*var, rhs) {
            return;
        }
        let mut reads: BTreeSet<VarId> = used.iter().flat_map(|m| m.reads.clone()).collect();
        let mut names: BTreeSet<VarId> = used.iter().flat_map(|m| m.names.clone()).collect();
        visit::rhs_mentions(rhs, &mut |v| {
            names.insert(v);
            let root = self.root(&Place::var(v));
            if !self.is_constant(root) {
                reads.insert(root);
            }
        });
        // What a variable holds or points to may change or move away, though its binding never does; not so a scalar.
        let place = visit::rhs_places(rhs).filter(|p| !self.is_constant_scalar(p));
        reads.extend(place.map(|p| self.root(p)));
        if let Rhs::Dispatch { args, .. } = rhs {
            let lent = args.iter().filter_map(|a| self.lent(a));
            reads.extend(lent);
        }
        self.inlined.insert(*var, rhs);
        moving.push(Moving {
            var: *var,
            names,
            reads,
            size,
        });
    }

    /// What an operator borrows: it may not move away before that.
    fn lent(&self, arg: &Arg) -> Option<VarId> {
        match arg {
            Arg::Value(o) => o.as_var().filter(|v| !self.is_scalar(*v)),
            Arg::Ref(p) | Arg::RefMut(p) => Some(self.root(p)),
            Arg::Function(_) => None,
        }
    }

    fn may_move(&self, var: VarId, rhs: &Rhs) -> bool {
        self.is_free(var)
            && self.mentions.get(&var) == Some(&1)
            && match rhs {
                Rhs::Read(_) => self.is_scalar(var),
                Rhs::Use(Operand::Var(_)) => self.is_scalar(var),
                Rhs::Derived(
                    Derived::Partial { args, .. } | Derived::SecondPartial { args, .. },
                ) => !args.is_empty(),
                Rhs::Derived(Derived::Times(..)) => true,
                Rhs::Op(..) | Rhs::Rule { .. } | Rhs::Cast(..) | Rhs::Len(_) => true,
                Rhs::IsPresent(_) | Rhs::Dispatch { .. } | Rhs::Dimension { .. } => true,
                Rhs::Inert(inert) => inert.cheap && self.is_index(var),
                _ => false,
            }
    }

    /// A name that the compiler made up and that nothing needs.
    fn is_free(&self, var: VarId) -> bool {
        let binding = self.function.var(var);
        self.is_constant(var)
            && binding.annotation.is_none()
            && is_temporary(&binding.ident.to_string())
            && self.declarations.get(&var) == Some(&1)
    }

    /// A row and a column.
    fn is_index(&self, var: VarId) -> bool {
        matches!(&self.function.var(var).ty, Ty::Tuple(parts) if parts.iter().all(|t| *t == Ty::Int))
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
            let parts = cotangent.parts().iter();
            parts.for_each(|part| tangent_of(part, &mut add));
        }
        Stmt::Derived(DerivedStmt::CallBackwardTangent {
            cotangent,
            cotangent_dot,
            ..
        }) => {
            let parts = cotangent.parts().iter().chain(cotangent_dot.parts());
            parts.for_each(|part| tangent_of(part, &mut add));
        }
        _ => {}
    }
    found
}

fn rhs_operands(rhs: &Rhs, add: &mut dyn FnMut(&Operand)) {
    match rhs {
        Rhs::Derived(Derived::Partial { args, .. } | Derived::SecondPartial { args, .. }) => {
            args.iter().for_each(add);
        }
        Rhs::Derived(Derived::Share(share)) => share_operands(share, add),
        Rhs::Derived(Derived::Series {
            result,
            args,
            tails,
            ..
        }) => {
            let all = args.iter().chain(tails.iter().flatten());
            all.chain([result]).for_each(add);
        }
        Rhs::Derived(Derived::Times(a, b, _)) => {
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

fn share_operands(share: &Share, add: &mut dyn FnMut(&Operand)) {
    share
        .args
        .iter()
        .for_each(|a| visit::arg_operands(a, &mut |o| add(o)));
}

fn tangent_of(part: &TangentOf, add: &mut dyn FnMut(&Operand)) {
    if let TangentOf::Active(operand) = part {
        add(operand);
    }
}
