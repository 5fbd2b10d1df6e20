//! What the methods are made of: between a value and its numbers.

use crate::matrix::Number;
use crate::matrix::method::primitive;
use crate::tangent::{Differentiable, Tangent};
use nalgebra::{
    Complex, Matrix2, Matrix3, Matrix4, Point, Quaternion, Rotation, Rotation3, SMatrix, SVector,
    Unit, UnitComplex, UnitQuaternion, Vector2, Vector3, Vector4,
};

primitive! {
    /// The quaternion of four numbers, the real one last.
    quaternion[T: Number](coords d: &Vector4<T>) -> Quaternion<T>, saved: ()
    where [] = (Quaternion { coords: *coords }, ());
    d => Quaternion { coords: *d }; |seed, bar| *bar += seed.coords;
    @ [coords_bar coords_dot] {}
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

/// A value that nalgebra computes in its own way, with the derivative of the same function by another formula.
macro_rules! valued {
    ($($name:ident($($k:ident: $K:ty),+) -> $Y:ty = $value:expr;)*) => {$(
        primitive! {
            /// The value of nalgebra, with the derivative of what is given first.
            $name[T: Number](smooth d: &$Y; $($k: $K),+) -> $Y, saved: ()
            where [] = ({ let _ = smooth; $value }, ());
            d => *d; |seed, bar| bar.accumulate_tangent(seed);
            @ [smooth_bar smooth_dot] {}
        }
    )*};
}

valued! {
    powered(q: UnitQuaternion<T>, n: T) -> UnitQuaternion<T> = q.powf(n);
    between(a: UnitQuaternion<T>, b: UnitQuaternion<T>, t: T) -> UnitQuaternion<T> = a.slerp(&b, t);
    rotation_powered(r: Rotation3<T>, n: T) -> Rotation3<T> = r.powf(n);
    rotation_between(a: Rotation3<T>, b: Rotation3<T>, t: T) -> Rotation3<T> = a.slerp(&b, t);
    quaternion_exponential(q: Quaternion<T>) -> Quaternion<T> = q.exp();
    quaternion_log(q: Quaternion<T>) -> Quaternion<T> = q.ln();
    unit_quaternion_log(q: UnitQuaternion<T>) -> Quaternion<T> = q.ln();
    quaternion_power(q: Quaternion<T>, n: T) -> Quaternion<T> = q.powf(n);
    quaternion_logarithm(q: UnitQuaternion<T>) -> Vector3<T> = q.scaled_axis();
    rotation_logarithm(r: Rotation3<T>) -> Vector3<T> = r.scaled_axis();
    turning(a: Vector3<T>, b: Vector3<T>, n: T) -> UnitQuaternion<T> =
        UnitQuaternion::scaled_rotation_between(&a, &b, n).unwrap_or_default();
    rotation_turning(a: Vector3<T>, b: Vector3<T>, n: T) -> Rotation3<T> =
        Rotation3::scaled_rotation_between(&a, &b, n).unwrap_or_default();
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
