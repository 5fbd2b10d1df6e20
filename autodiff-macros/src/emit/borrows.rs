//! The references that a call is lent. Several places of one variable, one of them to be changed, are borrowed together: the user's
//! `split_at_mut` is gone from the IR, where a part of a slice is a place.

use super::Emitter;
use crate::ir::{Arg, Operand, Place, Proj, VarId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// A part of a slice: elements `lo..hi` of `base`, or the one element `lo`.
struct Part {
    base: Place,
    lo: TokenStream,
    hi: TokenStream,
    element: bool,
}

impl Emitter<'_> {
    /// Arguments as they are passed, and what has to be written before the call.
    pub fn lent(&self, args: &[Arg]) -> (TokenStream, Vec<TokenStream>) {
        let mut out: Vec<TokenStream> = args.iter().map(|a| self.arg(a)).collect();
        let mut before = TokenStream::new();
        for group in self.conflicts(args) {
            let parts: Option<Vec<Part>> = group.iter().map(|k| self.part(&args[*k])).collect();
            let Some(parts) = parts else { continue };
            let Some(base) = parts.first().map(|p| self.place(&p.base)) else {
                continue;
            };
            let names: Vec<Ident> = group
                .iter()
                .map(|k| self.part_name(&parts[0].base, *k))
                .collect();
            let ranges = parts.iter().map(|p| {
                let (lo, hi) = (&p.lo, &p.hi);
                quote!(#lo..#hi)
            });
            let rt = self.rt;
            before.extend(quote! {
                let [#(#names),*] = #rt::disjoint(&mut #base[..], [#(#ranges),*]);
            });
            for ((k, part), name) in group.iter().zip(&parts).zip(&names) {
                let place = if part.element {
                    quote!(#name[0])
                } else {
                    quote!(#name[..])
                };
                out[*k] = match &args[*k] {
                    Arg::RefMut(_) => quote!(&mut #place),
                    _ => quote!(&#place),
                };
            }
        }
        (before, out)
    }

    /// Groups of arguments that borrow one variable, at least one of them to change it.
    fn conflicts(&self, args: &[Arg]) -> Vec<Vec<usize>> {
        let mut groups: Vec<(VarId, Vec<usize>)> = Vec::new();
        for (k, arg) in args.iter().enumerate() {
            let (Arg::Ref(place) | Arg::RefMut(place)) = arg else {
                continue;
            };
            let root = self.function.resolve(place).root;
            match groups.iter_mut().find(|(r, _)| *r == root) {
                Some((_, group)) => group.push(k),
                None => groups.push((root, vec![k])),
            }
        }
        let changes = |k: &usize| matches!(args[*k], Arg::RefMut(_));
        let groups = groups.into_iter().map(|(_, group)| group);
        groups
            .filter(|g| g.len() > 1 && g.iter().any(changes))
            .collect()
    }

    /// The argument as a part of a slice, ranges within ranges put together.
    fn part(&self, arg: &Arg) -> Option<Part> {
        let (Arg::Ref(place) | Arg::RefMut(place)) = arg else {
            return None;
        };
        let place = self.function.resolve(place);
        let is_part = |p: &Proj| matches!(p, Proj::Range { .. } | Proj::Index(_));
        let at = place.path.iter().position(is_part)?;
        let (before, after) = place.path.split_at(at);
        let base = Place {
            root: place.root,
            path: before.to_vec(),
        };
        let len = self.place(&base);
        let (mut lo, mut hi) = (quote!(0), quote!(#len.len()));
        let mut element = false;
        for proj in after {
            if element {
                return None;
            }
            match proj {
                Proj::Range { lo: l, hi: h } => {
                    let start = lo.clone();
                    if let Some(h) = h {
                        hi = self.sum(&start, h);
                    }
                    if let Some(l) = l {
                        lo = self.sum(&start, l);
                    }
                }
                Proj::Index(i) => {
                    lo = self.sum(&lo, i);
                    hi = quote!(#lo + 1);
                    element = true;
                }
                _ => return None,
            }
        }
        Some(Part {
            base,
            lo,
            hi,
            element,
        })
    }

    fn sum(&self, base: &TokenStream, offset: &Operand) -> TokenStream {
        let offset = self.operand(offset);
        if base.to_string() == "0" {
            return offset;
        }
        quote!(#base + #offset)
    }

    fn part_name(&self, base: &Place, k: usize) -> Ident {
        let root = self.name(base.root);
        format_ident!("{}_part{}", root, k, span = Span::mixed_site())
    }
}
