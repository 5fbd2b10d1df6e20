//! Functions and methods of the crate's own that lack the attribute.
//!
//! Only name resolution knows what a path leads to, and it has no messages of a library's. Where the source leaves no doubt, a message of ours
//! replaces rustc's; where it leaves one (another attribute, a macro, a name that is defined several ways), nothing is said here.

use super::Source;
use super::imports::Import;
use super::text::{before, end_of, follows, is_of_word, occurrences};
use crate::analysis::bits;
use crate::case::is_upper;
use crate::rules;
use syn::{Attribute, Generics, ImplItem, ImplItemFn, Item, Signature, Type};

/// The result that all of the signatures have.
fn common_result(signatures: Vec<Option<Signature>>) -> Option<Type> {
    let result = |signature: Option<Signature>| match signature?.output {
        syn::ReturnType::Type(_, ty) => Some(*ty),
        syn::ReturnType::Default => None,
    };
    let mut results = signatures.into_iter().map(result);
    let first = results.next()?;
    results.all(|other| other == first).then_some(first)?
}

/// What is called.
#[derive(Clone)]
pub enum Called {
    /// `helper`, `module::helper`
    Function(Vec<String>),
    /// A method or associated function, with the type that it belongs to.
    Member(String, String),
}

/// Where a function is defined.
pub struct Definition {
    modules: Vec<String>,
    /// The type whose `impl` it stands in.
    owner: Option<String>,
    /// Nothing that stands at it could be the attribute.
    plain: bool,
}

impl Source {
    /// Does what is called inside a function have no derivatives, without doubt?
    pub fn lacks_attribute(&self, called: &Called, within: &str) -> bool {
        match called {
            Called::Member(owner, name) => {
                !self.is_block_annotated(name)
                    && plain(self.text(), name).any(|d| d.owner.as_ref() == Some(owner))
            }
            Called::Function(path) => match &path[..] {
                [name] => match self.import(name) {
                    None => self.lacks_beside(name, within, 0) || self.lacks_by_glob(name, within),
                    Some(import) => self.lacks_at(&import.path, within),
                },
                path => self.lacks_at(path, within),
            },
        }
    }

    /// Does the attribute stand before a block with a function of the name?
    fn is_block_annotated(&self, name: &str) -> bool {
        let mut blocks = defined(self.text(), name).filter_map(|k| self.start_of_block(k));
        blocks.any(|k| is_annotated(self.text(), k))
    }

    /// The result of the functions of this name, as written: in the file, or in those of the crate if it is imported; none where they differ.
    pub fn result_of(&self, name: &str) -> Option<Type> {
        common_result(self.signatures(name).0)
    }

    /// The same of functions that are no methods.
    pub fn result_of_free(&self, name: &str) -> Option<Type> {
        let is_method = |s: &Signature| s.receiver().is_some();
        let mut all = self.signatures(name).0;
        all.retain(|signature| !signature.as_ref().is_some_and(is_method));
        common_result(all)
    }

    /// May a name alone mean a function of the crate's own: does the file define one that is no method, or import it from the crate?
    pub fn may_mean_own(&self, name: &str) -> bool {
        let free = |s: Option<Signature>| s.is_none_or(|s| s.receiver().is_none());
        let local = self.import(name).is_some_and(|i| self.is_local(&i.path));
        local || signatures_in(self.text(), name).into_iter().any(free)
    }

    /// The same of members, which come with their type or trait: no import names them.
    pub fn result_of_member(&self, name: &str) -> Option<Type> {
        let files = self.krate.files();
        let all = files.flat_map(|file| signatures_in(&file.text, name));
        common_result(all.collect())
    }

    /// The signature of the functions of this name, and whether they stand in the file; none where they differ.
    pub fn signature_of(&self, name: &str) -> Option<(Signature, bool)> {
        let (found, here) = self.signatures(name);
        let (first, others) = found.split_first()?;
        let first = first.clone()?;
        let same = |other: &Option<Signature>| {
            other.as_ref().is_some_and(|other| {
                other.inputs == first.inputs && other.generics == first.generics
            })
        };
        others.iter().all(same).then_some((first, here))
    }

    /// The signature of the function of this name in the file that belongs to a type, with the generics of the block around it, or of the one that belongs to none.
    pub fn signature_with(&self, name: &str, of: Option<&str>) -> Option<(Signature, Generics)> {
        self.only_signature(name, |belongs, signature| {
            let free = of.is_none() && signature.receiver().is_some();
            belongs == of && !free
        })
    }

    /// The same of the only method of this name in the file.
    pub fn signature_of_method(&self, name: &str) -> Option<(Signature, Generics)> {
        self.only_signature(name, |_, signature| signature.receiver().is_some())
    }

    /// The same of the only method of this name in the other files of the crate, with the file.
    pub fn only_method(&self, name: &str) -> Option<(Self, (Signature, Generics))> {
        let defines = |file: &Self| defined(file.text(), name).next().is_some();
        let files = self.krate.files().map(|file| self.beside(file.clone()));
        let mut files = files.filter(defines);
        let (file, none) = (files.next()?, files.next().is_none());
        let found = file.signature_of_method(name).filter(|_| none)?;
        Some((file, found))
    }

    /// The signature of the only function of the name in the file that is meant, by the type that it belongs to.
    fn only_signature(
        &self,
        name: &str,
        meant: impl Fn(Option<&str>, &Signature) -> bool,
    ) -> Option<(Signature, Generics)> {
        let text = self.text();
        let mut found = defined(text, name)
            .zip(signatures_in(text, name))
            .filter_map(|(at, signature)| {
                let block = self.block_at(at);
                let belongs = block.as_ref().and_then(|block| owner(&block.self_ty));
                let generics = block.map(|block| block.generics).unwrap_or_default();
                let signature = signature?;
                meant(belongs.as_deref(), &signature).then_some((signature, generics))
            });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// May functions of this name give the bits of a float, as far as the crate's source tells of them and of what they call?
    pub fn may_give_bits(&self, name: &str) -> bool {
        const MOST: usize = 100;
        let mut names = vec![name.to_owned()];
        let mut next = 0;
        while let Some(name) = names.get(next).cloned() {
            for body in self.bodies(&name) {
                let names_one = |giver| occurrences(&body, giver).next().is_some();
                if names.len() > MOST || bits::givers().any(names_one) {
                    return true;
                }
                let called = called(&body).filter(|called| !names.iter().any(|n| n == called));
                let called: Vec<String> = called.map(str::to_owned).collect();
                names.extend(called);
            }
            next += 1;
        }
        false
    }

    /// The text of the functions of this name: of the file, or else of the crate.
    fn bodies(&self, name: &str) -> Vec<String> {
        let here = bodies_in(self.text(), name);
        match here.is_empty() {
            true => self
                .krate
                .files()
                .flat_map(|file| bodies_in(&file.text, name))
                .collect(),
            false => here,
        }
    }

    /// The signatures of the functions of this name: in the file, or in those of the crate if it is imported. Are they of the file?
    fn signatures(&self, name: &str) -> (Vec<Option<Signature>>, bool) {
        let here = signatures_in(self.text(), name);
        if !here.is_empty() {
            return (here, true);
        }
        let local = self.import(name).is_some_and(|i| self.is_local(&i.path));
        let files = self.krate.files().filter(|_| local);
        let there = files.flat_map(|file| signatures_in(&file.text, name));
        (there.collect(), false)
    }

    /// The same of a function in the module that `within` stands in, or so many modules further out.
    fn lacks_beside(&self, name: &str, within: &str, out: usize) -> bool {
        let defined = plain(self.text(), name).filter(|d| d.owner.is_none());
        let defined: Vec<Definition> = defined.collect();
        if defined.is_empty() {
            return false;
        }
        let modules: Vec<Vec<String>> = all(self.text(), within)
            .into_iter()
            .map(|d| d.modules)
            .collect();
        let around = |m: &Vec<String>| Some(m[..m.len().checked_sub(out)?].to_vec());
        let around: Vec<Vec<String>> = modules.iter().filter_map(around).collect();
        defined.iter().any(|d| around.contains(&d.modules))
    }

    /// The same of a function that the file does not define where it is called: of one of the modules of which it brings all.
    fn lacks_by_glob(&self, name: &str, within: &str) -> bool {
        let all = self.imports().iter().filter(|i| i.name.is_none());
        let inside = |i: &Import| [&i.path[..], &[name.to_owned()]].concat();
        all.map(inside).any(|path| self.lacks_at(&path, within))
    }

    /// Does the path, in the function `within`, lead to no function that the crate defines as far as its text tells? Of one that stands in a block
    /// nothing is known: the names of the block come first.
    pub fn is_elsewhere(&self, path: &[String], within: &str) -> bool {
        let Some((name, modules)) = path.split_last() else {
            return false;
        };
        let of_type = modules.last().is_some_and(|owner| is_upper(owner));
        let leads_away = || match modules {
            [] => {
                let standing = all(self.text(), within).len();
                standing > 0 && standing == defined(self.text(), within).count()
            }
            _ => !self.is_local(path) && !self.is_of_crate(path, &["autodiff_runtime"]),
        };
        // The file is parsed last: for few functions it has to be.
        !of_type && !self.defines_function(name) && leads_away()
    }

    /// The crate that a function is of, where that crate has no derivatives.
    pub fn crate_without_derivatives(&self, path: &[String]) -> Option<String> {
        const STANDARD: [&str; 3] = ["alloc", "core", "std"];
        let krate = self.crate_of(path)?;
        let lacks = STANDARD.contains(&krate.as_str()) || self.krate.dependencies().lacks(&krate);
        lacks.then_some(krate)
    }

    /// The same of a function that belongs to a type, which may be that of a trait that the crate implements for it; of some crates the runtime has rules.
    pub fn type_without_derivatives(&self, path: &[String]) -> Option<String> {
        const WITH_RULES: [&str; 4] = ["nalgebra", "num", "num_complex", "num_traits"];
        let (_, owner) = path.split_last()?;
        let krate = self.crate_of(owner)?;
        let lacks = self.krate.dependencies().lacks(&krate);
        let known = WITH_RULES.contains(&krate.as_str());
        (lacks && !known && !self.implements_for(owner.last()?)).then_some(krate)
    }

    /// Is there a block `impl .. for` a type of the name?
    fn implements_for(&self, owner: &str) -> bool {
        let before = |text: &'_ str, k: usize| {
            let path = text[..k].trim_end_matches(|c| is_of_word(c) || c == ':');
            path.trim_end().ends_with(" for")
        };
        let has = |text: &str| occurrences(text, owner).any(|k| before(text, k));
        has(self.text()) || self.krate.files().any(|file| has(&file.text))
    }

    /// Does any file of the crate define a function of the name?
    fn defines_function(&self, name: &str) -> bool {
        let defines = |text: &str| defined(text, name).next().is_some();
        defines(self.text()) || self.krate.files().any(|file| defines(&file.text))
    }

    /// The same of a path with modules.
    fn lacks_at(&self, path: &[String], within: &str) -> bool {
        let [.., module, name] = path else {
            return false;
        };
        match (module.as_str(), path.len()) {
            ("self", 2) => self.lacks_beside(name, within, 0),
            ("super", 2) => self.lacks_beside(name, within, 1),
            ("crate" | "self" | "super", _) => false,
            _ if !self.is_local(path) => false,
            _ => {
                let inside = |d: Definition| d.owner.is_none() && d.modules.last() == Some(module);
                plain(self.text(), name).any(inside) || self.lacks_in_file(module, name)
            }
        }
    }

    /// The same of a function of a file.
    fn lacks_in_file(&self, module: &str, name: &str) -> bool {
        let files = self.krate.files_of(module);
        let mut files = files
            .filter(|file| defined(&file.text, name).next().is_some())
            .peekable();
        let free = |d: Definition| d.owner.is_none() && d.modules.is_empty();
        files.peek().is_some() && files.all(|file| plain(&file.text, name).any(free))
    }
}

/// The text of the functions of this name, each from its name to its end.
pub fn bodies_in(text: &str, name: &str) -> Vec<String> {
    let body = |k: usize| text[k..end_of(text, k).unwrap_or(text.len())].to_owned();
    defined(text, name).map(body).collect()
}

/// The names that a parenthesis follows, those of functions of floats aside.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('(').filter_map(|(k, _)| {
        let start = text[..k].rfind(|c| !is_of_word(c)).map_or(0, |at| at + 1);
        let name = text.get(start..k)?;
        let of_floats = (1..=3).any(|arity| rules::find(name, arity).is_some());
        (!name.is_empty() && !of_floats).then_some(name)
    })
}

/// Where functions of the name are defined.
pub fn defined<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    occurrences(text, name).filter(|&k| follows(text, k, "fn"))
}

/// The signatures of all functions of the name in a text.
pub fn signatures_in(text: &str, name: &str) -> Vec<Option<Signature>> {
    let signature = |k: usize| {
        let mut depth = 0_usize;
        let ends = |c: char| {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && (c == '{' || c == ';')
        };
        let end = text[k..].find(ends).map(|at| k + at)?;
        syn::parse_str(&format!("fn {}", &text[k..end])).ok()
    };
    defined(text, name).map(signature).collect()
}

/// Does the attribute stand before this position, after the end of the item before? That is seen without parsing, so not always.
fn is_annotated(text: &str, position: usize) -> bool {
    before(text, position).contains("differentiate")
}

/// All definitions of the name if none has, or may have, the attribute. The file is parsed where no attribute shows before.
pub fn plain(text: &str, name: &str) -> impl Iterator<Item = Definition> {
    let count = defined(text, name).count();
    let annotated = count == 0 || defined(text, name).any(|k| is_annotated(text, k));
    let found = if annotated {
        Vec::new()
    } else {
        all(text, name)
    };
    let certain = found.len() == count && found.iter().all(|d| d.plain);
    found.into_iter().filter(move |_| certain)
}

/// All definitions of the name outside of macros and functions.
fn all(text: &str, name: &str) -> Vec<Definition> {
    let file = syn::parse_file(text);
    file.map_or_else(|_| Vec::new(), |file| among(&file.items, name, &[]))
}

fn among(items: &[Item], name: &str, modules: &[String]) -> Vec<Definition> {
    let one = |owner, plain| Definition {
        modules: modules.to_vec(),
        owner,
        plain,
    };
    let of_item = |item: &Item| match item {
        Item::Fn(f) if f.sig.ident == name => vec![one(None, are_plain(&f.attrs))],
        Item::Impl(block) => {
            let functions = block.items.iter().filter_map(|item| match item {
                ImplItem::Fn(f) if f.sig.ident == name => Some(f),
                _ => None,
            });
            let plain = |f: &ImplItemFn| are_plain(&block.attrs) && are_plain(&f.attrs);
            functions
                .map(|f| one(owner(&block.self_ty), plain(f)))
                .collect()
        }
        Item::Mod(module) if are_plain(&module.attrs) => {
            let inside = module.content.as_ref().map(|(_, items)| &items[..]);
            let modules = [modules, &[module.ident.to_string()]].concat();
            among(inside.unwrap_or_default(), name, &modules)
        }
        _ => Vec::new(),
    };
    items.iter().flat_map(of_item).collect()
}

/// The last name of a type.
pub fn owner(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        Type::Reference(reference) => owner(&reference.elem),
        _ => None,
    }
}

/// Attributes that make nothing of an item that it was not, but perhaps nothing at all.
fn are_plain(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .all(|a| is_plain(a) || a.path().is_ident("cfg"))
}

/// An attribute of a function that changes nothing of what it computes.
pub fn is_plain(attribute: &Attribute) -> bool {
    const NAMES: &[&str] = &[
        "allow",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "inline",
        "must_use",
        "track_caller",
        "warn",
    ];
    let path = attribute.path();
    let first = path.segments.first();
    let tool = first.is_some_and(|s| s.ident == "clippy" || s.ident == "rustfmt");
    tool || NAMES.iter().any(|name| path.is_ident(name))
}

#[cfg(test)]
mod tests {
    use super::Called;
    use crate::source::Source;

    fn lacks(text: &str, path: &str) -> bool {
        let source = Source::new(text, "geometry");
        let path = path.split("::").map(str::to_owned).collect();
        source.lacks_attribute(&Called::Function(path), "f")
    }

    fn lacks_method(text: &str) -> bool {
        let source = Source::new(text, "geometry");
        let called = Called::Member("Line".to_owned(), "at".to_owned());
        source.lacks_attribute(&called, "f")
    }

    #[test]
    fn results() {
        let text = "fn f(x: f64) -> Option<(f64, usize)> { x }\nfn g<T>(x: [T; 2]) -> T where T: Copy { x[0] }\n\
            impl A { fn h(&self) -> f64 { 1.0 } }\nimpl B { fn h(&self) -> Vec<f64>; }\nfn k() {}";
        let source = Source::new(text, "geometry");
        let result = |name| source.result_of(name);
        assert_eq!(result("f"), Some(syn::parse_quote!(Option<(f64, usize)>)));
        assert!(
            ["h", "k", "other", "x"]
                .iter()
                .all(|name| result(name).is_none())
        );
    }

    #[test]
    fn functions_beside() {
        let f = "#[differentiate] fn f(x: f64) -> f64 { g(x) }\n";
        let text = |g: &str| format!("{f}{g}");
        assert!(lacks(&text("fn g(x: f64) -> f64 { x }"), "g"));
        assert!(lacks(
            &text("/// It; it.\n#[inline]\npub fn g(x: f64) -> f64 { x }"),
            "self::g"
        ));
        for g in [
            "",
            "#[differentiate] fn g(x: f64) -> f64 { x }",
            "#[autodiff_runtime::differentiate]\n/// It; it.\npub fn g(x: f64) -> f64 { x }",
            "#[ad] fn g(x: f64) -> f64 { x }",
            "#[cfg_attr(feature = \"ad\", ad)] fn g(x: f64) -> f64 { x }",
            "mod other { fn g(x: f64) -> f64 { x } }",
            "annotated! { fn g(x: f64) -> f64 { x } }",
            "fn g() {} annotated! { fn g(x: f64) -> f64 { x } }",
            "use elsewhere::g; mod other { fn g(x: f64) -> f64 { x } }",
            "struct G; impl G { fn g(x: f64) -> f64 { x } }",
        ] {
            assert!(!lacks(&text(g), "g"), "{g}");
        }
    }

    #[test]
    fn functions_of_modules() {
        let text = "mod a { pub fn g(x: f64) -> f64 { x } }\nuse a::g;\n\
            mod b { #[differentiate] fn f(x: f64) -> f64 { super::h(x) } }\nfn h(x: f64) -> f64 { x }";
        for path in ["a::g", "g", "super::h"] {
            assert!(lacks(text, path), "{path}");
        }
        for path in ["h", "self::h", "c::g", "crate::h"] {
            assert!(!lacks(text, path), "{path}");
        }
    }

    #[test]
    fn methods() {
        assert!(lacks_method(
            "struct Line; impl Line { fn at(&self, x: f64) -> f64 { x } }"
        ));
        assert!(lacks_method(
            "struct Line;\n#[differentiate]\nimpl Line { fn f(&self) -> f64 { 1.0 } }\nimpl Line { fn at(&self, x: f64) -> f64 { x } }"
        ));
        for text in [
            "struct Line;\n#[differentiate]\nimpl Line { fn at(&self, x: f64) -> f64 { x } }",
            "struct Line; impl Line { #[differentiate] fn at(&self, x: f64) -> f64 { x } }",
            "struct Line;\n#[differentiate]\nimpl Line { fn f(&self) -> f64 { 1.0 } }\n#[differentiate]\nimpl Line { fn at(&self, x: f64) -> f64 { x } }",
            "struct Arc; impl Arc { fn at(&self, x: f64) -> f64 { x } }",
            "trait Curve { fn at(&self, x: f64) -> f64; } impl Curve for Line { fn at(&self, x: f64) -> f64 { x } }",
        ] {
            assert!(!lacks_method(text), "{text}");
        }
    }
}
