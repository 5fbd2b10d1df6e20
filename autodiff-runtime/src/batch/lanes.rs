//! The tangents of a scalar in several directions, and their arithmetic: sums, and products with scalars.

use crate::ops::{self, Handed, Plain};
use crate::private::CastNumber;
use crate::scalar::Real;
use crate::tangent::{Coordinates, Differentiable, OwnedTangent, Tangent};
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// The tangents of a scalar in `W` directions.
#[derive(Clone, Copy, PartialEq, Debug)]
#[repr(transparent)]
pub struct Lanes<T, const W: usize>(pub [T; W]);

impl<T: Real, const W: usize> Lanes<T, W> {
    /// Zero in each direction.
    pub const ZERO: Self = Self([T::__ZERO; W]);
}

impl<T: Real, const W: usize> Default for Lanes<T, W> {
    #[inline]
    fn default() -> Self {
        Self::ZERO
    }
}

/// `lanes += lanes` and the like, and the operator that it stands for.
macro_rules! elementwise {
    ($($Assign:ident $assign:ident $symbol:tt $Trait:ident $method:ident $Operator:ident),*) => {$(
        impl<T: Real, const W: usize> $Assign for Lanes<T, W> {
            #[inline]
            fn $assign(&mut self, other: Self) {
                for (a, b) in self.0.iter_mut().zip(other.0) {
                    *a $symbol b;
                }
            }
        }

        impl<T: Real, const W: usize> $Trait for Lanes<T, W> {
            type Output = Self;
            #[inline]
            fn $method(mut self, other: Self) -> Self {
                self.$assign(other);
                self
            }
        }

        impl<T: Real, const W: usize> ops::$Trait<Lanes<T, W>> for Lanes<T, W> {
            type Output = Self;
            type Kept = Handed<ops::$Operator, Self>;
            #[inline]
            fn $method(&self, b: &Self) -> Self {
                $Trait::$method(*self, *b)
            }
            #[inline]
            fn keep(&self, _: &Self) -> Self::Kept {
                Handed::new()
            }
        }
    )*};
}

elementwise!(AddAssign add_assign += Add add Plus, SubAssign sub_assign -= Sub sub Minus);

/// `lanes *= scalar` and the like, and the operator that it stands for. A quotient is a product with the reciprocal, which all lanes share.
macro_rules! scaled {
    ($($Assign:ident $assign:ident $Trait:ident $method:ident $factor:expr),*) => {$(
        #[allow(clippy::suspicious_op_assign_impl)] // a product with the reciprocal
        impl<T: Real, const W: usize> $Assign<T> for Lanes<T, W> {
            #[allow(clippy::suspicious_op_assign_impl)] // the factor is the reciprocal
            #[inline]
            fn $assign(&mut self, factor: T) {
                let factor = $factor(factor);
                for a in &mut self.0 {
                    *a *= factor;
                }
            }
        }

        impl<T: Real, const W: usize> $Trait<T> for Lanes<T, W> {
            type Output = Self;
            #[inline]
            fn $method(mut self, factor: T) -> Self {
                self.$assign(factor);
                self
            }
        }

        impl<T: Real, const W: usize> ops::$Trait<T> for Lanes<T, W> {
            type Output = Self;
            type Kept = Plain;
            #[inline]
            fn $method(&self, b: &T) -> Self {
                $Trait::$method(*self, *b)
            }
            #[inline]
            fn keep(&self, _: &T) -> Plain {
                Plain
            }
        }
    )*};
}

scaled!(MulAssign mul_assign Mul mul |b: T| b, DivAssign div_assign Div div |b: T| T::__ONE / b);

/// The scalar on the left.
macro_rules! from_left {
    ($($float:ty),*) => {$(
        impl<const W: usize> Mul<Lanes<$float, W>> for $float {
            type Output = Lanes<$float, W>;
            #[inline]
            fn mul(self, lanes: Lanes<$float, W>) -> Lanes<$float, W> {
                lanes * self
            }
        }
    )*};
}

from_left!(f32, f64);

impl<T: Real, const W: usize> Neg for Lanes<T, W> {
    type Output = Self;
    #[inline]
    fn neg(mut self) -> Self {
        for a in &mut self.0 {
            *a = -*a;
        }
        self
    }
}

impl<T: Real, const W: usize> ops::Neg for Lanes<T, W> {
    type Output = Self;
    type Kept = Handed<ops::Negated, Self>;
    #[inline]
    fn neg(&self) -> Self {
        -*self
    }
    #[inline]
    fn keep(&self) -> Self::Kept {
        Handed::new()
    }
}

impl<T: Real, const W: usize> ops::AddAssign<Self> for Lanes<T, W> {
    #[inline]
    fn add_assign(&mut self, b: &Self) {
        *self += *b;
    }
    #[inline]
    fn sub_assign(&mut self, b: &Self) {
        *self -= *b;
    }
}

impl<A: Real, B: Real, const W: usize> CastNumber<Lanes<B, W>> for Lanes<A, W> {
    #[inline]
    fn cast(self) -> Lanes<B, W> {
        Lanes(self.0.map(CastNumber::cast))
    }
}

impl<B: Real, const W: usize> CastNumber<Lanes<B, W>> for () {
    #[inline]
    fn cast(self) -> Lanes<B, W> {
        Lanes::ZERO
    }
}

impl<T: Real, const W: usize> Tangent for Lanes<T, W> {
    #[inline]
    fn accumulate_tangent(&mut self, other: &Self) {
        *self += *other;
    }
    #[inline]
    fn subtract_tangent(&mut self, other: &Self) {
        *self -= *other;
    }
    #[inline]
    fn clear_tangent(&mut self) {
        *self = Self::ZERO;
    }
    fn tangent_shape(&self) -> String {
        "scalar".to_owned()
    }
}

impl<T: Real, const W: usize> OwnedTangent for Lanes<T, W> {
    #[inline]
    fn zero_like_tangent(&self) -> Self {
        Self::ZERO
    }
}

impl<T: Real, const W: usize> Differentiable for Lanes<T, W> {
    type Tangent = Self;
    type Slot = Self;
    #[inline]
    fn zero_tangent(&self) -> Self {
        Self::ZERO
    }
    #[inline]
    fn fits_tangent(&self, _: &Self) -> bool {
        true
    }
}

impl<T: Real, const W: usize> Coordinates<Self> for Lanes<T, W> {
    #[inline]
    fn visit_coordinates(&self, visit: &mut impl FnMut(Self)) {
        visit(*self);
    }
    #[inline]
    fn visit_coordinates_mut(&mut self, visit: &mut impl FnMut(&mut Self)) {
        visit(self);
    }
}
