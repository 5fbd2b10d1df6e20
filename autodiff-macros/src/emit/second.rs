use super::Emitter;
use crate::ir::DerivedStmt;
use proc_macro2::TokenStream;
impl Emitter<'_> {
    pub(super) fn second_call(&self, _stmt: &DerivedStmt) -> TokenStream { TokenStream::new() }
}
