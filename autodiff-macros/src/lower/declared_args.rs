//! What the definition of a function tells of its arguments: the parameters of closures that are handed to it have the types that it gives them.
//!
//! ```text
//! fn rk4(f: impl Fn(f64, &mut [f64]), y: f64)      rk4(|t, dy| dy[0] = t, y)      |t: f64, dy: &mut [f64]|
//! ```
//!
//! A wrong guess does not compile.

use super::value::Value;
use super::{Lower, expected, types};
use crate::case::is_upper;
use crate::declared::holds_no_number;
use crate::emit::types::referred;
use crate::ir::{Arg, Inert, Operand, Place, Proj, Rhs, Ty, VarId, VarKind};
use crate::names::names;
use crate::signature;
use crate::source::{Source, functions};
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Generics, Signature, Type};

/// A function or method that is called, by its name.
pub struct Called<'a> {
    name: &'a Ident,
    method: bool,
    /// The type that it belongs to, as far as that is known.
    of: Option<String>,
}

impl Called<'_> {
    /// The `k`th parameter beside the receiver of a method.
    fn parameter<'s>(&self, signature: &'s Signature, k: usize) -> Option<&'s syn::PatType> {
        let has_receiver = matches!(signature.inputs.first(), Some(FnArg::Receiver(_)));
        let skipped = usize::from(self.method && has_receiver);
        match signature.inputs.iter().nth(k + skipped)? {
            FnArg::Typed(parameter) => Some(parameter),
            FnArg::Receiver(_) => None,
        }
    }
}

impl Lower<'_> {
    /// What a path with this last name calls.
    pub fn called_by<'e>(&self, path: &syn::ExprPath, name: &'e Ident) -> Called<'e> {
        Called {
            name,
            method: false,
            of: self.owner_named(path),
        }
    }

    /// What a method call calls.
    pub fn method_called<'e>(&self, call: &'e syn::ExprMethodCall) -> Called<'e> {
        Called {
            name: &call.method,
            method: true,
            of: self.named_type(&call.receiver),
        }
    }

    /// The type that a path to one of its functions names.
    fn owner_named(&self, path: &syn::ExprPath) -> Option<String> {
        let owner = path.path.segments.iter().rev().nth(1)?.ident.to_string();
        match owner.as_str() {
            "Self" => self.told.owner_name(),
            _ => Some(owner).filter(|owner| is_upper(owner)),
        }
    }

    /// The signature of what is called, and whether it stands in the file: of the type that it belongs to, or of all that have the name, if they agree.
    fn signature_called(&self, called: &Called) -> Option<(Signature, bool)> {
        let (file, name) = (self.file()?, called.name.to_string());
        let owned = || {
            let ((signature, _), of) = self.signature_of_owner(&name, called.of.as_deref()?)?;
            Some((signature, of.is_none()))
        };
        owned().or_else(|| file.signature_of(&name))
    }

    /// The signature of a function of a type, with the generics around it and the file, where that is another one.
    fn signature_of_owner(
        &self,
        name: &str,
        owner: &str,
    ) -> Option<((Signature, Generics), Option<Source>)> {
        let file = self.file()?;
        if let Some(found) = file.signature_with(name, Some(owner)) {
            return Some((found, None));
        }
        let other = file.definition(owner)?.source;
        let found = other.signature_with(name, Some(owner))?;
        Some((found, Some(other).filter(|other| !file.is(other))))
    }

    /// The types of the parameters of the function that the `k`th argument is, as far as the definition of what it is handed to tells them.
    pub fn expected_inputs(&self, called: &Called, k: usize) -> Option<Vec<Type>> {
        let (signature, here) = self.signature_called(called)?;
        let parameter = called.parameter(&signature, k)?;
        let function = types::function_type(&parameter.ty, &signature.generics)?;
        let mut open = Open {
            params: &signature.generics,
            here,
            fails: false,
        };
        let mut inputs = function.inputs;
        if let Some(float) = self.only_float() {
            let floats = types::float_params(&signature.generics);
            let mut known = Known { floats, float };
            inputs.iter_mut().for_each(|ty| known.visit_type_mut(ty));
        }
        for ty in &mut inputs {
            open.visit_type_mut(ty);
        }
        (!open.fails).then_some(inputs)
    }

    /// The float type of the function's parameters, if they have no other: literals do not say what type parameters are.
    fn only_float(&self) -> Option<Type> {
        let mut all = self.function.params.iter().map(|p| p.ty.to_token_stream());
        match &self.floats[..] {
            [] if !all.any(|ty| names(ty).any(|name| name == "f32")) => {
                Some(syn::parse_quote!(f64))
            }
            _ => None,
        }
    }
}

/// Writes the float type for the type parameters that are floats.
struct Known {
    floats: Vec<Ident>,
    float: Type,
}

impl VisitMut for Known {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::Path(path)
                if path
                    .path
                    .get_ident()
                    .is_some_and(|n| self.floats.contains(n)) =>
            {
                *ty = self.float.clone();
            }
            ty => visit_mut::visit_type_mut(self, ty),
        }
    }
}

impl Lower<'_> {
    /// What is handed to a parameter that is known by what it becomes, made into that: `Line::new((x, y))` of `fn new(p: impl Into<Point>)`. A value that may
    /// be of that type already is left as it is.
    pub fn made_into(
        &mut self,
        value: Value,
        of: Option<String>,
        parameter: impl FnOnce(&Self) -> Option<Parameter>,
    ) -> Value {
        let foreign = self.is_foreign(&value);
        let given = self.value_ty(&value).peel().clone();
        let told = foreign || of.is_some() || matches!(given, Ty::Unknown | Ty::Inert | Ty::Int);
        let wanted = || self.wanted(parameter(self)?);
        let Some(target) = told.then(wanted).flatten() else {
            return value;
        };
        let ty = self.ty(&target);
        let another = || foreign || !self.may_be_named(&target, of.as_deref());
        if ty.is_inert() || given == Ty::Int && ty.is_float() {
            let (code, uses) = self.code(value);
            let made = syn::parse_quote!(<#target as ::core::convert::From<_>>::from(#code));
            return Value::Operand(self.constant_code(made, uses, ty));
        }
        match (foreign || of.is_some()) && ty.may_be_users() && another() {
            true => self.converted_by(value, &target),
            false => value,
        }
    }

    /// May the type be the one of this name?
    fn may_be_named(&self, ty: &Type, name: Option<&str>) -> bool {
        let is_alias = |name: &str| {
            let definition = self.file().and_then(|file| file.definition(name));
            definition.is_none_or(|d| matches!(d.item, syn::Item::Type(_)))
        };
        let one_of = |last: &str, name: &str| last == name || is_alias(last) || is_alias(name);
        let last = functions::owner(ty);
        !matches!((last, name), (Some(last), Some(name)) if !one_of(&last, name))
    }

    /// `x.into()` as an argument, with the type that the definition of what is called takes.
    pub fn typed_into(
        &self,
        expr: &syn::Expr,
        parameter: impl FnOnce(&Self) -> Option<Parameter>,
    ) -> Option<syn::Expr> {
        // Only where it matters is the source looked at.
        expected::of_type(expr, &syn::parse_quote!(_T))?;
        let mut parameter = parameter(self)?;
        self.is_told_here(&mut parameter).then_some(())?;
        expected::of_type(expr, &parameter.ty)
    }

    /// The `k`th parameter of a function of the file, or of one that belongs to a type, which another file defines.
    pub fn parameter(&self, path: &syn::ExprPath, k: usize) -> Option<Parameter> {
        let name = path.path.segments.last()?.ident.to_string();
        let (found, of) = match self.owner_named(path) {
            Some(owner) => self.signature_of_owner(&name, &owner)?,
            None => (self.file()?.signature_with(&name, None)?, None),
        };
        let parameter = Parameter::of(found, k)?;
        Some(Parameter { of, ..parameter })
    }

    /// The same of a method, beside its receiver.
    pub fn parameter_of_method(&self, called: &Called, k: usize) -> Option<Parameter> {
        let (file, name) = (self.file()?, called.name.to_string());
        let owner = called.of.as_deref();
        if let Some((found, of)) = owner.and_then(|of| self.signature_of_owner(&name, of)) {
            let parameter = Parameter::of(found, k + 1)?;
            return Some(Parameter { of, ..parameter });
        }
        if let Some(found) = file.signature_of_method(&name) {
            return Parameter::of(found, k + 1);
        }
        let (other, found) = file.only_method(&name)?;
        let parameter = Parameter::of(found, k + 1)?;
        let of = Some(other);
        Some(Parameter { of, ..parameter })
    }

    /// Does the type of a parameter mean the same here? Type parameters become `_`.
    fn is_told_here(&self, parameter: &mut Parameter) -> bool {
        let Some(file) = self.file().filter(|_| parameter.is_told()) else {
            return false;
        };
        let other = parameter.of.as_ref();
        other.is_none_or(|other| {
            let mut names = names(parameter.ty.to_token_stream());
            names.all(|name| file.means_as_in(other, &name.to_string()))
        })
    }

    /// The type that a parameter becomes.
    fn wanted(&self, mut parameter: Parameter) -> Option<Type> {
        parameter.ty = signature::becomes(&parameter.signature, &parameter.ty)?;
        self.is_told_here(&mut parameter).then_some(())?;
        Some(parameter.ty).filter(|target| matches!(target, Type::Path(_)))
    }

    /// A value as the `k`th argument of a function, as its definition takes it: an iterator as a list of its items, what holds no number as a constant.
    pub fn declared_arg(&mut self, value: Value, called: &Called, k: usize) -> Arg {
        self.settle_changed(&value, called, k);
        match self.taken_as(&value, called, k) {
            Some(Taken::Items) => {
                let place = self.place_of(value);
                Arg::Value(self.list_of(place))
            }
            Some(Taken::Constant { lent }) => match value {
                Value::Ref { place, .. } => {
                    let behind = self.owned_constant(place);
                    Arg::Ref(Place::var(self.in_variable(behind)))
                }
                value if lent => {
                    let ty = Ty::Ref(false, Box::new(Ty::Inert));
                    let (expr, uses) = self.code(value);
                    let reference = self.constant_code(expr, uses, ty);
                    Arg::Ref(Place::var(self.in_variable(reference)).then(Proj::Deref))
                }
                value => Arg::Value(self.without_derivative(value)),
            },
            None if lends(&value) && self.takes_option_of_slice(called, k) => match value {
                Value::Optional(optional) => self.lent_option(*optional, true),
                other => self.arg_of(other),
            },
            None => match self.lent_by_name(&value, called, k) {
                Some(lent) => lent,
                None => self.arg_of(value),
            },
        }
    }

    /// What is lent to be changed as a type that holds no number has no derivative, whatever else the call is given: a source of random numbers.
    fn settle_changed(&mut self, value: &Value, called: &Called, k: usize) {
        let Value::Ref {
            place,
            mutable: true,
        } = value
        else {
            return;
        };
        let var = self.function.var(place.root);
        let untold = var.ty.may_be_users() && matches!(var.kind, VarKind::Mutable);
        if !place.is_whole() || !untold {
            return;
        }
        let without_number = || {
            let (signature, _) = self.signature_called(called)?;
            let ty = &called.parameter(&signature, k)?.ty;
            let none = holds_no_number(referred(ty), &signature.generics, self.file()?);
            none.then_some(())
        };
        if without_number().is_some() {
            self.function.vars[place.root.0 as usize].ty = Ty::Inert;
        }
    }

    /// A copy of an array as a list.
    pub fn list_of(&mut self, array: Place) -> Operand {
        let element = Box::new(self.place_ty(&array).element());
        let method = Ident::new("to_vec", Span::mixed_site());
        let place = array;
        self.temp(Rhs::Clone { place, method }, Ty::Vec(element))
    }

    /// Is the parameter an `Option<&[T]>`?
    fn takes_option_of_slice(&self, called: &Called, k: usize) -> bool {
        let declared = self.signature_called(called);
        let parameter = declared
            .as_ref()
            .and_then(|(signature, _)| called.parameter(signature, k));
        let behind = parameter.and_then(|parameter| signature::lent(&parameter.ty));
        matches!(behind, Some(Type::Slice(_)))
    }

    /// The value as one that has no derivative.
    fn without_derivative(&mut self, value: Value) -> Operand {
        let (expr, uses) = self.code(value);
        self.constant_code(expr, uses, Ty::Inert)
    }

    /// What is lent, which the pullback lends again: it owns it.
    fn owned_constant(&mut self, place: Place) -> Operand {
        if place.is_whole() && self.nameless.contains(&place.root) {
            return self.without_derivative(Value::Place(place));
        }
        let mutable = false;
        let (expr, uses) = self.code(Value::Ref { place, mutable });
        let rt = &self.runtime;
        let owned = syn::parse_quote!(#rt::ToOwned::to_owned(#expr));
        self.constant_code(owned, uses, Ty::Inert)
    }

    fn constant_code(&mut self, expr: syn::Expr, uses: Vec<VarId>, ty: Ty) -> Operand {
        let constant = Inert {
            expr,
            uses,
            writes: Vec::new(),
            cheap: false,
            what: "a constant argument".to_owned(),
        };
        self.temp(Rhs::Inert(constant), ty)
    }

    /// What the parameter is, where a value cannot be handed to it as it is.
    fn taken_as(&self, value: &Value, called: &Called, k: usize) -> Option<Taken> {
        let ty = self.value_ty(value);
        let is_list = matches!(ty, Ty::Array(_));
        let lent = matches!(value, Value::Ref { .. });
        let handed_on = lent && matches!(ty.peel(), Ty::Unknown | Ty::Struct(_));
        let changed = matches!(value, Value::Iter(_) | Value::Ref { mutable: true, .. });
        let inert = ty == Ty::Inert;
        if handed_on || changed || lends(value) || !inert && !is_untold(&ty) {
            return None;
        }
        let source = self.file()?;
        let (signature, _) = self.signature_called(called)?;
        let parameter = called.parameter(&signature, k)?;
        if is_list && signature::takes_items(&signature, &parameter.ty) {
            return Some(Taken::Items);
        }
        let marked = parameter
            .attrs
            .iter()
            .any(|a| a.path().is_ident("constant"));
        let constant = marked || holds_no_number(&parameter.ty, &signature.generics, source);
        let lent = matches!(&*parameter.ty, Type::Reference(_));
        let text = lent && self.ty(&parameter.ty).is_inert();
        let constant = if inert { lent } else { constant || text };
        constant.then_some(Taken::Constant { lent })
    }

    /// A constant of which only the name is known, or a text, that a method takes as a reference: its backward part is given that again.
    fn lent_by_name(&mut self, value: &Value, called: &Called, k: usize) -> Option<Arg> {
        let Value::Operand(constant) = value else {
            return None;
        };
        (called.method && constant.is_named_constant()).then_some(())?;
        let parameter = self.parameter_of_method(called, k)?;
        matches!(parameter.ty, Type::Reference(_)).then_some(())?;
        let lent = self.ty(&parameter.ty);
        let reference = self.temp(Rhs::Use(constant.clone()), lent);
        Some(Arg::Ref(Place::var(reference.as_var()?).then(Proj::Deref)))
    }
}

/// Is it an `Option` of a reference?
fn lends(value: &Value) -> bool {
    matches!(value, Value::Optional(optional) if optional.lends())
}

/// May there be something in it of which nothing is known?
fn is_untold(ty: &Ty) -> bool {
    match ty.peel() {
        Ty::Array(_) | Ty::Unknown | Ty::Struct(_) => true,
        Ty::Tuple(parts) => parts.iter().any(is_untold),
        Ty::Slice(t) | Ty::Vec(t) | Ty::Option(t) => **t == Ty::Inert || is_untold(t),
        _ => false,
    }
}

/// What a parameter takes that is handed something else.
enum Taken {
    /// An iterator.
    Items,
    /// What holds no number, or a reference to it.
    Constant { lent: bool },
}

/// Writes `_` for type parameters of the definition. Names that only mean something where it stands fail.
struct Open<'g> {
    params: &'g syn::Generics,
    /// Does the definition stand in the same file?
    here: bool,
    fails: bool,
}

/// A parameter of a function.
pub struct Parameter {
    signature: Signature,
    /// The generics of the block around the function.
    around: Generics,
    ty: Type,
    /// The file of the function, where that is another one.
    of: Option<Source>,
}

impl Parameter {
    fn of((signature, around): (Signature, Generics), k: usize) -> Option<Self> {
        let FnArg::Typed(parameter) = signature.inputs.iter().nth(k)? else {
            return None;
        };
        let ty = (*parameter.ty).clone();
        Some(Self {
            signature,
            around,
            ty,
            of: None,
        })
    }

    /// Does its type mean the same where the function is called? Type parameters become `_`.
    fn is_told(&mut self) -> bool {
        [&self.signature.generics, &self.around]
            .into_iter()
            .all(|params| {
                let mut open = Open {
                    params,
                    here: true,
                    fails: false,
                };
                open.visit_type_mut(&mut self.ty);
                !open.fails
            })
    }
}

impl Open<'_> {
    fn is_param(&self, name: &Ident) -> bool {
        self.params.type_params().any(|p| p.ident == *name)
    }

    fn is_length(&self, name: &Ident) -> bool {
        let lengths = |p: &GenericParam| matches!(p, GenericParam::Const(c) if c.ident == *name);
        self.params.params.iter().any(lengths)
    }
}

impl VisitMut for Open<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Path(path) = ty {
            match path.path.get_ident() {
                // `N` of `SVector<T, N>` cannot be told from a type by how it is written.
                Some(name) if self.is_param(name) || self.is_length(name) => {
                    *ty = syn::parse_quote!(_);
                    return;
                }
                _ if path.qself.is_some() => self.fails = true,
                _ => {}
            }
            let first = path.path.segments.first();
            let unbound = first.is_some_and(|s| s.ident == "Self" || self.is_param(&s.ident));
            let named = types::known(ty, &[]) == crate::ir::Ty::Unknown;
            self.fails |= unbound || named && !self.here;
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        self.fails |= path
            .path
            .get_ident()
            .is_some_and(|name| self.is_length(name));
    }
}
