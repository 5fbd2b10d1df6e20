//! Functions of a file that give a function or an iterator, or one of some numbers.
//!
//! What they give has a type without a name, or depends on nothing, and no derivative of its own: the compiler writes their body where they are called,
//! which it may where no doubt is left which function is meant and every name in the body means the same there.

use super::Source;
use super::flat::is_flat;
use super::functions::{bodies_in, defined, is_plain, owner, plain, signatures_in};
use crate::fence::items::declared;
use crate::lower::types::is_called;
use crate::members::receiver::{renamed, this};
use crate::names::{names, parameters};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, ImplItem, ImplItemFn, Item, ItemFn, ItemImpl, Pat, Signature, Type, TypeParamBound,
};

impl Source {
    /// The function of this name that gives a function, an iterator or one of some numbers, as the closure with its parameters and body; `within` is the function that
    /// calls it and stands in the same module.
    pub fn maker(&self, name: &str, within: &str) -> Option<syn::ExprClosure> {
        let signatures = signatures_in(self.text(), name);
        let maker = |signature: &syn::Signature| gives_maker(&signature.output);
        let makes = signatures.iter().flatten().any(maker);
        if name == within || !makes && !self.is_flat(name) {
            return None;
        }
        let file = syn::parse_file(self.text()).ok()?;
        let item = beside(name, self.only_list(&file.items, within)?)?;
        (gives_maker(&item.sig.output) || is_flat(item))
            .then(|| closure_of(item))
            .flatten()
    }

    /// The method of this name that gives a function or an iterator, as a closure whose first parameter is the receiver; `of` is the type that it
    /// belongs to, as far as that is known. All members of the name have to stand beside `within`.
    pub fn method_maker(
        &self,
        name: &str,
        within: &str,
        of: Option<&str>,
    ) -> Option<syn::ExprClosure> {
        let signatures = signatures_in(self.text(), name);
        let maker = |signature: &Signature| self.gives_items(&signature.output);
        if name == within || !signatures.iter().flatten().any(maker) {
            return None;
        }
        let file = syn::parse_file(self.text()).ok()?;
        let beside = members(name, self.only_list(&file.items, within)?);
        let meant = |block: &&ItemImpl| of.is_none() || owner(&block.self_ty).as_deref() == of;
        let mut found = beside.into_iter().filter(|(block, _)| meant(block));
        let (block, method) = found.next()?;
        let only = found.next().is_none() && (of.is_some() || signatures.len() == 1);
        let made = only && block.trait_.is_none() && maker(&method.sig);
        made.then(|| closure_of_method(block, method)).flatten()
    }

    /// Is the result a function, or an iterator of the language's?
    fn gives_items(&self, output: &syn::ReturnType) -> bool {
        let of_language = match output {
            syn::ReturnType::Type(_, ty) => iterator_named(ty),
            syn::ReturnType::Default => None,
        };
        gives_maker(output) || of_language.is_some_and(|name| self.definition(&name).is_none())
    }

    /// Do the functions of this name look as if they gave one of some numbers?
    fn is_flat(&self, name: &str) -> bool {
        let whole = |text: String| syn::parse_str::<ItemFn>(&format!("fn {text}"));
        plain(self.text(), name).next().is_some()
            && bodies_in(self.text(), name)
                .into_iter()
                .all(|text| whole(text).is_ok_and(|item| is_flat(&item)))
    }

    /// The list of items that all functions of this name stand in.
    fn only_list<'i>(&self, items: &'i [Item], within: &str) -> Option<&'i [Item]> {
        let count = defined(self.text(), within).count();
        let held = |items: &[Item]| items.iter().map(|item| holds(item, within)).sum::<usize>();
        lists(items).into_iter().find(|items| held(items) == count)
    }
}

/// The list itself and those of the modules in it.
fn lists(items: &[Item]) -> Vec<&[Item]> {
    let inner = items.iter().filter_map(|item| match item {
        Item::Mod(module) => Some(lists(&module.content.as_ref()?.1)),
        _ => None,
    });
    std::iter::once(items).chain(inner.flatten()).collect()
}

/// How many functions of this name the item is or, being a block, has.
fn holds(item: &Item, name: &str) -> usize {
    match item {
        Item::Fn(f) => usize::from(f.sig.ident == name),
        Item::Impl(block) => {
            let named =
                |item: &&syn::ImplItem| matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == name);
            block.items.iter().filter(named).count()
        }
        Item::Trait(item) => {
            let named = |item: &&syn::TraitItem| matches!(item, syn::TraitItem::Fn(f) if f.sig.ident == name);
            item.items.iter().filter(named).count()
        }
        _ => 0,
    }
}

/// The members of a name of the types in the list.
fn members<'i>(name: &str, items: &'i [Item]) -> Vec<(&'i ItemImpl, &'i ImplItemFn)> {
    let blocks = items.iter().filter_map(|item| match item {
        Item::Impl(block) => Some(block),
        _ => None,
    });
    let named = |block: &'i ItemImpl| {
        let functions = block.items.iter().filter_map(|item| match item {
            ImplItem::Fn(f) if f.sig.ident == name => Some(f),
            _ => None,
        });
        functions.map(move |f| (block, f))
    };
    blocks.flat_map(named).collect()
}

/// The only function of a name in the list.
fn beside<'i>(name: &str, items: &'i [Item]) -> Option<&'i ItemFn> {
    let mut found = items.iter().filter_map(|item| match item {
        Item::Fn(f) if f.sig.ident == name => Some(f),
        _ => None,
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Is the result a function or an iterator?
fn gives_maker(output: &syn::ReturnType) -> bool {
    match output {
        syn::ReturnType::Type(_, ty) => is_called(ty) || is_iterator(ty),
        syn::ReturnType::Default => false,
    }
}

fn is_iterator(ty: &Type) -> bool {
    let named = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|s| {
            let names = [
                "Iterator",
                "IntoIterator",
                "ExactSizeIterator",
                "DoubleEndedIterator",
            ];
            names.iter().any(|name| s.ident == name)
        }),
        _ => false,
    };
    match ty {
        Type::ImplTrait(t) => t.bounds.iter().any(named),
        _ => false,
    }
}

/// The name of an iterator of the standard library: `Iter` of `std::slice::Iter<'_, f64>`.
fn iterator_named(ty: &Type) -> Option<String> {
    const NAMES: &[&str] = &[
        "Iter",
        "Windows",
        "Chunks",
        "ChunksExact",
        "Copied",
        "Cloned",
    ];
    let Type::Path(path) = ty else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    NAMES.contains(&name.as_str()).then_some(name)
}

/// A method as a closure of its receiver and its parameters.
fn closure_of_method(block: &ItemImpl, method: &ImplItemFn) -> Option<syn::ExprClosure> {
    let (body, this) = (
        renamed(method.block.to_token_stream()),
        this(Span::call_site()),
    );
    let mut sig = method.sig.clone();
    sig.receiver()?;
    *sig.inputs.first_mut()? = syn::parse_quote!(#this: _);
    sig.generics.params.extend(block.generics.params.clone());
    if mentions(body.clone(), &[&Ident::new("Self", Span::call_site())]) {
        return None;
    }
    let attrs = &method.attrs;
    closure_of(&syn::parse2(quote::quote!(#(#attrs)* #sig #body)).ok()?)
}

/// The function as a closure, if all that its body mentions has the same meaning where it is called.
fn closure_of(item: &ItemFn) -> Option<syn::ExprClosure> {
    let sig = &item.sig;
    let plain = sig.asyncness.is_none() && matches!(sig.safety, syn::Safety::Default);
    let plain = plain && declared(&item.block).is_empty();
    if !plain || !item.attrs.iter().all(is_plain) {
        return None;
    }
    let parameters: Vec<&Ident> = parameters(&sig.generics).collect();
    if mentions(item.block.to_token_stream(), &parameters) {
        return None;
    }
    let inputs = sig.inputs.iter().map(|input| match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(input) => Some(parameter(input, &parameters)),
    });
    let inputs: Vec<Pat> = inputs.collect::<Option<_>>()?;
    let block = &item.block;
    syn::parse2(quote::quote!(|#(#inputs),*| #block)).ok()
}

/// A parameter of the closure: without a type that can stand in a signature only.
fn parameter(input: &syn::PatType, parameters: &[&Ident]) -> Pat {
    let mut input = input.clone();
    WithoutLifetimes.visit_type_mut(&mut input.ty);
    let written = input.ty.to_token_stream();
    let only_there = |t: &TokenTree| matches!(t, TokenTree::Ident(i) if i == "impl" || i == "dyn");
    let only_there = written.clone().into_iter().any(|t| only_there(&t));
    let lifetimes = written.to_string().contains('\'');
    if only_there || lifetimes || mentions(written, parameters) {
        return *input.pat;
    }
    Pat::Type(input)
}

/// Takes the lifetimes out of references.
struct WithoutLifetimes;

impl VisitMut for WithoutLifetimes {
    fn visit_type_reference_mut(&mut self, t: &mut syn::TypeReference) {
        t.lifetime = None;
        visit_mut::visit_type_reference_mut(self, t);
    }
}

/// Does one of the names stand in the code?
fn mentions(code: TokenStream, known: &[&Ident]) -> bool {
    names(code).any(|name| known.contains(&&name))
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use quote::ToTokens;

    fn maker(g: &str) -> Option<String> {
        let text = format!("#[differentiate] fn f(x: f64) -> f64 {{ g(x)(x) }}\n{g}");
        let source = Source::new(&text, "geometry");
        let closure = source.maker("g", "f")?;
        Some(closure.to_token_stream().to_string().replace(' ', ""))
    }

    #[test]
    fn makers_beside() {
        for (g, closure) in [
            (
                "fn g(a: f64) -> impl Fn(f64) -> f64 { move |x| a * x }",
                "|a:f64|{move|x|a*x}",
            ),
            (
                "pub fn g<'a>(a: &'a [f64]) -> impl Iterator<Item = f64> + 'a { a.iter() }",
                "|a:&[f64]|{a.iter()}",
            ),
            (
                "fn g<F: Fn(f64) -> f64>(f: F) -> Box<dyn Fn(f64) -> f64> { Box::new(f) }",
                "|f|{Box::new(f)}",
            ),
            (
                "fn g() -> impl Fn(f64) -> f64 { |x| x }\nmod b { fn g() {} }",
                "||{|x|x}",
            ),
            (
                "fn g(x: f64) -> f64 { if x < 0.0 { -1.0 } else { 1.0 } }",
                "|x:f64|{ifx<0.0{-1.0}else{1.0}}",
            ),
        ] {
            assert_eq!(maker(g).as_deref(), Some(closure));
        }
    }

    #[test]
    fn no_makers() {
        for g in [
            "fn g(a: f64) -> f64 { a }",
            "#[differentiate] fn g(a: f64) -> f64 { 1.0 }",
            "mod other { fn g(a: f64) -> impl Fn(f64) -> f64 { move |x| a * x } }",
            "fn h() { fn g(a: f64) -> impl Fn(f64) -> f64 { move |x| a * x } }",
            "fn g<T: Float>(a: T) -> impl Fn(T) -> T { move |x| T::one() * x }",
            "#[cfg(unix)] fn g(a: f64) -> impl Fn(f64) -> f64 { move |x| a * x }",
            "#[cached] fn g(a: f64) -> impl Fn(f64) -> f64 { move |x| a * x }",
            "mod other { fn f() {} fn g(a: f64) -> impl Fn(f64) -> f64 { |x| x } }",
            "fn g(a: f64) -> impl Fn(f64) -> f64 { |x| x }\nmod b { fn f() {} }",
            "fn g(a: f64) -> impl Fn(f64) -> f64 { |x| x }\nfn h() { fn f() {} }",
        ] {
            assert_eq!(maker(g), None, "{g}");
        }
    }
}
