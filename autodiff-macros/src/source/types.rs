//! What types of the crate's own hold: whether there can be a number in them, and which of their parameters are the types of values.
//!
//! ```text
//! enum Kind { Call, Put }                                      no number
//! struct Point<T, U> { x: T, y: T, unit: PhantomData<U> }      values of `T`, none of `U`
//! ```
//!
//! Only what is surely so counts: one definition of the name. What a derive gives a tangent may have a derivative.

use super::Source;
use crate::emit::types::referred;
use crate::lower::types::{float_params, generic_function, known};
use crate::names::names;
use proc_macro2::Ident;
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::{Fields, GenericArgument, Generics, Item, PathArguments, Type};

/// How deep types are looked into.
const DEPTH: usize = 8;

/// The type parameters, floats and functions aside, of which values of these types surely hold some.
pub fn held(generics: &Generics, types: &[&Type]) -> Vec<Ident> {
    let floats = float_params(generics);
    let is_it = |ty: &Type, name: &Ident| match referred(ty) {
        Type::Path(path) => path.path.is_ident(name),
        _ => false,
    };
    let holds = |ty: &Type, name: &Ident| {
        Source::of(name.span()).is_some_and(|source| source.holds(ty, name, DEPTH))
    };
    let is_held = |name: &&Ident| types.iter().any(|ty| is_it(ty, name) || holds(ty, name));
    let open = generics.type_params().map(|p| &p.ident);
    let open =
        open.filter(|name| !floats.contains(name) && generic_function(name, generics).is_none());
    open.filter(is_held).cloned().collect()
}

impl Source {
    /// Is the type one of the crate's own, or made of such, that holds no number?
    pub fn holds_no_number(&self, ty: &Type) -> bool {
        self.is_empty_of_numbers(ty, DEPTH)
    }

    fn is_empty_of_numbers(&self, ty: &Type, depth: usize) -> bool {
        if known(ty, &[]).is_inert() {
            return true;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let inside = |ty: &Type| self.is_empty_of_numbers(ty, depth);
        match ty {
            Type::Path(path) if path.qself.is_none() => match without_types(&path.path) {
                Some(name) => self.is_empty_type(&name.to_string(), depth),
                None => {
                    let own = |name: &Ident| self.definition(&name.to_string()).is_some();
                    let known = path.path.segments.last().is_some_and(|s| !own(&s.ident));
                    known && contained(path).is_some_and(|types| types.into_iter().all(inside))
                }
            },
            ty => parts(ty).is_some_and(|parts| parts.into_iter().all(inside)),
        }
    }

    /// The same of a name.
    fn is_empty_type(&self, name: &str, depth: usize) -> bool {
        let Some(definition) = self.definition(name).filter(|d| !d.differentiable) else {
            return false;
        };
        let of_values = matches!(definition.item, Item::Struct(_) | Item::Enum(_));
        let (fields, generics) = content(&definition.item);
        let mut fields = fields.into_iter();
        of_values
            && generics.lifetimes().count() == generics.params.len()
            && fields.all(|ty| definition.source.is_empty_of_numbers(ty, depth))
    }

    /// The type that has another name, without parameters.
    pub fn meant_by(&self, name: &str) -> Option<Type> {
        let definition = self.definition(name)?;
        let Item::Type(alias) = &definition.item else {
            return None;
        };
        // A length by its name may mean something else here.
        let here = self.is(&definition.source) || !has_named_length(&alias.ty);
        (here && alias.generics.params.is_empty()).then(|| (*alias.ty).clone())
    }

    /// Does a value of the type of this name surely hold none of its own, however deep?
    pub fn holds_none_of_itself(&self, name: &str) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), Vec::new());
        let Some(first) = self.definition(name) else {
            return false;
        };
        open.push(first);
        while let Some(definition) = open.pop() {
            let (fields, _) = content(&definition.item);
            let alias = match &definition.item {
                Item::Type(alias) => Some(&*alias.ty),
                _ => None,
            };
            let types = fields.into_iter().chain(alias);
            for part in types.flat_map(|ty| names(ty.to_token_stream())) {
                let part = part.to_string();
                if part == name || part == "Self" {
                    return false;
                }
                if seen.insert(part.clone()) {
                    open.extend(definition.source.definition(&part));
                }
            }
        }
        true
    }

    /// How many lifetimes the type is declared with.
    pub fn lifetimes_of(&self, name: &str) -> usize {
        let definition = self.definition(name);
        definition.map_or(0, |d| content(&d.item).1.lifetimes().count())
    }

    /// Does a value of the type surely hold one of the type parameter?
    fn holds(&self, ty: &Type, param: &Ident, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let inside = |ty: &Type| self.holds(ty, param, depth);
        match ty {
            Type::Path(path) if path.qself.is_none() => {
                path.path.is_ident(param)
                    || wrapped(path).is_some_and(inside)
                    || self.record_holds(&path.path, param, depth)
            }
            ty => parts(ty).is_some_and(|parts| parts.into_iter().any(inside)),
        }
    }

    /// The same of a struct or enum with arguments.
    fn record_holds(&self, path: &syn::Path, param: &Ident, depth: usize) -> bool {
        let Some(last) = path.segments.last() else {
            return false;
        };
        let PathArguments::AngleBracketed(list) = &last.arguments else {
            return false;
        };
        let types = list.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        if !types.clone().any(|ty| self.holds(ty, param, depth)) {
            return false;
        }
        let Some(definition) = self.definition(&last.ident.to_string()) else {
            return false;
        };
        let (fields, generics) = content(&definition.item);
        let params = generics.type_params().zip(types.clone());
        let mut params = params.filter(|(_, ty)| self.holds(ty, param, depth));
        params.any(|(inner, _)| {
            let holds = |ty: &&Type| definition.source.holds(ty, &inner.ident, depth);
            fields.iter().any(holds)
        })
    }
}

/// `Name` of `Name` and of `Name<'_>`
fn without_types(path: &syn::Path) -> Option<&Ident> {
    let last = path.segments.last().filter(|_| path.segments.len() == 1)?;
    let only_lifetimes = match &last.arguments {
        PathArguments::None => true,
        PathArguments::AngleBracketed(list) => {
            let mut arguments = list.args.iter();
            arguments.all(|a| matches!(a, GenericArgument::Lifetime(_)))
        }
        PathArguments::Parenthesized(_) => false,
    };
    only_lifetimes.then_some(&last.ident)
}

/// Is there an array whose length is no literal?
fn has_named_length(ty: &Type) -> bool {
    match ty {
        Type::Array(array) if !matches!(array.len, syn::Expr::Lit(_)) => true,
        ty => parts(ty).is_some_and(|parts| parts.into_iter().any(has_named_length)),
    }
}

/// What a list, a tuple or a reference is made of.
fn parts(ty: &Type) -> Option<Vec<&Type>> {
    Some(match ty {
        Type::Reference(t) => vec![&t.elem],
        Type::Slice(t) => vec![&t.elem],
        Type::Array(t) => vec![&t.elem],
        Type::Paren(t) => vec![&t.elem],
        Type::Group(t) => vec![&t.elem],
        Type::Tuple(t) => t.elems.iter().collect(),
        _ => return None,
    })
}

/// `T` of `Option<T>`, `Vec<T>` and the like.
fn wrapped(path: &syn::TypePath) -> Option<&Type> {
    const NAMES: &[&str] = &["Option", "Vec", "Box"];
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(list) = &last.arguments else {
        return None;
    };
    let named = NAMES.iter().any(|name| last.ident == name);
    match (list.args.first()?, list.args.len()) {
        (GenericArgument::Type(ty), 1) if named => Some(ty),
        _ => None,
    }
}

/// The types of what a container holds.
fn contained(path: &syn::TypePath) -> Option<Vec<&Type>> {
    const NAMES: &[&str] = &["BTreeMap", "BTreeSet", "HashMap", "HashSet", "VecDeque"];
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(list) = &last.arguments else {
        return None;
    };
    let types = list.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    match wrapped(path) {
        Some(ty) => Some(vec![ty]),
        None => types
            .collect::<Option<_>>()
            .filter(|_| NAMES.iter().any(|name| last.ident == name)),
    }
}

/// The types of what a struct or enum holds, and its parameters.
fn content(item: &Item) -> (Vec<&Type>, &Generics) {
    fn types(fields: &Fields) -> impl Iterator<Item = &Type> {
        fields.iter().map(|field| &field.ty)
    }
    const NONE: &Generics = &Generics {
        lt_token: None,
        params: syn::punctuated::Punctuated::new(),
        gt_token: None,
        where_clause: None,
    };
    match item {
        Item::Struct(item) => (types(&item.fields).collect(), &item.generics),
        Item::Enum(item) => {
            let fields = item.variants.iter().flat_map(|v| types(&v.fields));
            (fields.collect(), &item.generics)
        }
        _ => (Vec::new(), NONE),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;

    #[test]
    fn parameters_of_values() {
        let text = "struct Point<T, U> { x: T, unit: PhantomData<U> }\nenum Shape<A> { Dot, Round(Vec<Point<A, ()>>) }\nstruct Tag<T>(PhantomData<T>);";
        let source = Source::new(text, "geometry");
        let holds = |ty: &str| {
            let param = syn::parse_quote!(S);
            syn::parse_str(ty).is_ok_and(|ty| source.holds(&ty, &param, super::DEPTH))
        };
        for ty in [
            "S",
            "&[S]",
            "Point<S, f64>",
            "Option<Shape<S>>",
            "Shape<Shape<S>>",
        ] {
            assert!(holds(ty), "{ty}");
        }
        for ty in [
            "f64",
            "Point<f64, S>",
            "Tag<S>",
            "Shape<Tag<S>>",
            "Other<S>",
        ] {
            assert!(!holds(ty), "{ty}");
        }
    }

    #[test]
    fn types_in_themselves() {
        let text = "struct Leaf(f64);\nstruct Node { kids: Vec<Node>, leaf: Leaf }\nstruct Chain<F> { stages: Vec<F> }\n\
            struct A { b: Option<B> }\nenum B { End, On(Box<A>) }\ntype Links = Chain<Leaf>;\n";
        let source = Source::new(text, "geometry");
        let none = |name| source.holds_none_of_itself(name);
        assert!(["Leaf", "Chain", "Links"].into_iter().all(none));
        assert!(!["Node", "A", "B", "Absent"].into_iter().any(none));
    }

    fn holds_none(text: &str, ty: &str) -> bool {
        let source = Source::new(text, "finance");
        syn::parse_str(ty).is_ok_and(|ty| source.holds_no_number(&ty))
    }

    #[test]
    fn types_without_numbers() {
        let text = "#[derive(Clone)] pub enum Kind { /// Right to buy {\n Call, Put(Side) }\nenum Side { Long = 1, Short }\n\
            struct Grid { rows: usize, kinds: Vec<Kind> }\npub struct Marker;\nstruct Seed(u64);";
        for ty in [
            "Kind",
            "&Kind",
            "Option<Side>",
            "&[Grid]",
            "Marker",
            "(Kind, Seed)",
        ] {
            assert!(holds_none(text, ty), "{ty}");
        }
    }

    #[test]
    fn types_with_numbers_or_of_doubt() {
        let text = "enum Kind { Call(f64), Put }\nstruct Grid<T> { data: T }\n#[derive(Clone, Differentiable)]\nenum Side { Long, Short }\n\
            struct Outer { kind: Kind }\nuse elsewhere::Day;\nstruct Twice;\nmod m { struct Twice(f64); }\ntype Real = f64;\n\
            struct Hand;\nimpl Differentiable for Hand {}";
        for ty in [
            "Kind", "Grid", "Side", "Outer", "Day", "Twice", "Real", "Hand", "Absent", "f64",
        ] {
            assert!(!holds_none(text, ty), "{ty}");
        }
    }
}
