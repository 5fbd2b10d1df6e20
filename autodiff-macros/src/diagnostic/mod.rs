//! The collector of errors. One constructor per message, by stage: [`options`], [`fence`], [`lower`], [`activity`].
//!
//! A stage reports all that it finds and goes on with the rest; nothing is transformed where something was reported. Style: lower case, no full
//! stop, code in backticks; the first line is the problem, then `note:` why, then `help:` what to write instead.

mod activity;
pub mod advice;
mod derive;
mod fence;
mod lower;
mod options;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

/// One error.
#[derive(Debug)]
pub struct Diagnostic {
    span: Span,
    lines: Vec<String>,
}

impl Diagnostic {
    /// Adds a line `note: ..`.
    pub fn note(&mut self, text: impl Into<String>) -> &mut Self {
        self.lines.push(format!("note: {}", text.into()));
        self
    }

    /// Adds a line `help: ..`.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.lines.push(format!("help: {}", text.into()));
        self
    }
}

/// All errors of one expansion.
#[derive(Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Reports an error at `span`.
    fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.0.push(Diagnostic {
            span,
            lines: vec![message.into()],
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// Was nothing reported?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many were reported?
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The texts, for tests.
    #[cfg(test)]
    pub fn messages(&self) -> Vec<String> {
        self.0.iter().map(|d| d.lines.join("\n")).collect()
    }

    /// One `compile_error!` for each, in order of report.
    pub fn into_compile_errors(self) -> TokenStream {
        self.0
            .iter()
            .map(|d| {
                let text = crate::homonyms::said(&d.lines.join("\n"));
                quote_spanned!(d.span=> ::core::compile_error!(#text);)
            })
            .collect()
    }
}
