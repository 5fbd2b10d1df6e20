//! Method calls: what the receiver is decides.
//!
//! ```text
//! x.first().unwrap().sin()      t1 = read x[0]; sin(t1)
//! ```

use super::option::{Payload, optional};
use super::value::Value;
use super::{Lower, int};
use crate::ends::method_ty;
use crate::ir::{FloatTy, Inert, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarId};
use proc_macro2::Ident;
use quote::quote;

/// Where statements went before something was tried.
pub struct Mark {
    opens: usize,
    out: usize,
}

impl Lower<'_> {
    /// A point to come back to.
    pub fn mark(&self) -> Mark {
        Mark {
            opens: self.opens.len(),
            out: self.out.len(),
        }
    }

    /// Forgets what was lowered since, if that is possible.
    pub fn roll_back(&mut self, mark: Mark) -> bool {
        let possible = self.opens.len() == mark.opens && self.dead.is_none();
        if possible {
            self.out.truncate(mark.out);
        }
        possible
    }

    /// A method call.
    pub fn method(&mut self, call: &syn::ExprMethodCall) -> Value {
        let effect_only = std::mem::take(&mut self.effect_only);
        let changed = self.option_change(call);
        if let Some(value) = changed.or_else(|| self.iterator_change(call)) {
            return value;
        }
        if let Some(change) = self.held_option_change(call, effect_only) {
            return self.value(&change);
        }
        if let Some(receiver) = self.chained_method(call) {
            return receiver;
        }
        let mark = self.mark();
        let reported = self.diagnostics.count();
        let maker = match is_iterator_method(&call.method) {
            true => self.unqualified_maker(&call.receiver),
            false => None,
        };
        let before = self.held_before(&call.method);
        let held = std::mem::replace(&mut self.held, before);
        let receiver = maker.unwrap_or_else(|| self.value(&call.receiver));
        self.held = held;
        if self.is_dead() {
            return Value::Unit;
        }
        if let Some(value) = self.own_operator(&receiver, call) {
            return value;
        }
        if let Some(value) = self.given_by_method(&receiver, call) {
            return value;
        }
        let received = self.mark();
        let rare = call.method == "midpoint" && self.value_ty(&receiver) == Ty::Unknown;
        let of_own_trait = self.is_of_own_trait(&self.value_ty(&receiver), &call.method);
        if (rare || of_own_trait || self.hides_rule(call) || self.hides_list(call))
            && let Some(value) = self.member_call(&receiver, call)
        {
            return value;
        }
        let known = match receiver.clone() {
            Value::Iter(source) => self.iterator_method(*source, call),
            Value::Optional(optional) => self.option_method(*optional, call),
            Value::Fun(f) if call.method == "clone" => Some(Value::Fun(f)),
            Value::Tuple(parts) if call.method == "clone" => Some(Value::Tuple(parts)),
            Value::Record(parts) => self.record_method(&parts, call),
            Value::Block(block) => self.block_call(&block, call),
            other => match self.wrapper_method(&other, call) {
                Some(value) => Some(value),
                None => self.value_method(other, call),
            },
        };
        if let Some(value) = known {
            return value;
        }
        if self.diagnostics.count() > reported {
            return super::failed();
        }
        // What was tried must not run.
        self.roll_back(received);
        if let Some(value) = self.method_of_computed(&receiver, call) {
            return value;
        }
        if self.value_ty(&receiver) == Ty::Inert
            && is_iterator_method(&call.method)
            && is_finite(&call.receiver)
        {
            let items = self.source_of(receiver.clone());
            if let Some(value) = items.and_then(|items| self.iterator_method(items, call)) {
                return value;
            }
        }
        self.effect_only = effect_only;
        if let Some(value) = self.member_call(&receiver, call) {
            return value;
        }
        self.roll_back(mark);
        self.unknown_method(&receiver, call)
    }

    /// A method of something without derivative that was computed already, or one without derivative of such a matrix:
    /// `a.total_cmp(b).reverse()`, `eigen.eigenvalues.imax()`.
    fn method_of_computed(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let ty = self.value_ty(receiver);
        // A matrix, or a constant part of something that has a derivative.
        let part = match receiver {
            Value::Place(place) | Value::Ref { place, .. }
                if !place.is_whole() || ty.peel().is_matrix() =>
            {
                Some(place)
            }
            _ => None,
        };
        let computed = matches!(receiver, Value::Operand(_) | Value::Rhs(Rhs::Inert(_), _));
        let method = call.method.to_string();
        let decides = matches!(method_ty(&method), Ty::Bool | Ty::Int | Ty::Inert);
        if !(computed || part.is_some()) || !(ty == Ty::Inert || decides && ty.peel().is_matrix()) {
            return None;
        }
        let mark = self.mark();
        let operand = match part {
            Some(place) => Operand::Var(self.view(None, place.clone())),
            None => self.operand_of(receiver.clone()),
        };
        let code = self.mentioned(&operand);
        let behind = part.map(|_| quote!(*));
        let receiver = Box::new(syn::Expr::Verbatim(quote!((#behind #code))));
        let call = syn::ExprMethodCall {
            receiver,
            ..call.clone()
        };
        let ty = match method_ty(&method) {
            Ty::Unknown => Ty::Inert,
            ty => ty,
        };
        let mut inert = self.verbatim(syn::Expr::MethodCall(call), "");
        let is_inert = |v: &VarId| self.function.var(*v).ty.is_inert();
        if !inert.uses.iter().all(is_inert) {
            self.roll_back(mark);
            return None;
        }
        inert.uses.extend(operand.as_var());
        Some(Value::Rhs(Rhs::Inert(inert), ty))
    }

    /// A method without rule: code without derivative.
    fn unknown_method(&mut self, receiver: &Value, call: &syn::ExprMethodCall) -> Value {
        let of_inert = *self.value_ty(receiver).peel() == Ty::Inert;
        let ty = method_ty(&call.method.to_string());
        match self.inert(&syn::Expr::MethodCall(call.clone()), ty) {
            Value::Rhs(Rhs::Inert(inert), Ty::Unknown) if of_inert => {
                let ty = self.opaque_ty(&inert.uses);
                Value::Rhs(Rhs::Inert(inert), ty)
            }
            value => value,
        }
    }

    pub fn value_method(&mut self, receiver: Value, call: &syn::ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let Some(value) = self.method_of_unit(&receiver, call) {
            return Some(value);
        }
        if args.is_empty() && self.converts(&receiver, &name) {
            return Some(receiver);
        }
        let ty = self.value_ty(&receiver);
        if !ty.is_struct()
            && let Some(value) = self.container_iterator(&receiver, call)
        {
            return Some(value);
        }
        let ty = self.value_ty(&receiver);
        if ty.is_struct() && name != "clone" {
            return None;
        }
        if let Some(value) = self.matrix_method(&receiver, call) {
            return Some(value);
        }
        if matches!(ty.peel(), Ty::Inert) {
            if let Some(value) = self.permuted(&receiver, call) {
                return Some(value);
            }
            let integer = self.integer_of_inert(&receiver, &call.method, &args);
            let rule = integer.or_else(|| self.rule_of_inert(&receiver, &name, &args));
            return rule.or_else(|| self.inert_method(&receiver, &name));
        }
        if let (Ty::Bool, Some(value)) = (ty.peel(), args.first())
            && let Some(optional) = self.optional_if(&receiver, &name, value)
        {
            return Some(optional);
        }
        if !ty.is_aggregate()
            && let Some(value) = self.scalar_method(&receiver, &call.method, &args)
        {
            return Some(value);
        }
        if let Some(value) = self.view_method(&receiver, &name, &args) {
            return Some(value);
        }
        self.container_method(&receiver, &name, &args)
    }

    /// `cond.then(f)`, `cond.then_some(value)`
    fn optional_if(&mut self, cond: &Value, name: &str, value: &syn::Expr) -> Option<Value> {
        if !matches!(name, "then" | "then_some") {
            return None;
        }
        let cond = self.behind(cond.clone());
        let some = self.operand_of(cond);
        if name == "then" {
            let f = self.callable(value)?;
            let made = optional(some, Payload::Made(f.clone()));
            return Some(self.run_by(&f, made));
        }
        let value = self.value(value);
        let value = self.settled(value);
        Some(optional(some, Payload::Value(value)))
    }

    /// Methods that a value without derivative shares with containers.
    fn inert_method(&mut self, receiver: &Value, name: &str) -> Option<Value> {
        match name {
            "len" => {
                let place = self.place_of(receiver.clone());
                Some(Value::Rhs(Rhs::Len(place), Ty::Int))
            }
            _ => None,
        }
    }

    /// Is this the conversion by which a parameter is known?
    pub fn converts(&self, receiver: &Value, method: &str) -> bool {
        let place = match receiver {
            Value::Place(place) | Value::Ref { place, .. } => place,
            Value::Operand(Operand::Var(var)) => &Place::var(*var),
            _ => return false,
        };
        place.is_whole()
            && self.converted.contains(&place.root)
            && matches!(method, "into" | "as_ref" | "borrow")
    }

    /// Methods that give references, shapes or copies.
    fn view_method(&mut self, receiver: &Value, name: &str, args: &[&syn::Expr]) -> Option<Value> {
        let mutable = name.ends_with("_mut");
        let receiver = receiver.clone();
        match (name, args) {
            ("len", []) => {
                let place = self.place_of(receiver);
                Some(Value::Rhs(Rhs::Len(place), Ty::Int))
            }
            ("is_empty", []) => {
                let place = self.place_of(receiver);
                let len = self.len(&place);
                Some(self.operation(Op::Eq, len, int(0)))
            }
            (
                "as_slice" | "as_ref" | "borrow" | "as_mut_slice" | "as_mut" | "borrow_mut"
                | "as_deref" | "by_ref",
                [],
            ) => {
                let place = self.place_of(receiver);
                let mutable = name.contains("mut");
                // A box or an option: methods and patterns see through references to these.
                let open = self.place_ty(&place) == Ty::Unknown && name != "borrow";
                if !open {
                    self.known_container(&place)?;
                }
                Some(Value::Ref { place, mutable })
            }
            ("split_at" | "split_at_mut", [at]) => {
                let place = self.place_of(receiver);
                let at = self.operand(at);
                let part = |lo, hi| Value::Ref {
                    place: place.clone().then(Proj::Range { lo, hi }),
                    mutable,
                };
                let (left, right) = (part(None, Some(at.clone())), part(Some(at), None));
                Some(Value::Tuple(vec![left, right]))
            }
            (
                "first" | "first_mut" | "last" | "last_mut" | "get" | "get_mut" | "pop" | "front"
                | "front_mut" | "back" | "back_mut" | "pop_back" | "pop_front",
                _,
            )
            | ("split_first" | "split_last" | "try_into", []) => {
                self.element_method(receiver, name, args)
            }
            ("clone" | "to_vec" | "to_owned" | "into_boxed_slice" | "into_vec", []) => {
                Some(self.cloned(receiver, name))
            }
            ("into", []) => {
                let ty = self.value_ty(&receiver);
                let constant = matches!(receiver, Value::Operand(Operand::Const(_)));
                if !ty.peel().is_float() || constant {
                    return None;
                }
                let value = self.behind(receiver);
                Some(self.float_into(value, ty.peel()))
            }
            ("to_f64" | "to_f32", []) if is_number(self.value_ty(&receiver).peel()) => {
                let to = if name == "to_f64" {
                    FloatTy::F64
                } else {
                    FloatTy::F32
                };
                let value = self.behind(receiver);
                let operand = self.operand_of(value);
                let value = self.converted(operand, &Ty::Float(to))?;
                Some(super::option::some(value))
            }
            ("copied" | "cloned", []) if matches!(receiver, Value::Ref { .. }) => {
                Some(self.behind(receiver))
            }
            _ => None,
        }
    }

    /// Methods that may find nothing.
    fn element_method(
        &mut self,
        receiver: Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let mutable = name.ends_with("_mut");
        if args.len() != usize::from(name.starts_with("get")) {
            return None;
        }
        let untold = mutable || self.is_from_call(&receiver) || is_payload(&receiver);
        let untold = untold && name != "pop";
        let place = self.place_of(receiver);
        if untold && self.place_ty(&place) == Ty::Unknown && !args.iter().any(is_reference) {
            self.assert_list(&place);
        } else {
            self.known_container(&place)?;
        }
        if name == "try_into" {
            let whole = Value::Ref { place, mutable };
            return Some(super::option::some(whole));
        }
        if let (true, [index]) = (name.starts_with("get"), args) {
            return self.get(place, index, mutable);
        }
        let len = self.len(&place);
        let some = Rhs::Op(Op::Gt, vec![len.clone(), int(0)]);
        let some = self.temp(some, Ty::Bool);
        let part = |lo, hi| Value::Ref {
            place: place.clone().then(Proj::Range { lo, hi }),
            mutable,
        };
        let at = |k| Value::Ref {
            place: place.clone().then(Proj::Index(k)),
            mutable,
        };
        let payload = match name {
            "first" | "first_mut" | "front" | "front_mut" => Payload::Value(at(int(0))),
            "pop" | "pop_back" => Payload::Pop { place, len },
            "pop_front" => Payload::Shift(place),
            "split_first" => {
                Payload::Value(Value::Tuple(vec![at(int(0)), part(Some(int(1)), None)]))
            }
            "split_last" => {
                let last = self.before(&len);
                let front = part(None, Some(last.clone()));
                Payload::Value(Value::Tuple(vec![at(last), front]))
            }
            _ => Payload::Last {
                place,
                len,
                mutable,
            },
        };
        Some(optional(some, payload))
    }

    /// The number before, zero for zero.
    fn before(&mut self, len: &Operand) -> Operand {
        let number = self.mentioned(len);
        let inert = Inert {
            expr: syn::parse_quote!(::core::primitive::usize::saturating_sub(#number, 1)),
            uses: len.as_var().into_iter().collect(),
            writes: Vec::new(),
            cheap: true,
            what: String::new(),
        };
        self.temp(Rhs::Inert(inert), Ty::Int)
    }

    /// Only a list passes: a type of the user's may have methods of these names.
    fn assert_list(&mut self, place: &Place) {
        let mutable = false;
        let place = place.clone();
        let (list, uses) = self.code(Value::Ref { place, mutable });
        let runtime = &self.runtime;
        let inert = Inert {
            // A block: the call surely changes nothing.
            expr: syn::parse_quote!({ #runtime::assert_list(#list) }),
            uses,
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        };
        self.out.push(Stmt::Effect(inert));
    }

    /// `get(i)`, `get(a..b)`
    fn get(&mut self, place: Place, index: &syn::Expr, mutable: bool) -> Option<Value> {
        if let syn::Expr::Range(range) = super::place::peel(index) {
            let proj = self.range_proj(range);
            let end = match &proj {
                Proj::Range { hi: Some(hi), .. } => Some(hi.clone()),
                Proj::Range { lo, .. } => lo.clone(),
                _ => None,
            };
            let len = self.len(&place);
            let end = end.unwrap_or_else(|| int(0));
            let some = self.temp(Rhs::Op(Op::Le, vec![end, len]), Ty::Bool);
            let place = place.then(proj);
            return Some(optional(
                some,
                Payload::Value(Value::Ref { place, mutable }),
            ));
        }
        let index = self.operand(index);
        let len = self.len(&place);
        let some = Rhs::Op(Op::Lt, vec![index.clone(), len]);
        let some = self.temp(some, Ty::Bool);
        let place = place.then(Proj::Index(index));
        Some(optional(
            some,
            Payload::Value(Value::Ref { place, mutable }),
        ))
    }

    fn cloned(&mut self, receiver: Value, name: &str) -> Value {
        if let Value::Unit = receiver {
            return receiver;
        }
        let place = self.place_of(receiver);
        let ty = match self.place_ty(&place) {
            Ty::Slice(t) => Ty::Vec(t),
            Ty::Array(t) if name == "to_vec" => Ty::Vec(t),
            Ty::Float(_) | Ty::Int | Ty::Bool => return self.settled(Value::Place(place)),
            other => other,
        };
        let method = Ident::new(name, proc_macro2::Span::call_site());
        Value::Rhs(Rhs::Clone { place, method }, ty)
    }

    /// Is the receiver, and are all arguments, without derivative?
    pub fn only_inert(&mut self, call: &syn::ExprMethodCall) -> bool {
        let whole = syn::Expr::MethodCall(call.clone());
        let inert = self.verbatim(whole, "");
        inert
            .uses
            .iter()
            .all(|v| self.function.var(*v).ty.is_inert())
    }
}

/// Is it what a variant holds?
fn is_payload(value: &Value) -> bool {
    match value {
        Value::Place(place) | Value::Ref { place, .. } => {
            matches!(place.path.last(), Some(Proj::Payload(_)))
        }
        _ => false,
    }
}

/// `&key`: an argument of a map.
fn is_reference(expr: &&syn::Expr) -> bool {
    matches!(super::place::peel(expr), syn::Expr::Reference(_))
}

/// Methods that iterators have and containers have not.
fn is_iterator_method(method: &Ident) -> bool {
    const METHODS: &[&str] = &[
        "map",
        "zip",
        "chain",
        "take",
        "skip",
        "cycle",
        "enumerate",
        "rev",
        "filter",
        "flat_map",
        "fold",
        "sum",
        "product",
        "collect",
        "take_while",
        "skip_while",
        "step_by",
        "scan",
        "for_each",
        "inspect",
    ];
    METHODS.iter().any(|name| method == name)
}

/// Does an iterator that the compiler does not know surely end?
fn is_finite(expr: &syn::Expr) -> bool {
    const FINITE: &[&str] = &[
        "chars",
        "bytes",
        "char_indices",
        "lines",
        "split_whitespace",
        "keys",
        "values",
        "iter",
    ];
    match super::place::peel(expr) {
        syn::Expr::MethodCall(call) if FINITE.iter().any(|name| call.method == name) => true,
        syn::Expr::MethodCall(call) => call.method != "cycle" && is_finite(&call.receiver),
        _ => false,
    }
}

fn is_number(ty: &Ty) -> bool {
    ty.is_float() || *ty == Ty::Int
}
