//! The reverse mode: a program and its activity -> a forward part and a reverse part.
//!
//! ```text
//! fn f(x, a) {                  forward               reverse(y_bar, x_bar, a_bar)
//!     let t1 = x * a            let t1 = x * a        let t1_bar = y_bar * cos(t1)
//!     let y = sin(t1)           let y = sin(t1)       *x_bar += t1_bar * a
//!     result y                                        *a_bar += t1_bar * x
//! }
//! ```
//!
//! * [`normalize`]: a few constructs are written with others;
//! * [`reverse`], [`calls`], [`bars`]: each statement gets its reverse beside it, a [`pair`];
//! * [`through`]: values whose adjoint is that of another one;
//! * [`shown`]: the adjoints that are to be shown are handed over;
//! * [`storage`]: each value that the reverse mentions is captured, recomputed or recorded, and what is overwritten is restored;
//! * [`loops`]: the loops of the reverse are brought into the form that a person writes;
//! * [`partials`]: a function of few scalars keeps its partial derivatives instead.

mod bars;
mod calls;
mod dispatch;
pub mod indices;
mod initial;
pub mod loops;
mod moves;
mod normalize;
mod pair;
mod partials;
mod polynomial;
pub mod reads;
mod reverse;
pub mod risk;
mod shown;
pub mod storage;
mod through;

use crate::analysis::activity::Activity;
use crate::ir::{
    DerivedStmt, Function, Op, Operand, Param, ParamMode, Place, Proj, Rhs, Stmt, Ty, VarId,
    VarKind,
};
use bars::{Bar, Path, State};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};

pub use crate::ir::{Adjoint, OnePass};

/// Transforms `function`.
pub fn adjoint(function: &Function, activity: &Activity) -> Adjoint {
    let mut function = function.clone();
    let mut activity = activity.clone();
    for var in normalize::normalize(&mut function, &activity) {
        activity.mark(var);
    }
    let moved = moves::moved(&function);
    let made_again = moves::made_again(&function);
    let initial = initial::initial_assignments(&function);
    let through = through::through(&function);
    let body = std::mem::take(&mut function.body);
    let mut builder = Builder {
        made_again,
        through,
        ..Builder::new(function, &activity, moved, initial)
    };
    let slots = builder.params();
    let (cotangent, start) = builder.start();
    let (mut nodes, mut roots) = builder.nodes(&body);
    let end = builder.finish(&slots);
    roots.extend(builder.function.params.iter().map(|p| p.var));
    builder.place_zeros(&body, &roots, &mut nodes);
    let mut pair = pair::Pair { nodes };
    pair.number(0);
    let Builder {
        function,
        moved,
        copied,
        ..
    } = builder;
    let reversed = storage::Reversed {
        function,
        moved,
        copied,
        start,
        pair,
        end,
    };
    let one_pass = one_pass(&reversed, cotangent, &slots);
    let stored = storage::store(&reversed);
    Adjoint {
        forward: stored.forward,
        result: stored.result,
        cotangent,
        slots,
        reverse: stored.reverse,
        function: stored.function,
        restored: stored.restored,
        one_pass,
    }
}

/// The adjoint as it is emitted: the same, but faster. Second derivatives start from the plain one.
pub fn improved(mut adjoint: Adjoint) -> Adjoint {
    let mut parts = [&mut adjoint.forward, &mut adjoint.reverse];
    loops::improved(&mut adjoint.function, &mut parts);
    loops::buffers::kept(&mut adjoint.function, &mut parts, true);
    partials::accumulated(adjoint)
}

/// The whole gradient as one program. What a function changes behind `&mut` has values before and after, so that it needs two.
fn one_pass(
    reversed: &storage::Reversed,
    cotangent: Option<VarId>,
    slots: &[Option<VarId>],
) -> Option<OnePass> {
    let params = &reversed.function.params;
    if params.iter().any(|p| p.mode == ParamMode::RefMut) {
        return None;
    }
    let given = params.iter().map(|p| p.var).chain(cotangent);
    let given: BTreeSet<VarId> = given.chain(slots.iter().flatten().copied()).collect();
    let (mut stored, mut body) = storage::one_pass(reversed, &given)?;
    loops::improved(&mut stored.function, &mut [&mut body]);
    loops::buffers::kept(&mut stored.function, &mut [&mut body], true);
    Some(OnePass {
        function: stored.function,
        result: stored.result,
        cotangent,
        body,
    })
}

/// Writes the reverse statements of a function from the last to the first.
struct Builder<'a> {
    function: Function,
    activity: &'a Activity,
    /// What is not there any more at the end.
    moved: BTreeSet<VarId>,
    /// What is moved, and gets a new value later.
    made_again: BTreeSet<VarId>,
    /// What is given away as a copy.
    copied: BTreeSet<VarId>,
    /// Assignments, by variable and value, that may have no old value to overwrite.
    initial: BTreeSet<(VarId, Option<VarId>)>,
    /// The depth of the block that declares each variable.
    depths: BTreeMap<VarId, usize>,
    depth: usize,
    /// Adjoint variables by primal root.
    bars: BTreeMap<VarId, Bar>,
    /// Adjoints that blocks further out must declare, and what they hold there.
    pending: Vec<(VarId, State)>,
    /// Values whose adjoint is that of another place.
    through: BTreeMap<VarId, Place>,
    /// Roots whose adjoint is a zero made in the forward part.
    zeros: BTreeSet<VarId>,
    /// The forward statements of the leaf at hand.
    fwd: Vec<Stmt>,
    /// Its reverse statements.
    out: Vec<Stmt>,
}

impl<'a> Builder<'a> {
    fn new(
        function: Function,
        activity: &'a Activity,
        moved: BTreeSet<VarId>,
        initial: BTreeSet<(VarId, Option<VarId>)>,
    ) -> Self {
        let params = function.params.iter().map(|p| (p.var, 0)).collect();
        Self {
            function,
            activity,
            moved,
            initial,
            made_again: BTreeSet::new(),
            copied: BTreeSet::new(),
            depths: params,
            depth: 0,
            bars: BTreeMap::new(),
            pending: Vec::new(),
            through: BTreeMap::new(),
            zeros: BTreeSet::new(),
            fwd: Vec::new(),
            out: Vec::new(),
        }
    }

    fn active(&self, var: VarId) -> bool {
        self.activity.is_active(var)
    }

    fn derived(&mut self, stmt: DerivedStmt) {
        self.out.push(Stmt::Derived(stmt));
    }

    fn temp(&mut self, hint: &str, ty: Ty) -> VarId {
        let span = Span::mixed_site();
        self.function.fresh(hint, span, ty, VarKind::Value)
    }

    /// Binds a value in the reverse part.
    fn value(&mut self, hint: &str, ty: Ty, rhs: Rhs) -> Operand {
        let var = self.temp(hint, ty);
        self.out.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }

    /// A resolved place with steps like `[lo..hi][j]` made into `[lo + j]`: one bounds check and no slice. The elements of a matrix stay
    /// one: it divides to find an element by its position.
    fn compose(&mut self, place: &Place) -> Place {
        let mut path: Vec<Proj> = Vec::with_capacity(place.path.len());
        for proj in &place.path {
            let step = match (path.last(), proj) {
                (Some(Proj::Range { .. }), Proj::Index(_))
                    if self.is_elements(place.root, &path) =>
                {
                    None
                }
                (Some(Proj::Range { lo, .. }), Proj::Index(i)) => {
                    let index = self.offset(lo.clone(), i.clone());
                    Some(Proj::Index(index))
                }
                (Some(Proj::Range { lo: a, hi: end }), Proj::Range { lo, hi }) => {
                    let (a, end) = (a.clone(), end.clone());
                    let from = match lo {
                        Some(lo) => Some(self.offset(a.clone(), lo.clone())),
                        None => a.clone(),
                    };
                    let to = match hi {
                        Some(hi) => Some(self.offset(a, hi.clone())),
                        None => end,
                    };
                    Some(Proj::Range { lo: from, hi: to })
                }
                _ => None,
            };
            if let Some(step) = step {
                path.pop();
                path.push(step);
            } else {
                path.push(proj.clone());
            }
        }
        Place {
            root: place.root,
            path,
        }
    }

    /// Is the path one of the elements of a matrix?
    fn is_elements(&self, root: VarId, path: &[Proj]) -> bool {
        let before = path.split_last().map_or(path, |(_, before)| before);
        self.function.is_matrix(root, before)
    }

    fn offset(&mut self, base: Option<Operand>, index: Operand) -> Operand {
        match base {
            None => index,
            Some(base) => self.value("t", Ty::Int, Rhs::Op(Op::Add, vec![base, index])),
        }
    }

    /// Makes the adjoint slots of the parameters.
    fn params(&mut self) -> Vec<Option<VarId>> {
        let params = self.function.params.clone();
        params.iter().map(|p| self.param(p)).collect()
    }

    fn param(&mut self, param: &Param) -> Option<VarId> {
        let root = param.var;
        let (by_value, live) = (param.mode == ParamMode::Value, self.active(root));
        if !param.active {
            if live && !by_value {
                self.bar(root).path = Path::DropDeref;
                self.revive(root);
            }
            return None;
        }
        let slot = self.bar_var(root);
        if by_value {
            let ty = self.function.var(slot).ty.clone();
            self.function.vars[slot.0 as usize].ty = Ty::Ref(true, Box::new(ty));
        }
        let path = if by_value { Path::AddDeref } else { Path::Same };
        if !by_value || self.accumulates_in_place(root) {
            let (var, depth, state) = (slot, 0, State::Live);
            let bar = Bar {
                var,
                depth,
                state,
                path,
            };
            self.bars.insert(root, bar);
        }
        Some(slot)
    }

    /// May the adjoint of a by-value parameter go straight to the caller's? Not where the parameter is overwritten or given away, and
    /// a scalar is better kept in a register.
    fn accumulates_in_place(&self, root: VarId) -> bool {
        let var = self.function.var(root);
        let fixed = matches!(var.kind, VarKind::Value) && !self.moved.contains(&root);
        fixed && var.ty.is_aggregate()
    }

    /// Binds the adjoint of the result and starts from there.
    fn start(&mut self) -> (Option<VarId>, Vec<Stmt>) {
        let result = self.function.result.clone();
        let Some(var) = result.as_ref().and_then(Operand::as_var) else {
            return (None, std::mem::take(&mut self.out));
        };
        if !self.active(var) {
            return (None, std::mem::take(&mut self.out));
        }
        let ty = self.function.var(var).ty.clone();
        let cotangent = self.temp("cotangent", ty);
        self.contribute_to(&Operand::Var(var), Operand::Var(cotangent));
        (Some(cotangent), std::mem::take(&mut self.out))
    }

    /// Hands the adjoints of by-value parameters over to the caller's.
    fn finish(&mut self, slots: &[Option<VarId>]) -> Vec<Stmt> {
        let params: Vec<VarId> = self.function.params.iter().map(|p| p.var).collect();
        for (root, slot) in params.iter().zip(slots) {
            let Some(slot) = *slot else { continue };
            let bar = self.bar(*root).clone();
            if bar.var == slot || bar.state != State::Live {
                continue;
            }
            let to = Place::var(slot).then(Proj::Deref);
            if let Some(value) = self.seed(*root) {
                self.derived(DerivedStmt::Accumulate {
                    place: to,
                    value,
                    negate: false,
                });
            }
        }
        std::mem::take(&mut self.out)
    }
}
