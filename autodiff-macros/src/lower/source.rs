//! What is iterated over.
//!
//! Most sources are *counted*: they have a length and an item for each position, and adaptors change the position or the item. Those that
//! drop or add items (`filter`, `flat_map`, ..) are driven item by item in [`super::drive`].
//!
//! ```text
//! x.iter().rev().zip(y)       length min(len x, len y), item k is (x[len x - 1 - k], y[k])
//! ```

use super::value::{Callable, Value};
use super::{Lower, int};
use crate::ir::{Op, Operand, Place, Proj, Rhs, Ty};
use quote::quote;
use syn::spanned::Spanned;

/// Something to iterate over.
#[derive(Clone, Debug)]
pub enum Source {
    /// `lo..hi`
    Range {
        lo: Operand,
        hi: Operand,
        inclusive: bool,
    },
    /// `lo..`
    From(Operand),
    /// References to elements, the items of `iter` and `iter_mut`.
    Slice { place: Place, mutable: bool },
    /// Elements by value.
    Values(Place),
    /// `chunks(size)` and its relatives.
    Chunks {
        place: Place,
        size: Operand,
        exact: bool,
        mutable: bool,
    },
    /// `rchunks(size)`
    BackChunks { place: Place, size: Operand },
    /// `windows(size)`
    Windows { place: Place, size: Operand },
    /// The rows or columns of a matrix: copies, or parts to be changed.
    Lines {
        matrix: Place,
        name: &'static str,
        mutable: bool,
    },
    /// The elements of a part of a matrix.
    Block(Box<super::matrix::Block>),
    /// `[&a, &b]`: one by one.
    Listed(Vec<Value>),
    /// What an `Option` or `Result` holds, if anything.
    Wrapped(Box<Value>),
    /// `repeat(value)`, `repeat_n(value, n)`, `once(value)`
    Repeat(Box<Value>, Option<Operand>),
    /// Backwards; the length of what is reversed.
    Rev(Box<Source>, Operand),
    /// With positions.
    Enumerate(Box<Source>),
    /// In pairs.
    Zip(Box<Source>, Box<Source>),
    /// Without the first.
    Skip(Box<Source>, Operand),
    /// The first.
    Take(Box<Source>, Operand),
    /// Every nth.
    StepBy(Box<Source>, Operand),
    /// Over and over.
    Cycle(Box<Source>),
    /// What the references refer to.
    Copied(Box<Source>),
    /// Functions of the items.
    Map(Box<Source>, Callable),
    /// The items themselves, after a look at them.
    Inspect(Box<Source>, Callable),
    /// Items that have to be made one after the other, since making one changes something.
    InTurn(Box<Source>),
    /// Each from the one before.
    Successors(Box<Value>, Callable),
    /// One after the other.
    Chain(Box<Source>, Box<Source>),
    /// Those for which the function holds.
    Filter(Box<Source>, Callable),
    /// Those for which the function gives something.
    FilterMap(Box<Source>, Callable),
    /// The items of the items; with a function that makes them first.
    Flatten(Box<Source>, Option<Callable>),
    /// Up to the first for which the function does not hold.
    TakeWhile(Box<Source>, Callable),
    /// Up to the first for which the function gives nothing.
    MapWhile(Box<Source>, Callable),
    /// From the first for which the function does not hold.
    SkipWhile(Box<Source>, Callable),
    /// What an iterator variable has not given yet, which it gives by this: `items.by_ref()`
    Drawn(super::scope::IterVar),
    /// With a state.
    Scan(Box<Source>, Box<Value>, Callable),
}

impl Lower<'_> {
    /// The source that an expression denotes, or an error.
    pub fn known_source(&mut self, expr: &syn::Expr) -> Option<Source> {
        let reported = self.diagnostics.count();
        let value = match self.unqualified_maker(expr) {
            Some(value) => value,
            None => self.value(expr),
        };
        let source = self.source_of(value);
        if source.is_none() && self.diagnostics.count() == reported {
            self.diagnostics.unknown_iterator(expr.span());
        }
        source
    }

    /// That of a `for` loop. What is taken by value stays as it is while the body changes the variable.
    pub fn loop_source(&mut self, e: &syn::ExprForLoop) -> Option<Source> {
        let named = matches!(super::peel(&e.expr), syn::Expr::Path(_));
        let value = named.then(|| self.value(&e.expr));
        let Some(Value::Place(place)) = value.filter(|value| self.is_list_by_value(value)) else {
            return self.known_source(&e.expr);
        };
        let root = self.function.resolve(&place).root;
        let body = &e.body;
        if !self.changes_variable(&syn::parse_quote!(#body), root) {
            return Some(Source::Values(place));
        }
        let own = self.settled(Value::Place(place));
        Some(Source::Values(self.place_of(own)))
    }

    fn is_list_by_value(&self, value: &Value) -> bool {
        matches!(self.value_ty(value), Ty::Array(_) | Ty::Vec(_))
    }

    /// Is it an array that later statements may change, which is copied where it is iterated over by value?
    fn is_changing_array(&self, value: &Value) -> bool {
        let Value::Place(place) = value else {
            return false;
        };
        matches!(self.place_ty(place), Ty::Array(_)) && self.may_change(place)
    }

    /// What is iterated over where this value stands in a `for` loop.
    pub fn source_of(&mut self, value: Value) -> Option<Source> {
        let wrapped = self.value_ty(&value).peel().is_wrapper();
        match value {
            Value::Iter(source) => Some(*source),
            value if wrapped || matches!(value, Value::Optional(_)) => {
                Some(Source::Wrapped(Box::new(value)))
            }
            Value::Ref { place, mutable } => {
                let place = self.through(place);
                if self.place_ty(&place) == Ty::Inert {
                    return self.opaque_source(Value::Ref { place, mutable });
                }
                Some(Source::Slice { place, mutable })
            }
            Value::Fun(_) | Value::Tuple(_) | Value::Unit => None,
            other if self.value_ty(&other) == Ty::Inert => self.opaque_source(other),
            Value::Rhs(Rhs::Inert(_), _) => None,
            other => {
                let by_reference = matches!(self.value_ty(&other), Ty::Ref(..));
                let other = match self.is_changing_array(&other) {
                    true => self.settled(other),
                    false => other,
                };
                let place = self.place_of(other);
                let mutable = false;
                Some(if by_reference {
                    Source::Slice { place, mutable }
                } else {
                    Source::Values(place)
                })
            }
        }
    }

    /// An iterator without derivative that the compiler does not know: its items are collected first.
    fn opaque_source(&mut self, value: Value) -> Option<Source> {
        let (code, uses) = self.code(value);
        let rt = &self.runtime;
        let inert = crate::ir::Inert {
            expr: syn::parse_quote!(::core::iter::IntoIterator::into_iter(#code).collect::<#rt::Vec<_>>()),
            uses,
            writes: Vec::new(),
            cheap: false,
            what: "an iterator".to_owned(),
        };
        let items = self.temp(Rhs::Inert(inert), Ty::Vec(Box::default()));
        Some(Source::Values(Place::var(items.as_var()?)))
    }

    /// `lo..hi`
    pub fn range_source(&mut self, range: &syn::ExprRange) -> Option<Source> {
        let lo = self.operand(range.start.as_ref()?);
        let Some(end) = &range.end else {
            return Some(Source::From(lo));
        };
        let hi = self.operand(end);
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        Some(Source::Range { lo, hi, inclusive })
    }

    /// The number of positions of a counted source, as a `usize`.
    pub fn length(&mut self, source: &Source) -> Operand {
        match source {
            Source::Range { lo, hi, inclusive } => self.range_length(lo, hi, *inclusive),
            Source::Slice { place, .. } | Source::Values(place) => self.len(place),
            Source::Lines { matrix, name, .. } => {
                let side = if *name == "row" { "nrows" } else { "ncols" };
                self.dimension(matrix, side)
            }
            Source::Block(block) => self.block_len(block),
            Source::Chunks {
                place, size, exact, ..
            } => {
                let len = self.len(place);
                let (l, s) = (self.mentioned(&len), self.mentioned(size));
                let expr = if *exact {
                    syn::parse_quote!(#l / #s)
                } else {
                    syn::parse_quote!(#l.div_ceil(#s))
                };
                self.cheap(expr, &[&len, size], Ty::Int)
            }
            Source::BackChunks { place, size } => {
                let len = self.len(place);
                let (l, s) = (self.mentioned(&len), self.mentioned(size));
                self.cheap(syn::parse_quote!(#l.div_ceil(#s)), &[&len, size], Ty::Int)
            }
            Source::Listed(items) => int(items.len()),
            Source::Windows { place, size } => {
                let len = self.len(place);
                let (l, s) = (self.mentioned(&len), self.mentioned(size));
                let expr = syn::parse_quote!((#l + 1).saturating_sub(#s));
                self.cheap(expr, &[&len, size], Ty::Int)
            }
            Source::Repeat(_, Some(n)) | Source::Rev(_, n) => n.clone(),
            Source::Enumerate(s)
            | Source::Copied(s)
            | Source::InTurn(s)
            | Source::Map(s, ..)
            | Source::Inspect(s, ..) => self.length(s),
            Source::Zip(a, b) => {
                let (a, b) = (self.length(a), self.length(b));
                self.smaller(&a, &b)
            }
            Source::Skip(s, n) => {
                let len = self.length(s);
                let (l, m) = (self.mentioned(&len), self.mentioned(n));
                let expr = syn::parse_quote!(usize::saturating_sub(#l, #m));
                self.cheap(expr, &[&len, n], Ty::Int)
            }
            Source::Take(s, n) => {
                let len = self.length(s);
                self.smaller(&len, n)
            }
            Source::StepBy(s, n) => {
                let len = self.length(s);
                let (l, m) = (self.mentioned(&len), self.mentioned(n));
                let expr = syn::parse_quote!(usize::div_ceil(#l, #m));
                self.cheap(expr, &[&len, n], Ty::Int)
            }
            _ => endless(),
        }
    }

    /// Is the operand surely a `usize`?
    pub fn is_usize(&self, operand: &Operand) -> bool {
        operand.as_var().is_some_and(|v| self.usizes.contains(&v))
    }

    /// `place.len()`
    pub fn len(&mut self, place: &Place) -> Operand {
        self.temp(Rhs::Len(place.clone()), Ty::Int)
    }

    /// The smaller of two numbers.
    pub fn smaller(&mut self, a: &Operand, b: &Operand) -> Operand {
        if is_endless(a) {
            return b.clone();
        }
        if is_endless(b) {
            return a.clone();
        }
        let (x, y) = (self.mentioned(a), self.mentioned(b));
        let expr = syn::parse_quote!(usize::min(#x, #y));
        self.cheap(expr, &[a, b], Ty::Int)
    }

    fn range_length(&mut self, lo: &Operand, hi: &Operand, inclusive: bool) -> Operand {
        let (l, h) = (self.mentioned(lo), self.mentioned(hi));
        let range = if inclusive {
            quote!((#l..=#h))
        } else {
            quote!((#l..#h))
        };
        let expr = syn::parse_quote!(#range.count());
        self.cheap(expr, &[lo, hi], Ty::Int)
    }

    pub(super) fn arithmetic(&mut self, op: Op, a: Operand, b: Operand) -> Operand {
        self.temp(Rhs::Op(op, vec![a, b]), Ty::Int)
    }

    /// The item at position `k` of a counted source.
    pub fn item(&mut self, source: &Source, k: Operand) -> Value {
        match source {
            Source::Range { lo, hi, .. } if self.is_usize(lo) || self.is_usize(hi) => {
                if super::slot::is_literal(lo, "0") {
                    return Value::Operand(k);
                }
                Value::Operand(self.arithmetic(Op::Add, lo.clone(), k))
            }
            Source::Range { lo, .. } | Source::From(lo) => {
                let (l, at) = (self.mentioned(lo), self.mentioned(&k));
                let expr = syn::parse_quote!((#l..).nth(#at).unwrap());
                Value::Operand(self.cheap(expr, &[lo, &k], Ty::Int))
            }
            Source::Slice { place, mutable } => {
                let place = place.clone().then(Proj::Index(k));
                let mutable = *mutable;
                Value::Ref { place, mutable }
            }
            Source::Values(place) => {
                let place = place.clone().then(Proj::Index(k));
                match self.place_ty(&place) {
                    Ty::Vec(_) => Value::Ref {
                        place,
                        mutable: true,
                    },
                    Ty::Ref(mutable, _) => {
                        let place = place.then(Proj::Deref);
                        Value::Ref { place, mutable }
                    }
                    _ => Value::Place(place),
                }
            }
            Source::Lines {
                matrix,
                name,
                mutable,
            } => self.line_item(matrix, name, *mutable, k),
            Source::Block(block) => {
                let place = self.block_position(block, &k);
                let mutable = true;
                Value::Ref { place, mutable }
            }
            Source::Chunks {
                place,
                size,
                exact,
                mutable,
            } => {
                let range = self.chunk(place, size, *exact, k);
                let place = place.clone().then(range);
                let mutable = *mutable;
                Value::Ref { place, mutable }
            }
            Source::BackChunks { place, size } => {
                let range = self.chunk_from_end(place, size, k);
                let place = place.clone().then(range);
                let mutable = false;
                Value::Ref { place, mutable }
            }
            Source::Windows { place, size } => {
                let hi = self.arithmetic(Op::Add, k.clone(), size.clone());
                let (lo, hi) = (Some(k), Some(hi));
                let place = place.clone().then(Proj::Range { lo, hi });
                let mutable = false;
                Value::Ref { place, mutable }
            }
            Source::Repeat(value, _) => (**value).clone(),
            Source::Listed(items) => match super::slot::position(&k).and_then(|k| items.get(k)) {
                Some(item) => item.clone(),
                None => self.item_of_list(items, &k).unwrap_or_else(|| {
                    self.diagnostics.uncounted(self.span);
                    super::failed()
                }),
            },
            adaptor => self.adapted(adaptor, k),
        }
    }

    fn chunk(&mut self, place: &Place, size: &Operand, exact: bool, k: Operand) -> Proj {
        let lo = self.arithmetic(Op::Mul, k, size.clone());
        let mut hi = self.arithmetic(Op::Add, lo.clone(), size.clone());
        if !exact {
            let len = self.len(place);
            hi = self.smaller(&hi, &len);
        }
        let (lo, hi) = (Some(lo), Some(hi));
        Proj::Range { lo, hi }
    }

    fn chunk_from_end(&mut self, place: &Place, size: &Operand, k: Operand) -> Proj {
        let len = self.len(place);
        let before = self.arithmetic(Op::Mul, k, size.clone());
        let hi = self.arithmetic(Op::Sub, len, before);
        let (h, s) = (self.mentioned(&hi), self.mentioned(size));
        let lo = self.cheap(
            syn::parse_quote!(usize::saturating_sub(#h, #s)),
            &[&hi, size],
            Ty::Int,
        );
        let (lo, hi) = (Some(lo), Some(hi));
        Proj::Range { lo, hi }
    }

    fn adapted(&mut self, source: &Source, k: Operand) -> Value {
        match source {
            Source::Rev(s, len) => {
                let last = self.arithmetic(Op::Sub, len.clone(), int(1));
                let k = self.arithmetic(Op::Sub, last, k);
                self.item(s, k)
            }
            Source::Enumerate(s) => {
                let item = self.item(s, k.clone());
                Value::Tuple(vec![Value::Operand(k), item])
            }
            Source::Zip(a, b) => {
                let first = self.item(a, k.clone());
                let first = self.settled(first);
                let second = self.item(b, k);
                Value::Tuple(vec![first, second])
            }
            Source::Skip(s, n) => {
                let k = self.arithmetic(Op::Add, k, n.clone());
                self.item(s, k)
            }
            Source::Take(s, _) => self.item(s, k),
            Source::StepBy(s, n) => {
                let k = self.arithmetic(Op::Mul, k, n.clone());
                self.item(s, k)
            }
            Source::Cycle(s) => {
                let len = self.length(s);
                let k = self.arithmetic(Op::Rem, k, len);
                self.item(s, k)
            }
            Source::Copied(s) => {
                let item = self.item(s, k);
                self.behind(item)
            }
            Source::Map(s, f) => {
                let item = self.item(s, k);
                self.apply(f, vec![item])
            }
            Source::Inspect(s, f) => {
                let item = self.item(s, k);
                let item = self.settled(item);
                let shown = self.by_reference(item.clone());
                let nothing = self.apply(f, vec![shown]);
                self.drop_value(nothing);
                item
            }
            _ => Value::Unit,
        }
    }
}

/// The length of what does not end.
pub fn endless() -> Operand {
    super::constant(syn::parse_quote!(usize::MAX), Ty::Int)
}

fn is_endless(len: &Operand) -> bool {
    super::slot::is_literal(len, "usize :: MAX")
}

impl Source {
    /// The source, made one after the other if the function changes something.
    pub fn in_turn(self, pure: bool) -> Box<Self> {
        Box::new(if pure {
            self
        } else {
            Self::InTurn(Box::new(self))
        })
    }

    /// Are the items references to elements?
    pub fn gives_references(&self) -> bool {
        match self {
            Self::Slice { .. } => true,
            Self::Rev(s, _)
            | Self::Skip(s, _)
            | Self::Take(s, _)
            | Self::StepBy(s, _)
            | Self::Cycle(s)
            | Self::Inspect(s, _)
            | Self::Filter(s, _)
            | Self::TakeWhile(s, _)
            | Self::SkipWhile(s, _) => s.gives_references(),
            Self::Chain(a, b) => a.gives_references() && b.gives_references(),
            _ => false,
        }
    }

    /// Does it have a length and an item for each position?
    pub fn is_counted(&self) -> bool {
        match self {
            Self::Range { .. }
            | Self::From(_)
            | Self::Slice { .. }
            | Self::Values(_)
            | Self::Lines { .. }
            | Self::Block(_)
            | Self::Chunks { .. }
            | Self::BackChunks { .. }
            | Self::Windows { .. }
            | Self::Repeat(..) => true,
            Self::Rev(s, _)
            | Self::Enumerate(s)
            | Self::Skip(s, _)
            | Self::Take(s, _)
            | Self::StepBy(s, _)
            | Self::Cycle(s)
            | Self::Copied(s)
            | Self::Map(s, _)
            | Self::Inspect(s, _) => s.is_counted(),
            Self::Zip(a, b) => a.is_counted() && b.is_counted(),
            _ => false,
        }
    }

    /// Does it take its items from an iterator in a variable?
    pub fn draws(&self) -> bool {
        matches!(self, Self::Drawn(_)) || self.any_inside(&Self::draws)
    }

    /// May its items be changed in place by whom they are given to?
    pub fn is_exclusive(&self) -> bool {
        match self {
            Self::Slice { mutable, .. } | Self::Chunks { mutable, .. } => *mutable,
            Self::Drawn(variable) => variable.source.is_exclusive(),
            other => other.any_inside(&Self::is_exclusive),
        }
    }

    /// Does this hold for a source that it is made of?
    fn any_inside(&self, holds: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::Rev(s, _)
            | Self::Enumerate(s)
            | Self::Skip(s, _)
            | Self::Take(s, _)
            | Self::StepBy(s, _)
            | Self::Cycle(s)
            | Self::Copied(s)
            | Self::InTurn(s)
            | Self::Map(s, _)
            | Self::Inspect(s, _)
            | Self::Filter(s, _)
            | Self::FilterMap(s, _)
            | Self::Flatten(s, _)
            | Self::TakeWhile(s, _)
            | Self::MapWhile(s, _)
            | Self::SkipWhile(s, _)
            | Self::Scan(s, ..) => holds(s),
            Self::Zip(a, b) | Self::Chain(a, b) => holds(a) || holds(b),
            _ => false,
        }
    }

    /// Are its items references to what is there already, so that looking at one twice costs nothing?
    pub fn is_stored(&self) -> bool {
        match self {
            Self::Slice { .. }
            | Self::Range { .. }
            | Self::Block(_)
            | Self::Chunks { .. }
            | Self::BackChunks { .. }
            | Self::Windows { .. } => true,
            Self::Rev(s, _)
            | Self::Enumerate(s)
            | Self::Skip(s, _)
            | Self::Take(s, _)
            | Self::StepBy(s, _)
            | Self::Copied(s) => s.is_stored(),
            Self::Zip(a, b) => a.is_stored() && b.is_stored(),
            _ => false,
        }
    }
}
