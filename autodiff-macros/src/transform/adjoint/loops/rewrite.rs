//! Writes a loop with its windows.

use super::super::indices::literal;
use super::carried::Carried;
use super::fixed::Fixed;
use super::linear::Linear;
use super::windows::{Access, Counted, Key, Window, element_places};
use crate::ir::visit::{block_mentions, children_mut};
use crate::ir::{
    Block, Const, DerivedStmt, Function, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarId,
    VarKind,
};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Writes the loop with its windows.
pub struct Rewrite<'a> {
    function: &'a mut Function,
    /// Before the loop.
    before: Vec<Stmt>,
    /// The number of the iteration from below.
    step: VarId,
    /// The largest one.
    last: Operand,
    /// Parts that the loop borrows and that windows stand for.
    parts: BTreeSet<VarId>,
    /// What the places of the body stand for.
    accesses: std::vec::IntoIter<Option<Access>>,
}

/// What stands for a list in the loop.
type Views<'a> = BTreeMap<&'a Key, View<'a>>;

struct View<'a> {
    window: &'a Window,
    elements: Elements,
}

/// Where the elements of a window are.
enum Elements {
    /// In a part of the list.
    Borrowed(VarId),
    /// In variables that are moved on with the loop.
    Carried(Carried),
    /// In variables.
    Fixed(Fixed),
}

impl<'a> Rewrite<'a> {
    pub fn new(
        function: &'a mut Function,
        counted: &Counted,
        accesses: Vec<Option<Access>>,
    ) -> Self {
        let step = if counted.starts_at_zero() {
            counted.var
        } else {
            function.fresh("step", Span::mixed_site(), Ty::Int, VarKind::Value)
        };
        Self {
            function,
            before: Vec::new(),
            step,
            last: number(0),
            parts: BTreeSet::new(),
            accesses: accesses.into_iter(),
        }
    }

    /// The loop, with `steady` before it.
    pub fn stmts(
        mut self,
        counted: &Counted,
        steady: Vec<Stmt>,
        windows: &BTreeMap<Key, Window>,
    ) -> Vec<Stmt> {
        let cond = self.compare(counted);
        let test = std::mem::take(&mut self.before);
        let count = self.count(counted);
        if windows.keys().any(|key| key.slope < 0) {
            self.last = self.sum(Op::Sub, count.clone(), number(1));
        }
        let mut views = Views::new();
        for (key, window) in windows {
            let elements = self.elements(counted, &count, window);
            views.insert(key, View { window, elements });
        }
        let new = self.counted(counted, count.clone(), &views);
        let (mut before, mut stored, mut added) = (self.before, Vec::new(), Vec::new());
        for view in views.values() {
            match &view.elements {
                Elements::Borrowed(_) => {}
                Elements::Carried(carried) => {
                    before.extend(carried.before(self.function, &count));
                    stored.extend(carried.after(self.function, &count));
                }
                Elements::Fixed(fixed) => {
                    before.extend(fixed.before(self.function));
                    let after = if view.window.sums {
                        &mut added
                    } else {
                        &mut stored
                    };
                    after.extend(fixed.after(self.function));
                }
            }
        }
        // Sums may go to elements that other windows of the list stand for.
        let then = Block::new([steady, before, vec![new], stored, added].concat());
        let els = Block::default();
        [test, vec![Stmt::If { cond, then, els }]].concat()
    }

    /// The loop from zero on.
    fn counted(&mut self, counted: &Counted, count: Operand, views: &Views) -> Stmt {
        let mut body = self.block(counted.body.clone(), views);
        for view in views.values() {
            if let Elements::Carried(carried) = &view.elements {
                carried.iterate(self.function, self.step, &mut body);
            }
        }
        if self.step != counted.var {
            let args = vec![counted.range.lo.clone(), Operand::Var(self.step)];
            let (var, rhs) = (counted.var, Rhs::Op(Op::Add, args));
            body.stmts.insert(0, Stmt::Let { var, rhs });
        }
        let range = Range {
            lo: number(0),
            hi: count,
            inclusive: false,
            rev: counted.range.rev,
            step: None,
        };
        counted.with(self.step, range, without_unused(body, &self.parts))
    }

    fn bind(&mut self, hint: &str, ty: Ty, rhs: Rhs) -> Operand {
        let span = Span::mixed_site();
        let var = self.function.fresh(hint, span, ty, VarKind::Value);
        self.before.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }

    fn sum(&mut self, op: Op, a: Operand, b: Operand) -> Operand {
        self.bind("t", Ty::Int, Rhs::Op(op, vec![a, b]))
    }

    /// Is there an iteration?
    fn compare(&mut self, counted: &Counted) -> Operand {
        let Range {
            lo, hi, inclusive, ..
        } = counted.range.clone();
        let op = if inclusive { Op::Le } else { Op::Lt };
        self.bind("t", Ty::Bool, Rhs::Op(op, vec![lo, hi]))
    }

    /// How many are there?
    fn count(&mut self, counted: &Counted) -> Operand {
        let range = &counted.range;
        let count = if counted.starts_at_zero() {
            range.hi.clone()
        } else {
            self.sum(Op::Sub, range.hi.clone(), range.lo.clone())
        };
        if range.inclusive {
            self.sum(Op::Add, count, number(1))
        } else {
            count
        }
    }

    fn elements(&mut self, counted: &Counted, count: &Operand, window: &Window) -> Elements {
        if !window.fixed.is_empty() {
            let places = window.fixed.iter().map(|offset| {
                let index = self.sum_of(&window.linear, Vec::new(), *offset);
                let index = index.unwrap_or_else(|| number(0));
                (*offset, window.list.clone().then(Proj::Index(index)))
            });
            let places = places.collect();
            return Elements::Fixed(Fixed::new(self.function, places, window));
        }
        let view = self.borrow(counted, count, window);
        if window.carried {
            return Elements::Carried(Carried::new(self.function, counted, window, view));
        }
        Elements::Borrowed(view)
    }

    /// `let view = &list[start..start + count + width]`
    fn borrow(&mut self, counted: &Counted, count: &Operand, window: &Window) -> VarId {
        let start = self.start(counted, count, window);
        let (width, slope) = (window.width(), window.linear.slope);
        let mut end = count.clone();
        if slope > 1 {
            end = self.sum(Op::Mul, end, number(slope));
        } else if width > 0 {
            end = self.sum(Op::Add, end, number(width));
        }
        if let Some(start) = &start {
            end = self.sum(Op::Add, start.clone(), end);
        }
        let range = Proj::Range {
            lo: start,
            hi: Some(end),
        };
        let mut place = window.list.clone().then(range);
        if let (true, Ok(size)) = (slope > 1, usize::try_from(slope)) {
            let (lo, hi) = (None, Some(count.clone()));
            place = place.then(Proj::Records(size)).then(Proj::Range { lo, hi });
        }
        let (mutable, target) = (window.changed, self.function.resolve(&place));
        let hint = format!("{}_part", self.function.var(place.root).ident);
        let ty = Ty::Ref(mutable, Box::new(self.function.place_ty(&place)));
        let kind = VarKind::View { mutable, target };
        let view = self.function.fresh(&hint, Span::mixed_site(), ty, kind);
        let rhs = Rhs::Borrow { mutable, place };
        self.before.push(Stmt::Let { var: view, rhs });
        view
    }

    /// The index of the window's first element, if it is not zero: where an index goes down, the one of the last iteration.
    fn start(&mut self, counted: &Counted, count: &Operand, window: &Window) -> Option<Operand> {
        let (first, slope) = (counted.first(), window.linear.slope);
        let mut constant = window.first + slope * first.unwrap_or(0);
        let lo = first.is_none().then(|| counted.range.lo.clone());
        let mut more: Vec<(i64, Operand)> = lo.into_iter().map(|lo| (slope, lo)).collect();
        if slope < 0 {
            more.push((-1, count.clone()));
            constant += 1;
        }
        self.sum_of(&window.linear, more, constant)
    }

    /// The terms, some more, and a constant, if that is not zero: what is added first, then what is subtracted.
    fn sum_of(
        &mut self,
        linear: &Linear,
        more: Vec<(i64, Operand)>,
        constant: i64,
    ) -> Option<Operand> {
        let mut parts: Vec<(i64, Operand)> = linear.terms.values().cloned().collect();
        for (n, term) in more {
            let same =
                |p: &&mut (i64, Operand)| p.1.as_var().is_some() && p.1.as_var() == term.as_var();
            match parts.iter_mut().find(same) {
                Some(part) => part.0 += n,
                None => parts.push((n, term)),
            }
        }
        if constant != 0 {
            parts.push((constant.signum(), number(constant.abs())));
        }
        parts.retain(|(n, _)| *n != 0);
        parts.sort_by_key(|(n, _)| -n.signum());
        let mut start: Option<Operand> = None;
        for (n, part) in parts {
            let part = match n.abs() {
                1 => part,
                times => self.sum(Op::Mul, part, number(times)),
            };
            start = Some(match start {
                None => part,
                Some(sum) if n > 0 => self.sum(Op::Add, sum, part),
                Some(sum) => self.sum(Op::Sub, sum, part),
            });
        }
        start
    }

    fn block(&mut self, block: Block, views: &Views) -> Block {
        let mut out = Vec::new();
        for mut stmt in block.stmts {
            let mut indices = Vec::new();
            let inner = children_mut(&mut stmt);
            if inner.is_empty() {
                element_places(&mut stmt, &mut |place| {
                    self.element(place, views, &mut indices)
                });
            } else {
                for block in inner {
                    *block = self.block(std::mem::take(block), views);
                }
            }
            out.extend(indices);
            out.push(stmt);
        }
        Block::new(out)
    }

    /// Makes a place an element of its window.
    fn element(&mut self, place: &mut Place, views: &Views, before: &mut Vec<Stmt>) {
        let Some(access) = self.accesses.next().flatten() else {
            return;
        };
        let found = views.get(&access.key);
        let Some(view) = found.filter(|v| v.window.holds(&access.key, &access)) else {
            return;
        };
        self.parts.insert(place.root);
        let offset = view.window.offset(&access);
        let view = match &view.elements {
            Elements::Carried(carried) => {
                *place = carried.element(offset);
                return;
            }
            Elements::Fixed(fixed) => {
                *place = fixed.element(access.linear.offset);
                return;
            }
            Elements::Borrowed(view) => *view,
        };
        let step = self.step_of(&access.key, before);
        let steps = if access.key.slope > 1 {
            vec![Proj::Deref, Proj::Index(step), Proj::Index(number(offset))]
        } else {
            let index = index(self.function, &step, offset, before);
            vec![Proj::Deref, Proj::Index(index)]
        };
        *place = Place {
            root: view,
            path: steps.into_iter().chain(access.rest).collect(),
        };
    }

    /// How many elements of a window come before those of the iteration.
    fn step_of(&mut self, key: &Key, before: &mut Vec<Stmt>) -> Operand {
        let step = Operand::Var(self.step);
        if key.slope > 0 {
            return step;
        }
        let var = self
            .function
            .fresh("t", Span::mixed_site(), Ty::Int, VarKind::Value);
        let rhs = Rhs::Op(Op::Sub, vec![self.last.clone(), step]);
        before.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }
}

/// An index and a constant, computed `before`.
pub fn index(
    function: &mut Function,
    base: &Operand,
    offset: i64,
    before: &mut Vec<Stmt>,
) -> Operand {
    if offset == 0 {
        return base.clone();
    }
    if let Operand::Const(Const { expr, .. }) = base
        && let Some(base) = literal(expr)
    {
        return number(base + offset);
    }
    let span = Span::mixed_site();
    let var = function.fresh("t", span, Ty::Int, VarKind::Value);
    let rhs = Rhs::Op(Op::Add, vec![base.clone(), number(offset)]);
    before.push(Stmt::Let { var, rhs });
    Operand::Var(var)
}

/// The body without indices and parts that nobody asks for.
fn without_unused(mut body: Block, parts: &BTreeSet<VarId>) -> Block {
    loop {
        let mut used = BTreeSet::new();
        block_mentions(&body, &mut |v| {
            used.insert(v);
        });
        let unused = |stmt: &Stmt| match stmt {
            Stmt::Let { var, rhs } => (is_index(rhs) || parts.contains(var)) && !used.contains(var),
            _ => false,
        };
        let before = body.stmts.len();
        body.stmts.retain(|s| !unused(s));
        if body.stmts.len() == before {
            return body;
        }
    }
}

fn is_index(rhs: &Rhs) -> bool {
    match rhs {
        Rhs::Op(Op::Add | Op::Sub | Op::Mul, _) => true,
        Rhs::Inert(inert) => inert.cheap && inert.writes.is_empty(),
        _ => false,
    }
}

impl Counted {
    /// The loop with what is steady in its body.
    pub fn whole(&self, steady: &[Stmt]) -> Stmt {
        let stmts = steady.iter().chain(&self.body.stmts).cloned().collect();
        self.with(self.var, self.range.clone(), Block::new(stmts))
    }

    fn with(&self, var: VarId, range: Range, body: Block) -> Stmt {
        if self.reverse {
            return Stmt::Derived(DerivedStmt::ForReverse { var, range, body });
        }
        Stmt::For {
            var,
            range,
            body,
            exit: None,
        }
    }
}

pub fn number(n: i64) -> Operand {
    let literal = proc_macro2::Literal::i64_unsuffixed(n);
    Operand::Const(Const {
        expr: syn::parse_quote!(#literal),
        ty: Ty::Int,
    })
}
