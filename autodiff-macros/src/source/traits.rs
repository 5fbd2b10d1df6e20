//! Traits that the crate's source shows to be annotated: generic code calls their methods on what is differentiated.
//!
//! Also what bounds of the crate's own say of numbers: `trait CoordNum: Num + Copy {}`.
//!
//! ```text
//! #[differentiate] trait Model { fn rhs(&self, y: f64) -> f64; }
//! fn step<M: Model>(model: &M, y: f64) -> f64 { y + model.rhs(y) }      where M: Differentiable, <M as Model>::__Differentiated: ActiveReceiver
//! ```

use super::text::{before, is_of_word, occurrences};
use super::{File, Source};
use crate::lower::types::{bounds, float_params, is_number_trait};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::rc::Rc;
use syn::{GenericArgument, Generics, PathArguments, TypeParamBound};

/// What a type parameter has to be for values of it to be differentiated.
pub fn tangent_bounds(name: &Ident, generics: &Generics, rt: &TokenStream) -> Vec<TokenStream> {
    let own = quote!(#name: #rt::Differentiable);
    // What is copied out of a reference has a tangent that is.
    let copied = bounds(name, generics).any(is_copy);
    let copied =
        copied.then(|| quote!(<#name as #rt::Differentiable>::Tangent: ::core::marker::Copy));
    let receivers = receivers(name, bounds(name, generics), rt);
    [own].into_iter().chain(copied).chain(receivers).collect()
}

fn is_copy(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    bound
        .path
        .segments
        .last()
        .is_some_and(|s| s.ident == "Copy")
}

/// Is one of these bounds of a type an annotated trait that leaves it to the types whether receivers are differentiated?
pub fn is_open<'b>(name: &Ident, bounds: impl Iterator<Item = &'b TypeParamBound>) -> bool {
    !receivers(name, bounds, &TokenStream::new()).is_empty()
}

/// What derivatives ask of a type with these bounds: each annotated trait among them, and among what these ask for, has derivatives with respect to receivers.
pub fn receivers<'b>(
    name: &Ident,
    bounds: impl Iterator<Item = &'b TypeParamBound>,
    rt: &TokenStream,
) -> Vec<TokenStream> {
    let mut all = Vec::new();
    if let Some(source) = Source::of(name.span()) {
        for bound in bounds {
            source.add_annotated(bound, &mut all, DEPTH, Source::is_open);
        }
    }
    let receiver = |path| quote!(<#name as #path>::__Differentiated: #rt::ActiveReceiver);
    all.into_iter().map(receiver).collect()
}

/// `Model<f64>` of `Model<f64, State = [f64; 2]>`
fn without_associated(path: &syn::Path) -> syn::Path {
    let mut path = path.clone();
    for segment in &mut path.segments {
        if let PathArguments::AngleBracketed(list) = &mut segment.arguments {
            let all = std::mem::take(&mut list.args).into_iter();
            let given = all.filter(|argument| {
                use GenericArgument::{Const, Lifetime, Type};
                matches!(argument, Type(_) | Const(_) | Lifetime(_))
            });
            list.args = given.collect();
        }
    }
    path
}

impl Source {
    /// Does the name mean a trait with the attribute that leaves it to the types whether receivers are differentiated?
    fn is_open(&self, name: &str) -> bool {
        self.stands_before(name, leaves_receivers_open)
    }

    /// Does the name mean a trait with the attribute?
    fn is_annotated(&self, name: &str) -> bool {
        self.stands_before(name, |attributes| options_of(attributes).is_some())
    }

    /// Is what stands before the trait of this name of this kind?
    fn stands_before(&self, name: &str, kind: fn(&str) -> bool) -> bool {
        let Some((source, (keyword, _))) = self.look_up(name) else {
            return false;
        };
        let text = source.text();
        let is_trait = text[keyword..].starts_with("trait");
        is_trait && kind(before(text, keyword))
    }
}

/// The annotated traits among these bounds of a type, and what they ask for, that types with a float for parameter implement: what is called of them
/// needs this float to be one that has derivatives.
pub fn floats_of<'b>(
    name: &Ident,
    bounds: impl Iterator<Item = &'b TypeParamBound>,
) -> Vec<TokenStream> {
    let (mut all, source) = (Vec::new(), Source::of(name.span()));
    if let Some(source) = &source {
        for bound in bounds {
            source.add_annotated(bound, &mut all, DEPTH, Source::is_annotated);
        }
    }
    let generic = |path: &syn::Path| {
        let (source, last) = (source.as_ref(), path.segments.last());
        source
            .zip(last)
            .is_some_and(|(source, last)| source.has_generic_impl(&last.ident.to_string()))
    };
    all.retain(generic);
    let floats = |path| quote!(<#name as #path>::__Floats);
    all.into_iter().map(floats).collect()
}

/// Does a type with a float for parameter implement the trait, which has none itself? `impl<T: Float> Area for Circle<T>`
pub fn has_generic_impl(name: &Ident) -> bool {
    let source = Source::of(name.span());
    source.is_some_and(|source| source.has_generic_impl(&name.to_string()))
}

/// How often the file implements a trait, with whatever arguments, for a type.
pub fn implementations_for(name: &Ident, owner: &syn::Type) -> usize {
    let source = Source::of(name.span());
    let (name, last) = (name.to_string(), super::functions::owner(owner));
    source.map_or(0, |source| {
        let all = implementations(source.text(), &name);
        all.filter(|(_, block)| super::functions::owner(&block.self_ty) == last)
            .count()
    })
}

/// Through how many traits it is followed that one is of numbers.
const DEPTH: usize = 6;

/// Does the bound name a trait of the crate's source that only numbers have, as the traits show that it asks for?
pub fn asks_for_numbers(bound: &syn::TraitBound) -> bool {
    let Some(last) = bound.path.segments.last() else {
        return false;
    };
    let source = Source::of(last.ident.span());
    source.is_some_and(|source| source.is_of_numbers(&last.ident.to_string(), DEPTH))
}

impl Source {
    /// The same of a name.
    fn is_of_numbers(&self, name: &str, depth: usize) -> bool {
        let known = self.file.numbers.borrow().get(name).copied();
        if let Some(known) = known {
            return known;
        }
        let found = depth > 0 && self.supertraits_are_of_numbers(name, depth - 1);
        self.file
            .numbers
            .borrow_mut()
            .insert(name.to_owned(), found);
        found
    }

    fn supertraits_are_of_numbers(&self, name: &str, depth: usize) -> bool {
        let Some((source, bounds)) = self.supertraits(name) else {
            return false;
        };
        bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
                let name = last.ident.to_string();
                is_number_trait(&name) || source.is_of_numbers(&name, depth)
            }),
            _ => false,
        })
    }

    /// The head of a trait, and the file that it stands in.
    fn head(&self, name: &str) -> Option<(Self, syn::ItemTrait)> {
        let (source, (keyword, _)) = self.look_up(name)?;
        let text = source.text()[keyword..].strip_prefix("trait")?;
        let head = text.split(['{', ';']).next()?;
        let item = syn::parse_str(&format!("trait {head} {{}}")).ok()?;
        Some((source, item))
    }

    fn has_generic_impl(&self, name: &str) -> bool {
        let known = self.krate.generic.borrow().get(name).copied();
        if let Some(known) = known {
            return known;
        }
        let head = self.head(name);
        let concrete = head.is_some_and(|(_, item)| float_params(&item.generics).is_empty());
        let generic =
            |file: Rc<File>| implementations(&file.text, name).any(|(_, i)| is_generic(&i));
        let found = concrete && self.krate.files().any(generic);
        self.krate
            .generic
            .borrow_mut()
            .insert(name.to_owned(), found);
        found
    }

    /// What a trait asks for, and the file that it stands in.
    pub(super) fn supertraits(&self, name: &str) -> Option<(Self, Vec<TypeParamBound>)> {
        let (source, item) = self.head(name)?;
        let of_self = |predicate: &syn::WherePredicate| match predicate {
            syn::WherePredicate::Type(p) => {
                let owner = &p.bounded_ty;
                let own = matches!(owner, syn::Type::Path(p) if p.path.is_ident("Self"));
                own.then(|| p.bounds.clone())
            }
            _ => None,
        };
        let clause = item.generics.where_clause.iter();
        let clause = clause.flat_map(|clause| &clause.predicates);
        let asked = clause.filter_map(of_self).flatten();
        Some((source, item.supertraits.into_iter().chain(asked).collect()))
    }

    /// Adds the annotated traits that a bound asks for, as far as this file can name them.
    fn add_annotated(
        &self,
        bound: &TypeParamBound,
        all: &mut Vec<syn::Path>,
        depth: usize,
        wanted: fn(&Self, &str) -> bool,
    ) {
        let TypeParamBound::Trait(bound) = bound else {
            return;
        };
        let plain = bound.path.segments.len() == 1 && bound.lifetimes.is_none();
        let Some(last) = bound.path.segments.last().filter(|_| plain && depth > 0) else {
            return;
        };
        let name = last.ident.to_string();
        if wanted(self, &name) {
            all.push(without_associated(&bound.path));
        }
        for bound in self.supertraits(&name).into_iter().flat_map(|(_, b)| b) {
            let given = matches!(&bound, TypeParamBound::Trait(b)
                if b.path.segments.iter().all(|s| s.arguments.is_none()));
            if given {
                self.add_annotated(&bound, all, depth - 1, wanted);
            }
        }
    }
}

/// The heads of the blocks that implement a trait, and where they begin.
pub fn implementations<'t>(
    text: &'t str,
    name: &'t str,
) -> impl Iterator<Item = (usize, syn::ItemImpl)> + 't {
    occurrences(text, name).filter_map(move |at| {
        let rest = &text[at + name.len()..];
        let end = rest.find(['{', ';', '}'])?;
        let start = text[..at].rfind("impl")?;
        let of_line = text[..start].rsplit('\n').next()?.trim();
        let begins = of_line.is_empty() || of_line.ends_with([']', '{', '}']);
        let head = &text[start..at + name.len() + end];
        let block: syn::ItemImpl = syn::parse_str(&format!("{head} {{}}"))
            .ok()
            .filter(|_| begins)?;
        let last = block.trait_.as_ref()?.0.segments.last()?;
        (last.ident == name).then_some((start, block))
    })
}

fn is_generic(block: &syn::ItemImpl) -> bool {
    !float_params(&block.generics).is_empty()
}

/// The options of the attribute, if it is among these.
fn options_of(attributes: &str) -> Option<&str> {
    let is_attribute = |at: &usize| {
        let path = attributes[..*at].trim_end_matches(|c: char| c == ':' || is_of_word(c));
        let rest = path.strip_suffix("#[");
        // What a text says of it is none.
        rest.is_some_and(|rest| !rest.ends_with(['`', '"']))
    };
    let at = occurrences(attributes, "differentiate").find(is_attribute)?;
    attributes[at + "differentiate".len()..].split(']').next()
}

/// Is the attribute among these, without the options `self` and `wrt`?
fn leaves_receivers_open(attributes: &str) -> bool {
    let options = options_of(attributes);
    let names = |options: &str, name| occurrences(options, name).next().is_some();
    let open = options.is_some_and(|o| !names(o, "self") && !names(o, "wrt"));
    open && !attributes.contains("cfg_attr")
}

#[cfg(test)]
mod tests {
    use super::{DEPTH, leaves_receivers_open};
    use crate::source::Source;

    #[test]
    fn implementations_with_floats() {
        let text = "trait Area { fn area(&self) -> f64; }\nimpl Area for Square {}\n    impl<T: Float> Area for Circle<T> where T: Copy {\n}\n\
            trait Norm<T> {}\nimpl<T: Float> Norm<T> for V<T> {}\ntrait Both<T: Float> {}\nimpl<T: Float> Both<T> for V<T> {}\n\
            trait Plain {}\nimpl<M: Area> Plain for Box<M> {}\n";
        let heads = |name| super::implementations(text, name).map(|(_, i)| super::is_generic(&i));
        assert_eq!(heads("Area").collect::<Vec<_>>(), [false, true]);
        assert_eq!(heads("Norm").collect::<Vec<_>>(), [true]);
        assert_eq!(heads("Plain").collect::<Vec<_>>(), [false]);
    }

    #[test]
    fn traits_of_numbers() {
        let text = "pub trait Base: Num + Copy {}\nimpl<T: Num + Copy> Base for T {}\ntrait Coord where Self: Base {}\n\
            trait Shape: Clone { fn area(&self) -> f64; }\ntrait Vector: Add<Output = Self> {}\nstruct Num;\n";
        let source = Source::new(text, "geometry");
        let is_one = |name| source.is_of_numbers(name, DEPTH);
        assert_eq!(
            ["Base", "Coord", "Shape", "Vector", "Other"].map(is_one),
            [true, true, false, false, false]
        );
    }

    #[test]
    fn options() {
        assert!(leaves_receivers_open("#[differentiate]\npub "));
        assert!(leaves_receivers_open(
            "/// A model.\n#[ad::differentiate(order = 2)]\n"
        ));
        for text in [
            "#[differentiate(self, order = 2)]",
            "#[differentiate(wrt = (self, x))]",
            "#[derive(Clone)]",
            "/// For `#[differentiate]`.\n#[must_use = \"differentiate\"]",
            "#[diagnostic::on_unimplemented(note = \"mark it `#[differentiate]`\")]",
        ] {
            assert!(!leaves_receivers_open(text), "{text}");
        }
    }
}
