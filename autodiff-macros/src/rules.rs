//! Signatures of the scalar rules: names, arity and what each partial reads. No calculus: that is the table in the runtime
//! crate's `scalar.rs`, and a test compares the two.

use crate::ir::{Derived, Operand, Rhs, Wins};

/// What a partial derivative reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// The argument at this position.
    Arg(usize),
    /// The result.
    Result,
}

/// A scalar function.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as a method of `f64`.
    pub name: &'static str,
    /// For each argument what its partial reads; `None` where the argument has no derivative.
    pub partials: &'static [Option<&'static [Reads]>],
    /// Whose zero wins in a product with a partial, where the other may be infinite: the seed's where the partial may be infinite and the function
    /// finite, the partial's where the function gives one of its arguments, whatever becomes of the others.
    pub wins: Option<Wins>,
    /// The partials are constant, or constant in pieces: their own partials are zero.
    pub flat: bool,
}

impl Rule {
    /// Has what the partial with respect to `arg` reads at this position a derivative itself?
    pub fn varies(&self, arg: usize, read: usize) -> bool {
        let reads = self.partials.get(arg).copied().flatten();
        match reads.and_then(|reads| reads.get(read)) {
            Some(Reads::Arg(k)) => self.partials[*k].is_some(),
            Some(Reads::Result) => true,
            None => false,
        }
    }
}

/// An index into [`RULES`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RuleId(pub usize);

impl RuleId {
    /// The signature.
    pub fn get(self) -> &'static Rule {
        &RULES[self.0]
    }
}

/// The rule of this name and arity.
pub fn find(name: &str, arity: usize) -> Option<RuleId> {
    RULES
        .iter()
        .position(|r| r.name == name && r.partials.len() == arity)
        .map(RuleId)
}

/// `1 / x`, which is the slope of the logarithm; nothing of a constant, by which the compiler divides better.
pub fn reciprocal(x: &Operand) -> Option<Rhs> {
    x.as_var()?;
    let args = vec![x.clone()];
    let partial = |rule| Rhs::Derived(Derived::Partial { rule, arg: 0, args });
    find("ln", 1).map(partial)
}

/// Is it the name of a rule, whatever it takes?
pub fn is_rule(name: &str) -> bool {
    RULES.iter().any(|r| r.name == name)
}

/// Does no argument of the rule have a derivative (`floor`, `signum`)?
pub fn is_zero_slope(rule: RuleId) -> bool {
    rule.get().partials.iter().all(Option::is_none)
}

const X: Option<&[Reads]> = Some(&[Reads::Arg(0)]);
const Y: Option<&[Reads]> = Some(&[Reads::Result]);
const NOTHING: Option<&[Reads]> = Some(&[]);
const AB: Option<&[Reads]> = Some(&[Reads::Arg(0), Reads::Arg(1)]);
const ABC: Option<&[Reads]> = Some(&[Reads::Arg(0), Reads::Arg(1), Reads::Arg(2)]);
const B: Option<&[Reads]> = Some(&[Reads::Arg(1)]);
const AC: Option<&[Reads]> = Some(&[Reads::Arg(0), Reads::Arg(2)]);
const AY: Option<&[Reads]> = Some(&[Reads::Arg(0), Reads::Result]);
const BY: Option<&[Reads]> = Some(&[Reads::Arg(1), Reads::Result]);

const fn rule(name: &'static str, partials: &'static [Option<&'static [Reads]>]) -> Rule {
    Rule {
        name,
        partials,
        wins: None,
        flat: false,
    }
}

const fn singular(name: &'static str, partials: &'static [Option<&'static [Reads]>]) -> Rule {
    Rule {
        wins: Some(Wins::Seed),
        ..rule(name, partials)
    }
}

const fn flat(name: &'static str, partials: &'static [Option<&'static [Reads]>]) -> Rule {
    Rule {
        flat: true,
        ..rule(name, partials)
    }
}

const fn choice(name: &'static str, partials: &'static [Option<&'static [Reads]>]) -> Rule {
    Rule {
        wins: Some(Wins::Partial),
        ..flat(name, partials)
    }
}

/// All of them.
pub const RULES: &[Rule] = &[
    rule("sin", &[X]),
    rule("cos", &[X]),
    rule("tan", &[Y]),
    singular("asin", &[X]),
    singular("acos", &[X]),
    rule("atan", &[X]),
    rule("sinh", &[X]),
    rule("cosh", &[X]),
    rule("tanh", &[Y]),
    rule("asinh", &[X]),
    singular("acosh", &[X]),
    rule("atanh", &[X]),
    rule("exp", &[Y]),
    rule("exp2", &[Y]),
    rule("exp_m1", &[Y]),
    rule("ln", &[X]),
    rule("ln_1p", &[X]),
    rule("log2", &[X]),
    rule("log10", &[X]),
    rule("log", &[AB, AB]),
    singular("sqrt", &[Y]),
    singular("cbrt", &[Y]),
    rule("powi", &[AB, None]),
    singular("powf", &[AB, AY]),
    singular("hypot", &[AY, BY]),
    singular("atan2", &[AB, AB]),
    rule("mul_add", &[B, X, NOTHING]),
    rule("recip", &[Y]),
    flat("abs", &[X]),
    flat("copysign", &[AB, None]),
    choice("max", &[AB, AB]),
    choice("min", &[AB, AB]),
    choice("clamp", &[ABC, AB, AC]),
    flat("fract", &[NOTHING]),
    flat("rem", &[NOTHING, AB]),
    flat("rem_euclid", &[NOTHING, AB]),
    flat("to_radians", &[NOTHING]),
    flat("to_degrees", &[NOTHING]),
    flat("midpoint", &[NOTHING, NOTHING]),
    flat("floor", &[None]),
    flat("ceil", &[None]),
    flat("round", &[None]),
    flat("round_ties_even", &[None]),
    flat("trunc", &[None]),
    flat("signum", &[None]),
    flat("div_euclid", &[None, None]),
    flat("stop_gradient", &[None]),
];
