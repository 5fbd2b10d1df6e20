//! Free functions of a file that call each other in a circle, as far as the text of the file tells.

use super::Source;
use super::functions::bodies_in;
use super::text::{end_of, is_of_word, occurrences};
use std::collections::{BTreeMap, BTreeSet};

/// What each function calls by a name without an owner.
pub type Calls = BTreeMap<String, BTreeSet<String>>;

impl Source {
    /// The functions of the file that may be on a circle with this one, as their texts; none if there is no circle.
    pub fn circle_of(&self, name: &str) -> Vec<String> {
        let calls = self.file.calls.get_or_init(|| calls(self.text()));
        let circle = reached(calls, name);
        if !circle.contains(name) {
            return Vec::new();
        }
        circle
            .iter()
            .filter(|other| reached(calls, other).contains(name))
            .flat_map(|other| bodies_in(self.text(), other))
            .collect()
    }
}

/// What is called from a function, directly or not.
pub fn reached(all: &Calls, from: &str) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(name) = open.pop() {
        let callees = all.get(&name).into_iter().flatten();
        let new = callees.filter(|callee| found.insert((*callee).clone()));
        open.extend(new.cloned());
    }
    found
}

/// What the functions of a file call that have a name of one of them.
fn calls(text: &str) -> Calls {
    let name_at = |k: usize| {
        let rest = text[k + "fn".len()..].trim_start();
        let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        (!rest[..end].is_empty()).then(|| (&rest[..end], &text[k..end_of(text, k).unwrap_or(k)]))
    };
    let functions: Vec<(&str, &str)> = occurrences(text, "fn").filter_map(name_at).collect();
    let names: BTreeSet<&str> = functions.iter().map(|(name, _)| *name).collect();
    let mut calls = Calls::new();
    for (name, body) in functions {
        let callees = called(body).filter(|callee| names.contains(callee));
        let known = calls.entry(name.to_owned()).or_default();
        known.extend(callees.map(str::to_owned));
    }
    calls
}

/// The names that a parenthesis or the types of a call follow, but no dot or `fn` precedes.
fn called(body: &str) -> impl Iterator<Item = &str> {
    let ends = body
        .match_indices(['(', ':'])
        .filter(|(k, c)| *c == "(" || body[*k..].starts_with("::<"));
    ends.filter_map(|(k, _)| {
        let start = body[..k].rfind(|c| !is_of_word(c))? + 1;
        let before = body[..start].trim_end();
        let function = before.ends_with("fn") || before.ends_with('.');
        (start < k && !function).then(|| &body[start..k])
    })
}
