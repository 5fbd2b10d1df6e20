//! Traits that the crate's source shows to be annotated: generic code calls their methods on what is differentiated.
//!
//! ```text
//! #[differentiate] trait Model { fn rhs(&self, y: f64) -> f64; }
//! fn step<M: Model>(model: &M, y: f64) -> f64 { y + model.rhs(y) }      where M: Differentiable, <M as Model>::__Differentiated: ActiveReceiver
//! ```

use super::Source;
use super::text::before;
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
    /// Does the name mean a trait with the attribute?
    fn is_annotated(&self, name: &str) -> bool {
        let found = self.look_up(name);
        found.is_some_and(|(source, (keyword, _))| {
            let text = source.text();
            let attributes = before(text, keyword);
            let conditional = attributes.contains("cfg_attr");
            text[keyword..].starts_with("trait")
                && attributes.contains("differentiate")
                && !conditional
        })
    }
}
