//! Vectors and quaternions of length one: `Unit`, whose tangent is that of what is in it.

use super::Number;
use super::method::method;
use crate::tangent::{Differentiable, Tangent};
use nalgebra::{Normed, Quaternion, SVector, SimdComplexField, Unit};

method! {
    /// What is said to be one.
    unit_unchecked[V: Differentiable + Clone](v d: &V) -> Unit<V>, saved: ()
    where [V::Tangent: Tangent] = (Unit::new_unchecked(v.clone()), ());
    d => d.clone(); |seed, bar| bar.accumulate_tangent(seed);
    @ [v_bar v_dot] {}
}

method! {
    /// `u = v / |v|`: `du = (dv - u <u, dv>) / |v|`, which is its own adjoint.
    unit_normalized[V: Directed](v d: &V) -> Unit<V>, saved: (Unit<V>, V::Norm)
    where [V::Tangent: Tangent] = {
        let (unit, norm) = Unit::new_and_get(v.clone());
        (unit.clone(), (unit, norm))
    };
    d => saved.0.across(saved.1, d);
    |seed, bar| bar.accumulate_tangent(&saved.0.across(saved.1, seed));
    @ [v_bar v_dot] {
        v_dot(d): |seed, direction, bar| bar.accumulate_tangent(&saved.0.across_twice(saved.1, seed, direction));
    }
}

method! {
    /// The same, if the norm is above `least`.
    unit_perhaps[V: Directed](v d: &V; least: V::Norm) -> (bool, Unit<V>), saved: Option<(Unit<V>, V::Norm)>
    where [V::Tangent: Tangent] = {
        let found = Unit::try_new_and_get(v.clone(), least);
        let unit = found.as_ref().map_or_else(|| Unit::new_unchecked(v.clone()), |(unit, _)| unit.clone());
        ((found.is_some(), unit), found)
    };
    d => ((), match saved {
        Some((unit, norm)) => unit.across(*norm, d),
        None => v.zero_tangent(),
    });
    |seed, bar| if let Some((unit, norm)) = saved {
        bar.accumulate_tangent(&unit.across(*norm, &seed.1));
    };
    @ [v_bar v_dot] {
        v_dot(d): |seed, direction, bar| if let Some((unit, norm)) = saved {
            bar.accumulate_tangent(&unit.across_twice(*norm, &seed.1, direction));
        };
    }
}

/// What has a direction.
pub trait Directed: Normed<Norm: Number> + Differentiable + Clone {
    /// `(d - u <u, d>) / n`, where `self` is the unit `u`.
    fn across(&self, n: Self::Norm, d: &Self::Tangent) -> Self::Tangent;
    /// The change of `across(n, seed)` where `n u` changes by `d`.
    fn across_twice(&self, n: Self::Norm, seed: &Self::Tangent, d: &Self::Tangent)
    -> Self::Tangent;
}

impl<T: Number + SimdComplexField<SimdRealField = T>, const N: usize> Directed for SVector<T, N> {
    fn across(&self, n: T, d: &Self) -> Self {
        (d - self * self.dot(d)) / n
    }
    fn across_twice(&self, n: T, seed: &Self, d: &Self) -> Self {
        let (turn, along) = (self.across(n, d), self.dot(seed));
        let through = turn * along + self * turn.dot(seed);
        -(through + self.across(n, seed) * self.dot(d)) / n
    }
}

impl<T: Number + SimdComplexField<SimdRealField = T>> Directed for Quaternion<T> {
    fn across(&self, n: T, d: &Self) -> Self {
        self.coords.across(n, &d.coords).into()
    }
    fn across_twice(&self, n: T, seed: &Self, d: &Self) -> Self {
        self.coords.across_twice(n, &seed.coords, &d.coords).into()
    }
}
