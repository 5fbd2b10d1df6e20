//! What patterns test.
//!
//! ```text
//! match n { 0 => a, 1..=3 => b, _ => c }      if n == 0 { a } else { if matches!(n, 1..=3) { b } else { c } }
//! ```

use super::pattern::{is_constant, is_rest};
use super::value::Value;
use super::wrapper::wrapper_named;
use super::{Lower, boolean};
use crate::emit::types::Wrapper;
use crate::ir::{Inert, Op, Operand, Rhs, Ty};
use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

impl Lower<'_> {
    /// Does the value match the pattern? `None` if it always does.
    pub fn pattern_test(&mut self, pat: &syn::Pat, value: &Value) -> Option<Operand> {
        match pat {
            syn::Pat::Wild(_) | syn::Pat::Rest(_) => None,
            syn::Pat::Ident(p) if !is_constant(&p.ident) => match &p.subpat {
                Some((_, sub)) => self.pattern_test(sub, value),
                None => None,
            },
            syn::Pat::Paren(p) => self.pattern_test(&p.pat, value),
            syn::Pat::Type(p) => self.pattern_test(&p.pat, value),
            syn::Pat::Reference(p) => {
                let value = self.behind(value.clone());
                self.pattern_test(&p.pat, &value)
            }
            syn::Pat::Tuple(p) => {
                let parts = self.matched_parts(&p.elems, value.clone(), None);
                let pairs: Vec<_> = p.elems.iter().zip(parts).collect();
                let tests = pairs.into_iter().map(|(p, v)| self.pattern_test(p, &v));
                let tests: Vec<_> = tests.collect();
                self.all(tests.into_iter().flatten().collect())
            }
            syn::Pat::Or(p) => {
                let tests = p.cases.iter().map(|p| self.pattern_test(p, value));
                let tests: Option<Vec<Operand>> = tests.collect::<Vec<_>>().into_iter().collect();
                self.folded(Op::Or, tests?)
            }
            syn::Pat::Slice(p) => self.slice_test(p, value),
            syn::Pat::TupleStruct(p) if self.is_wrapper_pattern(&p.path, value) => {
                self.wrapped_test(p, value)
            }
            syn::Pat::Ident(p) if self.is_wrapper_pattern(&p.ident.clone().into(), value) => {
                Some(self.absent_test(value))
            }
            syn::Pat::Path(p) if self.is_wrapper_pattern(&p.path, value) => {
                Some(self.absent_test(value))
            }
            syn::Pat::Lit(p) if matches!(p.lit, syn::Lit::Bool(_)) => {
                let syn::Lit::Bool(wanted) = &p.lit else {
                    return None;
                };
                let value = self.operand_of(value.clone());
                if wanted.value {
                    return Some(value);
                }
                Some(self.temp(Rhs::Op(Op::Not, vec![value]), Ty::Bool))
            }
            syn::Pat::Lit(p) if matches!(p.lit, syn::Lit::Int(_) | syn::Lit::Float(_)) => {
                let value = self.operand_of(value.clone());
                let ty = self.function.operand_ty(&value).clone();
                let literal = super::constant(syn::Expr::Lit(p.clone()), ty);
                Some(self.temp(Rhs::Op(Op::Eq, vec![value, literal]), Ty::Bool))
            }
            pat => Some(self.matches(pat, value)),
        }
    }

    fn all(&mut self, tests: Vec<Operand>) -> Option<Operand> {
        self.folded(Op::And, tests)
    }

    fn folded(&mut self, op: Op, tests: Vec<Operand>) -> Option<Operand> {
        let mut tests = tests.into_iter();
        let first = tests.next()?;
        Some(tests.fold(first, |all, test| {
            self.temp(Rhs::Op(op, vec![all, test]), Ty::Bool)
        }))
    }

    /// `first`, and then what a test that is only possible after it gives.
    fn and_then(
        &mut self,
        first: Operand,
        second: impl FnOnce(&mut Self) -> Option<Operand>,
    ) -> Operand {
        let then = self.region(|lower| {
            let test = second(lower);
            Value::Operand(test.unwrap_or(boolean(true)))
        });
        if then.is_empty()
            && let Value::Operand(Operand::Const(_)) = then.value
        {
            return first;
        }
        let els = self.region(|_| Value::Operand(boolean(false)));
        let both = self.branch(first, then, els);
        self.operand_of(both)
    }

    fn slice_test(&mut self, pat: &syn::PatSlice, value: &Value) -> Option<Operand> {
        let place = self.place_of(value.clone());
        let rest = pat.elems.iter().any(is_rest);
        let elements = |lower: &mut Self| {
            let mut tests = Vec::new();
            for (k, element) in pat.elems.iter().enumerate() {
                if !is_rest(element) && !is_irrefutable(element) {
                    let at = lower.slice_part(pat, &place, k);
                    tests.extend(lower.pattern_test(element, &super::pattern::like(value, at)));
                }
            }
            lower.all(tests)
        };
        if matches!(self.place_ty(&place), Ty::Array(_)) {
            return elements(self);
        }
        let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
        let count = super::int(pat.elems.len() - usize::from(rest));
        let op = if rest { Op::Ge } else { Op::Eq };
        let fits = self.temp(Rhs::Op(op, vec![len, count]), Ty::Bool);
        Some(self.and_then(fits, elements))
    }

    /// `None`
    fn absent_test(&mut self, value: &Value) -> Operand {
        let some = self.opened(value.clone(), Some(Wrapper::Option)).some;
        self.temp(Rhs::Op(Op::Not, vec![some]), Ty::Bool)
    }

    /// `Some(pat)`, `Ok(pat)`, `Err(pat)`
    fn wrapped_test(&mut self, pat: &syn::PatTupleStruct, value: &Value) -> Option<Operand> {
        let ((kind, present), inner) = wrapper_named(&pat.path).zip(pat.elems.first())?;
        let optional = self.opened(value.clone(), Some(kind)).shown();
        let mut test = optional.some;
        if !present {
            test = self.temp(Rhs::Op(Op::Not, vec![test]), Ty::Bool);
        }
        if is_irrefutable(inner) {
            return Some(test);
        }
        Some(self.and_then(test, |lower| {
            let value = match optional.failure {
                Some(failure) if !present => lower.failure(failure),
                _ => lower.payload(optional.payload),
            };
            lower.pattern_test(inner, &value)
        }))
    }

    /// `matches!(value, pattern)`
    fn matches(&mut self, pat: &syn::Pat, value: &Value) -> Operand {
        let (expr, uses) = self.code(value.clone());
        let mut pat = pat.clone();
        Unbound.visit_pat_mut(&mut pat);
        // A pattern of a macro does not begin with dots: `..=0`.
        let begins_with = pat.to_token_stream().into_iter().next();
        if matches!(begins_with, Some(TokenTree::Punct(p)) if p.as_char() == '.') {
            pat = syn::parse_quote!((#pat));
        }
        let cheap = self.are_fixed(&uses);
        let inert = Inert {
            expr: syn::parse_quote!(::core::matches!(#expr, #pat)),
            uses,
            writes: Vec::new(),
            cheap,
            what: "a pattern".to_owned(),
        };
        self.temp(Rhs::Inert(inert), Ty::Bool)
    }
}

/// Takes out what a pattern binds: a test moves nothing.
struct Unbound;

impl VisitMut for Unbound {
    fn visit_pat_mut(&mut self, pat: &mut syn::Pat) {
        if let syn::Pat::Ident(p) = pat
            && !is_constant(&p.ident)
        {
            *pat = match p.subpat.take() {
                Some((_, sub)) => *sub,
                None => syn::parse_quote!(_),
            };
        }
        visit_mut::visit_pat_mut(self, pat);
    }

    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        field.colon_token.get_or_insert_default();
        visit_mut::visit_field_pat_mut(self, field);
    }
}

/// Does the pattern match whatever comes?
pub fn is_irrefutable(pat: &syn::Pat) -> bool {
    match pat {
        syn::Pat::Wild(_) => true,
        syn::Pat::Ident(p) => {
            !is_constant(&p.ident) && p.subpat.as_ref().is_none_or(|(_, s)| is_irrefutable(s))
        }
        syn::Pat::Reference(p) => is_irrefutable(&p.pat),
        syn::Pat::Paren(p) => is_irrefutable(&p.pat),
        syn::Pat::Tuple(p) => p.elems.iter().all(is_irrefutable),
        _ => false,
    }
}
