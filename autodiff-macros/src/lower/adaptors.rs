//! Methods of iterators that give iterators.

use super::Lower;
use super::source::Source;
use super::value::Value;

impl Lower<'_> {
    /// A method of an iterator; `None` if it is not known.
    pub fn iterator_method(&mut self, source: Source, call: &syn::ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let inner = Box::new(source);
        let adapted = match (name.as_str(), call.args.first()) {
            ("iter" | "into_iter" | "by_ref" | "fuse" | "clone", None) => *inner,
            ("rev", None) => self.reversed(*inner)?,
            ("enumerate", None) => Source::Enumerate(inner),
            ("copied" | "cloned", None) => Source::Copied(inner),
            ("cycle", None) => Source::Cycle(inner),
            ("flatten", None) => Source::Flatten(inner, None),
            ("skip" | "take" | "step_by", Some(count)) => {
                let count = self.operand(count);
                match name.as_str() {
                    "skip" => Source::Skip(inner, count),
                    "take" => Source::Take(inner, count),
                    _ => Source::StepBy(inner, count),
                }
            }
            ("zip", Some(other)) => {
                let other = self.known_source(other)?;
                Source::Zip(inner, Box::new(other))
            }
            ("chain", Some(other)) => {
                let other = self.known_source(other)?;
                Source::Chain(inner, Box::new(other))
            }
            ("scan", Some(init)) => {
                let init = self.value(init);
                let init = Box::new(self.settled(init));
                let f = self.callable(call.args.iter().nth(1)?)?;
                Source::Scan(inner, init, f)
            }
            (_, Some(f)) if takes_function(&name) && call.args.len() == 1 => {
                let f = self.callable(f)?;
                match name.as_str() {
                    "map" => Source::Map(inner, f),
                    "filter" => Source::Filter(inner, f),
                    "filter_map" => Source::FilterMap(inner, f),
                    "flat_map" => Source::Flatten(inner, Some(f)),
                    "inspect" => Source::Inspect(inner, f),
                    "take_while" => Source::TakeWhile(inner, f),
                    "map_while" => Source::MapWhile(inner, f),
                    _ => Source::SkipWhile(inner, f),
                }
            }
            _ => return self.consumer(*inner, call),
        };
        Some(Value::Iter(Box::new(adapted)))
    }

    /// A source backwards.
    fn reversed(&mut self, source: Source) -> Option<Source> {
        if source.is_counted() {
            let len = self.length(&source);
            return Some(Source::Rev(Box::new(source), len));
        }
        let mut inside = |s: Source| self.reversed(s).map(Box::new);
        match source {
            Source::Chain(a, b) => {
                let (a, b) = (inside(*a)?, inside(*b)?);
                Some(Source::Chain(b, a))
            }
            Source::Map(s, f) => Some(Source::Map(inside(*s)?, f)),
            Source::Filter(s, f) => Some(Source::Filter(inside(*s)?, f)),
            Source::FilterMap(s, f) => Some(Source::FilterMap(inside(*s)?, f)),
            Source::Copied(s) => Some(Source::Copied(inside(*s)?)),
            Source::Inspect(s, f) => Some(Source::Inspect(inside(*s)?, f)),
            _ => {
                self.diagnostics.uncounted(self.span);
                None
            }
        }
    }

    /// Methods that make an iterator of a container; `None` if the method is another.
    pub fn container_iterator(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let known = matches!(
            name.as_str(),
            "iter"
                | "iter_mut"
                | "into_iter"
                | "chunks"
                | "chunks_exact"
                | "chunks_mut"
                | "chunks_exact_mut"
                | "windows"
        );
        if !known || matches!(self.value_ty(receiver).peel(), crate::ir::Ty::Inert) {
            return None;
        }
        let source = match (name.as_str(), call.args.first()) {
            ("into_iter", None) => self.source_of(receiver.clone())?,
            ("iter" | "iter_mut", None) => {
                let place = self.place_of(receiver.clone());
                let mutable = name == "iter_mut";
                Source::Slice { place, mutable }
            }
            ("windows", Some(size)) => {
                let place = self.place_of(receiver.clone());
                let size = self.operand(size);
                Source::Windows { place, size }
            }
            (_, Some(size)) => {
                let place = self.place_of(receiver.clone());
                let size = self.operand(size);
                Source::Chunks {
                    place,
                    size,
                    exact: name.contains("exact"),
                    mutable: name.ends_with("mut"),
                }
            }
            _ => return None,
        };
        Some(Value::Iter(Box::new(source)))
    }
}

fn takes_function(name: &str) -> bool {
    matches!(
        name,
        "map"
            | "filter"
            | "filter_map"
            | "flat_map"
            | "inspect"
            | "take_while"
            | "map_while"
            | "skip_while"
    )
}
