//! Macros of the user's own in a body: by their definitions, where the source shows them.
//!
//! *In*: the body as written. *Out*: the same with the calls of `macro_rules!` macros replaced by what they stand for.
//!
//! ```text
//! macro_rules! sq { ($x:expr) => { $x * $x }; }
//! sq!(a + b)                                         (a + b) * (a + b)
//! ```
//!
//! A macro of which the definition is in doubt, or has what is not known here, stays as it is: code without a derivative rule.
//!
//! * [`pattern`]: what an arm matches; [`transcript`]: what comes out.

mod pattern;
mod transcript;

use crate::lower::macros::is_known_macro;
use crate::source::Source;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeMap;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Macro, Stmt, Token};

/// How deep expansions stand in each other.
const DEPTH: usize = 64;

/// Further names that the language knows: what else a crate calls so is left alone.
const KNOWN: &[&str] = &[
    "format",
    "concat",
    "stringify",
    "env",
    "dbg",
    "vec",
    "write",
    "writeln",
    "izip",
    "iproduct",
    "cfg",
    "line",
    "file",
    "column",
];

/// A function without such calls in its body.
pub fn without(item: &syn::ItemFn) -> syn::ItemFn {
    let mut item = item.clone();
    let mut expand = Expand {
        span: item.sig.ident.span(),
        bound: transcript::bound_in(&item),
        local: BTreeMap::new(),
        expanded: 0,
        depth: 0,
    };
    expand.visit_block_mut(&mut item.block);
    item
}

/// The items that a call of a macro with this definition stands for; none where it has what is not known here.
pub fn items(definition: TokenStream, call: &TokenStream) -> Option<Vec<syn::Item>> {
    let arms = arms(definition)?;
    let made = arms.iter().find_map(|arm| {
        let bound = pattern::matched(&arm.pattern, call)?;
        Some(transcript::as_it_is(&arm.body, &bound))
    });
    let file: syn::File = syn::parse2(made??).ok()?;
    Some(file.items)
}

/// One arm of a definition.
#[derive(Clone)]
struct Arm {
    pattern: TokenStream,
    body: TokenStream,
}

struct Expand {
    span: Span,
    /// How often the function binds each of its names.
    bound: BTreeMap<String, usize>,
    /// The macros that the body defines itself; none where it defines one several times.
    local: BTreeMap<String, Option<Vec<Arm>>>,
    /// How many calls were expanded: names are made of it.
    expanded: usize,
    depth: usize,
}

impl Expand {
    fn arms(&self, called: &Macro) -> Option<Vec<Arm>> {
        let name = called.path.segments.last()?.ident.to_string();
        if called.path.segments.len() > 1 && called.path.segments[0].ident != "crate"
            || KNOWN.contains(&name.as_str())
            || is_known_macro(&name)
        {
            return None;
        }
        if let Some(arms) = self.local.get(&name) {
            return arms.clone();
        }
        let source = Source::of(self.span)?;
        arms(source.macro_definition(&name, self.span)?.mac.tokens)
    }

    /// What a call stands for.
    fn expansion(&mut self, called: &Macro) -> Option<TokenStream> {
        if self.depth >= DEPTH {
            return None;
        }
        let arms = self.arms(called)?;
        self.expanded += 1;
        let name = &called.path.segments.last()?.ident;
        let local = self.local.contains_key(&name.to_string());
        let times = |free: &String| self.bound.get(free).copied().unwrap_or_default();
        arms.iter().find_map(|arm| {
            let bound = pattern::matched(&arm.pattern, &called.tokens)?;
            let written = transcript::written(&arm.body, &bound, name.span(), self.expanded)?;
            // What the macro means by a name is not what it means here.
            let meant = |free: &String| times(free) <= usize::from(local);
            Some(written.free.iter().all(meant).then_some(written.tokens))
        })?
    }

    fn expr(&mut self, called: &Macro) -> Option<Expr> {
        let expr: Expr = syn::parse2(self.expansion(called)?).ok()?;
        Some(syn::parse_quote!((#expr)))
    }

    /// A call in the place of a statement: several may come out.
    fn stmts(&mut self, called: &Macro, semi: Option<Token![;]>) -> Option<Vec<Stmt>> {
        let expansion = self.expansion(called)?;
        let mut stmts = syn::Block::parse_within.parse2(expansion).ok()?;
        if let (Some(Stmt::Expr(_, end @ None)), Some(semi)) = (stmts.last_mut(), semi) {
            *end = Some(semi);
        }
        Some(stmts)
    }

    /// What came out may have calls itself.
    fn again(&mut self, visit: impl FnOnce(&mut Self)) {
        self.depth += 1;
        visit(self);
        self.depth -= 1;
    }

    /// `vec![value; len]`, `vec![a, b]`: the language knows what is in there.
    fn list(&mut self, called: &mut Macro) {
        let parts = |input: ParseStream| {
            let first = Punctuated::<Expr, Token![,]>::parse_separated_nonempty(input)?;
            let len = input.parse::<Option<Token![;]>>()?;
            let len = len.map(|_| input.parse::<Expr>()).transpose()?;
            input.parse::<Option<Token![,]>>()?;
            Ok((first, len))
        };
        let Ok((mut parts, mut len)) = called.parse_body_with(parts) else {
            return;
        };
        let before = self.expanded;
        parts.iter_mut().for_each(|part| self.visit_expr_mut(part));
        len.iter_mut().for_each(|len| self.visit_expr_mut(len));
        if self.expanded > before {
            let len = len.map(|len| quote!(; #len));
            called.tokens = quote!(#parts #len);
        }
    }
}

impl VisitMut for Expand {
    /// Functions inside the function are code of their own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        for stmt in &block.stmts {
            if let Stmt::Item(syn::Item::Macro(item)) = stmt
                && let Some(name) = &item.ident
            {
                let known = self.local.contains_key(&name.to_string());
                let arms = arms(item.mac.tokens.clone()).filter(|_| !known);
                self.local.insert(name.to_string(), arms);
            }
        }
        for stmt in std::mem::take(&mut block.stmts) {
            let expansion = match &stmt {
                Stmt::Macro(call) => self.stmts(&call.mac, call.semi_token),
                _ => None,
            };
            match expansion {
                Some(mut stmts) => {
                    self.again(|s| {
                        let mut inner = syn::Block {
                            brace_token: block.brace_token,
                            stmts: std::mem::take(&mut stmts),
                        };
                        s.visit_block_mut(&mut inner);
                        block.stmts.extend(inner.stmts);
                    });
                }
                None => block.stmts.push(stmt),
            }
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(call) = expr
            && let Some(expansion) = self.expr(&call.mac)
        {
            *expr = expansion;
            return self.again(|s| s.visit_expr_mut(expr));
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, called: &mut Macro) {
        if called.path.is_ident("vec") {
            self.list(called);
        }
    }
}

/// The arms of a definition.
fn arms(tokens: TokenStream) -> Option<Vec<Arm>> {
    let mut arms = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while tokens.peek().is_some() {
        let TokenTree::Group(pattern) = tokens.next()? else {
            return None;
        };
        let arrow = [tokens.next()?, tokens.next()?].map(|t| t.to_string());
        let TokenTree::Group(body) = tokens.next()? else {
            return None;
        };
        if arrow != ["=", ">"] {
            return None;
        }
        tokens.next_if(|t| t.to_string() == ";");
        arms.push(Arm {
            pattern: pattern.stream(),
            body: body.stream(),
        });
    }
    Some(arms)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    fn expanded(body: &str) -> String {
        let item = syn::parse_str(&format!("fn f(a: f64, b: f64) -> f64 {{ {body} }}"));
        let item: syn::ItemFn = item.unwrap_or_else(|e| panic!("{e}"));
        let last = super::without(&item).block.stmts.pop();
        last.map(|s| s.to_token_stream().to_string())
            .unwrap_or_default()
    }

    #[test]
    fn fragments_and_arms() {
        let sq = "macro_rules! sq { ($x:expr) => { $x * $x }; }";
        assert_eq!(expanded(&format!("{sq} sq!(a + b)")), "((a + b) * (a + b))");
        let max = "macro_rules! max { ($a:expr) => { $a }; ($a:expr, $($rest:expr),+ $(,)?) => { $a.max(max!($($rest),+)) }; }";
        assert_eq!(
            expanded(&format!("{max} max!(a, b, 1.0)")),
            "(a . max ((b . max ((1.0)))))"
        );
        let tokens =
            "macro_rules! op { (@neg $x:ident) => { -$x }; ($x:tt plus $y:tt) => { $x + $y }; }";
        assert_eq!(expanded(&format!("{tokens} op!(@neg a)")), "(- a)");
        assert_eq!(expanded(&format!("{tokens} op!(a plus 2.0)")), "(a + 2.0)");
    }

    #[test]
    fn names_of_the_macro_are_its_own() {
        let half = "macro_rules! half { ($x:expr) => {{ let a = $x; a * 0.5 }}; }";
        assert_eq!(
            expanded(&format!("{half} half!(a)")),
            "({ let a_m1 = a ; a_m1 * 0.5 })"
        );
    }

    #[test]
    fn what_is_not_known_stays() {
        let odd = "macro_rules! odd { ($x:item) => { 1.0 }; }";
        assert_eq!(expanded(&format!("{odd} odd!(a)")), "odd ! (a)");
        assert_eq!(expanded("elsewhere!(a)"), "elsewhere ! (a)");
    }
}
