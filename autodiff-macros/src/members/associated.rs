//! What an `impl` of a trait declares beside its methods: their siblings are not members of the trait, `Self::Output` would name nothing there.
//!
//! ```text
//! type Output = Point; fn add(self, other: Self) -> Self::Output      fn add(self, other: Self) -> Point
//! ```

use super::operators::turbofish;
use proc_macro2::Ident;
use syn::visit_mut::VisitMut;

/// The associated types and constants of a block.
pub struct Associated {
    /// The trait, if it is one's `impl`.
    of: Option<syn::Path>,
    types: Vec<(Ident, syn::Type)>,
    constants: Vec<Ident>,
}

impl Associated {
    pub fn of(block: &syn::ItemImpl) -> Self {
        let mut all = Self {
            of: block.trait_.as_ref().map(|(path, _)| path.clone()),
            types: Vec::new(),
            constants: Vec::new(),
        };
        for item in &block.items {
            match item {
                syn::ImplItem::Type(t) => all.types.push((t.ident.clone(), t.ty.clone())),
                syn::ImplItem::Const(c) => all.constants.push(c.ident.clone()),
                _ => {}
            }
        }
        all
    }

    /// The method as it would be written outside of the trait.
    pub fn spell_out(&self, function: &mut syn::ItemFn) {
        if self.of.is_some() {
            function.vis = syn::parse_quote!(pub);
            Outside(self).visit_item_fn_mut(function);
        }
    }
}

/// `name` in `Self::name`.
fn of_self(path: &syn::Path) -> Option<&Ident> {
    let segments: Vec<&syn::PathSegment> = path.segments.iter().collect();
    match segments.as_slice() {
        [owner, name] if owner.ident == "Self" => Some(&name.ident),
        _ => None,
    }
}

struct Outside<'a>(&'a Associated);

impl VisitMut for Outside<'_> {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if let syn::Type::Path(path) = ty
            && path.qself.is_none()
            && let Some(name) = of_self(&path.path)
            && let Some((_, known)) = self.0.types.iter().find(|(n, _)| n == name)
        {
            *ty = known.clone();
            return;
        }
        syn::visit_mut::visit_type_mut(self, ty);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let of_self = path
            .segments
            .first()
            .is_some_and(|first| first.ident == "Self");
        let mut rest = path.segments.iter();
        let name = rest.nth(1).filter(|_| of_self).map(|s| &s.ident);
        let known = self.0.types.iter().find(|(n, _)| Some(n) == name);
        if let Some(syn::Type::Path(owner)) = known.map(|(_, ty)| turbofish(ty))
            && owner.qself.is_none()
        {
            let rest: Vec<syn::PathSegment> = rest.cloned().collect();
            *path = owner.path;
            path.segments.extend(rest);
        }
    }

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if let (Some(name), Some(of)) = (of_self(&path.path), &self.0.of)
            && path.qself.is_none()
            && self.0.constants.contains(name)
        {
            *path = syn::parse_quote!(<Self as #of>::#name);
            return;
        }
        syn::visit_mut::visit_expr_path_mut(self, path);
    }
}
