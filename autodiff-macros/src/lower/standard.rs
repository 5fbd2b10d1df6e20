//! Functions of the language that the compiler knows: those of numbers, of lists, of `std::mem`.
//!
//! ```text
//! f64::max(a, b)              t = rule max(a, b)
//! mem::replace(&mut v, w)     let mut spare = w; swap(v, spare)
//! ```

use super::Lower;
use super::calls::{last_name, owner_is};
use super::expected::is_from_fn;
use super::place::peel;
use super::scope::Binding;
use super::value::Value;
use crate::ir::{Aggregate, FloatTy, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};

impl Lower<'_> {
    /// Is it one of these?
    pub fn is_known(&self, path: &syn::ExprPath, arity: usize) -> bool {
        let name = last_name(path);
        self.rule_by_path(path, arity).is_some()
            || self.both_at_once(path).is_some()
            || matches!(name.as_str(), "new" | "with_capacity") && self.is_of_std(path)
            || matches!(name.as_str(), "replace" | "take" | "swap") && owner_is(path, "mem")
            || owner_is(path, "iter")
            || is_from_fn(path)
            || matches!(name.as_str(), "successors" | "repeat_with")
                && path.path.get_ident().is_some()
            || self.drops(path)
            || self.is_scalar_path(path)
    }

    /// `f64::sin`, `T::max`, `Float::sqrt`, `num_traits::Float::powi`; also `stop_gradient`.
    pub fn is_scalar_path(&self, path: &syn::ExprPath) -> bool {
        if last_name(path) == "stop_gradient" {
            return true;
        }
        let segments = crate::names::of_path(&path.path);
        let Some(owner) = segments.iter().rev().nth(1) else {
            return false;
        };
        let named = ["Float", "FloatCore", "Real", "RealField", "ComplexField"];
        let is_float = owner == "f64" || owner == "f32";
        let known = named.contains(&owner.as_str()) || self.floats.iter().any(|t| t == owner);
        is_float || known && !self.hides_rule_by_path(path)
    }

    /// `drop`, not a function of the user's own of that name.
    fn drops(&self, path: &syn::ExprPath) -> bool {
        let own = || self.file().is_some_and(|file| file.may_mean_own("drop"));
        let plain = || path.path.get_ident().is_some() && !own();
        last_name(path) == "drop" && (owner_is(path, "mem") || plain())
    }

    /// Calls of closures and of functions that the compiler knows.
    pub fn known_call(&mut self, path: &syn::ExprPath, call: &syn::ExprCall) -> Option<Value> {
        let local = path.path.get_ident().and_then(|n| self.scopes.get(n));
        if let Some(binding) = local.cloned() {
            return self.call_of_local(path, binding, call);
        }
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let Some(value) = self.conversion(call, path) {
            return Some(value);
        }
        if self.is_scalar_path(path) {
            return self.scalar_call(path, &last_name(path), &args, call);
        }
        if let Some(path) = self.special_function(path) {
            let func = Box::new(syn::Expr::Path(path));
            return Some(self.call(&syn::ExprCall {
                func,
                ..call.clone()
            }));
        }
        let of_libm = self.sine_and_cosine(path, &args);
        if let Some(value) = of_libm.or_else(|| self.rule_call(path, &args)) {
            return Some(value);
        }
        if let Some(value) = self.matrix_constructor(path, call) {
            return Some(value);
        }
        self.standard_call(path, &args)
    }

    /// A call of what a name stands for inside of the function.
    fn call_of_local(
        &mut self,
        path: &syn::ExprPath,
        binding: Binding,
        call: &syn::ExprCall,
    ) -> Option<Value> {
        match binding {
            Binding::Value(Value::Fun(f)) => {
                let args = self.settled_args(call);
                Some(self.apply(&f, args))
            }
            Binding::Fn(f) => Some(self.local_call(&f, call)),
            Binding::Item => None,
            _ => {
                let name = path.path.get_ident()?;
                self.diagnostics.call_of_variable(name);
                Some(super::failed())
            }
        }
    }

    /// Functions of the standard library.
    fn standard_call(&mut self, path: &syn::ExprPath, args: &[&syn::Expr]) -> Option<Value> {
        let name = last_name(path);
        match (name.as_str(), args) {
            ("Some" | "Ok" | "Err", [value]) => {
                let value = self.value(value);
                let value = self.settled(value);
                constructed(&name, value)
            }
            ("drop", [value]) if self.drops(path) => {
                let value = self.value(value);
                self.drop_value(value);
                Some(Value::Unit)
            }
            _ if owner_is(path, "iter") => self.iterator_maker(path, args),
            ("successors" | "repeat_with", [.., _]) if path.path.get_ident().is_some() => {
                self.iterator_maker(path, args)
            }
            ("from_fn", [f]) if is_from_fn(path) => {
                let f = self.callable(f)?;
                self.array_from_fn(path, &f)
            }
            ("swap", [a, b]) if owner_is(path, "mem") => {
                let (a, b) = (self.exchanged_place(a), self.exchanged_place(b));
                self.swap_places(a, b);
                Some(Value::Unit)
            }
            ("replace", [target, value]) if owner_is(path, "mem") => {
                let value = self.operand(value);
                let place = self.exchanged_place(target);
                Some(self.replaced(place, value))
            }
            ("take", [target]) if owner_is(path, "mem") => {
                let place = self.exchanged_place(target);
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
    pub fn in_one_variant(&self, a: &Place, b: &Place) -> bool {
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
        let rule = self.rule_by_path(path, args.len());
        let rule = rule.filter(|_| !self.has_other_exponent(path, args))?;
        let stops = rule.get().name == "stop_gradient";
        if let (true, [arg]) = (stops, args)
            && let Some(value) = self.stopped_reference(rule, path, arg)
        {
            return Some(value);
        }
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

    /// `stop_gradient(&m)` of a matrix or struct: a reference to a copy.
    fn stopped_reference(
        &mut self,
        rule: crate::rules::RuleId,
        path: &syn::ExprPath,
        arg: &syn::Expr,
    ) -> Option<Value> {
        let named = match peel(arg) {
            syn::Expr::Reference(e) => peel(&e.expr),
            other => other,
        };
        if !matches!(named, syn::Expr::Path(_)) {
            return None;
        }
        let value = self.value(arg);
        let Value::Ref {
            place,
            mutable: false,
        } = &value
        else {
            return None;
        };
        let owned = self.place_ty(place);
        let whole = matches!(owned, Ty::Matrix(_) | Ty::Struct(_) | Ty::Motion(_));
        if !whole || self.lent_whole(&value).is_some() {
            return None;
        }
        let args = vec![self.temp(Rhs::copy(place.clone(), &owned), owned.clone())];
        let (path, mutable) = (Some(path.clone()), false);
        let copy = self.temp(Rhs::Rule { rule, path, args }, owned);
        let place = Place::var(self.in_variable(copy));
        Some(Value::Ref { place, mutable })
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
                if matches!(self.function.operand_ty(&operand), Ty::Int | Ty::Bool) {
                    let name = self.mentioned(&operand);
                    let code = syn::parse_quote!(#path(#name));
                    let number = self.built(code, &[&operand], target, false);
                    return Some(Value::Operand(number));
                }
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
    pub fn owner_ty(&self, path: &syn::ExprPath) -> Ty {
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
pub fn constructed(name: &str, value: Value) -> Option<Value> {
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

/// `Vec::f`, `VecDeque::f`: a local deque is a `Vec` in the derivative program.
fn is_list(path: &syn::ExprPath) -> bool {
    owner_is(path, "Vec") || owner_is(path, "VecDeque")
}
