//! Elements that are the same in all iterations are in variables while a loop runs: their bounds are checked once, and sums stay in registers.
//!
//! ```text
//! for j in 0..n {                         let mut a = a_bar[k];
//!     a_bar[k] += s * x[j];       =>      for j in 0..n { a += s * x[j]; }
//! }                                       a_bar[k] = a;
//! ```
//!
//! LLVM may not do it: what comes out of bounds in a later iteration would be noticed too late.

use super::carried::move_to;
use super::linear::Linear;
use crate::ir::{Function, Place, Rhs, Stmt, Ty, VarId, VarKind};
use proc_macro2::Span;
use std::collections::BTreeMap;

/// Is the element a number, and has its place to be looked up? Not so for one of an array whose index is written down.
pub fn pays(function: &Function, element: &Place, list: &Place, index: &Linear) -> bool {
    let known = index.terms.is_empty() && matches!(function.place_ty(list), Ty::Array(_));
    function.place_ty(element).is_float() && !known
}

/// The variables that hold elements of a list, by the constant in the index.
pub struct Fixed {
    slots: BTreeMap<i64, (Place, VarId)>,
    changed: bool,
}

impl Fixed {
    /// For these elements of one list.
    pub fn new(function: &mut Function, places: Vec<(i64, Place)>, changed: bool) -> Self {
        let slot = |(offset, place): (i64, Place)| {
            let name = format!("{}_at", function.var(place.root).ident);
            let ty = function.place_ty(&function.resolve(&place));
            let var = function.fresh(&name, Span::mixed_site(), ty, VarKind::Mutable);
            (offset, (place, var))
        };
        let slots = places.into_iter().map(slot).collect();
        Self { slots, changed }
    }

    /// Where the element is.
    pub fn element(&self, offset: i64) -> Place {
        Place::var(self.slots[&offset].1)
    }

    /// Loads them.
    pub fn before(&self) -> impl Iterator<Item = Stmt> + '_ {
        self.slots.values().map(|(place, var)| Stmt::Let {
            var: *var,
            rhs: Rhs::Read(place.clone()),
        })
    }

    /// Stores them.
    pub fn after(&self, function: &mut Function) -> Vec<Stmt> {
        let mut out = Vec::new();
        for (place, var) in self.slots.values().filter(|_| self.changed) {
            move_to(function, place.clone(), *var, &mut out);
        }
        out
    }
}
