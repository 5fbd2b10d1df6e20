//! Places as expressions.
//!
//! ```text
//! x, [Deref, Index(i), Field(a)]     x[i].a
//! m, [Deref, Range(i, j)]            rt::matrix::elements(&*m)[i..j]
//! o, [Wrapped]                       *rt::payload(&o)
//! ```

use super::Emitter;
use super::code::{Code, Prec};
use crate::ir::{Access, Operand, Payload, Place, Proj, VarId};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

impl Emitter<'_> {
    /// A place as an expression, to stand anywhere.
    pub fn place(&self, place: &Place) -> TokenStream {
        self.place_code(place).at(Prec::Atom)
    }

    /// A place that a method is called on, which dereferences by itself.
    pub fn receiver(&self, place: &Place) -> TokenStream {
        let path = match place.path.split_last() {
            Some((Proj::Deref, path)) => path,
            _ => &place.path,
        };
        self.path(place.root, path, false).at(Prec::Atom)
    }

    /// The same for a method that changes it.
    pub fn changed(&self, place: &Place) -> TokenStream {
        let path = match place.path.split_last() {
            Some((Proj::Deref, path)) => path,
            _ => &place.path,
        };
        self.path(place.root, path, true).at(Prec::Atom)
    }

    /// `&place`, `&mut place`
    pub fn borrowed(&self, place: &Place, mutable: bool) -> TokenStream {
        let place = self.path(place.root, &place.path, mutable).at(Prec::Unary);
        if mutable {
            quote!(&mut #place)
        } else {
            quote!(&#place)
        }
    }

    pub(super) fn place_code(&self, place: &Place) -> Code {
        self.path(place.root, &place.path, false)
    }

    /// A place that is written.
    pub(super) fn target(&self, place: &Place) -> Code {
        self.path(place.root, &place.path, true)
    }

    fn path(&self, root: VarId, path: &[Proj], written: bool) -> Code {
        self.continued(Code::atom(self.name(root)), (root, path), 0, written)
    }

    /// A path of which the code is what the first `done` steps give.
    pub(super) fn continued(
        &self,
        mut code: Code,
        (root, path): (VarId, &[Proj]),
        done: usize,
        written: bool,
    ) -> Code {
        for (k, proj) in path.iter().enumerate().skip(done) {
            code = match proj {
                Proj::Deref if path.get(k + 1).is_some_and(dereferences) => code,
                Proj::Deref | Proj::Inside(None) => code.prefix(&quote!(*)),
                Proj::Inside(Some(member)) => code.field(member),
                Proj::Field(member) => code.field(member),
                Proj::Payload(payload) => payload_of(payload, &code.at(Prec::Atom), written),
                Proj::Index(i) => {
                    let (base, i) = (code.at(Prec::Atom), self.bare(i));
                    Code::atom(quote!(#base[#i]))
                }
                Proj::Entry(entry) => {
                    let (base, key) = (code.at(Prec::Atom), self.bare(entry.key()));
                    Code::atom(quote!(#base[#key]))
                }
                Proj::Range { lo, hi } => {
                    let base = match self.function.is_matrix(root, &path[..k]) {
                        true => self.elements(&code, written),
                        false => code.at(Prec::Atom),
                    };
                    self.sliced(&base, lo.as_ref(), hi.as_ref())
                }
                Proj::Records(n) => records(&code, *n, written),
                Proj::Wrapped => self.inside(&code, "payload", written),
                Proj::Failure => self.inside(&code, "failure", false),
            };
        }
        code
    }

    fn sliced(&self, base: &TokenStream, lo: Option<&Operand>, hi: Option<&Operand>) -> Code {
        let [lo, hi] = [lo, hi].map(|end| end.map(|o| self.code(o).at(Prec::Or)));
        Code::atom(quote!(#base[#lo..#hi]))
    }

    /// The slice of all elements of a matrix.
    fn elements(&self, base: &Code, written: bool) -> TokenStream {
        let (rt, base) = (self.rt, base.at(Prec::Unary));
        if written {
            quote!(#rt::matrix::elements_mut(&mut #base))
        } else {
            quote!(#rt::matrix::elements(&#base))
        }
    }

    /// What an `Option` or `Result` holds, as a place.
    fn inside(&self, base: &Code, function: &str, written: bool) -> Code {
        let (rt, base) = (self.rt, base.at(Prec::Unary));
        let (mutable, suffix) = if written {
            (Some(quote!(mut)), "_mut")
        } else {
            (None, "")
        };
        let function = Ident::new(&format!("{function}{suffix}"), Span::mixed_site());
        Code::new(quote!(*#rt::#function(&#mutable #base)), Prec::Unary)
    }

    /// What an `Option` or `Result` holds, moved out of it.
    pub(super) fn taken_out(&self, place: &Place) -> Option<Code> {
        let (last, path) = place.path.split_last()?;
        let function = match last {
            Proj::Wrapped => "into_payload",
            Proj::Failure => "into_failure",
            _ => return None,
        };
        let lent = |p: &Proj| {
            use Proj::{Deref, Entry, Index, Range};
            matches!(p, Deref | Index(_) | Entry(_) | Range { .. })
        };
        if path.iter().any(lent) {
            return None;
        }
        let (rt, base) = (self.rt, self.path(place.root, path, false).tokens());
        let function = Ident::new(function, Span::mixed_site());
        Some(Code::atom(quote!(#rt::#function(#base))))
    }
}

/// Does the step dereference what it is taken of? A variant of what is in a box is one of the value itself.
fn dereferences(proj: &Proj) -> bool {
    !matches!(
        proj,
        Proj::Deref | Proj::Wrapped | Proj::Failure | Proj::Payload(_) | Proj::Inside(None)
    )
}

/// The elements of a list in groups of `n`, a part of which is borrowed.
fn records(list: &Code, n: usize, written: bool) -> Code {
    let (list, n) = (list.at(Prec::Atom), Literal::usize_unsuffixed(n));
    Code::atom(if written {
        quote!(#list.as_chunks_mut::<#n>().0)
    } else {
        quote!(#list.as_chunks::<#n>().0)
    })
}

/// What a variant holds, as a place.
fn payload_of(payload: &Payload, whole: &TokenStream, written: bool) -> Code {
    let (variant, member) = (&payload.variant, &payload.member);
    if payload.access == Access::Primal {
        let payload = Ident::new("payload", Span::mixed_site());
        let mutable = written.then(|| quote!(mut));
        return Code::new(
            quote!(*match &#mutable #whole {
                #variant { #member: #payload, .. } => #payload,
                #[allow(unreachable_patterns)]
                _ => ::core::unreachable!(),
            }),
            Prec::Unary,
        );
    }
    let Some(last) = variant.segments.last() else {
        return Code::atom(whole);
    };
    let access = if written {
        Access::TangentMut
    } else {
        payload.access
    };
    let method = Payload::method(&last.ident, member, access);
    Code::new(quote!(*#whole.#method()), Prec::Unary)
}
