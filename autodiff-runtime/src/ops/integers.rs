//! Integers, which have no derivative: counts and indices in fields, of which the compiler knows no type.

use super::{
    Add, Div, Handed, Minus, Mul, Neg, Negated, Operands, Over, Plus, Slopes, Sub, Summand, Times,
};

/// An operator on two integers of one type.
macro_rules! operator {
    ($T:ty: $Trait:ident $method:ident $Operator:ident |$a:ident, $b:ident| $value:expr) => {
        #[diagnostic::do_not_recommend]
        impl $Trait<$T> for $T {
            type Output = $T;
            type Kept = Operands<$Operator, $T, $T>;
            #[inline]
            fn $method(&self, $b: &$T) -> $T {
                let $a = self;
                $value
            }
            #[inline]
            fn keep(&self, b: &$T) -> Self::Kept {
                Operands::new(self, b)
            }
        }

        slopes!($T, $T: $Operator);
    };
}

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
    };
}

macro_rules! integers {
    ($($T:ident)*) => {$(
        operator!($T: Add add Plus |a, b| a + b);
        operator!($T: Sub sub Minus |a, b| a - b);
        operator!($T: Mul mul Times |a, b| a * b);
        operator!($T: Div div Over |a, b| a / b);

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
