//! What a name of a type means in a file: its one definition.
//!
//! A file's own definition comes first, then what an import brings, through the files that hand it on, then the only one of the crate where nothing
//! says which is brought. A name that is defined twice, or both defined and imported, tells nothing.

use super::Source;
use super::imports::Import;
use super::modules::module_at;
use super::text::{before, end_of, follows, modules, occurrences};
use crate::case::is_upper;

/// A definition.
pub struct Definition {
    pub item: syn::Item,
    /// The file whose names it uses.
    pub source: Source,
    /// Does anything give it derivatives, as far as that is seen?
    pub differentiable: bool,
    /// Is that surely the derive?
    pub derived: bool,
}

/// Through how many files a name is followed.
const DEPTH: usize = 4;

/// Where a definition stands: its keyword and its name.
pub type Place = (usize, usize);

impl Source {
    /// The struct, enum or alias that a name means.
    pub fn definition(&self, name: &str) -> Option<Definition> {
        // The mark of a name that nalgebra has too.
        let (source, at) = self.look_up(name.trim_start_matches("r#"))?;
        source.defined(at)
    }

    /// The other name of a type, `type Scalar = f64`, that a path with a module of the crate's means.
    pub fn alias_at(&self, path: &[String]) -> Option<Definition> {
        let [.., module, name] = path else {
            return None;
        };
        if !self.is_local(path) {
            return None;
        }
        let text = self.text();
        let of_module = |(keyword, _): &Place| {
            self.innermost(*keyword)
                .is_some_and(|(start, _)| module_at(text, start) == module)
        };
        let mut here = definitions(text, name).filter(of_module);
        let definition = match (here.next(), here.next()) {
            (Some(at), None) => self.defined(at),
            (None, _) => self.module(path)?.definition(name),
            _ => None,
        };
        definition.filter(|definition| matches!(definition.item, syn::Item::Type(_)))
    }

    /// Where it stands, a trait too.
    pub(super) fn look_up(&self, name: &str) -> Option<(Self, Place)> {
        self.followed(name, DEPTH)
    }

    /// Does a name mean here what it means in another file: the same definition, or a type of the language?
    pub fn means_as_in(&self, other: &Self, name: &str) -> bool {
        if !is_upper(name) || ["Vec", "Option"].contains(&name) {
            return true;
        }
        match (self.look_up(name), other.look_up(name)) {
            (Some((here, at)), Some((there, place))) => here.is(&there) && at == place,
            _ => false,
        }
    }

    /// Has each of the definitions that a name has, one for each configuration, surely the derive?
    pub fn derives_in_all_configurations(&self, name: &str) -> bool {
        self.derived_in_all(name, DEPTH)
    }

    fn derived_in_all(&self, name: &str, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let here: Vec<Place> = definitions(self.text(), name).collect();
        let configured = |at: &Place| before(self.text(), at.0).contains("#[cfg(");
        match (self.import(name), &here[..]) {
            (None, [_, ..]) => here.iter().all(|at| {
                configured(at)
                    && self
                        .defined(*at)
                        .is_some_and(|definition| definition.derived)
            }),
            (Some(import), []) if self.is_local(&import.path) => {
                let module = self.module(&import.path);
                let found = module.zip(import.path.last());
                found.is_some_and(|(module, last)| module.derived_in_all(last, depth))
            }
            _ => false,
        }
    }

    fn followed(&self, name: &str, depth: usize) -> Option<(Self, Place)> {
        let depth = depth.checked_sub(1)?;
        let own = |at: &Place| Some((self.clone(), *at));
        let here: Vec<Place> = definitions(self.text(), name).collect();
        if let Some(at) = self.beside_it(&here, name) {
            return own(&at);
        }
        let Some(import) = self.import(name) else {
            let foreign = || self.imports().iter().any(|i| self.brings_foreign_types(i));
            return match &here[..] {
                [at] => own(at),
                [] if !foreign() => self.only_one(name),
                _ => None,
            };
        };
        if let ([other], []) = (&import.path[..], &here[..]) {
            // `use Vec3 as Color`, of this file.
            let defined = other != name && definitions(self.text(), other).next().is_some();
            return self.followed(other, depth).filter(|_| defined);
        }
        if !self.is_local(&import.path) {
            return None;
        }
        let last = import.path.last()?;
        match (self.module(&import.path), &here[..]) {
            (Some(module), []) => module.followed(last, depth),
            (None, []) => self.only_one(last),
            // A module of this file.
            (None, [at]) => own(at),
            _ => None,
        }
    }

    /// The definition in the module from which the name is looked at, or in the next one around it that has one.
    fn beside_it(&self, all: &[Place], name: &str) -> Option<Place> {
        let modules = self.file.modules.get_or_init(|| modules(self.text()));
        let around = |at: usize| {
            modules
                .iter()
                .filter(move |(start, end)| (*start..*end).contains(&at))
        };
        let innermost = |at: usize| around(at).next_back();
        let at = self.at?;
        let mut levels: Vec<_> = [None].into_iter().chain(around(at).map(Some)).collect();
        if self.import(name).is_some() {
            levels.retain(|level| *level == innermost(at));
        }
        let found = levels.into_iter().rev().find_map(|level| {
            let inside = all
                .iter()
                .filter(|(keyword, _)| innermost(*keyword) == level);
            let inside: Vec<&Place> = inside.collect();
            (!inside.is_empty()).then_some(inside)
        });
        match found?.as_slice() {
            [one] => Some(**one),
            _ => None,
        }
    }

    /// May it bring a type of another crate, without its name?
    fn brings_foreign_types(&self, import: &Import) -> bool {
        const WITHOUT: &[&str] = &["std", "core", "alloc", "num_traits", "num"];
        let first = import.path.first();
        let of_enum = first.is_some_and(|first| is_upper(first));
        let harmless = of_enum || WITHOUT.iter().any(|krate| import.of(krate));
        import.name.is_none() && !harmless && !self.is_local(&import.path)
    }

    /// What is defined there.
    fn defined(&self, (keyword, name): Place) -> Option<Definition> {
        let text = self.text();
        let item = syn::parse_str(&text[keyword..end_of(text, name)?]).ok()?;
        let by_hand = match &item {
            syn::Item::Struct(item) => format!("Differentiable for {}", item.ident),
            syn::Item::Enum(item) => format!("Differentiable for {}", item.ident),
            syn::Item::Type(_) => String::from("Differentiable for"),
            _ => return None,
        };
        let before = before(text, keyword);
        let mentioned = before.contains("Differentiable");
        Some(Definition {
            item,
            source: Self {
                at: Some(keyword),
                ..self.clone()
            },
            differentiable: mentioned || text.contains(&by_hand),
            derived: mentioned && derives(before),
        })
    }

    /// The definition of a name that the crate has once.
    fn only_one(&self, name: &str) -> Option<(Self, Place)> {
        let (file, at) = self.krate.only_one(name)?;
        Some((self.beside(file), at))
    }

    /// The types of the constants of a name that the file defines, none for what cannot be read.
    pub fn constants(&self, name: &str) -> Vec<Option<syn::Type>> {
        let text = self.text();
        let named = occurrences(text, name).filter(|&at| follows(text, at, "const"));
        let ty = |at: usize| {
            let end = end_of(text, at)?;
            // With a value or, in a trait, without.
            let constant: syn::TraitItemConst =
                syn::parse_str(&format!("const {}", &text[at..end])).ok()?;
            Some(constant.ty)
        };
        named.map(ty).collect()
    }

    /// The file of the module that a path leads into, `crate::geometry` of `crate::geometry::Point`.
    fn module(&self, path: &[String]) -> Option<Self> {
        let [.., module, _] = path else {
            return None;
        };
        let mut files = self.krate.files_of(module);
        match (files.next()?, files.next()) {
            (file, None) => Some(self.beside(file)),
            _ => None,
        }
    }
}

/// Is the derive among these attributes, whatever the configuration?
fn derives(attributes: &str) -> bool {
    let lines = attributes.lines().map(str::trim_start);
    let code: String = lines.filter(|line| !line.starts_with("//")).collect();
    code.split("#[")
        .any(|one| one.trim_start().starts_with("derive") && one.contains("Differentiable"))
}

/// The definitions of a name.
pub fn definitions<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = Place> + 'a {
    const KEYWORDS: &[&str] = &["struct", "enum", "union", "type", "trait"];
    let keyword = |k: usize| KEYWORDS.iter().find(|word| follows(text, k, word));
    occurrences(text, name).filter_map(move |k| {
        let start = text[..k].rfind(keyword(k)?)?;
        Some((start, k))
    })
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use quote::ToTokens;

    fn found(text: &str, name: &str) -> Option<String> {
        let source = Source::new(text, "geometry");
        let definition = source.definition(name)?;
        Some(definition.item.to_token_stream().to_string())
    }

    #[test]
    fn items_of_a_file() {
        let text = "/// A curve.\n#[derive(Clone, Differentiable)]\npub struct Curve<T> {\n    times: Vec<T>, // { of them\n}\n\
            struct Pair([f64; 2], usize);\nenum Kind { A, B }\npub type Real = f64;\n\
            mod inside {\n    struct Hidden;\n}\n";
        for (name, item) in [
            ("Curve", "struct Curve < T > { times : Vec < T > , }"),
            ("Pair", "struct Pair ([f64 ; 2] , usize) ;"),
            ("Kind", "enum Kind { A , B }"),
            ("Real", "type Real = f64 ;"),
        ] {
            assert_eq!(found(text, name).as_deref(), Some(item));
        }
        assert_eq!(found(text, "Hidden").as_deref(), Some("struct Hidden ;"));
        let source = Source::new(text, "geometry");
        let differentiable = |name| source.definition(name).map(|d| d.differentiable);
        assert_eq!(differentiable("Curve"), Some(true));
        assert_eq!(differentiable("Kind"), Some(false));
    }

    #[test]
    fn derives() {
        for (attributes, surely) in [
            ("#[derive(Clone, Differentiable)]", true),
            (
                "#[derive(Clone)]\n#[cfg_attr(feature = \"serde\", derive(Serialize))]\n#[derive(autodiff_runtime::Differentiable)]",
                true,
            ),
            (
                "#[cfg_attr(feature = \"ad\", derive(Differentiable))]",
                false,
            ),
            (
                "#[cfg_attr(feature = \"ad\",\n    derive(Differentiable))]\n#[derive(Clone)]",
                false,
            ),
            (
                "/// No #[derive(Differentiable)] here.\n#[derive(Clone)]",
                false,
            ),
        ] {
            let source = Source::new(&format!("{attributes}\nstruct A(f64);\n"), "geometry");
            let derived = source.definition("A").map(|d| d.derived);
            assert_eq!(derived, Some(surely), "{attributes}");
        }
    }

    #[test]
    fn derives_in_all_configurations() {
        let one = "#[cfg(feature = \"a\")]\n#[derive(Differentiable)]\nstruct A(f64);\n";
        let other =
            "#[cfg(not(feature = \"a\"))]\n#[derive(Differentiable)]\nstruct A([f64; 1]);\n";
        let derives = |text: &str| Source::new(text, "geometry").derives_in_all_configurations("A");
        assert!(derives(&format!("{one}{other}")));
        assert!(!derives(&format!(
            "{one}{}",
            other.replace("Differentiable", "Clone")
        )));
        assert!(!derives(&format!("{one}mod b {{\nstruct A;\n}}\n")));
        assert!(!derives(&format!("use b::A;\n{one}{other}")));
        assert!(!derives(""));
    }

    #[test]
    fn modules_of_a_file() {
        let text = "struct A(f64);\nmod b {\n    struct A(f32);\n    fn f() {}\n    mod c { use super::*; fn g() {} }\n}\n\
            mod d { fn h() {} }\nmod e {\n    fn i() {}\n}\n";
        let from = |text: &str, place: &str| {
            let source = Source {
                at: text.find(place),
                ..Source::new(text, "geometry")
            };
            let found = source.definition("A")?;
            Some(found.item.to_token_stream().to_string())
        };
        let (outer, inner) = ("struct A (f64) ;", "struct A (f32) ;");
        for (place, meant) in [("fn f", inner), ("fn g", inner), ("fn h", outer)] {
            assert_eq!(from(text, place).as_deref(), Some(meant), "{place}");
        }
        let imported = text.replace("mod e {", "mod e {\n    use crate::x::A;");
        assert_eq!(from(&imported, "fn f").as_deref(), Some(inner));
        assert_eq!(from(&imported, "fn i"), None);
        assert_eq!(from(text, "nowhere"), None);
    }

    #[test]
    fn imports_of_the_same_file() {
        let text = "struct Vec3(f64);\npub use Vec3 as Color;\nuse rand as r;\n";
        assert_eq!(found(text, "Color").as_deref(), Some("struct Vec3 (f64) ;"));
        assert_eq!(found(text, "r"), None);
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
