//! Calls of functions.
//!
//! ```text
//! helper(&x[1..], a * b)      t1 = a * b; t2 = call helper(&x[1..], t1)
//! ```

use super::expected::is_from_fn;
use super::place::peel;
use super::scope::Binding;
use super::source::Source;
use super::structs::is_type_like;
use super::value::{Callable, Value};
use super::{Lower, motion};
use crate::case::{is_lower, is_upper};
use crate::ir::{
    Aggregate, Arg, Call, CallKind, FloatTy, Op, Operand, Place, Proj, Results, Rhs, Stmt, Ty,
    VarId, VarKind,
};
use proc_macro2::Ident;

impl Lower<'_> {
    /// A call as a value.
    pub fn call(&mut self, call: &syn::ExprCall) -> Value {
        let whole = || syn::Expr::Call(call.clone());
        let path = match peel(&call.func) {
            syn::Expr::Path(path) => path,
            syn::Expr::Closure(closure) => {
                let f = self.closure(closure);
                let args = self.settled_args(call);
                return self.apply(&f, args);
            }
            func => {
                let called = self.computed_function(func, call);
                return called.unwrap_or_else(|| self.inert(&whole(), Ty::Unknown));
            }
        };
        if let Some(value) = self.known_call(path, call) {
            return value;
        }
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let Some(value) = self.defined_function(path, &args) {
            return value;
        }
        if super::structs::is_constructor(path) {
            return self.constructed(call, path);
        }
        let Some(path) = self.plain_callee(call) else {
            return self.inert(&whole(), Ty::Unknown);
        };
        let args = self.args_of(&path, &call.args);
        // By convention a constructor gives a value of its type.
        let constructor = self.is_member(&path) && self.is_maker(&path);
        let ty = match motion::of_constructor(&path, &self.floats) {
            Some(motion) => motion,
            None if constructor => self.constructed_ty(&path),
            None => match self.result_of_call(&path, &args) {
                Ty::Unknown if self.is_member(&path) => {
                    let owner = self.owner_of(&path);
                    self.own_result(&last_name(&path), &owner)
                }
                ty => ty,
            },
        };
        let integers = self.declared_integers(&path);
        let var = self.fresh("t", ty, VarKind::Value);
        self.push_call(&path, args, Results::One(var));
        self.as_integers(var, integers)
    }

    /// `fs[k](x)`, `(if c { f64::sin } else { f64::cos })(x)`
    fn computed_function(&mut self, func: &syn::Expr, call: &syn::ExprCall) -> Option<Value> {
        use syn::Expr;
        let computed = matches!(
            func,
            Expr::Index(_) | Expr::If(_) | Expr::Match(_) | Expr::Unary(_)
        );
        let mark = self.mark();
        if let Some(Value::Fun(f)) = computed.then(|| self.value(func)) {
            let args = self.settled_args(call);
            return Some(self.apply(&f, args));
        }
        self.roll_back(mark);
        None
    }

    /// A call for its effect.
    pub fn call_statement(&mut self, call: &syn::ExprCall) {
        if let Some(path) = self.plain_callee(call) {
            let args = self.args_of(&path, &call.args);
            return self.push_call(&path, args, Results::None);
        }
        let value = self.call(call);
        self.drop_value(value);
    }

    /// The path of a function that may be annotated itself; `None` for anything that the compiler treats in another way.
    pub fn plain_callee(&self, call: &syn::ExprCall) -> Option<syn::ExprPath> {
        let syn::Expr::Path(path) = peel(&call.func) else {
            return None;
        };
        let local = path.path.get_ident().and_then(|n| self.scopes.get(n));
        let plain = is_function(path) || self.is_member(path);
        let plain = plain && local.is_none() && !self.is_known(path, call.args.len());
        plain.then(|| path.clone())
    }

    /// `Shape::area`, `Self::area`, `<Circle as Shape>::area`: a function of a type of the user's.
    fn is_member(&self, path: &syn::ExprPath) -> bool {
        let owner = path.path.segments.iter().rev().nth(1);
        let member = path.qself.is_some() || owner.is_some_and(|s| is_upper(&s.ident.to_string()));
        member && !is_type_like(&last_name(path)) && !self.is_of_std(path)
    }

    /// Does the function belong to a type of the standard library, or give a number?
    fn is_of_std(&self, path: &syn::ExprPath) -> bool {
        let Some(owner) = path.path.segments.iter().rev().nth(1) else {
            return false;
        };
        let std = [
            "Vec",
            "String",
            "Box",
            "Rc",
            "Cell",
            "RefCell",
            "HashMap",
            "BTreeMap",
            "HashSet",
            "BTreeSet",
            "VecDeque",
            "Option",
            "Result",
            "Instant",
            "Duration",
            "Some",
            "Default",
            "Iterator",
            "IntoIterator",
            "From",
            "Into",
            "Clone",
            "PhantomData",
            "Wrapping",
            "Ordering",
        ];
        std.iter().any(|name| owner.ident == name) || self.floats.contains(&owner.ident)
    }

    /// A call of a function inside the function: inlined, or kept as it is where only integers and the like are handed to it.
    fn local_call(&mut self, f: &Callable, call: &syn::ExprCall) -> Value {
        let mark = self.mark();
        let args = self.settled_args(call);
        let inert = args.iter().all(|a| self.value_ty(a).is_inert());
        if inert && self.roll_back(mark) {
            let ty = match f {
                Callable::Closure(closure, _) => match &closure.output {
                    syn::ReturnType::Type(_, ty) => self.ty(ty),
                    syn::ReturnType::Default => Ty::Unit,
                },
                Callable::Path(_) | Callable::Param(_) | Callable::Choice(_) => Ty::Unknown,
            };
            return self.inert(&syn::Expr::Call(call.clone()), ty);
        }
        self.apply(f, args)
    }

    fn settled_args(&mut self, call: &syn::ExprCall) -> Vec<Value> {
        let mut args = Vec::new();
        for arg in &call.args {
            let value = self.value(arg);
            args.push(self.settled(value));
        }
        args
    }

    /// Adds a call.
    pub fn push_call(&mut self, path: &syn::ExprPath, args: Vec<Arg>, results: Results) {
        let call = Call {
            path: path.clone(),
            kind: CallKind::Path,
            args,
            function: None,
            inside: path
                .path
                .get_ident()
                .is_some_and(|name| self.companions.contains(name)),
        };
        self.called.extend(crate::ir::visit::result_vars(&results));
        self.out.push(Stmt::Call { results, call });
    }

    /// Arguments of a function, evaluated in order.
    pub fn args_of<'e>(
        &mut self,
        path: &syn::ExprPath,
        args: impl IntoIterator<Item = &'e syn::Expr>,
    ) -> Vec<Arg> {
        let callee = path.path.segments.last().map(|s| s.ident.clone());
        let mut given = Vec::new();
        for (k, arg) in args.into_iter().enumerate() {
            let constant = self.constant_function(path, &given, arg);
            given.push(constant.unwrap_or_else(|| self.arg(arg, path, callee.as_ref(), k)));
        }
        given
    }

    fn arg(
        &mut self,
        expr: &syn::Expr,
        path: &syn::ExprPath,
        callee: Option<&Ident>,
        k: usize,
    ) -> Arg {
        let expected = |lower: &Self| lower.expected_inputs(callee?, false, k);
        if let Some(function) = self.function_arg(expr, expected) {
            return function;
        }
        match (peel(expr), self.value(expr)) {
            (syn::Expr::Reference(_), value @ Value::Tuple(_)) => {
                let whole = self.reference_to_value(value, false);
                self.arg_of(whole)
            }
            (_, value) => match callee {
                Some(callee) => {
                    let value = self.made_into(value, path, k);
                    self.declared_arg(value, callee, false, k)
                }
                None => self.arg_of(value),
            },
        }
    }

    /// An iterator, which annotated functions take as a list of its items, or as the slice that they are references into.
    fn items(&mut self, source: &Source) -> Arg {
        match source {
            Source::Slice {
                place,
                mutable: false,
            } => Arg::Ref(place.clone()),
            source if matches!(source, Source::Range { .. }) => {
                Arg::Value(self.operand_of(Value::Iter(Box::new(source.clone()))))
            }
            source => match self.collect(source, None) {
                Value::Place(items) if source.gives_references() => Arg::Ref(items),
                items => Arg::Value(self.operand_of(items)),
            },
        }
    }

    /// A value as an argument.
    pub fn arg_of(&mut self, value: Value) -> Arg {
        match value {
            Value::Ref {
                place,
                mutable: false,
            } => Arg::Ref(place),
            Value::Ref {
                place,
                mutable: true,
            } => Arg::RefMut(place),
            Value::Iter(source) => self.items(&source),
            other => Arg::Value(self.operand_of(other)),
        }
    }

    /// A function applied to values that were lowered before.
    pub fn apply_path(&mut self, path: &syn::ExprPath, args: Vec<Value>) -> Value {
        let name = last_name(path);
        if let Some(rule) = self.rule_by_path(path, args.len()) {
            let args: Vec<Operand> = args.into_iter().map(|a| self.operand_of(a)).collect();
            let ty = self.rule_ty(&args);
            let path = Some(path.clone());
            return Value::Rhs(Rhs::Rule { rule, path, args }, ty);
        }
        if let [value] = args.as_slice()
            && let Some(wrapped) = constructed(&name, value.clone())
        {
            return wrapped;
        }
        if let ("partial_cmp" | "total_cmp" | "cmp", [a, b]) = (name.as_str(), args.as_slice())
            && let Some(order) = self.compared_by(
                [a.clone(), b.clone()],
                &|a, b| syn::parse_quote!(#path(&#a, &#b)),
            )
        {
            return order;
        }
        if let Some(value) = self.apply_known(path, &name, &args) {
            return value;
        }
        let args = args.into_iter().map(|a| self.arg_of(a)).collect();
        let var = self.fresh("t", Ty::Unknown, VarKind::Value);
        self.push_call(path, args, Results::One(var));
        Value::Operand(Operand::Var(var))
    }

    /// Functions of the standard library by name: operators, conversions, methods.
    fn apply_known(&mut self, path: &syn::ExprPath, name: &str, args: &[Value]) -> Option<Value> {
        match (name, args) {
            ("from", [arg]) => {
                let target = self.owner_ty(path);
                let operand = self.operand_of(arg.clone());
                self.converted(operand, &target)
            }
            ("add" | "sub" | "mul" | "div", [a, b]) if path.path.segments.len() > 1 => {
                let operands = [a, b].map(|v| {
                    let v = self.behind(v.clone());
                    self.operand_of(v)
                });
                let op = match name {
                    "add" => Op::Add,
                    "sub" => Op::Sub,
                    "mul" => Op::Mul,
                    _ => Op::Div,
                };
                let [a, b] = operands;
                Some(self.operation(op, a, b))
            }
            (_, [receiver]) if is_method_path(path) => {
                let method = &path.path.segments.last()?.ident;
                self.value_method(receiver.clone(), &syn::parse_quote!(value.#method()))
            }
            _ => None,
        }
    }

    fn is_known(&self, path: &syn::ExprPath, arity: usize) -> bool {
        let name = last_name(path);
        self.rule_by_path(path, arity).is_some()
            || self.both_at_once(path).is_some()
            || matches!(name.as_str(), "new" | "with_capacity") && self.is_of_std(path)
            || matches!(
                name.as_str(),
                "replace"
                    | "take"
                    | "swap"
                    | "once"
                    | "repeat"
                    | "repeat_n"
                    | "repeat_with"
                    | "successors"
                    | "zip"
                    | "empty"
                    | "from_fn"
            ) && path.path.segments.len() > 1
            || matches!(name.as_str(), "successors" | "repeat_with")
                && path.path.get_ident().is_some()
            || name == "drop"
            || self.is_scalar_path(path)
    }

    /// `f64::sin`, `T::max`, `Float::sqrt`, `num_traits::Float::powi`; also `stop_gradient`.
    pub fn is_scalar_path(&self, path: &syn::ExprPath) -> bool {
        if last_name(path) == "stop_gradient" {
            return true;
        }
        let segments: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|s| s.ident.to_string())
            .collect();
        let Some(owner) = segments.iter().rev().nth(1) else {
            return false;
        };
        let named = [
            "f32",
            "f64",
            "Float",
            "FloatCore",
            "Real",
            "RealField",
            "ComplexField",
        ];
        named.contains(&owner.as_str()) || self.floats.iter().any(|t| t == owner)
    }

    /// Calls of closures and of functions that the compiler knows.
    fn known_call(&mut self, path: &syn::ExprPath, call: &syn::ExprCall) -> Option<Value> {
        let local = path.path.get_ident().and_then(|n| self.scopes.get(n));
        if let Some(Binding::Value(Value::Fun(f))) = local {
            let f: Callable = f.clone();
            let args = self.settled_args(call);
            return Some(self.apply(&f, args));
        }
        if let Some(Binding::Fn(f)) = local {
            let f = f.clone();
            return Some(self.local_call(&f, call));
        }
        if let Some(binding) = local {
            let unknown = !matches!(binding, Binding::Item);
            let name = path.path.get_ident().filter(|_| unknown)?;
            self.diagnostics.call_of_variable(name);
            return Some(super::failed());
        }
        let name = last_name(path);
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let Some(value) = self.conversion(call, path) {
            return Some(value);
        }
        if self.is_scalar_path(path) {
            return self.scalar_call(path, &name, &args, call);
        }
        let of_libm = self.sine_and_cosine(path, &args);
        if let Some(value) = of_libm.or_else(|| self.rule_call(path, &args)) {
            return Some(value);
        }
        if let Some(value) = self.matrix_constructor(path, call) {
            return Some(value);
        }
        match (name.as_str(), args.as_slice()) {
            ("Some" | "Ok" | "Err", [value]) => {
                let value = self.value(value);
                let value = self.settled(value);
                constructed(&name, value)
            }
            ("drop", [value]) => {
                let value = self.value(value);
                self.drop_value(value);
                Some(Value::Unit)
            }
            _ if owner_is(path, "iter") => self.iterator_maker(path, &args),
            ("successors" | "repeat_with", [.., _]) if path.path.get_ident().is_some() => {
                self.iterator_maker(path, &args)
            }
            ("from_fn", [f]) if is_from_fn(path) => {
                let f = self.callable(f)?;
                self.array_from_fn(path, &f)
            }
            ("swap", [a, b]) if owner_is(path, "mem") => {
                let (a, b) = (self.place(a), self.place(b));
                if self.in_one_variant(&a, &b) {
                    self.exchange(a, b);
                } else {
                    self.out.push(Stmt::Swap(a, b));
                }
                Some(Value::Unit)
            }
            ("replace", [target, value]) if owner_is(path, "mem") => {
                let value = self.operand(value);
                let place = self.place(target);
                Some(self.replaced(place, value))
            }
            ("take", [target]) if owner_is(path, "mem") => {
                let place = self.place(target);
                self.default_for(&place)
                    .map(|value| self.replaced(place, value))
            }
            ("identity", [value]) if owner_is(path, "convert") => Some(self.value(value)),
            ("black_box", [value]) if owner_is(path, "hint") => Some(self.value(value)),
            ("new", [f]) if owner_is(path, "Box") && self.is_function(f) => Some(self.value(f)),
            ("new", []) if is_list(path) => Some(empty_vec()),
            ("with_capacity", [capacity]) if is_list(path) => {
                let _ = self.operand(capacity);
                Some(empty_vec())
            }
            ("from", [value]) if is_list(path) => {
                let place = self.place(value);
                let (Ty::Array(element) | Ty::Slice(element) | Ty::Vec(element)) =
                    self.place_ty(&place)
                else {
                    return None;
                };
                let method = proc_macro2::Ident::new("to_vec", proc_macro2::Span::call_site());
                Some(Value::Rhs(Rhs::Clone { place, method }, Ty::Vec(element)))
            }
            _ => None,
        }
    }

    /// A closure, or a path that surely is that of a function.
    fn is_function(&self, expr: &syn::Expr) -> bool {
        match peel(expr) {
            syn::Expr::Closure(_) => true,
            syn::Expr::Path(path) => match path.path.get_ident().and_then(|n| self.scopes.get(n)) {
                Some(binding) => matches!(binding, Binding::Value(Value::Fun(_)) | Binding::Fn(_)),
                None => self.names_function(path),
            },
            _ => false,
        }
    }

    /// Are both in a variant of one value? They cannot be borrowed together.
    fn in_one_variant(&self, a: &Place, b: &Place) -> bool {
        let (a, b) = (self.function.resolve(a), self.function.resolve(b));
        let mut both = a.path.iter().chain(&b.path);
        a.root == b.root && both.any(|step| matches!(step, Proj::Payload(_)))
    }

    /// What `mem::take` leaves.
    fn default_for(&mut self, place: &Place) -> Option<Operand> {
        match self.place_ty(place) {
            ty @ Ty::Vec(_) => Some(self.temp(Rhs::Aggregate(Aggregate::Vec, Vec::new()), ty)),
            ty @ Ty::Float(FloatTy::F32 | FloatTy::F64 | FloatTy::Literal) => {
                Some(super::constant(syn::parse_quote!(0.0), ty))
            }
            Ty::Int => Some(super::int(0)),
            Ty::Bool => Some(super::boolean(false)),
            _ => None,
        }
    }

    /// Takes a `Vec` out of a place and leaves an empty one.
    pub fn taken(&mut self, place: Place, ty: Ty) -> Operand {
        let empty = self.temp(Rhs::Aggregate(Aggregate::Vec, Vec::new()), ty);
        let value = self.replaced(place, empty);
        self.operand_of(value)
    }

    /// `mem::replace(&mut place, value)`
    fn replaced(&mut self, place: Place, value: Operand) -> Value {
        let ty = self.place_ty(&place);
        if matches!(ty, Ty::Float(_) | Ty::Int | Ty::Bool) {
            let old = self.temp(Rhs::Read(place.clone()), ty);
            self.out.push(Stmt::Assign { place, value });
            return Value::Operand(old);
        }
        let spare = self.fresh("t", ty, VarKind::Mutable);
        self.out.push(Stmt::Let {
            var: spare,
            rhs: Rhs::Use(value),
        });
        self.out.push(Stmt::Swap(place, Place::var(spare)));
        Value::Place(Place::var(spare))
    }

    /// A function with a rule, by its path.
    fn rule_call(&mut self, path: &syn::ExprPath, args: &[&syn::Expr]) -> Option<Value> {
        let rule = self.rule_by_path(path, args.len())?;
        let stops = rule.get().name == "stop_gradient";
        let args = args.iter().map(|a| {
            let value = self.value(a);
            match self.lent_whole(&value).filter(|_| stops) {
                Some(parameter) => Operand::Var(parameter),
                None => self.operand_of(value),
            }
        });
        let args: Vec<Operand> = args.collect();
        let ty = self.rule_ty(&args);
        let path = Some(path.clone());
        Some(Value::Rhs(Rhs::Rule { rule, path, args }, ty))
    }

    /// The parameter that a value lends as it is, where that is of a type of the user's.
    fn lent_whole(&self, value: &Value) -> Option<VarId> {
        let place = match value {
            Value::Ref {
                place,
                mutable: false,
            } => place,
            _ => return None,
        };
        let parameter = self.function.params.iter().any(|p| p.var == place.root);
        let whole = matches!(place.path.as_slice(), [Proj::Deref]);
        let unknown = matches!(self.function.place_ty(place), Ty::Unknown | Ty::Struct(_));
        (parameter && whole && unknown).then_some(place.root)
    }

    /// `f64::max(a, b)`, `T::from(x)`, `T::zero()`
    fn scalar_call(
        &mut self,
        path: &syn::ExprPath,
        name: &str,
        args: &[&syn::Expr],
        call: &syn::ExprCall,
    ) -> Option<Value> {
        if let Some(value) = self.rule_call(path, args) {
            return Some(value);
        }
        let target = self.owner_ty(path);
        match (name, args) {
            ("from", [arg]) if matches!(target, Ty::Float(FloatTy::F64 | FloatTy::F32)) => {
                let value = self.value(arg);
                if self.value_ty(&value).peel().is_struct() {
                    return Some(self.number_of(path, value, target));
                }
                let operand = self.operand_of(value);
                let converted = self.converted(operand, &target);
                converted.or_else(|| Some(self.inert(&syn::Expr::Call(call.clone()), target)))
            }
            ("sin_cos", [arg]) => {
                let x = self.operand(arg);
                let parts = ["sin", "cos"].map(|name| {
                    let value = self.rule(name, vec![x.clone()]).unwrap_or(Value::Unit);
                    Value::Operand(self.operand_of(value))
                });
                Some(Value::Tuple(parts.into()))
            }
            _ => Some(self.inert(&syn::Expr::Call(call.clone()), target)),
        }
    }

    /// The type that a path like `T::zero` belongs to.
    fn owner_ty(&self, path: &syn::ExprPath) -> Ty {
        let owner = path.path.segments.iter().rev().nth(1);
        match owner.map(|s| s.ident.clone()) {
            Some(t) if t == "f64" => Ty::Float(FloatTy::F64),
            Some(t) if t == "f32" => Ty::Float(FloatTy::F32),
            Some(t) if self.floats.contains(&t) => Ty::Float(FloatTy::Param(t)),
            _ => Ty::Unknown,
        }
    }
}

/// `Some(value)`, `Ok(value)`, `Err(value)`
fn constructed(name: &str, value: Value) -> Option<Value> {
    match name {
        "Some" => Some(super::option::some(value)),
        "Ok" => Some(super::wrapper::ok(value)),
        "Err" => Some(super::wrapper::err(value)),
        _ => None,
    }
}

fn empty_vec() -> Value {
    let rhs = Rhs::Aggregate(Aggregate::Vec, Vec::new());
    Value::Rhs(rhs, Ty::Vec(Box::new(Ty::Unknown)))
}

/// The last name of a path.
pub fn last_name(path: &syn::ExprPath) -> String {
    let last = path.path.segments.last();
    last.map(|s| s.ident.to_string()).unwrap_or_default()
}

/// `Vec::len`, `<[f64]>::to_vec`, `Clone::clone`: a method by its path.
fn is_method_path(path: &syn::ExprPath) -> bool {
    let owners = [
        "Vec", "Clone", "ToOwned", "Into", "Option", "slice", "f64", "f32", "Float",
    ];
    path.qself.is_some() || owners.iter().any(|owner| owner_is(path, owner))
}

/// `Vec::f`, `VecDeque::f`: a local deque is a `Vec` in the derivative program.
fn is_list(path: &syn::ExprPath) -> bool {
    owner_is(path, "Vec") || owner_is(path, "VecDeque")
}

pub fn owner_is(path: &syn::ExprPath, name: &str) -> bool {
    let owner = path.path.segments.iter().rev().nth(1);
    owner.is_some_and(|s| s.ident == name)
}

/// Does the path name a free function? `Point(x)` builds a value, `Type::f(x)` belongs to a type.
fn is_function(path: &syn::ExprPath) -> bool {
    let segments = &path.path.segments;
    let owner = segments.iter().rev().nth(1);
    let free = owner.is_none_or(|s| is_lower(&s.ident.to_string()));
    path.qself.is_none() && !is_type_like(&last_name(path)) && free
}
