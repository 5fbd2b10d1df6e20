//! The forward mode: a program and its activity -> the program with a tangent beside each active variable.
//!
//! ```text
//! let y = a * b        let y = a * b;  let y_dot = a_dot * b + a * b_dot
//! x[i] = v             x[i] = v;       x_dot[i] = v_dot
//! x.push(v)            x.push(v);      x_dot.push(v_dot)
//! ```
//!
//! The program may be one of the reverse mode: see [`second`].

mod derived;
mod dispatch;
pub mod second;
mod series;

use crate::analysis::activity::Activity;
use crate::ir::visit::result_vars;
use crate::ir::{
    Access, Aggregate, Arg, Block, Call, CallKind, Derived, DerivedStmt, FloatTy, FnArg, Function,
    Literal, Op, Operand, ParamMode, Place, Program, Proj, Results, Rhs, Stmt, TangentOf, Ty,
    VarId, VarKind, Wins,
};
use crate::rules::{Reads, RuleId};
use crate::transform::{structs, watch};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};

pub use crate::ir::Tangent;

/// Transforms `function`.
pub fn forward(function: &Function, activity: &Activity) -> Tangent {
    transformed(function, activity, false)
}

/// The same with Taylor coefficients for tangents.
pub fn series(function: &Function, activity: &Activity) -> Tangent {
    transformed(function, activity, true)
}

fn transformed(function: &Function, activity: &Activity, series: bool) -> Tangent {
    let mut function = function.clone();
    let body = std::mem::take(&mut function.body);
    let mut pass = Pass::new(function, activity);
    pass.series = series;
    let (tangents, start) = pass.params();
    let mut body = pass.block(&body);
    body.stmts.splice(0..0, start);
    let result = pass.function.result.clone();
    let result_tangent = result.as_ref().map(|r| pass.tangent_of(r));
    Tangent {
        function: pass.function,
        body,
        result,
        result_tangent,
        tangents,
    }
}

struct Pass<'a> {
    function: Function,
    activity: &'a Activity,
    /// Tangent variables by primal root.
    dots: BTreeMap<VarId, VarId>,
    /// Roots that are references, while their tangents are owned.
    owned: BTreeSet<VarId>,
    /// Are tangents Taylor coefficients? Then what is not linear has rules of its own.
    series: bool,
    /// Is it a program of the reverse mode? Then functions are there as what gives tangents and pullbacks.
    second: bool,
    out: Vec<Stmt>,
}

impl<'a> Pass<'a> {
    fn new(function: Function, activity: &'a Activity) -> Self {
        Self {
            function,
            activity,
            dots: BTreeMap::new(),
            owned: BTreeSet::new(),
            series: false,
            second: false,
            out: Vec::new(),
        }
    }

    /// The tangent of each parameter, and the statements that make those that the caller does not give.
    fn params(&mut self) -> (Vec<Option<VarId>>, Vec<Stmt>) {
        let params = self.function.params.clone();
        let mut tangents = Vec::new();
        for param in &params {
            let active = self.activity.is_active(param.var);
            if param.active && (active || param.mode == ParamMode::RefMut) {
                tangents.push(Some(self.dot(param.var)));
                continue;
            }
            tangents.push(None);
            if active && !param.active && param.function.is_none() {
                self.scratch(param.var, param.mode);
            }
        }
        (tangents, std::mem::take(&mut self.out))
    }

    /// A parameter that is not differentiated but holds something active later on.
    fn scratch(&mut self, root: VarId, mode: ParamMode) {
        let dot = self.dot(root);
        if mode == ParamMode::Value {
            return self.zero(dot, Place::var(root));
        }
        self.owned.insert(root);
        let var = &mut self.function.vars[dot.0 as usize];
        var.kind = VarKind::Mutable;
        var.ty = match var.ty.peel() {
            Ty::Slice(element) => Ty::Vec(element.clone()),
            other => other.clone(),
        };
        self.zero(dot, Place::var(root).then(Proj::Deref));
    }

    fn zero(&mut self, var: VarId, of: Place) {
        self.bind(var, Rhs::Derived(Derived::Zero(of)));
    }

    fn bind(&mut self, var: VarId, rhs: Rhs) {
        self.out.push(Stmt::Let { var, rhs });
    }

    fn temp(&mut self, hint: &str, ty: Ty) -> VarId {
        let span = Span::mixed_site();
        self.function.fresh(hint, span, ty, VarKind::Value)
    }

    fn value(&mut self, ty: Ty, rhs: Rhs) -> Operand {
        let var = self.temp("t", ty);
        self.bind(var, rhs);
        Operand::Var(var)
    }

    /// The tangent variable of a root; made on demand.
    fn dot(&mut self, root: VarId) -> VarId {
        if let Some(dot) = self.dots.get(&root) {
            return *dot;
        }
        let var = self.function.var(root).clone();
        let hint = format!("{}_dot", var.ident);
        let span = var.ident.span();
        let kind = match var.kind {
            VarKind::Value => VarKind::Value,
            _ => VarKind::Mutable,
        };
        let dot = self.function.fresh(&hint, span, var.ty, kind);
        self.function.vars[dot.0 as usize].tangent_of = var.annotation.or(var.tangent_of);
        self.dots.insert(root, dot);
        dot
    }

    fn active_place(&self, place: &Place) -> bool {
        self.activity.is_active(self.function.resolve(place).root)
    }

    /// Does what is read there have a tangent? A constant part of what has one has none.
    fn is_read_active(&self, place: &Place) -> bool {
        let inert = self
            .function
            .place_ty(&self.function.resolve(place))
            .is_inert();
        !inert && self.active_place(place)
    }

    /// The place of the tangent, views resolved.
    fn dot_place(&mut self, place: &Place) -> Place {
        let place = self.function.resolve(place);
        let root = self.dot(place.root);
        let behind = usize::from(self.owned.contains(&place.root));
        let steps = place.path.iter().skip(behind);
        let path = steps.filter_map(|p| p.of_tangent(Access::Tangent));
        Place {
            root,
            path: path.collect(),
        }
    }

    /// The tangent of an operand; `None` if it is inactive.
    fn tangent(&mut self, operand: &Operand) -> Option<Operand> {
        let var = operand.as_var()?;
        if !self.active_place(&Place::var(var)) {
            return None;
        }
        Some(Operand::Var(self.dot(var)))
    }

    fn tangent_of(&mut self, operand: &Operand) -> TangentOf {
        match self.tangent(operand) {
            Some(t) => TangentOf::Active(t),
            None => TangentOf::Zero(operand.clone()),
        }
    }

    /// The tangent of an operand as one, zero if it is inactive.
    fn tangent_or_zero(&mut self, operand: &Operand) -> Operand {
        if let Some(t) = self.tangent(operand) {
            return t;
        }
        let ty = self.function.operand_ty(operand).clone();
        if matches!(ty, Ty::Unit | Ty::Int | Ty::Bool) {
            let nothing = Rhs::Aggregate(Aggregate::Tuple, Vec::new());
            return self.value(Ty::Unit, nothing);
        }
        if let Ty::Float(float) = &ty {
            let rhs = Rhs::Derived(Derived::ZeroScalar(float.clone()));
            return self.value(ty, rhs);
        }
        let var = match operand {
            Operand::Var(v) => *v,
            Operand::Const(_) => {
                let var = self.temp("t", ty.clone());
                self.bind(var, Rhs::Use(operand.clone()));
                var
            }
        };
        self.value(Ty::Unknown, Rhs::Derived(Derived::Zero(Place::var(var))))
    }

    fn block(&mut self, block: &Block) -> Block {
        let outer = std::mem::take(&mut self.out);
        for stmt in &block.stmts {
            let before = self.out.len();
            self.stmt(stmt);
            let derivative = self.out.split_off(before);
            self.out
                .extend(watch::watched(&self.function, stmt, derivative));
        }
        Block::new(std::mem::replace(&mut self.out, outer))
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, rhs } => self.binding(*var, rhs),
            Stmt::Declare(var) => {
                self.out.push(stmt.clone());
                if self.activity.is_active(*var) {
                    let dot = self.dot(*var);
                    self.out.push(Stmt::Declare(dot));
                }
            }
            Stmt::If { cond, then, els } => {
                let (then, els) = (self.block(then), self.block(els));
                let cond = cond.clone();
                self.out.push(Stmt::If { cond, then, els });
            }
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => {
                let body = self.block(body);
                self.out.push(Stmt::For {
                    var: *var,
                    range: range.clone(),
                    body,
                    exit: *exit,
                });
            }
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                let (cond_block, body) = (self.block(cond_block), self.block(body));
                self.out.push(Stmt::While {
                    cond_block,
                    cond: cond.clone(),
                    body,
                });
            }
            Stmt::Call { results, call } => self.call(results, call),
            Stmt::Derived(derived) => self.derived_stmt(derived),
            write => self.write(write),
        }
    }

    /// A statement that changes a place: the tangent first, which may read what the primal overwrites.
    fn write(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Assign { place, value } if self.active_place(place) => {
                let tangent = self.tangent_or_zero(value);
                let dot = self.dot_place(place);
                self.out.push(Stmt::Assign {
                    place: dot,
                    value: tangent,
                });
            }
            Stmt::Update { op, place, value } if self.active_place(place) => {
                return self.update(*op, place, value);
            }
            Stmt::Push { place, value } if self.active_place(place) => {
                let value = self.tangent_or_zero(value);
                let place = self.dot_place(place);
                self.out.push(Stmt::Push { place, value });
            }
            Stmt::Truncate { place, len } if self.active_place(place) => {
                let place = self.dot_place(place);
                let len = len.clone();
                self.out.push(Stmt::Truncate { place, len });
            }
            Stmt::Swap(a, b) if self.active_place(a) && self.active_place(b) => {
                let (a, b) = (self.dot_place(a), self.dot_place(b));
                self.out.push(Stmt::Swap(a, b));
            }
            _ => {}
        }
        self.out.push(stmt.clone());
    }

    fn update(&mut self, op: Op, place: &Place, value: &Operand) {
        if self.function.adds_in_place(op, place) {
            if let Some(value) = self.tangent(value) {
                let place = self.dot_place(place);
                self.out.push(Stmt::Update { op, place, value });
            }
            let (place, value) = (place.clone(), value.clone());
            self.out.push(Stmt::Update { op, place, value });
            return;
        }
        let ty = self.function.updated_ty(op, place, value);
        let old = self.temp("t", ty.clone());
        let old_dot = self.temp("t", ty.clone());
        let new = self.temp("t", ty.clone());
        let dot_place = self.dot_place(place);
        self.bind(old, Rhs::copy(place.clone(), &ty));
        self.bind(old_dot, Rhs::copy(dot_place.clone(), &ty));
        let args = vec![Operand::Var(old), value.clone()];
        let tangents = [Some(Operand::Var(old_dot)), self.tangent(value)];
        let tangent = if ty.is_scalar() || op == Op::Rem {
            self.bind(new, Rhs::Op(op, args.clone()));
            self.operator(op, &args, &tangents, new, &ty)
        } else {
            let args: Vec<Arg> = args.into_iter().map(Arg::Value).collect();
            let tangents = tangents.map(|t| t.map(Arg::Value));
            let dispatch = Rhs::Dispatch { op, args };
            self.bind(new, dispatch.clone());
            self.dispatch(&dispatch, &tangents, new)
        };
        if let Some(value) = tangent {
            self.out.push(Stmt::Assign {
                place: dot_place,
                value,
            });
        }
        self.out.push(Stmt::Assign {
            place: place.clone(),
            value: Operand::Var(new),
        });
    }

    fn binding(&mut self, var: VarId, rhs: &Rhs) {
        let view = matches!(self.function.var(var).kind, VarKind::View { .. });
        if view || !self.activity.is_active(var) {
            if let Rhs::Derived(derived) = rhs {
                self.unused(derived);
            }
            self.bind(var, rhs.clone());
            return;
        }
        match self.before(rhs) {
            Some(tangent) => {
                let dot = self.dot(var);
                self.bind(dot, tangent);
                self.bind(var, rhs.clone());
            }
            None => {
                self.bind(var, rhs.clone());
                self.after(var, rhs);
            }
        }
    }

    /// Tangents that do not read the result: what is moved here is still there.
    fn before(&mut self, rhs: &Rhs) -> Option<Rhs> {
        Some(match rhs {
            Rhs::Use(o) => Rhs::Use(self.tangent(o)?),
            Rhs::Read(p) if self.is_read_active(p) => Rhs::Read(self.dot_place(p)),
            Rhs::Clone { place, method } if self.is_read_active(place) => Rhs::Clone {
                place: self.dot_place(place),
                method: method.clone(),
            },
            Rhs::Aggregate(Aggregate::Struct(_), _) => return None,
            Rhs::Aggregate(kind, parts) if parts.is_empty() => {
                Rhs::Aggregate(kind.clone(), Vec::new())
            }
            Rhs::Aggregate(kind, parts) => self.aggregate(kind.clone(), parts),
            Rhs::Repeat { vec, value, len } => Rhs::Repeat {
                vec: *vec,
                value: self.tangent_or_zero(value),
                len: len.clone(),
            },
            Rhs::Cast(o, _) => Rhs::Derived(Derived::Convert(self.tangent(o)?)),
            Rhs::Derived(derived) => Rhs::Derived(self.derived(derived)?),
            _ => return None,
        })
    }

    fn aggregate(&mut self, kind: Aggregate, parts: &[Operand]) -> Rhs {
        let parts = parts.iter().map(|p| self.tangent_of(p)).collect();
        Rhs::Derived(Derived::Aggregate(kind, parts))
    }

    /// Tangents that read the result, or are zero.
    fn after(&mut self, var: VarId, rhs: &Rhs) {
        let ty = self.function.var(var).ty.clone();
        let tangent = match rhs {
            Rhs::Aggregate(Aggregate::Struct(literal), parts) => {
                Some(self.structure(var, literal, parts))
            }
            Rhs::Op(op, args) => {
                let tangents: Vec<_> = args.iter().map(|a| self.tangent(a)).collect();
                self.operator(*op, args, &tangents, var, &ty)
            }
            Rhs::Dispatch { args, .. } => {
                let tangents: Vec<_> = args.iter().map(|a| self.lent_tangent(a)).collect();
                self.dispatch(rhs, &tangents, var)
            }
            Rhs::Rule { rule, args, .. } => {
                let tangents: Vec<_> = args.iter().map(|a| self.tangent(a)).collect();
                self.rule(*rule, args, &tangents, var, &ty)
            }
            Rhs::Derived(Derived::Share(share)) => {
                self.share_tangent(share, &Arg::Value(Operand::Var(var)), var)
            }
            Rhs::Derived(derived) => self.derived_scalar(derived, &ty),
            _ => None,
        };
        let dot = self.dot(var);
        match (tangent, ty) {
            (Some(t), _) => self.bind(dot, Rhs::Use(t)),
            (None, Ty::Float(float)) => {
                self.bind(dot, Rhs::Derived(Derived::ZeroScalar(float)));
            }
            (None, _) => self.zero(dot, Place::var(var)),
        }
    }

    /// The tangent of a struct literal.
    fn structure(&mut self, var: VarId, literal: &Literal, parts: &[Operand]) -> Operand {
        let (values, base) = structs::split(literal, parts);
        let made = self.temp("t", Ty::Unknown);
        self.function.vars[made.0 as usize].kind = VarKind::Mutable;
        let base = base.and_then(|base| self.tangent(base));
        match &base {
            Some(base) => self.bind(made, Rhs::Use(base.clone())),
            None => self.zero(made, Place::var(var)),
        }
        for (place, value) in structs::fields(literal, &Place::var(made))
            .into_iter()
            .zip(values)
        {
            let tangent = self.tangent(value);
            if tangent.is_none() && base.is_none() {
                continue;
            }
            let stmt = match tangent {
                Some(value) => Stmt::Assign { place, value },
                None => Stmt::Derived(DerivedStmt::SetZero(place)),
            };
            self.out.push(stmt);
        }
        Operand::Var(made)
    }

    fn operator(
        &mut self,
        op: Op,
        args: &[Operand],
        tangents: &[Option<Operand>],
        result: VarId,
        ty: &Ty,
    ) -> Option<Operand> {
        match (op, args, tangents) {
            (Op::Neg, _, [a]) => a.clone().map(|a| self.op(Op::Neg, vec![a], ty)),
            (Op::Add, _, [a, b]) => self.sum(Op::Add, a.clone(), b.clone(), ty),
            (Op::Sub, _, [a, b]) => self.sum(Op::Sub, a.clone(), b.clone(), ty),
            (Op::Mul | Op::Div, [a, b], [da, Some(db)]) if self.series => {
                let shown = |o: &Operand| Arg::Value(o.clone());
                let da = da.as_ref().map(shown);
                self.varying(op, [&shown(a), &shown(b)], [da, Some(shown(db))], result)
            }
            (Op::Mul, [a, b], [da, db]) => {
                let first = da.clone();
                let first = first.map(|da| self.op(Op::Mul, vec![da, b.clone()], ty));
                let second = db.clone();
                let second = second.map(|db| self.scaled(a.clone(), db, ty));
                self.sum(Op::Add, first, second, ty)
            }
            (Op::Div, [_, b], [da, db]) => {
                let y = Operand::Var(result);
                let second = db.clone();
                let second = second.map(|db| self.scaled(y, db, ty));
                let numerator = self.sum(Op::Sub, da.clone(), second, ty);
                let numerator = numerator?;
                let Some(reciprocal) = crate::rules::reciprocal(b) else {
                    return Some(self.op(Op::Div, vec![numerator, b.clone()], ty));
                };
                let b_ty = self.function.operand_ty(b).clone();
                let factor = self.value(b_ty, reciprocal);
                Some(self.op(Op::Mul, vec![numerator, factor], ty))
            }
            (Op::Rem, args, tangents) => {
                let rule = crate::rules::find("rem", 2)?;
                self.rule(rule, args, tangents, result, ty)
            }
            _ => None,
        }
    }

    fn op(&mut self, op: Op, args: Vec<Operand>, ty: &Ty) -> Operand {
        self.value(ty.clone(), Rhs::Op(op, args))
    }

    /// `factor * tangent`, the tangent first where the scalar is a type parameter: that has no product with several directions at once.
    fn scaled(&mut self, factor: Operand, tangent: Operand, ty: &Ty) -> Operand {
        let args = match ty {
            Ty::Float(FloatTy::Param(_)) | Ty::Unknown => vec![tangent, factor],
            _ => vec![factor, tangent],
        };
        self.op(Op::Mul, args, ty)
    }

    fn sum(&mut self, op: Op, a: Option<Operand>, b: Option<Operand>, ty: &Ty) -> Option<Operand> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.op(op, vec![a, b], ty)),
            (None, Some(b)) if op == Op::Sub => Some(self.op(Op::Neg, vec![b], ty)),
            (a, b) => a.or(b),
        }
    }

    fn rule(
        &mut self,
        rule: RuleId,
        args: &[Operand],
        tangents: &[Option<Operand>],
        result: VarId,
        ty: &Ty,
    ) -> Option<Operand> {
        let signature = rule.get();
        if self.series {
            let varies = tangents.iter().any(Option::is_some);
            let series = Rhs::Derived(Derived::Series {
                rule,
                result: Operand::Var(result),
                args: args.to_vec(),
                tails: tangents.to_vec(),
            });
            return varies.then(|| self.value(ty.clone(), series));
        }
        let mut total = None;
        for (k, (tangent, reads)) in tangents.iter().zip(signature.partials).enumerate() {
            let (Some(tangent), Some(reads)) = (tangent, reads) else {
                continue;
            };
            let read = |r: &Reads| match r {
                Reads::Arg(k) => args[*k].clone(),
                Reads::Result => Operand::Var(result),
            };
            let partial = Rhs::Derived(Derived::Partial {
                rule,
                arg: k,
                args: reads.iter().map(read).collect(),
            });
            let slope = self.value(ty.clone(), partial);
            let untyped = reads.is_empty() && !ty.is_float();
            let wins = signature.wins.or(untyped.then_some(Wins::Seed));
            let term = self.product(tangent.clone(), slope, wins, ty);
            total = self.sum(Op::Add, total, Some(term), ty);
        }
        total
    }

    /// `tangent * slope`; whose zero wins if the other may be infinite.
    fn product(
        &mut self,
        tangent: Operand,
        slope: Operand,
        wins: Option<Wins>,
        ty: &Ty,
    ) -> Operand {
        if let Some(wins) = wins {
            let rhs = Rhs::Derived(Derived::Times(tangent, slope, wins));
            return self.value(ty.clone(), rhs);
        }
        self.op(Op::Mul, vec![tangent, slope], ty)
    }

    fn call(&mut self, results: &Results, call: &Call) {
        let active_result = result_vars(results)
            .into_iter()
            .any(|v| self.activity.is_active(v));
        let written = crate::ir::visit::written_args(call);
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
    fn with_fixed_receiver(&self, call: &Call) -> Call {
        let mut call = call.clone();
        if let Some((receiver, _)) = call.receiver()
            && !self.active_arg(receiver)
        {
            call.kind = CallKind::Fixed;
        }
        call
    }

    /// The tangent of something captured: that of a view is borrowed beforehand.
    fn captured_dot(&mut self, place: &Place) -> VarId {
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

    fn active_arg(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Value(o) => self.activity.operand(o),
            Arg::Ref(p) | Arg::RefMut(p) => self.active_place(p),
            Arg::Function(_) => false,
        }
    }

    fn tangent_results(&mut self, results: &Results) -> Results {
        let mut dot = |v: VarId| self.activity.is_active(v).then(|| self.dot(v));
        match results {
            Results::None => Results::None,
            Results::One(v) => dot(*v).map_or(Results::None, Results::One),
            Results::Tuple(parts) => {
                Results::Tuple(parts.iter().map(|p| p.and_then(&mut dot)).collect())
            }
        }
    }

    fn tangent_arg(&mut self, call: &Call, arg: &Arg) -> Arg {
        match arg {
            Arg::Function(_) => Arg::Value(crate::ir::nothing()),
            Arg::Ref(p) if call.kind == CallKind::Matrix && !self.active_place(p) => {
                let nothing = self.temp("nothing", Ty::Inert);
                self.bind(nothing, Rhs::Derived(Derived::Nothing));
                Arg::Ref(Place::var(nothing))
            }
            Arg::Value(o) => match self.tangent(o) {
                Some(t) => Arg::Value(t),
                None => self.zero_arg(arg),
            },
            Arg::Ref(p) if self.active_place(p) => Arg::Ref(self.dot_place(p)),
            Arg::RefMut(p) if self.active_place(p) => Arg::RefMut(self.dot_place(p)),
            inactive => self.zero_arg(inactive),
        }
    }

    /// A zero made before the call, which may move or lend its arguments.
    fn zero_arg(&mut self, arg: &Arg) -> Arg {
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
