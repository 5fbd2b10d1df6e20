//! Macros in the body.

use super::Lower;
use super::choice::is_no_value;
use super::inert::describe;
use super::value::Value;
use crate::ir::{Aggregate, Inert, Rhs, Stmt, Ty};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

/// Macros whose arguments are expressions, kept for their effect.
const EFFECTS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "println",
    "eprintln",
    "print",
    "eprint",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
    "assert_relative_eq",
    "assert_abs_diff_eq",
    "assert_ulps_eq",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
];

/// Macros that decide something.
const DECISIONS: &[&str] = &[
    "matches",
    "relative_eq",
    "relative_ne",
    "abs_diff_eq",
    "abs_diff_ne",
    "ulps_eq",
    "ulps_ne",
];

/// Is the code a macro that always panics?
pub fn is_panic(expr: &Expr) -> bool {
    let Expr::Macro(e) = expr else {
        return false;
    };
    let names = ["panic", "unreachable", "unimplemented", "todo"];
    let last = e.mac.path.segments.last();
    last.is_some_and(|s| names.iter().any(|n| s.ident == n))
}

/// Is it a macro that prints, fails or decides?
pub fn is_known_macro(name: &str) -> bool {
    EFFECTS.contains(&name) || DECISIONS.contains(&name)
}

impl Lower<'_> {
    /// A macro call.
    pub fn macro_value(&mut self, mac: &syn::Macro, expr: &Expr) -> Value {
        let name = mac.path.segments.last().map(|s| s.ident.to_string());
        let name = name.unwrap_or_default();
        if name == "vec" {
            return self.vec(mac, expr);
        }
        if EFFECTS.contains(&name.as_str()) {
            let inert = self.verbatim(expr.clone(), &describe(expr));
            let panics = is_panic(&inert.expr);
            self.out.push(Stmt::Effect(inert));
            if panics {
                self.kill();
            }
            return Value::Unit;
        }
        if name == "dbg"
            && let Ok(shown) = mac.parse_body()
        {
            return self.shown(mac, &shown);
        }
        if let Some(value) = self.matrix_macro(&name, mac) {
            return value;
        }
        let ty = match name.as_str() {
            name if DECISIONS.contains(&name) => Ty::Bool,
            "format" | "concat" | "stringify" | "env" => Ty::Inert,
            _ => Ty::Unknown,
        };
        self.inert(expr, ty)
    }

    /// `dbg!(value)`: the value, and the effect of showing it.
    fn shown(&mut self, mac: &syn::Macro, shown: &Expr) -> Value {
        let value = self.value(shown);
        let value = self.settled(value);
        let (code, uses) = self.code(value.clone());
        let path = &mac.path;
        let expr = syn::parse_quote!(#path!(&#code));
        let what = describe(&expr);
        let (writes, cheap) = (Vec::new(), false);
        self.out.push(Stmt::Effect(Inert {
            expr,
            uses,
            writes,
            cheap,
            what,
        }));
        value
    }

    fn vec(&mut self, mac: &syn::Macro, expr: &Expr) -> Value {
        let parser = |input: ParseStream| {
            let elements = Punctuated::<Expr, Token![,]>::parse_separated_nonempty(input)?;
            if input.parse::<Option<Token![;]>>()?.is_some() {
                return Ok((elements, Some(input.parse::<Expr>()?)));
            }
            input.parse::<Option<Token![,]>>()?;
            Ok((elements, None))
        };
        if mac.tokens.is_empty() {
            return self.list(Aggregate::Vec, Vec::new());
        }
        let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone());
        if let Ok(elements) = list {
            let parts: Vec<Value> = elements.iter().map(|e| self.part(e)).collect();
            let fixed = parts.iter().any(is_no_value);
            if let Some(list) = self.listed(&parts).filter(|_| fixed) {
                return list;
            }
            let parts = parts.into_iter().map(|p| self.operand_of(p)).collect();
            return self.list(Aggregate::Vec, parts);
        }
        match parser.parse2(mac.tokens.clone()) {
            Ok((elements, Some(len))) if elements.len() == 1 => {
                let value = self.operand(&elements[0]);
                let len = self.operand(&len);
                let element = self.function.operand_ty(&value).clone();
                let rhs = Rhs::Repeat {
                    vec: true,
                    value,
                    len,
                };
                Value::Rhs(rhs, Ty::Vec(Box::new(element)))
            }
            _ => self.inert(expr, Ty::Unknown),
        }
    }
}
