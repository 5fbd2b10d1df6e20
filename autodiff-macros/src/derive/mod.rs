//! `#[derive(Differentiable)]`: the tangent type of a struct or enum, and the algebra on it.
//!
//! *In*: the type. *Out*: a type `PointTangent` with the same fields (or variants), each with the tangent of its type, and the traits of the
//! runtime's module `tangent`. A field marked `#[constant]` is there, so that a path into the value is a path into the tangent, but holds nothing.
//! A type without any fields has the tangent `()`.
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
    let model = Model::new(&item, &mut diagnostics);
    if !diagnostics.is_empty() {
        return diagnostics.into_compile_errors();
    }
    let Some(model) = model else {
        return TokenStream::new();
    };
    if model.has_no_fields() {
        return algebra::without_tangent(&model);
    }
    let declaration = model.declaration();
    let assertions = model.assertions();
    let (algebra, standard) = (algebra::impls(&model), standard::impls(&model));
    let payloads = payload::accessors(&model);
    let entries = entries::impls(&model);
    quote!(#declaration #assertions #algebra #standard #payloads #entries)
}
