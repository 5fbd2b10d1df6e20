//! Methods whose value is that of a function of the runtime, which has a companion.
//!
//! ```text
//! a.tr_mul(&b)      call matrix::tr_mul(&a, &b)
//! m.row(i)          call matrix::row(&m, i)          a copy, whose adjoint is added to that of the row
//! ```

use super::super::Lower;
use super::super::option::{Optional, Payload, optional};
use super::super::value::Value;
use super::table::{self, Gives, Method, Takes};
use crate::ir::{
    Arg, Call, CallKind, Factors, Home, Operand, Place, Results, Rhs, Stmt, Ty, VarKind,
};
use proc_macro2::Ident;
use syn::Expr;

impl Lower<'_> {
    /// A method that is a function of the runtime; of an unknown receiver one that nothing but a matrix has.
    pub(super) fn called_method(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let ty = self.value_ty(receiver).peel().clone();
        let args: Vec<&Expr> = call.args.iter().collect();
        if (call.method == "svd" || call.method == "try_svd") && ty.is_matrix() {
            return self.singular_value_decomposition(uncopied(receiver), &args);
        }
        if call.method == "rank" && ty.is_matrix() {
            return self.rank_of_matrix(uncopied(receiver), &args);
        }
        let (tables, prefix): (&[&[Method]], _) = match &ty {
            Ty::Unknown => (&[table::ALGEBRA], ""),
            Ty::Factors(factors, _) => {
                let (methods, prefix) = table::of_factors(*factors);
                (&[methods], prefix)
            }
            _ => (&[table::ALGEBRA, table::OTHERS], ""),
        };
        let name = call.method.to_string();
        let (name, takes, gives) = tables.iter().find_map(|t| found(t, &name, args.len()))?;
        // An argument that is evaluated later might change what the receiver is a copy of.
        let receiver = if args.is_empty() {
            uncopied(receiver)
        } else {
            receiver.clone()
        };
        let place = self.place_of(receiver);
        let args = self.passed(place, takes, &args);
        let generics = call.turbofish.as_ref().map(|t| constants(&t.args));
        let name = format!("{prefix}{name}");
        Some(self.given(&name, generics, args, gives, &ty.element()))
    }

    /// `a.svd(true, true)`, `a.try_svd(true, true, eps, n)`: both factors are made, whether or not they are wanted.
    fn singular_value_decomposition(&mut self, a: Value, wanted: &[&Expr]) -> Option<Value> {
        let (u, v, limits) = match wanted {
            [u, v] => (u, v, None),
            [u, v, eps, iterations] => (u, v, Some([eps, iterations])),
            _ => return None,
        };
        let (u, v) = (self.operand(u), self.operand(v));
        let element = self.value_ty(&a).peel().element();
        let mut args = vec![Arg::Ref(self.place_of(a))];
        let Some(limits) = limits else {
            let parts = self.given("svd", None, args, table::SVD_PARTS, &element);
            return self.wanted_factors(parts, u, v);
        };
        args.extend(limits.map(|e| Arg::Value(self.operand(e))));
        let Gives::Record(parts, factors) = table::SVD_PARTS else {
            return None;
        };
        let (some, parts) = self.runtime_record_perhaps("try_svd", args, parts, factors, &element);
        let parts = self.wanted_factors(parts, u, v)?;
        Some(optional(some, Payload::Value(parts)))
    }

    /// The parts, the factors in options.
    fn wanted_factors(&mut self, parts: Value, u: Operand, v: Operand) -> Option<Value> {
        let Value::Record(mut parts) = parts else {
            return None;
        };
        for (name, wanted) in [("u", u), ("v_t", v)] {
            let part = parts.iter_mut().find(|(part, _)| *part == name)?;
            part.1 = optional(wanted, Payload::Value(part.1.clone()));
        }
        Some(Value::Record(parts))
    }

    /// The arguments of a function: the receiver first, what has a derivative before what has none.
    pub(super) fn passed(&mut self, receiver: Place, takes: &[Takes], args: &[&Expr]) -> Vec<Arg> {
        let (mut active, mut constant) = (vec![Arg::Ref(receiver)], Vec::new());
        for (expr, takes) in args.iter().zip(takes) {
            match takes {
                Takes::Matrix => active.push(self.lent(expr)),
                Takes::Scalar => {
                    let value = self.operand(expr);
                    active.push(Arg::Ref(Place::var(self.in_variable(value))));
                }
                Takes::Constant => constant.push(Arg::Value(self.index_pair(expr))),
                Takes::Indices => constant.push(Arg::Value(self.indices(expr))),
            }
        }
        active.append(&mut constant);
        active
    }

    fn indices(&mut self, expr: &Expr) -> Operand {
        let rt = &self.runtime;
        let list = syn::parse_quote!(#rt::matrix::indices(#expr));
        let value = self.inert(&list, Ty::Inert);
        self.operand_of(value)
    }

    /// The call of a function of the runtime and its value.
    fn given(
        &mut self,
        name: &str,
        generics: Option<proc_macro2::TokenStream>,
        args: Vec<Arg>,
        gives: Gives,
        element: &Ty,
    ) -> Value {
        let element = Box::new(element.clone().unless_inert());
        match gives {
            Gives::Scalar => self.runtime_call(name, generics, args, *element),
            Gives::Matrix => self.runtime_call(name, generics, args, Ty::Matrix(element)),
            Gives::ComplexMatrix => {
                let complex = Box::new(Ty::structure());
                self.runtime_call(name, generics, args, Ty::Matrix(complex))
            }
            Gives::Factors(kind) => {
                self.runtime_call(name, generics, args, Ty::Factors(kind, element))
            }
            Gives::Pair => {
                let matrix = Ty::Matrix(element);
                let parts = [("first", matrix.clone()), ("second", matrix)];
                match self.runtime_record(name, args, parts.into()) {
                    Value::Record(parts) => Value::Tuple(parts.into_iter().map(|p| p.1).collect()),
                    other => other,
                }
            }
            Gives::Perhaps => self.runtime_option(name, args, Ty::Matrix(element)),
            Gives::PerhapsFactors(kind) => {
                self.runtime_option(name, args, Ty::Factors(kind, element))
            }
            Gives::Record(parts, factors) => {
                self.runtime_record(name, args, types_of_parts(parts, factors, &element))
            }
            Gives::PerhapsRecord(parts) => {
                let given = self.runtime_record_perhaps(name, args, parts, None, &element);
                optional(given.0, Payload::Value(given.1))
            }
        }
    }

    /// `Cholesky::new(a)`, `LU::new(a)`, `SVD::new(a, true, true)`
    pub(super) fn factorisation(&mut self, owner: &str, args: &[&Expr]) -> Option<Value> {
        let (matrix, wanted) = args.split_first()?;
        if owner == "SVD" {
            let matrix = self.value(matrix);
            return self.singular_value_decomposition(matrix, wanted);
        }
        if let ("SymmetricEigen", [_, _]) = (owner, wanted) {
            return self.tried_eigen(matrix, wanted);
        }
        let (name, gives) = table::of_constructor(owner).filter(|_| wanted.is_empty())?;
        let matrix = self.lent(matrix);
        let Ty::Matrix(element) = self.arg_ty(&matrix).peel().clone() else {
            return None;
        };
        Some(self.given(name, None, vec![matrix], gives, &element))
    }

    /// `SymmetricEigen::try_new(a, eps, n)`
    fn tried_eigen(&mut self, matrix: &Expr, limits: &[&Expr]) -> Option<Value> {
        let (_, takes, gives) = found(table::ALGEBRA, "try_symmetric_eigen", 2)?;
        let value = self.value(matrix);
        let element = self.value_ty(&value).peel().element();
        let place = self.place_of(value);
        let args = self.passed(place, takes, limits);
        Some(self.given("try_symmetric_eigen", None, args, gives, &element))
    }

    /// A function of the runtime that tells whether there is a value, and which.
    pub(super) fn runtime_option(&mut self, name: &str, args: Vec<Arg>, ty: Ty) -> Value {
        let some = self.fresh("some", Ty::Bool, VarKind::Value);
        let var = self.fresh("t", ty, VarKind::Value);
        let results = Results::Tuple(vec![Some(some), Some(var)]);
        self.push_method(name, None, args, results);
        let payload = Payload::Value(Value::Operand(Operand::Var(var)));
        optional(Operand::Var(some), payload)
    }

    /// A function of the runtime that tells whether there are values, and which.
    fn runtime_record_perhaps(
        &mut self,
        name: &str,
        args: Vec<Arg>,
        parts: &[&'static str],
        factors: Option<Factors>,
        element: &Ty,
    ) -> (Operand, Value) {
        let mut parts = types_of_parts(parts, factors, element);
        parts.insert(0, (EXISTS, Ty::Bool));
        match self.runtime_record(name, args, parts) {
            Value::Record(mut parts) => {
                let exists = parts.remove(0).1;
                (self.operand_of(exists), Value::Record(parts))
            }
            other => (super::super::boolean(true), other),
        }
    }

    /// A function of the runtime that gives several values.
    fn runtime_record(
        &mut self,
        name: &str,
        args: Vec<Arg>,
        parts: Vec<(&'static str, Ty)>,
    ) -> Value {
        let fresh = |(part, ty)| (part, self.fresh(part, ty, VarKind::Value));
        let vars: Vec<_> = parts.into_iter().map(fresh).collect();
        let results = Results::Tuple(vars.iter().map(|(_, var)| Some(*var)).collect());
        self.push_method(name, None, args, results);
        let parts = vars.into_iter();
        let parts = parts.map(|(part, var)| (part, Value::Operand(Operand::Var(var))));
        Value::Record(parts.collect())
    }

    /// A method of what consists of several matrices: one of them, all, or what is made of them.
    pub(in crate::lower) fn record_method(
        &mut self,
        parts: &[(&'static str, Value)],
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let visible = || parts.iter().filter(|(part, _)| *part != FACTORS);
        let (_, first) = parts.first()?;
        match (name.as_str(), call.args.first()) {
            ("unpack", None) if !self.has_pivots(parts) => {
                Some(Value::Tuple(visible().map(|(_, v)| v.clone()).collect()))
            }
            ("recompose", None) => self.recomposed(visible().cloned().collect()),
            ("rank", Some(eps)) => {
                let eps = self.operand(eps);
                self.rank(&parts.get(1)?.1.clone(), &eps)
            }
            (_, None) if visible().any(|(part, _)| *part == name) => {
                let found = visible().find(|(part, _)| *part == name);
                found.map(|(_, value)| value.clone())
            }
            _ => {
                let factors = parts.iter().find(|(part, _)| *part == FACTORS);
                let receiver = factors.map_or(first, |(_, value)| value).clone();
                factors?;
                let changed = self.changed_argument(&receiver, call);
                changed.or_else(|| self.called_method(&receiver, call))
            }
        }
    }

    /// `let mut svd = a.svd(true, true)`: its parts can be changed, and the factorisation itself does not know of it.
    pub(in crate::lower) fn record_variable(&mut self, parts: Vec<(&'static str, Value)>) -> Value {
        let visible = parts.into_iter().filter(|(part, _)| *part != FACTORS);
        let variables = visible.map(|(part, value)| (part, self.changeable(value)));
        Value::Record(variables.collect())
    }

    /// A part as a variable.
    fn changeable(&mut self, part: Value) -> Value {
        match part {
            Value::Optional(part) => {
                let Optional { some, payload, .. } = *part;
                let inner = self.payload(payload);
                optional(some, Payload::Value(self.changeable(inner)))
            }
            part => {
                let (rhs, ty) = self.rhs_of(part);
                let var = self.fresh("part", ty, VarKind::Mutable);
                self.out.push(Stmt::Let { var, rhs });
                Value::Place(Place::var(var))
            }
        }
    }

    /// Is there a permutation beside the factors?
    fn has_pivots(&self, parts: &[(&'static str, Value)]) -> bool {
        let types = parts.iter().map(|(_, part)| self.value_ty(part));
        let mut kinds = types.filter_map(|ty| match ty {
            Ty::Factors(kind, _) => Some(kind),
            _ => None,
        });
        kinds.any(|kind| kind == Factors::ColPivQr)
    }

    /// The matrix that was decomposed: `Ok` of it where it may fail.
    fn recomposed(&mut self, parts: Vec<(&'static str, Value)>) -> Option<Value> {
        let may_fail = parts.iter().any(|(_, v)| matches!(v, Value::Optional(_)));
        let name = match parts.first()?.0 {
            "eigenvalues" => "eigen_recompose",
            "u" => "svd_recompose",
            _ => return None,
        };
        let mut args = Vec::new();
        for (_, part) in parts {
            let part = match part {
                Value::Optional(part) => self.unwrapped(*part),
                part => part,
            };
            args.push(Arg::Ref(self.place_of(part)));
        }
        let element = self.arg_ty(args.first()?).element().unless_inert();
        let product = self.runtime_call(name, None, args, Ty::Matrix(Box::new(element)));
        Some(if may_fail {
            super::super::option::some(product)
        } else {
            product
        })
    }

    /// `a.rank(eps)`
    fn rank_of_matrix(&mut self, a: Value, args: &[&Expr]) -> Option<Value> {
        let [eps] = args else { return None };
        let eps = self.operand(eps);
        let element = Box::new(self.value_ty(&a).peel().element());
        let args = vec![Arg::Ref(self.place_of(a))];
        let values = self.runtime_call("singular_values", None, args, Ty::Matrix(element));
        self.rank(&values, &eps)
    }

    /// How many singular values are larger than a tolerance.
    fn rank(&mut self, values: &Value, eps: &Operand) -> Option<Value> {
        let Value::Operand(values) = values else {
            return None;
        };
        let (s, e) = (self.mentioned(values), self.mentioned(eps));
        let rank = syn::parse_quote!(#s.iter().filter(|s| **s > #e).count());
        Some(Value::Operand(self.built(
            rank,
            &[values, eps],
            Ty::Int,
            false,
        )))
    }

    /// A matrix that a function reads.
    pub(super) fn lent(&mut self, expr: &Expr) -> Arg {
        match self.arithmetic_arg(expr) {
            Arg::Value(o) => Arg::Ref(Place::var(self.in_variable(o))),
            lent => lent,
        }
    }

    /// A call of `matrix::name` of the runtime.
    pub(in crate::lower) fn runtime_call(
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
            home: Home::Path,
        };
        self.out.push(Stmt::Call { results, call });
    }
}

/// `a` for `a.clone()`: the functions of the runtime take nothing away.
fn uncopied(receiver: &Value) -> Value {
    match receiver {
        Value::Rhs(Rhs::Clone { place, .. }, ty) if ty.is_matrix() => Value::Place(place.clone()),
        other => other.clone(),
    }
}

/// The method of a name with so many arguments, under its canonical name.
pub(super) fn found(methods: &[Method], name: &str, args: usize) -> Option<Method> {
    let canonical = table::canonical(name);
    let fits = |(n, takes, _): &&Method| (*n == name || *n == canonical) && takes.len() == args;
    let (n, takes, gives) = methods.iter().find(fits)?;
    Some((table::canonical(n), takes, *gives))
}

/// What a decomposition consists of, after its matrices itself if it is of use.
fn types_of_parts(
    parts: &[&'static str],
    factors: Option<Factors>,
    element: &Ty,
) -> Vec<(&'static str, Ty)> {
    let element = element.clone().unless_inert();
    let of = |ty: fn(Box<Ty>) -> Ty| ty(Box::new(element.clone()));
    let factors = factors.map(|kind| (FACTORS, Ty::Factors(kind, Box::new(element.clone()))));
    let parts = parts.iter().map(|part| (*part, of(Ty::Matrix)));
    parts.chain(factors).collect()
}

/// The name of what tells whether there are values.
const EXISTS: &str = "some";

/// The name of the factorisation itself among its parts.
const FACTORS: &str = "factors";

/// `::<2, 3>` of a method, followed by what the function infers.
pub(super) fn constants(
    given: &syn::punctuated::Punctuated<syn::GenericArgument, syn::Token![,]>,
) -> proc_macro2::TokenStream {
    let given = given.iter();
    quote::quote!(::<#(#given,)* _, _, _, _>)
}
