//! Methods and associated functions: their derivative functions are siblings of theirs in an `impl` block.
//!
//! ```text
//! impl Camera {                                    impl Camera {
//!     fn project(&self, x: f64) -> f64 { .. }          fn project_grad(&self, x: f64) -> f64 { .. }
//! }                                                    fn __project_forward(&self, x: f64) -> .. { .. }
//!                                                  }
//! ```
//!
//! A member goes through the same stages as a function: [`receiver`] makes `self` a parameter of an ordinary function, and [`siblings`] turns
//! the companion that comes out into members.

mod associated;
mod chained;
mod conversions;
mod entries;
mod faces;
mod impls;
mod independent;
mod operators;
pub mod receiver;
mod siblings;
mod traits;

pub use faces::derives_tangent;
pub use impls::{could_be, expand_impl, expand_method};
pub use traits::{expand_trait, is_of_users_trait};

use crate::ir::ParamMode;
use crate::names::mentions;
use crate::source::Source;
use proc_macro2::Ident;
use quote::ToTokens;

/// Does a function that is seen alone stand in an `impl` block?
pub fn is_member(function: &syn::ItemFn) -> bool {
    let (name, owner) = (
        &function.sig.ident,
        Ident::new("Self", proc_macro2::Span::call_site()),
    );
    function.sig.receiver().is_some()
        || mentions(function.to_token_stream(), &owner)
        || Source::of(name.span()).is_some_and(|source| source.is_member(&name.to_string()))
}

/// Where the derivative functions of a member go.
pub struct Member {
    /// What their names begin with.
    pub prefix: Ident,
    pub face: Face,
    /// The visibility of the member.
    pub vis: syn::Visibility,
    /// Its receiver, if it has one.
    pub receiver: Option<Receiver>,
    /// How many parameters it has, the receiver among them.
    pub arity: usize,
    /// The generics of the member alone, without those of the block.
    pub generics: syn::Generics,
    pub home: Home,
    /// Has it the attribute for itself?
    pub single: bool,
}

/// Which derivative functions of a member are made. A method that is differentiated with respect to `self` only for its callers has two faces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// All, made of one body.
    Whole,
    /// Those for users, and for callers with a receiver that has no derivative.
    Constant,
    /// Those for callers with a receiver that has one.
    Active,
}

/// Where a member stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// In an `impl` block of the type, or one whose trait declares no derivatives.
    Type,
    /// In a trait.
    Trait,
    /// In an implementation of a trait that declares the derivatives: their signatures do not depend on the body.
    Implementation,
}

/// `self`, `&self`, `&mut self`
#[derive(Clone, Copy)]
pub struct Receiver {
    /// Is it differentiated?
    pub active: bool,
    /// Does no derivative flow from it, whether it has one or not?
    pub independent: bool,
    pub mode: ParamMode,
}

impl Member {
    /// The name of a derivative function. Of what both faces have, that has the plain name which serves calls by a path: in a trait, whose implementors
    /// need not have tangents, that for constant receivers.
    pub fn name(&self, function: &str) -> Ident {
        let by_path = match self.home {
            Home::Type => Face::Active,
            Home::Trait | Home::Implementation => Face::Constant,
        };
        let plain = self.face == Face::Whole || self.face == by_path;
        match function.strip_prefix("__") {
            Some(hidden) if !plain && !function.starts_with("__direction_") => {
                let face = if self.face == Face::Active {
                    "active"
                } else {
                    "constant"
                };
                name(&self.prefix, &format!("__{face}_{hidden}"))
            }
            _ => name(&self.prefix, function),
        }
    }

    /// Has its face a function of this kind?
    fn has(&self, kind: Kind) -> bool {
        match self.face {
            Face::Whole => true,
            Face::Constant => kind != Kind::OnActive,
            Face::Active => matches!(kind, Kind::OfBoth | Kind::OnActive),
        }
    }
}

/// Whom a derivative function serves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Whoever calls a derivative.
    User,
    /// The others.
    OfBoth,
    /// Callers with a receiver that has no derivative.
    OnFixed,
    /// Callers with one that has.
    OnActive,
}

/// `grad` -> `area_grad`, `__forward` -> `__area_forward`
pub fn name(member: &Ident, function: &str) -> Ident {
    let prefix = member.to_string();
    let prefix = prefix.trim_start_matches("r#");
    let name = match function.strip_prefix("__") {
        Some(hidden) => format!("__{prefix}_{hidden}"),
        None => format!("{prefix}_{function}"),
    };
    Ident::new(&name, member.span())
}
