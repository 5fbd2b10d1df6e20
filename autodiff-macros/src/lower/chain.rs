//! The ends of iterator chains: `sum`, `fold`, `collect` and the like, as loops.

use super::expr::Value;
use super::source::{Source, is_iterator};
use super::{Lower, boolean, int};
use crate::ir::{Aggregate, Block, FloatTy, Op, Operand, Place, Rhs, Stmt, Ty, VarId, VarKind};
use syn::spanned::Spanned;

impl<'a> Lower<'a> {
    /// The value of a chain; `None` if the call does not end one.
    pub fn consumer(&mut self, call: &syn::ExprMethodCall) -> Option<Value> {
        let name = call.method.to_string();
        let known = [
            "sum", "product", "fold", "for_each", "collect", "count", "any", "all",
        ];
        if !known.contains(&name.as_str()) || !is_iterator(&call.receiver) {
            return None;
        }
        let source = self.known_source(&call.receiver)?;
        let depth = self.scopes.depth();
        let mut args = call.args.iter();
        let (first, second) = (args.next(), args.next());
        match (name.as_str(), first, second) {
            ("sum", None, _) => Some(self.accumulated(&source, Op::Add)),
            ("product", None, _) => Some(self.accumulated(&source, Op::Mul)),
            ("fold", Some(init), Some(f)) => {
                let init = self.operand(init);
                Some(self.fold(&source, init, f, depth))
            }
            ("for_each", Some(f), None) => {
                self.iterate(&source, None, None, &mut |lower, item| {
                    let value = lower.apply(f, depth, vec![item]);
                    if let Value::Rhs(rhs, _) = value {
                        lower.discard(rhs);
                    }
                });
                Some(Value::Unit)
            }
            ("collect", None, _) => self.collect(&source, call),
            ("count", None, _) => Some(self.count(&source)),
            ("any", Some(f), None) => Some(self.search(&source, f, depth, true)),
            ("all", Some(f), None) => Some(self.search(&source, f, depth, false)),
            _ => None,
        }
    }

    fn mutable(&mut self, hint: &str, ty: Ty) -> (VarId, Place, usize) {
        let var = self.fresh(hint, ty, VarKind::Mutable);
        let at = self.out.len();
        self.out.push(Stmt::Declare(var));
        (var, Place::var(var), at)
    }

    fn start(&mut self, at: usize, var: VarId, rhs: Rhs) {
        self.out[at] = Stmt::Let { var, rhs };
    }

    /// `sum` and `product`, which begin where those of the standard library do.
    fn accumulated(&mut self, source: &Source, op: Op) -> Value {
        let (var, place, at) = self.mutable("sum", Ty::Unknown);
        self.iterate(source, None, None, &mut |lower, item| {
            let value = lower.operand_of(item);
            lower.learn(&place, &value);
            lower.out.push(Stmt::Update {
                op,
                place: place.clone(),
                value,
            });
        });
        let start = self.neutral(var, op);
        self.start(at, var, start);
        Value::Place(place)
    }

    fn neutral(&mut self, var: VarId, op: Op) -> Rhs {
        let ty = self.function.var(var).ty.clone();
        let expr = match (&ty, op) {
            (Ty::Int, Op::Add) => return Rhs::Use(int(0)),
            (Ty::Int, _) => return Rhs::Use(int(1)),
            (Ty::Float(FloatTy::Param(t)), Op::Add) => {
                syn::parse_quote!(-<#t as ::core::default::Default>::default())
            }
            (Ty::Float(FloatTy::Param(t)), _) => {
                syn::parse_quote!([<#t as ::core::default::Default>::default(); 0].into_iter().product())
            }
            (_, Op::Add) => syn::parse_quote!(-0.0),
            _ => syn::parse_quote!(1.0),
        };
        Rhs::Use(super::constant(expr, ty))
    }

    fn fold(&mut self, source: &Source, init: Operand, f: &syn::Expr, depth: usize) -> Value {
        let ty = self.function.operand_ty(&init).clone();
        let (var, place, at) = self.mutable("fold", ty);
        self.start(at, var, Rhs::Use(init));
        self.iterate(source, None, None, &mut |lower, item| {
            let so_far = Value::Place(place.clone());
            let next = lower.apply(f, depth, vec![so_far, item]);
            let value = lower.operand_of(next);
            lower.learn(&place, &value);
            lower.out.push(Stmt::Assign {
                place: place.clone(),
                value,
            });
        });
        Value::Place(place)
    }

    fn collect(&mut self, source: &Source, call: &syn::ExprMethodCall) -> Option<Value> {
        if let Some(turbofish) = &call.turbofish {
            let text = quote::quote!(#turbofish).to_string();
            if !text.contains("Vec <") {
                self.diagnostics.collect_target(turbofish.span());
                return None;
            }
        }
        let (var, place, at) = self.mutable("collected", Ty::Unknown);
        self.iterate(source, None, None, &mut |lower, item| {
            let value = lower.operand_of(item);
            let element = lower.function.operand_ty(&value).clone();
            lower.function.vars[var.0 as usize].ty = Ty::Vec(Box::new(element));
            lower.out.push(Stmt::Push {
                place: place.clone(),
                value,
            });
        });
        self.start(at, var, Rhs::Aggregate(Aggregate::Vec, Vec::new()));
        Some(Value::Place(place))
    }

    fn count(&mut self, source: &Source) -> Value {
        let (var, place, at) = self.mutable("count", Ty::Int);
        self.start(at, var, Rhs::Use(int(0)));
        self.iterate(source, None, None, &mut |lower, _| {
            lower.out.push(Stmt::Update {
                op: Op::Add,
                place: place.clone(),
                value: int(1),
            });
        });
        Value::Place(place)
    }

    /// `any` and `all`.
    fn search(&mut self, source: &Source, f: &syn::Expr, depth: usize, wanted: bool) -> Value {
        let (var, place, at) = self.mutable("found", Ty::Bool);
        self.start(at, var, Rhs::Use(boolean(!wanted)));
        self.iterate(source, None, None, &mut |lower, item| {
            let hit = lower.apply(f, depth, vec![item]);
            let hit = lower.operand_of(hit);
            let set = Stmt::Assign {
                place: place.clone(),
                value: boolean(wanted),
            };
            let (set, none) = (Block::new(vec![set]), Block::default());
            let (then, els) = if wanted { (set, none) } else { (none, set) };
            let cond = hit;
            lower.out.push(Stmt::If { cond, then, els });
        });
        Value::Place(place)
    }

    /// Applies a closure or a function to values.
    pub fn apply(&mut self, f: &syn::Expr, depth: usize, args: Vec<Value>) -> Value {
        match super::place::peel(f) {
            syn::Expr::Closure(closure) => self.inline(closure, depth, args),
            syn::Expr::Path(path) => {
                let local = path.path.get_ident().and_then(|n| self.scopes.get(n));
                if let Some(super::scope::Binding::Closure(closure, seen)) = local.cloned() {
                    let here = std::mem::replace(&mut self.scopes, *seen);
                    let depth = self.scopes.depth();
                    let value = self.inline(&closure, depth, args);
                    self.scopes = here;
                    return value;
                }
                self.apply_path(path, args)
            }
            other => {
                self.diagnostics.not_a_closure(other.span());
                Value::Unit
            }
        }
    }

    /// The body of a closure in place of its call.
    pub fn inline(&mut self, closure: &syn::ExprClosure, depth: usize, args: Vec<Value>) -> Value {
        if super::control::expr_may_jump(&closure.body) {
            self.diagnostics.closure_returns(closure.span());
            return Value::Unit;
        }
        let above = self.scopes.take_above(depth);
        self.scopes.push();
        for (pat, arg) in closure.inputs.iter().zip(args) {
            self.bind_pattern(pat, arg);
        }
        let value = self.value(&closure.body);
        let value = self.outliving(value);
        self.scopes.pop();
        self.scopes.put_back(depth, above);
        value
    }
}
