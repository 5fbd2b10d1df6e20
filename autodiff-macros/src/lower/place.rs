//! Expressions that denote places, and what a value means as one.
//!
//! ```text
//! m[i][j].0      read (*m)[i][j].0, the reference gone through
//! ```

use super::Lower;
use super::scope::Binding;
use super::source::Source;
use super::value::Value;
use crate::ir::{Entry, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};
use proc_macro2::Ident;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// The type of a place.
    pub fn place_ty(&self, place: &Place) -> Ty {
        self.function.place_ty(&self.function.resolve(place))
    }

    /// Goes through references until the place is no reference itself.
    pub fn through(&self, mut place: Place) -> Place {
        while matches!(self.place_ty(&place), Ty::Ref(..)) {
            place = place.then(Proj::Deref);
        }
        place
    }

    /// What a local's name means; `None` for what is no local.
    pub fn local_value(&mut self, path: &syn::ExprPath) -> Option<Value> {
        if path.qself.is_some() {
            return None;
        }
        match self.scopes.get(path.path.get_ident()?)? {
            Binding::Var(v) => {
                let place = Place::var(*v);
                let var = self.function.var(*v);
                let mutable = match (&var.kind, &var.ty) {
                    (VarKind::View { mutable, .. }, _) | (_, Ty::Ref(mutable, _)) => *mutable,
                    _ => return Some(Value::Place(place)),
                };
                let place = place.then(Proj::Deref);
                Some(Value::Ref { place, mutable })
            }
            Binding::Value(value) => Some(value.clone()),
            Binding::Option(variable) => {
                let variable = *variable;
                Some(self.option_read(variable))
            }
            Binding::Copies(var) => {
                let place = self.copy_of_variable(*var);
                let mutable = false;
                Some(Value::Ref { place, mutable })
            }
            Binding::Moving(target) => {
                let target = target.clone();
                Some(self.moved_to(&target))
            }
            Binding::Iter(variable) => {
                let variable = variable.clone();
                Some(self.rest_of(&variable))
            }
            Binding::Fn(f) => Some(Value::Fun(f.clone())),
            Binding::Item => None,
        }
    }

    /// The place that an expression denotes or refers to; a value is put into a temporary.
    pub fn place(&mut self, expr: &syn::Expr) -> Place {
        let value = self.value(expr);
        self.place_of(value)
    }

    /// The place of a value, references gone through.
    pub fn place_of(&mut self, value: Value) -> Place {
        match value {
            Value::Place(p) | Value::Ref { place: p, .. } => self.through(p),
            other => {
                let operand = self.operand_of(other);
                if let (Operand::Const(c), true) = (&operand, operand.is_named_constant()) {
                    return self.lent_table(&c.expr);
                }
                let var = self.in_variable(operand);
                self.through(Place::var(var))
            }
        }
    }

    /// The operand as a variable.
    pub fn in_variable(&mut self, operand: Operand) -> VarId {
        match operand {
            Operand::Var(v) => v,
            Operand::Const(c) => {
                let ty = c.ty.clone();
                let var = self.fresh("t", ty, VarKind::Value);
                let rhs = Rhs::Use(Operand::Const(c));
                self.out.push(Stmt::Let { var, rhs });
                var
            }
        }
    }

    /// `base.member`
    pub fn field(&mut self, e: &syn::ExprField) -> Value {
        let base = self.value(&e.base);
        if let (Value::Tuple(parts), syn::Member::Unnamed(k)) = (&base, &e.member)
            && let Some(part) = parts.get(k.index as usize)
        {
            return part.clone();
        }
        if let (Value::Record(parts), syn::Member::Named(name)) = (&base, &e.member)
            && let Some((_, part)) = parts.iter().find(|(part, _)| name == part)
        {
            return part.clone();
        }
        let place = self.place_of(base);
        let step = match &e.member {
            syn::Member::Named(name) if name == "coords" && self.place_ty(&place).is_matrix() => {
                Proj::Inside(Some(name.clone()))
            }
            member => Proj::Field(member.clone()),
        };
        Value::Place(place.then(step))
    }

    /// `base[index]`, where the index may be a range.
    pub fn index(&mut self, base: Value, index: &syn::Expr) -> Value {
        if let (Value::Iter(source), false) = (&base, matches!(peel(index), syn::Expr::Range(_))) {
            let k = self.operand(index);
            return self.item(source, k);
        }
        if let Value::Block(block) = &base {
            return Value::Place(self.block_element(block, index));
        }
        let place = self.place_of(base);
        let proj = match peel(index) {
            syn::Expr::Range(range) => self.range_proj(range),
            index if self.has_entries(&place, index) => self.entry_at(&place, index),
            index => match self.kept_range(index) {
                Some(proj) => proj,
                None => Proj::Index(self.index_pair(index)),
            },
        };
        Value::Place(place.then(proj))
    }

    /// A range that has a name: `x[r.clone()]`.
    fn kept_range(&mut self, index: &syn::Expr) -> Option<Proj> {
        let named = match index {
            syn::Expr::MethodCall(call) if call.method == "clone" => peel(&call.receiver),
            index => index,
        };
        if !matches!(named, syn::Expr::Path(path) if self.local_value(path).is_some()) {
            return None;
        }
        let mark = self.mark();
        match self.value(named) {
            Value::Iter(source) => {
                if let Source::Range { lo, hi, inclusive } = *source {
                    let hi = if inclusive { self.plus_one(hi) } else { hi };
                    let (lo, hi) = (Some(lo), Some(hi));
                    return Some(Proj::Range { lo, hi });
                }
            }
            Value::Place(place) | Value::Ref { place, .. } if self.ranges.contains(&place.root) => {
                let range = Operand::Var(place.root);
                let name = self.mentioned(&range);
                let mut end = |code| self.built(code, &[&range], Ty::Int, true);
                let lo = Some(end(syn::parse_quote!(#name.start)));
                let hi = Some(end(syn::parse_quote!(#name.end)));
                return Some(Proj::Range { lo, hi });
            }
            _ => {}
        }
        self.roll_back(mark);
        None
    }

    /// May `place[index]` be an entry of a type of the user's? Of a single index a type that is not told is taken for a list.
    fn has_entries(&self, place: &Place, index: &syn::Expr) -> bool {
        let told = place.is_whole() && self.own.contains(&place.root);
        match self.place_ty(place) {
            Ty::Struct(_) => true,
            Ty::Unknown => told || matches!(index, syn::Expr::Tuple(_)),
            _ => false,
        }
    }

    fn entry_at(&mut self, place: &Place, index: &syn::Expr) -> Proj {
        let index = self.index_pair(index);
        let position = Rhs::Position {
            place: place.clone(),
            index: index.clone(),
        };
        Proj::Entry(Entry {
            index,
            position: self.temp(position, Ty::Inert),
            of_tangent: false,
        })
    }

    /// A range as a step of a path.
    pub fn range_proj(&mut self, range: &syn::ExprRange) -> Proj {
        let lo = range.start.as_ref().map(|e| self.operand(e));
        let hi = range.end.as_ref().map(|e| self.operand(e));
        let hi = match (hi, range.limits) {
            (Some(hi), syn::RangeLimits::Closed(_)) => Some(self.plus_one(hi)),
            (hi, _) => hi,
        };
        Proj::Range { lo, hi }
    }

    /// `&expr` or `&mut expr`.
    pub fn reference(&mut self, expr: &syn::Expr, mutable: bool) -> Value {
        if let (true, syn::Expr::Path(path)) = (mutable, peel(expr))
            && self.is_moving(path)
        {
            self.diagnostics.rebound_reference(path.span());
            return super::failed();
        }
        if !mutable && self.is_table(expr) {
            let place = self.lent_table(peel(expr));
            return Value::Ref { place, mutable };
        }
        if let (true, syn::Expr::Path(path)) = (mutable, peel(expr))
            && let Some(drawn) = self.lent_iterator(path)
        {
            return drawn;
        }
        match self.value(expr) {
            Value::Place(place) => Value::Ref { place, mutable },
            Value::Ref { place, .. } if !self.is_reference(expr) => Value::Ref { place, mutable },
            Value::Optional(optional) => Value::Optional(Box::new(optional.lent(mutable))),
            Value::Iter(source) if !mutable && matches!(*source, Source::Range { .. }) => {
                let range = self.operand_of(Value::Iter(source));
                self.reference_to_value(Value::Operand(range), mutable)
            }
            value @ (Value::Iter(_) | Value::Fun(_) | Value::Ref { .. }) => value,
            value @ Value::Tuple(_) if !mutable => self.settled(value),
            Value::Operand(Operand::Var(v)) if !mutable => Value::Ref {
                place: Place::var(v),
                mutable,
            },
            other => self.reference_to_value(other, mutable),
        }
    }

    /// Does the expression denote a local reference, so that `&` gives a reference to a reference?
    fn is_reference(&mut self, expr: &syn::Expr) -> bool {
        match peel(expr) {
            syn::Expr::Path(p) => matches!(self.local_value(p), Some(Value::Ref { .. })),
            _ => false,
        }
    }

    /// `&value`, which gets a variable of its own.
    pub fn reference_to_value(&mut self, value: Value, mutable: bool) -> Value {
        let (rhs, ty) = self.rhs_of(value);
        let kind = if mutable {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let var = self.fresh("t", ty, kind);
        self.out.push(Stmt::Let { var, rhs });
        let place = Place::var(var);
        Value::Ref { place, mutable }
    }

    /// A variable that is a name for a place that does not change.
    pub fn view(&mut self, name: Option<&Ident>, place: Place) -> VarId {
        let target = self.function.resolve(&place);
        let ty = Ty::Ref(false, Box::new(self.function.place_ty(&target)));
        let mutable = false;
        let kind = VarKind::View { mutable, target };
        let var = match name {
            Some(name) => self.local(name, ty, kind),
            None => self.fresh("t", ty, kind),
        };
        let rhs = Rhs::Borrow { mutable, place };
        self.out.push(Stmt::Let { var, rhs });
        var
    }
}

/// The expression without parentheses and groups.
pub fn peel(expr: &syn::Expr) -> &syn::Expr {
    match expr {
        syn::Expr::Paren(p) => peel(&p.expr),
        syn::Expr::Group(g) => peel(&g.expr),
        other => other,
    }
}
