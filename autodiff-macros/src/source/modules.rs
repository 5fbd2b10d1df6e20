//! Modules, types and variants of the crate's own that are named as those of the standard library: `mod mem { .. }`, `use shim as libm;`.
//!
//! A name is looked for as the compiler does it: in the module that it is said in, and where that brings all of another one, in that.

use super::Source;
use super::imports::Import;
use super::text::{is_of_word, modules, occurrences};
use std::collections::BTreeMap;
use syn::Item;

/// The module around something, from where to where it stands; none at the top of a file.
pub type Within = Option<(usize, usize)>;

/// The modules around those of a name.
pub type Declared = BTreeMap<String, Vec<Within>>;

impl Source {
    /// Does the path lead to a module of the crate's own? Where the file does not tell, it does: an error is better than another function's derivative.
    pub fn is_own_module(&self, path: &[String]) -> bool {
        let [name] = path else {
            return self.is_local(path);
        };
        let here = self.at.and_then(|at| self.innermost(at));
        let inside = |import: &&Import| self.innermost(import.at) == here;
        let all = || self.imports().iter().filter(inside);
        let named = |i: &&Import| i.name.as_ref() == Some(name);
        let mut brought = all().filter(named).peekable();
        if brought.peek().is_some() {
            return brought.any(|i| self.is_local(&i.path));
        }
        let declared = self.declared(name);
        if declared.contains(&here) {
            return true;
        }
        let by_glob = all().any(|i| i.name.is_none() && self.is_local(&i.path));
        let elsewhere = || match self.import(name) {
            Some(import) => self.is_local(&import.path),
            None => !declared.is_empty() || self.krate.files_of(name).next().is_some(),
        };
        by_glob && elsewhere()
    }

    /// Does the path lead to a struct or an enum of the crate's own, not to a trait?
    pub fn is_own_type(&self, path: &[String]) -> bool {
        let is_type = |item: &Item| matches!(item, Item::Struct(_) | Item::Enum(_));
        match path {
            [name] => self.definition(name).is_some_and(|d| is_type(&d.item)),
            _ => self.is_own(path),
        }
    }

    /// Is it a type with this variant?
    pub fn has_variant(&self, name: &str, variant: &str) -> bool {
        let definition = self.definition(name);
        definition.is_some_and(|definition| match &definition.item {
            Item::Enum(item) => item.variants.iter().any(|v| v.ident == variant),
            _ => false,
        })
    }

    /// The modules around those of this name.
    pub(super) fn declared(&self, name: &str) -> &[Within] {
        let read = || {
            let mut all = Declared::new();
            for (name, at) in declarations(self.text()) {
                let within = at.checked_sub(1).and_then(|at| self.innermost(at));
                all.entry(name.to_owned()).or_default().push(within);
            }
            all
        };
        let all = self.file.declared.get_or_init(read);
        all.get(name).map_or(&[], Vec::as_slice)
    }

    /// The module in the file around a place.
    pub(super) fn innermost(&self, at: usize) -> Within {
        let modules = self.file.modules.get_or_init(|| modules(self.text()));
        let mut around = modules.iter().rev();
        around
            .find(|(start, end)| (*start..*end).contains(&at))
            .copied()
    }
}

/// The names of the modules in a text, and where they are declared.
fn declarations(text: &str) -> impl Iterator<Item = (&str, usize)> {
    occurrences(text, "mod").map(|at| (module_at(text, at), at))
}

/// The name of the module that is declared at a place.
pub fn module_at(text: &str, at: usize) -> &str {
    let rest = text[at + "mod".len()..].trim_start();
    let end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn own_modules() {
        let text = "use std::mem;\nmod num {}\nmod shim;\nuse shim as libm;\n\
            mod a {\n    mod mem {}\n    fn f() {}\n    mod b {\n        use super::*;\n        fn g() {}\n    }\n}\n";
        let own = |line, name: &str| {
            let mut source = Source::new(text, "geometry");
            source.at = source.file.start_of_line(line);
            let path: Vec<String> = name.split("::").map(str::to_owned).collect();
            source.is_own_module(&path)
        };
        for name in ["num", "libm", "a::mem", "crate::a::mem"] {
            assert!(own(3, name), "{name}");
        }
        for name in ["mem", "f64", "std::mem", "hint"] {
            assert!(!own(3, name), "{name}");
        }
        assert!(own(7, "mem") && !own(7, "num"));
        assert!(!own(10, "f64"));
    }

    #[test]
    fn variants() {
        let text = "enum Maybe { Some(f64), Nothing }\nstruct Some;\n";
        let source = Source::new(text, "geometry");
        assert!(source.has_variant("Maybe", "Some"));
        assert!(!source.has_variant("Maybe", "None") && !source.has_variant("Option", "Some"));
    }
}
