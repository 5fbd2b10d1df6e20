//! Functions of the crate libm, which have C's names, and of num_traits: `libm::pow(x, y)`, `fabs(x)` after `use libm::fabs`.
//!
//! ```text
//! libm::pow(x, y)      the rule of `powf`, its value by `libm::pow`: the last digits are libm's, not those of `x.powf(y)`
//! libm::erf(x)         `special::erf(x)` of the runtime, which calls `libm::erf`, with the feature `special`
//! num_traits::pow(x, 3)   the rule of `powi`, its value by `num_traits::pow`
//! ```

use super::Lower;
use super::calls::last_name;
use crate::ir::{Operand, Rhs};
use crate::lower::value::Value;
use crate::rules::{self, RuleId};
use proc_macro2::Ident;
use syn::spanned::Spanned;

/// C's names of functions whose rules have others.
const NAMES: &[(&str, &str)] = &[
    ("expm1", "exp_m1"),
    ("fabs", "abs"),
    ("fma", "mul_add"),
    ("fmax", "max"),
    ("fmin", "min"),
    ("fmod", "rem"),
    ("log", "ln"),
    ("log1p", "ln_1p"),
    ("pow", "powf"),
    ("rint", "round_ties_even"),
    ("roundeven", "round_ties_even"),
];

/// Those that have one name everywhere.
const SHARED: &[&str] = &[
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "copysign", "cos",
    "cosh", "exp", "exp2", "floor", "hypot", "log10", "log2", "round", "sin", "sinh", "sqrt",
    "tan", "tanh", "trunc",
];

/// Functions of num_traits with rules.
const OF_NUM: &[(&str, &str)] = &[
    ("abs", "abs"),
    ("clamp", "clamp"),
    ("pow", "powi"),
    ("signum", "signum"),
];

/// Special functions, and their names in the runtime's module `special`.
const SPECIAL: &[(&str, &str)] = &[
    ("erf", "erf"),
    ("erfc", "erfc"),
    ("j0", "bessel_j0"),
    ("j1", "bessel_j1"),
    ("jn", "bessel_jn"),
    ("lgamma", "ln_gamma"),
    ("tgamma", "gamma"),
    ("y0", "bessel_y0"),
    ("y1", "bessel_y1"),
    ("yn", "bessel_yn"),
];

/// The rule of a function of libm; the names of those of `f32` end in `f`.
pub fn rule_of(name: &str, arity: usize) -> Option<RuleId> {
    let of_f64 = |name: &str| {
        let other = NAMES.iter().find(|(c, _)| *c == name);
        let shared = SHARED.iter().find(|shared| **shared == name);
        rules::find(other.map(|(_, rule)| rule).or(shared)?, arity)
    };
    of_f64(name).or_else(|| of_f64(name.strip_suffix('f')?))
}

impl Lower<'_> {
    /// The rule of a function by its path: `f64::sin`, `Float::powi`, `libm::pow`.
    pub fn rule_by_path(&self, path: &syn::ExprPath, arity: usize) -> Option<RuleId> {
        let name = last_name(path);
        if self.is_scalar_path(path) {
            return rules::find(&name, arity);
        }
        let of_c = || rule_of(&name, arity).filter(|_| self.is_of("libm", path));
        let of_num = || {
            let (_, rule) = OF_NUM.iter().find(|(num, _)| *num == name)?;
            let found = rules::find(rule, arity);
            found.filter(|_| self.is_of("num_traits", path) || self.is_of("num", path))
        };
        of_c().or_else(of_num)
    }

    /// `num_traits::pow(x, n)`, where the exponent has another type than that of `powi`.
    pub fn has_other_exponent(&self, path: &syn::ExprPath, args: &[&syn::Expr]) -> bool {
        let counted = last_name(path) == "pow" && !self.is_of("libm", path);
        counted && !matches!(args, [_, syn::Expr::Lit(_)])
    }

    /// The runtime's function for one of libm's.
    pub fn special_function(&self, path: &syn::ExprPath) -> Option<syn::ExprPath> {
        let name = last_name(path);
        let (_, special) = SPECIAL.iter().find(|(c, _)| *c == name)?;
        if !cfg!(feature = "special") || !self.is_of("libm", path) {
            return None;
        }
        let special = Ident::new(special, path.path.segments.last()?.ident.span());
        let runtime = &self.runtime;
        Some(syn::parse_quote_spanned!(path.span()=> #runtime::special::#special))
    }

    /// `libm::sincos(x)` as the two functions.
    pub fn sine_and_cosine(&mut self, path: &syn::ExprPath, args: &[&syn::Expr]) -> Option<Value> {
        let [arg] = args else { return None };
        let ending = self.both_at_once(path)?;
        let x = self.operand(arg);
        let parts = ["sin", "cos"].map(|name| {
            let mut path = path.clone();
            if let Some(last) = path.path.segments.last_mut() {
                last.ident = Ident::new(&format!("{name}{ending}"), last.ident.span());
            }
            self.rule_value(&path, name, vec![x.clone()])
        });
        Some(Value::Tuple(parts.into_iter().collect::<Option<_>>()?))
    }

    /// What follows in the name of a function that gives sine and cosine.
    pub fn both_at_once(&self, path: &syn::ExprPath) -> Option<&'static str> {
        let ending = match last_name(path).as_str() {
            "sincos" => "",
            "sincosf" => "f",
            _ => return None,
        };
        (path.path.segments.len() > 1 && self.is_of("libm", path)).then_some(ending)
    }

    fn rule_value(
        &mut self,
        path: &syn::ExprPath,
        name: &str,
        args: Vec<Operand>,
    ) -> Option<Value> {
        let rule = rules::find(name, args.len())?;
        let ty = self.rule_ty(&args);
        let path = Some(path.clone());
        let value = Value::Rhs(Rhs::Rule { rule, path, args }, ty);
        Some(self.settled(value))
    }

    /// Does the path lead to the crate, possibly by an import?
    fn is_of(&self, krate: &str, path: &syn::ExprPath) -> bool {
        let names = crate::names::of_path(&path.path);
        match &names[..] {
            _ if path.qself.is_some() => false,
            [head, _] if head == krate => true,
            [name] => self
                .file()
                .is_some_and(|file| file.imports_from(krate, name)),
            [head, _] => self.file().is_some_and(|file| file.is_name_of(krate, head)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, SHARED, rule_of};

    #[test]
    fn rules() {
        let name = |c, arity| rule_of(c, arity).map(|rule| rule.get().name);
        assert_eq!(name("log", 1), Some("ln"));
        assert_eq!(name("powf", 2), Some("powf"));
        assert_eq!(name("fmaf", 3), Some("mul_add"));
        assert_eq!(name("erff", 1), None);
        let all = NAMES.iter().map(|(c, _)| c).chain(SHARED);
        for c in all {
            assert!((1..=3).any(|arity| rule_of(c, arity).is_some()), "{c}");
        }
    }
}
