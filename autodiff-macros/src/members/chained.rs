//! Methods that change their receiver and give it back: to the compiler they give nothing, and a chain of them is one call after the other.
//!
//! ```text
//! fn shift(&mut self, k: f64) -> &mut Self { self.x += k; self }      fn shift(&mut self, k: f64) { self.x += k; }
//! p.shift(a).scale(b)                                                 p.shift(a); p.scale(b)
//! ```

use crate::source::Source;
use crate::source::chained::Chained;

/// The method without its result, if that is surely the receiver.
pub fn without_receiver(function: &syn::ItemFn) -> Option<syn::ItemFn> {
    Chained::is_declared(&function.sig).then_some(())?;
    let source = Source::of(function.sig.ident.span());
    let mut chained = Chained::new(source.as_ref());
    let mut function = function.clone();
    chained.take_results(&mut function.block).then(|| {
        function.sig.output = syn::ReturnType::Default;
        function
    })
}
