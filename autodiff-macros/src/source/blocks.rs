//! The `impl` block around a method that has the attribute for itself.

use super::Source;
use super::functions::defined;
use super::text::{end_of, occurrences};
use syn::{ImplItem, ItemImpl};

impl Source {
    /// The head of the block around the item; none where it cannot be read.
    pub fn block_around(&self) -> Option<ItemImpl> {
        self.block_at(self.at?)
    }

    /// Is the function a member of the block around it, not one inside a member?
    pub fn is_member(&self, name: &str) -> bool {
        let text = self.text();
        let start = self.at.and_then(|at| self.start_of_block(at));
        let block = start.and_then(|start| text.get(start..end_of(text, start)?));
        let Some(block) = block.filter(|block| defined(block, name).count() == 1) else {
            return false;
        };
        let named = |item: &ImplItem| matches!(item, ImplItem::Fn(f) if f.sig.ident == name);
        syn::parse_str::<ItemImpl>(block).is_ok_and(|block| block.items.iter().any(named))
    }

    /// The head of the block around a place.
    pub(super) fn block_at(&self, at: usize) -> Option<ItemImpl> {
        let head = self.text()[self.start_of_block(at)?..].split('{').next()?;
        syn::parse_str(&format!("{head}{{}}")).ok()
    }

    /// Where the block around a place begins.
    pub(super) fn start_of_block(&self, at: usize) -> Option<usize> {
        let text = self.text();
        // Not in a type, `f: impl Fn(f64) -> f64`.
        let begins_item = |k: &usize| {
            let before = text[..*k].rsplit('\n').next().unwrap_or_default();
            let before = before.trim_end();
            before.is_empty() || before.ends_with([']', '}', '{', ';'])
        };
        let blocks = occurrences(&text[..at], "impl").filter(begins_item);
        let blocks: Vec<usize> = blocks.collect();
        let around = |k: &usize| end_of(text, *k).is_some_and(|end| end > at);
        blocks.into_iter().rev().find(around)
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use quote::ToTokens;

    #[test]
    fn members() {
        let text = "impl A {\n    fn f() { fn g() {} }\n    fn h() { if true {} }\n}\nfn k() {}\n";
        let is_member = |line, name| {
            let mut source = Source::new(text, "geometry");
            source.at = source.file.start_of_line(line);
            source.is_member(name)
        };
        assert!(is_member(2, "f") && is_member(3, "h"));
        assert!(!is_member(2, "g") && !is_member(5, "k"));
    }

    #[test]
    fn blocks() {
        let text = "struct A;\nimpl A {\n    fn f() {}\n}\nmod m {\n    impl<T: Float> super::B<T>\n    where\n        T: Copy,\n    {\n        \
            #[differentiate]\n        fn f(&self) -> T { if self.x { 1 } else { 2 } }\n    }\n}\nfn g() {}\n";
        let source = Source::new(text, "geometry");
        let around = |line| {
            let block = source.block_at(source.file.start_of_line(line)?)?;
            Some(block.to_token_stream().to_string())
        };
        assert_eq!(around(3).as_deref(), Some("impl A { }"));
        let generic = "impl < T : Float > super :: B < T > where T : Copy , { }";
        assert_eq!(around(11).as_deref(), Some(generic));
        assert_eq!(around(14), None);
        let one_line = "#[a] impl A { fn f(self) -> A { self }\nfn g() {} }\n";
        let source = Source::new(one_line, "geometry");
        let block = source.block_at(source.file.start_of_line(2).unwrap());
        assert!(block.is_some());
    }
}
