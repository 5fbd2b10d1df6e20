//! A member as an ordinary function, `self` being its first parameter under another name.
//!
//! ```text
//! fn area(&self, k: f64) -> f64 { self.side * k }      fn area(self_: &Square, k: f64) -> f64 { self_.side * k }
//! ```

use super::Receiver;
use crate::ir::ParamMode;
use crate::options::{Options, Rule};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;

/// The name that `self` gets; hygienic, so that no name of the user's is the same.
pub fn this(span: Span) -> Ident {
    Ident::new("self_", Span::mixed_site().located_at(span))
}

/// The function, and whether it has a receiver that is differentiated. A method with the attribute for itself (`single`) is differentiated with
/// respect to it where there is nothing else.
pub fn as_function(
    member: &syn::ItemFn,
    single: bool,
    options: &mut Options,
) -> (syn::ItemFn, Option<Receiver>) {
    let mut item = member.clone();
    if let Some(wrt) = &mut options.wrt {
        wrt.iter_mut()
            .filter(|n| **n == "self")
            .for_each(|n| *n = this(n.span()));
    }
    let receiver = match item.sig.inputs.first() {
        Some(syn::FnArg::Receiver(receiver)) => receiver.clone(),
        _ => return (item, None),
    };
    let alone = !member.sig.inputs.iter().skip(1).any(is_differentiable);
    let named = options
        .wrt
        .as_ref()
        .is_some_and(|wrt| wrt.iter().any(|n| *n == "self_"));
    let marked = receiver.attrs.iter().any(|a| a.path().is_ident("constant"));
    let active = !marked && (options.receiver || named || alone && single);
    if let (true, Some(wrt)) = (active && !named, &mut options.wrt) {
        wrt.push(this(receiver.self_token.span));
    }
    if let Some(first) = item.sig.inputs.first_mut() {
        *first = parameter(&receiver, active);
    }
    let block = item.block.to_token_stream();
    if let Ok(block) = syn::parse2(renamed(block)) {
        *item.block = block;
    }
    let mode = mode(&receiver);
    let independent = matches!(options.rule, Some(Rule::Independent { of_self: true }));
    let receiver = Receiver {
        active,
        independent,
        mode,
    };
    (item, Some(receiver))
}

/// How the receiver is passed.
pub fn mode(receiver: &syn::Receiver) -> ParamMode {
    match receiver_type(receiver) {
        syn::Type::Reference(r) if r.mutability.is_some() => ParamMode::RefMut,
        syn::Type::Reference(_) => ParamMode::Ref,
        _ => ParamMode::Value,
    }
}

fn receiver_type(receiver: &syn::Receiver) -> syn::Type {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, lifetime, mutability) => {
            syn::parse_quote!(& #lifetime #mutability Self)
        }
        syn::ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => syn::parse_quote!(Self),
    }
}

/// Could it have a derivative, as far as its type tells?
fn is_differentiable(input: &syn::FnArg) -> bool {
    match input {
        syn::FnArg::Typed(arg) => {
            let constant = arg.attrs.iter().any(|a| a.path().is_ident("constant"));
            !constant && !crate::lower::types::known(&arg.ty, &[]).is_inert()
        }
        syn::FnArg::Receiver(_) => false,
    }
}

/// `&mut self` as `self_: &mut Self`.
fn parameter(receiver: &syn::Receiver, active: bool) -> syn::FnArg {
    let (name, ty) = (this(receiver.self_token.span), receiver_type(receiver));
    let mutable = &receiver.mutability;
    let constant = (!active).then(|| quote!(#[constant]));
    syn::parse_quote!(#constant #mutable #name: #ty)
}

/// The tokens with [`this`] for `self`; `self::` begins a path.
pub fn renamed(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        out.push(match token {
            TokenTree::Ident(name) if name == "self" => {
                let path = matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':');
                TokenTree::Ident(if path { name } else { this(name.span()) })
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            other => other,
        });
    }
    out.into_iter().collect()
}

/// Writes a type for `Self` in a signature where it hides lifetimes, which the types of a pullback leave out, or a type of the language.
pub fn spell_out(sig: &mut syn::Signature, owner: &syn::Type) {
    let known = crate::lower::types::known(owner, &[]) != crate::ir::Ty::Unknown;
    if !known && !crate::emit::types::has_lifetime(owner) {
        return;
    }
    struct Owner<'a>(&'a syn::Type);
    impl VisitMut for Owner<'_> {
        fn visit_type_mut(&mut self, ty: &mut syn::Type) {
            if matches!(ty, syn::Type::Path(p) if p.path.is_ident("Self")) {
                *ty = self.0.clone();
            } else {
                syn::visit_mut::visit_type_mut(self, ty);
            }
        }
    }
    Owner(owner).visit_signature_mut(sig);
}
