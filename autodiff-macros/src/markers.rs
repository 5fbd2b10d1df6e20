//! Attributes that are only meant for the macro: `#[constant]` on parameters, `#[checkpoint]` on loops. The function itself is emitted without them.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, FnArg, ItemFn, Signature, Stmt};

/// The function without them.
pub fn taken_off(item: &ItemFn) -> ItemFn {
    let mut item = item.clone();
    of_signature(&mut item.sig);
    Unmarked.visit_block_mut(&mut item.block);
    item
}

/// Takes them off a member.
pub fn take_off(attrs: &mut Vec<Attribute>, sig: &mut Signature, body: Option<&mut Block>) {
    attrs.retain(|a| !is_constant(a));
    of_signature(sig);
    if let Some(body) = body {
        Unmarked.visit_block_mut(body);
    }
}

fn of_signature(sig: &mut Signature) {
    for input in &mut sig.inputs {
        let attrs = match input {
            FnArg::Typed(arg) => &mut arg.attrs,
            FnArg::Receiver(receiver) => &mut receiver.attrs,
        };
        attrs.retain(|a| !is_constant(a));
    }
}

fn is_constant(attribute: &Attribute) -> bool {
    attribute.path().is_ident("constant")
}

fn is_checkpoint(attribute: &Attribute) -> bool {
    attribute.path().is_ident("checkpoint")
}

/// Takes `#[checkpoint]` off.
struct Unmarked;

impl VisitMut for Unmarked {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let stmts = std::mem::take(&mut block.stmts);
        let uses = |stmt: Stmt| [number_of_states(&stmt), Some(stmt)];
        block.stmts = stmts.into_iter().flat_map(uses).flatten().collect();
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_attributes_mut(&mut self, attrs: &mut Vec<Attribute>) {
        attrs.retain(|a| !is_checkpoint(a));
    }
}

/// What the function itself does not need, but names: it would be warned of variables that nothing else uses.
fn number_of_states(stmt: &Stmt) -> Option<Stmt> {
    let attrs = match stmt {
        Stmt::Expr(Expr::ForLoop(e), _) => &e.attrs,
        Stmt::Expr(Expr::While(e), _) => &e.attrs,
        Stmt::Expr(Expr::Loop(e), _) => &e.attrs,
        _ => return None,
    };
    let states: Expr = attrs.iter().find(|a| is_checkpoint(a))?.parse_args().ok()?;
    Some(syn::parse_quote!(if false { let _ = #states; }))
}
