//! Indices that go up or down by one with a loop, `a + j - 1`, as a constant and what does not change in the loop.

use crate::ir::visit::block_mentions;
use crate::ir::{Block, Const, Function, Op, Operand, Range, Rhs, Stmt, VarId, VarKind};
use crate::names::names;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};

/// A sum of terms, each taken so many times.
#[derive(Clone, Debug, Default)]
pub struct Linear {
    /// How often the loop's index is in it.
    pub slope: i64,
    /// What does not change, by its text.
    pub terms: BTreeMap<String, (i64, Operand)>,
    /// The constant.
    pub offset: i64,
}

/// The indices that a loop's body computes.
pub struct Indices<'a> {
    function: &'a Function,
    index: VarId,
    locals: BTreeSet<VarId>,
    names: BTreeMap<String, VarId>,
    known: BTreeMap<VarId, Linear>,
}

impl<'a> Indices<'a> {
    /// For the loop over `index` with this body, which declares `locals`.
    pub fn new(
        function: &'a Function,
        index: VarId,
        body: &Block,
        locals: BTreeSet<VarId>,
    ) -> Self {
        let mut names = BTreeMap::new();
        block_mentions(body, &mut |v| {
            names.insert(function.var(v).ident.to_string(), v);
        });
        Self {
            function,
            index,
            locals,
            names,
            known: BTreeMap::new(),
        }
    }

    /// Learns what a statement of the body binds.
    pub fn learn(&mut self, stmt: &Stmt) {
        let Stmt::Let { var, rhs } = stmt else { return };
        let linear = match rhs {
            Rhs::Use(o) => self.operand(o),
            Rhs::Op(op, args) => match (op, args.as_slice()) {
                (Op::Add, [a, b]) => self.pair(a, b, 1),
                (Op::Sub, [a, b]) => self.pair(a, b, -1),
                (Op::Mul, [a, b]) => self.product(self.operand(a), self.operand(b)),
                _ => None,
            },
            Rhs::Inert(inert) if inert.cheap => self.expr(&inert.expr),
            _ => None,
        };
        self.known.extend(linear.map(|l| (*var, l)));
    }

    /// A multiple of what the loop's index is in.
    fn product(&self, a: Option<Linear>, b: Option<Linear>) -> Option<Linear> {
        let (a, b) = (a?, b?);
        match (a.number(), b.number()) {
            (Some(n), None) if b.slope != 0 => Some(b.times(n)),
            (None, Some(n)) if a.slope != 0 => Some(a.times(n)),
            _ => None,
        }
    }

    fn pair(&self, a: &Operand, b: &Operand, sign: i64) -> Option<Linear> {
        Some(self.operand(a)?.plus(&self.operand(b)?, sign))
    }

    /// An operand of the body.
    pub fn operand(&self, operand: &Operand) -> Option<Linear> {
        match operand {
            Operand::Var(v) => self.variable(*v),
            Operand::Const(c) => self.expr(&c.expr),
        }
    }

    fn variable(&self, var: VarId) -> Option<Linear> {
        if var == self.index {
            let slope = 1;
            return Some(Linear {
                slope,
                ..Linear::default()
            });
        }
        if let Some(linear) = self.known.get(&var) {
            return Some(linear.clone());
        }
        self.is_fixed(var)
            .then(|| Linear::term(format!("{}", var.0), Operand::Var(var)))
    }

    /// Is it the same in all iterations?
    fn is_fixed(&self, var: VarId) -> bool {
        let value = matches!(self.function.var(var).kind, VarKind::Value);
        value && var != self.index && !self.locals.contains(&var)
    }

    fn expr(&self, expr: &syn::Expr) -> Option<Linear> {
        match expr {
            syn::Expr::Paren(p) => self.expr(&p.expr),
            syn::Expr::Group(g) => self.expr(&g.expr),
            syn::Expr::Binary(b) => {
                let sign = match b.op {
                    syn::BinOp::Add(_) => 1,
                    syn::BinOp::Sub(_) => -1,
                    syn::BinOp::Mul(_) => {
                        let product = self.product(self.expr(&b.left), self.expr(&b.right));
                        return product.or_else(|| self.fixed(expr));
                    }
                    _ => return self.fixed(expr),
                };
                Some(self.expr(&b.left)?.plus(&self.expr(&b.right)?, sign))
            }
            syn::Expr::Lit(_) => literal(expr).map(|offset| Linear {
                offset,
                ..Linear::default()
            }),
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
    fn fixed(&self, expr: &syn::Expr) -> Option<Linear> {
        let cheap = matches!(
            expr,
            syn::Expr::Path(_) | syn::Expr::Binary(_) | syn::Expr::Lit(_) | syn::Expr::Paren(_)
        );
        let mentioned = names(expr.to_token_stream());
        let mut vars = mentioned.filter_map(|name| self.names.get(&name.to_string()));
        if !cheap || !vars.all(|v| self.is_fixed(*v)) {
            return None;
        }
        let ty = crate::ir::Ty::Int;
        let expr = expr.clone();
        let text = expr.to_token_stream().to_string();
        Some(Linear::term(text, Operand::Const(Const { expr, ty })))
    }
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

/// Does the range start at the literal zero?
pub fn starts_at_zero(range: &Range) -> bool {
    matches!(&range.lo, Operand::Const(c) if literal(&c.expr) == Some(0))
}

impl Linear {
    fn term(text: String, operand: Operand) -> Self {
        Self {
            terms: BTreeMap::from([(text, (1, operand))]),
            ..Self::default()
        }
    }

    /// Do the two differ by a constant only?
    pub fn same_terms(&self, other: &Self) -> bool {
        let counts = |l: &Self| -> Vec<(String, i64)> {
            let terms = l.terms.iter();
            terms.map(|(text, (n, _))| (text.clone(), *n)).collect()
        };
        self.slope == other.slope && counts(self) == counts(other)
    }

    /// The number, if it is one.
    fn number(&self) -> Option<i64> {
        (self.slope == 0 && self.terms.is_empty()).then_some(self.offset)
    }

    fn times(mut self, n: i64) -> Self {
        self.slope *= n;
        self.offset *= n;
        self.terms.values_mut().for_each(|(count, _)| *count *= n);
        self.terms.retain(|_, (count, _)| *count != 0);
        self
    }

    fn plus(mut self, other: &Self, sign: i64) -> Self {
        self.slope += sign * other.slope;
        self.offset += sign * other.offset;
        for (text, (n, operand)) in &other.terms {
            let term = self.terms.entry(text.clone());
            term.or_insert((0, operand.clone())).0 += sign * n;
        }
        self.terms.retain(|_, (n, _)| *n != 0);
        self
    }
}
