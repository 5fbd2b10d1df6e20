//! Loops.
//!
//! ```text
//! while i < n { i += 1; }       while { t1 = read i; t2 = t1 < n; t2 } { i += 1 }
//! ```

use super::build::{Control, Exit, ExitKind, Target, close};
use super::control;
use super::place::peel;
use super::value::Value;
use super::{Lower, boolean, int, source};
use crate::ir::{Block, Op, Operand, Place, Range, Rhs, Stmt, Ty, VarId, VarKind};
use std::collections::BTreeSet;

/// The body of a loop of the IR.
struct Body {
    stmts: Vec<Stmt>,
    /// Ends the loop.
    exit: Option<VarId>,
    /// Where else the body leads.
    exits: BTreeSet<Target>,
}

impl Lower<'_> {
    /// `for pattern in expr { body }`
    pub fn for_loop(&mut self, e: &syn::ExprForLoop) -> Value {
        let checkpoint = self.checkpoint(&e.attrs);
        let Some(source) = self.loop_source(e) else {
            return Value::Unit;
        };
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        self.breakable(label.clone(), |lower| {
            lower.checkpoint = checkpoint;
            lower.iterate(&source, &mut |lower, item| {
                lower.iteration(label.clone(), &mut |lower| {
                    lower.bind_pattern(&e.pat, item.clone());
                    lower.block_value(&e.body, false)
                });
            });
            Value::Unit
        })
    }

    /// `#[checkpoint]`, `#[checkpoint(20)]`
    fn checkpoint(&mut self, attrs: &[syn::Attribute]) -> Option<Option<Operand>> {
        let attr = attrs.iter().find(|a| a.path().is_ident("checkpoint"))?;
        if let syn::Meta::Path(_) = attr.meta {
            return Some(None);
        }
        match attr.parse_args::<syn::Expr>() {
            Ok(slots) => Some(Some(self.operand(&slots))),
            Err(error) => {
                self.diagnostics.checkpoint_syntax(error.span());
                None
            }
        }
    }

    /// A loop of the user's: `break` leaves it.
    fn breakable(&mut self, label: Option<String>, f: impl FnOnce(&mut Self) -> Value) -> Value {
        let (target, slot) = (self.new_target(), self.new_slot(Ty::Unknown));
        self.controls.push(Control::Exit(Exit {
            kind: ExitKind::Break,
            label,
            target,
            slot,
        }));
        let region = self.region(|lower| {
            lower.claim = Some(target);
            let value = f(lower);
            lower.claim = None;
            value
        });
        self.controls.pop();
        self.resolve(region, target, slot)
    }

    /// One iteration: `continue` leaves it.
    fn iteration(&mut self, label: Option<String>, f: &mut dyn FnMut(&mut Self) -> Value) {
        let outer = self.scopes.clone();
        self.with_exit(ExitKind::Continue, label, Ty::Unit, f);
        self.scopes = outer;
    }

    /// The body of a loop of the IR. An exit across it sets the flag that ends it.
    fn loop_body(&mut self, f: &mut dyn FnMut(&mut Self)) -> Body {
        let claimed = self.claim.take();
        let end = claimed.unwrap_or_else(|| self.new_target());
        self.controls.push(Control::Loop { end });
        let region = self.region(|lower| {
            f(lower);
            Value::Unit
        });
        self.controls.pop();
        if claimed.is_none() {
            self.declare_flag(end);
        }
        let exits = region.exits.clone();
        let exit = self.flags[end.0];
        let stmts = close(region);
        self.exits.extend(&exits);
        let exits = exits.into_iter().filter(|e| Some(*e) != claimed).collect();
        Body { stmts, exit, exits }
    }

    /// `for var in range { body }`
    pub fn counted(&mut self, var: VarId, range: Range, f: &mut dyn FnMut(&mut Self)) {
        if let Some(slots) = self.checkpoint.take() {
            self.function.checkpoints.insert(var, slots);
        }
        let body = self.loop_body(f);
        self.out.push(Stmt::For {
            var,
            range,
            body: Block::new(body.stmts),
            exit: body.exit,
        });
        self.guard(&body.exits);
    }

    /// `while cond { body }`
    pub fn while_loop(&mut self, e: &syn::ExprWhile) -> Value {
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        if let Some(slots) = self.checkpoint(&e.attrs) {
            let branch = or_break(e);
            let mut body = |lower: &mut Self| lower.if_value(&branch, false);
            return self.until_left(label, slots, &mut body);
        }
        if has_let(&e.cond) {
            return self.while_let(e, label);
        }
        self.breakable(label.clone(), |lower| {
            let body = lower.loop_body(&mut |lower| {
                lower.iteration(label.clone(), &mut |lower| {
                    lower.block_value(&e.body, false)
                });
            });
            let (cond_block, cond) = lower.captured(|lower| lower.operand(&e.cond));
            lower.push_while(cond_block, cond, body);
            Value::Unit
        })
    }

    /// `while let pattern = expr { body }` is a loop that breaks where the pattern does not match.
    fn while_let(&mut self, e: &syn::ExprWhile, label: Option<String>) -> Value {
        let branch = or_break(e);
        self.breakable(label.clone(), |lower| {
            let body = lower.loop_body(&mut |lower| {
                lower.iteration(label.clone(), &mut |lower| lower.if_value(&branch, false));
            });
            lower.push_while(Vec::new(), boolean(true), body);
            Value::Unit
        })
    }

    /// `loop { body }`, with the value of its `break`s.
    pub fn loop_value(&mut self, e: &syn::ExprLoop) -> Value {
        let label = e.label.as_ref().map(|l| l.name.ident.to_string());
        if let Some(slots) = self.checkpoint(&e.attrs) {
            let mut body = |lower: &mut Self| lower.block_value(&e.body, false);
            return self.until_left(label, slots, &mut body);
        }
        self.breakable(label.clone(), |lower| {
            let body = lower.loop_body(&mut |lower| {
                lower.iteration(label.clone(), &mut |lower| {
                    lower.block_value(&e.body, false)
                });
            });
            lower.push_while(Vec::new(), boolean(true), body);
            lower.kill();
            Value::Unit
        })
    }

    /// A loop that only its body ends, and that has checkpoints: its iterations have numbers.
    fn until_left(
        &mut self,
        label: Option<String>,
        slots: Option<Operand>,
        body: &mut dyn FnMut(&mut Self) -> Value,
    ) -> Value {
        self.breakable(label.clone(), |lower| {
            lower.checkpoint = Some(slots);
            let step = lower.fresh("step", Ty::Int, VarKind::Value);
            let range = Range {
                lo: int(0),
                hi: source::endless(),
                inclusive: false,
                rev: false,
                step: None,
            };
            lower.counted(step, range, &mut |lower| {
                lower.iteration(label.clone(), body);
            });
            lower.kill();
            Value::Unit
        })
    }

    fn push_while(&mut self, cond_block: Vec<Stmt>, cond: Operand, body: Body) {
        let (cond_block, cond) = match body.exit {
            None => (cond_block, cond),
            Some(exit) => self.unless(exit, cond_block, cond),
        };
        self.out.push(Stmt::While {
            cond_block: Block::new(cond_block),
            cond,
            body: Block::new(body.stmts),
        });
        self.guard(&body.exits);
    }

    /// `!exit && { cond_block; cond }`
    fn unless(
        &mut self,
        exit: VarId,
        cond_block: Vec<Stmt>,
        cond: Operand,
    ) -> (Vec<Stmt>, Operand) {
        self.captured(|lower| {
            let ended = lower.temp(Rhs::Read(Place::var(exit)), Ty::Bool);
            if cond_block.is_empty() && super::slot::is_literal(&cond, "true") {
                return lower.temp(Rhs::Op(Op::Not, vec![ended]), Ty::Bool);
            }
            let then = lower.region(|_| Value::Operand(boolean(false)));
            let els = lower.region(|lower| {
                lower.out.extend(cond_block);
                Value::Operand(cond)
            });
            let go = lower.branch(ended, then, els);
            lower.operand_of(go)
        })
    }
}

/// What a `while` does in each iteration.
fn or_break(e: &syn::ExprWhile) -> syn::ExprIf {
    let (cond, body) = (&e.cond, &e.body);
    syn::parse_quote!(if #cond #body else { break })
}

fn has_let(cond: &syn::Expr) -> bool {
    match peel(cond) {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(b) => has_let(&b.left) || has_let(&b.right),
        _ => false,
    }
}

impl Lower<'_> {
    /// An expression for its effect.
    pub fn effect(&mut self, expr: &syn::Expr) {
        match peel(expr) {
            syn::Expr::If(e) => {
                self.if_value(e, false);
            }
            syn::Expr::Match(e) => {
                self.match_value(e, false);
            }
            syn::Expr::Block(e) => {
                let value = self.labelled_block(e, false);
                self.drop_value(value);
            }
            syn::Expr::Call(call) => self.call_statement(call),
            syn::Expr::MethodCall(call) => self.method_statement(call),
            syn::Expr::Macro(e) => {
                let value = self.macro_value(&e.mac, expr);
                self.drop_value(value);
            }
            _ => {
                let value = self.value(expr);
                self.drop_value(value);
            }
        }
    }

    /// A macro in statement position.
    pub fn macro_statement(&mut self, mac: &syn::StmtMacro) {
        let expr = control::macro_expr(mac);
        let value = self.macro_value(&mac.mac, &expr);
        self.drop_value(value);
    }
}
