//! Method calls.

use super::expr::Value;
use super::place::peel;
use super::{Lower, int};
use crate::ir::{
    Aggregate, Block, FloatTy, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarKind,
};
use proc_macro2::Ident;

impl Lower<'_> {
    /// A method call.
    pub fn method(&mut self, call: &syn::ExprMethodCall) -> Value {
        let name = call.method.to_string();
        if let Some(value) = self.consumer(call) {
            return value;
        }
        if let Some(value) = self.unwrapped(call, &name) {
            return value;
        }
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        if let Some(value) = self.view_method(call, &name, &args) {
            return value;
        }
        if let Some(value) = self.container_method(call, &name, &args) {
            return value;
        }
        if let Some(value) = self.scalar_method(call, &name, &args) {
            return value;
        }
        let ty = method_ty(&name);
        self.inert(&syn::Expr::MethodCall(call.clone()), ty)
    }

    /// `first().unwrap()`, `get(i).copied().unwrap()`, `pop().unwrap()`, `T::from(0.5).unwrap()`
    fn unwrapped(&mut self, call: &syn::ExprMethodCall, name: &str) -> Option<Value> {
        if name != "unwrap" && name != "expect" {
            return None;
        }
        match peel(&call.receiver) {
            syn::Expr::MethodCall(inner) => self.some_element(inner),
            syn::Expr::Call(inner) => {
                let param = self.conversion_target(inner)?;
                let ty = Ty::Float(FloatTy::Param(param));
                let whole = syn::Expr::MethodCall(call.clone());
                Some(self.inert(&whole, ty))
            }
            _ => None,
        }
    }

    /// `T` in `T::from(x)` and `T::from_f64(x)`, which give an `Option`.
    fn conversion_target(&self, call: &syn::ExprCall) -> Option<Ident> {
        let syn::Expr::Path(path) = &*call.func else {
            return None;
        };
        let first = path.path.segments.first()?;
        (path.path.segments.len() == 2 && self.floats.contains(&first.ident))
            .then(|| first.ident.clone())
    }

    fn some_element(&mut self, call: &syn::ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let mutable = name.ends_with("_mut");
        match (name.as_str(), call.args.first()) {
            ("copied" | "cloned", None) => match peel(&call.receiver) {
                syn::Expr::MethodCall(inner) => match self.some_element(inner)? {
                    Value::Ref { place, .. } => Some(Value::Place(place)),
                    other => Some(other),
                },
                _ => None,
            },
            ("first" | "first_mut", None) => {
                let place = self.place(&call.receiver).then(Proj::Index(int(0)));
                Some(Value::Ref { place, mutable })
            }
            ("last" | "last_mut", None) => {
                let place = self.place(&call.receiver);
                let last = self.last_index(&place);
                let place = place.then(Proj::Index(last));
                Some(Value::Ref { place, mutable })
            }
            ("get" | "get_mut", Some(index)) => {
                let place = self.place(&call.receiver);
                let index = self.operand(index);
                let place = place.then(Proj::Index(index));
                Some(Value::Ref { place, mutable })
            }
            ("pop", None) => {
                let place = self.place(&call.receiver);
                let last = self.last_index(&place);
                let element = self.place_ty(&place).element();
                if matches!(element, Ty::Vec(_)) {
                    return None;
                }
                let at = place.clone().then(Proj::Index(last.clone()));
                let value = self.temp(Rhs::Read(at), element);
                self.out.push(Stmt::Truncate { place, len: last });
                Some(Value::Operand(value))
            }
            _ => None,
        }
    }

    fn last_index(&mut self, place: &Place) -> Operand {
        let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
        self.temp(Rhs::Op(Op::Sub, vec![len, int(1)]), Ty::Int)
    }

    /// Methods that give references or shapes.
    fn view_method(
        &mut self,
        call: &syn::ExprMethodCall,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        match (name, args) {
            ("len", []) => {
                let place = self.place(&call.receiver);
                Some(Value::Rhs(Rhs::Len(place), Ty::Int))
            }
            ("is_empty", []) => {
                let place = self.place(&call.receiver);
                if matches!(self.place_ty(&place), Ty::Inert | Ty::Unknown) {
                    return None;
                }
                let len = self.temp(Rhs::Len(place), Ty::Int);
                Some(self.operation(Op::Eq, len, int(0)))
            }
            ("as_slice" | "as_ref" | "borrow" | "as_mut_slice" | "as_mut" | "borrow_mut", []) => {
                let place = self.place(&call.receiver);
                let mutable = name.contains("mut");
                let known = matches!(
                    self.place_ty(&place),
                    Ty::Vec(_) | Ty::Array(_) | Ty::Slice(_)
                );
                known.then_some(Value::Ref { place, mutable })
            }
            ("split_at" | "split_at_mut", [at]) => {
                let place = self.place(&call.receiver);
                let at = self.operand(at);
                let mutable = name == "split_at_mut";
                let part = |lo, hi| Value::Ref {
                    place: place.clone().then(Proj::Range { lo, hi }),
                    mutable,
                };
                let (left, right) = (part(None, Some(at.clone())), part(Some(at), None));
                Some(Value::Tuple(vec![left, right]))
            }
            ("clone" | "to_vec" | "to_owned" | "into_boxed_slice", []) => Some(self.cloned(call)),
            ("into" | "copied" | "cloned", []) => {
                let operand = self.place(&call.receiver);
                let ty = self.place_ty(&operand);
                ty.is_float().then_some(Value::Place(operand))
            }
            _ => None,
        }
    }

    fn cloned(&mut self, call: &syn::ExprMethodCall) -> Value {
        let place = self.place(&call.receiver);
        let ty = match self.place_ty(&place) {
            Ty::Slice(t) => Ty::Vec(t),
            Ty::Array(t) if call.method == "to_vec" => Ty::Vec(t),
            Ty::Float(_) => return Value::Operand(self.operand_of(Value::Place(place))),
            other => other,
        };
        let method = call.method.clone();
        Value::Rhs(Rhs::Clone { place, method }, ty)
    }

    /// Methods that change a `Vec` or a slice.
    fn container_method(
        &mut self,
        call: &syn::ExprMethodCall,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        match (name, args) {
            ("push", [value]) => {
                let value = self.operand(value);
                let place = self.place(&call.receiver);
                self.learn_element(&place, &value);
                self.out.push(Stmt::Push { place, value });
            }
            ("truncate", [len]) => {
                let place = self.place(&call.receiver);
                let len = self.operand(len);
                self.out.push(Stmt::Truncate { place, len });
            }
            ("clear", []) => {
                let place = self.place(&call.receiver);
                self.known_container(&place)?;
                let len = int(0);
                self.out.push(Stmt::Truncate { place, len });
            }
            ("fill", [value]) => {
                let value = self.operand(value);
                let place = self.place(&call.receiver);
                self.each_index(&place, |lower, place| {
                    lower.out.push(Stmt::Assign {
                        place,
                        value: value.clone(),
                    });
                });
            }
            ("copy_from_slice" | "clone_from_slice", [source]) => {
                let source = self.place(source);
                let place = self.place(&call.receiver);
                self.copy_elements(&place, &source);
            }
            ("swap", [i, j]) => {
                let place = self.place(&call.receiver);
                let (i, j) = (self.operand(i), self.operand(j));
                self.swap_elements(place, i, j);
            }
            ("reverse", []) => {
                let place = self.place(&call.receiver);
                self.known_container(&place)?;
                self.reverse(place);
            }
            ("extend_from_slice", [source]) => {
                let source = self.place(source);
                let place = self.place(&call.receiver);
                let (from, to) = (source, place);
                self.each_index(&from, |lower, at| {
                    let value = lower.operand_of(Value::Place(at));
                    lower.learn_element(&to, &value);
                    let place = to.clone();
                    lower.out.push(Stmt::Push { place, value });
                });
            }
            ("extend", [source]) => {
                let place = self.place(&call.receiver);
                self.known_container(&place)?;
                let source = self.known_source(source)?;
                self.iterate(&source, None, None, &mut |lower, item| {
                    let value = lower.operand_of(item);
                    lower.learn_element(&place, &value);
                    let place = place.clone();
                    lower.out.push(Stmt::Push { place, value });
                });
            }
            _ => return None,
        }
        Some(Value::Unit)
    }

    fn known_container(&self, place: &Place) -> Option<()> {
        let ty = self.place_ty(place);
        matches!(ty, Ty::Vec(_) | Ty::Array(_) | Ty::Slice(_)).then_some(())
    }

    /// A `Vec` that was made empty gets its element type from what is pushed.
    fn learn_element(&mut self, place: &Place, value: &Operand) {
        let element = self.function.operand_ty(value).clone();
        let var = &mut self.function.vars[place.root.0 as usize];
        let open = match &var.ty {
            Ty::Vec(t) => matches!(**t, Ty::Unknown | Ty::Float(FloatTy::Literal)),
            _ => false,
        };
        if place.path.is_empty() && open && element != Ty::Unknown {
            var.ty = Ty::Vec(Box::new(element));
        }
    }

    /// A loop over the positions of a container; the body gets the place of each element.
    fn each_index(&mut self, place: &Place, body: impl FnOnce(&mut Self, Place)) {
        let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
        let index = self.fresh("k", Ty::Int, VarKind::Value);
        let element = place.clone().then(Proj::Index(Operand::Var(index)));
        let (block, ()) = self.captured(|lower| body(lower, element));
        self.out.push(counted(index, len, block));
    }

    fn copy_elements(&mut self, to: &Place, from: &Place) {
        let (to, from) = (to.clone(), from.clone());
        let (want, have) = (
            self.temp(Rhs::Len(to.clone()), Ty::Int),
            self.temp(Rhs::Len(from.clone()), Ty::Int),
        );
        let (w, h) = (self.mentioned(&want), self.mentioned(&have));
        let message = "source slice length ({}) does not match destination slice length ({})";
        let check = syn::parse_quote!(::core::assert!(#w == #h, #message, #h, #w));
        let inert = crate::ir::Inert {
            expr: check,
            uses: want.as_var().into_iter().chain(have.as_var()).collect(),
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        };
        self.out.push(Stmt::Effect(inert));
        let index = self.fresh("k", Ty::Int, VarKind::Value);
        let at = |place: &Place| place.clone().then(Proj::Index(Operand::Var(index)));
        let (block, ()) = self.captured(|lower| {
            let element = lower.place_ty(&at(&from));
            let value = match element {
                Ty::Vec(_) => {
                    let method = Ident::new("clone", proc_macro2::Span::mixed_site());
                    let place = at(&from);
                    lower.temp(Rhs::Clone { place, method }, element)
                }
                _ => lower.operand_of(Value::Place(at(&from))),
            };
            let place = at(&to);
            lower.out.push(Stmt::Assign { place, value });
        });
        self.out.push(counted(index, want, block));
    }

    fn swap_elements(&mut self, place: Place, i: Operand, j: Operand) {
        let ty = self.place_ty(&place).element();
        let (a, b) = (
            place.clone().then(Proj::Index(i)),
            place.then(Proj::Index(j)),
        );
        if matches!(ty, Ty::Vec(_)) {
            self.swap_rows(a, b);
            return;
        }
        let first = self.temp(Rhs::Read(a.clone()), ty.clone());
        let second = self.temp(Rhs::Read(b.clone()), ty);
        self.out.push(Stmt::Assign {
            place: a,
            value: second,
        });
        self.out.push(Stmt::Assign {
            place: b,
            value: first,
        });
    }

    /// Rows cannot be moved out of a `Vec`: they change places with an empty one.
    fn swap_rows(&mut self, a: Place, b: Place) {
        let ty = self.place_ty(&a);
        let spare = self.fresh("row", ty, VarKind::Mutable);
        self.out.push(Stmt::Let {
            var: spare,
            rhs: Rhs::Aggregate(Aggregate::Vec, Vec::new()),
        });
        let place = Place::var(spare);
        self.out.push(Stmt::Swap(a.clone(), place.clone()));
        self.out.push(Stmt::Swap(b, place.clone()));
        self.out.push(Stmt::Swap(a, place));
    }

    fn reverse(&mut self, place: Place) {
        let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
        let half = self.temp(Rhs::Op(Op::Div, vec![len.clone(), int(2)]), Ty::Int);
        let last = self.fresh("t", Ty::Int, VarKind::Value);
        let index = self.fresh("k", Ty::Int, VarKind::Value);
        let (block, ()) = self.captured(|lower| {
            let step = Rhs::Op(Op::Sub, vec![len, int(1)]);
            let end = lower.temp(step, Ty::Int);
            lower.out.push(Stmt::Let {
                var: last,
                rhs: Rhs::Op(Op::Sub, vec![end, Operand::Var(index)]),
            });
            lower.swap_elements(place, Operand::Var(index), Operand::Var(last));
        });
        self.out.push(counted(index, half, block));
    }

    /// Scalar functions, and integer methods.
    fn scalar_method(
        &mut self,
        call: &syn::ExprMethodCall,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let is_rule = crate::rules::find(name, args.len() + 1).is_some();
        let both = name == "sin_cos" && args.is_empty();
        if !(is_rule || both) {
            return None;
        }
        let receiver = match self.value(&call.receiver) {
            Value::Ref { place, .. } => Value::Place(place),
            other => other,
        };
        let receiver_ty = self.value_ty(&receiver);
        if receiver_ty.is_inert() {
            return self.integer_method(receiver, &call.method, args, receiver_ty);
        }
        let receiver = self.operand_of(receiver);
        if both {
            let sin = self.rule("sin", vec![receiver.clone()])?;
            let cos = self.rule("cos", vec![receiver])?;
            let parts = [sin, cos].map(|v| Value::Operand(self.operand_of(v)));
            return Some(Value::Tuple(parts.into()));
        }
        let mut operands = vec![receiver];
        operands.extend(args.iter().map(|a| self.operand(a)));
        self.rule(name, operands)
    }

    fn integer_method(
        &mut self,
        receiver: Value,
        method: &Ident,
        args: &[&syn::Expr],
        ty: Ty,
    ) -> Option<Value> {
        let mut operands = vec![self.operand_of(receiver)];
        operands.extend(args.iter().map(|a| self.operand(a)));
        let exprs: Vec<syn::Expr> = operands.iter().map(|o| self.mentioned(o)).collect();
        let (first, others) = exprs.split_first()?;
        let expr = syn::parse_quote!(#first.#method(#(#others),*));
        let operands: Vec<&Operand> = operands.iter().collect();
        Some(Value::Operand(self.cheap(expr, &operands, ty)))
    }
}

/// `for index in 0..len { block }`
fn counted(var: crate::ir::VarId, len: Operand, block: Vec<Stmt>) -> Stmt {
    Stmt::For {
        var,
        range: Range {
            lo: int(0),
            hi: len,
            inclusive: false,
            rev: false,
            step: None,
        },
        body: Block::new(block),
        exit: None,
    }
}

/// The result type of methods that surely have no derivative.
fn method_ty(name: &str) -> Ty {
    match name {
        "is_nan" | "is_finite" | "is_infinite" | "is_normal" | "is_sign_negative"
        | "is_sign_positive" | "is_empty" | "contains" | "is_some" | "is_none" | "eq" | "ne"
        | "lt" | "gt" | "le" | "ge" | "contains_key" | "starts_with" | "ends_with" | "is_zero"
        | "is_positive" | "is_negative" => Ty::Bool,
        "len" | "count" | "pow" | "leading_zeros" | "trailing_zeros" | "count_ones" | "isqrt"
        | "saturating_sub" | "saturating_add" | "wrapping_add" | "wrapping_sub"
        | "wrapping_mul" | "checked_pow" | "ilog2" | "nrows" | "ncols" | "capacity" | "to_bits"
        | "classify" | "abs_diff" | "div_ceil" => Ty::Int,
        "cmp" | "partial_cmp" | "total_cmp" | "to_string" | "as_str" | "to_usize" | "to_i32"
        | "to_i64" | "to_u32" | "to_u64" => Ty::Inert,
        _ => Ty::Unknown,
    }
}
