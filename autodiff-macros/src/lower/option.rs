//! `Option`s that the compiler sees through: a condition and what there is where it holds.
//!
//! ```text
//! x.get(i).copied().unwrap_or(0.0)      if i < len { t = read x[i] } else { t = 0.0 }
//! ```

use super::source::Source;
use super::value::{Callable, Value};
use super::wrapper::Failure;
use super::{Lower, boolean, int};
use crate::emit::types::Wrapper;
use crate::ir::{Inert, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};
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
    /// What a function without arguments gives.
    Made(Callable),
    /// A function of it.
    Map(Box<Payload>, Callable),
}

/// A mutable variable of type `Option`.
#[derive(Clone, Copy, Debug)]
pub struct OptionVar {
    /// Is there a value?
    pub some: VarId,
    /// Which.
    pub payload: VarId,
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
            Payload::Made(f) => self.apply(&f, Vec::new()),
            Payload::Map(inner, f) => {
                let value = self.payload(*inner);
                self.apply(&f, vec![value])
            }
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
        self.temp(Rhs::Read(at), ty)
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
        let (stmts, ()) = self.captured(|lower| {
            lower.deliver(slot, Value::Optional(Box::new(optional)));
        });
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

    /// `let mut best = None;`: a variable for the condition and one for the value, whose type comes with its first.
    pub fn option_variable(&mut self, name: &Ident, ty: Option<&syn::Type>, value: Optional) {
        let some = self.variable("some", boolean(false));
        let written = ty.and_then(option_argument);
        let ty = written.map(|t| self.ty(t));
        let hint = self.local(name, ty.unwrap_or_default(), VarKind::Mutable);
        let owned = written.filter(|t| !matches!(t, syn::Type::Reference(_)));
        self.function.vars[hint.0 as usize].annotation = owned.cloned();
        self.made.insert(hint);
        self.deferred.insert(hint);
        self.out.push(Stmt::Declare(hint));
        let variable = OptionVar {
            some,
            payload: hint,
        };
        if !is_literal(&value.some, "false") {
            self.set_option(variable, Value::Optional(Box::new(value)));
        }
        self.scopes
            .bind(name, super::scope::Binding::Option(variable));
    }

    /// What an `Option` variable holds.
    pub fn option_read(&mut self, variable: OptionVar) -> Value {
        let some = self.temp(Rhs::Read(Place::var(variable.some)), Ty::Bool);
        let payload = Payload::Value(Value::Place(Place::var(variable.payload)));
        optional(some, payload)
    }

    /// Assigns an `Option` variable.
    pub fn set_option(&mut self, variable: OptionVar, value: Value) {
        let slot = self.option_slot(variable);
        self.deliver(slot, value);
    }

    /// `take`, `replace`, `insert` of an `Option` variable; `None` if it is no such call.
    pub fn option_change(&mut self, call: &syn::ExprMethodCall) -> Option<Value> {
        let syn::Expr::Path(path) = super::place::peel(&call.receiver) else {
            return None;
        };
        let super::scope::Binding::Option(variable) = *self.scopes.get(path.path.get_ident()?)?
        else {
            return None;
        };
        let new = match (call.method.to_string().as_str(), call.args.first()) {
            ("take", None) => none(),
            ("replace" | "insert", Some(value)) => {
                let value = self.value(value);
                some(self.settled(value))
            }
            _ => return None,
        };
        let old = self.option_read(variable);
        let old = self.settled(old);
        self.set_option(variable, new);
        Some(old)
    }

    /// An `Option` that nobody looks at.
    pub fn drop_option(&mut self, optional: Optional) {
        if has_effect(&optional.payload) {
            self.settled_option(optional);
        }
    }

    /// A method of `Option`; `None` if it is not known.
    pub fn option_method(
        &mut self,
        optional: Optional,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let (first, second) = (call.args.first(), call.args.iter().nth(1));
        if matches!(name.as_str(), "ok" | "ok_or" | "ok_or_else" | "map_err") {
            return self.result_method(optional, call);
        }
        let Optional {
            some,
            payload,
            failure,
        } = optional;
        let whole = |some, payload| Optional {
            some,
            payload,
            failure: None,
        };
        let kept = |some, payload, failure| {
            Value::Optional(Box::new(Optional {
                some,
                payload,
                failure,
            }))
        };
        Some(match (name.as_str(), first, second) {
            ("ok", None, _) => super::option::optional(some, payload),
            ("unwrap", None, _) | ("expect", Some(_), None) => self.unwrapped(whole(some, payload)),
            ("copied" | "cloned", None, _) => {
                kept(some, Payload::Copied(Box::new(payload)), failure)
            }
            ("as_ref" | "as_mut" | "as_deref" | "as_deref_mut" | "clone", None, _) => {
                kept(some, payload, failure)
            }
            ("is_some" | "is_ok", None, _) => {
                self.drop_option(whole(some.clone(), payload));
                Value::Operand(some)
            }
            ("is_none" | "is_err", None, _) => {
                self.drop_option(whole(some.clone(), payload));
                Value::Rhs(Rhs::Op(Op::Not, vec![some]), Ty::Bool)
            }
            ("unwrap_or", Some(default), None) => {
                let default = self.value(default);
                let default = self.settled(default);
                self.either(whole(some, payload), |_| default, None)
            }
            ("unwrap_or_default", None, _) => self.or_default(some, payload),
            ("unwrap_or_else", Some(f), None) => {
                let f = self.callable(f)?;
                self.either(
                    whole(some, payload),
                    |lower| lower.instead(&f, failure),
                    None,
                )
            }
            ("or_else", Some(f), None) => {
                let f = self.callable(f)?;
                let then = self.arm(true, |lower| {
                    let value = lower.payload(payload);
                    match failure {
                        Some(_) => super::wrapper::ok(value),
                        None => super::option::some(value),
                    }
                });
                let els = self.arm(true, |lower| lower.instead(&f, failure.clone()));
                self.branch(some, then, els)
            }
            ("or", Some(other), None) => {
                let other = self.value(other);
                let other = self.settled(other);
                let then = self.arm(true, |lower| {
                    let value = lower.payload(payload);
                    super::option::some(value)
                });
                let els = self.arm(true, |_| other);
                self.branch(some, then, els)
            }
            ("filter", Some(f), None) => {
                let f = self.callable(f)?;
                let value = self.settled_option(whole(some, payload));
                let Optional { some, payload, .. } = self.opened(value, None);
                let then = self.arm(true, |lower| {
                    let value = lower.payload(payload.clone());
                    let shown = lower.by_reference(value);
                    lower.apply(&f, vec![shown])
                });
                let els = self.arm(true, |_| Value::Operand(boolean(false)));
                let both = self.branch(some, then, els);
                super::option::optional(self.operand_of(both), payload)
            }
            ("map_or", Some(default), Some(f)) => {
                let default = self.value(default);
                let default = self.settled(default);
                let f = self.callable(f)?;
                self.either(whole(some, payload), |_| default, Some(f))
            }
            ("map_or_else", Some(default), Some(f)) => {
                let (default, f) = (self.callable(default)?, self.callable(f)?);
                let default = |lower: &mut Self| lower.instead(&default, failure);
                self.either(whole(some, payload), default, Some(f))
            }
            ("and_then", Some(f), None) => {
                let f = self.callable(f)?;
                let rest = |_: &mut Self| super::wrapper::absent(failure);
                self.either(whole(some, payload), rest, Some(f))
            }
            ("is_some_and" | "is_ok_and", Some(f), None) => {
                let f = self.callable(f)?;
                let no = |_: &mut Self| Value::Operand(boolean(false));
                self.either(whole(some, payload), no, Some(f))
            }
            ("map", Some(f), None) => {
                let f = self.callable(f)?;
                kept(some, Payload::Map(Box::new(payload), f), failure)
            }
            _ => return None,
        })
    }

    /// What `f` gives where there is no value; of a `Result` it is given the error.
    fn instead(&mut self, f: &Callable, failure: Option<Failure>) -> Value {
        let error = failure.map(|e| self.failure(e));
        self.apply(f, error.into_iter().collect())
    }

    fn or_default(&mut self, some: Operand, payload: Payload) -> Value {
        let then = self.arm(true, |lower| lower.payload(payload));
        let ty = self.value_ty(&then.value).peel().clone();
        let els = self.region(|lower| match ty {
            Ty::Int => Value::Operand(int(0)),
            Ty::Bool => Value::Operand(boolean(false)),
            ty => {
                let expr = syn::parse_quote!(::core::default::Default::default());
                let rhs = Rhs::Use(super::constant(expr, ty.clone()));
                Value::Operand(lower.temp(rhs, ty))
            }
        });
        self.branch(some, then, els)
    }

    /// `f` of the value, or the default.
    fn either(
        &mut self,
        optional: Optional,
        default: impl FnOnce(&mut Self) -> Value,
        f: Option<Callable>,
    ) -> Value {
        let Optional { some, payload, .. } = optional;
        let present = |lower: &mut Self| {
            let value = lower.payload(payload);
            match &f {
                Some(f) => lower.apply(f, vec![value]),
                None => value,
            }
        };
        if is_literal(&some, "true") {
            return present(self);
        }
        if is_literal(&some, "false") {
            return default(self);
        }
        let then = self.arm(true, present);
        let els = self.arm(true, default);
        self.branch(some, then, els)
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
        Payload::Copied(inner) => has_effect(inner),
        _ => false,
    }
}

/// `T` of `Option<T>`.
pub fn option_argument(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last().filter(|s| s.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    match args.args.first()? {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}
