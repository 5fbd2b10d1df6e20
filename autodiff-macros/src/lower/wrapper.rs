//! `Option`s and `Result`s that the program holds, and how they become such that the compiler sees through, and back.
//!
//! ```text
//! let a = g(x)?;      t = call g(x); if present t { a = read t.some; .. } else { e = read t.err; result = Err(From::from(e)) }
//! Ok(a * a)           t2 = a * a; result = Ok(t2)
//! ```

use super::build::{Arm, ExitKind, close};
use super::option::{Optional, Payload};
use super::slot::{error_ty, is_literal};
use super::value::{Callable, Value};
use super::{Lower, boolean};
use crate::emit::types::Wrapper;
use crate::ir::{Aggregate, Inert, Operand, Place, Proj, Rhs, Ty, VarKind};
use proc_macro2::Ident;
use quote::quote;
use syn::Expr;
use syn::visit::{self, Visit};

/// What a `Result` holds instead of a value.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Nothing: it is `Ok(..)`.
    Never,
    /// A value.
    Value(Value),
    /// The error of a `Result` that the program holds.
    Held(Place),
    /// What a function gives.
    Made(Callable),
    /// A function of it.
    Mapped(Box<Failure>, Callable),
}

/// `Ok(value)`
pub fn ok(value: Value) -> Value {
    Value::Optional(Box::new(Optional {
        some: boolean(true),
        payload: Payload::Value(value),
        failure: Some(Failure::Never),
    }))
}

/// `Err(value)`
pub fn err(value: Value) -> Value {
    absent(Some(Failure::Value(value)))
}

/// `None`, or `Err(..)` of the failure.
pub fn absent(failure: Option<Failure>) -> Value {
    Value::Optional(Box::new(Optional {
        some: boolean(false),
        payload: Payload::Value(Value::Unit),
        failure,
    }))
}

/// The wrapper that a pattern or a path is about, by its name.
pub fn wrapper_named(path: &syn::Path) -> Option<(Wrapper, bool)> {
    let mut segments = path.segments.iter().rev();
    let last = segments.next()?.ident.to_string();
    if segments
        .next()
        .is_some_and(|owner| owner.ident != "Option" && owner.ident != "Result")
    {
        return None;
    }
    Some(match last.as_str() {
        "Some" => (Wrapper::Option, true),
        "None" => (Wrapper::Option, false),
        "Ok" => (Wrapper::Result, true),
        "Err" => (Wrapper::Result, false),
        _ => return None,
    })
}

/// `match x.as_ref() { Expr::Num(c) => .. }`: with such patterns `x` is a box.
pub fn looks_into_box(e: &syn::ExprMatch) -> bool {
    let by_reference = match super::place::peel(&e.expr) {
        syn::Expr::MethodCall(call) => call.method == "as_ref" || call.method == "as_mut",
        _ => false,
    };
    let variant = |arm: &syn::Arm| match &arm.pat {
        syn::Pat::TupleStruct(p) => wrapper_named(&p.path).is_none(),
        syn::Pat::Struct(_) => true,
        _ => false,
    };
    by_reference && e.arms.iter().any(variant)
}

/// An `Option` or a `Result`; which of them, where that is known.
pub type Held = Option<Wrapper>;

impl Lower<'_> {
    /// The value as one that the compiler sees through. `kind` is what it is where no type says so.
    pub fn opened(&mut self, value: Value, kind: Option<Wrapper>) -> Optional {
        let (place, payload) = match value {
            Value::Optional(optional) => return *optional,
            Value::Ref { place, mutable } => {
                let place = self.through(place);
                let inside = place.clone().then(Proj::Wrapped);
                let payload = Payload::Value(Value::Ref {
                    place: inside,
                    mutable,
                });
                (place, payload)
            }
            Value::Place(place) if !self.is_whole_value(&place) => {
                let place = self.through(place);
                let inside = place.clone().then(Proj::Wrapped);
                (place, Payload::Value(Value::Place(inside)))
            }
            other => {
                let operand = self.operand_of(other);
                let place = Place::var(self.in_variable(operand));
                let place = self.through(place);
                let inside = place.clone().then(Proj::Wrapped);
                (place, Payload::Held(inside))
            }
        };
        let kind = match self.place_ty(&place) {
            Ty::Option(_) => Some(Wrapper::Option),
            Ty::Result(_) => Some(Wrapper::Result),
            _ => kind,
        };
        let some = self.temp(Rhs::IsPresent(place.clone()), Ty::Bool);
        let result = kind == Some(Wrapper::Result);
        let failure = result.then(|| Failure::Held(place.then(Proj::Failure)));
        Optional {
            some,
            payload,
            failure,
        }
    }

    fn is_whole_value(&self, place: &Place) -> bool {
        place.path.is_empty() && matches!(self.function.var(place.root).kind, VarKind::Value)
    }

    /// What a `match` or `if let` looks at, opened once if its patterns are of an `Option` or `Result`.
    pub fn opened_for<'p>(
        &mut self,
        value: Value,
        mut patterns: impl Iterator<Item = &'p syn::Pat>,
    ) -> Value {
        let path = patterns.find_map(|pat| match pat {
            syn::Pat::TupleStruct(p) => Some(p.path.clone()),
            syn::Pat::Ident(p) => Some(p.ident.clone().into()),
            _ => None,
        });
        let named =
            path.and_then(|p| wrapper_named(&p).filter(|_| self.is_wrapper_pattern(&p, &value)));
        match named {
            Some((kind, _)) => Value::Optional(Box::new(self.opened(value, Some(kind)))),
            None => value,
        }
    }

    /// The error, where there is one.
    pub fn failure(&mut self, failure: Failure) -> Value {
        match failure {
            Failure::Never => Value::Unit,
            Failure::Value(value) => value,
            Failure::Held(place) => {
                let ty = error_ty(&self.place_ty(&place));
                Value::Operand(self.temp(Rhs::Read(place), ty))
            }
            Failure::Made(f) => self.applied_to_error(&f, Vec::new()),
            Failure::Mapped(inner, f) => {
                let error = self.failure(*inner);
                self.applied_to_error(&f, vec![error])
            }
        }
    }

    /// A function that makes an error: the path of one is kept as it is.
    fn applied_to_error(&mut self, f: &Callable, args: Vec<Value>) -> Value {
        let Callable::Path(path) = f else {
            let value = self.apply(f, args);
            return self.settled(value);
        };
        let (mut code, mut uses) = (Vec::new(), Vec::new());
        for arg in args {
            let (expr, more) = self.code(arg);
            code.push(expr);
            uses.extend(more);
        }
        self.error_code(syn::parse_quote!(#path(#(#code),*)), uses)
    }

    fn error_code(&mut self, expr: syn::Expr, uses: Vec<crate::ir::VarId>) -> Value {
        let inert = Inert {
            expr,
            uses,
            writes: Vec::new(),
            cheap: false,
            what: "an error".to_owned(),
        };
        Value::Operand(self.temp(Rhs::Inert(inert), Ty::Inert))
    }

    /// Rust's own `Option` or `Result` of it.
    pub fn wrapped(&mut self, optional: Optional) -> (Rhs, Ty) {
        let Optional {
            some,
            payload,
            failure,
        } = optional;
        let result = failure.is_some();
        if is_literal(&some, "true") {
            return self.present(payload, result);
        }
        if is_literal(&some, "false") {
            return self.absent(failure);
        }
        let then = self.arm(true, |lower| {
            let (rhs, ty) = lower.present(payload, result);
            Value::Rhs(rhs, ty)
        });
        let els = self.arm(true, |lower| {
            let (rhs, ty) = lower.absent(failure);
            Value::Rhs(rhs, ty)
        });
        let value = self.branch(some, then, els);
        self.rhs_of(value)
    }

    fn present(&mut self, payload: Payload, result: bool) -> (Rhs, Ty) {
        let value = self.payload(payload);
        let value = self.operand_of(value);
        let inner = Box::new(self.function.operand_ty(&value).clone().unless_inert());
        if result {
            (
                Rhs::Aggregate(Aggregate::Ok, vec![value]),
                Ty::Result(inner),
            )
        } else {
            (
                Rhs::Aggregate(Aggregate::Some, vec![value]),
                Ty::Option(inner),
            )
        }
    }

    fn absent(&mut self, failure: Option<Failure>) -> (Rhs, Ty) {
        let Some(failure) = failure else {
            let none = Rhs::Aggregate(Aggregate::None, Vec::new());
            return (none, Ty::Option(Box::default()));
        };
        let error = self.failure(failure);
        let error = self.operand_of(error);
        let err = Rhs::Aggregate(Aggregate::Err, vec![error]);
        (err, Ty::Result(Box::default()))
    }

    /// `expr?`
    pub fn question_mark(&mut self, e: &syn::ExprTry) -> Value {
        let held = self.held.replace(self.wrapper);
        let value = self.value(&e.expr);
        self.held = held;
        if self.is_dead() {
            return Value::Unit;
        }
        let Optional {
            some,
            payload,
            failure,
        } = self.opened(value, self.wrapper);
        if is_literal(&some, "true") {
            return self.payload(payload);
        }
        let els = self.arm(false, |lower| {
            lower.leave_without_value(failure);
            Value::Unit
        });
        if is_literal(&some, "false") {
            return self.follow(els);
        }
        let then = self.region(|lower| {
            let value = lower.payload(payload);
            lower.settled(value)
        });
        self.exits.extend(&els.exits);
        self.open(some, close(els), Arm::Then, then)
    }

    fn leave_without_value(&mut self, failure: Option<Failure>) {
        let Some((target, slot)) = self.find_exit(ExitKind::Return, None) else {
            return;
        };
        let failure = failure.map(|f| {
            let error = self.failure(f);
            Failure::Value(self.converted_error(error))
        });
        self.deliver(slot, absent(failure));
        self.exit(target);
    }

    /// `From::from(error)`, for the function's own type of errors.
    fn converted_error(&mut self, error: Value) -> Value {
        if !self.inlined.is_empty() {
            return error;
        }
        let (code, uses) = self.code(error);
        let target = match &self.any_error {
            Some(ty) => quote!(<#ty as ::core::convert::From<_>>),
            None => quote!(::core::convert::From),
        };
        self.error_code(syn::parse_quote!(#target::from(#code)), uses)
    }

    /// Was the value given by a call, so that no type is known of it?
    pub fn is_from_call(&self, value: &Value) -> bool {
        match value {
            Value::Operand(Operand::Var(v)) => self.called.contains(v),
            Value::Place(p) => p.path.is_empty() && self.called.contains(&p.root),
            _ => false,
        }
    }

    /// What a method is called on, as far as its name tells; some methods keep what it is.
    pub fn held_before(&self, method: &proc_macro2::Ident) -> Option<Held> {
        let name = method.to_string();
        match wrapper_of_method(&name) {
            Some(Some(kind)) => Some(Some(kind)),
            told => self.held.filter(|_| keeps(&name)).or(told),
        }
    }

    /// A method of an `Option` or `Result` that the program holds; `None` if it is none, or not known.
    pub fn wrapper_method(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let held = self.held.take();
        let known = self.value_ty(receiver).peel().is_wrapper();
        let method = wrapper_of_method(&name);
        let after = is_after_wrapper(call);
        let open = self.is_from_call(receiver) || is_field(receiver);
        let open = after
            || open
                && match self.value_ty(receiver).peel() {
                    Ty::Unknown => true,
                    // `Type::new(x)` may give a `Result` of the type.
                    Ty::Struct(_) => method.is_some() || name == "map" && maps_a_whole(call),
                    _ => false,
                };
        let kept = match name.as_str() {
            "map" | "filter" | "inspect" if after => true,
            "map" => !is_field(receiver) || held.is_some(),
            "filter" | "inspect" => held.is_some(),
            _ => false,
        };
        if !known && !(open && (method.is_some() || kept)) {
            return None;
        }
        let only = (name == "filter").then_some(Wrapper::Option);
        let told = told_by_closure(call).or(method.flatten()).or(only);
        let told = told.or(held.flatten());
        let kind = told.or(self.wrapper);
        let optional = self.opened(receiver.clone(), kind);
        self.option_method(optional, call)
    }

    /// Methods that only a `Result` has, or that make one of an `Option`.
    pub fn result_method(
        &mut self,
        optional: Optional,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let Optional {
            some,
            payload,
            failure,
        } = optional;
        let with = |some, failure| {
            Some(Value::Optional(Box::new(Optional {
                some,
                payload,
                failure,
            })))
        };
        match (name.as_str(), call.args.first()) {
            ("ok", None) => with(some, None),
            ("ok_or", Some(error)) => {
                let error = self.value(error);
                let error = self.settled(error);
                with(some, Some(Failure::Value(error)))
            }
            ("ok_or_else", Some(f)) => {
                let f = self.callable(f)?;
                let made = with(some, Some(Failure::Made(f.clone())))?;
                Some(self.run_by(&f, made))
            }
            ("map_err", Some(f)) => {
                let f = self.callable(f)?;
                let inner = Box::new(failure.unwrap_or(Failure::Never));
                let mapped = with(some, Some(Failure::Mapped(inner, f.clone())))?;
                Some(self.run_by(&f, mapped))
            }
            _ => None,
        }
    }
}

/// Is it the field of something? Its type is not known.
fn is_field(value: &Value) -> bool {
    match value {
        Value::Place(place) | Value::Ref { place, .. } => {
            matches!(place.path.last(), Some(Proj::Field(_)))
        }
        _ => false,
    }
}

/// Methods that give what they are called on, an `Option` or a `Result`.
fn keeps(name: &str) -> bool {
    matches!(
        name,
        "map" | "and_then" | "or_else" | "or" | "inspect" | "filter"
    )
}

/// Is it a method of `Option` or `Result` and of nothing that has derivatives? Of which, if it has only one.
fn wrapper_of_method(name: &str) -> Option<Held> {
    match name {
        "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "and_then"
        | "or_else" | "map_or" | "map_or_else" => Some(None),
        "ok_or" | "ok_or_else" | "is_some" | "is_none" | "is_some_and" | "is_none_or" => {
            Some(Some(Wrapper::Option))
        }
        "ok" | "map_err" | "is_ok" | "is_err" | "is_ok_and" => Some(Some(Wrapper::Result)),
        _ => None,
    }
}

/// `x.unwrap_or_else(|e| ..)`: a closure that is handed an error, or nothing.
fn told_by_closure(call: &syn::ExprMethodCall) -> Held {
    let name = call.method.to_string();
    if !matches!(name.as_str(), "unwrap_or_else" | "or_else" | "map_or_else") {
        return None;
    }
    match call.args.first()? {
        Expr::Closure(closure) if closure.inputs.is_empty() => Some(Wrapper::Option),
        Expr::Closure(_) => Some(Wrapper::Result),
        _ => None,
    }
}

/// Is the method called on what a method gives that surely is an `Option` or a `Result`?
fn is_after_wrapper(call: &syn::ExprMethodCall) -> bool {
    const METHODS: &[&str] = &[
        "and_then",
        "or_else",
        "ok_or",
        "ok_or_else",
        "map_err",
        "ok",
    ];
    let Expr::MethodCall(before) = super::place::peel(&call.receiver) else {
        return false;
    };
    METHODS.iter().any(|name| before.method == name)
}

/// `B::new(p).map(|b| C { b })`: is what the closure is handed used as a value with fields, which no element of that value is likely to be?
fn maps_a_whole(call: &syn::ExprMethodCall) -> bool {
    struct Fields<'a>(&'a Ident, bool);
    impl<'ast> Visit<'ast> for Fields<'_> {
        fn visit_expr_field(&mut self, e: &'ast syn::ExprField) {
            let base = super::place::peel(&e.base);
            self.1 |= matches!(base, Expr::Path(p) if p.path.is_ident(self.0));
            visit::visit_expr_field(self, e);
        }
    }
    let Some(Expr::Closure(closure)) = call.args.first() else {
        return false;
    };
    let Some(syn::Pat::Ident(param)) = closure.inputs.first() else {
        return false;
    };
    let mut fields = Fields(&param.ident, false);
    fields.visit_expr(&closure.body);
    fields.1 || matches!(&*closure.body, Expr::Struct(_))
}
