//! Tests of lowering: the corpus, the shape of what single constructs become, and what is refused.

mod corpus;
mod refused;
mod shapes;

use crate::diagnostic::Diagnostics;
use crate::ir::Function;

/// Lowers a function; the errors otherwise.
fn lowered(item: &syn::ItemFn) -> Result<Function, Vec<String>> {
    let mut diagnostics = Diagnostics::default();
    let options = crate::options::parse(Default::default(), &mut diagnostics);
    let function = super::lower(item, &options, &mut diagnostics);
    if diagnostics.is_empty() {
        Ok(function)
    } else {
        Err(diagnostics.messages())
    }
}
