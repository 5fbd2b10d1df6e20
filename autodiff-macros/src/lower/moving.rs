//! References that are made to point elsewhere in one list: the place that they refer to has variables for its indices and ends.
//!
//! ```text
//! let mut rest = x;                        at1 = 0; at2 = x.len()
//! while let [a, tail @ ..] = rest {        .. x[at1..at2] ..
//!     rest = tail;                         at1 = at1 + 1; at2 = at1 + x[at1..at2][1..].len()
//! }
//! ```
//!
//! Whoever reads such a variable gets the place as it is then. What a shared reference refers to does not change while the reference is used: of a
//! number a copy is as good.

use super::scope::{Binding, Scopes};
use super::value::Value;
use super::{Lower, chosen, int};
use crate::ir::{Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarKind};
use proc_macro2::Ident;
use std::rc::Rc;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// Binds a name to a reference, which may be made to point elsewhere if the name is `mut`.
    pub fn bind_pointer(
        &mut self,
        p: &syn::PatIdent,
        ty: Option<&syn::Type>,
        place: Place,
        mutable: bool,
    ) {
        let place = self.through(place);
        let moves = p.mutability.is_some() && !mutable;
        if !moves || self.moving(&p.ident, ty, &place).is_none() {
            self.bind_reference(&p.ident, place, mutable);
        }
    }

    /// A variable for a reference that is shared; `None` where nothing in the place could differ.
    fn moving(&mut self, name: &Ident, ty: Option<&syn::Type>, place: &Place) -> Option<()> {
        let pointee = self.place_ty(place);
        if matches!(pointee, Ty::Float(_) | Ty::Int | Ty::Bool) {
            self.moving_number(name, place, pointee);
            return Some(());
        }
        let of_slice = matches!(pointee, Ty::Slice(_)) || ty.is_some_and(is_slice);
        let mut target = self.one_part(place, of_slice)?;
        let indices = chosen::indices_mut(&mut target)?;
        if indices.is_empty() {
            return None;
        }
        for index in indices {
            let var = self.variable("at", index.clone());
            self.usizes.insert(var);
            *index = Operand::Var(var);
        }
        self.scopes.bind(name, Binding::Moving(Rc::new(target)));
        Some(())
    }

    fn moving_number(&mut self, name: &Ident, place: &Place, ty: Ty) {
        let var = self.local(name, ty, VarKind::Mutable);
        let rhs = Rhs::Read(place.clone());
        self.out.push(Stmt::Let { var, rhs });
        self.scopes.bind(name, Binding::Copies(var));
    }

    /// A place with its ranges made into one, and with one if it has to be a slice; `None` for a part of what is no list.
    fn one_part(&mut self, place: &Place, slice: bool) -> Option<Place> {
        let mut whole = self.function.resolve(place);
        self.index_from_start(&mut whole);
        let is_range = |step: &&Proj| matches!(step, Proj::Range { .. });
        let ranges = whole.path.iter().rev().take_while(is_range).count();
        if ranges == 0 && !slice {
            return Some(whole);
        }
        let len = self.len(&whole);
        let ranges = whole.path.split_off(whole.path.len() - ranges);
        let list = self.function.place_ty(&whole);
        if !matches!(
            list.peel(),
            Ty::Slice(_) | Ty::Vec(_) | Ty::Array(..) | Ty::Inert
        ) {
            return None;
        }
        let starts = ranges.into_iter().filter_map(|range| match range {
            Proj::Range { lo, .. } => lo,
            _ => None,
        });
        let lo = starts.fold(int(0), |sum, lo| self.position_sum(sum, lo));
        let hi = self.position_sum(lo.clone(), len);
        let (lo, hi) = (Some(lo), Some(hi));
        Some(whole.then(Proj::Range { lo, hi }))
    }

    /// `m[1..][k]` as `m[1 + k]`, which is outside where that is.
    fn index_from_start(&mut self, place: &mut Place) {
        let part_of = |pair: &[Proj]| match pair {
            [Proj::Range { lo, hi: None }, Proj::Index(k)] => Some((lo.clone(), k.clone())),
            _ => None,
        };
        while let Some((at, (lo, k))) =
            (0..place.path.len()).find_map(|at| Some((at, part_of(place.path.get(at..at + 2)?)?)))
        {
            let index = self.position_sum(lo.unwrap_or_else(|| int(0)), k);
            place.path.splice(at..at + 2, [Proj::Index(index)]);
        }
    }

    fn position_sum(&mut self, a: Operand, b: Operand) -> Operand {
        if super::slot::is_literal(&a, "0") {
            return b;
        }
        let sum = self.arithmetic(Op::Add, a, b);
        self.usizes.extend(sum.as_var());
        sum
    }

    /// What such a variable refers to now.
    pub fn moved_to(&mut self, target: &Place) -> Value {
        let place = self.place_of_indices(target);
        let mut now = place.clone();
        let now = chosen::indices_mut(&mut now).into_iter().flatten();
        self.usizes.extend(now.filter_map(|i| i.as_var()));
        let mutable = false;
        Value::Ref { place, mutable }
    }

    /// `name = reference` of such a variable.
    pub fn move_reference(&mut self, name: &syn::Expr, target: &Place, value: Value) {
        let place = match value {
            Value::Ref { place, .. } => Some(self.through(place)),
            Value::Place(place) if matches!(self.place_ty(&place), Ty::Ref(..)) => {
                Some(self.through(place))
            }
            _ => None,
        };
        let slice = matches!(target.path.last(), Some(Proj::Range { .. }));
        let place = place.and_then(|place| self.one_part(&place, slice));
        if place
            .and_then(|place| self.deliver_indices(target, &place))
            .is_none()
        {
            self.diagnostics.rebound_reference(name.span());
        }
    }

    /// What a closure with `move` has of such a variable: the reference as it is now.
    pub fn copy_reference(&mut self, name: &Ident, seen: &mut Scopes, written: bool) {
        match self.scopes.get(name).cloned() {
            Some(Binding::Moving(_) | Binding::Copies(_)) if written => {
                self.diagnostics.rebound_reference(name.span());
            }
            Some(Binding::Moving(target)) => {
                let value = self.moved_to(&target);
                seen.bind(name, Binding::Value(value));
            }
            Some(Binding::Copies(var)) => {
                let place = self.copy_of_variable(var);
                let mutable = false;
                seen.bind(name, Binding::Value(Value::Ref { place, mutable }));
            }
            _ => {}
        }
    }

    /// Is it a variable that holds a reference, so that `&mut` of it could make it point elsewhere?
    pub fn is_moving(&self, path: &syn::ExprPath) -> bool {
        let name = path.path.get_ident();
        let binding = name.and_then(|name| self.scopes.get(name));
        matches!(binding, Some(Binding::Moving(_) | Binding::Copies(_)))
    }

    /// The place that `std::mem::swap` and the like change; an error where that is a reference, not what it refers to.
    pub fn exchanged_place(&mut self, expr: &syn::Expr) -> Place {
        if let syn::Expr::Reference(lent) = super::peel(expr) {
            let value = self.value(&lent.expr);
            let reference = match &value {
                Value::Ref { .. } => true,
                Value::Place(place) => matches!(self.place_ty(place), Ty::Ref(..)),
                _ => false,
            };
            if reference {
                self.diagnostics.rebound_reference(lent.span());
            }
            return self.place_of(value);
        }
        self.place(expr)
    }
}

/// `&[f64]`
fn is_slice(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(ty) => matches!(*ty.elem, syn::Type::Slice(_)),
        _ => false,
    }
}
