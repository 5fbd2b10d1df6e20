//! Complex numbers: the siblings of the members of `Complex<T>`.
//!
//! A complex number is the pair of its parts: the tangent of `z` is `dx + i dy`, and its adjoint has the derivatives with respect to both parts,
//! `dL/dx + i dL/dy`. For a function with a complex derivative `f'` the tangent is `f'(z) dz` and the adjoint `conj(f'(z)) w_bar` (no conjugate
//! where the slope is real).
//!
//! The methods are stated once more as annotated traits; generated code finds their derivatives there. *In*: what the method of `num_complex`
//! takes. *Out*: what it gives, to the bit.

#![allow(clippy::new_ret_no_self)] // the members of `num_complex`, of another type

mod functions;
mod members;

pub use members::Complexes;

use crate::matrix::Number;
use num_traits::{Float, NumAssign};

/// The parts of a complex number: `f32` and `f64`.
pub trait Part: Number + Float + NumAssign {}

impl<T: Number + Float + NumAssign> Part for T {}
