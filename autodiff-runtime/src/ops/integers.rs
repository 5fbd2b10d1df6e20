//! Integers, which have no derivative: counts and indices in fields, of which the compiler knows no type.

use super::kept::keeping_both;
use super::{
    Add, Curved, Div, Handed, Minus, Moved, Mul, Neg, Negated, Operands, Over, Plus, Slopes, Sub,
    Summand, Times,
};

/// Nothing flows through it.
macro_rules! slopes {
    ($T:ty, $B:ty: $Operator:ident) => {
        #[diagnostic::do_not_recommend]
        impl Slopes<$Operator, $B> for $T {
            type Value = $T;
            #[inline]
            fn push_left(&self, _: &$B, (): &()) {}
            #[inline]
            fn push_right(&self, _: &$B, (): &()) {}
            #[inline]
            fn left(&self, _: &$B, (): &(), (): &mut ()) {}
            #[inline]
            fn right(&self, _: &$B, (): &(), (): &mut ()) {}
        }

        #[diagnostic::do_not_recommend]
        impl Curved<$Operator, $B> for $T {
            #[inline]
            fn shares_dot(&self, _: &$B, (): &(), _: Moved<'_, $Operator, $T, $B>) -> ((), ()) {
                ((), ())
            }
        }
    };
}

macro_rules! integers {
    ($($T:ident)*) => {$(
        keeping_both!(Add add Plus: $T, $T => $T, |a, b| a + b);
        keeping_both!(Sub sub Minus: $T, $T => $T, |a, b| a - b);
        keeping_both!(Mul mul Times: $T, $T => $T, |a, b| a * b);
        keeping_both!(Div div Over: $T, $T => $T, |a, b| a / b);
        slopes!($T, $T: Plus);
        slopes!($T, $T: Minus);
        slopes!($T, $T: Times);
        slopes!($T, $T: Over);

        #[diagnostic::do_not_recommend]
        impl Summand for $T {}
    )*};
}

integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

macro_rules! signed {
    ($($T:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Neg for $T {
            type Output = $T;
            type Kept = Operands<Negated, $T, ()>;
            #[inline]
            fn neg(&self) -> $T {
                -self
            }
            #[inline]
            fn keep(&self) -> Self::Kept {
                Operands::new(self, &())
            }
        }

        slopes!($T, (): Negated);
    )*};
}

signed!(i8 i16 i32 i64 i128 isize);

/// The sum of two tangents of integers.
macro_rules! nothing {
    ($($Trait:ident $method:ident $Operator:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl $Trait<()> for () {
            type Output = ();
            type Kept = Handed<$Operator, ()>;
            #[inline]
            fn $method(&self, (): &()) {}
            #[inline]
            fn keep(&self, (): &()) -> Self::Kept {
                Handed::new()
            }
        }
    )*};
}

nothing!(Add add Plus Sub sub Minus);
