//! The references that a call is lent. Several places of one variable, one of them to be changed, are borrowed together: the user's
//! `split_at_mut` is gone from the IR, where a part of a slice is a place.

use super::Emitter;
use super::code::{Code, Prec};
use crate::ir::{Arg, Operand, Place, Proj};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// A place that is lent.
struct Lent {
    /// As which argument.
    k: usize,
    place: Place,
    /// The path in words, to compare it.
    steps: Vec<String>,
}

/// A part of a list: elements `lo..hi`, or the one element `lo`.
struct Part {
    lo: TokenStream,
    hi: TokenStream,
    element: bool,
    /// How many steps of the path lead to it.
    done: usize,
}

impl Emitter<'_> {
    /// Arguments as they are passed, and what has to be written before the call.
    pub fn lent(&self, args: &[Arg]) -> (TokenStream, Vec<TokenStream>) {
        let mut out: Vec<TokenStream> = args.iter().map(|a| self.arg(a)).collect();
        let mut before = TokenStream::new();
        for group in self.conflicts(args) {
            let Some(base) = common(&group) else { continue };
            let parts: Option<Vec<Part>> = group.iter().map(|l| self.part(l, &base)).collect();
            let Some(parts) = parts else { continue };
            let ranges = parts.iter().map(|p| {
                let (lo, hi) = (&p.lo, &p.hi);
                quote!(#lo..#hi)
            });
            let names: Vec<Ident> = group.iter().map(|l| self.part_name(&base, l.k)).collect();
            let (rt, list) = (self.rt, self.borrowed(&all_of(&base), true));
            before.extend(quote! {
                let [#(#names),*] = #rt::disjoint([#(#ranges),*], #list);
            });
            for ((lent, part), name) in group.iter().zip(&parts).zip(&names) {
                out[lent.k] = self.of_part(lent, part, name, &args[lent.k]);
            }
        }
        (before, out)
    }

    /// Groups of arguments that may borrow the same, at least one of them to change it.
    fn conflicts(&self, args: &[Arg]) -> Vec<Vec<Lent>> {
        let mut groups: Vec<Vec<Lent>> = Vec::new();
        for (k, arg) in args.iter().enumerate() {
            let (Arg::Ref(place) | Arg::RefMut(place)) = arg else {
                continue;
            };
            let place = self.function.resolve(place);
            let steps = place.path.iter().map(Proj::text).collect();
            let lent = Lent { k, place, steps };
            match groups.iter_mut().find(|g| g.iter().any(|l| l.meets(&lent))) {
                Some(group) => group.push(lent),
                None => groups.push(vec![lent]),
            }
        }
        let changes = |l: &Lent| matches!(args[l.k], Arg::RefMut(_));
        groups.retain(|g| g.len() > 1 && g.iter().any(changes));
        groups
    }

    /// The place as a part of the list `base`, ranges within ranges put together.
    fn part(&self, lent: &Lent, base: &Place) -> Option<Part> {
        let of = self.place(base);
        let mut part = Part {
            lo: quote!(0),
            hi: quote!(#of.len()),
            element: false,
            done: base.path.len(),
        };
        for proj in &lent.place.path[part.done..] {
            match proj {
                Proj::Range { lo, hi } => {
                    let start = part.lo.clone();
                    if let Some(hi) = hi {
                        part.hi = self.sum(&start, hi);
                    }
                    if let Some(lo) = lo {
                        part.lo = self.sum(&start, lo);
                    }
                }
                Proj::Index(i) => {
                    let lo = self.sum(&part.lo, i);
                    part.hi = quote!(#lo + 1);
                    part.lo = lo;
                    part.element = true;
                }
                _ => break,
            }
            part.done += 1;
            if part.element {
                break;
            }
        }
        (part.done > base.path.len()).then_some(part)
    }

    /// The argument, of the part that has the name.
    fn of_part(&self, lent: &Lent, part: &Part, name: &Ident, arg: &Arg) -> TokenStream {
        let code = match part.element {
            true => Code::atom(quote!(#name[0])),
            false => Code::atom(quote!(#name[..])),
        };
        let mutable = matches!(arg, Arg::RefMut(_));
        let path = (lent.place.root, &lent.place.path[..]);
        let code = self.continued(code, path, part.done, mutable);
        let place = code.at(Prec::Unary);
        match mutable {
            true => quote!(&mut #place),
            false => quote!(&#place),
        }
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

impl Lent {
    /// Is it not surely another place? Other fields are.
    fn meets(&self, other: &Self) -> bool {
        let differs = |k: &usize| self.steps[*k] != other.steps[*k];
        let steps = self.steps.len().min(other.steps.len());
        let first = (0..steps).find(differs);
        let field = |l: &Self, k: usize| matches!(l.place.path[k], Proj::Field(_));
        self.place.root == other.place.root
            && first.is_none_or(|k| !(field(self, k) && field(other, k)))
    }
}

/// What all of them are in.
fn common(group: &[Lent]) -> Option<Place> {
    let (first, others) = group.split_first()?;
    let shared = |k: &usize| {
        others
            .iter()
            .all(|l| l.steps.get(*k) == first.steps.get(*k))
    };
    let len = (0..first.steps.len()).take_while(shared).count();
    let (root, path) = (first.place.root, first.place.path[..len].to_vec());
    Some(Place { root, path })
}

/// `list[..]`
fn all_of(list: &Place) -> Place {
    let (lo, hi) = (None, None);
    let mut all = list.clone();
    all.path.push(Proj::Range { lo, hi });
    all
}
