//! Calls of methods that the compiler does not know: members of types of the user's, annotated themselves.
//!
//! ```text
//! shape.area(2.0 * x)      t1 = 2.0 * x; t2 = call shape.area(t1)
//! ```

use super::value::Value;
use super::{Lower, motion};
use crate::ir::{Arg, Call, CallKind, Home, Place, Proj, Results, Stmt, Ty, VarId, VarKind};

impl Lower<'_> {
    /// The call as a statement of the IR; `None` where the receiver is surely no type of the user's, or an argument is no value.
    pub fn member_call(&mut self, receiver: &Value, call: &syn::ExprMethodCall) -> Option<Value> {
        let effect_only = std::mem::take(&mut self.effect_only);
        if !self.may_be_member(receiver, call) {
            return None;
        }
        let receiver_ty = self.value_ty(receiver).peel().clone();
        let receiver = if self.consumes(call) {
            self.plain_arg(self.behind(receiver.clone()))?
        } else {
            self.receiver(receiver.clone(), self.shares(call))?
        };
        let mut args = vec![self.evaluated_before(receiver, call.args.iter())];
        for (k, arg) in call.args.iter().enumerate() {
            let expected = |lower: &Self| lower.expected_inputs(&lower.method_called(call), k);
            let parameter = |lower: &Self| lower.parameter_of_method(&lower.method_called(call), k);
            let typed = self.typed_into(arg, parameter);
            let arg = typed.as_ref().unwrap_or(arg);
            args.push(match self.function_arg(arg, expected) {
                Some(function) => function,
                None => match self.value(arg) {
                    Value::Fun(_) => return None,
                    value => {
                        let of = self.named_type(arg);
                        let value = self.made_into(value, of, parameter);
                        self.declared_arg(value, &self.method_called(call), k)
                    }
                },
            });
        }
        if args.iter().all(|a| self.is_inert_arg(a)) {
            return None;
        }
        self.share_receiver(&mut args);
        if effect_only && !args.iter().any(|a| matches!(a, Arg::RefMut(_))) {
            return None;
        }
        let (method, turbofish) = (&call.method, &call.turbofish);
        let ty = match motion::of_method(&receiver_ty, method) {
            Ty::Unknown => self.own_result(&method.to_string(), &receiver_ty, None),
            motion => motion,
        };
        let integers = self.integers_of(&method.to_string());
        let var = self.fresh("t", ty, VarKind::Value);
        self.called.insert(var);
        let call = Call {
            path: syn::parse_quote!(#method #turbofish),
            kind: CallKind::Method,
            args,
            function: None,
            home: Home::Path,
        };
        let results = Results::One(var);
        self.out.push(Stmt::Call { results, call });
        Some(self.as_integers(var, integers))
    }

    /// `p.shift(a)` of a method that gives its receiver: a call, and the receiver again.
    pub fn chained_method(&mut self, call: &syn::ExprMethodCall) -> Option<Value> {
        if !self.gives_receiver(call) {
            return None;
        }
        let mark = self.mark();
        let receiver = self.value(&call.receiver);
        let ty = self.value_ty(&receiver);
        let may_be_own = ty.is_struct() || *ty.peel() == Ty::Unknown && !self.is_of_language(call);
        let place = match receiver {
            _ if !may_be_own => {
                self.roll_back(mark);
                return None;
            }
            Value::Place(place) | Value::Ref { place, .. } => self.through(place),
            value @ (Value::Operand(_) | Value::Rhs(..)) => self.place_of_mutable(value),
            _ => {
                self.roll_back(mark);
                return None;
            }
        };
        let receiver = Value::Ref {
            place,
            mutable: true,
        };
        if self.member_call(&receiver, call).is_none() {
            self.roll_back(mark);
            return None;
        }
        Some(receiver)
    }

    /// Does the source show that what the method gives is its receiver?
    pub fn gives_receiver(&self, call: &syn::ExprMethodCall) -> bool {
        let name = call.method.to_string();
        self.file().is_some_and(|file| file.gives_receiver(&name))
    }

    /// A variable for what is changed before anybody else sees it.
    fn place_of_mutable(&mut self, value: Value) -> Place {
        let lent = self.reference_to_value(value, true);
        self.place_of(lent)
    }

    /// May it be a method of the user's: of a type, or of a trait that a type of the language implements?
    fn may_be_member(&self, receiver: &Value, call: &syn::ExprMethodCall) -> bool {
        let ty = self.value_ty(receiver);
        match ty.peel() {
            _ if ty.is_struct() || self.is_of_own_trait(&ty, &call.method) => true,
            Ty::Unknown => {
                !is_of_std(&call.method) || self.hides_rule(call) || self.hides_list(call)
            }
            Ty::Float(_) | Ty::Slice(_) | Ty::Vec(_) | Ty::Array(_) => {
                !is_of_std(&call.method) && !is_of_language(&call.method)
            }
            // `kind.price(x)`, of a type that holds no number.
            Ty::Inert => !is_of_std(&call.method) && self.is_method_of_file(&call.method),
            _ => false,
        }
    }

    fn is_method_of_file(&self, method: &proc_macro2::Ident) -> bool {
        let name = method.to_string();
        self.file().is_some_and(|file| file.has_method(&name))
    }

    /// A method called for its effect. What cannot change in sight may change out of sight: such a call is kept as code without derivative,
    /// through which nothing active may flow.
    pub fn method_statement(&mut self, call: &syn::ExprMethodCall) {
        self.effect_only = true;
        let value = self.method(call);
        self.drop_value(value);
    }

    /// Does the method take its receiver, which is no copy? Its name tells by convention, or its definition in the crate.
    fn consumes(&self, call: &syn::ExprMethodCall) -> bool {
        let name = call.method.to_string();
        if name.starts_with("with_") || name.starts_with("into_") {
            return true;
        }
        let of = self.named_type(&call.receiver);
        let file = self.file();
        file.is_some_and(|file| file.takes_receiver(&name, of.as_deref()))
    }

    /// Does the method only look at its receiver, as its definition in the crate shows?
    fn shares(&self, call: &syn::ExprMethodCall) -> bool {
        let of = self.named_type(&call.receiver);
        let shares = |of| {
            self.file()?
                .shares_receiver(&call.method.to_string(), of)
                .then_some(())
        };
        of.as_deref().and_then(shares).is_some()
    }

    /// What the method is called on. Where that may be changed, so it may be by the method, unless that shares it.
    fn receiver(&mut self, value: Value, shared: bool) -> Option<Arg> {
        let (place, mutable) = match value {
            Value::Place(place) => {
                let mutable = self.may_change(&place);
                (place, mutable)
            }
            Value::Ref { place, mutable } => (place, mutable),
            Value::Operand(_) | Value::Rhs(..) => {
                let operand = self.operand_of(value);
                (Place::var(self.in_variable(operand)), false)
            }
            _ => return None,
        };
        let place = self.through(place);
        Some(if mutable && !shared {
            Arg::RefMut(place)
        } else {
            Arg::Ref(place)
        })
    }

    /// `a.times(&a)`: what is lent twice is not changed.
    fn share_receiver(&self, args: &mut [Arg]) {
        let [Arg::RefMut(receiver), others @ ..] = args else {
            return;
        };
        let lent = |arg: &Arg| matches!(arg, Arg::Ref(place) if self.overlap(receiver, place));
        if others.iter().any(lent) {
            args[0] = Arg::Ref(receiver.clone());
        }
    }

    /// Is one of the places surely within the other?
    fn overlap(&self, a: &Place, b: &Place) -> bool {
        let steps = |place: &Place| -> (VarId, Vec<String>) {
            let place = self.function.resolve(place);
            let path = place.path.iter().filter(|p| !matches!(p, Proj::Deref));
            (place.root, path.map(Proj::text).collect())
        };
        let ((a, in_a), (b, in_b)) = (steps(a), steps(b));
        a == b && in_a.iter().zip(&in_b).all(|(a, b)| a == b)
    }

    /// May what comes later change the place?
    pub fn may_change(&self, place: &Place) -> bool {
        let var = self.function.var(self.function.resolve(place).root);
        matches!(var.kind, VarKind::Mutable) || matches!(var.ty, Ty::Ref(true, _))
    }

    fn plain_arg(&mut self, value: Value) -> Option<Arg> {
        match value {
            Value::Optional(_) | Value::Fun(_) => None,
            value => Some(self.arg_of(value)),
        }
    }

    fn is_inert_arg(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(o) => o
                .as_var()
                .is_none_or(|v: VarId| self.function.var(v).ty.is_inert()),
            Arg::Ref(p) | Arg::RefMut(p) => self.place_ty(p).is_inert(),
            Arg::Function(_) => false,
        }
    }
}

/// Methods of the standard library: on a value of unknown type they are more likely those than the user's own.
pub fn is_of_std(method: &proc_macro2::Ident) -> bool {
    const NAMES: &[&str] = &[
        "as_mut",
        "as_ref",
        "as_slice",
        "as_str",
        "borrow",
        "borrow_mut",
        "bytes",
        "chars",
        "chunks",
        "clone",
        "cloned",
        "cmp",
        "collect",
        "contains",
        "contains_key",
        "copied",
        "count",
        "drain",
        "entry",
        "eq",
        "expect",
        "extend",
        "filter",
        "find",
        "first",
        "flat_map",
        "flatten",
        "get",
        "get_mut",
        "insert",
        "into",
        "into_iter",
        "is_empty",
        "is_finite",
        "is_infinite",
        "is_nan",
        "is_none",
        "is_normal",
        "is_ok",
        "is_sign_negative",
        "is_sign_positive",
        "is_some",
        "iter",
        "iter_mut",
        "keys",
        "last",
        "len",
        "lines",
        "lock",
        "map",
        "next",
        "ok",
        "ok_or",
        "parse",
        "partial_cmp",
        "partition_point",
        "pop",
        "push",
        "read",
        "remove",
        "retain",
        "reverse",
        "rev",
        "skip",
        "sort",
        "sort_by",
        "split",
        "take",
        "then",
        "to_bits",
        "to_owned",
        "to_string",
        "to_vec",
        "total_cmp",
        "trim",
        "try_into",
        "unwrap",
        "unwrap_or",
        "unwrap_or_default",
        "unwrap_or_else",
        "values",
        "windows",
        "write",
        "zip",
    ];
    NAMES.contains(&method.to_string().as_str())
}

/// Methods of floats and lists in the standard library and num_traits, which no trait of the user's is likely to have: what the compiler does not
/// see through of them it refuses.
fn is_of_language(method: &proc_macro2::Ident) -> bool {
    const STARTS: &[&str] = &["to_", "as_", "is_", "binary_", "select_", "sort_", "split_"];
    const NAMES: &[&str] = &[
        "append",
        "array_chunks",
        "array_windows",
        "capacity",
        "chunk_by",
        "classify",
        "concat",
        "dedup",
        "dedup_by",
        "dedup_by_key",
        "ends_with",
        "extend_from_within",
        "extract_if",
        "fill_with",
        "first_chunk",
        "integer_decode",
        "into_boxed_slice",
        "join",
        "last_chunk",
        "leak",
        "maximum",
        "midpoint",
        "minimum",
        "next_down",
        "next_up",
        "partition_point",
        "rchunks",
        "repeat",
        "reserve",
        "resize_with",
        "retain_mut",
        "rsplit",
        "shrink_to_fit",
        "splice",
        "starts_with",
        "swap_with_slice",
    ];
    let name = method.to_string();
    STARTS.iter().any(|start| name.starts_with(start)) || NAMES.contains(&name.as_str())
}
