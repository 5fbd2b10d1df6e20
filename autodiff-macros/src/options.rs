//! The arguments of the attribute.

use proc_macro2::Span;
use syn::Ident;

/// What `#[differentiate(..)]` was given.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the attribute stands.
    pub span: Span,
    /// Make the forward mode (`jvp`)? False only with `reverse`.
    pub forward: bool,
    /// Make the reverse mode? False only with `forward`.
    pub reverse: bool,
    /// `wrt = (x, a)`: these parameters only.
    pub wrt: Option<Vec<Ident>>,
    /// `name = other`: the name of the companion.
    pub name: Option<Ident>,
    /// `crate = path`: where the runtime is; `::autodiff_runtime` otherwise.
    pub krate: Option<syn::Path>,
    /// `dump`: write the expansion, formatted, to a file.
    pub dump: bool,
}
