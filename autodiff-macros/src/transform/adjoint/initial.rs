//! Which assignments may be the first one to a variable that was only declared: there is no old value to keep the shape of.

use crate::ir::visit::children;
use crate::ir::{Block, Function, Stmt, VarId, VarKind};
use std::collections::BTreeSet;

/// Variable and value of each such assignment.
pub fn initial_assignments(function: &Function) -> BTreeSet<(VarId, Option<VarId>)> {
    let mut walk = Walk {
        function,
        open: BTreeSet::new(),
        found: BTreeSet::new(),
    };
    walk.block(&function.body);
    walk.found
}

struct Walk<'a> {
    function: &'a Function,
    /// Declared, and perhaps not assigned yet.
    open: BTreeSet<VarId>,
    found: BTreeSet<(VarId, Option<VarId>)>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Declare(var) if matches!(self.function.var(*var).kind, VarKind::Mutable) => {
                self.open.insert(*var);
            }
            Stmt::Assign { place, value } if place.path.is_empty() => {
                if self.open.remove(&place.root) {
                    self.found.insert((place.root, value.as_var()));
                }
            }
            other => {
                let before = self.open.clone();
                let mut after = BTreeSet::new();
                for child in children(other) {
                    self.open.clone_from(&before);
                    self.block(child);
                    after.extend(std::mem::take(&mut self.open));
                }
                let is_branch = matches!(other, Stmt::If { .. });
                self.open = if is_branch { after } else { before };
            }
        }
    }
}
