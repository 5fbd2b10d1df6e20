//! Types that the source of the user's crate tells: fields of structs.
//!
//! ```text
//! struct Curve { times: Vec<f64>, knots: usize }
//! fn last(c: &Curve) -> f64 { *c.times.last().unwrap() }      c.times is a list, c.knots an integer
//! ```
//!
//! What is defined once at the top level of the file, or of the file that an import names, leaves no doubt; of anything else nothing is known.

use super::types::Written;
use crate::homonyms;
use crate::ir::{Ty, field_of_variant};
use crate::source::Source;
use crate::source::items::Definition;
use proc_macro2::{Ident, Span};
use std::cell::{OnceCell, RefCell};
use syn::visit_mut::{self, VisitMut};

/// What is known beside the function.
pub struct Told {
    span: Span,
    source: OnceCell<Option<Source>>,
    /// The type that `Self` stands for.
    owner: Option<syn::Type>,
    /// The types that are being looked at: one that contains itself is not looked at again.
    open: RefCell<Vec<String>>,
}

impl Told {
    /// In the file that the span is in.
    pub fn new(span: Span, owner: Option<syn::Type>) -> Self {
        Self {
            span,
            source: OnceCell::new(),
            owner,
            open: RefCell::default(),
        }
    }

    /// That file.
    pub fn source(&self) -> Option<&Source> {
        self.source.get_or_init(|| Source::of(self.span)).as_ref()
    }

    /// The type that `Self` is.
    pub fn this(&self, written: &Written<'_>) -> Ty {
        let ty = self.owner.as_ref().map(|owner| written.known(owner));
        ty.filter(Ty::is_struct).unwrap_or_else(Ty::structure)
    }

    /// A type by its name.
    pub fn named(&self, path: &syn::TypePath, written: &Written<'_>) -> Ty {
        let one = path.qself.is_none() && path.path.segments.len() == 1;
        let Some(last) = path.path.segments.last().filter(|_| one) else {
            return Ty::Unknown;
        };
        let name = last.ident.to_string();
        let name = name.trim_start_matches("r#");
        if self.open.borrow().iter().any(|open| open == name) {
            return Ty::structure();
        }
        let source = written.source.or_else(|| self.source());
        let Some((source, definition)) = source.and_then(|s| Some((s, s.type_definition(name)?)))
        else {
            return Ty::Unknown;
        };
        self.open.borrow_mut().push(name.to_owned());
        let written = Written {
            source: Some(definition.source.as_ref().unwrap_or(source)),
            ..*written
        };
        let ty = defined(&definition, &last.arguments, &written);
        self.open.borrow_mut().pop();
        ty
    }
}

fn defined(definition: &Definition, arguments: &syn::PathArguments, written: &Written<'_>) -> Ty {
    let inert = |ty: Ty| definition.differentiable.then(Ty::structure).unwrap_or(ty);
    let known = |ty: &syn::Type, generics: &syn::Generics| {
        let marked = written.source.map(|s| homonyms::marked_type(ty, s));
        let ty = marked.as_ref().unwrap_or(ty);
        written.known(&with_arguments(ty, generics, arguments))
    };
    match &definition.item {
        syn::Item::Type(alias) => known(&alias.ty, &alias.generics),
        syn::Item::Enum(item) if item.variants.iter().all(|v| v.fields.is_empty()) => {
            inert(Ty::Inert)
        }
        syn::Item::Enum(item) => variants(item, &known),
        syn::Item::Struct(item) => {
            let fields = item.fields.iter().enumerate().map(|(k, field)| {
                let name = field.ident.as_ref().map(ToString::to_string);
                let ty = known(&field.ty, &item.generics);
                let marked = field.attrs.iter().any(|a| a.path().is_ident("constant"));
                let ty = if marked { ty.constant() } else { ty };
                (name.unwrap_or_else(|| k.to_string()), ty)
            });
            let fields: Vec<(String, Ty)> = fields.collect();
            if fields.iter().all(|(_, ty)| ty.is_inert()) && !definition.differentiable {
                return Ty::Inert;
            }
            Ty::Struct(fields.into())
        }
        _ => Ty::Unknown,
    }
}

/// An enum as the fields of all its variants.
fn variants(item: &syn::ItemEnum, known: &dyn Fn(&syn::Type, &syn::Generics) -> Ty) -> Ty {
    let of_variant = |variant: &syn::Variant| {
        let fields = variant.fields.iter().enumerate();
        let fields = fields.map(|(k, field)| {
            let name = match &field.ident {
                Some(name) => field_of_variant(&variant.ident, name),
                None => field_of_variant(&variant.ident, &k),
            };
            let marked = field.attrs.iter().any(|a| a.path().is_ident("constant"));
            let ty = known(&field.ty, &item.generics);
            (name, if marked { ty.constant() } else { ty })
        });
        fields.collect::<Vec<_>>()
    };
    Ty::Struct(item.variants.iter().flat_map(of_variant).collect())
}

/// The type with the arguments that stand for the parameters; `_` for those that are not written.
fn with_arguments(
    ty: &syn::Type,
    generics: &syn::Generics,
    arguments: &syn::PathArguments,
) -> syn::Type {
    let given: Vec<syn::Type> = match arguments {
        syn::PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .filter_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let names = generics.type_params().map(|p| p.ident.clone());
    let given = given.into_iter().map(Some).chain(std::iter::repeat(None));
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
