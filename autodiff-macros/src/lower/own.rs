//! Methods of the user's types that have the name of a function of floats: `p.abs()`, `a.max(b)`, `z.exp()`.
//!
//! Of a type that is only named, `Real` or `Vec3`, syntax does not tell whether it is another name for a float. It is one of the user's own
//! where the function uses it as no float can be used:
//!
//! ```text
//! fn f(p: Vec3, b: Vec3) -> f64 { let q = p.abs() - b; q.max(Vec3::ZERO).length() }      Vec3::ZERO: p, b and q are no floats
//! ```
//!
//! A wrong guess is an error of rustc's, never another derivative.

use super::Lower;
use super::members::is_of_std;
use super::place::peel;
use super::scope::Binding;
use super::types;
use super::value::Value;
use crate::case::is_upper;
use crate::emit::foreign::COMPLEX_TYPES;
use crate::emit::types::referred;
use crate::homonyms;
use crate::ir::{FloatTy, Operand, Ty, VarId};
use crate::members::receiver::this;
use crate::rules;
use crate::source::Source;
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Expr, Member, Type};

impl Lower<'_> {
    /// Is the expression surely of a type of the user's?
    pub fn is_own(&self, expr: &Expr) -> bool {
        match peel(expr) {
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => self
                    .named_variable(name)
                    .is_some_and(|v| self.own.contains(&v)),
                None => {
                    let owner = owner(&path.path).unwrap_or_default();
                    self.evidence.names.contains(&owner) && self.constant_ty(path) == Ty::Unknown
                }
            },
            Expr::Binary(e) => self.is_own(&e.left) || self.is_own(&e.right),
            Expr::Unary(e) => self.is_own(&e.expr),
            Expr::Reference(e) => self.is_own(&e.expr),
            Expr::Struct(_) => true,
            Expr::Call(e) => match peel(&e.func) {
                Expr::Path(path) => is_constructor(path) && self.is_own(&e.func),
                _ => false,
            },
            Expr::MethodCall(e) => {
                let same = e.method == "clone" || is_rule(&e.method) && e.method != "abs";
                same && self.is_call_of_own(e)
            }
            _ => false,
        }
    }

    /// Does the function give a type of the user's, as its definition says?
    fn gives_own(&self, path: &syn::ExprPath) -> bool {
        let Some(last) = path.path.segments.last() else {
            return false;
        };
        let of_type = owner(&path.path).is_some();
        let result = self
            .file()
            .filter(|_| !of_type)
            .and_then(|file| file.result_of_free(&last.ident.to_string()));
        result.is_some_and(|result| matches!(self.ty(&result), Ty::Struct(_)))
    }

    /// Is it a method of a type of the user's, though it has the name of a function of floats?
    pub fn hides_rule(&self, call: &syn::ExprMethodCall) -> bool {
        is_rule(&call.method) && self.is_call_of_own(call)
    }

    /// Is it a method of a trait of the user's that a value of this type, that of a type parameter, has, and another one than that of floats?
    pub fn is_of_own_trait(&self, receiver: &Ty, method: &Ident) -> bool {
        let name = method.to_string();
        let known = is_of_rules(&name) || name == "to_f64" || name == "to_f32";
        let other = |param: &Ident| self.has_other_function(&param.to_string(), &name);
        known
            && match receiver.peel() {
                Ty::Float(FloatTy::Param(param)) => other(param),
                Ty::Unknown => self.bounds.keys().any(other),
                _ => false,
            }
    }

    /// Is the function of this name of a trait, or of one that a type parameter is bound by, the user's own and another one than that of floats?
    pub fn has_other_function(&self, owner: &str, name: &str) -> bool {
        self.traits_of(owner, |file, of| file.has_other_function(of, name))
    }

    /// Has a path the name of a rule, and is it such a function?
    pub fn hides_rule_by_path(&self, path: &syn::ExprPath) -> bool {
        let mut names = path.path.segments.iter().rev().map(|s| s.ident.to_string());
        let (name, owner) = (names.next(), names.next());
        let both = name.filter(|name| is_of_rules(name)).zip(owner);
        both.is_some_and(|(name, owner)| self.has_other_function(&owner, &name))
    }

    /// Is it so of a trait, or of one that a type parameter is bound by?
    pub fn traits_of(&self, owner: &str, is_so: impl Fn(&Source, &str) -> bool) -> bool {
        let Some(file) = self.file() else {
            return false;
        };
        let param = self.bounds.iter().find(|(param, _)| *param == owner);
        match param {
            Some((_, bounds)) => bounds.iter().any(|of| is_so(file, &of.to_string())),
            None => is_so(file, owner),
        }
    }

    /// Is it a method of a type of the user's, though it has the name of one of lists?
    pub fn hides_list(&self, call: &syn::ExprMethodCall) -> bool {
        let shared = SHARED.iter().any(|name| call.method == name);
        shared && (call.args.len() > most_arguments(&call.method) || self.is_record(&call.receiver))
    }

    /// Has the method the name of one of floats or lists, and shows nothing that it is none of these?
    pub fn is_of_language(&self, call: &syn::ExprMethodCall) -> bool {
        let shared = SHARED.iter().any(|name| call.method == name);
        (is_rule(&call.method) && !self.hides_rule(call)) || (shared && !self.hides_list(call))
    }

    /// Is the expression of a type that the function uses as no list can be used?
    fn is_record(&self, expr: &Expr) -> bool {
        let ty = match peel(expr) {
            Expr::Path(path) => {
                let var = path.path.get_ident().and_then(|n| self.named_variable(n));
                var.and_then(|v| self.typed.get(&v).cloned())
            }
            Expr::MethodCall(call) if self.gives_receiver(call) => {
                return self.is_record(&call.receiver);
            }
            expr => constructed(expr),
        };
        let records = &self.evidence.records;
        let is_this = |ty: &String| self.told.owner_name().as_ref() == Some(ty);
        ty.is_some_and(|ty| records.contains(&ty) || is_this(&ty) && records.contains("Self"))
    }

    /// Has the receiver or an argument a type of the user's?
    fn is_call_of_own(&self, call: &syn::ExprMethodCall) -> bool {
        let given = match peel(&call.receiver) {
            Expr::Call(e) => matches!(peel(&e.func), Expr::Path(path) if self.gives_own(path)),
            _ => false,
        };
        given || self.is_own(&call.receiver) || call.args.iter().any(|a| self.is_own(a))
    }

    /// The name of the type of the user's that an expression gives, as far as signatures, literals and constructors tell.
    pub fn named_type(&self, expr: &Expr) -> Option<String> {
        match self.written_type(expr)?.as_str() {
            "Self" => self.told.owner_name(),
            name => Some(name.to_owned()),
        }
    }

    /// The same of what each name of a pattern is bound to: `(a, b) = (Point::new(..), Line::new(..))`.
    pub fn named_types<'p>(
        &self,
        pat: &'p syn::Pat,
        expr: &Expr,
    ) -> Vec<(&'p syn::Pat, Option<String>)> {
        match (pat, peel(expr)) {
            (syn::Pat::Tuple(p), Expr::Tuple(e)) if p.elems.len() == e.elems.len() => {
                let parts = p.elems.iter().zip(&e.elems);
                parts.flat_map(|(p, e)| self.named_types(p, e)).collect()
            }
            (pat, expr) => vec![(pat, self.named_type(expr))],
        }
    }

    fn written_type(&self, expr: &Expr) -> Option<String> {
        let given = |of: &str, member: &Ident| {
            let file = self.file()?;
            file.given_by_member(of, &member.to_string())
        };
        match peel(expr) {
            Expr::Path(path) => {
                let name = path.path.get_ident()?;
                let var = self.named_variable(name)?;
                let this = || (*name == this(name.span())).then(|| "Self".to_owned());
                self.typed.get(&var).cloned().or_else(this)
            }
            Expr::Field(e) => {
                let of = self.named_type(&e.base)?;
                self.file()?.type_of_field(&of, &e.member)
            }
            Expr::MethodCall(call) => {
                let of = self.named_type(&call.receiver)?;
                match call.method == "clone" {
                    true => Some(of),
                    false => given(&of, &call.method),
                }
            }
            Expr::Call(call) => {
                let declared = match peel(&call.func) {
                    Expr::Path(path) => {
                        let of = owner(&path.path).map(|of| match of.as_str() {
                            "Self" => self.told.owner_name().unwrap_or(of),
                            _ => of,
                        });
                        let name = &path.path.segments.last()?.ident;
                        match of {
                            Some(of) => given(&of, name),
                            None => {
                                let file = self.file();
                                let result = file.and_then(|f| f.result_of_free(&name.to_string()));
                                result.as_ref().and_then(last)
                            }
                        }
                    }
                    _ => None,
                };
                declared.or_else(|| constructed(expr))
            }
            expr => constructed(expr),
        }
    }

    /// Notes the variable that was bound just now to a value of the type of this name.
    pub fn note_type(&mut self, pat: &syn::Pat, ty: Option<String>) {
        if let (syn::Pat::Ident(p), Some(ty)) = (pat, ty) {
            let var = self.named_variable(&p.ident);
            self.typed.extend(var.map(|var| (var, ty)));
        }
    }

    /// Notes the variable of a pattern that was bound just now, to a value of the user's (`own`) or with the name of its type.
    pub fn note_own(&mut self, pat: &syn::Pat, ty: Option<&Type>, own: bool) {
        match pat {
            syn::Pat::Type(p) => self.note_own(&p.pat, Some(&p.ty), own),
            syn::Pat::Ident(p) => {
                let Some(var) = self.named_variable(&p.ident) else {
                    return;
                };
                let ty = ty.and_then(last);
                let named = ty
                    .as_ref()
                    .is_some_and(|ty| self.evidence.names.contains(ty));
                self.own.extend((own || named).then_some(var));
                self.typed.extend(ty.map(|ty| (var, ty)));
            }
            _ => {}
        }
    }

    fn named_variable(&self, name: &Ident) -> Option<VarId> {
        match self.scopes.get(name)? {
            Binding::Var(var) => Some(*var),
            Binding::Value(Value::Operand(Operand::Var(var))) => Some(*var),
            Binding::Value(Value::Place(place) | Value::Ref { place, .. }) => {
                place.is_whole().then_some(place.root)
            }
            _ => None,
        }
    }
}

/// The types that the function uses as no float, or no list, can be used.
pub fn evidence(item: &syn::ItemFn) -> Evidence {
    let mut found = Evidence::default();
    found
        .names
        .extend(COMPLEX_TYPES.iter().map(ToString::to_string));
    for input in &item.sig.inputs {
        if let syn::FnArg::Typed(arg) = input {
            found.declared(&arg.pat, &arg.ty);
        }
    }
    found.visit_block(&item.block);
    let floats = types::float_params(&item.sig.generics);
    let mut own = homonyms::own(item.to_token_stream());
    own.extend(found.defined(item.sig.ident.span()));
    found.names.extend(own.clone());
    found.records.extend(own);
    found
        .names
        .retain(|name| !types::is_matrix(name) && !floats.iter().any(|float| float == name));
    found.records.retain(|name| !types::is_matrix(name));
    found
}

/// What a function shows of the types that it names.
#[derive(Default)]
pub struct Evidence {
    /// They are no floats.
    names: BTreeSet<String>,
    /// They are no lists.
    records: BTreeSet<String>,
    /// The types that variables were declared with.
    types: BTreeMap<String, String>,
    /// Those of values with methods that floats or lists have too.
    open: BTreeSet<String>,
}

impl Evidence {
    fn declared(&mut self, pat: &syn::Pat, ty: &Type) {
        if let (syn::Pat::Ident(p), Some(ty)) = (pat, last(ty)) {
            self.types.insert(p.ident.to_string(), ty);
        }
    }

    fn made(&mut self, pat: &syn::Pat, init: &Expr) {
        if let (syn::Pat::Ident(p), Some(ty)) = (pat, constructed(init)) {
            self.types.insert(p.ident.to_string(), ty);
        }
    }

    /// The types that nothing in the function tells, and that the crate defines.
    fn defined(&self, span: Span) -> BTreeSet<String> {
        let told = |name: &&String| self.names.contains(*name) && self.records.contains(*name);
        let open: Vec<&String> = self.open.iter().filter(|name| !told(name)).collect();
        let source = (!open.is_empty()).then(|| Source::of(span)).flatten();
        let is_own = |name: &&String| {
            let path = [(*name).clone()];
            source.as_ref().is_some_and(|s| s.is_own(&path))
        };
        open.into_iter().filter(is_own).cloned().collect()
    }

    /// The expression is used as no list can be.
    fn record(&mut self, expr: &Expr) {
        let ty = match peel(expr) {
            Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                name.and_then(|name| self.types.get(&name).cloned())
            }
            expr => constructed(expr),
        };
        self.records.extend(ty);
    }

    fn found(&mut self, expr: &Expr) {
        self.names.extend(self.type_of(expr));
    }

    /// The type of a variable, or of what a function of floats gives for it.
    fn type_of(&self, expr: &Expr) -> Option<String> {
        match peel(expr) {
            Expr::Path(path) => self.types.get(&path.path.get_ident()?.to_string()).cloned(),
            Expr::MethodCall(call) if is_rule(&call.method) => self.type_of(&call.receiver),
            _ => None,
        }
    }
}

impl<'ast> Visit<'ast> for Evidence {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        match (&local.pat, &local.init) {
            (syn::Pat::Type(p), _) => self.declared(&p.pat, &p.ty),
            (pat, Some(init)) => self.made(pat, &init.expr),
            _ => {}
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_struct(&mut self, e: &'ast syn::ExprStruct) {
        let name = e.path.segments.last().map(|s| s.ident.to_string());
        self.records.extend(name.clone());
        self.names.extend(name);
        visit::visit_expr_struct(self, e);
    }

    fn visit_expr_field(&mut self, e: &'ast syn::ExprField) {
        if matches!(e.member, Member::Named(_)) {
            self.found(&e.base);
            self.record(&e.base);
        }
        visit::visit_expr_field(self, e);
    }

    fn visit_expr_method_call(&mut self, e: &'ast syn::ExprMethodCall) {
        if !is_rule(&e.method) && !is_of_std(&e.method) && !is_of_float(&e.method) {
            self.found(&e.receiver);
        }
        let shared = SHARED.iter().any(|name| e.method == name);
        if shared || is_rule(&e.method) {
            self.open.extend(self.type_of(&e.receiver));
        }
        if shared && e.args.len() > most_arguments(&e.method) {
            self.record(&e.receiver);
        }
        visit::visit_expr_method_call(self, e);
    }

    fn visit_expr_path(&mut self, e: &'ast syn::ExprPath) {
        let last = e.path.segments.last().map(|s| &s.ident);
        if last.is_some_and(|name| !is_rule(name) && !is_of_std(name) && !is_of_float(name)) {
            self.names.extend(owner(&e.path));
        }
    }
}

/// Methods of lists and options that types of the user's have too.
const SHARED: &[&str] = &[
    "first", "last", "get", "push", "insert", "remove", "pop", "map", "filter", "find", "fill",
    "swap", "reverse", "extend", "take", "next", "read", "write", "clear", "zip",
];

/// How many arguments the method of a list has at most.
fn most_arguments(method: &Ident) -> usize {
    match method.to_string().as_str() {
        "insert" | "swap" => 2,
        "first" | "last" | "pop" | "reverse" | "next" | "clear" => 0,
        _ => 1,
    }
}

/// `Mat` of `Mat::zeros(2, 2)`, of `Mat { .. }` and of `Mat(..)`
fn constructed(expr: &Expr) -> Option<String> {
    match peel(expr) {
        Expr::Struct(e) => e.path.segments.last().map(|s| s.ident.to_string()),
        Expr::Call(e) => match peel(&e.func) {
            Expr::Path(path) if makes_its_type(path) => owner(&path.path),
            Expr::Path(path) if super::structs::is_constructor(path) => {
                path.path.get_ident().map(ToString::to_string)
            }
            _ => None,
        },
        _ => None,
    }
}

fn makes_its_type(path: &syn::ExprPath) -> bool {
    const NAMES: &[&str] = &[
        "new", "default", "zero", "zeros", "one", "ones", "identity", "eye", "empty",
    ];
    let last = path.path.segments.last().map(|s| s.ident.to_string());
    last.is_some_and(|name| {
        let starts = ["from_", "with_", "new_"];
        NAMES.contains(&name.as_str()) || starts.iter().any(|start| name.starts_with(start))
    })
}

/// The last name of a type that syntax does not know.
fn last(ty: &Type) -> Option<String> {
    let ty = referred(ty);
    match ty {
        Type::Path(path) if types::known(ty, &[]) == Ty::Unknown => {
            path.path.segments.last().map(|s| s.ident.to_string())
        }
        _ => None,
    }
}

/// `Vec3` of `Vec3::ZERO`; `constants` of `constants::G` is a module.
fn owner(path: &syn::Path) -> Option<String> {
    let owner = path.segments.iter().rev().nth(1);
    let owner = owner.map(|s| s.ident.to_string());
    owner.filter(|name| is_upper(name))
}

/// `Vec3::new`, `Complex::from_polar`: what gives a value of its type by convention.
fn is_constructor(path: &syn::ExprPath) -> bool {
    let last = path.path.segments.last().map(|s| s.ident.to_string());
    last.is_some_and(|name| name == "new" || name.starts_with("from_"))
}

/// Is it a name of functions of floats, which give one number or, as `sin_cos`, two?
fn is_of_rules(name: &str) -> bool {
    rules::is_rule(name) || name == "sin_cos"
}

fn is_rule(name: &Ident) -> bool {
    rules::is_rule(&name.to_string())
}

/// What floats have beside their functions: constants, constructors, tests and conversions.
fn is_of_float(name: &Ident) -> bool {
    const STARTS: &[&str] = &["is_", "to_", "from", "FRAC_"];
    const NAMES: &[&str] = &[
        "zero",
        "one",
        "epsilon",
        "nan",
        "infinity",
        "neg_infinity",
        "min_value",
        "max_value",
        "min_positive_value",
        "neg_zero",
        "default",
        "sin_cos",
        "consts",
        "total_cmp",
        "MAX",
        "MIN",
        "EPSILON",
        "INFINITY",
        "NEG_INFINITY",
        "NAN",
        "MIN_POSITIVE",
        "RADIX",
        "DIGITS",
        "PI",
        "TAU",
        "E",
        "SQRT_2",
        "LN_2",
        "LN_10",
        "LOG2_E",
        "LOG10_E",
    ];
    let name = name.to_string();
    NAMES.contains(&name.as_str()) || STARTS.iter().any(|start| name.starts_with(start))
}
