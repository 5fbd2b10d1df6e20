//! Expressions to values.
//!
//! ```text
//! a * x[i] + 1.0        t1 = read x[i]; t2 = a * t1; t2 + 1.0
//! ```

use super::option::none;
use super::place::peel;
use super::value::{Callable, Value};
use super::{Lower, constant, int};
use crate::case::{is_constant_name, is_upper};
use crate::emit::types::Wrapper;
use crate::ir::{Aggregate, Arg, FloatTy, Op, Operand, Place, Proj, Rhs, Ty};
use crate::rules;

impl Lower<'_> {
    /// Lowers an expression.
    pub fn value(&mut self, expr: &syn::Expr) -> Value {
        if !matches!(expr, syn::Expr::Paren(_) | syn::Expr::MethodCall(_)) {
            self.unwrapped = self.held.take().is_some();
        }
        match expr {
            syn::Expr::Paren(e) => self.value(&e.expr),
            syn::Expr::Group(e) => self.value(&e.expr),
            syn::Expr::Lit(lit) => literal(lit),
            syn::Expr::Path(path) => self.path(path),
            syn::Expr::Unary(unary) => self.unary(unary),
            syn::Expr::Binary(binary) => self.binary(binary),
            syn::Expr::Assign(assign) => self.assignment(assign),
            syn::Expr::Index(_) | syn::Expr::Field(_) if self.is_entry(expr) => self.entry(expr),
            syn::Expr::Index(e) => self.index_value(e),
            syn::Expr::Field(e) => self.field(e),
            syn::Expr::Reference(e) => self.reference(&e.expr, e.mutability.is_some()),
            syn::Expr::Cast(e) => self.cast(e),
            syn::Expr::Tuple(e) if e.elems.is_empty() => Value::Unit,
            syn::Expr::Tuple(e) => Value::Tuple(e.elems.iter().map(|e| self.part(e)).collect()),
            syn::Expr::Array(e) => self.array(e),
            syn::Expr::Repeat(e) => self.repeat(e),
            syn::Expr::Block(e) => self.labelled_block(e, true),
            syn::Expr::If(e) => self.if_value(e, true),
            syn::Expr::Match(e) => self.match_value(e, true),
            syn::Expr::Loop(e) => self.loop_value(e),
            syn::Expr::ForLoop(e) => self.for_loop(e),
            syn::Expr::While(e) => self.while_loop(e),
            syn::Expr::Try(e) => self.question_mark(e),
            syn::Expr::Return(e) => self.return_value(e),
            syn::Expr::Break(e) => self.break_value(e),
            syn::Expr::Continue(e) => self.continue_loop(e),
            syn::Expr::Call(e) => self.call(e),
            syn::Expr::MethodCall(e) => self.method(e),
            syn::Expr::Struct(e) => self.struct_literal(e),
            syn::Expr::Macro(e) => self.macro_value(&e.mac, expr),
            syn::Expr::Closure(e) => Value::Fun(self.closure(e)),
            syn::Expr::Range(e) => match self.range_source(e) {
                Some(source) => self.range(source),
                None => self.inert(expr, Ty::Inert),
            },
            _ => self.inert(expr, Ty::Unknown),
        }
    }

    /// An array; one of references or functions is a list of what they stand for.
    fn array(&mut self, e: &syn::ExprArray) -> Value {
        let parts: Vec<Value> = e.elems.iter().map(|e| self.part(e)).collect();
        if let Some(list) = self.listed(&parts) {
            return list;
        }
        let parts: Vec<Operand> = parts.into_iter().map(|p| self.operand_of(p)).collect();
        self.list(Aggregate::Array, parts)
    }

    /// A part of a tuple: evaluated where it stands.
    pub fn part(&mut self, expr: &syn::Expr) -> Value {
        if let syn::Expr::Reference(e) = peel(expr)
            && e.mutability.is_none()
            && self.is_table(&e.expr)
        {
            return Value::Operand(Operand::Var(self.table_reference(&e.expr)));
        }
        let value = self.value(expr);
        self.settled(value)
    }

    fn repeat(&mut self, e: &syn::ExprRepeat) -> Value {
        let value = self.operand(&e.expr);
        let element = self.function.operand_ty(&value).clone().unless_inert();
        let len = constant((*e.len).clone(), Ty::Int);
        let vec = false;
        Value::Rhs(
            Rhs::Repeat { vec, value, len },
            Ty::Array(Box::new(element)),
        )
    }

    /// `base[index]`
    fn index_value(&mut self, e: &syn::ExprIndex) -> Value {
        let mark = self.mark();
        let base = self.value(&e.expr);
        if *self.value_ty(&base).peel() == Ty::Inert {
            self.roll_back(mark);
            return self.inert(&syn::Expr::Index(e.clone()), Ty::Inert);
        }
        self.index(base, &e.index)
    }

    /// An array or a `Vec` of these elements.
    pub fn list(&mut self, kind: Aggregate, parts: Vec<Operand>) -> Value {
        let types = parts.iter().map(|o| self.function.operand_ty(o).clone());
        let element = types.fold(Ty::Unknown, |best, ty| match best {
            Ty::Unknown | Ty::Inert | Ty::Float(FloatTy::Literal) => match ty {
                Ty::Unknown | Ty::Inert => best.unless_inert(),
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

    fn path(&mut self, path: &syn::ExprPath) -> Value {
        if let Some(local) = self.local_value(path) {
            return local;
        }
        if super::wrapper::wrapper_named(&path.path) == Some((Wrapper::Option, false)) {
            return none();
        }
        if self.names_function(path) {
            return Value::Fun(Callable::Path(path.clone()));
        }
        let ty = self.constant_ty(path);
        let expr = syn::Expr::Path(path.clone());
        Value::Operand(constant(expr, ty))
    }

    /// `std::f64::consts::PI`, `f64::EPSILON`, `N`
    pub fn constant_ty(&self, path: &syn::ExprPath) -> Ty {
        let segments = || path.path.segments.iter();
        if let Some(ty) = path
            .path
            .get_ident()
            .and_then(|n| self.constants.get(&n.to_string()))
        {
            return ty.clone();
        }
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
        if of_integer {
            return Ty::Int;
        }
        self.associated_constant_ty(path).unwrap_or_default()
    }

    /// `Self::GAMMA`, a number by all constants of the name in the file.
    fn associated_constant_ty(&self, path: &syn::ExprPath) -> Option<Ty> {
        let [owner, name] = [1, 0].map(|k| path.path.segments.iter().rev().nth(k));
        let (owner, name) = (owner?.ident.to_string(), name?.ident.to_string());
        if !is_upper(&owner) || !is_constant_name(&name) {
            return None;
        }
        let number = |ty: Option<syn::Type>| {
            let ty = super::types::known(&ty?, &self.floats);
            matches!(ty, Ty::Float(_) | Ty::Int).then_some(ty)
        };
        let mut types = self.file()?.constants(&name).into_iter().map(number);
        let first = types.next()??;
        types.all(|ty| ty.as_ref() == Some(&first)).then_some(first)
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Value {
        match unary.op {
            syn::UnOp::Deref(_) => self.dereferenced(&unary.expr),
            syn::UnOp::Neg(_) => self.negation(unary),
            _ => {
                let operand = self.operand(&unary.expr);
                let ty = self.function.operand_ty(&operand).clone();
                Value::Rhs(Rhs::Op(Op::Not, vec![operand]), ty)
            }
        }
    }

    /// `*expr`; a reference that the compiler sees through is its place already.
    fn dereferenced(&mut self, expr: &syn::Expr) -> Value {
        let value = self.value(expr);
        let known = |ty: &Ty| !matches!(ty, Ty::Ref(..) | Ty::Unknown | Ty::Inert);
        match value {
            Value::Ref { place, .. } => Value::Place(place),
            Value::Place(p) if matches!(self.place_ty(&p), Ty::Motion(_)) => {
                Value::Place(p.then(Proj::Inside(None)))
            }
            Value::Place(p) if known(&self.place_ty(&p)) => Value::Place(p),
            Value::Place(p) => Value::Place(p.then(Proj::Deref)),
            Value::Rhs(..) | Value::Operand(Operand::Var(_))
                if matches!(self.value_ty(&value), Ty::Motion(_)) =>
            {
                let operand = self.operand_of(value);
                Value::Place(Place::var(self.in_variable(operand)).then(Proj::Inside(None)))
            }
            Value::Rhs(..) | Value::Operand(Operand::Var(_)) if !known(&self.value_ty(&value)) => {
                let operand = self.operand_of(value);
                Value::Place(Place::var(self.in_variable(operand)).then(Proj::Deref))
            }
            other => other,
        }
    }

    fn negation(&mut self, unary: &syn::ExprUnary) -> Value {
        let arg = self.arithmetic_arg(&unary.expr);
        let ty = self.arg_ty(&arg);
        match (arg, peel(&unary.expr)) {
            (Arg::Value(Operand::Const(_)), syn::Expr::Lit(_)) => {
                Value::Operand(constant(syn::Expr::Unary(unary.clone()), ty))
            }
            (arg, _) => self.arithmetic_operation(Op::Neg, vec![arg]),
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Value {
        if let Some(op) = compound(&binary.op) {
            if self.is_opaque_place(&binary.left) {
                return self.inert(&syn::Expr::Binary(binary.clone()), Ty::Unit);
            }
            return self.compound_assignment(op, &binary.left, &binary.right);
        }
        let Some(op) = operator(&binary.op) else {
            return Value::Unit;
        };
        if matches!(op, Op::And | Op::Or) {
            return self.short_circuit(op, &binary.left, &binary.right);
        }
        let mark = self.mark();
        let left = self.arithmetic_arg(&binary.left);
        let left = self.evaluated_before(left, std::iter::once(&*binary.right));
        let right = self.arithmetic_arg(&binary.right);
        if let Some(test) = self.comparison_of_matrices(op, &binary.op, [&left, &right]) {
            return test;
        }
        if self.compares_others(op, &[&left, &right]) && self.roll_back(mark) {
            return self.inert(&syn::Expr::Binary(binary.clone()), Ty::Bool);
        }
        let args = vec![left, right];
        let motion = |arg: &Arg| matches!(self.arg_ty(arg).peel(), Ty::Motion(_));
        if matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div)
            && !args.iter().any(motion)
            && (self.is_own(&binary.left) || self.is_own(&binary.right))
        {
            return Value::Rhs(Rhs::Dispatch { op, args }, Ty::Unknown);
        }
        self.arithmetic_operation(op, args)
    }

    /// A binary operator.
    pub fn operation(&mut self, op: Op, left: Operand, right: Operand) -> Value {
        self.arithmetic_operation(op, vec![Arg::Value(left), Arg::Value(right)])
    }

    /// `x as f64`; nothing happens to what is one already.
    fn cast(&mut self, cast: &syn::ExprCast) -> Value {
        let value = self.value(&cast.expr);
        if let (Value::Fun(_), true) = (&value, super::types::is_called(&cast.ty)) {
            return value;
        }
        let value = self.behind(value);
        let operand = self.operand_of(value);
        let ty = self.ty(&cast.ty);
        let from = self.function.operand_ty(&operand);
        let same = ty.is_float() && (*from == ty || *from == Ty::Float(FloatTy::Literal));
        match &operand {
            Operand::Var(v) if same => {
                let place = Place::var(*v);
                self.function.vars[place.root.0 as usize].ty = ty;
                Value::Operand(operand)
            }
            _ => Value::Rhs(Rhs::Cast(operand, (*cast.ty).clone()), ty),
        }
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
        known.cloned().unwrap_or_default().unless_inert()
    }
}

fn literal(lit: &syn::ExprLit) -> Value {
    let ty = match &lit.lit {
        syn::Lit::Float(f) => Ty::Float(float_suffix(f.suffix())),
        syn::Lit::Int(i) if i.suffix().starts_with('f') => Ty::Float(float_suffix(i.suffix())),
        syn::Lit::Int(_) => Ty::Int,
        syn::Lit::Bool(_) => Ty::Bool,
        _ => Ty::Inert,
    };
    Value::Operand(constant(syn::Expr::Lit(lit.clone()), ty))
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
