//! Parameters: which are differentiated, and what their names mean.
//!
//! ```text
//! fn f(x: &[f64], #[constant] a: f64, (b, c): (f64, f64))      x active, a inactive; b and c are bound by patterns
//! ```

use super::Lower;
use super::scope::Binding;
use super::value::Value;
use crate::ir::{Param, ParamMode, Place, Proj, Ty, VarId, VarKind};
use crate::options::Options;
use proc_macro2::{Ident, Span};

impl Lower<'_> {
    /// Declares the parameters; gives back those that are bound by a pattern.
    pub fn params(&mut self, inputs: &[&syn::FnArg], options: &Options) -> Vec<(syn::Pat, VarId)> {
        let mut patterns = Vec::new();
        let mut candidates = Vec::new();
        let mut wrt = options.wrt.clone();
        for input in inputs {
            let syn::FnArg::Typed(arg) = input else {
                self.diagnostics.no_methods(input);
                continue;
            };
            let name = match &*arg.pat {
                syn::Pat::Ident(p) if p.subpat.is_none() => p.ident.clone(),
                _ => Ident::new("parameter", Span::mixed_site()),
            };
            let constant = arg.attrs.iter().any(|a| a.path().is_ident("constant"));
            let ty = self.ty(&arg.ty);
            let inert = ty.is_inert();
            if !constant && !inert {
                candidates.push(name.to_string());
            }
            let named = take_name(&mut wrt, &name);
            if let (true, Some(at)) = (named && (constant || inert), &options.wrt) {
                let why = if constant {
                    "#[constant]"
                } else {
                    "of a type without derivative"
                };
                let at = at
                    .iter()
                    .find(|n| **n == name)
                    .cloned()
                    .unwrap_or(name.clone());
                let others = candidates.clone();
                self.diagnostics.wrt_not_differentiable(&at, why, &others);
            }
            let active = !constant && !inert && (options.wrt.is_none() || named);
            let var = self.param(arg, &name, ty, active);
            if !matches!(&*arg.pat, syn::Pat::Ident(p) if p.subpat.is_none()) {
                patterns.push(((*arg.pat).clone(), var));
            }
        }
        let function = self.function.name.clone();
        for name in wrt.unwrap_or_default() {
            self.diagnostics
                .wrt_no_parameter(&name, &function, &candidates);
        }
        patterns
    }

    fn param(&mut self, arg: &syn::PatType, name: &Ident, ty: Ty, active: bool) -> VarId {
        let mode = match &ty {
            Ty::Ref(false, _) => ParamMode::Ref,
            Ty::Ref(true, _) => ParamMode::RefMut,
            _ => ParamMode::Value,
        };
        let mutable = matches!(&*arg.pat, syn::Pat::Ident(p) if p.mutability.is_some());
        let kind = if mutable && mode == ParamMode::Value {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let var = self.local(name, ty, kind);
        self.function.params.push(Param {
            var,
            ty: (*arg.ty).clone(),
            mode,
            active,
        });
        let binding = if mode == ParamMode::Value {
            Binding::Var(var)
        } else {
            Binding::Value(Value::Ref {
                place: Place::var(var).then(Proj::Deref),
                mutable: mode == ParamMode::RefMut,
            })
        };
        self.scopes.bind(name, binding);
        var
    }
}

fn take_name(names: &mut Option<Vec<Ident>>, name: &Ident) -> bool {
    let Some(names) = names else { return false };
    let before = names.len();
    names.retain(|n| n != name);
    names.len() < before
}
