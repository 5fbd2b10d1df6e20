//! Refuses calls of functions that lack the attribute, where something active goes through them: of the crate's own, and of crates known to have none.

use super::activity::Activity;
use crate::diagnostic::Diagnostics;
use crate::ir::visit::{children, lambdas, result_vars, written_args};
use crate::ir::{Arg, Block, Call, CallKind, FnArg, Function, Proj, Stmt};
use crate::source::Source;
use crate::source::functions::{Called, owner};
use syn::spanned::Spanned;

/// Reports them; `within` is the name of the function, and the type that it is a member of.
pub fn check(
    function: &Function,
    activity: &Activity,
    within: (&str, Option<&syn::Type>),
    diagnostics: &mut Diagnostics,
) {
    Callees {
        within: within.0,
        this: within.1.and_then(owner),
        diagnostics,
    }
    .function(function, activity);
}

struct Callees<'a> {
    within: &'a str,
    /// What `Self` is.
    this: Option<String>,
    diagnostics: &'a mut Diagnostics,
}

impl Callees<'_> {
    fn function(&mut self, function: &Function, activity: &Activity) {
        self.block(function, activity, &function.body);
        for lambda in lambdas(&function.body) {
            if let Some((function, activity)) = activity.lambda(lambda) {
                self.function(function, activity);
            }
        }
    }

    fn block(&mut self, function: &Function, activity: &Activity, block: &Block) {
        for stmt in &block.stmts {
            if let Stmt::Call { results, call } = stmt {
                let written = written_args(call);
                let written = written.iter().map(|p| function.resolve(p).root);
                let mut bound = result_vars(results).into_iter().chain(written);
                if bound.any(|v| activity.is_active(v)) {
                    self.call(function, call);
                }
            }
            for block in children(stmt) {
                self.block(function, activity, block);
            }
        }
    }

    fn call(&mut self, function: &Function, call: &Call) {
        if call.function.is_none()
            && let Some(called) = called(function, call)
        {
            self.refuse(&called, &call.path);
        }
        for arg in &call.args {
            if let Arg::Function(FnArg::Path(path)) = arg
                && let Some(called) = by_path(path)
            {
                self.refuse(&called, path);
            }
        }
    }

    fn refuse(&mut self, called: &Called, path: &syn::ExprPath) {
        let span = path.span();
        let called = &match (called, &self.this) {
            (Called::Member(owner, name), Some(this)) if owner == "Self" => {
                Called::Member(this.clone(), name.clone())
            }
            (called, _) => called.clone(),
        };
        let Some(source) = Source::of(span) else {
            return;
        };
        let names = crate::names::of_path(&path.path);
        let krate = match called {
            Called::Function(_) => source.crate_without_derivatives(&names),
            Called::Member(..) => source.type_without_derivatives(&names),
        };
        if let Some(krate) = krate {
            self.diagnostics.of_another_crate(span, &names, &krate);
        } else if source.lacks_attribute(called, self.within) {
            self.diagnostics.not_annotated(span, called);
        }
    }
}

fn called(function: &Function, call: &Call) -> Option<Called> {
    match call.kind {
        CallKind::Path => by_path(&call.path),
        CallKind::Matrix => None,
        CallKind::Method | CallKind::Fixed => {
            let (Arg::Ref(place) | Arg::RefMut(place)) = call.receiver()?.0 else {
                return None;
            };
            let place = function.resolve(place);
            let whole = place.path.iter().all(|p| matches!(p, Proj::Deref));
            let param = function.params.iter().find(|p| p.var == place.root);
            let written = function.var(place.root).annotation.as_ref();
            let ty = param.map(|p| &p.ty).or(written).filter(|_| whole)?;
            let name = call.path.path.segments.last()?.ident.to_string();
            Some(Called::Member(owner(ty)?, name))
        }
    }
}

/// What a path names, by the words that types and modules begin with.
fn by_path(path: &syn::ExprPath) -> Option<Called> {
    let names = crate::names::of_path(&path.path);
    match &names[..] {
        _ if path.qself.is_some() => None,
        [.., owner, name] if crate::case::is_upper(owner) => {
            Some(Called::Member(owner.clone(), name.clone()))
        }
        _ => Some(Called::Function(names)),
    }
}
