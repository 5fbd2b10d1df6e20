//! Elements that an iteration changes and the next ones use again stay in variables: each is loaded once and stored once.
//!
//! ```text
//!                                         let mut a = part[0];
//! for j in 0..n {                         for j in 0..n {
//!     part[j] += f(j);                        let mut b = part[j + 1];
//!     part[j + 1] += g(j);        =>          a += f(j); b += g(j);
//! }                                           part[j] = a; a = b;
//!                                         }
//!                                         part[n] = a;
//! ```
//!
//! The scattered additions of a stencil's adjoint become gathered ones. Such a loop cannot become vector instructions in either form: what
//! one iteration stores, the next one loads.

use super::rewrite::{index, number};
use super::windows::{Access, Counted, Window};
use crate::ir::{Block, Function, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};
use proc_macro2::Span;

/// Wider windows stay in memory: moving so many variables on costs more than it saves.
const MOST: i64 = 4;

/// Do elements of the window, numbers all, flow from an iteration to a later one?
pub fn pays(function: &Function, counted: &Counted, window: &Window, accesses: &[&Access]) -> bool {
    let element = window.list.clone().then(Proj::Index(number(0)));
    let numbers = function.place_ty(&function.resolve(&element)).is_float()
        && accesses.iter().all(|a| a.rest.is_empty());
    let later = |a: i64, b: i64| if counted.rises() { b < a } else { a < b };
    let changes = accesses.iter().filter(|a| a.changes);
    let mut changes = changes.map(|a| window.offset(a));
    let flows = |from: i64| accesses.iter().any(|to| later(from, window.offset(to)));
    window.changed && numbers && window.width() <= MOST && changes.any(flows)
}

/// The variables that hold the elements of a window, in its order.
pub struct Carried {
    view: VarId,
    slots: Vec<VarId>,
    rises: bool,
}

impl Carried {
    /// For a window that is borrowed as `view`.
    pub fn new(function: &mut Function, counted: &Counted, window: &Window, view: VarId) -> Self {
        let name = format!("{}_at", function.var(window.list.root).ident);
        let element = Place::var(view).then(Proj::Deref);
        let ty = function.place_ty(&element.then(Proj::Index(number(0))));
        let slot = |_| function.fresh(&name, Span::mixed_site(), ty.clone(), VarKind::Mutable);
        Self {
            view,
            slots: (0..=window.width()).map(slot).collect(),
            rises: counted.rises(),
        }
    }

    /// Where the element is during an iteration.
    pub fn element(&self, offset: i64) -> Place {
        let slot = usize::try_from(offset).unwrap_or_default();
        Place::var(self.slots[slot])
    }

    /// Loads what the first iteration finds in the variables.
    pub fn before(&self, function: &mut Function, count: &Operand) -> Vec<Stmt> {
        let mut out = Vec::new();
        let (kept, base) = if self.rises {
            (&self.slots[..self.width()], &number(0))
        } else {
            (&self.slots[1..], count)
        };
        for (var, k) in kept.iter().zip(0..) {
            let rhs = Rhs::Read(self.place(function, base, k, &mut out));
            out.push(Stmt::Let { var: *var, rhs });
        }
        out
    }

    /// Stores what the last iteration leaves in the variables.
    pub fn after(&self, function: &mut Function, count: &Operand) -> Vec<Stmt> {
        let mut out = Vec::new();
        // The last iteration has moved them on.
        let (kept, base) = if self.rises {
            (&self.slots[..self.width()], count)
        } else {
            (&self.slots[1..], &number(0))
        };
        for (slot, k) in kept.iter().zip(0..) {
            let place = self.place(function, base, k, &mut out);
            move_to(function, place, *slot, &mut out);
        }
        out
    }

    /// Loads the element that is new before an iteration; stores the one that no other needs after it, and moves the others on.
    pub fn iterate(&self, function: &mut Function, step: VarId, body: &mut Block) {
        let (mut out, mut slots) = (Vec::new(), self.slots.clone());
        let (mut new, mut old) = (self.width(), 0);
        if !self.rises {
            slots.reverse();
            (new, old) = (old, new);
        }
        let step = Operand::Var(step);
        let at = |k: usize| i64::try_from(k).unwrap_or_default();
        let rhs = Rhs::Read(self.place(function, &step, at(new), &mut out));
        let var = self.slots[new];
        out.push(Stmt::Let { var, rhs });
        out.append(&mut body.stmts);
        let place = self.place(function, &step, at(old), &mut out);
        move_to(function, place, self.slots[old], &mut out);
        for pair in slots.windows(2) {
            move_to(function, Place::var(pair[0]), pair[1], &mut out);
        }
        body.stmts = out;
    }

    fn width(&self) -> usize {
        self.slots.len() - 1
    }

    fn place(
        &self,
        function: &mut Function,
        base: &Operand,
        offset: i64,
        out: &mut Vec<Stmt>,
    ) -> Place {
        let index = Proj::Index(index(function, base, offset, out));
        Place::var(self.view).then(Proj::Deref).then(index)
    }
}

/// `place = slot`
pub fn move_to(function: &mut Function, place: Place, slot: VarId, out: &mut Vec<Stmt>) {
    let value = held(function, slot, out);
    out.push(Stmt::Assign { place, value });
}

/// What the variable holds.
pub fn held(function: &mut Function, slot: VarId, out: &mut Vec<Stmt>) -> Operand {
    let ty: Ty = function.var(slot).ty.clone();
    let var = function.fresh("t", Span::mixed_site(), ty, VarKind::Value);
    let rhs = Rhs::Read(Place::var(slot));
    out.push(Stmt::Let { var, rhs });
    Operand::Var(var)
}
