//! Makes a failing program small: deletes statements, puts what is inside branches and loops in their place, replaces numbers by
//! constants, as long as the program still fails at the same stage.

use crate::ir::{Block, Const, FloatTy, Function, Operand, Rhs, Stmt, Ty};

/// A change of one statement, by its position in the text.
#[derive(Clone, Copy, Debug)]
enum Edit {
    /// Leaves it out.
    Delete(usize),
    /// Puts the statements of one of its blocks in its place.
    Inline(usize, usize),
    /// Binds a constant instead.
    Constant(usize),
    /// Binds one of the operands instead.
    Operand(usize, usize),
}

/// The smallest function that can be reached for which `fails` holds.
pub fn shrink(function: &Function, mut fails: impl FnMut(&Function) -> bool) -> Function {
    let mut best = function.clone();
    loop {
        let before = size(&best.body);
        let mut simpler = 0;
        for n in (0..before).rev() {
            for edit in edits(n) {
                let Some(body) = edited(&best.body, edit) else {
                    continue;
                };
                let candidate = Function {
                    body,
                    ..best.clone()
                };
                if fails(&candidate) {
                    simpler += usize::from(matches!(edit, Edit::Constant(_) | Edit::Operand(..)));
                    best = candidate;
                    break;
                }
            }
        }
        if size(&best.body) == before && simpler == 0 {
            return best;
        }
    }
}

fn edits(n: usize) -> [Edit; 6] {
    [
        Edit::Delete(n),
        Edit::Inline(n, 0),
        Edit::Inline(n, 1),
        Edit::Constant(n),
        Edit::Operand(n, 0),
        Edit::Operand(n, 1),
    ]
}

fn size(block: &Block) -> usize {
    let inside = |s: &Stmt| {
        1 + crate::ir::visit::children(s)
            .into_iter()
            .map(size)
            .sum::<usize>()
    };
    block.stmts.iter().map(inside).sum()
}

fn edited(block: &Block, edit: Edit) -> Option<Block> {
    let mut done = false;
    let block = apply(block, edit, &mut 0, &mut done);
    done.then_some(block)
}

fn apply(block: &Block, edit: Edit, next: &mut usize, done: &mut bool) -> Block {
    let mut out = Vec::new();
    for stmt in &block.stmts {
        let here = *next;
        *next += 1;
        match edit {
            Edit::Delete(n) if n == here => *done = true,
            Edit::Inline(n, arm) if n == here => match crate::ir::visit::children(stmt).get(arm) {
                Some(block) => {
                    *done = true;
                    out.extend(block.stmts.iter().cloned());
                }
                None => out.push(stmt.clone()),
            },
            Edit::Constant(n) if n == here => out.push(constant(stmt, done)),
            Edit::Operand(n, k) if n == here => out.push(operand(stmt, k, done)),
            _ => out.push(inside(stmt, edit, next, done)),
        }
    }
    Block::new(out)
}

fn inside(stmt: &Stmt, edit: Edit, next: &mut usize, done: &mut bool) -> Stmt {
    let mut stmt = stmt.clone();
    match &mut stmt {
        Stmt::If { then, els, .. } => {
            *then = apply(then, edit, next, done);
            *els = apply(els, edit, next, done);
        }
        Stmt::For { body, .. } => *body = apply(body, edit, next, done),
        Stmt::While {
            cond_block, body, ..
        } => {
            *cond_block = apply(cond_block, edit, next, done);
            *body = apply(body, edit, next, done);
        }
        _ => {}
    }
    stmt
}

fn constant(stmt: &Stmt, done: &mut bool) -> Stmt {
    match stmt {
        Stmt::Let {
            var,
            rhs: Rhs::Op(..) | Rhs::Rule { .. } | Rhs::Read(_) | Rhs::Cast(..),
        } => {
            *done = true;
            let rhs = Rhs::Use(Operand::Const(Const {
                expr: syn::parse_quote!(0.5),
                ty: Ty::Float(FloatTy::Literal),
            }));
            Stmt::Let { var: *var, rhs }
        }
        other => other.clone(),
    }
}

fn operand(stmt: &Stmt, k: usize, done: &mut bool) -> Stmt {
    if let Stmt::Let {
        var,
        rhs: Rhs::Op(_, args) | Rhs::Rule { args, .. },
    } = stmt
        && let Some(Operand::Var(arg)) = args.get(k)
    {
        *done = true;
        let (var, rhs) = (*var, Rhs::Use(Operand::Var(*arg)));
        return Stmt::Let { var, rhs };
    }
    stmt.clone()
}
