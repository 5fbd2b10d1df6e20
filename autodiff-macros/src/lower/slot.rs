//! Where the value of a construct with several outcomes goes: variables that each outcome assigns.
//!
//! ```text
//! let y = if c { (a, 1) } else { (b, 2) };      let t1; let t2; if c { t1 = a; t2 = 1 } else { t1 = b; t2 = 2 }
//! ```
//!
//! A variable is a value where each path assigns it once; otherwise it is mutable and begins with a value that is never used.

use super::choice::Choice;
use super::chosen;
use super::option::{Optional, Payload};
use super::value::{Callable, Value, join};
use super::wrapper::Failure;
use super::{Lower, Region, boolean};
use crate::emit::types::Wrapper;
use crate::ir::{
    Aggregate, Derived, Inert, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind, visit,
};
use proc_macro2::{Ident, Span};

/// An index into the slots of a function.
#[derive(Clone, Copy, Debug)]
pub struct SlotId(usize);

/// The shape of a value.
#[derive(Clone, Debug)]
pub enum Slot {
    /// Nothing was delivered yet; the type, if it is known.
    Empty(Ty),
    /// `()`
    Unit,
    /// One variable.
    One(VarId),
    /// A variable that holds a copy of what a reference refers to.
    Copy(VarId),
    /// An `Option` variable that holds a value which has none to begin with, and has it in the end.
    Held(VarId),
    /// A tuple of such.
    Tuple(Vec<SlotId>),
    /// An `Option`: is there a value, and which.
    Optional(VarId, SlotId),
    /// A `Result`: an `Option` of its value and one of its error.
    Result(VarId, VarId),
    /// The number of one of these functions.
    Function(VarId, Vec<Callable>),
    /// An exclusive reference to this place, whose indices are variables.
    Reference(Place),
}

impl Lower<'_> {
    /// A slot of unknown shape.
    pub fn new_slot(&mut self, ty: Ty) -> SlotId {
        self.slots.push(Slot::Empty(ty));
        SlotId(self.slots.len() - 1)
    }

    /// A slot over the variables of an `Option`.
    pub fn option_slot(&mut self, variable: super::option::OptionVar) -> SlotId {
        self.slots.push(Slot::One(variable.payload));
        let payload = SlotId(self.slots.len() - 1);
        self.slots.push(Slot::Optional(variable.some, payload));
        SlotId(self.slots.len() - 1)
    }

    fn shape(&self, slot: SlotId) -> Slot {
        self.slots[slot.0].clone()
    }

    /// Assigns a value to a slot; the first value gives it its shape.
    pub fn deliver(&mut self, slot: SlotId, value: Value) {
        match (self.shape(slot), value) {
            (Slot::Unit, value) => self.drop_value(value),
            (Slot::Empty(ty), value) => {
                self.shape_after(slot, ty, &value);
                self.deliver(slot, value);
            }
            (Slot::Tuple(slots), value) => {
                let parts = self.parts(value, slots.len());
                let parts: Vec<Value> = parts.into_iter().map(|p| self.settled(p)).collect();
                for (slot, part) in slots.into_iter().zip(parts) {
                    self.deliver(slot, part);
                }
            }
            (Slot::Optional(some, payload), value) => self.deliver_option(some, payload, value),
            (Slot::Result(value_var, error_var), value) => {
                self.deliver_result(value_var, error_var, value);
            }
            (Slot::Function(var, mut among), Value::Fun(f)) => {
                self.deliver_function(var, &mut among, f);
                self.slots[slot.0] = Slot::Function(var, among);
            }
            (Slot::Function(..), value) => {
                self.diagnostics.closure_as_value(self.span);
                self.drop_value(value);
            }
            (Slot::Reference(target), Value::Ref { place, .. })
                if self.deliver_indices(&target, &place).is_some() => {}
            (Slot::Reference(_), _) | (_, Value::Ref { mutable: true, .. }) => {
                self.diagnostics.chosen_reference(self.span);
            }
            (Slot::Copy(var), Value::Ref { place, .. }) => {
                let copy = self.copy_of(place);
                self.assign_var(var, copy);
            }
            (Slot::One(var) | Slot::Copy(var) | Slot::Held(var), value) => {
                let value = self.operand_of(value);
                self.assign_var(var, value);
            }
        }
    }

    pub fn assign_var(&mut self, var: VarId, value: Operand) {
        let ty = self.function.operand_ty(&value).clone();
        let known = &mut self.function.vars[var.0 as usize].ty;
        *known = join(std::mem::take(known), ty);
        let place = Place::var(var);
        self.out.push(Stmt::Assign { place, value });
    }

    /// A copy of what is in a place.
    pub fn copy_of(&mut self, place: Place) -> Operand {
        let place = self.through(place);
        match self.place_ty(&place) {
            Ty::Slice(t) => {
                let method = Ident::new("to_vec", Span::mixed_site());
                self.temp(Rhs::Clone { place, method }, Ty::Vec(t))
            }
            ty => self.temp(Rhs::copy(place, &ty), ty),
        }
    }

    fn shape_after(&mut self, slot: SlotId, ty: Ty, value: &Value) {
        let slots = |lower: &mut Self, n: usize| {
            let types = match &ty {
                Ty::Tuple(types) if types.len() == n => types.clone(),
                _ => vec![Ty::Unknown; n],
            };
            types.into_iter().map(|t| lower.new_slot(t)).collect()
        };
        let shape = match value {
            Value::Unit => Slot::Unit,
            Value::Fun(_) => Slot::Function(self.slot_var(Ty::Int), Vec::new()),
            Value::Tuple(parts) => Slot::Tuple(slots(self, parts.len())),
            Value::Optional(o) if o.failure.is_some() => self.result_shape(&ty),
            _ if matches!(ty, Ty::Result(_)) => self.result_shape(&ty),
            Value::Optional(_) if ty.is_wrapper() => Slot::One(self.slot_var(ty)),
            Value::Optional(o) if self.open_dimensions && !self.is_number(&o.payload) => {
                Slot::One(self.slot_var(Ty::Option(Box::default())))
            }
            Value::Optional(_) => {
                let some = self.slot_var(Ty::Bool);
                Slot::Optional(some, self.new_slot(Ty::Unknown))
            }
            Value::Ref {
                place,
                mutable: true,
            } => match self.index_variables(place) {
                Some(target) => Slot::Reference(target),
                None => Slot::One(self.slot_var(ty)),
            },
            Value::Ref { place, .. } if self.is_container(place) => Slot::Copy(self.slot_var(ty)),
            _ => Slot::One(self.slot_var(ty)),
        };
        self.slots[slot.0] = shape;
    }

    fn is_container(&self, place: &Place) -> bool {
        let ty = self.place_ty(&self.through(place.clone()));
        !matches!(ty, Ty::Float(_) | Ty::Int | Ty::Bool)
    }

    fn slot_var(&mut self, ty: Ty) -> VarId {
        let var = self.fresh("t", ty, VarKind::Value);
        self.made.insert(var);
        var
    }

    fn deliver_option(&mut self, some: VarId, payload: SlotId, value: Value) {
        let Optional {
            some: is,
            payload: what,
            ..
        } = self.opened(value, Some(Wrapper::Option));
        self.assign_var(some, is.clone());
        if is_literal(&is, "false") {
            return;
        }
        if is_literal(&is, "true") {
            let value = self.payload(what);
            return self.deliver(payload, value);
        }
        let then = self.region(|lower| {
            let value = lower.payload(what);
            let value = lower.settled(value);
            lower.deliver(payload, value);
            Value::Unit
        });
        let els = self.region(|_| Value::Unit);
        self.branch(is, then, els);
    }

    fn result_shape(&mut self, ty: &Ty) -> Slot {
        let inner = ty.project(&Proj::Wrapped);
        let value = self.slot_var(Ty::Option(Box::new(inner)));
        Slot::Result(value, self.slot_var(Ty::Option(Box::new(Ty::Inert))))
    }

    fn deliver_result(&mut self, value_var: VarId, error_var: VarId, value: Value) {
        let Optional {
            some,
            payload,
            failure,
        } = self.opened(value, Some(Wrapper::Result));
        let parts = |lower: &mut Self, value, error| {
            for (var, part) in [(value_var, value), (error_var, error)] {
                let part = lower.operand_of(part);
                lower.assign_var(var, part);
            }
            Value::Unit
        };
        let there = |lower: &mut Self| {
            let value = lower.payload(payload);
            let value = lower.settled(value);
            let (rhs, ty) = lower.wrapped(Optional::some(value));
            parts(lower, Value::Rhs(rhs, ty), no_error())
        };
        let not_there = |lower: &mut Self| {
            let error = failure.map_or(Value::Unit, |f| lower.failure(f));
            let error = lower.operand_of(error);
            let ty = error_ty(lower.function.operand_ty(&error));
            let error = Rhs::Aggregate(Aggregate::Some, vec![error]);
            let error = Value::Rhs(error, Ty::Option(Box::new(ty)));
            let none = Rhs::Aggregate(Aggregate::None, Vec::new());
            parts(lower, Value::Rhs(none, Ty::Option(Box::default())), error)
        };
        if is_literal(&some, "true") {
            there(self);
        } else if is_literal(&some, "false") {
            not_there(self);
        } else {
            let (then, els) = (self.region(there), self.region(not_there));
            self.branch(some, then, els);
        }
    }

    /// The values of two arms in one slot.
    pub fn join(&mut self, then: &mut Region, els: &mut Region) -> SlotId {
        let values = (
            std::mem::replace(&mut then.value, Value::Unit),
            std::mem::replace(&mut els.value, Value::Unit),
        );
        let real = self.is_held(&values.0) || self.is_held(&values.1);
        let slot = self.new_slot(if real {
            Ty::Option(Box::default())
        } else {
            Ty::Unknown
        });
        if matches!(values, (Value::Unit, _) | (_, Value::Unit)) {
            self.slots[slot.0] = Slot::Unit;
        }
        // What a call gives, and a `Result` that is made here: that tells what the call gives.
        if let (Value::Operand(_), Value::Optional(made)) = &values
            && made.failure.is_some()
        {
            self.slots[slot.0] = self.result_shape(&Ty::Unknown);
        }
        let reclaimed = self.reclaim(slot, &values.1, els);
        self.extend_region(then, |lower| lower.deliver(slot, values.0));
        if !reclaimed {
            self.extend_region(els, |lower| lower.deliver(slot, values.1));
        }
        slot
    }

    /// An `Option` of something that has no value to begin with: it is better put together.
    fn is_held(&self, value: &Value) -> bool {
        let Value::Optional(optional) = value else {
            return false;
        };
        match (&optional.failure, &optional.payload) {
            (None, Payload::Value(value)) => self.has_no_default(value),
            _ => false,
        }
    }

    /// Is it no number and nothing that is made of such?
    fn has_no_default(&self, value: &Value) -> bool {
        match value {
            Value::Ref { .. } | Value::Unit => false,
            Value::Tuple(parts) => parts
                .iter()
                .any(|part| matches!(self.value_ty(part), Ty::Struct(_) | Ty::Motion(_))),
            value => self.value_ty(value).may_be_users(),
        }
    }

    /// Is what may be there surely a number?
    fn is_number(&self, payload: &Payload) -> bool {
        matches!(payload, Payload::Value(value) if self.value_ty(value).peel().is_scalar())
    }

    /// The last arm of a chain has a slot already: the whole chain uses it.
    fn reclaim(&mut self, slot: SlotId, value: &Value, region: &mut Region) -> bool {
        let Value::Operand(Operand::Var(var)) = value else {
            return false;
        };
        let declares = |s: &Stmt| matches!(s, Stmt::Declare(v) if v == var);
        let (Slot::Empty(_), Some(at)) = (
            self.shape(slot),
            region
                .declared_at(declares)
                .filter(|_| self.made.contains(var)),
        ) else {
            return false;
        };
        region.remove(at);
        self.slots[slot.0] = Slot::One(*var);
        true
    }

    /// Declares the variables of a slot that `stmts` assign.
    pub fn declare_slot(&mut self, slot: SlotId, stmts: &[Stmt]) {
        match self.shape(slot) {
            Slot::Empty(_) | Slot::Unit => {}
            Slot::One(var) | Slot::Copy(var) | Slot::Held(var) => {
                self.declare_assigned(var, stmts);
            }
            Slot::Reference(target) => {
                let indices = chosen::index_vars(&target);
                indices
                    .into_iter()
                    .for_each(|v| self.declare_assigned(v, stmts));
            }
            Slot::Tuple(slots) => slots.into_iter().for_each(|s| self.declare_slot(s, stmts)),
            Slot::Optional(some, payload) => {
                self.declare_assigned(some, stmts);
                self.declare_slot(payload, stmts);
            }
            Slot::Result(value, error) => {
                self.declare_assigned(value, stmts);
                self.declare_assigned(error, stmts);
            }
            Slot::Function(var, among) => {
                self.check_captures(&among, stmts);
                self.declare_assigned(var, stmts);
            }
        }
    }

    /// Makes `Option`s of the variables that not every path assigns once and that may have no value to begin with. Nothing reads them yet.
    pub fn hold_slot(&mut self, slot: SlotId, stmts: &mut Vec<Stmt>) {
        match self.shape(slot) {
            Slot::One(var)
                if self.function.var(var).ty.may_be_users() && !is_settled(stmts, var) =>
            {
                self.hold(var, stmts);
                self.slots[slot.0] = Slot::Held(var);
            }
            Slot::Tuple(slots) => slots.into_iter().for_each(|s| self.hold_slot(s, stmts)),
            Slot::Optional(_, payload) => self.hold_slot(payload, stmts),
            _ => {}
        }
    }

    /// Makes the variable an `Option` that `stmts` assign.
    fn hold(&mut self, var: VarId, stmts: &mut Vec<Stmt>) {
        let inner = self.function.var(var).ty.clone();
        let ty = Ty::Option(Box::new(inner));
        self.function.vars[var.0 as usize].ty = ty.clone();
        self.hold_assigned(var, &ty, stmts);
    }

    fn hold_assigned(&mut self, var: VarId, ty: &Ty, stmts: &mut Vec<Stmt>) {
        for mut stmt in std::mem::take(stmts) {
            for block in visit::children_mut(&mut stmt) {
                self.hold_assigned(var, ty, &mut block.stmts);
            }
            if let Stmt::Assign { place, value } = &mut stmt
                && place.root == var
                && place.path.is_empty()
            {
                let some = self.fresh("t", ty.clone(), VarKind::Value);
                let given = std::mem::replace(value, Operand::Var(some));
                let rhs = Rhs::Aggregate(Aggregate::Some, vec![given]);
                stmts.push(Stmt::Let { var: some, rhs });
            }
            stmts.push(stmt);
        }
    }

    fn declare_assigned(&mut self, var: VarId, stmts: &[Stmt]) {
        if is_settled(stmts, var) {
            self.out.push(Stmt::Declare(var));
            return;
        }
        self.function.vars[var.0 as usize].kind = VarKind::Mutable;
        let rhs = self.unused_value(var);
        self.out.push(Stmt::Let { var, rhs });
    }

    /// A first value for a variable that rustc would think unassigned.
    pub fn unused_value(&mut self, var: VarId) -> Rhs {
        if let Ty::Float(float) = &self.function.var(var).ty {
            return Rhs::Derived(Derived::ZeroScalar(float.clone()));
        }
        if let Ty::Option(_) = self.function.var(var).ty {
            return Rhs::Aggregate(Aggregate::None, Vec::new());
        }
        if let ty @ (Ty::Bool | Ty::Int) = &self.function.var(var).ty {
            return Rhs::Use(if *ty == Ty::Int {
                super::int(0)
            } else {
                boolean(false)
            });
        }
        let expr = match &self.function.var(var).ty {
            Ty::Array(element) if **element != Ty::Unknown => default_of(element),
            _ => default_value(),
        };
        Rhs::Inert(Inert {
            expr,
            uses: Vec::new(),
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        })
    }

    /// Makes the variables of a slot mutable: they are assigned again and again.
    pub fn mutable_slot(&mut self, slot: SlotId) {
        match self.shape(slot) {
            Slot::Empty(_) | Slot::Unit => {}
            Slot::One(var) | Slot::Copy(var) | Slot::Held(var) | Slot::Function(var, _) => {
                self.function.vars[var.0 as usize].kind = VarKind::Mutable;
            }
            Slot::Reference(target) => {
                for var in chosen::index_vars(&target) {
                    self.function.vars[var.0 as usize].kind = VarKind::Mutable;
                }
            }
            Slot::Tuple(slots) => slots.into_iter().for_each(|s| self.mutable_slot(s)),
            Slot::Optional(some, payload) => {
                self.function.vars[some.0 as usize].kind = VarKind::Mutable;
                self.mutable_slot(payload);
            }
            Slot::Result(value, error) => {
                for var in [value, error] {
                    self.function.vars[var.0 as usize].kind = VarKind::Mutable;
                }
            }
        }
    }

    /// What a slot holds after it was assigned.
    pub fn slot_value(&mut self, slot: SlotId) -> Value {
        match self.shape(slot) {
            Slot::Empty(_) | Slot::Unit => Value::Unit,
            Slot::One(var) => Value::Operand(self.slot_operand(var)),
            Slot::Held(var) => self.payload(Payload::Held(Place::var(var).then(Proj::Wrapped))),
            Slot::Copy(var) => Value::Ref {
                place: Place::var(var),
                mutable: false,
            },
            Slot::Reference(target) => Value::Ref {
                place: self.place_of_indices(&target),
                mutable: true,
            },
            Slot::Function(var, among) => {
                let (index, among) = (self.slot_operand(var), among.into());
                Value::Fun(Callable::Choice(Choice { index, among }))
            }
            Slot::Tuple(slots) => {
                Value::Tuple(slots.into_iter().map(|s| self.slot_value(s)).collect())
            }
            // No path gave anything but `None`.
            Slot::Optional(_, payload) if matches!(self.shape(payload), Slot::Empty(_)) => {
                super::option::none()
            }
            Slot::Optional(some, payload) => {
                let some = self.slot_operand(some);
                let payload = match self.shape(payload) {
                    Slot::Held(var) => Payload::Held(Place::var(var).then(Proj::Wrapped)),
                    _ => Payload::Value(self.slot_value(payload)),
                };
                super::option::optional(some, payload)
            }
            Slot::Result(value, error) => {
                let (value, error) = (self.slot_operand(value), self.slot_operand(error));
                let error = Place::var(self.in_variable(error)).then(Proj::Wrapped);
                let mut optional = self.opened(Value::Operand(value), Some(Wrapper::Option));
                optional.failure = Some(Failure::Held(error));
                Value::Optional(Box::new(optional))
            }
        }
    }

    pub fn slot_operand(&mut self, var: VarId) -> Operand {
        if matches!(self.function.var(var).kind, VarKind::Value) {
            return Operand::Var(var);
        }
        let ty = self.function.var(var).ty.clone();
        self.temp(Rhs::Read(Place::var(var)), ty)
    }
}

/// The type of an error: numbers, and tuples and lists of them, have derivatives, anything else has none.
pub fn error_ty(ty: &Ty) -> Ty {
    let inner = |t: &Ty| Some(Box::new(error_ty(t))).filter(|t| !t.is_inert());
    let of_parts = match ty {
        Ty::Float(_) => Some(ty.clone()),
        Ty::Tuple(parts) => Some(Ty::Tuple(parts.iter().map(error_ty).collect())),
        Ty::Array(t) => inner(t).map(Ty::Array),
        Ty::Vec(t) => inner(t).map(Ty::Vec),
        Ty::Option(t) => inner(t).map(Ty::Option),
        _ => None,
    };
    of_parts.unwrap_or(Ty::Inert)
}

/// The error of what is `Ok(..)`.
fn no_error() -> Value {
    let none = Rhs::Aggregate(Aggregate::None, Vec::new());
    Value::Rhs(none, Ty::Option(Box::new(Ty::Inert)))
}

/// Is the operand this literal?
pub fn is_literal(operand: &Operand, text: &str) -> bool {
    match operand {
        Operand::Const(c) => {
            let expr = &c.expr;
            quote::quote!(#expr).to_string() == text
        }
        Operand::Var(_) => false,
    }
}

/// The position that a literal is.
pub fn position(operand: &Operand) -> Option<usize> {
    match operand {
        Operand::Const(c) => match &c.expr {
            syn::Expr::Lit(lit) => match &lit.lit {
                syn::Lit::Int(n) => n.base10_parse().ok(),
                _ => None,
            },
            _ => None,
        },
        Operand::Var(_) => None,
    }
}

/// Do all paths that get to the end assign the variable once?
fn is_settled(stmts: &[Stmt], var: VarId) -> bool {
    matches!(assigned(stmts, var), Assigned::Once | Assigned::Leaves)
}

/// How statements assign a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assigned {
    /// On no path.
    No,
    /// Once on every path.
    Once,
    /// No path reaches the end.
    Leaves,
    /// Otherwise.
    Mixed,
}

/// How do the statements assign the variable as a whole?
pub fn assigned(stmts: &[Stmt], var: VarId) -> Assigned {
    let mut so_far = Assigned::No;
    for stmt in stmts {
        so_far = match (so_far, assigned_by(stmt, var)) {
            (Assigned::No, next) => next,
            (Assigned::Leaves, _) => Assigned::Leaves,
            (Assigned::Once, Assigned::No) => Assigned::Once,
            (Assigned::Once, Assigned::Leaves) => Assigned::Leaves,
            _ => return Assigned::Mixed,
        };
    }
    so_far
}

fn assigned_by(stmt: &Stmt, var: VarId) -> Assigned {
    match stmt {
        Stmt::Assign { place, .. } if place.root == var => Assigned::Once,
        Stmt::Effect(inert) if super::macros::is_panic(&inert.expr) => Assigned::Leaves,
        Stmt::If { then, els, .. } => {
            match (assigned(&then.stmts, var), assigned(&els.stmts, var)) {
                (Assigned::Leaves, other) | (other, Assigned::Leaves) => other,
                (a, b) if a == b => a,
                _ => Assigned::Mixed,
            }
        }
        stmt => {
            let blocks = visit::children(stmt);
            let never = |b: &&crate::ir::Block| {
                matches!(assigned(&b.stmts, var), Assigned::No | Assigned::Leaves)
            };
            if blocks.iter().all(never) {
                Assigned::No
            } else {
                Assigned::Mixed
            }
        }
    }
}

fn default_value() -> syn::Expr {
    syn::parse_quote!(::core::default::Default::default())
}

/// An array of any length, of elements of this type.
fn default_of(element: &Ty) -> syn::Expr {
    let value = match element {
        Ty::Array(element) => default_of(element),
        _ => default_value(),
    };
    syn::parse_quote!(::core::array::from_fn(|_| #value))
}

/// Is it the first value of a variable of unknown type?
pub fn is_unused(rhs: &Rhs) -> bool {
    matches!(rhs, Rhs::Inert(inert) if inert.uses.is_empty() && inert.expr == default_value())
}
