//! Blocks, branches and early exits.
//!
//! ```text
//! if a > 0.0 { return a; }        if a > 0.0 { result = a }
//! let b = a * a; b + 1.0          else { b = a * a; result = b + 1.0 }
//! ```

use super::alternatives::alternatives;
use super::build::{Control, Exit, ExitKind, Region, Target, close};
use super::chosen;
use super::place::peel;
use super::slot::SlotId;
use super::value::Value;
use super::wrapper::looks_into_box;
use super::{Lower, boolean};
use crate::ir::{Const, Op, Operand, Proj, Rhs, Ty};
use syn::spanned::Spanned;

impl Lower<'_> {
    /// The body of the function.
    pub fn body(&mut self, block: &syn::Block, output: &syn::ReturnType, result_ty: &Ty) {
        let wanted = *result_ty != Ty::Unit;
        let mut block = block.clone();
        if let (Some(_), syn::ReturnType::Type(_, ty)) = (self.wrapper, output) {
            name_collected(&mut block, ty);
        }
        let value = self.with_exit(ExitKind::Return, None, result_ty.clone(), |lower| {
            lower.block_value(&block, wanted)
        });
        if !wanted {
            return self.drop_value(value);
        }
        if let (Value::Ref { .. }, Ty::Ref(..)) = (&value, result_ty) {
            self.diagnostics.returned_reference(block.span());
        }
        self.function.result = Some(if self.is_dead() {
            Operand::Const(Const {
                expr: syn::parse_quote!(::core::unreachable!()),
                ty: result_ty.clone(),
            })
        } else {
            let result = self.operand_of(value);
            self.annotate(&result, output);
            result
        });
    }

    /// `None` alone does not tell its type.
    fn annotate(&mut self, result: &Operand, output: &syn::ReturnType) {
        if let (Operand::Var(v), syn::ReturnType::Type(_, ty), Some(_)) =
            (result, output, self.wrapper)
        {
            let var = &mut self.function.vars[v.0 as usize];
            if self.made.contains(v) && var.annotation.is_none() {
                var.annotation = Some((**ty).clone());
            }
        }
    }

    /// Something that can be left early, with the value that it has then.
    pub fn with_exit(
        &mut self,
        kind: ExitKind,
        label: Option<String>,
        ty: Ty,
        f: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let (target, slot) = (self.new_target(), self.new_slot(ty));
        let ends = matches!(kind, ExitKind::Return);
        let exit = Exit {
            kind,
            label,
            target,
            slot,
        };
        self.controls.push(Control::Exit(exit));
        let mut region = self.region(|lower| {
            let value = f(lower);
            if lower.is_dead() {
                return Value::Unit;
            }
            let value = lower.settled(value);
            if !lower.exits.contains(&target) {
                return value;
            }
            lower.deliver(slot, value);
            Value::Unit
        });
        self.controls.pop();
        // Nothing follows a function inside the arms that are open at its end.
        if ends && region.is_open() && !region.exits.contains(&target) {
            let value = std::mem::replace(&mut region.value, Value::Unit);
            self.extend_region(&mut region, |lower| lower.deliver(slot, value));
            region.exits.insert(target);
        }
        self.resolve(region, target, slot)
    }

    /// Puts a region where it stands; exits to its target end here.
    pub fn resolve(&mut self, mut region: Region, target: Target, slot: SlotId) -> Value {
        if !region.exits.remove(&target) {
            self.declare_flag(target);
            return self.follow(region);
        }
        let exits = region.exits.clone();
        let mut stmts = close(region);
        self.declare_flag(target);
        self.hold_slot(slot, &mut stmts);
        self.declare_slot(slot, &stmts);
        self.out.extend(stmts);
        self.exits.extend(&exits);
        self.guard(&exits);
        self.slot_value(slot)
    }

    /// The value of a block, if it is wanted.
    pub fn block_value(&mut self, block: &syn::Block, wanted: bool) -> Value {
        let outer = self.scopes.clone();
        let alone = super::stmt::with_companions(block);
        for stmt in &block.stmts {
            if let syn::Stmt::Item(item) = stmt {
                self.inner_item(item, &alone);
            }
        }
        let value = self.statements(&block.stmts, wanted);
        self.scopes = outer;
        value
    }

    fn statements(&mut self, stmts: &[syn::Stmt], wanted: bool) -> Value {
        let Some((last, first)) = stmts.split_last() else {
            return Value::Unit;
        };
        for (k, stmt) in first.iter().enumerate() {
            if let Some(branch) = chosen::in_arms(stmt, &stmts[k + 1..]) {
                return self.wanted_value(&branch, wanted);
            }
            self.statement(stmt);
            if self.is_dead() {
                return Value::Unit;
            }
        }
        match last {
            syn::Stmt::Expr(expr, None) => self.wanted_value(expr, wanted),
            syn::Stmt::Macro(mac) if mac.semi_token.is_none() && wanted => {
                self.macro_value(&mac.mac, &macro_expr(mac))
            }
            stmt => {
                self.statement(stmt);
                Value::Unit
            }
        }
    }

    /// The value of an expression if it is wanted, its effect otherwise.
    pub fn wanted_value(&mut self, expr: &syn::Expr, wanted: bool) -> Value {
        if wanted {
            return self.value(expr);
        }
        self.effect(expr);
        Value::Unit
    }

    /// An arm of a branch.
    pub fn arm(&mut self, wanted: bool, f: impl FnOnce(&mut Self) -> Value) -> Region {
        self.region(|lower| {
            let outer = lower.scopes.clone();
            let value = f(lower);
            lower.scopes = outer;
            if lower.is_dead() {
                return Value::Unit;
            }
            if wanted {
                return lower.settled(value);
            }
            lower.drop_value(value);
            Value::Unit
        })
    }

    /// `if`
    pub fn if_value(&mut self, e: &syn::ExprIf, wanted: bool) -> Value {
        let parts = conjuncts(&e.cond);
        let plain = parts.iter().all(|p| !matches!(p, syn::Expr::Let(_)));
        if !plain && parts.len() > 1 {
            return self.if_chain(e, &parts, wanted);
        }
        let (cond, matched) = match peel(&e.cond) {
            syn::Expr::Let(condition) => {
                let value = self.scrutinee(&condition.expr);
                let test = self.pattern_test(&condition.pat, &value);
                (test, Some((&*condition.pat, value)))
            }
            cond => (Some(self.operand(cond)), None),
        };
        let then = self.arm(wanted, |lower| {
            if let Some((pat, value)) = matched {
                lower.bind_tested(pat, value);
            }
            lower.block_value(&e.then_branch, wanted)
        });
        let Some(cond) = cond else {
            return self.follow(then);
        };
        let els = self.arm(wanted, |lower| lower.else_value(e, wanted));
        self.span = e.if_token.span;
        self.branch(cond, then, els)
    }

    fn else_value(&mut self, e: &syn::ExprIf, wanted: bool) -> Value {
        match &e.else_branch {
            Some((_, els)) => self.wanted_value(els, wanted),
            None => Value::Unit,
        }
    }

    /// `if let Some(a) = x && a > 0.0 { .. } else { .. }`: nested branches, the innermost of which leaves for the end.
    fn if_chain(&mut self, e: &syn::ExprIf, parts: &[&syn::Expr], wanted: bool) -> Value {
        if e.else_branch.is_none() {
            self.nested(parts, &mut |lower| {
                lower.block_value(&e.then_branch, false);
            });
            return Value::Unit;
        }
        self.with_exit(ExitKind::Labelled, None, Ty::Unknown, |lower| {
            let Some(Control::Exit(exit)) = lower.controls.last() else {
                return Value::Unit;
            };
            let (target, slot) = (exit.target, exit.slot);
            lower.nested(parts, &mut |lower| {
                let value = lower.block_value(&e.then_branch, wanted);
                if !lower.is_dead() {
                    let value = lower.settled(value);
                    lower.deliver(slot, value);
                    lower.exit(target);
                }
            });
            lower.else_value(e, wanted)
        })
    }

    /// Runs `then` where all parts of a condition hold, with what they bind.
    fn nested(&mut self, parts: &[&syn::Expr], then: &mut dyn FnMut(&mut Self)) {
        let Some((first, others)) = parts.split_first() else {
            return then(self);
        };
        let (cond, matched) = match peel(first) {
            syn::Expr::Let(condition) => {
                let value = self.scrutinee(&condition.expr);
                let test = self.pattern_test(&condition.pat, &value);
                (test, Some((&*condition.pat, value)))
            }
            cond => (Some(self.operand(cond)), None),
        };
        let inner = self.arm(false, |lower| {
            if let Some((pat, value)) = matched {
                lower.bind_tested(pat, value);
            }
            lower.nested(others, then);
            Value::Unit
        });
        match cond {
            None => {
                self.follow(inner);
            }
            Some(cond) => {
                let els = self.region(|_| Value::Unit);
                self.branch(cond, inner, els);
            }
        }
    }

    /// What a `match` or `if let` looks at: read if it is a scalar.
    pub fn scrutinee(&mut self, expr: &syn::Expr) -> Value {
        let value = self.value(expr);
        match value {
            Value::Place(p) => {
                let scalar = matches!(self.place_ty(&p), Ty::Float(_) | Ty::Int | Ty::Bool);
                if scalar {
                    self.settled(Value::Place(p))
                } else {
                    Value::Place(p)
                }
            }
            Value::Optional(o) => Value::Optional(o),
            other => self.settled(other),
        }
    }

    /// `match`
    pub fn match_value(&mut self, e: &syn::ExprMatch, wanted: bool) -> Value {
        let scrutinee = self.scrutinee(&e.expr);
        let arms: Vec<syn::Arm> = e.arms.iter().flat_map(alternatives).collect();
        let patterns = arms.iter().map(|arm| unguarded(&arm.pat).0);
        let mut scrutinee = match scrutinee {
            Value::Ref { place, mutable } if looks_into_box(e) => Value::Ref {
                place: place.then(Proj::Deref),
                mutable,
            },
            scrutinee => self.opened_for(scrutinee, patterns),
        };
        if matches!(scrutinee, Value::Optional(_)) && arms.len() > 2 {
            scrutinee = self.settled(scrutinee);
        }
        self.match_from(&arms, &scrutinee, wanted)
    }

    fn match_from(&mut self, arms: &[syn::Arm], scrutinee: &Value, wanted: bool) -> Value {
        let Some((arm, others)) = arms.split_first() else {
            return Value::Unit;
        };
        let (pat, guard) = unguarded(&arm.pat);
        let test = match others {
            [] => None,
            _ => self.pattern_test(pat, scrutinee),
        };
        let test = match guard {
            Some(guard) if !others.is_empty() => {
                Some(self.guarded_test(test, pat, guard, scrutinee))
            }
            _ => test,
        };
        let then = self.arm(wanted, |lower| {
            lower.bind_tested(pat, scrutinee.clone());
            lower.wanted_value(&arm.body, wanted)
        });
        let Some(cond) = test else {
            return self.follow(then);
        };
        let els = self.arm(wanted, |lower| lower.match_from(others, scrutinee, wanted));
        self.span = arm.body.span();
        self.branch(cond, then, els)
    }

    /// `pattern if guard`
    fn guarded_test(
        &mut self,
        test: Option<Operand>,
        pat: &syn::Pat,
        guard: &syn::Expr,
        scrutinee: &Value,
    ) -> Operand {
        let shown = match scrutinee {
            Value::Optional(optional) => Value::Optional(Box::new(optional.clone().shown())),
            other => other.clone(),
        };
        let guarded = |lower: &mut Self| {
            lower.bind_tested(pat, shown);
            lower.value(guard)
        };
        let Some(test) = test else {
            let outer = self.scopes.clone();
            let value = guarded(self);
            self.scopes = outer;
            return self.operand_of(value);
        };
        let then = self.arm(true, guarded);
        let els = self.region(|_| Value::Operand(boolean(false)));
        let both = self.branch(test, then, els);
        self.operand_of(both)
    }

    /// `a && b`, `a || b`: a branch where evaluating `b` takes statements.
    pub fn short_circuit(&mut self, op: Op, left: &syn::Expr, right: &syn::Expr) -> Value {
        let left = self.operand(left);
        let evaluated = self.region(|lower| {
            let right = lower.operand(right);
            Value::Operand(right)
        });
        if evaluated.is_empty() && evaluated.falls {
            return match evaluated.value {
                Value::Operand(right) => Value::Rhs(Rhs::Op(op, vec![left, right]), Ty::Bool),
                _ => Value::Unit,
            };
        }
        let decided = self.region(|_| Value::Operand(boolean(op == Op::Or)));
        if op == Op::And {
            self.branch(left, evaluated, decided)
        } else {
            self.branch(left, decided, evaluated)
        }
    }

    /// `'label: { .. }`
    pub fn labelled_block(&mut self, e: &syn::ExprBlock, wanted: bool) -> Value {
        let Some(label) = &e.label else {
            return self.block_value(&e.block, wanted);
        };
        let label = Some(label.name.ident.to_string());
        self.with_exit(ExitKind::Labelled, label, Ty::Unknown, |lower| {
            lower.block_value(&e.block, wanted)
        })
    }

    /// `return`
    pub fn return_value(&mut self, e: &syn::ExprReturn) -> Value {
        self.leave(ExitKind::Return, None, e.expr.as_deref())
    }

    /// `break`
    pub fn break_value(&mut self, e: &syn::ExprBreak) -> Value {
        self.leave(ExitKind::Break, e.label.as_ref(), e.expr.as_deref())
    }

    /// `continue`
    pub fn continue_loop(&mut self, e: &syn::ExprContinue) -> Value {
        self.leave(ExitKind::Continue, e.label.as_ref(), None)
    }

    fn leave(
        &mut self,
        kind: ExitKind,
        label: Option<&syn::Lifetime>,
        value: Option<&syn::Expr>,
    ) -> Value {
        let value = value.map(|e| self.value(e));
        if self.is_dead() {
            return Value::Unit;
        }
        let Some((target, slot)) = self.find_exit(kind, label) else {
            return Value::Unit;
        };
        if kind != ExitKind::Continue {
            let value = value.map_or(Value::Unit, |v| self.settled(v));
            self.deliver(slot, value);
        }
        self.exit(target);
        Value::Unit
    }

    pub fn find_exit(
        &self,
        kind: ExitKind,
        label: Option<&syn::Lifetime>,
    ) -> Option<(Target, SlotId)> {
        let label = label.map(|l| l.ident.to_string());
        let found = |control: &Control| match control {
            Control::Exit(exit) => {
                let named = label.is_some() && exit.label == label;
                let right = exit.kind == kind
                    || (kind == ExitKind::Break && named && exit.kind == ExitKind::Labelled);
                (right && (label.is_none() || named)).then_some((exit.target, exit.slot))
            }
            Control::Loop { .. } => None,
        };
        self.controls.iter().rev().find_map(found)
    }
}

/// The parts of `a && b && c` if one of them is a `let`, else the whole.
fn conjuncts(cond: &syn::Expr) -> Vec<&syn::Expr> {
    fn collect<'e>(e: &'e syn::Expr, parts: &mut Vec<&'e syn::Expr>) {
        match e {
            syn::Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_)) => {
                collect(&b.left, parts);
                collect(&b.right, parts);
            }
            other => parts.push(other),
        }
    }
    let mut parts = Vec::new();
    collect(cond, &mut parts);
    if parts.iter().any(|p| matches!(p, syn::Expr::Let(_))) {
        parts
    } else {
        vec![cond]
    }
}

/// The type of the function says what the `collect` at its end makes.
fn name_collected(block: &mut syn::Block, ty: &syn::Type) {
    if let Some(syn::Stmt::Expr(syn::Expr::MethodCall(call), None)) = block.stmts.last_mut()
        && call.method == "collect"
        && call.turbofish.is_none()
    {
        call.turbofish = Some(syn::parse_quote!(::<#ty>));
    }
}

/// The pattern of an arm without its guard, and the guard.
pub fn unguarded(pat: &syn::Pat) -> (&syn::Pat, Option<&syn::Expr>) {
    match pat {
        syn::Pat::Guard(p) => (&p.pat, Some(&p.guard)),
        pat => (pat, None),
    }
}

/// A macro in statement position as an expression.
pub fn macro_expr(mac: &syn::StmtMacro) -> syn::Expr {
    syn::Expr::Macro(syn::ExprMacro {
        attrs: Vec::new(),
        mac: mac.mac.clone(),
    })
}
