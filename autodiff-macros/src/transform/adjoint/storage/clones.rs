//! A copy of what the forward part, or what is run again, moves away although the reverse part needs it.

use super::super::moves::moves_out_of;
use super::Stored;
use crate::ir::visit::{children_mut, mentions};
use crate::ir::{
    Arg, Block, Call, Derived, DerivedStmt, Function, Operand, Place, Rhs, Stmt, VarId, VarKind,
};
use proc_macro2::{Ident, Span};
use std::collections::BTreeSet;

/// Replaces every move of a variable that is in `copied`, or that `reverse` mentions, by a clone.
pub fn keep_copies(
    function: Function,
    moved: &BTreeSet<VarId>,
    copied: BTreeSet<VarId>,
    forward: Block,
    reverse: Vec<Stmt>,
) -> Stored {
    let mut kept = copied;
    for stmt in &reverse {
        mentions(stmt, &mut |v| {
            if moved.contains(&v) {
                kept.insert(v);
            }
        });
    }
    let mut pass = Pass { function, kept };
    let mut forward = pass.block(forward);
    // What it runs again moves too.
    let reverse = pass.block(Block::new(reverse));
    let mut result = pass.function.result.clone();
    if let Some(operand) = &mut result {
        pass.operand(operand, &mut forward.stmts);
    }
    Stored {
        function: pass.function,
        forward,
        result,
        reverse,
        restored: BTreeSet::new(),
    }
}

struct Pass {
    function: Function,
    kept: BTreeSet<VarId>,
}

impl Pass {
    fn block(&mut self, block: Block) -> Block {
        if self.kept.is_empty() {
            return block;
        }
        let mut out = Vec::with_capacity(block.stmts.len());
        for mut stmt in block.stmts {
            self.stmt(&mut stmt, &mut out);
            out.push(stmt);
        }
        Block::new(out)
    }

    fn nested(&mut self, block: &mut Block) {
        *block = self.block(std::mem::take(block));
    }

    fn stmt(&mut self, stmt: &mut Stmt, out: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { rhs, .. } => self.rhs(rhs, out),
            Stmt::Assign { value, .. } | Stmt::Push { value, .. } => self.operand(value, out),
            Stmt::Call { call, .. } | Stmt::Derived(DerivedStmt::CallForward { call, .. }) => {
                self.call(call, out);
            }
            _ => {}
        }
        for inner in children_mut(stmt) {
            self.nested(inner);
        }
    }

    fn rhs(&mut self, rhs: &mut Rhs, out: &mut Vec<Stmt>) {
        match rhs {
            Rhs::Use(value)
            | Rhs::Repeat { value, .. }
            | Rhs::Derived(Derived::Replace { value, .. }) => self.operand(value, out),
            Rhs::Aggregate(_, parts) => parts.iter_mut().for_each(|p| self.operand(p, out)),
            Rhs::Read(place)
                if self.kept.contains(&place.root) && moves_out_of(&self.function, place) =>
            {
                *rhs = clone(place.clone());
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &mut Call, out: &mut Vec<Stmt>) {
        for arg in &mut call.args {
            if let Arg::Value(value) = arg {
                self.operand(value, out);
            }
        }
    }

    /// Makes a kept operand a fresh clone of itself.
    fn operand(&mut self, operand: &mut Operand, out: &mut Vec<Stmt>) {
        let Some(v) = operand.as_var().filter(|v| self.kept.contains(v)) else {
            return;
        };
        let ty = self.function.var(v).ty.clone();
        if ty.is_copy() {
            return;
        }
        let span = Span::mixed_site();
        let copy = self.function.fresh("copy", span, ty, VarKind::Value);
        let rhs = clone(Place::var(v));
        out.push(Stmt::Let { var: copy, rhs });
        *operand = Operand::Var(copy);
    }
}

fn clone(place: Place) -> Rhs {
    let method = Ident::new("clone", Span::mixed_site());
    Rhs::Clone { place, method }
}
