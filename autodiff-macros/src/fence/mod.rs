//! The accepted language, as far as syntax alone tells: a function -> errors for all in it that has no derivative program whatever is
//! active, or whose derivative could silently be wrong.
//!
//! Every kind of expression is either listed as accepted or has a message of its own; what is unknown is refused. The smallest
//! expression that is refused is replaced by `_`, which has no derivative and which later stages do not complain about: they report what
//! they find in the rest, so that all errors of a function come at once. What depends on
//! activity (a method without rule, say) is left to the analysis, what depends on types to the runtime's traits.
//!
//! * [`signature`]: the attributes, parameters and result of the function;
//! * [`types`]: types and paths;
//! * [`unchecked`]: `unsafe` blocks that are understood;
//! * [`scope`]: what a name in a call stands for.
//!
//! Functions and types declared inside the function are not looked into: they are code of their own.

pub mod items;
mod misplaced;
mod scope;
mod signature;
#[cfg(test)]
mod tests;
mod types;
mod unchecked;

pub use misplaced::misplaced;
pub use signature::{check as check_signature, is_second};

use crate::diagnostic::Diagnostics;
use crate::ir::Function;
use crate::ir::visit::lambdas;
use crate::lower::types::float_params;
use crate::options::Options;
use scope::{Named, Scopes};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Token};

/// Reports what no function to be differentiated may contain. The function without it, if its result is one to go on with.
pub fn check(item: &syn::ItemFn, diagnostics: &mut Diagnostics) -> Option<syn::ItemFn> {
    let before = diagnostics.count();
    let understood = signature::check(item, diagnostics);
    let mut item = item.clone();
    let mut fence = Fence {
        absorbed: before,
        diagnostics,
        scopes: Scopes::default(),
    };
    for input in &mut item.sig.inputs {
        fence.parameter(input, &item.sig.generics);
    }
    fence.visit_return_type_mut(&mut item.sig.output);
    fence.absorb();
    fence.visit_block_mut(&mut item.block);
    items::check(&item, diagnostics);
    understood.then_some(item)
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
    let floats = float_params(&item.sig.generics);
    for param in function.params.iter().filter(|p| p.active) {
        signature::lent_numbers(&param.ty, &floats, diagnostics);
    }
    let given = function.params.iter().any(|p| p.function.is_some());
    let span = item.sig.ident.span();
    for option in options.lists() {
        if given || !lambdas(&function.body).is_empty() {
            diagnostics.option_with_functions(span, option);
        }
    }
}

/// Walks through the function.
struct Fence<'d> {
    diagnostics: &'d mut Diagnostics,
    /// How many of the errors are about what has been replaced.
    absorbed: usize,
    scopes: Scopes,
}

impl Fence<'_> {
    /// Was there an error in what is to be replaced now?
    fn absorb(&mut self) -> bool {
        let before = std::mem::replace(&mut self.absorbed, self.diagnostics.count());
        self.absorbed > before
    }

    /// A loop may have checkpoints.
    fn loop_attributes(&mut self, attributes: &mut [syn::Attribute]) {
        let others = attributes.iter_mut().filter(|a| !is_checkpoint(a));
        others.for_each(|a| self.visit_attribute_mut(a));
    }

    /// Runs `f` in a scope of its own.
    fn scoped(&mut self, f: impl FnOnce(&mut Self)) {
        self.scopes.push();
        f(self);
        self.scopes.pop();
    }

    /// A parameter. One that is refused for being a function is not refused again where it is called.
    fn parameter(&mut self, input: &mut syn::FnArg, generics: &syn::Generics) {
        let syn::FnArg::Typed(arg) = input else {
            return;
        };
        if crate::lower::types::function_type(&arg.ty, generics).is_some() {
            return;
        }
        self.visit_pat_type_mut(arg);
        if !signature::is_function(&arg.ty, generics) {
            self.scopes.bind_pattern(&arg.pat);
        }
    }

    /// Is it a call of what was refused, or of a method of it?
    fn is_of_refused(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Call(call) => matches!(*call.func, Expr::Infer(_)),
            Expr::MethodCall(call) => match scope::peel(&call.receiver) {
                Expr::Path(path) => {
                    let named = path.path.get_ident().and_then(|name| self.scopes.get(name));
                    named == Some(Named::Refused)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// A condition, in which `let` may stand.
    fn condition(&mut self, cond: &mut Expr) {
        match cond {
            Expr::Let(e) => {
                self.visit_expr_mut(&mut e.expr);
                self.bind(&mut e.pat);
            }
            Expr::Paren(e) => self.condition(&mut e.expr),
            Expr::Binary(e) if matches!(e.op, syn::BinOp::And(_)) => {
                self.condition(&mut e.left);
                self.condition(&mut e.right);
            }
            other => self.visit_expr_mut(other),
        }
    }

    fn bind(&mut self, pat: &mut syn::Pat) {
        self.visit_pat_mut(pat);
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
        if let Ok(mut list) = list.parse2(mac.tokens.clone()) {
            list.iter_mut().for_each(|e| self.argument(e));
        } else if let Ok(mut parts) = repeat.parse2(mac.tokens.clone()) {
            parts.iter_mut().for_each(|e| self.argument(e));
        }
    }

    /// An argument of a macro: what is replaced is the call of the macro.
    fn argument(&mut self, expr: &mut Expr) {
        let before = self.absorbed;
        self.visit_expr_mut(expr);
        self.absorbed = before;
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

/// What stands for an expression that is refused.
fn refused() -> Expr {
    syn::parse_quote!(_)
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

impl VisitMut for Fence<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Unsafe(e) = expr
            && let Some(checked) = unchecked::checked(e)
        {
            *expr = checked;
        }
        if !self.refused(expr) {
            visit_mut::visit_expr_mut(self, expr);
        }
        if self.absorb() || self.is_of_refused(expr) {
            *expr = refused();
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut syn::Stmt) {
        visit_mut::visit_stmt_mut(self, stmt);
        if self.absorb() {
            *stmt = syn::Stmt::Expr(refused(), Some(Token![;](stmt.span())));
        }
    }

    /// `f64::sin as fn(f64) -> f64`
    fn visit_expr_cast_mut(&mut self, e: &mut syn::ExprCast) {
        self.visit_expr_mut(&mut e.expr);
        if !crate::lower::types::is_called(&e.ty) {
            self.visit_type_mut(&mut e.ty);
        }
    }

    /// Evaluated by rustc: no code of the function's.
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}

    fn visit_expr_if_mut(&mut self, e: &mut syn::ExprIf) {
        self.visit_attributes_mut(&mut e.attrs);
        self.scoped(|fence| {
            fence.condition(&mut e.cond);
            fence.visit_block_mut(&mut e.then_branch);
        });
        if let Some((_, els)) = &mut e.else_branch {
            self.visit_expr_mut(els);
        }
    }

    fn visit_expr_loop_mut(&mut self, e: &mut syn::ExprLoop) {
        self.loop_attributes(&mut e.attrs);
        self.visit_block_mut(&mut e.body);
    }

    fn visit_expr_while_mut(&mut self, e: &mut syn::ExprWhile) {
        self.loop_attributes(&mut e.attrs);
        self.scoped(|fence| {
            fence.condition(&mut e.cond);
            fence.visit_block_mut(&mut e.body);
        });
    }

    fn visit_expr_for_loop_mut(&mut self, e: &mut syn::ExprForLoop) {
        self.loop_attributes(&mut e.attrs);
        self.visit_expr_mut(&mut e.expr);
        self.scoped(|fence| {
            fence.bind(&mut e.pat);
            fence.visit_block_mut(&mut e.body);
        });
    }

    fn visit_expr_closure_mut(&mut self, e: &mut syn::ExprClosure) {
        self.visit_attributes_mut(&mut e.attrs);
        self.scoped(|fence| {
            e.inputs.iter_mut().for_each(|pat| fence.bind(pat));
            fence.visit_return_type_mut(&mut e.output);
            fence.visit_expr_mut(&mut e.body);
        });
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        self.scoped(|fence| {
            fence.scopes.bind_pattern(&arm.pat);
            visit_mut::visit_arm_mut(fence, arm);
        });
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        self.scoped(|fence| {
            fence.scopes.bind_items(block);
            visit_mut::visit_block_mut(fence, block);
        });
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        // Functions with the type that they are called by.
        if let (syn::Pat::Type(pat), Some(init)) = (&local.pat, &mut local.init)
            && crate::lower::types::holds_functions(&pat.ty)
        {
            self.visit_expr_mut(&mut init.expr);
            if let Some((_, diverge)) = &mut init.diverge {
                self.visit_expr_mut(diverge);
            }
        } else {
            visit_mut::visit_local_mut(self, local);
        }
        self.scopes.bind_local(local);
    }

    fn visit_item_mut(&mut self, item: &mut Item) {
        match item {
            Item::Const(i) => self.visit_type_mut(&mut i.ty),
            Item::Static(i) => {
                if let syn::StaticMutability::Mut(token) = &i.mutability {
                    self.diagnostics.static_mut(token.span, &i.ident);
                }
                self.visit_type_mut(&mut i.ty);
            }
            Item::Verbatim(tokens) => self.diagnostics.unknown_syntax(tokens.span()),
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        if is_assembly(mac) {
            self.diagnostics.inline_assembly(mac.path.span());
        } else {
            self.macro_arguments(mac);
        }
    }

    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        if !types::refused(ty, self.diagnostics) {
            visit_mut::visit_type_mut(self, ty);
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        types::check_path(path, self.diagnostics);
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_pat_mut(&mut self, pat: &mut syn::Pat) {
        match pat {
            syn::Pat::Verbatim(tokens) => self.diagnostics.unknown_syntax(tokens.span()),
            pat => visit_mut::visit_pat_mut(self, pat),
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        let path = attribute.path();
        if path.is_ident("cfg") || is_conditional(attribute) {
            self.diagnostics.conditional_code(attribute.span());
        } else if is_checkpoint(attribute) {
            self.diagnostics.checkpoint_elsewhere(attribute.span());
        }
    }
}

/// `#[cfg_attr(.., attribute)]`, of attributes for the compiler's warnings and for other tools aside: what they say has no part in the derivative.
fn is_conditional(attribute: &syn::Attribute) -> bool {
    const WITHOUT_MEANING: &[&str] = &[
        "allow",
        "warn",
        "deny",
        "expect",
        "forbid",
        "inline",
        "rustfmt_skip",
        "rustfmt",
        "clippy",
        "doc",
        "must_use",
        "cold",
    ];
    let parse = |input: syn::parse::ParseStream<'_>| {
        let list =
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated(input);
        Ok(list?.into_iter().skip(1).collect::<Vec<_>>())
    };
    let meant = |meta: &syn::Meta| {
        let first = meta.path().segments.first();
        first.is_none_or(|s| !WITHOUT_MEANING.iter().any(|known| s.ident == known))
    };
    attribute.path().is_ident("cfg_attr")
        && attribute
            .parse_args_with(parse)
            .map_or(true, |given| given.iter().any(meant))
}
