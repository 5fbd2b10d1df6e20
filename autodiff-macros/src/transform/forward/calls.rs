//! Tangents of calls: of a companion, the tangents of the arguments being passed beside them.
//!
//! ```text
//! let y = f(&x, n)     let (y, y_dot) = f::jvp(&x, n, &x_dot, ())
//! ```

use super::{Pass, forward};
use crate::ir::visit::{result_vars, written_args};
use crate::ir::{
    Aggregate, Arg, Call, CallKind, Derived, DerivedStmt, FnArg, Place, Program, Proj, Results,
    Rhs, Stmt, Ty, VarId, VarKind,
};

impl Pass<'_> {
    pub(super) fn call(&mut self, results: &Results, call: &Call) {
        let active_result = result_vars(results)
            .into_iter()
            .any(|v| self.activity.is_active(v));
        let written = written_args(call);
        let active = active_result || written.iter().any(|p| self.active_place(p));
        if !active && !needs_derivative(call) {
            let (results, call) = (results.clone(), call.clone());
            self.out.push(Stmt::Call { results, call });
            return;
        }
        let is_function = |arg: &Arg| matches!(arg, Arg::Function(_));
        if self.second && (call.function.is_some() || call.args.iter().any(is_function)) {
            let pullback = self.temp("pullback", Ty::Inert);
            return self.call_forward(results, pullback, call);
        }
        let call = self.with_fixed_receiver(call);
        let fixed = usize::from(call.kind == CallKind::Fixed);
        let args = call.args.iter().skip(fixed);
        let args = args.map(|a| self.tangent_arg(&call, a)).collect();
        let call = self.handing_tangents(&call);
        let tangents = self.tangent_results(results);
        self.out.push(Stmt::Derived(DerivedStmt::CallTangent {
            results: results.clone(),
            tangents,
            call,
            args,
        }));
    }

    /// The call with the closures that it is handed in their tangent form.
    fn handing_tangents(&mut self, call: &Call) -> Call {
        let mut call = call.clone();
        for arg in &mut call.args {
            let Arg::Function(FnArg::Lambda(lambda)) = arg else {
                continue;
            };
            let Some((function, activity)) = self.activity.lambda(lambda) else {
                continue;
            };
            let tangent = forward(function, activity);
            let captured = function.params[lambda.own..].iter();
            let dots = captured.map(|p| {
                let place = Place::var(p.var);
                p.active.then(|| self.captured_dot(&place))
            });
            let dots = dots.collect();
            let program = Program::Tangent(tangent, dots);
            lambda.program = Some((program, activity.clone()));
        }
        call
    }

    /// The call, marked where its receiver is inactive.
    pub(super) fn with_fixed_receiver(&self, call: &Call) -> Call {
        let mut call = call.clone();
        if let Some((receiver, _)) = call.receiver()
            && !self.active_arg(receiver)
        {
            call.kind = CallKind::Fixed;
        }
        call
    }

    /// The tangent of something captured: that of a view is borrowed beforehand.
    pub(super) fn captured_dot(&mut self, place: &Place) -> VarId {
        if !matches!(self.function.var(place.root).kind, VarKind::View { .. }) {
            return self.dot(place.root);
        }
        let target = self.dot_place(&place.clone().then(Proj::Deref));
        let ty = Ty::Ref(false, Box::new(self.function.place_ty(&target)));
        let mutable = false;
        let kind = VarKind::View {
            mutable,
            target: target.clone(),
        };
        let view = self.temp("view", ty);
        self.function.vars[view.0 as usize].kind = kind;
        let place = target;
        self.bind(view, Rhs::Borrow { mutable, place });
        view
    }

    pub(super) fn active_arg(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(o) => self.activity.operand(o),
            Arg::Ref(p) => self.is_read_active(p),
            Arg::RefMut(p) => self.active_place(p),
            Arg::Function(_) => false,
        }
    }

    pub(super) fn tangent_results(&mut self, results: &Results) -> Results {
        let mut dot = |v: VarId| self.activity.is_active(v).then(|| self.dot(v));
        match results {
            Results::None => Results::None,
            Results::One(v) => dot(*v).map_or(Results::None, Results::One),
            Results::Tuple(parts) => {
                Results::Tuple(parts.iter().map(|p| p.and_then(&mut dot)).collect())
            }
        }
    }

    pub(super) fn tangent_arg(&mut self, call: &Call, arg: &Arg) -> Arg {
        match arg {
            Arg::Function(_) => Arg::Value(crate::ir::nothing()),
            Arg::Ref(p) if call.kind == CallKind::Matrix && !self.is_read_active(p) => {
                let nothing = self.temp("nothing", Ty::Inert);
                self.bind(nothing, Rhs::Derived(Derived::Nothing));
                Arg::Ref(Place::var(nothing))
            }
            Arg::Value(o) => match self.tangent(o) {
                Some(t) => Arg::Value(t),
                None => self.zero_arg(arg),
            },
            Arg::Ref(p) if self.is_read_active(p) => Arg::Ref(self.dot_place(p)),
            Arg::RefMut(p) if self.active_place(p) => Arg::RefMut(self.dot_place(p)),
            inactive => self.zero_arg(inactive),
        }
    }

    /// A zero made before the call, which may move or lend its arguments.
    pub(super) fn zero_arg(&mut self, arg: &Arg) -> Arg {
        match arg {
            Arg::Value(o) if *self.function.operand_ty(o) == Ty::Inert => {
                let nothing = Rhs::Aggregate(Aggregate::Tuple, Vec::new());
                Arg::Value(self.value(Ty::Unit, nothing))
            }
            Arg::Value(o) => Arg::Value(self.tangent_or_zero(o)),
            Arg::Function(_) => Arg::Value(crate::ir::nothing()),
            Arg::Ref(p) | Arg::RefMut(p) => {
                let zero = self.temp("zero", Ty::Unknown);
                self.function.vars[zero.0 as usize].kind = VarKind::Mutable;
                if self.function.place_ty(p) == Ty::Inert {
                    self.bind(zero, Rhs::Aggregate(Aggregate::Tuple, Vec::new()));
                } else {
                    self.zero(zero, p.clone());
                }
                let place = Place::var(zero);
                match arg {
                    Arg::RefMut(_) => Arg::RefMut(place),
                    _ => Arg::Ref(place),
                }
            }
        }
    }
}

/// Is it a call that there is no primal form of in a derivative program: of a parameter, or one that is handed a parameter?
pub fn needs_derivative(call: &Call) -> bool {
    let given = |arg: &Arg| matches!(arg, Arg::Function(function) if function.is_given());
    call.function.is_some() || call.args.iter().any(given)
}
