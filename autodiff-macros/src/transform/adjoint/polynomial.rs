//! Polynomials in numbers that are never negative, as indices and lengths are: bounds of indices that hold whatever these numbers are.

use super::indices::{Sum, key};
use crate::ir::{Operand, VarId};
use std::collections::BTreeMap;

/// The coefficients by their monomials: the texts of the factors, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Polynomial(BTreeMap<Vec<String>, i128>);

impl Sum for Polynomial {
    fn number(n: i64) -> Self {
        Self::monomial(Vec::new(), n.into())
    }

    fn term(text: String, _: Operand) -> Self {
        Self::monomial(vec![text], 1)
    }

    fn plus(mut self, other: &Self, sign: i64) -> Self {
        for (factors, n) in &other.0 {
            let own = self.0.entry(factors.clone()).or_default();
            *own = own.saturating_add(i128::from(sign).saturating_mul(*n));
        }
        self.0.retain(|_, n| *n != 0);
        self
    }

    fn product(&self, other: &Self) -> Option<Self> {
        let mut all = Self::default();
        for (a, n) in &self.0 {
            for (b, m) in &other.0 {
                let mut factors = [a.as_slice(), b].concat();
                factors.sort();
                all = all.plus(&Self::monomial(factors, n.checked_mul(*m)?), 1);
            }
        }
        Some(all)
    }
}

impl Polynomial {
    /// The index of a loop.
    pub fn index(var: VarId) -> Self {
        Self::monomial(vec![key(var)], 1)
    }

    fn monomial(factors: Vec<String>, n: i128) -> Self {
        Self(BTreeMap::from([(factors, n)]))
    }

    /// Is it never negative, by its coefficients?
    pub fn is_never_negative(&self) -> bool {
        self.0.values().all(|n| *n >= 0)
    }

    /// `a` and `b` in `a * var + b`; nothing if `var` is in it more than once.
    pub fn split(&self, var: VarId) -> Option<(Self, Self)> {
        let (mut slope, mut rest) = (Self::default(), Self::default());
        let var = key(var);
        for (factors, n) in &self.0 {
            let others: Vec<String> = factors.iter().filter(|f| **f != var).cloned().collect();
            match factors.len() - others.len() {
                0 => rest.0.insert(others, *n),
                1 => slope.0.insert(others, *n),
                _ => return None,
            };
        }
        Some((slope, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::adjoint::indices::Indices;
    use std::collections::BTreeSet;

    fn of(text: &str) -> Polynomial {
        let function = crate::testing::lowered::lowered("fn f(x: f64) -> f64 { x }");
        let block = crate::ir::Block::default();
        let indices = Indices::new(&function, &block, BTreeSet::new());
        let expr = syn::parse_str(text).unwrap();
        let ty = crate::ir::Ty::Int;
        let operand = Operand::Const(crate::ir::Const { expr, ty });
        indices.operand(&operand).unwrap()
    }

    #[test]
    fn sums_and_products() {
        assert_eq!(of("(n + 1) * (n - 1)"), of("n * n - 1"));
        assert_eq!(of("(a + b) * 2 - b"), of("a * 2 + b"));
        assert_ne!(of("a / 2 + a / 2"), of("a"));
    }

    #[test]
    fn signs() {
        assert!(of("a * b + 3 * a").is_never_negative());
        assert!(!of("a * b - 1").is_never_negative());
        assert!(of("a - a").is_never_negative());
    }
}
