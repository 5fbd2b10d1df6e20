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

impl Lower<'_> {
    /// The value of `sum` or `product`.
    pub fn accumulated(&mut self, source: &Source, op: Op, call: &syn::ExprMethodCall) -> Value {
        let ty = turbofish(call);
        let written = ty.map(|ty| self.ty(ty)).unwrap_or_default();
        match (&written, ty) {
            (Ty::Option(inner), _) => self.sum_of_some(source, op, Wrapper::Option, inner),
            (Ty::Result(inner), _) => self.sum_of_some(source, op, Wrapper::Result, inner),
            (Ty::Unknown | Ty::Struct | Ty::Matrix(_), Some(ty))
                if !matches!(ty, syn::Type::Infer(_)) =>
            {
                self.sum_of_own(source, op, ty, written)
            }
            _ => self.sum_of_numbers(source, op, written),
        }
    }

    fn sum_of_numbers(&mut self, source: &Source, op: Op, ty: Ty) -> Value {
        let var = self.fresh("sum", ty, VarKind::Mutable);
        let (stmts, ()) = self.captured(|lower| {
            lower.iterate(source, &mut |lower, item| lower.add_number(var, op, item));
        });
        let rhs = self.neutral(var, op);
        self.out.push(Stmt::Let { var, rhs });
        self.out.extend(stmts);
        self.scalar(var)
    }

    /// The sum of what is there; ends with the first item that is not.
    fn sum_of_some(&mut self, source: &Source, op: Op, wrapper: Wrapper, of: &Ty) -> Value {
        let var = self.fresh("sum", of.clone(), VarKind::Mutable);
        let (stmts, value) = self.captured(|lower| {
            lower.until_absent(
                source,
                Some(wrapper),
                &mut |_, item| item,
                &mut |lower, item| lower.add_number(var, op, item),
                |lower| lower.scalar(var),
            )
        });
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
        let nothing: syn::Expr = match op {
            Op::Add => {
                syn::parse_quote!(<#ty as ::core::iter::Sum<#ty>>::sum(::core::iter::empty::<#ty>()))
            }
            _ => {
                syn::parse_quote!(<#ty as ::core::iter::Product<#ty>>::product(::core::iter::empty::<#ty>()))
            }
        };
        let var = self.fresh("sum", known.clone(), VarKind::Mutable);
        let rhs = Rhs::Use(super::constant(nothing, known));
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
            (Ty::Float(FloatTy::Param(t)), Op::Add) => syn::parse_quote!(
                <#t as ::core::iter::Sum<#t>>::sum(::core::iter::empty::<#t>())
            ),
            (Ty::Float(FloatTy::Param(t)), _) => syn::parse_quote!(
                <#t as ::core::iter::Product<#t>>::product(::core::iter::empty::<#t>())
            ),
            (_, Op::Add) => syn::parse_quote!(-0.0),
            _ => syn::parse_quote!(1.0),
        };
        Rhs::Use(super::constant(expr, ty))
    }
}
