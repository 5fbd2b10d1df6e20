//! The contracts of the IR, checked after a pass: gives back what is wrong, in words.
//!
//! * every variable is declared before it is mentioned, on every path (scopes are blocks), and once;
//! * names are unique;
//! * what is an operand is a value or a loop's index, not a mutable variable or a view;
//! * a value is assigned at most once, after `declare`, and on every path before it is used; nothing else writes it;
//! * views are bound by a borrow and nothing else is, and they resolve to places of other variables.

use super::visit::{own_mentions, own_writes, result_vars};
use super::{
    Block, Checkpoint, DerivedStmt, Function, Operand, Param, ParamMode, Place, Rhs, Stmt, Ty,
    VarId, VarKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a variable in scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// `let x;`
    Declared,
    /// It has a value.
    Set,
}

type Scope = BTreeMap<VarId, State>;

/// Checks a primal program.
pub fn verify(function: &Function) -> Vec<String> {
    let mut check = Check::new(function);
    let mut scope = check.params();
    check.stmts(&function.body, &mut scope);
    check.result(function.result.as_ref(), &scope);
    check.problems
}

/// Checks a derivative program: blocks that follow each other in one scope, after `given` was declared. What the last one mentions may be
/// a view of the first only where the place that it names is mentioned instead; a value of the first may be declared again by the last, once.
pub fn verify_blocks(
    function: &Function,
    blocks: &[&Block],
    given: &[VarId],
    result: Option<&Operand>,
) -> Vec<String> {
    let mut check = Check::new(function);
    let mut scope = check.params();
    scope.extend(given.iter().map(|v| (*v, State::Set)));
    let first = scope.clone();
    for block in blocks {
        let before = scope.keys().filter(|v| !first.contains_key(v));
        check.again = before.copied().collect();
        check.stmts(block, &mut scope);
    }
    check.result(result, &scope);
    check.problems
}

struct Check<'a> {
    function: &'a Function,
    problems: Vec<String>,
    /// Loops around what is looked at: a value from outside must not be assigned in them.
    loops: Vec<BTreeSet<VarId>>,
    /// What the blocks before declared.
    again: BTreeSet<VarId>,
}

impl<'a> Check<'a> {
    fn new(function: &'a Function) -> Self {
        let mut check = Self {
            function,
            problems: Vec::new(),
            loops: Vec::new(),
            again: BTreeSet::new(),
        };
        check.names();
        check
    }

    fn problem(&mut self, var: VarId, what: &str) {
        let name = &self.function.var(var).ident;
        self.problems.push(format!("`{name}` {what}"));
    }

    fn names(&mut self) {
        let mut seen = BTreeSet::new();
        for (k, var) in self.function.vars.iter().enumerate() {
            if !seen.insert(var.ident.to_string()) {
                self.problem(VarId(k as u32), "is the name of two variables");
            }
            if let VarKind::View { target, .. } = &var.kind {
                if target.root.0 as usize == k {
                    self.problem(VarId(k as u32), "is a view of itself");
                } else if self.is_view(self.function.resolve(target).root) {
                    self.problem(VarId(k as u32), "does not resolve");
                }
            }
        }
    }

    fn is_view(&self, var: VarId) -> bool {
        matches!(self.function.var(var).kind, VarKind::View { .. })
    }

    fn is_mutable(&self, var: VarId) -> bool {
        matches!(self.function.var(var).kind, VarKind::Mutable)
    }

    fn params(&mut self) -> Scope {
        let params = self.function.params.clone();
        params.iter().for_each(|p| self.param(p));
        params.iter().map(|p| (p.var, State::Set)).collect()
    }

    fn param(&mut self, param: &Param) {
        let reference = matches!(self.function.var(param.var).ty, Ty::Ref(..));
        if reference != (param.mode != ParamMode::Value) {
            self.problem(param.var, "is passed otherwise than its type says");
        }
    }

    fn result(&mut self, result: Option<&Operand>, scope: &Scope) {
        if let Some(var) = result.and_then(Operand::as_var) {
            self.used(var, scope);
            if self.is_mutable(var) || self.is_view(var) {
                self.problem(var, "is the result but no value");
            }
        }
    }

    fn block(&mut self, block: &Block, outer: &Scope, more: &[VarId]) -> Scope {
        let mut scope = outer.clone();
        for var in more {
            self.declare(*var, State::Set, &mut scope);
        }
        self.stmts(block, &mut scope);
        scope.retain(|v, _| outer.contains_key(v));
        scope
    }

    fn stmts(&mut self, block: &Block, scope: &mut Scope) {
        for stmt in &block.stmts {
            self.stmt(stmt, scope);
        }
    }

    fn declare(&mut self, var: VarId, state: State, scope: &mut Scope) {
        if scope.insert(var, state).is_some() && !self.again.remove(&var) {
            self.problem(var, "is declared twice");
        }
    }

    fn used(&mut self, var: VarId, scope: &Scope) {
        match scope.get(&var) {
            None => self.problem(var, "is not in scope"),
            Some(State::Declared) => self.problem(var, "may have no value yet"),
            Some(State::Set) => {}
        }
    }

    fn stmt(&mut self, stmt: &Stmt, scope: &mut Scope) {
        self.mentions(stmt, scope);
        self.operands(stmt);
        for place in own_writes(stmt) {
            self.write(&place, stmt, scope);
        }
        match stmt {
            Stmt::Let { var, rhs } => self.binding(*var, rhs, scope),
            Stmt::Declare(var) => self.declare(*var, State::Declared, scope),
            Stmt::Call { results, .. } => {
                for var in result_vars(results) {
                    self.declare(var, State::Set, scope);
                }
            }
            Stmt::If { then, els, .. } => {
                let (a, b) = (self.block(then, scope, &[]), self.block(els, scope, &[]));
                join(scope, &a, &b);
            }
            Stmt::For { var, body, .. } => self.repeated(body, scope, &[*var]),
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                let mut inner = scope.clone();
                self.loops.push(scope.keys().copied().collect());
                self.stmts(cond_block, &mut inner);
                if let Some(var) = cond.as_var() {
                    self.used(var, &inner);
                }
                self.loops.pop();
                self.repeated(body, scope, &[]);
            }
            Stmt::Derived(derived) => self.derived(derived, scope),
            _ => {}
        }
    }

    fn repeated(&mut self, body: &Block, scope: &Scope, more: &[VarId]) {
        self.loops.push(scope.keys().copied().collect());
        self.block(body, scope, more);
        self.loops.pop();
    }

    fn mentions(&mut self, stmt: &Stmt, scope: &Scope) {
        let unset_is_assigned = match stmt {
            Stmt::Assign { place, .. } if place.path.is_empty() => Some(place.root),
            _ => None,
        };
        let of_condition = match stmt {
            Stmt::While { cond, .. } => cond.as_var(),
            _ => None,
        };
        let mut all = Vec::new();
        own_mentions(stmt, &mut |v| all.push(v));
        let recorded = match stmt {
            Stmt::Derived(DerivedStmt::IfRecord { then, els, .. }) => {
                [&then.1[..], &els.1].concat()
            }
            Stmt::Derived(
                DerivedStmt::ForKeeping { checkpoint, .. }
                | DerivedStmt::ForRestoring { checkpoint, .. },
            ) => checkpoint.values.clone(),
            _ => Vec::new(),
        };
        let skipped = unset_is_assigned.into_iter().chain(of_condition);
        let mut skip: Vec<VarId> = skipped.chain(recorded).collect();
        for var in all {
            if let Some(at) = skip.iter().position(|s| *s == var) {
                skip.swap_remove(at);
                if Some(var) == unset_is_assigned && !scope.contains_key(&var) {
                    self.problem(var, "is not in scope");
                }
                continue;
            }
            self.used(var, scope);
        }
    }

    /// What stands for a value must be one.
    fn operands(&mut self, stmt: &Stmt) {
        let mut operands = Vec::new();
        stmt_operands(stmt, &mut operands);
        for var in operands {
            if self.is_mutable(var) {
                self.problem(var, "is mutable and used as an operand");
            }
            if self.is_view(var) {
                self.problem(var, "is a view and used as an operand");
            }
        }
    }

    fn write(&mut self, place: &Place, stmt: &Stmt, scope: &mut Scope) {
        let var = place.root;
        if self.is_mutable(var) {
            if place.path.is_empty() {
                scope.insert(var, State::Set);
            }
            return;
        }
        let root = self.function.resolve(place).root;
        let reference = matches!(self.function.var(root).ty, Ty::Ref(true, _));
        if reference || self.is_view(var) && self.is_mutable(root) {
            return;
        }
        let first = matches!(stmt, Stmt::Assign { .. }) && place.path.is_empty();
        if !first || scope.get(&var) != Some(&State::Declared) {
            self.problem(var, "is written but not mutable");
        }
        if self.loops.iter().any(|outside| outside.contains(&var)) {
            self.problem(var, "is assigned in a loop that it is declared outside of");
        }
        scope.insert(var, State::Set);
    }

    fn binding(&mut self, var: VarId, rhs: &Rhs, scope: &mut Scope) {
        self.declare(var, State::Set, scope);
        let borrow = matches!(rhs, Rhs::Borrow { .. });
        if self.is_view(var) && !borrow {
            self.problem(var, "is a view but not bound by a borrow");
        }
        if borrow && !self.is_view(var) {
            self.problem(var, "is bound by a borrow but no view");
        }
    }

    fn derived(&mut self, stmt: &DerivedStmt, scope: &mut Scope) {
        match stmt {
            DerivedStmt::IfRecord {
                trace, then, els, ..
            } => {
                let a = self.arm(then, scope);
                let b = self.arm(els, scope);
                join(scope, &a, &b);
                self.declare(*trace, State::Set, scope);
            }
            DerivedStmt::MatchRecord { then, els, .. } => {
                let a = self.block(&then.1, scope, &then.0);
                let b = self.block(&els.1, scope, &els.0);
                join(scope, &a, &b);
            }
            DerivedStmt::Replay { body, .. } => self.repeated(body, scope, &[]),
            DerivedStmt::ForReverse { var, body, .. } => self.repeated(body, scope, &[*var]),
            DerivedStmt::Parts { bounds, body, .. } => {
                self.repeated(body, scope, &[bounds.0, bounds.1]);
            }
            DerivedStmt::ForKeeping {
                checkpoint,
                var,
                body,
                ..
            } => {
                self.kept(checkpoint, scope);
                self.repeated(body, scope, &[*var]);
                self.declare(checkpoint.record, State::Set, scope);
            }
            DerivedStmt::ForRestoring {
                checkpoint,
                restore,
                var,
                advance,
                reverse,
                ..
            } => {
                self.kept(checkpoint, scope);
                self.repeated(restore, scope, &checkpoint.values);
                self.repeated(advance, scope, &[*var]);
                self.repeated(reverse, scope, &[*var]);
            }
            other => {
                for var in super::visit::declared(&Stmt::Derived(other.clone())) {
                    self.declare(var, State::Set, scope);
                }
            }
        }
    }

    fn kept(&mut self, checkpoint: &Checkpoint, scope: &Scope) {
        let arm = (checkpoint.keep.clone(), checkpoint.values.clone());
        self.arm(&arm, scope);
    }

    fn arm(&mut self, arm: &(Block, Vec<VarId>), outer: &Scope) -> Scope {
        let mut scope = outer.clone();
        self.stmts(&arm.0, &mut scope);
        for var in &arm.1 {
            self.used(*var, &scope);
        }
        scope.retain(|v, _| outer.contains_key(v));
        scope
    }
}

/// After a branch a variable has a value if it has one in both arms.
fn join(scope: &mut Scope, a: &Scope, b: &Scope) {
    for (var, state) in scope.iter_mut() {
        if a.get(var) == Some(&State::Set) && b.get(var) == Some(&State::Set) {
            *state = State::Set;
        }
    }
}

fn stmt_operands(stmt: &Stmt, out: &mut Vec<VarId>) {
    let mut add = |o: &Operand| out.extend(o.as_var());
    match stmt {
        Stmt::Let { rhs, .. } => super::visit::rhs_operands(rhs, &mut add),
        Stmt::Assign { place, value }
        | Stmt::Update { place, value, .. }
        | Stmt::Push { place, value }
        | Stmt::Truncate { place, len: value }
        | Stmt::Derived(DerivedStmt::Accumulate { place, value, .. }) => {
            super::visit::place_operands(place, &mut add);
            add(value);
        }
        Stmt::If { cond, .. } | Stmt::While { cond, .. } => add(cond),
        Stmt::For { range, .. } => super::visit::range_operands(range, &mut add),
        _ => {}
    }
}
