//! Types that a file defines at its top level, once: there is no doubt what their names mean in it.
//!
//! What stands at the beginning of a line is taken for top level. A name that is defined twice, or both defined and imported, tells nothing.

use super::types::end_of;
use super::{Source, follows, is_of_word, text_of};
use std::path::PathBuf;

/// A definition, and the file that its names are of, if that is another one.
pub struct Definition {
    pub item: syn::Item,
    pub source: Option<Source>,
    /// Does it derive `Differentiable`, as far as that is seen?
    pub differentiable: bool,
}

impl Source {
    /// The struct, enum or alias that a name means.
    pub fn type_definition(&self, name: &str) -> Option<Definition> {
        match self.imported(name) {
            None => self.own_definition(name),
            Some(path) => {
                let name = path.last()?;
                let source = self.module(path)?;
                let found = source.own_definition(name)?;
                Some(Definition {
                    source: Some(source),
                    ..found
                })
            }
        }
    }

    /// The definition in this file.
    fn own_definition(&self, name: &str) -> Option<Definition> {
        let text = &self.text;
        let keywords = ["struct", "enum", "type"];
        let is_one = |k: usize| keywords.iter().any(|word| follows(text, k, word));
        let mut all = super::occurrences(text, name).filter(|&k| is_one(k));
        let (at, None) = (all.next()?, all.next()) else {
            return None;
        };
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        if !text[line..].starts_with(is_of_word) {
            return None;
        }
        let before = text[..line].rfind(['}', ';']).unwrap_or_default();
        Some(Definition {
            item: syn::parse_str(&text[line..end_of(text, at)?]).ok()?,
            source: None,
            differentiable: text[before..line].contains("Differentiable"),
        })
    }

    /// The file of the module that a path leads into, `crate::geometry` of `crate::geometry::Point`.
    fn module(&self, path: &[String]) -> Option<Self> {
        let [.., module, _] = path else {
            return None;
        };
        if !self.is_local(path) || ["self", "super", "crate"].contains(&module.as_str()) {
            return None;
        }
        let mut files = self.files_of(module);
        let (file, None) = (files.next()?, files.next()) else {
            return None;
        };
        let folders = self.folders.clone();
        Some(Self::new(text_of(file)?, folders, self.krate.clone()))
    }

    /// The files that a module of the name may be.
    pub(super) fn files_of(&self, module: &str) -> impl Iterator<Item = &PathBuf> {
        self.files().iter().filter(move |file| {
            let stem = |path: &std::path::Path| path.file_stem().is_some_and(|stem| stem == module);
            let folder = file.ends_with("mod.rs") && file.parent().is_some_and(stem);
            folder || stem(file)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use quote::ToTokens;

    fn found(text: &str, name: &str) -> Option<String> {
        let source = Source::new(text.to_owned(), Vec::new(), "geometry".to_owned());
        let definition = source.type_definition(name)?;
        Some(definition.item.to_token_stream().to_string())
    }

    #[test]
    fn items_of_the_top_level() {
        let text = "/// A curve.\n#[derive(Clone, Differentiable)]\npub struct Curve<T> {\n    times: Vec<T>, // { of them\n}\n\
            struct Pair([f64; 2], usize);\nenum Kind { A, B }\npub type Real = f64;\n\
            mod inside {\n    struct Hidden;\n}\n";
        for (name, item) in [
            ("Curve", "pub struct Curve < T > { times : Vec < T > , }"),
            ("Pair", "struct Pair ([f64 ; 2] , usize) ;"),
            ("Kind", "enum Kind { A , B }"),
            ("Real", "pub type Real = f64 ;"),
        ] {
            assert_eq!(found(text, name).as_deref(), Some(item));
        }
        assert_eq!(found(text, "Hidden"), None);
        let source = Source::new(text.to_owned(), Vec::new(), "geometry".to_owned());
        let differentiable = |name| source.type_definition(name).map(|d| d.differentiable);
        assert_eq!(differentiable("Curve"), Some(true));
        assert_eq!(differentiable("Kind"), Some(false));
    }

    #[test]
    fn doubt() {
        for text in [
            "struct A;\nmod b {\n    struct A;\n}\n",
            "use other::A;\nstruct A;\n",
            "use crate::unknown::A;\n",
        ] {
            assert_eq!(found(text, "A"), None, "{text}");
        }
    }
}
