//! Floats made of the bits or of the digits of floats, or of what an error holds.
//!
//! ```text
//! let half = x.to_bits() >> 1;                  integers end the flow of derivatives,
//! let y = f64::from_bits(MAGIC - half);         but y has a slope: refused
//! let y: f64 = format!("{x:.2}").parse()?;      refused
//! let y = g(x).unwrap_or_else(|e| 2.0 * e);     refused: `Err` of what a call gives has no derivative
//! ```
//!
//! What follows from them is followed through integers and texts until it reaches a float that the result needs. What only decides (a comparison, a
//! number of iterations) is as good as any other condition, and an error may say anything.

use crate::diagnostic::Diagnostics;
use crate::ir::visit::{children, declared, own_mentions, own_writes};
use crate::ir::{Aggregate, Block, Function, Inert, Operand, Place, Proj, Rhs, Stmt, Ty, VarId};
use crate::names::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use std::collections::BTreeMap;

/// Functions that take a float apart, and what it is in then.
const SOURCES: &[(&str, &str)] = &[
    ("to_bits", "bits"),
    ("to_be_bytes", "bits"),
    ("to_le_bytes", "bits"),
    ("to_ne_bytes", "bits"),
    ("integer_decode", "bits"),
    ("to_string", "digits"),
    ("format", "digits"),
    ("write", "digits"),
    ("writeln", "digits"),
];

/// Functions that put a float together.
const SINKS: &[&str] = &[
    "from_be_bytes",
    "from_bits",
    "from_le_bytes",
    "from_ne_bytes",
    "transmute",
];

/// The functions that give the bits of a float.
pub fn givers() -> impl Iterator<Item = &'static str> {
    let bits = SOURCES.iter().filter(|(_, form)| *form == "bits");
    bits.map(|(name, _)| *name)
}

/// What was taken apart: where, and into what.
type Taken = (Span, &'static str);

/// Reports the bits and digits of varied values that reach a float that `needed` says an output depends on.
pub fn check(
    function: &Function,
    varied: &[bool],
    needed: impl Fn(VarId) -> bool,
    diagnostics: &mut Diagnostics,
) {
    let stmts = flat(&function.body);
    let calls = stmts.iter().filter_map(|s| inert(s)).any(puts_together);
    let mut taken: BTreeMap<VarId, Taken> = BTreeMap::new();
    loop {
        let before = taken.len();
        for stmt in &stmts {
            let Some(source) =
                source(function, stmt, varied, calls).or_else(|| read(function, stmt, &taken))
            else {
                continue;
            };
            for var in written(function, stmt) {
                if needed(var) {
                    return match source {
                        (span, "error") => diagnostics.of_an_error(span),
                        (span, form) => diagnostics.taken_apart(span, form),
                    };
                }
                taken.entry(var).or_insert(source);
            }
        }
        if taken.len() == before {
            return;
        }
    }
}

/// The statements that compute something.
fn flat(block: &Block) -> Vec<&Stmt> {
    let mut all = Vec::new();
    for stmt in &block.stmts {
        let blocks = children(stmt);
        if blocks.is_empty() {
            all.push(stmt);
        }
        all.extend(blocks.into_iter().flat_map(flat));
    }
    all
}

/// Where the statement takes a varied value apart. What `calls` give as integers may be bits, too.
fn source(function: &Function, stmt: &Stmt, varied: &[bool], calls: bool) -> Option<Taken> {
    let enters = |v: &VarId| varied[function.resolve(&Place::var(*v)).root.0 as usize];
    if let Stmt::Let {
        var,
        rhs: Rhs::Read(place),
    } = stmt
        && place.path.iter().any(|p| matches!(p, Proj::Failure))
    {
        return enters(&place.root).then(|| (function.var(*var).ident.span(), "error"));
    }
    if let Some((var, held)) = held_error(function, stmt) {
        let mut held = held.iter().filter_map(Operand::as_var);
        return held
            .any(|v| enters(&v))
            .then(|| (function.var(var).ident.span(), "error"));
    }
    if let Stmt::Call { call, .. } = stmt
        && calls
    {
        let mut given = false;
        own_mentions(stmt, &mut |v| given |= enters(&v));
        let mut results = declared(stmt).into_iter().map(|v| &function.var(v).ty);
        let integers = results.any(|ty| *ty != Ty::Bool && ty.is_integers());
        let name = call.path.path.segments.last()?;
        return (given && integers).then(|| (name.ident.span(), "bits"));
    }
    let inert = inert(stmt)?;
    inert
        .uses
        .iter()
        .any(enters)
        .then(|| mention(inert.expr.to_token_stream()))?
}

/// An error that has no derivative, where the function keeps it to look at it itself.
fn held_error<'s>(function: &Function, stmt: &'s Stmt) -> Option<(VarId, &'s [Operand])> {
    let inert = |ty: &Ty| matches!(ty, Ty::Inert);
    match stmt {
        Stmt::Let {
            var,
            rhs: Rhs::Aggregate(Aggregate::Some, held),
        } => match &function.var(*var).ty {
            Ty::Option(ty) => match &**ty {
                Ty::Tuple(parts) => parts.iter().any(inert),
                ty => inert(ty),
            },
            _ => false,
        }
        .then_some((*var, &held[..])),
        _ => None,
    }
}

fn puts_together(inert: &Inert) -> bool {
    names(inert.expr.to_token_stream()).any(|name| SINKS.iter().any(|sink| name == sink))
}

fn inert(stmt: &Stmt) -> Option<&Inert> {
    match stmt {
        Stmt::Effect(inert)
        | Stmt::Let {
            rhs: Rhs::Inert(inert),
            ..
        } => Some(inert),
        _ => None,
    }
}

/// Where one of the sources is named.
fn mention(code: TokenStream) -> Option<Taken> {
    let known = |name: &Ident| SOURCES.iter().find(|(source, _)| name == source);
    let name = names(code).find(|name| known(name).is_some())?;
    known(&name).map(|(_, form)| (name.span(), *form))
}

/// Where what the statement reads was taken from.
fn read(function: &Function, stmt: &Stmt, taken: &BTreeMap<VarId, Taken>) -> Option<Taken> {
    if is_error(stmt) || stops(stmt) {
        return None;
    }
    let mut source = None;
    own_mentions(stmt, &mut |v| {
        let root = function.resolve(&Place::var(v)).root;
        source = source.or_else(|| taken.get(&root).copied());
    });
    source
}

/// Does the statement only make `Err(..)`?
fn is_error(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::Let {
            rhs: Rhs::Aggregate(Aggregate::Err, _),
            ..
        }
    )
}

/// `stop_gradient(e)`
fn stops(stmt: &Stmt) -> bool {
    let Stmt::Let {
        rhs: Rhs::Rule { rule, .. },
        ..
    } = stmt
    else {
        return false;
    };
    rule.get().name == "stop_gradient"
}

fn written(function: &Function, stmt: &Stmt) -> Vec<VarId> {
    let writes = own_writes(stmt).into_iter();
    let declared = declared(stmt).into_iter().map(Place::var);
    writes
        .chain(declared)
        .map(|p| function.resolve(&p).root)
        .collect()
}
