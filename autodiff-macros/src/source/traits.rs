//! Traits that the crate's source shows to be annotated: generic code calls their methods on what is differentiated.
//!
//! ```text
//! #[differentiate] trait Model { fn rhs(&self, y: f64) -> f64; }
//! fn step<M: Model>(model: &M, y: f64) -> f64 { y + model.rhs(y) }      where M: Differentiable, <M as Model>::__Differentiated: ActiveReceiver
//! ```

use super::Source;
use super::text::{before, occurrences};
use crate::lower::types::bounds;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{GenericArgument, Generics, PathArguments, TypeParamBound};

/// What a type parameter has to be for values of it to be differentiated.
pub fn tangent_bounds(name: &Ident, generics: &Generics, rt: &TokenStream) -> Vec<TokenStream> {
    let own = quote!(#name: #rt::Differentiable);
    let source = Source::of(name.span());
    let annotated = bounds(name, generics).filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = &bound.path.segments.last()?.ident;
            let plain = bound.path.segments.len() == 1 && bound.lifetimes.is_none();
            let annotated = plain && source.as_ref()?.is_annotated(&last.to_string());
            annotated.then(|| without_associated(&bound.path))
        }
        _ => None,
    });
    let receivers =
        annotated.map(|path| quote!(<#name as #path>::__Differentiated: #rt::ActiveReceiver));
    [own].into_iter().chain(receivers).collect()
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
    fn is_annotated(&self, name: &str) -> bool {
        let Some((source, (keyword, _))) = self.look_up(name) else {
            return false;
        };
        let text = source.text();
        let is_trait = text[keyword..].starts_with("trait");
        is_trait && leaves_receivers_open(before(text, keyword))
    }
}

/// Is the attribute among these, without the options `self` and `wrt`?
fn leaves_receivers_open(attributes: &str) -> bool {
    let given = attributes.split_once("differentiate").map(|(_, rest)| rest);
    let options = given.map(|rest| rest.split(']').next().unwrap_or_default());
    let names = |options: &str, name| occurrences(options, name).next().is_some();
    let open = options.is_some_and(|o| !names(o, "self") && !names(o, "wrt"));
    open && !attributes.contains("cfg_attr")
}

#[cfg(test)]
mod tests {
    use super::leaves_receivers_open;

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
        ] {
            assert!(!leaves_receivers_open(text), "{text}");
        }
    }
}
