//! `#[derive(Differentiable)]`: the tangent type of a struct or enum, and the algebra on it.
//!
//! *In*: the type. *Out*: a type `PointTangent` with the same fields (or variants), each with the tangent of its type, and the traits of the
//! runtime's module `tangent`. A field marked `#[constant]` is there, so that a path into the value is a path into the tangent, but holds nothing.
//! A type without any fields has the tangent `()`.
//!
//! With `#[differentiable(batch)]` there is beside it `PointTangents<W>`, the same in `W` directions or with `W` Taylor coefficients, which has a list
//! wherever a tangent has a scalar.
//!
//! ```text
//! struct Spring<T> {              struct SpringTangent<T: Differentiable> {
//!     stiffness: T,                   stiffness: T::Tangent,
//!     #[constant]
//!     name: &'static str,             name: Constant<&'static str>,
//! }                               }
//! ```

mod algebra;
mod entries;
mod generics;
mod model;
mod payload;
mod standard;

use crate::diagnostic::Diagnostics;
use crate::emit::types::Kind;
use model::Model;
use proc_macro2::TokenStream;
use quote::quote;

/// Expands `#[derive(Differentiable)]`.
pub fn expand(item: TokenStream) -> TokenStream {
    let item = match syn::parse2::<syn::DeriveInput>(item) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut diagnostics = Diagnostics::default();
    let model = Model::new(&item, Kind::Scalar, &mut diagnostics);
    if !diagnostics.is_empty() {
        return diagnostics.into_compile_errors();
    }
    let Some(model) = model else {
        return TokenStream::new();
    };
    let lists = model.of_lists();
    if model.has_no_fields() {
        let single = algebra::without_tangent(&model);
        let several = lists.as_ref().map(algebra::without_tangents);
        return quote!(#single #several);
    }
    let declaration = model.declaration();
    let assertions = model.assertions();
    let (algebra, standard) = (algebra::impls(&model), standard::impls(&model));
    let payloads = payload::accessors(&model);
    let entries = entries::impls(&model);
    let several = lists.as_ref().map(several_directions);
    quote!(#declaration #assertions #algebra #standard #payloads #entries #several)
}

/// The type of several tangents, with a list wherever one has a scalar.
fn several_directions(model: &Model) -> TokenStream {
    let declaration = model.declaration();
    let (algebra, standard) = (algebra::impls(model), standard::of_lists(model));
    let payloads = payload::accessors(model);
    quote!(#declaration #algebra #standard #payloads)
}
