//! What is known of the members of nalgebra's rotations and rigid motions: of which kind their values are.
//!
//! ```text
//! let p = pose.inverse() * point;      pose.inverse(): a motion; p: a point
//! ```
//!
//! A type of the user's with one of these names has members of the same meaning, or rustc refuses what is made of them.

use super::value::Value;
use super::{Lower, types};
use crate::emit::foreign::MOTION_TYPES;
use crate::homonyms;
use crate::ir::{Arg, FloatTy, Proj, Rhs, Stmt, Ty};
use proc_macro2::Ident;

impl Lower<'_> {
    /// A method of a `Unit` of a vector: that of the vector in it.
    pub fn method_of_unit(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let method = call.method.to_string();
        if method == "renormalize" && call.args.is_empty() {
            return self.renormalized(receiver);
        }
        let ty = match self.value_ty(receiver).peel() {
            // What gives another `Unit` is no method of the vector.
            Ty::Motion(inside)
                if inside.is_matrix() && !["clone", "slerp"].contains(&method.as_str()) =>
            {
                (**inside).clone()
            }
            motion @ Ty::Motion(_)
                if ["quaternion", "complex", "as_ref"].contains(&method.as_str()) =>
            {
                motion.clone()
            }
            _ => return None,
        };
        let place = self.place_of(receiver.clone()).then(Proj::Inside(None));
        match method.as_str() {
            "into_inner" => Some(Value::Rhs(Rhs::copy(place, &ty), ty)),
            "as_ref" | "quaternion" | "complex" => Some(Value::Ref {
                place,
                mutable: false,
            }),
            _ => self.matrix_method(&Value::Place(place), call),
        }
    }
}

impl Lower<'_> {
    /// `q.renormalize()`, as a statement.
    fn renormalized(&mut self, receiver: &Value) -> Option<Value> {
        let ty = self.value_ty(receiver).peel().clone();
        let Ty::Motion(_) = ty else { return None };
        let place = self.place_of(receiver.clone());
        let inside = Arg::Ref(place.clone().then(Proj::Inside(None)));
        let unit = self.runtime_call("unit_normalized", None, vec![inside], ty);
        let value = self.operand_of(unit);
        self.out.push(Stmt::Assign { place, value });
        Some(Value::Unit)
    }
}

/// What a method gives, called on a value of this type.
pub fn of_method(receiver: &Ty, method: &Ident) -> Ty {
    let Ty::Motion(element) = receiver else {
        return Ty::Unknown;
    };
    if element.is_matrix() {
        return Ty::Unknown;
    }
    // What a constant one makes of something else is not constant.
    let element = &Box::new((**element).clone().unless_inert());
    match method.to_string().as_str() {
        "inverse" | "conjugate" | "inv_mul" | "rotation_to" | "slerp" | "nlerp" | "lerp"
        | "lerp_slerp" | "exp" | "ln" | "powf" | "quaternion" | "normalize"
        | "to_rotation_matrix" => Ty::Motion(element.clone()),
        "transform_vector"
        | "transform_point"
        | "inverse_transform_vector"
        | "inverse_transform_point"
        | "scaled_axis"
        | "imag"
        | "vector"
        | "as_vector"
        | "matrix"
        | "to_homogeneous"
        | "to_matrix" => Ty::Matrix(element.clone()),
        "axis" => Ty::Option(Box::new(Ty::Motion(Box::new(Ty::Matrix(element.clone()))))),
        "angle" | "angle_to" | "cos_angle" | "sin_angle" | "norm" | "magnitude"
        | "norm_squared" | "magnitude_squared" | "dot" | "scalar" => (**element).clone(),
        _ => Ty::Unknown,
    }
}

/// What an associated function of such a type gives.
pub fn of_constructor(path: &syn::ExprPath, floats: &[Ident]) -> Option<Ty> {
    let mut path = path.path.clone();
    let function = path.segments.pop()?.ident;
    path.segments.pop_punct();
    let name = path.segments.last()?.ident.to_string();
    let name = homonyms::base(&name).to_owned();
    if !MOTION_TYPES.contains(&name.as_str()) {
        return None;
    }
    let motion = match types::known(&syn::parse_quote!(#path), floats) {
        motion @ Ty::Motion(_) => motion,
        _ => Ty::Motion(Box::new(Ty::Float(FloatTy::Literal))),
    };
    let perhaps = ["rotation_between", "scaled_rotation_between"];
    let of_space = ["UnitQuaternion", "Rotation3"].contains(&name.as_str());
    Some(if of_space && perhaps.iter().any(|name| function == name) {
        Ty::Option(Box::new(motion))
    } else {
        motion
    })
}
