//! Brings a function into the form that the reverse mode reads: what it has no rule for is written with what it has one for.
//!
//! * `p *= e`, `p /= e`, `p %= e` on something active become a read, an operator and an assignment; so do `p += e` and `p -= e` of a type of
//!   the user's;
//! * `let mut p = f(..)` where the derivative of `f` may read its result becomes `let t = f(..); let mut p = t`;
//! * a `while` whose condition changes anything becomes one that tests a flag.

use crate::analysis::activity::Activity;
use crate::ir::visit::own_writes;
use crate::ir::{Arg, Block, Const, Function, Op, Operand, Place, Rhs, Stmt, Ty, VarId, VarKind};
use proc_macro2::Span;

/// Rewrites the body of `function`; gives back the new variables that are active.
pub fn normalize(function: &mut Function, activity: &Activity) -> Vec<VarId> {
    let body = std::mem::take(&mut function.body);
    let mut pass = Pass {
        function,
        activity,
        active: Vec::new(),
    };
    let body = pass.block(body);
    let active = pass.active;
    function.body = body;
    active
}

struct Pass<'a> {
    function: &'a mut Function,
    activity: &'a Activity,
    active: Vec<VarId>,
}

impl Pass<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.stmts.len());
        for stmt in block.stmts {
            self.stmt(stmt, &mut out);
        }
        Block::new(out)
    }

    fn stmt(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Update { op, place, value } if !self.function.adds_in_place(op, &place) => {
                let root = self.function.resolve(&place).root;
                if self.activity.is_active(root) {
                    self.update(op, place, value, out);
                } else {
                    out.push(Stmt::Update { op, place, value });
                }
            }
            Stmt::Let { var, rhs } if self.is_overwritten_result(var, &rhs) => {
                let ty = self.function.var(var).ty.clone();
                let value = self.active_value(ty);
                out.push(Stmt::Let { var: value, rhs });
                let rhs = Rhs::Use(Operand::Var(value));
                out.push(Stmt::Let { var, rhs });
            }
            Stmt::If { cond, then, els } => out.push(Stmt::If {
                cond,
                then: self.block(then),
                els: self.block(els),
            }),
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => out.push(Stmt::For {
                var,
                range,
                body: self.block(body),
                exit,
            }),
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                let cond_block = self.block(cond_block);
                let body = self.block(body);
                self.while_loop(cond_block, cond, body, out);
            }
            other => out.push(other),
        }
    }

    fn is_overwritten_result(&self, var: VarId, rhs: &Rhs) -> bool {
        let computed = matches!(rhs, Rhs::Op(..) | Rhs::Dispatch { .. } | Rhs::Rule { .. });
        let mutable = matches!(self.function.var(var).kind, VarKind::Mutable);
        computed && mutable && self.activity.is_active(var)
    }

    fn update(&mut self, op: Op, place: Place, value: Operand, out: &mut Vec<Stmt>) {
        let ty = self.function.updated_ty(op, &place, &value);
        let old = self.active_value(ty.clone());
        let new = self.active_value(ty.clone());
        let args = vec![Operand::Var(old), value];
        out.push(Stmt::Let {
            var: old,
            rhs: Rhs::copy(place.clone(), &ty),
        });
        let rhs = if ty.is_scalar() || op == Op::Rem {
            Rhs::Op(op, args)
        } else {
            let args = args.into_iter().map(Arg::Value).collect();
            Rhs::Dispatch { op, args }
        };
        out.push(Stmt::Let { var: new, rhs });
        let value = Operand::Var(new);
        out.push(Stmt::Assign { place, value });
    }

    fn active_value(&mut self, ty: Ty) -> VarId {
        let span = Span::mixed_site();
        let var = self.function.fresh("t", span, ty, VarKind::Value);
        self.active.push(var);
        var
    }

    /// `loop { cond_block; if !cond { break } body }` as `while again { cond_block; if cond { body } else { again = false } }`.
    fn while_loop(&mut self, cond_block: Block, cond: Operand, body: Block, out: &mut Vec<Stmt>) {
        if !changes_anything(&cond_block) {
            out.push(Stmt::While {
                cond_block,
                cond,
                body,
            });
            return;
        }
        let span = Span::mixed_site();
        let again = self
            .function
            .fresh("again", span, Ty::Bool, VarKind::Mutable);
        let test = self.function.fresh("t", span, Ty::Bool, VarKind::Value);
        let place = Place::var(again);
        let stop = Stmt::Assign {
            place: place.clone(),
            value: boolean(false),
        };
        let mut stmts = cond_block.stmts;
        stmts.push(Stmt::If {
            cond,
            then: body,
            els: Block::new(vec![stop]),
        });
        out.push(Stmt::Let {
            var: again,
            rhs: Rhs::Use(boolean(true)),
        });
        let read = Stmt::Let {
            var: test,
            rhs: Rhs::Read(place),
        };
        out.push(Stmt::While {
            cond_block: Block::new(vec![read]),
            cond: Operand::Var(test),
            body: Block::new(stmts),
        });
    }
}

fn boolean(value: bool) -> Operand {
    let expr = if value {
        syn::parse_quote!(true)
    } else {
        syn::parse_quote!(false)
    };
    let ty = Ty::Bool;
    Operand::Const(Const { expr, ty })
}

fn changes_anything(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| {
        !own_writes(stmt).is_empty()
            || crate::ir::visit::children(stmt)
                .into_iter()
                .any(changes_anything)
    })
}
