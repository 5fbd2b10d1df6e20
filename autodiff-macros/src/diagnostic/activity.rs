//! Messages of the activity analysis.

use super::Diagnostics;
use proc_macro2::Span;

impl Diagnostics {
    /// Something active flows through code without derivative.
    pub fn no_derivative(&mut self, span: Span, what: &str) {
        self.error(span, format!("no derivative rule for {what}"))
            .note("a value that depends on a differentiable parameter flows through it to the result")
            .help("write it with operations that have a rule, put it into a function of its own marked #[differentiate], or wrap the argument in `stop_gradient(..)`");
    }

    /// Nothing to differentiate.
    pub fn independent_result(&mut self, function: &str, span: Span) {
        self.error(
            span,
            format!("the result of `{function}` does not depend on any differentiable parameter"),
        )
        .help("remove #[differentiate], or mark the parameters #[constant]");
    }
}
