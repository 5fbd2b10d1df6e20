//! What the crate's source declares of the types in a signature.
//!
//! ```text
//! enum Kind { Call, Put }
//! fn price(spot: f64, kind: Kind) -> f64        fn price(spot: f64, #[constant] kind: Kind) -> f64
//!
//! struct Nodes<'a> { x: &'a [f64] }
//! fn sum(nodes: &Nodes) -> f64                  fn sum(nodes: &Nodes<'_>) -> f64
//!
//! type Vec3 = [f64; 3];
//! fn norm(v: Vec3) -> f64                       fn norm(v: [f64; 3]) -> f64
//! ```
//!
//! *In*: the annotated item. *Out*: the same, parameters of types that hold no number marked as constants, lifetimes that were left out written.
//! Other names are seen through in what is differentiated only, in the body too.

use crate::case::is_upper;
use crate::ir::Ty;
use crate::lower::types::known;
use crate::members::is_of_users_trait;
use crate::source::Source;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericArgument, GenericParam, Generics, PathArguments, Type};

/// The item with what its signatures leave to declarations.
pub fn spelled_out(item: TokenStream) -> TokenStream {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(mut item @ (syn::Item::Fn(_) | syn::Item::Impl(_) | syn::Item::Trait(_))) => {
            Declared::default().item(&mut item);
            item.into_token_stream()
        }
        _ => item,
    }
}

/// The function with what other names of types of the language stand for; the user's own keeps the names.
pub fn seen_through(item: &syn::ItemFn) -> syn::ItemFn {
    struct Meant<'a>(&'a Generics);
    impl Meant<'_> {
        fn meant_by(&self, ty: &Type) -> Option<Type> {
            let Type::Path(path) = ty else { return None };
            let ident = path.path.get_ident().filter(|_| path.qself.is_none())?;
            self.meant_by_name(ident)
        }

        fn meant_by_name(&self, ident: &Ident) -> Option<Type> {
            let name = ident.to_string();
            let param = self.0.type_params().any(|p| p.ident == *ident);
            let ty: Type = syn::parse_quote!(#ident);
            if param || known(&ty, &[]) != Ty::Unknown || !is_upper(&name) {
                return None;
            }
            let meant = Source::of(ident.span())?.meant_by(&name)?;
            is_of_language(&known(&meant, &[])).then_some(meant)
        }
    }
    impl VisitMut for Meant<'_> {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Some(meant) = self.meant_by(ty) {
                *ty = meant;
            }
            visit_mut::visit_type_mut(self, ty);
        }

        /// `Real::sin`, `Real::EPSILON`
        fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
            visit_mut::visit_expr_path_mut(self, path);
            if let (None, 2, Some(first)) = (
                &path.qself,
                path.path.segments.len(),
                path.path.segments.first_mut(),
            ) && first.arguments.is_none()
                && let Some(Type::Path(meant)) = self.meant_by_name(&first.ident)
                && let Some(float) = meant.path.get_ident()
            {
                first.ident = Ident::new(&float.to_string(), first.ident.span());
            }
        }

        fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    }
    let mut function = item.clone();
    Meant(&item.sig.generics).visit_item_fn_mut(&mut function);
    function
}

/// Is it a type of the crate's own, or made of such, that holds no number, as the source shows? Parameters are of any type.
pub fn holds_no_number(ty: &Type, generics: &Generics, source: &Source) -> bool {
    let mut declared = Declared::default();
    let mut holds_none = false;
    declared.within(generics, |this| {
        holds_none = this.may_be_own(ty) && source.holds_no_number(ty);
    });
    holds_none
}

/// Has a field no derivative: is it marked so, or of a type without numbers?
pub fn is_constant_field(field: &syn::Field, generics: &Generics, source: Option<&Source>) -> bool {
    let marked = field.attrs.iter().any(|a| a.path().is_ident("constant"));
    marked || source.is_some_and(|source| holds_no_number(&field.ty, generics, source))
}

#[derive(Default)]
struct Declared {
    /// The type parameters in scope.
    generics: BTreeSet<String>,
}

impl Declared {
    fn is_constant(&self, arg: &syn::PatType) -> bool {
        let marked = arg.attrs.iter().any(|a| a.path().is_ident("constant"));
        let source = || Source::of(arg.ty.span());
        !marked && self.may_be_own(&arg.ty) && source().is_some_and(|s| s.holds_no_number(&arg.ty))
    }

    /// How many lifetimes the type of a path is declared with, and the path leaves out.
    fn lifetimes_left_out(&self, path: &syn::Path) -> usize {
        let Some(last) = path.segments.last() else {
            return 0;
        };
        let name = last.ident.to_string();
        let written = match &last.arguments {
            PathArguments::AngleBracketed(list) => {
                let mut arguments = list.args.iter();
                arguments.any(|a| matches!(a, GenericArgument::Lifetime(_)))
            }
            PathArguments::Parenthesized(_) => true,
            PathArguments::None => false,
        };
        let ty: Type = syn::parse_quote!(#path);
        let own = known(&ty, &[]) == Ty::Unknown && is_upper(&name);
        if written || !own || self.generics.contains(&name) {
            return 0;
        }
        let source = Source::of(last.ident.span());
        source.map_or(0, |s| s.lifetimes_of(&name))
    }

    /// Does the type name one that syntax does not know, which is no parameter?
    fn may_be_own(&self, ty: &Type) -> bool {
        struct Names(Vec<String>);
        impl<'ast> syn::visit::Visit<'ast> for Names {
            fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
                if let (Some(name), None) = (path.path.get_ident(), &path.qself) {
                    self.0.push(name.to_string());
                }
                syn::visit::visit_type_path(self, path);
            }
        }
        let mut names = Names(Vec::new());
        syn::visit::Visit::visit_type(&mut names, ty);
        let unknown = !matches!(ty, Type::ImplTrait(_)) && !is_known(&known(ty, &[]));
        unknown
            && !names
                .0
                .iter()
                .any(|name| name == "Self" || self.generics.contains(name))
    }

    fn item(&mut self, item: &mut syn::Item) {
        match item {
            syn::Item::Fn(f) => self.signature(&mut f.sig),
            // What the standard library's traits take is left as it is.
            syn::Item::Impl(block) if block.trait_.is_none() || is_of_users_trait(block) => {
                let generics = block.generics.clone();
                let functions = block.items.iter_mut().filter_map(|item| match item {
                    syn::ImplItem::Fn(f) => Some(&mut f.sig),
                    _ => None,
                });
                self.within(&generics, |this| {
                    functions.for_each(|sig| this.signature(sig))
                });
            }
            syn::Item::Trait(item) => {
                let generics = item.generics.clone();
                let functions = item.items.iter_mut().filter_map(|item| match item {
                    syn::TraitItem::Fn(f) => Some(&mut f.sig),
                    _ => None,
                });
                self.within(&generics, |this| {
                    functions.for_each(|sig| this.signature(sig))
                });
            }
            _ => {}
        }
    }

    fn signature(&mut self, sig: &mut syn::Signature) {
        let generics = sig.generics.clone();
        self.within(&generics, |this| this.visit_signature_mut(sig));
    }

    fn within(&mut self, generics: &Generics, visit: impl FnOnce(&mut Self)) {
        let outer = self.generics.clone();
        self.generics
            .extend(generics.params.iter().filter_map(|p| match p {
                GenericParam::Type(t) => Some(t.ident.to_string()),
                _ => None,
            }));
        visit(self);
        self.generics = outer;
    }
}

fn write_lifetimes(arguments: &mut PathArguments, count: usize) {
    let elided = std::iter::repeat_n(syn::parse_quote!('_), count);
    match arguments {
        PathArguments::AngleBracketed(list) => {
            let others = std::mem::take(&mut list.args);
            list.args = elided.chain(others).collect();
        }
        other => *other = PathArguments::AngleBracketed(syn::parse_quote!(<#(#elided),*>)),
    }
}

/// Is it made of numbers and the like, in lists and tuples?
fn is_of_language(ty: &Ty) -> bool {
    match ty {
        Ty::Float(_) | Ty::Int | Ty::Bool => true,
        Ty::Tuple(parts) => parts.iter().all(is_of_language),
        Ty::Array(t) | Ty::Slice(t) | Ty::Vec(t) | Ty::Option(t) => is_of_language(t),
        _ => false,
    }
}

/// Is there nothing in it that syntax does not know?
fn is_known(ty: &Ty) -> bool {
    match ty {
        Ty::Unknown | Ty::Struct(_) => false,
        Ty::Tuple(parts) => parts.iter().all(is_known),
        Ty::Array(t) | Ty::Slice(t) | Ty::Vec(t) | Ty::Option(t) | Ty::Ref(_, t) => is_known(t),
        _ => true,
    }
}

impl VisitMut for Declared {
    fn visit_signature_mut(&mut self, sig: &mut syn::Signature) {
        for input in &mut sig.inputs {
            if let FnArg::Typed(arg) = input
                && self.is_constant(arg)
            {
                arg.attrs.push(syn::parse_quote!(#[constant]));
            }
        }
        visit_mut::visit_signature_mut(self, sig);
    }

    fn visit_type_path_mut(&mut self, ty: &mut syn::TypePath) {
        visit_mut::visit_type_path_mut(self, ty);
        let count = match ty.qself {
            None => self.lifetimes_left_out(&ty.path),
            Some(_) => 0,
        };
        if let (1.., Some(last)) = (count, ty.path.segments.last_mut()) {
            write_lifetimes(&mut last.arguments, count);
        }
    }
}
