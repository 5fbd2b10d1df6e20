//! What is left over after lowering goes away: flags that nobody reads, temporaries that nobody uses.
//!
//! ```text
//! exit = false                     for .. { if c { v += 1 } }
//! for .. { if c { v += 1; exit = true } else {} }
//! ```

use super::Lower;
use super::slot::{Assigned, assigned};
use crate::ir::{Block, Function, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind, visit};
use std::collections::BTreeSet;
use syn::visit::Visit;

impl Lower<'_> {
    /// The function, cleaned up.
    pub fn finished(mut self) -> Function {
        let mut stmts = std::mem::take(&mut self.items);
        stmts.append(&mut self.out);
        let mut body = Block::new(stmts);
        for var in std::mem::take(&mut self.deferred) {
            self.initialize(var, &mut body);
        }
        loop {
            let unused = self.unused(&body);
            if !sweep(&mut body, &unused) {
                break;
            }
        }
        let mut function = self.function;
        function.body = body;
        function
    }

    /// Cleans up the body of a closure.
    pub fn tidy(&mut self, body: &mut Block, result: Option<&Operand>) {
        for var in self.deferred.clone() {
            self.initialize(var, body);
        }
        loop {
            let mut unused = self.unused(body);
            if let Some(var) = result.and_then(Operand::as_var) {
                unused.remove(&var);
            }
            if !sweep(body, &unused) {
                break;
            }
        }
    }

    /// Variables of the compiler's own that nobody reads.
    fn unused(&self, body: &Block) -> BTreeSet<VarId> {
        let mut used = BTreeSet::new();
        reads(&body.stmts, &mut |v| {
            used.insert(v);
        });
        let slots = self.function.checkpoints.values().flatten();
        let operands = self.function.result.iter().chain(slots);
        used.extend(operands.filter_map(Operand::as_var));
        for var in &self.function.vars {
            if let VarKind::View { target, .. } = &var.kind {
                visit::place_mentions(target, &mut |v| {
                    used.insert(v);
                });
            }
        }
        self.made.difference(&used).copied().collect()
    }

    /// `let x;` that rustc would think unassigned somewhere, the exits being flags now. One of the user's of unknown type is left as it is.
    fn initialize(&mut self, var: VarId, body: &mut Block) {
        let known = self.function.var(var).ty != Ty::Unknown || self.made.contains(&var);
        if !known || !matches!(self.function.var(var).kind, VarKind::Mutable) {
            return;
        }
        let rhs = self.unused_value(var);
        declare_with(var, &rhs, body);
    }
}

/// Replaces `let x;` by `let x = rhs;` unless it is assigned once on every path, before it is read.
fn declare_with(var: VarId, rhs: &Rhs, block: &mut Block) {
    let at = block
        .stmts
        .iter()
        .position(|s| matches!(s, Stmt::Declare(v) if *v == var));
    if let Some(at) = at {
        let plain = matches!(
            assigned(&block.stmts[at..], var),
            Assigned::Once | Assigned::Leaves
        );
        if !plain || is_read_first(&block.stmts[at + 1..], var) {
            let rhs = rhs.clone();
            block.stmts[at] = Stmt::Let { var, rhs };
        }
        return;
    }
    for stmt in &mut block.stmts {
        visit::children_mut(stmt)
            .into_iter()
            .for_each(|b| declare_with(var, rhs, b));
    }
}

/// Does a statement before the one that assigns it read it?
fn is_read_first(stmts: &[Stmt], var: VarId) -> bool {
    for stmt in stmts {
        let mut read = false;
        reads(std::slice::from_ref(stmt), &mut |v| read |= v == var);
        if read {
            return true;
        }
        if !matches!(assigned(std::slice::from_ref(stmt), var), Assigned::No) {
            return false;
        }
    }
    false
}

/// Every mention but that as the target of an assignment to the whole variable.
fn reads(stmts: &[Stmt], f: &mut dyn FnMut(VarId)) {
    for stmt in stmts {
        match stmt {
            Stmt::Assign { place, value } | Stmt::Update { place, value, .. }
                if place.path.is_empty() =>
            {
                value.as_var().into_iter().for_each(&mut *f);
            }
            stmt => visit::own_mentions(stmt, f),
        }
        visit::children(stmt)
            .into_iter()
            .for_each(|b| reads(&b.stmts, f));
    }
}

/// Removes what concerns unused variables only. Was there anything?
fn sweep(block: &mut Block, unused: &BTreeSet<VarId>) -> bool {
    let before = block.stmts.len();
    block.stmts.retain(|stmt| !is_unused(stmt, unused));
    let mut changed = block.stmts.len() < before;
    for stmt in &mut block.stmts {
        for child in visit::children_mut(stmt) {
            changed |= sweep(child, unused);
        }
    }
    let before = block.stmts.len();
    block.stmts.retain(|stmt| !is_empty_branch(stmt));
    changed | (block.stmts.len() < before)
}

fn is_empty_branch(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::If { then, els, .. } if then.stmts.is_empty() && els.stmts.is_empty())
}

fn is_unused(stmt: &Stmt, unused: &BTreeSet<VarId>) -> bool {
    match stmt {
        Stmt::Let { var, rhs } => unused.contains(var) && is_pure(rhs),
        Stmt::Declare(var) => unused.contains(var),
        Stmt::Assign { place, .. } | Stmt::Update { place, .. } => {
            place.path.is_empty() && unused.contains(&place.root)
        }
        _ => false,
    }
}

/// May the evaluation be left out? It neither writes nor panics, as far as anyone relies on it.
fn is_pure(rhs: &Rhs) -> bool {
    match rhs {
        Rhs::Inert(inert) => inert.cheap || inert.uses.is_empty() && inert.writes.is_empty(),
        Rhs::Read(place) | Rhs::Len(place) | Rhs::IsPresent(place) => is_direct(place),
        _ => true,
    }
}

fn is_direct(place: &Place) -> bool {
    let last = place.path.len().saturating_sub(1);
    place
        .path
        .iter()
        .enumerate()
        .all(|(k, p)| k == last || !matches!(p, Proj::Range { .. }))
}

/// Does a block contain early exits?
pub fn has_exits(block: &syn::Block) -> bool {
    #[derive(Default)]
    struct Exits(bool);
    impl<'ast> Visit<'ast> for Exits {
        fn visit_expr_return(&mut self, _: &'ast syn::ExprReturn) {
            self.0 = true;
        }
        fn visit_expr_break(&mut self, _: &'ast syn::ExprBreak) {
            self.0 = true;
        }
        fn visit_expr_continue(&mut self, _: &'ast syn::ExprContinue) {
            self.0 = true;
        }
        fn visit_expr_try(&mut self, _: &'ast syn::ExprTry) {
            self.0 = true;
        }
    }
    let mut exits = Exits::default();
    exits.visit_block(block);
    exits.0
}
