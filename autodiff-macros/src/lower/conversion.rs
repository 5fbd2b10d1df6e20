//! Floats of one type as floats of another: `f64::from(x)`, `T::from_f64(x).unwrap()`, `x.to_f64()`, `x.into()`.
//!
//! ```text
//! T::from_f64(2.0 * x).unwrap()      t1 = 2.0 * x; t2 = t1 as T
//! T::from_f64(0.5).unwrap()          a constant
//! ```

use super::calls::last_name;
use super::value::Value;
use super::{Lower, types};
use crate::ir::{FloatTy, Operand, Results, Rhs, Ty, VarKind};
use proc_macro2::Ident;
use std::collections::BTreeMap;

/// Traits whose `from` may fail.
const OPTIONAL: &[&str] = &[
    "Float",
    "FloatCore",
    "NumCast",
    "PrimInt",
    "Real",
    "RealField",
    "ComplexField",
];

impl Lower<'_> {
    /// `T::from(x)`, `T::from_f64(x)`, `<T as NumCast>::from(x)` and `cast::<_, T>(x)`, which give an `Option`; `<T as From<f64>>::from(x)`, which does not.
    pub fn conversion(&mut self, call: &syn::ExprCall, path: &syn::ExprPath) -> Option<Value> {
        let owner = self.converting(path)?;
        let always = match &path.qself {
            Some(_) => path.path.segments.iter().rev().nth(1)?.ident == "From",
            None if last_name(path) == "from" => self.is_sure(&owner),
            None => {
                let name = last_name(path);
                self.traits_of(&owner.to_string(), |file, of| file.gives_self(of, &name))
            }
        };
        let converted = call.args.first().and_then(|arg| self.float_as(arg, &owner));
        let value = converted.unwrap_or_else(|| {
            let ty = Ty::Float(FloatTy::Param(owner));
            let code = |call: &syn::ExprCall| -> syn::Expr {
                match always {
                    true => syn::parse_quote!(#call),
                    false => syn::parse_quote!(#call.unwrap()),
                }
            };
            match self.integer_converted(call) {
                Some(integer) => {
                    let mut call = call.clone();
                    let name = self.mentioned(&integer);
                    call.args = [name].into_iter().collect();
                    Value::Operand(self.built(code(&call), &[&integer], ty, false))
                }
                None => self.inert(&code(call), ty),
            }
        });
        Some(match always {
            true => value,
            false => super::option::some(value),
        })
    }

    /// The integer that is converted, where a call gives it or it is a part of something: what else is in that has no part in the conversion.
    fn integer_converted(&mut self, call: &syn::ExprCall) -> Option<Operand> {
        let arg = call.args.first()?;
        let named = match super::place::peel(arg) {
            part if is_part(part) => None,
            syn::Expr::MethodCall(call) if is_part(&call.receiver) => None,
            syn::Expr::MethodCall(call) => Some(call.method.to_string()),
            syn::Expr::Call(call) => match &*call.func {
                syn::Expr::Path(path) => Some(last_name(path)),
                _ => return None,
            },
            _ => return None,
        };
        if let Some(name) = named {
            self.integers_of(&name)?;
        }
        let mark = self.mark();
        let operand = self.operand(arg);
        if *self.function.operand_ty(&operand) == Ty::Int && operand.as_var().is_some() {
            return Some(operand);
        }
        self.roll_back(mark);
        None
    }

    /// Does `T::from(x)` give a value, not an `Option`: is nothing done to it that is done to one, and `T` bound by a trait that no crate of numbers has?
    fn is_sure(&self, owner: &Ident) -> bool {
        let optional = |trait_name: &Ident| OPTIONAL.iter().any(|name| trait_name == name);
        self.held.is_none()
            && !self
                .bounds
                .get(owner)
                .is_some_and(|b| b.iter().any(optional))
    }

    /// The type parameter whose `from` this is, or that is the second argument of `cast`.
    fn converting(&self, path: &syn::ExprPath) -> Option<Ident> {
        let segments = &path.path.segments;
        let last = segments.last()?;
        let named = |ty: &syn::Type| match ty {
            syn::Type::Path(p) => p.path.get_ident().cloned(),
            _ => None,
        };
        let owner = match (&path.qself, &last.arguments) {
            (Some(owner), _) => named(&owner.ty),
            (None, syn::PathArguments::AngleBracketed(list)) if last.ident == "cast" => {
                match (list.args.len(), list.args.last()?) {
                    (2, syn::GenericArgument::Type(ty)) => named(ty),
                    _ => None,
                }
            }
            (None, _) => (segments.len() == 2).then(|| segments[0].ident.clone()),
        }?;
        let name = last.ident.to_string();
        let converts = name.starts_with("from") || name == "cast";
        let known = converts && self.floats.contains(&owner);
        (known && !self.has_other_function(&owner.to_string(), &name)).then_some(owner)
    }

    /// A float, not a literal, as one of a type parameter; so is what may be one, the field of a struct.
    fn float_as(&mut self, arg: &syn::Expr, to: &Ident) -> Option<Value> {
        let mark = self.mark();
        let reported = self.diagnostics.count();
        let value = self.value(arg);
        let value = self.behind(value);
        let operand = self.operand_of(value);
        let may_be_float = match self.function.operand_ty(&operand) {
            Ty::Float(FloatTy::Literal) => false,
            ty => (ty.is_float() || *ty == Ty::Unknown) && operand.as_var().is_some(),
        };
        if !may_be_float || self.diagnostics.count() > reported {
            self.roll_back(mark);
            return None;
        }
        self.converted(operand, &Ty::Float(FloatTy::Param(to.clone())))
    }

    /// `f64::from(length)`, of a type of the user's.
    pub fn number_of(&mut self, path: &syn::ExprPath, value: Value, target: Ty) -> Value {
        let owner = path.path.segments.first();
        let owner: syn::Type = syn::parse_quote!(#owner);
        self.number_as(value, &owner, target)
    }

    /// `let length: f64 = length.into()`, of a type of the user's.
    pub fn number_of_users(&mut self, value: Value, owner: &syn::Type) -> Value {
        let target = self.ty(owner);
        self.number_as(value, owner, target)
    }

    fn number_as(&mut self, value: Value, owner: &syn::Type, target: Ty) -> Value {
        let arg = self.arg_of(value);
        let var = self.fresh("t", target, VarKind::Value);
        let path = syn::parse_quote!(<#owner>::from);
        self.push_call(&path, vec![arg], Results::One(var));
        Value::Operand(Operand::Var(var))
    }

    /// `x.into()`, as the bounds of the type parameters have it.
    pub fn float_into(&mut self, value: Value, ty: &Ty) -> Value {
        let Ty::Float(from) = ty else {
            return value;
        };
        let bound = self.conversions.iter().find(|(f, _)| f == from);
        let to = match bound {
            Some((_, to)) => to.clone(),
            None if *from == FloatTy::F32 => FloatTy::F64,
            None => return value,
        };
        let operand = self.operand_of(value.clone());
        self.converted(operand, &Ty::Float(to)).unwrap_or(value)
    }

    /// A number as a float: `f64::from(x)`.
    pub fn converted(&mut self, operand: Operand, target: &Ty) -> Option<Value> {
        let to: syn::Type = match target {
            Ty::Float(FloatTy::F32) => syn::parse_quote!(f32),
            Ty::Float(FloatTy::F64) => syn::parse_quote!(f64),
            Ty::Float(FloatTy::Param(t)) => syn::parse_quote!(#t),
            _ => return None,
        };
        let source = self.function.operand_ty(&operand).clone();
        if source == *target {
            return Some(Value::Operand(operand));
        }
        let unknown = source == Ty::Unknown && operand.as_var().is_some();
        (source.is_float() || source == Ty::Int || unknown)
            .then(|| Value::Rhs(Rhs::Cast(operand, to), target.clone()))
    }
}

/// `self.count`, `counts[k]`
fn is_part(expr: &syn::Expr) -> bool {
    matches!(
        super::place::peel(expr),
        syn::Expr::Field(_) | syn::Expr::Index(_)
    )
}

/// The traits that each of the type parameters is bound by, by their last names.
pub fn bound_by(generics: &syn::Generics) -> BTreeMap<Ident, Vec<Ident>> {
    let traits = |name: &Ident| {
        let names = types::bounds(name, generics).filter_map(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => Some(bound.path.segments.last()?.ident.clone()),
            _ => None,
        });
        (name.clone(), names.collect())
    };
    generics.type_params().map(|p| traits(&p.ident)).collect()
}

/// `T: Into<f64>`, `T: From<f64>`: what `into` makes of which float.
pub fn conversions(generics: &syn::Generics, floats: &[Ident]) -> Vec<(FloatTy, FloatTy)> {
    let of = |name: &Ident| -> Vec<(FloatTy, FloatTy)> {
        let param = || FloatTy::Param(name.clone());
        let bounds = types::bounds(name, generics);
        let conversions = bounds.filter_map(|bound| conversion(bound, floats));
        conversions
            .map(|(into, other)| {
                if into {
                    (param(), other)
                } else {
                    (other, param())
                }
            })
            .collect()
    };
    floats.iter().flat_map(of).collect()
}

/// Does the bound make a float of these, or of a type of the language, of it?
pub fn into_float(bound: &syn::TypeParamBound, floats: &[Ident]) -> bool {
    conversion(bound, floats).is_some_and(|(into, _)| into)
}

/// `Into<f64>` or `From<f64>`
fn conversion(bound: &syn::TypeParamBound, floats: &[Ident]) -> Option<(bool, FloatTy)> {
    let syn::TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let segment = bound.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    let Some(syn::GenericArgument::Type(other)) = arguments.args.first() else {
        return None;
    };
    let Ty::Float(other) = types::known(other, floats) else {
        return None;
    };
    match segment.ident.to_string().as_str() {
        "Into" => Some((true, other)),
        "From" => Some((false, other)),
        _ => None,
    }
}
