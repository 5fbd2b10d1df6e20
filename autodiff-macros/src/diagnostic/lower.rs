//! Messages of lowering.

use super::Diagnostics;
use proc_macro2::Span;
use syn::spanned::Spanned;

impl Diagnostics {
    /// A `self` parameter.
    pub fn no_methods(&mut self, input: &syn::FnArg) {
        self.error(input.span(), "methods are not supported yet")
            .help("write a free function that takes `self` as an ordinary parameter");
    }

    /// A reference that changes what it points to.
    pub fn rebound_reference(&mut self, span: Span) {
        self.error(span, "a reference is made to point to something else")
            .note("a local reference is a fixed name for a place")
            .help("use an index, or swap the values with `std::mem::swap`");
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

    /// `if let`, `while let`
    pub fn if_let(&mut self, span: Span) {
        self.error(span, "`let` in a condition is not supported yet")
            .help("test first, then unwrap: `if x.is_some() { let y = x.unwrap(); .. }`");
    }

    /// `let .. else`
    pub fn let_else(&mut self, span: Span) {
        self.error(span, "`let .. else` is not supported yet")
            .help("test first, return early, then unwrap");
    }

    /// A pattern outside the language.
    pub fn pattern(&mut self, span: Span) {
        self.error(span, "this pattern is not supported")
            .help("bind the whole value to a name and use its fields");
    }

    /// An adaptor that counts positions after one that drops items.
    pub fn adaptor_after_filter(&mut self, span: Span, name: &str) {
        self.error(
            span,
            format!("`{name}` after `filter` or `chain` is not supported"),
        )
        .help("collect into a `Vec` first, or write a `for` loop");
    }

    /// Something that is iterated over in an unknown way.
    pub fn unknown_iterator(&mut self, span: Span) {
        self.error(span, "this iterator is not supported")
            .note("slices, vectors, arrays, ranges and the common adaptors of these are")
            .help("write a `for` loop over indices");
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

    /// `return` in a closure.
    pub fn closure_returns(&mut self, span: Span) {
        self.error(span, "an early `return` from a closure is not supported")
            .help("write the closure with `if` and `else`");
    }
}
