//! How methods take their receivers.

use super::Source;
use super::text::{ends_in_word, follows, occurrences};

impl Source {
    /// Do all methods of the name take `self` by value, of types of the file that are not `Copy`?
    pub fn takes_receiver(&self, name: &str) -> bool {
        let text = self.text();
        let mut all = occurrences(text, name)
            .filter(|&at| follows(text, at, "fn"))
            .filter_map(|at| Some((at, receiver(&text[at..])?)))
            .peekable();
        let moves = |at: usize| owner(&text[..at]).is_some_and(|name| self.is_moved(&name));
        all.peek().is_some() && all.all(|(at, receiver)| is_by_value(receiver) && moves(at))
    }

    /// Is it a type of the file that does not derive `Copy`?
    fn is_moved(&self, name: &str) -> bool {
        let text = self.text();
        let keywords = ["struct", "enum"];
        let is_one = |at: &usize| keywords.iter().any(|word| follows(text, *at, word));
        let mut all = occurrences(text, name).filter(is_one);
        let (Some(at), None) = (all.next(), all.next()) else {
            return false;
        };
        let before = text[..at].rfind(['}', ';']).unwrap_or_default();
        let copied = format!("impl Copy for {name}");
        !text[before..at].contains("Copy") && !text.contains(&copied)
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

/// The type of the last `impl` that begins in the text.
fn owner(text: &str) -> Option<String> {
    let lines = text.split_inclusive('\n').rev();
    let mut at = text.len();
    let mut starts = lines.map(|line| {
        at -= line.len();
        (at, line.trim_start())
    });
    let (at, _) = starts.find(|(_, line)| line.starts_with("impl"))?;
    let header = text[at..].split_once('{')?.0;
    let block: syn::ItemImpl = syn::parse_str(&format!("{header} {{}}")).ok()?;
    super::functions::owner(&block.self_ty)
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
