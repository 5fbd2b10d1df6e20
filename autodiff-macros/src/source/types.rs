//! What types of the crate's own hold: whether there can be a number in them, and which of their parameters are the types of values.
//!
//! ```text
//! enum Kind { Call, Put }                                      no number
//! struct Point<T, U> { x: T, y: T, unit: PhantomData<U> }      values of `T`, none of `U`
//! ```
//!
//! Only what is surely so counts: one definition of the name. What a derive gives a tangent may have a derivative.

use super::{Source, follows, occurrences, text_of};
use crate::lower::types::known;
use proc_macro2::Ident;
use syn::{Fields, GenericArgument, Generics, Item, PathArguments, Type};

/// How deep types are looked into.
const DEPTH: usize = 8;

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
                None => wrapped(path).is_some_and(inside),
            },
            ty => parts(ty).is_some_and(|parts| parts.into_iter().all(inside)),
        }
    }

    /// The same of a name.
    fn is_empty_type(&self, name: &str, depth: usize) -> bool {
        let Some(Definition {
            item: Some(item),
            plain: true,
        }) = self.definition(name)
        else {
            return false;
        };
        let of_values = matches!(item, Item::Struct(_) | Item::Enum(_));
        let (fields, generics) = content(&item);
        let mut fields = fields.into_iter();
        of_values
            && generics.lifetimes().count() == generics.params.len()
            && fields.all(|ty| self.is_empty_of_numbers(ty, depth))
    }

    /// The type that the file gives another name, without parameters.
    pub fn meant_by(&self, name: &str) -> Option<Type> {
        let named = occurrences(&self.text, name).filter(|&k| follows(&self.text, k, "type"));
        let mut aliases = named.map(|k| {
            let start = self.text[..k].rfind("type")?;
            let end = end_of(&self.text, k)?;
            syn::parse_str::<syn::ItemType>(&self.text[start..end]).ok()
        });
        let alias = aliases.next()??;
        let alone = alias.generics.params.is_empty() && aliases.next().is_none();
        alone.then_some(*alias.ty)
    }

    /// How many lifetimes the type is declared with.
    pub fn lifetimes_of(&self, name: &str) -> usize {
        let definition = self.definition(name);
        let item = definition.and_then(|d| d.item);
        item.map_or(0, |item| content(&item).1.lifetimes().count())
    }

    /// Does a value of the type surely hold one of the type parameter?
    pub fn holds_one_of(&self, ty: &Type, param: &Ident) -> bool {
        self.holds(ty, param, DEPTH)
    }

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
        let given = || types.clone().any(|ty| self.holds(ty, param, depth));
        let item = given().then(|| self.definition(&last.ident.to_string()));
        let Some(Some(Definition {
            item: Some(item), ..
        })) = item
        else {
            return false;
        };
        let (fields, generics) = content(&item);
        let params = generics.type_params().zip(types.clone());
        let mut params = params.filter(|(_, ty)| self.holds(ty, param, depth));
        params.any(|(inner, _)| fields.iter().any(|ty| self.holds(ty, &inner.ident, depth)))
    }

    /// The one definition of a type: in this file, or else in the crate.
    fn definition(&self, name: &str) -> Option<Definition> {
        // The mark of a name that nalgebra has too.
        let name = name.trim_start_matches("r#");
        if self.is_foreign(name) {
            return None;
        }
        let here = definitions(&self.text, name);
        let found = match here.is_empty() {
            false => here,
            true => {
                let texts = self.files().iter().filter_map(|file| text_of(file));
                texts.flat_map(|text| definitions(&text, name)).collect()
            }
        };
        let [found] = <[Definition; 1]>::try_from(found).ok()?;
        Some(found)
    }

    /// Is the name, by an import, that of another crate's type?
    fn is_foreign(&self, name: &str) -> bool {
        let import = self
            .imports()
            .iter()
            .find(|i| i.name.as_deref() == Some(name));
        import.is_some_and(|import| !self.is_local(&import.path))
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

struct Definition {
    /// None where it is no struct or enum, or cannot be read.
    item: Option<Item>,
    /// Nothing gives it derivatives.
    plain: bool,
}

/// All definitions of a type in a text.
fn definitions(text: &str, name: &str) -> Vec<Definition> {
    const KEYWORDS: &[&str] = &["struct", "enum", "union", "type", "trait"];
    let keyword = |k| KEYWORDS.iter().find(|word| follows(text, k, word));
    let starts = occurrences(text, name).filter_map(|k| Some((text[..k].rfind(keyword(k)?)?, k)));
    let by_hand = text.contains(&format!("Differentiable for {name}"));
    let definition = |(start, k): (usize, usize)| Definition {
        item: end_of(text, k).and_then(|end| syn::parse_str(&text[start..end]).ok()),
        plain: !by_hand && !before(text, start).contains("Differentiable"),
    };
    starts.map(definition).collect()
}

/// What stands between the end of the item before and this position, attributes among it.
fn before(text: &str, position: usize) -> &str {
    let start = text[..position].rfind(['}', ';']).unwrap_or_default();
    &text[start..position]
}

/// Where the item that this position is in the head of ends: at its semicolon or its last brace.
pub(super) fn end_of(text: &str, position: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut rest = position;
    while rest < text.len() {
        if text[rest..].starts_with("//") {
            rest += text[rest..].find('\n')?;
            continue;
        }
        let c = text[rest..].chars().next()?;
        rest += c.len_utf8();
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && c == '}' {
                    return Some(rest);
                }
            }
            ';' if depth == 0 => return Some(rest),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::source::Source;

    #[test]
    fn parameters_of_values() {
        let text = "struct Point<T, U> { x: T, unit: PhantomData<U> }\nenum Shape<A> { Dot, Round(Vec<Point<A, ()>>) }\nstruct Tag<T>(PhantomData<T>);";
        let source = Source::new(text.to_owned(), Vec::new(), "geometry".to_owned());
        let holds = |ty: &str| {
            let param = syn::parse_quote!(S);
            syn::parse_str(ty).is_ok_and(|ty| source.holds_one_of(&ty, &param))
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

    fn holds_none(text: &str, ty: &str) -> bool {
        let source = Source::new(text.to_owned(), Vec::new(), "finance".to_owned());
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
