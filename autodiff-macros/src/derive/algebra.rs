//! The traits of the runtime's module `tangent`, field by field. Of an enum, both sides have to be the same variant.

use super::model::{Model, Variant};
use crate::emit::types::width;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// For a type without fields.
pub fn without_tangent(model: &Model) -> TokenStream {
    let (rt, name, generics) = (&model.rt, &model.item.ident, &model.generics);
    let (list, arguments) = (&generics.primal_list, &generics.primal_arguments);
    let clause = &generics.primal_clause;
    quote! {
        #[automatically_derived]
        impl #list #rt::Differentiable for #name #arguments #clause {
            type Tangent = ();
            type Slot = ();
            #[inline]
            fn zero_tangent(&self) {}
            #[inline]
            fn fits_tangent(&self, _: &()) -> bool {
                true
            }
        }
    }
}

/// For a type without fields, by the model of several directions.
pub fn without_tangents(model: &Model) -> TokenStream {
    let (rt, name, generics) = (&model.rt, &model.item.ident, &model.generics);
    let (list, arguments) = (&generics.primal_list, &generics.primal_arguments);
    let (clause, width) = (&generics.primal_clause, width());
    quote! {
        #[automatically_derived]
        impl #list #rt::Batched<#width> for #name #arguments #clause {
            type Tangents = ();
            type Slots = ();
            #[inline]
            fn zero_tangents(&self) {}
            #[inline]
            fn fits_tangents(&self, _: &()) -> bool {
                true
            }
        }
    }
}

/// For a type and its tangent.
pub fn impls(model: &Model) -> TokenStream {
    let parts = [
        differentiable(model),
        tangent(model),
        owned(model),
        coordinates(model),
    ];
    parts.into_iter().collect()
}

/// `match self { .. }` with an arm for each variant; `each` makes the body from the names of the fields that have a derivative.
fn by_variant(
    model: &Model,
    arm: impl Fn(&Variant, &TokenStream) -> (TokenStream, TokenStream),
) -> TokenStream {
    let ty = quote!(Self);
    let arms = model.variants.iter().map(|v| {
        let (pattern, body) = arm(v, &ty);
        quote!(#pattern => #body)
    });
    quote!(#(#arms,)*)
}

/// The trait that says what the tangent of the type is.
fn differentiable(model: &Model) -> TokenStream {
    let (rt, name, tangent) = (&model.rt, &model.item.ident, &model.tangent);
    let generics = &model.generics;
    let (list, arguments) = (&generics.primal_list, &generics.primal_arguments);
    let (clause, tangent_arguments) = (&generics.primal_clause, &generics.arguments);
    let names = Names::new(model);
    let (of_trait, zero, fit) = (&names.of_trait, &names.zero, &names.fit);
    let zeros = by_variant(model, |v, ty| {
        let path = v.path(&quote!(#tangent));
        let zeros = v.fields.iter().zip(v.names("a")).map(|(f, a)| {
            let member = &f.member;
            if f.constant {
                quote!(#member: #rt::Constant::new(#a))
            } else {
                quote!(#member: #of_trait::#zero(#a))
            }
        });
        (v.pattern(ty, "a"), quote!(#path { #(#zeros),* }))
    });
    let fits = by_variant(model, |v, ty| {
        let (a, b) = (v.pattern(ty, "a"), v.pattern(&quote!(#tangent), "b"));
        let pairs = v.names("a").into_iter().zip(v.names("b")).zip(&v.fields);
        let pairs = pairs.filter(|(_, f)| !f.constant);
        let fit = pairs.map(|((a, b), _)| quote!(&& #fit(#a, #b)));
        (quote!((#a, #b)), quote!(true #(#fit)*))
    });
    let otherwise = otherwise(model, &quote!(false));
    let (owned, slot, fits_slot) = (&names.owned, &names.slot, &names.fits_slot);
    quote! {
        #[automatically_derived]
        impl #list #of_trait for #name #arguments #clause {
            type #owned = #tangent #tangent_arguments;
            type #slot = #tangent #tangent_arguments;
            #[inline]
            #[allow(unused_variables)]
            fn #zero(&self) -> Self::#owned {
                match self { #zeros }
            }
            #[inline]
            #[allow(unused_variables)]
            fn #fits_slot(&self, slot: &Self::#slot) -> bool {
                match (self, slot) { #fits #otherwise }
            }
        }
    }
}

/// How the trait of a type and its items are called.
struct Names {
    /// `Differentiable`, `Batched<W>`
    of_trait: TokenStream,
    owned: Ident,
    slot: Ident,
    zero: Ident,
    fits_slot: Ident,
    /// The function that compares the shapes of a field.
    fit: TokenStream,
}

impl Names {
    fn new(model: &Model) -> Self {
        let (rt, width) = (&model.rt, width());
        let lists = model.kind.is_list();
        let (of_trait, fit) = match lists {
            true => (
                quote!(#rt::Batched::<#width>),
                quote!(#rt::batch::fits::<#width, _>),
            ),
            false => (quote!(#rt::Differentiable), quote!(#rt::fits)),
        };
        let name = |name: &str| match lists {
            true => format_ident!("{name}s"),
            false => format_ident!("{name}"),
        };
        Self {
            of_trait,
            owned: name("Tangent"),
            slot: name("Slot"),
            zero: name("zero_tangent"),
            fits_slot: name("fits_tangent"),
            fit,
        }
    }
}

/// The arm for two different variants.
fn otherwise(model: &Model, value: &TokenStream) -> Option<TokenStream> {
    (model.variants.len() > 1).then(|| quote!(_ => #value))
}

fn tangent(model: &Model) -> TokenStream {
    let (rt, name, generics) = (&model.rt, &model.tangent, &model.generics);
    let (list, clause, arguments) = (
        &generics.declared,
        &generics.tangent_clause,
        &generics.arguments,
    );
    let accumulate = pairwise(model, &quote!(accumulate_tangent));
    let subtract = pairwise(model, &quote!(subtract_tangent));
    let clear = by_variant(model, |v, ty| {
        let names = active(v, "a");
        (
            v.pattern(ty, "a"),
            quote!({ #(#rt::Tangent::clear_tangent(#names);)* }),
        )
    });
    let shape = by_variant(model, |v, ty| {
        let names = active(v, "a");
        let title = v.name.unwrap_or(&model.item.ident).to_string();
        let shapes = quote!(&[#(#rt::Tangent::tangent_shape(#names)),*]);
        (
            v.pattern(ty, "a"),
            quote!(#rt::shape_of_fields(#title, #shapes)),
        )
    });
    quote! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl #list #rt::Tangent for #name #arguments #clause {
            #[inline]
            #[track_caller]
            fn accumulate_tangent(&mut self, other: &Self) {
                #accumulate
            }
            #[inline]
            #[track_caller]
            fn subtract_tangent(&mut self, other: &Self) {
                #subtract
            }
            #[inline]
            fn clear_tangent(&mut self) {
                match self { #clear }
            }
            fn tangent_shape(&self) -> #rt::String {
                match self { #shape }
            }
        }
    }
}

/// The names of the fields of a variant that have a derivative.
fn active(variant: &Variant, letter: &str) -> Vec<Ident> {
    let names = variant.names(letter).into_iter().zip(&variant.fields);
    let names = names.filter(|(_, f)| !f.constant);
    names.map(|(name, _)| name).collect()
}

/// The method of each pair of fields, or the panic about two variants.
fn pairwise(model: &Model, method: &TokenStream) -> TokenStream {
    let rt = &model.rt;
    let arms = by_variant(model, |v, ty| {
        let (a, b) = (v.pattern(ty, "a"), v.pattern(ty, "b"));
        let (left, right) = (active(v, "a"), active(v, "b"));
        (
            quote!((#a, #b)),
            quote!({ #(#rt::Tangent::#method(#left, #right);)* }),
        )
    });
    let otherwise = otherwise(model, &quote!(#rt::shape_mismatch(self, other)));
    quote!(match (&mut *self, other) { #arms #otherwise })
}

fn owned(model: &Model) -> TokenStream {
    let (rt, name, generics) = (&model.rt, &model.tangent, &model.generics);
    let (list, clause, arguments) = (
        &generics.declared,
        &generics.tangent_clause,
        &generics.arguments,
    );
    let zeros = by_variant(model, |v, ty| {
        let path = v.path(ty);
        let zeros = v.fields.iter().zip(v.names("a")).map(|(f, a)| {
            let member = &f.member;
            if f.constant {
                quote!(#member: *#a)
            } else {
                quote!(#member: #rt::OwnedTangent::zero_like_tangent(#a))
            }
        });
        (v.pattern(ty, "a"), quote!(#path { #(#zeros),* }))
    });
    quote! {
        #[automatically_derived]
        impl #list #rt::OwnedTangent for #name #arguments #clause {
            #[inline]
            fn zero_like_tangent(&self) -> Self {
                match self { #zeros }
            }
        }
    }
}

fn coordinates(model: &Model) -> TokenStream {
    let (rt, name, generics) = (&model.rt, &model.tangent, &model.generics);
    let (parameters, arguments) = (&generics.parameters, &generics.arguments);
    let fields = model.differentiable().filter(|f| !f.recursive);
    let fields = fields.map(|f| {
        let ty = &f.tangent;
        quote!(#ty: #rt::Coordinates<__S>)
    });
    let clause = generics.clause_with(fields);
    let visit = |method: TokenStream| {
        by_variant(model, |v, ty| {
            let names = active(v, "a");
            let visits = quote!({ #(#rt::Coordinates::<__S>::#method(#names, visit);)* });
            (v.pattern(ty, "a"), visits)
        })
    };
    let (read, write) = (
        visit(quote!(visit_coordinates)),
        visit(quote!(visit_coordinates_mut)),
    );
    quote! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl<#(#parameters,)* __S> #rt::Coordinates<__S> for #name #arguments #clause {
            #[inline]
            fn visit_coordinates(&self, visit: &mut impl #rt::FnMut(__S)) {
                match self { #read }
            }
            #[inline]
            fn visit_coordinates_mut(&mut self, visit: &mut impl #rt::FnMut(&mut __S)) {
                match self { #write }
            }
        }
    }
}
