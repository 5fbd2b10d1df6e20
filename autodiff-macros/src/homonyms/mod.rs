//! Types, modules and variants of the user's that have the name of one of nalgebra or of the standard library: `struct Vector3<T> { x: T, y: T, z: T }`,
//! `mod mem { .. }`, `enum Maybe { Some(f64), .. }`.
//!
//! All stages know those of nalgebra and of the standard library by their names. Where such a name means the user's, it becomes a raw identifier, which
//! the compiler takes for the same name and these stages for another one:
//!
//! ```text
//! fn length(v: &Vector3<f64>) -> f64 { .. }        fn length(v: &r#Vector3<f64>) -> f64 { .. }
//! mem::swap(&mut a, &mut b)                        r#mem::swap(&mut a, &mut b)
//! Maybe::Some(x)                                   Maybe::r#Some(x)
//! ```
//!
//! *In*: the annotated item. *Out*: its expansion, without the marks. What the item itself shows decides (an inherent `impl`, a literal with fields),
//! otherwise what the source file shows ([`crate::source`]). A wrong guess does not compile.

mod aliases;

use crate::emit::{foreign, types};
use crate::lower::types::{factorisation, is_matrix};
use crate::names::names;
use crate::source::Source;
pub use aliases::{Alias, alias, base};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};

/// What is made of the item with the user's own types marked; without the marks.
pub fn told_apart(
    item: TokenStream,
    expand: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let item = marked(item);
    let any = is_marked(item.clone());
    let expansion = expand(item);
    if any { unmarked(expansion) } else { expansion }
}

/// A type as a file of the crate's writes it, the user's own ones marked.
pub fn marked_type(ty: &syn::Type, source: &Source) -> syn::Type {
    struct Own<'a>(&'a Source);
    impl VisitMut for Own<'_> {
        fn visit_path_mut(&mut self, path: &mut syn::Path) {
            visit_mut::visit_path_mut(self, path);
            let names = crate::names::of_path(path);
            let own = names.last().is_some_and(|name| is_homonym(name)) && self.0.is_own(&names);
            if let (true, Some(last)) = (own, path.segments.last_mut()) {
                last.ident = Ident::new_raw(&last.ident.to_string(), last.ident.span());
            }
        }
    }
    let mut ty = ty.clone();
    Own(source).visit_type_mut(&mut ty);
    ty
}

fn marked(item: TokenStream) -> TokenStream {
    let Some(first) = first_homonym(item.clone()) else {
        return item;
    };
    let names = Names {
        shown: shown(item.clone()),
        source: Source::of(first.span()),
    };
    names.mark(item)
}

fn unmarked(tokens: TokenStream) -> TokenStream {
    renamed(tokens, &|name, _, _| {
        let name = without_mark(name).or_else(|| aliases::without_alias(name))?;
        Some(Ident::new(&name, Span::call_site()))
    })
}

/// Is any name marked?
fn is_marked(tokens: TokenStream) -> bool {
    let marked =
        |name: &Ident| without_mark(name).is_some() || aliases::without_alias(name).is_some();
    names(tokens).any(|name| marked(&name))
}

/// The names of types that are marked.
pub fn own(tokens: TokenStream) -> BTreeSet<String> {
    let marked = names(tokens).filter(|name| without_mark(name).is_some());
    marked.map(|name| name.to_string()).collect()
}

/// `Vector3` of `r#Vector3`
fn without_mark(ident: &Ident) -> Option<String> {
    let name = ident.to_string();
    let name = name.strip_prefix("r#")?;
    is_homonym(name).then(|| name.to_owned())
}

/// Do nalgebra or the standard library have something of this name, of which the stages know something?
fn is_homonym(name: &str) -> bool {
    let known = [TYPES, MODULES, VARIANTS];
    let of_nalgebra = is_matrix(name) || foreign::is_type(name) || factorisation(name).is_some();
    of_nalgebra || known.iter().any(|names| names.contains(&name))
}

/// Those types of the standard library and traits of numbers whose names a type of the user's may well have.
const TYPES: &[&str] = &[
    "Arc",
    "BTreeMap",
    "BTreeSet",
    "Cell",
    "ComplexField",
    "Cow",
    "Duration",
    "Float",
    "FloatCore",
    "HashMap",
    "HashSet",
    "Instant",
    "LazyCell",
    "Mutex",
    "OnceCell",
    "Ordering",
    "PhantomData",
    "Range",
    "RangeInclusive",
    "Rc",
    "Real",
    "RealField",
    "RefCell",
    "Reverse",
    "RwLock",
    "Wrapping",
];

/// The same of modules and crates, of which functions are known.
const MODULES: &[&str] = &[
    "array",
    "convert",
    "f32",
    "f64",
    "hint",
    "iter",
    "libm",
    "mem",
    "num",
    "num_traits",
];

/// The variants of options and results.
const VARIANTS: &[&str] = &["Err", "None", "Ok", "Some"];

fn first_homonym(tokens: TokenStream) -> Option<Ident> {
    names(tokens).find(|ident| {
        let name = ident.to_string();
        is_homonym(&name) || aliases::may_be_alias(&name)
    })
}

/// The text of an error without marks.
pub fn said(text: &str) -> String {
    let mut parts = text.split("r#");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let end = part.find(|c: char| c != '_' && !c.is_alphanumeric());
        let marked = is_homonym(&part[..end.unwrap_or(part.len())]);
        text + if marked { "" } else { "r#" } + part
    })
}

/// Another name, by the name and the tokens before and after it.
type Other<'a> = &'a dyn Fn(&Ident, &[TokenTree], &[TokenTree]) -> Option<Ident>;

/// The tokens with other names.
fn renamed(tokens: TokenStream, other: Other<'_>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let rename = |(k, token): (usize, &TokenTree)| match token {
        TokenTree::Ident(name) => {
            let renamed = other(name, &tokens[..k], &tokens[k + 1..]);
            let mut name = renamed.unwrap_or_else(|| name.clone());
            name.set_span(token.span());
            TokenTree::Ident(name)
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), renamed(group.stream(), other));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other.clone(),
    };
    tokens.iter().enumerate().map(rename).collect()
}

/// What is known of the names.
struct Names {
    shown: Shown,
    source: Option<Source>,
}

impl Names {
    fn mark(&self, tokens: TokenStream) -> TokenStream {
        renamed(tokens, &|name, before, after| {
            if self.is_own(name, before, after) {
                return Some(Ident::new_raw(&name.to_string(), Span::call_site()));
            }
            let alias = self.marked_alias(name, before)?;
            Some(Ident::new(&alias, Span::call_site()))
        })
    }

    /// The name with its type, if it is another name of a type of nalgebra.
    fn marked_alias(&self, name: &Ident, before: &[TokenTree]) -> Option<String> {
        let name = name.to_string();
        let possible = aliases::may_be_alias(&name) && !is_homonym(&name);
        // `type Output = Vector3<f64>` of an `impl` gives a name to nothing outside of it.
        let associated = matches!(before, [.., TokenTree::Ident(word)] if word == "type");
        if !possible || associated {
            return None;
        }
        let mut path = leading(before);
        path.push(name);
        self.source.as_ref()?.marked_alias(&path)
    }

    /// Is the name that of something of the user's, between these tokens?
    fn is_own(&self, name: &Ident, before: &[TokenTree], after: &[TokenTree]) -> bool {
        let name = name.to_string();
        if !is_homonym(&name) {
            return false;
        }
        let mut path = leading(before);
        let shown = path.is_empty() && self.shown.own.contains(&name);
        path.push(name.clone());
        let source = self.source.as_ref();
        let of_user = |source: &Source| match name.as_str() {
            name if MODULES.contains(&name) => leads(after) && source.is_own_module(&path),
            name if VARIANTS.contains(&name) => self.is_own_variant(&path, source),
            name if TYPES.contains(&name) => source.is_own_type(&path),
            _ => source.is_own(&path),
        };
        shown || source.is_some_and(of_user)
    }

    fn is_own_variant(&self, path: &[String], source: &Source) -> bool {
        let [.., owner, variant] = path else {
            return false;
        };
        let owner = match (owner.as_str(), &self.shown.owner) {
            ("Self", Some(owner)) => owner,
            _ => owner,
        };
        source.has_variant(owner, variant)
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(p) if p.as_char() == ':')
}

/// Does a path go on with these tokens?
fn leads(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [a, b, ..] if is_colon(a) && is_colon(b))
}

/// `crate`, `math` of the tokens `crate::math::` at the end.
fn leading(tokens: &[TokenTree]) -> Vec<String> {
    match tokens {
        [rest @ .., TokenTree::Ident(name), a, b] if is_colon(a) && is_colon(b) => {
            let mut path = leading(rest);
            path.push(name.to_string());
            path
        }
        _ => Vec::new(),
    }
}

fn shown(item: TokenStream) -> Shown {
    let mut shown = Shown::default();
    let Ok(item) = syn::parse2::<syn::Item>(item) else {
        return shown;
    };
    if let syn::Item::Impl(block) = &item
        && let syn::Type::Path(owner) = types::peel(&block.self_ty)
    {
        shown.owner = owner.path.segments.last().map(|s| s.ident.to_string());
        let inherent = block.trait_.is_none();
        shown.own.extend(shown.owner.clone().filter(|_| inherent));
    }
    shown.visit_item(&item);
    shown
}

/// What an item shows.
#[derive(Default)]
struct Shown {
    /// The types that it shows to be the user's: the owner of an inherent `impl`, and those with literals and patterns of named fields.
    own: BTreeSet<String>,
    /// The type that it is a block of.
    owner: Option<String>,
}

impl Shown {
    fn note(&mut self, path: &syn::Path, fields: &[&syn::Member]) {
        // Fields that are public in nalgebra: of points, of complex numbers.
        let public = |name: &Ident| ["coords", "re", "im"].iter().any(|field| name == field);
        let foreign = |m: &&syn::Member| matches!(m, syn::Member::Named(name) if public(name));
        if path.segments.len() == 1 && !fields.iter().all(foreign) {
            let names = path.segments.iter().map(|s| s.ident.to_string());
            self.own.extend(names);
        }
    }
}

impl<'ast> Visit<'ast> for Shown {
    fn visit_expr_struct(&mut self, e: &'ast syn::ExprStruct) {
        let fields: Vec<_> = e.fields.iter().map(|f| &f.member).collect();
        self.note(&e.path, &fields);
        visit::visit_expr_struct(self, e);
    }

    fn visit_pat_struct(&mut self, p: &'ast syn::PatStruct) {
        let fields: Vec<_> = p.fields.iter().map(|f| &f.member).collect();
        self.note(&p.path, &fields);
        visit::visit_pat_struct(self, p);
    }
}

#[cfg(test)]
mod tests {
    use super::{TokenStream, marked, own, said, unmarked};
    use quote::quote;

    fn names(item: TokenStream) -> Vec<String> {
        own(marked(item)).into_iter().collect()
    }

    #[test]
    fn an_inherent_impl_shows_its_type() {
        let item = quote!(
            impl<T: Float> Vector3<T> {
                fn f(&self, m: Matrix3<T>) -> T {
                    self.x
                }
            }
        );
        assert_eq!(names(item), ["r#Vector3"]);
    }

    #[test]
    fn literals_and_patterns_show_their_types() {
        let item = quote!(
            fn f(x: f64) -> Point<f64> {
                Point {
                    x,
                    y: Shape::Vector { x },
                }
            }
        );
        assert_eq!(names(item), ["r#Point"]);
        let item = quote!(
            fn f(v: &Vector2<f64>) -> f64 {
                let Vector2 { x, y } = v;
                x * y
            }
        );
        assert_eq!(names(item), ["r#Vector2"]);
    }

    #[test]
    fn the_rest_is_left_alone() {
        let item = quote!(
            fn f(p: Point3<f64>) -> Vector3<f64> {
                let Point3 { coords } = p;
                coords
            }
        );
        assert!(names(item).is_empty());
        let item = quote!(
            fn f(z: Complex<f64>) -> Complex<f64> {
                Complex { re: z.im, im: z.re }
            }
        );
        assert!(names(item).is_empty());
        let item = quote!(impl Area for Matrix2<f64> { fn area(&self) -> f64 { self.sum() } });
        assert!(names(item).is_empty());
    }

    #[test]
    fn marks_can_be_taken_off() {
        let item = quote!(
            fn f(x: f64) -> Point<f64> {
                Point { x, y: r#type }
            }
        );
        assert_eq!(unmarked(marked(item.clone())).to_string(), item.to_string());
        assert_eq!(
            said("`r#mem::swap`, `r#type`, `f(r#Cell)`"),
            "`mem::swap`, `r#type`, `f(Cell)`"
        );
    }

    #[test]
    fn names_by_the_path_of_nalgebra_stay() {
        let item = quote!(impl Vector3<f64> { fn f(&self) -> na::Vector3<f64> { na::Vector3::new(self.x) } });
        let marked = marked(item).to_string();
        assert_eq!(marked.matches("r#Vector3").count(), 1, "{marked}");
    }
}
