//! Statements that the primal has too.
//!
//! ```text
//! Update { Add, x[i], v }     x[i] += v;
//! Push { x, v }               x.push(v);
//! For { k, 0..n, body }       for k in 0..n { .. }
//! ```

use super::Emitter;
use super::code::Prec;
use super::values::function;
use crate::ir::{Arg, Block, Inert, Op, Operand, Place, Range, Stmt, Ty, VarId};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

impl Emitter<'_> {
    pub(super) fn stmt(&self, stmt: &Stmt) -> TokenStream {
        match stmt {
            Stmt::Let { var, rhs } => self.binding(*var, rhs),
            Stmt::Declare(var) => {
                let pattern = self.pattern(*var);
                let ty = self.annotation(*var, false);
                quote!(let #pattern #ty;)
            }
            Stmt::Assign { place, value } => self.assign(place, value),
            Stmt::Update { op, place, value } => self.update(*op, place, value),
            Stmt::Push { place, value } => {
                let (place, value) = (self.changed(place), self.bare(value));
                quote!(#place.push(#value);)
            }
            Stmt::Swap(a, b) => {
                let (before, args) = self.lent(&[a, b].map(|p| Arg::RefMut(p.clone())));
                let swap = quote!(::core::mem::swap(#(#args),*););
                match before.is_empty() {
                    true => swap,
                    false => quote!({ #before #swap }),
                }
            }
            Stmt::Truncate { place, len } => {
                let (place, len) = (self.changed(place), self.bare(len));
                quote!(#place.truncate(#len);)
            }
            Stmt::Effect(Inert { expr, .. }) => quote!(#expr;),
            Stmt::Call { results, call } => self.plain_call(results, call),
            Stmt::If { cond, then, els } => {
                let (cond, then) = (self.bare(cond), self.block(then));
                let els = (!els.stmts.is_empty()).then(|| {
                    let els = self.block(els);
                    quote!(else { #els })
                });
                quote!(if #cond { #then } #els)
            }
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => self.counted(*var, &self.range(range), body, *exit),
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                let (before, cond) = (self.block(cond_block), self.operand(cond));
                let body = self.block(body);
                quote!(while { #before #cond } { #body })
            }
            Stmt::Derived(d) => self.derived_stmt(d),
        }
    }

    fn update(&self, op: Op, place: &Place, value: &Operand) -> TokenStream {
        let resolved = self.function.resolve(place);
        if self.function.place_ty(&resolved).is_matrix() {
            return self.update_matrix(op, place, value);
        }
        let operator = assign_operator(op);
        let summand = self.summand(op, place, value);
        let (place, value) = (self.target(place).tokens(), self.bare(value));
        let value = summand.map_or(value.clone(), |assert| quote!(#assert(#value)));
        quote!(#place #operator #value;)
    }

    /// What sees to it that `+=` of unknown types is that of numbers or matrices.
    fn summand(&self, op: Op, place: &Place, value: &Operand) -> Option<TokenStream> {
        let assumed = self.assumed?;
        let root = self.function.resolve(place).root;
        let ty = self.function.place_ty(&self.function.resolve(place));
        let unknown = ty == Ty::Unknown && *self.function.operand_ty(value) == Ty::Unknown;
        let primal = (root.0 as usize) < assumed.primals && assumed.activity.is_active(root);
        let rt = self.rt;
        let sum = matches!(op, Op::Add | Op::Sub);
        (sum && unknown && primal).then(|| hygienic!(#rt::assert_summand))
    }

    /// `place op= value` that leaves the value where it is.
    fn update_matrix(&self, op: Op, place: &Place, value: &Operand) -> TokenStream {
        let (rt, place) = (self.rt, self.borrowed(place, true));
        let value = self.shown(&Arg::Value(value.clone()));
        let name = format_ident!("{}_assign", function(op), span = Span::mixed_site());
        quote!(#rt::ops::#name(#place, #value);)
    }

    fn assign(&self, place: &Place, value: &Operand) -> TokenStream {
        let assign = self.assign_always(place, value);
        match value.as_var() {
            Some(var) if self.function.asked.contains_key(&var) => {
                let (rt, name) = (self.rt, self.name(var));
                quote!(if let #rt::Some(#name) = #name { #assign })
            }
            _ => assign,
        }
    }

    fn assign_always(&self, place: &Place, value: &Operand) -> TokenStream {
        let unsized_place = matches!(self.function.place_ty(place), Ty::Slice(_));
        if unsized_place {
            let (place, value) = (self.changed(place), self.operand(value));
            return quote!(#place.clone_from_slice(&#value););
        }
        let (place, value) = (self.target(place).tokens(), self.bare(value));
        quote!(#place = #value;)
    }

    /// The range of a loop.
    pub fn range(&self, range: &Range) -> TokenStream {
        let end = |o: &Operand| self.code(o).at(Prec::Or);
        let (lo, hi) = (end(&range.lo), end(&range.hi));
        let base = if range.inclusive {
            quote!(#lo..=#hi)
        } else {
            quote!(#lo..#hi)
        };
        let rev = range.rev.then(|| quote!(.rev()));
        let step = range.step.as_ref().map(|s| {
            let s = self.bare(s);
            quote!(.step_by(#s))
        });
        if rev.is_none() && step.is_none() {
            return base;
        }
        quote!((#base) #rev #step)
    }

    fn counted(
        &self,
        var: VarId,
        range: &TokenStream,
        body: &Block,
        exit: Option<VarId>,
    ) -> TokenStream {
        let (name, body) = (self.name(var), self.block(body));
        let exit = exit.map(|e| {
            let exit = self.name(e);
            quote!(if #exit { break; })
        });
        quote!(for #name in #range { #body #exit })
    }
}

fn assign_operator(op: Op) -> TokenStream {
    match op {
        Op::Sub => quote!(-=),
        Op::Mul => quote!(*=),
        Op::Div => quote!(/=),
        Op::Rem => quote!(%=),
        Op::BitAnd => quote!(&=),
        Op::BitOr => quote!(|=),
        Op::BitXor => quote!(^=),
        Op::Shl => quote!(<<=),
        Op::Shr => quote!(>>=),
        _ => quote!(+=),
    }
}
