//! The indices that a loop's body computes, in terms of the loop's own index and of what does not change in it.

use crate::ir::visit::block_mentions;
use crate::ir::{Block, Const, Function, Op, Operand, Rhs, Stmt, Ty, VarId, VarKind};
use crate::names::names;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};

/// What indices are computed in.
pub trait Sum: Clone {
    /// A number.
    fn number(n: i64) -> Self;

    /// What does not change in the loop, and its text, the same for all mentions.
    fn term(text: String, operand: Operand) -> Self;

    /// `self + sign * other`
    fn plus(self, other: &Self, sign: i64) -> Self;

    /// `self * other`, where that is such a sum too.
    fn product(&self, other: &Self) -> Option<Self>;
}

/// The indices that a loop's body computes.
pub struct Indices<'a, S> {
    function: &'a Function,
    locals: BTreeSet<VarId>,
    names: BTreeMap<String, VarId>,
    known: BTreeMap<VarId, S>,
}

impl<'a, S: Sum> Indices<'a, S> {
    /// For a loop with this body, which declares `locals`.
    pub fn new(function: &'a Function, body: &Block, locals: BTreeSet<VarId>) -> Self {
        let mut names = BTreeMap::new();
        block_mentions(body, &mut |v| {
            names.insert(function.var(v).ident.to_string(), v);
        });
        Self {
            function,
            locals,
            names,
            known: BTreeMap::new(),
        }
    }

    /// Learns what a variable is: the index of a loop.
    pub fn know(&mut self, var: VarId, value: S) {
        self.known.insert(var, value);
    }

    /// Learns what a statement of the body binds.
    pub fn learn(&mut self, stmt: &Stmt) {
        let Stmt::Let { var, rhs } = stmt else { return };
        let index = match rhs {
            Rhs::Use(o) => self.operand(o),
            Rhs::Op(op, args) => match (op, args.as_slice()) {
                (Op::Add, [a, b]) => self.pair(a, b, 1),
                (Op::Sub, [a, b]) => self.pair(a, b, -1),
                (Op::Mul, [a, b]) => product(self.operand(a), self.operand(b)),
                _ => None,
            },
            Rhs::Inert(inert) if inert.cheap => self.expr(&inert.expr),
            _ => None,
        };
        self.known.extend(index.map(|index| (*var, index)));
    }

    fn pair(&self, a: &Operand, b: &Operand, sign: i64) -> Option<S> {
        Some(self.operand(a)?.plus(&self.operand(b)?, sign))
    }

    /// An operand of the body.
    pub fn operand(&self, operand: &Operand) -> Option<S> {
        match operand {
            Operand::Var(v) => self.variable(*v),
            Operand::Const(c) => self.expr(&c.expr),
        }
    }

    fn variable(&self, var: VarId) -> Option<S> {
        if let Some(index) = self.known.get(&var) {
            return Some(index.clone());
        }
        self.is_fixed(var)
            .then(|| S::term(key(var), Operand::Var(var)))
    }

    /// Is it the same in all iterations?
    fn is_fixed(&self, var: VarId) -> bool {
        let value = matches!(self.function.var(var).kind, VarKind::Value);
        value && !self.locals.contains(&var)
    }

    fn expr(&self, expr: &syn::Expr) -> Option<S> {
        match expr {
            syn::Expr::Paren(p) => self.expr(&p.expr),
            syn::Expr::Group(g) => self.expr(&g.expr),
            syn::Expr::Binary(b) => {
                let sign = match b.op {
                    syn::BinOp::Add(_) => 1,
                    syn::BinOp::Sub(_) => -1,
                    syn::BinOp::Mul(_) => {
                        let both = product(self.expr(&b.left), self.expr(&b.right));
                        return both.or_else(|| self.fixed(expr));
                    }
                    _ => return self.fixed(expr),
                };
                Some(self.expr(&b.left)?.plus(&self.expr(&b.right)?, sign))
            }
            syn::Expr::Lit(_) => literal(expr).map(S::number),
            syn::Expr::Path(p) => match p.path.get_ident() {
                Some(name) if self.names.contains_key(&name.to_string()) => {
                    self.variable(self.names[&name.to_string()])
                }
                _ => self.fixed(expr),
            },
            _ => self.fixed(expr),
        }
    }

    /// A product and the like of what does not change in the loop.
    fn fixed(&self, expr: &syn::Expr) -> Option<S> {
        let cheap = matches!(
            expr,
            syn::Expr::Path(_) | syn::Expr::Binary(_) | syn::Expr::Lit(_) | syn::Expr::Paren(_)
        );
        let mentioned = names(expr.to_token_stream());
        let mut vars = mentioned.filter_map(|name| self.names.get(&name.to_string()));
        if !cheap || !vars.all(|v| self.is_fixed(*v)) {
            return None;
        }
        let (expr, ty) = (expr.clone(), Ty::Int);
        let text = expr.to_token_stream().to_string();
        Some(S::term(text, Operand::Const(Const { expr, ty })))
    }
}

/// The text that stands for a variable.
pub fn key(var: VarId) -> String {
    var.0.to_string()
}

fn product<S: Sum>(a: Option<S>, b: Option<S>) -> Option<S> {
    a?.product(&b?)
}

/// The value of an integer literal.
pub fn literal(expr: &syn::Expr) -> Option<i64> {
    match expr {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(int),
            ..
        }) => int.base10_parse().ok(),
        _ => None,
    }
}
