//! Functions that are named as the module that they stand in, and how the module around that brings them.
//!
//! ```text
//! mod area;  pub use area::*;        with all that the module has
//! mod area;  pub use area::area;     by its name
//! ```

use super::imports::imports;
use super::text::{follows, modules, occurrences};
use super::{File, Source, full};
use proc_macro2::{Ident, Span};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How the module around a function's module, which has the function's name, has the function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Brought {
    /// By a `use` that says its name, which brings types of that name too.
    ByName,
    Otherwise,
}

/// The same of this function; none where its module has another name.
pub fn brought(name: &Ident) -> Option<Brought> {
    let source = Source::of(name.span())?;
    source.brought(&name.to_string(), &path_of(name.span())?)
}

/// The visibility of the type that has the function's derivatives: none where the type would come with the function to where its module is.
pub fn visibility(name: &Ident, vis: &syn::Visibility) -> syn::Visibility {
    match brought(name) {
        Some(Brought::ByName) => syn::Visibility::Inherited,
        _ => vis.clone(),
    }
}

fn path_of(span: Span) -> Option<PathBuf> {
    Some(full(&span.unwrap().local_file()?))
}

impl Source {
    fn brought(&self, name: &str, path: &Path) -> Option<Brought> {
        let by_name = match self.at.and_then(|at| self.innermost(at)) {
            Some(module) => is_module(self.text(), module, name)
                .then(|| brings(self.text(), Some(module), name)),
            None => {
                let stem = module_of(path).is_some_and(|module| module == name);
                let mut parents = self.parents(name, path);
                stem.then(|| parents.any(|file| brings(&file.text, None, name)))
            }
        }?;
        Some(if by_name {
            Brought::ByName
        } else {
            Brought::Otherwise
        })
    }

    /// The files that may declare the module of this name that a file is.
    fn parents(&self, name: &str, path: &Path) -> impl Iterator<Item = Rc<File>> {
        let beside = match path.ends_with("mod.rs") {
            true => path.parent().and_then(Path::parent),
            false => path.parent(),
        };
        let beside = beside.unwrap_or(path).to_path_buf();
        let may_be = move |other: &&PathBuf| {
            other.parent() == Some(&beside) || **other == beside.with_extension("rs")
        };
        let files = self.krate.paths().iter().filter(may_be);
        let files = files.filter_map(|path| self.krate.file(path));
        files.filter(move |file| {
            let text = &file.text;
            let ends = |at: usize| text[at + name.len()..].trim_start().starts_with(';');
            occurrences(text, name).any(|at| follows(text, at, "mod") && ends(at))
        })
    }
}

/// The module that a file holds: `area.rs`, `area/mod.rs`.
fn module_of(path: &Path) -> Option<&str> {
    match path.file_stem()?.to_str()? {
        "mod" => path.parent()?.file_name()?.to_str(),
        stem => Some(stem),
    }
}

/// The module in the file around a place.
fn innermost(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut around = modules(text).into_iter().rev();
    around.find(|(start, end)| (*start..*end).contains(&at))
}

fn is_module(text: &str, (start, _): (usize, usize), name: &str) -> bool {
    let named = text[start + "mod".len()..].trim_start().strip_prefix(name);
    named.is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// Does a `use` beside a module, a file where none is given, say the name of the function in it?
fn brings(text: &str, module: Option<(usize, usize)>, name: &str) -> bool {
    let around = module.and_then(|(start, _)| innermost(text, start.checked_sub(1)?));
    imports(text).iter().any(|import| {
        let said = import.path.ends_with(&[name.to_owned(), name.to_owned()]);
        said && import.name.as_deref() == Some(name) && innermost(text, import.at) == around
    })
}

#[cfg(test)]
mod tests {
    use super::Brought::{ByName, Otherwise};
    use super::{Source, module_of};
    use std::path::Path;

    #[test]
    fn the_module_of_a_file() {
        assert_eq!(module_of(Path::new("src/shapes/area.rs")), Some("area"));
        assert_eq!(module_of(Path::new("src/shapes/mod.rs")), Some("shapes"));
        assert_eq!(module_of(Path::new("")), None);
    }

    #[test]
    fn modules_of_a_file() {
        let text = "mod area {\n    fn area() {}\n}\nmod b {\n    mod norm {\n        fn norm() {}\n        fn other() {}\n    }\n    \
            pub use self::norm::{norm, other};\n    use super::area::area;\n}\npub use area::*;\n";
        let brought = |line, name| {
            let mut source = Source::new(text, "geometry");
            source.at = source.file.start_of_line(line);
            source.brought(name, Path::new("src/lib.rs"))
        };
        assert_eq!(brought(2, "area"), Some(Otherwise));
        assert_eq!(brought(6, "norm"), Some(ByName));
        assert_eq!(brought(7, "other"), None);
        assert_eq!(brought(12, "lib"), Some(Otherwise));
    }
}
