//! What statements do to variables: declare, read, ask for their shape, add to, or change in any other way. Views stand for their roots.

use crate::ir::visit::{arg_place, children, declared, own_mentions, own_writes, place_operands};
use crate::ir::{
    Arg, Cotangent, Derived, DerivedStmt, Function, Operand, Place, Proj, Rhs, Stmt, Ty, VarId,
    VarKind,
};
use std::collections::BTreeSet;

/// What a list of statements does, nested blocks included.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// Variables declared anywhere inside.
    pub declared: BTreeSet<VarId>,
    /// Read.
    pub read: BTreeSet<VarId>,
    /// Only asked for their shape.
    pub shape: BTreeSet<VarId>,
    /// Added to (`x_bar += ..`), in an order that does not matter.
    pub added: BTreeSet<VarId>,
    /// Changed in any other way.
    pub written: BTreeSet<VarId>,
    /// Those of them whose shape may change.
    pub resized: BTreeSet<VarId>,
}

impl Effects {
    /// Of these statements.
    pub fn of(function: &Function, stmts: &[Stmt]) -> Self {
        let mut effects = Self::default();
        stmts.iter().for_each(|s| effects.stmt(function, s));
        effects
    }

    /// As if the other statements ran too.
    pub fn join(&mut self, other: &Self) {
        self.declared.extend(&other.declared);
        self.read.extend(&other.read);
        self.shape.extend(&other.shape);
        self.added.extend(&other.added);
        self.written.extend(&other.written);
        self.resized.extend(&other.resized);
    }

    /// Leaves out what happens to these variables.
    pub fn forget(&mut self, vars: &BTreeSet<VarId>) {
        let sets = [
            &mut self.read,
            &mut self.shape,
            &mut self.added,
            &mut self.written,
            &mut self.resized,
        ];
        for set in sets {
            set.retain(|v| !vars.contains(v));
        }
    }

    /// Would the statements see the same whether the others ran before or not?
    pub fn reads_nothing_of(&self, others: &Self) -> bool {
        self.read.is_disjoint(&others.written)
            && self.read.is_disjoint(&others.added)
            && self.shape.is_disjoint(&others.resized)
    }

    /// Is all that happens to the root that something is added to it?
    pub fn only_adds_to(&self, root: VarId) -> bool {
        let other = self.read.contains(&root) || self.written.contains(&root);
        self.added.contains(&root) && !other && !self.shape.contains(&root)
    }

    /// All that is mentioned.
    pub fn mentioned(&self) -> BTreeSet<VarId> {
        let all = self.read.iter().chain(&self.shape).chain(&self.added);
        all.chain(&self.written).copied().collect()
    }

    fn stmt(&mut self, function: &Function, stmt: &Stmt) {
        self.declared.extend(declared(stmt));
        self.declared.extend(index(stmt));
        if let Stmt::Derived(DerivedStmt::Parts { bounds, .. }) = stmt {
            self.declared.extend([bounds.0, bounds.1]);
        }
        if let Stmt::Derived(DerivedStmt::MatchRecord { then, els, .. }) = stmt {
            self.declared.extend(then.0.iter().chain(&els.0));
        }
        match stmt {
            Stmt::Let { rhs, .. } => self.rhs(function, stmt, rhs),
            Stmt::Derived(derived) => self.derived(function, stmt, derived),
            _ => self.primal(function, stmt),
        }
        for block in children(stmt) {
            block.stmts.iter().for_each(|s| self.stmt(function, s));
        }
    }

    /// Reads whatever it mentions, changes what it writes.
    fn primal(&mut self, function: &Function, stmt: &Stmt) {
        own_mentions(stmt, &mut |v| self.read(function, v));
        for place in own_writes(stmt) {
            let root = function.resolve(&place).root;
            self.written.insert(root);
            if !keeps_shape(function, stmt, &place) {
                self.resized.insert(root);
            }
        }
    }

    fn rhs(&mut self, function: &Function, stmt: &Stmt, rhs: &Rhs) {
        match rhs {
            Rhs::Len(place) | Rhs::Derived(Derived::Zero(place)) => {
                self.shape.insert(function.resolve(place).root);
                self.path(function, place);
            }
            Rhs::Derived(Derived::Take(place)) => {
                self.primal(function, stmt);
                self.written.insert(function.resolve(place).root);
            }
            Rhs::Derived(Derived::PopAdjoint(place) | Derived::Replace { place, .. }) => {
                self.primal(function, stmt);
                self.changed(function, place);
            }
            _ => self.primal(function, stmt),
        }
    }

    fn derived(&mut self, function: &Function, stmt: &Stmt, derived: &DerivedStmt) {
        match derived {
            DerivedStmt::Accumulate { place, value, .. } => {
                self.add(function, place);
                value
                    .as_var()
                    .into_iter()
                    .for_each(|v| self.read(function, v));
            }
            DerivedStmt::AccumulatePlace { to, from } => {
                self.add(function, to);
                self.read(function, from.root);
                self.path(function, from);
            }
            DerivedStmt::AccumulateShare { place, share } => {
                self.add(function, place);
                share.args.iter().for_each(|arg| self.arg(function, arg));
            }
            DerivedStmt::SetZero(place) => {
                self.path(function, place);
                self.written.insert(function.resolve(place).root);
            }
            DerivedStmt::PopPrimal(place) => self.changed(function, place),
            DerivedStmt::TraceReserve { trace, .. }
            | DerivedStmt::TracePush { trace, .. }
            | DerivedStmt::TracePop { trace, .. } => {
                self.primal(function, stmt);
                self.written.insert(*trace);
            }
            DerivedStmt::CallBackward {
                pullback,
                call,
                cotangent,
                adjoints,
            } => {
                self.read(function, *pullback);
                self.pulled(function, cotangent, (&call.args, adjoints));
            }
            DerivedStmt::CallBackwardTangent {
                pullback,
                call,
                args,
                cotangent,
                cotangent_dot,
                adjoints,
                adjoint_dots,
            } => {
                self.read(function, *pullback);
                self.pulled(function, cotangent, (&call.args, adjoints));
                // The tangents of references only: there may be fewer than there are adjoints.
                args.iter().for_each(|arg| self.arg(function, arg));
                self.pulled(function, cotangent_dot, (&call.args, adjoint_dots));
            }
            DerivedStmt::CallTangent { args, .. }
            | DerivedStmt::CallForwardTangent { args, .. } => {
                self.primal(function, stmt);
                for arg in args {
                    if let Arg::RefMut(place) = arg {
                        self.changed(function, place);
                    }
                }
            }
            _ => self.primal(function, stmt),
        }
    }

    /// What a pullback reads of the cotangent, and what it does to its arguments.
    fn pulled(&mut self, function: &Function, cotangent: &Cotangent, lent: (&[Arg], &[Place])) {
        let parts = cotangent.parts().iter();
        let values = parts.filter_map(|part| part.operand().as_var());
        values.for_each(|v| self.read(function, v));
        for (arg, adjoint) in lent.0.iter().zip(lent.1) {
            self.passed(function, arg, adjoint);
        }
    }

    /// What a pullback does to a reference that it is given again, and to the adjoint.
    fn passed(&mut self, function: &Function, arg: &Arg, adjoint: &Place) {
        self.lent(function, arg);
        match arg {
            Arg::RefMut(_) => self.changed(function, adjoint),
            _ => self.add(function, adjoint),
        }
    }

    fn lent(&mut self, function: &Function, arg: &Arg) {
        if let Some(place) = arg_place(arg) {
            self.read(function, place.root);
            self.path(function, place);
        }
        if let Arg::RefMut(place) = arg {
            self.changed(function, place);
        }
    }

    fn arg(&mut self, function: &Function, arg: &Arg) {
        if let Arg::Value(Operand::Var(var)) = arg {
            self.read(function, *var);
        }
        self.lent(function, arg);
    }

    fn add(&mut self, function: &Function, place: &Place) {
        self.added.insert(function.resolve(place).root);
        self.path(function, place);
    }

    fn changed(&mut self, function: &Function, place: &Place) {
        let root = function.resolve(place).root;
        self.path(function, place);
        self.written.insert(root);
        self.resized.insert(root);
    }

    /// What addressing a place reads.
    fn path(&mut self, function: &Function, place: &Place) {
        let mut vars = Vec::new();
        place_operands(place, &mut |o: &Operand| vars.extend(o.as_var()));
        vars.into_iter().for_each(|v| self.read(function, v));
        if let VarKind::View { target, .. } = &function.var(place.root).kind {
            self.read.insert(place.root);
            self.path(function, target);
        }
    }

    fn read(&mut self, function: &Function, var: VarId) {
        self.read.insert(var);
        if let VarKind::View { target, .. } = &function.var(var).kind {
            self.read(function, target.root);
            self.path(function, target);
        }
    }
}

/// The index of a loop.
fn index(stmt: &Stmt) -> Option<VarId> {
    match stmt {
        Stmt::For { var, .. } => Some(*var),
        Stmt::Derived(
            DerivedStmt::ForReverse { var, .. }
            | DerivedStmt::ForKeeping { var, .. }
            | DerivedStmt::ForRestoring { var, .. },
        ) => Some(*var),
        _ => None,
    }
}

/// Does a write to the place leave the shape of its root as it is?
pub fn keeps_shape(function: &Function, stmt: &Stmt, place: &Place) -> bool {
    let assigned = matches!(stmt, Stmt::Assign { .. } | Stmt::Update { .. });
    let element = matches!(place.path.last(), Some(Proj::Index(_)));
    let ty = function.place_ty(place);
    match ty {
        Ty::Slice(element) => element.has_one_shape(),
        ty => {
            (ty.is_float() || matches!(ty, Ty::Array(_)) || assigned && element)
                && ty.has_one_shape()
        }
    }
}
