//! Calls that are known to give matrices: of functions whose definition in the crate says so, and of those of `linalg`; and what the latter are handed.
//!
//! ```text
//! let r = residual(&x);  r.sum()                            fn residual(x: &Vector3<f64>) -> Vector3<f64> { .. }
//! let (l, v) = linalg::symmetric_eigen(&a);  v.column(0)
//! ```

use crate::ir::{Arg, FloatTy, Ty};
use crate::lower::Lower;
use crate::lower::calls::last_name;

/// What a function of `linalg` gives, beside numbers.
#[derive(Clone, Copy)]
enum Gives {
    Matrix,
    Pair,
    Triple,
}

/// Those of which the elements are of the type of those of the first argument, if that is a real one. What may be missing is not listed: it
/// is moved out of an option.
const FUNCTIONS: &[(&str, Gives)] = &[
    ("expm", Gives::Matrix),
    ("kron", Gives::Matrix),
    ("low_rank", Gives::Matrix),
    ("matmul", Gives::Matrix),
    ("outer", Gives::Matrix),
    ("pinv", Gives::Matrix),
    ("polar_left", Gives::Pair),
    ("polar_right", Gives::Pair),
    ("pow", Gives::Matrix),
    ("qr", Gives::Pair),
    ("singular_function", Gives::Matrix),
    ("singular_values", Gives::Matrix),
    ("soft_threshold", Gives::Matrix),
    ("svd", Gives::Triple),
    ("symmetric_eigen", Gives::Pair),
    ("symmetric_eigenvalues", Gives::Matrix),
    ("symmetric_exp", Gives::Matrix),
    ("symmetric_function", Gives::Matrix),
    ("transpose", Gives::Matrix),
];

impl Lower<'_> {
    /// What a call gives, as far as its path tells.
    pub fn result_of_call(&self, path: &syn::ExprPath, args: &[Arg]) -> Ty {
        let of_linalg = self.is_of_linalg(path);
        let free = of_linalg.then(|| self.result_of_linalg(&last_name(path), args));
        free.flatten().unwrap_or_else(|| self.declared_result(path))
    }

    /// The types of the parts of a tuple that a call gives: of matrices.
    pub fn parts_of_call(&self, path: &syn::ExprPath, args: &[Arg], parts: usize) -> Vec<Ty> {
        let known = match self.result_of_call(path, args) {
            Ty::Tuple(known) if known.len() == parts => known,
            _ => Vec::new(),
        };
        let matrix = |ty: Option<&Ty>| ty.filter(|ty| matches!(ty, Ty::Matrix(_))).cloned();
        let part = |k: usize| matrix(known.get(k)).unwrap_or_default();
        (0..parts).map(part).collect()
    }

    /// The functions that `linalg::symmetric_function(&a, f, slope)` is handed are constants, pointers to functions of the numbers in the matrix.
    pub fn constant_function(
        &mut self,
        path: &syn::ExprPath,
        given: &[Arg],
        function: &syn::Expr,
    ) -> Option<Arg> {
        let takes = ["singular_function", "symmetric_function"];
        let matrix = given.first().filter(|_| self.is_of_linalg(path))?;
        if !takes.contains(&&*last_name(path)) {
            return None;
        }
        let number: syn::Type = match self.arg_ty(matrix).peel() {
            Ty::Matrix(element) => match &**element {
                Ty::Float(FloatTy::F64) => syn::parse_quote!(f64),
                Ty::Float(FloatTy::F32) => syn::parse_quote!(f32),
                Ty::Float(FloatTy::Param(name)) => syn::parse_quote!(#name),
                _ => syn::parse_quote!(_),
            },
            _ => syn::parse_quote!(_),
        };
        let pointer = syn::parse_quote!({
            let pointer: fn(#number) -> #number = #function;
            pointer
        });
        let value = self.inert(&pointer, Ty::Inert);
        Some(Arg::Value(self.operand_of(value)))
    }

    fn is_of_linalg(&self, path: &syn::ExprPath) -> bool {
        let owner = path.path.segments.iter().rev().nth(1);
        owner.is_some_and(|owner| owner.ident == "linalg")
    }

    fn result_of_linalg(&self, name: &str, args: &[Arg]) -> Option<Ty> {
        let (_, gives) = FUNCTIONS.iter().find(|(function, _)| *function == name)?;
        let matrix = self.arg_ty(args.first()?).peel().clone();
        let real = matches!(&matrix, Ty::Matrix(element) if element.is_float());
        real.then(|| match gives {
            Gives::Matrix => matrix,
            Gives::Pair => Ty::Tuple(vec![matrix; 2]),
            Gives::Triple => Ty::Tuple(vec![matrix; 3]),
        })
    }
}
