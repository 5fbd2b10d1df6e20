//! The compiler behind `#[differentiate]`. Users get it from `autodiff_runtime`.
//!
//! A function goes through these stages, in this order, one file or folder each:
//!
//! | stage | in | out |
//! |---|---|---|
//! | `options` | the attribute's arguments | options |
//! | `fragments` | syntax | the same, what macros hand on in brackets |
//! | `homonyms` | syntax | the same, the user's types named as nalgebra's told apart |
//! | `declared` | syntax | the same, with what its signatures leave to the declarations of types |
//! | `conditional` | syntax | the function once for each configuration, if there are several |
//! | `signature` | syntax | the function with parameters that have derivatives |
//! | `macro_rules` | syntax | its body without macros of the user's own |
//! | `fence` | syntax | errors for what is outside the language |
//! | `lower` | syntax | the intermediate representation, `ir` |
//! | `analysis::activity` | IR | which variables carry a derivative |
//! | `analysis::callees` | IR and activity | errors for functions of the crate's own without the attribute |
//! | `transform::forward` | IR and activity | the tangent program |
//! | `transform::adjoint` | IR and activity | the forward part and the reverse part |
//! | `graph` | IR and activity | what `f::graph()` draws |
//! | `emit` | IR | tokens: the companion type |
//!
//! `pipeline` runs them, `members` takes methods to it and back, `derive` makes the tangent types of structs and enums, `diagnostic` collects their errors, `rules` knows the signatures of the scalar functions, `source` reads the files of the user's crate.
//!
//! Words: the *primal* is the user's function and its values. The *tangent* `x_dot` of `x` is its directional derivative, the *adjoint*
//! `x_bar` the derivative of an output with respect to it. A variable is *varied* if it depends on a differentiable input, *useful* if
//! an output depends on it, *active* if both. A *place* is a variable and a path into it. A *trace* is what the forward part
//! records for the reverse part; the *pullback* is the reverse part with what it captured. Adjoints are *accumulated*: added up in place.

mod analysis;
mod case;
mod conditional;
mod declared;
mod derive;
mod diagnostic;
#[macro_use]
mod emit;
mod ends;
mod fence;
mod fragments;
mod graph;
mod homonyms;
mod ir;
mod lower;
mod macro_rules;
mod markers;
mod members;
mod names;
mod options;
mod pipeline;
mod recursion;
mod rules;
mod signature;
mod source;
#[cfg(test)]
mod testing;
mod transform;

/// Makes the derivatives of a function. See the documentation of `autodiff_runtime`.
#[proc_macro_attribute]
pub fn differentiate(
    attr: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    pipeline::expand(attr.into(), item.into()).into()
}

/// Makes the tangent type of a struct or enum. See the documentation of `autodiff_runtime::Differentiable`.
#[proc_macro_derive(Differentiable, attributes(constant, differentiable))]
pub fn derive_differentiable(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(item.into()).into()
}
