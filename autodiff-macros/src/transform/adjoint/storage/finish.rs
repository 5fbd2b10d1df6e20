//! Two programs of a tree of pairs.

use super::super::pair::{Node, NodeKind, Pair};
use super::effects::keeps_shape;
use super::recompute::writes_root;
use super::{checkpoint, fuse, new_traces, short};
use crate::ir::visit::{block_mentions, mentions_var, own_writes};
use crate::ir::{
    Block, Const, DerivedStmt, Function, Op, Operand, Place, Range, Rhs, Stmt, Ty, VarId, VarKind,
};
use proc_macro2::Span;
use std::collections::BTreeSet;

/// The two programs, and what the reverse one loads again: the number of the node where it was loaded first, and the root.
pub struct Done {
    pub function: Function,
    pub forward: Block,
    pub reverse: Vec<Stmt>,
    pub loads: BTreeSet<(usize, VarId)>,
}

/// So many scalars are few.
const FEW: usize = 4;

type Snapshot = (BTreeSet<(usize, VarId)>, Vec<VarId>, Vec<VarId>);

/// Where the reverse of a block stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It sees the variables of the forward block, which captures them.
    Captured,
    /// It sees the variables of the iteration that was just run again.
    Shared,
    /// It runs later: what it needs is recorded.
    Recorded,
}

/// What became of a node.
pub struct Part {
    pub id: usize,
    pub fwd: Vec<Stmt>,
    pub rev: Vec<Stmt>,
}

impl Part {
    /// Does its reverse mention the variable?
    pub fn rev_mentions(&self, var: VarId) -> bool {
        self.rev.iter().any(|s| mentions_var(s, var))
    }
}

/// A block in both programs, and what the forward one leaves for the other.
pub struct Finished {
    pub fwd: Block,
    pub rev: Block,
    pub exports: Vec<VarId>,
}

/// The state of the pass.
pub struct Finish<'a> {
    pub function: Function,
    pub moved: &'a BTreeSet<VarId>,
    pub loads: BTreeSet<(usize, VarId)>,
    /// Traces of the program that is being written (the forward part, or what the reverse part runs again).
    pub traces: Vec<VarId>,
    /// Traces of what the reverse part runs again.
    pub replayed: Vec<VarId>,
    /// Inside an iteration that the reverse part runs again?
    pub replaying: bool,
    /// The loops whose iterations run forward and at once backward.
    one_pass: &'a BTreeSet<VarId>,
    /// The loops around, the innermost last: all that they write.
    loops: Vec<BTreeSet<VarId>>,
    /// Values that come from code the compiler does not know: they may be references.
    opaque: BTreeSet<VarId>,
    /// Roots whose shape may change.
    resized: BTreeSet<VarId>,
}

/// Finishes a whole function. The bodies of the loops over the variables in `one_pass` share one scope with their reverses.
pub fn finish(
    function: Function,
    moved: &BTreeSet<VarId>,
    pair: &Pair,
    one_pass: &BTreeSet<VarId>,
) -> Done {
    let mut finish = Finish {
        opaque: opaque(&function, pair),
        resized: resized(&function, pair),
        function,
        moved,
        loads: BTreeSet::new(),
        traces: Vec::new(),
        replayed: Vec::new(),
        replaying: false,
        one_pass,
        loops: Vec::new(),
    };
    let scope = match one_pass.is_empty() {
        true => Scope::Captured,
        false => Scope::Shared,
    };
    let Finished { fwd, rev, .. } = finish.pair(pair, scope);
    let forward = new_traces(&finish.traces).chain(fwd.stmts).collect();
    let reverse = new_traces(&finish.replayed).chain(rev.stmts).collect();
    Done {
        function: finish.function,
        forward: Block::new(forward),
        reverse,
        loads: finish.loads,
    }
}

fn resized(function: &Function, pair: &Pair) -> BTreeSet<VarId> {
    let mut all = BTreeSet::new();
    for node in &pair.nodes {
        for stmt in node.forward() {
            let places = own_writes(stmt);
            let changed = places.iter().filter(|p| !keeps_shape(function, stmt, p));
            all.extend(changed.map(|p| function.resolve(p).root));
        }
        for inner in node.pairs() {
            all.extend(resized(function, inner));
        }
    }
    all
}

fn opaque(function: &Function, pair: &Pair) -> BTreeSet<VarId> {
    let mut all = BTreeSet::new();
    for node in &pair.nodes {
        for stmt in node.forward() {
            if let Stmt::Let { var, rhs } = stmt {
                let unknown = matches!(function.var(*var).ty, Ty::Unknown | Ty::Ref(..));
                if unknown && matches!(rhs, Rhs::Inert(_)) {
                    all.insert(*var);
                }
            }
        }
        for inner in node.pairs() {
            all.extend(opaque(function, inner));
        }
    }
    all
}

impl Finish<'_> {
    /// May the variable hold a reference, which a pullback cannot keep?
    pub fn borrowed(&self, root: VarId) -> bool {
        self.opaque.contains(&root)
    }

    /// May the shape of the root change?
    pub fn is_resized(&self, root: VarId) -> bool {
        self.resized.contains(&root)
    }

    /// Does the innermost loop write the root?
    pub fn written_in_loop(&self, root: VarId) -> bool {
        self.loops.last().is_some_and(|l| l.contains(&root))
    }

    /// Both programs of a block.
    pub fn pair(&mut self, pair: &Pair, scope: Scope) -> Finished {
        let mut parts: Vec<Part> = pair.nodes.iter().map(|n| self.node(n)).collect();
        let exports = match scope {
            Scope::Shared => Vec::new(),
            Scope::Captured => {
                self.load_again(&mut parts);
                Vec::new()
            }
            Scope::Recorded => self.record(&mut parts),
        };
        let (mut fwd, mut rev) = (Vec::new(), Vec::new());
        for part in &mut parts {
            fwd.append(&mut part.fwd);
        }
        for part in parts.iter_mut().rev() {
            rev.append(&mut part.rev);
        }
        Finished {
            fwd: Block::new(fwd),
            rev: Block::new(rev),
            exports,
        }
    }

    fn node(&mut self, node: &Node) -> Part {
        let mut part = match &node.kind {
            NodeKind::Leaf { fwd, rev } => Part {
                id: node.id,
                fwd: fwd.clone(),
                rev: rev.clone(),
            },
            NodeKind::If { cond, then, els } => self.branch(node.id, cond, then, els),
            NodeKind::For {
                var,
                range,
                body,
                exit,
            } => self.for_loop(node.id, (*var, range, *exit), body),
            NodeKind::While {
                cond_block,
                cond,
                body,
            } => self.replayed(node.id, body, None, |body| Stmt::While {
                cond_block: cond_block.clone(),
                cond: cond.clone(),
                body,
            }),
        };
        part.rev.splice(0..0, node.before.iter().cloned());
        part
    }

    fn branch(&mut self, id: usize, cond: &Operand, then: &Pair, els: &Pair) -> Part {
        let then = self.pair(then, Scope::Recorded);
        let els = self.pair(els, Scope::Recorded);
        let cond = cond.clone();
        if then.exports.is_empty() && els.exports.is_empty() {
            let empty = then.rev.stmts.is_empty() && els.rev.stmts.is_empty();
            let stmt = |cond, then, els| Stmt::If { cond, then, els };
            let rev = (!empty).then(|| stmt(cond.clone(), then.rev, els.rev));
            return Part {
                id,
                fwd: vec![stmt(cond, then.fwd, els.fwd)],
                rev: rev.into_iter().collect(),
            };
        }
        let trace = self.fresh("branch", Ty::Inert);
        let record = DerivedStmt::IfRecord {
            trace,
            cond,
            then: (then.fwd, then.exports.clone()),
            els: (els.fwd, els.exports.clone()),
        };
        let replay = DerivedStmt::MatchRecord {
            trace,
            then: (then.exports, then.rev),
            els: (els.exports, els.rev),
        };
        Part {
            id,
            fwd: vec![Stmt::Derived(record)],
            rev: vec![Stmt::Derived(replay)],
        }
    }

    pub fn fresh(&mut self, hint: &str, ty: Ty) -> VarId {
        let span = Span::mixed_site();
        self.function.fresh(hint, span, ty, VarKind::Value)
    }

    /// The body of a loop whose iterations are recorded.
    pub fn loop_body(&mut self, body: &Pair, scope: Scope) -> Finished {
        let writes = self.written(body);
        self.loops.push(writes);
        let done = self.pair(body, scope);
        self.loops.pop();
        done
    }

    fn written(&self, body: &Pair) -> BTreeSet<VarId> {
        let mut all = BTreeSet::new();
        for node in &body.nodes {
            for stmt in node.forward() {
                let places = own_writes(stmt);
                all.extend(places.iter().map(|p| self.function.resolve(p).root));
            }
            for inner in node.pairs() {
                all.extend(self.written(inner));
            }
        }
        all
    }

    fn counted(&mut self, id: usize, var: VarId, range: &Range, body: &Pair) -> Part {
        if self.one_pass.contains(&var) {
            let nested = std::mem::replace(&mut self.replaying, true);
            let done = self.loop_body(body, Scope::Shared);
            self.replaying = nested;
            return there_and_back(id, var, range, done);
        }
        let before = self.snapshot();
        let mut done = self.loop_body(body, Scope::Recorded);
        if !done.exports.is_empty() {
            let parallel = self.function.parallel && self.loops.is_empty();
            let few = !parallel && self.is_few(&done.exports, range) && self.traces == before.1;
            let after = self.snapshot();
            self.restore(before);
            if let Some(part) = fuse::fused(self, id, (var, range), body, few) {
                return part;
            }
            self.restore(after);
        }
        if let Some(arrays) = short::in_arrays(self, var, range, &mut done) {
            let mut part = there_and_back(id, var, range, done);
            part.fwd.splice(0..0, arrays);
            return part;
        }
        let trace = self.trace(&mut done);
        let mut part = there_and_back(id, var, range, done);
        if let Some(trace) = trace {
            let range = range.clone();
            let reserve = DerivedStmt::TraceReserve { trace, range };
            part.fwd.insert(0, Stmt::Derived(reserve));
        }
        part
    }

    /// Does an iteration record so little that it is better than to do something dear twice? Only scalars, and what fits into arrays where the
    /// number of iterations is written down: what is that short needs no heap.
    fn is_few(&self, exports: &[VarId], range: &Range) -> bool {
        let scalar = |v: &VarId| self.function.var(*v).ty.is_float();
        let short = range.lo.as_var().is_none() && range.hi.as_var().is_none();
        match short {
            true => short::fits(&self.function, range, exports),
            false => exports.len() <= FEW && exports.iter().all(scalar),
        }
    }

    /// With checkpoints if it is marked so and that is possible; else its iterations are counted, if their number is not known before.
    fn for_loop(&mut self, id: usize, head: (VarId, &Range, Option<VarId>), body: &Pair) -> Part {
        let (var, range, exit) = head;
        if let Some(slots) = self.function.checkpoints.get(&var).cloned() {
            let before = self.snapshot();
            if let Some(part) = checkpoint::checkpointed(self, id, head, body, slots) {
                return part;
            }
            self.restore(before);
        }
        if exit.is_none() {
            return self.counted(id, var, range, body);
        }
        self.replayed(id, body, Some(var), |body| Stmt::For {
            var,
            range: range.clone(),
            body,
            exit,
        })
    }

    fn snapshot(&self) -> Snapshot {
        let (loads, traces) = (self.loads.clone(), self.traces.clone());
        let replayed = self.replayed.clone();
        (loads, traces, replayed)
    }

    fn restore(&mut self, snapshot: Snapshot) {
        (self.loads, self.traces, self.replayed) = snapshot;
    }

    /// Makes an iteration push what it exports, and its reverse pop it; gives back the trace.
    fn trace(&mut self, done: &mut Finished) -> Option<VarId> {
        if done.exports.is_empty() {
            return None;
        }
        let trace = self.fresh("trace", Ty::Inert);
        self.traces.push(trace);
        let values = std::mem::take(&mut done.exports);
        let push = DerivedStmt::TracePush {
            trace,
            values: values.clone(),
        };
        done.fwd.stmts.push(Stmt::Derived(push));
        let pop = DerivedStmt::TracePop { trace, values };
        done.rev.stmts.insert(0, Stmt::Derived(pop));
        Some(trace)
    }

    /// A loop whose iterations are counted, and its reverse, which runs that many.
    fn replayed(
        &mut self,
        id: usize,
        body: &Pair,
        index: Option<VarId>,
        make: impl FnOnce(Block) -> Stmt,
    ) -> Part {
        let mut done = self.loop_body(body, Scope::Recorded);
        if done.rev.stmts.is_empty() {
            return Part {
                id,
                fwd: vec![make(done.fwd)],
                rev: Vec::new(),
            };
        }
        let mut used = false;
        block_mentions(&done.rev, &mut |v| used |= Some(v) == index);
        done.exports.extend(index.filter(|_| used));
        self.trace(&mut done);
        let count = self.fresh("count", Ty::Int);
        self.function.vars[count.0 as usize].kind = VarKind::Mutable;
        let total = self.fresh("iterations", Ty::Int);
        let place = Place::var(count);
        let step = Stmt::Update {
            op: Op::Add,
            place: place.clone(),
            value: literal(syn::parse_quote!(1usize)),
        };
        done.fwd.stmts.insert(0, step);
        let zero = Stmt::Let {
            var: count,
            rhs: Rhs::Use(literal(syn::parse_quote!(0usize))),
        };
        let read = Stmt::Let {
            var: total,
            rhs: Rhs::Read(place),
        };
        let replay = DerivedStmt::Replay {
            count: Operand::Var(total),
            body: done.rev,
        };
        Part {
            id,
            fwd: vec![zero, make(done.fwd), read],
            rev: vec![Stmt::Derived(replay)],
        }
    }

    /// Does any of the statements write the root?
    pub fn any_writes(&self, stmts: &[Stmt], root: VarId) -> bool {
        stmts.iter().any(|s| writes_root(&self.function, s, root))
    }
}

/// A counted loop and its reverse.
fn there_and_back(id: usize, var: VarId, range: &Range, done: Finished) -> Part {
    let Finished { fwd, rev, .. } = done;
    let range = range.clone();
    let reverse = (!rev.stmts.is_empty()).then(|| {
        Stmt::Derived(DerivedStmt::ForReverse {
            var,
            range: range.clone(),
            body: rev,
        })
    });
    Part {
        id,
        fwd: vec![Stmt::For {
            var,
            range,
            body: fwd,
            exit: None,
        }],
        rev: reverse.into_iter().collect(),
    }
}

fn literal(expr: syn::Expr) -> Operand {
    let ty = Ty::Int;
    Operand::Const(Const { expr, ty })
}
