//! What the source file around an item tells of a name: whether the crate defines a type of this name, and whether the file means it;
//! whether a function of the crate lacks the attribute ([`functions`]); what a type is made of ([`items`]).
//!
//! ```text
//! struct Vector3<T> { .. }         it is the crate's own
//! use crate::math::Vector3;        .. if a file of the crate defines a type of the name: it may be handed on from nalgebra
//! use nalgebra::*;                 it is nalgebra's
//! ```
//!
//! Source is read as text: the item itself was expanded already where macros made it, and the file need not be parsed for each of its functions.

pub mod functions;
pub mod items;
pub mod macros;
pub mod receivers;
pub mod types;

use crate::emit::types::referred;
use crate::lower::types::{float_params, generic_function};
use proc_macro2::{Ident, Span};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The type parameters, floats and functions aside, of which values of these types surely hold some.
pub fn held(generics: &syn::Generics, types: &[&syn::Type]) -> Vec<Ident> {
    let floats = float_params(generics);
    let source = OnceCell::new();
    let is_it = |ty: &syn::Type, name: &Ident| match referred(ty) {
        syn::Type::Path(path) => path.path.is_ident(name),
        _ => false,
    };
    let holds = |ty: &syn::Type, name: &Ident| {
        let source = source.get_or_init(|| Source::of(name.span()));
        source.as_ref().is_some_and(|s| s.holds_one_of(ty, name))
    };
    let is_held = |name: &&Ident| types.iter().any(|ty| is_it(ty, name) || holds(ty, name));
    let open = generics.type_params().map(|p| &p.ident);
    let open =
        open.filter(|name| !floats.contains(name) && generic_function(name, generics).is_none());
    open.filter(is_held).cloned().collect()
}

/// A source file of the crate.
pub struct Source {
    text: String,
    /// Where the other files are.
    folders: Vec<PathBuf>,
    files: OnceCell<Vec<PathBuf>>,
    /// The name of the crate.
    krate: String,
    imports: OnceCell<Vec<Import>>,
    /// What was looked up in the other files.
    defined: RefCell<BTreeMap<String, bool>>,
}

/// What a `use` brings: a name, none where it brings all there is, and its path.
struct Import {
    name: Option<String>,
    path: Vec<String>,
}

impl Source {
    /// The file that a span is in; none outside of a compiler.
    pub fn of(span: Span) -> Option<Self> {
        if !proc_macro::is_available() {
            return None;
        }
        let file = span.unwrap().local_file()?;
        let variable = |name| std::env::var(name).ok();
        let main = variable("CARGO_MANIFEST_DIR").map(|root| Path::new(&root).join("src"));
        let inside = |around: &&Path| main.as_ref().is_some_and(|main| around.starts_with(main));
        let around = file.parent().filter(|around| !inside(around));
        let folders = around
            .map(Path::to_path_buf)
            .into_iter()
            .chain(main.clone());
        let krate = variable("CARGO_PKG_NAME").unwrap_or_default();
        let text = std::fs::read_to_string(&file).ok()?;
        Some(Self::new(text, folders.collect(), krate.replace('-', "_")))
    }

    fn new(text: String, folders: Vec<PathBuf>, krate: String) -> Self {
        Self {
            text,
            folders,
            files: OnceCell::new(),
            krate,
            imports: OnceCell::new(),
            defined: RefCell::default(),
        }
    }

    /// Does the path name a type of the crate's own?
    pub fn is_own(&self, path: &[String]) -> bool {
        let [name] = path else {
            return self.leads_to_own(path);
        };
        if defines(&self.text, name) {
            return true;
        }
        let imports = self.imports();
        match imports.iter().find(|i| i.name.as_ref() == Some(name)) {
            Some(import) => self.leads_to_own(&import.path),
            None => !imports.iter().any(Import::brings_nalgebra) && self.is_defined(name),
        }
    }

    fn leads_to_own(&self, path: &[String]) -> bool {
        let [_, .., name] = path else {
            return false;
        };
        self.is_local(path) && self.is_defined(name)
    }

    /// Does a path begin at a module of the crate?
    fn is_local(&self, path: &[String]) -> bool {
        let Some(first) = path.first() else {
            return false;
        };
        let local = |first: &str| {
            let module = occurrences(&self.text, first).any(|k| follows(&self.text, k, "mod"));
            ["crate", "self", "super", &self.krate].contains(&first) || module
        };
        let mut imports = self.imports().iter();
        let import = imports.find(|i| i.name.as_ref() == Some(first));
        let head = import.and_then(|i| i.path.first()).unwrap_or(first);
        let foreign = mentions_nalgebra(path) || import.is_some_and(|i| mentions_nalgebra(&i.path));
        !foreign && local(head)
    }

    /// Does any file of the crate define the type?
    fn is_defined(&self, name: &str) -> bool {
        let search = || {
            let mut texts = self.files().iter().filter_map(|file| text_of(file));
            texts.any(|text| defines(&text, name))
        };
        let mut known = self.defined.borrow_mut();
        *known.entry(name.to_owned()).or_insert_with(search)
    }

    /// The crate's sources.
    fn files(&self) -> &[PathBuf] {
        self.files.get_or_init(|| {
            let mut files = Vec::new();
            let folders = self.folders.iter();
            folders.for_each(|folder| files_in(folder, &mut files));
            files
        })
    }

    /// The definitions of a name, from their keyword to the semicolon.
    pub fn definitions<'a>(
        &'a self,
        keyword: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let named = occurrences(&self.text, name).filter(|&k| follows(&self.text, k, keyword));
        named.filter_map(move |k| {
            let start = self.text[..k].rfind(keyword)?;
            let end = self.text[k..].find(';')?;
            Some(&self.text[start..=k + end])
        })
    }

    /// Does the file import the name, that of a function, from the crate?
    pub fn imports_from(&self, krate: &str, name: &str) -> bool {
        let of_krate = |i: &Import| i.path.len() > 1 && i.path[0] == krate;
        let imports = || self.imports().iter();
        match imports().find(|i| i.name.as_deref() == Some(name)) {
            Some(import) => of_krate(import) && import.path.last().is_some_and(|last| last == name),
            None => {
                let defined = occurrences(&self.text, name).any(|k| follows(&self.text, k, "fn"));
                !defined && imports().any(|i| i.name.is_none() && i.path == [krate])
            }
        }
    }

    /// Does the file give the crate this name?
    pub fn is_name_of(&self, krate: &str, name: &str) -> bool {
        let named = |i: &Import| i.name.as_deref() == Some(name) && i.path == [krate];
        self.imports().iter().any(named)
    }

    fn imports(&self) -> &[Import] {
        self.imports.get_or_init(|| {
            let mut imports = Vec::new();
            for statement in statements(&self.text) {
                if let Ok(item) = syn::parse_str::<syn::ItemUse>(statement) {
                    flatten(&item.tree, &mut Vec::new(), &mut imports);
                }
            }
            imports
        })
    }
}

impl Import {
    fn brings_nalgebra(&self) -> bool {
        self.name.is_none() && mentions_nalgebra(&self.path)
    }
}

fn mentions_nalgebra(path: &[String]) -> bool {
    path.iter()
        .any(|segment| segment == "nalgebra" || segment == "na")
}

/// The sources in a folder and in those inside of it. What is built is no source; links are not followed.
fn files_in(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if entry.file_name() != "target" {
                files_in(&path, files);
            }
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn text_of(file: &Path) -> Option<String> {
    std::fs::read_to_string(file).ok()
}

/// Is there a definition of the type in the text?
fn defines(text: &str, name: &str) -> bool {
    let keywords = ["struct", "enum", "union"];
    occurrences(text, name).any(|k| keywords.iter().any(|word| follows(text, k, word)))
}

/// Where a name occurs as a word, outside of comments of one line.
fn occurrences<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(name).map(|(k, _)| k).filter(move |&k| {
        let line = text[..k].rsplit('\n').next().unwrap_or_default();
        let whole = !ends_in_word(&text[..k]) && !text[k + name.len()..].starts_with(is_of_word);
        whole && !line.trim_start().starts_with("//")
    })
}

/// Is the word before this position that one?
fn follows(text: &str, position: usize, word: &str) -> bool {
    let before = text[..position].trim_end();
    let rest = before.strip_suffix(word);
    before.len() < position && rest.is_some_and(|rest| !ends_in_word(rest))
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(is_of_word)
}

fn is_of_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The `use` statements, without what makes them public.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    let starts = occurrences(text, "use").filter(|&k| {
        let line = text[..k].rsplit('\n').next().unwrap_or_default().trim();
        line.is_empty() || line.starts_with("pub")
    });
    starts.filter_map(|k| {
        let end = text[k..].find(';')?;
        Some(&text[k..=k + end])
    })
}

fn flatten(tree: &syn::UseTree, path: &mut Vec<String>, imports: &mut Vec<Import>) {
    let import = |name: Option<&syn::Ident>, last: Option<&syn::Ident>| Import {
        name: name.map(ToString::to_string),
        path: path
            .iter()
            .cloned()
            .chain(last.map(ToString::to_string))
            .collect(),
    };
    match tree {
        syn::UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            flatten(&tree.tree, path, imports);
            path.pop();
        }
        syn::UseTree::Name(tree) => imports.push(import(Some(&tree.ident), Some(&tree.ident))),
        syn::UseTree::Rename(tree) => imports.push(import(Some(&tree.rename), Some(&tree.ident))),
        syn::UseTree::Glob(_) => imports.push(import(None, None)),
        syn::UseTree::Group(tree) => {
            for tree in &tree.items {
                flatten(tree, path, imports);
            }
        }
        #[allow(unreachable_patterns)]
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn is_own(text: &str, path: &[&str]) -> bool {
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        source_of(text).is_own(&path)
    }

    fn source_of(text: &str) -> Source {
        Source::new(text.to_owned(), Vec::new(), "geometry".to_owned())
    }

    #[test]
    fn definitions() {
        assert!(is_own(
            "#[derive(Clone)] pub struct Point<T> { x: T }",
            &["Point"]
        ));
        assert!(is_own("pub(crate) enum Unit {\n", &["Unit"]));
        assert!(!is_own("pub struct Point3<T> { x: T }", &["Point"]));
        assert!(!is_own("// struct Point of the plane", &["Point"]));
        assert!(!is_own(
            "pub type Point<T> = nalgebra::Point2<T>;",
            &["Point"]
        ));
    }

    #[test]
    fn aliases() {
        let text = "type Jac = SMatrix<f64, 2, 6>;\n/// A pose.\npub type Pose = na::Isometry3<f64>;\n\
            type Mat<T> = SMatrix<T, 2, 2>;\ntype Sized = SVector<f64, N>;\ntype Real = f64;\n";
        let source = source_of(text);
        let marked = |name| source.marked_alias(name).unwrap_or_default();
        assert_eq!(marked("Jac"), "Jac__is__SMatrix__is__f64__is__2__is__6");
        assert_eq!(marked("Sized"), "Sized__is__SVector__is__f64__is__N");
        assert_eq!(marked("Pose"), "Pose__is__Isometry3__is__f64");
        let own = "struct Vector3<T> { x: T }\ntype Real3 = Vector3<f64>;\n";
        assert_eq!(source_of(own).marked_alias("Real3"), None);
        assert!(
            ["Mat", "Real", "SMatrix"]
                .into_iter()
                .all(|name| marked(name).is_empty())
        );
    }

    #[test]
    fn imports_from_nalgebra() {
        let text = "struct Point3;\nuse nalgebra as na;\nuse na::{Vector3, Point3 as P};\n";
        assert!(!is_own(text, &["Vector3"]));
        assert!(!is_own(text, &["na", "Point3"]));
        assert!(!is_own("use nalgebra::*;\n", &["Vector3"]));
    }
}
