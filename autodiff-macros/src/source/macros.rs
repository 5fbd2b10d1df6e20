//! The definitions of macros.

use super::Source;
use super::text::{end_of, follows, occurrences};
use proc_macro2::Span;

impl Source {
    /// The `macro_rules!` that a name means where it is used: the only one of the crate, or the only one of the file if it stands at the top level,
    /// before the use.
    pub fn macro_definition(&self, name: &str, used: Span) -> Option<syn::ItemMacro> {
        let foreign = |path: &[String]| !["crate", "self", "super"].contains(&path[0].as_str());
        if self.import(name).is_some_and(|i| foreign(&i.path)) {
            return None;
        }
        let own: Vec<usize> = macros(self.file.written(), name).collect();
        if let [at] = own.as_slice()
            && self.is_before(*at, used)
        {
            return definition(self.file.written(), *at);
        }
        let mut all = self.krate.files().flat_map(|file| {
            let all = macros(file.written(), name).map(|at| definition(file.written(), at));
            all.collect::<Vec<_>>()
        });
        let (found, None) = (all.next()?, all.next()) else {
            return None;
        };
        found
    }

    /// Does the definition stand at the top level, before the use?
    fn is_before(&self, at: usize, used: Span) -> bool {
        let before = &self.file.written()[..at];
        let line = before.rsplit('\n').next().unwrap_or_default();
        let used = match proc_macro::is_available() {
            true => used.unwrap().start().line(),
            false => usize::MAX,
        };
        line.starts_with("macro_rules") && before.matches('\n').count() + 1 < used
    }
}

/// Where the names of definitions are.
pub fn macros<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    occurrences(text, name).filter(|&at| follows(text, at, "macro_rules!"))
}

fn definition(text: &str, at: usize) -> Option<syn::ItemMacro> {
    let start = text[..at].rfind("macro_rules")?;
    syn::parse_str(&text[start..end_of(text, at)?]).ok()
}

#[cfg(test)]
mod tests {
    use super::Source;
    use proc_macro2::Span;

    #[test]
    fn the_only_one() {
        let found = |text: &str| {
            let source = Source::new(text, "geometry");
            let found = source.macro_definition("sq", Span::call_site());
            found.is_some()
        };
        let one = "macro_rules! sq {\n    ($x:expr) => { $x * $x };\n}\n";
        assert!(found(one));
        assert!(!found(&format!("{one}{one}")));
        assert!(!found(&format!("use other::sq;\n{one}")));
        assert!(!found("// macro_rules! sq { () => {}; }"));
    }
}
