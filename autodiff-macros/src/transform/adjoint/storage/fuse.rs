//! Loops without a trace: each iteration is run again and then at once reversed.
//!
//! That is possible where what the reverse of an iteration needs (a *slice* of the iteration) can be computed again from what is there
//! after the loop: the slice writes nothing outside the iteration, reads nothing that the loop changes, and calls nothing that may answer
//! differently the second time. Accumulators (`acc += e`, `out[i] = e`) are not in the slice.
//!
//! A loop with dear operations (functions, calls, loops inside) keeps its trace where that is a few numbers an iteration, and inside an
//! iteration that is run again already: they would be done three times.

use super::super::pair::{Node, NodeKind, Pair};
use super::finish::{Finish, Finished, Part, Scope};
use crate::ir::visit::{
    all_declared, block_mentions, children, declared, own_mentions, own_writes, place_mentions,
    places_mut,
};
use crate::ir::{Block, Derived, DerivedStmt, Function, Inert, Range, Rhs, Stmt, VarId, VarKind};
use crate::rules;
use std::collections::BTreeSet;

/// The loop without a trace, if that is possible and pays.
pub fn fused(
    finish: &mut Finish,
    id: usize,
    (var, range): (VarId, &Range),
    body: &Pair,
    few: bool,
) -> Option<Part> {
    let traces = std::mem::take(&mut finish.traces);
    let nested = std::mem::replace(&mut finish.replaying, true);
    let Finished { fwd, rev, .. } = finish.loop_body(body, Scope::Shared);
    finish.replaying = nested;
    let inner = std::mem::replace(&mut finish.traces, traces);
    let Slice { block, outer, .. } = Slice::of(finish, var, &fwd, &rev)?;
    if (nested || few) && is_dear(&finish.function, &block) {
        return None;
    }
    finish.loads.extend(outer.iter().map(|root| (id, *root)));
    finish.replayed.extend(inner);
    let reverse = DerivedStmt::ForReverse {
        var,
        range: range.clone(),
        body: Block::new([block.stmts, rev.stmts].concat()),
    };
    let forward = Stmt::For {
        var,
        range: range.clone(),
        body: plain(body),
        exit: None,
    };
    Some(Part {
        id,
        fwd: vec![forward],
        rev: vec![Stmt::Derived(reverse)],
    })
}

/// What an iteration has to run again.
struct Slice<'a> {
    function: &'a Function,
    local: BTreeSet<VarId>,
    needed: BTreeSet<VarId>,
    block: Block,
    /// What it reads from outside.
    outer: BTreeSet<VarId>,
    repeatable: bool,
}

impl<'a> Slice<'a> {
    fn of(finish: &'a Finish, var: VarId, fwd: &Block, rev: &Block) -> Option<Self> {
        let mut slice = Self {
            function: &finish.function,
            local: BTreeSet::from([var]),
            needed: BTreeSet::new(),
            block: Block::default(),
            outer: BTreeSet::new(),
            repeatable: true,
        };
        all_declared(fwd, &mut slice.local);
        block_mentions(rev, &mut |v| {
            slice.needed.insert(v);
        });
        loop {
            let before = slice.needed.len();
            slice.block = slice.cut(fwd);
            if slice.needed.len() == before {
                break;
            }
        }
        slice.repeatable &= resolve_outer_views(slice.function, &slice.local, &mut slice.block);
        slice.read_outside();
        let steady =
            |root: &VarId| !finish.any_writes(&fwd.stmts, *root) && !finish.borrowed(*root);
        (slice.repeatable && slice.outer.iter().all(steady)).then_some(slice)
    }

    fn read_outside(&mut self) {
        let (mut outer, block) = (BTreeSet::new(), &self.block);
        block_mentions(block, &mut |v| {
            let root = self.function.resolve(&crate::ir::Place::var(v)).root;
            if !self.local.contains(&root) {
                outer.insert(root);
            }
        });
        self.outer = outer;
    }

    fn cut(&mut self, block: &Block) -> Block {
        let mut kept: Vec<Stmt> = Vec::new();
        for stmt in block.stmts.iter().rev() {
            kept.extend(self.stmt(stmt));
        }
        kept.reverse();
        Block::new(kept)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Option<Stmt> {
        let sliced = match stmt {
            Stmt::If { cond, then, els } => {
                let (then, els) = (self.cut(then), self.cut(els));
                let cond = cond.clone();
                let some = !then.stmts.is_empty() || !els.stmts.is_empty();
                some.then_some(Stmt::If { cond, then, els })
            }
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => {
                let body = self.cut(body);
                (!body.stmts.is_empty()).then(|| Stmt::For {
                    var: *var,
                    range: range.clone(),
                    body,
                    exit: *exit,
                })
            }
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                let body = self.cut(body);
                (!body.stmts.is_empty()).then(|| {
                    self.needed.extend(cond.as_var());
                    Stmt::While {
                        cond_block: self.cut(cond_block),
                        cond: cond.clone(),
                        body,
                    }
                })
            }
            Stmt::Derived(DerivedStmt::IfRecord {
                trace,
                cond,
                then,
                els,
            }) => self.record(*trace, cond, then, els),
            leaf => self.is_needed(leaf).then(|| leaf.clone()),
        };
        if let Some(stmt) = &sliced {
            self.keep(stmt);
        }
        sliced
    }

    fn record(
        &mut self,
        trace: VarId,
        cond: &crate::ir::Operand,
        then: &(Block, Vec<VarId>),
        els: &(Block, Vec<VarId>),
    ) -> Option<Stmt> {
        let recorded = self.needed.contains(&trace);
        if recorded {
            self.needed.extend(then.1.iter().chain(&els.1));
        }
        let (first, second) = (self.cut(&then.0), self.cut(&els.0));
        let cond = cond.clone();
        if recorded {
            return Some(Stmt::Derived(DerivedStmt::IfRecord {
                trace,
                cond,
                then: (first, then.1.clone()),
                els: (second, els.1.clone()),
            }));
        }
        let some = !first.stmts.is_empty() || !second.stmts.is_empty();
        some.then_some(Stmt::If {
            cond,
            then: first,
            els: second,
        })
    }

    fn is_needed(&self, stmt: &Stmt) -> bool {
        let declares = declared(stmt).iter().any(|v| self.needed.contains(v));
        let recorded = match stmt {
            Stmt::Derived(
                DerivedStmt::TracePush { trace, .. } | DerivedStmt::TraceReserve { trace, .. },
            ) => self.needed.contains(trace),
            _ => false,
        };
        let wanted = |root: &VarId| self.local.contains(root) && self.needed.contains(root);
        declares || recorded || self.written(stmt).iter().any(wanted)
    }

    fn written(&self, stmt: &Stmt) -> Vec<VarId> {
        let places = own_writes(stmt);
        let roots = places.iter().map(|p| self.function.resolve(p).root);
        roots.collect()
    }

    fn keep(&mut self, stmt: &Stmt) {
        let needed = &mut self.needed;
        own_mentions(stmt, &mut |v| {
            needed.insert(v);
            if let VarKind::View { target, .. } = &self.function.var(v).kind {
                place_mentions(target, &mut |v| {
                    needed.insert(v);
                });
            }
        });
        let stays = |root: &VarId| self.local.contains(root);
        let inside = self.written(stmt).iter().all(stays);
        self.repeatable &= inside && answers_the_same(stmt);
    }
}

/// Views from outside cannot reach the reverse part: their places stand for them there. False where code kept verbatim mentions one.
pub fn resolve_outer_views(
    function: &Function,
    local: &BTreeSet<VarId>,
    block: &mut Block,
) -> bool {
    for stmt in &mut block.stmts {
        places_mut(stmt, &mut |place| {
            if !local.contains(&place.root) {
                *place = function.resolve(place);
            }
        });
    }
    let mut left = false;
    block_mentions(block, &mut |v| {
        left |= matches!(function.var(v).kind, VarKind::View { .. }) && !local.contains(&v);
    });
    !left
}

/// Would the statement do the same a second time?
fn answers_the_same(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Let {
            rhs: Rhs::Inert(inert),
            ..
        } => inert.cheap || is_pure(inert),
        Stmt::Effect(_) => false,
        _ => true,
    }
}

/// Without calls of functions, macros or assignments: what is left is operators, literals, paths and methods that change nothing.
fn is_pure(inert: &Inert) -> bool {
    struct Impure(bool);
    impl<'ast> syn::visit::Visit<'ast> for Impure {
        fn visit_expr(&mut self, expr: &'ast syn::Expr) {
            self.0 |= matches!(
                expr,
                syn::Expr::Call(_) | syn::Expr::Macro(_) | syn::Expr::Assign(_)
            );
            syn::visit::visit_expr(self, expr);
        }
    }
    let mut impure = Impure(false);
    syn::visit::Visit::visit_expr(&mut impure, &inert.expr);
    !impure.0 && inert.writes.is_empty()
}

/// Does the block something that takes long: a call, a function, a loop?
pub fn is_dear(function: &Function, block: &Block) -> bool {
    block.stmts.iter().any(|stmt| {
        let own = match stmt {
            Stmt::Let {
                rhs: Rhs::Rule { rule, .. },
                ..
            } => !rules::is_zero_slope(*rule),
            Stmt::Let {
                var,
                rhs: Rhs::Dispatch { .. },
            } => function.var(*var).ty.is_matrix(),
            Stmt::Call { .. } | Stmt::Derived(DerivedStmt::CallForward { .. }) => true,
            Stmt::For { range, .. } => range.lo.as_var().or(range.hi.as_var()).is_some(),
            Stmt::While { .. } | Stmt::Derived(DerivedStmt::ForReverse { .. }) => true,
            _ => false,
        };
        own || children(stmt).into_iter().any(|b| is_dear(function, b))
    })
}

/// The forward statements of a pair, recording nothing.
pub fn plain(pair: &Pair) -> Block {
    Block::new(pair.nodes.iter().flat_map(plain_node).collect())
}

fn plain_node(node: &Node) -> Vec<Stmt> {
    match &node.kind {
        NodeKind::Leaf { fwd, .. } => fwd.iter().filter_map(plain_stmt).collect(),
        NodeKind::If { cond, then, els } => vec![Stmt::If {
            cond: cond.clone(),
            then: plain(then),
            els: plain(els),
        }],
        NodeKind::For {
            var,
            range,
            body,
            exit,
        } => vec![Stmt::For {
            var: *var,
            range: range.clone(),
            body: plain(body),
            exit: *exit,
        }],
        NodeKind::While {
            cond_block,
            cond,
            body,
        } => vec![Stmt::While {
            cond_block: cond_block.clone(),
            cond: cond.clone(),
            body: plain(body),
        }],
    }
}

fn plain_stmt(stmt: &Stmt) -> Option<Stmt> {
    match stmt {
        Stmt::Let {
            rhs: Rhs::Derived(Derived::Replace { place, value }),
            ..
        } => Some(Stmt::Assign {
            place: place.clone(),
            value: value.clone(),
        }),
        Stmt::Let {
            rhs: Rhs::Derived(Derived::Zero(_) | Derived::Save(_)),
            ..
        } => None,
        Stmt::Derived(DerivedStmt::CallForward { results, call, .. }) => Some(Stmt::Call {
            results: results.clone(),
            call: call.clone(),
        }),
        other => Some(other.clone()),
    }
}
