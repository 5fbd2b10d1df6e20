//! Adjoints that are shown: before the reverse of a statement that the graph has, a call that hands over its value and its adjoint.
//!
//! ```text
//! let z = w * x        rt::graph::adjoint("z = w * x", z, z_bar);  w_bar += z_bar * x;  ..
//! ```

use super::Builder;
use crate::ir::{Inert, Operand, Stmt, Ty};
use quote::quote;

impl Builder<'_> {
    /// Hands over the adjoint of what a statement computes, if it is a number of the graph.
    pub fn show(&mut self, stmt: &Stmt) {
        let Stmt::Let { var, .. } = stmt else { return };
        let Some(shown) = &self.function.shown else {
            return;
        };
        let (rt, label) = (shown.rt.clone(), shown.labels.get(var).cloned());
        let Some(label) = label.filter(|_| matches!(self.function.var(*var).ty, Ty::Float(_)))
        else {
            return;
        };
        let Some(seed) = self.seed(*var).as_ref().and_then(Operand::as_var) else {
            return;
        };
        let (value, adjoint) = (
            &self.function.var(*var).ident,
            &self.function.var(seed).ident,
        );
        let code = quote!(#rt::graph::adjoint(#label, #rt::number(#value), #rt::number(#adjoint)));
        self.out.push(Stmt::Effect(Inert {
            expr: syn::Expr::Verbatim(code),
            uses: vec![*var, seed],
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        }));
    }
}
