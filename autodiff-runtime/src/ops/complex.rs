//! Complex numbers: with each other and with real ones.

use super::kept::{keeping_both, keeping_nothing};
use super::{
    Add, Div, Handed, Minus, Mul, Neg, Negated, Operands, Over, Plus, Slopes, Sub, Summand, Times,
};
use nalgebra::Complex;

/// An operator of these operands, and its slopes by both.
macro_rules! operator {
    ($Trait:ident $method:ident $Operator:ident: $A:ty, $B:ty, $T:ty;
     |$a:ident, $b:ident| $value:expr;
     |$da:ident, $db:ident| $left:expr, $right:expr;
     |$seed:ident| $share_a:expr, $share_b:expr) => {
        keeping_both!($Trait $method $Operator: $A, $B => Complex<$T>, |$a, $b| $value);

        #[diagnostic::do_not_recommend]
        #[allow(unused_variables)]
        impl Slopes<$Operator, $B> for $A {
            type Value = Complex<$T>;
            #[inline]
            fn push_left(&self, $b: &$B, $da: &$A) -> Complex<$T> {
                let $a = self;
                $left
            }
            #[inline]
            fn push_right(&self, $b: &$B, $db: &$B) -> Complex<$T> {
                let $a = self;
                $right
            }
            #[inline]
            fn left(&self, $b: &$B, $seed: &Complex<$T>, target: &mut $A) {
                let $a = self;
                *target += $share_a;
            }
            #[inline]
            fn right(&self, $b: &$B, $seed: &Complex<$T>, target: &mut $B) {
                let $a = self;
                *target += $share_b;
            }
        }
    };
}

/// All operators of one precision.
macro_rules! operators {
    ($($T:ident)*) => {$(
        operator!(Add add Plus: Complex<$T>, Complex<$T>, $T; |a, b| a + b;
            |da, db| *da, *db; |seed| *seed, *seed);
        operator!(Add add Plus: Complex<$T>, $T, $T; |a, b| a + b;
            |da, db| *da, Complex::from(*db); |seed| *seed, seed.re);
        operator!(Add add Plus: $T, Complex<$T>, $T; |a, b| a + b;
            |da, db| Complex::from(*da), *db; |seed| seed.re, *seed);
        operator!(Sub sub Minus: Complex<$T>, Complex<$T>, $T; |a, b| a - b;
            |da, db| *da, -db; |seed| *seed, -seed);
        operator!(Sub sub Minus: Complex<$T>, $T, $T; |a, b| a - b;
            |da, db| *da, Complex::from(-*db); |seed| *seed, -seed.re);
        operator!(Sub sub Minus: $T, Complex<$T>, $T; |a, b| a - b;
            |da, db| Complex::from(*da), -db; |seed| seed.re, -seed);
        operator!(Mul mul Times: Complex<$T>, Complex<$T>, $T; |a, b| a * b;
            |da, db| da * b, a * db; |seed| seed * b.conj(), seed * a.conj());
        operator!(Mul mul Times: Complex<$T>, $T, $T; |a, b| a * b;
            |da, db| da * b, a * db; |seed| seed * b, (seed * a.conj()).re);
        operator!(Mul mul Times: $T, Complex<$T>, $T; |a, b| a * b;
            |da, db| da * b, a * db; |seed| (seed * b.conj()).re, seed * a);
        operator!(Div div Over: Complex<$T>, Complex<$T>, $T; |a, b| a / b;
            |da, db| da / b, -(a / b) * db / b; |seed| seed / b.conj(), -seed * (a / b / b).conj());
        operator!(Div div Over: Complex<$T>, $T, $T; |a, b| a / b;
            |da, db| da / b, -(a / b) * db / b; |seed| seed / b, -(seed * (a / b / b).conj()).re);
        operator!(Div div Over: $T, Complex<$T>, $T; |a, b| a / b;
            |da, db| da / b, -(a / b) * db / b; |seed| (seed / b.conj()).re, -seed * (a / b / b).conj());

        keeping_nothing!([] Neg neg Negated: Complex<$T> => Complex<$T>, Complex<$T>, |a| -*a);

        #[diagnostic::do_not_recommend]
        impl Summand for Complex<$T> {}
    )*};
}

operators!(f32 f64);
