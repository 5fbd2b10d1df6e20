//! The float types of literals and of what is computed from them: those of what they meet.
//!
//! ```text
//! let mut s = 0.0; s += x[0];      s is an f64, since x is a slice of such
//! ```
//!
//! A variable without a value yet that turns out to be a list starts as an empty one: its length may be asked for. Otherwise rustc infers the
//! same; the derivative program declares more variables than the user did, some before anything is added to them.

use super::slot::is_unused;
use super::value::join;
use crate::ir::{
    Aggregate, Arg, Block, FloatTy, Function, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, visit,
};
use std::collections::BTreeSet;

/// Settles the types of a function. `result` is its declared type.
pub fn infer(function: &mut Function, result: &Ty) {
    let vars = function.vars.iter().enumerate();
    let untold = vars.filter(|(_, var)| *var.ty.peel() == Ty::Unknown);
    function.inferred = untold.map(|(k, _)| VarId(k as u32)).collect();
    let body = std::mem::take(&mut function.body);
    let mut infer = Infer {
        opaque: opaque(&body),
        function,
        changed: true,
        called: BTreeSet::new(),
    };
    while std::mem::take(&mut infer.changed) {
        infer.block(&body);
        if let Some(operand) = infer.function.result.clone() {
            infer.meet_ty(&[Side::of(&operand)], result.clone());
        }
    }
    infer.by_default();
    function.body = body;
    settle_operators(function);
}

/// What turned out to be arithmetic of scalars is written as such.
fn settle_operators(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    settle_block(function, &mut body);
    function.body = body;
}

fn settle_block(function: &Function, block: &mut Block) {
    for stmt in &mut block.stmts {
        if let Stmt::Let { var, rhs } = stmt
            && let Some(plain) =
                scalar_operator(function, rhs).or_else(|| empty_list(function, *var, rhs))
        {
            *rhs = plain;
        }
        for child in visit::children_mut(stmt) {
            settle_block(function, child);
        }
    }
}

fn scalar_operator(function: &Function, rhs: &Rhs) -> Option<Rhs> {
    let Rhs::Dispatch { op, args } = rhs else {
        return None;
    };
    let scalar = |arg: &Arg| match arg {
        Arg::Value(o) if function.operand_ty(o).is_scalar() => Some(o.clone()),
        _ => None,
    };
    let args = args.iter().map(scalar).collect::<Option<_>>()?;
    Some(Rhs::Op(*op, args))
}

fn empty_list(function: &Function, var: VarId, rhs: &Rhs) -> Option<Rhs> {
    let list = matches!(function.var(var).ty, Ty::Vec(_));
    (list && is_unused(rhs)).then(|| Rhs::Aggregate(Aggregate::Vec, Vec::new()))
}

struct Infer<'f> {
    function: &'f mut Function,
    changed: bool,
    /// What is handed to other functions, which may want another float.
    called: BTreeSet<VarId>,
    /// What comes from code that the compiler does not know: it may be a reference.
    opaque: BTreeSet<VarId>,
}

fn opaque(block: &Block) -> BTreeSet<VarId> {
    let mut all = BTreeSet::new();
    for stmt in &block.stmts {
        if let Stmt::Let {
            var,
            rhs: Rhs::Inert(_),
        } = stmt
        {
            all.insert(*var);
        }
        for child in visit::children(stmt) {
            all.extend(opaque(child));
        }
    }
    all
}

/// Something that has a type.
enum Side {
    Place(Place),
    Const(Ty),
}

impl Side {
    fn of(operand: &Operand) -> Self {
        match operand {
            Operand::Var(v) => Self::Place(Place::var(*v)),
            Operand::Const(c) => Self::Const(c.ty.clone()),
        }
    }

    fn of_arg(arg: &Arg) -> Self {
        match arg {
            Arg::Value(o) => Self::of(o),
            Arg::Ref(p) | Arg::RefMut(p) => Self::Place(p.clone()),
            Arg::Function(_) => Self::Const(Ty::Unknown),
        }
    }
}

impl Infer<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
            for child in visit::children(stmt) {
                self.block(child);
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, rhs } => self.binding(Side::Place(Place::var(*var)), rhs),
            Stmt::Assign { place, value } => {
                self.same(&[Side::Place(place.clone()), Side::of(value)])
            }
            Stmt::Update { op, place, value } if is_uniform(*op) => {
                self.same(&[Side::Place(place.clone()), Side::of(value)]);
            }
            Stmt::Push { place, value } => {
                let element = place.clone().then(Proj::Index(value.clone()));
                self.same(&[Side::Place(element), Side::of(value)]);
            }
            Stmt::Swap(a, b) => self.same(&[Side::Place(a.clone()), Side::Place(b.clone())]),
            Stmt::Call { call, .. } => {
                let values = call.args.iter().filter_map(|a| match a {
                    Arg::Value(o) => o.as_var(),
                    Arg::Ref(p) | Arg::RefMut(p) => Some(p.root),
                    Arg::Function(_) => None,
                });
                self.called.extend(values);
            }
            _ => {}
        }
    }

    fn binding(&mut self, var: Side, rhs: &Rhs) {
        match rhs {
            Rhs::Use(o) => self.same(&[var, Side::of(o)]),
            Rhs::Read(p) => self.same(&[var, Side::Place(p.clone())]),
            Rhs::Op(op, args) if is_comparison(*op) => self.same(&sides(args)),
            Rhs::Op(op, args) if is_uniform(*op) => {
                self.same(&sides(args).into_iter().chain([var]).collect::<Vec<_>>());
            }
            Rhs::Dispatch { op, args } => self.dispatch(var, *op, args),
            Rhs::Rule { rule, args, .. } => {
                let floats = if rule.get().name == "powi" {
                    1
                } else {
                    args.len()
                };
                let args = sides(&args[..floats]);
                self.same(&args.into_iter().chain([var]).collect::<Vec<_>>());
            }
            Rhs::Aggregate(kind, parts) => {
                for (k, part) in parts.iter().enumerate() {
                    let Side::Place(place) = &var else { return };
                    let at = place.clone().then(match kind {
                        Aggregate::Err => return,
                        Aggregate::Some | Aggregate::Ok => Proj::Wrapped,
                        Aggregate::Tuple => Proj::Field(syn::Member::from(k)),
                        _ => Proj::Index(part.clone()),
                    });
                    self.same(&[Side::Place(at), Side::of(part)]);
                }
            }
            Rhs::Repeat { value, .. } => {
                let Side::Place(place) = var else { return };
                let at = place.then(Proj::Index(value.clone()));
                self.same(&[Side::Place(at), Side::of(value)]);
            }
            _ => {}
        }
    }

    /// A product is a scalar just where both factors are.
    fn dispatch(&mut self, result: Side, op: Op, args: &[Arg]) {
        let mut sides: Vec<Side> = args.iter().map(Side::of_arg).collect();
        let uniform = match op {
            Op::Mul | Op::Div => {
                let factors = sides.iter().all(|s| self.ty(s).is_float());
                factors || self.ty(&result).is_float()
            }
            _ => true,
        };
        if uniform {
            sides.push(result);
            self.same(&sides);
        }
    }

    fn ty(&self, side: &Side) -> Ty {
        match side {
            Side::Place(place) => self.function.place_ty(&self.function.resolve(place)),
            Side::Const(ty) => ty.clone(),
        }
    }

    /// These have one type.
    fn same(&mut self, sides: &[Side]) {
        let best = sides
            .iter()
            .fold(Ty::Unknown, |best, side| join(best, self.ty(side)));
        if mentions_literal(&best) {
            return;
        }
        self.meet_ty(sides, best);
    }

    fn meet_ty(&mut self, sides: &[Side], best: Ty) {
        for side in sides {
            let Side::Place(place) = side else { continue };
            let place = self.function.resolve(place);
            let known = self.function.place_ty(&place);
            let found = known == Ty::Unknown
                && best.is_float()
                && place.path.is_empty()
                && !self.opaque.contains(&place.root);
            if !found && !mentions_literal(&known) {
                continue;
            }
            let better = join(known.clone(), best.clone());
            if better != known {
                let root = &mut self.function.vars[place.root.0 as usize].ty;
                let before = root.clone();
                settle(root, &place.path, better);
                self.changed |= *root != before;
            }
        }
    }

    /// A literal that met nothing else is an `f64`.
    fn by_default(&mut self) {
        if !self.function.has_default_float() {
            return;
        }
        for (k, var) in self.function.vars.iter_mut().enumerate() {
            let handed_on = u32::try_from(k).is_ok_and(|k| self.called.contains(&VarId(k)));
            if !handed_on {
                default_literals(&mut var.ty);
            }
        }
    }
}

fn sides(operands: &[Operand]) -> Vec<Side> {
    operands.iter().map(Side::of).collect()
}

/// Replaces the type at the end of a path.
fn settle(ty: &mut Ty, path: &[Proj], better: Ty) {
    let Some((first, rest)) = path.split_first() else {
        *ty = better;
        return;
    };
    match (first, ty) {
        (Proj::Deref, Ty::Ref(_, t)) => settle(t, rest, better),
        (Proj::Index(_), Ty::Array(t) | Ty::Slice(t) | Ty::Vec(t) | Ty::Matrix(t)) => {
            settle(t, rest, better);
        }
        (Proj::Field(syn::Member::Named(_)), Ty::Matrix(t)) => settle(t, rest, better),
        (Proj::Wrapped, Ty::Option(t) | Ty::Result(t)) => settle(t, rest, better),
        (Proj::Range { .. }, ty) => match better {
            Ty::Slice(element) => {
                if let Ty::Array(t) | Ty::Slice(t) | Ty::Vec(t) = ty {
                    settle(t, rest, *element);
                }
            }
            better => settle(ty, rest, better),
        },
        (Proj::Field(syn::Member::Unnamed(k)), Ty::Tuple(parts)) => {
            if let Some(part) = parts.get_mut(k.index as usize) {
                settle(part, rest, better);
            }
        }
        (_, Ty::Ref(_, t)) => settle(t, path, better),
        _ => {}
    }
}

fn mentions_literal(ty: &Ty) -> bool {
    ty.mentions(&|f| *f == FloatTy::Literal)
}

fn default_literals(ty: &mut Ty) {
    match ty {
        Ty::Float(float) if *float == FloatTy::Literal => *float = FloatTy::F64,
        Ty::Tuple(parts) => parts.iter_mut().for_each(default_literals),
        Ty::Array(t) | Ty::Slice(t) | Ty::Vec(t) | Ty::Matrix(t) | Ty::Ref(_, t) => {
            default_literals(t);
        }
        Ty::Option(t) | Ty::Result(t) => default_literals(t),
        _ => {}
    }
}

fn is_comparison(op: Op) -> bool {
    matches!(op, Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge)
}

/// Do the operands and the result have one type, for floats?
fn is_uniform(op: Op) -> bool {
    matches!(
        op,
        Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem | Op::Neg
    )
}
