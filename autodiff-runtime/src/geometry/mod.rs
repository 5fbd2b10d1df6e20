//! Rotations and rigid motions of nalgebra: the siblings of their members.
//!
//! The methods are stated once more as annotated traits, in terms of the numbers that a value is made of; generated code finds their derivatives
//! there. *In*: what the method of nalgebra takes. *Out*: its value, and the derivative of the formula that it evaluates.
//!
//! The tangent of a rotation is that of its numbers: of a unit quaternion a quaternion, of a rotation matrix a matrix. A gradient with respect to a
//! rotation says what happens if these numbers change one by one, as nalgebra's `new_unchecked` allows; that along the rotations is its part in
//! their tangent space. Of what is made of angles, axes and vectors nothing of this is seen.

#![allow(clippy::new_ret_no_self, clippy::wrong_self_convention)] // the members of nalgebra, of another type

mod directions;
mod exponential;
mod motions;
mod plane;
mod powers;
mod primitives;
mod quaternions;
mod rotations;
mod turn;
mod unit_quaternions;
mod units;

pub use directions::{QuaternionDirections, RotationDirections};
pub use motions::{
    BetweenIsometries2, BetweenIsometries3, BetweenMatrices3, Isometries, Isometries2, Isometries3,
    Translations, Translations2, Translations3, after_rotation, after_translation, both,
    moved_and_turned, moved_point, moved_unit, moved_vector, then_rotation, then_translation,
    translated, translated_point, turned_and_moved, turned_unit,
};
pub use plane::{UnitComplexes, complexes_composed, plane_rotated, plane_rotated_point};
pub use powers::{QuaternionPowers, RotationPowers};
pub use quaternions::{Quaternions, product};
pub use rotations::{Rotations, Rotations2, Rotations3};
pub use turn::{Turn, Turn2, Turn3};
pub use unit_quaternions::{UnitQuaternions, composed, rotated, rotated_point};
pub use units::Units;
