//! References chosen by a branch: what follows is written in each arm, where the reference is a name for one place. Of a reference into a list it is
//! enough to know the index.
//!
//! ```text
//! let r = if left { &mut a } else { &mut b };      if left { let r = &mut a; *r *= 2.0; .. }
//! *r *= 2.0; ..                                    else { let r = &mut b; *r *= 2.0; .. }
//! if let Some(r) = v.iter_mut().find(p) { .. }     let t; .. t = k; ..; if found { v[t] .. }
//! ```

use super::Lower;
use super::macros::is_panic;
use super::pattern::{names, names_in};
use super::place::peel;
use crate::ir::{Operand, Place, Proj, Ty, VarId, VarKind};
use crate::names::mentions;
use proc_macro2::Ident;
use quote::ToTokens;

/// The statements from a `let` on as one branch, if the `let` chooses an exclusive reference.
pub fn in_arms(stmt: &syn::Stmt, rest: &[syn::Stmt]) -> Option<syn::Expr> {
    let syn::Stmt::Local(local) = stmt else {
        return None;
    };
    let init = local.init.as_ref().filter(|i| i.diverge.is_none())?;
    let branch = peel(&init.expr);
    let chooses = matches!(branch, syn::Expr::If(_) | syn::Expr::Match(_));
    (chooses && lends(branch)).then(|| Continuation { local, rest }.after(branch))?
}

/// Is one of the values that an expression may have an exclusive reference, or a tuple with one?
fn lends(expr: &syn::Expr) -> bool {
    match peel(expr) {
        syn::Expr::Reference(r) => r.mutability.is_some(),
        syn::Expr::Tuple(t) => t.elems.iter().any(lends),
        syn::Expr::Block(b) => only_value(&b.block).is_some_and(lends),
        syn::Expr::If(e) => {
            only_value(&e.then_branch).is_some_and(lends)
                || e.else_branch.as_ref().is_some_and(|(_, els)| lends(els))
        }
        syn::Expr::Match(e) => e.arms.iter().any(|arm| lends(&arm.body)),
        _ => false,
    }
}

/// The value of a block that is nothing else.
fn only_value(block: &syn::Block) -> Option<&syn::Expr> {
    match block.stmts.as_slice() {
        [syn::Stmt::Expr(value, None)] => Some(value),
        _ => None,
    }
}

/// The binding of what is chosen, and what follows.
struct Continuation<'a> {
    local: &'a syn::Local,
    rest: &'a [syn::Stmt],
}

impl Continuation<'_> {
    /// The expression, each value of it followed by the rest; `None` where an arm binds names of its own that the rest would see.
    fn after(&self, expr: &syn::Expr) -> Option<syn::Expr> {
        match peel(expr) {
            syn::Expr::If(e) => {
                self.is_free_of(&names_in(&e.cond))?;
                let mut e = e.clone();
                e.then_branch = self.after_block(&e.then_branch)?;
                let (_, els) = e.else_branch.as_mut()?;
                **els = self.after(els)?;
                Some(syn::Expr::If(e))
            }
            syn::Expr::Match(e) => {
                let mut e = e.clone();
                for arm in &mut e.arms {
                    self.is_free_of(&names(&arm.pat))?;
                    *arm.body = self.after(&arm.body)?;
                }
                Some(syn::Expr::Match(e))
            }
            syn::Expr::Block(b) if b.label.is_none() => {
                let block = self.after_block(&b.block)?;
                Some(syn::parse_quote!(#block))
            }
            leaves if is_exit(leaves) => Some(syn::parse_quote!({ #leaves })),
            value => {
                let mut local = self.local.clone();
                *local.init.as_mut()?.expr = value.clone();
                let rest = self.rest;
                Some(syn::parse_quote!({ #local #(#rest)* }))
            }
        }
    }

    fn after_block(&self, block: &syn::Block) -> Option<syn::Block> {
        match block.stmts.as_slice() {
            [syn::Stmt::Expr(leaves, _)] if is_exit(leaves) => Some(block.clone()),
            _ => match self.after(only_value(block)?)? {
                syn::Expr::Block(b) => Some(b.block),
                branch => Some(syn::parse_quote!({ #branch })),
            },
        }
    }

    /// Does the rest mention none of these names, which an arm binds?
    fn is_free_of(&self, names: &[syn::PatIdent]) -> Option<()> {
        let rest = |name: &Ident| {
            self.rest
                .iter()
                .any(|s| mentions(s.to_token_stream(), name))
        };
        (!names.iter().any(|n| rest(&n.ident))).then_some(())
    }
}

/// Does the expression leave, so that nothing follows it?
fn is_exit(expr: &syn::Expr) -> bool {
    match peel(expr) {
        syn::Expr::Return(_) | syn::Expr::Break(_) | syn::Expr::Continue(_) => true,
        other => is_panic(other),
    }
}

impl Lower<'_> {
    /// A place like this one, with variables for its indices; `None` if more than indices can differ.
    pub fn index_variables(&mut self, place: &Place) -> Option<Place> {
        let mut place = self.function.resolve(place);
        for index in indices_mut(&mut place)? {
            *index = Operand::Var(self.fresh("t", Ty::Int, VarKind::Value));
        }
        Some(place)
    }

    /// Assigns the indices of a place to those of another, if nothing else differs.
    pub fn deliver_indices(&mut self, target: &Place, place: &Place) -> Option<()> {
        let (mut target, mut place) = (target.clone(), self.function.resolve(place));
        let alike = target.root == place.root
            && target.path.len() == place.path.len()
            && target
                .path
                .iter()
                .zip(&place.path)
                .all(|(a, b)| is_like(a, b));
        let pairs = indices_mut(&mut target)?
            .into_iter()
            .zip(indices_mut(&mut place)?);
        for (variable, index) in pairs.filter(|_| alike) {
            self.assign_var(variable.as_var()?, index.clone());
        }
        alike.then_some(())
    }

    /// The place whose indices are in variables, as they are now.
    pub fn place_of_indices(&mut self, place: &Place) -> Place {
        let mut place = place.clone();
        for index in indices_mut(&mut place).into_iter().flatten() {
            if let Some(var) = index.as_var() {
                *index = self.slot_operand(var);
            }
        }
        place
    }
}

/// The variables for the indices of a place.
pub fn index_vars(place: &Place) -> Vec<VarId> {
    let mut place = place.clone();
    let indices = indices_mut(&mut place).into_iter().flatten();
    indices.filter_map(|i| i.as_var()).collect()
}

/// The indices and the ends of ranges in a path, if there is nothing else in it that may differ.
pub fn indices_mut(place: &mut Place) -> Option<Vec<&mut Operand>> {
    let mut all = Vec::new();
    for step in &mut place.path {
        match step {
            Proj::Index(index) => all.push(index),
            Proj::Range { lo, hi } => all.extend(lo.iter_mut().chain(hi)),
            Proj::Deref | Proj::Field(_) => {}
            _ => return None,
        }
    }
    Some(all)
}

fn is_like(a: &Proj, b: &Proj) -> bool {
    match (a, b) {
        (Proj::Deref, Proj::Deref) | (Proj::Index(_), Proj::Index(_)) => true,
        (Proj::Field(a), Proj::Field(b)) => a == b,
        (
            Proj::Range { lo, hi },
            Proj::Range {
                lo: other_lo,
                hi: other_hi,
            },
        ) => lo.is_some() == other_lo.is_some() && hi.is_some() == other_hi.is_some(),
        _ => false,
    }
}
