//! Values of the interpreter and the algebra of tangents on them.

use super::Pullback;
use super::number::Number;
use crate::ir::VarId;

/// What a run gives: a value, or what is wrong with the program.
pub type Run<T> = Result<T, String>;

/// What a variable or a part of one holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Value<N> {
    /// Nothing.
    Hole(Hole),
    /// `()`, the tangent of an integer too.
    Unit,
    /// A `bool`.
    Bool(bool),
    /// An integer of any type.
    Int(i64),
    /// A float.
    Real(N),
    /// A tuple.
    Tuple(Vec<Value<N>>),
    /// An array, a slice or a `Vec`.
    List(Kind, Vec<Value<N>>),
    /// A reference to a place of the same function.
    Alias(Alias),
    /// What a loop has recorded.
    Trace(Vec<Vec<Value<N>>>),
    /// What a branch has recorded: was it the first arm, and the values.
    Record(bool, Vec<Value<N>>),
    /// The pullback of a call.
    Pullback(Box<Pullback<N>>),
}

/// Why there is no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hole {
    /// The variable is not in scope.
    Undeclared,
    /// `let x;`
    Unset,
    /// It was moved away.
    Moved,
}

/// Which kind of list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `[T; N]`
    Array,
    /// `Vec<T>`
    Vec,
    /// `[T]`
    Slice,
    /// `Option<T>`: no part or one.
    Option,
}

/// A place with its indices evaluated.
#[derive(Clone, PartialEq, Debug)]
pub struct Alias {
    /// The variable.
    pub root: VarId,
    /// The path; a range only at its end.
    pub path: Vec<Step>,
    /// `&mut`?
    pub mutable: bool,
    /// How often the root had been written when it was borrowed.
    pub version: u32,
}

/// A step of an evaluated path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Of a tuple.
    Field(usize),
    /// Of a list.
    Index(usize),
    /// Part of a list.
    Range(usize, usize),
    /// From an element on so many records of so many.
    Records(usize, usize, usize),
    /// Of an `Option`.
    Payload,
}

impl Step {
    /// The elements of a list that it is about.
    fn elements(&self) -> Option<(usize, usize)> {
        match self {
            Self::Index(i) => Some((*i, i + 1)),
            Self::Range(lo, hi) => Some((*lo, *hi)),
            Self::Records(lo, count, size) => Some((*lo, lo + count * size)),
            Self::Field(_) | Self::Payload => None,
        }
    }
}

/// May two evaluated paths of one variable have something in common?
pub fn overlap(a: &[Step], b: &[Step]) -> bool {
    for (x, y) in a.iter().zip(b) {
        let apart = match (x, y) {
            (Step::Field(i), Step::Field(j)) => i != j,
            _ => match (x.elements(), y.elements()) {
                (Some((l, h)), Some((m, k))) => h <= m || k <= l,
                _ => false,
            },
        };
        if apart {
            return false;
        }
    }
    true
}

impl<N: Number> Value<N> {
    /// A float.
    pub fn real(x: f64) -> Self {
        Self::Real(N::lift(x))
    }

    /// Can it be used again after it was given away?
    pub fn is_copy(&self) -> bool {
        match self {
            Self::Unit | Self::Bool(_) | Self::Int(_) | Self::Real(_) => true,
            Self::Tuple(parts) | Self::List(Kind::Array | Kind::Option, parts) => {
                parts.iter().all(Self::is_copy)
            }
            Self::Alias(alias) => !alias.mutable,
            _ => false,
        }
    }

    /// Is all of it there?
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Hole(_) => false,
            Self::Tuple(parts) | Self::List(_, parts) => parts.iter().all(Self::is_whole),
            _ => true,
        }
    }

    /// The number.
    pub fn as_real(&self) -> Run<N> {
        match self {
            Self::Real(x) => Ok(*x),
            other => Err(format!("{other:?} is not a float")),
        }
    }

    /// The integer.
    pub fn as_int(&self) -> Run<i64> {
        match self {
            Self::Int(k) => Ok(*k),
            other => Err(format!("{other:?} is not an integer")),
        }
    }

    /// The integer as an index.
    pub fn as_index(&self) -> Run<usize> {
        let k = self.as_int()?;
        usize::try_from(k).map_err(|_| format!("{k} as an index"))
    }

    /// The `bool`.
    pub fn as_bool(&self) -> Run<bool> {
        match self {
            Self::Bool(b) => Ok(*b),
            other => Err(format!("{other:?} is not a bool")),
        }
    }

    /// The zero tangent with this primal's shape.
    pub fn zero(&self) -> Run<Self> {
        Ok(match self {
            Self::Real(_) => Self::real(0.0),
            Self::Tuple(parts) => Self::Tuple(all(parts, Self::zero)?),
            Self::List(kind, parts) => {
                let kind = match kind {
                    Kind::Slice => Kind::Vec,
                    kind => *kind,
                };
                Self::List(kind, all(parts, Self::zero)?)
            }
            Self::Unit | Self::Bool(_) | Self::Int(_) => Self::Unit,
            other => return Err(format!("{other:?} has no tangent")),
        })
    }

    /// `self += sign * other`, tangents of one shape.
    pub fn accumulate(&mut self, other: &Self, sign: f64) -> Run<()> {
        match (self, other) {
            (Self::Real(a), Self::Real(b)) => {
                let value = a.value() + sign * b.value();
                *a = N::chain(value, &[*a, *b], |k| if k == 0 { 1.0 } else { sign });
                Ok(())
            }
            (Self::Unit, Self::Unit) => Ok(()),
            (Self::Tuple(a), Self::Tuple(b)) | (Self::List(_, a), Self::List(_, b)) => {
                accumulate_all(a, b, sign)
            }
            (a, b) => Err(format!("{a:?} += {b:?}")),
        }
    }

    /// Is it the same to the last bit?
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Real(a), Self::Real(b)) => {
                let (a, b) = (a.value(), b.value());
                a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
            }
            (Self::Tuple(a), Self::Tuple(b)) | (Self::List(_, a), Self::List(_, b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (a, b) => a == b,
        }
    }

    /// Calls `f` with every number.
    pub fn numbers(&self, f: &mut dyn FnMut(N)) {
        match self {
            Self::Real(x) => f(*x),
            Self::Tuple(parts) | Self::List(_, parts) => parts.iter().for_each(|p| p.numbers(f)),
            _ => {}
        }
    }

    /// The same with other numbers.
    pub fn map<M: Number>(&self, f: &mut dyn FnMut(N) -> M) -> Value<M> {
        match self {
            Self::Real(x) => Value::Real(f(*x)),
            Self::Tuple(parts) => Value::Tuple(parts.iter().map(|p| p.map(f)).collect()),
            Self::List(kind, parts) => Value::List(*kind, parts.iter().map(|p| p.map(f)).collect()),
            Self::Bool(b) => Value::Bool(*b),
            Self::Int(k) => Value::Int(*k),
            _ => Value::Unit,
        }
    }
}

fn all<N: Number>(
    parts: &[Value<N>],
    f: impl Fn(&Value<N>) -> Run<Value<N>>,
) -> Run<Vec<Value<N>>> {
    parts.iter().map(f).collect()
}

/// `a[k] += sign * b[k]` for all `k`.
pub fn accumulate_all<N: Number>(a: &mut [Value<N>], b: &[Value<N>], sign: f64) -> Run<()> {
    if a.len() != b.len() {
        return Err(format!("{} parts += {} parts", a.len(), b.len()));
    }
    let mut pairs = a.iter_mut().zip(b);
    pairs.try_for_each(|(a, b)| a.accumulate(b, sign))
}
