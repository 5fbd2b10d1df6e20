//! The accepted language, as far as syntax alone tells.

use crate::diagnostic::Diagnostics;

/// Reports what no function to be differentiated may contain.
pub fn check(_item: &syn::ItemFn, _diagnostics: &mut Diagnostics) {}
