//! How rows and columns were exchanged in a factorisation: a value without derivative, and matrices that it is applied to.
//!
//! ```text
//! lu.p()                     p = `lu.p().clone()`
//! p.permute_rows(&mut m)     m = call matrix::permute_rows(&m, `p.clone()`)
//! ```

use super::super::Lower;
use super::super::value::Value;
use crate::ir::{Arg, Factors, Inert, Place, Rhs, Ty};
use syn::Expr;

/// What a permutation does to a matrix.
const EXCHANGES: &[&str] = &[
    "permute_rows",
    "inv_permute_rows",
    "permute_columns",
    "inv_permute_columns",
];

impl Lower<'_> {
    /// `lu.p()`, of `a.full_piv_lu()` also `q()`, and `unpack()`.
    pub(super) fn permutation(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let Ty::Factors(kind, _) = self.value_ty(receiver).peel().clone() else {
            return None;
        };
        let name = call.method.to_string();
        match (kind, name.as_str(), call.args.len()) {
            (Factors::Lu | Factors::FullPivLu, "p", 0) | (Factors::FullPivLu, "q", 0) => {
                let place = self.exchanges(receiver, &name);
                let mutable = false;
                Some(Value::Ref { place, mutable })
            }
            (Factors::Lu, "unpack", 0) => self.unpacked(receiver, call, &["p", "l", "u"]),
            (Factors::FullPivLu, "unpack", 0) => {
                self.unpacked(receiver, call, &["p", "l", "u", "q"])
            }
            _ => None,
        }
    }

    fn unpacked(
        &mut self,
        factors: &Value,
        call: &syn::ExprMethodCall,
        parts: &[&str],
    ) -> Option<Value> {
        let mut values = Vec::new();
        for part in parts {
            let method = syn::Ident::new(part, call.method.span());
            let call = syn::ExprMethodCall {
                method,
                ..call.clone()
            };
            values.push(match *part {
                "l" | "u" => self.called_method(factors, &call)?,
                part => Value::Place(self.exchanges(factors, part)),
            });
        }
        Some(Value::Tuple(values))
    }

    /// A permutation of a factorisation, in a variable.
    fn exchanges(&mut self, factors: &Value, part: &str) -> Place {
        let (factors, uses) = self.code(factors.clone());
        let part = syn::Ident::new(part, proc_macro2::Span::call_site());
        let inert = without_effect(syn::parse_quote!(#factors.#part().clone()), uses);
        let value = self.temp(Rhs::Inert(inert), Ty::Inert);
        Place::var(self.in_variable(value))
    }

    /// `p.permute_rows(&mut m)`
    pub(in crate::lower) fn permuted(
        &mut self,
        permutation: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        if call.args.is_empty() {
            return self.sign_of_permutation(permutation, call);
        }
        let [target] = call.args.iter().collect::<Vec<&Expr>>()[..] else {
            return None;
        };
        let name = EXCHANGES.iter().find(|exchange| **exchange == name)?;
        let matrix = self.value(target);
        let of_floats = |ty: &Ty| ty.peel().is_matrix() && ty.peel().element().is_float();
        let ty = self.value_ty(&matrix).clone();
        if !of_floats(&ty) {
            return None;
        }
        let (permutation, uses) = self.code(permutation.clone());
        let inert = without_effect(syn::parse_quote!(#permutation.clone()), uses);
        let permutation = self.temp(Rhs::Inert(inert), Ty::Inert);
        let place = self.place_of(matrix);
        let args = vec![Arg::Ref(place), Arg::Value(permutation)];
        let element = Box::new(ty.peel().element());
        let value = self.runtime_call(name, None, args, Ty::Matrix(element));
        self.store(target, value)
    }
}

impl Lower<'_> {
    /// `p.determinant::<f64>()`: no derivative goes through it, wherever the permutation came from.
    fn sign_of_permutation(
        &mut self,
        permutation: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        if call.method != "determinant" {
            return None;
        }
        let generics = &call.turbofish;
        let written = generics
            .as_ref()
            .and_then(|generics| match generics.args.first() {
                Some(syn::GenericArgument::Type(ty)) => Some(self.ty(ty)),
                _ => None,
            });
        let (permutation, uses) = self.code(permutation.clone());
        let sign = syn::parse_quote!(#permutation.determinant #generics());
        let sign = Rhs::Inert(without_effect(sign, uses));
        Some(Value::Rhs(sign, written.unwrap_or(Ty::Unknown)))
    }
}

fn without_effect(expr: Expr, uses: Vec<crate::ir::VarId>) -> Inert {
    Inert {
        expr,
        uses,
        writes: Vec::new(),
        cheap: false,
        what: "a permutation".to_owned(),
    }
}
