//! The companion type of a function and the derivative functions on it: see "The companion and the call protocol" in ARCHITECTURE.md.

use super::functions::{lifetime_of_functions, without_functions};
use super::types::{Kind, Tangents, referred};
use super::{Assumed, module};
use crate::analysis::activity::Activity;
use crate::graph::Graph;
use crate::ir::ParamMode;
use crate::lower::types::bounds;
use crate::members::{Home, Member};
use crate::names::{mentions, parameters};
use crate::options::Options;
use crate::source;
use crate::transform::adjoint::Adjoint;
use crate::transform::forward::Tangent;
use crate::transform::forward::second::Second;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident};

/// What the companion is made of.
#[derive(Clone)]
pub struct Companion<'a> {
    pub item: &'a syn::ItemFn,
    /// What the functions become members of, if not of a companion.
    pub member: Option<&'a Member>,
    pub options: &'a Options,
    pub rt: &'a TokenStream,
    pub floats: &'a [Ident],
    /// What carries a derivative, and how many variables the lowered function has.
    pub activity: (&'a Activity, usize),
    pub forward: Option<&'a Tangent>,
    pub series: Option<&'a Tangent>,
    pub graph: Option<&'a Graph>,
    pub adjoint: Option<&'a Adjoint>,
    pub second: Option<&'a Second>,
    pub params: Vec<Parameter>,
    /// The function's generics, `impl Trait` in its arguments among them under a name; functions as those that give pullbacks.
    pub generics: syn::Generics,
    /// The same, functions as those that give tangents.
    pub forward_generics: syn::Generics,
    /// The same, functions as those that give both.
    pub second_generics: syn::Generics,
    /// Does the function call itself? Its pullback is boxed then.
    pub recursive: bool,
}

/// A parameter as the generated signatures have it.
#[derive(Clone)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Is it bound as `mut`?
    pub mutable: bool,
    /// Its type as written.
    pub ty: syn::Type,
    /// How it is passed.
    pub mode: ParamMode,
    /// Is it differentiated?
    pub active: bool,
    /// Is it a function, given as its derivative?
    pub function: bool,
}

impl Parameter {
    pub(super) fn tangent(&self) -> Ident {
        format_ident!("d_{}", self.name, span = Span::mixed_site())
    }

    pub(super) fn gradient(&self) -> Ident {
        format_ident!("grad_{}", self.name, span = Span::mixed_site())
    }

    pub(super) fn curvature(&self) -> Ident {
        format_ident!("hess_{}", self.name, span = Span::mixed_site())
    }

    pub(super) fn is_reference(&self) -> bool {
        self.mode != ParamMode::Value
    }

    pub(super) fn is_output(&self) -> bool {
        self.active && self.mode == ParamMode::RefMut
    }

    /// This number in its type, where it surely is an `f32` or `f64`.
    pub(super) fn number(&self, number: f64) -> Option<Literal> {
        literal(referred(&self.ty), number)
    }

    /// May the function change it? A function that is run several times is run on a copy.
    pub(super) fn is_exclusive(&self) -> bool {
        self.mode == ParamMode::RefMut
    }
}

impl Companion<'_> {
    /// The companion type with all its functions.
    pub fn emit(&self) -> TokenStream {
        let name = self
            .options
            .name
            .clone()
            .unwrap_or_else(|| self.item.sig.ident.clone());
        let vis = &self.item.vis;
        let doc = format!("Derivatives of the function `{}`.", self.item.sig.ident);
        let attrs = self.item.attrs.iter();
        let conditions: Vec<_> = attrs.filter(|a| a.path().is_ident("cfg")).collect();
        let forward = self.forward.map(|t| self.in_forward().forward_mode(t));
        let reverse = self.adjoint.map(|a| self.reverse_mode(a));
        let jacobian = self.jacobian();
        let second = self.second.map(|s| self.in_second().second_order(s));
        let graph = self.graph.map(|graph| self.graph_function(graph));
        if self.member.is_some() {
            return hygienic!(#forward #reverse #jacobian #second #graph);
        }
        let traits = self.traits(&name).into_iter();
        let traits = traits.map(|implementation| {
            hygienic! {
                #(#conditions)*
                #[automatically_derived]
                #[allow(unused, nonstandard_style, deprecated, clippy::all, clippy::pedantic)]
                #implementation
            }
        });
        let companion = hygienic! {
            impl #name {
                #forward
                #reverse
                #jacobian
                #second
                #graph
            }
        };
        let brought = source::namesakes::brought(&name);
        let calls = brought
            .and_then(|b| module::calls(&name, (vis, b), &conditions, companion.clone(), self.rt));
        let vis = source::namesakes::visibility(&name, vis);
        hygienic! {
            #(#conditions)*
            #[doc = #doc]
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #vis struct #name {}

            #(#conditions)*
            #[doc(hidden)]
            #[allow(
                unused, nonstandard_style, unreachable_code, dead_code, deprecated,
                clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction
            )]
            #companion

            #calls
            #(#traits)*
        }
    }

    /// The companion with the functions that are parameters in the form of the forward mode.
    fn in_forward(&self) -> Self {
        Self {
            generics: self.forward_generics.clone(),
            ..self.clone()
        }
    }

    /// The same in the form of second order.
    fn in_second(&self) -> Self {
        Self {
            generics: self.second_generics.clone(),
            ..self.clone()
        }
    }

    /// Are there functions among the parameters?
    pub(super) fn has_functions(&self) -> bool {
        self.params.iter().any(|p| p.function)
    }

    pub(super) fn assumed(&self, later: bool) -> Assumed<'_> {
        let (activity, primals) = self.activity;
        Assumed {
            activity,
            primals,
            later,
        }
    }

    pub(super) fn tangents(&self) -> Tangents<'_> {
        Tangents {
            floats: self.floats,
            rt: self.rt,
            kind: Kind::Scalar,
        }
    }

    pub(super) fn active(&self) -> impl Iterator<Item = &Parameter> {
        self.params.iter().filter(|p| p.active)
    }

    /// Generics with `Real` for the float-like type parameters.
    pub(super) fn generics(&self) -> (TokenStream, TokenStream) {
        self.generics_with(None, Vec::new())
    }

    /// The where clause.
    pub(super) fn bounds(&self) -> Vec<TokenStream> {
        let rt = self.rt;
        let real = self.floats.iter().map(|t| hygienic!(#t: #rt::Real));
        let user = self.generics.where_clause.as_ref().map(|w| &w.predicates);
        let user = user.into_iter().flatten().map(|p| hygienic!(#p));
        let differentiable = self.differentiated_types().into_iter();
        let generics = &self.item.sig.generics;
        let differentiable =
            differentiable.flat_map(|t| source::traits::tangent_bounds(&t, generics, rt));
        let receivers = self.floats.iter();
        let receivers =
            receivers.flat_map(|t| source::traits::receivers(t, bounds(t, generics), rt));
        user.chain(real)
            .chain(receivers)
            .chain(differentiable)
            .chain(self.changed_types())
            .chain(self.floats_of_traits())
            .collect()
    }

    /// What methods of a type parameter need that is bound by a trait which types with floats for parameters implement.
    fn floats_of_traits(&self) -> Vec<TokenStream> {
        if self.member.is_some_and(|m| m.home != Home::Type) {
            return Vec::new();
        }
        let (rt, generics) = (self.rt, &self.item.sig.generics);
        let names = generics.type_params().map(|p| &p.ident);
        let names = names.filter(|name| !self.floats.contains(name));
        names
            .flat_map(|name| source::traits::floats_of(name, bounds(name, generics)))
            .map(|floats| hygienic!(#floats: #rt::Real))
            .collect()
    }

    /// What is changed through a reference is copied before a call may change it, which values of a type parameter need not allow.
    fn changed_types(&self) -> Vec<TokenStream> {
        let declared = self.member.is_some_and(|m| m.home != Home::Type);
        let changed = self.active().filter(|p| p.mode == ParamMode::RefMut);
        let types: Vec<&syn::Type> = changed.filter(|_| !declared).map(|p| &p.ty).collect();
        let is_changed = |name: &&Ident| {
            let is_it = |ty: &&syn::Type| match referred(ty) {
                syn::Type::Path(path) => path.path.is_ident(*name),
                _ => false,
            };
            !self.floats.contains(name) && types.iter().any(is_it)
        };
        let names = self.item.sig.generics.type_params().map(|p| &p.ident);
        let names = names.filter(is_changed);
        names
            .map(|name| hygienic!(#name: ::core::clone::Clone))
            .collect()
    }

    /// The type parameters, floats aside, of which a differentiated parameter or the result holds values.
    fn differentiated_types(&self) -> Vec<Ident> {
        let mut types: Vec<&syn::Type> = self.active().map(|p| &p.ty).collect();
        if let syn::ReturnType::Type(_, ty) = &self.item.sig.output {
            types.push(ty);
        }
        if self.member.is_none_or(|member| !member.single) {
            return source::types::held(&self.generics, &types);
        }
        // A method that has the attribute for itself asks of the block's parameters what the block does not.
        let this = Ident::new("Self", Span::call_site());
        let own = types.iter().any(|ty| mentions(ty.to_token_stream(), &this));
        types.extend(self.options.owner.as_ref().filter(|_| own));
        source::types::held(&self.item.sig.generics, &types)
    }

    /// `Clone` for the parts of these parameters that syntax does not tell to have it. Only a use of the function is held to it.
    pub(super) fn clone_bounds<'p>(
        &self,
        params: impl Iterator<Item = &'p Parameter>,
    ) -> Vec<TokenStream> {
        let unknown = params.flat_map(|p| self.tangents().unknown_parts(&p.ty));
        unknown
            .map(|ty| hygienic!(for<'deferred> #ty: ::core::clone::Clone))
            .collect()
    }

    pub(super) fn generics_with(
        &self,
        lifetime: Option<&syn::Lifetime>,
        more: Vec<TokenStream>,
    ) -> (TokenStream, TokenStream) {
        let mut generics = self.generics.clone();
        if let Some(lifetime) = lifetime {
            let param = syn::LifetimeParam::new(lifetime.clone());
            generics
                .params
                .insert(0, syn::GenericParam::Lifetime(param));
        }
        let bounds = self.bounds().into_iter().chain(more);
        let bounds: Vec<_> = bounds.chain(self.outlived(&generics)).collect();
        let params = &generics.params;
        let list = (!params.is_empty()).then(|| hygienic!(<#params>));
        let clause = (!bounds.is_empty()).then(|| hygienic!(where #(#bounds),*));
        (hygienic!(#list), hygienic!(#clause))
    }

    /// The lifetime of the functions among the parameters.
    pub(super) fn lifetime_of_functions(&self) -> Option<syn::Lifetime> {
        let lifetime = lifetime_of_functions();
        let known = |p: &syn::LifetimeParam| p.lifetime.ident == lifetime.ident;
        self.generics.lifetimes().any(known).then_some(lifetime)
    }

    /// All other lifetimes are as long as that of the functions: rustc then knows which one a pullback has that owns such a pullback.
    fn outlived(&self, generics: &syn::Generics) -> Vec<TokenStream> {
        let Some(functions) = self.lifetime_of_functions() else {
            return Vec::new();
        };
        let home = self.member.map(|m| &m.generics);
        let all = generics
            .lifetimes()
            .chain(home.into_iter().flat_map(|g| g.lifetimes()));
        let others = all
            .map(|l| &l.lifetime)
            .filter(|l| l.ident != functions.ident);
        others.map(|other| hygienic!(#other: #functions)).collect()
    }

    /// What a pullback may capture, as `use<..>` lists it: also the parameters of the block around a member.
    pub(super) fn captured(&self) -> Vec<TokenStream> {
        let mut all = without_functions(&self.item.sig.generics);
        let known: Vec<_> = all.params.iter().cloned().collect();
        let more = self.generics.params.iter().filter(|p| !known.contains(p));
        all.params.extend(more.cloned());
        let owner = self.member.filter(|m| m.home == Home::Trait);
        let owner = owner.map(|_| hygienic!(Self));
        let functions = self.lifetime_of_functions().map(|l| hygienic!(#l));
        functions
            .into_iter()
            .chain(owner)
            .chain(arguments(&all))
            .collect()
    }

    /// What a derivative function is called: that of a member has a prefix.
    pub(super) fn own_name(&self, name: &str) -> Ident {
        match self.member {
            Some(member) => member.name(name),
            None => Ident::new(name, Span::mixed_site()),
        }
    }

    /// `Self::name::<T, N>`
    pub(super) fn own(&self, name: &str) -> TokenStream {
        let name = self.own_name(name);
        let arguments = arguments(&self.generics);
        if arguments.is_empty() {
            hygienic!(Self::#name)
        } else {
            hygienic!(Self::#name::<#(#arguments),*>)
        }
    }

    /// `x: &[f64], mut a: f64`
    pub(super) fn primals(&self, binding: bool) -> TokenStream {
        let params = self.params.iter().map(|p| {
            let (name, ty) = (&p.name, &p.ty);
            let mutable = (binding && p.mutable).then(|| hygienic!(mut));
            hygienic!(#mutable #name: #ty,)
        });
        params.collect()
    }

    pub(super) fn names(&self) -> TokenStream {
        let names = self.params.iter().map(|p| &p.name);
        hygienic!(#(#names),*)
    }

    pub(super) fn tangent_type(&self, p: &Parameter) -> TokenStream {
        self.tangents().passed(p.mode, &p.ty)
    }

    pub(super) fn slot_type(&self, p: &Parameter) -> TokenStream {
        let ty = self.tangents().behind(&p.ty);
        hygienic!(&mut #ty)
    }

    pub(super) fn gradient_type(&self, p: &Parameter) -> TokenStream {
        self.tangents().owned(&p.ty)
    }

    /// One type bare, several as a tuple.
    pub(super) fn gradients(&self, part: impl Fn(&Parameter) -> TokenStream) -> TokenStream {
        let parts: Vec<_> = self.active().map(part).collect();
        match parts.as_slice() {
            [one] => hygienic!(#one),
            all => hygienic!((#(#all),*)),
        }
    }

    pub(super) fn zero(&self, p: &Parameter) -> TokenStream {
        let (rt, name) = (self.rt, &p.name);
        if let Some(zero) = p.number(0.0) {
            hygienic!(#zero)
        } else if p.is_reference() {
            hygienic!(#rt::zero(&*#name))
        } else {
            hygienic!(#rt::zero(&#name))
        }
    }
}

/// `0.0_f32`, `0.0_f64`, where the type is one of these.
pub(super) fn literal(ty: &syn::Type, number: f64) -> Option<Literal> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    match path.path.get_ident()? {
        name if name == "f32" => Some(Literal::f32_suffixed(number as f32)),
        name if name == "f64" => Some(Literal::f64_suffixed(number)),
        _ => None,
    }
}

/// Type and const parameters, as a turbofish lists them.
pub(super) fn arguments(generics: &syn::Generics) -> Vec<TokenStream> {
    parameters(generics).map(|name| hygienic!(#name)).collect()
}
