//! The forward mode: a program and its activity -> the program with a tangent beside each active variable.
//!
//! ```text
//! let y = a * b        let y = a * b;  let y_dot = a_dot * b + a * b_dot
//! x[i] = v             x[i] = v;       x_dot[i] = v_dot
//! x.push(v)            x.push(v);      x_dot.push(v_dot)
//! ```
//!
//! The program may be one of the reverse mode: see [`second`].

mod bindings;
mod calls;
mod derived;
mod dispatch;
mod scalars;
pub mod second;
mod series;
mod writes;

use crate::analysis::activity::Activity;
use crate::ir::{
    Access, Aggregate, Block, Derived, Function, Operand, ParamMode, Place, Proj, Rhs, Stmt,
    TangentOf, Ty, VarId, VarKind,
};
use crate::transform::watch;
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};

pub use crate::ir::Tangent;
pub use calls::needs_derivative;

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
        !self.function.resolved_ty(place).is_inert() && self.active_place(place)
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
}
