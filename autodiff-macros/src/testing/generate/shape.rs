//! The types of generated programs.

use super::random::Random;
use crate::ir::{FloatTy, ParamMode, Ty};
use crate::testing::interp::value::{Kind, Value};

/// A type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `f64`
    Real,
    /// `usize`
    Int,
    /// `(A, B)`
    Tuple(Vec<Shape>),
    /// `[T; N]`
    Array(Box<Shape>, usize),
    /// `Vec<T>`
    Vec(Box<Shape>),
    /// `[T]`
    Slice(Box<Shape>),
}

impl Shape {
    /// `Vec<f64>`
    pub fn vec() -> Self {
        Self::Vec(Box::new(Self::Real))
    }

    /// What the compiler knows of it.
    pub fn ty(&self) -> Ty {
        match self {
            Self::Real => Ty::Float(FloatTy::F64),
            Self::Int => Ty::Int,
            Self::Tuple(parts) => Ty::Tuple(parts.iter().map(Self::ty).collect()),
            Self::Array(t, _) => Ty::Array(Box::new(t.ty())),
            Self::Vec(t) => Ty::Vec(Box::new(t.ty())),
            Self::Slice(t) => Ty::Slice(Box::new(t.ty())),
        }
    }

    /// What a user writes for it.
    pub fn text(&self) -> String {
        match self {
            Self::Real => "f64".to_owned(),
            Self::Int => "usize".to_owned(),
            Self::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(Self::text).collect();
                format!("({})", parts.join(", "))
            }
            Self::Array(t, n) => format!("[{}; {n}]", t.text()),
            Self::Vec(t) => format!("Vec<{}>", t.text()),
            Self::Slice(t) => format!("[{}]", t.text()),
        }
    }

    /// Can it be used again after it was given away?
    pub fn is_copy(&self) -> bool {
        match self {
            Self::Real | Self::Int => true,
            Self::Tuple(parts) => parts.iter().all(Self::is_copy),
            Self::Array(t, _) => t.is_copy(),
            Self::Vec(_) | Self::Slice(_) => false,
        }
    }

    /// Of what it is a list.
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::Array(t, _) | Self::Vec(t) | Self::Slice(t) => Some(t),
            _ => None,
        }
    }

    /// Has it a derivative?
    pub fn is_real(&self) -> bool {
        match self {
            Self::Real => true,
            Self::Int => false,
            Self::Tuple(parts) => parts.iter().any(Self::is_real),
            Self::Array(t, _) | Self::Vec(t) | Self::Slice(t) => t.is_real(),
        }
    }

    /// A value of this type; lists have two to four elements.
    pub fn input(&self, random: &mut Random) -> Value<f64> {
        match self {
            Self::Real => Value::Real(2.0 * random.real()),
            Self::Int => Value::Int(random.below(4) as i64),
            Self::Tuple(parts) => Value::Tuple(parts.iter().map(|p| p.input(random)).collect()),
            Self::Array(t, n) => {
                Value::List(Kind::Array, (0..*n).map(|_| t.input(random)).collect())
            }
            Self::Vec(t) | Self::Slice(t) => {
                let n = 2 + random.below(3);
                Value::List(Kind::Vec, (0..n).map(|_| t.input(random)).collect())
            }
        }
    }
}

/// A parameter of a generated function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its type, that of what it refers to if it is a reference.
    pub shape: Shape,
    /// How it is passed.
    pub mode: ParamMode,
    /// Is it differentiated?
    pub active: bool,
}

impl Parameter {
    /// Scratch space: what it holds after a call has no derivative, whatever it held before.
    pub fn is_scratch(&self) -> bool {
        self.mode == ParamMode::RefMut && !self.active
    }
}

/// What calls of a generated function have to know.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub params: Vec<Parameter>,
    /// The type of its result.
    pub result: Option<Shape>,
}
