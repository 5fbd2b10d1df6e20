//! Floats made of the bits of floats.
//!
//! ```text
//! let half = x.to_bits() >> 1;                  integers end the flow of derivatives,
//! let y = f64::from_bits(MAGIC - half);         but y has a slope: refused
//! ```
//!
//! What follows from the bits is followed through integers until it reaches a float that the result needs. What only decides (a comparison, a
//! number of iterations) is as good as any other condition.

use crate::diagnostic::Diagnostics;
use crate::ir::visit::{children, declared, own_mentions, own_writes};
use crate::ir::{Block, Function, Inert, Place, Rhs, Stmt, VarId};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeMap;

/// Functions that take a float apart.
const SOURCES: &[&str] = &[
    "to_bits",
    "to_be_bytes",
    "to_le_bytes",
    "to_ne_bytes",
    "integer_decode",
];

/// Reports the bits of varied values that reach a float that `needed` says an output depends on.
pub fn check(
    function: &Function,
    varied: &[bool],
    needed: impl Fn(VarId) -> bool,
    diagnostics: &mut Diagnostics,
) {
    let stmts = flat(&function.body);
    let mut taken: BTreeMap<VarId, Span> = BTreeMap::new();
    loop {
        let before = taken.len();
        for stmt in &stmts {
            let Some(span) =
                source(function, stmt, varied).or_else(|| read(function, stmt, &taken))
            else {
                continue;
            };
            for var in written(function, stmt) {
                if needed(var) {
                    return diagnostics.bits(span);
                }
                taken.entry(var).or_insert(span);
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

/// Where the statement takes a varied value apart.
fn source(function: &Function, stmt: &Stmt, varied: &[bool]) -> Option<Span> {
    let inert = inert(stmt)?;
    let root = |v: &VarId| function.resolve(&Place::var(*v)).root;
    let enters = inert.uses.iter().any(|v| varied[root(v).0 as usize]);
    enters.then(|| mention(inert.expr.to_token_stream()))?
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
fn mention(code: TokenStream) -> Option<Span> {
    code.into_iter().find_map(|token| match token {
        TokenTree::Ident(name) => {
            let known = SOURCES.iter().any(|source| name == source);
            known.then(|| name.span())
        }
        TokenTree::Group(group) => mention(group.stream()),
        _ => None,
    })
}

/// Where what the statement reads was taken from.
fn read(function: &Function, stmt: &Stmt, taken: &BTreeMap<VarId, Span>) -> Option<Span> {
    let mut span = None;
    own_mentions(stmt, &mut |v| {
        let root = function.resolve(&Place::var(v)).root;
        span = span.or_else(|| taken.get(&root).copied());
    });
    span
}

fn written(function: &Function, stmt: &Stmt) -> Vec<VarId> {
    let writes = own_writes(stmt).into_iter();
    let declared = declared(stmt).into_iter().map(Place::var);
    writes
        .chain(declared)
        .map(|p| function.resolve(&p).root)
        .collect()
}
