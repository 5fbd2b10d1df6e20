//! The adjoint variable of each active variable, and what is known of it while the reverse statements of a function are
//! written from the last to the first: nothing was contributed to it yet, it is live, or it was used up.

use super::Builder;
use crate::ir::{
    Access, Arg, Const, Derived, DerivedStmt, FloatTy, Op, Operand, Place, Proj, Rhs, Stmt, Ty,
    VarId, VarKind,
};

/// An adjoint variable.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Itself.
    pub var: VarId,
    /// The depth of the block that declares it.
    pub depth: usize,
    /// What it holds.
    pub state: State,
    /// How its paths differ from those of the primal.
    pub path: Path,
}

/// What an adjoint variable holds at this point of the reverse program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It is not declared yet, which means zero.
    Unset,
    /// An adjoint.
    Live,
    /// What was used already: it means zero.
    Stale,
}

/// How the path of an adjoint differs from that of its primal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Path {
    /// Not at all.
    Same,
    /// The primal is owned, the adjoint a reference.
    AddDeref,
    /// The primal is a reference, the adjoint owned.
    DropDeref,
}

impl Builder<'_> {
    /// The adjoint of a root; made on demand.
    pub fn bar(&mut self, root: VarId) -> &mut Bar {
        if !self.bars.contains_key(&root) {
            let bar = Bar {
                var: self.bar_var(root),
                depth: self.depths.get(&root).copied().unwrap_or(0),
                state: State::Unset,
                path: Path::Same,
            };
            self.bars.insert(root, bar);
        }
        self.bars.entry(root).or_insert_with(|| unreachable!())
    }

    /// A variable for the adjoint of `root`.
    pub fn bar_var(&mut self, root: VarId) -> VarId {
        let var = self.function.var(root);
        let hint = format!("{}_bar", var.ident);
        let span = var.ident.span();
        let ty = match &var.ty {
            Ty::Ref(_, t) => Ty::Ref(true, t.clone()),
            other => other.clone(),
        };
        let of = var.annotation.clone().or_else(|| var.tangent_of.clone());
        let bar = self.function.fresh(&hint, span, ty, VarKind::Mutable);
        self.function.vars[bar.0 as usize].tangent_of = of;
        bar
    }

    /// Is it the adjoint of something declared in the block that is being reversed?
    fn is_own(&mut self, root: VarId) -> bool {
        self.bar(root).depth == self.depth
    }

    /// The place of the adjoint that belongs to a resolved primal place.
    pub fn bar_place(&mut self, place: &Place) -> Place {
        let place = self.compose(place);
        let bar = self.bar(place.root).clone();
        let steps = place.path.iter();
        let steps = steps.filter_map(|p| p.of_tangent(Access::TangentMut));
        let path = match bar.path {
            Path::Same => steps.collect(),
            Path::AddDeref => std::iter::once(Proj::Deref).chain(steps).collect(),
            Path::DropDeref => steps.skip(1).collect(),
        };
        Place {
            root: bar.var,
            path,
        }
    }

    /// Is the resolved place a part of something that has no derivative itself?
    pub fn is_constant_part(&self, place: &Place) -> bool {
        !place.path.is_empty() && self.function.place_ty(place).is_inert()
    }

    /// Adds `value` to the adjoint of a resolved place.
    pub fn contribute(&mut self, place: &Place, value: Operand, negate: bool) {
        let root = place.root;
        if self.is_constant_part(place) || !self.active(root) {
            return;
        }
        let own = self.is_own(root);
        let whole = place.path.is_empty();
        match self.bar(root).state {
            State::Unset if own && whole => self.first(root, value, negate),
            State::Stale if own && whole => self.replace(root, value, negate),
            _ => {
                self.revive(root);
                let place = self.bar_place(place);
                self.derived(DerivedStmt::Accumulate {
                    place,
                    value,
                    negate,
                });
            }
        }
    }

    /// Adds `value` to the adjoint of an operand.
    pub fn contribute_to(&mut self, operand: &Operand, value: Operand) {
        if let Some(v) = operand.as_var() {
            let place = self.function.resolve(&Place::var(v));
            self.contribute(&place, value, false);
        }
    }

    fn signed(&mut self, root: VarId, value: Operand, negate: bool) -> Operand {
        if !negate {
            return value;
        }
        let ty = self.function.var(root).ty.clone();
        let rhs = if ty.is_scalar() {
            Rhs::Op(Op::Neg, vec![value])
        } else {
            let args = vec![Arg::Value(value)];
            Rhs::Dispatch { op: Op::Neg, args }
        };
        self.value("t", ty, rhs)
    }

    fn first(&mut self, root: VarId, value: Operand, negate: bool) {
        let value = self.signed(root, value, negate);
        let bar = self.bar(root);
        bar.state = State::Live;
        let var = bar.var;
        self.out.push(Stmt::Let {
            var,
            rhs: Rhs::Use(value),
        });
    }

    fn replace(&mut self, root: VarId, value: Operand, negate: bool) {
        let value = self.signed(root, value, negate);
        let bar = self.bar(root);
        bar.state = State::Live;
        let place = Place::var(bar.var);
        self.out.push(Stmt::Assign { place, value });
    }

    /// Makes the adjoint of `root` a live variable, zero if nothing was contributed to it yet.
    pub fn revive(&mut self, root: VarId) {
        let own = self.is_own(root);
        let state = self.bar(root).state;
        if state == State::Live {
            return;
        }
        self.bar(root).state = State::Live;
        if own {
            let init = self.init(root, state);
            self.out.extend(init);
        } else {
            self.pending.push((root, state));
        }
    }

    /// The statements that give every adjoint declared at this depth, and revived further inside, its zero.
    pub fn settle_pending(&mut self) -> Vec<Stmt> {
        let pending = std::mem::take(&mut self.pending);
        let mut init = Vec::new();
        for (root, state) in pending {
            if self.is_own(root) {
                init.extend(self.init(root, state));
            } else {
                self.pending.push((root, state));
            }
        }
        init
    }

    fn init(&mut self, root: VarId, state: State) -> Vec<Stmt> {
        let var = self.bar(root).var;
        if state == State::Stale {
            return vec![Stmt::Derived(DerivedStmt::SetZero(Place::var(var)))];
        }
        if let Ty::Float(ty) = &self.function.var(root).ty {
            let rhs = empty_sum(ty);
            return vec![Stmt::Let { var, rhs }];
        }
        self.zeros.insert(root);
        Vec::new()
    }

    /// The adjoint of a value as an operand; `None` if it is zero.
    pub fn seed(&mut self, var: VarId) -> Option<Operand> {
        if self.bar(var).state != State::Live {
            return None;
        }
        let place = self.bar_place(&Place::var(var));
        let ty = self.function.var(var).ty.clone();
        Some(self.value("t", ty, Rhs::Read(place)))
    }

    /// Takes the adjoint out of a resolved place that is overwritten with something of type `ty`, and leaves zero.
    pub fn take(&mut self, place: &Place, ty: Ty) -> Option<Operand> {
        let root = place.root;
        if self.bar(root).state != State::Live {
            return None;
        }
        let at = self.bar_place(place);
        let scalar = matches!(self.function.var(root).ty, Ty::Float(_));
        if scalar && place.path.is_empty() && self.is_own(root) {
            self.bar(root).state = State::Stale;
            return Some(self.value("t", ty, Rhs::Read(at)));
        }
        Some(self.value("t", ty, Rhs::Derived(Derived::Take(at))))
    }
}

/// What the adjoint of a number is before anything is added to it: -0, which the compiler leaves out of a sum. It may not leave out 0, since
/// 0 + (-0) is 0.
pub fn empty_sum(ty: &FloatTy) -> Rhs {
    if !matches!(ty, FloatTy::F32 | FloatTy::F64) {
        return Rhs::Derived(Derived::ZeroScalar(ty.clone()));
    }
    Rhs::Use(Operand::Const(Const {
        expr: syn::parse_quote!(-0.0),
        ty: Ty::Float(ty.clone()),
    }))
}
