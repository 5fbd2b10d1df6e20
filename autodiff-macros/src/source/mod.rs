//! What the source file around an item tells of a name: whether the crate defines a type of this name, and whether the file means it;
//! what a type is made of ([`items`], [`types`]); whether a function of the crate lacks the attribute ([`functions`]).
//!
//! ```text
//! struct Vector3<T> { .. }         it is the crate's own
//! use crate::math::Vector3;        .. if a file of the crate defines a type of the name: it may be handed on from nalgebra
//! use nalgebra::*;                 it is nalgebra's
//! ```
//!
//! Source is read as text: the item itself was expanded already where macros made it, and the file need not be parsed for each of its functions.
//! Each file is read once, as the compiler does; all that is expanded in a crate shares it.

mod blocks;
pub mod chained;
pub mod circles;
mod dependencies;
mod expanded;
mod flat;
mod floats;
pub mod functions;
pub mod imports;
pub mod items;
pub mod macros;
mod makers;
mod modules;
pub mod namesakes;
pub mod receivers;
mod text;
pub mod traits;
pub mod types;

use dependencies::Dependencies;
use imports::{Import, mentions_nalgebra};
use items::{Place, definitions};
use proc_macro2::Span;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use text::defines;

/// A source file of the crate.
#[derive(Clone)]
pub struct Source {
    file: Rc<File>,
    krate: Rc<Crate>,
    /// The place in the file from which names are looked at, if there is one.
    at: Option<usize>,
}

/// What was read of a file.
struct File {
    /// With the items that macros make.
    text: String,
    /// As written, where that is another text.
    written: Option<String>,
    imports: OnceCell<Vec<Import>>,
    /// Whether the methods of a name give their receivers.
    chained: RefCell<BTreeMap<String, bool>>,
    /// What its functions call.
    calls: OnceCell<circles::Calls>,
    /// Where modules begin and end in it.
    modules: OnceCell<Vec<(usize, usize)>>,
    /// The modules around those that it declares, by the names of these.
    declared: OnceCell<modules::Declared>,
    /// Where the lines as written begin.
    lines: OnceCell<Vec<usize>>,
    /// Whether functions of traits, seen from a module, are others than those of floats.
    others: RefCell<BTreeMap<floats::Function, bool>>,
    /// Whether the names of traits that were asked for are those of numbers.
    numbers: RefCell<BTreeMap<String, bool>>,
}

impl File {
    fn new(written: String) -> Rc<Self> {
        let (text, written, lines) = match expanded::expanded(&written) {
            Some(all) => (all.text, Some(written), OnceCell::from(all.lines)),
            None => (written, None, OnceCell::new()),
        };
        Rc::new(Self {
            text,
            written,
            imports: OnceCell::new(),
            chained: RefCell::default(),
            calls: OnceCell::new(),
            modules: OnceCell::new(),
            declared: OnceCell::new(),
            lines,
            others: RefCell::default(),
            numbers: RefCell::default(),
        })
    }

    /// The text as written.
    fn written(&self) -> &str {
        self.written.as_ref().unwrap_or(&self.text)
    }

    /// Where a line, counted from one, begins.
    fn start_of_line(&self, line: usize) -> Option<usize> {
        let lines = self.lines.get_or_init(|| text::lines(&self.text));
        lines.get(line.checked_sub(1)?).copied()
    }
}

/// A place in a file.
type Stands = (Rc<File>, Place);

/// All files of a crate.
struct Crate {
    name: String,
    /// Where they are.
    folders: Vec<PathBuf>,
    paths: OnceCell<Vec<PathBuf>>,
    dependencies: OnceCell<Dependencies>,
    read: RefCell<BTreeMap<PathBuf, Option<Rc<File>>>>,
    /// Whether there is a type of the name in any of them.
    defined: RefCell<BTreeMap<String, bool>>,
    /// Whether types with floats for parameters implement the trait of a name.
    generic: RefCell<BTreeMap<String, bool>>,
    /// Whether methods may give their receivers.
    chained: OnceCell<bool>,
    /// The names that are defined once.
    once: RefCell<BTreeMap<String, Option<Stands>>>,
}

/// A file with its crate.
type Known = Option<(Rc<File>, Rc<Crate>)>;

thread_local! {
    /// The crates that were read; there is one, where a crate has its sources in one folder.
    static CRATES: RefCell<BTreeMap<Vec<PathBuf>, Rc<Crate>>> = RefCell::default();
    /// The files that were asked for, by the names that the compiler gives them.
    static FILES: RefCell<BTreeMap<PathBuf, Known>> = RefCell::default();
}

impl Crate {
    fn new(name: String, folders: Vec<PathBuf>) -> Rc<Self> {
        Rc::new(Self {
            name,
            folders,
            paths: OnceCell::new(),
            dependencies: OnceCell::new(),
            read: RefCell::default(),
            defined: RefCell::default(),
            generic: RefCell::default(),
            chained: OnceCell::new(),
            once: RefCell::default(),
        })
    }

    /// The crate that a file belongs to, as Cargo says.
    fn around(file: &Path) -> Rc<Self> {
        let variable = |name| std::env::var(name).ok();
        let main = variable("CARGO_MANIFEST_DIR").map(|root| full(&Path::new(&root).join("src")));
        let inside = |around: &&Path| main.as_ref().is_some_and(|main| around.starts_with(main));
        let around = file.parent().filter(|around| !inside(around));
        let folders = around.map(Path::to_path_buf).into_iter();
        let folders: Vec<PathBuf> = folders.chain(main.clone()).collect();
        let name = || variable("CARGO_PKG_NAME").unwrap_or_default();
        CRATES.with_borrow_mut(|crates| {
            let known = crates.entry(folders.clone());
            known
                .or_insert_with(|| Self::new(name().replace('-', "_"), folders))
                .clone()
        })
    }

    fn file(&self, path: &Path) -> Option<Rc<File>> {
        let mut read = self.read.borrow_mut();
        let file = read.entry(path.to_path_buf());
        let text = || std::fs::read_to_string(path).ok();
        file.or_insert_with(|| text().map(File::new)).clone()
    }

    fn paths(&self) -> &[PathBuf] {
        self.paths.get_or_init(|| {
            let mut paths = Vec::new();
            let folders = self.folders.iter();
            folders.for_each(|folder| files_in(folder, &mut paths));
            paths
        })
    }

    fn files(&self) -> impl Iterator<Item = Rc<File>> {
        self.paths().iter().filter_map(|path| self.file(path))
    }

    /// The files that a module of the name may be.
    fn files_of(&self, module: &str) -> impl Iterator<Item = Rc<File>> {
        let is_it = move |path: &Path| {
            let stem = |path: &Path| path.file_stem().is_some_and(|stem| stem == module);
            let folder = path.ends_with("mod.rs") && path.parent().is_some_and(stem);
            folder || stem(path)
        };
        let paths = self.paths().iter().filter(move |path| is_it(path));
        paths.filter_map(|path| self.file(path))
    }

    /// The crates that the build knows.
    fn dependencies(&self) -> &Dependencies {
        let root = || std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let read = || root().map(|root| Dependencies::around(&root));
        self.dependencies.get_or_init(|| read().unwrap_or_default())
    }

    /// Does any file define the type?
    fn defines(&self, name: &str) -> bool {
        let mut known = self.defined.borrow_mut();
        *known
            .entry(name.to_owned())
            .or_insert_with(|| self.files().any(|file| defines(&file.text, name)))
    }

    /// The definition of a name, if there is one in all.
    fn only_one(&self, name: &str) -> Option<Stands> {
        let search = || {
            let mut all = self.files().flat_map(|file| {
                let all: Vec<Place> = definitions(&file.text, name).collect();
                all.into_iter().map(move |at| (file.clone(), at))
            });
            all.next().filter(|_| all.next().is_none())
        };
        let mut once = self.once.borrow_mut();
        once.entry(name.to_owned()).or_insert_with(search).clone()
    }
}

/// The one path of a file. In a workspace the compiler names files from its root, in a dependency from the root of the disk.
fn full(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
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

impl Source {
    /// The file that a span is in; none outside of a compiler.
    pub fn of(span: Span) -> Option<Self> {
        if !proc_macro::is_available() {
            return None;
        }
        let named = span.unwrap().local_file()?;
        let find = || {
            let path = full(&named);
            let krate = Crate::around(&path);
            Some((krate.file(&path)?, krate))
        };
        let known = FILES.with_borrow_mut(|files| {
            let known = files.entry(named.clone());
            known.or_insert_with(find).clone()
        });
        let (file, krate) = known?;
        let at = file.start_of_line(span.unwrap().line());
        Some(Self { file, krate, at })
    }

    #[cfg(test)]
    fn new(text: &str, name: &str) -> Self {
        Self {
            file: File::new(text.to_owned()),
            krate: Crate::new(name.to_owned(), Vec::new()),
            at: None,
        }
    }

    /// Is it this file?
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.file, &other.file)
    }

    fn text(&self) -> &str {
        &self.file.text
    }

    /// Another file of the crate.
    fn beside(&self, file: Rc<File>) -> Self {
        Self {
            file,
            krate: self.krate.clone(),
            at: None,
        }
    }

    /// Does the path name a type of the crate's own?
    pub fn is_own(&self, path: &[String]) -> bool {
        let [name] = path else {
            return self.leads_to_own(path);
        };
        if defines(self.text(), name) {
            return true;
        }
        if let Some(own) = self.is_name_of_own(name) {
            return own;
        }
        match self.import(name) {
            Some(import) => self.leads_to_own(&import.path),
            None => {
                let nalgebra = self.imports().iter().any(Import::brings_nalgebra);
                !nalgebra && self.krate.defines(name)
            }
        }
    }

    /// Of another name of a type, `type Point3 = Vec3`: does it lead to nothing of nalgebra's?
    fn is_name_of_own(&self, name: &str) -> Option<bool> {
        let definition = self.definition(name)?;
        let syn::Item::Type(alias) = &definition.item else {
            return None;
        };
        let syn::Type::Path(path) = &*alias.ty else {
            return Some(matches!(
                *alias.ty,
                syn::Type::Array(_) | syn::Type::Tuple(_)
            ));
        };
        let names = crate::names::of_path(&path.path);
        let source = &definition.source;
        let import = names.first().and_then(|first| source.import(first));
        let foreign =
            mentions_nalgebra(&names) || import.is_some_and(|i| mentions_nalgebra(&i.path));
        Some(!foreign && names != [name] && (source.is_own(&names)))
    }

    fn leads_to_own(&self, path: &[String]) -> bool {
        let [_, .., name] = path else {
            // `use Vec3 as Point3`, of this file.
            return path.iter().any(|name| defines(self.text(), name));
        };
        self.is_local(path) && self.krate.defines(name)
    }

    /// Does a path begin at a module of the crate?
    fn is_local(&self, path: &[String]) -> bool {
        let Some(first) = path.first() else {
            return false;
        };
        let local = |first: &str| {
            let known = ["crate", "self", "super", &self.krate.name].contains(&first);
            known || !self.declared(first).is_empty()
        };
        let import = self.import(first);
        let head = import.and_then(|i| i.path.first()).unwrap_or(first);
        let foreign = mentions_nalgebra(path) || import.is_some_and(|i| mentions_nalgebra(&i.path));
        !foreign && local(head)
    }

    /// Does the file import the name, that of a function, from the crate?
    pub fn imports_from(&self, krate: &str, name: &str) -> bool {
        match self.import(name) {
            Some(import) => import.of(krate) && import.path.last().is_some_and(|last| last == name),
            None => {
                let text = self.text();
                let defined = functions::defined(text, name).next().is_some();
                let all = |i: &Import| i.name.is_none() && i.path == [krate];
                !defined && self.imports().iter().any(all)
            }
        }
    }

    /// The same, where nothing else may bring another function of the name.
    pub fn surely_imports_from(&self, krate: &str, name: &str) -> bool {
        let all = self.imports().iter().filter(|i| i.name.is_none());
        let only = self.import(name).is_some() || all.count() == 1;
        only && self.imports_from(krate, name)
    }

    /// Is what a path names brought from one of these crates, without doubt?
    pub fn is_of_crate(&self, path: &[String], crates: &[&str]) -> bool {
        let krate = self.crate_of(path);
        krate.is_some_and(|krate| crates.contains(&krate.as_str()))
    }

    /// The crate that what a path names is brought from, by its first name.
    fn crate_of(&self, path: &[String]) -> Option<String> {
        let first = path.first()?;
        let brought = self.import(first).map(|i| [&i.path, &path[1..]].concat());
        let path = brought.as_deref().unwrap_or(path);
        (path.len() > 1 && !self.is_local(path)).then(|| path[0].clone())
    }

    /// The path of a function of the standard library that the file brings by this name, where nothing else has it.
    pub fn path_in_std(&self, name: &str) -> Option<&[String]> {
        let mut all = self
            .imports()
            .iter()
            .filter(|i| i.name.as_deref() == Some(name));
        let first = all.next()?;
        let defined = functions::defined(self.text(), name).next().is_some();
        let only = !defined && !self.is_local(&first.path) && all.all(|i| i.path == first.path);
        (only && first.is_of_std()).then_some(&first.path[..])
    }

    /// Does the file give the crate this name?
    pub fn is_name_of(&self, krate: &str, name: &str) -> bool {
        self.import(name).is_some_and(|i| i.path == [krate])
    }

    /// What brings the name.
    pub fn import(&self, name: &str) -> Option<&Import> {
        self.imports()
            .iter()
            .find(|i| i.name.as_deref() == Some(name))
    }

    fn imports(&self) -> &[Import] {
        let read = || imports::imports(self.text());
        self.file.imports.get_or_init(read)
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
        Source::new(text, "geometry")
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
        let marked = |name| {
            source
                .marked_alias(&[String::from(name)])
                .unwrap_or_default()
        };
        assert_eq!(marked("Jac"), "Jac__is__SMatrix__is__f64__is__2__is__6");
        assert_eq!(marked("Sized"), "Sized__is__SVector__is__f64__is__N");
        assert_eq!(marked("Pose"), "Pose__is__Isometry3__is__f64");
        let own = "struct Vector3<T> { x: T }\ntype Real3 = Vector3<f64>;\n";
        assert_eq!(source_of(own).marked_alias(&["Real3".to_owned()]), None);
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
