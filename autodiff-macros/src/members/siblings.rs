//! The functions of a companion as members of the user's `impl` block.
//!
//! ```text
//! pub fn grad(self_: &Square, k: f64) -> f64 { body }      fn area_grad(self: &Square, k: f64) -> f64 { let self_ = self; body }
//! ```

use super::{Member, Receiver};
use crate::ir::ParamMode;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// The members for the functions of a companion; none where there is none.
pub fn siblings(functions: TokenStream, member: &Member, rt: &TokenStream) -> Vec<syn::ImplItemFn> {
    let Ok(block) = syn::parse2::<syn::ItemImpl>(quote!(impl Companion { #functions })) else {
        return Vec::new();
    };
    let functions = block.items.into_iter().filter_map(|item| match item {
        syn::ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    let mut functions: Vec<syn::ImplItemFn> = functions.collect();
    functions
        .iter_mut()
        .for_each(|f| fix_receiver(f, member, rt));
    let more = functions.iter().flat_map(|f| by_method(f, member, rt));
    let more: Vec<syn::ImplItemFn> = more.collect();
    functions.iter_mut().for_each(|f| adapt(f, member));
    functions.extend(more);
    functions.iter_mut().for_each(|f| publish(f, member));
    functions
}

/// Its visibility, and no warnings about code that nobody wrote.
fn publish(function: &mut syn::ImplItemFn, member: &Member) {
    function.vis = member.vis.clone();
    function.attrs.push(syn::parse_quote! {
        #[allow(
            unused, nonstandard_style, unreachable_code, dead_code, deprecated,
            refining_impl_trait, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction
        )]
    });
}

/// Gives a function its name and its receiver.
fn adapt(function: &mut syn::ImplItemFn, member: &Member) {
    function.sig.ident = member.name(&function.sig.ident.to_string());
    if member.receiver.is_none() {
        return;
    }
    let Some(syn::FnArg::Typed(first)) = function.sig.inputs.first_mut() else {
        return;
    };
    if !is_this(&first.pat) {
        return;
    }
    let (name, ty) = (first.pat.clone(), &first.ty);
    let receiver = quote_spanned!(Span::mixed_site()=> self);
    let declared = quote!(#receiver: #ty);
    if let (Ok(receiver), Ok(bind)) = (
        syn::parse2(declared),
        syn::parse2(quote!(let #name = #receiver;)),
    ) {
        function.sig.inputs[0] = receiver;
        function.block.stmts.insert(0, bind);
    }
}

/// The tangent or slot of a receiver that is not differentiated accepts nothing else: an active one would have its derivative lost.
fn fix_receiver(function: &mut syn::ImplItemFn, member: &Member, rt: &TokenStream) {
    let Some(receiver) = member.receiver.filter(|r| !r.active) else {
        return;
    };
    let Some(at) = derivative_of_receiver(function, member) else {
        return;
    };
    let slot = function.sig.ident == "__backward" || receiver.mode == ParamMode::RefMut;
    let reference = match receiver.mode {
        _ if slot => quote!(&mut),
        ParamMode::Ref => quote!(&),
        _ => quote!(),
    };
    if let Some(syn::FnArg::Typed(arg)) = function.sig.inputs.get_mut(at) {
        *arg.ty = syn::Type::Verbatim(quote!(#reference (impl #rt::ConstantReceiver)));
    }
}

/// Which parameter of a function of the protocol is the tangent or the slot of the receiver.
fn derivative_of_receiver(function: &syn::ImplItemFn, member: &Member) -> Option<usize> {
    member.receiver?;
    match function.sig.ident.to_string().as_str() {
        "__jvp" => Some(member.arity),
        "__backward" => Some(function.sig.inputs.len().checked_sub(member.arity)?),
        _ => None,
    }
}

/// What a call `value.f(x)` uses: the receiver comes first, and may be without derivative where it is called (`fixed`).
fn by_method(
    function: &syn::ImplItemFn,
    member: &Member,
    rt: &TokenStream,
) -> Vec<syn::ImplItemFn> {
    let (Some(receiver), Some(at)) = (member.receiver, derivative_of_receiver(function, member))
    else {
        return Vec::new();
    };
    if function.sig.ident == "__jvp" {
        let fixed = wrapper(
            function,
            member,
            "__jvp_fixed",
            Some((at, zero(receiver, rt))),
        );
        return vec![fixed, tangent_by_reference(function, member, at)];
    }
    let zero = match (receiver.active, receiver.mode) {
        (false, _) => quote!(&mut ()),
        (true, ParamMode::RefMut) => quote!(&mut #rt::zero(&*self)),
        (true, _) => quote!(&mut #rt::zero(self)),
    };
    vec![
        wrapper(function, member, "__backward_self", None),
        wrapper(function, member, "__backward_fixed", Some((at, zero))),
    ]
}

/// The caller does not know whether the receiver is given away: its tangent never is.
fn tangent_by_reference(function: &syn::ImplItemFn, member: &Member, at: usize) -> syn::ImplItemFn {
    let by_value = member.receiver.filter(|r| r.mode == ParamMode::Value);
    let Some(receiver) = by_value else {
        return wrapper(function, member, "__jvp_self", None);
    };
    let tangent = quote_spanned!(Span::mixed_site()=> tangent);
    let given = if receiver.active {
        quote!(::core::clone::Clone::clone(#tangent))
    } else {
        quote!(())
    };
    let mut method = wrapper(function, member, "__jvp_self", Some((at, given)));
    if let Some(syn::FnArg::Typed(arg)) = function.sig.inputs.get(at) {
        let ty = &arg.ty;
        let input: syn::FnArg = syn::parse_quote!(#tangent: &#ty);
        method.sig.inputs.insert(at, input);
    }
    method
}

/// The tangent of a receiver that does not depend on anything.
fn zero(receiver: Receiver, rt: &TokenStream) -> TokenStream {
    match (receiver.active, receiver.mode) {
        (false, ParamMode::Value) => quote!(()),
        (false, ParamMode::Ref) => quote!(&()),
        (false, ParamMode::RefMut) => quote!(&mut ()),
        (true, ParamMode::Value) => quote!(#rt::zero(&self)),
        (true, ParamMode::Ref) => quote!(&#rt::zero(self)),
        (true, ParamMode::RefMut) => quote!(&mut #rt::zero(&*self)),
    }
}

/// A method that calls a function of the protocol, with one argument given by it.
fn wrapper(
    function: &syn::ImplItemFn,
    member: &Member,
    name: &str,
    given: Option<(usize, TokenStream)>,
) -> syn::ImplItemFn {
    let mut method = function.clone();
    method.sig.ident = member.name(name);
    let backward = function.sig.ident == "__backward";
    let exclusive = member.receiver.is_some_and(|r| r.mode == ParamMode::RefMut);
    let mut inputs: Vec<syn::FnArg> = Vec::new();
    if backward {
        inputs.push(if exclusive {
            syn::parse_quote!(&mut self)
        } else {
            syn::parse_quote!(&self)
        });
    }
    let mut arguments = Vec::new();
    for (k, input) in function.sig.inputs.iter().enumerate() {
        let syn::FnArg::Typed(arg) = input else {
            continue;
        };
        let (fixed, ty) = (given.as_ref().filter(|(at, _)| *at == k), &arg.ty);
        if fixed.is_some() {
            arguments.push(quote_spanned!(Span::mixed_site()=> given));
        } else if is_this(&arg.pat) {
            arguments.push(quote!(self));
            if !backward {
                inputs.push(syn::parse_quote!(self: #ty));
            }
        } else {
            let name = quote::format_ident!("argument_{k}", span = Span::mixed_site());
            arguments.push(quote!(#name));
            inputs.push(syn::parse_quote!(#name: #ty));
        }
    }
    method.sig.inputs = inputs.into_iter().collect();
    let target = member.name(&function.sig.ident.to_string());
    // Before the receiver is given away.
    let first = given.map(|(_, value)| quote_spanned!(Span::mixed_site()=> let given = #value;));
    method.block = syn::parse_quote!({ #first Self::#target(#(#arguments),*) });
    method
}

fn is_this(pat: &syn::Pat) -> bool {
    matches!(pat, syn::Pat::Ident(p) if p.ident == "self_")
}
