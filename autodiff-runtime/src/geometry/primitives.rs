//! What the methods are made of: between a value and its numbers.

use crate::matrix::Number;
use crate::matrix::method::method;
use crate::tangent::{Differentiable, Tangent};
use nalgebra::{
    Complex, Matrix2, Matrix3, Matrix4, Point, Quaternion, Rotation, SMatrix, SVector, Unit,
    UnitComplex, UnitQuaternion, Vector2, Vector3, Vector4,
};

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

            #[inline]
            pub fn __direction_1<D>(direction: D) -> D {
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
    /// The rotation of the plane by two numbers.
    unit_complex[T: Number](parts d: &Vector2<T>) -> UnitComplex<T>, saved: ()
    where [] = (Unit::new_unchecked(Complex::new(parts.x, parts.y)), ());
    d => Complex::new(d.x, d.y); |seed, bar| *bar += Vector2::new(seed.re, seed.im);
    @ [parts_bar parts_dot] {}
}

primitive! {
    /// The point with these coordinates.
    point[T: Number, const D: usize](coords d: &SVector<T, D>) -> Point<T, D>, saved: ()
    where [] = (Point::from(*coords), ());
    d => *d; |seed, bar| *bar += seed;
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

/// A matrix and a vector on homogeneous coordinates.
macro_rules! homogeneous {
    ($name:ident $M:ident $V:ident $D:literal $Wide:ident) => {
        primitive! {
            /// A matrix and a vector as one matrix on homogeneous coordinates.
            $name[T: Number](m dm: &$M<T>, v dv: &$V<T>) -> $Wide<T>, saved: ()
            where [] = (
                {
                    let mut wide = m.to_homogeneous();
                    wide.fixed_view_mut::<$D, 1>(0, $D).copy_from(v);
                    wide
                },
                (),
            );
            dm => {
                let mut wide = $Wide::zeros();
                wide.fixed_view_mut::<$D, $D>(0, 0).copy_from(dm);
                wide
            };
            |seed, bar| *bar += seed.fixed_view::<$D, $D>(0, 0);
            dv => {
                let mut wide = $Wide::zeros();
                wide.fixed_view_mut::<$D, 1>(0, $D).copy_from(dv);
                wide
            };
            |seed, bar| *bar += seed.fixed_view::<$D, 1>(0, $D);
            @ [m_bar m_dot, v_bar v_dot] {}
        }
    };
}

homogeneous!(space Matrix3 Vector3 3 Matrix4);
homogeneous!(plane Matrix2 Vector2 2 Matrix3);
