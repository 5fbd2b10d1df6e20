//! The functions of a companion as members of the user's `impl` block.
//!
//! ```text
//! pub fn grad(self_: &Square, k: f64) -> f64 { body }      fn area_grad(self: &Square, k: f64) -> f64 { let self_ = self; body }
//! ```

use super::{Kind, Member, Receiver};
use crate::emit::types::width;
use crate::ir::ParamMode;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// A derivative function as a member.
pub struct Sibling {
    pub function: syn::ImplItemFn,
    /// Is it made of the member's body, not of its other siblings?
    pub of_body: bool,
}

impl ToTokens for Sibling {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.function.to_tokens(tokens);
    }
}

/// Those functions of a companion that are made of the body.
const OF_BODY: &[&str] = &[
    "__jvp",
    "__jvp_batch",
    "__taylor",
    "__forward",
    "__forward_jvp",
];

/// The members for the functions of a companion; none where there is none.
pub fn siblings(functions: TokenStream, member: &Member, rt: &TokenStream) -> Vec<Sibling> {
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
    let own = functions.into_iter().filter(|f| member.has(kind(f)));
    let own = own.map(|mut function| {
        let of_body = OF_BODY.iter().any(|part| function.sig.ident == part);
        adapt(&mut function, member);
        Sibling { function, of_body }
    });
    let more = more.into_iter().map(|function| Sibling {
        function,
        of_body: false,
    });
    let mut all: Vec<Sibling> = own.chain(more).collect();
    all.iter_mut()
        .for_each(|s| publish(&mut s.function, member));
    all
}

/// Whom a function serves that is made from the companion's.
fn kind(function: &syn::ImplItemFn) -> Kind {
    let name = function.sig.ident.to_string();
    if name == "__direction_0" {
        Kind::OnActive
    } else if name.starts_with("__direction_") {
        Kind::OnFixed
    } else if name.starts_with("__") {
        Kind::OfBoth
    } else {
        Kind::User
    }
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
    let Some(receiver) = member.receiver.filter(|r| !r.active && !r.independent) else {
        return;
    };
    let places = Places::of(function, member);
    let slots = places.slots.into_iter().map(|at| (at, quote!(&mut)));
    let by = match receiver.mode {
        ParamMode::Value => quote!(),
        ParamMode::Ref => quote!(&),
        ParamMode::RefMut => quote!(&mut),
    };
    let second_order = function.sig.ident == "__forward_jvp";
    let tangent = places.tangent.filter(|_| !second_order);
    let tangent = tangent.map(|at| (at, by));
    for (at, reference) in slots.chain(tangent) {
        if let Some(syn::FnArg::Typed(arg)) = function.sig.inputs.get_mut(at) {
            *arg.ty = syn::Type::Verbatim(quote!(#reference (impl #rt::ConstantReceiver)));
        }
    }
}

/// Which parameters of a function of the protocol are derivatives of the receiver.
#[derive(Default)]
struct Places {
    tangent: Option<usize>,
    slots: Vec<usize>,
}

impl Places {
    fn of(function: &syn::ImplItemFn, member: &Member) -> Self {
        let (arity, len) = (member.arity, function.sig.inputs.len());
        let Some(receiver) = member.receiver else {
            return Self::default();
        };
        match function.sig.ident.to_string().as_str() {
            "__jvp" | "__jvp_batch" | "__taylor" | "__forward_jvp" => Self {
                tangent: Some(arity),
                slots: Vec::new(),
            },
            "__backward" => Self {
                tangent: None,
                slots: vec![len - arity],
            },
            "__backward_jvp" => Self {
                // After the pullback and the references.
                tangent: (receiver.mode != ParamMode::Value).then(|| 1 + references(len, arity)),
                slots: vec![len - 2 * arity, len - arity],
            },
            _ => Self::default(),
        }
    }
}

/// How many references `__backward_jvp` is given: beside the pullback, two cotangents and two slots for each parameter, twice that many.
fn references(len: usize, arity: usize) -> usize {
    (len - 3 - 2 * arity) / 2
}

/// What a call `value.f(x)` uses: the receiver comes first, and may be without derivative where it is called (`fixed`).
fn by_method(
    function: &syn::ImplItemFn,
    member: &Member,
    rt: &TokenStream,
) -> Vec<syn::ImplItemFn> {
    let Some(receiver) = member.receiver else {
        return Vec::new();
    };
    let name = function.sig.ident.to_string();
    let places = Places::of(function, member);
    let (fixed, by_self) = (format!("{name}_fixed"), format!("{name}_self"));
    let slots = places.slots.iter().map(|at| (*at, slot(receiver, rt)));
    let zeros = |tangent| {
        let tangent = places.tangent.map(|at| (at, tangent));
        tangent.into_iter().chain(slots).collect::<Vec<_>>()
    };
    let all = match name.as_str() {
        "__forward" => {
            let both = [(Kind::OnFixed, &fixed), (Kind::OnActive, &by_self)];
            let named =
                |(kind, name): (Kind, &String)| (kind, wrapper(function, member, name, &[]));
            both.map(named).to_vec()
        }
        "__jvp" | "__jvp_batch" | "__taylor" | "__forward_jvp" => {
            let nothing = name == "__forward_jvp" && !receiver.active;
            let zero = match name.as_str() {
                _ if nothing => quote!(()),
                "__jvp_batch" | "__taylor" => {
                    let width = width();
                    zero(receiver, &quote!(#rt::batch::zero::<#width, _>))
                }
                _ => zero(receiver, &quote!(#rt::zero)),
            };
            let fixed = wrapper(function, member, &fixed, &zeros(zero));
            let active = tangent_by_reference(function, member, &by_self, nothing);
            vec![(Kind::OnFixed, fixed), (Kind::OnActive, active)]
        }
        "__backward" | "__backward_jvp" => {
            let zeros = zeros(zero(receiver, &quote!(#rt::zero)));
            let fixed = wrapper(function, member, &fixed, &zeros);
            let active = tangent_given_again(function, member, &by_self);
            vec![(Kind::OnFixed, fixed), (Kind::OnActive, active)]
        }
        _ => Vec::new(),
    };
    let all = all.into_iter().filter(|(kind, _)| member.has(*kind));
    all.map(|(_, function)| function).collect()
}

/// An adjoint of the receiver that nobody reads.
fn slot(receiver: Receiver, rt: &TokenStream) -> TokenStream {
    match (receiver.active, receiver.mode) {
        (false, _) => quote!(&mut ()),
        (true, ParamMode::RefMut) => quote!(&mut #rt::zero(&*self)),
        (true, _) => quote!(&mut #rt::zero(self)),
    }
}

/// The caller does not know whether the receiver is given away: its tangent never is. `nothing` stands for that of one without derivative.
fn tangent_by_reference(
    function: &syn::ImplItemFn,
    member: &Member,
    name: &str,
    nothing: bool,
) -> syn::ImplItemFn {
    let by_value = member
        .receiver
        .filter(|r| r.mode == ParamMode::Value && !nothing);
    let Some(receiver) = by_value else {
        return wrapper(function, member, name, &[]);
    };
    let at = member.arity;
    let tangent = quote_spanned!(Span::mixed_site()=> tangent);
    let ty = match function.sig.inputs.get(at) {
        Some(syn::FnArg::Typed(arg)) => Some(&*arg.ty),
        _ => None,
    };
    let given = match ty {
        _ if !receiver.active => quote!(()),
        // The body does not look at it.
        Some(syn::Type::ImplTrait(_)) => tangent.clone(),
        _ => quote!(::core::clone::Clone::clone(#tangent)),
    };
    let mut method = wrapper(function, member, name, &[(at, given)]);
    if let Some(ty) = ty {
        let input: syn::FnArg = syn::parse_quote!(#tangent: &#ty);
        method.sig.inputs.insert(at, input);
    }
    method
}

/// The caller gives the tangent of a receiver again that was given away.
fn tangent_given_again(function: &syn::ImplItemFn, member: &Member, name: &str) -> syn::ImplItemFn {
    let mut method = wrapper(function, member, name, &[]);
    let by_value = member.receiver.is_some_and(|r| r.mode == ParamMode::Value);
    if by_value && function.sig.ident == "__backward_jvp" {
        let after = 2 + references(function.sig.inputs.len(), member.arity);
        let ignored = syn::parse_quote!(_: &(impl ?::core::marker::Sized));
        method.sig.inputs.insert(after, ignored);
    }
    method
}

/// The tangent of a receiver that does not depend on anything.
fn zero(receiver: Receiver, made: &TokenStream) -> TokenStream {
    match (receiver.active, receiver.mode) {
        (false, ParamMode::Value) => quote!(()),
        (false, ParamMode::Ref) => quote!(&()),
        (false, ParamMode::RefMut) => quote!(&mut ()),
        (true, ParamMode::Value) => quote!(#made(&self)),
        (true, ParamMode::Ref) => quote!(&#made(self)),
        (true, ParamMode::RefMut) => quote!(&mut #made(&*self)),
    }
}

/// A method that calls a function of the protocol, with some arguments given by it.
fn wrapper(
    function: &syn::ImplItemFn,
    member: &Member,
    name: &str,
    given: &[(usize, TokenStream)],
) -> syn::ImplItemFn {
    let mut method = function.clone();
    method.sig.ident = super::name(&member.prefix, name);
    let backward = function.sig.ident.to_string().starts_with("__backward");
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
        let (name, ty) = (argument(k), &arg.ty);
        if given.iter().any(|(at, _)| *at == k) {
            arguments.push(quote!(#name));
        } else if is_this(&arg.pat) {
            arguments.push(quote!(self));
            if !backward {
                inputs.push(syn::parse_quote!(self: #ty));
            }
        } else {
            arguments.push(quote!(#name));
            inputs.push(syn::parse_quote!(#name: #ty));
        }
    }
    method.sig.inputs = inputs.into_iter().collect();
    let target = member.name(&function.sig.ident.to_string());
    // Before the receiver is given away.
    let first = given.iter().map(|(at, value)| {
        let name = argument(*at);
        quote!(let #name = #value;)
    });
    method.block = syn::parse_quote!({ #(#first)* Self::#target(#(#arguments),*) });
    method
}

fn argument(k: usize) -> proc_macro2::Ident {
    quote::format_ident!("argument_{k}", span = Span::mixed_site())
}

fn is_this(pat: &syn::Pat) -> bool {
    matches!(pat, syn::Pat::Ident(p) if p.ident == "self_")
}
