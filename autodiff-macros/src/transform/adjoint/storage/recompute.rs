//! What the reverse part of a recorded block evaluates again: index arithmetic, sums and products of what is there anyway, and loads
//! from memory that holds, or holds again, what it held.

use super::finish::{Finish, Part};
use crate::ir::visit::{
    children, declared, mentions_var, own_writes, place_operands, rhs_mentions,
};
use crate::ir::{
    Arg, Derived, DerivedStmt, Op, Operand, Param, ParamMode, Place, Proj, Rhs, Stmt, Ty, VarId,
    VarKind,
};

/// A block's parts while it is decided which of its values are recorded.
pub struct Candidates<'a, 'b> {
    pub finish: &'a Finish<'b>,
    pub parts: &'a [Part],
}

impl Candidates<'_, '_> {
    /// The last part whose reverse mentions the variable: the first one to run.
    pub fn first_use(&self, var: VarId) -> Option<usize> {
        self.parts.iter().rposition(|p| p.rev_mentions(var))
    }

    fn position(&self, var: VarId) -> Option<(usize, &Stmt)> {
        let parts = self.parts.iter().enumerate();
        let mut found = parts.filter_map(|(k, part)| Some((k, definition(part, var)?)));
        found.next()
    }

    /// May `var`, defined in part `at` by `stmt`, be evaluated again just before part `until` is reversed?
    pub fn recomputable(&self, at: usize, stmt: &Stmt, until: usize) -> bool {
        let Stmt::Let { var, rhs } = stmt else {
            return false;
        };
        let zero = matches!(rhs, Rhs::Derived(Derived::Zero(_)));
        let value = matches!(self.finish.function.var(*var).kind, VarKind::Value);
        if !(value || zero) {
            return false;
        }
        match rhs {
            Rhs::Derived(Derived::Zero(p)) => self.has_shape(p, until),
            Rhs::Len(p) | Rhs::Dimension { place: p, .. } => {
                self.has_shape(p, until)
                    || self.loadable(*var, p, at, until) && !self.changes(at, p)
            }
            Rhs::Read(p) | Rhs::IsPresent(p) => self.loadable(*var, p, at, until),
            Rhs::Position { place, index } => {
                self.loadable(*var, place, at, until) && self.free(index, until)
            }
            Rhs::Use(o) | Rhs::Cast(o, _) => {
                let scalar = |ty: &Ty| ty.is_float() || matches!(ty, Ty::Int | Ty::Bool);
                scalar(self.finish.function.operand_ty(o)) && self.free(o, until)
            }
            Rhs::Op(op, args) => {
                let cheap = *op != Op::Div && *op != Op::Rem || self.is_integer(*var);
                cheap && args.iter().all(|a| self.free(a, until))
            }
            Rhs::Dispatch { op, args } => {
                let ty = &self.finish.function.var(*var).ty;
                let value = |a: &Arg| matches!(a, Arg::Value(o) if self.free(o, until));
                *op != Op::Div && !ty.is_matrix() && args.iter().all(value)
            }
            Rhs::Derived(Derived::Share(share)) if share.is_kept() => {
                let value = |a: &Arg| matches!(a, Arg::Value(o) if self.free(o, until));
                share.args.iter().all(value)
            }
            Rhs::Inert(inert) if inert.cheap => {
                let mut all = true;
                rhs_mentions(rhs, &mut |v| all &= self.free(&Operand::Var(v), until));
                all && inert.writes.is_empty()
            }
            _ => false,
        }
    }

    /// Is `var` a number that the pullback has in any case: one at a fixed place of a parameter that it is given again, the length of that, or
    /// another name for a number?
    pub fn is_at_hand(&self, var: VarId, rhs: &Rhs) -> bool {
        let known = self.finish.function.var(var);
        let number = known.ty.is_scalar() && matches!(known.kind, VarKind::Value);
        number
            && match rhs {
                Rhs::Use(_) => true,
                Rhs::Read(place) | Rhs::Len(place) => self.is_in_argument(place),
                _ => false,
            }
    }

    fn is_in_argument(&self, place: &Place) -> bool {
        let function = &self.finish.function;
        let place = function.resolve(place);
        let lent = |p: &Param| p.var == place.root && p.mode == ParamMode::Ref;
        let mut fixed = true;
        place_operands(&place, &mut |o| fixed &= o.as_var().is_none());
        fixed && function.params.iter().any(lent)
    }

    fn is_integer(&self, var: VarId) -> bool {
        matches!(self.finish.function.var(var).ty, Ty::Int | Ty::Bool)
    }

    /// Can the reverse part have the operand without recording more than it does anyway?
    fn free(&self, operand: &Operand, until: usize) -> bool {
        let Some(var) = operand.as_var() else {
            return true;
        };
        if !matches!(self.finish.function.var(var).kind, VarKind::Value) {
            return false;
        }
        match self.position(var) {
            None => true,
            Some((at, stmt)) => {
                self.first_use(var).is_some_and(|m| m >= until)
                    || self.recomputable(at, stmt, until)
            }
        }
    }

    /// Can the reverse part have the place's shape?
    fn has_shape(&self, place: &Place, until: usize) -> bool {
        let place = self.finish.function.resolve(place);
        let fixed = !self.finish.is_resized(place.root) && self.reaches(place.root);
        let mut indices = true;
        place_operands(&place, &mut |o| indices &= self.free(o, until));
        fixed && indices
    }

    /// Is the root there in the reverse part without being recorded for this alone?
    fn reaches(&self, root: VarId) -> bool {
        let gone = self.finish.moved.contains(&root) || self.finish.borrowed(root);
        let inside = self.position(root).is_some() && self.first_use(root).is_none();
        !gone && !inside
    }

    /// Does the place hold, after part `until` was undone, what it held in part `at`, and can the reverse part have it?
    fn loadable(&self, var: VarId, place: &Place, at: usize, until: usize) -> bool {
        let function = &self.finish.function;
        let place = function.resolve(place);
        let root = place.root;
        if !self.reaches(root) || until < at {
            return false;
        }
        let whole = !place.path.iter().any(|p| !matches!(p, Proj::Deref));
        if whole && self.finish.written_in_loop(root) {
            return false;
        }
        let mut indices = true;
        place_operands(&place, &mut |o| indices &= self.free(o, until));
        indices && self.unchanged(var, root, at, until)
    }

    /// Does the part change the place's root? What it asks for is as it was before.
    fn changes(&self, at: usize, place: &Place) -> bool {
        let function = &self.finish.function;
        let root = function.resolve(place).root;
        let mut stmts = self.parts[at].fwd.iter();
        stmts.any(|s| writes_root(function, s, root))
    }

    fn unchanged(&self, var: VarId, root: VarId, at: usize, until: usize) -> bool {
        let function = &self.finish.function;
        let writes = |s: &Stmt| writes_root(function, s, root);
        let between = self.parts[at..until].iter().skip(1);
        let before = between.flat_map(|p| &p.fwd).any(writes);
        let last = &self.parts[until];
        let overwrites = |s: &&Stmt| writes(s);
        let mut overwriting = last.fwd.iter().filter(overwrites);
        at == until
            || !before
                && overwriting
                    .all(|s| is_undone_first(s) && self.needed_after_undo(var, root, last))
    }

    /// Is the variable used only after what the part overwrites is back?
    fn needed_after_undo(&self, var: VarId, root: VarId, part: &Part) -> bool {
        let used = part.rev.iter().position(|s| mentions_var(s, var));
        let undone = part.rev.iter().position(|s| undoes(s, root));
        match (used, undone) {
            (Some(used), Some(undone)) => used > undone,
            _ => true,
        }
    }
}

/// Does a reverse statement put back what a root held?
fn undoes(stmt: &Stmt, root: VarId) -> bool {
    match stmt {
        Stmt::Assign { place, .. } | Stmt::Derived(DerivedStmt::PopPrimal(place)) => {
            place.root == root
        }
        Stmt::Swap(a, b) => a.root == root || b.root == root,
        _ => false,
    }
}

/// Is what the statement writes put back before anything else of its reverse runs?
fn is_undone_first(stmt: &Stmt) -> bool {
    children(stmt).is_empty() && !matches!(stmt, Stmt::Derived(DerivedStmt::CallForward { .. }))
}

/// Does the statement, or one inside it, write the root?
pub fn writes_root(function: &crate::ir::Function, stmt: &Stmt, root: VarId) -> bool {
    let own = own_writes(stmt)
        .iter()
        .any(|p| function.resolve(p).root == root);
    own || children(stmt)
        .into_iter()
        .any(|b| b.stmts.iter().any(|s| writes_root(function, s, root)))
}

fn definition(part: &Part, var: VarId) -> Option<&Stmt> {
    part.fwd.iter().find(|s| declared(s).contains(&var))
}
