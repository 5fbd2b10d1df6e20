//! Elements that are the same in all iterations are in variables while a loop runs: their bounds are checked once, and sums stay in registers.
//!
//! ```text
//! for j in 0..n {                         let mut a = a_bar[k];
//!     a_bar[k] += s * x[j];       =>      for j in 0..n { a += s * x[j]; }
//! }                                       a_bar[k] = a;
//! ```
//!
//! LLVM may not do it: what comes out of bounds in a later iteration would be noticed too late.
//!
//! Of a list that the loop only adds to, anywhere, the variables begin at zero, and what they hold in the end is added:
//!
//! ```text
//! for j in 0..n {                         let mut a = -0.0;
//!     a_bar[k] += s * x[j];       =>      for j in 0..n { a += s * x[j]; a_bar[j] += s * x[k]; }
//!     a_bar[j] += s * x[k];               a_bar[k] += a;
//! }
//! ```

use super::super::bars::empty_sum;
use super::carried::{held, move_to};
use super::linear::Linear;
use super::windows::Window;
use crate::ir::{DerivedStmt, Function, Place, Rhs, Stmt, Ty, VarId, VarKind};
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
    sums: bool,
}

impl Fixed {
    /// For these elements of one list.
    pub fn new(function: &mut Function, places: Vec<(i64, Place)>, window: &Window) -> Self {
        let slot = |(offset, place): (i64, Place)| {
            let name = format!("{}_at", function.var(place.root).ident);
            let ty = function.place_ty(&function.resolve(&place));
            let var = function.fresh(&name, Span::mixed_site(), ty, VarKind::Mutable);
            (offset, (place, var))
        };
        let slots = places.into_iter().map(slot).collect();
        let (changed, sums) = (window.changed, window.sums);
        Self {
            slots,
            changed,
            sums,
        }
    }

    /// Where the element is.
    pub fn element(&self, offset: i64) -> Place {
        Place::var(self.slots[&offset].1)
    }

    /// Loads them, or begins their sums.
    pub fn before(&self, function: &Function) -> Vec<Stmt> {
        let load = |(place, var): &(Place, VarId)| Stmt::Let {
            var: *var,
            rhs: match &function.var(*var).ty {
                Ty::Float(ty) if self.sums => empty_sum(ty),
                _ => Rhs::Read(place.clone()),
            },
        };
        self.slots.values().map(load).collect()
    }

    /// Stores them, or adds their sums.
    pub fn after(&self, function: &mut Function) -> Vec<Stmt> {
        let mut out = Vec::new();
        for (place, var) in self.slots.values().filter(|_| self.changed) {
            let place = place.clone();
            if self.sums {
                let value = held(function, *var, &mut out);
                out.push(Stmt::Derived(DerivedStmt::Accumulate {
                    place,
                    value,
                    negate: false,
                }));
            } else {
                move_to(function, place, *var, &mut out);
            }
        }
        out
    }
}
