//! What only derivative programs contain.

use super::{Aggregate, Arg, Block, Call, FloatTy, Operand, Place, Range, Results, VarId};
use crate::rules::RuleId;

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
    /// `seed * partial`, where a zero on one side wins over an infinity on the other.
    Times(Operand, Operand, Wins),
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
    /// An empty list of numbers, or of records of `width` numbers.
    NewList {
        /// The type of the numbers.
        float: FloatTy,
        /// How many there are in a record; one of one is the number itself.
        width: usize,
    },
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
    /// `mul_left`, `mul_right`, ..; `add_keep`, ..; with `_dot` the tangent of one
    pub function: &'static str,
    /// The tangent or adjoint that it is a share of, and operands of the operator or what was kept of them; of a tangent these and as many
    /// tangents, [`nothing`](super::nothing) where there is none.
    pub args: Vec<Arg>,
}

impl Share {
    /// Is it what the others need of the operands?
    pub fn is_kept(&self) -> bool {
        self.function.contains("_keep")
    }

    /// How many of the arguments are no tangents of the others?
    pub fn primals(&self) -> usize {
        match self.function.ends_with("_dot") {
            true => self.args.len() / 2,
            false => self.args.len(),
        }
    }
}

/// The tangent or adjoint of a component.
#[derive(Clone, Debug)]
pub enum TangentOf {
    /// It has one.
    Active(Operand),
    /// It is inactive: the zero with the shape of this primal operand.
    Zero(Operand),
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
    /// Makes of a list of numbers, whatever it holds, `len` copies of `value`.
    Refill {
        /// The list.
        list: VarId,
        /// Its elements.
        value: Operand,
        /// How many.
        len: Operand,
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
    /// A loop whose iterations only have sums in common, in parts that may run at the same time: the body is the loop over one part.
    Parts {
        /// First and last index of a part, as those of the range.
        bounds: (VarId, VarId),
        /// What all parts together run over.
        range: Range,
        /// The sums.
        sums: Vec<Sum>,
        /// Adds to them.
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

/// What the parts of a loop add to.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The variable.
    pub whole: VarId,
    /// The sum of one part, or of several.
    pub part: VarId,
    /// Is the variable a reference to what is added to?
    pub by_reference: bool,
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

/// Whose zero wins in a product of an adjoint or tangent and a partial.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wins {
    /// That of the adjoint or tangent: the partial may be infinite (`sqrt` at zero).
    Seed,
    /// That of the partial: the argument was not chosen (`max`), whatever became of the one that was.
    Partial,
}
