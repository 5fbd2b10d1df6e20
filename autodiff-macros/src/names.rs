//! Names in code.

use proc_macro2::{Ident, TokenStream, TokenTree, token_stream};

/// All names in the code, in their order, those in brackets among them.
pub fn names(code: TokenStream) -> impl Iterator<Item = Ident> {
    Names(vec![code.into_iter()])
}

/// Does the name occur?
pub fn mentions(code: TokenStream, name: &Ident) -> bool {
    names(code).any(|ident| ident == *name)
}

/// The names that a path is made of.
pub fn of_path(path: &syn::Path) -> Vec<String> {
    let names = path.segments.iter().map(|s| s.ident.to_string());
    names.collect()
}

/// The names of the type and const parameters.
pub fn parameters(generics: &syn::Generics) -> impl Iterator<Item = &Ident> {
    generics.params.iter().filter_map(|p| match p {
        syn::GenericParam::Type(p) => Some(&p.ident),
        syn::GenericParam::Const(p) => Some(&p.ident),
        syn::GenericParam::Lifetime(_) => None,
    })
}

/// What is left of the code, and of the brackets that are open in it.
struct Names(Vec<token_stream::IntoIter>);

impl Iterator for Names {
    type Item = Ident;

    fn next(&mut self) -> Option<Ident> {
        loop {
            match self.0.last_mut()?.next() {
                Some(TokenTree::Ident(name)) => return Some(name),
                Some(TokenTree::Group(group)) => self.0.push(group.stream().into_iter()),
                Some(_) => {}
                None => drop(self.0.pop()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;
    use quote::quote;

    #[test]
    fn names_in_order() {
        let found: Vec<String> = names(quote!(f(a, [b + 1.0], {}) - c.d))
            .map(|name| name.to_string())
            .collect();
        assert_eq!(found, ["f", "a", "b", "c", "d"]);
    }
}
