//! Complex numbers: with each other and with real ones.

use super::kept::{keeping_both, keeping_nothing};
use super::{
    Add, Curved, Div, Handed, Minus, Moved, Mul, Neg, Negated, Operands, Over, Plus, Slopes, Sub,
    Summand, Times,
};
use nalgebra::Complex;

/// An operator of these operands, and its slopes by both.
macro_rules! operator {
    ($Trait:ident $method:ident $Operator:ident: $A:ty, $B:ty, $T:ty;
     |$a:ident, $b:ident| $value:expr;
     |$da:ident, $db:ident| $left:expr, $right:expr;
     |$seed:ident| $share_a:expr, $share_b:expr;
     $curve_a:expr, $curve_b:expr) => {
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

        #[diagnostic::do_not_recommend]
        #[allow(unused_variables)]
        impl Curved<$Operator, $B> for $A {
            #[inline]
            fn shares_dot(
                &self,
                $b: &$B,
                seed: &Complex<$T>,
                changes: Moved<'_, $Operator, $A, $B>,
            ) -> ($A, $B) {
                let $a = self;
                let (change, $da, $db) = changes.filled($a, $b, seed);
                let $seed = &change;
                let (left, right) = ($share_a, $share_b);
                let $seed = seed;
                (left + $curve_a, right + $curve_b)
            }
        }
    };
}

/// All operators of one precision.
macro_rules! operators {
    ($($T:ident)*) => {$(
        operator!(Add add Plus: Complex<$T>, Complex<$T>, $T; |a, b| a + b;
            |da, db| *da, *db; |seed| *seed, *seed;
            Complex::default(), Complex::default());
        operator!(Add add Plus: Complex<$T>, $T, $T; |a, b| a + b;
            |da, db| *da, Complex::from(*db); |seed| *seed, seed.re;
            Complex::default(), <$T>::default());
        operator!(Add add Plus: $T, Complex<$T>, $T; |a, b| a + b;
            |da, db| Complex::from(*da), *db; |seed| seed.re, *seed;
            <$T>::default(), Complex::default());
        operator!(Sub sub Minus: Complex<$T>, Complex<$T>, $T; |a, b| a - b;
            |da, db| *da, -db; |seed| *seed, -seed;
            Complex::default(), Complex::default());
        operator!(Sub sub Minus: Complex<$T>, $T, $T; |a, b| a - b;
            |da, db| *da, Complex::from(-*db); |seed| *seed, -seed.re;
            Complex::default(), <$T>::default());
        operator!(Sub sub Minus: $T, Complex<$T>, $T; |a, b| a - b;
            |da, db| Complex::from(*da), -db; |seed| seed.re, -seed;
            <$T>::default(), Complex::default());
        operator!(Mul mul Times: Complex<$T>, Complex<$T>, $T; |a, b| a * b;
            |da, db| da * b, a * db; |seed| seed * b.conj(), seed * a.conj();
            seed * db.conj(), seed * da.conj());
        operator!(Mul mul Times: Complex<$T>, $T, $T; |a, b| a * b;
            |da, db| da * b, a * db; |seed| seed * b, (seed * a.conj()).re;
            seed * db, (seed * da.conj()).re);
        operator!(Mul mul Times: $T, Complex<$T>, $T; |a, b| a * b;
            |da, db| da * b, a * db; |seed| (seed * b.conj()).re, seed * a;
            (seed * db.conj()).re, seed * da);
        operator!(Div div Over: Complex<$T>, Complex<$T>, $T; |a, b| a / b;
            |da, db| da / b, -(a / b) * db / b; |seed| seed / b.conj(), -seed * (a / b / b).conj();
            -(seed * (db / b / b).conj()), -seed * ((da - a / b * db * 2.0) / b / b).conj());
        operator!(Div div Over: Complex<$T>, $T, $T; |a, b| a / b;
            |da, db| da / b, -(a / b) * db / b; |seed| seed / b, -(seed * (a / b / b).conj()).re;
            -(seed * db / b / b), -(seed * ((da - (a / b) * db * 2.0) / b / b).conj()).re);
        operator!(Div div Over: $T, Complex<$T>, $T; |a, b| a / b;
            |da, db| da / b, -(a / b) * db / b; |seed| (seed / b.conj()).re, -seed * (a / b / b).conj();
            (-(seed * (db / b / b).conj())).re, -seed * ((da - a / b * db * 2.0) / b / b).conj());

        keeping_nothing!([] Neg neg Negated: Complex<$T> => Complex<$T>, Complex<$T>, |a| -*a);

        #[diagnostic::do_not_recommend]
        impl Summand for Complex<$T> {}
    )*};
}

operators!(f32 f64);
