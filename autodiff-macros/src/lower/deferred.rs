//! `let x;` moves to where its variable is assigned.
//!
//! ```text
//! let s;                            if c {
//! if c { s = x.sin(); .. }              let s; s = x.sin(); ..
//! else { .. }                       } else { .. }
//! ```
//!
//! The reverse part of an arm reads what the arm assigned. A variable of the whole function might have no value there, as far as rustc knows.

use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Pat, Stmt, Type};

/// Moves each declaration without a value into the arms of the branch, or into the loop, that alone mentions its variable.
pub fn sink(block: &mut Block) {
    Sink.visit_block_mut(block);
}

struct Sink;

impl VisitMut for Sink {
    fn visit_block_mut(&mut self, block: &mut Block) {
        block.stmts = std::mem::take(&mut block.stmts)
            .into_iter()
            .flat_map(one_by_one)
            .collect();
        let mut at = 0;
        while at < block.stmts.len() {
            if let Some(arms) = arms_for(at, block) {
                let declaration = block.stmts.remove(at);
                let name = deferred(&declaration).cloned();
                let branch = &mut block.stmts[arms - 1];
                name.iter()
                    .for_each(|n| declare_inside(branch, &declaration, n));
            } else {
                at += 1;
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// `let (a, [b, c]): (f64, [f64; 2]);` -> `let a: f64; let b: f64; let c: f64;`
fn one_by_one(stmt: Stmt) -> Vec<Stmt> {
    match &stmt {
        Stmt::Local(local) if local.init.is_none() => {
            declarations(&local.pat, None).unwrap_or_else(|| vec![stmt])
        }
        _ => vec![stmt],
    }
}

/// A declaration for each variable of the pattern, with its type as far as that is written.
fn declarations(pat: &Pat, ty: Option<&Type>) -> Option<Vec<Stmt>> {
    let parts = match pat {
        Pat::Type(p) => return declarations(&p.pat, Some(&p.ty)),
        Pat::Paren(p) => return declarations(&p.pat, ty),
        Pat::Tuple(p) => &p.elems,
        Pat::Slice(p) => &p.elems,
        Pat::Wild(_) => return Some(Vec::new()),
        Pat::Ident(_) => {
            let ty = ty.map(|ty| quote!(: #ty));
            return Some(vec![syn::parse_quote!(let #pat #ty;)]);
        }
        _ => return None,
    };
    let parts = parts.iter().enumerate();
    let all: Option<Vec<_>> = parts.map(|(k, p)| declarations(p, part(ty, k))).collect();
    Some(all?.concat())
}

/// The type of an element, where the type is taken apart as the pattern is.
fn part(ty: Option<&Type>, k: usize) -> Option<&Type> {
    match ty? {
        Type::Tuple(ty) => ty.elems.get(k),
        Type::Array(ty) => Some(&ty.elem),
        _ => None,
    }
}

/// The variable of `let x;`.
fn deferred(stmt: &Stmt) -> Option<&syn::Ident> {
    let Stmt::Local(local) = stmt else {
        return None;
    };
    let pat = match &local.pat {
        syn::Pat::Type(typed) => &*typed.pat,
        pat => pat,
    };
    match pat {
        syn::Pat::Ident(p) if local.init.is_none() => Some(&p.ident),
        _ => None,
    }
}

/// How many of the statements are about this variable: up to one that binds another of the name.
fn scope_of(name: &syn::Ident, stmts: &[Stmt]) -> usize {
    let rebinds = |stmt: &Stmt| match stmt {
        Stmt::Local(local) => {
            let init = local.init.as_ref();
            let used = init.is_some_and(|init| mentions(name, |m| m.visit_expr(&init.expr)));
            !used && crate::names::mentions(local.pat.to_token_stream(), name)
        }
        _ => false,
    };
    stmts.iter().position(rebinds).unwrap_or(stmts.len())
}

/// If statement `at` is a declaration whose variable a single `if`, `match` or loop mentions, outside its condition: which one. An iteration
/// assigns the variable before it reads it, since the first one has to.
fn arms_for(at: usize, block: &Block) -> Option<usize> {
    let name = deferred(&block.stmts[at])?;
    let scope = scope_of(name, &block.stmts[at + 1..]);
    let rest = block.stmts.iter().enumerate().skip(at + 1).take(scope);
    let mut mentioning = rest.filter(|(_, stmt)| mentions(name, |m| m.visit_stmt(stmt)));
    let (branch, stmt) = mentioning.next()?;
    let Stmt::Expr(expr, _) = stmt else {
        return None;
    };
    let head = match expr {
        Expr::If(e) => conditions(e),
        Expr::Match(e) => vec![&*e.expr],
        Expr::ForLoop(e) => vec![&*e.expr],
        Expr::While(e) => vec![&*e.cond],
        Expr::Loop(_) => Vec::new(),
        _ => return None,
    };
    let at_head = head
        .into_iter()
        .any(|e| mentions(name, |m| m.visit_expr(e)));
    (mentioning.next().is_none() && !at_head).then_some(branch)
}

/// Those of a chain of `else if`.
fn conditions(branch: &syn::ExprIf) -> Vec<&Expr> {
    let mut all = vec![&*branch.cond];
    if let Some((_, Expr::If(next))) = branch.else_branch.as_ref().map(|(t, e)| (t, &**e)) {
        all.extend(conditions(next));
    }
    all
}

/// Is the variable used or assigned here? A field of the same name is another thing.
fn mentions(name: &syn::Ident, look: impl FnOnce(&mut Mentioned)) -> bool {
    let mut mentioned = Mentioned { name, found: false };
    look(&mut mentioned);
    mentioned.found
}

struct Mentioned<'a> {
    name: &'a syn::Ident,
    found: bool,
}

impl<'ast> Visit<'ast> for Mentioned<'_> {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.found |= path.path.is_ident(self.name);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.found |= crate::names::mentions(called.tokens.clone(), self.name);
    }
}

/// Puts the declaration at the start of each arm that mentions its variable.
fn declare_inside(stmt: &mut Stmt, declaration: &Stmt, name: &syn::Ident) {
    let Stmt::Expr(expr, _) = stmt else { return };
    match expr {
        Expr::If(branch) => in_if(branch, declaration, name),
        Expr::Match(matched) => {
            for arm in &mut matched.arms {
                in_arm(&mut arm.body, declaration, name);
            }
        }
        Expr::ForLoop(e) => in_block(&mut e.body, declaration, name),
        Expr::While(e) => in_block(&mut e.body, declaration, name),
        Expr::Loop(e) => in_block(&mut e.body, declaration, name),
        _ => {}
    }
}

fn in_if(branch: &mut syn::ExprIf, declaration: &Stmt, name: &syn::Ident) {
    in_block(&mut branch.then_branch, declaration, name);
    match branch.else_branch.as_mut().map(|(_, e)| &mut **e) {
        Some(Expr::If(next)) => in_if(next, declaration, name),
        Some(other) => in_arm(other, declaration, name),
        None => {}
    }
}

fn in_arm(body: &mut Expr, declaration: &Stmt, name: &syn::Ident) {
    match body {
        Expr::Block(block) if block.label.is_none() => {
            in_block(&mut block.block, declaration, name)
        }
        other if mentions(name, |m| m.visit_expr(other)) => {
            let expr = other.clone();
            *other = syn::parse_quote!({ #declaration #expr });
        }
        _ => {}
    }
}

fn in_block(block: &mut Block, declaration: &Stmt, name: &syn::Ident) {
    if mentions(name, |m| m.visit_block(block)) {
        block.stmts.insert(0, declaration.clone());
    }
}
