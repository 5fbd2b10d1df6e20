//! Members of types of nalgebra: which calls may be of such. The runtime has their siblings, by traits.
//!
//! ```text
//! v.norm()                                      { use rt::members::*; v.__norm_forward_self() }
//! UnitQuaternion::from_axis_angle(&axis, x)     { use rt::members::*; UnitQuaternion::__from_axis_angle_forward(&axis, x) }
//! ```
//!
//! What the type of a receiver is decides whether they are meant: a member of its own comes first.

use crate::homonyms;
use crate::ir::{Call, CallKind};

/// Methods that matrices have and vectors of one's own have as well.
pub const USUAL: &[&str] = &[
    "cross",
    "determinant",
    "dot",
    "norm",
    "norm_squared",
    "normalize",
    "trace",
    "transpose",
];

/// Methods of rotations and rigid motions.
const MOTIONS: &[&str] = &[
    "angle",
    "angle_to",
    "as_vector",
    "axis",
    "axis_angle",
    "conjugate",
    "cos_angle",
    "euler_angles",
    "imag",
    "into_inner",
    "inv_mul",
    "inverse",
    "inverse_transform_point",
    "inverse_transform_vector",
    "lerp",
    "lerp_slerp",
    "magnitude",
    "magnitude_squared",
    "matrix",
    "nlerp",
    "rotation_to",
    "scalar",
    "scaled_axis",
    "sin_angle",
    "slerp",
    "to_homogeneous",
    "to_matrix",
    "to_rotation_matrix",
    "transform_point",
    "transform_vector",
    "vector",
];

/// Methods of complex numbers.
const COMPLEX: &[&str] = &[
    "abs", "acos", "acosh", "arg", "asin", "asinh", "atan", "atanh", "conj", "cos", "cosh", "exp",
    "inv", "ln", "norm_sqr", "powc", "powf", "powi", "powu", "scale", "sin", "sinh", "sqrt", "tan",
    "tanh", "to_polar", "unscale",
];

/// Names of the type of complex numbers.
pub const COMPLEX_TYPES: &[&str] = &["Complex", "Complex32", "Complex64"];

/// The types of quaternions, rotations and rigid motions.
pub const MOTION_TYPES: &[&str] = &[
    "Isometry",
    "Isometry2",
    "Isometry3",
    "IsometryMatrix2",
    "IsometryMatrix3",
    "Quaternion",
    "Rotation",
    "Rotation2",
    "Rotation3",
    "Similarity",
    "Similarity2",
    "Similarity3",
    "Translation",
    "Translation2",
    "Translation3",
    "UnitComplex",
    "UnitQuaternion",
];

/// What wraps something of length one.
pub const UNITS: &[&str] = &["Unit", "UnitQuaternion", "UnitVector2", "UnitVector3"];

/// Is it the name of a type of which the stages know something, matrices aside?
pub fn is_type(name: &str) -> bool {
    [MOTION_TYPES, COMPLEX_TYPES, UNITS]
        .into_iter()
        .any(|names| names.contains(&name))
}

/// May a member of a type of nalgebra's be meant?
pub fn may_be_meant(call: &Call) -> bool {
    let Some(function) = call.path.path.segments.last() else {
        return false;
    };
    let name = function.ident.to_string();
    let is_in = |names: &[&str]| names.contains(&name.as_str());
    let method = matches!(call.kind, CallKind::Method | CallKind::Fixed);
    method && [USUAL, MOTIONS, COMPLEX].into_iter().any(is_in) || is_constructor(call)
}

/// Is it surely an associated function of such a type? All its arguments are differentiated.
pub fn is_constructor(call: &Call) -> bool {
    let owner = call.path.path.segments.iter().rev().nth(1);
    let mut types = MOTION_TYPES.iter().chain(COMPLEX_TYPES);
    let mut is_one = |name: &str| types.any(|ty| *ty == homonyms::base(name));
    call.kind == CallKind::Path && owner.is_some_and(|s| is_one(&s.ident.to_string()))
}
