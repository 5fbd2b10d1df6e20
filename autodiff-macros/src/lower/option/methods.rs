//! Methods of `Option`, and of `Result` where the two are alike.
//!
//! ```text
//! o.map_or(0.0, f)      if some { t = f(payload) } else { t = 0.0 }
//! ```

use super::{Optional, Payload};
use crate::emit::types::Wrapper;
use crate::ir::{Op, Operand, Place, Rhs, Ty};
use crate::lower::slot::is_literal;
use crate::lower::source::Source;
use crate::lower::value::{Callable, Value};
use crate::lower::wrapper::Failure;
use crate::lower::{Lower, boolean, int};

impl Lower<'_> {
    /// A method of `Option`; `None` if it is not known.
    pub fn option_method(
        &mut self,
        optional: Optional,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let optional = self.before_arguments(optional, call);
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
            ("ok", None, _) => super::optional(some, payload),
            ("unwrap", None, _) | ("expect", Some(_), None) => self.unwrapped(whole(some, payload)),
            ("copied" | "cloned", None, _) => {
                kept(some, Payload::Copied(Box::new(payload)), failure)
            }
            ("clone", None, _) => kept(some, payload, failure),
            ("as_ref" | "as_mut" | "as_deref" | "as_deref_mut", None, _) => {
                let whole = Optional {
                    some,
                    payload: self.in_place(payload),
                    failure,
                };
                Value::Optional(Box::new(whole.lent(name.ends_with("mut"))))
            }
            ("iter" | "iter_mut" | "into_iter", None, _) => {
                let whole = whole(some, payload);
                let whole = match name.as_str() {
                    "into_iter" => whole,
                    name => whole.lent(name == "iter_mut"),
                };
                let items = Value::Optional(Box::new(whole));
                Value::Iter(Box::new(Source::Wrapped(Box::new(items))))
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
                        Some(_) => crate::lower::wrapper::ok(value),
                        None => super::some(value),
                    }
                });
                let els = self.arm(true, |lower| lower.instead(&f, failure.clone()));
                let value = self.branch(some, then, els);
                self.noted_as_called(value)
            }
            ("or", Some(other), None) => {
                let other = self.value(other);
                let other = self.settled(other);
                let then = self.arm(true, |lower| {
                    let value = lower.payload(payload);
                    super::some(value)
                });
                let els = self.arm(true, |_| other);
                self.branch(some, then, els)
            }
            ("xor", Some(other), None) => self.exclusive(whole(some, payload), other),
            ("and", Some(other), None) if failure.is_none() => {
                let (first, second) = self.two_options(whole(some, payload), other);
                let then = self.arm(true, |_| Value::Optional(Box::new(second)));
                let els = self.arm(true, |_| super::none());
                self.branch(first.some, then, els)
            }
            ("zip", Some(other), None) => self.both(whole(some, payload), other),
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
                super::optional(self.operand_of(both), payload)
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
                let rest = |_: &mut Self| crate::lower::wrapper::absent(failure);
                let value = self.either(whole(some, payload), rest, Some(f));
                self.noted_as_called(value)
            }
            ("is_some_and" | "is_ok_and", Some(f), None) => {
                let f = self.callable(f)?;
                let no = |_: &mut Self| Value::Operand(boolean(false));
                self.either(whole(some, payload), no, Some(f))
            }
            ("is_none_or", Some(f), None) => {
                let f = self.callable(f)?;
                let yes = |_: &mut Self| Value::Operand(boolean(true));
                self.either(whole(some, payload), yes, Some(f))
            }
            ("map", Some(f), None) => {
                let f = self.callable(f)?;
                let mapped = Payload::Map(Box::new(payload), f.clone());
                self.run_by(&f, kept(some, mapped, failure))
            }
            _ => return None,
        })
    }

    /// `a.zip(b)`
    fn both(&mut self, first: Optional, other: &syn::Expr) -> Value {
        let (first, second) = self.two_options(first, other);
        let (some, payload) = (first.some.clone(), second.payload);
        let then = self.arm(true, |_| Value::Operand(second.some));
        let els = self.arm(true, |_| Value::Operand(boolean(false)));
        let both = self.branch(some, then, els);
        let both = self.operand_of(both);
        let then = self.arm(true, |lower| {
            let values = [first.payload, payload].map(|p| {
                let value = lower.payload(p);
                lower.settled(value)
            });
            super::some(Value::Tuple(values.into()))
        });
        let els = self.arm(true, |_| super::none());
        self.branch(both, then, els)
    }

    /// `a.xor(b)`
    fn exclusive(&mut self, first: Optional, other: &syn::Expr) -> Value {
        let (first, second) = self.two_options(first, other);
        let present = |lower: &mut Self, payload| {
            let value = lower.payload(payload);
            super::some(value)
        };
        let (left, right) = (first.some, second.some);
        let then = self.arm(true, |lower| {
            let then = lower.arm(true, |_| super::none());
            let els = lower.arm(true, |lower| present(lower, first.payload));
            lower.branch(right.clone(), then, els)
        });
        let els = self.arm(true, |lower| {
            let then = lower.arm(true, |lower| present(lower, second.payload));
            let els = lower.arm(true, |_| super::none());
            lower.branch(right, then, els)
        });
        self.branch(left, then, els)
    }

    /// Two `Option`s, both evaluated, in order.
    fn two_options(&mut self, first: Optional, other: &syn::Expr) -> (Optional, Optional) {
        let first = self.settled_option(first);
        let first = self.opened(first, Some(Wrapper::Option));
        let second = self.value(other);
        let second = self.settled(second);
        (first, self.opened(second, Some(Wrapper::Option)))
    }

    /// A list that a variable holds as the place that it is: a reference to it moves nothing.
    fn in_place(&self, payload: Payload) -> Payload {
        match payload {
            Payload::Value(Value::Operand(Operand::Var(var)))
                if matches!(self.function.var(var).ty, Ty::Vec(_)) =>
            {
                Payload::Value(Value::Place(Place::var(var)))
            }
            other => other,
        }
    }

    /// What a function gave that is an `Option` or `Result`: its methods are known by their names, as those of what a call gives.
    fn noted_as_called(&mut self, value: Value) -> Value {
        if let Value::Operand(Operand::Var(var)) = value {
            self.called.insert(var);
        }
        value
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
                let rhs = Rhs::Use(crate::lower::constant(expr, ty.clone()));
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
