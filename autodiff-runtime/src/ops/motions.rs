//! Products with translations and isometries.

use super::kept::keeping_nothing;
use super::rotations::{by_function, value};
use super::{
    Add, Curved, Handed, Minus, Moved, Mul, Neg, Negated, Plain, Plus, Slopes, Sub, Times,
};
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

// Translations as what they are made of.
keeping_nothing!([T: Real + RealField, const D: usize] Add add Plus:
    Translation<T, D>, Translation<T, D> => Translation<T, D>, Translation<T, D>, |a, b| Translation::from(a.vector + b.vector));
keeping_nothing!([T: Real + RealField, const D: usize] Sub sub Minus:
    Translation<T, D>, Translation<T, D> => Translation<T, D>, Translation<T, D>, |a, b| Translation::from(a.vector - b.vector));
keeping_nothing!([T: Real + RealField, const D: usize] Neg neg Negated:
    Unit<SVector<T, D>> => Unit<SVector<T, D>>, SVector<T, D>, |a| -*a);

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
