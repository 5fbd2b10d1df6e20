//! What an expression is before it is put into a variable, and how it gets there.
//!
//! ```text
//! (&x[..n], a * b)      Tuple[Ref(x[..n]), Rhs(a * b)]      nothing is built until it has to be
//! ```

use super::Lower;
use super::matrix::Block;
use super::option::Optional;
use super::scope::Scopes;
use super::source::Source;
use crate::ir::{Aggregate, FloatTy, Inert, Operand, Place, Proj, Rhs, Stmt, Ty, VarKind};
use quote::quote;
use std::rc::Rc;

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
    /// An iterator.
    Iter(Box<Source>),
    /// An `Option` that the compiler sees through.
    Optional(Box<Optional>),
    /// A closure or the path of a function.
    Fun(Callable),
    /// Matrices by name: the parts of a factorisation.
    Record(Vec<(&'static str, Value)>),
    /// A part of a matrix that is changed in place.
    Block(Box<Block>),
    /// `()`
    Unit,
}

/// Something that can be called, inlined where it is.
#[derive(Clone, Debug)]
pub enum Callable {
    /// A closure and the names that it sees.
    Closure(Rc<syn::ExprClosure>, Scopes),
    /// `f64::max`, `helper`
    Path(syn::ExprPath),
    /// A parameter that is a function.
    Param(crate::ir::VarId),
    /// One of several.
    Choice(super::choice::Choice),
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
            Value::Fun(_) => Ty::Inert,
            Value::Iter(_) | Value::Optional(_) | Value::Block(_) | Value::Record(_) => Ty::Unknown,
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
            Value::Place(p) => self.read(p),
            Value::Ref { place, mutable } => self.read_reference(place, mutable),
            Value::Tuple(parts) => {
                let parts = parts.into_iter().map(|p| self.operand_of(p));
                let operands: Vec<Operand> = parts.collect();
                let types = operands.iter().map(|o| self.function.operand_ty(o).clone());
                let ty = Ty::Tuple(types.collect());
                (Rhs::Aggregate(Aggregate::Tuple, operands), ty)
            }
            Value::Iter(source) => self.iterator_rhs(&source),
            Value::Optional(optional) => self.option_rhs(*optional),
            Value::Fun(Callable::Path(path)) => {
                let ty = self.constant_ty(&path);
                let path = super::constant(syn::Expr::Path(path), ty.clone());
                (Rhs::Use(path), ty)
            }
            Value::Fun(_) => {
                self.diagnostics.closure_as_value(self.span);
                (Rhs::Use(super::int(0)), Ty::Unknown)
            }
            Value::Record(_) => {
                self.diagnostics.factors_as_value(self.span);
                (Rhs::Use(super::int(0)), Ty::Unknown)
            }
            Value::Block(_) => {
                self.diagnostics.block_as_value(self.span);
                (Rhs::Use(super::int(0)), Ty::Unknown)
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
        let stays = match place.path.last() {
            Some(Proj::Payload(_)) => !ty.is_copy(),
            Some(Proj::Index(_)) => ty.holds_list(),
            _ => false,
        };
        if stays || ty.is_matrix() && !place.path.is_empty() {
            return (Rhs::copy(place, &ty), ty);
        }
        (Rhs::Read(place), ty)
    }

    /// A reference where a value is wanted: arithmetic goes through it; a container is handed on as it is.
    fn read_reference(&mut self, place: Place, mutable: bool) -> (Rhs, Ty) {
        let place = self.through(place);
        let ty = self.place_ty(&place);
        if ty.is_matrix() {
            return (Rhs::copy(place, &ty), ty);
        }
        let container = matches!(ty, Ty::Slice(_) | Ty::Vec(_) | Ty::Array(_));
        if !container || mutable {
            return self.read(place);
        }
        if let (Some(Proj::Deref), 1) = (place.path.first(), place.path.len()) {
            return (Rhs::Use(Operand::Var(place.root)), ty);
        }
        let view = self.view(None, place);
        let ty = self.function.var(view).ty.clone();
        (Rhs::Use(Operand::Var(view)), ty)
    }

    /// A value that later statements do not change: a place is read, what is to be computed is computed.
    pub fn settled(&mut self, value: Value) -> Value {
        match value {
            Value::Rhs(rhs, ty) => Value::Operand(self.temp(rhs, ty)),
            Value::Place(p) => Value::Operand(self.operand_of(Value::Place(p))),
            Value::Tuple(parts) => {
                Value::Tuple(parts.into_iter().map(|p| self.settled(p)).collect())
            }
            Value::Optional(optional) => self.settled_option(*optional),
            other => other,
        }
    }

    /// A value that nobody uses: only its effect counts.
    pub fn drop_value(&mut self, value: Value) {
        match value {
            Value::Rhs(Rhs::Inert(inert), _) if !inert.cheap => self.out.push(Stmt::Effect(inert)),
            Value::Rhs(rhs, ty) => {
                self.temp(rhs, ty);
            }
            Value::Tuple(parts) => parts.into_iter().for_each(|p| self.drop_value(p)),
            Value::Optional(optional) => self.drop_option(*optional),
            _ => {}
        }
    }

    /// The value as a scalar or whatever else a reference to it refers to.
    pub fn behind(&self, value: Value) -> Value {
        match value {
            Value::Ref { place, .. } => Value::Place(self.through(place)),
            Value::Tuple(parts) => {
                Value::Tuple(parts.into_iter().map(|p| self.behind(p)).collect())
            }
            other => other,
        }
    }

    /// A settled value as what a reference to it means; a tuple stays one.
    pub fn by_reference(&mut self, value: Value) -> Value {
        match value {
            Value::Operand(operand) => {
                let place = Place::var(self.in_variable(operand));
                let mutable = false;
                Value::Ref { place, mutable }
            }
            Value::Place(place) => {
                let mutable = false;
                Value::Ref { place, mutable }
            }
            other => other,
        }
    }

    /// The value as code, and the variables in it; the variables keep their names from here on.
    pub fn code(&mut self, value: Value) -> (syn::Expr, Vec<crate::ir::VarId>) {
        let (place, mutable) = match value {
            Value::Place(p) => (p, None),
            Value::Ref { place, mutable } => (place, Some(mutable)),
            Value::Tuple(parts) => return self.tuple_code(parts),
            Value::Fun(Callable::Path(path)) => return (syn::Expr::Path(path), Vec::new()),
            Value::Fun(Callable::Param(var)) => {
                let name = &self.function.var(var).ident;
                return (syn::parse_quote!(#name), vec![var]);
            }
            Value::Fun(Callable::Closure(closure, seen)) => {
                return self.closure_code(&closure, seen);
            }
            Value::Fun(Callable::Choice(choice)) => return self.choice_code(&choice),
            other => {
                let operand = self.operand_of(other);
                let uses = operand.as_var().into_iter().collect();
                return (self.mentioned(&operand), uses);
            }
        };
        let mut uses = Vec::new();
        crate::ir::visit::place_mentions(&place, &mut |v| uses.push(v));
        uses.iter().for_each(|v| {
            self.nameless.remove(v);
        });
        let tokens = super::inert::place_tokens(&self.function, &self.runtime, &place);
        let tokens = match mutable {
            None => tokens,
            Some(_) if matches!(place.path.as_slice(), [Proj::Deref]) => {
                let name = &self.function.var(place.root).ident;
                quote!(#name)
            }
            Some(true) => quote!((&mut #tokens)),
            Some(false) => quote!((&#tokens)),
        };
        (syn::Expr::Verbatim(tokens), uses)
    }

    fn tuple_code(&mut self, parts: Vec<Value>) -> (syn::Expr, Vec<crate::ir::VarId>) {
        let mut uses = Vec::new();
        let mut code = Vec::new();
        for part in parts {
            let (expr, more) = self.code(part);
            code.push(expr);
            uses.extend(more);
        }
        (syn::parse_quote!((#(#code,)*)), uses)
    }

    fn closure_code(
        &mut self,
        closure: &syn::ExprClosure,
        seen: Scopes,
    ) -> (syn::Expr, Vec<crate::ir::VarId>) {
        let here = std::mem::replace(&mut self.scopes, seen);
        let inert = self.verbatim(syn::Expr::Closure(closure.clone()), "a closure");
        self.scopes = here;
        let expr = &inert.expr;
        (syn::parse_quote!((#expr)), inert.uses)
    }

    /// Code made of values: an integer, a `bool`, or anything else without derivative.
    pub fn built(&mut self, expr: syn::Expr, uses: &[&Operand], ty: Ty, cheap: bool) -> Operand {
        let uses = uses.iter().filter_map(|o| o.as_var()).collect();
        let inert = Inert {
            expr,
            uses,
            writes: Vec::new(),
            cheap,
            what: "this expression".to_owned(),
        };
        self.temp(Rhs::Inert(inert), ty)
    }

    /// An integer or `bool` made of operands: may be evaluated again.
    pub fn cheap(&mut self, expr: syn::Expr, operands: &[&Operand], ty: Ty) -> Operand {
        self.built(expr, operands, ty, true)
    }
}

/// The better known of two types of one value.
pub fn join(a: Ty, b: Ty) -> Ty {
    match (a, b) {
        (Ty::Inert, Ty::Inert) => Ty::Inert,
        (Ty::Inert, ty) | (ty, Ty::Inert) => ty,
        (Ty::Unknown, ty) | (ty, Ty::Unknown) => ty.unless_inert(),
        (Ty::Float(FloatTy::Literal), ty @ Ty::Float(_)) => ty,
        (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => {
            Ty::Tuple(a.into_iter().zip(b).map(|(a, b)| join(a, b)).collect())
        }
        (Ty::Vec(a), Ty::Vec(b)) => Ty::Vec(Box::new(join(*a, *b))),
        (Ty::Matrix(a), Ty::Matrix(b)) => Ty::Matrix(Box::new(join(*a, *b))),
        (Ty::Array(a), Ty::Array(b)) => Ty::Array(Box::new(join(*a, *b))),
        (Ty::Ref(m, a), Ty::Ref(_, b)) => Ty::Ref(m, Box::new(join(*a, *b))),
        (Ty::Option(a), Ty::Option(b)) => Ty::Option(Box::new(join(*a, *b))),
        (Ty::Result(a), Ty::Result(b)) => Ty::Result(Box::new(join(*a, *b))),
        (a, _) => a,
    }
}
