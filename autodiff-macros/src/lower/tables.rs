//! Constants and statics: what is in them is a constant too, and they are lent, not copied.
//!
//! ```text
//! COEFFICIENTS[i].phase * t       t1 = COEFFICIENTS[i].phase; t1 * t
//! &TABLE, TABLE.len()             t1 = &TABLE
//! ```

use super::Lower;
use super::place::peel;
use super::value::Value;
use crate::ir::{Inert, Place, Rhs, Stmt, Ty, VarId, VarKind};

/// Code for an entry, what it uses, and its type.
struct Entry {
    expr: syn::Expr,
    uses: Vec<VarId>,
    ty: Ty,
}

impl Lower<'_> {
    /// Is it a constant by its name, or a field or an element of one?
    pub fn is_table(&mut self, expr: &syn::Expr) -> bool {
        match peel(expr) {
            syn::Expr::Path(path) => {
                let last = path.path.segments.last().map(|s| s.ident.to_string());
                let named = last.is_some_and(|name| !name.contains(char::is_lowercase));
                named && self.local_value(path).is_none()
            }
            _ => self.is_entry(expr),
        }
    }

    /// Is it a field or an element of what is no local variable?
    pub fn is_entry(&mut self, expr: &syn::Expr) -> bool {
        let base = match peel(expr) {
            syn::Expr::Index(e) if !matches!(peel(&e.index), syn::Expr::Range(_)) => &e.expr,
            syn::Expr::Field(e) => &e.base,
            _ => return false,
        };
        match peel(base) {
            syn::Expr::Path(path) => self.local_value(path).is_none(),
            base => self.is_entry(base),
        }
    }

    /// What an entry holds.
    pub fn entry(&mut self, expr: &syn::Expr) -> Value {
        let Entry { expr, uses, ty } = self.entry_code(expr);
        Value::Rhs(Rhs::Inert(table(expr, uses)), ty)
    }

    /// The place behind a reference to a constant.
    pub fn lent_table(&mut self, expr: &syn::Expr) -> Place {
        let var = self.table_reference(expr);
        self.through(Place::var(var))
    }

    /// A reference to a constant.
    pub fn table_reference(&mut self, expr: &syn::Expr) -> VarId {
        let Entry { expr, uses, ty } = self.entry_code(expr);
        let ty = Ty::Ref(false, Box::new(ty));
        let var = self.fresh("t", ty, VarKind::Value);
        let rhs = Rhs::Inert(table(syn::parse_quote!(&#expr), uses));
        self.out.push(Stmt::Let { var, rhs });
        var
    }

    fn entry_code(&mut self, expr: &syn::Expr) -> Entry {
        match peel(expr) {
            syn::Expr::Index(e) => {
                let Entry { expr, mut uses, ty } = self.entry_code(&e.expr);
                let index = self.operand(&e.index);
                uses.extend(index.as_var());
                let index = self.mentioned(&index);
                let (expr, ty) = (syn::parse_quote!(#expr[#index]), ty.element());
                Entry { expr, uses, ty }
            }
            syn::Expr::Field(e) => {
                let Entry { expr, uses, .. } = self.entry_code(&e.base);
                let (member, ty) = (&e.member, Ty::Unknown);
                let expr = syn::parse_quote!(#expr.#member);
                Entry { expr, uses, ty }
            }
            other => {
                let ty = match other {
                    syn::Expr::Path(path) => self.constant_ty(path),
                    _ => Ty::Unknown,
                };
                let (expr, uses) = (other.clone(), Vec::new());
                Entry { expr, uses, ty }
            }
        }
    }
}

fn table(expr: syn::Expr, uses: Vec<VarId>) -> Inert {
    Inert {
        expr,
        uses,
        writes: Vec::new(),
        cheap: true,
        what: "a table".to_owned(),
    }
}
