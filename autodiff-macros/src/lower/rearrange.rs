//! Methods that put the elements of a list in another order, or keep some of them.
//!
//! ```text
//! v.retain(f)      kept = 0; for k in 0..len v { if f(&v[k]) { v[kept] = v[k]; kept += 1 } } truncate v kept
//! ```

use super::place::peel;
use super::value::{Callable, Value};
use super::{Lower, boolean, int};
use crate::ir::{Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;

impl Lower<'_> {
    /// A method that rearranges a list; `None` if it is another.
    pub fn rearranged(&mut self, place: Place, name: &str, args: &[&syn::Expr]) -> Option<Value> {
        let by_key = name.ends_with("key");
        match (name, args) {
            ("retain" | "retain_mut", [f]) => self.retain(&place, f, name == "retain_mut")?,
            ("dedup", []) => self.dedup(&place),
            ("dedup_by", [f]) => {
                let f = self.callable(f)?;
                self.dedup_by(&place, &mut |lower, both| lower.apply(&f, both.into()));
            }
            ("dedup_by_key", [f]) => {
                let f = self.callable(f)?;
                self.dedup_by(&place, &mut |lower, both| {
                    let [a, b] = both.map(|item| {
                        let key = lower.apply(&f, vec![item]);
                        lower.operand_of(key)
                    });
                    lower.operation(Op::Eq, a, b)
                });
            }
            (
                "sort_by"
                | "sort_unstable_by"
                | "sort_by_key"
                | "sort_unstable_by_key"
                | "sort_by_cached_key",
                [compare],
            ) => self.sort(&place, compare, by_key, None)?,
            ("select_nth_unstable_by" | "select_nth_unstable_by_key", [n, compare]) => {
                return self.select(&place, (n, compare), by_key);
            }
            ("rotate_left" | "rotate_right", [by]) => self.rotate(&place, by, name),
            _ => return None,
        }
        Some(Value::Unit)
    }

    /// `v.dedup()`: what equals the last that is kept goes.
    fn dedup(&mut self, place: &Place) {
        let kept = self.variable("kept", int(0));
        self.each_position(place, &mut |lower, k, at| {
            let count = lower.temp(Rhs::Read(Place::var(kept)), Ty::Int);
            let (c, p) = (lower.mentioned(&count), lower.mentioned(&k));
            let (list, mut uses) = lower.code(Value::Place(place.clone()));
            uses.extend([&count, &k].into_iter().filter_map(|o| o.as_var()));
            let uses: Vec<Operand> = uses.into_iter().map(Operand::Var).collect();
            let new = lower.built(
                syn::parse_quote!(#c == 0 || #list[#p] != #list[#c - 1]),
                &uses.iter().collect::<Vec<_>>(),
                Ty::Bool,
                false,
            );
            lower.when(Value::Operand(new), &mut |lower| {
                lower.keep(place, kept, at.clone());
            });
        });
        self.truncate_to(place, kept);
    }

    /// What a function says is the same as the last that is kept goes.
    fn dedup_by(&mut self, place: &Place, same: &mut dyn FnMut(&mut Self, [Value; 2]) -> Value) {
        let kept = self.variable("kept", int(0));
        self.each_index(place, &mut |lower, at| {
            let new = lower.variable("new", boolean(true));
            let count = lower.temp(Rhs::Read(Place::var(kept)), Ty::Int);
            let any = lower.operation(Op::Gt, count.clone(), int(0));
            lower.when(any, &mut |lower| {
                let last = lower.arithmetic(Op::Sub, count.clone(), int(1));
                let last = place.clone().then(Proj::Index(last));
                let both = [at.clone(), last].map(|place| Value::Ref {
                    place,
                    mutable: true,
                });
                let same = same(lower, both);
                let same = lower.operand_of(same);
                let value = lower.temp(Rhs::Op(Op::Not, vec![same]), Ty::Bool);
                let place = Place::var(new);
                lower.out.push(Stmt::Assign { place, value });
            });
            lower.when(Value::Place(Place::var(new)), &mut |lower| {
                lower.keep(place, kept, at.clone());
            });
        });
        self.truncate_to(place, kept);
    }

    /// Moves an element up to where those end that are kept.
    fn keep(&mut self, place: &Place, kept: VarId, at: Place) {
        let k = self.temp(Rhs::Read(Place::var(kept)), Ty::Int);
        let value = self.element_copy(at);
        let place = place.clone().then(Proj::Index(k));
        self.out.push(Stmt::Assign { place, value });
        self.add_one(kept);
    }

    fn truncate_to(&mut self, place: &Place, kept: VarId) {
        let len = self.temp(Rhs::Read(Place::var(kept)), Ty::Int);
        let place = place.clone();
        self.out.push(Stmt::Truncate { place, len });
    }

    fn retain(&mut self, place: &Place, f: &syn::Expr, mutable: bool) -> Option<()> {
        let f = self.callable(f)?;
        let kept = self.variable("kept", int(0));
        self.each_index(place, &mut |lower, at| {
            let item = Value::Ref {
                place: at.clone(),
                mutable,
            };
            let keep = lower.apply(&f, vec![item]);
            lower.when(keep, &mut |lower| {
                lower.keep(place, kept, at.clone());
            });
        });
        self.truncate_to(place, kept);
        Some(())
    }

    /// `v.select_nth_unstable_by(n, compare)`: what is before, the element, and what is behind.
    fn select(
        &mut self,
        place: &Place,
        (n, compare): (&syn::Expr, &syn::Expr),
        by_key: bool,
    ) -> Option<Value> {
        let n = self.operand(n);
        self.sort(place, compare, by_key, Some(&n))?;
        let next = self.arithmetic(Op::Add, n.clone(), int(1));
        let lent = |proj| Value::Ref {
            place: place.clone().then(proj),
            mutable: true,
        };
        let part = |lo, hi| lent(Proj::Range { lo, hi });
        let (before, behind) = (part(None, Some(n.clone())), part(Some(next), None));
        Some(Value::Tuple(vec![before, lent(Proj::Index(n)), behind]))
    }

    /// Sorting is a permutation, which has no derivative, and a copy by it; so is sorting up to one position.
    fn sort(
        &mut self,
        place: &Place,
        compare: &syn::Expr,
        by_key: bool,
        nth: Option<&Operand>,
    ) -> Option<()> {
        let element = self.place_ty(place).element();
        let function = self.callable(compare)?;
        self.only_orders(&function, compare.span());
        let order = self.sorted_positions(place, compare, by_key, nth)?;
        let old = Rhs::Clone {
            place: place.clone(),
            method: Ident::new("to_vec", Span::mixed_site()),
        };
        let old = self.temp(old, Ty::Vec(Box::new(element))).as_var()?;
        let order = Place::var(order.as_var()?);
        self.each_index(place, &mut |lower, at| {
            let Some(k) = at.path.last().cloned() else {
                return;
            };
            let from = lower.temp(Rhs::Read(order.clone().then(k)), Ty::Int);
            let value = lower.element_copy(Place::var(old).then(Proj::Index(from)));
            lower.out.push(Stmt::Assign { place: at, value });
        });
        Some(())
    }

    /// Reports a function that changes something while it compares: how often it is called is not told.
    pub fn only_orders(&mut self, f: &Callable, span: Span) {
        if !self.is_pure(f) {
            self.diagnostics.changed_by_order(span);
        }
    }

    /// The order of the elements, by a comparison or by a key.
    fn sorted_positions(
        &mut self,
        place: &Place,
        compare: &syn::Expr,
        by_key: bool,
        nth: Option<&Operand>,
    ) -> Option<Operand> {
        let values = Value::Ref {
            place: place.clone(),
            mutable: false,
        };
        let (values, mut uses) = self.code(values);
        let compared: syn::Expr = match peel(compare) {
            syn::Expr::Closure(closure) => {
                let closure = self.verbatim(syn::Expr::Closure(closure.clone()), "");
                uses.extend(closure.uses);
                compared(&closure.expr)?
            }
            syn::Expr::Path(path) if self.local_value(path).is_none() => match by_key {
                true => by_keys(&quote!(&#path(__first)), &quote!(&#path(__second))),
                false => syn::parse_quote!(#path(__first, __second)),
            },
            _ => return None,
        };
        uses.extend(nth.and_then(Operand::as_var));
        let (sort, at) = match nth.map(|n| self.mentioned(n)) {
            Some(n) => (quote!(select_nth_unstable_by), Some(quote!(#n,))),
            None => (quote!(sort_by), None),
        };
        let rt = &self.runtime;
        let expr = syn::parse_quote!({
            let __values = &*#values;
            let mut __order: #rt::Vec<usize> = (0..__values.len()).collect();
            __order.#sort(#at |&__first, &__second| {
                let (__first, __second) = (&__values[__first], &__values[__second]);
                #compared
            });
            __order
        });
        let uses: Vec<Operand> = uses.into_iter().map(Operand::Var).collect();
        let uses: Vec<&Operand> = uses.iter().collect();
        Some(self.built(expr, &uses, Ty::Vec(Box::new(Ty::Int)), false))
    }

    fn rotate(&mut self, place: &Place, by: &syn::Expr, name: &str) {
        let by = self.operand(by);
        let element = self.place_ty(place).element();
        let method = Ident::new("to_vec", Span::mixed_site());
        let copied = Rhs::Clone {
            place: place.clone(),
            method,
        };
        let old = self.temp(copied, Ty::Vec(Box::new(element)));
        let old = self.in_variable(old);
        let len = self.len(place);
        let shift = if name == "rotate_left" {
            by
        } else {
            self.arithmetic(Op::Sub, len.clone(), by)
        };
        let place = place.clone();
        self.each(int(0), len.clone(), false, &mut |lower, k| {
            let moved = lower.arithmetic(Op::Add, k.clone(), shift.clone());
            let from = lower.arithmetic(Op::Rem, moved, len.clone());
            let value = lower.element_copy(Place::var(old).then(Proj::Index(from)));
            let place = place.clone().then(Proj::Index(k));
            lower.out.push(Stmt::Assign { place, value });
        });
    }
}

/// How `__first` and `__second`, names that a closure of the user's has not, compare by the closure: a comparison, or a key of one.
fn compared(closure: &syn::Expr) -> Option<syn::Expr> {
    let syn::Expr::Closure(closure) = closure else {
        return None;
    };
    let body = &closure.body;
    let inputs: Vec<&syn::Pat> = closure.inputs.iter().collect();
    Some(match inputs.as_slice() {
        [a, b] => syn::parse_quote!({ let #a = __first; let #b = __second; #body }),
        [item] => {
            let key = |of: TokenStream| quote!(&{ let #item = #of; #body });
            by_keys(&key(quote!(__first)), &key(quote!(__second)))
        }
        _ => return None,
    })
}

fn by_keys(first: &TokenStream, second: &TokenStream) -> syn::Expr {
    syn::parse_quote!(::core::cmp::Ord::cmp(#first, #second))
}
