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
use crate::ir::{Arg, Inert, Operand, Place, Rhs, Ty, VarId};
use crate::names::names;
use crate::signature;
use crate::source::Source;
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Generics, Signature, Type};

impl Lower<'_> {
    /// The types of the parameters of the function that the `k`th argument is, as far as the definition of what it is handed to tells them.
    pub fn expected_inputs(&self, callee: &Ident, method: bool, k: usize) -> Option<Vec<Type>> {
        let (signature, here) = self.file()?.signature_of(&callee.to_string())?;
        let has_receiver = matches!(signature.inputs.first(), Some(FnArg::Receiver(_)));
        let skipped = usize::from(method && has_receiver);
        let FnArg::Typed(parameter) = signature.inputs.iter().nth(k + skipped)? else {
            return None;
        };
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
        parameter: impl FnOnce(&Self) -> Option<Parameter>,
    ) -> Value {
        if !self.is_foreign(&value) {
            return value;
        }
        match parameter(self).and_then(|parameter| self.wanted(parameter)) {
            Some(target) => self.converted_by(value, &target),
            None => value,
        }
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
        let mut segments = path.path.segments.iter().rev();
        let name = segments.next()?.ident.to_string();
        let owner = segments.next().map(|s| s.ident.to_string());
        let owner = match owner.as_deref() {
            Some("Self") => self.told.owner_name(),
            _ => owner.filter(|owner| is_upper(owner)),
        };
        let (file, owner) = (self.file()?, owner.as_deref());
        let (found, of) = match file.signature_with(&name, owner) {
            Some(found) => (found, None),
            None => {
                let other = file.definition(owner?)?.source;
                (other.signature_with(&name, owner)?, Some(other))
            }
        };
        let parameter = Parameter::of(found, k)?;
        Some(Parameter { of, ..parameter })
    }

    /// The same of a method, beside its receiver.
    pub fn parameter_of_method(&self, method: &Ident, k: usize) -> Option<Parameter> {
        let (file, name) = (self.file()?, method.to_string());
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

    /// The type of the user's that a parameter becomes.
    fn wanted(&self, mut parameter: Parameter) -> Option<Type> {
        parameter.ty = signature::becomes(&parameter.signature, &parameter.ty)?;
        self.is_told_here(&mut parameter).then_some(())?;
        let target = parameter.ty;
        let of_users = matches!(target, Type::Path(_)) && self.ty(&target).may_be_users();
        of_users.then_some(target)
    }

    /// A value as the `k`th argument of a function, as its definition takes it: an iterator as a list of its items, what holds no number as a constant.
    pub fn declared_arg(&mut self, value: Value, callee: &Ident, method: bool, k: usize) -> Arg {
        match self.taken_as(&value, callee, method, k) {
            Some(Taken::Items) => {
                let place = self.place_of(value);
                let element = Box::new(self.place_ty(&place).element());
                let method = Ident::new("to_vec", Span::mixed_site());
                let copy = Rhs::Clone { place, method };
                Arg::Value(self.temp(copy, Ty::Vec(element)))
            }
            Some(Taken::Constant) => match value {
                Value::Ref { place, .. } => {
                    let behind = self.owned_constant(place);
                    Arg::Ref(Place::var(self.in_variable(behind)))
                }
                value => Arg::Value(self.without_derivative(value)),
            },
            None => self.arg_of(value),
        }
    }

    /// The value as one that has no derivative.
    fn without_derivative(&mut self, value: Value) -> Operand {
        let (expr, uses) = self.code(value);
        self.constant_code(expr, uses)
    }

    /// What is lent, which the pullback lends again: it owns it.
    fn owned_constant(&mut self, place: Place) -> Operand {
        if place.is_whole() && self.nameless.contains(&place.root) {
            return self.without_derivative(Value::Place(place));
        }
        let mutable = false;
        let (expr, uses) = self.code(Value::Ref { place, mutable });
        let rt = &self.runtime;
        self.constant_code(syn::parse_quote!(#rt::ToOwned::to_owned(#expr)), uses)
    }

    fn constant_code(&mut self, expr: syn::Expr, uses: Vec<VarId>) -> Operand {
        let constant = Inert {
            expr,
            uses,
            writes: Vec::new(),
            cheap: false,
            what: "a constant argument".to_owned(),
        };
        self.temp(Rhs::Inert(constant), Ty::Inert)
    }

    /// What the parameter is, where a value cannot be handed to it as it is.
    fn taken_as(&self, value: &Value, callee: &Ident, method: bool, k: usize) -> Option<Taken> {
        let ty = self.value_ty(value);
        let is_list = matches!(ty, Ty::Array(_));
        let lent = matches!(value, Value::Ref { .. });
        let handed_on = lent && matches!(ty.peel(), Ty::Unknown | Ty::Struct(_));
        let changed = matches!(value, Value::Iter(_) | Value::Ref { mutable: true, .. });
        if handed_on || changed || !is_untold(&ty) {
            return None;
        }
        let source = self.file()?;
        let (signature, _) = source.signature_of(&callee.to_string())?;
        let has_receiver = matches!(signature.inputs.first(), Some(FnArg::Receiver(_)));
        let FnArg::Typed(parameter) =
            (signature.inputs.iter()).nth(k + usize::from(method && has_receiver))?
        else {
            return None;
        };
        if is_list && signature::takes_items(&signature, &parameter.ty) {
            return Some(Taken::Items);
        }
        let constant = holds_no_number(&parameter.ty, &signature.generics, source);
        constant.then_some(Taken::Constant)
    }
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
    /// What holds no number.
    Constant,
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
