//! Methods whose value is that of a function of the runtime, which has a companion.
//!
//! ```text
//! a.tr_mul(&b)      call matrix::tr_mul(&a, &b)
//! m.row(i)          call matrix::row(&m, i)          a copy, whose adjoint is added to that of the row
//! ```

use super::super::Lower;
use super::super::option::Payload;
use super::super::value::Value;
use crate::ir::{Arg, Call, CallKind, Factors, Operand, Place, Results, Stmt, Ty, VarKind};
use proc_macro2::Ident;

/// What a method gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    Matrix,
    /// An element.
    Scalar,
    /// An `Option` of a matrix.
    Perhaps,
    Factors(Factors),
    PerhapsFactors(Factors),
    /// Two matrices by these names.
    Record([&'static str; 2]),
}

/// How an argument is passed on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Matrix,
    /// An index, a shape, a tolerance: without derivative.
    Constant,
}

use Gives::{Matrix, Perhaps, PerhapsFactors, Record, Scalar};
use Takes::Constant;

/// A method, what it takes and what it gives.
type Method = (&'static str, &'static [Takes], Gives);

const ONE: &[Takes] = &[Takes::Matrix];

/// The methods that nothing but a matrix has, as far as the compiler is concerned.
const ALGEBRA: &[Method] = &[
    ("transpose", &[], Matrix),
    ("tr_mul", ONE, Matrix),
    ("dot", ONE, Scalar),
    ("component_mul", ONE, Matrix),
    ("component_div", ONE, Matrix),
    ("cross", ONE, Matrix),
    ("kronecker", ONE, Matrix),
    ("trace", &[], Scalar),
    ("norm", &[], Scalar),
    ("magnitude", &[], Scalar),
    ("norm_squared", &[], Scalar),
    ("magnitude_squared", &[], Scalar),
    ("normalize", &[], Matrix),
    ("determinant", &[], Scalar),
    ("try_inverse", &[], Perhaps),
    ("lu", &[], Gives::Factors(Factors::Lu)),
    ("cholesky", &[], PerhapsFactors(Factors::Cholesky)),
    ("qr", &[], Record(["q", "r"])),
    ("symmetric_eigen", &[], EIGEN),
    ("symmetric_eigenvalues", &[], Matrix),
    ("pseudo_inverse", &[Constant], Perhaps),
];

const EIGEN: Gives = Record(["eigenvalues", "eigenvectors"]);

/// Those that other things have too.
const OTHERS: &[Method] = &[
    ("sum", &[], Scalar),
    ("mean", &[], Scalar),
    ("row", &[Constant], Matrix),
    ("column", &[Constant], Matrix),
    ("rows", &[Constant, Constant], Matrix),
    ("columns", &[Constant, Constant], Matrix),
    ("view", &[Constant, Constant], Matrix),
    ("fixed_view", &[Constant, Constant], Matrix),
    ("fixed_rows", &[Constant], Matrix),
    ("fixed_columns", &[Constant], Matrix),
    ("diagonal", &[], Matrix),
    ("solve_lower_triangular", ONE, Perhaps),
    ("solve_upper_triangular", ONE, Perhaps),
];

/// Those of `a.lu()`.
const LU: &[Method] = &[
    ("solve", ONE, Perhaps),
    ("determinant", &[], Scalar),
    ("try_inverse", &[], Perhaps),
];

/// Those of what is in `a.cholesky()`.
const CHOLESKY: &[Method] = &[
    ("l", &[], Matrix),
    ("unpack", &[], Matrix),
    ("solve", ONE, Matrix),
    ("inverse", &[], Matrix),
    ("determinant", &[], Scalar),
    ("ln_determinant", &[], Scalar),
];

impl Lower<'_> {
    /// A method that is a function of the runtime; of an unknown receiver one that nothing but a matrix has.
    pub(super) fn called_method(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let ty = self.value_ty(receiver).peel().clone();
        let (tables, prefix): (&[&[Method]], _) = match &ty {
            Ty::Unknown => (&[ALGEBRA], ""),
            Ty::Factors(Factors::Lu, _) => (&[LU], "lu_"),
            Ty::Factors(Factors::Cholesky, _) => (&[CHOLESKY], "cholesky_"),
            _ => (&[ALGEBRA, OTHERS], ""),
        };
        let fits = |(n, takes, _): &&Method| *n == name && takes.len() == call.args.len();
        let (_, takes, gives) = *tables.iter().copied().flatten().find(fits)?;
        let place = self.place_of(receiver.clone());
        let mut args = vec![Arg::Ref(place)];
        for (expr, takes) in call.args.iter().zip(takes) {
            args.push(match takes {
                Takes::Matrix => self.lent(expr),
                Constant => Arg::Value(self.index_pair(expr)),
            });
        }
        let name = format!("{prefix}{}", canonical(&name));
        let generics = call.turbofish.as_ref().map(|t| constants(&t.args));
        let element = Box::new(ty.element());
        Some(match gives {
            Scalar => self.runtime_call(&name, generics, args, *element),
            Matrix => self.runtime_call(&name, generics, args, Ty::Matrix(element)),
            Gives::Factors(kind) => {
                self.runtime_call(&name, generics, args, Ty::Factors(kind, element))
            }
            Perhaps => self.runtime_option(&name, args, Ty::Matrix(element)),
            PerhapsFactors(kind) => self.runtime_option(&name, args, Ty::Factors(kind, element)),
            Record(parts) => self.runtime_record(&name, args, parts, &Ty::Matrix(element)),
        })
    }

    /// `Cholesky::new(a)`, `LU::new(a)`
    pub(super) fn factorisation(&mut self, owner: &str, args: &[&syn::Expr]) -> Option<Value> {
        let [matrix] = args else { return None };
        let name = match owner {
            "Cholesky" => "cholesky",
            "LU" => "lu",
            "QR" => "qr",
            "SymmetricEigen" => "symmetric_eigen",
            _ => return None,
        };
        let matrix = self.lent(matrix);
        let Ty::Matrix(element) = self.arg_ty(&matrix).peel().clone() else {
            return None;
        };
        let ty = Ty::Matrix(element.clone());
        Some(match name {
            "qr" => self.runtime_record(name, vec![matrix], ["q", "r"], &ty),
            "symmetric_eigen" => {
                let parts = ["eigenvalues", "eigenvectors"];
                self.runtime_record(name, vec![matrix], parts, &ty)
            }
            "lu" => self.runtime_call(name, None, vec![matrix], Ty::Factors(Factors::Lu, element)),
            _ => {
                let ty = Ty::Factors(Factors::Cholesky, element);
                self.runtime_option(name, vec![matrix], ty)
            }
        })
    }

    /// A function of the runtime that tells whether there is a value, and which.
    fn runtime_option(&mut self, name: &str, args: Vec<Arg>, ty: Ty) -> Value {
        let some = self.fresh("some", Ty::Bool, VarKind::Value);
        let var = self.fresh("t", ty, VarKind::Value);
        let results = Results::Tuple(vec![Some(some), Some(var)]);
        self.push_method(name, None, args, results);
        let payload = Payload::Value(Value::Operand(Operand::Var(var)));
        super::super::option::optional(Operand::Var(some), payload)
    }

    /// A function of the runtime that gives several matrices.
    fn runtime_record(
        &mut self,
        name: &str,
        args: Vec<Arg>,
        parts: [&'static str; 2],
        ty: &Ty,
    ) -> Value {
        let vars = parts.map(|part| self.fresh(part, ty.clone(), VarKind::Value));
        let results = Results::Tuple(vars.iter().copied().map(Some).collect());
        self.push_method(name, None, args, results);
        let parts = parts.iter().zip(vars);
        let parts = parts.map(|(part, var)| (*part, Value::Operand(Operand::Var(var))));
        Value::Record(parts.collect())
    }

    /// A method of what consists of several matrices: one of them, or all.
    pub(in crate::lower) fn record_method(
        &mut self,
        parts: &[(&'static str, Value)],
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        if !call.args.is_empty() {
            return None;
        }
        if name == "unpack" {
            return Some(Value::Tuple(parts.iter().map(|(_, v)| v.clone()).collect()));
        }
        let found = parts.iter().find(|(part, _)| *part == name);
        found.map(|(_, value)| value.clone())
    }

    /// A matrix that a function reads.
    pub(super) fn lent(&mut self, expr: &syn::Expr) -> Arg {
        match self.arithmetic_arg(expr) {
            Arg::Value(o) => Arg::Ref(Place::var(self.in_variable(o))),
            lent => lent,
        }
    }

    /// A call of `matrix::name` of the runtime.
    pub(super) fn runtime_call(
        &mut self,
        name: &str,
        generics: Option<proc_macro2::TokenStream>,
        args: Vec<Arg>,
        ty: Ty,
    ) -> Value {
        let var = self.fresh("t", ty, VarKind::Value);
        self.push_method(name, generics, args, Results::One(var));
        Value::Operand(Operand::Var(var))
    }

    fn push_method(
        &mut self,
        name: &str,
        generics: Option<proc_macro2::TokenStream>,
        args: Vec<Arg>,
        results: Results,
    ) {
        let (rt, name) = (&self.runtime, Ident::new(name, self.span));
        let path = syn::parse_quote!(#rt::matrix::#name #generics);
        let call = Call {
            path,
            kind: CallKind::Matrix,
            args,
            function: None,
        };
        self.out.push(Stmt::Call { results, call });
    }
}

/// Two names of one thing.
fn canonical(name: &str) -> &str {
    match name {
        "magnitude" => "norm",
        "magnitude_squared" => "norm_squared",
        "unpack" => "l",
        name => name,
    }
}

/// `::<2, 3>` of a method, followed by what the function infers.
fn constants(
    given: &syn::punctuated::Punctuated<syn::GenericArgument, syn::Token![,]>,
) -> proc_macro2::TokenStream {
    let given = given.iter();
    quote::quote!(::<#(#given,)* _, _, _, _>)
}
