//! Methods in a block without the option `self` whose type has a tangent: for users `self` is a constant, for callers it need not be.
//!
//! ```text
//! #[derive(Differentiable)] struct Line { slope: f64 }
//! #[differentiate] impl Line { fn at(&self, x: f64) -> f64 { self.slope * x } }
//!
//! line.at_grad(x)                           the derivative with respect to `x`
//! fn f(k: f64) -> f64 { Line { slope: k }.at(2.0) }      f::grad: that with respect to `self`
//! ```
//!
//! The source shows that the type derives its tangent. A method of nothing but `self` has the derivative with respect to it for users too, as a method
//! with an attribute of its own has.

use super::Face;
use super::impls::{self, Block};
use super::siblings::Sibling;
use crate::diagnostic::Diagnostics;
use crate::ir::Ty;
use crate::lower::types;
use crate::options::Options;
use crate::source::Source;
use syn::spanned::Spanned;

/// Has the type of a block surely a tangent: is it one of the language's, or does the source show that it derives one?
pub fn has_tangent(block: &syn::ItemImpl) -> bool {
    let owner = &*block.self_ty;
    let ty = types::known(owner, &[]);
    if ty != Ty::Unknown {
        return !ty.is_inert() && block.generics.type_params().next().is_none();
    }
    derives_tangent(owner)
}

/// Does the source show that the type derives its tangent?
pub fn derives_tangent(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else {
        return false;
    };
    Source::of(ty.span()).is_some_and(|source| derives(&source, path, ALIASES))
}

/// Through how many other names of a type it is followed.
const ALIASES: usize = 4;

/// Does the type of this name, or the one that it is another name of, derive its tangent?
fn derives(source: &Source, path: &syn::TypePath, depth: usize) -> bool {
    let one = path.qself.is_none() && path.path.segments.len() == 1;
    let last = path.path.segments.last().filter(|_| one && depth > 0);
    let Some(name) = last.map(|last| last.ident.to_string()) else {
        return false;
    };
    let Some(definition) = source.definition(&name) else {
        return source.derives_in_all_configurations(&name);
    };
    match &definition.item {
        syn::Item::Type(alias) => match &*alias.ty {
            syn::Type::Path(path) => derives(&definition.source, path, depth - 1),
            _ => false,
        },
        _ => definition.derived,
    }
}

/// May a method be differentiated with respect to `self` for its callers, as its signature tells? A trait and its implementations have to agree.
pub fn may_be_active(function: &syn::ItemFn, block: &Block<'_>, options: &Options) -> bool {
    let receiver = function.sig.receiver();
    !options.receiver
        && options.wrt.is_none()
        && receiver.is_some_and(|r| !impls::is_constant(&r.attrs))
        && impls::could_be(function, block.generics, &with_self(options))
}

fn with_self(options: &Options) -> Options {
    Options {
        receiver: true,
        ..options.clone()
    }
}

/// The derivatives for receivers that have one; none where the body does not allow that. A method of nothing but `self` has all of its derivatives
/// among them, another one (`differentiated`) has those for users in [`constant`].
pub fn active(
    function: &syn::ItemFn,
    block: &Block<'_>,
    options: &Options,
    differentiated: bool,
) -> Option<Vec<Sibling>> {
    let options = Options {
        graph: options.graph && !differentiated,
        ..with_self(options)
    };
    let face = if differentiated {
        Face::Active
    } else {
        Face::Whole
    };
    let mut diagnostics = Diagnostics::default();
    let all = impls::face(function, block, &options, face, &mut diagnostics);
    diagnostics.is_empty().then_some(all)
}

/// The derivatives for users and for receivers that have none, beside those of [`active`].
pub fn constant(
    function: &syn::ItemFn,
    block: &Block<'_>,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<Sibling> {
    impls::face(function, block, options, Face::Constant, diagnostics)
}
