//! Products with translations and isometries.

use super::rotations::{by_function, value};
use super::{Add, Handed, Minus, Mul, Neg, Negated, Plain, Plus, Slopes, Sub, Times};
use crate::geometry::{
    Turn, after_rotation, after_translation, both, moved_and_turned, moved_point, moved_unit,
    moved_vector, then_rotation, then_translation, translated, translated_point, turned_and_moved,
    turned_unit,
};
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{
    AbstractRotation, Isometry, Point, RealField, Rotation, SVector, Translation, Unit,
    UnitComplex, UnitQuaternion,
};

/// Translations as what they are made of.
macro_rules! sums {
    ($($Trait:ident $method:ident $symbol:tt $Operator:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Real + RealField, const D: usize> $Trait<Translation<T, D>> for Translation<T, D> {
            type Output = Self;
            type Kept = Handed<$Operator, Self>;
            #[inline]
            fn $method(&self, b: &Self) -> Self {
                Self::from(self.vector $symbol b.vector)
            }
            #[inline]
            fn keep(&self, _: &Self) -> Self::Kept {
                Handed::new()
            }
        }
    )*};
}

sums!(Add add + Plus, Sub sub - Minus);

#[diagnostic::do_not_recommend]
impl<T: Real + RealField, const D: usize> Neg for Unit<SVector<T, D>> {
    type Output = Self;
    type Kept = Handed<Negated, SVector<T, D>>;
    #[inline]
    fn neg(&self) -> Self {
        -*self
    }
    #[inline]
    fn keep(&self) -> Self::Kept {
        Handed::new()
    }
}

by_function!(translated: [T: Real + RealField, const D: usize]
    Translation<T, D>, Translation<T, D> => Translation<T, D>, |b| b);
by_function!(translated_point: [T: Real + RealField, const D: usize]
    Translation<T, D>, Point<T, D> => Point<T, D>, |b| b);
by_function!(both: [T: Real + RealField, R: Turn<T, D> + AbstractRotation<T, D>, const D: usize]
    Isometry<T, R, D>, Isometry<T, R, D> => Isometry<T, R, D>, |b| b);
by_function!(moved_point: [T: Real + RealField, R: Turn<T, D> + AbstractRotation<T, D>, const D: usize]
    Isometry<T, R, D>, Point<T, D> => Point<T, D>, |b| b);
by_function!(moved_vector: [T: Real + RealField, R: Turn<T, D> + AbstractRotation<T, D>, const D: usize]
    Isometry<T, R, D>, SVector<T, D> => SVector<T, D>, |b| b);
by_function!(moved_unit: [T: Real + RealField, R: Turn<T, D> + AbstractRotation<T, D>, const D: usize]
    Isometry<T, R, D>, Unit<SVector<T, D>> => Unit<SVector<T, D>>, |b| b);
by_function!(after_translation: [T: Real + RealField, R: Turn<T, D> + AbstractRotation<T, D>, const D: usize]
    Isometry<T, R, D>, Translation<T, D> => Isometry<T, R, D>, |b| b);
by_function!(then_translation: [T: Real + RealField, R: Turn<T, D> + AbstractRotation<T, D>, const D: usize]
    Translation<T, D>, Isometry<T, R, D> => Isometry<T, R, D>, |b| b);

/// Products of a rotation and what moves.
macro_rules! with_rotation {
    ($([$($generics:tt)*] $R:ty, $D:expr;)*) => {$(
        by_function!(after_rotation: [T: Real + RealField $($generics)*]
            Isometry<T, $R, $D>, $R => Isometry<T, $R, $D>, |b| b);
        by_function!(then_rotation: [T: Real + RealField $($generics)*]
            $R, Isometry<T, $R, $D> => Isometry<T, $R, $D>, |b| b);
        by_function!(turned_unit: [T: Real + RealField $($generics)*]
            $R, Unit<SVector<T, $D>> => Unit<SVector<T, $D>>, |b| b);
        by_function!(turned_and_moved: [T: Real + RealField $($generics)*]
            Translation<T, $D>, $R => Isometry<T, $R, $D>, |b| b);
        by_function!(moved_and_turned: [T: Real + RealField $($generics)*]
            $R, Translation<T, $D> => Isometry<T, $R, $D>, |b| b);
    )*};
}

with_rotation! {
    [] UnitQuaternion<T>, 3;
    [] UnitComplex<T>, 2;
    [, const D: usize] Rotation<T, D>, D;
}
