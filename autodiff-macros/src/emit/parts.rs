//! Loops in parts that run at the same time.
//!
//! ```text
//! if let Some((s_part, x_bar_part)) = rt::parallel::sums(0..n, |first, last| {
//!     let mut s = 0.0;
//!     let mut x_bar_part = rt::parallel::zero(&*x_bar);
//!     let x_bar = rt::parallel::lent(&mut x_bar_part, &*x_bar);
//!     for i in first..last { s += ..; x_bar[j] += .. }
//!     (s, x_bar_part)
//! }) {
//!     s += s_part;
//!     rt::parallel::add(&mut *x_bar, &x_bar_part);
//! }
//! ```
//!
//! The closure borrows what is there before the loop; within it the sums of a part have the names of the whole ones.

use super::Emitter;
use super::types::zero_scalar;
use crate::ir::visit::{all_declared, block_mentions};
use crate::ir::{Block, DerivedStmt, Sum, Ty, VarId};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;

/// Tuples of tangents are tangents up to twenty; longer ones are nested.
const WIDTH: usize = 16;

impl Emitter<'_> {
    /// The loop; where tangents are lists, in one part.
    pub(super) fn parts(&self, stmt: &DerivedStmt) -> TokenStream {
        let DerivedStmt::Parts {
            bounds: (first, last),
            range,
            sums,
            body,
        } = stmt
        else {
            return TokenStream::new();
        };
        let (rt, first, last) = (self.rt, self.name(*first), self.name(*last));
        if self.kind.is_list() {
            let body = self.block(body);
            let (lo, hi) = (self.bare(&range.lo), self.bare(&range.hi));
            return hygienic!({ let (#first, #last) = (#lo, #hi); #body });
        }
        let run = self.one_part(sums, body);
        let wholes = tuple(&sums.iter().map(|s| self.sum_name(s)).collect::<Vec<_>>());
        let adds = sums.iter().map(|sum| self.added_up(sum));
        let range = self.range(range);
        hygienic! {
            if let #rt::Some(#wholes) = #rt::parallel::sums(#range, |#first, #last| { #run }) {
                #(#adds)*
            }
        }
    }

    /// What one part does: it makes its sums, adds to them and gives them back.
    fn one_part(&self, sums: &[Sum], body: &Block) -> TokenStream {
        let copies = self.copies(sums, body);
        let own = sums.iter().map(|sum| self.own_sum(sum));
        let body = self.block(body);
        let given = sums.iter().map(|sum| match sum.by_reference {
            true => self.sum_name(sum),
            false => {
                let whole = self.name(sum.whole);
                quote!(#whole)
            }
        });
        let given = tuple(&given.collect::<Vec<_>>());
        quote!(#copies #(#own)* #body #given)
    }

    /// Copies of the numbers and references that the part uses: what is behind the closure's references may change as far as LLVM knows, and is loaded
    /// again and again.
    fn copies(&self, sums: &[Sum], body: &Block) -> TokenStream {
        let (mut used, mut own) = (BTreeSet::new(), BTreeSet::new());
        block_mentions(body, &mut |v| {
            used.insert(v);
        });
        all_declared(body, &mut own);
        let is_sum = |v: &VarId| sums.iter().any(|sum| sum.whole == *v);
        let outside = used.iter().filter(|v| !own.contains(v) && !is_sum(v));
        let copied = outside.filter(|v| match self.function.var(**v).ty {
            Ty::Int | Ty::Bool | Ty::Float(_) => true,
            Ty::Ref(false, _) => self.function.params.iter().any(|p| p.var == **v),
            _ => false,
        });
        let copies = copied.map(|v| {
            let name = self.name(*v);
            quote!(let #name = #name;)
        });
        copies.collect()
    }

    /// The sum of one part, under the name of the whole.
    fn own_sum(&self, sum: &Sum) -> TokenStream {
        let (rt, whole, part) = (self.rt, self.name(sum.whole), self.name(sum.part));
        if sum.by_reference {
            return hygienic! {
                let mut #part = #rt::parallel::zero(&*#whole);
                let #whole = #rt::parallel::lent(&mut #part, &*#whole);
            };
        }
        match &self.function.var(sum.whole).ty {
            Ty::Float(float) => {
                let zero = zero_scalar(float);
                hygienic!(let mut #whole = #zero;)
            }
            _ => hygienic!(let mut #whole = #rt::parallel::zero(&#whole);),
        }
    }

    fn added_up(&self, sum: &Sum) -> TokenStream {
        let (rt, whole, part) = (self.rt, self.name(sum.whole), self.name(sum.part));
        match (sum.by_reference, &self.function.var(sum.whole).ty) {
            (true, _) => hygienic!(#rt::parallel::add(&mut *#whole, &#part);),
            (_, Ty::Float(_)) => hygienic!(#whole += #part;),
            _ => hygienic!(#rt::parallel::add(&mut #whole, &#part);),
        }
    }

    fn sum_name(&self, sum: &Sum) -> TokenStream {
        let part = self.name(sum.part);
        quote!(#part)
    }
}

/// Names as a tuple, or as one of tuples.
fn tuple(names: &[TokenStream]) -> TokenStream {
    if names.len() <= WIDTH {
        return quote!((#(#names,)*));
    }
    let (first, rest) = names.split_at(WIDTH);
    let rest = tuple(rest);
    quote!((#(#first,)* #rest))
}
