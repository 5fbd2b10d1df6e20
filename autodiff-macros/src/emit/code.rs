//! A piece of generated code and how tightly it binds, so that parentheses stand where they must and nowhere else.
//!
//! ```text
//! a + b, Sum   times   c, Atom   =>   (a + b) * c, Product
//! ```

use crate::ir::Op;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// How tightly an expression binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Prec {
    /// Ranges, assignments, closures, blocks.
    Lowest,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Cast,
    Unary,
    /// Names, literals, calls, fields, indices, parentheses.
    Atom,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Code {
    tokens: TokenStream,
    prec: Prec,
}

impl Code {
    /// An expression that binds so.
    pub fn new(tokens: TokenStream, prec: Prec) -> Self {
        Self { tokens, prec }
    }

    /// A name, call or the like.
    pub fn atom(tokens: impl ToTokens) -> Self {
        Self::new(tokens.into_token_stream(), Prec::Atom)
    }

    /// A piece of the user's code.
    pub fn user(expr: &syn::Expr) -> Self {
        Self::new(expr.to_token_stream(), user_prec(expr))
    }

    /// In parentheses unless it binds at least so tightly.
    pub fn at(&self, least: Prec) -> TokenStream {
        let tokens = &self.tokens;
        if self.prec >= least {
            tokens.clone()
        } else {
            quote!((#tokens))
        }
    }

    /// As it is.
    pub fn tokens(&self) -> TokenStream {
        self.tokens.clone()
    }

    /// `self.member`
    pub fn field(&self, member: &impl ToTokens) -> Self {
        let base = self.at(Prec::Atom);
        Self::atom(quote!(#base.#member))
    }

    /// `op self`; `--x` would look like another operator.
    pub fn prefix(&self, op: &TokenStream) -> Self {
        let first = self.tokens.clone().into_iter().next();
        let negative = matches!(first, Some(TokenTree::Punct(p)) if p.as_char() == '-');
        let operand = self.at(if negative { Prec::Atom } else { Prec::Unary });
        Self::new(quote!(#op #operand), Prec::Unary)
    }

    /// `self op right`
    pub fn binary(&self, op: Op, right: &Self) -> Self {
        let (symbol, prec) = symbol(op);
        let left = self.at(left_prec(op, prec));
        let right = right.at(tighter(prec));
        Self::new(quote!(#left #symbol #right), prec)
    }

    /// `self as ty`
    pub fn cast(&self, ty: &syn::Type) -> Self {
        let operand = self.at(Prec::Cast);
        Self::new(quote!(#operand as #ty), Prec::Cast)
    }
}

/// What the left operand has to bind like. After `as` a `<` would open a list of generic arguments.
fn left_prec(op: Op, prec: Prec) -> Prec {
    match op {
        Op::Lt | Op::Shl => Prec::Unary,
        _ if prec == Prec::Compare => tighter(prec),
        _ => prec,
    }
}

fn tighter(prec: Prec) -> Prec {
    match prec {
        Prec::Lowest => Prec::Or,
        Prec::Or => Prec::And,
        Prec::And => Prec::Compare,
        Prec::Compare => Prec::BitOr,
        Prec::BitOr => Prec::BitXor,
        Prec::BitXor => Prec::BitAnd,
        Prec::BitAnd => Prec::Shift,
        Prec::Shift => Prec::Sum,
        Prec::Sum => Prec::Product,
        Prec::Product => Prec::Cast,
        Prec::Cast => Prec::Unary,
        Prec::Unary | Prec::Atom => Prec::Atom,
    }
}

/// How an operator is written and how it binds; a unary operator binds as [`Prec::Unary`].
pub fn symbol(op: Op) -> (TokenStream, Prec) {
    match op {
        Op::Add => (quote!(+), Prec::Sum),
        Op::Sub => (quote!(-), Prec::Sum),
        Op::Mul => (quote!(*), Prec::Product),
        Op::Div => (quote!(/), Prec::Product),
        Op::Rem => (quote!(%), Prec::Product),
        Op::Neg => (quote!(-), Prec::Unary),
        Op::Not => (quote!(!), Prec::Unary),
        Op::BitAnd => (quote!(&), Prec::BitAnd),
        Op::BitOr => (quote!(|), Prec::BitOr),
        Op::BitXor => (quote!(^), Prec::BitXor),
        Op::Shl => (quote!(<<), Prec::Shift),
        Op::Shr => (quote!(>>), Prec::Shift),
        Op::Eq => (quote!(==), Prec::Compare),
        Op::Ne => (quote!(!=), Prec::Compare),
        Op::Lt => (quote!(<), Prec::Compare),
        Op::Le => (quote!(<=), Prec::Compare),
        Op::Gt => (quote!(>), Prec::Compare),
        Op::Ge => (quote!(>=), Prec::Compare),
        Op::And => (quote!(&&), Prec::And),
        Op::Or => (quote!(||), Prec::Or),
    }
}

/// How the user's expression binds.
fn user_prec(expr: &syn::Expr) -> Prec {
    use syn::Expr;
    match expr {
        Expr::Array(_)
        | Expr::Call(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Lit(_)
        | Expr::Macro(_)
        | Expr::MethodCall(_)
        | Expr::Paren(_)
        | Expr::Path(_)
        | Expr::Repeat(_)
        | Expr::Tuple(_) => Prec::Atom,
        Expr::Group(group) => user_prec(&group.expr),
        Expr::Unary(_) | Expr::Reference(_) => Prec::Unary,
        Expr::Cast(_) => Prec::Cast,
        Expr::Binary(binary) => user_binary_prec(&binary.op),
        _ => Prec::Lowest,
    }
}

fn user_binary_prec(op: &syn::BinOp) -> Prec {
    use syn::BinOp;
    match op {
        BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => Prec::Product,
        BinOp::Add(_) | BinOp::Sub(_) => Prec::Sum,
        BinOp::Shl(_) | BinOp::Shr(_) => Prec::Shift,
        BinOp::BitAnd(_) => Prec::BitAnd,
        BinOp::BitXor(_) => Prec::BitXor,
        BinOp::BitOr(_) => Prec::BitOr,
        BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
            Prec::Compare
        }
        BinOp::And(_) => Prec::And,
        BinOp::Or(_) => Prec::Or,
        _ => Prec::Lowest,
    }
}
