//! `Option`s that the compiler sees through: a condition and what there is where it holds.
//!
//! ```text
//! x.get(i).copied().unwrap_or(0.0)      if i < len { t = read x[i] } else { t = 0.0 }
//! ```

mod methods;
mod variable;

pub use variable::OptionVar;

use super::source::Source;
use super::value::{Callable, Value};
use super::wrapper::{Failure, err, ok};
use super::{Lower, boolean, int};
use crate::emit::types::Wrapper;
use crate::ir::{Arg, Inert, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarKind};
use crate::lower::slot::is_literal;
use proc_macro2::Ident;

/// An `Option`.
#[derive(Clone, Debug)]
pub struct Optional {
    /// Is there a value?
    pub some: Operand,
    /// Which; to be evaluated only where there is one.
    pub payload: Payload,
    /// What a `Result` holds where there is none; an `Option` holds nothing.
    pub failure: Option<Failure>,
}

/// What an `Option` holds.
#[derive(Clone, Debug)]
pub enum Payload {
    /// A value.
    Value(Value),
    /// The value inside an `Option` or `Result` that the program holds: read, or moved out.
    Held(Place),
    /// A copy of it.
    Shown(Place),
    /// The element before the end.
    Last {
        place: Place,
        len: Operand,
        mutable: bool,
    },
    /// The element before the end, taken away.
    Pop { place: Place, len: Operand },
    /// The first element, taken away.
    Shift(Place),
    /// The item at a position.
    At(Box<Source>, Operand),
    /// The last item, given the length.
    LastOf(Box<Source>, Operand),
    /// All items combined, given the length.
    Reduce(Box<Source>, Operand, Callable),
    /// What a reference refers to.
    Copied(Box<Payload>),
    /// A copy of what it refers to, or its parts do.
    Owned(Box<Payload>),
    /// What a function without arguments gives.
    Made(Callable),
    /// A function of it.
    Map(Box<Payload>, Callable),
}

impl Optional {
    /// `Some(value)`
    pub fn some(value: Value) -> Self {
        Self {
            some: boolean(true),
            payload: Payload::Value(value),
            failure: None,
        }
    }

    /// The same to be looked at: nothing is moved out of it.
    #[must_use]
    pub fn shown(mut self) -> Self {
        if let Payload::Held(place) = self.payload {
            self.payload = Payload::Shown(place);
        }
        if let Some(Failure::Held(place)) = self.failure {
            let mutable = false;
            self.failure = Some(Failure::Value(Value::Ref { place, mutable }));
        }
        self
    }

    /// The same of a copy of what it refers to.
    #[must_use]
    pub fn owned(mut self) -> Self {
        if refers(&self.payload) {
            self.payload = Payload::Owned(Box::new(self.payload));
        }
        self
    }

    /// Is it an `Option` of a reference, or of what a function made of one?
    pub fn lends(&self) -> bool {
        fn lends(payload: &Payload) -> bool {
            match payload {
                Payload::Map(inner, _) => lends(inner),
                payload => is_reference(payload),
            }
        }
        self.failure.is_none() && lends(&self.payload)
    }

    /// Is the value taken out of a list when it is evaluated?
    fn takes(&self) -> bool {
        fn takes(payload: &Payload) -> bool {
            match payload {
                Payload::Pop { .. } | Payload::Shift(_) => true,
                Payload::Copied(inner) | Payload::Owned(inner) | Payload::Map(inner, _) => {
                    takes(inner)
                }
                _ => false,
            }
        }
        takes(&self.payload)
    }

    /// A reference to what it holds, where that is in a place.
    #[must_use]
    pub fn lent(mut self, mutable: bool) -> Self {
        self.payload = match self.payload {
            Payload::Value(Value::Place(place)) | Payload::Held(place) => {
                Payload::Value(Value::Ref { place, mutable })
            }
            other => other,
        };
        self
    }
}

/// `Some(value)`
pub fn some(value: Value) -> Value {
    Value::Optional(Box::new(Optional::some(value)))
}

/// `None`
pub fn none() -> Value {
    super::wrapper::absent(None)
}

/// An `Option` as a value.
pub fn optional(some: Operand, payload: Payload) -> Value {
    let failure = None;
    Value::Optional(Box::new(Optional {
        some,
        payload,
        failure,
    }))
}

impl Lower<'_> {
    /// The value, where there is one.
    pub fn payload(&mut self, payload: Payload) -> Value {
        match payload {
            Payload::Value(value) => value,
            Payload::Held(place) => {
                let ty = self.place_ty(&place);
                Value::Operand(self.temp(Rhs::Read(place), ty))
            }
            Payload::Shown(place) => {
                let ty = self.place_ty(&place);
                let method = Ident::new("clone", proc_macro2::Span::mixed_site());
                Value::Operand(self.temp(Rhs::Clone { place, method }, ty))
            }
            Payload::Last {
                place,
                len,
                mutable,
            } => {
                let last = self.temp(Rhs::Op(Op::Sub, vec![len, int(1)]), Ty::Int);
                let place = place.then(Proj::Index(last));
                Value::Ref { place, mutable }
            }
            Payload::Pop { place, len } => self.popped(place, len),
            Payload::Shift(place) => self.remove(&place, int(0)),
            Payload::At(source, k) => self.item(&source, k),
            Payload::LastOf(source, len) => {
                let last = self.arithmetic(Op::Sub, len, int(1));
                self.item(&source, last)
            }
            Payload::Reduce(source, len, f) => self.reduced(&source, len, &f),
            Payload::Copied(inner) => {
                let value = self.payload(*inner);
                self.behind(value)
            }
            Payload::Owned(inner) => {
                let value = self.payload(*inner);
                self.owned(value)
            }
            Payload::Made(f) => self.apply(&f, Vec::new()),
            Payload::Map(inner, f) => {
                let value = self.payload(*inner);
                self.apply(&f, vec![value])
            }
        }
    }

    /// The value with copies of what it refers to.
    fn owned(&mut self, value: Value) -> Value {
        match value {
            Value::Ref { place, .. } => Value::Operand(self.copy_of(place)),
            Value::Tuple(parts) => Value::Tuple(parts.into_iter().map(|p| self.owned(p)).collect()),
            other => other,
        }
    }

    fn popped(&mut self, place: Place, len: Operand) -> Value {
        let last = self.temp(Rhs::Op(Op::Sub, vec![len, int(1)]), Ty::Int);
        let at = place.clone().then(Proj::Index(last.clone()));
        let value = self.moved_out(at);
        self.out.push(Stmt::Truncate { place, len: last });
        Value::Operand(value)
    }

    /// An element that is about to be dropped.
    pub fn moved_out(&mut self, at: Place) -> Operand {
        let ty = self.place_ty(&at);
        if matches!(ty, Ty::Vec(_)) {
            return self.taken(at, ty);
        }
        self.element_copy(at)
    }

    /// `opt.unwrap()`
    pub fn unwrapped(&mut self, optional: Optional) -> Value {
        let Optional { some, payload, .. } = optional;
        if !is_literal(&some, "true") && !checks_itself(&payload) {
            let cond = self.mentioned(&some);
            let inert = Inert {
                expr: syn::parse_quote!(
                    ::core::assert!(#cond, "called `unwrap` on a `None` value")
                ),
                uses: some.as_var().into_iter().collect(),
                writes: Vec::new(),
                cheap: false,
                what: String::new(),
            };
            self.out.push(Stmt::Effect(inert));
        }
        self.payload(payload)
    }

    /// The receiver of a method: with its value evaluated, where that and what the arguments do would not be in their order otherwise.
    fn before_arguments(&mut self, optional: Optional, call: &syn::ExprMethodCall) -> Optional {
        use syn::Expr::{Closure, Lit, Path};
        let at_once = |e: &&syn::Expr| !matches!(e, Closure(_) | Lit(_) | Path(_));
        let takes = optional.takes();
        if !call
            .args
            .iter()
            .filter(at_once)
            .any(|e| takes || self.changes(e))
        {
            return optional;
        }
        let kind = match optional.failure {
            Some(_) => Wrapper::Result,
            None => Wrapper::Option,
        };
        let evaluated = self.settled_option(optional);
        self.opened(evaluated, Some(kind))
    }

    /// The `Option` with its value evaluated.
    pub fn settled_option(&mut self, optional: Optional) -> Value {
        if optional.failure.is_some() {
            return self.settled_result(optional);
        }
        if is_settled(&optional.payload) {
            return Value::Optional(Box::new(optional));
        }
        if is_literal(&optional.some, "true") {
            let value = self.payload(optional.payload);
            let value = self.settled(value);
            return some(value);
        }
        let slot = self.new_slot(Ty::Unknown);
        let (mut stmts, ()) = self.captured(|lower| {
            lower.deliver(slot, Value::Optional(Box::new(optional)));
        });
        self.hold_slot(slot, &mut stmts);
        self.declare_slot(slot, &stmts);
        self.out.extend(stmts);
        self.slot_value(slot)
    }

    /// A `Result` with its value, or its error, evaluated.
    fn settled_result(&mut self, optional: Optional) -> Value {
        let held = |failure: &Option<Failure>| {
            matches!(
                failure,
                Some(Failure::Never | Failure::Held(_) | Failure::Value(Value::Operand(_)))
            )
        };
        if is_settled(&optional.payload) && held(&optional.failure) {
            return Value::Optional(Box::new(optional));
        }
        if is_literal(&optional.some, "true") {
            let value = self.payload(optional.payload);
            return ok(self.settled(value));
        }
        if let (true, Some(failure)) = (is_literal(&optional.some, "false"), &optional.failure) {
            let error = self.failure(failure.clone());
            return err(self.settled(error));
        }
        let (rhs, ty) = self.wrapped(optional);
        let whole = Value::Operand(self.temp(rhs, ty));
        Value::Optional(Box::new(self.opened(whole, Some(Wrapper::Result))))
    }

    /// Rust's own `Option` or `Result`; one of a reference has no derivative.
    pub fn option_rhs(&mut self, optional: Optional) -> (Rhs, Ty) {
        if optional.failure.is_some() || !is_reference(&optional.payload) {
            return self.wrapped(optional);
        }
        let Value::Optional(settled) = self.settled_option(optional) else {
            return (Rhs::Use(int(0)), Ty::Unknown);
        };
        let Optional { some, payload, .. } = *settled;
        let mut uses: Vec<_> = some.as_var().into_iter().collect();
        let mut ty = Ty::Inert;
        let expr = if is_literal(&some, "false") {
            syn::parse_quote!(::core::option::Option::None)
        } else {
            let value = self.payload(payload);
            if !self.value_ty(&value).is_inert() {
                ty = Ty::Unknown;
            }
            let (value, more) = self.code(value);
            uses.extend(more);
            let cond = self.mentioned(&some);
            syn::parse_quote!((#cond).then(|| #value))
        };
        let inert = Inert {
            expr,
            uses,
            writes: Vec::new(),
            cheap: false,
            what: "an `Option`".to_owned(),
        };
        (Rhs::Inert(inert), ty)
    }

    /// An `Option` of a reference as an argument: of a copy, where that has a derivative, as the derivative functions take it.
    /// An array is copied to a list, if a list is `wanted`.
    pub fn lent_option(&mut self, optional: Optional, wanted: bool) -> Arg {
        let Optional { some, payload, .. } = optional;
        let mut lent = false;
        let copied = |lower: &mut Self| match lower.payload(payload) {
            Value::Ref { place, mutable } => {
                let place = lower.through(place);
                let ty = lower.place_ty(&place);
                let listed = wanted && !matches!(ty, Ty::Slice(_) | Ty::Vec(_));
                let held = ty.holds_floats() || matches!(ty, Ty::Struct(_)) && !ty.is_inert();
                lent = listed || held;
                self::some(match lent {
                    true if listed => Value::Operand(lower.list_of(place)),
                    true => Value::Operand(lower.copy_of(place)),
                    false => Value::Ref { place, mutable },
                })
            }
            other => self::some(other),
        };
        let value = if is_literal(&some, "true") {
            copied(self)
        } else {
            let then = self.arm(true, copied);
            let els = self.arm(true, |_| none());
            self.branch(some, then, els)
        };
        let (rhs, ty) = self.rhs_of(value);
        let var = self.fresh("t", ty, VarKind::Value);
        self.function.vars[var.0 as usize].lent = lent;
        self.out.push(Stmt::Let { var, rhs });
        Arg::Value(Operand::Var(var))
    }

    /// What a function makes, or its error: at once where the function changes something, whether anybody looks at it or not.
    pub fn run_by(&mut self, f: &Callable, optional: Value) -> Value {
        if self.is_pure(f) {
            return optional;
        }
        self.settled(optional)
    }

    /// An `Option` that nobody looks at.
    pub fn drop_option(&mut self, optional: Optional) {
        if has_effect(&optional.payload) {
            self.settled_option(optional);
        }
    }
}

/// Does evaluating the value panic by itself where there is none?
fn checks_itself(payload: &Payload) -> bool {
    match payload {
        Payload::Last { .. } | Payload::Pop { .. } | Payload::Held(_) | Payload::Shown(_) => true,
        Payload::Value(Value::Ref { place, .. }) => {
            matches!(place.path.last(), Some(Proj::Index(_)))
        }
        Payload::Copied(inner) => checks_itself(inner),
        _ => false,
    }
}

fn is_settled(payload: &Payload) -> bool {
    match payload {
        Payload::Value(value) => settled(value),
        Payload::Last { .. } | Payload::Held(_) => true,
        _ => false,
    }
}

/// Is it a reference, or are there some in it?
fn refers(payload: &Payload) -> bool {
    fn has_reference(value: &Value) -> bool {
        match value {
            Value::Tuple(parts) => parts.iter().any(has_reference),
            value => matches!(value, Value::Ref { .. }),
        }
    }
    match payload {
        Payload::Value(value) => has_reference(value),
        payload => is_reference(payload),
    }
}

/// Does it refer to something that stays where it is?
fn is_reference(payload: &Payload) -> bool {
    match payload {
        Payload::Value(value) => matches!(value, Value::Ref { .. }),
        Payload::Last { .. } | Payload::At(..) | Payload::LastOf(..) => true,
        _ => false,
    }
}

fn settled(value: &Value) -> bool {
    match value {
        Value::Operand(_) | Value::Ref { .. } | Value::Unit | Value::Fun(_) => true,
        Value::Tuple(parts) => parts.iter().all(settled),
        _ => false,
    }
}

fn has_effect(payload: &Payload) -> bool {
    match payload {
        Payload::Pop { .. } | Payload::Shift(_) | Payload::Map(..) | Payload::Made(_) => true,
        Payload::Copied(inner) | Payload::Owned(inner) => has_effect(inner),
        _ => false,
    }
}
