//! What `#[derive(Differentiable)]` reports.

use super::Diagnostics;
use proc_macro2::Span;

impl Diagnostics {
    pub fn derive_on_union(&mut self, span: Span) {
        self.error(span, "a union cannot be differentiated")
            .note("which of its fields it holds is not known")
            .help("use an enum");
    }

    pub fn derive_option(&mut self, span: Span, message: &str) {
        self.error(span, message)
            .help("`#[differentiable(crate = path)]`, `#[differentiable(tangent = Name)]`, `#[differentiable(batch)]`");
    }
}
