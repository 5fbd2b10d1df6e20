//! Messages of lowering.

use super::Diagnostics;
use proc_macro2::{Ident, Span};

impl Diagnostics {
    /// A reference that changes what it points to.
    pub fn rebound_reference(&mut self, span: Span) {
        self.error(span, "a reference is made to point to something else")
            .note("a shared reference in a variable may move within one list, `rest = &rest[1..]`, no other way")
            .help("use an index, or swap the lists themselves: `std::mem::swap(&mut a, &mut b)`");
    }

    /// The left-hand side of an assignment.
    pub fn not_a_place(&mut self, span: Span) {
        self.error(
            span,
            "this is not assigned to in a way that can be differentiated",
        )
        .help("assign to a variable, an element or a field");
    }

    /// A function that returns a reference.
    pub fn returned_reference(&mut self, span: Span) {
        self.error(
            span,
            "a function that returns a reference cannot be differentiated",
        )
        .help("return an owned value: `to_vec()`, `clone()`");
    }

    /// A pattern outside the language.
    pub fn pattern(&mut self, span: Span) {
        self.error(span, "this pattern is not supported")
            .help("bind the whole value to a name and use its fields");
    }

    /// `(a, .., z)` where it is unknown which part `z` is.
    pub fn rest_of_unknown(&mut self, span: Span) {
        self.error(span, "how many parts `..` stands for is not known here")
            .help("write `_` for each of them");
    }

    /// Something that is iterated over in an unknown way.
    pub fn unknown_iterator(&mut self, span: Span) {
        self.error(span, "this iterator is not supported")
            .note("slices, vectors, arrays, ranges and the common adaptors of these are")
            .help("write a `for` loop over indices");
    }

    /// `next` and the like of an iterator in a variable, of which it is not known which item comes next.
    pub fn drawn_from(&mut self, method: &Ident) {
        let text = format!("`{method}` of this iterator in a variable is not supported");
        self.error(method.span(), text)
            .note("its items come from the front, and have to be counted before: those of `iter`, `map`, `zip` or `chunks` are, those of `filter` are not")
            .help("collect the items into a `Vec` first, or write a `for` loop");
    }

    /// `items.by_ref().zip(other)`
    pub fn zip_of_lent_iterator(&mut self, span: Span) {
        self.error(
            span,
            "how many items `zip` takes of an iterator in a variable is not known",
        )
        .note("where the other one ends first, it takes one more or not")
        .help("let it come second: `other.zip(items.by_ref())`");
    }

    /// A collection other than `Vec`.
    pub fn collect_target(&mut self, span: Span) {
        self.error(span, "`collect` is supported into `Vec` only")
            .help("collect into a `Vec`, or write a `for` loop");
    }

    /// An argument of an adaptor that is no closure.
    pub fn not_a_closure(&mut self, span: Span) {
        self.error(span, "a closure or the path of a function is expected here")
            .help("write the closure where it is used");
    }

    /// A closure that is stored or handed on.
    pub fn closure_as_value(&mut self, span: Span) {
        self.error(span, "a closure is used as a value here")
            .note("closures are inlined where they are called")
            .help("call it, or write a function that is marked #[differentiate] itself");
    }

    /// `match kind { Kind::Power(n) => Box::new(move |x| x.powi(n)), .. }`
    pub fn captured_in_arm(&mut self, span: Span) {
        self.error(span, "a function that is chosen here uses what its arm binds")
            .note("which function it is is a number in the derivative program; what the arm binds is gone where it is called")
            .help("bind it before the choice; or call the functions in the arms: `match kind { Kind::Power(n) => x.powi(n), .. }`");
    }

    /// A call of something that is bound to a variable.
    pub fn call_of_variable(&mut self, name: &Ident) {
        self.error(
            name.span(),
            format!("`{name}` is called, but which function it holds is unknown"),
        )
        .note("the derivative of what is called has to be known where it is called")
        .help(format!(
            "call the function by its own name, or bind the closure directly: `let {name} = |x| ..`"
        ));
    }

    /// Closures that call each other without end.
    pub fn too_deep(&mut self, span: Span) {
        self.error(span, "closures are nested too deeply")
            .help("put this closure into a function of its own marked #[differentiate]");
    }

    /// `integrate(|x| { count += 1; x }, ..)`
    pub fn changed_capture(&mut self, span: Span) {
        self.error(
            span,
            "a closure that is handed to a function changes what it captures",
        )
        .note("the derivative of the function calls the closure's derivative, in another order")
        .help("let the closure return what it computes, or write the loop where the closure is");
    }

    /// `v.sort_by(|a, b| { count += 1; a.total_cmp(b) })`
    pub fn changed_by_order(&mut self, span: Span) {
        self.error(
            span,
            "a closure that decides an order changes what it captures",
        )
        .note("how often a sort calls it, and for what, is not told")
        .help("let the closure only compare; count or sum up in a loop of its own");
    }

    /// `let row = if c { &mut a } else { &mut b };`
    pub fn chosen_reference(&mut self, span: Span) {
        self.error(span, "an exclusive reference is chosen by a branch here")
            .note("a local reference is a fixed name for a place")
            .help("choose an index, or write the change in both arms");
    }

    /// `let r = m.row_mut(i);` and then more than a change of it.
    pub fn block_as_value(&mut self, span: Span) {
        self.error(
            span,
            "a part of a matrix that may be changed is used as a value here",
        )
        .help("read it by `row`, `column` or `view`, change it where it is: `m.row_mut(i) += r`");
    }

    /// `f(&a.qr())`
    pub fn factors_as_value(&mut self, span: Span) {
        self.error(span, "a factorisation is used as a value here")
            .help("use its parts: `eigen.eigenvalues`, `qr.q()`");
    }

    /// An adaptor that needs a length after one that has none.
    pub fn uncounted(&mut self, span: Span) {
        self.error(
            span,
            "this iterator has no length that is known beforehand, and needs one here",
        )
        .help("collect it into a `Vec` first, or write a `for` loop");
    }

    /// An iterator that is stored or handed on.
    pub fn iterator_as_value(&mut self, span: Span) {
        self.error(span, "an iterator is used as a value here")
            .help("collect it into a `Vec`, or consume it in place");
    }
}
