//! Which variables carry a derivative: those that are *varied* (depend on an active parameter) and *useful* (an output depends on
//! them). Per root variable and without regard to order, to a fixpoint: a superset of what a run would find.
//!
//! Integers, `bool`s and comparisons end the flow. An [`Inert`] piece of code has no derivative: where something varied enters it and
//! something useful leaves it, that is an error.

mod behind;
mod derived;

use super::bits;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::advice::to_blame;
use crate::ir::visit::{arg_place, children, lambdas, result_vars};
use crate::ir::{
    Aggregate, Arg, Block, Call, Function, Inert, Lambda, Op, Operand, ParamMode, Place, Results,
    Rhs, Stmt, VarId, VarKind,
};
use crate::rules;
use crate::transform::adjoint::Adjoint;
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::spanned::Spanned;

/// The active variables of a function, by root: a view is active if its root is.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    active: Vec<bool>,
    /// What depends on an input, also through code that has no derivative.
    depends: Vec<bool>,
    /// The closures that calls are handed, with what is active of what they capture.
    lambdas: BTreeMap<usize, (Function, Activity)>,
}

impl Activity {
    /// Does this variable carry a derivative?
    pub fn is_active(&self, var: VarId) -> bool {
        self.active.get(var.0 as usize).copied().unwrap_or(false)
    }

    /// Does it depend on an input, in whatever way?
    pub fn depends(&self, var: VarId) -> bool {
        self.depends.get(var.0 as usize).copied().unwrap_or(false)
    }

    /// Makes a variable active that was added later.
    pub fn mark(&mut self, var: VarId) {
        let at = var.0 as usize;
        self.active.resize(self.active.len().max(at + 1), false);
        self.active[at] = true;
    }

    /// A closure with what is active of what it captures.
    pub fn lambda(&self, lambda: &Lambda) -> Option<&(Function, Activity)> {
        self.lambdas.get(&lambda.id)
    }

    /// Does this operand?
    pub fn operand(&self, operand: &Operand) -> bool {
        operand.as_var().is_some_and(|v| self.is_active(v))
    }
}

/// Analyzes a lowered function; reports what is active and has no derivative. Where parts of the function are missing because they were refused,
/// it is no surprise if nothing is active.
pub fn analyze(function: &Function, diagnostics: &mut Diagnostics) -> Activity {
    let (activity, varies) = analyzed(function, diagnostics);
    if diagnostics.is_empty() && !varies {
        let span = function.name.span();
        diagnostics.independent_result(&function.name.to_string(), span);
    }
    activity
}

/// The same of a member of a block. Its result need not depend on anything: the block is annotated for others.
pub fn analyze_member(function: &Function, diagnostics: &mut Diagnostics) -> Activity {
    analyzed(function, diagnostics).0
}

/// What is active, and whether an output depends on an input.
fn analyzed(function: &Function, diagnostics: &mut Diagnostics) -> (Activity, bool) {
    let flows = Flows::of(function, &[&function.body]);
    let outputs = outputs(function, function.result.as_ref());
    let (activity, varied) = spread(function, &flows, outputs.clone(), diagnostics);
    (activity, outputs.iter().any(|v| varied[v.0 as usize]))
}

/// What is active, also in the closures that calls are handed, and what is varied.
fn spread(
    function: &Function,
    flows: &Flows<'_>,
    outputs: Vec<VarId>,
    diagnostics: &mut Diagnostics,
) -> (Activity, Vec<bool>) {
    let (mut activity, varied) = flows.activity(inputs(function), outputs);
    report_inert(function, flows, &varied, diagnostics);
    for lambda in lambdas(&function.body) {
        let analyzed = closure(lambda, &activity, function, diagnostics);
        activity.lambdas.insert(lambda.id, analyzed);
    }
    (activity, varied)
}

/// A closure: its own parameters are active, and what is active outside of what it captures.
fn closure(
    lambda: &Lambda,
    around: &Activity,
    outside: &Function,
    diagnostics: &mut Diagnostics,
) -> (Function, Activity) {
    let mut function = lambda.function.clone();
    for param in &mut function.params[lambda.own..] {
        let root = outside.resolve(&Place::var(param.var)).root;
        let inert = outside.var(param.var).ty.is_inert();
        param.active = around.is_active(root) && !inert && param.function.is_none();
    }
    let flows = Flows::of(&function, &[&function.body]);
    let outputs = outputs(&function, function.result.as_ref());
    let (activity, _) = spread(&function, &flows, outputs, diagnostics);
    (function, activity)
}

/// Reports what is active and has no derivative, of a program whose result need not depend on anything.
pub fn check(function: &Function, diagnostics: &mut Diagnostics) {
    let flows = Flows::of(function, &[&function.body]);
    let outputs = outputs(function, function.result.as_ref());
    let (_, varied) = flows.activity(inputs(function), outputs);
    report_inert(function, &flows, &varied, diagnostics);
}

/// Analyzes the two parts of a reverse mode as one program, whose inputs and outputs are those of the function and the adjoints.
pub fn of_adjoint(adjoint: &Adjoint) -> Activity {
    let function = &adjoint.function;
    let flows = Flows::of(function, &[&adjoint.forward, &adjoint.reverse]);
    let slots: Vec<VarId> = adjoint.slots.iter().flatten().copied().collect();
    let given = adjoint.cotangent.iter().chain(&slots).copied();
    let inputs = inputs(function).into_iter().chain(given).collect();
    let lent = flows.lent.iter().chain(&slots).copied();
    let outputs = outputs(function, adjoint.result.as_ref())
        .into_iter()
        .chain(lent);
    flows.activity(inputs, outputs.collect()).0
}

fn inputs(function: &Function) -> Vec<VarId> {
    let active = function.params.iter();
    let active = active.filter(|p| p.active || p.function.is_some());
    active.map(|p| p.var).collect()
}

fn outputs(function: &Function, result: Option<&Operand>) -> Vec<VarId> {
    let params = function.params.iter();
    let written = params.filter(|p| p.active && p.mode == ParamMode::RefMut);
    let result = result.into_iter().filter_map(Operand::as_var);
    let result = result.map(|v| function.resolve(&Place::var(v)).root);
    written.map(|p| p.var).chain(result).collect()
}

/// Reports the first code without derivative on each way from an input to an output.
fn report_inert(
    function: &Function,
    flows: &Flows,
    varied: &[bool],
    diagnostics: &mut Diagnostics,
) {
    let open = flows.with_barriers();
    let outputs = outputs(function, function.result.as_ref());
    let needed = open.spread(outputs, |flow| (&flow.to, &flow.from));
    let carries = |v: &VarId| needed[v.0 as usize] && !function.var(*v).ty.is_inert();
    for barrier in &flows.barriers {
        let enters = barrier.from.iter().any(|v| varied[v.0 as usize]);
        if enters && barrier.to.iter().any(carries) {
            let inert = barrier.inert;
            diagnostics.no_derivative(culprit(&inert.expr), &describe(inert));
        }
    }
    if diagnostics.is_empty() {
        bits::check(function, varied, |v| carries(&v), diagnostics);
    }
}

/// May the code change what it only has a shared reference to, in a type of the user's? Predicates (`is_finite`) and searches in lists do not.
fn may_hide_writes(expr: &syn::Expr) -> bool {
    const SEARCHES: &[&str] = &["is_", "binary_search", "partition_point", "contains"];
    match expr {
        syn::Expr::Call(_) => true,
        syn::Expr::MethodCall(e) => {
            let name = e.method.to_string();
            !SEARCHES.iter().any(|start| name.starts_with(start))
        }
        _ => false,
    }
}

/// The part of the code that has no derivative.
fn culprit(expr: &syn::Expr) -> proc_macro2::Span {
    match to_blame(expr) {
        syn::Expr::MethodCall(e) => e.method.span(),
        other => other.span(),
    }
}

fn describe(inert: &Inert) -> String {
    if inert.what.is_empty() {
        format!("`{}`", inert.expr.to_token_stream())
    } else {
        inert.what.clone()
    }
}

/// A derivative flows from any of `from` to all of `to`.
#[derive(Clone)]
struct Flow {
    from: Vec<VarId>,
    to: Vec<VarId>,
}

/// Code without derivative, and what would flow through it.
struct Barrier<'a> {
    inert: &'a Inert,
    from: Vec<VarId>,
    to: Vec<VarId>,
}

struct Flows<'a> {
    function: &'a Function,
    flows: Vec<Flow>,
    barriers: Vec<Barrier<'a>>,
    /// Adjoints that the backward part of a call changes.
    lent: Vec<VarId>,
}

impl<'a> Flows<'a> {
    fn of(function: &'a Function, blocks: &[&'a Block]) -> Self {
        let mut flows = Self {
            function,
            flows: Vec::new(),
            barriers: Vec::new(),
            lent: Vec::new(),
        };
        blocks.iter().for_each(|b| flows.block(b));
        flows.behind_references(blocks);
        flows
    }

    /// What is varied and useful, and what is varied.
    fn activity(&self, inputs: Vec<VarId>, outputs: Vec<VarId>) -> (Activity, Vec<bool>) {
        let vars = &self.function.vars;
        let open = self.with_barriers();
        let depends = open.spread(inputs.clone(), |flow| (&flow.from, &flow.to));
        let varied = self.spread(inputs, |flow| (&flow.from, &flow.to));
        let useful = self.spread(outputs, |flow| (&flow.to, &flow.from));
        let carries = |v: usize| varied[v] && useful[v] && !vars[v].ty.is_inert();
        let mut active: Vec<bool> = (0..vars.len()).map(carries).collect();
        for (v, var) in vars.iter().enumerate() {
            if let VarKind::View { target, .. } = &var.kind {
                active[v] = active[target.root.0 as usize];
            }
        }
        let lambdas = BTreeMap::new();
        let activity = Activity {
            active,
            depends,
            lambdas,
        };
        (activity, varied)
    }

    /// The same, as if derivatives went through code that has none.
    fn with_barriers(&self) -> Self {
        let barriers = self.barriers.iter().map(|b| Flow {
            from: b.from.clone(),
            to: b.to.clone(),
        });
        Self {
            function: self.function,
            flows: self.flows.iter().cloned().chain(barriers).collect(),
            barriers: Vec::new(),
            lent: Vec::new(),
        }
    }

    /// All that `start` reaches, where `ends` gives the near and the far end of a flow.
    fn spread(
        &self,
        start: Vec<VarId>,
        ends: impl Fn(&Flow) -> (&Vec<VarId>, &Vec<VarId>),
    ) -> Vec<bool> {
        let mut reached = vec![false; self.function.vars.len()];
        for v in start {
            reached[v.0 as usize] = true;
        }
        let mut changed = true;
        while changed {
            changed = false;
            for flow in &self.flows {
                let (near, far) = ends(flow);
                if near.iter().any(|v| reached[v.0 as usize]) {
                    for v in far {
                        changed |= !std::mem::replace(&mut reached[v.0 as usize], true);
                    }
                }
            }
        }
        reached
    }

    fn block(&mut self, block: &'a Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
            children(stmt).into_iter().for_each(|b| self.block(b));
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Let { var, rhs } => self.binding(*var, rhs),
            Stmt::Assign { place, value }
            | Stmt::Update { place, value, .. }
            | Stmt::Push { place, value } => {
                let to = self.root(place);
                self.flow(self.operands(std::iter::once(value)), vec![to]);
            }
            Stmt::Swap(a, b) => {
                let both = vec![self.root(a), self.root(b)];
                self.flow(both.clone(), both);
            }
            Stmt::Effect(inert) => self.barrier(inert, None),
            Stmt::Call { results, call } => self.call(results, call),
            Stmt::Derived(derived) => self.derived_stmt(derived),
            _ => {}
        }
    }

    fn binding(&mut self, var: VarId, rhs: &'a Rhs) {
        let to = self.root(&Place::var(var));
        if self.function.var(var).ty.is_inert() && !matches!(rhs, Rhs::Inert(_)) {
            return;
        }
        match rhs {
            Rhs::Inert(inert) => self.barrier(inert, Some(to)),
            Rhs::Op(op, _) if !is_arithmetic(*op) => {}
            Rhs::Rule { rule, args, .. } => {
                let partials = rules::RuleId::get(*rule).partials;
                let slopes = args.iter().zip(partials).filter(|(_, p)| p.is_some());
                self.flow(self.operands(slopes.map(|(a, _)| a)), vec![to]);
            }
            Rhs::Read(p) | Rhs::Clone { place: p, .. } | Rhs::Borrow { place: p, .. } => {
                let from = self.root(p);
                self.flow(vec![from], vec![to]);
            }
            Rhs::Use(o) | Rhs::Cast(o, _) | Rhs::Repeat { value: o, .. } => {
                self.flow(self.operands(std::iter::once(o)), vec![to]);
            }
            Rhs::Aggregate(Aggregate::Err, _) => {}
            Rhs::Dispatch { args, .. } => {
                let from =
                    self.differentiable(args.iter().filter_map(|a| self.arg_root(a)).collect());
                self.flow(from, vec![to]);
            }
            Rhs::Op(_, args) | Rhs::Aggregate(_, args) => {
                self.flow(self.operands(args.iter()), vec![to]);
            }
            Rhs::Derived(derived) => self.derived(to, derived),
            Rhs::Len(_) | Rhs::IsPresent(_) | Rhs::Zeros(_) => {}
            Rhs::Dimension { .. } | Rhs::Position { .. } => {}
        }
    }

    fn barrier(&mut self, inert: &'a Inert, bound: Option<VarId>) {
        let root = |v: &VarId| self.root(&Place::var(*v));
        let from = inert.uses.iter().map(root).collect();
        let hidden = inert.uses.iter().filter(|_| may_hide_writes(&inert.expr));
        let hidden = hidden.filter(|v| self.function.var(**v).ty.may_be_users());
        let written = inert.writes.iter().chain(hidden).map(root);
        let to = written.chain(bound).collect();
        self.barriers.push(Barrier { inert, from, to });
    }

    fn call(&mut self, results: &Results, call: &Call) {
        let from = call.args.iter().flat_map(|arg| match arg {
            Arg::Function(function) => {
                let root = |v: VarId| self.root(&Place::var(v));
                function.mentions().into_iter().map(root).collect()
            }
            arg => Vec::from_iter(self.arg_root(arg)),
        });
        let from = from.chain(call.function);
        let written = call.args.iter().filter_map(|arg| match arg {
            Arg::RefMut(_) => arg_place(arg).map(|p| self.root(p)),
            _ => None,
        });
        let from = self.differentiable(from.collect());
        let to = self.differentiable(result_vars(results).into_iter().chain(written).collect());
        self.flow(from, to);
    }

    fn differentiable(&self, vars: Vec<VarId>) -> Vec<VarId> {
        let inert = |v: &VarId| self.function.var(*v).ty.is_inert();
        vars.into_iter().filter(|v| !inert(v)).collect()
    }

    /// What flows out of an argument; nothing out of a constant part of something.
    fn arg_root(&self, arg: &Arg) -> Option<VarId> {
        match arg {
            Arg::Value(o) => o.as_var().map(|v| self.root(&Place::var(v))),
            Arg::Ref(p) if self.function.resolved_ty(p).is_inert() => None,
            Arg::Ref(p) | Arg::RefMut(p) => Some(self.root(p)),
            Arg::Function(_) => None,
        }
    }

    fn root(&self, place: &Place) -> VarId {
        self.function.resolve(place).root
    }

    fn operands<'o>(&self, operands: impl Iterator<Item = &'o Operand>) -> Vec<VarId> {
        let vars = operands.filter_map(Operand::as_var);
        self.differentiable(vars.map(|v| self.root(&Place::var(v))).collect())
    }

    fn flow(&mut self, from: Vec<VarId>, to: Vec<VarId>) {
        if !from.is_empty() && !to.is_empty() {
            self.flows.push(Flow { from, to });
        }
    }
}

/// Do derivatives flow through the operator?
pub fn is_arithmetic(op: Op) -> bool {
    matches!(
        op,
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem | Op::Neg
    )
}
