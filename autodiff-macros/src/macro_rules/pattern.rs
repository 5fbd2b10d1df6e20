//! What an arm of a macro matches.
//!
//! ```text
//! $x:expr; $($c:expr),* $(,)?       a + b; 1.0, 2.0       x: a + b, c: [1.0, 2.0]
//! ```

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::BTreeMap;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser, Result};

/// What the names of an arm stand for.
pub type Bindings = BTreeMap<String, Bound>;

/// What a name stands for.
#[derive(Clone)]
pub enum Bound {
    One(TokenStream),
    Many(Vec<Self>),
}

/// A part of a pattern.
enum Part {
    Token(TokenTree),
    Group(Delimiter, Vec<Self>),
    Fragment { name: String, kind: String },
    Repeat(Repeat),
}

struct Repeat {
    parts: Vec<Part>,
    separator: Option<TokenTree>,
    op: char,
}

/// What the names of the pattern stand for in a call; none where it does not match, or has what is not known here.
pub fn matched(pattern: &TokenStream, call: &TokenStream) -> Option<Bindings> {
    let parts = parts(pattern.clone())?;
    let all = |input: ParseStream| sequence(&parts, input);
    all.parse2(call.clone()).ok()
}

fn parts(pattern: TokenStream) -> Option<Vec<Part>> {
    let mut tokens = pattern.into_iter();
    let mut all = Vec::new();
    while let Some(token) = tokens.next() {
        all.push(match token {
            TokenTree::Punct(p) if p.as_char() == '$' => match tokens.next()? {
                TokenTree::Group(group) => {
                    let (separator, op) = repetition(&mut tokens)?;
                    let parts = parts(group.stream())?;
                    Part::Repeat(Repeat {
                        parts,
                        separator,
                        op,
                    })
                }
                TokenTree::Ident(name) => {
                    let (colon, kind) = (tokens.next()?, tokens.next()?);
                    (colon.to_string() == ":").then_some(())?;
                    let (name, kind) = (name.to_string(), kind.to_string());
                    Part::Fragment { name, kind }
                }
                _ => return None,
            },
            TokenTree::Group(group) => Part::Group(group.delimiter(), parts(group.stream())?),
            token => Part::Token(token),
        });
    }
    Some(all)
}

/// What stands between and after the repetitions of a group: `),*`
pub fn repetition(
    tokens: &mut impl Iterator<Item = TokenTree>,
) -> Option<(Option<TokenTree>, char)> {
    let op = |token: &TokenTree| match token {
        TokenTree::Punct(p) if matches!(p.as_char(), '*' | '+' | '?') => Some(p.as_char()),
        _ => None,
    };
    let first = tokens.next()?;
    match op(&first) {
        Some(op) => Some((None, op)),
        None => Some((Some(first), op(&tokens.next()?)?)),
    }
}

fn sequence(parts: &[Part], input: ParseStream) -> Result<Bindings> {
    let mut bound = Bindings::new();
    for part in parts {
        match part {
            Part::Token(token) => same(token, input)?,
            Part::Group(delimiter, parts) => {
                let TokenTree::Group(group) = input.parse()? else {
                    return Err(input.error("a group"));
                };
                if group.delimiter() != *delimiter {
                    return Err(input.error("another group"));
                }
                let inner = |input: ParseStream| sequence(parts, input);
                bound.extend(inner.parse2(group.stream())?);
            }
            Part::Fragment { name, kind } => {
                bound.insert(name.clone(), Bound::One(fragment(kind, input)?));
            }
            Part::Repeat(repeat) => bound.extend(repeated(repeat, input)?),
        }
    }
    Ok(bound)
}

fn same(token: &TokenTree, input: ParseStream) -> Result<()> {
    let found: TokenTree = input.parse()?;
    if found.to_string() == token.to_string() {
        Ok(())
    } else {
        Err(input.error("another token"))
    }
}

fn repeated(repeat: &Repeat, input: ParseStream) -> Result<Bindings> {
    let mut rounds: Vec<Bindings> = Vec::new();
    while !input.is_empty() && (repeat.op != '?' || rounds.is_empty()) {
        let fork = input.fork();
        if let (Some(separator), false) = (&repeat.separator, rounds.is_empty())
            && same(separator, &fork).is_err()
        {
            break;
        }
        let Ok(round) = sequence(&repeat.parts, &fork) else {
            break;
        };
        input.advance_to(&fork);
        rounds.push(round);
    }
    if repeat.op == '+' && rounds.is_empty() {
        return Err(input.error("at least one"));
    }
    let mut names = Vec::new();
    named(&repeat.parts, &mut names);
    let all = |name: &String| rounds.iter().filter_map(|r| r.get(name).cloned()).collect();
    let many = names
        .iter()
        .map(|name| (name.clone(), Bound::Many(all(name))));
    Ok(many.collect())
}

/// The names that a pattern binds.
fn named(parts: &[Part], names: &mut Vec<String>) {
    for part in parts {
        match part {
            Part::Token(_) => {}
            Part::Group(_, parts) => named(parts, names),
            Part::Fragment { name, .. } => names.push(name.clone()),
            Part::Repeat(repeat) => named(&repeat.parts, names),
        }
    }
}

fn fragment(kind: &str, input: ParseStream) -> Result<TokenStream> {
    Ok(match kind {
        "expr" => whole(input.parse()?),
        "ident" => input.call(syn::Ident::parse_any)?.into_token_stream(),
        "tt" => input.parse::<TokenTree>()?.into_token_stream(),
        "ty" => input.parse::<syn::Type>()?.into_token_stream(),
        "meta" => input.parse::<syn::Meta>()?.into_token_stream(),
        "vis" => input.parse::<syn::Visibility>()?.into_token_stream(),
        "path" => input.parse::<syn::Path>()?.into_token_stream(),
        "block" => input.parse::<syn::Block>()?.into_token_stream(),
        "lifetime" => input.parse::<syn::Lifetime>()?.into_token_stream(),
        "pat" => syn::Pat::parse_multi_with_leading_vert(input)?.into_token_stream(),
        "literal" => {
            let minus = input.parse::<Option<syn::Token![-]>>()?;
            let literal = input.parse::<syn::Lit>()?;
            match minus {
                Some(minus) => quote!((#minus #literal)),
                None => literal.into_token_stream(),
            }
        }
        _ => return Err(input.error("a fragment that is not known here")),
    })
}

/// An expression that stays one wherever it is put.
fn whole(expr: syn::Expr) -> TokenStream {
    match expr {
        syn::Expr::Path(_)
        | syn::Expr::Lit(_)
        | syn::Expr::Paren(_)
        | syn::Expr::Tuple(_)
        | syn::Expr::Array(_)
        | syn::Expr::Call(_)
        | syn::Expr::Index(_)
        | syn::Expr::Macro(_)
        | syn::Expr::MethodCall(_)
        | syn::Expr::Field(_) => expr.into_token_stream(),
        _ => quote!((#expr)),
    }
}
