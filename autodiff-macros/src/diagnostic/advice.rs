//! What is to blame for a missing derivative, and what to write instead.

/// By the description of lowering: the method `f`, the macro `m!`.
pub fn by_description(what: &str) -> &'static str {
    let name = what.split('`').nth(1).unwrap_or_default();
    if let Some(advice) = name.split("::").find_map(of_nalgebra) {
        return advice;
    }
    let kind = what
        .split(['`', ' '])
        .find(|word| !matches!(*word, "" | "the" | "a"));
    match kind {
        Some("method") => {
            "write it as a call of a function marked #[differentiate]: `f(x)` instead of `x.f()`; or, where no derivative is wanted, give it a variable: `let c = stop_gradient(x);`"
        }
        Some("macro") => {
            "write out what the macro does, or make it a function marked #[differentiate]"
        }
        Some("struct") => "use a tuple, an array or separate variables",
        Some("Some" | "Ok") => {
            "keep the number and the question whether there is one apart: a float and a `bool`"
        }
        Some("closure") => "bind the closure by `let` and call it by that name",
        _ => {
            "write it with operators and functions that have a rule, or as a call of a function marked #[differentiate]"
        }
    }
}

/// Types of nalgebra whose members have no derivative.
pub const TYPES: &[&str] = &[
    "Bidiagonal",
    "Hessenberg",
    "LBLT",
    "Orthographic3",
    "Perspective3",
    "Schur",
    "Similarity2",
    "Similarity3",
    "SymmetricTridiagonal",
    "UDU",
];

/// In place of a method or a type of nalgebra that has no derivative.
pub fn of_nalgebra(name: &str) -> Option<&'static str> {
    Some(match name {
        "schur" | "try_schur" | "Schur" => {
            "`a.complex_eigenvalues()` or `linalg::eig(&a)`; for functions of the matrix `linalg::expm`, `logm`, `sqrtm`, `pow`, for equations `linalg::sylvester`, `lyapunov`"
        }
        "hessenberg"
        | "Hessenberg"
        | "bidiagonalize"
        | "Bidiagonal"
        | "symmetric_tridiagonalize"
        | "SymmetricTridiagonal" => {
            "what the form is made for: `a.complex_eigenvalues()`, `a.symmetric_eigen()`, `a.svd(true, true)`, `a.qr()`"
        }
        "udu" | "UDU" | "lblt" | "LBLT" => {
            "`a.cholesky()` of a definite matrix, `a.lu()` or `a.symmetric_eigen()` of another"
        }
        "svd_unordered" | "singular_values_unordered" => {
            "`a.svd(true, true)`, `a.singular_values()`: the same in order"
        }
        "orthonormalize" => "`a.qr().q()` of the matrix with these columns",
        "Similarity2" | "Similarity3" => {
            "an isometry and the factor: `pose.translation.vector + pose.rotation * p.coords * s`"
        }
        "Perspective3" | "Orthographic3" => {
            "`Matrix4::new_perspective(aspect, fov, near, far)` or `Matrix4::new_orthographic(..)` and `m.transform_point(&p)`"
        }
        _ => return None,
    })
}

/// Of a chain of methods the one without derivative: a factorisation that has none, or what `unwrap` and `?` are asked of.
pub fn to_blame(expr: &syn::Expr) -> &syn::Expr {
    let factorisation = |e: &&syn::Expr| matches!(e, syn::Expr::MethodCall(e) if of_nalgebra(&e.method.to_string()).is_some());
    if let Some(found) = receivers(expr).find(factorisation) {
        return found;
    }
    let is_seen_through = |e: &syn::Expr| match e {
        syn::Expr::MethodCall(e) => e.method == "unwrap" || e.method == "expect",
        syn::Expr::Try(_) => true,
        _ => false,
    };
    let blamed = receivers(expr).find(|e| !is_seen_through(e));
    let called = blamed.filter(|e| matches!(e, syn::Expr::MethodCall(_) | syn::Expr::Call(_)));
    called.unwrap_or(expr)
}

/// A chain of methods and `?`, from the last one on.
fn receivers(expr: &syn::Expr) -> impl Iterator<Item = &syn::Expr> {
    std::iter::successors(Some(expr), |e| match e {
        syn::Expr::MethodCall(e) => Some(&*e.receiver),
        syn::Expr::Try(e) => Some(&*e.expr),
        _ => None,
    })
}
