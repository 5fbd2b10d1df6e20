//! Functions and iterators that functions of the file give, and numbers that do not depend on what they are given: such a function is written where
//! it is called.
//!
//! ```text
//! fn gaussian(s: f64) -> impl Fn(f64) -> f64 { move |r| (-r * r / s).exp() }
//! let k = gaussian(sigma); k(x)      k is the closure, in which `s` is another name for `sigma`
//! ```

use super::Lower;
use super::place::peel;
use super::rename::located;
use super::value::{Callable, Value};
use crate::ir::Ty;
use crate::lower::scope::Scopes;
use crate::names::names;
use proc_macro2::Ident;
use quote::ToTokens;
use std::rc::Rc;

impl Lower<'_> {
    /// What a function of the file gives that gives a function, an iterator or one of some numbers; `None` if it is another one.
    pub fn written_here(&mut self, path: &syn::ExprPath, call: &syn::ExprCall) -> Option<Value> {
        let maker = self.maker(path)?;
        let args = self.settled_args(call);
        Some(self.apply(&maker, args))
    }

    /// Is this the call of such a function?
    pub fn is_given(&self, func: &syn::Expr) -> bool {
        match func {
            syn::Expr::Call(call) => match peel(&call.func) {
                syn::Expr::Path(path) => self.maker(path).is_some(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Such a function, by its name.
    pub fn maker(&self, path: &syn::ExprPath) -> Option<Callable> {
        let name = path.path.get_ident()?;
        if self.scopes.get(name).is_some() {
            return None;
        }
        let within = self.function.name.to_string();
        let closure = self.file()?.maker(&name.to_string(), &within)?;
        if self.means_otherwise(name) {
            return None;
        }
        self.written_for(&closure, name)
    }

    /// What a method of the file gives that gives a function or an iterator: `line.segments()`.
    pub fn given_by_method(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let ty = self.value_ty(receiver);
        let may_be_own = ty.is_struct() || *ty.peel() == Ty::Unknown;
        if !may_be_own
            || matches!(
                receiver,
                Value::Iter(_) | Value::Optional(_) | Value::Fun(_)
            )
        {
            return None;
        }
        let (name, within) = (call.method.to_string(), self.function.name.to_string());
        let of = self.named_type(&call.receiver);
        let closure = self.file()?.method_maker(&name, &within, of.as_deref())?;
        let maker = self.written_for(&closure, &call.method)?;
        let mut args = vec![self.lent_receiver(receiver.clone())];
        for arg in &call.args {
            let value = self.value(arg);
            args.push(self.settled(value));
        }
        Some(self.apply(&maker, args))
    }

    fn lent_receiver(&mut self, receiver: Value) -> Value {
        match receiver {
            Value::Place(place) => Value::Ref {
                place,
                mutable: false,
            },
            Value::Ref { .. } => receiver,
            computed => self.reference_to_value(computed, false),
        }
    }

    /// The closure in the place of the name that is called, if all names in it mean the same here.
    fn written_for(&self, closure: &syn::ExprClosure, name: &Ident) -> Option<Callable> {
        let code = closure.to_token_stream();
        if names(code.clone()).any(|n| self.means_otherwise(&n)) {
            return None;
        }
        let closure = syn::parse2(located(code, name.span())).ok()?;
        Some(Callable::Closure(Rc::new(closure), Scopes::default()))
    }

    /// May a name in the code of another function mean something else in this one, which declares it or has it as a type parameter?
    fn means_otherwise(&self, name: &Ident) -> bool {
        self.declared.contains("*") || self.declared.contains(&name.to_string())
    }
}
