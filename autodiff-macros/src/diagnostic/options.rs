//! Messages about the attribute and its options.

use super::Diagnostics;
use proc_macro2::{Ident, Span};

impl Diagnostics {
    /// The arguments do not parse.
    pub fn option_syntax(&mut self, span: Span, error: &str) {
        self.error(
            span,
            format!("the options of #[differentiate] do not parse: {error}"),
        )
        .help("write them as in #[differentiate(wrt = (x, a), reverse)]");
    }

    /// The attribute is not on a function.
    pub fn not_a_function(&mut self, span: Span) {
        self.error(span, "#[differentiate] belongs on a function")
            .help("put it on each `fn` to be differentiated");
    }

    /// An option given twice.
    pub fn duplicate_option(&mut self, name: &Ident) {
        self.error(name.span(), format!("the option `{name}` is given twice"))
            .help("leave one of them out");
    }

    /// An option with a value that takes none.
    pub fn option_without_value(&mut self, name: &Ident) {
        self.error(name.span(), format!("the option `{name}` takes no value"))
            .help(format!("write #[differentiate({name})]"));
    }

    /// An option without its value, or with one of the wrong kind.
    pub fn option_needs_value(&mut self, name: &Ident) {
        let example = match name.to_string().as_str() {
            "wrt" => "wrt = (x, a)",
            "name" => "name = other",
            _ => "crate = my_crate::autodiff",
        };
        self.error(
            name.span(),
            format!("the option `{name}` needs a value of another form"),
        )
        .help(format!("write #[differentiate({example})]"));
    }

    /// An option that the project plans.
    pub fn planned_option(&mut self, name: &Ident) {
        self.error(
            name.span(),
            format!("the option `{name}` is not available yet"),
        )
        .help("leave it out");
    }

    /// An option that there is not.
    pub fn unknown_option(&mut self, name: &Ident, known: &[&str]) {
        let list = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>();
        let text = name.to_string();
        let close = known.iter().find(|k| distance(&text, k) <= 2);
        let error = self.error(name.span(), format!("unknown option `{name}`"));
        match close {
            Some(close) => error.help(format!("did you mean `{close}`?")),
            None => error.help(format!("the options are {}", list.join(", "))),
        };
    }

    /// `wrt` names something that is no parameter.
    pub fn wrt_no_parameter(&mut self, name: &Ident, function: &Ident, candidates: &[String]) {
        let message = format!("`wrt` names `{name}`, but `{function}` has no parameter `{name}`");
        self.error(name.span(), message).help(format!(
            "its differentiable parameters are {}",
            listed(candidates)
        ));
    }

    /// `wrt` names something that cannot be differentiated.
    pub fn wrt_not_differentiable(&mut self, name: &Ident, why: &str, candidates: &[String]) {
        self.error(name.span(), format!("`wrt` names `{name}`, which is {why}"))
            .help(format!(
                "the differentiable parameters are {}",
                listed(candidates)
            ));
    }

    /// Nothing to differentiate with respect to.
    pub fn no_differentiable_parameter(&mut self, function: &Ident) {
        self.error(
            function.span(),
            format!("`{function}` has no differentiable parameter"),
        )
        .note("integers, `bool`, strings and parameters marked #[constant] have no derivative")
        .help("remove #[differentiate]");
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let quoted: Vec<_> = names.iter().map(|n| format!("`{n}`")).collect();
    quoted.join(" and ")
}

/// The number of insertions, deletions and replacements between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
