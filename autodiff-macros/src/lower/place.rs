//! Expressions that denote places, and what a value means as one.

use super::Lower;
use super::expr::Value;
use super::scope::Binding;
use crate::ir::{Operand, Place, Proj, Rhs, Stmt, Ty, VarKind};

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

    /// A local's place or reference; `None` for what is no local.
    pub fn local_value(&self, path: &syn::ExprPath) -> Option<Value> {
        if path.qself.is_some() {
            return None;
        }
        match self.scopes.get(path.path.get_ident()?)? {
            Binding::Var(v) => {
                let place = Place::var(*v);
                Some(match &self.function.var(*v).kind {
                    VarKind::View { mutable, .. } => Value::Ref {
                        place: place.then(Proj::Deref),
                        mutable: *mutable,
                    },
                    _ => Value::Place(place),
                })
            }
            Binding::Alias { place, mutable } => Some(Value::Ref {
                place: place.clone(),
                mutable: *mutable,
            }),
            Binding::Closure(..) | Binding::Item => None,
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
                match operand {
                    Operand::Var(v) => self.through(Place::var(v)),
                    Operand::Const(c) => {
                        let ty = c.ty.clone();
                        let temp = self.temp(Rhs::Use(Operand::Const(c)), ty);
                        match temp.as_var() {
                            Some(v) => Place::var(v),
                            None => Place::var(crate::ir::VarId(0)),
                        }
                    }
                }
            }
        }
    }

    /// `base[index]`, where the index may be a range.
    pub fn index(&mut self, base: &syn::Expr, index: &syn::Expr) -> Value {
        let place = self.place(base);
        let proj = match peel(index) {
            syn::Expr::Range(range) => self.range_proj(range),
            index => {
                let index = self.operand(index);
                Proj::Index(index)
            }
        };
        Value::Place(place.then(proj))
    }

    fn range_proj(&mut self, range: &syn::ExprRange) -> Proj {
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
        match self.value(expr) {
            Value::Place(place) => Value::Ref { place, mutable },
            Value::Ref { place, .. } => Value::Ref { place, mutable },
            other => {
                let ty = self.value_ty(&other);
                let operand = self.operand_of(other);
                let kind = if mutable {
                    VarKind::Mutable
                } else {
                    VarKind::Value
                };
                let var = self.fresh("t", ty, kind);
                self.out.push(Stmt::Let {
                    var,
                    rhs: Rhs::Use(operand),
                });
                let place = Place::var(var);
                Value::Ref { place, mutable }
            }
        }
    }

    /// Gives a reference a name: a slice becomes a view, anything else an alias.
    pub fn bind_reference(&mut self, name: &proc_macro2::Ident, place: Place, mutable: bool) {
        let sliced = matches!(place.path.last(), Some(Proj::Range { .. }));
        if !sliced || mutable {
            self.scopes.bind(name, Binding::Alias { place, mutable });
            return;
        }
        let target = self.function.resolve(&place);
        let ty = Ty::Ref(false, Box::new(self.function.place_ty(&target)));
        let kind = VarKind::View {
            mutable: false,
            target,
        };
        let var = self.local(name, ty, kind);
        let rhs = Rhs::Borrow {
            mutable: false,
            place,
        };
        self.out.push(Stmt::Let { var, rhs });
        self.scopes.bind(name, Binding::Var(var));
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
