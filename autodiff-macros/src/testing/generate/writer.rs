//! The state of the generator while it writes a function: what is in scope, and what may be done with it.

use super::random::Random;
use super::shape::{Shape, Signature};
use crate::ir::{
    Block, Const, FloatTy, Function, Inert, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind,
};
use proc_macro2::{Ident, Span};

/// A variable in scope.
#[derive(Clone, Debug)]
pub struct Known {
    /// Itself.
    pub var: VarId,
    /// Its type, that of what it refers to if it is a reference.
    pub shape: Shape,
    /// Do its places start with `*`?
    pub reference: bool,
    /// May it be written?
    pub mutable: bool,
    /// Around how many loops is it declared?
    pub depth: usize,
    /// Lists with the same number have the same length.
    pub length: usize,
    /// A list has at least so many elements.
    pub least: usize,
    /// What it is a view of.
    pub view_of: Option<VarId>,
    /// It was moved away, or what it is a view of was written.
    pub gone: bool,
    /// A bound of its size, if it is a number.
    pub size: f64,
}

/// A loop around what is written.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Its index; none if it has none.
    pub index: Option<VarId>,
    /// `index` is less than the length of lists with this number.
    pub length: Option<usize>,
    /// So is `index + 1`.
    pub above: bool,
    /// `index` is at least one.
    pub below: bool,
}

/// Writes a function.
pub struct Writer<'a> {
    /// Where the choices come from.
    pub random: &'a mut Random,
    /// What is written.
    pub function: Function,
    /// The statements of the block at hand.
    pub out: Vec<Stmt>,
    /// What is in scope.
    pub known: Vec<Known>,
    /// The loops around.
    pub loops: Vec<Loop>,
    /// How many more statements it may have.
    pub budget: usize,
    /// What it may call.
    pub callees: &'a [Signature],
    /// Mutable `bool`s in scope.
    pub flags: Vec<VarId>,
    /// How many blocks are open.
    pub nesting: usize,
    lengths: usize,
}

/// Numbers that are kept in memory are not larger than this.
pub const LARGE: f64 = 8.0;

impl<'a> Writer<'a> {
    /// Starts a function.
    pub fn new(random: &'a mut Random, name: &str, callees: &'a [Signature]) -> Self {
        Self {
            random,
            function: Function {
                name: Ident::new(name, Span::call_site()),
                vars: Vec::new(),
                params: Vec::new(),
                body: Block::default(),
                result: None,
                checkpoints: Default::default(),
                reassociate: false,
                parallel: false,
                asked: Default::default(),
                inferred: Default::default(),
                watch: None,
                shown: None,
                names: Default::default(),
            },
            out: Vec::new(),
            known: Vec::new(),
            loops: Vec::new(),
            budget: 0,
            callees,
            flags: Vec::new(),
            nesting: 0,
            lengths: 0,
        }
    }

    /// A new variable.
    pub fn var(&mut self, hint: &str, ty: Ty, kind: VarKind) -> VarId {
        let name = format!("{hint}{}", self.function.vars.len());
        let ident = Ident::new(&name, Span::call_site());
        self.function.add_var(ident, ty, kind)
    }

    /// A number that no list has yet.
    pub fn fresh_length(&mut self) -> usize {
        self.lengths += 1;
        self.lengths
    }

    /// What is to be known of a new variable.
    pub fn describe(&mut self, var: VarId, shape: &Shape) -> Known {
        let least = match shape {
            Shape::Array(_, n) => *n,
            _ => 1,
        };
        Known {
            var,
            shape: shape.clone(),
            reference: false,
            mutable: matches!(self.function.var(var).kind, VarKind::Mutable),
            depth: self.loops.len(),
            length: self.fresh_length(),
            least,
            view_of: None,
            gone: false,
            size: LARGE,
        }
    }

    /// Binds a value to a new variable and makes it known.
    pub fn bind(&mut self, shape: &Shape, mutable: bool, rhs: Rhs) -> usize {
        let kind = if mutable {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let hint = match (shape, mutable) {
            (Shape::Real | Shape::Int, true) => "m",
            (Shape::Real, false) => "t",
            (Shape::Int, false) => "k",
            _ => "v",
        };
        let var = self.var(hint, shape.ty(), kind);
        self.out.push(Stmt::Let { var, rhs });
        let known = self.describe(var, shape);
        self.known.push(known);
        self.known.len() - 1
    }

    /// A scalar that was computed.
    pub fn scalar(&mut self, rhs: Rhs, ty: Ty, size: f64) -> Operand {
        let shape = if ty == Ty::Int {
            Shape::Int
        } else {
            Shape::Real
        };
        let at = self.bind(&shape, false, rhs);
        let var = self.known[at].var;
        self.function.vars[var.0 as usize].ty = ty;
        self.known[at].size = size;
        Operand::Var(var)
    }

    /// A `bool`.
    pub fn boolean(&mut self, rhs: Rhs) -> Operand {
        let var = self.var("b", Ty::Bool, VarKind::Value);
        self.out.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }

    /// The place of a variable.
    pub fn place(&self, known: &Known) -> Place {
        let place = Place::var(known.var);
        if known.reference {
            place.then(Proj::Deref)
        } else {
            place
        }
    }

    /// The positions of what is in scope and fits.
    pub fn all(&self, fits: impl Fn(&Known) -> bool) -> Vec<usize> {
        let all = 0..self.known.len();
        let fits = |k: &usize| !self.known[*k].gone && fits(&self.known[*k]);
        all.filter(fits).collect()
    }

    /// One of them; rather a late one.
    pub fn one(&mut self, fits: impl Fn(&Known) -> bool) -> Option<usize> {
        let all = self.all(fits);
        if all.is_empty() {
            return None;
        }
        let (a, b) = (self.random.below(all.len()), self.random.below(all.len()));
        Some(all[a.max(b)])
    }

    /// The variable behind a view.
    pub fn root(&self, known: &Known) -> VarId {
        known.view_of.unwrap_or(known.var)
    }

    /// May it be written here? Not while a view from outside the loop is looked through.
    pub fn is_writable(&self, known: &Known) -> bool {
        let depth = self.loops.len();
        let mut views = self.known.iter();
        let held = views.any(|v| v.view_of == Some(known.var) && !v.gone && v.depth < depth);
        known.mutable && !known.gone && !held
    }

    /// May it be given away or change its length here?
    pub fn is_free(&self, known: &Known) -> bool {
        known.depth == self.loops.len() && !known.gone
    }

    /// Ends the views of what is written.
    pub fn touch(&mut self, root: VarId) {
        for view in self.known.iter_mut().filter(|v| v.view_of == Some(root)) {
            view.gone = true;
        }
    }

    /// Marks as moved.
    pub fn give_away(&mut self, at: usize) {
        let var = self.known[at].var;
        self.touch(var);
        self.known[at].gone = true;
    }

    /// Its length may be another one now.
    pub fn resized(&mut self, at: usize, least: usize) {
        let length = self.fresh_length();
        self.known[at].length = length;
        self.known[at].least = self.known[at].least.min(least);
    }

    /// Writes statements to a block of its own.
    pub fn block(&mut self, write: impl FnOnce(&mut Self)) -> Block {
        let outer = std::mem::take(&mut self.out);
        let (scope, flags) = (self.known.len(), self.flags.len());
        self.nesting += 1;
        write(self);
        self.nesting -= 1;
        self.known.truncate(scope);
        self.flags.truncate(flags);
        Block::new(std::mem::replace(&mut self.out, outer))
    }

    /// An integer expression of the user's.
    pub fn inert(&mut self, text: &str, uses: &[VarId]) -> Inert {
        Inert {
            expr: parse(text),
            uses: uses.to_vec(),
            writes: Vec::new(),
            cheap: true,
            what: "an integer expression".to_owned(),
        }
    }

    /// An integer that an expression gives.
    pub fn integer(&mut self, text: &str, uses: &[VarId]) -> Operand {
        let rhs = Rhs::Inert(self.inert(text, uses));
        self.scalar(rhs, Ty::Int, 0.0)
    }

    /// The text of an integer operand.
    pub fn text(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(v) => self.function.var(*v).ident.to_string(),
            Operand::Const(c) => match &c.expr {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Int(i),
                    ..
                }) => i.base10_digits().to_owned(),
                _ => "0".to_owned(),
            },
        }
    }
}

/// An expression that is known to be one.
fn parse(text: &str) -> syn::Expr {
    syn::parse_str(text).unwrap_or_else(|e| panic!("`{text}`: {e}"))
}

/// An integer literal.
pub fn int(value: usize) -> Operand {
    let literal = proc_macro2::Literal::usize_unsuffixed(value);
    literal_operand(literal, Ty::Int)
}

/// A float literal.
pub fn float(value: f64) -> Operand {
    let literal = proc_macro2::Literal::f64_unsuffixed(value.abs());
    let operand = literal_operand(literal, Ty::Float(FloatTy::Literal));
    match operand {
        Operand::Const(c) if value < 0.0 => Operand::Const(Const {
            expr: syn::Expr::Unary(syn::ExprUnary {
                attrs: Vec::new(),
                op: syn::UnOp::Neg(Default::default()),
                expr: Box::new(c.expr),
            }),
            ty: c.ty,
        }),
        other => other,
    }
}

/// `true` or `false`.
pub fn boolean(value: bool) -> Operand {
    let lit = syn::Lit::Bool(syn::LitBool::new(value, Span::call_site()));
    let attrs = Vec::new();
    Operand::Const(Const {
        expr: syn::Expr::Lit(syn::ExprLit { attrs, lit }),
        ty: Ty::Bool,
    })
}

fn literal_operand(literal: proc_macro2::Literal, ty: Ty) -> Operand {
    let attrs = Vec::new();
    let lit = syn::Lit::new(literal);
    let expr = syn::Expr::Lit(syn::ExprLit { attrs, lit });
    Operand::Const(Const { expr, ty })
}
