//! Calls of other annotated functions: the forward part keeps the pullback, the reverse part runs it.

use super::Builder;
use super::bars::{State, empty_sum};
use crate::ir::visit::result_vars;
use crate::ir::{
    Aggregate, Arg, Asked, Call, CallKind, Cotangent, Derived, DerivedStmt, FnArg, Operand, Place,
    Program, Proj, Results, Rhs, Stmt, TangentOf, Ty, VarId, VarKind,
};
use std::collections::BTreeSet;

impl Builder<'_> {
    /// The reverse of a call: its cotangents taken from the results, the adjoints of its arguments accumulated in place.
    pub fn call(&mut self, results: &Results, call: &Call) {
        if !self.is_differentiated(results, call) {
            return self.value_only(results, call);
        }
        let results = self.bind_all(results);
        let pullback = self.temp("pullback", Ty::Inert);
        let cotangent = self.cotangent(&results);
        let (call, environments) = self.with_pullbacks(call);
        let mut resolved = self.resolved(&call);
        let (adjoints, duplicates) = self.adjoint_args(&mut resolved);
        let call = Call {
            kind: resolved.kind,
            ..call
        };
        let call_back = DerivedStmt::CallBackward {
            pullback,
            call: passed_again(resolved),
            cotangent,
            adjoints,
        };
        self.derived(call_back);
        for (place, scratch) in duplicates {
            let from = Place::var(scratch);
            self.derived(DerivedStmt::AccumulatePlace { to: place, from });
        }
        for (environment, captured) in environments {
            self.collect(environment, &captured);
        }
        let forward = Stmt::Derived(DerivedStmt::CallForward {
            results,
            pullback,
            call,
        });
        self.replace_call(forward);
    }

    /// A call that no adjoint reaches. One of a function that is only there as its derivative leaves a pullback that nobody runs.
    fn value_only(&mut self, results: &Results, call: &Call) {
        if !crate::transform::forward::needs_derivative(call) {
            return;
        }
        let pullback = self.temp("pullback", Ty::Inert);
        let (call, _) = self.with_pullbacks(call);
        let results = results.clone();
        let forward = DerivedStmt::CallForward {
            results,
            pullback,
            call,
        };
        self.replace_call(Stmt::Derived(forward));
    }

    fn replace_call(&mut self, forward: Stmt) {
        let is_call = |s: &Stmt| matches!(s, Stmt::Call { .. });
        if let Some(stmt) = self.fwd.iter_mut().find(|s| is_call(s)) {
            *stmt = forward;
        }
    }

    /// The call with the closures that it is handed in the form that gives pullbacks, and where those collect the adjoints of what the
    /// closures capture.
    fn with_pullbacks(&mut self, call: &Call) -> (Call, Vec<(VarId, Vec<Place>)>) {
        let (mut call, mut environments) = (call.clone(), Vec::new());
        for arg in &mut call.args {
            let Arg::Function(FnArg::Lambda(lambda)) = arg else {
                continue;
            };
            let Some((function, activity)) = self.activity.lambda(lambda) else {
                continue;
            };
            let captured = function.params[lambda.own..].iter();
            let captured: Vec<Place> = captured
                .filter(|p| p.active)
                .map(|p| self.captured(p.var))
                .collect();
            let environment = (!captured.is_empty()).then(|| self.environment(&captured));
            environments.extend(environment.map(|e| (e, captured)));
            let adjoint = super::adjoint(function, activity);
            let program = Program::Adjoint(adjoint, environment);
            lambda.program = Some((program, activity.clone()));
        }
        (call, environments)
    }

    fn captured(&self, var: VarId) -> Place {
        let place = Place::var(var);
        let place = match self.function.var(var).ty {
            Ty::Ref(..) => place.then(Proj::Deref),
            _ => place,
        };
        self.function.resolve(&place)
    }

    fn environment(&mut self, captured: &[Place]) -> VarId {
        let environment = self.temp("environment", Ty::structure());
        let rhs = Rhs::Derived(Derived::Environment(captured.to_vec()));
        let var = environment;
        self.fwd.insert(0, Stmt::Let { var, rhs });
        environment
    }

    /// Adds what the pullbacks of a closure have collected.
    fn collect(&mut self, environment: VarId, captured: &[Place]) {
        let owned = |ty: Ty| match ty {
            Ty::Slice(t) => Ty::Vec(t),
            other => other,
        };
        let types = captured.iter();
        let types = types.map(|p| owned(self.function.place_ty(p)));
        let ty = Ty::Tuple(types.collect());
        let rhs = Rhs::Derived(Derived::Collected(environment));
        let all = self.value("collected", ty, rhs);
        let Some(all) = all.as_var() else { return };
        for (k, place) in captured.iter().enumerate() {
            let part = Place::var(all).then(Proj::Field(syn::Member::from(k)));
            let ty = self.function.place_ty(&part);
            let value = self.value("t", ty, Rhs::Read(part));
            self.contribute(place, value, false);
        }
    }

    /// Does an adjoint reach the call?
    fn is_differentiated(&mut self, results: &Results, call: &Call) -> bool {
        self.keep_shapes(call);
        let written = call.args.iter().filter_map(|arg| match arg {
            Arg::RefMut(p) => Some(self.function.resolve(p).root),
            _ => None,
        });
        let reached: Vec<VarId> = result_vars(results).into_iter().chain(written).collect();
        reached
            .into_iter()
            .any(|v| self.active(v) && self.bar(v).state == State::Live)
    }

    /// What the call may resize has an adjoint of its size from there on.
    fn keep_shapes(&mut self, call: &Call) {
        for arg in &call.args {
            if let Arg::RefMut(p) = arg {
                let place = self.function.resolve(p);
                let resizable = matches!(
                    self.function.place_ty(&place),
                    Ty::Vec(_) | Ty::Matrix(_) | Ty::Unknown | Ty::Struct(_) | Ty::Motion(_)
                );
                if resizable && self.active(place.root) {
                    self.revive(place.root);
                }
            }
        }
    }

    /// Gives the ignored parts of a tuple a name: their cotangents are zeros of their shapes.
    fn bind_all(&mut self, results: &Results) -> Results {
        match results {
            Results::None => {
                let unused = self.temp("unused", Ty::Unknown);
                Results::One(unused)
            }
            Results::One(v) => Results::One(*v),
            Results::Tuple(parts) => {
                let name =
                    |p: &Option<VarId>| Some(p.unwrap_or_else(|| self.temp("unused", Ty::Unknown)));
                Results::Tuple(parts.iter().map(name).collect())
            }
        }
    }

    fn cotangent(&mut self, results: &Results) -> Cotangent {
        match results {
            Results::None => Cotangent::None,
            Results::One(v) => Cotangent::One(self.cotangent_of(*v)),
            Results::Tuple(parts) => {
                let parts = parts.iter().flatten();
                Cotangent::Tuple(parts.map(|v| self.cotangent_of(*v)).collect())
            }
        }
    }

    fn cotangent_of(&mut self, var: VarId) -> TangentOf {
        if self.active(var)
            && let Some(seed) = self.seed(var)
        {
            return TangentOf::Active(seed);
        }
        let ty = self.function.var(var).ty.clone();
        if let Ty::Float(float) = &ty {
            let rhs = Rhs::Derived(Derived::ZeroScalar(float.clone()));
            return TangentOf::Active(self.value("t", ty, rhs));
        }
        let zero = self.temp("zero", ty);
        let rhs = Rhs::Derived(Derived::Zero(Place::var(var)));
        self.fwd.push(Stmt::Let { var: zero, rhs });
        TangentOf::Active(Operand::Var(zero))
    }

    /// One adjoint place for each argument. What is lent to be changed is disjoint; of several arguments that are only read the
    /// adjoints of one variable may overlap: all but the first are scratch, and are added afterwards.
    /// An inactive receiver of a method has none.
    fn adjoint_args(&mut self, call: &mut Call) -> (Vec<Place>, Vec<(Place, VarId)>) {
        let mut read = BTreeSet::new();
        let mut duplicates = Vec::new();
        let mut adjoints = Vec::new();
        let method = call.receiver().is_some();
        for (k, arg) in call.args.clone().iter().enumerate() {
            let receiver = method && k == 0;
            let written = matches!(arg, Arg::RefMut(_)) && !receiver;
            let adjoint = match self.adjoint_place(arg) {
                None if call.kind == CallKind::Matrix => self.nothing(),
                None if receiver => {
                    call.kind = CallKind::Fixed;
                    continue;
                }
                None => {
                    let scratch = self.scratch(arg);
                    self.ask(scratch.root, call, k);
                    scratch
                }
                Some(place) if written || read.insert(place.root) => place,
                Some(place) => {
                    let scratch = self.scratch(arg);
                    duplicates.push((place, scratch.root));
                    scratch
                }
            };
            adjoints.push(adjoint);
        }
        (adjoints, duplicates)
    }

    /// The adjoint of an argument that has none may be asked for or not: the callee knows.
    fn ask(&mut self, scratch: VarId, call: &Call, param: usize) {
        if let Some(asked) = Asked::of(call, param) {
            self.function.asked.insert(scratch, asked);
        }
    }

    fn nothing(&mut self) -> Place {
        let var = self.temp("nothing", Ty::Inert);
        self.function.vars[var.0 as usize].kind = VarKind::Mutable;
        let rhs = Rhs::Derived(Derived::Nothing);
        self.out.push(Stmt::Let { var, rhs });
        Place::var(var)
    }

    fn adjoint_place(&mut self, arg: &Arg) -> Option<Place> {
        let place = match arg {
            Arg::Value(o) => Place::var(o.as_var()?),
            Arg::Ref(p) | Arg::RefMut(p) => p.clone(),
            Arg::Function(_) => return None,
        };
        let place = self.function.resolve(&place);
        let place = self.through.get(&place.root).cloned().unwrap_or(place);
        let lent = matches!(arg, Arg::Ref(_));
        if !self.active(place.root) || lent && self.is_constant_part(&place) {
            return None;
        }
        self.revive(place.root);
        Some(self.bar_place(&place))
    }

    /// A zero with the shape of an argument, for an adjoint that nobody reads.
    fn scratch(&mut self, arg: &Arg) -> Place {
        let ty = match arg {
            Arg::Value(o) => self.function.operand_ty(o).clone(),
            Arg::Ref(p) | Arg::RefMut(p) => self.function.place_ty(p),
            Arg::Function(_) => Ty::Unit,
        };
        let place = match arg {
            Arg::Value(o) if o.is_named_constant() || o.is_variant() => {
                Some(self.named_constant(o))
            }
            Arg::Value(o) => o.as_var().map(Place::var),
            Arg::Ref(p) | Arg::RefMut(p) => Some(self.function.resolve(p)),
            Arg::Function(_) => None,
        };
        let var = self.temp("scratch", ty.clone());
        self.function.vars[var.0 as usize].kind = VarKind::Mutable;
        let by_value = matches!(arg, Arg::Value(Operand::Var(_)));
        let rhs = match (&ty, place) {
            (Ty::Float(float), _) => empty_sum(float),
            (ty, _) if ty.is_inert() && !ty.is_matrix() => {
                Rhs::Aggregate(Aggregate::Tuple, Vec::new())
            }
            (_, Some(place)) => Rhs::Derived(Derived::Zero(place)),
            (_, None) => Rhs::Aggregate(Aggregate::Tuple, Vec::new()),
        };
        let zero = Stmt::Let { var, rhs };
        if by_value && !ty.is_float() && (!ty.is_inert() || ty.is_matrix()) {
            self.fwd.insert(0, zero);
        } else {
            let zero = self.composed(zero);
            self.out.push(zero);
        }
        Place::var(var)
    }

    fn named_constant(&mut self, constant: &Operand) -> Place {
        let var = self.temp("constant", Ty::Unknown);
        let rhs = Rhs::Use(constant.clone());
        self.out.push(Stmt::Let { var, rhs });
        Place::var(var)
    }

    fn composed(&mut self, zero: Stmt) -> Stmt {
        match zero {
            Stmt::Let {
                var,
                rhs: Rhs::Derived(Derived::Zero(place)),
            } => {
                let place = self.compose(&place);
                let rhs = Rhs::Derived(Derived::Zero(place));
                Stmt::Let { var, rhs }
            }
            other => other,
        }
    }

    /// The call with its places in terms of variables that the reverse part can have.
    fn resolved(&mut self, call: &Call) -> Call {
        let mut call = call.clone();
        for arg in &mut call.args {
            if let Arg::Ref(p) | Arg::RefMut(p) = arg {
                let resolved = self.function.resolve(p);
                *p = self.compose(&resolved);
            }
        }
        call
    }
}

/// The call as the reverse part needs it: a function that is a parameter is not given its arguments again.
fn passed_again(mut call: Call) -> Call {
    if call.function.is_some() {
        call.args.clear();
    }
    for arg in &mut call.args {
        if let Arg::Function(_) = arg {
            *arg = Arg::Value(crate::ir::nothing());
        }
    }
    call
}
