//! Members of an annotated block through which no derivative flows: what makes a value of integers, and what gives an integer. They have the
//! functions that callers use, since a caller cannot tell that `self.rows` is an integer.
//!
//! ```text
//! fn zeros(rows: usize) -> Self { .. }      fn __zeros_jvp(rows: usize, _: impl Sized) -> (Self, SelfTangent) { a zero }
//! ```

use super::impls::{self, Block};
use super::siblings::Sibling;
use crate::diagnostic::Diagnostics;
use crate::emit::types::{Kind, Tangents};
use crate::lower::types;
use crate::options::{self, Options, Rule};
use crate::{fence, ir};

/// Is there no way through the member for a derivative, as its signature tells?
pub fn is_independent(function: &syn::ItemFn) -> bool {
    let inputs = &function.sig.inputs;
    let by_inputs = !inputs.is_empty() && inputs.iter().all(is_inert);
    let result = match &function.sig.output {
        syn::ReturnType::Type(_, ty) if types::holds_functions(ty) => return false,
        syn::ReturnType::Type(_, ty) => types::known(ty, &[]),
        syn::ReturnType::Default => return false,
    };
    let generic = function.sig.generics.type_params().next().is_some();
    (by_inputs || result.is_inert() && !inputs.is_empty())
        && !generic
        && !inputs.iter().any(may_change)
        && is_plain(function)
}

/// Is it a method of nothing but its receiver, which would have a derivative if the block were differentiated with respect to `self`?
pub fn is_of_constant_self(
    function: &syn::ItemFn,
    generics: &syn::Generics,
    options: &Options,
) -> bool {
    let with_self = Options {
        receiver: true,
        ..options.clone()
    };
    let given = function.sig.receiver().is_some() && !options.receiver && options.wrt.is_none();
    given
        && !function.sig.inputs.iter().any(may_change)
        && impls::could_be(function, generics, &with_self)
}

/// The functions that callers use. Where a derivative could come from the receiver, they accept none that has one (`of_self`).
pub fn members(
    function: &syn::ItemFn,
    block: &Block<'_>,
    options: &Options,
    of_self: bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Sibling> {
    let options = Options {
        rule: Some(Rule::Independent { of_self }),
        receiver: false,
        wrt: None,
        graph: false,
        checkpoint: false,
        batch: false,
        taylor: false,
        parallel: false,
        ..options.clone()
    };
    let mut function = function.clone();
    function.sig.inputs.iter_mut().for_each(mark);
    require_tangent(&mut function.sig, &options);
    let all = impls::members(&function, block, &options, diagnostics);
    let for_callers = |s: &Sibling| s.function.sig.ident.to_string().starts_with("__");
    all.into_iter().filter(for_callers).collect()
}

/// A receiver may have a derivative.
fn is_inert(input: &syn::FnArg) -> bool {
    match input {
        syn::FnArg::Receiver(_) => false,
        syn::FnArg::Typed(arg) => {
            impls::is_constant(&arg.attrs) || types::known(&arg.ty, &[]).is_inert()
        }
    }
}

fn may_change(input: &syn::FnArg) -> bool {
    match input {
        syn::FnArg::Receiver(receiver) => super::receiver::mode(receiver) == ir::ParamMode::RefMut,
        syn::FnArg::Typed(arg) => matches!(types::known(&arg.ty, &[]), ir::Ty::Ref(true, _)),
    }
}

/// Is there nothing about the signature that is refused?
fn is_plain(function: &syn::ItemFn) -> bool {
    let mut function = function.clone();
    let inputs = std::mem::take(&mut function.sig.inputs);
    let is_receiver = |input: &syn::FnArg| matches!(input, syn::FnArg::Receiver(_));
    function.sig.inputs = inputs.into_iter().filter(|i| !is_receiver(i)).collect();
    let mut diagnostics = Diagnostics::default();
    fence::check_signature(&function, &mut diagnostics);
    diagnostics.is_empty()
}

fn mark(input: &mut syn::FnArg) {
    let attrs = match input {
        syn::FnArg::Receiver(receiver) => &mut receiver.attrs,
        syn::FnArg::Typed(arg) => &mut arg.attrs,
    };
    if !impls::is_constant(attrs) {
        attrs.push(syn::parse_quote!(#[constant]));
    }
}

/// The result needs a tangent only where somebody calls.
fn require_tangent(sig: &mut syn::Signature, options: &Options) {
    let syn::ReturnType::Type(_, ty) = &sig.output else {
        return;
    };
    let rt = options::runtime(options.krate.as_ref());
    let tangents = Tangents {
        floats: &[],
        rt: &rt,
        kind: Kind::Scalar,
    };
    let parts = tangents.unknown_parts(ty);
    let clause = sig.generics.make_where_clause();
    for part in parts {
        let predicate = syn::parse_quote!(for<'deferred> #part: #rt::Differentiable);
        clause.predicates.push(predicate);
    }
}
