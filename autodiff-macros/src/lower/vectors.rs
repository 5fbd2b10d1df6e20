//! Methods that change a `Vec`, a slice or an array: loops, reads and assignments.
//!
//! ```text
//! v.fill(a);      for k in 0..len v { v[k] = a }
//! ```

use super::place::peel;
use super::source::Source;
use super::value::{Callable, Value, join};
use super::{Lower, int};
use crate::ir::{Aggregate, Block, Inert, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarKind};
use proc_macro2::{Ident, Span};

impl Lower<'_> {
    /// A method that changes a container; `None` if it is another.
    pub fn container_method(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let receiver = receiver.clone();
        match (name, args) {
            ("push" | "push_back", [value]) => {
                let value = self.operand(value);
                let place = self.place_of(receiver);
                self.push(&place, value);
            }
            ("truncate", [len]) => {
                let place = self.place_of(receiver);
                let len = self.operand(len);
                self.out.push(Stmt::Truncate { place, len });
            }
            ("clear", []) => {
                let place = self.place_of(receiver);
                self.known_container(&place)?;
                let len = int(0);
                self.out.push(Stmt::Truncate { place, len });
            }
            ("fill", [value]) => {
                let value = self.operand(value);
                let place = self.place_of(receiver);
                self.each_index(&place, &mut |lower, place| {
                    let value = value.clone();
                    lower.out.push(Stmt::Assign { place, value });
                });
            }
            ("fill_with", [f]) => {
                let f = self.callable(f)?;
                let place = self.place_of(receiver);
                self.each_index(&place, &mut |lower, place| {
                    let value = lower.given_by(&f);
                    lower.out.push(Stmt::Assign { place, value });
                });
            }
            ("copy_from_slice" | "clone_from_slice" | "clone_from", [source]) => {
                let source = self.place(source);
                let place = self.place_of(receiver);
                self.copy_elements(&place, &source);
            }
            ("copy_within", [range, to]) => {
                let place = self.place_of(receiver);
                self.copy_within(place, range, to)?;
            }
            ("swap", [i, j]) => {
                let place = self.place_of(receiver);
                let (i, j) = (self.operand(i), self.operand(j));
                self.swap_elements(place, i, j);
            }
            ("swap_with_slice", [other]) => {
                let other = self.place(other);
                let place = self.place_of(receiver);
                self.swap_slices(&place, &other);
            }
            ("reverse", []) => {
                let place = self.place_of(receiver);
                self.known_container(&place)?;
                self.reverse(&place);
            }
            ("map", [f]) => return self.mapped_array(receiver, f),
            _ => return self.resizing_method(receiver, name, args),
        }
        Some(Value::Unit)
    }

    /// Methods of `Vec` that change its length or its order.
    fn resizing_method(
        &mut self,
        receiver: Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let place = self.place_of(receiver);
        self.known_container(&place)?;
        match (name, args) {
            ("extend_from_slice" | "extend", [source]) => {
                let source = self.known_source(source)?;
                self.iterate(&source, &mut |lower, item| {
                    let item = lower.behind(item);
                    let value = lower.operand_of(item);
                    lower.push(&place, value);
                });
            }
            ("append", [other]) => {
                let other = self.place(other);
                self.each_index(&other, &mut |lower, at| {
                    let value = lower.moved_out(at);
                    lower.push(&place, value);
                });
                let (place, len) = (other, int(0));
                self.out.push(Stmt::Truncate { place, len });
            }
            ("extend_from_within", [range]) => self.extend_from_within(&place, range)?,
            ("resize", [len, value]) => {
                let len = self.operand(len);
                let value = self.operand(value);
                self.resize(place, len, &mut |_| value.clone());
            }
            ("resize_with", [len, f]) => {
                let len = self.operand(len);
                let f = self.callable(f)?;
                self.resize(place, len, &mut |lower| lower.given_by(&f));
            }
            ("insert", [at, value]) => {
                let at = self.operand(at);
                let value = self.operand(value);
                self.insert(&place, at, value);
            }
            ("push_front", [value]) => {
                let value = self.operand(value);
                self.insert(&place, int(0), value);
            }
            ("remove", [at]) => {
                let at = self.operand(at);
                return Some(self.remove(&place, at));
            }
            ("swap_remove", [at]) => {
                let at = self.operand(at);
                return Some(self.swap_remove(&place, at));
            }
            ("split_off", [at]) => {
                let at = self.operand(at);
                return Some(self.split_off(place, at));
            }
            ("drain", [range]) => return self.drained(place, range),
            ("concat", []) => return Some(self.concatenated(&place)),
            _ => return self.rearranged(place, name, args),
        }
        Some(Value::Unit)
    }

    /// Is the place surely a `Vec`, slice or array?
    pub fn known_container(&self, place: &Place) -> Option<()> {
        let ty = self.place_ty(place);
        matches!(ty, Ty::Vec(_) | Ty::Array(_) | Ty::Slice(_)).then_some(())
    }

    /// `place.push(value)`
    pub fn push(&mut self, place: &Place, value: Operand) {
        self.learn_element(place, &value);
        let place = place.clone();
        self.out.push(Stmt::Push { place, value });
    }

    /// A `Vec` that was made empty gets its element type from what is pushed.
    pub fn learn_element(&mut self, place: &Place, value: &Operand) {
        let element = self.function.operand_ty(value).clone();
        if !place.path.is_empty() {
            return;
        }
        if let Ty::Vec(known) = &mut self.function.vars[place.root.0 as usize].ty {
            **known = join(std::mem::take(known), element);
        }
    }

    /// A loop over the positions of a container; the body gets the place of each element.
    pub fn each_index(&mut self, place: &Place, body: &mut dyn FnMut(&mut Self, Place)) {
        let len = self.len(place);
        let place = place.clone();
        self.each(int(0), len, false, &mut |lower, k| {
            body(lower, place.clone().then(Proj::Index(k)));
        });
    }

    /// A loop over the positions of a container; the body gets each position and the place of the element.
    pub fn each_position(
        &mut self,
        place: &Place,
        body: &mut dyn FnMut(&mut Self, Operand, Place),
    ) {
        let len = self.len(place);
        let place = place.clone();
        self.each(int(0), len, false, &mut |lower, k| {
            let at = place.clone().then(Proj::Index(k.clone()));
            body(lower, k, at);
        });
    }

    /// `for k in lo..hi`
    pub fn each(
        &mut self,
        lo: Operand,
        hi: Operand,
        rev: bool,
        body: &mut dyn FnMut(&mut Self, Operand),
    ) {
        let var = self.fresh("k", Ty::Int, VarKind::Value);
        let (stmts, ()) = self.captured(|lower| body(lower, Operand::Var(var)));
        self.out.push(Stmt::For {
            var,
            range: Range {
                lo,
                hi,
                inclusive: false,
                rev,
                step: None,
            },
            body: Block::new(stmts),
            exit: None,
        });
    }

    fn copy_elements(&mut self, to: &Place, from: &Place) {
        let (want, have) = (self.len(to), self.len(from));
        let (w, h) = (self.mentioned(&want), self.mentioned(&have));
        let message = "source slice length ({}) does not match destination slice length ({})";
        self.check(
            syn::parse_quote!(::core::assert!(#w == #h, #message, #h, #w)),
            &[&want, &have],
        );
        let (to, from) = (to.clone(), from.clone());
        self.each(int(0), want, false, &mut |lower, k| {
            let value = lower.element_copy(from.clone().then(Proj::Index(k.clone())));
            let place = to.clone().then(Proj::Index(k));
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    pub fn check(&mut self, expr: syn::Expr, uses: &[&Operand]) {
        self.out.push(Stmt::Effect(Inert {
            expr,
            uses: uses.iter().filter_map(|o| o.as_var()).collect(),
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        }));
    }

    /// An element that stays in its list, or is overwritten there.
    pub fn element_copy(&mut self, place: Place) -> Operand {
        let ty = self.place_ty(&place);
        if ty.is_copy() {
            return self.temp(Rhs::Read(place), ty);
        }
        let method = Ident::new("clone", Span::mixed_site());
        self.temp(Rhs::Clone { place, method }, ty)
    }

    /// `v.copy_within(a..b, to)`: through a copy, since the ranges may overlap.
    fn copy_within(&mut self, place: Place, range: &syn::Expr, to: &syn::Expr) -> Option<()> {
        let syn::Expr::Range(range) = peel(range) else {
            return None;
        };
        let proj = self.range_proj(range);
        let to = self.operand(to);
        let element = self.place_ty(&place).element();
        let method = Ident::new("to_vec", Span::mixed_site());
        let copied = Rhs::Clone {
            place: place.clone().then(proj),
            method,
        };
        let copy = self.temp(copied, Ty::Vec(Box::new(element)));
        let from = Place::var(copy.as_var()?);
        self.each_index(&from, &mut |lower, at| {
            let Some(Proj::Index(k)) = at.path.last().cloned() else {
                return;
            };
            let value = lower.element_copy(at);
            let k = lower.arithmetic(Op::Add, to.clone(), k);
            let place = place.clone().then(Proj::Index(k));
            lower.out.push(Stmt::Assign { place, value });
        });
        Some(())
    }

    /// `v.swap(i, j)`
    fn swap_elements(&mut self, place: Place, i: Operand, j: Operand) {
        let ty = self.place_ty(&place).element();
        let (a, b) = (
            place.clone().then(Proj::Index(i)),
            place.then(Proj::Index(j)),
        );
        if matches!(ty, Ty::Vec(_)) {
            self.swap_rows(a, b);
            return;
        }
        self.exchange(a, b);
    }

    /// Rows cannot be moved out of a `Vec`: they change places with an empty one. A row and itself stay.
    fn swap_rows(&mut self, a: Place, b: Place) {
        let (Some(Proj::Index(i)), Some(Proj::Index(j))) = (a.path.last(), b.path.last()) else {
            return;
        };
        let others = Rhs::Op(Op::Ne, vec![i.clone(), j.clone()]);
        self.when(Value::Rhs(others, Ty::Bool), &mut |lower| {
            lower.swap_other_rows(&a, &b);
        });
    }

    /// `mem::swap(a, b)`: two elements of one list are not borrowed at once.
    pub fn swap_places(&mut self, a: Place, b: Place) {
        let [first, second] = [&a, &b].map(|p| self.function.resolve(p).root);
        match self.place_ty(&a) {
            _ if self.in_one_variant(&a, &b) => self.exchange(a, b),
            ty if ty.is_scalar() && first == second => self.exchange(a, b),
            Ty::Vec(_) if first == second => self.swap_other_rows(&a, &b),
            _ => self.out.push(Stmt::Swap(a, b)),
        }
    }

    /// Two values change places, each a copy of the other.
    pub fn exchange(&mut self, a: Place, b: Place) {
        let [first, second] = [&a, &b].map(|place| self.element_copy(place.clone()));
        let mut assign = |place, value| self.out.push(Stmt::Assign { place, value });
        assign(a, second);
        assign(b, first);
    }

    fn swap_other_rows(&mut self, a: &Place, b: &Place) {
        let ty = self.place_ty(a);
        let spare = self.fresh("row", ty, VarKind::Mutable);
        self.out.push(Stmt::Let {
            var: spare,
            rhs: Rhs::Aggregate(Aggregate::Vec, Vec::new()),
        });
        let place = Place::var(spare);
        for other in [a, b, a] {
            self.out.push(Stmt::Swap(other.clone(), place.clone()));
        }
    }

    fn swap_slices(&mut self, a: &Place, b: &Place) {
        let b = b.clone();
        self.each_index(a, &mut |lower, at| {
            let Some(k) = at.path.last().cloned() else {
                return;
            };
            let other = b.clone().then(k);
            let (first, second) = (
                lower.element_copy(at.clone()),
                lower.element_copy(other.clone()),
            );
            let mut assign = |place, value| lower.out.push(Stmt::Assign { place, value });
            assign(at, second);
            assign(other, first);
        });
    }

    fn reverse(&mut self, place: &Place) {
        let len = self.len(place);
        let half = self.arithmetic(Op::Div, len.clone(), int(2));
        let place = place.clone();
        self.each(int(0), half, false, &mut |lower, k| {
            let end = lower.arithmetic(Op::Sub, len.clone(), int(1));
            let last = lower.arithmetic(Op::Sub, end, k.clone());
            lower.swap_elements(place.clone(), k, last);
        });
    }

    /// `[a, b].map(f)`
    fn mapped_array(&mut self, receiver: Value, f: &syn::Expr) -> Option<Value> {
        let Ty::Array(element) = self.value_ty(&receiver).peel().clone() else {
            return None;
        };
        let f = self.callable(f)?;
        let source = self.place_of(receiver);
        let var = self.fresh("mapped", Ty::Array(Box::default()), VarKind::Mutable);
        let mut mapped = Ty::Unknown;
        let (stmts, ()) = self.captured(|lower| {
            lower.each_position(&source, &mut |lower, k, at| {
                let item = lower.settled(Value::Place(at));
                let value = lower.apply(&f, vec![item]);
                let value = lower.operand_of(value);
                mapped = lower.function.operand_ty(&value).clone();
                let place = Place::var(var).then(Proj::Index(k));
                lower.out.push(Stmt::Assign { place, value });
            });
        });
        let rhs = match mapped.is_float() && element.is_float() {
            true => Rhs::Read(source),
            false => self.array_like(&source),
        };
        self.function.vars[var.0 as usize].ty = Ty::Array(Box::new(mapped));
        self.movable.insert(var);
        self.out.push(Stmt::Let { var, rhs });
        self.out.extend(stmts);
        Some(Value::Place(Place::var(var)))
    }

    /// An array of the length of another one, of which only that is read.
    fn array_like(&mut self, place: &Place) -> Rhs {
        self.nameless.remove(&place.root);
        self.movable.remove(&place.root);
        let like = super::inert::place_tokens(&self.function, &self.runtime, place);
        Rhs::Inert(Inert {
            expr: syn::parse_quote!(#like.each_ref().map(|_| ::core::default::Default::default())),
            uses: Vec::new(),
            writes: Vec::new(),
            cheap: false,
            what: "an array".to_owned(),
        })
    }

    /// What a function without arguments gives.
    fn given_by(&mut self, f: &Callable) -> Operand {
        let value = self.apply(f, Vec::new());
        self.operand_of(value)
    }

    fn resize(&mut self, place: Place, len: Operand, value: &mut dyn FnMut(&mut Self) -> Operand) {
        let now = self.len(&place);
        let shorter = Rhs::Op(Op::Lt, vec![len.clone(), now.clone()]);
        let cond = self.temp(shorter, Ty::Bool);
        let then = self.region(|lower| {
            let (place, len) = (place.clone(), len.clone());
            lower.out.push(Stmt::Truncate { place, len });
            Value::Unit
        });
        let els = self.region(|lower| {
            lower.each(now, len, false, &mut |lower, _| {
                let value = value(lower);
                lower.push(&place, value);
            });
            Value::Unit
        });
        self.branch(cond, then, els);
    }

    /// `v.extend_from_within(a..b)`
    fn extend_from_within(&mut self, place: &Place, range: &syn::Expr) -> Option<()> {
        let syn::Expr::Range(range) = peel(range) else {
            return None;
        };
        let proj = self.range_proj(range);
        let copied = Rhs::Clone {
            place: place.clone().then(proj),
            method: Ident::new("to_vec", Span::mixed_site()),
        };
        let ty = Ty::Vec(Box::new(self.place_ty(place).element()));
        let copy = Place::var(self.temp(copied, ty).as_var()?);
        self.each_index(&copy, &mut |lower, at| {
            let value = lower.element_copy(at);
            lower.push(place, value);
        });
        Some(())
    }

    fn insert(&mut self, place: &Place, at: Operand, value: Operand) {
        let len = self.len(place);
        let held = Place::var(self.in_variable(value.clone()));
        let room = self.element_copy(held);
        self.push(place, room);
        let at_index = at.clone();
        self.each(at_index, len, true, &mut |lower, k| {
            let next = lower.arithmetic(Op::Add, k.clone(), int(1));
            let value = lower.element_copy(place.clone().then(Proj::Index(k)));
            let place = place.clone().then(Proj::Index(next));
            lower.out.push(Stmt::Assign { place, value });
        });
        let place = place.clone().then(Proj::Index(at));
        self.out.push(Stmt::Assign { place, value });
    }

    pub fn remove(&mut self, place: &Place, at: Operand) -> Value {
        let value = self.element_copy(place.clone().then(Proj::Index(at.clone())));
        let len = self.len(place);
        let last = self.arithmetic(Op::Sub, len, int(1));
        self.each(at, last.clone(), false, &mut |lower, k| {
            let next = lower.arithmetic(Op::Add, k.clone(), int(1));
            let value = lower.element_copy(place.clone().then(Proj::Index(next)));
            let place = place.clone().then(Proj::Index(k));
            lower.out.push(Stmt::Assign { place, value });
        });
        let (place, len) = (place.clone(), last);
        self.out.push(Stmt::Truncate { place, len });
        Value::Operand(value)
    }

    fn swap_remove(&mut self, place: &Place, at: Operand) -> Value {
        let len = self.len(place);
        let last = self.arithmetic(Op::Sub, len, int(1));
        let target = place.clone().then(Proj::Index(at));
        let removed = self.element_copy(target.clone());
        let value = self.element_copy(place.clone().then(Proj::Index(last.clone())));
        self.out.push(Stmt::Assign {
            place: target,
            value,
        });
        let (place, len) = (place.clone(), last);
        self.out.push(Stmt::Truncate { place, len });
        Value::Operand(removed)
    }

    fn split_off(&mut self, place: Place, at: Operand) -> Value {
        let element = self.place_ty(&place).element();
        let (lo, hi) = (Some(at.clone()), None);
        let rhs = Rhs::Clone {
            place: place.clone().then(Proj::Range { lo, hi }),
            method: Ident::new("to_vec", Span::mixed_site()),
        };
        let tail = self.temp(rhs, Ty::Vec(Box::new(element)));
        self.out.push(Stmt::Truncate { place, len: at });
        Value::Operand(tail)
    }

    /// `v.drain(..)`, `v.drain(a..)`
    fn drained(&mut self, place: Place, range: &syn::Expr) -> Option<Value> {
        let syn::Expr::Range(range) = peel(range) else {
            return None;
        };
        let Proj::Range { lo, hi } = self.range_proj(range) else {
            return None;
        };
        let from = lo.unwrap_or_else(|| int(0));
        let items = match hi {
            None => self.split_off(place, from),
            Some(to) => self.cut_out(place, from, to),
        };
        let source = self.source_of(items)?;
        Some(Value::Iter(Box::new(source)))
    }

    /// The elements from one position to another; those behind move up.
    fn cut_out(&mut self, place: Place, from: Operand, to: Operand) -> Value {
        let tail = self.split_off(place.clone(), to);
        let items = self.split_off(place.clone(), from);
        let tail = self.place_of(tail);
        self.each_index(&tail, &mut |lower, at| {
            let value = lower.element_copy(at);
            lower.push(&place, value);
        });
        items
    }

    /// `rows.concat()`
    fn concatenated(&mut self, place: &Place) -> Value {
        let rows = Source::Slice {
            place: place.clone(),
            mutable: false,
        };
        let elements = Source::Flatten(Box::new(rows), None);
        let var = self.fresh("items", Ty::Vec(Box::default()), VarKind::Mutable);
        self.movable.insert(var);
        let rhs = Rhs::Aggregate(Aggregate::Vec, Vec::new());
        self.out.push(Stmt::Let { var, rhs });
        self.iterate(&elements, &mut |lower, item| {
            let item = lower.behind(item);
            let value = lower.operand_of(item);
            lower.push(&Place::var(var), value);
        });
        Value::Place(Place::var(var))
    }
}
