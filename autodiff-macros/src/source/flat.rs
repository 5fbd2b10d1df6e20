//! Functions whose value is one of some numbers: `fn sign(x: f64) -> f64 { if x < 0.0 { -1.0 } else { 1.0 } }`.

use crate::case::is_constant_name;
use crate::lower::types::is_float;
use syn::{Block, Expr, ItemFn, Stmt};

/// Is each value of the function a number that is written down or has the name of a constant?
pub fn is_flat(item: &ItemFn) -> bool {
    let result = match &item.sig.output {
        syn::ReturnType::Type(_, ty) => is_float(ty),
        syn::ReturnType::Default => false,
    };
    result && is_flat_block(&item.block)
}

/// A block that does nothing but choose a number.
fn is_flat_block(block: &Block) -> bool {
    let Some((last, first)) = block.stmts.split_last() else {
        return false;
    };
    let early = |stmt: &Stmt| match stmt {
        Stmt::Expr(Expr::If(e), _) => e.else_branch.is_none() && is_flat_block(&e.then_branch),
        _ => false,
    };
    let ends = match last {
        Stmt::Expr(Expr::Return(e), _) => e.expr.as_deref().is_some_and(is_flat_value),
        Stmt::Expr(value, None) => is_flat_value(value),
        _ => false,
    };
    ends && first.iter().all(early)
}

fn is_flat_value(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Paren(e) => is_flat_value(&e.expr),
        Expr::Group(e) => is_flat_value(&e.expr),
        Expr::Unary(e) => matches!(e.op, syn::UnOp::Neg(_)) && is_flat_value(&e.expr),
        Expr::Path(path) => {
            let last = path.path.segments.last().map(|s| s.ident.to_string());
            last.is_some_and(|name| is_constant_name(&name))
        }
        Expr::Return(e) => e.expr.as_deref().is_some_and(is_flat_value),
        Expr::Block(e) => e.label.is_none() && is_flat_block(&e.block),
        Expr::If(e) => {
            let els = e.else_branch.as_ref();
            is_flat_block(&e.then_branch) && els.is_some_and(|(_, els)| is_flat_value(els))
        }
        Expr::Match(e) => e.arms.iter().all(|arm| is_flat_value(&arm.body)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    fn is_flat(text: &str) -> bool {
        super::is_flat(&syn::parse_str(text).expect("a function"))
    }

    #[test]
    fn one_of_some_numbers() {
        for text in [
            "fn sign(x: f64) -> f64 { if x < 0.0 { -1.0 } else if x > 0.0 { 1.0 } else { 0.0 } }",
            "fn step(x: f64) -> f64 { if x < 0.0 { return 0.0; } if x == 0.0 { return 0.5; } 1.0 }",
            "fn level(k: u8, x: f64) -> f64 { match k { 0 if x > 0.0 => f64::NAN, 1 => { (LOW) } _ => 2.0 } }",
        ] {
            assert!(is_flat(text), "{text}");
        }
    }

    #[test]
    fn other_values() {
        for text in [
            "fn id(x: f64) -> f64 { x }",
            "fn part(x: f64) -> f64 { if x < 0.0 { x } else { 1.0 } }",
            "fn early(x: f64) -> f64 { if x < 0.0 { return x; } 1.0 }",
            "fn after(x: f64) -> f64 { let y = 1.0; y }",
            "fn called(x: f64) -> f64 { if x < 0.0 { f(x) } else { 0.0 } }",
            "fn whole(x: f64) -> usize { 1 }",
        ] {
            assert!(!is_flat(text), "{text}");
        }
    }
}
