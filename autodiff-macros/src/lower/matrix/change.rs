//! Changes of a matrix or a part of it: loops over its elements, or its new value from that of a function of the runtime.
//!
//! ```text
//! m.row_mut(i).copy_from(&r)      for j in 0..n { m[(i, 0 + j)] = r[(0, j)] }
//! m.scale_mut(s)                  for j, i { m[(i, j)] *= s }
//! v.axpy(a, &x, b)                t1 = call matrix::axpy(&v, &a, &x, &b); v = t1
//! lu.solve_mut(&mut b)            t1 = call matrix::lu_solve(&lu, &b); b = t1
//! ```

use super::super::source::Source;
use super::super::value::{Callable, Value};
use super::super::{Lower, int};
use super::block::Block;
use super::methods::found;
use super::table;
use crate::ir::{Arg, FloatTy, Op, Operand, Place, Rhs, Stmt, Ty};
use syn::Expr;

impl Lower<'_> {
    /// A method that gives a part to be changed, or that changes one, or all of the matrix.
    pub(super) fn block_method(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        if let Some(block) = self.block_of(receiver, call) {
            return Some(Value::Block(Box::new(block)));
        }
        let args: Vec<&Expr> = call.args.iter().collect();
        let name = call.method.to_string();
        if let Some(part) = self.ranged(receiver, &name, &args) {
            return Some(part);
        }
        match (name.as_str(), args.as_slice()) {
            ("set_row" | "set_column" | "fill_row" | "fill_column", [at, value]) => {
                let part = if name.ends_with("row") {
                    "row"
                } else {
                    "column"
                };
                let place = self.place_of(receiver.clone());
                let block = self.block(place, part, &[at], None)?;
                if name.starts_with("set") {
                    self.copy_block(&block, value);
                } else {
                    self.fill_block(&block, value);
                }
            }
            ("set_diagonal" | "fill_diagonal", [value]) => {
                let place = self.place_of(receiver.clone());
                self.change_diagonal(&place, &name, value);
            }
            ("row_iter_mut" | "column_iter_mut", []) => {
                let place = self.place_of(receiver.clone());
                return Some(self.lines(place, &name));
            }
            _ if is_change(&name, args.len()) => {
                let place = self.place_of(receiver.clone());
                let block = self.whole(place);
                return self.change_block(&block, call);
            }
            _ => return None,
        }
        Some(Value::Unit)
    }

    fn change_diagonal(&mut self, place: &Place, name: &str, value: &Expr) {
        let source = match name {
            "set_diagonal" => Ok(self.place(value)),
            _ => Err(self.operand(value)),
        };
        let sides = ["nrows", "ncols"].map(|side| self.dimension(place, side));
        let [n, m] = [&sides[0], &sides[1]].map(|o| self.mentioned(o));
        let expr = syn::parse_quote!(usize::min(#n, #m));
        let len = self.cheap(expr, &[&sides[0], &sides[1]], Ty::Int);
        self.each(int(0), len, false, &mut |lower, k| {
            let value = match &source {
                Ok(source) => lower.read_at(source, k.clone()),
                Err(value) => value.clone(),
            };
            let place = lower.element_at(place, k.clone(), k);
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    /// A method of a part: a change of it, or what reads a copy of it.
    pub fn block_call(&mut self, block: &Block, call: &syn::ExprMethodCall) -> Option<Value> {
        if let Some(value) = self.change_block(block, call) {
            return Some(value);
        }
        let whole = Value::Block(Box::new(block.clone()));
        if let Some(value) = self.defined_change(&whole, call) {
            return Some(value);
        }
        let place = self.part_value(block);
        self.value_method(Value::Place(place), call)
    }

    fn change_block(&mut self, block: &Block, call: &syn::ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let args: Vec<&Expr> = call.args.iter().collect();
        match (name.as_str(), args.as_slice()) {
            ("copy_from", [source]) => self.copy_block(block, source),
            ("tr_copy_from", [source]) => self.copy_transposed(block, source),
            ("copy_from_slice", [source]) => self.copy_listed(block, source),
            ("fill", [value]) => self.fill_block(block, value),
            ("fill_with_identity", []) => self.fill_with_identity(block),
            ("neg_mut", []) => self.negate_block(block),
            ("apply", [f]) => {
                let f = self.callable(f)?;
                self.apply_to_block(block, None, &f);
            }
            ("zip_apply", [other, f]) => {
                let f = self.callable(f)?;
                let other = self.place(other);
                self.apply_to_block(block, Some(&other), &f);
            }
            (name, [value]) if operator(name).is_some() => {
                let value = self.arithmetic_arg(value);
                self.update_block(operator(name)?, block, &value);
            }
            ("iter" | "iter_mut", []) => {
                let source = Source::Block(Box::new(block.clone()));
                return Some(Value::Iter(Box::new(source)));
            }
            _ => return self.replaced_block(block, &name, &args),
        }
        Some(Value::Unit)
    }

    /// The block becomes what a function makes of it.
    fn replaced_block(&mut self, block: &Block, name: &str, args: &[&Expr]) -> Option<Value> {
        let (function, takes, _) = found(table::CHANGES, name, args.len())?;
        let before = self.part_value(block);
        let element = Box::new(self.place_ty(&before).peel().element());
        let args = self.passed(before.clone(), takes, args);
        let value = match name {
            "normalize_mut" => self.runtime_call("norm", None, args.clone(), (*element).clone()),
            _ => Value::Unit,
        };
        let after = self.runtime_call(function, None, args, Ty::Matrix(element));
        self.assign_block(block, after);
        Some(value)
    }

    fn assign_block(&mut self, block: &Block, value: Value) {
        let value = self.operand_of(value);
        let Operand::Var(var) = value else { return };
        if block.is_whole() {
            let place = block.matrix.clone();
            return self.out.push(Stmt::Assign { place, value });
        }
        self.copy_part(block, &Place::var(var));
    }

    /// A loop over elements that are read elsewhere.
    pub(super) fn copy_part(&mut self, block: &Block, source: &Place) {
        self.each_in_block(block, &mut |lower, place, i, j| {
            let value = lower.read_pair(source, i, j);
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    fn read_pair(&mut self, matrix: &Place, i: Operand, j: Operand) -> Operand {
        let from = self.element_at(matrix, i, j);
        let ty = self.place_ty(&from);
        self.temp(Rhs::Read(from), ty)
    }

    fn copy_block(&mut self, block: &Block, source: &Expr) {
        let source = self.place(source);
        self.copy_part(block, &source);
    }

    fn copy_transposed(&mut self, block: &Block, source: &Expr) {
        let source = self.place(source);
        self.each_in_block(block, &mut |lower, place, i, j| {
            let value = lower.read_pair(&source, j, i);
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    /// Column by column from a slice.
    fn copy_listed(&mut self, block: &Block, source: &Expr) {
        let source = self.place(source);
        let rows = block.rows.clone();
        self.each_in_block(block, &mut |lower, place, i, j| {
            let start = lower.arithmetic(Op::Mul, j, rows.clone());
            let k = lower.arithmetic(Op::Add, start, i);
            let value = lower.read_at(&source, k);
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    fn fill_block(&mut self, block: &Block, value: &Expr) {
        let value = self.operand(value);
        self.each_in_block(block, &mut |lower, place, _, _| {
            let value = value.clone();
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    fn fill_with_identity(&mut self, block: &Block) {
        let element = self.place_ty(&block.matrix).peel().element();
        let (one, zero): (Expr, Expr) = match &element {
            Ty::Float(FloatTy::Param(t)) => (
                syn::parse_quote!(#t::from_f64(1.0).unwrap()),
                syn::parse_quote!(#t::from_f64(0.0).unwrap()),
            ),
            _ => (syn::parse_quote!(1.0), syn::parse_quote!(0.0)),
        };
        self.each_in_block(block, &mut |lower, place, i, j| {
            let (a, b) = (lower.mentioned(&i), lower.mentioned(&j));
            let expr = syn::parse_quote!(if #a == #b { #one } else { #zero });
            let value = lower.cheap(expr, &[&i, &j], element.clone());
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    fn negate_block(&mut self, block: &Block) {
        self.each_in_block(block, &mut |lower, place, _, _| {
            let ty = lower.place_ty(&place);
            let x = lower.temp(Rhs::Read(place.clone()), ty);
            let value = lower.arithmetic_operation(Op::Neg, vec![Arg::Value(x)]);
            let value = lower.operand_of(value);
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    /// `f(&mut element)`, `f(&mut element, other)`
    fn apply_to_block(&mut self, block: &Block, other: Option<&Place>, f: &Callable) {
        self.each_in_block(block, &mut |lower, place, i, j| {
            let mutable = true;
            let mut items = vec![Value::Ref { place, mutable }];
            if let Some(other) = other {
                items.push(Value::Operand(lower.read_pair(other, i, j)));
            }
            let value = lower.apply(f, items);
            lower.drop_value(value);
        });
    }

    /// `block op= value`, where the value is a matrix or a scalar.
    pub fn update_block(&mut self, op: Op, block: &Block, value: &Arg) {
        let source = match value {
            Arg::Ref(place) => Some(place.clone()),
            Arg::Value(Operand::Var(v)) if self.function.var(*v).ty.is_matrix() => {
                Some(Place::var(*v))
            }
            _ => None,
        };
        self.each_in_block(block, &mut |lower, place, i, j| {
            let value = match (&source, value) {
                (Some(source), _) => lower.read_pair(source, i, j),
                (None, Arg::Value(scalar)) => scalar.clone(),
                (None, _) => return,
            };
            lower.out.push(Stmt::Update { op, place, value });
        });
    }

    /// A method of what the receiver knows that changes its argument: `lu.solve_mut(&mut b)`.
    pub(super) fn changed_argument(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let solves = name.strip_suffix("_mut").filter(|n| n.contains("solve"));
        let pure = solves.or((name == "q_tr_mul").then_some(name.as_str()))?;
        let [target] = call.args.iter().collect::<Vec<_>>()[..] else {
            return None;
        };
        let method = syn::Ident::new(pure, call.method.span());
        let call = syn::ExprMethodCall {
            method,
            ..call.clone()
        };
        let solution = self.called_method(receiver, &call)?;
        self.store(target, solution)
    }

    /// A method that changes the factorisation: `cholesky.rank_one_update(&x, s)`.
    pub(super) fn changed_factors(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        if call.method != "rank_one_update" {
            return None;
        }
        let value = self.called_method(receiver, call)?;
        let place = self.place_of(receiver.clone());
        let value = self.operand_of(value);
        self.out.push(Stmt::Assign { place, value });
        Some(Value::Unit)
    }

    /// A method that writes its value to its last argument: `a.mul_to(&b, &mut c)`.
    pub(super) fn written_argument(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Value> {
        let name = call.method.to_string();
        let args: Vec<&Expr> = call.args.iter().collect();
        let (target, args) = args.split_last()?;
        let value = match (name.as_str(), args) {
            ("mul_to" | "add_to" | "sub_to", [b]) => {
                let a = Arg::Ref(self.place_of(receiver.clone()));
                let b = self.arithmetic_arg(b);
                self.arithmetic_operation(written_operator(&name)?, vec![a, b])
            }
            ("tr_mul_to" | "ad_mul_to" | "transpose_to" | "adjoint_to", _) => {
                let mut pure = call.clone();
                pure.args.pop();
                pure.method = syn::Ident::new(name.strip_suffix("_to")?, call.method.span());
                self.called_method(receiver, &pure)?
            }
            _ => return None,
        };
        self.store(target, value)
    }

    /// Assigns to what is lent to be changed; tells whether there was a value, if there may be none.
    pub(super) fn store(&mut self, target: &Expr, value: Value) -> Option<Value> {
        let (found, value) = match value {
            Value::Optional(optional) => {
                let some = optional.some.clone();
                (Value::Operand(some), self.payload(optional.payload))
            }
            value => (Value::Unit, value),
        };
        match self.value(target) {
            Value::Block(block) => self.assign_block(&block, value),
            target => {
                let place = self.place_of(target);
                let value = self.operand_of(value);
                self.out.push(Stmt::Assign { place, value });
            }
        }
        Some(found)
    }

    /// The rows or columns one after the other, to be changed.
    fn lines(&mut self, matrix: Place, name: &str) -> Value {
        let name = if name.starts_with("row") {
            "row"
        } else {
            "column"
        };
        let mutable = true;
        let source = Source::Lines {
            matrix,
            name,
            mutable,
        };
        Value::Iter(Box::new(source))
    }
}

/// The operator that a method is in place.
fn operator(name: &str) -> Option<Op> {
    Some(match name {
        "scale_mut" | "component_mul_assign" | "mul_assign" => Op::Mul,
        "unscale_mut" | "component_div_assign" | "div_assign" => Op::Div,
        "add_scalar_mut" | "add_assign" => Op::Add,
        "sub_assign" => Op::Sub,
        _ => return None,
    })
}

fn written_operator(name: &str) -> Option<Op> {
    Some(match name {
        "mul_to" => Op::Mul,
        "add_to" => Op::Add,
        "sub_to" => Op::Sub,
        _ => return None,
    })
}

/// Does the method change the matrix?
fn is_change(name: &str, args: usize) -> bool {
    const LOOPS: &[(&str, usize)] = &[
        ("copy_from", 1),
        ("tr_copy_from", 1),
        ("copy_from_slice", 1),
        ("fill", 1),
        ("fill_with_identity", 0),
        ("neg_mut", 0),
        ("apply", 1),
        ("zip_apply", 2),
    ];
    LOOPS.contains(&(name, args))
        || (operator(name).is_some() && args == 1)
        || found(table::CHANGES, name, args).is_some()
}
