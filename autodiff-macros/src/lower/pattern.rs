//! What patterns bind and test.

use super::Lower;
use super::expr::Value;
use super::scope::Binding;
use crate::ir::{Inert, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};
use syn::spanned::Spanned;

impl Lower<'_> {
    /// Binds the names of an irrefutable pattern.
    pub fn bind_pattern(&mut self, pat: &syn::Pat, value: Value) {
        match pat {
            syn::Pat::Wild(_) | syn::Pat::Lit(_) | syn::Pat::Range(_) | syn::Pat::Path(_) => {
                if let Value::Rhs(rhs, _) = value {
                    self.discard(rhs);
                }
            }
            syn::Pat::Paren(p) => self.bind_pattern(&p.pat, value),
            syn::Pat::Type(p) => {
                let ty = &p.ty;
                self.bind_typed(&p.pat, Some(ty), value);
            }
            syn::Pat::Ident(_) => self.bind_typed(pat, None, value),
            syn::Pat::Reference(p) => {
                let value = match value {
                    Value::Ref { place, .. } => Value::Place(place),
                    Value::Place(p) => Value::Place(self.through(p)),
                    other => other,
                };
                self.bind_pattern(&p.pat, value);
            }
            syn::Pat::Tuple(p) => {
                let pats: Vec<&syn::Pat> = p.elems.iter().collect();
                let parts = self.parts(value, pats.len());
                for (pat, part) in pats.into_iter().zip(parts) {
                    self.bind_pattern(pat, part);
                }
            }
            syn::Pat::Slice(p) => self.bind_slice(p, value),
            syn::Pat::Or(_) => {}
            other => self.diagnostics.pattern(other.span()),
        }
    }

    /// The parts of a tuple.
    pub fn parts(&mut self, value: Value, count: usize) -> Vec<Value> {
        let reference = matches!(value, Value::Ref { .. });
        let mutable = matches!(value, Value::Ref { mutable: true, .. });
        if let Value::Tuple(parts) = value {
            return parts;
        }
        let place = self.place_of(value);
        let part = |k: usize| {
            let place = place.clone().then(Proj::Field(syn::Member::from(k)));
            if reference {
                Value::Ref { place, mutable }
            } else {
                Value::Place(place)
            }
        };
        (0..count).map(part).collect()
    }

    fn bind_slice(&mut self, pat: &syn::PatSlice, value: Value) {
        let reference = match &value {
            Value::Ref { mutable, .. } => Some(*mutable),
            _ => None,
        };
        let place = self.place_of(value);
        let count = pat.elems.len();
        let rest = pat.elems.iter().position(is_rest);
        for (k, element) in pat.elems.iter().enumerate() {
            let proj = match rest {
                Some(at) if k == at => self.rest_proj(&place, k, count - 1 - k),
                Some(at) if k > at => {
                    let index = self.back_from_end(&place, count - k);
                    Proj::Index(index)
                }
                _ => Proj::Index(super::int(k)),
            };
            let place = place.clone().then(proj);
            let value = match reference {
                Some(mutable) => Value::Ref { place, mutable },
                None => Value::Place(place),
            };
            match element {
                syn::Pat::Rest(_) => {}
                syn::Pat::Ident(p) if p.subpat.is_some() => {
                    let place = self.place_of(value);
                    self.bind_reference(&p.ident, place, reference == Some(true));
                }
                element => self.bind_pattern(element, value),
            }
        }
    }

    fn rest_proj(&mut self, place: &Place, before: usize, after: usize) -> Proj {
        let hi = (after > 0).then(|| self.back_from_end(place, after));
        Proj::Range {
            lo: Some(super::int(before)),
            hi,
        }
    }

    /// `len - back`
    fn back_from_end(&mut self, place: &Place, back: usize) -> Operand {
        let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
        let args = vec![len, super::int(back)];
        self.temp(Rhs::Op(crate::ir::Op::Sub, args), Ty::Int)
    }

    /// `let name: ty = value`
    pub fn bind_typed(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>, value: Value) {
        let syn::Pat::Ident(p) = pat else {
            return self.bind_pattern(pat, value);
        };
        if let (Some(by_ref), Value::Place(place)) = (&p.by_ref, &value) {
            let _ = by_ref;
            let place = place.clone();
            return self.bind_reference(&p.ident, place, p.mutability.is_some());
        }
        match value {
            Value::Ref { place, mutable } => {
                let place = self.through(place);
                self.bind_reference(&p.ident, place, mutable);
            }
            Value::Operand(Operand::Var(v)) if self.may_name(v, p, ty) => self.name(v, &p.ident),
            value => {
                let (rhs, known) = self.rhs_of(value);
                let var = self.declare(p, ty, known);
                self.out.push(Stmt::Let { var, rhs });
            }
        }
    }

    /// Is the variable a nameless value that an immutable binding without a type may have to itself?
    fn may_name(&self, var: VarId, p: &syn::PatIdent, ty: Option<&syn::Type>) -> bool {
        self.nameless.contains(&var) && p.mutability.is_none() && ty.is_none()
    }

    /// Gives a nameless value the user's name.
    fn name(&mut self, var: VarId, ident: &proc_macro2::Ident) {
        self.nameless.remove(&var);
        self.function.vars[var.0 as usize].ident = self.unique(ident);
        self.scopes.bind(ident, Binding::Var(var));
    }

    /// A variable for a name, with the type that is written or known.
    pub fn declare(&mut self, p: &syn::PatIdent, ty: Option<&syn::Type>, known: Ty) -> VarId {
        let written = ty.map(|t| self.ty(t)).filter(|t| *t != Ty::Unknown);
        let kind = if p.mutability.is_some() {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let var = self.local(&p.ident, written.unwrap_or(known), kind);
        self.function.vars[var.0 as usize].annotation = ty.cloned();
        self.scopes.bind(&p.ident, Binding::Var(var));
        var
    }

    /// Does the value match the pattern? `None` if it always does.
    pub fn pattern_test(&mut self, pat: &syn::Pat, value: &Value) -> Option<Operand> {
        match pat {
            syn::Pat::Wild(_) => None,
            syn::Pat::Ident(p) if p.subpat.is_none() && !is_constant(&p.ident) => None,
            syn::Pat::Paren(p) => self.pattern_test(&p.pat, value),
            syn::Pat::Reference(p) => self.pattern_test(&p.pat, value),
            syn::Pat::Tuple(p) if matches!(value, Value::Tuple(_)) => {
                let parts = self.parts(value.clone(), p.elems.len());
                let pairs: Vec<_> = p.elems.iter().zip(parts).collect();
                let tests = pairs.into_iter().map(|(p, v)| self.pattern_test(p, &v));
                let tests: Vec<Operand> = tests.collect::<Vec<_>>().into_iter().flatten().collect();
                let mut tests = tests.into_iter();
                let first = tests.next()?;
                Some(tests.fold(first, |all, test| {
                    self.temp(Rhs::Op(crate::ir::Op::And, vec![all, test]), Ty::Bool)
                }))
            }
            syn::Pat::Slice(p) => {
                let place = self.place_of(value.clone());
                let len = self.temp(Rhs::Len(place), Ty::Int);
                let rest = p.elems.iter().any(is_rest);
                let count = super::int(p.elems.len() - usize::from(rest));
                let op = if rest {
                    crate::ir::Op::Ge
                } else {
                    crate::ir::Op::Eq
                };
                Some(self.temp(Rhs::Op(op, vec![len, count]), Ty::Bool))
            }
            pat => Some(self.matches(pat, value)),
        }
    }

    /// `matches!(value, pattern)`
    fn matches(&mut self, pat: &syn::Pat, value: &Value) -> Operand {
        let operand = self.operand_of(value.clone());
        let expr = self.mentioned(&operand);
        let inert = Inert {
            expr: syn::parse_quote!(::core::matches!(#expr, #pat)),
            uses: operand.as_var().into_iter().collect(),
            writes: Vec::new(),
            cheap: true,
            what: "a pattern".to_owned(),
        };
        self.temp(Rhs::Inert(inert), Ty::Bool)
    }
}

fn is_rest(pat: &syn::Pat) -> bool {
    match pat {
        syn::Pat::Rest(_) => true,
        syn::Pat::Ident(p) => matches!(&p.subpat, Some((_, sub)) if is_rest(sub)),
        _ => false,
    }
}

/// Is the name that of a constant rather than a binding?
fn is_constant(name: &proc_macro2::Ident) -> bool {
    let name = name.to_string();
    name.chars().next().is_some_and(char::is_uppercase)
}
