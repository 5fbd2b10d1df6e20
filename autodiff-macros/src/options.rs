//! The arguments of the attribute.

use crate::diagnostic::Diagnostics;
use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, Token};

/// What `#[differentiate(..)]` was given.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the attribute stands.
    pub span: Span,
    /// Make the forward mode (`jvp`)? False only with `reverse`.
    pub forward: bool,
    /// Make the reverse mode? False only with `forward`.
    pub reverse: bool,
    /// `wrt = (x, a)`: these parameters only.
    pub wrt: Option<Vec<Ident>>,
    /// `name = other`: the name of the companion.
    pub name: Option<Ident>,
    /// `crate = path`: where the runtime is; `::autodiff_runtime` otherwise.
    pub krate: Option<syn::Path>,
    /// `dump`: write the expansion, formatted, to a file.
    pub dump: bool,
}

const KNOWN: &[&str] = &["forward", "reverse", "wrt", "name", "crate", "dump"];
const PLANNED: &[&str] = &["order", "checkpoint", "partials", "jvp", "vjp"];

/// Parses the arguments; what is wrong is reported, the rest is kept.
pub fn parse(attr: TokenStream, diagnostics: &mut Diagnostics) -> Options {
    let mut options = Options {
        span: Span::call_site(),
        forward: true,
        reverse: true,
        wrt: None,
        name: None,
        krate: None,
        dump: false,
    };
    let arguments = Punctuated::<Argument, Token![,]>::parse_terminated.parse2(attr);
    match arguments {
        Ok(arguments) => set(&mut options, arguments, diagnostics),
        Err(error) => diagnostics.option_syntax(error.span(), &error.to_string()),
    }
    options
}

struct Argument {
    name: Ident,
    value: Option<syn::Expr>,
}

impl syn::parse::Parse for Argument {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = syn::ext::IdentExt::parse_any(input)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self { name, value })
    }
}

fn set(
    options: &mut Options,
    arguments: Punctuated<Argument, Token![,]>,
    diagnostics: &mut Diagnostics,
) {
    let (mut forward, mut reverse) = (false, false);
    let mut seen: Vec<String> = Vec::new();
    for Argument { name, value } in arguments {
        let text = name.to_string();
        if seen.contains(&text) {
            diagnostics.duplicate_option(&name);
            continue;
        }
        seen.push(text.clone());
        match (text.as_str(), value) {
            ("forward", None) => forward = true,
            ("reverse", None) => reverse = true,
            ("dump", None) => options.dump = true,
            ("wrt", Some(value)) => options.wrt = names(&name, value, diagnostics),
            ("name", Some(value)) => options.name = path(&name, value, diagnostics).and_then(ident),
            ("crate", Some(value)) => options.krate = path(&name, value, diagnostics),
            (text, _) if PLANNED.contains(&text) => diagnostics.planned_option(&name),
            (text, Some(_)) if KNOWN.contains(&text) => diagnostics.option_without_value(&name),
            (text, None) if KNOWN.contains(&text) => diagnostics.option_needs_value(&name),
            _ => diagnostics.unknown_option(&name, KNOWN),
        }
    }
    if forward != reverse {
        (options.forward, options.reverse) = (forward, reverse);
    }
}

fn ident(path: syn::Path) -> Option<Ident> {
    path.get_ident().cloned()
}

fn path(name: &Ident, value: syn::Expr, diagnostics: &mut Diagnostics) -> Option<syn::Path> {
    match value {
        syn::Expr::Path(p) if p.qself.is_none() => Some(p.path),
        _ => {
            diagnostics.option_needs_value(name);
            None
        }
    }
}

fn names(name: &Ident, value: syn::Expr, diagnostics: &mut Diagnostics) -> Option<Vec<Ident>> {
    let parts: Vec<syn::Expr> = match value {
        syn::Expr::Tuple(tuple) => tuple.elems.into_iter().collect(),
        syn::Expr::Paren(paren) => vec![*paren.expr],
        other => vec![other],
    };
    let names: Option<Vec<Ident>> = parts
        .into_iter()
        .map(|part| match part {
            syn::Expr::Path(p) => p.path.get_ident().cloned(),
            _ => None,
        })
        .collect();
    match names {
        Some(names) if !names.is_empty() => Some(names),
        _ => {
            diagnostics.option_needs_value(name);
            None
        }
    }
}
