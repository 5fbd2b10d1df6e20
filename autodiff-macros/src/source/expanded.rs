//! Items that macros of the file make, written out.
//!
//! ```text
//! macro_rules! unit { ($name:ident) => { struct $name(f64); }; }
//! unit!(Length);
//!                             unit!(Length);
//!                             struct Length (f64) ;
//! ```
//!
//! *In*: the text of a file. *Out*: the same with the items that calls at its top level stand for after the calls, one a line, and without the
//! definitions of the macros: what they say of `$name` is no item. Calls that cannot be expanded stay alone.

use super::text::{end_of, is_of_word, lines};
use super::{macros::macros, text::occurrences};
use crate::macro_rules;
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use std::ops::Range;

/// How deep calls stand in what calls stand for.
const DEPTH: usize = 16;

/// How much text is written out at most: more is not worth its time.
const MOST: usize = 1 << 19;

/// A text with the items in it, and where the lines of the original begin there.
pub struct Expanded {
    pub text: String,
    pub lines: Vec<usize>,
}

/// None where there is nothing to expand.
pub fn expanded(text: &str) -> Option<Expanded> {
    let defined = occurrences(text, "macro_rules").next().is_some();
    let mut items = Items {
        file: text,
        written: String::new(),
        used: Vec::new(),
    };
    let mut added: Vec<(usize, String)> = Vec::new();
    for call in calls(text).filter(|_| defined) {
        let end = call.end;
        let made = items.of_text(&text[call]);
        added.extend(made.map(|made| (end, made)));
    }
    (!added.is_empty()).then(|| put_in(&without(text, &items.used), &added))
}

/// The text with what is added at places in it, in their order.
fn put_in(text: &str, added: &[(usize, String)]) -> Expanded {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, items) in added {
        out.push_str(&text[from..*at]);
        out.push('\n');
        out.push_str(items);
        from = *at;
    }
    out.push_str(&text[from..]);
    let moved = |at: usize| {
        let before = added.iter().filter(|(place, _)| *place < at);
        at + before.map(|(_, items)| items.len() + 1).sum::<usize>()
    };
    Expanded {
        text: out,
        lines: lines(text).into_iter().map(moved).collect(),
    }
}

/// The text with blanks where definitions stood.
fn without(text: &str, definitions: &[Range<usize>]) -> String {
    let blank = |(at, c): (usize, char)| {
        let inside = definitions.iter().any(|range| range.contains(&at));
        let width = if inside && c != '\n' { c.len_utf8() } else { 0 };
        let kept = (width == 0).then_some(c);
        std::iter::repeat_n(' ', width).chain(kept)
    };
    text.char_indices().flat_map(blank).collect()
}

/// The calls that begin a line, to their ends.
fn calls(text: &str) -> impl Iterator<Item = Range<usize>> {
    let call = |at: usize| {
        let name = text[at..].find(|c| !is_of_word(c))?;
        let rest = &text[at + name..];
        let begins = name > 0 && rest.starts_with('!') && &text[at..at + name] != "macro_rules";
        let end = end_of(text, at).filter(|_| begins)?;
        Some(at..end)
    };
    lines(text).into_iter().filter_map(call)
}

struct Items<'t> {
    file: &'t str,
    /// What was written, of all calls.
    written: String,
    /// The definitions that were used.
    used: Vec<Range<usize>>,
}

impl Items<'_> {
    /// What a call stands for.
    fn of_text(&mut self, call: &str) -> Option<String> {
        let call: syn::ItemMacro = syn::parse_str(call).ok()?;
        let used = self.used.len();
        self.written.clear();
        if self.of_call(&call.mac, DEPTH).is_none() {
            self.used.truncate(used);
            return None;
        }
        Some(std::mem::take(&mut self.written))
    }

    fn of_call(&mut self, call: &syn::Macro, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let name = call.path.get_ident()?.to_string();
        let (place, definition) = self.definition(&name)?;
        self.used.push(place);
        let items = macro_rules::items(definition.mac.tokens, &call.tokens)?;
        for item in items {
            match &item {
                syn::Item::Macro(inner) if inner.ident.is_none() => {
                    self.of_call(&inner.mac, depth)?;
                }
                item => {
                    print_item(item.to_token_stream(), &mut self.written)?;
                }
            }
        }
        (self.written.len() < MOST).then_some(())
    }

    /// The only macro of the name in the file.
    fn definition(&self, name: &str) -> Option<(Range<usize>, syn::ItemMacro)> {
        let mut all = macros(self.file, name);
        let (at, None) = (all.next()?, all.next()) else {
            return None;
        };
        let place = self.file[..at].rfind("macro_rules")?..end_of(self.file, at)?;
        let definition = syn::parse_str(&self.file[place.clone()]).ok()?;
        Some((place, definition))
    }
}

/// Writes an item, each of its attributes in a line of its own: it begins a line as people write it.
fn print_item(tokens: TokenStream, out: &mut String) -> Option<()> {
    let mut tokens = tokens.into_iter().peekable();
    let is_mark = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == '#');
    while let Some(mark) = tokens.next_if(is_mark) {
        print([mark, tokens.next()?].into_iter().collect(), out)?;
        out.push('\n');
    }
    print(tokens.collect(), out)?;
    out.push('\n');
    Some(())
}

/// Writes tokens in one line, without documentation; none for strings that could be taken for code.
fn print(tokens: TokenStream, out: &mut String) -> Option<()> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => print_group(&group, out)?,
            TokenTree::Ident(name) => out.push_str(&format!("{name} ")),
            TokenTree::Punct(p) if p.as_char() == '#' => {
                if tokens.next_if(is_documentation).is_none() {
                    out.push('#');
                }
            }
            TokenTree::Punct(p) => {
                out.push(p.as_char());
                if p.spacing() == Spacing::Alone {
                    out.push(' ');
                }
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                is_harmless(&text).then_some(())?;
                out.push_str(&text);
                out.push(' ');
            }
        }
    }
    Some(())
}

/// Are brackets in it closed, and is there nothing that begins a comment or ends an item?
fn is_harmless(literal: &str) -> bool {
    let count = |wanted: char| literal.chars().filter(|&c| c == wanted).count();
    let closed = [('(', ')'), ('[', ']'), ('{', '}')];
    !literal.contains("//")
        && !literal.contains([';', '\n'])
        && closed
            .iter()
            .all(|&(open, close)| count(open) == count(close))
}

fn print_group(group: &Group, out: &mut String) -> Option<()> {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{ ", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    };
    out.push_str(open);
    print(group.stream(), out)?;
    out.push_str(close);
    out.push(' ');
    Some(())
}

fn is_documentation(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => {
            let first = group.stream().into_iter().next();
            first.is_some_and(|first| first.to_string() == "doc")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::expanded;

    const UNITS: &str = "macro_rules! unit {\n    ($(#[$m:meta])* $v:vis $name:ident, $s:expr) => {\n        $(#[$m])*\n        \
        #[derive(Clone, Differentiable)]\n        $v struct $name(pub f64);\n        impl $name { fn base(&self) -> f64 { self.0 * $s } }\n        \
        sum!($name);\n    };\n}\nmacro_rules! sum {\n    ($t:ty) => { impl Add for $t { fn add(self, o: $t) -> $t { todo!() } } };\n}\n\
        unit!(/// It: {.\n    pub Length, 1.0);\nunit!(Time, 60.0); // } of them\nfn last() {}\n";

    #[test]
    fn items_of_macros() {
        let found = expanded(UNITS).unwrap_or_else(|| panic!("nothing"));
        assert!(!found.text.contains("macro_rules"), "{}", found.text);
        let lines: Vec<&str> = found
            .text
            .lines()
            .filter(|l| !l.trim().is_empty())
            .collect();
        assert_eq!(
            lines,
            [
                "unit!(/// It: {.",
                "    pub Length, 1.0);",
                "#[derive (Clone , Differentiable ) ] ",
                "pub struct Length (pub f64 ) ; ",
                "impl Length { fn base (& self ) -> f64 { self . 0 * 1.0 } } ",
                "impl Add for Length { fn add (self , o : Length ) -> Length { todo ! () } } ",
                "unit!(Time, 60.0);",
                "#[derive (Clone , Differentiable ) ] ",
                "struct Time (pub f64 ) ; ",
                "impl Time { fn base (& self ) -> f64 { self . 0 * 60.0 } } ",
                "impl Add for Time { fn add (self , o : Time ) -> Time { todo ! () } } ",
                " // } of them",
                "fn last() {}",
            ]
        );
        let beginning = |line: usize| &found.text[found.lines[line - 1]..];
        let places = UNITS.lines().enumerate();
        for (k, line) in places.filter(|(_, line)| line.starts_with(['u', 'f'])) {
            let name = line.split(['(', ' ']).next().unwrap_or_default();
            assert!(beginning(k + 1).starts_with(name), "{line}");
        }
    }

    #[test]
    fn definitions_by_macros() {
        let source = Source::new(UNITS, "geometry");
        assert_eq!(source.definition("Time").map(|d| d.derived), Some(true));
        let doubt = format!("{UNITS}macro_rules! sum {{ () => {{}} }}\n");
        let source = Source::new(&doubt, "geometry");
        assert!(source.definition("Time").is_none());
    }

    #[test]
    fn nothing_to_expand() {
        for text in [
            "fn f() {}\n",
            "unit!(Length);\n",
            "macro_rules! unit { ($n:ident) => { struct $n; } }\nfn f() {\n    unit!(A);\n}\n",
            "macro_rules! unit { ($n:item) => { $n } }\nunit!(struct A;);\n",
            "macro_rules! unit { ($n:ident) => { unit!($n); } }\nunit!(A);\n",
            "macro_rules! unit { ($n:ident) => { const $n: &str = \"{\"; } }\nunit!(A);\n",
        ] {
            assert!(expanded(text).is_none(), "{text}");
        }
    }
}
