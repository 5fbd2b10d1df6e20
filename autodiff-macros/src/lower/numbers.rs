//! Methods of numbers: functions with rules, operators, comparisons, and what only integers have.
//!
//! ```text
//! x.hypot(2.0)      hypot(x, 2.0)
//! n.pow(2)          a piece of code without derivative
//! ```

use super::Lower;
use super::value::Value;
use crate::ends::method_ty;
use crate::ir::{Arg, Op, Operand, Ty};
use proc_macro2::Ident;

impl Lower<'_> {
    /// Scalar functions, and integer methods.
    pub fn scalar_method(
        &mut self,
        receiver: &Value,
        method: &Ident,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let name = method.to_string();
        let ty = self.value_ty(receiver);
        let integer = ty.peel().is_inert();
        if let ("partial_cmp" | "total_cmp" | "cmp", [other]) = (name.as_str(), args) {
            return self.comparison(method, receiver.clone(), other);
        }
        if integer && is_integer_method(&name) {
            return Some(self.integer_method(receiver.clone(), method, args, ty.peel().clone()));
        }
        if name == "sin_cos" && args.is_empty() {
            let receiver = self.behind(receiver.clone());
            let x = self.operand_of(receiver);
            let parts = ["sin", "cos"].map(|name| {
                let value = self.rule(name, vec![x.clone()]).unwrap_or(Value::Unit);
                self.settled(value)
            });
            return Some(Value::Tuple(parts.into()));
        }
        if let Some(value) = self.operator_method(receiver, &name, args) {
            return Some(value);
        }
        if integer || crate::rules::find(&name, args.len() + 1).is_none() {
            return None;
        }
        let receiver = self.behind(receiver.clone());
        let mut operands = vec![self.operand_of(receiver)];
        operands.extend(args.iter().map(|a| self.operand(a)));
        let integers = operands[1..]
            .iter()
            .any(|o| *self.function.operand_ty(o) == Ty::Int);
        let unknown = *self.function.operand_ty(&operands[0]) == Ty::Unknown;
        if unknown && integers && matches!(name.as_str(), "min" | "max" | "clamp") {
            return Some(self.integer_call(method, &operands, Ty::Int));
        }
        self.rule(&name, operands)
    }

    /// `x.neg()`, `a.mul(b)`: the operator of a float as a method.
    fn operator_method(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let op = match (name, args) {
            ("neg", []) => Op::Neg,
            ("add", [_]) => Op::Add,
            ("sub", [_]) => Op::Sub,
            ("mul", [_]) => Op::Mul,
            ("div", [_]) => Op::Div,
            ("rem", [_]) => Op::Rem,
            _ => return None,
        };
        if !self.value_ty(receiver).peel().is_float() {
            return None;
        }
        let receiver = self.behind(receiver.clone());
        let mut operands = vec![self.operand_of(receiver)];
        for arg in args {
            let value = self.value(arg);
            let value = self.behind(value);
            operands.push(self.operand_of(value));
        }
        let operands = operands.into_iter().map(Arg::Value).collect();
        Some(self.arithmetic_operation(op, operands))
    }

    /// How two numbers compare, seen through references.
    fn comparison(&mut self, method: &Ident, a: Value, b: &syn::Expr) -> Option<Value> {
        let mark = self.mark();
        let b = self.value(b);
        let value = self.compared_by([a, b], &|a, b| syn::parse_quote!(#a.#method(&#b)));
        if value.is_none() {
            self.roll_back(mark);
        }
        value
    }

    /// Two numbers compared by code that is made of them.
    pub fn compared_by(
        &mut self,
        values: [Value; 2],
        code: &dyn Fn(syn::Expr, syn::Expr) -> syn::Expr,
    ) -> Option<Value> {
        let scalar = |ty: &Ty| matches!(ty.peel(), Ty::Float(_) | Ty::Int | Ty::Bool);
        if !values.iter().all(|v| scalar(&self.value_ty(v))) {
            return None;
        }
        let [a, b] = values.map(|v| {
            let v = self.behind(v);
            self.operand_of(v)
        });
        a.as_var()?;
        let (x, y) = (self.mentioned(&a), self.mentioned(&b));
        let order = self.built(code(x, y), &[&a, &b], Ty::Inert, false);
        Some(Value::Operand(order))
    }

    fn integer_method(
        &mut self,
        receiver: Value,
        method: &Ident,
        args: &[&syn::Expr],
        ty: Ty,
    ) -> Value {
        let receiver = self.behind(receiver);
        let mut operands = vec![self.operand_of(receiver)];
        operands.extend(args.iter().map(|a| self.operand(a)));
        let ty = match method_ty(&method.to_string()) {
            Ty::Unknown => ty,
            known => known,
        };
        self.integer_call(method, &operands, ty)
    }

    fn integer_call(&mut self, method: &Ident, operands: &[Operand], ty: Ty) -> Value {
        let exprs: Vec<syn::Expr> = operands.iter().map(|o| self.mentioned(o)).collect();
        let (first, others) = (&exprs[0], &exprs[1..]);
        let expr = syn::parse_quote!(#first.#method(#(#others),*));
        let operands: Vec<&Operand> = operands.iter().collect();
        Value::Operand(self.cheap(expr, &operands, ty))
    }

    /// `i.clamp(1, n)`, where all that is known of `i` is that it has no derivative.
    pub fn integer_of_inert(
        &mut self,
        receiver: &Value,
        method: &Ident,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        if args.is_empty() || !is_integer_method(&method.to_string()) {
            return None;
        }
        let mark = self.mark();
        let receiver = self.behind(receiver.clone());
        let mut operands = vec![self.operand_of(receiver)];
        operands.extend(args.iter().map(|a| self.operand(a)));
        let others = &mut operands[1..].iter();
        if others.all(|o| *self.function.operand_ty(o) == Ty::Int) {
            return Some(self.integer_call(method, &operands, Ty::Int));
        }
        self.roll_back(mark);
        None
    }

    /// A scalar function of a constant and a number, which tells that the constant is a number too: `self.base.powf(x)`.
    pub fn rule_of_inert(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        if args.is_empty() || crate::rules::find(name, args.len() + 1).is_none() {
            return None;
        }
        let mark = self.mark();
        let receiver = self.behind(receiver.clone());
        let mut operands = vec![self.operand_of(receiver)];
        operands.extend(args.iter().map(|a| self.operand(a)));
        if operands
            .iter()
            .any(|o| self.function.operand_ty(o).is_float())
        {
            return self.rule(name, operands);
        }
        self.roll_back(mark);
        None
    }
}

/// Methods of integers and `bool`s that are pure and cheap.
fn is_integer_method(name: &str) -> bool {
    matches!(
        name,
        "abs"
            | "min"
            | "max"
            | "clamp"
            | "pow"
            | "signum"
            | "rem_euclid"
            | "div_euclid"
            | "div_ceil"
            | "saturating_sub"
            | "saturating_add"
            | "wrapping_add"
            | "wrapping_sub"
            | "wrapping_mul"
            | "abs_diff"
            | "isqrt"
            | "ilog2"
            | "ilog10"
            | "trailing_zeros"
            | "leading_zeros"
            | "count_ones"
            | "is_power_of_two"
            | "next_power_of_two"
            | "is_multiple_of"
            | "unsigned_abs"
            | "is_positive"
            | "is_negative"
            | "midpoint"
    )
}
