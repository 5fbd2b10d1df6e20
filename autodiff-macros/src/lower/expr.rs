//! Expressions to values.

use super::place::peel;
use super::{Lower, boolean, constant, int};
use crate::ir::{Aggregate, FloatTy, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarKind};
use crate::lower::control::Dest;
use crate::rules;
use syn::spanned::Spanned;

/// What an expression is.
#[derive(Clone, Debug)]
pub enum Value {
    /// Something to be computed.
    Rhs(Rhs, Ty),
    /// A value.
    Operand(Operand),
    /// A place, not read yet.
    Place(Place),
    /// A reference to a place.
    Ref { place: Place, mutable: bool },
    /// A tuple whose parts are not put together yet.
    Tuple(Vec<Value>),
    /// `()`
    Unit,
}

impl Lower<'_> {
    /// What is known of a value's type.
    pub fn value_ty(&self, value: &Value) -> Ty {
        match value {
            Value::Rhs(_, ty) => ty.clone(),
            Value::Operand(o) => self.function.operand_ty(o).clone(),
            Value::Place(p) => self.place_ty(p),
            Value::Ref { place, mutable } => Ty::Ref(*mutable, Box::new(self.place_ty(place))),
            Value::Tuple(parts) => Ty::Tuple(parts.iter().map(|p| self.value_ty(p)).collect()),
            Value::Unit => Ty::Unit,
        }
    }

    /// An expression as a value that can be used several times.
    pub fn operand(&mut self, expr: &syn::Expr) -> Operand {
        let value = self.value(expr);
        self.operand_of(value)
    }

    /// A value as an operand: a place is read.
    pub fn operand_of(&mut self, value: Value) -> Operand {
        match value {
            Value::Operand(o) => o,
            other => {
                let (rhs, ty) = self.rhs_of(other);
                match rhs {
                    Rhs::Use(o) => o,
                    rhs => self.temp(rhs, ty),
                }
            }
        }
    }

    /// A value as a right-hand side.
    pub fn rhs_of(&mut self, value: Value) -> (Rhs, Ty) {
        match value {
            Value::Rhs(rhs, ty) => (rhs, ty),
            Value::Operand(o) => {
                let ty = self.function.operand_ty(&o).clone();
                (Rhs::Use(o), ty)
            }
            Value::Place(p) | Value::Ref { place: p, .. } => self.read(p),
            Value::Tuple(parts) => {
                let operands: Vec<Operand> =
                    parts.into_iter().map(|p| self.operand_of(p)).collect();
                let types = operands.iter().map(|o| self.function.operand_ty(o).clone());
                let ty = Ty::Tuple(types.collect());
                (Rhs::Aggregate(Aggregate::Tuple, operands), ty)
            }
            Value::Unit => (Rhs::Aggregate(Aggregate::Tuple, Vec::new()), Ty::Unit),
        }
    }

    fn read(&mut self, place: Place) -> (Rhs, Ty) {
        let place = self.through(place);
        let ty = self.place_ty(&place);
        if place.path.is_empty() && matches!(self.function.var(place.root).kind, VarKind::Value) {
            return (Rhs::Use(Operand::Var(place.root)), ty);
        }
        (Rhs::Read(place), ty)
    }

    /// Lowers an expression.
    pub fn value(&mut self, expr: &syn::Expr) -> Value {
        match expr {
            syn::Expr::Paren(e) => self.value(&e.expr),
            syn::Expr::Group(e) => self.value(&e.expr),
            syn::Expr::Lit(lit) => self.literal(lit),
            syn::Expr::Path(path) => self.path(path),
            syn::Expr::Unary(unary) => self.unary(unary),
            syn::Expr::Binary(binary) => self.binary(binary),
            syn::Expr::Assign(assign) => self.assignment(assign),
            syn::Expr::Index(e) => self.index(&e.expr, &e.index),
            syn::Expr::Field(e) => {
                let base = self.place(&e.base);
                Value::Place(base.then(Proj::Field(e.member.clone())))
            }
            syn::Expr::Reference(e) => self.reference(&e.expr, e.mutability.is_some()),
            syn::Expr::Cast(e) => self.cast(e),
            syn::Expr::Tuple(e) if e.elems.is_empty() => Value::Unit,
            syn::Expr::Tuple(e) => {
                let parts = e.elems.iter().map(|e| self.settled(e));
                Value::Tuple(parts.collect())
            }
            syn::Expr::Array(e) => {
                let parts: Vec<Operand> = e.elems.iter().map(|e| self.operand(e)).collect();
                self.list(Aggregate::Array, parts)
            }
            syn::Expr::Repeat(e) => {
                let value = self.operand(&e.expr);
                let element = self.function.operand_ty(&value).clone();
                let len = constant((*e.len).clone(), Ty::Int);
                let rhs = Rhs::Repeat {
                    vec: false,
                    value,
                    len,
                };
                Value::Rhs(rhs, Ty::Array(Box::new(element)))
            }
            syn::Expr::Block(e) if e.label.is_none() => self.block_value(&e.block),
            syn::Expr::If(_) | syn::Expr::Match(_) => self.branch_value(expr),
            syn::Expr::Loop(e) => self.loop_value(e),
            syn::Expr::ForLoop(e) => self.for_loop(e),
            syn::Expr::While(e) => self.while_loop(e),
            syn::Expr::Return(e) => self.return_value(e.expr.as_deref()),
            syn::Expr::Break(e) => self.break_value(e),
            syn::Expr::Continue(e) => self.continue_loop(e),
            syn::Expr::Call(e) => self.call(e),
            syn::Expr::MethodCall(e) => self.method(e),
            syn::Expr::Macro(e) => self.macro_value(&e.mac, expr),
            _ => self.inert(expr, Ty::Unknown),
        }
    }

    /// A value that later statements do not change: a place is read, unless it cannot be copied.
    fn settled(&mut self, expr: &syn::Expr) -> Value {
        match self.value(expr) {
            Value::Rhs(rhs, ty) => Value::Operand(self.temp(rhs, ty)),
            Value::Place(p) => {
                let operand = self.operand_of(Value::Place(p));
                Value::Operand(operand)
            }
            other => other,
        }
    }

    /// An array or a `Vec` of these elements.
    pub fn list(&mut self, kind: Aggregate, parts: Vec<Operand>) -> Value {
        let types = parts.iter().map(|o| self.function.operand_ty(o).clone());
        let element = types.fold(Ty::Unknown, |best, ty| match best {
            Ty::Unknown | Ty::Float(FloatTy::Literal) => match ty {
                Ty::Unknown => best,
                ty => ty,
            },
            best => best,
        });
        let ty = if kind == Aggregate::Vec {
            Ty::Vec(Box::new(element))
        } else {
            Ty::Array(Box::new(element))
        };
        Value::Rhs(Rhs::Aggregate(kind, parts), ty)
    }

    fn literal(&mut self, lit: &syn::ExprLit) -> Value {
        let ty = match &lit.lit {
            syn::Lit::Float(f) => Ty::Float(float_suffix(f.suffix())),
            syn::Lit::Int(i) if i.suffix().starts_with('f') => Ty::Float(float_suffix(i.suffix())),
            syn::Lit::Int(_) => Ty::Int,
            syn::Lit::Bool(_) => Ty::Bool,
            _ => Ty::Inert,
        };
        Value::Operand(constant(syn::Expr::Lit(lit.clone()), ty))
    }

    fn path(&mut self, path: &syn::ExprPath) -> Value {
        if let Some(local) = self.local_value(path) {
            return local;
        }
        let ty = self.constant_ty(path);
        let expr = syn::Expr::Path(path.clone());
        Value::Operand(constant(expr, ty))
    }

    /// `std::f64::consts::PI`, `f64::EPSILON`, `N`
    fn constant_ty(&self, path: &syn::ExprPath) -> Ty {
        let segments = || path.path.segments.iter();
        for (name, ty) in [("f64", FloatTy::F64), ("f32", FloatTy::F32)] {
            if segments().rev().skip(1).any(|s| s.ident == name) {
                return match segments().next_back() {
                    Some(last) if last.ident == "DIGITS" || last.ident == "MAX_EXP" => Ty::Int,
                    _ => Ty::Float(ty),
                };
            }
        }
        let integers = [
            "usize", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "isize",
        ];
        let of_integer = segments()
            .rev()
            .skip(1)
            .any(|s| integers.iter().any(|n| s.ident == n));
        if of_integer { Ty::Int } else { Ty::Unknown }
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Value {
        match unary.op {
            syn::UnOp::Deref(_) => match self.value(&unary.expr) {
                Value::Ref { place, .. } => Value::Place(place),
                Value::Place(p) => match self.place_ty(&p) {
                    Ty::Ref(..) | Ty::Unknown => Value::Place(p.then(Proj::Deref)),
                    _ => Value::Place(p),
                },
                other => other,
            },
            syn::UnOp::Neg(_) => {
                if let syn::Expr::Lit(_) = peel(&unary.expr) {
                    let ty = match self.value(&unary.expr) {
                        Value::Operand(Operand::Const(c)) => c.ty,
                        _ => Ty::Unknown,
                    };
                    let expr = syn::Expr::Unary(unary.clone());
                    return Value::Operand(constant(expr, ty));
                }
                let operand = self.operand(&unary.expr);
                let ty = self.function.operand_ty(&operand).clone();
                Value::Rhs(Rhs::Op(Op::Neg, vec![operand]), ty)
            }
            _ => {
                let operand = self.operand(&unary.expr);
                let ty = self.function.operand_ty(&operand).clone();
                Value::Rhs(Rhs::Op(Op::Not, vec![operand]), ty)
            }
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Value {
        if let Some(op) = compound(&binary.op) {
            return self.compound_assignment(op, &binary.left, &binary.right);
        }
        let Some(op) = operator(&binary.op) else {
            return Value::Unit;
        };
        if matches!(op, Op::And | Op::Or) {
            return self.short_circuit(op, &binary.left, &binary.right);
        }
        let left = self.operand(&binary.left);
        let right = self.operand(&binary.right);
        self.operation(op, left, right)
    }

    /// A binary operator.
    pub fn operation(&mut self, op: Op, left: Operand, right: Operand) -> Value {
        let ty = self.operation_ty(op, &left, &right);
        Value::Rhs(Rhs::Op(op, vec![left, right]), ty)
    }

    fn operation_ty(&self, op: Op, left: &Operand, right: &Operand) -> Ty {
        if matches!(
            op,
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::And | Op::Or
        ) {
            return Ty::Bool;
        }
        let (a, b) = (
            self.function.operand_ty(left),
            self.function.operand_ty(right),
        );
        match (a, b) {
            (Ty::Float(FloatTy::Literal) | Ty::Unknown, Ty::Float(_)) => b.clone(),
            (Ty::Float(_), _) => a.clone(),
            (Ty::Unknown, Ty::Int) if !matches!(op, Op::Shl | Op::Shr) => Ty::Int,
            _ => a.clone(),
        }
    }

    fn short_circuit(&mut self, op: Op, left: &syn::Expr, right: &syn::Expr) -> Value {
        let left = self.operand(left);
        let (block, right) = self.captured(|lower| lower.operand(right));
        if block.is_empty() {
            return Value::Rhs(Rhs::Op(op, vec![left, right]), Ty::Bool);
        }
        let var = self.fresh("t", Ty::Bool, VarKind::Value);
        self.out.push(Stmt::Declare(var));
        let assign = |value| Stmt::Assign {
            place: Place::var(var),
            value,
        };
        let mut evaluated = block;
        evaluated.push(assign(right));
        let decided = vec![assign(boolean(op == Op::Or))];
        let (then, els) = if op == Op::And {
            (evaluated, decided)
        } else {
            (decided, evaluated)
        };
        self.out.push(Stmt::If {
            cond: left,
            then: crate::ir::Block::new(then),
            els: crate::ir::Block::new(els),
        });
        Value::Operand(Operand::Var(var))
    }

    /// Runs `f` and gives back the statements that it made.
    pub fn captured<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> (Vec<Stmt>, R) {
        let outer = std::mem::take(&mut self.out);
        let result = f(self);
        (std::mem::replace(&mut self.out, outer), result)
    }

    fn cast(&mut self, cast: &syn::ExprCast) -> Value {
        let operand = self.operand(&cast.expr);
        let ty = self.ty(&cast.ty);
        Value::Rhs(Rhs::Cast(operand, (*cast.ty).clone()), ty)
    }

    fn assignment(&mut self, assign: &syn::ExprAssign) -> Value {
        if let syn::Expr::Tuple(targets) = peel(&assign.left) {
            let values = self.value(&assign.right);
            let parts = self.parts(values, targets.elems.len());
            let parts: Vec<Operand> = parts.into_iter().map(|p| self.operand_of(p)).collect();
            for (target, value) in targets.elems.iter().zip(parts) {
                self.assign_to(target, Value::Operand(value));
            }
            return Value::Unit;
        }
        let value = self.value(&assign.right);
        let value = match value {
            Value::Rhs(rhs, ty) => Value::Operand(self.temp(rhs, ty)),
            other => other,
        };
        self.assign_to(&assign.left, value);
        Value::Unit
    }

    fn assign_to(&mut self, target: &syn::Expr, value: Value) {
        if matches!(peel(target), syn::Expr::Infer(_)) {
            return;
        }
        if let (syn::Expr::Path(path), Value::Ref { place, mutable }) = (peel(target), &value) {
            let scalar = matches!(self.place_ty(place), Ty::Float(_) | Ty::Int | Ty::Bool);
            if let (Some(Value::Ref { .. }), false) = (self.local_value(path), scalar) {
                let _ = mutable;
                self.diagnostics.rebound_reference(target.span());
                return;
            }
        }
        let value = self.operand_of(value);
        let place = match self.value(target) {
            Value::Place(p) => p,
            Value::Ref { place, .. } => place,
            _ => {
                self.diagnostics.not_a_place(target.span());
                return;
            }
        };
        self.learn(&place, &value);
        self.out.push(Stmt::Assign { place, value });
    }

    /// A variable that was declared without a type gets that of what is assigned to it.
    pub fn learn(&mut self, place: &Place, value: &Operand) {
        let ty = self.function.operand_ty(value).clone();
        let var = &mut self.function.vars[place.root.0 as usize];
        let open = matches!(var.ty, Ty::Unknown | Ty::Float(FloatTy::Literal));
        if place.path.is_empty() && open && ty != Ty::Unknown {
            var.ty = ty;
        }
    }

    fn compound_assignment(&mut self, op: Op, target: &syn::Expr, value: &syn::Expr) -> Value {
        let value = self.operand(value);
        let place = match self.value(target) {
            Value::Place(p) => self.through(p),
            Value::Ref { place, .. } => place,
            _ => {
                self.diagnostics.not_a_place(target.span());
                return Value::Unit;
            }
        };
        self.learn(&place, &value);
        self.out.push(Stmt::Update { op, place, value });
        Value::Unit
    }

    /// The value of a block.
    fn block_value(&mut self, block: &syn::Block) -> Value {
        self.scopes.push();
        let value = self.block_tail(&block.stmts);
        let value = self.outliving(value);
        self.scopes.pop();
        value
    }

    /// A value that is still meant when the variables of its block may have been shadowed or changed.
    pub fn outliving(&mut self, value: Value) -> Value {
        match value {
            Value::Place(p) => Value::Operand(self.operand_of(Value::Place(p))),
            other => other,
        }
    }

    /// An `if` or `match` as a value.
    fn branch_value(&mut self, expr: &syn::Expr) -> Value {
        if super::control::yields_unit(expr) {
            self.branch(expr, &Dest::Discard, &[]);
            return Value::Unit;
        }
        let var = self.fresh("t", Ty::Unknown, VarKind::Value);
        let at = self.out.len();
        self.out.push(Stmt::Declare(var));
        self.branch(expr, &Dest::Assign(var), &[]);
        self.settle_destination(var, at)
    }

    /// `operand + 1`
    pub fn plus_one(&mut self, operand: Operand) -> Operand {
        self.temp(Rhs::Op(Op::Add, vec![operand, int(1)]), Ty::Int)
    }

    /// A scalar function with a rule, in method form.
    pub fn rule(&mut self, name: &str, args: Vec<Operand>) -> Option<Value> {
        let rule = rules::find(name, args.len())?;
        let ty = self.rule_ty(&args);
        let path = None;
        Some(Value::Rhs(Rhs::Rule { rule, path, args }, ty))
    }

    /// The type of the result of a scalar function.
    pub fn rule_ty(&self, args: &[Operand]) -> Ty {
        let types = || args.iter().map(|o| self.function.operand_ty(o));
        let float = |ty: &&Ty| matches!(ty, Ty::Float(f) if *f != FloatTy::Literal);
        let known = types().find(float).or_else(|| types().next());
        known.cloned().unwrap_or_default()
    }
}

fn float_suffix(suffix: &str) -> FloatTy {
    match suffix {
        "f32" => FloatTy::F32,
        "f64" => FloatTy::F64,
        _ => FloatTy::Literal,
    }
}

/// The operator of `a op b`.
fn operator(op: &syn::BinOp) -> Option<Op> {
    Some(match op {
        syn::BinOp::Add(_) => Op::Add,
        syn::BinOp::Sub(_) => Op::Sub,
        syn::BinOp::Mul(_) => Op::Mul,
        syn::BinOp::Div(_) => Op::Div,
        syn::BinOp::Rem(_) => Op::Rem,
        syn::BinOp::And(_) => Op::And,
        syn::BinOp::Or(_) => Op::Or,
        syn::BinOp::BitXor(_) => Op::BitXor,
        syn::BinOp::BitAnd(_) => Op::BitAnd,
        syn::BinOp::BitOr(_) => Op::BitOr,
        syn::BinOp::Shl(_) => Op::Shl,
        syn::BinOp::Shr(_) => Op::Shr,
        syn::BinOp::Eq(_) => Op::Eq,
        syn::BinOp::Lt(_) => Op::Lt,
        syn::BinOp::Le(_) => Op::Le,
        syn::BinOp::Ne(_) => Op::Ne,
        syn::BinOp::Ge(_) => Op::Ge,
        syn::BinOp::Gt(_) => Op::Gt,
        _ => return None,
    })
}

/// The operator of `a op= b`.
fn compound(op: &syn::BinOp) -> Option<Op> {
    Some(match op {
        syn::BinOp::AddAssign(_) => Op::Add,
        syn::BinOp::SubAssign(_) => Op::Sub,
        syn::BinOp::MulAssign(_) => Op::Mul,
        syn::BinOp::DivAssign(_) => Op::Div,
        syn::BinOp::RemAssign(_) => Op::Rem,
        syn::BinOp::BitXorAssign(_) => Op::BitXor,
        syn::BinOp::BitAndAssign(_) => Op::BitAnd,
        syn::BinOp::BitOrAssign(_) => Op::BitOr,
        syn::BinOp::ShlAssign(_) => Op::Shl,
        syn::BinOp::ShrAssign(_) => Op::Shr,
        _ => return None,
    })
}
