//! What is known of the members of nalgebra's rotations and rigid motions: of which kind their values are.
//!
//! ```text
//! let p = pose.inverse() * point;      pose.inverse(): a motion; p: a point
//! ```
//!
//! A type of the user's with one of these names has members of the same meaning, or rustc refuses what is made of them.

use super::types;
use crate::emit::foreign::MOTION_TYPES;
use crate::ir::{FloatTy, Ty};
use proc_macro2::Ident;

/// What a method gives, called on a value of this type.
pub fn of_method(receiver: &Ty, method: &Ident) -> Ty {
    let Ty::Motion(element) = receiver else {
        return Ty::Unknown;
    };
    match method.to_string().as_str() {
        "inverse" | "conjugate" | "inv_mul" | "rotation_to" | "slerp" | "powf"
        | "to_rotation_matrix" => Ty::Motion(element.clone()),
        "transform_vector"
        | "transform_point"
        | "inverse_transform_vector"
        | "inverse_transform_point"
        | "scaled_axis"
        | "matrix"
        | "to_homogeneous"
        | "to_matrix" => Ty::Matrix(element.clone()),
        "angle" | "angle_to" | "cos_angle" | "sin_angle" => (**element).clone(),
        _ => Ty::Unknown,
    }
}

/// What an associated function of such a type gives.
pub fn of_constructor(path: &syn::ExprPath, floats: &[Ident]) -> Option<Ty> {
    let mut path = path.path.clone();
    let function = path.segments.pop()?.ident;
    path.segments.pop_punct();
    let name = path.segments.last()?.ident.to_string();
    if !MOTION_TYPES.contains(&name.as_str()) || function == "rotation_between" {
        return None;
    }
    match types::known(&syn::parse_quote!(#path), floats) {
        Ty::Motion(element) => Some(Ty::Motion(element)),
        _ => Some(Ty::Motion(Box::new(Ty::Float(FloatTy::Literal)))),
    }
}
