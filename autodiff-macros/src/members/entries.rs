//! `#[differentiate]` on the `impl` of `Index`: where an entry is, and the same entry of a tangent.
//!
//! ```text
//! &self.data[i * self.columns + j]      position: At::new(0, [i * self.columns + j])      in a tangent: &tangent.data[position.indices[0]]
//! ```
//!
//! *In*: the block, whose method names one place or one of several. *Out*: `Indexed` of the runtime for the type, the method with the indices in
//! the places of these, and `Entries`, the same places in a tangent. The tangent has `Index` and `IndexMut` by them, see the derive. `IndexMut` of the
//! type itself is taken to name the same places.
//!
//! Where the place depends on the index alone, a tangent is indexed by it too: of a value whose type is not told nobody asks for a position.

use crate::diagnostic::Diagnostics;
use crate::emit::types::{Kind, Tangents, has_lifetime};
use crate::lower::{peel, types};
use crate::names::mentions;
use crate::options::{self, Options};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

/// The `impl` of `Index`.
pub struct Entries<'a> {
    block: &'a syn::ItemImpl,
    method: &'a syn::ImplItemFn,
    index: &'a syn::Type,
    output: &'a syn::Type,
}

impl<'a> Entries<'a> {
    /// What a block implements; `None` if that is not `Index`.
    pub fn of(block: &'a syn::ItemImpl) -> Option<Self> {
        let segment = block.trait_.as_ref()?.0.segments.last()?;
        let syn::PathArguments::AngleBracketed(list) = &segment.arguments else {
            return None;
        };
        let Some(syn::GenericArgument::Type(index)) = list.args.first() else {
            return None;
        };
        let method = block.items.iter().find_map(|item| match item {
            syn::ImplItem::Fn(f) if f.sig.ident == "index" => Some(f),
            _ => None,
        })?;
        let output = block.items.iter().find_map(|item| match item {
            syn::ImplItem::Type(t) if t.ident == "Output" => Some(&t.ty),
            _ => None,
        })?;
        (segment.ident == "Index").then_some(Self {
            block,
            method,
            index,
            output,
        })
    }

    /// The traits of the runtime.
    pub fn expand(&self, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
        let rt = options::runtime(options.krate.as_ref());
        let (mut body, mut places) = (self.method.block.clone(), Vec::new());
        let understood = rewrite_block(&mut body, &mut |place| {
            let (place, indices) = taken_apart(place)?;
            let k = places.len();
            places.push((place, indices.len()));
            Some(syn::parse_quote!(#rt::At::new(#k, &[#(#indices),*])))
        });
        let lifetimes = has_lifetime(self.index) || has_lifetime(&self.block.self_ty);
        let Some(pattern) = self
            .pattern()
            .filter(|_| understood.is_some() && !lifetimes)
        else {
            diagnostics.entries_without_places(self.method.sig.ident.span());
            return TokenStream::new();
        };
        let count = places.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let position = self.position(&rt, count, (pattern, &body));
        let found = self.found(&rt, count, &places);
        let direct = self.direct(&rt, pattern);
        quote!(#position #found #direct)
    }

    /// How the method calls the index.
    fn pattern(&self) -> Option<&syn::Pat> {
        match self.method.sig.inputs.iter().nth(1) {
            Some(syn::FnArg::Typed(arg)) => Some(&arg.pat),
            _ => None,
        }
    }

    /// Where the entry is.
    fn position(
        &self,
        rt: &TokenStream,
        count: usize,
        (pattern, body): (&syn::Pat, &syn::Block),
    ) -> TokenStream {
        let (list, clause) = self.generics(rt);
        let (owner, index) = (&self.block.self_ty, self.index);
        quote! {
            #[automatically_derived]
            #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
            impl #list #rt::Indexed<#index> for #owner #clause {
                type Position = #rt::At<#index, #count>;
                #[inline]
                #[track_caller]
                fn position(&self, #pattern: #index) -> Self::Position #body
            }
        }
    }

    /// The places in a tangent, by what [`Entries::position`] gives.
    fn found(&self, rt: &TokenStream, count: usize, places: &[(syn::Expr, usize)]) -> TokenStream {
        let by = self.index;
        let arms = |reference: TokenStream| {
            let arms = places.iter().enumerate();
            let arms = arms.map(|(k, (place, _))| quote!(#k => #reference #place,));
            let (at, otherwise) = (hygienic!(position), hygienic!(::core::unreachable!()));
            quote!({ match #at.place { #(#arms)* _ => #otherwise } })
        };
        let (entry, entry_mut) = (arms(quote!(&)), arms(quote!(&mut)));
        self.entries(
            rt,
            &hygienic!(position),
            &quote!(#rt::At<#by, #count>),
            [&entry, &entry_mut],
        )
    }

    /// The places in a tangent by the index itself, if they depend on nothing else.
    fn direct(&self, rt: &TokenStream, pattern: &syn::Pat) -> Option<TokenStream> {
        let body = |mutable: Option<syn::Token![mut]>| {
            let mut body = self.method.block.clone();
            body.stmts.retain(|s| !is_check(s));
            rewrite_block(&mut body, &mut |place| {
                let place = of_tangent(place);
                Some(syn::parse_quote!(&#mutable #place))
            })?;
            let alone = !mentions(body.to_token_stream(), &this());
            alone.then(|| body.to_token_stream())
        };
        let (entry, entry_mut) = (body(None)?, body(Some(<syn::Token![mut]>::default()))?);
        let by = self.index.to_token_stream();
        Some(self.entries(rt, &pattern.to_token_stream(), &by, [&entry, &entry_mut]))
    }

    fn entries(
        &self,
        rt: &TokenStream,
        pattern: &TokenStream,
        by: &TokenStream,
        [entry, entry_mut]: [&TokenStream; 2],
    ) -> TokenStream {
        let (list, clause) = self.generics(rt);
        let owner = &self.block.self_ty;
        let floats = types::float_params(&self.block.generics);
        let of = Tangents {
            floats: &floats,
            rt,
            kind: Kind::Scalar,
        }
        .behind(self.output);
        let (whole, tangent) = (quote!(<#owner as #rt::Differentiable>::Tangent), tangent());
        quote! {
            #[automatically_derived]
            #[allow(unused_variables, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
            impl #list #rt::Entries<#by, #whole> for #owner #clause {
                type Entry = #of;
                #[inline]
                #[track_caller]
                fn entry(#tangent: &#whole, #pattern: #by) -> &Self::Entry #entry
                #[inline]
                #[track_caller]
                fn entry_mut(#tangent: &mut #whole, #pattern: #by) -> &mut Self::Entry #entry_mut
            }
        }
    }

    /// Generics and where clause of an `impl`. What the entries are need not be bound to be numbers.
    fn generics(&self, rt: &TokenStream) -> (TokenStream, TokenStream) {
        let mut generics = self.block.generics.clone();
        let floats = types::float_params(&generics);
        let params: Vec<Ident> = generics.type_params().map(|p| p.ident.clone()).collect();
        let clause = generics.make_where_clause();
        for param in params {
            clause.predicates.push(if floats.contains(&param) {
                syn::parse_quote!(#param: #rt::Real)
            } else {
                syn::parse_quote!(#param: #rt::Differentiable)
            });
        }
        let (list, _, clause) = generics.split_for_impl();
        (list.to_token_stream(), clause.to_token_stream())
    }
}

/// Replaces each `&place` that the block may give; `None` where it gives something else.
fn rewrite_block(block: &mut syn::Block, f: &mut Rewrite<'_>) -> Option<()> {
    let (last, before) = block.stmts.split_last_mut()?;
    if before.iter().any(leaves) {
        return None;
    }
    match last {
        syn::Stmt::Expr(e, None) => rewrite(e, f),
        syn::Stmt::Macro(_) => Some(()),
        _ => None,
    }
}

/// Makes something of a place.
type Rewrite<'f> = dyn FnMut(&syn::Expr) -> Option<syn::Expr> + 'f;

fn rewrite(expr: &mut syn::Expr, f: &mut Rewrite<'_>) -> Option<()> {
    match expr {
        syn::Expr::Paren(e) => rewrite(&mut e.expr, f),
        syn::Expr::Group(e) => rewrite(&mut e.expr, f),
        syn::Expr::Block(e) if e.label.is_none() => rewrite_block(&mut e.block, f),
        syn::Expr::Match(e) => {
            let mut arms = e.arms.iter_mut();
            arms.try_for_each(|arm| rewrite(&mut arm.body, f))
        }
        syn::Expr::If(e) => {
            rewrite_block(&mut e.then_branch, f)?;
            rewrite(&mut e.else_branch.as_mut()?.1, f)
        }
        syn::Expr::Macro(_) => Some(()),
        syn::Expr::Reference(e) => {
            *expr = f(&e.expr)?;
            Some(())
        }
        _ => None,
    }
}

/// Is there a way out of the method beside its end?
fn leaves(stmt: &syn::Stmt) -> bool {
    struct Return(bool);
    impl<'a> Visit<'a> for Return {
        fn visit_expr_return(&mut self, _: &'a syn::ExprReturn) {
            self.0 = true;
        }
    }
    let mut found = Return(false);
    found.visit_stmt(stmt);
    found.0
}

/// A macro that looks at the value: an assertion.
fn is_check(stmt: &syn::Stmt) -> bool {
    matches!(stmt, syn::Stmt::Macro(m) if mentions(m.mac.tokens.clone(), &this()))
}

/// The place in the tangent, with indices by number, and these indices. `None` for what is no place in `self`.
fn taken_apart(place: &syn::Expr) -> Option<(syn::Expr, Vec<syn::Expr>)> {
    let (place, mut indices) = (peel(place), Vec::new());
    let place = apart(place, &mut indices)?;
    Some((place, indices))
}

fn apart(place: &syn::Expr, indices: &mut Vec<syn::Expr>) -> Option<syn::Expr> {
    match peel(place) {
        syn::Expr::Path(path) => path.path.is_ident("self").then(|| {
            let tangent = tangent();
            syn::parse_quote!(#tangent)
        }),
        syn::Expr::Field(e) => {
            let (base, member) = (apart(&e.base, indices)?, &e.member);
            Some(syn::parse_quote!(#base.#member))
        }
        syn::Expr::Index(e) => {
            let base = apart(&e.expr, indices)?;
            let key = numbered(&e.index, indices)?;
            Some(syn::parse_quote!(#base[#key]))
        }
        _ => None,
    }
}

/// An index, or a range, by the numbers of its ends.
fn numbered(index: &syn::Expr, indices: &mut Vec<syn::Expr>) -> Option<syn::Expr> {
    let mut number = |index: &syn::Expr| -> syn::Expr {
        indices.push(index.clone());
        let (at, k) = (hygienic!(position), indices.len() - 1);
        syn::parse_quote!(#at.indices[#k])
    };
    let range = match peel(index) {
        syn::Expr::Range(range) => range,
        syn::Expr::Tuple(_) => return None,
        index => return Some(number(index)),
    };
    let lo = range.start.as_ref().map(|e| number(e));
    let hi = range.end.as_ref().map(|e| number(e));
    let limits = &range.limits;
    Some(syn::parse_quote!(#lo #limits #hi))
}

/// The place with the tangent for `self`.
fn of_tangent(place: &syn::Expr) -> syn::Expr {
    struct Tangent;
    impl VisitMut for Tangent {
        fn visit_expr_mut(&mut self, e: &mut syn::Expr) {
            match e {
                syn::Expr::Index(e) => self.visit_expr_mut(&mut e.expr),
                syn::Expr::Path(path) if path.path.is_ident("self") => {
                    let tangent = tangent();
                    *e = syn::parse_quote!(#tangent);
                }
                e => syn::visit_mut::visit_expr_mut(self, e),
            }
        }
    }
    let mut place = place.clone();
    Tangent.visit_expr_mut(&mut place);
    place
}

fn tangent() -> Ident {
    Ident::new("tangent", Span::mixed_site())
}

fn this() -> Ident {
    Ident::new("self", Span::call_site())
}
