//! The arguments of the attribute: tokens -> [`Options`], and what of them only the signature can tell wrong.
//!
//! Each argument is parsed for itself, so that all mistakes come out at once, each at the smallest span.

use crate::diagnostic::Diagnostics;
use crate::lower::types;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, Token};

/// What `#[differentiate(..)]` was given.
#[derive(Clone, Debug)]
pub struct Options {
    /// Make the forward mode (`jvp`)? False only with `reverse`.
    pub forward: bool,
    /// Make the reverse mode? False only with `forward`.
    pub reverse: bool,
    /// `order = 2`: how often the function is differentiated.
    pub order: u8,
    /// `wrt = (x, a)`: these parameters only.
    pub wrt: Option<Vec<Ident>>,
    /// `name = other`: the name of the companion.
    pub name: Option<Ident>,
    /// `crate = path`: where the runtime is; `::autodiff_runtime` otherwise.
    pub krate: Option<syn::Path>,
    /// `self`: the receiver of a method is differentiated too.
    pub receiver: bool,
    /// The type of the `impl` block around a method.
    pub owner: Option<syn::Type>,
    /// `inherent`: the derivatives of an `impl` of a trait belong to the type; the trait has none.
    pub inherent: bool,
    /// `recursive`: the function calls itself through others.
    pub recursive: bool,
    /// `batch`: the forward mode for several directions at once too.
    pub batch: bool,
    /// `reassociate`: sums may be taken in another order.
    pub reassociate: bool,
    /// `parallel`: loops whose iterations only have sums in common run in parts at the same time.
    pub parallel: bool,
    /// `taylor`: Taylor coefficients along a direction too.
    pub taylor: bool,
    /// `checkpoint`: callers run the function again instead of recording it.
    pub checkpoint: bool,
    /// `watch`: report the first derivative that is not finite.
    pub watch: bool,
    /// `graph`: the computation graph too.
    pub graph: bool,
    /// `dump`: write the expansion, formatted, to a file.
    pub dump: bool,
    /// The derivative as the user states it, instead of one by the body.
    pub rule: Option<Rule>,
}

/// A derivative that the user states.
#[derive(Clone, Debug)]
pub enum Rule {
    /// `partials(x = 2.0 * x)`
    Partials(Vec<Partial>),
    /// `jvp = path`, `vjp = path`: functions with the signatures that the companion's have.
    #[allow(missing_docs)]
    Functions {
        jvp: Option<syn::Path>,
        vjp: Option<syn::Path>,
    },
    /// Not stated: a method that a trait only declares has that of the implementation.
    Declared,
    /// No derivative flows through the function, as far as its own parameters go.
    Independent {
        /// Nor from its receiver. Otherwise a call with one that is differentiated is an error.
        of_self: bool,
    },
}

/// The partial derivative with respect to a scalar parameter.
#[derive(Clone, Debug)]
pub struct Partial {
    /// The parameter.
    pub name: Ident,
    /// Over the parameters, and `result` for the value.
    pub expr: syn::Expr,
}

impl Parse for Partial {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        let expr = input.parse()?;
        Ok(Self { name, expr })
    }
}

/// The path of the runtime's `private` module.
pub fn runtime(krate: Option<&syn::Path>) -> TokenStream {
    match krate {
        Some(path) => quote!(#path::private),
        None => quote!(::autodiff_runtime::private),
    }
}

/// The attribute as it was written, by its full path.
pub fn attribute(options: &Options, arguments: &TokenStream) -> TokenStream {
    let krate = match &options.krate {
        Some(path) => quote!(#path),
        None => quote!(::autodiff_runtime),
    };
    quote!(#[#krate::differentiate(#arguments)])
}

/// The attribute for a function inside of one that has these options: what that needs of what it calls.
pub fn inherited(options: &Options) -> TokenStream {
    let krate = options.krate.iter().map(|path| quote!(crate = #path));
    let order = (options.order == 2).then(|| quote!(order = 2));
    let lists = options.lists().map(|name| {
        let name = Ident::new(name, proc_macro2::Span::call_site());
        quote!(#name)
    });
    let all = krate.chain(order).chain(lists);
    attribute(options, &quote!(#(#all),*))
}

/// The options that there are.
pub const KNOWN: &[&str] = &[
    "forward",
    "reverse",
    "order",
    "wrt",
    "name",
    "crate",
    "partials",
    "jvp",
    "vjp",
    "batch",
    "taylor",
    "reassociate",
    "parallel",
    "checkpoint",
    "self",
    "inherent",
    "recursive",
    "watch",
    "graph",
    "dump",
];

impl Options {
    /// Those of a function of the compiler's that stands for one that has them: both modes, all parameters.
    pub fn of_hidden(&self) -> Self {
        Self {
            forward: true,
            reverse: true,
            wrt: None,
            name: None,
            ..self.clone()
        }
    }

    /// What an option sets that takes no value. (Those that choose a mode are looked at together.)
    fn flag(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "batch" => &mut self.batch,
            "taylor" => &mut self.taylor,
            "reassociate" => &mut self.reassociate,
            "parallel" => &mut self.parallel,
            "checkpoint" => &mut self.checkpoint,
            "self" => &mut self.receiver,
            "inherent" => &mut self.inherent,
            "recursive" => &mut self.recursive,
            "watch" => &mut self.watch,
            "graph" => &mut self.graph,
            "dump" => &mut self.dump,
            _ => return None,
        })
    }

    /// The options given that need lists of scalars for tangents.
    pub fn lists(&self) -> impl Iterator<Item = &'static str> {
        let given = [("batch", self.batch), ("taylor", self.taylor)];
        given
            .into_iter()
            .filter(|(_, given)| *given)
            .map(|(name, _)| name)
    }
}

/// Parses the arguments; what is wrong is reported, the rest is kept.
pub fn parse(attr: TokenStream, diagnostics: &mut Diagnostics) -> Options {
    let mut options = Options {
        forward: true,
        reverse: true,
        order: 1,
        wrt: None,
        name: None,
        krate: None,
        receiver: false,
        owner: None,
        inherent: false,
        recursive: false,
        batch: false,
        reassociate: false,
        parallel: false,
        taylor: false,
        checkpoint: false,
        watch: false,
        graph: false,
        dump: false,
        rule: None,
    };
    let mut seen: Vec<Ident> = Vec::new();
    for tokens in split(attr) {
        match Argument::parse.parse2(tokens) {
            Err(error) => diagnostics.option_syntax(error.span(), &error.to_string()),
            Ok(argument) if seen.contains(&argument.name) => {
                diagnostics.duplicate_option(&argument.name);
            }
            Ok(argument) => {
                seen.push(argument.name.clone());
                set(&mut options, argument, diagnostics);
            }
        }
    }
    let (forward, reverse) = (is_given(&seen, "forward"), is_given(&seen, "reverse"));
    let order = seen.iter().find(|name| *name == "order");
    if let Some(order) = order.filter(|_| options.order == 2) {
        if forward != reverse {
            diagnostics.order_with_one_mode(order);
        }
        if let Some(Rule::Functions { jvp: None, .. }) = options.rule {
            diagnostics.order_of_a_rule(order);
        }
    }
    let parallel = seen.iter().find(|name| *name == "parallel");
    if let Some(option) = parallel.filter(|_| !cfg!(feature = "parallel")) {
        diagnostics.parallel_without_feature(option);
    }
    for option in seen
        .iter()
        .filter(|name| *name == "batch" || *name == "taylor")
    {
        if reverse && !forward {
            diagnostics.lists_without_forward_mode(option);
        }
        let stated = match &options.rule {
            Some(Rule::Functions { .. }) => true,
            Some(Rule::Partials(_)) => option == "taylor",
            _ => false,
        };
        if stated {
            diagnostics.lists_of_a_rule(option);
        }
    }
    if forward != reverse {
        (options.forward, options.reverse) = (forward, reverse);
    }
    options
}

fn is_given(seen: &[Ident], option: &str) -> bool {
    seen.iter().any(|name| name == option)
}

/// The pieces between the commas of the top level.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    for token in tokens {
        match (&token, pieces.last_mut()) {
            (TokenTree::Punct(p), _) if p.as_char() == ',' => pieces.push(TokenStream::new()),
            (_, Some(piece)) => piece.extend([token]),
            (_, None) => {}
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// `name`, `name = value` or `name(..)`.
struct Argument {
    name: Ident,
    value: Given,
}

enum Given {
    Nothing,
    Value(TokenStream),
    /// `wrt(x)`, written like the arguments of other attributes.
    Parens(Group),
}

impl Argument {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let expected = |e: syn::Error| syn::Error::new(e.span(), "expected the name of an option");
        let name = Ident::parse_any(input).map_err(expected)?;
        let value = if input.is_empty() {
            Given::Nothing
        } else if input.peek(syn::token::Paren) {
            Given::Parens(input.parse()?)
        } else {
            let expected = |_| input.error(format!("expected `,` or `=` after `{name}`"));
            input.parse::<Token![=]>().map_err(expected)?;
            Given::Value(input.parse()?)
        };
        if input.is_empty() {
            Ok(Self { name, value })
        } else {
            Err(input.error("expected `,`"))
        }
    }
}

fn set(options: &mut Options, argument: Argument, diagnostics: &mut Diagnostics) {
    let Argument { name, value } = argument;
    let text = name.to_string();
    if let Some(flag) = options.flag(&text) {
        match value {
            Given::Nothing => *flag = true,
            _ => diagnostics.option_without_value(&name),
        }
        return;
    }
    match (text.as_str(), value) {
        ("forward" | "reverse", Given::Nothing) => {}
        ("forward" | "reverse", _) => diagnostics.option_without_value(&name),
        ("order", Given::Value(value)) => options.order = order(&name, value, diagnostics),
        ("wrt", Given::Value(value)) => options.wrt = names(&name, value, diagnostics),
        ("name", Given::Value(value)) => options.name = identifier(&name, value, diagnostics),
        ("crate", Given::Value(value)) => options.krate = path(&name, value, diagnostics),
        ("partials", Given::Parens(group)) => {
            let partials = partials(&name, &group, diagnostics);
            add_rule(options, partials.map(Rule::Partials), &name, diagnostics);
        }
        ("partials", _) => diagnostics.partials_in_parentheses(&name),
        ("jvp" | "vjp", Given::Value(value)) => {
            let path = path(&name, value, diagnostics);
            let (jvp, vjp) = if name == "jvp" {
                (path, None)
            } else {
                (None, path)
            };
            add_rule(
                options,
                Some(Rule::Functions { jvp, vjp }),
                &name,
                diagnostics,
            );
        }
        ("order" | "wrt" | "name" | "crate" | "jvp" | "vjp", Given::Nothing) => {
            diagnostics.option_needs_value(&name)
        }
        ("order" | "wrt" | "name" | "crate" | "jvp" | "vjp", Given::Parens(group)) => {
            diagnostics.option_in_parentheses(&name, &inside(&group));
        }
        _ => diagnostics.unknown_option(&name, KNOWN),
    }
}

fn partials(option: &Ident, group: &Group, diagnostics: &mut Diagnostics) -> Option<Vec<Partial>> {
    let parser = Punctuated::<Partial, Token![,]>::parse_terminated;
    match parser.parse2(group.stream()) {
        Ok(partials) if !partials.is_empty() => Some(partials.into_iter().collect()),
        Ok(_) => {
            diagnostics.option_needs_value(option);
            None
        }
        Err(error) => {
            diagnostics.partials_syntax(error.span());
            None
        }
    }
}

/// A function's derivative is stated by partials or by functions, not by both.
fn add_rule(
    options: &mut Options,
    rule: Option<Rule>,
    name: &Ident,
    diagnostics: &mut Diagnostics,
) {
    let Some(rule) = rule else { return };
    options.rule = match (options.rule.take(), rule) {
        (None, rule) => Some(rule),
        (Some(Rule::Functions { jvp: a, vjp: b }), Rule::Functions { jvp, vjp }) => {
            let (jvp, vjp) = (jvp.or(a), vjp.or(b));
            Some(Rule::Functions { jvp, vjp })
        }
        (Some(first), _) => {
            diagnostics.two_rules(name);
            Some(first)
        }
    };
}

/// What stands in the parentheses of `wrt(x)`; the parentheses stay where there are several.
fn inside(group: &Group) -> String {
    let pieces = split(group.stream()).len();
    if pieces == 1 && group.delimiter() == Delimiter::Parenthesis {
        group.stream().to_string()
    } else {
        group.to_token_stream().to_string().replace(" ,", ",")
    }
}

fn order(option: &Ident, value: TokenStream, diagnostics: &mut Diagnostics) -> u8 {
    let span = value.span();
    let order = syn::parse2::<syn::LitInt>(value).and_then(|n| n.base10_parse());
    match order {
        Ok(order @ (1 | 2)) => order,
        _ => {
            diagnostics.option_value_kind(option, span, "1 or 2");
            1
        }
    }
}

fn identifier(option: &Ident, value: TokenStream, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let span = value.span();
    let ident = syn::parse2::<Ident>(value);
    ident
        .map_err(|_| diagnostics.option_value_kind(option, span, "an identifier"))
        .ok()
}

fn path(option: &Ident, value: TokenStream, diagnostics: &mut Diagnostics) -> Option<syn::Path> {
    let span = value.span();
    let path = syn::Path::parse_mod_style.parse2(value);
    path.map_err(|_| diagnostics.option_value_kind(option, span, "a path"))
        .ok()
}

/// `x`, `(x)`, `(x, a)`
fn names(option: &Ident, value: TokenStream, diagnostics: &mut Diagnostics) -> Option<Vec<Ident>> {
    let span = value.span();
    let list = match syn::parse2::<Group>(value.clone()) {
        Ok(group) if group.delimiter() == Delimiter::Parenthesis => group.stream(),
        _ => value,
    };
    let parser = Punctuated::<syn::Expr, Token![,]>::parse_terminated;
    let Ok(parts) = parser.parse2(list) else {
        diagnostics.option_value_kind(option, span, "parameters");
        return None;
    };
    if parts.is_empty() {
        diagnostics.empty_wrt(span);
        return None;
    }
    let mut names: Vec<Ident> = Vec::new();
    for part in parts {
        match Ident::parse_any.parse2(part.to_token_stream()) {
            Ok(name) if names.contains(&name) => diagnostics.repeated_in_wrt(&name),
            Ok(name) => names.push(name),
            Err(_) => diagnostics.option_value_kind(option, part.span(), "parameters"),
        }
    }
    Some(names)
}

/// A parameter, as far as `wrt` is concerned.
struct Candidate {
    name: Ident,
    /// Why it cannot be differentiated with respect to.
    obstacle: Option<String>,
}

/// Reports what `wrt` names and cannot be differentiated with respect to.
pub fn check_against(options: &Options, item: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    let Some(wrt) = &options.wrt else { return };
    let floats = types::float_params(&item.sig.generics);
    let inputs = item.sig.inputs.iter();
    let candidates: Vec<Candidate> = inputs.filter_map(|i| candidate(i, &floats)).collect();
    let differentiable = candidates.iter().filter(|c| c.obstacle.is_none());
    let possible: Vec<String> = differentiable.map(|c| c.name.to_string()).collect();
    for name in wrt {
        match candidates.iter().find(|c| c.name == *name) {
            None => diagnostics.wrt_no_parameter(name, &item.sig.ident, &possible),
            Some(Candidate {
                obstacle: Some(why),
                ..
            }) => diagnostics.wrt_not_differentiable(name, why, &possible),
            Some(_) => {}
        }
    }
}

fn candidate(input: &syn::FnArg, floats: &[Ident]) -> Option<Candidate> {
    let syn::FnArg::Typed(arg) = input else {
        return None;
    };
    let syn::Pat::Ident(pat) = &*arg.pat else {
        return None;
    };
    let constant = arg.attrs.iter().any(|a| a.path().is_ident("constant"));
    let obstacle = if constant {
        Some("marked #[constant]".to_owned())
    } else if types::known(&arg.ty, floats).is_inert() {
        let ty = arg.ty.to_token_stream().to_string().replace("& ", "&");
        Some(format!("of type `{ty}` and has no derivative"))
    } else {
        None
    };
    Some(Candidate {
        name: pat.ident.clone(),
        obstacle,
    })
}
