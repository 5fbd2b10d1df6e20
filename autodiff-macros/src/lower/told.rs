//! Types that the source of the user's crate tells: fields of structs.
//!
//! ```text
//! struct Curve { times: Vec<f64>, knots: usize }
//! fn last(c: &Curve) -> f64 { *c.times.last().unwrap() }      c.times is a list, c.knots an integer
//! ```
//!
//! What is defined once at the top level of the file, or of the file that an import names, leaves no doubt; of anything else nothing is known.

use super::types::Written;
use crate::declared::is_constant_field;
use crate::homonyms;
use crate::ir::{Ty, field_of_variant};
use crate::source::items::Definition;
use crate::source::{Source, functions};
use proc_macro2::Ident;
use std::cell::RefCell;
use syn::visit_mut::{self, VisitMut};

/// What is known beside the function.
pub struct Told {
    /// The file that it stands in.
    pub source: Option<Source>,
    /// The type that `Self` stands for.
    owner: Option<syn::Type>,
    /// The type parameters, which hide types of the same name.
    params: Vec<Ident>,
    /// The types that are being looked at: one that contains itself is not looked at again.
    open: RefCell<Vec<String>>,
}

impl Told {
    /// Of a function.
    pub fn new(sig: &syn::Signature, owner: Option<syn::Type>) -> Self {
        let params = sig.generics.type_params();
        Self {
            source: Source::of(sig.ident.span()),
            owner,
            params: params.map(|p| p.ident.clone()).collect(),
            open: RefCell::default(),
        }
    }

    /// The type that `Self` is.
    pub fn this(&self, written: &Written<'_>) -> Ty {
        let ty = self.owner.as_ref().map(|owner| written.known(owner));
        ty.filter(Ty::is_struct).unwrap_or_else(Ty::structure)
    }

    /// The last name of the type that `Self` stands for.
    pub fn owner_name(&self) -> Option<String> {
        functions::owner(self.owner.as_ref()?)
    }

    /// A type by its name.
    pub fn named(&self, path: &syn::TypePath, written: &Written<'_>) -> Ty {
        let Some(last) = path.path.segments.last().filter(|_| path.qself.is_none()) else {
            return Ty::Unknown;
        };
        if path.path.segments.len() > 1 {
            return self.alias_at(&path.path, written);
        }
        if self.params.contains(&last.ident) {
            return Ty::Unknown;
        }
        let name = last.ident.to_string();
        if self.open.borrow().contains(&name) {
            return Ty::structure();
        }
        let source = written.source.or(self.source.as_ref());
        let Some(definition) = source.and_then(|source| source.definition(&name)) else {
            return Ty::Unknown;
        };
        self.open.borrow_mut().push(name);
        let ty = defined(
            &definition,
            &self.arguments(last, written, &definition),
            written,
        );
        self.open.borrow_mut().pop();
        ty
    }

    /// `types::Scalar`, another name of a type.
    fn alias_at(&self, path: &syn::Path, written: &Written<'_>) -> Ty {
        let names = crate::names::of_path(path);
        let source = written.source.or(self.source.as_ref());
        let definition = source.and_then(|source| source.alias_at(&names));
        definition.map_or(Ty::Unknown, |d| defined(&d, &[], written))
    }

    /// The arguments that stand for the type parameters, none where a name of theirs may mean something else in the file of the definition.
    fn arguments(
        &self,
        path: &syn::PathSegment,
        written: &Written<'_>,
        definition: &Definition,
    ) -> Vec<Option<syn::Type>> {
        let source = written.source.or(self.source.as_ref());
        let here = source.is_some_and(|source| source.is(&definition.source));
        let plain = Written {
            told: None,
            ..*written
        };
        let means_the_same = |ty: &syn::Type| here || plain.known(ty) != Ty::Unknown;
        let syn::PathArguments::AngleBracketed(list) = &path.arguments else {
            return Vec::new();
        };
        let types = list.args.iter().filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        types
            .map(|ty| means_the_same(ty).then(|| ty.clone()))
            .collect()
    }
}

/// A type by its definition.
fn defined(definition: &Definition, arguments: &[Option<syn::Type>], written: &Written<'_>) -> Ty {
    let inside = Written {
        source: Some(&definition.source),
        ..*written
    };
    let known = |ty: &syn::Type, generics: &syn::Generics| {
        let ty = homonyms::marked_type(ty, &definition.source);
        inside.known(&with_arguments(&ty, generics, arguments))
    };
    let ty = match &definition.item {
        syn::Item::Type(alias) => return known(&alias.ty, &alias.generics),
        syn::Item::Enum(item) if item.variants.iter().any(|v| !v.fields.is_empty()) => {
            let named = item.variants.iter().flat_map(|variant| {
                let name = |field: String| field_of_variant(&variant.ident, &field);
                fields(&variant.fields, &item.generics, definition, &known)
                    .into_iter()
                    .map(move |(field, ty)| (name(field), ty))
            });
            return Ty::Struct(named.collect());
        }
        syn::Item::Enum(_) => Ty::Inert,
        syn::Item::Struct(item) => match fields(&item.fields, &item.generics, definition, &known) {
            all if all.iter().all(|(_, ty)| ty.is_inert()) => Ty::Inert,
            all => Ty::Struct(all.into()),
        },
        _ => return Ty::Unknown,
    };
    match ty {
        Ty::Inert if definition.differentiable => Ty::structure(),
        ty => ty,
    }
}

/// Fields by their names or numbers, with what is known of their types.
fn fields(
    fields: &syn::Fields,
    generics: &syn::Generics,
    definition: &Definition,
    known: &dyn Fn(&syn::Type, &syn::Generics) -> Ty,
) -> Vec<(String, Ty)> {
    let field = |(k, field): (usize, &syn::Field)| {
        let name = field.ident.as_ref().map(ToString::to_string);
        let constant = is_constant_field(field, generics, Some(&definition.source));
        let ty = known(&field.ty, generics);
        let ty = if constant { ty.constant() } else { ty };
        // A reference to what is not looked into is a value.
        let opaque = matches!(&ty, Ty::Ref(false, behind) if **behind == Ty::Inert);
        let ty = if opaque { Ty::Inert } else { ty };
        (name.unwrap_or_else(|| k.to_string()), ty)
    };
    fields.iter().enumerate().map(field).collect()
}

/// The type with the arguments that stand for the parameters; `_` for those that are not written.
fn with_arguments(
    ty: &syn::Type,
    generics: &syn::Generics,
    arguments: &[Option<syn::Type>],
) -> syn::Type {
    let names = generics.type_params().map(|p| p.ident.clone());
    let given = arguments.iter().cloned().chain(std::iter::repeat(None));
    let mut ty = ty.clone();
    Arguments(names.zip(given).collect()).visit_type_mut(&mut ty);
    ty
}

struct Arguments(Vec<(Ident, Option<syn::Type>)>);

impl VisitMut for Arguments {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        let name = match ty {
            syn::Type::Path(path) => path.path.get_ident(),
            _ => None,
        };
        match self.0.iter().find(|(param, _)| Some(param) == name) {
            Some((_, given)) => {
                *ty = given.clone().unwrap_or_else(|| syn::parse_quote!(_));
            }
            None => visit_mut::visit_type_mut(self, ty),
        }
    }
}
