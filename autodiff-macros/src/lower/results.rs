//! What calls give: the types that the crate's source tells of their results.

use super::calls::last_name;
use super::value::Value;
use super::{Lower, types};
use crate::case::is_upper;
use crate::homonyms;
use crate::ir::{Operand, Ty, VarId};

impl Lower<'_> {
    /// The type of what the functions of this name in the user's source give, if that is integers or `bool`s.
    pub fn declared_integers(&self, path: &syn::ExprPath) -> Option<syn::Type> {
        is_of_file(path).then(|| self.integers_of(&last_name(path)))?
    }

    /// The same of the members of a name.
    pub fn integers_of(&self, name: &str) -> Option<syn::Type> {
        let file = self.file()?;
        let ty = file.result_of(name);
        let ty = ty.or_else(|| file.result_of_member(name))?;
        let integers = types::known(&ty, &[]).is_integers();
        (integers && !file.may_give_bits(name)).then_some(ty)
    }

    /// What a call gave as integers, which no derivative flows through: that it is of this type the compiler sees to.
    pub fn as_integers(&mut self, var: VarId, ty: Option<syn::Type>) -> Value {
        let result = Operand::Var(var);
        let Some(ty) = ty else {
            return Value::Operand(result);
        };
        let known = types::known(&ty, &[]);
        self.function.vars[var.0 as usize].ty = known.clone();
        let value = self.mentioned(&result);
        let expr = syn::parse_quote!(::core::convert::identity::<#ty>(#value));
        Value::Operand(self.built(expr, &[&result], known, false))
    }

    /// Does a member of this name give a value of the type that it belongs to?
    pub fn is_maker(&self, path: &syn::ExprPath) -> bool {
        match last_name(path).as_str() {
            "new" => true,
            "from" => self.owner_of(path).is_struct(),
            _ => false,
        }
    }

    /// The type of which a path names a constructor.
    pub fn constructed_ty(&self, path: &syn::ExprPath) -> Ty {
        let ty = self.owner_of(path);
        if ty.is_struct() { ty } else { Ty::structure() }
    }

    /// The type that a member belongs to.
    pub fn owner_of(&self, path: &syn::ExprPath) -> Ty {
        let mut owner = path.path.clone();
        if let (Some(own), 1) = (&path.qself, owner.segments.len()) {
            return self.ty(&own.ty);
        }
        owner.segments.pop();
        owner.segments.pop_punct();
        self.ty(&syn::parse_quote!(#owner))
    }

    /// What the functions of this name in the user's source give, if it is of no other module, without what has no derivative: that such flows out of a call is never
    /// taken from a name.
    pub fn declared_result(&self, path: &syn::ExprPath) -> Ty {
        let name = last_name(path);
        let file = self.file().filter(|_| is_of_file(path));
        let free = path.path.get_ident().is_some();
        let result = file.and_then(|file| match free {
            true => file.result_of_free(&name),
            false => file.result_of(&name),
        });
        let result = result
            .zip(file)
            .map(|(ty, file)| homonyms::marked_type(&ty, file));
        result.map_or(Ty::Unknown, |ty| open(types::known(&ty, &[])))
    }

    /// The type of the user's own that the members of this name in the file give: that of what they belong to, or another one.
    pub fn own_result(&self, name: &str, this: &Ty, owner: Option<&proc_macro2::Ident>) -> Ty {
        let file = self.file();
        let result = file.and_then(|file| file.result_of(name));
        let result = result
            .zip(file)
            .map(|(ty, file)| homonyms::marked_type(&ty, file));
        match result {
            Some(syn::Type::Path(path))
                if this.is_struct()
                    && (path.path.is_ident("Self")
                        || path.path.get_ident() == owner && owner.is_some()) =>
            {
                this.clone()
            }
            Some(ty @ syn::Type::Path(_)) if matches!(self.ty(&ty).peel(), Ty::Struct(_)) => {
                Ty::structure()
            }
            Some(ty) if this.is_struct() => match open(types::known(&ty, &[])) {
                told @ (Ty::Tuple(_)
                | Ty::Vec(_)
                | Ty::Array(_)
                | Ty::Matrix(_)
                | Ty::Motion(_)) => told,
                _ => Ty::Unknown,
            },
            _ => Ty::Unknown,
        }
    }
}

/// Does the path name no other module?
fn is_of_file(path: &syn::ExprPath) -> bool {
    let owner = path.path.segments.iter().rev().nth(1);
    owner.is_none_or(|s| s.ident == "self" || is_upper(&s.ident.to_string()))
}

/// The type with anything for what has no derivative, or is moved out of an option.
fn open(ty: Ty) -> Ty {
    let inside = |ty: Box<Ty>| Box::new(open(*ty));
    match ty {
        Ty::Float(_) => ty,
        Ty::Tuple(parts) => Ty::Tuple(parts.into_iter().map(open).collect()),
        Ty::Array(t) => Ty::Array(inside(t)),
        Ty::Vec(t) => Ty::Vec(inside(t)),
        Ty::Matrix(t) => Ty::Matrix(inside(t)),
        Ty::Motion(t) => Ty::Motion(inside(t)),
        Ty::Factors(kind, t) => Ty::Factors(kind, inside(t)),
        Ty::Option(t) if t.is_copy() || t.is_matrix() || matches!(*t, Ty::Factors(..)) => {
            Ty::Option(inside(t))
        }
        _ => Ty::Unknown,
    }
}
