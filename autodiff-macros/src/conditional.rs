//! Conditional compilation inside a function: one expansion for each configuration.
//!
//! ```text
//! #[differentiate]                    #[cfg(debug)] #[differentiate]        #[cfg(not(debug))] #[differentiate]
//! fn f(x: f64) -> f64 {               fn f(x: f64) -> f64 {                 fn f(x: f64) -> f64 {
//!     #[cfg(debug)]                       assert!(x > 0.0);
//!     assert!(x > 0.0);                   x * x                                 x * x
//!     x * x                           }                                     }
//! }
//! ```
//!
//! Only the compiler knows which condition holds, and it removes the other function before that is expanded. Statements, arms, fields of
//! struct literals and members of an `impl` block can be conditional; what else has a condition is left to the fence, which refuses it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, Stmt};

/// With how many conditions a function is taken: each doubles the number of its expansions.
const MOST: usize = 4;

/// The item once with and once without what the first condition in it guards, each to be expanded by itself; `None` where nothing is conditional.
pub fn split(item: &syn::Item, attribute: &TokenStream) -> Option<TokenStream> {
    let mut conditions = Conditions::default();
    conditions.visit_item_mut(&mut item.clone());
    if conditions.found.len() > MOST {
        return None;
    }
    let condition = conditions.found.first()?;
    let assume = |holds| {
        let mut item = item.clone();
        let condition = condition.clone();
        Assume { condition, holds }.visit_item_mut(&mut item);
        item
    };
    let (with, without) = (assume(true), assume(false));
    Some(quote! {
        #[cfg(#condition)]
        #attribute
        #with
        #[cfg(not(#condition))]
        #attribute
        #without
    })
}

/// What is inside an attribute `#[cfg(..)]`.
fn condition(attribute: &Attribute) -> Option<TokenStream> {
    let list = attribute.meta.require_list().ok()?;
    list.path.is_ident("cfg").then(|| list.tokens.clone())
}

/// What is inside `not(..)`.
fn negated(condition: &TokenStream) -> Option<TokenStream> {
    let list: syn::MetaList = syn::parse2(condition.clone()).ok()?;
    list.path.is_ident("not").then_some(list.tokens)
}

fn same(a: &TokenStream, b: &TokenStream) -> bool {
    a.to_string() == b.to_string()
}

/// Where conditions may stand: one visit for finding and for deciding them.
trait Guards {
    /// Does what has these attributes stay?
    fn stays(&mut self, attributes: &mut Vec<Attribute>) -> bool;
}

/// The conditions in an item, the negation of one being the same one.
#[derive(Default)]
struct Conditions {
    found: Vec<TokenStream>,
}

impl Guards for Conditions {
    fn stays(&mut self, attributes: &mut Vec<Attribute>) -> bool {
        for condition in attributes.iter().filter_map(condition) {
            let condition = negated(&condition).unwrap_or(condition);
            if !self.found.iter().any(|c| same(c, &condition)) {
                self.found.push(condition);
            }
        }
        true
    }
}

/// Decides one condition.
struct Assume {
    condition: TokenStream,
    holds: bool,
}

impl Assume {
    /// Does it hold? `None` if that is not known.
    fn value(&self, condition: &TokenStream) -> Option<bool> {
        if same(condition, &self.condition) {
            return Some(self.holds);
        }
        let inner = negated(condition)?;
        same(&inner, &self.condition).then_some(!self.holds)
    }
}

impl Guards for Assume {
    fn stays(&mut self, attributes: &mut Vec<Attribute>) -> bool {
        let value = |a: &Attribute| condition(a).and_then(|c| self.value(&c));
        let stays = attributes.iter().all(|a| value(a) != Some(false));
        attributes.retain(|a| value(a).is_none());
        stays
    }
}

macro_rules! visit_guards {
    ($($visitor:ty),*) => {$(
        impl VisitMut for $visitor {
            fn visit_block_mut(&mut self, block: &mut syn::Block) {
                block.stmts.retain_mut(|s| attributes(s).is_none_or(|a| self.stays(a)));
                for statement in &mut block.stmts {
                    if !matches!(statement, Stmt::Item(_)) {
                        self.visit_stmt_mut(statement);
                    }
                }
            }

            fn visit_expr_match_mut(&mut self, matched: &mut syn::ExprMatch) {
                matched.arms.retain_mut(|arm| self.stays(&mut arm.attrs));
                visit_mut::visit_expr_match_mut(self, matched);
            }

            fn visit_expr_struct_mut(&mut self, literal: &mut syn::ExprStruct) {
                let fields = std::mem::take(&mut literal.fields).into_iter();
                literal.fields = fields
                    .filter_map(|mut f| self.stays(&mut f.attrs).then_some(f))
                    .collect();
                visit_mut::visit_expr_struct_mut(self, literal);
            }

            fn visit_item_impl_mut(&mut self, block: &mut syn::ItemImpl) {
                block.items.retain_mut(|item| match item {
                    syn::ImplItem::Fn(function) => self.stays(&mut function.attrs),
                    _ => true,
                });
                visit_mut::visit_item_impl_mut(self, block);
            }
        }
    )*};
}

visit_guards!(Conditions, Assume);

/// The attributes of a statement, where they stand before it as a whole.
fn attributes(statement: &mut Stmt) -> Option<&mut Vec<Attribute>> {
    Some(match statement {
        Stmt::Local(local) => &mut local.attrs,
        Stmt::Macro(called) => &mut called.attrs,
        Stmt::Expr(expr, _) => return leading(expr),
        Stmt::Item(_) => return None,
    })
}

/// The attributes that a statement made of an expression begins with: `#[cfg(..)] x = y` has them at `x`.
fn leading(expr: &mut Expr) -> Option<&mut Vec<Attribute>> {
    macro_rules! attributes_of {
        ($($variant:ident)*) => {
            match expr {
                Expr::Assign(e) => return leading(&mut e.left),
                Expr::Binary(e) => return leading(&mut e.left),
                Expr::Cast(e) => return leading(&mut e.expr),
                $(Expr::$variant(e) => &mut e.attrs,)*
                _ => return None,
            }
        };
    }
    Some(attributes_of!(
        Array Block Break Call Closure Continue Field ForLoop If Index Lit Loop Macro Match MethodCall Paren Path Range Reference
        Repeat Return Struct Try Tuple Unary Unsafe While
    ))
}
