//! What the definition of a function tells of its arguments: the parameters of closures that are handed to it have the types that it gives them.
//!
//! ```text
//! fn rk4(f: impl Fn(f64, &mut [f64]), y: f64)      rk4(|t, dy| dy[0] = t, y)      |t: f64, dy: &mut [f64]|
//! ```
//!
//! A wrong guess does not compile.

use super::{Lower, types};
use proc_macro2::Ident;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Type};

impl Lower<'_> {
    /// The types of the parameters of the function that the `k`th argument is, as far as the definition of what it is handed to tells them.
    pub fn expected_inputs(&self, callee: &Ident, method: bool, k: usize) -> Option<Vec<Type>> {
        let (signature, here) = self.file()?.signature_of(&callee.to_string())?;
        let has_receiver = matches!(signature.inputs.first(), Some(FnArg::Receiver(_)));
        let skipped = usize::from(method && has_receiver);
        let FnArg::Typed(parameter) = signature.inputs.iter().nth(k + skipped)? else {
            return None;
        };
        let function = types::function_type(&parameter.ty, &signature.generics)?;
        let mut open = Open {
            params: &signature.generics,
            here,
            fails: false,
        };
        let mut inputs = function.inputs;
        for ty in &mut inputs {
            open.visit_type_mut(ty);
        }
        (!open.fails).then_some(inputs)
    }
}

/// Writes `_` for type parameters of the definition. Names that only mean something where it stands fail.
struct Open<'g> {
    params: &'g syn::Generics,
    /// Does the definition stand in the same file?
    here: bool,
    fails: bool,
}

impl Open<'_> {
    fn is_param(&self, name: &Ident) -> bool {
        self.params.type_params().any(|p| p.ident == *name)
    }

    fn is_length(&self, name: &Ident) -> bool {
        let lengths = |p: &GenericParam| matches!(p, GenericParam::Const(c) if c.ident == *name);
        self.params.params.iter().any(lengths)
    }
}

impl VisitMut for Open<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Path(path) = ty {
            match path.path.get_ident() {
                Some(name) if self.is_param(name) => {
                    *ty = syn::parse_quote!(_);
                    return;
                }
                _ if path.qself.is_some() => self.fails = true,
                _ => {}
            }
            let first = path.path.segments.first();
            let unbound = first.is_some_and(|s| s.ident == "Self" || self.is_param(&s.ident));
            let named = types::known(ty, &[]) == crate::ir::Ty::Unknown;
            self.fails |= unbound || named && !self.here;
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        self.fails |= path
            .path
            .get_ident()
            .is_some_and(|name| self.is_length(name));
    }
}
