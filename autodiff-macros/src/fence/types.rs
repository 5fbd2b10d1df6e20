//! Types and paths that are refused.

use crate::diagnostic::Diagnostics;
use syn::spanned::Spanned;
use syn::{Path, PathSegment, Type};

/// What the standard library has that changes through a shared reference.
const INTERIOR: &[&str] = &[
    "RefCell",
    "UnsafeCell",
    "OnceCell",
    "LazyCell",
    "Mutex",
    "RwLock",
    "OnceLock",
    "LazyLock",
    "mpsc",
];

/// Reports a type that is refused whatever is inside; false for the others.
pub fn refused(ty: &Type, diagnostics: &mut Diagnostics) -> bool {
    match ty {
        Type::Ptr(t) => diagnostics.raw_pointer(t.span()),
        Type::TraitObject(t) if !is_error(t) => diagnostics.trait_object(t.span()),
        Type::FnPtr(t) => diagnostics.function_parameter(t.span()),
        Type::Verbatim(tokens) => diagnostics.unknown_syntax(tokens.span()),
        _ => return false,
    }
    true
}

/// `dyn Error + Send`: whatever is in it, it has no derivative.
fn is_error(ty: &syn::TypeTraitObject) -> bool {
    let of_error = |bound: &syn::TypeParamBound| match bound {
        syn::TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|s| ["Error", "Send", "Sync"].iter().any(|name| s.ident == name))
        }
        _ => true,
    };
    ty.bounds.iter().all(of_error)
}

/// Reports a path that names a type which hides changes or owners.
pub fn check_path(path: &Path, diagnostics: &mut Diagnostics) {
    let segments: Vec<&PathSegment> = path.segments.iter().collect();
    for (k, segment) in segments.iter().enumerate() {
        let name = segment.ident.to_string();
        let before = k.checked_sub(1).map(|k| segments[k].ident.to_string());
        let after = segments.get(k + 1).map(|s| s.ident.to_string());
        let (before, after) = (before.as_deref(), after.as_deref());
        let of_std = |module, constructors: &[&str]| {
            !segment.arguments.is_none()
                || before == Some(module)
                || after.is_some_and(|name| constructors.contains(&name))
        };
        let atomic = name.strip_prefix("Atomic").is_some_and(is_atomic);
        if INTERIOR.contains(&name.as_str()) || atomic || name == "Cell" && of_std("cell", &["new"])
        {
            diagnostics.interior_mutability(segment.ident.span(), &name);
        } else if name == "Rc" && of_std("rc", &["new", "clone"])
            || name == "Arc" && before == Some("sync")
        {
            diagnostics.shared_ownership(segment.ident.span(), &name);
        }
    }
}

/// `AtomicUsize` and its kin, not just anything that begins with `Atomic`.
fn is_atomic(rest: &str) -> bool {
    let number = rest.trim_start_matches(['I', 'U']);
    let sizes = ["8", "16", "32", "64", "128", "size"];
    rest == "Bool" || rest == "Ptr" || number.len() < rest.len() && sizes.contains(&number)
}
