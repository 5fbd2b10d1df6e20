//! A type as the derive sees it: variants of fields, a struct being the one variant of itself.

use super::generics::{Generics, erase_lifetimes, mentions_parameter};
use crate::declared::is_constant_field;
use crate::diagnostic::Diagnostics;
use crate::emit::types::{Kind, Tangents};
use crate::ir::Ty;
use crate::lower::types;
use crate::names::mentions;
use crate::options;
use crate::source::Source;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// A struct or enum.
pub struct Model<'a> {
    pub item: &'a syn::DeriveInput,
    /// The path of the runtime's `private` module.
    pub rt: TokenStream,
    /// What stands for the tangent of a scalar.
    pub kind: Kind,
    /// The name of the tangent type.
    pub tangent: Ident,
    pub variants: Vec<Variant<'a>>,
    /// The types in fields that need a tangent and depend on no parameter.
    closed: Vec<syn::Type>,
    pub generics: Generics,
}

/// A variant, or the struct itself.
pub struct Variant<'a> {
    /// `None` for a struct.
    pub name: Option<&'a Ident>,
    pub style: &'a syn::Fields,
    pub fields: Vec<Field<'a>>,
}

/// A field.
pub struct Field<'a> {
    pub member: syn::Member,
    pub vis: &'a syn::Visibility,
    /// Marked `#[constant]`, or of a type that holds no number?
    pub constant: bool,
    /// Does its type contain the one at hand? A bound on it would be the one that is being shown.
    pub recursive: bool,
    /// The type of the field of the same name of the tangent.
    pub tangent: TokenStream,
}

/// `#[differentiable(crate = path, tangent = Name, batch, taylor)]`
#[derive(Default)]
struct Arguments {
    krate: Option<syn::Path>,
    tangent: Option<Ident>,
    /// `batch` or `taylor`.
    lists: bool,
}

impl<'a> Model<'a> {
    /// `None` where nothing could be made of it.
    pub fn new(
        item: &'a syn::DeriveInput,
        kind: Kind,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let arguments = arguments(item, diagnostics);
        let rt = options::runtime(arguments.krate.as_ref());
        let tangent = arguments.tangent;
        let mut tangent = tangent.unwrap_or_else(|| format_ident!("{}Tangent", item.ident));
        if kind.is_list() {
            tangent = format_ident!("{tangent}s");
        }
        let shapes: Vec<(Option<&Ident>, &syn::Fields)> = match &item.data {
            syn::Data::Struct(data) => vec![(None, &data.fields)],
            syn::Data::Enum(data) => {
                let variants = data.variants.iter();
                variants.map(|v| (Some(&v.ident), &v.fields)).collect()
            }
            syn::Data::Union(data) => {
                diagnostics.derive_on_union(data.union_token.span);
                return None;
            }
        };
        let fields = shapes.iter().flat_map(|(_, fields)| fields.iter());
        let fields = fields.filter(|f| !is_constant(f, item) && !is_recursive(f, item));
        let parts: Vec<syn::Type> = fields.flat_map(|f| bounded(&f.ty, &rt, item)).collect();
        let generics = Generics::new(&item.generics, &rt, &parts, kind);
        let variants = shapes.into_iter().map(|(name, style)| {
            let fields = style.members().zip(style);
            let fields = fields.map(|(member, field)| Field::new(member, field, (&rt, kind), item));
            Variant {
                name,
                style,
                fields: fields.collect(),
            }
        });
        let variants = variants.collect();
        let parts = parts.into_iter();
        let closed = parts.filter(|ty| !mentions_parameter(ty, &item.generics));
        let closed = closed.collect();
        Some(Self {
            item,
            rt,
            kind,
            tangent,
            variants,
            closed,
            generics,
        })
    }

    /// The same with lists of scalars, where the type asks for them.
    pub fn of_lists(&self) -> Option<Model<'a>> {
        let silent = &mut Diagnostics::default();
        let asked = arguments(self.item, silent).lists || self.has_no_fields();
        let model = asked.then(|| Model::new(self.item, Kind::Directions, silent));
        model.flatten()
    }

    /// No derivative of such a type could be anything.
    pub fn has_no_fields(&self) -> bool {
        self.variants.iter().all(|v| v.fields.is_empty())
    }

    /// The fields that have a derivative.
    pub fn differentiable(&self) -> impl Iterator<Item = &Field<'a>> {
        let fields = self.variants.iter().flat_map(|v| &v.fields);
        fields.filter(|f| !f.constant)
    }

    /// The tangent type.
    pub fn declaration(&self) -> TokenStream {
        let (vis, name) = (&self.item.vis, &self.tangent);
        let (list, clause) = (&self.generics.declared, &self.generics.tangent_clause);
        let of = &self.item.ident;
        let doc = match self.kind.is_list() {
            true => format!(
                "Tangents of [`{of}`] in several directions at once, or its Taylor coefficients, field by field."
            ),
            false => format!(
                "The tangent of [`{of}`]: directions, gradients and adjoints of `{of}`, field by field."
            ),
        };
        let head = quote! {
            #[doc = #doc]
            #[allow(missing_docs, clippy::struct_field_names, clippy::exhaustive_structs, clippy::exhaustive_enums)]
        };
        let body = |v: &Variant| v.declaration(self.is_enum());
        match (self.is_enum(), self.variants.as_slice()) {
            (false, [only]) if matches!(only.style, syn::Fields::Unnamed(_)) => {
                let fields = body(only);
                quote!(#head #vis struct #name #list #fields #clause;)
            }
            (false, [only]) => {
                let fields = body(only);
                quote!(#head #vis struct #name #list #clause #fields)
            }
            (_, variants) => {
                let variants = variants.iter().map(|v| {
                    let (name, fields) = (v.name, body(v));
                    quote!(#name #fields)
                });
                quote!(#head #vis enum #name #list #clause { #(#variants),* })
            }
        }
    }

    /// The one place where a field without a tangent is reported.
    pub fn assertions(&self) -> TokenStream {
        let rt = &self.rt;
        let assert = self.closed.iter().map(|ty| {
            let span = ty.span();
            quote_spanned!(span=> #rt::assert_differentiable::<#ty>();)
        });
        quote!(const _: fn() = || { #(#assert)* };)
    }

    pub fn is_enum(&self) -> bool {
        matches!(self.item.data, syn::Data::Enum(_))
    }
}

impl<'a> Field<'a> {
    fn new(
        member: syn::Member,
        field: &'a syn::Field,
        (rt, kind): (&TokenStream, Kind),
        item: &syn::DeriveInput,
    ) -> Self {
        let ty = erase_lifetimes(&field.ty, &item.generics);
        let constant = is_constant(field, item);
        let tangent = if constant {
            quote!(#rt::Constant<#ty>)
        } else {
            Tangents {
                floats: &[],
                rt,
                kind,
            }
            .owned(&ty)
        };
        Self {
            member,
            vis: &field.vis,
            constant,
            recursive: is_recursive(field, item),
            tangent,
        }
    }
}

impl Variant<'_> {
    /// `{ pub x: f64 }`, `(f64)` or nothing.
    fn declaration(&self, of_enum: bool) -> TokenStream {
        let fields = self.fields.iter().map(|f| {
            let vis = (!of_enum).then_some(f.vis);
            let ty = &f.tangent;
            match &f.member {
                syn::Member::Named(name) => quote!(#vis #name: #ty),
                syn::Member::Unnamed(_) => quote!(#vis #ty),
            }
        });
        match self.style {
            syn::Fields::Named(_) => quote!({ #(#fields),* }),
            syn::Fields::Unnamed(_) => quote!((#(#fields),*)),
            syn::Fields::Unit => quote!(),
        }
    }

    /// `Path`, or `Path::Variant`.
    pub fn path(&self, ty: &TokenStream) -> TokenStream {
        match self.name {
            Some(name) => quote!(#ty::#name),
            None => ty.clone(),
        }
    }

    /// `Path { x: a0, y: a1 }`, a name for each field; also right for tuples.
    pub fn pattern(&self, ty: &TokenStream, letter: &str) -> TokenStream {
        let (path, members) = (self.path(ty), self.fields.iter().map(|f| &f.member));
        let names = self.names(letter);
        quote!(#path { #(#members: #names),* })
    }

    /// The names that [`Variant::pattern`] binds.
    pub fn names(&self, letter: &str) -> Vec<Ident> {
        let name = |k| Ident::new(&format!("{letter}{k}"), Span::mixed_site());
        (0..self.fields.len()).map(name).collect()
    }
}

/// The types in a field that a bound has to be stated for. One with a lifetime is stated whole where it depends on a parameter.
fn bounded(ty: &syn::Type, rt: &TokenStream, item: &syn::DeriveInput) -> Vec<syn::Type> {
    let parts = Tangents {
        floats: &[],
        rt,
        kind: Kind::Scalar,
    }
    .unknown_parts(ty);
    let open = parts.is_empty() && mentions_parameter(ty, &item.generics);
    if open { vec![ty.clone()] } else { parts }
}

fn is_recursive(field: &syn::Field, item: &syn::DeriveInput) -> bool {
    mentions(field.ty.to_token_stream(), &item.ident)
}

fn is_constant(field: &syn::Field, item: &syn::DeriveInput) -> bool {
    let source = Source::of(field.ty.span());
    // Integers have no derivative anyway; without a mark they take part in arithmetic.
    !matches!(types::known(&field.ty, &[]), Ty::Int | Ty::Bool)
        && is_constant_field(field, &item.generics, source.as_ref())
}

fn arguments(item: &syn::DeriveInput, diagnostics: &mut Diagnostics) -> Arguments {
    let mut arguments = Arguments::default();
    let own = item
        .attrs
        .iter()
        .filter(|a| a.path().is_ident("differentiable"));
    for attr in own {
        let result = attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("crate") {
                let value = meta.value()?;
                arguments.krate = Some(value.call(syn::Path::parse_mod_style)?);
            } else if meta.path.is_ident("tangent") {
                arguments.tangent = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("batch") || meta.path.is_ident("taylor") {
                arguments.lists = true;
            } else {
                return Err(meta.error("unknown option"));
            }
            Ok(())
        });
        if let Err(error) = result {
            diagnostics.derive_option(error.span(), &error.to_string());
        }
    }
    arguments
}
