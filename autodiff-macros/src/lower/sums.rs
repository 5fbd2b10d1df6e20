//! `sum` and `product`, which begin where those of the standard library do.
//!
//! ```text
//! x.iter().map(f).sum::<f64>()      sum = -0.0; for each item { sum += f(item) }
//! forces.iter().sum::<Vec3>()       sum = what the sum of nothing is; for each item { sum = sum + item }
//! ```

use super::consume::turbofish;
use super::source::Source;
use super::value::Value;
use super::{Lower, int};
use crate::emit::types::Wrapper;
use crate::ir::{FloatTy, Op, Place, Rhs, Stmt, Ty, VarId, VarKind};
use quote::quote;

impl Lower<'_> {
    /// The value of `sum` or `product`.
    pub fn accumulated(&mut self, source: &Source, op: Op, call: &syn::ExprMethodCall) -> Value {
        let ty = turbofish(call);
        let written = ty.map(|ty| self.ty(ty)).unwrap_or_default();
        match (&written, ty) {
            (Ty::Option(inner), _) => self.sum_of_some(source, op, Wrapper::Option, inner),
            (Ty::Result(inner), _) => self.sum_of_some(source, op, Wrapper::Result, inner),
            (Ty::Unknown | Ty::Struct(_) | Ty::Motion(_) | Ty::Matrix(_), Some(ty))
                if !matches!(ty, syn::Type::Infer(_)) =>
            {
                self.sum_of_own(source, op, ty, written)
            }
            _ => self.sum_of_numbers(source, op, written),
        }
    }

    fn sum_of_numbers(&mut self, source: &Source, op: Op, ty: Ty) -> Value {
        self.in_a_sum(op, ty, |lower, sum| {
            lower.iterate(source, &mut |lower, item| lower.add_number(sum, op, item));
            lower.scalar(sum)
        })
    }

    /// The sum of what is there; ends with the first item that is not.
    fn sum_of_some(&mut self, source: &Source, op: Op, wrapper: Wrapper, of: &Ty) -> Value {
        self.in_a_sum(op, of.clone(), |lower, sum| {
            lower.until_absent(
                source,
                Some(wrapper),
                &mut |_, item| item,
                &mut |lower, item| lower.add_number(sum, op, item),
                |lower| lower.scalar(sum),
            )
        })
    }

    /// Adds up in a variable, which begins as what its type, known after that, has for no items.
    fn in_a_sum(&mut self, op: Op, ty: Ty, add: impl FnOnce(&mut Self, VarId) -> Value) -> Value {
        let var = self.fresh("sum", ty, VarKind::Mutable);
        let (stmts, value) = self.captured(|lower| add(lower, var));
        let rhs = self.neutral(var, op);
        self.out.push(Stmt::Let { var, rhs });
        self.out.extend(stmts);
        value
    }

    fn add_number(&mut self, sum: VarId, op: Op, item: Value) {
        let place = Place::var(sum);
        let item = self.behind(item);
        let value = self.operand_of(item);
        self.learn(&place, &value);
        self.out.push(Stmt::Update { op, place, value });
    }

    /// The sum of values of a type of the user's, which is that of its operator.
    fn sum_of_own(&mut self, source: &Source, op: Op, ty: &syn::Type, known: Ty) -> Value {
        let var = self.fresh("sum", known.clone(), VarKind::Mutable);
        let rhs = Rhs::Use(super::constant(of_nothing(ty, op), known));
        self.out.push(Stmt::Let { var, rhs });
        self.iterate(source, &mut |lower, item| {
            let item = lower.behind(item);
            let item = lower.operand_of(item);
            lower.combine(op, Place::var(var), item);
        });
        Value::Place(Place::var(var))
    }

    fn neutral(&mut self, var: VarId, op: Op) -> Rhs {
        let ty = self.function.var(var).ty.clone();
        let expr = match (&ty, op) {
            (Ty::Int, Op::Add) => return Rhs::Use(int(0)),
            (Ty::Int, _) => return Rhs::Use(int(1)),
            (Ty::Float(FloatTy::Param(t)), _) => of_nothing(&syn::parse_quote!(#t), op),
            (_, Op::Add) => syn::parse_quote!(-0.0),
            _ => syn::parse_quote!(1.0),
        };
        Rhs::Use(super::constant(expr, ty))
    }
}

/// The sum or product of no items.
fn of_nothing(ty: &syn::Type, op: Op) -> syn::Expr {
    let items = quote!(::core::iter::empty::<#ty>());
    match op {
        Op::Add => syn::parse_quote!(<#ty as ::core::iter::Sum<#ty>>::sum(#items)),
        _ => syn::parse_quote!(<#ty as ::core::iter::Product<#ty>>::product(#items)),
    }
}
