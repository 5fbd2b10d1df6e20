//! Translations and isometries.

use super::primitives::{plane, point, space};
use super::turn::{Turn, Turn2, Turn3};
use crate::differentiate;
use crate::scalar::Real;
use crate::tangent::Differentiable;
use nalgebra::{
    Isometry, Matrix2, Matrix3, Matrix4, Point, Point3, RealField, Rotation3, SVector, Translation,
    Translation2, Translation3, Unit, UnitComplex, UnitQuaternion, Vector2, Vector3,
};

/// The members of `Translation` in all dimensions.
#[differentiate(self, order = 2)]
pub trait Translations<T: RealField + Real, const D: usize>: Differentiable {
    /// By a vector.
    fn from(vector: SVector<T, D>) -> Translation<T, D>;
    /// The other way round.
    fn inverse(&self) -> Translation<T, D>;
    /// `p`, moved.
    fn transform_point(&self, p: &Point<T, D>) -> Point<T, D>;
    /// `p`, moved the other way round.
    fn inverse_transform_point(&self, p: &Point<T, D>) -> Point<T, D>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real, const D: usize> Translations<T, D> for Translation<T, D> {
    fn from(vector: SVector<T, D>) -> Translation<T, D> {
        Translation::<T, D> { vector }
    }

    fn inverse(&self) -> Translation<T, D> {
        let vector: SVector<T, D> = -self.vector;
        Translation::<T, D> { vector }
    }

    fn transform_point(&self, p: &Point<T, D>) -> Point<T, D> {
        p + self.vector
    }

    fn inverse_transform_point(&self, p: &Point<T, D>) -> Point<T, D> {
        p - self.vector
    }
}

/// The members of `Translation3`.
#[differentiate(self, order = 2)]
pub trait Translations3<T: RealField + Real>: Differentiable {
    /// By its coordinates.
    fn new(x: T, y: T, z: T) -> Translation3<T>;
    /// As a matrix on homogeneous coordinates.
    fn to_homogeneous(&self) -> Matrix4<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Translations3<T> for Translation3<T> {
    fn new(x: T, y: T, z: T) -> Translation3<T> {
        let vector = Vector3::<T>::new(x, y, z);
        Translation::<T, 3> { vector }
    }

    fn to_homogeneous(&self) -> Matrix4<T> {
        space(&Matrix3::<T>::identity(), &self.vector)
    }
}

/// The members of `Translation2`.
#[differentiate(self, order = 2)]
pub trait Translations2<T: RealField + Real>: Differentiable {
    /// By its coordinates.
    fn new(x: T, y: T) -> Translation2<T>;
    /// As a matrix on homogeneous coordinates.
    fn to_homogeneous(&self) -> Matrix3<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real> Translations2<T> for Translation2<T> {
    fn new(x: T, y: T) -> Translation2<T> {
        let vector = Vector2::<T>::new(x, y);
        Translation::<T, 2> { vector }
    }

    fn to_homogeneous(&self) -> Matrix3<T> {
        plane(&Matrix2::<T>::identity(), &self.vector)
    }
}

/// The members of `Isometry` in all dimensions.
#[differentiate(self, order = 2)]
pub trait Isometries<T: RealField + Real, R: Turn<T, D>, const D: usize>: Differentiable {
    /// By what moves after what turns.
    fn from_parts(translation: Translation<T, D>, rotation: R) -> Isometry<T, R, D>;
    /// The other way round.
    fn inverse(&self) -> Isometry<T, R, D>;
    /// The other one after the inverse of this one.
    fn inv_mul(&self, other: &Isometry<T, R, D>) -> Isometry<T, R, D>;
    /// `p`, moved.
    fn transform_point(&self, p: &Point<T, D>) -> Point<T, D>;
    /// `v`, rotated.
    fn transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D>;
    /// `p`, moved the other way round.
    fn inverse_transform_point(&self, p: &Point<T, D>) -> Point<T, D>;
    /// `v`, rotated the other way round.
    fn inverse_transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real, R: Turn<T, D>, const D: usize> Isometries<T, R, D> for Isometry<T, R, D> {
    fn from_parts(translation: Translation<T, D>, rotation: R) -> Isometry<T, R, D> {
        Isometry::<T, R, D> {
            rotation,
            translation,
        }
    }

    fn inverse(&self) -> Isometry<T, R, D> {
        let rotation: R = self.rotation.reversed();
        let back: SVector<T, D> = -self.translation.vector;
        let translation = Translation::<T, D> {
            vector: rotation.turned(&back),
        };
        Isometry::<T, R, D> {
            rotation,
            translation,
        }
    }

    fn inv_mul(&self, other: &Isometry<T, R, D>) -> Isometry<T, R, D> {
        let back: R = self.rotation.reversed();
        let between: SVector<T, D> = other.translation.vector - self.translation.vector;
        let rotation: R = back.after(&other.rotation);
        let translation = Translation::<T, D> {
            vector: back.turned(&between),
        };
        Isometry::<T, R, D> {
            rotation,
            translation,
        }
    }

    fn transform_point(&self, p: &Point<T, D>) -> Point<T, D> {
        moved_point(self, p)
    }

    fn transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D> {
        self.rotation.turned(v)
    }

    fn inverse_transform_point(&self, p: &Point<T, D>) -> Point<T, D> {
        let v: SVector<T, D> = p.coords - self.translation.vector;
        point(&self.rotation.turned_back(&v))
    }

    fn inverse_transform_vector(&self, v: &SVector<T, D>) -> SVector<T, D> {
        self.rotation.turned_back(v)
    }
}

/// Between two isometries.
macro_rules! interpolated {
    ($($Trait:ident $R:ident $D:literal,)*) => {$(
        /// A part of the way from one isometry to another.
        #[differentiate(self, order = 2)]
        pub trait $Trait<T: RealField + Real>: Differentiable {
            /// The translation on the straight line, the rotation on the shortest arc.
            fn lerp_slerp(&self, other: &Isometry<T, $R<T>, $D>, t: T) -> Isometry<T, $R<T>, $D>;
        }

        #[differentiate(self, order = 2)]
        impl<T: RealField + Real> $Trait<T> for Isometry<T, $R<T>, $D> {
            fn lerp_slerp(&self, other: &Isometry<T, $R<T>, $D>, t: T) -> Isometry<T, $R<T>, $D> {
                let a: SVector<T, $D> = self.translation.vector;
                let b: SVector<T, $D> = other.translation.vector;
                let vector: SVector<T, $D> = a.lerp(&b, t);
                let rotation: $R<T> = self.rotation.slerp(&other.rotation, t);
                let translation = Translation::<T, $D> { vector };
                Isometry::<T, $R<T>, $D> {
                    rotation,
                    translation,
                }
            }
        }
    )*};
}

interpolated! {
    BetweenIsometries3 UnitQuaternion 3,
    BetweenMatrices3 Rotation3 3,
    BetweenIsometries2 UnitComplex 2,
}

/// The members of `Isometry3` and `IsometryMatrix3`.
#[differentiate(self, order = 2)]
pub trait Isometries3<T: RealField + Real, R: Turn3<T>>: Differentiable {
    /// By a vector that moves and one to rotate by.
    fn new(translation: Vector3<T>, axisangle: Vector3<T>) -> Isometry<T, R, 3>;
    /// That moves only.
    fn translation(x: T, y: T, z: T) -> Isometry<T, R, 3>;
    /// That rotates only.
    fn rotation(axisangle: Vector3<T>) -> Isometry<T, R, 3>;
    /// At `eye`, the third axis towards `target`.
    fn face_towards(eye: &Point3<T>, target: &Point3<T>, up: &Vector3<T>) -> Isometry<T, R, 3>;
    /// The view from `eye` to `target`, in a right-handed system.
    fn look_at_rh(eye: &Point3<T>, target: &Point3<T>, up: &Vector3<T>) -> Isometry<T, R, 3>;
    /// The view from `eye` to `target`, in a left-handed system.
    fn look_at_lh(eye: &Point3<T>, target: &Point3<T>, up: &Vector3<T>) -> Isometry<T, R, 3>;
    /// As a matrix on homogeneous coordinates.
    fn to_homogeneous(&self) -> Matrix4<T>;
    /// The same.
    fn to_matrix(&self) -> Matrix4<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real, R: Turn3<T>> Isometries3<T, R> for Isometry<T, R, 3> {
    fn new(translation: Vector3<T>, axisangle: Vector3<T>) -> Isometry<T, R, 3> {
        let translation = Translation::<T, 3> {
            vector: translation,
        };
        Isometry::<T, R, 3> {
            rotation: R::by_vector(&axisangle),
            translation,
        }
    }

    fn translation(x: T, y: T, z: T) -> Isometry<T, R, 3> {
        let vector = Vector3::<T>::new(x, y, z);
        let translation = Translation::<T, 3> { vector };
        Isometry::<T, R, 3> {
            rotation: R::by_vector(&Vector3::<T>::zeros()),
            translation,
        }
    }

    fn rotation(axisangle: Vector3<T>) -> Isometry<T, R, 3> {
        let translation = Translation::<T, 3> {
            vector: Vector3::<T>::zeros(),
        };
        Isometry::<T, R, 3> {
            rotation: R::by_vector(&axisangle),
            translation,
        }
    }

    fn face_towards(eye: &Point3<T>, target: &Point3<T>, up: &Vector3<T>) -> Isometry<T, R, 3> {
        let translation = Translation::<T, 3> { vector: eye.coords };
        Isometry::<T, R, 3> {
            rotation: R::facing(&(target - eye), up),
            translation,
        }
    }

    fn look_at_rh(eye: &Point3<T>, target: &Point3<T>, up: &Vector3<T>) -> Isometry<T, R, 3> {
        view(&R::facing(&-(target - eye), up).reversed(), eye)
    }

    fn look_at_lh(eye: &Point3<T>, target: &Point3<T>, up: &Vector3<T>) -> Isometry<T, R, 3> {
        view(&R::facing(&(target - eye), up).reversed(), eye)
    }

    fn to_homogeneous(&self) -> Matrix4<T> {
        space(&self.rotation.as_matrix(), &self.translation.vector)
    }

    fn to_matrix(&self) -> Matrix4<T> {
        space(&self.rotation.as_matrix(), &self.translation.vector)
    }
}

/// What brings `eye` to the origin, then rotates.
#[differentiate(order = 2)]
fn view<T: RealField + Real, R: Turn3<T>>(rotation: &R, eye: &Point3<T>) -> Isometry<T, R, 3> {
    let back: Vector3<T> = -eye.coords;
    let translation = Translation::<T, 3> {
        vector: rotation.turned(&back),
    };
    Isometry::<T, R, 3> {
        rotation: rotation.clone(),
        translation,
    }
}

/// The members of `Isometry2` and `IsometryMatrix2`.
#[differentiate(self, order = 2)]
pub trait Isometries2<T: RealField + Real, R: Turn2<T>>: Differentiable {
    /// By a vector that moves and an angle.
    fn new(translation: Vector2<T>, angle: T) -> Isometry<T, R, 2>;
    /// That moves only.
    fn translation(x: T, y: T) -> Isometry<T, R, 2>;
    /// That rotates only.
    fn rotation(angle: T) -> Isometry<T, R, 2>;
    /// As a matrix on homogeneous coordinates.
    fn to_homogeneous(&self) -> Matrix3<T>;
    /// The same.
    fn to_matrix(&self) -> Matrix3<T>;
}

#[differentiate(self, order = 2)]
impl<T: RealField + Real, R: Turn2<T>> Isometries2<T, R> for Isometry<T, R, 2> {
    fn new(translation: Vector2<T>, angle: T) -> Isometry<T, R, 2> {
        let translation = Translation::<T, 2> {
            vector: translation,
        };
        Isometry::<T, R, 2> {
            rotation: R::by_angle(angle),
            translation,
        }
    }

    fn translation(x: T, y: T) -> Isometry<T, R, 2> {
        let translation = Translation::<T, 2> {
            vector: Vector2::<T>::new(x, y),
        };
        Isometry::<T, R, 2> {
            rotation: R::by_angle(T::zero()),
            translation,
        }
    }

    fn rotation(angle: T) -> Isometry<T, R, 2> {
        let translation = Translation::<T, 2> {
            vector: Vector2::<T>::zeros(),
        };
        Isometry::<T, R, 2> {
            rotation: R::by_angle(angle),
            translation,
        }
    }

    fn to_homogeneous(&self) -> Matrix3<T> {
        plane(&self.rotation.as_matrix(), &self.translation.vector)
    }

    fn to_matrix(&self) -> Matrix3<T> {
        plane(&self.rotation.as_matrix(), &self.translation.vector)
    }
}

/// A direction, rotated.
#[differentiate(order = 2)]
pub fn turned_unit<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &R,
    u: &Unit<SVector<T, D>>,
) -> Unit<SVector<T, D>> {
    let v: SVector<T, D> = *u.as_ref();
    Unit::new_unchecked(a.turned(&v))
}

/// The same by an isometry.
#[differentiate(order = 2)]
pub fn moved_unit<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Isometry<T, R, D>,
    u: &Unit<SVector<T, D>>,
) -> Unit<SVector<T, D>> {
    turned_unit(&a.rotation, u)
}

/// `a b`
#[differentiate(order = 2)]
pub fn both<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Isometry<T, R, D>,
    b: &Isometry<T, R, D>,
) -> Isometry<T, R, D> {
    let vector: SVector<T, D> = a.translation.vector + a.rotation.turned(&b.translation.vector);
    let translation = Translation::<T, D> { vector };
    Isometry::<T, R, D> {
        rotation: a.rotation.after(&b.rotation),
        translation,
    }
}

/// A point, rotated and moved.
#[differentiate(order = 2)]
pub fn moved_point<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Isometry<T, R, D>,
    p: &Point<T, D>,
) -> Point<T, D> {
    let v: SVector<T, D> = p.coords;
    point(&(a.translation.vector + a.rotation.turned(&v)))
}

/// A vector, rotated.
#[differentiate(order = 2)]
pub fn moved_vector<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Isometry<T, R, D>,
    v: &SVector<T, D>,
) -> SVector<T, D> {
    a.rotation.turned(v)
}

/// A translation, then an isometry.
#[differentiate(order = 2)]
pub fn after_translation<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Isometry<T, R, D>,
    b: &Translation<T, D>,
) -> Isometry<T, R, D> {
    let vector: SVector<T, D> = a.translation.vector + a.rotation.turned(&b.vector);
    let translation = Translation::<T, D> { vector };
    Isometry::<T, R, D> {
        rotation: a.rotation.clone(),
        translation,
    }
}

/// An isometry, then a translation.
#[differentiate(order = 2)]
pub fn then_translation<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Translation<T, D>,
    b: &Isometry<T, R, D>,
) -> Isometry<T, R, D> {
    let vector: SVector<T, D> = a.vector + b.translation.vector;
    let translation = Translation::<T, D> { vector };
    Isometry::<T, R, D> {
        rotation: b.rotation.clone(),
        translation,
    }
}

/// A rotation, then an isometry.
#[differentiate(order = 2)]
pub fn after_rotation<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Isometry<T, R, D>,
    b: &R,
) -> Isometry<T, R, D> {
    let translation = Translation::<T, D> {
        vector: a.translation.vector,
    };
    Isometry::<T, R, D> {
        rotation: a.rotation.after(b),
        translation,
    }
}

/// An isometry, then a rotation.
#[differentiate(order = 2)]
pub fn then_rotation<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &R,
    b: &Isometry<T, R, D>,
) -> Isometry<T, R, D> {
    let translation = Translation::<T, D> {
        vector: a.turned(&b.translation.vector),
    };
    Isometry::<T, R, D> {
        rotation: a.after(&b.rotation),
        translation,
    }
}

/// A rotation, then a translation.
#[differentiate(order = 2)]
pub fn turned_and_moved<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &Translation<T, D>,
    b: &R,
) -> Isometry<T, R, D> {
    let translation = Translation::<T, D> { vector: a.vector };
    Isometry::<T, R, D> {
        rotation: b.clone(),
        translation,
    }
}

/// A translation, then a rotation.
#[differentiate(order = 2)]
pub fn moved_and_turned<T: RealField + Real, R: Turn<T, D>, const D: usize>(
    a: &R,
    b: &Translation<T, D>,
) -> Isometry<T, R, D> {
    let translation = Translation::<T, D> {
        vector: a.turned(&b.vector),
    };
    Isometry::<T, R, D> {
        rotation: a.clone(),
        translation,
    }
}

/// Two translations.
#[differentiate(order = 2)]
pub fn translated<T: RealField + Real, const D: usize>(
    a: &Translation<T, D>,
    b: &Translation<T, D>,
) -> Translation<T, D> {
    let vector: SVector<T, D> = a.vector + b.vector;
    Translation::<T, D> { vector }
}

/// A point, moved.
#[differentiate(order = 2)]
pub fn translated_point<T: RealField + Real, const D: usize>(
    a: &Translation<T, D>,
    p: &Point<T, D>,
) -> Point<T, D> {
    p + a.vector
}
