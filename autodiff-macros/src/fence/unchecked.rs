//! `unsafe` blocks that are there for entries without a check of their index: the derivative has the same block with checks.
//!
//! ```text
//! unsafe { *x.get_unchecked(i) }              { x[i] }
//! unsafe { *y.get_unchecked_mut(i) = a; }     { y[i] = a; }
//! ```
//!
//! Other `unsafe` code in such a block is refused by rustc: the block is none any more.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprBlock, ExprUnsafe};

/// The block with checks, if there is such an entry in it.
pub fn checked(e: &ExprUnsafe) -> Option<Expr> {
    let mut block = e.block.clone();
    let mut entries = Checked(false);
    entries.visit_block_mut(&mut block);
    entries.0.then(|| {
        Expr::Block(ExprBlock {
            attrs: Vec::new(),
            label: None,
            block,
        })
    })
}

/// Writes checked entries; was there any?
struct Checked(bool);

impl VisitMut for Checked {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let checked = match expr {
            Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => match &*e.expr {
                Expr::Reference(reference) if self.is_made(&reference.expr) => {
                    Some((*reference.expr).clone())
                }
                _ => None,
            },
            Expr::MethodCall(call) => entry(call),
            _ => None,
        };
        if let Some(checked) = checked {
            self.0 = true;
            *expr = checked;
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Checked {
    /// May it be an entry that was written here?
    fn is_made(&self, expr: &Expr) -> bool {
        self.0 && matches!(expr, Expr::Index(_))
    }
}

/// `&x[i]` for `x.get_unchecked(i)`
fn entry(call: &syn::ExprMethodCall) -> Option<Expr> {
    let (receiver, method) = (&call.receiver, call.method.to_string());
    let [index] = call.args.iter().collect::<Vec<_>>()[..] else {
        return None;
    };
    match method.as_str() {
        "get_unchecked" => Some(syn::parse_quote!(&#receiver[#index])),
        "get_unchecked_mut" => Some(syn::parse_quote!(&mut #receiver[#index])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::checked;
    use quote::ToTokens;

    fn shown(text: &str) -> Option<String> {
        let syn::Expr::Unsafe(e) = syn::parse_str(text).expect("an `unsafe` block") else {
            return None;
        };
        let same = |text: &str| text.replace(' ', "");
        checked(&e).map(|e| same(&e.to_token_stream().to_string()))
    }

    #[test]
    fn entries() {
        for (written, with_checks) in [
            ("unsafe { *x.get_unchecked(i) }", "{x[i]}"),
            ("unsafe { x.get_unchecked(1..n) }", "{&x[1..n]}"),
            (
                "unsafe { *m[k].get_unchecked_mut(i) += f(y); }",
                "{m[k][i]+=f(y);}",
            ),
            (
                "unsafe { *x.get_unchecked(*at.get_unchecked(i)) }",
                "{x[at[i]]}",
            ),
            ("unsafe { *x.get_unchecked(0) * *next }", "{x[0]**next}"),
        ] {
            assert_eq!(shown(written).as_deref(), Some(with_checks));
        }
        assert_eq!(shown("unsafe { *x.as_ptr() }"), None);
    }
}
