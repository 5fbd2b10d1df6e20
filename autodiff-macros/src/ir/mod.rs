//! The intermediate representation: structured A-normal form over named places.
//!
//! *In*: what [`lower`](crate::lower) makes of a user's function. *Out*: what the transforms make of it; they read and write
//! the same language, so that every analysis and the emitter serve primal and derivative programs alike.
//!
//! ```text
//! fn f(x: &[f64], a: f64) -> f64 {          fn f(x: &[f64], a: f64)
//!     let mut s = 0.0;                          let mut s = 0.0
//!     for i in 0..x.len() {                     let t1 = len x
//!         s += a * x[i];                        for i in 0..t1 {
//!     }                                            let t2 = read x[i]
//!     s.sin()                                      let t3 = a * t2
//! }                                                s += t3
//!                                               }
//!                                               let t4 = read s
//!                                               let t5 = rule sin(t4)
//!                                               result t5
//! ```
//!
//! What holds:
//! * Every operand is a variable or a constant. A variable that occurs as an operand is a *value*: it is written once on every
//!   path (by its `let`, or by one assignment after `declare`) and never changes afterwards.
//! * What changes is a *mutable variable*; it is only ever touched through a [`Place`]: `read`, assignment, update, push.
//! * A *view* is a variable that is bound to a reference; its [`VarKind::View`] names the place that it is a name for, and
//!   [`Function::resolve`] gives any place in terms of variables that are not views.
//! * Names are unique within the function, so that a piece of user code kept verbatim ([`Inert`]) needs no renaming.
//! * There are no jumps: `return`, `break` and `continue` have become branches and flags.

mod call;
mod derived;
mod function;
mod lambda;
mod place;
#[cfg(test)]
pub mod print;
mod program;
pub mod text;
mod ty;
#[cfg(test)]
pub mod verify;
pub mod visit;

pub use call::{Arg, Call, CallKind, Home, Results};
pub use derived::{Checkpoint, Cotangent, Derived, DerivedStmt, Share, Sum, TangentOf, Wins};
pub use function::{Asked, Function, Names, Param, ParamMode, Shown, VarId, VarKind};
pub use lambda::{FnArg, FnType, Lambda, Program, nothing};
pub use place::{Access, Entry, Payload, Place, Proj};
pub use program::{Adjoint, OnePass, Tangent};
pub use ty::{Factors, FloatTy, Ty, field_of_variant};

use crate::case::{is_constant_name, is_upper};
use crate::rules::RuleId;
use proc_macro2::{Ident, Span};

use std::rc::Rc;

/// Statements in the order of execution.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The statements.
    pub stmts: Vec<Stmt>,
}

/// A variable or a constant.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A value (see the module documentation).
    Var(VarId),
    /// A literal, or a path to a constant, static or const generic: pure, free and without derivative.
    Const(Const),
}

/// A constant operand.
#[derive(Clone, Debug)]
pub struct Const {
    /// The code, emitted verbatim.
    pub expr: syn::Expr,
    /// What is known of its type.
    pub ty: Ty,
}

/// Operators of Rust that are written as such.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Neg,
    Not,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// Not short-circuiting any more: both sides are evaluated (lowering makes a branch where that matters).
    And,
    /// As [`Op::And`].
    Or,
}

/// What a [`Stmt::Let`] binds.
#[derive(Clone, Debug)]
pub enum Rhs {
    /// The operand itself: a copy of a scalar, a move of anything else.
    Use(Operand),
    /// A copy of the scalar (or other `Copy` value) in a place, or a move out of it.
    Read(Place),
    /// `place.clone()`, `place.to_vec()`: `method` says which.
    Clone {
        /// What is cloned.
        place: Place,
        /// `clone`, `to_vec`, `to_owned`
        method: Ident,
    },
    /// An operator. Differentiable if its operands are active.
    Op(Op, Vec<Operand>),
    /// An operator one of whose operands is not known to be a scalar: a matrix, or anything. Traits of the runtime tell by the types what
    /// it is and what its derivative is. Nothing is moved.
    Dispatch {
        /// Which.
        op: Op,
        /// Its operands, as they are passed in the user's code.
        args: Vec<Arg>,
    },
    /// A scalar function with a rule in the runtime crate's table, in method form (`path` is `None`) or in the path form that
    /// the user wrote (`f64::max`, `T::sin`).
    Rule {
        /// Which.
        rule: RuleId,
        /// The user's path.
        path: Option<syn::ExprPath>,
        /// All arguments; for a method the receiver first.
        args: Vec<Operand>,
    },
    /// `x as T`; between a type parameter and another type the conversion that is written otherwise: `T::from_f64(x).unwrap()`, `x.into()`.
    Cast(Operand, syn::Type),
    /// `(a, b)`, `[a, b]`, `vec![a, b]`, `Some(a)`, `Point { x: a, y: b }`
    Aggregate(Aggregate, Vec<Operand>),
    /// `[a; n]`, `vec![a; n]`
    Repeat {
        /// `vec!`?
        vec: bool,
        /// The element. May be an aggregate itself (`vec![row; n]`).
        value: Operand,
        /// How many. Code as written for arrays (a constant expression).
        len: Operand,
    },
    /// `&place`, `&mut place`; only bound to a variable of kind [`VarKind::View`].
    Borrow {
        /// `&mut`?
        mutable: bool,
        /// Of what.
        place: Place,
    },
    /// `place.len()`: reads the shape and not the values.
    Len(Place),
    /// Is it `Some(..)` or `Ok(..)`? Reads the shape and not the value.
    IsPresent(Place),
    /// `place.nrows()`, `place.ncols()`: reads the shape and not the values.
    Dimension {
        /// Of what.
        place: Place,
        /// Which.
        method: Ident,
    },
    /// Where an entry is, as something that finds the same one in the tangent: reads what indices are made of.
    Position {
        /// Of what.
        place: Place,
        /// By which the value finds the entry.
        index: Operand,
    },
    /// Zeros in the shape of a matrix: reads the shape and not the values.
    Zeros(Place),
    /// User code without derivative.
    Inert(Inert),
    /// Derivative programs only.
    Derived(Derived),
}

/// What kind of thing an [`Rhs::Aggregate`] makes.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Aggregate {
    Tuple,
    Array,
    Vec,
    Some,
    None,
    Ok,
    /// Its tangent is that of an absent value, whatever the error is.
    Err,
    Struct(Rc<Literal>),
}

/// `Point { x, y, ..base }`, `Meters(x)`: what a struct is made of.
#[derive(PartialEq, Eq, Debug)]
pub struct Literal {
    /// `Point`
    pub path: syn::Path,
    /// The field of each part.
    pub members: Vec<syn::Member>,
    /// `{ .. }` rather than `( .. )`?
    pub braces: bool,
    /// Is there one more part, which the other fields are taken from?
    pub base: bool,
}

/// A piece of user code that is kept verbatim and has no derivative. Locals in it go by their unique names.
#[derive(Clone, Debug)]
pub struct Inert {
    /// The code.
    pub expr: syn::Expr,
    /// Variables that it mentions.
    pub uses: Vec<VarId>,
    /// Those of them that it may change (`counts.push(i)`, `rng.next()`).
    pub writes: Vec<VarId>,
    /// Made of operators, casts, constants and values only: may be evaluated again instead of being stored.
    pub cheap: bool,
    /// What to call it in an error if something active flows through it, and the help: `method 'foo'`.
    pub what: String,
}

/// A range of integers that a counted loop runs over.
#[derive(Clone, Debug)]
pub struct Range {
    /// First.
    pub lo: Operand,
    /// Last or one past it.
    pub hi: Operand,
    /// `..=`?
    pub inclusive: bool,
    /// `.rev()`? Applied before `step`.
    pub rev: bool,
    /// `.step_by(step)`
    pub step: Option<Operand>,
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// Declares a variable and gives it its value. `let mut` where the variable is [`VarKind::Mutable`].
    Let {
        /// The variable.
        var: VarId,
        /// Its value.
        rhs: Rhs,
    },
    /// `let x;` assigned once on every path that reads it.
    Declare(VarId),
    /// Overwrites a place (or gives a declared value its value). Moves aggregates.
    Assign {
        /// What is overwritten.
        place: Place,
        /// By what.
        value: Operand,
    },
    /// `place op= value`
    Update {
        /// Which operator.
        op: Op,
        /// What is changed.
        place: Place,
        /// The right-hand side.
        value: Operand,
    },
    /// `place.push(value)`
    Push {
        /// A `Vec`.
        place: Place,
        /// The new last element.
        value: Operand,
    },
    /// `std::mem::swap(&mut a, &mut b)` of two whole places.
    Swap(Place, Place),
    /// `place.truncate(len)`
    Truncate {
        /// A `Vec`.
        place: Place,
        /// Its new length.
        len: Operand,
    },
    /// User code for its effect: `println!`, `assert!`, `counts.push(1)`.
    Effect(Inert),
    /// A call of an annotated function.
    Call {
        /// What it binds.
        results: Results,
        /// The call.
        call: Call,
    },
    /// `if cond { then } else { els }`; values come out through declared variables.
    If {
        /// A `bool`.
        cond: Operand,
        /// Where true.
        then: Block,
        /// Where false.
        els: Block,
    },
    /// A counted loop. The range is evaluated once. `exit` names a mutable `bool`; the loop ends after an iteration that sets it.
    For {
        /// The index, a value in each iteration.
        var: VarId,
        /// What it runs over.
        range: Range,
        /// The body.
        body: Block,
        /// Ends the loop early.
        exit: Option<VarId>,
    },
    /// `while { cond_block; cond } { body }`
    While {
        /// Evaluated before every iteration.
        cond_block: Block,
        /// A value of `cond_block`, or a constant.
        cond: Operand,
        /// The body.
        body: Block,
    },
    /// Derivative programs only.
    Derived(DerivedStmt),
}

impl Block {
    /// A block of these statements.
    pub fn new(stmts: Vec<Stmt>) -> Self {
        Self { stmts }
    }
}

impl Rhs {
    /// A copy of what a place of this type holds: a read of a scalar, a clone of anything else.
    pub fn copy(place: Place, ty: &Ty) -> Self {
        if ty.is_scalar() {
            return Self::Read(place);
        }
        let method = Ident::new("clone", Span::mixed_site());
        Self::Clone { place, method }
    }
}

impl Operand {
    /// Is it `_`, a length that only what the value is used for tells?
    pub fn is_inferred(&self) -> bool {
        matches!(self, Self::Const(c) if matches!(c.expr, syn::Expr::Infer(_)))
    }

    /// The variable, if it is one.
    pub fn as_var(&self) -> Option<VarId> {
        match self {
            Self::Var(v) => Some(*v),
            Self::Const(_) => None,
        }
    }

    /// Is it a text?
    pub fn is_text(&self) -> bool {
        let Self::Const(c) = self else { return false };
        matches!(&c.expr, syn::Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_)))
    }

    /// Is it a text, or a constant, not the variant of an enum, of which only the name is known? Either may be a reference.
    pub fn is_named_constant(&self) -> bool {
        let Self::Const(c) = self else { return false };
        let path = match &c.expr {
            syn::Expr::Path(path) => path,
            _ => return self.is_text(),
        };
        let last = path.path.segments.last().map(|s| s.ident.to_string());
        c.ty == Ty::Unknown && last.is_some_and(|name| is_constant_name(&name))
    }

    /// Is it the variant of an enum, by its path, which may have a derivative where other variants hold numbers?
    pub fn is_variant(&self) -> bool {
        let Self::Const(c) = self else { return false };
        let syn::Expr::Path(path) = &c.expr else {
            return false;
        };
        let of_type = path.path.segments.iter().rev().nth(1);
        c.ty == Ty::Unknown && of_type.is_some_and(|s| is_upper(&s.ident.to_string()))
    }
}
