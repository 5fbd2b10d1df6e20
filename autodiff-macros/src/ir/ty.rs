//! What the compiler knows of a type. It sees no types but those that are written, so [`Ty::Unknown`] is always possible and never an
//! error; the rest is what decides that an integer has no derivative and how a zero is written.

use super::{Const, Operand, Payload, Proj};
use proc_macro2::Ident;
use std::rc::Rc;

/// A type, as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Ty {
    /// Anything.
    #[default]
    Unknown,
    /// `()`
    Unit,
    /// `bool`
    Bool,
    /// An integer; which one does not matter.
    Int,
    /// A float.
    Float(FloatTy),
    /// A type that surely carries no derivative: strings, `char`, ranges, closures over such.
    Inert,
    /// Surely a struct or enum of the user's: no scalar. With what is known of its fields.
    Struct(Fields),
    /// A quaternion, a rotation or a rigid motion of nalgebra, made of such numbers; or a `Unit` of such a vector.
    Motion(Box<Ty>),
    /// `(A, B)`
    Tuple(Vec<Ty>),
    /// `[T; N]`
    Array(Box<Ty>),
    /// `[T]`
    Slice(Box<Ty>),
    /// `Vec<T>`
    Vec(Box<Ty>),
    /// A matrix or vector of nalgebra, owned or a view, or a point, with elements of this type.
    Matrix(Box<Ty>),
    /// A factorisation of a matrix with elements of this type.
    Factors(Factors, Box<Ty>),
    /// `&T`, `&mut T`
    Ref(bool, Box<Ty>),
    /// `Option<T>`
    Option(Box<Ty>),
    /// `Result<T, E>`, of whatever `E`: errors have no derivative.
    Result(Box<Ty>),
}

/// The fields of a struct that are known, by their names or numbers; those of the variants of an enum, see [`field_of_variant`].
pub type Fields = Rc<[(String, Ty)]>;

/// Which factorisation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Factors {
    Lu,
    FullPivLu,
    Cholesky,
    Qr,
    ColPivQr,
    Svd,
}

/// Which float.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FloatTy {
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// A type parameter with a float-like bound.
    Param(Ident),
    /// A float literal without suffix, or what is computed from such only.
    Literal,
}

impl Ty {
    /// The zero of the elements of a list of floats.
    pub fn zero_element(&self) -> Option<Operand> {
        let (Self::Vec(element) | Self::Slice(element)) = self else {
            return None;
        };
        let expr = match &**element {
            Self::Float(FloatTy::F32 | FloatTy::F64) => syn::parse_quote!(0.0),
            Self::Float(FloatTy::Param(t)) => {
                syn::parse_quote!(<#t as ::core::default::Default>::default())
            }
            _ => return None,
        };
        let ty = (**element).clone();
        Some(Operand::Const(Const { expr, ty }))
    }

    /// Are there integers and `bool`s in it only?
    pub fn is_integers(&self) -> bool {
        match self {
            Self::Int | Self::Bool => true,
            Self::Tuple(parts) => parts.iter().all(Self::is_integers),
            Self::Array(t) => t.is_integers(),
            _ => false,
        }
    }

    /// Does the type mention a float for which this holds?
    pub fn mentions(&self, f: &dyn Fn(&FloatTy) -> bool) -> bool {
        match self {
            Self::Float(float) => f(float),
            Self::Tuple(parts) => parts.iter().any(|t| t.mentions(f)),
            Self::Array(t) | Self::Slice(t) | Self::Vec(t) | Self::Matrix(t) | Self::Ref(_, t) => {
                t.mentions(f)
            }
            Self::Option(t) | Self::Result(t) => t.mentions(f),
            _ => false,
        }
    }

    /// Surely a type whose values can be used again after they were given away.
    pub fn is_copy(&self) -> bool {
        match self {
            Self::Unit | Self::Bool | Self::Int | Self::Float(_) | Self::Ref(false, _) => true,
            Self::Tuple(parts) => parts.iter().all(Self::is_copy),
            Self::Array(t) | Self::Option(t) => t.is_copy(),
            Self::Unknown
            | Self::Struct(_)
            | Self::Motion(_)
            | Self::Inert
            | Self::Result(_)
            | Self::Slice(_)
            | Self::Vec(_)
            | Self::Matrix(_)
            | Self::Factors(..)
            | Self::Ref(true, _) => false,
        }
    }

    /// Surely a `Vec`, or made of one.
    pub fn holds_list(&self) -> bool {
        match self {
            Self::Vec(_) => true,
            Self::Tuple(parts) => parts.iter().any(Self::holds_list),
            Self::Array(t) | Self::Option(t) => t.holds_list(),
            _ => false,
        }
    }

    /// A float, a list of such, or a matrix.
    pub fn holds_floats(&self) -> bool {
        match self {
            Self::Float(_) => true,
            Self::Slice(t) | Self::Vec(t) | Self::Array(t) | Self::Matrix(t) => t.holds_floats(),
            _ => false,
        }
    }

    /// Surely without derivative.
    pub fn is_inert(&self) -> bool {
        match self {
            Self::Unit | Self::Bool | Self::Int | Self::Inert => true,
            Self::Tuple(parts) => parts.iter().all(Self::is_inert),
            Self::Array(t) | Self::Slice(t) | Self::Vec(t) | Self::Matrix(t) | Self::Ref(_, t) => {
                t.is_inert()
            }
            Self::Option(t) | Self::Result(t) => t.is_inert(),
            Self::Motion(t) => t.is_inert(),
            Self::Struct(fields) => !fields.is_empty() && fields.iter().all(|(_, t)| t.is_inert()),
            Self::Unknown | Self::Float(_) | Self::Factors(..) => false,
        }
    }

    /// The type of what may change: what came from code without derivative, or is a copy of constants, may be given numbers that have one. So is what
    /// is made of constants and of something else.
    #[must_use]
    pub fn unless_inert(self) -> Self {
        let inside = |t: Box<Self>| Box::new(t.unless_inert());
        match self {
            Self::Inert => Self::Unknown,
            Self::Matrix(t) => Self::Matrix(inside(t)),
            Self::Motion(t) => Self::Motion(inside(t)),
            Self::Vec(t) => Self::Vec(inside(t)),
            Self::Array(t) => Self::Array(inside(t)),
            Self::Option(t) => Self::Option(inside(t)),
            Self::Tuple(parts) => Self::Tuple(parts.into_iter().map(Self::unless_inert).collect()),
            Self::Struct(_) if self.is_inert() => Self::structure(),
            other => other,
        }
    }

    /// The same type, of what is marked to have no derivative.
    #[must_use]
    pub fn constant(&self) -> Self {
        let inside = |t: &Self| Box::new(t.constant());
        match self {
            Self::Unknown | Self::Float(_) | Self::Factors(..) => Self::Inert,
            Self::Struct(fields) => {
                let fields = fields.iter();
                Self::Struct(
                    fields
                        .map(|(name, t)| (name.clone(), t.constant()))
                        .collect(),
                )
            }
            Self::Motion(t) => Self::Motion(inside(t)),
            Self::Tuple(parts) => Self::Tuple(parts.iter().map(Self::constant).collect()),
            Self::Array(t) => Self::Array(inside(t)),
            Self::Slice(t) => Self::Slice(inside(t)),
            Self::Vec(t) => Self::Vec(inside(t)),
            Self::Matrix(t) => Self::Matrix(inside(t)),
            Self::Ref(mutable, t) => Self::Ref(*mutable, inside(t)),
            Self::Option(t) => Self::Option(inside(t)),
            Self::Result(t) => Self::Result(inside(t)),
            Self::Unit | Self::Bool | Self::Int | Self::Inert => self.clone(),
        }
    }

    /// Surely a float scalar.
    pub fn is_float(&self) -> bool {
        matches!(self, Self::Float(_))
    }

    /// Surely without parts: arithmetic on it is that of the language.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Self::Float(_) | Self::Int | Self::Bool)
    }

    /// Surely a matrix (behind references or not).
    pub fn is_matrix(&self) -> bool {
        matches!(self.peel(), Self::Matrix(_))
    }

    /// May it be a type of the user's, with operators of its own (behind references or not)?
    pub fn may_be_users(&self) -> bool {
        *self.peel() == Self::Unknown || self.is_struct()
    }

    /// Surely a type with members of its own, no scalar and no list (behind references or not)?
    pub fn is_struct(&self) -> bool {
        matches!(self.peel(), Self::Struct(_) | Self::Motion(_))
    }

    /// Surely an array, slice, `Vec`, matrix or tuple (behind references or not).
    pub fn is_aggregate(&self) -> bool {
        match self {
            Self::Tuple(_) | Self::Array(_) | Self::Slice(_) | Self::Vec(_) | Self::Matrix(_) => {
                true
            }
            Self::Ref(_, t) => t.is_aggregate(),
            _ => false,
        }
    }

    /// Surely an `Option` or a `Result`.
    pub fn is_wrapper(&self) -> bool {
        matches!(self, Self::Option(_) | Self::Result(_))
    }

    /// The type behind any references.
    pub fn peel(&self) -> &Self {
        match self {
            Self::Ref(_, t) => t.peel(),
            other => other,
        }
    }

    /// The type of an element of an array, slice, `Vec` or matrix (behind references or not).
    pub fn element(&self) -> Self {
        match self.peel() {
            Self::Array(t)
            | Self::Slice(t)
            | Self::Vec(t)
            | Self::Matrix(t)
            | Self::Motion(t)
            | Self::Factors(_, t) => (**t).clone(),
            _ => Self::Unknown,
        }
    }

    /// Have all values of the type the same shape? An `Option` has not, nor has a list.
    pub fn has_one_shape(&self) -> bool {
        match self {
            Self::Unit | Self::Bool | Self::Int | Self::Float(_) | Self::Inert => true,
            Self::Motion(inner) | Self::Array(inner) => inner.has_one_shape(),
            Self::Tuple(parts) => parts.iter().all(Self::has_one_shape),
            Self::Struct(fields) => {
                let told = |(name, ty): &(String, Self)| !name.contains('.') && ty.has_one_shape();
                !fields.is_empty() && fields.iter().all(told)
            }
            _ => false,
        }
    }

    /// A struct of which nothing more is known.
    pub fn structure() -> Self {
        Self::Struct(Fields::default())
    }

    /// The type of a field, as far as it is known.
    fn field(&self, name: &str) -> Self {
        let Self::Struct(fields) = self else {
            return Self::Unknown;
        };
        let field = fields.iter().find(|(field, _)| field == name);
        field.map(|(_, ty)| ty.clone()).unwrap_or_default()
    }

    /// The type of what a variant holds, as far as it is known.
    fn payload(&self, payload: &Payload) -> Self {
        let member = match &payload.member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(k) => k.index.to_string(),
        };
        let variant = payload.variant.segments.last().map(|s| &s.ident);
        let name = variant.map(|variant| field_of_variant(variant, &member));
        self.peel().field(&name.unwrap_or_default())
    }

    /// The type one step further along a path.
    pub fn project(&self, proj: &Proj) -> Self {
        match (proj, self) {
            (Proj::Deref, Self::Ref(_, t)) => (**t).clone(),
            (Proj::Deref, _) => Self::Unknown,
            (Proj::Index(_) | Proj::Entry(_), _) => self.element(),
            (Proj::Range { .. }, _) => Self::Slice(Box::new(self.element())),
            (Proj::Records(_), _) => Self::Slice(Box::new(Self::Array(Box::new(self.element())))),
            (Proj::Field(syn::Member::Unnamed(k)), _) => match self.peel() {
                Self::Tuple(parts) => parts.get(k.index as usize).cloned().unwrap_or_default(),
                other => other.field(&k.index.to_string()),
            },
            (Proj::Payload(payload), _) => self.payload(payload),
            (Proj::Field(syn::Member::Named(name)), _) => match self.peel() {
                Self::Matrix(t) if is_coordinate(name) => (**t).clone(),
                Self::Motion(t) if t.is_matrix() => t.project(proj),
                Self::Motion(t) => part_of_motion(name, t),
                other => other.field(&name.to_string()),
            },
            (Proj::Wrapped, _) => match self.peel() {
                Self::Option(t) | Self::Result(t) => (**t).clone(),
                _ => Self::Unknown,
            },
            (Proj::Failure, _) => Self::Inert,
            (Proj::Inside(Some(_)), _) => self.clone(),
            (Proj::Inside(None), _) => match self.peel() {
                Self::Motion(t) if t.is_matrix() => (**t).clone(),
                motion => motion.clone(),
            },
        }
    }
}

/// The name that a field of a variant has among the fields of an enum.
pub fn field_of_variant(variant: &Ident, field: &dyn std::fmt::Display) -> String {
    format!("{variant}.{field}")
}

/// `v.x`
fn is_coordinate(name: &Ident) -> bool {
    matches!(name.to_string().as_str(), "x" | "y" | "z" | "w" | "a" | "b")
}

/// `q.w`, `pose.rotation`
fn part_of_motion(name: &Ident, element: &Ty) -> Ty {
    let element = Box::new(element.clone());
    match name.to_string().as_str() {
        "rotation" | "translation" | "isometry" => Ty::Motion(element),
        "vector" | "coords" => Ty::Matrix(element),
        "x" | "y" | "z" | "w" | "i" | "j" | "k" | "re" | "im" => *element,
        _ => Ty::Unknown,
    }
}
