//! How methods take their receivers.

use super::functions::{defined, owner};
use super::imports::Import;
use super::text::{before, ends_in_word, occurrences};
use super::{File, Source};
use std::rc::Rc;

/// The type that a method belongs to, and how it takes `self`.
type Receiver = (Option<String>, String);

impl Source {
    /// Do all methods of the name take `self` by value, of types of the file that are not `Copy`? Those of one type only, where that is told and has such.
    pub fn takes_receiver(&self, name: &str, of: Option<&str>) -> bool {
        let told = of.and_then(|of| self.receivers_of(of, name));
        let (source, all) = told.unwrap_or_else(|| (self.clone(), self.receivers(name)));
        let moves = |(owner, receiver): &Receiver| {
            is_by_value(receiver) && owner.as_ref().is_some_and(|name| source.is_moved(name))
        };
        !all.is_empty() && all.iter().all(moves)
    }

    /// Do the methods of the name of a type of the crate only look at it, `&self`?
    pub fn shares_receiver(&self, name: &str, of: &str) -> bool {
        let all = self.receivers_of(of, name);
        all.is_some_and(|(_, all)| all.iter().all(|(_, receiver)| is_shared(receiver)))
    }

    /// Those of the type, with the file that defines it; none where that has no method of the name.
    fn receivers_of(&self, of: &str, name: &str) -> Option<(Self, Vec<Receiver>)> {
        let (source, _) = self.look_up(of)?;
        let mut all = source.receivers(name);
        all.retain(|(owner, _)| owner.as_deref() == Some(of));
        (!all.is_empty()).then_some((source, all))
    }

    /// The name of the type that a member of a type of the crate gives, as its signature says.
    pub fn given_by_member(&self, of: &str, member: &str) -> Option<String> {
        let (source, _) = self.look_up(of)?;
        let (signature, _) = source.signature_with(member, Some(of))?;
        let syn::ReturnType::Type(_, ty) = signature.output else {
            return None;
        };
        let name = owner(&ty)?;
        Some(if name == "Self" { of.to_owned() } else { name })
    }

    /// The name of the type that a field of a struct of the crate has, a reference to it too.
    pub fn type_of_field(&self, of: &str, field: &syn::Member) -> Option<String> {
        let syn::Item::Struct(item) = self.definition(of)?.item else {
            return None;
        };
        let field = item
            .fields
            .members()
            .zip(&item.fields)
            .find(|(m, _)| m == field);
        owner(&field?.1.ty)
    }

    /// The methods of the name in the file.
    fn receivers(&self, name: &str) -> Vec<Receiver> {
        let text = self.text();
        let of_method = |at: usize| {
            let receiver = receiver(&text[at..])?.to_owned();
            let block = self.block_at(at);
            Some((block.and_then(|block| owner(&block.self_ty)), receiver))
        };
        defined(text, name).filter_map(of_method).collect()
    }

    /// Does the file define a method of the name?
    pub fn has_method(&self, name: &str) -> bool {
        let text = self.text();
        defined(text, name).any(|at| receiver(&text[at..]).is_some())
    }

    /// Does a method of the name call the operator of this trait: does the file import that, and has no type that it names another method of the name?
    pub fn means_operator(&self, name: &str, of: &str) -> bool {
        let brings = |import: &Import| {
            let path: Vec<&str> = import.path.iter().map(String::as_str).collect();
            let all = import.name.is_none() && matches!(path[..], ["std" | "core", "ops"]);
            all || import.name.as_deref() == Some(of)
                && matches!(path[..], ["std" | "core", "ops", last] if last == of)
        };
        self.imports().iter().any(brings)
            && !self.names_owner(&self.file, name, of)
            && !self
                .krate
                .files()
                .any(|file| self.names_owner(&file, name, of))
    }

    /// Does this file name a type that has, in that file, a method of the name which is not the trait's?
    fn names_owner(&self, file: &Rc<File>, name: &str, of: &str) -> bool {
        let source = self.beside(file.clone());
        let text = source.text();
        defined(text, name)
            .filter(|at| receiver(&text[*at..]).is_some())
            .any(|at| {
                let Some(block) = source.block_at(at) else {
                    return Rc::ptr_eq(file, &self.file);
                };
                let last = block
                    .trait_
                    .and_then(|(path, _)| path.segments.last().cloned());
                let owner = owner(&block.self_ty);
                last.is_none_or(|last| last.ident != of)
                    && owner.is_none_or(|name| occurrences(self.text(), &name).next().is_some())
            })
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

/// `&self`, `&'a self`
fn is_shared(receiver: &str) -> bool {
    let reference = receiver
        .strip_prefix('&')
        .and_then(|r| r.strip_suffix("self"));
    let lifetime = reference.map(str::trim);
    lifetime.is_some_and(|l| l.is_empty() || l.starts_with('\'') && !l.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn shared() {
        let text = "struct Peak(f64);\nimpl Peak {\n    fn at(&self) -> usize { 0 }\n    fn of<'a>(&'a self) -> usize { 0 }\n\
            fn push(&mut self) {}\n    fn into(self) {}\n    fn lent<'a>(&'a mut self) {}\n}\n";
        let source = Source::new(text, "geometry");
        let shared = |name: &&str| source.shares_receiver(name, "Peak");
        assert!(["at", "of"].iter().all(shared));
        assert!(!["push", "into", "lent", "other"].iter().any(shared));
        assert!(!source.shares_receiver("at", "Other"));
    }

    #[test]
    fn operators() {
        let vector = "use std::ops::{Add, Mul};\nstruct V;\nimpl Add for V {\n    fn add(self, o: V) -> V { V }\n}\n";
        let means = |text: &str, name, of| Source::new(text, "geometry").means_operator(name, of);
        assert!(means(vector, "add", "Add") && means(vector, "mul", "Mul"));
        assert!(!means(vector, "sub", "Sub") && means("use core::ops::*;", "sub", "Sub"));
        for other in [
            "impl V {\n    fn mul(&self, k: f64) -> V { V }\n}\n",
            "trait Scale {\n    fn mul(&self, k: f64) -> V;\n}\n",
        ] {
            assert!(!means(&format!("{vector}{other}"), "mul", "Mul"), "{other}");
        }
        let function = "impl V {\n    fn mul(a: f64, b: f64) -> f64 { a * b }\n}\n";
        assert!(means(&format!("{vector}{function}"), "mul", "Mul"));
    }

    #[test]
    fn by_value() {
        let text = "\n#[derive(Clone)]\nstruct Poly(Vec<f64>);\n#[derive(Clone, Copy)]\nstruct Pair(f64, f64);\n\
            impl Poly {\n    fn scaled(mut self, k: f64) -> Self { self }\n    fn at(&self, x: f64) -> f64 { x }\n}\n\
            impl Pair {\n    fn sum(self) -> f64 { self.0 }\n}\n";
        let source = Source::new(text, "geometry");
        let taken = ["scaled", "at", "sum", "other"].map(|name| source.takes_receiver(name, None));
        assert_eq!(taken, [true, false, false, false]);
    }

    #[test]
    fn by_value_of_a_type() {
        let text = "\nstruct Builder(f64);\nstruct Spring(f64);\n\
            impl Builder {\n    fn new() -> Self { Self(1.0) }\n    fn rate(mut self, k: f64) -> Self { self }\n    fn build(self) -> Spring { Spring(self.0) }\n}\n\
            impl Spring {\n    fn rate(&self) -> f64 { self.0 }\n}\n";
        let source = Source::new(text, "geometry");
        let taken = [None, Some("Builder"), Some("Spring"), Some("Unheard")]
            .map(|of| source.takes_receiver("rate", of));
        assert_eq!(taken, [false, true, false, false]);
        let given = |of, member| source.given_by_member(of, member);
        assert_eq!(given("Builder", "rate").as_deref(), Some("Builder"));
        assert_eq!(given("Builder", "build").as_deref(), Some("Spring"));
        assert_eq!(given("Spring", "build"), None);
    }
}
