//! `#[differentiate]` on a method, an associated function, or a whole `impl` block.

use super::associated::Associated;
use super::chained;
use super::conversions::{self, Conversion};
use super::entries::Entries;
use super::independent::{self, is_independent};
use super::operators::{self, Operator};
use super::siblings::Sibling;
use super::{Face, Home, Member, faces, receiver, siblings, traits};
use crate::diagnostic::Diagnostics;
use crate::emit::types::{has_lifetime, peel, wrapper};
use crate::ir::{ParamMode, Ty};
use crate::lower::types;
use crate::names::mentions;
use crate::options::{self, Options};
use crate::{fence, markers, pipeline, recursion, signature, source};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;

/// A member with the attribute of its own; the block around it is known as far as the source shows it.
pub fn expand_method(
    function: &syn::ItemFn,
    options: &Options,
    mut diagnostics: Diagnostics,
) -> TokenStream {
    let (head, none) = (head(function), syn::Generics::default());
    let block = Block {
        owner: head.as_ref().map(|head| &*head.self_ty),
        generics: head.as_ref().map_or(&none, |head| &head.generics),
        inherent: true,
        single: true,
        has_tangent: head.as_ref().is_some_and(faces::has_tangent),
        home: Home::Type,
    };
    let chained = chained::without_receiver(function);
    let method = chained.as_ref().unwrap_or(function);
    let differentiated = could_be(method, block.generics, options);
    let mut members = both_faces(method, &block, options, differentiated, &mut diagnostics)
        .unwrap_or_else(|| members(method, &block, options, &mut diagnostics));
    require_copies(&mut members, method, &block);
    let mut primal = markers::taken_off(function);
    primal.attrs.retain(|a| !fence::is_second(a));
    let errors = diagnostics.into_compile_errors();
    quote!(#[allow(dead_code)] #primal #(#members)* #errors)
}

/// The head of the block around a member, as the source shows it.
fn head(function: &syn::ItemFn) -> Option<syn::ItemImpl> {
    let span = function.sig.ident.span();
    let head = source::Source::of(span)?.block_around()?;
    let told = head.trait_.is_none() && !leaves_out_lifetime(&head.self_ty);
    told.then_some(head)
}

/// `Curve<'_>`: the siblings would name a lifetime that has no name.
fn leaves_out_lifetime(owner: &syn::Type) -> bool {
    struct Anonymous(bool);
    impl Visit<'_> for Anonymous {
        fn visit_lifetime(&mut self, lifetime: &syn::Lifetime) {
            self.0 |= lifetime.ident == "_";
        }
    }
    let mut anonymous = Anonymous(false);
    anonymous.visit_type(owner);
    anonymous.0
}

/// A block: all its members that have a derivative. What the methods of an annotated trait have, the trait declares.
pub fn expand_impl(
    mut block: syn::ItemImpl,
    options: &Options,
    mut diagnostics: Diagnostics,
) -> TokenStream {
    if let Some(derivative) = of_known_trait(&block, options, &mut diagnostics) {
        let errors = diagnostics.into_compile_errors();
        return quote!(#block #derivative #errors);
    }
    name_lifetimes(&mut block);
    let home = if !options.inherent && traits::is_of_users_trait(&block) {
        Home::Implementation
    } else {
        Home::Type
    };
    if home == Home::Type && is_foreign(&block) {
        diagnostics.on_foreign_impl(block.self_ty.span());
        let errors = diagnostics.into_compile_errors();
        return quote!(#block #errors);
    }
    if home == Home::Implementation && is_behind(&block) {
        // Without the block: it lacks what the trait declares, which would be a second error.
        diagnostics.on_impl_for_reference(block.self_ty.span());
        return diagnostics.into_compile_errors();
    }
    let has_tangent = faces::has_tangent(&block);
    let as_written = block.generics.clone();
    let wraps = has_tangent && !options.receiver && wraps_parts(&block);
    if home == Home::Implementation && (options.receiver || wraps) {
        // What the trait asks of the type follows from its parameters.
        block.generics = with_tangents(&block, options);
    }
    let associated = Associated::of(&block);
    let cycles = recursion::cycles(&block);
    // It cannot ask for more than its trait does.
    let may_be_active = has_tangent && (wraps || are_floats(&block.generics));
    let mut given = Given {
        all: Vec::new(),
        active: may_be_active.then(Vec::new),
        lacking: Vec::new(),
    };
    for item in &mut block.items {
        let syn::ImplItem::Fn(function) = item else {
            continue;
        };
        let mut options = options.clone();
        options.recursive |= cycles.contains(&function.sig.ident.to_string());
        let around = Block {
            owner: Some(&block.self_ty),
            generics: &block.generics,
            inherent: block.trait_.is_none(),
            single: false,
            has_tangent,
            home,
        };
        let mut outside = as_function(function);
        associated.spell_out(&mut outside);
        if given.add(&outside, &around, &options, &mut diagnostics) {
            // Whoever uses the derivatives need not use the member.
            function.attrs.push(syn::parse_quote!(#[allow(dead_code)]));
        }
        markers::take_off(
            &mut function.attrs,
            &mut function.sig,
            Some(&mut function.block),
        );
    }
    let errors = diagnostics.into_compile_errors();
    if home == Home::Implementation {
        if given.active.is_none() && !options.receiver {
            block.generics = as_written;
        }
        let floats = traits::floats(&block);
        block.items.extend(given.of_implementation(options));
        block.items.extend(floats);
        return quote!(#block #errors);
    }
    let generics = with_tangents(&block, options);
    let (list, _, clause) = generics.split_for_impl();
    let (owner, all) = (&block.self_ty, given.all);
    quote! {
        #block

        impl #list #owner #clause { #(#all)* }

        #errors
    }
}

/// What stands beside the `impl` of a trait that is known by its name: of an operator, an index or a conversion its derivative, of one that
/// follows from others or has none nothing. Other blocks are differentiated member by member.
fn of_known_trait(
    block: &syn::ItemImpl,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<TokenStream> {
    if let Some(operator) = Operator::of(block) {
        return Some(operator.expand(options, diagnostics));
    }
    if let Some(entries) = Entries::of(block) {
        return Some(entries.expand(options, diagnostics));
    }
    if let Some(conversion) = Conversion::of(block, options) {
        return Some(conversion.expand(options, diagnostics));
    }
    let left_alone = conversions::is_one_of_references(block)
        || operators::is_made_of_others(block)
        || traits::has_no_derivative(block);
    left_alone.then(TokenStream::new)
}

/// What the members of a block give.
struct Given {
    all: Vec<Sibling>,
    /// What an implementation of a trait has for receivers with a derivative: for all of its methods or for none.
    active: Option<Vec<Sibling>>,
    /// Names that say what has no derivative.
    lacking: Vec<Ident>,
}

impl Given {
    /// Adds a member; is there anything to add?
    fn add(
        &mut self,
        function: &syn::ItemFn,
        block: &Block<'_>,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let chained = chained::without_receiver(function).filter(|_| block.inherent);
        let function = chained.as_ref().unwrap_or(function);
        let lends = block.inherent && block.owner.is_some_and(|owner| lends(&function.sig, owner));
        let marked = function.attrs.iter().any(fence::is_second) || is_constant(&function.attrs);
        let left_alone = marked || lends;
        let differentiated = !left_alone && could_be(function, block.generics, options);
        let name = &function.sig.ident;
        self.lacking
            .extend(traits::lacking(name, differentiated, options));
        let derived = match block.home {
            _ if left_alone => None,
            Home::Implementation => {
                self.of_method(function, block, options, differentiated, diagnostics)
            }
            _ => of_type(function, block, options, differentiated, diagnostics),
        };
        let derived = derived.map(|mut all| {
            require_copies(&mut all, function, block);
            all
        });
        let any = derived.is_some();
        self.all.extend(derived.into_iter().flatten());
        any
    }

    /// What a method of an implementation of a trait has, those for active receivers noted aside.
    fn of_method(
        &mut self,
        function: &syn::ItemFn,
        block: &Block<'_>,
        options: &Options,
        differentiated: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<Sibling>> {
        let two_faced = faces::may_be_active(function, block, options);
        if two_faced {
            self.active = self.active.take().and_then(|mut all| {
                all.extend(faces::active(function, block, options, differentiated)?);
                Some(all)
            });
        }
        differentiated.then(|| match two_faced {
            true => faces::constant(function, block, options, diagnostics),
            false => members(function, block, options, diagnostics),
        })
    }

    /// The items that an implementation of a trait has beside its own.
    fn of_implementation(self, options: &Options) -> Vec<syn::ImplItem> {
        let differentiated = traits::differentiated(self.active.is_some(), options);
        let all = self
            .all
            .into_iter()
            .chain(self.active.into_iter().flatten());
        let mut items = traits::implemented(all.collect(), &self.lacking);
        items.push(differentiated);
        items
    }
}

/// Derivatives of a method that changes its receiver keep copies of what they restore: what the type holds of its type parameters has to be `Clone`.
fn require_copies(all: &mut [Sibling], function: &syn::ItemFn, block: &Block<'_>) {
    let receiver = function.sig.receiver();
    let changes =
        receiver.is_some_and(|r| receiver::mode(r) == ParamMode::RefMut || r.mutability.is_some());
    let Some(owner) = block.owner.filter(|_| changes && block.home == Home::Type) else {
        return;
    };
    for name in source::types::held(block.generics, &[owner]) {
        for sibling in &mut *all {
            let clause = sibling.function.sig.generics.make_where_clause();
            clause
                .predicates
                .push(syn::parse_quote!(#name: ::core::clone::Clone));
        }
    }
}

/// Are all type parameters floats?
fn are_floats(generics: &syn::Generics) -> bool {
    types::float_params(generics).len() == generics.type_params().count()
}

/// Is it about a type that holds values of types with annotated traits, and of floats: `impl<A: Shape, B: Shape> Shape for Union<A, B>`?
fn wraps_parts(block: &syn::ItemImpl) -> bool {
    let generics = &block.generics;
    let floats = types::float_params(generics);
    let held = source::types::held(generics, &[&*block.self_ty]);
    let is_part = |name: &Ident| {
        held.contains(name) && source::traits::is_open(name, types::bounds(name, generics))
    };
    let mut params = generics.type_params().map(|p| &p.ident);
    !held.is_empty() && params.all(|name| floats.contains(name) || is_part(name))
}

/// Does a function give a value that borrows?
fn lends(sig: &syn::Signature, owner: &syn::Type) -> bool {
    let syn::ReturnType::Type(_, ty) = &sig.output else {
        return false;
    };
    let this = Ident::new("Self", Span::call_site());
    let gives_self = mentions(ty.to_token_stream(), &this);
    borrows(ty) || gives_self && has_lifetime(owner)
}

/// Is there a reference in it, errors aside?
fn borrows(ty: &syn::Type) -> bool {
    let wrapped = match ty {
        syn::Type::Path(path) => wrapper(path),
        _ => None,
    };
    wrapped.map_or_else(|| has_lifetime(ty), |(_, inner)| borrows(inner))
}

/// What a member of a type has of derivatives; none where that is nothing.
fn of_type(
    function: &syn::ItemFn,
    block: &Block<'_>,
    options: &Options,
    differentiated: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Sibling>> {
    if let Some(both) = both_faces(function, block, options, differentiated, diagnostics) {
        return Some(both);
    }
    if differentiated {
        return Some(members(function, block, options, diagnostics));
    }
    let of_self = is_independent(function);
    let lost = || independent::is_of_constant_self(function, block.generics, options);
    (block.inherent && (of_self || lost()))
        .then(|| independent::members(function, block, options, of_self, diagnostics))
}

/// The faces that a method of a type with a tangent has, where its body allows that.
fn both_faces(
    function: &syn::ItemFn,
    block: &Block<'_>,
    options: &Options,
    differentiated: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Sibling>> {
    if !block.has_tangent || !faces::may_be_active(function, block, options) {
        return None;
    }
    let mut all = faces::active(function, block, options, differentiated)?;
    if differentiated {
        all.extend(faces::constant(function, block, options, diagnostics));
    }
    Some(all)
}

/// The generics of a block with tangents for the types, no floats, of which its type holds values.
fn with_tangents(block: &syn::ItemImpl, options: &Options) -> syn::Generics {
    let mut generics = block.generics.clone();
    let held = source::types::held(&generics, &[&*block.self_ty]);
    let rt = options::runtime(options.krate.as_ref());
    let bounds = held.iter();
    let bounds: Vec<TokenStream> = bounds
        .flat_map(|name| source::traits::tangent_bounds(name, &generics, &rt))
        .collect();
    if !bounds.is_empty() {
        let clause = generics.make_where_clause();
        let bounds = bounds.iter().map(|bound| syn::parse_quote!(#bound));
        clause
            .predicates
            .extend::<Vec<syn::WherePredicate>>(bounds.collect());
    }
    generics
}

/// `impl Curve<'_>` as `impl<'block> Curve<'block>`: the siblings name the type where a lifetime cannot be left out.
fn name_lifetimes(block: &mut syn::ItemImpl) {
    struct Named(syn::Lifetime, bool);
    impl VisitMut for Named {
        fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
            if lifetime.ident == "_" {
                *lifetime = self.0.clone();
                self.1 = true;
            }
        }
    }
    let lifetime = syn::Lifetime::new("'block", Span::mixed_site());
    let mut named = Named(lifetime.clone(), false);
    named.visit_type_mut(&mut block.self_ty);
    if named.1 {
        let param = syn::GenericParam::Lifetime(syn::LifetimeParam::new(lifetime));
        block.generics.params.insert(0, param);
    }
}

/// What is known of the block around a member.
pub struct Block<'a> {
    /// The type that it is about.
    pub owner: Option<&'a syn::Type>,
    pub generics: &'a syn::Generics,
    /// Is it no trait's?
    pub inherent: bool,
    /// Has the member the attribute for itself?
    pub single: bool,
    /// Does the source show that the type has a tangent?
    pub has_tangent: bool,
    pub home: Home,
}

/// Can the type surely not have members of its own here?
fn is_foreign(block: &syn::ItemImpl) -> bool {
    let owner = peel(&block.self_ty);
    let parameter = |p: &syn::TypePath| {
        let mut params = block.generics.type_params();
        p.path
            .get_ident()
            .is_some_and(|name| params.any(|t| t.ident == *name))
    };
    match owner {
        syn::Type::Path(p) => types::known(owner, &[]) != Ty::Unknown || parameter(p),
        _ => true,
    }
}

/// Is it about a reference to values of a type parameter, or a box of them?
fn is_behind(block: &syn::ItemImpl) -> bool {
    let inside = match &*block.self_ty {
        syn::Type::Reference(reference) => Some(&*reference.elem),
        syn::Type::Path(path) => types::boxed(path),
        _ => None,
    };
    let Some(syn::Type::Path(inside)) = inside else {
        return false;
    };
    let mut params = block.generics.type_params();
    params.any(|param| inside.path.is_ident(&param.ident))
}

/// The derivative functions of a member.
pub fn members(
    function: &syn::ItemFn,
    block: &Block<'_>,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Sibling> {
    face(function, block, options, Face::Whole, diagnostics)
}

/// The same of a face of a member.
pub fn face(
    function: &syn::ItemFn,
    block: &Block<'_>,
    options: &Options,
    face: Face,
    diagnostics: &mut Diagnostics,
) -> Vec<Sibling> {
    let mut options = options.clone();
    if let Some(option) = options.lists().next()
        && block.home != Home::Type
    {
        diagnostics.lists_of_a_member(function.sig.ident.span(), option);
        return Vec::new();
    }
    let (mut item, receiver) = receiver::as_function(function, block.single, &mut options);
    if block.home != Home::Trait {
        options.owner = block.owner.cloned();
    }
    if let Some(owner) = block.owner {
        receiver::spell_out(&mut item.sig, owner);
    }
    let member = Member {
        prefix: options
            .name
            .clone()
            .unwrap_or_else(|| item.sig.ident.clone()),
        face,
        vis: function.vis.clone(),
        receiver,
        arity: item.sig.inputs.len(),
        generics: item.sig.generics.clone(),
        home: block.home,
        single: block.single,
    };
    item.sig.generics = joined(block.generics, &item.sig.generics);
    let functions = pipeline::differentiate(&item, &options, Some(&member), diagnostics);
    let rt = options::runtime(options.krate.as_ref());
    siblings::siblings(functions, &member, &rt)
}

/// The parameters and bounds of the block and of the member.
fn joined(outer: &syn::Generics, inner: &syn::Generics) -> syn::Generics {
    let mut generics = outer.clone();
    generics.params.extend(inner.params.iter().cloned());
    if let Some(clause) = &inner.where_clause {
        let predicates = clause.predicates.iter().cloned();
        generics.make_where_clause().predicates.extend(predicates);
    }
    generics
}

/// A member as it would be written alone.
pub fn as_function(member: &syn::ImplItemFn) -> syn::ItemFn {
    syn::ItemFn {
        attrs: member.attrs.clone(),
        vis: member.vis.clone(),
        modifiers: member.modifiers.clone(),
        sig: member.sig.clone(),
        block: Box::new(member.block.clone()),
    }
}

/// Could the member of a block that is annotated as a whole have a derivative? Others are left as they are.
pub fn could_be(function: &syn::ItemFn, outer: &syn::Generics, options: &Options) -> bool {
    let mut diagnostics = Diagnostics::default();
    let rt = options::runtime(options.krate.as_ref());
    let function = &signature::differentiable(function, &rt).item;
    let floats = types::float_params(&joined(outer, &function.sig.generics));
    let mut sig = function.clone();
    let is_receiver = |input: &syn::FnArg| matches!(input, syn::FnArg::Receiver(_));
    let varied = |input: &syn::FnArg| match input {
        syn::FnArg::Receiver(_) => options.receiver || options.wrt.is_some(),
        syn::FnArg::Typed(arg) => {
            let marked = arg.attrs.iter().any(|a| a.path().is_ident("constant"));
            let called = types::function_type(&arg.ty, &function.sig.generics);
            !marked
                && match called {
                    Some(called) => types::gives_number(&called, &floats),
                    None => !types::known(&arg.ty, &floats).is_inert(),
                }
        }
    };
    let written = |input: &syn::FnArg| {
        let text = input.to_token_stream().to_string();
        varied(input) && (text.contains("& mut") || text.contains("&mut"))
    };
    let result = match &function.sig.output {
        syn::ReturnType::Default => false,
        syn::ReturnType::Type(_, ty) => {
            !types::known(ty, &floats).is_inert() && !types::holds_functions(ty)
        }
    };
    let inputs = &function.sig.inputs;
    let flows = inputs.iter().any(varied) && (result || inputs.iter().any(written));
    sig.sig.inputs = inputs.iter().filter(|i| !is_receiver(i)).cloned().collect();
    fence::check_signature(&sig, &mut diagnostics);
    flows && diagnostics.is_empty()
}

/// Is it marked to be left alone?
pub fn is_constant(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| a.path().is_ident("constant"))
}
