//! What the methods are made of: between a value and its numbers.

use crate::matrix::Number;
use crate::matrix::method::method;
use crate::tangent::{Differentiable, Tangent};
use nalgebra::{Matrix3, Matrix4, Quaternion, Rotation, SMatrix, Unit, UnitQuaternion, Vector4};

/// A method that annotated functions of this crate call by its path: the tangents of all arguments are given.
macro_rules! primitive {
    ($(#[$doc:meta])* $name:ident $($rest:tt)*) => {
        method! { $(#[$doc])* $name $($rest)* }

        #[allow(missing_docs)]
        impl $name {
            #[inline]
            pub fn __direction_0<D>(direction: D) -> D {
                direction
            }
        }
    };
}

primitive! {
    /// The unit quaternion of four numbers.
    unit_quaternion[T: Number](coords d: &Vector4<T>) -> UnitQuaternion<T>, saved: ()
    where [] = (Unit::new_unchecked(Quaternion { coords: *coords }), ());
    d => Quaternion { coords: *d }; |seed, bar| *bar += seed.coords;
    @ [coords_bar coords_dot] {}
}

primitive! {
    /// What is in a `Unit`.
    inner[V: Differentiable + Clone](unit d: &Unit<V>) -> V, saved: ()
    where [V::Tangent: Tangent] = ((**unit).clone(), ());
    d => d.clone(); |seed, bar| bar.accumulate_tangent(seed);
    @ [unit_bar unit_dot] {}
}

primitive! {
    /// The rotation by a matrix.
    rotation[T: Number, const D: usize](matrix d: &SMatrix<T, D, D>) -> Rotation<T, D>, saved: ()
    where [] = (Rotation::from_matrix_unchecked(*matrix), ());
    d => *d; |seed, bar| *bar += seed;
    @ [matrix_bar matrix_dot] {}
}

primitive! {
    /// The matrix of a rotation.
    matrix[T: Number, const D: usize](rotation d: &Rotation<T, D>) -> SMatrix<T, D, D>, saved: ()
    where [] = (*rotation.matrix(), ());
    d => *d; |seed, bar| *bar += seed;
    @ [rotation_bar rotation_dot] {}
}

primitive! {
    /// A rotation on homogeneous coordinates.
    homogeneous[T: Number](m d: &Matrix3<T>) -> Matrix4<T>, saved: ()
    where [] = (m.to_homogeneous(), ());
    d => {
        let mut wide = Matrix4::zeros();
        wide.fixed_view_mut::<3, 3>(0, 0).copy_from(d);
        wide
    };
    |seed, bar| *bar += seed.fixed_view::<3, 3>(0, 0);
    @ [m_bar m_dot] {}
}
