//! `#[differentiate(reassociate)]`: sums over the iterations of an innermost loop are taken in lanes, so that LLVM may use vector instructions.
//!
//! ```text
//!                                 let mut lanes = [0.0; 8];
//! for j in 0..n {                 for block in 0..n / 8 {
//!     s += x[j] * y[j];    =>         for lane in 0..8 { let j = block * 8 + lane; lanes[lane] += x[j] * y[j]; }
//! }                               }
//!                                 for j in n / 8 * 8..n { s += x[j] * y[j]; }
//!                                 s += lanes[0] + ..;
//! ```
//!
//! The iterations keep their order; only the sums are taken in another one.

use super::linear::starts_at_zero;
use super::rewrite::number;
use super::windows::windowed_short;
use crate::ir::visit::{block_mentions, children, children_mut, declared};
use crate::ir::{
    Block, Derived, DerivedStmt, FloatTy, Function, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty,
    VarId, VarKind,
};
use proc_macro2::Span;
use std::collections::BTreeMap;

/// How many lanes there are: several vectors of the narrowest kind, so that none waits for the sum before.
const LANES: i64 = 8;

/// The block with the sums of its innermost loops in lanes.
pub fn reassociated(function: &mut Function, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        for inner in children_mut(&mut stmt) {
            reassociated(function, inner);
        }
        let split = split(function, &stmt);
        block.stmts.extend(split.unwrap_or_else(|| vec![stmt]));
    }
}

fn split(function: &mut Function, stmt: &Stmt) -> Option<Vec<Stmt>> {
    let Stmt::For {
        var,
        range,
        body,
        exit: None,
    } = stmt
    else {
        return None;
    };
    let upwards = !range.rev && !range.inclusive && range.step.is_none();
    let known = range.hi.as_var().is_none();
    let inner = body.stmts.iter().any(|s| !children(s).is_empty());
    let sums = sums(function, body);
    if !upwards || known || inner || sums.is_empty() {
        return None;
    }
    Some(Split::new(function, *var, range, sums).stmts(body))
}

/// The variables that the body only adds to.
fn sums(function: &Function, body: &Block) -> Vec<(VarId, FloatTy)> {
    let mut mentions: BTreeMap<VarId, usize> = BTreeMap::new();
    block_mentions(body, &mut |v| *mentions.entry(v).or_default() += 1);
    let mut added: BTreeMap<VarId, usize> = BTreeMap::new();
    for place in body.stmts.iter().filter_map(sum) {
        if place.path.is_empty() {
            *added.entry(place.root).or_default() += 1;
        }
    }
    let local: Vec<VarId> = body.stmts.iter().flat_map(declared).collect();
    let only = added
        .iter()
        .filter(|(v, n)| mentions.get(v) == Some(n) && !local.contains(v));
    let typed = only.filter_map(|(v, _)| match &function.var(*v).ty {
        Ty::Float(FloatTy::Literal) => None,
        Ty::Float(float) => Some((*v, float.clone())),
        _ => None,
    });
    typed.collect()
}

/// What a statement adds to.
fn sum(stmt: &Stmt) -> Option<&Place> {
    match stmt {
        Stmt::Update {
            op: Op::Add | Op::Sub,
            place,
            ..
        }
        | Stmt::Derived(DerivedStmt::Accumulate { place, .. }) => Some(place),
        _ => None,
    }
}

/// Writes a loop with lanes.
struct Split<'a> {
    function: &'a mut Function,
    var: VarId,
    range: &'a Range,
    /// The sums and their lanes.
    lanes: BTreeMap<VarId, VarId>,
    out: Vec<Stmt>,
}

impl<'a> Split<'a> {
    fn new(
        function: &'a mut Function,
        var: VarId,
        range: &'a Range,
        sums: Vec<(VarId, FloatTy)>,
    ) -> Self {
        let mut split = Self {
            function,
            var,
            range,
            lanes: BTreeMap::new(),
            out: Vec::new(),
        };
        for (sum, float) in sums {
            split.declare(sum, float);
        }
        split
    }

    /// `let mut lanes = [0.0; 8]`
    fn declare(&mut self, sum: VarId, float: FloatTy) {
        let ty = Ty::Float(float.clone());
        let zero = self.bind(ty.clone(), Rhs::Derived(Derived::ZeroScalar(float)));
        let name = format!("{}_lanes", self.function.var(sum).ident);
        let (list, kind) = (Ty::Array(Box::new(ty)), VarKind::Mutable);
        let var = self.function.fresh(&name, Span::mixed_site(), list, kind);
        let rhs = Rhs::Repeat {
            vec: false,
            value: zero,
            len: number(LANES),
        };
        self.out.push(Stmt::Let { var, rhs });
        self.lanes.insert(sum, var);
    }

    fn bind(&mut self, ty: Ty, rhs: Rhs) -> Operand {
        let var = self.fresh("t", ty);
        self.out.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }

    fn fresh(&mut self, name: &str, ty: Ty) -> VarId {
        let span = Span::mixed_site();
        self.function.fresh(name, span, ty, VarKind::Value)
    }

    fn int(&mut self, op: Op, a: Operand, b: Operand) -> Operand {
        self.bind(Ty::Int, Rhs::Op(op, vec![a, b]))
    }

    fn starts_at_zero(&self) -> bool {
        starts_at_zero(self.range)
    }

    /// The index of an iteration by its number.
    fn index_of(&mut self, number: Operand) -> Operand {
        if self.starts_at_zero() {
            return number;
        }
        self.int(Op::Add, self.range.lo.clone(), number)
    }

    fn stmts(mut self, body: &Block) -> Vec<Stmt> {
        let (lo, hi) = (self.range.lo.clone(), self.range.hi.clone());
        let some = self.bind(Ty::Bool, Rhs::Op(Op::Lt, vec![lo.clone(), hi.clone()]));
        let outside = std::mem::take(&mut self.out);
        let count = match self.starts_at_zero() {
            true => hi.clone(),
            false => self.int(Op::Sub, hi.clone(), lo),
        };
        let blocks = self.int(Op::Div, count, number(LANES));
        let blocked = self.blocked(&blocks, body);
        self.out.push(blocked);
        let done = self.int(Op::Mul, blocks, number(LANES));
        let from = self.index_of(done);
        let rest = Stmt::For {
            var: self.var,
            range: range(from, hi),
            body: body.clone(),
            exit: None,
        };
        self.out.push(rest);
        for (sum, lanes) in self.lanes.clone() {
            self.total(sum, lanes);
        }
        let branch = Stmt::If {
            cond: some,
            then: Block::new(self.out),
            els: Block::default(),
        };
        [outside, vec![branch]].concat()
    }

    /// The iterations in blocks, one for each lane.
    fn blocked(&mut self, blocks: &Operand, body: &Block) -> Stmt {
        let outer = std::mem::take(&mut self.out);
        let (block, lane) = (self.fresh("block", Ty::Int), self.fresh("lane", Ty::Int));
        let start = self.int(Op::Mul, Operand::Var(block), number(LANES));
        let start = self.index_of(start);
        let index = Stmt::Let {
            var: self.var,
            rhs: Rhs::Op(Op::Add, vec![start, Operand::Var(lane)]),
        };
        let own = body.stmts.iter().map(|s| self.in_lane(s, lane));
        let own: Vec<Stmt> = std::iter::once(index).chain(own).collect();
        let inner = Stmt::For {
            var: lane,
            range: range(number(0), number(LANES)),
            body: Block::new(own),
            exit: None,
        };
        let inner = windowed_short(self.function, inner);
        let start = std::mem::replace(&mut self.out, outer);
        Stmt::For {
            var: block,
            range: range(number(0), blocks.clone()),
            body: Block::new([start, inner].concat()),
            exit: None,
        }
    }

    /// A statement of the body with its sum in a lane.
    fn in_lane(&self, stmt: &Stmt, lane: VarId) -> Stmt {
        let mut stmt = stmt.clone();
        if let Stmt::Update { place, .. } | Stmt::Derived(DerivedStmt::Accumulate { place, .. }) =
            &mut stmt
            && let Some(lanes) = self.lanes.get(&place.root)
        {
            *place = Place::var(*lanes).then(Proj::Index(Operand::Var(lane)));
        }
        stmt
    }

    /// Adds the lanes in pairs.
    fn total(&mut self, sum: VarId, lanes: VarId) {
        let ty = self.function.var(sum).ty.clone();
        let lane = |k| Rhs::Read(Place::var(lanes).then(Proj::Index(number(k))));
        let mut parts: Vec<Operand> = (0..LANES).map(|k| self.bind(ty.clone(), lane(k))).collect();
        while parts.len() > 1 {
            let pairs = parts.chunks(2).map(<[Operand]>::to_vec);
            let pairs: Vec<_> = pairs.collect();
            parts = pairs
                .into_iter()
                .map(|pair| self.bind(ty.clone(), Rhs::Op(Op::Add, pair)))
                .collect();
        }
        self.out.extend(parts.pop().map(|value| Stmt::Update {
            op: Op::Add,
            place: Place::var(sum),
            value,
        }));
    }
}

fn range(lo: Operand, hi: Operand) -> Range {
    Range {
        lo,
        hi,
        inclusive: false,
        rev: false,
        step: None,
    }
}
