//! Functions as values: parameters that are called, and closures that are handed to other functions.
//!
//! ```text
//! integrate(|x| k * x, 0.5)      call integrate(lambda(x, k) { t = k * x; result t }, 0.5)
//! ```

use super::build::{Control, Exit, ExitKind, close};
use super::scope::{Binding, Scopes};
use super::slot::SlotId;
use super::value::{Callable, Value};
use super::{Lower, types};
use crate::case::is_lower;
use crate::ir::visit::{all_declared, block_mentions, children, own_writes, place_mentions};
use crate::ir::{
    Arg, Block, FnArg, Function, Home, Lambda, Operand, Param, ParamMode, Place, Proj, Stmt, Ty,
    VarId, VarKind,
};
use proc_macro2::{Ident, Span};
use std::collections::BTreeSet;
use std::rc::Rc;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// A call of a parameter.
    pub fn call_param(&mut self, var: VarId, args: Vec<Value>) -> Value {
        let args = args.into_iter().map(|a| self.arg_of(a)).collect();
        let output = self.function.function_type(var).map(|f| f.output.clone());
        let ty = match &output {
            Some(syn::ReturnType::Type(_, ty)) => self.ty(ty),
            _ => Ty::Unit,
        };
        let name = self.function.var(var).ident.clone();
        let call = crate::ir::Call {
            path: syn::parse_quote!(#name),
            kind: crate::ir::CallKind::Path,
            args,
            function: Some(var),
            home: Home::Path,
        };
        if ty == Ty::Unit {
            let results = crate::ir::Results::None;
            self.out.push(Stmt::Call { results, call });
            return Value::Unit;
        }
        let result = self.fresh("t", ty, VarKind::Value);
        let results = crate::ir::Results::One(result);
        self.called.insert(result);
        self.out.push(Stmt::Call { results, call });
        Value::Operand(Operand::Var(result))
    }

    /// An argument that is a function, if the expression is one.
    pub fn function_arg(
        &mut self,
        expr: &syn::Expr,
        expected: impl FnOnce(&Self) -> Option<Vec<syn::Type>>,
    ) -> Option<Arg> {
        let inner = match super::place::peel(expr) {
            syn::Expr::Reference(e) => super::place::peel(&e.expr),
            inner => inner,
        };
        let callable = match inner {
            syn::Expr::Closure(closure) => self.closure(closure),
            syn::Expr::Path(path) => match self.local_value(path) {
                Some(Value::Fun(f)) => f,
                None if names_function(path) => Callable::Path(path.clone()),
                _ => return None,
            },
            _ => return None,
        };
        let expected = expected(self).unwrap_or_default();
        Some(Arg::Function(self.handed_on(&callable, &expected)))
    }

    fn handed_on(&mut self, f: &Callable, expected: &[syn::Type]) -> FnArg {
        match f {
            Callable::Param(var) => FnArg::Param(*var),
            Callable::Path(path) => match self.rule_closure(path) {
                Some(closure) => self.lambda(&Rc::new(closure), Scopes::default(), &[]),
                None => FnArg::Path(self.special_function(path).unwrap_or_else(|| path.clone())),
            },
            Callable::Closure(closure, seen) => self.lambda(closure, seen.clone(), expected),
            Callable::Choice(choice) => match self.closure_of_choice(choice) {
                Some((closure, seen)) => self.lambda(&Rc::new(closure), seen, expected),
                None => {
                    self.diagnostics.closure_as_value(self.span);
                    self.lambda(&Rc::new(syn::parse_quote!(|_| ())), Scopes::default(), &[])
                }
            },
        }
    }

    /// `f64::sin` as a closure.
    fn rule_closure(&self, path: &syn::ExprPath) -> Option<syn::ExprClosure> {
        let arity = (1..=3).find(|n| self.rule_by_path(path, *n).is_some())?;
        let names = (0..arity).map(|k| Ident::new(&format!("a{k}"), Span::mixed_site()));
        let names: Vec<_> = names.collect();
        Some(syn::parse_quote!(|#(#names),*| #path(#(#names),*)))
    }

    /// A closure as a function of its parameters, which may be expected to have these types, and of what it captures.
    fn lambda(
        &mut self,
        closure: &Rc<syn::ExprClosure>,
        seen: Scopes,
        expected: &[syn::Type],
    ) -> FnArg {
        let here = std::mem::replace(&mut self.scopes, seen);
        let code = self.verbatim(syn::Expr::Closure((**closure).clone()), "a closure");
        let wrapper = self.wrapper;
        if let syn::ReturnType::Type(..) = &closure.output {
            self.wrapper = types::returned_wrapper(&closure.output);
        }
        self.inlined.push(closure.clone());
        let claim = self.claim.take();
        let expected = expected.iter().cloned().map(Some);
        let inputs = closure
            .inputs
            .iter()
            .zip(expected.chain(std::iter::repeat(None)));
        let params = inputs.map(|(pat, expected)| self.own_param(pat, expected));
        let params: Vec<(Param, syn::Pat)> = params.collect();
        let (stmts, result) = self.captured(|lower| lower.lambda_body(closure, &params));
        self.claim = claim;
        self.inlined.pop();
        self.wrapper = wrapper;
        self.scopes = here;
        let params = params.into_iter().map(|(param, _)| param).collect();
        let lambda = self.closed(params, stmts, result, closure);
        self.lambdas += 1;
        FnArg::Lambda(Box::new(Lambda { code, ..lambda }))
    }

    /// A parameter of a closure, whose type may be unknown.
    fn own_param(&mut self, pat: &syn::Pat, expected: Option<syn::Type>) -> (Param, syn::Pat) {
        let (inner, written) = match pat {
            syn::Pat::Type(p) => (&*p.pat, Some((*p.ty).clone())),
            pat => (pat, expected),
        };
        let (name, mutable) = match inner {
            syn::Pat::Ident(p) if p.subpat.is_none() => (p.ident.clone(), p.mutability.is_some()),
            _ => (Ident::new("argument", Span::mixed_site()), false),
        };
        let known = written.as_ref().map(|t| self.ty(t)).unwrap_or_default();
        let mode = match &known {
            Ty::Ref(false, _) => ParamMode::Ref,
            Ty::Ref(true, _) => ParamMode::RefMut,
            _ => ParamMode::Value,
        };
        let kind = if mutable {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let active = !known.is_inert();
        let var = self.local(&name, known, kind);
        let param = Param {
            var,
            ty: written.unwrap_or_else(|| syn::parse_quote!(_)),
            mode,
            active,
            function: None,
        };
        (param, inner.clone())
    }

    fn lambda_body(
        &mut self,
        closure: &syn::ExprClosure,
        params: &[(Param, syn::Pat)],
    ) -> Option<Operand> {
        let ty = match &closure.output {
            syn::ReturnType::Type(_, ty) => self.ty(ty),
            syn::ReturnType::Default => Ty::Unknown,
        };
        let (target, slot) = (self.new_target(), self.new_slot(ty));
        self.controls.push(Control::Exit(Exit {
            kind: ExitKind::Return,
            label: None,
            target,
            slot,
        }));
        let mut region = self.region(|lower| {
            params.iter().for_each(|(p, pat)| lower.bind_own(p, pat));
            let value = lower.value(&closure.body);
            if !lower.is_dead() {
                let value = lower.settled(value);
                lower.deliver(slot, value);
            }
            Value::Unit
        });
        self.controls.pop();
        region.exits.remove(&target);
        let mut stmts = close(region);
        self.declare_flag(target);
        self.hold_slot(slot, &mut stmts);
        self.declare_slot(slot, &stmts);
        self.out.extend(stmts);
        self.delivered(slot)
    }

    fn delivered(&mut self, slot: SlotId) -> Option<Operand> {
        match self.slot_value(slot) {
            Value::Unit => None,
            value => Some(self.operand_of(value)),
        }
    }

    fn bind_own(&mut self, param: &Param, pat: &syn::Pat) {
        let place = Place::var(param.var);
        let value = match param.mode {
            ParamMode::Value => Value::Place(place),
            mode => Value::Ref {
                place: place.then(Proj::Deref),
                mutable: mode == ParamMode::RefMut,
            },
        };
        match (pat, value) {
            (syn::Pat::Ident(p), value) if p.subpat.is_none() => {
                let binding = match value {
                    Value::Place(_) => Binding::Var(param.var),
                    value => Binding::Value(value),
                };
                self.scopes.bind(&p.ident, binding);
            }
            (pat, value) => self.bind_pattern(pat, value),
        }
    }

    /// The function of a closure: what it mentions and does not declare becomes a parameter.
    fn closed(
        &mut self,
        mut params: Vec<Param>,
        stmts: Vec<Stmt>,
        result: Option<Operand>,
        closure: &syn::ExprClosure,
    ) -> Lambda {
        let mut body = Block::new(stmts);
        self.tidy(&mut body, result.as_ref());
        let own = params.len();
        let outside = free(&self.function, &body, result.as_ref(), &params);
        let writes = written(&self.function, &body);
        if outside.iter().any(|v| writes.contains(v)) {
            self.diagnostics.changed_capture(closure.span());
        }
        let mut function = Function {
            name: Ident::new("closure", closure.span()),
            vars: self.function.vars.clone(),
            params: Vec::new(),
            body,
            result,
            names: crate::ir::Names::default(),
            checkpoints: self.function.checkpoints.clone(),
            reassociate: self.function.reassociate,
            parallel: false,
            asked: std::collections::BTreeMap::new(),
            inferred: Default::default(),
            watch: None,
            shown: None,
        };
        for var in outside {
            params.push(self.capture(&mut function, var));
        }
        function.params = params;
        super::infer::infer(&mut function, &Ty::Unknown);
        Lambda {
            id: self.lambdas,
            function,
            own,
            code: crate::ir::Inert {
                expr: syn::parse_quote!(()),
                uses: Vec::new(),
                writes: Vec::new(),
                cheap: false,
                what: String::new(),
            },
            program: None,
        }
    }

    /// What is captured as a parameter: a scalar by value, a reference as one.
    fn capture(&self, function: &mut Function, var: VarId) -> Param {
        let inner = &mut function.vars[var.0 as usize];
        inner.kind = VarKind::Value;
        let mode = match &inner.ty {
            Ty::Ref(..) => ParamMode::Ref,
            _ => ParamMode::Value,
        };
        let outer = self.function.params.iter().find(|p| p.var == var);
        Param {
            var,
            ty: syn::parse_quote!(_),
            mode,
            active: true,
            function: outer.and_then(|p| p.function.clone()),
        }
    }
}

/// Does the path name a function, as far as its letters tell?
fn names_function(path: &syn::ExprPath) -> bool {
    let last = path.path.segments.last().map(|s| s.ident.to_string());
    last.is_some_and(|name| is_lower(&name))
}

/// What a block mentions and does not declare itself.
fn free(
    function: &Function,
    block: &Block,
    result: Option<&Operand>,
    params: &[Param],
) -> Vec<VarId> {
    let mut mentioned = BTreeSet::new();
    block_mentions(block, &mut |v| {
        mentioned.insert(v);
    });
    mentioned.extend(result.and_then(Operand::as_var));
    let mut own: BTreeSet<VarId> = params.iter().map(|p| p.var).collect();
    all_declared(block, &mut own);
    for var in &own {
        if let VarKind::View { target, .. } = &function.var(*var).kind {
            place_mentions(target, &mut |v| {
                mentioned.insert(v);
            });
        }
    }
    mentioned.difference(&own).copied().collect()
}

fn written(function: &Function, block: &Block) -> BTreeSet<VarId> {
    let mut all = BTreeSet::new();
    for stmt in &block.stmts {
        all.extend(own_writes(stmt).iter().map(|p| function.resolve(p).root));
        for child in children(stmt) {
            all.extend(written(function, child));
        }
    }
    all
}
