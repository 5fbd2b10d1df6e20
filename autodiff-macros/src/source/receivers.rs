//! How methods take their receivers.

use super::Source;
use super::functions::{defined, owner};
use super::text::{before, ends_in_word};

impl Source {
    /// Do all methods of the name take `self` by value, of types of the file that are not `Copy`?
    pub fn takes_receiver(&self, name: &str) -> bool {
        let text = self.text();
        let mut all = defined(text, name)
            .filter_map(|at| Some((at, receiver(&text[at..])?)))
            .peekable();
        let moves = |at: usize| {
            let block = self.block_at(at);
            let owner = block.and_then(|block| owner(&block.self_ty));
            owner.is_some_and(|name| self.is_moved(&name))
        };
        all.peek().is_some() && all.all(|(at, receiver)| is_by_value(receiver) && moves(at))
    }

    /// Does the file define a method of the name?
    pub fn has_method(&self, name: &str) -> bool {
        let text = self.text();
        defined(text, name).any(|at| receiver(&text[at..]).is_some())
    }

    /// Is it a type of the crate that does not derive `Copy`?
    fn is_moved(&self, name: &str) -> bool {
        let Some((source, (keyword, _))) = self.look_up(name) else {
            return false;
        };
        let text = source.text();
        let is_type = ["struct", "enum"]
            .iter()
            .any(|word| text[keyword..].starts_with(word));
        let copied = format!("Copy for {name}");
        is_type && !before(text, keyword).contains("Copy") && !text.contains(&copied)
    }
}

/// The first parameter of a function, if it is `self`.
fn receiver(function: &str) -> Option<&str> {
    let (_, parameters) = function.split_once('(')?;
    let end = parameters.find([',', ')'])?;
    let first = parameters[..end].trim();
    let name = first.split(':').next()?.trim_end();
    let before = name.strip_suffix("self")?;
    (!ends_in_word(before)).then_some(first)
}

fn is_by_value(receiver: &str) -> bool {
    let name = receiver.strip_prefix("mut ").unwrap_or(receiver);
    name.trim() == "self"
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn by_value() {
        let text = "\n#[derive(Clone)]\nstruct Poly(Vec<f64>);\n#[derive(Clone, Copy)]\nstruct Pair(f64, f64);\n\
            impl Poly {\n    fn scaled(mut self, k: f64) -> Self { self }\n    fn at(&self, x: f64) -> f64 { x }\n}\n\
            impl Pair {\n    fn sum(self) -> f64 { self.0 }\n}\n";
        let source = Source::new(text, "geometry");
        let taken = ["scaled", "at", "sum", "other"].map(|name| source.takes_receiver(name));
        assert_eq!(taken, [true, false, false, false]);
    }
}
