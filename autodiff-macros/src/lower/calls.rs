//! Calls of functions.
//!
//! ```text
//! helper(&x[1..], a * b)      t1 = a * b; t2 = call helper(&x[1..], t1)
//! ```

use super::place::peel;
use super::source::Source;
use super::standard::constructed;
use super::structs::is_type_like;
use super::value::{Callable, Value};
use super::{Lower, motion};
use crate::case::{is_lower, is_upper};
use crate::ir::{Arg, Call, CallKind, Home, Op, Operand, Results, Rhs, Stmt, Ty, VarKind};
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
        if self.is_of_type_without_rules(path) {
            return self.inert(&whole(), Ty::Unknown);
        }
        if let Some(value) = self.written_here(path, call) {
            return value;
        }
        if super::structs::is_constructor(path) {
            return self.constructed(call, path);
        }
        let Some(path) = self.plain_callee(call) else {
            let text = owner_is(path, "String");
            return self.inert(&whole(), if text { Ty::Inert } else { Ty::Unknown });
        };
        let args = self.args_of(&path, &call.args);
        // By convention a constructor gives a value of its type.
        let constructor = self.is_member(&path) && self.is_maker(&path);
        let ty = match motion::of_constructor(&path, &self.floats) {
            Some(motion) => motion,
            None if constructor => self.constructed_ty(&path),
            None => match self.result_of_call(&path, &args) {
                Ty::Unknown if self.is_member(&path) => {
                    let this = self.owner_of(&path);
                    let owner = path.path.segments.iter().rev().nth(1);
                    self.own_result(&last_name(&path), &this, owner.map(|s| &s.ident))
                }
                ty => ty,
            },
        };
        let integers = self.declared_integers(&path);
        let var = self.fresh("t", ty, VarKind::Value);
        self.push_call(&path, args, Results::One(var));
        self.as_integers(var, integers)
    }

    /// `fs[k](x)`, `(if c { f64::sin } else { f64::cos })(x)`, `gaussian(sigma)(x)`
    fn computed_function(&mut self, func: &syn::Expr, call: &syn::ExprCall) -> Option<Value> {
        use syn::Expr;
        let computed = matches!(
            func,
            Expr::Index(_) | Expr::If(_) | Expr::Match(_) | Expr::Unary(_)
        ) || self.is_given(func);
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
    pub fn is_of_std(&self, path: &syn::ExprPath) -> bool {
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
        let of_float = self.floats.contains(&owner.ident) && !self.hides_rule_by_path(path);
        of_float || std.iter().any(|name| owner.ident == name)
    }

    /// A call of a function inside the function: inlined, or kept as it is where only integers and the like are handed to it.
    pub fn local_call(&mut self, f: &Callable, call: &syn::ExprCall) -> Value {
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

    pub fn settled_args(&mut self, call: &syn::ExprCall) -> Vec<Value> {
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
            home: self.home(path),
        };
        self.called.extend(crate::ir::visit::result_vars(&results));
        self.out.push(Stmt::Call { results, call });
    }

    /// Where a function is defined.
    fn home(&self, path: &syn::ExprPath) -> Home {
        let name = path.path.get_ident();
        if name.is_some_and(|name| self.companions.contains(name)) {
            return Home::Inside;
        }
        let names = crate::names::of_path(&path.path);
        let seen = |first: &String| self.declared.contains(first) || self.declared.contains("*");
        let source = self.told.source.as_ref();
        match source.filter(|_| path.qself.is_none() && !names.first().is_some_and(seen)) {
            Some(source) if source.is_elsewhere(&names, &self.function.name.to_string()) => {
                Home::Elsewhere
            }
            _ => Home::Path,
        }
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
        let called = |lower: &Self| Some(lower.called_by(path, callee?));
        let expected = |lower: &Self| lower.expected_inputs(&called(lower)?, k);
        let parameter = |lower: &Self| lower.parameter(path, k);
        let typed = self.typed_into(expr, parameter);
        let expr = typed.as_ref().unwrap_or(expr);
        if let Some(function) = self.function_arg(expr, expected) {
            return function;
        }
        if let Some(var) = self.option_of_copy(expr) {
            return self.lent_copy(var);
        }
        match (peel(expr), self.value(expr)) {
            (syn::Expr::Reference(_), value @ Value::Tuple(_)) => {
                let whole = self.reference_to_value(value, false);
                self.arg_of(whole)
            }
            (_, value) => match called(self) {
                Some(called) => {
                    let of = self.named_type(expr);
                    let value = self.made_into(value, of, parameter);
                    self.declared_arg(value, &called, k)
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
            Value::Optional(optional) if optional.lends() => self.lent_option(*optional, false),
            other => Arg::Value(self.operand_of(other)),
        }
    }

    /// A function applied to values that were lowered before.
    pub fn apply_path(&mut self, path: &syn::ExprPath, args: Vec<Value>) -> Value {
        let special = self.special_function(path);
        let path = special.as_ref().unwrap_or(path);
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
