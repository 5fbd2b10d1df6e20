//! Loops.

use super::control::{Dest, Frame};
use super::expr::Value;
use super::place::peel;
use super::source::{Body, Source};
use super::{Lower, boolean};
use crate::ir::{Block, Op, Operand, Place, Range, Rhs, Stmt, Ty, VarId, VarKind};
use proc_macro2::{Ident, Span};

impl<'a> Lower<'a> {
    /// `for pattern in expr { body }`
    pub fn for_loop(&mut self, e: &syn::ExprForLoop) -> Value {
        let Some(source) = self.known_source(&e.expr) else {
            return Value::Unit;
        };
        let hint = match &*e.pat {
            syn::Pat::Ident(p) => Some(&p.ident),
            _ => None,
        };
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        self.iterate(&source, label, hint, &mut |lower, item| {
            lower.scopes.push();
            lower.bind_pattern(&e.pat, item);
            lower.run(&e.body.stmts, &[], &Dest::Discard);
            lower.scopes.pop();
        });
        Value::Unit
    }

    /// A counted loop over a source.
    pub fn iterate(
        &mut self,
        source: &Source,
        label: Option<String>,
        hint: Option<&Ident>,
        body: Body<'_, 'a>,
    ) {
        if let Source::Chain(a, b) = source {
            self.iterate(a, label.clone(), hint, body);
            return self.iterate(b, label, hint, body);
        }
        if let Some(range) = direct_range(source) {
            let index = self.fresh("i", Ty::Int, VarKind::Value);
            return self.counted(index, range, label, &mut |lower| {
                body(lower, Value::Operand(Operand::Var(index)));
            });
        }
        let Some(len) = self.length(source) else {
            self.diagnostics
                .unknown_iterator(hint.map_or(Span::call_site(), Ident::span));
            return;
        };
        let index = self.fresh("k", Ty::Int, VarKind::Value);
        let range = Range {
            lo: super::int(0),
            hi: len,
            inclusive: false,
            rev: false,
            step: None,
        };
        self.counted(index, range, label, &mut |lower| {
            lower.item(source, Operand::Var(index), body);
        });
    }

    fn counted(
        &mut self,
        var: VarId,
        range: Range,
        label: Option<String>,
        body: &mut dyn FnMut(&mut Self),
    ) {
        let (block, exit) = self.in_loop(label, None, body);
        self.out.push(Stmt::For {
            var,
            range,
            body: Block::new(block),
            exit,
        });
    }

    /// The body of a loop; gives back the flag that ends it, declared, if it is used.
    fn in_loop(
        &mut self,
        label: Option<String>,
        value: Option<VarId>,
        body: &mut dyn FnMut(&mut Self),
    ) -> (Vec<Stmt>, Option<VarId>) {
        let exit = self.fresh("exit", Ty::Bool, VarKind::Mutable);
        self.frames.push(Frame::Loop {
            label,
            exit,
            used: false,
            value,
        });
        let (block, ()) = self.captured(|lower| body(lower));
        let used = matches!(self.frames.pop(), Some(Frame::Loop { used: true, .. }));
        if used {
            self.out.push(Stmt::Let {
                var: exit,
                rhs: Rhs::Use(boolean(false)),
            });
        }
        (block, used.then_some(exit))
    }

    /// `while cond { body }`
    pub fn while_loop(&mut self, e: &syn::ExprWhile) -> Value {
        if let syn::Expr::Let(condition) = peel(&e.cond) {
            self.diagnostics
                .if_let(syn::spanned::Spanned::span(condition));
            return Value::Unit;
        }
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        let (body, exit) = self.in_loop(label, None, &mut |lower| {
            lower.scopes.push();
            lower.run(&e.body.stmts, &[], &Dest::Discard);
            lower.scopes.pop();
        });
        let (cond_block, cond) = self.captured(|lower| lower.operand(&e.cond));
        self.push_while(cond_block, cond, body, exit);
        Value::Unit
    }

    fn push_while(
        &mut self,
        cond_block: Vec<Stmt>,
        cond: Operand,
        body: Vec<Stmt>,
        exit: Option<VarId>,
    ) {
        let (cond_block, cond) = match exit {
            None => (cond_block, cond),
            Some(exit) => self.unless(exit, cond_block, cond),
        };
        self.out.push(Stmt::While {
            cond_block: Block::new(cond_block),
            cond,
            body: Block::new(body),
        });
    }

    /// `!exit && { cond_block; cond }`
    fn unless(
        &mut self,
        exit: VarId,
        cond_block: Vec<Stmt>,
        cond: Operand,
    ) -> (Vec<Stmt>, Operand) {
        let go = self.fresh("t", Ty::Bool, VarKind::Value);
        let (stmts, ()) = self.captured(|lower| {
            let ended = lower.temp(Rhs::Read(Place::var(exit)), Ty::Bool);
            let not = Rhs::Op(Op::Not, vec![ended.clone()]);
            if cond_block.is_empty() && matches!(cond, Operand::Const(_)) {
                let not = lower.temp(not, Ty::Bool);
                let both = Rhs::Op(Op::And, vec![not, cond]);
                lower.out.push(Stmt::Let { var: go, rhs: both });
                return;
            }
            let assign = |value| Stmt::Assign {
                place: Place::var(go),
                value,
            };
            let mut evaluated = cond_block;
            evaluated.push(assign(cond));
            lower.out.push(Stmt::Declare(go));
            lower.out.push(Stmt::If {
                cond: ended,
                then: Block::new(vec![assign(boolean(false))]),
                els: Block::new(evaluated),
            });
        });
        (stmts, Operand::Var(go))
    }

    /// `loop { body }`, with the value of its `break`s.
    pub fn loop_value(&mut self, e: &syn::ExprLoop) -> Value {
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        let value = self.fresh("t", Ty::Unit, VarKind::Mutable);
        self.function.vars[value.0 as usize].ty = Ty::Unknown;
        let at = self.out.len();
        self.out.push(Stmt::Declare(value));
        let (body, exit) = self.in_loop(label, Some(value), &mut |lower| {
            lower.scopes.push();
            lower.run(&e.body.stmts, &[], &Dest::Discard);
            lower.scopes.pop();
        });
        self.push_while(Vec::new(), boolean(true), body, exit);
        if self.function.var(value).ty == Ty::Unknown {
            self.function.vars[value.0 as usize].ty = Ty::Unit;
        }
        self.settle_destination(value, at)
    }
}

/// A range that a counted loop can run over as it is.
fn direct_range(source: &Source) -> Option<Range> {
    match source {
        Source::Range { lo, hi, inclusive } => Some(Range {
            lo: lo.clone(),
            hi: hi.clone(),
            inclusive: *inclusive,
            rev: false,
            step: None,
        }),
        Source::Rev(s, _) => match direct_range(s)? {
            Range {
                rev: false,
                step: None,
                lo,
                hi,
                inclusive,
            } => Some(Range {
                lo,
                hi,
                inclusive,
                rev: true,
                step: None,
            }),
            _ => None,
        },
        Source::StepBy(s, step) => {
            let range = direct_range(s)?;
            (range.step.is_none() && !range.inclusive).then(|| Range {
                step: Some(step.clone()),
                ..range
            })
        }
        _ => None,
    }
}
