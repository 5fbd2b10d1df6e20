//! Methods of nalgebra's matrices as functions with derivatives: what generated code calls in their place.
//!
//! *In*: matrices and vectors by reference, owned or views. *Out*: owned ones; the value is that of nalgebra's method, to the bit.

mod algebra;
mod convolution;
mod elements;
mod factor;
pub mod method;
mod norms;
mod parts;
mod reductions;
mod structure;
mod unit;
mod updates;
pub mod usual;

pub use algebra::*;
pub use convolution::*;
pub use elements::{elements, elements_mut, zeros};
pub use factor::cholesky::*;
pub use factor::general::*;
pub use factor::lu::*;
pub use factor::pivoted::*;
pub use factor::polar::*;
pub use factor::qr::*;
pub use factor::spectral::*;
pub use factor::svd::*;
pub use factor::triangular::*;
pub use method::Nothing;
pub use nalgebra::{
    Const, DMatrix, DVector, IsometryMatrix3, OPoint, Rotation3, SMatrix, Translation2,
    Translation3,
};
pub use norms::*;
pub use parts::*;
pub use reductions::*;
pub use structure::*;
pub use unit::*;
pub use updates::*;

use crate::scalar::Real;
use nalgebra::RealField;

/// The elements of matrices.
pub trait Number: Real + RealField {}

impl<T: Real + RealField> Number for T {}
