//! The accepted language, as far as syntax alone tells: a function -> errors for all in it that has no derivative program whatever is
//! active, or whose derivative could silently be wrong.
//!
//! Every kind of expression is either listed as accepted or has a message of its own; what is unknown is refused. What depends on
//! activity (a method without rule, say) is left to the analysis, what depends on types to the runtime's traits.
//!
//! * [`signature`]: the attributes, parameters and result of the function;
//! * [`types`]: types and paths;
//! * [`scope`]: what a name in a call stands for.
//!
//! Functions and types declared inside the function are not looked into: they are code of their own.

mod misplaced;
mod scope;
mod signature;
#[cfg(test)]
mod tests;
mod types;

pub use misplaced::misplaced;
pub use signature::{check as check_signature, is_second};

use crate::diagnostic::Diagnostics;
use crate::ir::Function;
use crate::ir::visit::lambdas;
use crate::options::Options;
use scope::{Named, Scopes};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Item, Token};

/// Reports what no function to be differentiated may contain.
pub fn check(item: &syn::ItemFn, diagnostics: &mut Diagnostics) {
    signature::check(item, diagnostics);
    let mut fence = Fence {
        diagnostics,
        scopes: Scopes::default(),
    };
    for input in &item.sig.inputs {
        fence.parameter(input, &item.sig.generics);
    }
    fence.visit_return_type(&item.sig.output);
    fence.visit_block(&item.block);
}

fn is_checkpoint(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("checkpoint")
}

/// Reports what the options do not go together with.
pub fn check_lowered(
    function: &Function,
    item: &syn::ItemFn,
    options: &Options,
    diagnostics: &mut Diagnostics,
) {
    let given = function.params.iter().any(|p| p.function.is_some());
    let span = item.sig.ident.span();
    if options.checkpoint && given {
        diagnostics.option_with_functions(span, "checkpoint");
    }
    if options.order < 2 {
        return;
    }
    if given || !lambdas(&function.body).is_empty() {
        diagnostics.option_with_functions(span, "order = 2");
    }
    if crate::lower::types::returned_wrapper(&item.sig.output).is_some() {
        diagnostics.order_of_a_wrapper(span);
    }
}

/// Walks through the function.
struct Fence<'d> {
    diagnostics: &'d mut Diagnostics,
    scopes: Scopes,
}

impl Fence<'_> {
    /// Runs `f` in a scope of its own.
    fn scoped(&mut self, f: impl FnOnce(&mut Self)) {
        self.scopes.push();
        f(self);
        self.scopes.pop();
    }

    /// A parameter. One that is refused for being a function is not refused again where it is called.
    fn parameter(&mut self, input: &syn::FnArg, generics: &syn::Generics) {
        let syn::FnArg::Typed(arg) = input else {
            return;
        };
        if crate::lower::types::function_type(&arg.ty, generics).is_some() {
            return;
        }
        self.visit_pat_type(arg);
        if !signature::is_function(&arg.ty, generics) {
            self.scopes.bind_pattern(&arg.pat);
        }
    }

    /// A name that something is called by.
    fn callee(&mut self, func: &Expr) {
        let Expr::Path(path) = scope::peel(func) else {
            return;
        };
        if let Some(name) = path.path.get_ident()
            && self.scopes.get(name) == Some(Named::Variable)
        {
            self.diagnostics.call_of_variable(name);
        }
    }

    /// A condition, in which `let` may stand.
    fn condition(&mut self, cond: &Expr) {
        match cond {
            Expr::Let(e) => {
                self.visit_expr(&e.expr);
                self.bind(&e.pat);
            }
            Expr::Paren(e) => self.condition(&e.expr),
            Expr::Binary(e) if matches!(e.op, syn::BinOp::And(_)) => {
                self.condition(&e.left);
                self.condition(&e.right);
            }
            other => self.visit_expr(other),
        }
    }

    fn bind(&mut self, pat: &syn::Pat) {
        self.visit_pat(pat);
        self.scopes.bind_pattern(pat);
    }

    /// What is in a macro whose arguments are expressions.
    fn macro_arguments(&mut self, mac: &syn::Macro) {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        let repeat = |input: ParseStream| {
            let value: Expr = input.parse()?;
            input.parse::<Token![;]>()?;
            Ok([value, input.parse()?])
        };
        if let Ok(list) = list.parse2(mac.tokens.clone()) {
            list.iter().for_each(|e| self.visit_expr(e));
        } else if let Ok(parts) = repeat.parse2(mac.tokens.clone()) {
            parts.iter().for_each(|e| self.visit_expr(e));
        }
    }

    /// An `unsafe` block; around inline assembly alone that is what is said.
    fn unsafe_block(&mut self, e: &syn::ExprUnsafe) {
        let mac = match e.block.stmts.as_slice() {
            [syn::Stmt::Macro(stmt)] => Some(&stmt.mac),
            [syn::Stmt::Expr(Expr::Macro(expr), _)] => Some(&expr.mac),
            _ => None,
        };
        match mac.filter(|mac| is_assembly(mac)) {
            Some(mac) => self.diagnostics.inline_assembly(mac.path.span()),
            None => self.diagnostics.unsafe_block(e.unsafe_token.span),
        }
    }

    /// Kinds of expressions that are refused; false for the others.
    fn refused(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Async(e) => self.diagnostics.async_block(e.async_token.span),
            Expr::Await(e) => self.diagnostics.await_point(e.await_token.span),
            Expr::RawAddr(e) => self.diagnostics.raw_pointer(e.span()),
            Expr::TryBlock(e) => self.diagnostics.try_block(e.try_token.span),
            Expr::Unsafe(e) => self.unsafe_block(e),
            Expr::Yield(e) => self.diagnostics.yield_point(e.yield_token.span),
            Expr::Closure(e) => match &e.asyncness {
                Some(asyncness) => self.diagnostics.async_block(asyncness.span),
                None => return false,
            },
            expr if is_accepted(expr) => return false,
            other => self.diagnostics.unknown_syntax(other.span()),
        }
        true
    }
}

/// `asm!`, `core::arch::asm!`
fn is_assembly(mac: &syn::Macro) -> bool {
    let last = mac.path.segments.last().map(|s| s.ident.to_string());
    matches!(last.as_deref(), Some("asm" | "global_asm" | "naked_asm"))
}

/// The kinds of expressions that lowering takes apart or keeps verbatim.
fn is_accepted(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Array(_)
            | Expr::Block(_)
            | Expr::Let(_)
            | Expr::Assign(_)
            | Expr::Binary(_)
            | Expr::Break(_)
            | Expr::Call(_)
            | Expr::Cast(_)
            | Expr::Const(_)
            | Expr::Continue(_)
            | Expr::Field(_)
            | Expr::ForLoop(_)
            | Expr::Group(_)
            | Expr::If(_)
            | Expr::Index(_)
            | Expr::Infer(_)
            | Expr::Lit(_)
            | Expr::Loop(_)
            | Expr::Macro(_)
            | Expr::Match(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Path(_)
            | Expr::Range(_)
            | Expr::Reference(_)
            | Expr::Repeat(_)
            | Expr::Return(_)
            | Expr::Struct(_)
            | Expr::Try(_)
            | Expr::Tuple(_)
            | Expr::Unary(_)
            | Expr::While(_)
    )
}

impl<'ast> Visit<'ast> for Fence<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        if !self.refused(expr) {
            visit::visit_expr(self, expr);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.callee(&call.func);
        visit::visit_expr_call(self, call);
    }

    /// Evaluated by rustc: no code of the function's.
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}

    fn visit_expr_if(&mut self, e: &'ast syn::ExprIf) {
        self.scoped(|fence| {
            fence.condition(&e.cond);
            fence.visit_block(&e.then_branch);
        });
        if let Some((_, els)) = &e.else_branch {
            self.visit_expr(els);
        }
    }

    fn visit_expr_while(&mut self, e: &'ast syn::ExprWhile) {
        e.attrs.iter().for_each(|a| self.visit_attribute(a));
        self.scoped(|fence| {
            fence.condition(&e.cond);
            fence.visit_block(&e.body);
        });
    }

    fn visit_expr_for_loop(&mut self, e: &'ast syn::ExprForLoop) {
        let others = e.attrs.iter().filter(|a| !is_checkpoint(a));
        others.for_each(|a| self.visit_attribute(a));
        self.visit_expr(&e.expr);
        self.scoped(|fence| {
            fence.bind(&e.pat);
            fence.visit_block(&e.body);
        });
    }

    fn visit_expr_closure(&mut self, e: &'ast syn::ExprClosure) {
        self.scoped(|fence| {
            e.inputs.iter().for_each(|pat| fence.bind(pat));
            fence.visit_return_type(&e.output);
            fence.visit_expr(&e.body);
        });
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.scoped(|fence| {
            fence.scopes.bind_pattern(&arm.pat);
            visit::visit_arm(fence, arm);
        });
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.scoped(|fence| {
            fence.scopes.bind_items(block);
            visit::visit_block(fence, block);
        });
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        self.scopes.bind_local(local);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Const(i) => self.visit_type(&i.ty),
            Item::Static(i) => {
                if let syn::StaticMutability::Mut(token) = &i.mutability {
                    self.diagnostics.static_mut(token.span, &i.ident);
                }
                self.visit_type(&i.ty);
            }
            Item::Verbatim(tokens) => self.diagnostics.unknown_syntax(tokens.span()),
            _ => {}
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if is_assembly(mac) {
            self.diagnostics.inline_assembly(mac.path.span());
        } else {
            self.macro_arguments(mac);
        }
    }

    fn visit_type(&mut self, ty: &'ast syn::Type) {
        if !types::refused(ty, self.diagnostics) {
            visit::visit_type(self, ty);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        types::check_path(path, self.diagnostics);
        visit::visit_path(self, path);
    }

    fn visit_pat(&mut self, pat: &'ast syn::Pat) {
        match pat {
            syn::Pat::Verbatim(tokens) => self.diagnostics.unknown_syntax(tokens.span()),
            pat => visit::visit_pat(self, pat),
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let path = attribute.path();
        if path.is_ident("cfg") || path.is_ident("cfg_attr") {
            self.diagnostics.conditional_code(attribute.span());
        } else if is_checkpoint(attribute) {
            self.diagnostics.checkpoint_elsewhere(attribute.span());
        }
    }
}
