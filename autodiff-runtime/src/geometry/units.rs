//! `Unit`: what is of length one.

use super::primitives::inner;
use crate::differentiate;
use crate::tangent::Differentiable;
use nalgebra::Unit;

/// The members of `Unit`.
#[differentiate(self, order = 2)]
pub trait Units<V: Differentiable + Clone>: Differentiable {
    /// What is in it.
    fn into_inner(&self) -> V;
}

#[differentiate(self, order = 2)]
impl<V: Differentiable + Clone> Units<V> for Unit<V> {
    fn into_inner(&self) -> V {
        inner(self)
    }
}
