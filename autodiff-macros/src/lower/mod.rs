//! From syntax to the IR.
//!
//! ```text
//! let y = x[i] * 2.0;          let t1 = read x[i]
//! v[j] += y;                   let y = t1 * 2.0
//!                              v[j] += y
//! ```
//!
//! * [`scope`]: names to variables, places or closures; [`pattern`]: what a pattern binds;
//! * [`expr`], [`place`], [`methods`], [`calls`], [`macros`]: expressions to values;
//! * [`stmt`], [`control`]: statements and blocks, branches, early exits;
//! * [`source`], [`loops`], [`chain`]: what is iterated over, as a length and an item for each position;
//! * [`inert`]: code that is kept verbatim.

mod calls;
mod chain;
mod control;
mod expr;
mod inert;
mod loops;
mod macros;
mod methods;
mod pattern;
mod place;
mod scope;
mod source;
mod stmt;
pub mod types;

use crate::diagnostic::Diagnostics;
use crate::ir::{
    Const, Function, Names, Operand, Param, ParamMode, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind,
};
use crate::options::Options;
use control::Frame;
use proc_macro2::{Ident, Span};
use scope::{Binding, Scopes};
use std::collections::BTreeSet;

/// The function without the attributes that are only meant for the macro.
pub fn without_markers(item: &syn::ItemFn) -> syn::ItemFn {
    let mut item = item.clone();
    for input in &mut item.sig.inputs {
        if let syn::FnArg::Typed(arg) = input {
            arg.attrs.retain(|a| !a.path().is_ident("constant"));
        }
    }
    item
}

/// Lowers a function; reports what is outside the accepted language.
pub fn lower(
    item: &syn::ItemFn,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    let floats = types::float_params(&item.sig.generics);
    let result_ty = match &item.sig.output {
        syn::ReturnType::Default => Ty::Unit,
        syn::ReturnType::Type(_, ty) => types::known(ty, &floats),
    };
    let mut lower = Lower::new(item, floats, diagnostics);
    let params: Vec<&syn::FnArg> = item.sig.inputs.iter().collect();
    let patterns = lower.params(&params, options);
    for (pat, var) in patterns {
        lower.bind_pattern(&pat, expr::Value::Place(Place::var(var)));
    }
    lower.body(&item.block, &result_ty);
    if !lower.function.params.iter().any(|p| p.active) {
        lower
            .diagnostics
            .no_differentiable_parameter(&item.sig.ident);
    }
    let mut function = lower.function;
    function.body = crate::ir::Block::new(lower.out);
    diagnostics.is_empty().then_some(function)
}

/// The state of the stage.
struct Lower<'a> {
    function: Function,
    diagnostics: &'a mut Diagnostics,
    floats: Vec<Ident>,
    scopes: Scopes,
    frames: Vec<Frame>,
    /// The statements of the block at hand.
    out: Vec<Stmt>,
    taken: BTreeSet<String>,
    temps: usize,
    /// Where a `return` puts its value.
    result: Option<VarId>,
    /// Values that have no name of the user's yet.
    nameless: BTreeSet<VarId>,
}

impl<'a> Lower<'a> {
    fn new(item: &syn::ItemFn, floats: Vec<Ident>, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            function: Function {
                name: item.sig.ident.clone(),
                vars: Vec::new(),
                params: Vec::new(),
                body: crate::ir::Block::default(),
                result: None,
                names: Names::default(),
            },
            diagnostics,
            floats,
            scopes: Scopes::default(),
            frames: Vec::new(),
            out: Vec::new(),
            taken: BTreeSet::new(),
            temps: 0,
            result: None,
            nameless: BTreeSet::new(),
        }
    }

    /// A variable for a user's binding: the first of a name keeps it, another one gets a number.
    fn local(&mut self, ident: &Ident, ty: Ty, kind: VarKind) -> VarId {
        let unique = self.unique(ident);
        self.function.add_var(unique, ty, kind)
    }

    fn unique(&mut self, ident: &Ident) -> Ident {
        let base = ident.to_string();
        let mut name = base.clone();
        let mut n = 1;
        while !self.taken.insert(name.clone()) {
            n += 1;
            name = format!("{}_{n}", base.trim_start_matches("r#"));
        }
        if name == base {
            ident.clone()
        } else {
            Ident::new(&name, ident.span())
        }
    }

    fn fresh(&mut self, hint: &str, ty: Ty, kind: VarKind) -> VarId {
        self.temps += 1;
        let mut name = format!("{hint}{}", self.temps);
        while !self.taken.insert(name.clone()) {
            self.temps += 1;
            name = format!("{hint}{}", self.temps);
        }
        let ident = Ident::new(&name, Span::mixed_site());
        let nameless = matches!(kind, VarKind::Value);
        let var = self.function.add_var(ident, ty, kind);
        if nameless {
            self.nameless.insert(var);
        }
        var
    }

    /// Binds a right-hand side to a temporary.
    fn temp(&mut self, rhs: Rhs, ty: Ty) -> Operand {
        let var = self.fresh("t", ty, VarKind::Value);
        self.out.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }

    fn ty(&self, ty: &syn::Type) -> Ty {
        types::known(ty, &self.floats)
    }

    /// Declares the parameters; gives back those that are bound by a pattern.
    fn params(&mut self, inputs: &[&syn::FnArg], options: &Options) -> Vec<(syn::Pat, VarId)> {
        let mut patterns = Vec::new();
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
            let named = options.wrt.as_ref().is_none_or(|w| w.contains(&name));
            let active = !constant && !inert && named;
            let var = self.param(arg, &name, ty, active);
            if !matches!(&*arg.pat, syn::Pat::Ident(p) if p.subpat.is_none()) {
                patterns.push(((*arg.pat).clone(), var));
            }
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
            Binding::Alias {
                place: Place::var(var).then(Proj::Deref),
                mutable: mode == ParamMode::RefMut,
            }
        };
        self.scopes.bind(name, binding);
        var
    }
}

/// A literal integer.
fn int(value: usize) -> Operand {
    let literal = proc_macro2::Literal::usize_unsuffixed(value);
    constant(syn::parse_quote!(#literal), Ty::Int)
}

fn boolean(value: bool) -> Operand {
    let expr = if value {
        syn::parse_quote!(true)
    } else {
        syn::parse_quote!(false)
    };
    constant(expr, Ty::Bool)
}

fn constant(expr: syn::Expr, ty: Ty) -> Operand {
    Operand::Const(Const { expr, ty })
}
