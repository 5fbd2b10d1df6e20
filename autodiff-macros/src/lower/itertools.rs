//! What the crate itertools adds to iterators, and `rfold`, by what the standard library has.
//!
//! ```text
//! izip!(a, b, c)              a.into_iter().zip(b).zip(c).map(|((__0, __1), __2)| (__0, __1, __2))
//! a.cartesian_product(b)      a.flat_map(|__0| b.into_iter().map(move |__1| (__0, __1)))
//! x.iter().tuple_windows()    x.windows(2).map(|w| (&w[0], &w[1]))
//! a.collect_vec()             a.collect::<Vec<_>>()
//! a.rfold(init, f)            a.rev().fold(init, f)
//! ```
//!
//! The names are ones that the code around has not: scopes tell names apart by their text.

use quote::format_ident;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, Ident, Pat, Token, parse_quote};

/// A body without them.
pub fn without(block: &mut syn::Block) {
    Rewrite.visit_block_mut(block);
}

struct Rewrite;

impl VisitMut for Rewrite {
    /// Functions inside the function are code of their own.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::ForLoop(e) = expr {
            say_arity(&mut e.expr, &e.pat);
        }
        if let Expr::MethodCall(call) = expr
            && let Some(Expr::Closure(closure)) = call.args.last()
            && let Some(pat) = closure.inputs.last()
        {
            say_arity(&mut call.receiver, &pat.clone());
        }
        visit_mut::visit_expr_mut(self, expr);
        let rewritten = match expr {
            Expr::MethodCall(call) => method(call),
            Expr::Macro(e) => product(&e.mac),
            _ => None,
        };
        if let Some(rewritten) = rewritten {
            *expr = rewritten;
        }
    }
}

/// `tuple_windows()` gives tuples of as many parts as its pattern has.
fn say_arity(expr: &mut Expr, pat: &Pat) {
    if let (Expr::MethodCall(call), Pat::Tuple(parts)) = (expr, pat)
        && call.method == "tuple_windows"
        && call.turbofish.is_none()
    {
        let parts = parts.elems.iter().map(|_| -> syn::Type { parse_quote!(_) });
        call.turbofish = Some(parse_quote!(::<(#(#parts,)*)>));
    }
}

fn method(call: &ExprMethodCall) -> Option<Expr> {
    let receiver = &call.receiver;
    let args: Vec<&Expr> = call.args.iter().collect();
    Some(match (call.method.to_string().as_str(), args.as_slice()) {
        ("rfold", [init, f]) => parse_quote!(#receiver.rev().fold(#init, #f)),
        ("collect_vec", []) => parse_quote!(#receiver.collect::<Vec<_>>()),
        ("cartesian_product", [other]) => pairs(receiver, other),
        ("sorted_by", [order]) => parse_quote!({
            let mut __sorted = #receiver.collect::<Vec<_>>();
            __sorted.sort_by(#order);
            __sorted.into_iter()
        }),
        ("tuple_windows", []) => windows(receiver, arity(call)?),
        _ => return None,
    })
}

fn pairs(first: &Expr, second: &Expr) -> Expr {
    let (a, b) = (item(0), item(1));
    parse_quote!(#first.flat_map(|#a| #second.into_iter().map(move |#b| (#a, #b))))
}

fn item(k: usize) -> Ident {
    format_ident!("__{k}", span = proc_macro2::Span::mixed_site())
}

/// How many parts the tuples of `tuple_windows::<(_, _)>()` have.
fn arity(call: &ExprMethodCall) -> Option<usize> {
    match call.turbofish.as_ref()?.args.first()? {
        syn::GenericArgument::Type(syn::Type::Tuple(parts)) => Some(parts.elems.len()),
        _ => None,
    }
}

fn windows(receiver: &Expr, len: usize) -> Expr {
    let w = item(0);
    let parts = 0..len;
    match receiver {
        Expr::MethodCall(call) if call.method == "iter" && call.args.is_empty() => {
            let list = &call.receiver;
            parse_quote!(#list.windows(#len).map(|#w| (#(&#w[#parts],)*)))
        }
        _ => parse_quote!({
            let __items = #receiver.collect::<Vec<_>>();
            __items.windows(#len).map(|#w| (#(#w[#parts],)*))
        }),
    }
}

/// `izip!(a, b, c)`, `iproduct!(a, b)`
fn product(called: &syn::Macro) -> Option<Expr> {
    let name = called.path.segments.last()?.ident.to_string();
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
    let parts: Vec<Expr> = called
        .parse_body_with(arguments)
        .ok()?
        .into_iter()
        .collect();
    let (first, rest) = parts.split_first()?;
    let first: Expr = parse_quote!((#first).into_iter());
    match (name.as_str(), rest) {
        ("iproduct", [second]) => Some(pairs(&first, &parse_quote!((#second)))),
        ("izip", [_, ..]) => Some(zipped(first, rest)),
        _ => None,
    }
}

fn zipped(first: Expr, rest: &[Expr]) -> Expr {
    let a = item(0);
    let (mut all, mut pat): (Expr, Pat) = (first, parse_quote!(#a));
    for (k, part) in rest.iter().enumerate() {
        let b = item(k + 1);
        all = parse_quote!(#all.zip(#part));
        pat = parse_quote!((#pat, #b));
    }
    let items = (0..=rest.len()).map(item);
    parse_quote!(#all.map(|#pat| (#(#items,)*)))
}
