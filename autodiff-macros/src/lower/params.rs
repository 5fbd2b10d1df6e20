//! Parameters: which are differentiated, and what their names mean.
//!
//! ```text
//! fn f(x: &[f64], #[constant] a: f64, (b, c): (f64, f64))      x active, a inactive; b and c are bound by patterns
//! ```

use super::Lower;
use super::scope::Binding;
use super::types;
use super::value::{Callable, Value};
use crate::emit::types::referred;
use crate::ir::{FnType, Param, ParamMode, Place, Proj, Ty, VarId, VarKind};
use crate::options::Options;
use crate::signature::{CONVERTED, LENT};
use proc_macro2::{Ident, Span};

impl Lower<'_> {
    /// Declares the parameters; gives back those that are bound by a pattern.
    pub fn params(
        &mut self,
        inputs: &[&syn::FnArg],
        generics: &syn::Generics,
        options: &Options,
    ) -> Vec<(syn::Pat, VarId)> {
        let mut patterns = Vec::new();
        for input in inputs {
            let syn::FnArg::Typed(arg) = input else {
                continue;
            };
            let name = match &*arg.pat {
                syn::Pat::Ident(p) if p.subpat.is_none() => p.ident.clone(),
                _ => Ident::new("parameter", Span::mixed_site()),
            };
            let constant = arg.attrs.iter().any(|a| a.path().is_ident("constant"));
            if let Some(function) = types::function_type(&arg.ty, generics) {
                self.function_param(arg, &name, function);
                continue;
            }
            let ty = self.ty(&arg.ty);
            let inert = ty.is_inert();
            let named = options.wrt.as_ref().is_none_or(|w| w.contains(&name));
            let active = !constant && !inert && named;
            let var = self.param(arg, &name, ty, active);
            let shared = matches!(self.function.var(var).ty, Ty::Ref(false, _));
            let moves = |p: &syn::PatIdent| shared && p.mutability.is_some();
            if !matches!(&*arg.pat, syn::Pat::Ident(p) if p.subpat.is_none() && !moves(p)) {
                patterns.push(((*arg.pat).clone(), var));
            }
        }
        patterns
    }

    /// Does a function that is a parameter give a number? What that depends on may be captured.
    pub fn gives_number(&self, function: &FnType) -> bool {
        types::gives_number(function, &self.floats)
    }

    /// A parameter that is a function: what it captures may be active.
    fn function_param(&mut self, arg: &syn::PatType, name: &Ident, function: FnType) {
        let declared = matches!(&*arg.pat, syn::Pat::Ident(p) if p.mutability.is_some());
        // `f: &mut F`: the derivative functions have the function itself under this name.
        let lent = matches!(&*arg.ty, syn::Type::Reference(t) if t.mutability.is_some());
        let kind = if declared || lent && function.kind == "FnMut" {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let var = self.local(name, Ty::Unknown, kind);
        self.function.params.push(Param {
            var,
            ty: (*arg.ty).clone(),
            mode: ParamMode::Value,
            active: false,
            function: Some(function),
        });
        let binding = Binding::Value(Value::Fun(Callable::Param(var)));
        self.scopes.bind(name, binding);
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
        let marked = |mark: &str| arg.attrs.iter().any(|a| a.path().is_ident(mark));
        if marked(CONVERTED) {
            self.converted.insert(var);
        }
        self.function.vars[var.0 as usize].lent = marked(LENT);
        if matches!(&*arg.ty, syn::Type::Path(t) if t.path.is_ident("usize")) {
            self.usizes.insert(var);
        }
        if is_range(&arg.ty) {
            self.ranges.insert(var);
        }
        self.function.params.push(Param {
            var,
            ty: (*arg.ty).clone(),
            mode,
            active,
            function: None,
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
        self.note_own(&arg.pat, Some(&arg.ty), false);
        var
    }
}

/// `Range<usize>`, `&Range<usize>`
fn is_range(ty: &syn::Type) -> bool {
    match referred(ty) {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|l| l.ident == "Range"),
        _ => false,
    }
}
