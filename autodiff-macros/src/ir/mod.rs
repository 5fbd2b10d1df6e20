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

mod lambda;
#[cfg(test)]
pub mod print;
mod program;
mod ty;
#[cfg(test)]
pub mod verify;
pub mod visit;

pub use lambda::{FnArg, FnType, Lambda, Program, nothing};
pub use program::{Adjoint, OnePass, Tangent};
pub use ty::{Factors, FloatTy, Ty};

use crate::rules::RuleId;
use proc_macro2::{Ident, Span, TokenStream};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A variable of a function; an index into [`Function::vars`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct VarId(pub u32);

/// What the compiler knows about a variable.
#[derive(Clone, Debug)]
pub struct Var {
    /// Unique within the function. Carries the span of the user's binding, or a mixed-site one for what the compiler made.
    pub ident: Ident,
    /// What is known of its type.
    pub ty: Ty,
    /// The type as the user wrote it (`let v: Vec<f64> = ..`), emitted with the declaration.
    pub annotation: Option<syn::Type>,
    /// How it is bound and written.
    pub kind: VarKind,
}

/// How a variable is bound and written.
#[derive(Clone, Debug)]
pub enum VarKind {
    /// Written once on every path, never changed.
    Value,
    /// Changed through places.
    Mutable,
    /// A name for a place: bound by `let v = &place`.
    View {
        /// `&mut`?
        mutable: bool,
        /// The place in terms of variables that are not views themselves. Its operands are values.
        target: Place,
    },
}

/// A function as the compiler sees it.
#[derive(Clone, Debug)]
pub struct Function {
    /// The user's name for it.
    pub name: Ident,
    /// All variables, by [`VarId`].
    pub vars: Vec<Var>,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The body.
    pub body: Block,
    /// The value that is returned; `None` for `()`.
    pub result: Option<Operand>,
    /// The loops marked `#[checkpoint]`, by index variable, and how many states each may keep.
    pub checkpoints: BTreeMap<VarId, Option<Operand>>,
    /// What is computed in one way or another by what the companions of functions that are called know.
    pub asked: BTreeMap<VarId, Asked>,
    /// Where the runtime is, if what is not finite of the derivatives is to be reported.
    pub watch: Option<TokenStream>,
    /// The names that are taken.
    pub names: Names,
}

/// What companions are asked.
#[derive(Clone, Debug)]
pub enum Asked {
    /// For a copy or a zero of an argument: has the call a use for it?
    Argument {
        /// The function.
        call: Call,
        /// Which parameter.
        param: usize,
    },
    /// For a product with a slope: may those of these functions be infinite?
    Slopes(Vec<Call>),
}

/// The names of a function's variables, for new ones to differ from.
#[derive(Clone, Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
    /// Where to go on counting, by the name that is numbered.
    last: BTreeMap<String, usize>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The variable that it binds. For `&T` and `&mut T` it has type [`Ty::Ref`] and places start with [`Proj::Deref`].
    pub var: VarId,
    /// The type as written.
    pub ty: syn::Type,
    /// How it is passed.
    pub mode: ParamMode,
    /// Is it differentiated with respect to? False for integers, `#[constant]` and what `wrt` leaves out.
    pub active: bool,
    /// Its type, if it is a function.
    pub function: Option<FnType>,
}

/// How a parameter is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamMode {
    /// `x: T`
    Value,
    /// `x: &T`
    Ref,
    /// `x: &mut T`: an input and an output.
    RefMut,
}

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

/// A root variable and a path into it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where the path starts.
    pub root: VarId,
    /// The path.
    pub path: Vec<Proj>,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub enum Proj {
    /// `*p`: through a reference-typed variable. Always explicit, also where Rust dereferences by itself.
    Deref,
    /// `p.0`, `p.name`
    Field(syn::Member),
    /// What a variant of an enum holds, where it is that variant.
    Payload(Rc<Payload>),
    /// `p[i]`
    Index(Operand),
    /// `p[lo..hi]`
    Range {
        /// Lower end; `None` for 0.
        lo: Option<Operand>,
        /// Upper end (exclusive); `None` for the length.
        hi: Option<Operand>,
    },
    /// What is inside `Some(..)` or `Ok(..)`.
    Wrapped,
    /// What is inside `Err(..)`: it has no derivative.
    Failure,
}

/// A field of a variant of an enum.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payload {
    /// `Shape::Circle`
    pub variant: syn::Path,
    /// Which field.
    pub member: syn::Member,
    /// Of the value, or of its tangent?
    pub access: Access,
}

/// What a [`Payload`] is in. The tangent of an enum has no name that the compiler could know: methods give its fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Access {
    Primal,
    Tangent,
    TangentMut,
}

impl Payload {
    /// The method of the tangent that gives the field.
    pub fn method(variant: &Ident, member: &syn::Member, access: Access) -> Ident {
        let member = match member {
            syn::Member::Named(name) => name.to_string(),
            syn::Member::Unnamed(k) => k.index.to_string(),
        };
        let suffix = if access == Access::TangentMut {
            "_mut"
        } else {
            ""
        };
        let name = format!("__{variant}_{member}{suffix}").replace("r#", "");
        Ident::new(&name, Span::call_site())
    }
}

impl Proj {
    /// The step in the tangent or adjoint that belongs to a step in a value.
    #[must_use]
    pub fn of_tangent(&self, access: Access) -> Self {
        match self {
            Self::Payload(payload) if payload.access == Access::Primal => {
                Self::Payload(Rc::new(Payload {
                    access,
                    ..(**payload).clone()
                }))
            }
            other => other.clone(),
        }
    }
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

/// Expressions that only derivative programs contain.
#[derive(Clone, Debug)]
pub enum Derived {
    /// The zero tangent with the shape of a primal place.
    Zero(Place),
    /// What stands for the tangent or adjoint of an inactive argument of a method.
    Nothing,
    /// A zero of a scalar type that is known.
    ZeroScalar(FloatTy),
    /// The partial derivative of a scalar rule; `args` are exactly the values that it reads.
    Partial {
        /// The rule.
        rule: RuleId,
        /// With respect to which argument.
        arg: usize,
        /// What it reads, in the order of the table.
        args: Vec<Operand>,
    },
    /// The partial derivative of a partial, which reads the same values.
    SecondPartial {
        /// The rule.
        rule: RuleId,
        /// The partial with respect to which argument.
        arg: usize,
        /// With respect to which of the values that it reads.
        read: usize,
        /// What it reads, in the order of the table.
        args: Vec<Operand>,
    },
    /// The Taylor coefficients of a scalar rule; `tails` are those of its arguments, `None` where one does not vary.
    Series {
        /// The rule.
        rule: RuleId,
        /// Its value.
        result: Operand,
        /// Its arguments.
        args: Vec<Operand>,
        /// Their coefficients.
        tails: Vec<Option<Operand>>,
    },
    /// `seed * partial`, where a zero seed wins over an infinite partial.
    Times(Operand, Operand),
    /// What the operator of an [`Rhs::Dispatch`] contributes to the tangent of its result or to the adjoint of an operand.
    Share(Share),
    /// Takes the value out of an adjoint place and leaves zero.
    Take(Place),
    /// A tangent aggregate: like [`Rhs::Aggregate`], `None` standing for the zero of an inactive component whose primal is given.
    Aggregate(Aggregate, Vec<TangentOf>),
    /// Sum over the elements of an adjoint aggregate (the reverse of `Repeat`), the result having the shape of one element.
    SumElements {
        /// The adjoint of the aggregate.
        place: Place,
        /// The primal element, for its shape.
        like: Operand,
    },
    /// `pop` from an adjoint `Vec` (the reverse of `push`).
    PopAdjoint(Place),
    /// Converts a tangent between float types (the reverse and the tangent of a cast).
    Convert(Operand),
    /// Replaces a place by a new value and gives back the old one, for restoring it later.
    Replace {
        /// What is overwritten.
        place: Place,
        /// By what.
        value: Operand,
    },
    /// A clone of a whole primal place, for restoring it later.
    Save(Place),
    /// Makes a list of numbers longer by a zero for each iteration; gives back how long it was.
    Grow {
        /// The list.
        list: VarId,
        /// What the loop runs over.
        range: Range,
    },
    /// How long the list was before it grew by an element for each iteration.
    Before {
        /// The list.
        list: VarId,
        /// What the loop runs over.
        range: Range,
    },
    /// Where the pullbacks of a lambda collect the adjoints of what it captures: zeros in the shape of these.
    Environment(Vec<Place>),
    /// The tuple of what was collected.
    Collected(VarId),
}

/// Part of the derivative of an operator by the types of its operands: a function of the runtime, and what that reads.
#[derive(Clone, Debug)]
pub struct Share {
    /// `mul_left`, `mul_right`, ..
    pub function: &'static str,
    /// The tangent or adjoint that it is a share of, and operands of the operator.
    pub args: Vec<Arg>,
}

/// The tangent or adjoint of a component.
#[derive(Clone, Debug)]
pub enum TangentOf {
    /// It has one.
    Active(Operand),
    /// It is inactive: the zero with the shape of this primal operand.
    Zero(Operand),
}

/// An argument of a call of another annotated function.
#[derive(Clone, Debug)]
pub enum Arg {
    /// By value.
    Value(Operand),
    /// `&place`. A view or reference parameter that is handed on is `&*view`.
    Ref(Place),
    /// `&mut place`.
    RefMut(Place),
    /// A function.
    Function(FnArg),
}

/// A call of a function that is annotated itself (as far as the macro can know).
#[derive(Clone, Debug)]
pub struct Call {
    /// The path as written, with its turbofish; of a method, its name.
    pub path: syn::ExprPath,
    /// How it is called.
    pub kind: CallKind,
    /// The arguments in order; of a method, the receiver first.
    pub args: Vec<Arg>,
    /// The parameter of the function that is called, if it is one.
    pub function: Option<VarId>,
}

/// How a function is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallKind {
    /// `path(..)`
    Path,
    /// `receiver.method(..)`. Whether the receiver is borrowed or given away only the types tell: [`Arg::Ref`] or [`Arg::RefMut`] stands for it.
    Method,
    /// The same in a derivative program, the receiver being inactive: neither tangent nor adjoint belongs to it.
    Fixed,
    /// A function of the runtime that stands for a method of a matrix. Arguments without derivative pass nothing for it.
    Matrix,
}

/// What a call binds.
#[derive(Clone, Debug)]
pub enum Results {
    /// Nothing is bound: `()` or ignored.
    None,
    /// One variable.
    One(VarId),
    /// A tuple pattern; `None` is `_`.
    Tuple(Vec<Option<VarId>>),
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

/// Statements that only derivative programs contain.
#[derive(Clone, Debug)]
pub enum DerivedStmt {
    /// `place += value` (or `-=`) for adjoints and tangents of any shape.
    Accumulate {
        /// The adjoint place.
        place: Place,
        /// What is added.
        value: Operand,
        /// Subtract instead.
        negate: bool,
    },
    /// `place += ` what an operator contributes, in place where the types allow that.
    AccumulateShare {
        /// The adjoint place.
        place: Place,
        /// The contribution.
        share: Share,
    },
    /// Adds the adjoint in `from` to `to`, both whole places of one shape.
    AccumulatePlace {
        /// The target.
        to: Place,
        /// What is added.
        from: Place,
    },
    /// Sets an adjoint place to zero, keeping its shape.
    SetZero(Place),
    /// The forward part of a call: binds the results and the pullback.
    CallForward {
        /// What the call binds.
        results: Results,
        /// The pullback: takes the reference arguments again.
        pullback: VarId,
        /// The call.
        call: Call,
    },
    /// The backward part of a call.
    CallBackward {
        /// From `CallForward`.
        pullback: VarId,
        /// The call, for its reference arguments; they hold the values that they had after the forward part.
        call: Call,
        /// The cotangent of the result.
        cotangent: Cotangent,
        /// The adjoint of each argument, to be accumulated into.
        adjoints: Vec<Place>,
    },
    /// A call of the forward mode: binds the results and their tangents.
    CallTangent {
        /// What the call binds.
        results: Results,
        /// The tangents, in the same shape.
        tangents: Results,
        /// The call.
        call: Call,
        /// The tangent of each argument.
        args: Vec<Arg>,
    },
    /// The forward part of a call and its tangent: as `CallForward`, the pullback carrying tangents too.
    CallForwardTangent {
        /// What the call binds.
        results: Results,
        /// The tangents, in the same shape.
        tangents: Results,
        /// The pullback: takes the reference arguments and their tangents again.
        pullback: VarId,
        /// The call.
        call: Call,
        /// The tangent of each argument.
        args: Vec<Arg>,
    },
    /// The backward part of a call and its tangent.
    CallBackwardTangent {
        /// From `CallForwardTangent`.
        pullback: VarId,
        /// The call, for its reference arguments.
        call: Call,
        /// The tangents of the reference arguments.
        args: Vec<Arg>,
        /// The cotangent of the result.
        cotangent: Cotangent,
        /// Its tangent.
        cotangent_dot: Cotangent,
        /// The adjoint of each argument, to be accumulated into.
        adjoints: Vec<Place>,
        /// Their tangents, to be accumulated into.
        adjoint_dots: Vec<Place>,
    },
    /// Declares an empty trace (a `Vec` that a loop pushes a tuple to in each iteration).
    NewTrace(VarId),
    /// Makes room for a record of each iteration of a loop.
    TraceReserve {
        /// The trace.
        trace: VarId,
        /// What the loop runs over.
        range: Range,
    },
    /// Pushes a tuple of values (moved).
    TracePush {
        /// The trace.
        trace: VarId,
        /// What is recorded.
        values: Vec<VarId>,
    },
    /// Pops that tuple and binds the variables again; those of kind [`VarKind::Mutable`] as `mut`.
    TracePop {
        /// The trace.
        trace: VarId,
        /// What is bound.
        values: Vec<VarId>,
    },
    /// A branch whose arms record something: `let trace = if cond { then; Then((..)) } else { els; Else((..)) }`.
    IfRecord {
        /// The variable that the record is bound to.
        trace: VarId,
        /// The condition.
        cond: Operand,
        /// Where true, and what is recorded.
        then: (Block, Vec<VarId>),
        /// Where false, and what is recorded.
        els: (Block, Vec<VarId>),
    },
    /// `match trace { Then((..)) => then, Else((..)) => els }`
    MatchRecord {
        /// The record.
        trace: VarId,
        /// What is bound, and the block.
        then: (Vec<VarId>, Block),
        /// What is bound, and the block.
        els: (Vec<VarId>, Block),
    },
    /// `for _ in 0..count`: replays a loop whose iterations were counted.
    Replay {
        /// How many.
        count: Operand,
        /// What is done each time.
        body: Block,
    },
    /// `for var in range` in the opposite order.
    ForReverse {
        /// The index.
        var: VarId,
        /// The range of the loop that is reversed.
        range: Range,
        /// The body.
        body: Block,
    },
    /// `place.pop()` of a primal `Vec` (undoes a push).
    PopPrimal(Place),
    /// A loop that keeps the state before some of its iterations. Declares the checkpoint's record.
    ForKeeping {
        /// What is kept.
        checkpoint: Checkpoint,
        /// How many states may be kept at once.
        slots: Option<Operand>,
        /// The index.
        var: VarId,
        /// What it runs over.
        range: Range,
        /// The body.
        body: Block,
        /// Ends the loop early.
        exit: Option<VarId>,
    },
    /// Its reverse: the state before each iteration, the last one first, is restored and brought forward from what was kept. At the end the
    /// state is what it was before the loop.
    ForRestoring {
        /// What was kept.
        checkpoint: Checkpoint,
        /// Puts `checkpoint.values` back.
        restore: Block,
        /// The index.
        var: VarId,
        /// The range of the loop that is reversed.
        range: Range,
        /// An iteration of the loop.
        advance: Block,
        /// An iteration and its reverse.
        reverse: Block,
    },
}

/// The states that a loop keeps.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The variable that holds them.
    pub record: VarId,
    /// Declares `values`, copies of the state.
    pub keep: Block,
    /// One state.
    pub values: Vec<VarId>,
}

/// The cotangent handed to a pullback.
#[derive(Clone, Debug)]
pub enum Cotangent {
    /// The call has no result.
    None,
    /// The adjoint of the one result, or the zero of its shape.
    One(TangentOf),
    /// A tuple.
    Tuple(Vec<TangentOf>),
}

impl Cotangent {
    /// The tangents that it is made of.
    pub fn parts(&self) -> &[TangentOf] {
        match self {
            Self::None => &[],
            Self::One(t) => std::slice::from_ref(t),
            Self::Tuple(ts) => ts,
        }
    }
}

impl TangentOf {
    /// The tangent, or the primal that tells its shape.
    pub fn operand(&self) -> &Operand {
        match self {
            Self::Active(o) | Self::Zero(o) => o,
        }
    }
}

impl Block {
    /// A block of these statements.
    pub fn new(stmts: Vec<Stmt>) -> Self {
        Self { stmts }
    }
}

impl Place {
    /// The whole of a variable.
    pub fn var(root: VarId) -> Self {
        Self {
            root,
            path: Vec::new(),
        }
    }

    /// One step further.
    #[must_use]
    pub fn then(mut self, proj: Proj) -> Self {
        self.path.push(proj);
        self
    }
}

impl Call {
    /// Does the function belong to a type? Types are written in upper case, modules in lower case.
    pub fn is_member(&self) -> bool {
        let segments = &self.path.path.segments;
        let owner = segments.iter().rev().nth(1).map(|s| s.ident.to_string());
        let upper = |name: String| name.chars().next().is_some_and(char::is_uppercase);
        let method = matches!(self.kind, CallKind::Method | CallKind::Fixed);
        method || self.path.qself.is_some() || owner.is_some_and(upper)
    }

    /// The receiver and the other arguments, if it is a call of a method.
    pub fn receiver(&self) -> Option<(&Arg, &[Arg])> {
        match self.kind {
            CallKind::Path | CallKind::Matrix => None,
            CallKind::Method | CallKind::Fixed => self.args.split_first(),
        }
    }
}

impl Asked {
    /// Functions that are called by their path are asked, not those that are parameters.
    pub fn of(call: &Call, param: usize) -> Option<Self> {
        let asked = call.kind == CallKind::Path && !call.is_member() && call.function.is_none();
        asked.then(|| Self::Argument {
            call: call.clone(),
            param,
        })
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
    /// The variable, if it is one.
    pub fn as_var(&self) -> Option<VarId> {
        match self {
            Self::Var(v) => Some(*v),
            Self::Const(_) => None,
        }
    }

    /// Is it a constant, not the variant of an enum, of which only the name is known?
    pub fn is_named_constant(&self) -> bool {
        let Self::Const(c) = self else { return false };
        let syn::Expr::Path(path) = &c.expr else {
            return false;
        };
        let last = path.path.segments.last().map(|s| s.ident.to_string());
        let is_constant = |name: String| !name.contains(char::is_lowercase);
        c.ty == Ty::Unknown && last.is_some_and(is_constant)
    }
}

impl Names {
    fn unique(&mut self, hint: &str) -> String {
        let hint = hint.trim_start_matches("r#");
        let last = self.last.entry(hint.to_owned()).or_insert(0);
        loop {
            *last += 1;
            let name = match *last {
                1 => hint.to_owned(),
                n => format!("{hint}_{n}"),
            };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

impl Function {
    /// The type of a parameter that is a function.
    pub fn function_type(&self, var: VarId) -> Option<&FnType> {
        let param = self.params.iter().find(|p| p.var == var)?;
        param.function.as_ref()
    }

    /// The variable.
    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// Adds a variable. `ident` must be unique: see [`Function::fresh_ident`].
    pub fn add_var(&mut self, ident: Ident, ty: Ty, kind: VarKind) -> VarId {
        self.vars.push(Var {
            ident,
            ty,
            annotation: None,
            kind,
        });
        VarId(u32::try_from(self.vars.len() - 1).unwrap_or(u32::MAX))
    }

    /// A new variable named after `hint`: that, or that and a number.
    pub fn fresh(&mut self, hint: &str, span: Span, ty: Ty, kind: VarKind) -> VarId {
        if self.names.taken.len() < self.vars.len() {
            let names = self.vars.iter().map(|v| v.ident.to_string());
            self.names.taken = names.collect();
        }
        let name = self.names.unique(hint);
        let ident = Ident::new(&name, Span::mixed_site().located_at(span));
        self.add_var(ident, ty, kind)
    }

    /// The type of an operand, as far as it is known.
    pub fn operand_ty<'a>(&'a self, operand: &'a Operand) -> &'a Ty {
        match operand {
            Operand::Var(v) => &self.var(*v).ty,
            Operand::Const(c) => &c.ty,
        }
    }

    /// The type of a place, as far as it is known.
    pub fn place_ty(&self, place: &Place) -> Ty {
        let step = |ty: Ty, proj: &Proj| ty.project(proj);
        place
            .path
            .iter()
            .fold(self.var(place.root).ty.clone(), step)
    }

    /// The type of the place in `place op= value`; only scalars have remainders.
    pub fn updated_ty(&self, op: Op, place: &Place, value: &Operand) -> Ty {
        match self.place_ty(&self.resolve(place)) {
            Ty::Unknown if op == Op::Rem => self.operand_ty(value).clone(),
            known => known,
        }
    }

    /// The place in terms of variables that are not views: a view's target takes the place of the view and of its `Deref`.
    pub fn resolve(&self, place: &Place) -> Place {
        let mut place = place.clone();
        while let VarKind::View { target, .. } = &self.var(place.root).kind {
            let rest = place
                .path
                .iter()
                .skip(usize::from(matches!(place.path.first(), Some(Proj::Deref))));
            let path = target.path.iter().chain(rest).cloned().collect();
            place = Place {
                root: target.root,
                path,
            };
        }
        place
    }
}
