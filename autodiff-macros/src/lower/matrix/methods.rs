//! Methods whose value is that of a function of the runtime, which has a companion.
//!
//! ```text
//! a.tr_mul(&b)      call matrix::tr_mul(&a, &b)
//! m.row(i)          call matrix::row(&m, i)          a copy, whose adjoint is added to that of the row
//! ```

use super::super::Lower;
use super::super::value::Value;
use crate::ir::{Arg, Call, Operand, Place, Results, Stmt, Ty, VarKind};
use proc_macro2::{Ident, Span};

/// What a method gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    Matrix,
    /// An element.
    Scalar,
}

/// How an argument is passed on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Matrix,
    /// An index, a shape, a tolerance: without derivative.
    Constant,
}

use Gives::{Matrix, Scalar};
use Takes::Constant;

const ONE: &[Takes] = &[Takes::Matrix];

/// The methods that nothing but a matrix has, as far as the compiler is concerned.
const ALGEBRA: &[(&str, &[Takes], Gives)] = &[
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
];

/// Those that other things have too.
const OTHERS: &[(&str, &[Takes], Gives)] = &[
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
];

impl Lower<'_> {
    /// A method that is a function of the runtime. `unknown`: the receiver may be something else.
    pub(super) fn called_method(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
        unknown: bool,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let others: &[_] = if unknown { &[] } else { OTHERS };
        let mut known = ALGEBRA.iter().chain(others);
        let (_, takes, gives) =
            *known.find(|(n, takes, _)| *n == name && takes.len() == call.args.len())?;
        let ty = self.value_ty(receiver).peel().clone();
        let place = self.place_of(receiver.clone());
        let mut args = vec![Arg::Ref(place)];
        for (expr, takes) in call.args.iter().zip(takes) {
            args.push(match takes {
                Takes::Matrix => self.lent(expr),
                Constant => Arg::Value(self.index_pair(expr)),
            });
        }
        let ty = match gives {
            Matrix if ty == Ty::Unknown => Ty::Matrix(Box::default()),
            Matrix => ty,
            Scalar => ty.element(),
        };
        let generics = call.turbofish.as_ref().map(|t| constants(&t.args));
        Some(self.runtime_call(canonical(&name), generics, args, ty))
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
        let (rt, name) = (&self.runtime, Ident::new(name, Span::call_site()));
        let path = syn::parse_quote!(#rt::matrix::#name #generics);
        self.out.push(Stmt::Call {
            results: Results::One(var),
            call: Call {
                path,
                args,
                method: true,
            },
        });
        Value::Operand(Operand::Var(var))
    }
}

/// Two names of one thing.
fn canonical(name: &str) -> &str {
    match name {
        "magnitude" => "norm",
        "magnitude_squared" => "norm_squared",
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
