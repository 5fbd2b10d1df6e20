//! `let` statements: a variable, its type where it is needed, and its value.

use super::{Emitter, types};
use crate::ir::{Aggregate, Derived, Rhs, Ty, VarId, VarKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The pattern that binds a variable.
    pub fn pattern(&self, var: VarId) -> TokenStream {
        let name = self.name(var);
        let changed = self.plan.is_none_or(|plan| plan.is_changed(var));
        if changed && matches!(self.function.var(var).kind, VarKind::Mutable) {
            quote!(mut #name)
        } else {
            quote!(#name)
        }
    }

    pub(super) fn binding(&self, var: VarId, rhs: &Rhs) -> TokenStream {
        let pattern = self.pattern(var);
        let ambiguous = match rhs {
            Rhs::Use(operand) => operand.as_var().is_none(),
            Rhs::Derived(Derived::ZeroScalar(_) | Derived::Convert(_)) => true,
            Rhs::Derived(Derived::Partial { args, .. }) => args.is_empty(),
            _ => false,
        };
        let ty = match rhs {
            Rhs::Derived(Derived::ZeroScalar(_) | Derived::Convert(_))
                if self.kind.is_list() && !self.is_primal(var) =>
            {
                Some(self.lanes_annotation(var))
            }
            Rhs::Aggregate(Aggregate::Vec, parts) if parts.is_empty() && !self.kind.is_list() => {
                let parts = || types::list_of_parts(&self.function.var(var).ty, self.rt);
                self.annotation(var, ambiguous).or_else(parts)
            }
            Rhs::Aggregate(Aggregate::None, _) => {
                let tangent = || self.annotation_of_absent(var);
                self.annotation(var, ambiguous).or_else(tangent)
            }
            Rhs::Derived(Derived::Partial { args, .. }) if args.is_empty() => {
                let default = || self.function.has_default_float().then(|| quote!(: f64));
                self.annotation(var, ambiguous).or_else(default)
            }
            _ => self.annotation(var, ambiguous),
        };
        let value = self.value(var, rhs).tokens();
        quote!(let #pattern #ty = #value;)
    }

    /// `: T` as the user wrote it, or where inference may need it.
    pub(super) fn annotation(&self, var: VarId, ambiguous: bool) -> Option<TokenStream> {
        let var = self.function.var(var);
        if let Some(ty) = &var.annotation {
            return Some(quote!(: #ty));
        }
        match &var.ty {
            Ty::Float(float) if ambiguous => types::float_type(float).map(|ty| quote!(: #ty)),
            _ => None,
        }
    }

    /// `: Option<T>` of a variable that begins as `None`: what is read of it may come before what it is given.
    fn annotation_of_absent(&self, var: VarId) -> Option<TokenStream> {
        let var = self.function.var(var);
        let tangents = types::Tangents {
            floats: &[],
            rt: self.rt,
            kind: self.kind,
        };
        let ty = match &var.tangent_of {
            Some(of) => tangents.owned(of),
            None if self.kind.is_list() => return None,
            None => types::shape(&var.ty, self.rt),
        };
        Some(quote!(: #ty))
    }
}
