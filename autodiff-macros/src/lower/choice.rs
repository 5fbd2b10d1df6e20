//! One of several functions, by its number.
//!
//! ```text
//! let f = if smooth { f64::tanh } else { |a| a.max(0.0) };      let t1; if smooth { t1 = 0 } else { t1 = 1 }
//! f(x)                                                          let t2; if t1 == 0 { t2 = x.tanh() } else { t2 = x.max(0.0) }
//! ```
//!
//! An item of a list of functions, `[f64::sin, f64::cos][k]`, is such a choice too: there are no functions in the program, only numbers.

use super::closures::mentioned;
use super::scope::{Binding, Scopes};
use super::source::Source;
use super::value::{Callable, Value};
use super::{Lower, int};
use crate::ir::{Inert, Op, Operand, Place, Rhs, Stmt, Ty, VarId};
use proc_macro2::{Ident, Span};
use quote::quote;
use std::collections::BTreeSet;
use std::rc::Rc;
use syn::spanned::Spanned;

/// One of these functions.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Which.
    pub index: Operand,
    /// All of them.
    pub among: Rc<[Callable]>,
}

impl Lower<'_> {
    /// Calls the function that was chosen.
    pub fn apply_chosen(&mut self, choice: &Choice, args: Vec<Value>) -> Value {
        let args: Vec<Value> = args.into_iter().map(|a| self.settled(a)).collect();
        self.one_of(&choice.index, 0, &choice.among, args)
    }

    /// Calls that function of these, the first of which has this number.
    fn one_of(
        &mut self,
        index: &Operand,
        number: usize,
        among: &[Callable],
        args: Vec<Value>,
    ) -> Value {
        match among {
            [] => Value::Unit,
            [last] => self.apply(last, args),
            [first, others @ ..] => {
                let is_first = Rhs::Op(Op::Eq, vec![index.clone(), int(number)]);
                let is_first = self.temp(is_first, Ty::Bool);
                let then = self.arm(true, |lower| lower.apply(first, args.clone()));
                let els = self.arm(true, |lower| lower.one_of(index, number + 1, others, args));
                self.branch(is_first, then, els)
            }
        }
    }

    /// The item of a list of functions, or of tuples with such, at a position that is not known beforehand.
    pub fn item_of_list(&mut self, items: &[Value], index: &Operand) -> Option<Value> {
        let functions = items.iter().map(|item| match item {
            Value::Fun(f) => Some(f.clone()),
            _ => None,
        });
        let among: Rc<[Callable]> = functions.collect::<Option<Vec<_>>>()?.into();
        self.check_position(index, among.len());
        let index = index.clone();
        Some(Value::Fun(Callable::Choice(Choice { index, among })))
    }

    /// The panic of an index that is too large.
    fn check_position(&mut self, index: &Operand, len: usize) {
        let k = self.mentioned(index);
        let expr = syn::parse_quote!(::core::assert!(#k < #len, "index out of bounds"));
        self.out.push(Stmt::Effect(Inert {
            expr,
            uses: index.as_var().into_iter().collect(),
            writes: Vec::new(),
            cheap: false,
            what: "an index".to_owned(),
        }));
    }

    /// Adds a function to those of which a variable holds the number, and gives it that of this one.
    pub fn deliver_function(&mut self, var: VarId, among: &mut Vec<Callable>, f: Callable) {
        let first = int(among.len());
        let value = match f {
            Callable::Choice(Choice { index, among: more }) => {
                among.extend(more.iter().cloned());
                self.arithmetic(Op::Add, first, index)
            }
            f => {
                among.push(f);
                first
            }
        };
        let place = Place::var(var);
        self.out.push(Stmt::Assign { place, value });
    }

    /// Reports functions that capture what the statements bind which choose among them: it is gone where they are called.
    pub fn check_captures(&mut self, among: &[Callable], stmts: &[Stmt]) {
        let mut bound = BTreeSet::new();
        crate::ir::visit::all_declared(&crate::ir::Block::new(stmts.to_vec()), &mut bound);
        for f in among {
            let Callable::Closure(closure, seen) = f else {
                continue;
            };
            let names = mentioned(closure);
            let roots = names.iter().filter_map(|name| root(seen.get(name)?));
            if roots.into_iter().any(|root| bound.contains(&root)) {
                self.diagnostics.captured_in_arm(closure.span());
            }
        }
    }

    /// The choice as a closure with these names in scope; `None` if the number of its parameters is not known.
    pub fn closure_of_choice(&self, choice: &Choice) -> Option<(syn::ExprClosure, Scopes)> {
        let names = self.parameters(choice)?;
        let chosen = Ident::new("chosen", Span::mixed_site());
        let mut seen = Scopes::default();
        let function = Value::Fun(Callable::Choice(choice.clone()));
        seen.bind(&chosen, Binding::Value(function));
        Some((syn::parse_quote!(|#(#names),*| #chosen(#(#names),*)), seen))
    }

    /// The choice as code: a closure that calls the one that was chosen.
    pub fn choice_code(&mut self, choice: &Choice) -> (syn::Expr, Vec<VarId>) {
        let Some(names) = self.parameters(choice) else {
            self.diagnostics.closure_as_value(self.span);
            return (syn::parse_quote!(()), Vec::new());
        };
        let mut uses: Vec<VarId> = choice.index.as_var().into_iter().collect();
        let mut arms = Vec::new();
        for (k, f) in choice.among.iter().enumerate() {
            let (code, more) = self.code(Value::Fun(f.clone()));
            uses.extend(more);
            let last = k + 1 == choice.among.len();
            let number = proc_macro2::Literal::usize_unsuffixed(k);
            let number = if last { quote!(_) } else { quote!(#number) };
            arms.push(quote!(#number => (#code)(#(#names),*),));
        }
        let index = self.mentioned(&choice.index);
        let code = quote!((|#(#names),*| match #index { #(#arms)* }));
        (syn::Expr::Verbatim(code), uses)
    }

    /// Names for what is handed to the function that is chosen.
    fn parameters(&self, choice: &Choice) -> Option<Vec<Ident>> {
        let arity = self.common_arity(choice)?;
        let name = |k| Ident::new(&format!("a{k}"), Span::mixed_site());
        Some((0..arity).map(name).collect())
    }

    fn common_arity(&self, choice: &Choice) -> Option<usize> {
        choice.among.iter().find_map(|f| self.arity(f))
    }

    fn arity(&self, f: &Callable) -> Option<usize> {
        match f {
            Callable::Closure(closure, _) => Some(closure.inputs.len()),
            Callable::Path(path) => (1..=3).find(|n| self.rule_by_path(path, *n).is_some()),
            Callable::Param(var) => Some(self.function.function_type(*var)?.inputs.len()),
            Callable::Choice(choice) => self.common_arity(choice),
        }
    }

    /// A path that surely is that of a function: one with a rule, or of the file.
    pub fn names_function(&self, path: &syn::ExprPath) -> bool {
        if (1..=3).any(|n| self.rule_by_path(path, n).is_some()) {
            return true;
        }
        let name = path.path.get_ident().filter(|_| path.qself.is_none());
        name.is_some_and(|name| {
            crate::case::is_lower(&name.to_string())
                && self
                    .file()
                    .is_some_and(|file| file.signature_of(&name.to_string()).is_some())
        })
    }

    /// The elements of an array or `Vec`, where they stand for something else: references, functions.
    pub fn listed(&self, parts: &[Value]) -> Option<Value> {
        let listed = parts.iter().any(|part| self.stands_for_another(part));
        listed.then(|| Value::Iter(Box::new(Source::Listed(parts.to_vec()))))
    }

    fn stands_for_another(&self, value: &Value) -> bool {
        match value {
            Value::Ref {
                place,
                mutable: false,
            } => self.place_ty(&self.through(place.clone())).is_aggregate(),
            value => is_no_value(value),
        }
    }
}

/// The variable in which what a name stands for is.
fn root(binding: &Binding) -> Option<VarId> {
    match binding {
        Binding::Var(var) => Some(*var),
        Binding::Value(Value::Operand(operand)) => operand.as_var(),
        Binding::Value(Value::Place(place) | Value::Ref { place, .. }) => Some(place.root),
        _ => None,
    }
}

/// A function or an exclusive reference, or a tuple with such: nothing that could be copied into a list.
pub fn is_no_value(value: &Value) -> bool {
    match value {
        Value::Fun(_) | Value::Ref { mutable: true, .. } => true,
        Value::Tuple(parts) => parts.iter().any(is_no_value),
        _ => false,
    }
}
