//! `#[differentiate]` on a trait: it declares the derivative functions of its methods, and its `impl`s, annotated themselves, have them.
//!
//! ```text
//! trait Model {                       trait Model {                                              impl Model for Spring {
//!     fn rhs(&self, x: f64) -> f64;       fn rhs(&self, x: f64) -> f64;                              fn rhs(&self, x: f64) -> f64 { .. }
//! }                                       fn __rhs_forward(&self, x: f64) -> .. where Self: Sized;   fn __rhs_forward(..) -> .. { .. }
//!                                         fn rhs_grad(&self, x: f64) -> f64 { .. }               }
//!                                     }
//! ```
//!
//! What an implementation has to give are the two functions that depend on its body; the others are made of these. A method with a body of its own
//! has all of them in the trait, but an implementation that replaces the method replaces them too: that each is annotated is seen to by a type
//! that only the attribute gives.

use super::impls::{self, Block};
use super::siblings::Sibling;
use super::{Home, faces};
use crate::diagnostic::Diagnostics;
use crate::emit::types::wrapper;
use crate::ir::ParamMode;
use crate::lower::types;
use crate::names::mentions;
use crate::options::{self, Options, Rule};
use crate::source::{self, Source};
use crate::{fence, markers};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The trait with the derivative functions of its methods.
pub fn expand_trait(
    mut item: syn::ItemTrait,
    options: &Options,
    mut diagnostics: Diagnostics,
) -> TokenStream {
    let generic = source::traits::has_generic_impl(&item.ident);
    let mut declared: Vec<syn::TraitItem> = Vec::new();
    for method in &item.items {
        if let syn::TraitItem::Fn(method) = method {
            declared.extend(of_method(method, &item, generic, options, &mut diagnostics));
        }
    }
    for method in &mut item.items {
        if let syn::TraitItem::Fn(method) = method {
            markers::take_off(&mut method.attrs, &mut method.sig, method.default.as_mut());
        }
    }
    item.items.extend(declared);
    let types = ["__Differentiated"]
        .into_iter()
        .chain(generic.then_some("__Floats"));
    for name in types {
        let name = Ident::new(name, Span::call_site());
        item.items.push(syn::parse_quote!(
            #[doc(hidden)]
            type #name
            where
                Self: ::core::marker::Sized;
        ));
    }
    let errors = diagnostics.into_compile_errors();
    quote!(#item #errors)
}

/// What the trait declares for a method.
fn of_method(
    method: &syn::TraitItemFn,
    item: &syn::ItemTrait,
    generic: bool,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<syn::TraitItem> {
    let owner: syn::Type = syn::parse_quote!(Self);
    let own = method.attrs.iter().any(fence::is_second);
    let function = as_function(method);
    let left_alone = own || impls::is_constant(&method.attrs);
    let differentiated = !left_alone && impls::could_be(&function, &item.generics, options);
    let block = Block {
        owner: Some(&owner),
        generics: &item.generics,
        inherent: false,
        single: false,
        has_tangent: false,
        home: Home::Trait,
    };
    let two_faced = !left_alone && faces::may_be_active(&function, &block, options);
    let this = as_bound(item);
    let mut given = of_associated(&associated_types(item), &method.sig, options);
    if generic {
        given.extend(of_open_types(item, options));
    } else {
        given.extend(of_parameters(item, &method.sig, options));
    }
    let mut declared = Vec::new();
    if differentiated {
        let faces = (&block, two_faced);
        let functions = derivatives(method, &function, faces, options, diagnostics);
        let body = match method.default {
            Some(_) => Body::Provided,
            None => Body::Required,
        };
        let of_self = options.receiver || gives_or_takes_self(&method.sig);
        let mut bounds = vec![bounds(of_self, options)];
        bounds.extend(given.iter().cloned());
        bounds.extend(of_changed(method, &this, options));
        declared.extend(functions.into_iter().map(|f| member(f, &bounds, body)));
    }
    if two_faced {
        given.extend(of_supertraits(&item.supertraits, options));
        let around = (&block, &this, given);
        let active = for_active(method, &function, around, options, differentiated);
        declared.extend(active);
    }
    let lacking = lacking(&method.sig.ident, differentiated, options).into_iter();
    declared.extend(lacking.map(|name| {
        syn::parse_quote!(
            #[doc(hidden)]
            fn #name()
            where
                Self: Sized,
            {
            }
        )
    }));
    declared
}

/// A block that implements a trait which may be annotated: the standard library's are not.
pub fn is_of_users_trait(block: &syn::ItemImpl) -> bool {
    let Some((path, _)) = &block.trait_ else {
        return false;
    };
    let Some(last) = path.segments.last() else {
        return false;
    };
    let names = crate::names::of_path(path);
    let foreign = || {
        let source = Source::of(last.ident.span());
        source.is_some_and(|source| source.is_of_crate(&names, CRATES))
    };
    !OF_STD.iter().any(|name| last.ident == name) && !foreign()
}

/// Is it of a trait whose methods show, compare, parse or drop a value? No derivative flows through these.
pub fn has_no_derivative(block: &syn::ItemImpl) -> bool {
    let last = block
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    last.is_some_and(|last| WITHOUT_DERIVATIVE.iter().any(|name| last.ident == name))
}

/// The name of a function that says what a method has no derivative for: trait and implementation have to agree in it, lest an implementation
/// replaces a provided method and keeps its derivative.
pub fn lacking(method: &Ident, differentiated: bool, options: &Options) -> Option<Ident> {
    let what = match (differentiated, options.forward, options.reverse) {
        (false, _, _) => "__constant",
        (true, true, false) => "__forward_only",
        (true, false, true) => "__reverse_only",
        (true, _, _) => return None,
    };
    Some(super::name(method, what))
}

/// What an implementation gives, of the derivative functions of its methods.
pub fn implemented(siblings: Vec<Sibling>, lacking: &[Ident]) -> Vec<syn::ImplItem> {
    let given = siblings.into_iter().filter(|s| s.of_body);
    let given = given.map(|sibling| {
        let mut function = sibling.function;
        function.vis = syn::Visibility::Inherited;
        syn::ImplItem::Fn(function)
    });
    let lacking = lacking.iter().map(|name| {
        syn::parse_quote!(
            fn #name() {}
        )
    });
    given.chain(lacking).collect()
}

fn as_function(method: &syn::TraitItemFn) -> syn::ItemFn {
    let (attrs, sig) = (&method.attrs, &method.sig);
    let body = method
        .default
        .clone()
        .unwrap_or_else(|| syn::parse_quote!({}));
    syn::parse_quote!(#(#attrs)* #sig #body)
}

fn derivatives(
    method: &syn::TraitItemFn,
    function: &syn::ItemFn,
    (block, two_faced): (&Block<'_>, bool),
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Sibling> {
    let options = match method.default {
        Some(_) => options.clone(),
        None => declared_only(options),
    };
    if two_faced {
        faces::constant(function, block, &options, diagnostics)
    } else {
        impls::members(function, block, &options, diagnostics)
    }
}

fn declared_only(options: &Options) -> Options {
    Options {
        rule: Some(Rule::Declared),
        ..options.clone()
    }
}

/// What the implementations give whose types have tangents, for receivers that have one. Others need not have it: there are bodies which are never run,
/// as `__Differentiated` says.
fn for_active(
    method: &syn::TraitItemFn,
    function: &syn::ItemFn,
    (block, this, given): (&Block<'_>, &syn::Path, Vec<syn::WherePredicate>),
    options: &Options,
    differentiated: bool,
) -> Vec<syn::TraitItem> {
    let rt = options::runtime(options.krate.as_ref());
    let made = |options: &Options| faces::active(function, block, options, differentiated);
    let provided = method.default.as_ref().and_then(|_| made(options));
    let (body, known) = match (&provided, &method.default) {
        (Some(_), _) => (Body::Provided, quote!(ActiveReceiver)),
        (None, None) => (Body::NeverRun, quote!(ActiveReceiver)),
        // What the method does cannot be differentiated with respect to `self`.
        (None, Some(_)) => (Body::NeverRun, quote!(NoReceiver)),
    };
    let all = provided.or_else(|| made(&declared_only(options)));
    let mut bounds = vec![
        bounds(true, options),
        syn::parse_quote!(<Self as #this>::__Differentiated: #rt::#known),
    ];
    bounds.extend(of_changed(method, this, options));
    bounds.extend(given);
    let all = all.into_iter().flatten();
    all.map(|sibling| member(sibling, &bounds, body)).collect()
}

/// Of a trait that types with a float for parameter implement: that this float has derivatives, and values of the trait's own parameters.
///
/// ```text
/// impl<T: Float> Norm<T> for Vector<T> { type __Floats = T;   fn __norm_forward(&self) -> .. where T: rt::Real }
/// ```
///
/// An implementation may ask for that since the trait does.
fn of_open_types(item: &syn::ItemTrait, options: &Options) -> Vec<syn::WherePredicate> {
    let (rt, this) = (options::runtime(options.krate.as_ref()), as_bound(item));
    let floats = syn::parse_quote!(<Self as #this>::__Floats: #rt::Real);
    let params = item.generics.type_params().map(|p| &p.ident);
    let values = params.map(|name| syn::parse_quote!(#name: #rt::Differentiable));
    [floats].into_iter().chain(values).collect()
}

/// The float that an implementation of such a trait is about: its type parameter, or that of a type parameter which implements such a trait; any
/// other where there is none.
pub fn floats(block: &syn::ItemImpl) -> Option<syn::ImplItem> {
    let (path, _) = block.trait_.as_ref()?;
    let name = &path.segments.last()?.ident;
    if !source::traits::has_generic_impl(name) {
        return None;
    }
    let generics = &block.generics;
    let own = types::float_params(generics).first().map(|t| quote!(#t));
    let of_parts = || {
        let mut parts = generics
            .type_params()
            .flat_map(|p| source::traits::floats_of(&p.ident, types::bounds(&p.ident, generics)));
        parts.next()
    };
    let floats = own.or_else(of_parts).unwrap_or_else(|| quote!(f64));
    Some(syn::parse_quote!(
        #[doc(hidden)]
        type __Floats = #floats;
    ))
}

/// That values of the trait's own parameters, no floats, have derivatives which a method takes or gives.
fn of_parameters(
    item: &syn::ItemTrait,
    sig: &syn::Signature,
    options: &Options,
) -> Vec<syn::WherePredicate> {
    let rt = options::runtime(options.krate.as_ref());
    let held: Vec<&syn::Type> = sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            syn::FnArg::Typed(arg) => Some(&*arg.ty),
            syn::FnArg::Receiver(_) => None,
        })
        .chain(match &sig.output {
            syn::ReturnType::Type(_, ty) => Some(&**ty),
            syn::ReturnType::Default => None,
        })
        .collect();
    let held = source::types::held(&item.generics, &held);
    held.iter()
        .map(|name| syn::parse_quote!(#name: #rt::Differentiable))
        .collect()
}

/// The associated types that a trait declares.
fn associated_types(item: &syn::ItemTrait) -> Vec<Ident> {
    let types = item.items.iter().filter_map(|item| match item {
        syn::TraitItem::Type(ty) if ty.generics.params.is_empty() => Some(ty.ident.clone()),
        _ => None,
    });
    types.collect()
}

/// That values of the associated types have derivatives which a method takes or gives.
fn of_associated(
    types: &[Ident],
    sig: &syn::Signature,
    options: &Options,
) -> Vec<syn::WherePredicate> {
    let rt = options::runtime(options.krate.as_ref());
    let parts: Vec<TokenStream> = sig
        .inputs
        .iter()
        .map(ToTokens::to_token_stream)
        .chain([result(&sig.output)])
        .collect();
    let named = |name: &&Ident| parts.iter().any(|part| mentions(part.clone(), name));
    let all = types.iter().filter(named);
    all.map(|name| syn::parse_quote!(Self::#name: #rt::Differentiable))
        .collect()
}

/// What a method gives, errors aside.
fn result(output: &syn::ReturnType) -> TokenStream {
    let syn::ReturnType::Type(_, ty) = output else {
        return TokenStream::new();
    };
    match &**ty {
        syn::Type::Path(path) => {
            wrapper(path).map_or_else(|| quote!(#ty), |(_, inner)| quote!(#inner))
        }
        ty => quote!(#ty),
    }
}

/// What a trait asks for.
type Supertraits = syn::punctuated::Punctuated<syn::TypeParamBound, syn::Token![+]>;

/// Annotated traits that the trait asks for are those of the same receiver.
fn of_supertraits(supertraits: &Supertraits, options: &Options) -> Vec<syn::WherePredicate> {
    let rt = options::runtime(options.krate.as_ref());
    let first = supertraits.first().map(Spanned::span);
    let owner = Ident::new("Self", first.unwrap_or_else(Span::call_site));
    let all = source::traits::receivers(&owner, supertraits.iter(), &rt);
    all.iter().map(|bound| syn::parse_quote!(#bound)).collect()
}

/// The trait as a bound: `Model<T>`.
fn as_bound(item: &syn::ItemTrait) -> syn::Path {
    let (name, (_, arguments, _)) = (&item.ident, item.generics.split_for_impl());
    syn::parse_quote!(#name #arguments)
}

/// What the derivatives of a provided method ask of an implementor that it changes: what it calls may change it further.
fn of_changed(
    method: &syn::TraitItemFn,
    this: &syn::Path,
    options: &Options,
) -> Vec<syn::WherePredicate> {
    let receiver = method.sig.receiver();
    let changed = receiver.is_some_and(|r| super::receiver::mode(r) == ParamMode::RefMut);
    if !changed || method.default.is_none() {
        return Vec::new();
    }
    let rt = options::runtime(options.krate.as_ref());
    let open = !options.receiver && options.wrt.is_none();
    let receivers =
        open.then(|| syn::parse_quote!(<Self as #this>::__Differentiated: #rt::ActiveReceiver));
    let own = syn::parse_quote!(Self: ::core::clone::Clone + #rt::Differentiable);
    [own].into_iter().chain(receivers).collect()
}

/// That an implementation has the attribute, and which receivers it has derivatives for.
pub fn differentiated(active: bool, options: &Options) -> syn::ImplItem {
    let rt = options::runtime(options.krate.as_ref());
    let which = if active {
        quote!(WithTangent)
    } else {
        quote!(WithoutTangent)
    };
    syn::parse_quote!(
        #[doc(hidden)]
        type __Differentiated = #rt::#which;
    )
}

/// What a derivative function asks of the implementor: to be none of a trait object, and to have tangents where it is differentiated.
fn bounds(of_self: bool, options: &Options) -> syn::WherePredicate {
    let rt = options::runtime(options.krate.as_ref());
    let differentiable = of_self.then(|| quote!(+ #rt::Differentiable));
    syn::parse_quote!(Self: ::core::marker::Sized #differentiable)
}

/// Does a parameter other than the receiver, or the result, contain a `Self`?
fn gives_or_takes_self(sig: &syn::Signature) -> bool {
    struct Of(bool);
    impl<'ast> Visit<'ast> for Of {
        fn visit_receiver(&mut self, _: &'ast syn::Receiver) {}
        fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
            self.0 |= path.path.is_ident("Self");
            visit::visit_type_path(self, path);
        }
    }
    let mut of = Of(false);
    of.visit_signature(sig);
    of.0
}

/// What a function that is made of a method's body has for a body in the trait.
#[derive(Clone, Copy)]
enum Body {
    /// Its own: the method has one.
    Provided,
    /// None: the implementations give it.
    Required,
    /// One for the types that need not have the function.
    NeverRun,
}

/// A member of the trait.
fn member(sibling: Sibling, bounds: &[syn::WherePredicate], body: Body) -> syn::TraitItem {
    let mut function = sibling.function;
    let clause = function.sig.generics.make_where_clause();
    clause.predicates.extend(bounds.iter().cloned());
    let (attrs, sig, own) = (&function.attrs, &function.sig, &function.block);
    let outside = without_patterns(sig);
    match body {
        Body::Required if sibling.of_body => syn::parse_quote!(#(#attrs)* #outside;),
        Body::NeverRun if sibling.of_body => {
            let never = never(&sig.output);
            syn::parse_quote!(#(#attrs)* #outside { #never })
        }
        _ => syn::parse_quote!(#(#attrs)* #sig #own),
    }
}

/// An expression of the type of a result that is never computed.
fn never(output: &syn::ReturnType) -> TokenStream {
    fn of(ty: &syn::Type) -> TokenStream {
        match ty {
            syn::Type::Tuple(tuple) => {
                let parts = tuple.elems.iter().map(of);
                quote!((#(#parts,)*))
            }
            syn::Type::ImplTrait(_) => {
                let inputs = types::function_type(ty, &syn::Generics::default());
                let inputs = inputs.into_iter().flat_map(|f| f.inputs);
                let inputs = inputs.map(|ty| quote!(_: #ty));
                quote!(|#(#inputs),*| ::core::unreachable!())
            }
            _ => quote!(::core::unreachable!()),
        }
    }
    match output {
        syn::ReturnType::Type(_, ty) => of(ty),
        syn::ReturnType::Default => TokenStream::new(),
    }
}

/// A declaration has no `mut x` and no patterns.
fn without_patterns(sig: &syn::Signature) -> syn::Signature {
    let mut sig = sig.clone();
    for input in &mut sig.inputs {
        if let syn::FnArg::Typed(arg) = input {
            *arg.pat = syn::parse_quote!(_);
        }
    }
    sig
}

/// Traits of which an implementation gives no derivative.
const WITHOUT_DERIVATIVE: &[&str] = &[
    "Debug",
    "Display",
    "Drop",
    "Eq",
    "FromStr",
    "Hash",
    "LowerExp",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "UpperExp",
];

/// Crates with traits that numeric types implement, none of which is annotated.
const CRATES: &[&str] = &[
    "alloc",
    "approx",
    "core",
    "num",
    "num_traits",
    "rand",
    "rand_distr",
    "serde",
    "simba",
    "std",
];

/// Traits of the standard library that numeric types implement.
const OF_STD: &[&str] = &[
    "Add",
    "AddAssign",
    "AsMut",
    "AsRef",
    "Clone",
    "Debug",
    "Default",
    "Deref",
    "DerefMut",
    "Display",
    "Div",
    "DivAssign",
    "Drop",
    "Extend",
    "From",
    "FromIterator",
    "FromStr",
    "Hash",
    "Index",
    "IndexMut",
    "Into",
    "IntoIterator",
    "Iterator",
    "Mul",
    "MulAssign",
    "Neg",
    "Not",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Product",
    "Rem",
    "RemAssign",
    "Sub",
    "SubAssign",
    "Sum",
    "TryFrom",
    "TryInto",
];
