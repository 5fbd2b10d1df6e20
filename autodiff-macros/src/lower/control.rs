//! Blocks, branches and early exits without jumps.
//!
//! What follows a branch of which all arms but one leave goes into that one: `if c { return a } rest` becomes
//! `if c { result = a } else { rest }`. Any other early exit sets flags, and what follows is guarded by them.

use super::expr::Value;
use super::place::peel;
use super::{Lower, boolean};
use crate::ir::{Block, Inert, Operand, Place, Rhs, Stmt, Ty, VarId, VarKind};
use syn::spanned::Spanned;
use syn::visit::Visit;

/// What an early exit leaves.
pub enum Frame {
    /// Statements that are skipped once the flag is set. Was it ever?
    Guard { flag: VarId, used: bool },
    /// A loop, and the flag that ends it.
    Loop {
        label: Option<String>,
        exit: VarId,
        used: bool,
        /// Where `break value` puts it.
        value: Option<VarId>,
    },
}

/// Where the value of a block goes.
#[derive(Clone, Copy)]
pub enum Dest {
    Discard,
    Assign(VarId),
}

/// What follows a branch.
#[derive(Clone)]
pub struct Rest<'s> {
    /// `let pattern = branch;`
    pub bind: Option<&'s syn::Local>,
    /// Where its names belong.
    depth: usize,
    stmts: &'s [syn::Stmt],
}

impl Lower<'_> {
    /// The body of the function.
    pub fn body(&mut self, block: &syn::Block, result_ty: &Ty) {
        self.scopes.push();
        if has_return(block) && *result_ty != Ty::Unit {
            let var = self.fresh("result", result_ty.clone(), VarKind::Value);
            self.result = Some(var);
            self.out.push(Stmt::Declare(var));
            let at = self.out.len() - 1;
            self.run(&block.stmts, &[], &Dest::Assign(var));
            let value = self.settle_destination(var, at);
            self.function.result = Some(self.operand_of(value));
        } else {
            let value = self.block_tail(&block.stmts);
            if *result_ty != Ty::Unit {
                if let Value::Ref { .. } = value {
                    self.diagnostics.returned_reference(block.span());
                }
                self.function.result = Some(self.operand_of(value));
            } else if let Value::Rhs(rhs, _) = value {
                self.discard(rhs);
            }
        }
        self.scopes.pop();
    }

    /// The statements of a block and the value of its last expression.
    pub fn block_tail(&mut self, stmts: &[syn::Stmt]) -> Value {
        if stmts.iter().any(may_jump) {
            let var = self.fresh("t", Ty::Unknown, VarKind::Value);
            let at = self.out.len();
            self.out.push(Stmt::Declare(var));
            self.run(stmts, &[], &Dest::Assign(var));
            return self.settle_destination(var, at);
        }
        for (k, stmt) in stmts.iter().enumerate() {
            if let (syn::Stmt::Expr(expr, None), true) = (stmt, k + 1 == stmts.len()) {
                return self.value(expr);
            }
            if let (syn::Stmt::Macro(mac), true) = (stmt, k + 1 == stmts.len())
                && mac.semi_token.is_none()
            {
                return self.macro_value(&mac.mac, &macro_expr(mac));
            }
            self.statement(stmt);
        }
        Value::Unit
    }

    /// Runs statements, then what follows them; the value goes to `dest`.
    pub fn run(&mut self, stmts: &[syn::Stmt], rest: &[Rest], dest: &Dest) {
        for (k, stmt) in stmts.iter().enumerate() {
            let after = &stmts[k + 1..];
            let last = after.is_empty();
            if let (syn::Stmt::Expr(expr, None), true) = (stmt, last) {
                return self.tail(expr, rest, dest);
            }
            if !may_jump(stmt) {
                self.statement(stmt);
                if always_leaves(stmt) {
                    return;
                }
                continue;
            }
            let depth = self.scopes.depth();
            let here = |bind, stmts| Rest { bind, depth, stmts };
            match stmt {
                syn::Stmt::Expr(expr, _) if one_way_on(expr) => {
                    let rest = prepend(here(None, after), rest);
                    return self.branch(expr, dest, &rest);
                }
                syn::Stmt::Local(local) => match &local.init {
                    Some(init) if init.diverge.is_none() && one_way_on(&init.expr) => {
                        let rest = prepend(here(Some(local), after), rest);
                        return self.branch(&init.expr, dest, &rest);
                    }
                    _ => return self.guarded(stmt, after, rest, dest),
                },
                stmt if always_leaves(stmt) => return self.statement(stmt),
                stmt => return self.guarded(stmt, after, rest, dest),
            }
        }
        self.resume(rest, Value::Unit, dest);
    }

    /// The last expression of a block.
    fn tail(&mut self, expr: &syn::Expr, rest: &[Rest], dest: &Dest) {
        let is_branch = matches!(peel(expr), syn::Expr::If(_) | syn::Expr::Match(_));
        if is_branch && (rest.is_empty() || one_way_on(expr)) {
            return self.branch(expr, dest, rest);
        }
        let stmt = syn::Stmt::Expr(expr.clone(), None);
        if may_jump(&stmt) && !rest.is_empty() && !always_leaves(&stmt) {
            return self.guarded(&stmt, &[], rest, dest);
        }
        let value = self.value(expr);
        if !always_leaves(&stmt) {
            self.resume(rest, value, dest);
        }
    }

    /// Goes on with what follows, in the scope where it stands.
    fn resume(&mut self, rest: &[Rest], value: Value, dest: &Dest) {
        let Some((first, others)) = rest.split_first() else {
            return self.deliver(value, dest);
        };
        let value = self.outliving(value);
        let above = self.scopes.take_above(first.depth);
        match first.bind {
            Some(local) => self.bind_local(local, value),
            None => {
                if let Value::Rhs(rhs, _) = value {
                    self.discard(rhs);
                }
            }
        }
        self.run(first.stmts, others, dest);
        self.scopes.put_back(first.depth, above);
    }

    fn deliver(&mut self, value: Value, dest: &Dest) {
        match (dest, value) {
            (Dest::Discard, Value::Rhs(rhs, _)) => self.discard(rhs),
            (Dest::Discard, _) => {}
            (Dest::Assign(var), Value::Unit) => self.function.vars[var.0 as usize].ty = Ty::Unit,
            (Dest::Assign(var), value) => {
                let value = self.operand_of(value);
                let place = Place::var(*var);
                self.learn(&place, &value);
                self.out.push(Stmt::Assign { place, value });
            }
        }
    }

    /// A value that nobody uses: only its effect counts.
    pub fn discard(&mut self, rhs: Rhs) {
        match rhs {
            Rhs::Inert(inert) => self.out.push(Stmt::Effect(inert)),
            other => {
                self.temp(other, Ty::Unknown);
            }
        }
    }

    /// A statement that may leave in the middle: what follows runs only if it did not.
    fn guarded(&mut self, stmt: &syn::Stmt, after: &[syn::Stmt], rest: &[Rest], dest: &Dest) {
        let flag = self.fresh("left", Ty::Bool, VarKind::Mutable);
        let at = self.out.len();
        self.frames.push(Frame::Guard { flag, used: false });
        self.statement(stmt);
        let used = matches!(self.frames.pop(), Some(Frame::Guard { used: true, .. }));
        if !used {
            return self.run(after, rest, dest);
        }
        self.out.insert(
            at,
            Stmt::Let {
                var: flag,
                rhs: Rhs::Use(boolean(false)),
            },
        );
        let cond = self.temp(Rhs::Read(Place::var(flag)), Ty::Bool);
        let (els, ()) = self.captured(|lower| lower.run(after, rest, dest));
        if let Dest::Assign(var) = dest {
            self.function.vars[var.0 as usize].kind = VarKind::Mutable;
        }
        let (then, els) = (Block::default(), Block::new(els));
        self.out.push(Stmt::If { cond, then, els });
    }

    /// What an expression with several outcomes was assigned to: `out[at]` declares it.
    pub fn settle_destination(&mut self, var: VarId, at: usize) -> Value {
        if self.function.var(var).ty == Ty::Unit {
            self.out.remove(at);
            return Value::Unit;
        }
        if matches!(self.function.var(var).kind, VarKind::Mutable) {
            let rhs = self.dummy(var);
            self.out[at] = Stmt::Let { var, rhs };
            return Value::Place(Place::var(var));
        }
        Value::Operand(Operand::Var(var))
    }

    /// A first value for a variable that rustc would think unassigned.
    fn dummy(&mut self, var: VarId) -> Rhs {
        match &self.function.var(var).ty {
            Ty::Float(_) => {
                let ty = self.function.var(var).ty.clone();
                if let Ty::Float(float) = ty {
                    return Rhs::Derived(crate::ir::Derived::ZeroScalar(float));
                }
                Rhs::Use(boolean(false))
            }
            _ => Rhs::Inert(Inert {
                expr: syn::parse_quote!(::core::default::Default::default()),
                uses: Vec::new(),
                writes: Vec::new(),
                cheap: false,
                what: String::new(),
            }),
        }
    }

    /// An `if` or `match`; the arm that does not leave goes on with `rest`.
    pub fn branch(&mut self, expr: &syn::Expr, dest: &Dest, rest: &[Rest]) {
        match peel(expr) {
            syn::Expr::If(e) => self.if_else(e, dest, rest),
            syn::Expr::Match(e) => self.match_arms(e, dest, rest),
            other => self.tail(other, rest, dest),
        }
    }

    /// The statements of an arm in a scope of its own.
    fn arm(&mut self, f: impl FnOnce(&mut Self)) -> Block {
        let (stmts, ()) = self.captured(|lower| {
            lower.scopes.push();
            f(lower);
            lower.scopes.pop();
        });
        Block::new(stmts)
    }

    fn if_else(&mut self, e: &syn::ExprIf, dest: &Dest, rest: &[Rest]) {
        if let syn::Expr::Let(condition) = peel(&e.cond) {
            self.diagnostics.if_let(condition.span());
            return;
        }
        let cond = self.operand(&e.cond);
        let then =
            self.arm(|lower| lower.run(&e.then_branch.stmts, rest_of(&e.then_branch, rest), dest));
        let els = self.arm(|lower| match &e.else_branch {
            Some((_, els)) => match peel(els) {
                syn::Expr::Block(b) => lower.run(&b.block.stmts, rest_of(&b.block, rest), dest),
                other => lower.branch(other, dest, rest),
            },
            None => lower.resume(rest, Value::Unit, dest),
        });
        self.out.push(Stmt::If { cond, then, els });
    }

    fn match_arms(&mut self, e: &syn::ExprMatch, dest: &Dest, rest: &[Rest]) {
        let scrutinee = self.value(&e.expr);
        let scrutinee = match scrutinee {
            Value::Rhs(rhs, ty) => Value::Operand(self.temp(rhs, ty)),
            Value::Place(p) => Value::Operand(self.operand_of(Value::Place(p))),
            other => other,
        };
        self.match_from(&e.arms, &scrutinee, dest, rest);
    }

    fn match_from(&mut self, arms: &[syn::Arm], scrutinee: &Value, dest: &Dest, rest: &[Rest]) {
        let Some((arm, others)) = arms.split_first() else {
            return;
        };
        let (pat, guard) = unguarded(&arm.pat);
        let test = if others.is_empty() && guard.is_none() {
            None
        } else {
            self.pattern_test(pat, scrutinee)
        };
        let run = |lower: &mut Self| {
            lower.scopes.push();
            lower.bind_pattern(pat, scrutinee.clone());
            match guard {
                None => lower.arm_body(&arm.body, dest, rest),
                Some(guard) => {
                    let cond = lower.operand(guard);
                    let then = lower.arm(|lower| lower.arm_body(&arm.body, dest, rest));
                    let els = lower.arm(|lower| lower.match_from(others, scrutinee, dest, rest));
                    lower.out.push(Stmt::If { cond, then, els });
                }
            }
            lower.scopes.pop();
        };
        let Some(cond) = test else {
            return run(self);
        };
        let then = self.arm(run);
        let els = self.arm(|lower| lower.match_from(others, scrutinee, dest, rest));
        self.out.push(Stmt::If { cond, then, els });
    }

    fn arm_body(&mut self, body: &syn::Expr, dest: &Dest, rest: &[Rest]) {
        match body {
            syn::Expr::Block(b) if b.label.is_none() => {
                self.scopes.push();
                self.run(&b.block.stmts, rest_of(&b.block, rest), dest);
                self.scopes.pop();
            }
            other => {
                let leaves = leaves(other);
                self.tail(other, if leaves { &[] } else { rest }, dest);
            }
        }
    }

    /// `return`
    pub fn return_value(&mut self, expr: Option<&syn::Expr>) -> Value {
        let value = expr.map(|e| self.value(e));
        if let (Some(var), Some(value)) = (self.result, value) {
            self.deliver(value, &Dest::Assign(var));
        }
        self.leave(None, false);
        Value::Unit
    }

    /// `break`, with or without label and value.
    pub fn break_value(&mut self, e: &syn::ExprBreak) -> Value {
        let Some(target) = self.find_loop(e.label.as_ref()) else {
            return Value::Unit;
        };
        if let Some(expr) = &e.expr {
            let value = self.value(expr);
            if let Frame::Loop {
                value: Some(var), ..
            } = &self.frames[target]
            {
                let var = *var;
                self.deliver(value, &Dest::Assign(var));
            }
        }
        self.leave(Some(target), true);
        Value::Unit
    }

    /// `continue`
    pub fn continue_loop(&mut self, e: &syn::ExprContinue) -> Value {
        if let Some(target) = self.find_loop(e.label.as_ref()) {
            self.leave(Some(target), false);
        }
        Value::Unit
    }

    fn find_loop(&self, wanted: Option<&syn::Lifetime>) -> Option<usize> {
        let wanted = wanted.map(|l| l.ident.to_string());
        self.frames.iter().rposition(|frame| match frame {
            Frame::Loop { label, .. } => wanted.is_none() || *label == wanted,
            Frame::Guard { .. } => false,
        })
    }

    /// Sets the flags of all that an exit skips or ends, up to its target.
    fn leave(&mut self, target: Option<usize>, ends: bool) {
        let first = target.map_or(0, |t| if ends { t } else { t + 1 });
        for frame in &mut self.frames[first..] {
            let (flag, used) = match frame {
                Frame::Guard { flag, used } => (*flag, used),
                Frame::Loop { exit, used, .. } => (*exit, used),
            };
            *used = true;
            self.out.push(Stmt::Assign {
                place: Place::var(flag),
                value: boolean(true),
            });
        }
    }
}

/// The pattern of an arm without its guard, and the guard.
fn unguarded(pat: &syn::Pat) -> (&syn::Pat, Option<&syn::Expr>) {
    match pat {
        syn::Pat::Guard(p) => (&p.pat, Some(&p.guard)),
        pat => (pat, None),
    }
}

fn prepend<'s>(first: Rest<'s>, rest: &[Rest<'s>]) -> Vec<Rest<'s>> {
    std::iter::once(first).chain(rest.iter().cloned()).collect()
}

/// What follows a block: nothing if it leaves.
fn rest_of<'r, 's>(block: &syn::Block, rest: &'r [Rest<'s>]) -> &'r [Rest<'s>] {
    if block.stmts.iter().any(always_leaves) {
        &[]
    } else {
        rest
    }
}

/// A macro in statement position as an expression.
pub fn macro_expr(mac: &syn::StmtMacro) -> syn::Expr {
    syn::Expr::Macro(syn::ExprMacro {
        attrs: Vec::new(),
        mac: mac.mac.clone(),
    })
}

/// Does the branch have at most one arm that goes on?
fn one_way_on(expr: &syn::Expr) -> bool {
    let on = match peel(expr) {
        syn::Expr::If(_) => ways_on(expr),
        syn::Expr::Match(e) if e.arms.iter().all(|a| unguarded(&a.pat).1.is_none()) => {
            ways_on(expr)
        }
        _ => return false,
    };
    on <= 1
}

/// How many arms go on.
fn ways_on(expr: &syn::Expr) -> usize {
    match peel(expr) {
        syn::Expr::If(e) => {
            let then = usize::from(!e.then_branch.stmts.iter().any(always_leaves));
            let els = e.else_branch.as_ref().map_or(1, |(_, e)| ways_on(e));
            then + els
        }
        syn::Expr::Match(e) => e.arms.iter().filter(|a| !leaves(&a.body)).count(),
        other => usize::from(!leaves(other)),
    }
}

/// Does the statement always leave the block?
pub fn always_leaves(stmt: &syn::Stmt) -> bool {
    match stmt {
        syn::Stmt::Expr(expr, _) => leaves(expr),
        syn::Stmt::Macro(mac) => panics(&mac.mac),
        _ => false,
    }
}

fn leaves(expr: &syn::Expr) -> bool {
    match peel(expr) {
        syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_) => true,
        syn::Expr::Macro(e) => panics(&e.mac),
        syn::Expr::Block(b) => b.block.stmts.iter().any(always_leaves),
        syn::Expr::If(_) | syn::Expr::Match(_) => ways_on(expr) == 0,
        _ => false,
    }
}

fn panics(mac: &syn::Macro) -> bool {
    let names = ["panic", "unreachable", "unimplemented", "todo"];
    let last = mac.path.segments.last();
    last.is_some_and(|s| names.iter().any(|n| s.ident == n))
}

/// May the statement leave it in the middle (`return`, or `break` and `continue` of a loop around)?
pub fn may_jump(stmt: &syn::Stmt) -> bool {
    let mut jumps = Jumps::default();
    jumps.visit_stmt(stmt);
    jumps.found
}

/// Does an expression?
pub fn expr_may_jump(expr: &syn::Expr) -> bool {
    let mut jumps = Jumps::default();
    jumps.visit_expr(expr);
    jumps.found
}

/// Is there a `return` in the block?
fn has_return(block: &syn::Block) -> bool {
    let mut jumps = Jumps::default();
    jumps.visit_block(block);
    jumps.returns
}

#[derive(Default)]
struct Jumps {
    found: bool,
    returns: bool,
    loops: Vec<Option<String>>,
}

impl Jumps {
    fn jump(&mut self, label: Option<&syn::Lifetime>) {
        let label = label.map(|l| l.ident.to_string());
        let inside = match &label {
            None => !self.loops.is_empty(),
            Some(_) => self.loops.contains(&label),
        };
        self.found |= !inside;
    }

    fn inside(&mut self, label: Option<&syn::Label>, visit: impl FnOnce(&mut Self)) {
        self.loops.push(label.map(|l| l.name.ident.to_string()));
        visit(self);
        self.loops.pop();
    }
}

impl<'ast> Visit<'ast> for Jumps {
    fn visit_expr_return(&mut self, e: &'ast syn::ExprReturn) {
        (self.found, self.returns) = (true, true);
        syn::visit::visit_expr_return(self, e);
    }
    fn visit_expr_break(&mut self, e: &'ast syn::ExprBreak) {
        self.jump(e.label.as_ref());
        syn::visit::visit_expr_break(self, e);
    }
    fn visit_expr_continue(&mut self, e: &'ast syn::ExprContinue) {
        self.jump(e.label.as_ref());
    }
    fn visit_expr_for_loop(&mut self, e: &'ast syn::ExprForLoop) {
        self.visit_expr(&e.expr);
        self.inside(e.label.as_ref(), |jumps| jumps.visit_block(&e.body));
    }
    fn visit_expr_while(&mut self, e: &'ast syn::ExprWhile) {
        self.inside(e.label.as_ref(), |jumps| {
            syn::visit::visit_expr_while(jumps, e);
        });
    }
    fn visit_expr_loop(&mut self, e: &'ast syn::ExprLoop) {
        self.inside(e.label.as_ref(), |jumps| jumps.visit_block(&e.body));
    }
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Does the branch surely have no value (no `else`, or arms that end in a statement)?
pub fn yields_unit(expr: &syn::Expr) -> bool {
    match peel(expr) {
        syn::Expr::If(e) => e.else_branch.is_none() || ends_in_statement(&e.then_branch),
        _ => false,
    }
}

fn ends_in_statement(block: &syn::Block) -> bool {
    match block.stmts.last() {
        None => true,
        Some(syn::Stmt::Expr(e, None)) => matches!(
            peel(e),
            syn::Expr::ForLoop(_) | syn::Expr::While(_) | syn::Expr::Assign(_)
        ),
        Some(stmt) => !always_leaves(stmt),
    }
}
