//! The parts of lists that a loop goes through element by element, borrowed before it.
//!
//! Accesses of one list whose indices differ by constants share a window; a list that the loop changes has one window, and the loop touches
//! it nowhere else. An access that some iterations leave out widens no window: it could be out of bounds.

use super::super::storage::effects::Effects;
use super::linear::{Indices, Linear, literal};
use crate::ir::visit::{block_mentions, children, children_mut};
use crate::ir::{
    Block, Const, Derived, DerivedStmt, Function, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty,
    VarId, VarKind,
};
use proc_macro2::Span;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};

/// The loop with its windows, if there are any; any other statement as it is.
pub fn windowed(function: &mut Function, stmt: Stmt) -> Vec<Stmt> {
    let Some(counted) = Counted::of(&stmt) else {
        return vec![stmt];
    };
    let (windows, accesses) = windows(function, &counted);
    if windows.is_empty() {
        return vec![stmt];
    }
    Rewrite::new(function, &counted, accesses).stmts(&counted, &windows)
}

/// A loop over consecutive numbers.
struct Counted {
    var: VarId,
    range: Range,
    body: Block,
    reverse: bool,
}

impl Counted {
    fn of(stmt: &Stmt) -> Option<Self> {
        let (var, range, body, reverse) = match stmt {
            Stmt::For {
                var,
                range,
                body,
                exit: None,
            } => (var, range, body, false),
            Stmt::Derived(DerivedStmt::ForReverse { var, range, body }) => (var, range, body, true),
            _ => return None,
        };
        let constant = |o: &Operand| o.as_var().is_none();
        let short = constant(&range.lo) && constant(&range.hi);
        let counted = Self {
            var: *var,
            range: range.clone(),
            body: body.clone(),
            reverse,
        };
        let plain = range.step.is_none() && !short && !has_effects(body);
        plain.then_some(counted)
    }

    fn starts_at_zero(&self) -> bool {
        self.first() == Some(0)
    }

    /// Where it starts, if that is a literal.
    fn first(&self) -> Option<i64> {
        match &self.range.lo {
            Operand::Const(c) => literal(&c.expr),
            Operand::Var(_) => None,
        }
    }
}

/// Does it print or the like? That comes before an index out of bounds stops the loop.
fn has_effects(block: &Block) -> bool {
    let has = |s: &Stmt| matches!(s, Stmt::Effect(_)) || children(s).into_iter().any(has_effects);
    block.stmts.iter().any(has)
}

/// What accesses of one window have in common: the list, and the index without its constant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    root: VarId,
    prefix: String,
    terms: Vec<(String, i64)>,
}

/// A part of a list.
struct Window {
    list: Place,
    linear: Linear,
    /// The smallest and the largest constant.
    first: i64,
    last: i64,
    changed: bool,
}

/// An element of a list.
struct Access {
    key: Key,
    list: Place,
    linear: Linear,
    /// The smallest and the largest constant that is borrowed with it.
    span: (i64, i64),
    /// The path into the element.
    rest: Vec<Proj>,
}

/// The windows of a loop, and what each place of its body stands for, in the order of the text.
fn windows(function: &Function, counted: &Counted) -> (BTreeMap<Key, Window>, Vec<Option<Access>>) {
    let effects = Effects::of(function, &counted.body.stmts);
    let changed: BTreeSet<VarId> = effects.written.union(&effects.added).copied().collect();
    let finder = Finder::new(function, counted, effects.declared);
    let mut found: BTreeMap<Key, Window> = BTreeMap::new();
    for stmt in &counted.body.stmts {
        element_places(&mut stmt.clone(), &mut |place| {
            if let Some(access) = finder.access(place) {
                let changed = changed.contains(&function.resolve(&access.list).root);
                add(&mut found, access, changed);
            }
        });
    }
    let mut accesses = Vec::new();
    each_place(&counted.body, &mut |place| {
        accesses.push(finder.access(place))
    });
    let alone = |key: &Key, window: &Window| {
        let mine = accesses.iter().flatten().filter(|a| window.holds(key, a));
        mine.count() == finder.mentions(key)
    };
    found.retain(|key, window| !window.changed || alone(key, window));
    (found, accesses)
}

fn add(found: &mut BTreeMap<Key, Window>, access: Access, changed: bool) {
    let (first, last) = access.span;
    let window = found.entry(access.key).or_insert(Window {
        list: access.list,
        linear: access.linear,
        first,
        last,
        changed,
    });
    window.first = window.first.min(first);
    window.last = window.last.max(last);
}

/// Finds accesses in the body of a loop.
struct Finder<'a> {
    function: &'a Function,
    body: &'a Block,
    locals: BTreeSet<VarId>,
    indices: Indices<'a>,
}

impl<'a> Finder<'a> {
    fn new(function: &'a Function, counted: &'a Counted, mut locals: BTreeSet<VarId>) -> Self {
        locals.insert(counted.var);
        let mut indices = Indices::new(function, counted.var, &counted.body, locals.clone());
        counted.body.stmts.iter().for_each(|s| indices.learn(s));
        Self {
            function,
            body: &counted.body,
            locals,
            indices,
        }
    }

    /// The place as an element of a list that is there before the loop, its index going up with it. Parts that the loop borrows are seen
    /// through.
    fn access(&self, place: &Place) -> Option<Access> {
        let fixed = |o: &Operand| !o.as_var().is_some_and(|v| self.locals.contains(&v));
        let steady = |proj: &Proj| match proj {
            Proj::Index(o) => fixed(o),
            Proj::Range { lo, hi } => lo.iter().chain(hi).all(fixed),
            Proj::Deref | Proj::Field(_) => true,
            Proj::Payload(_) | Proj::Wrapped | Proj::Failure => false,
        };
        let place = if self.locals.contains(&place.root) {
            self.function.resolve(place)
        } else {
            place.clone()
        };
        let at = place.path.iter().position(|p| !steady(p))?;
        let (linear, span, steps) = self.index(&place.path[at..])?;
        let list = Place {
            root: place.root,
            path: place.path[..at].to_vec(),
        };
        let listed = matches!(
            self.function.place_ty(&list),
            Ty::Slice(_) | Ty::Vec(_) | Ty::Array(_)
        );
        if !listed || self.locals.contains(&place.root) {
            return None;
        }
        let rest = place.path[at + steps..].to_vec();
        let key = Key {
            root: place.root,
            prefix: list.path.iter().map(text).collect(),
            terms: linear
                .terms
                .iter()
                .map(|(t, (n, _))| (t.clone(), *n))
                .collect(),
        };
        Some(Access {
            key,
            list,
            linear,
            span,
            rest,
        })
    }

    /// The index that a path begins with, what is borrowed with it, and the number of its steps: `[i + j]`, or `[i..i + 3][j]`.
    fn index(&self, path: &[Proj]) -> Option<(Linear, (i64, i64), usize)> {
        let rising = |o: &Operand| self.indices.operand(o).filter(|l| l.slope == 1);
        match path {
            [Proj::Index(index), ..] => {
                let linear = rising(index)?;
                let span = (linear.offset, linear.offset);
                Some((linear, span, 1))
            }
            [
                Proj::Range {
                    lo: Some(lo),
                    hi: Some(hi),
                },
                Proj::Index(Operand::Const(step)),
                ..,
            ] => {
                let (lo, hi, step) = (rising(lo)?, rising(hi)?, literal(&step.expr)?);
                let inside = lo.same_terms(&hi) && (0..hi.offset - lo.offset).contains(&step);
                let span = (lo.offset, hi.offset - 1);
                let offset = lo.offset + step;
                inside.then_some((Linear { offset, ..lo }, span, 2))
            }
            _ => None,
        }
    }

    /// How often the body mentions the list.
    fn mentions(&self, key: &Key) -> usize {
        let root = |v: VarId| self.function.resolve(&Place::var(v)).root;
        let (mut mentions, list) = (0, root(key.root));
        block_mentions(self.body, &mut |v| mentions += usize::from(root(v) == list));
        mentions
    }
}

impl Window {
    fn holds(&self, key: &Key, access: &Access) -> bool {
        access.key == *key && self.first <= access.span.0 && access.span.1 <= self.last
    }
}

/// The text of a step of a path.
fn text(proj: &Proj) -> String {
    let operand = |o: &Operand| match o {
        Operand::Var(v) => format!("v{}", v.0),
        Operand::Const(c) => c.expr.to_token_stream().to_string(),
    };
    match proj {
        Proj::Deref => "*".into(),
        Proj::Field(member) => format!(".{}", member.to_token_stream()),
        Proj::Payload(payload) => format!("{payload:?}"),
        Proj::Wrapped => ".some".into(),
        Proj::Failure => ".err".into(),
        Proj::Index(i) => format!("[{}]", operand(i)),
        Proj::Range { lo, hi } => {
            let end = |o: &Option<Operand>| o.as_ref().map(operand).unwrap_or_default();
            format!("[{}..{}]", end(lo), end(hi))
        }
    }
}

/// Calls `f` with the places of a block whose elements a window may stand for.
fn each_place(block: &Block, f: &mut dyn FnMut(&Place)) {
    for stmt in &block.stmts {
        let inner = children(stmt);
        if inner.is_empty() {
            element_places(&mut stmt.clone(), &mut |place| f(place));
        }
        inner.into_iter().for_each(|b| each_place(b, f));
    }
}

/// Calls `f` with the places of a leaf that may be elements.
fn element_places(stmt: &mut Stmt, f: &mut dyn FnMut(&mut Place)) {
    match stmt {
        Stmt::Let { rhs, .. } => match rhs {
            Rhs::Read(p) => f(p),
            Rhs::Derived(
                Derived::Take(p) | Derived::Save(p) | Derived::Replace { place: p, .. },
            ) => f(p),
            _ => {}
        },
        Stmt::Assign { place, .. }
        | Stmt::Update { place, .. }
        | Stmt::Derived(DerivedStmt::Accumulate { place, .. } | DerivedStmt::SetZero(place)) => {
            f(place);
        }
        _ => {}
    }
}

/// Writes the loop with its windows.
struct Rewrite<'a> {
    function: &'a mut Function,
    /// Before the loop.
    before: Vec<Stmt>,
    /// The number of the iteration from below.
    step: VarId,
    /// Parts that the loop borrows and that windows stand for.
    parts: BTreeSet<VarId>,
    /// What the places of the body stand for.
    accesses: std::vec::IntoIter<Option<Access>>,
}

/// What stands for a list in the loop.
type Views<'a> = BTreeMap<&'a Key, (VarId, &'a Window)>;

impl<'a> Rewrite<'a> {
    fn new(function: &'a mut Function, counted: &Counted, accesses: Vec<Option<Access>>) -> Self {
        let step = if counted.starts_at_zero() {
            counted.var
        } else {
            function.fresh("step", Span::mixed_site(), Ty::Int, VarKind::Value)
        };
        Self {
            function,
            before: Vec::new(),
            step,
            parts: BTreeSet::new(),
            accesses: accesses.into_iter(),
        }
    }

    fn stmts(mut self, counted: &Counted, windows: &BTreeMap<Key, Window>) -> Vec<Stmt> {
        let cond = self.compare(counted);
        let test = std::mem::take(&mut self.before);
        let count = self.count(counted);
        let mut views = Views::new();
        for (key, window) in windows {
            let view = self.borrow(counted, &count, window);
            views.insert(key, (view, window));
        }
        let new = self.counted(counted, count, &views);
        let then = Block::new([self.before, vec![new]].concat());
        let els = Block::default();
        [test, vec![Stmt::If { cond, then, els }]].concat()
    }

    /// The loop from zero on.
    fn counted(&mut self, counted: &Counted, count: Operand, views: &Views) -> Stmt {
        let mut body = self.block(counted.body.clone(), views);
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

    /// `let view = &list[start..start + count + width]`
    fn borrow(&mut self, counted: &Counted, count: &Operand, window: &Window) -> VarId {
        let start = self.start(counted, window);
        let width = window.last - window.first;
        let mut end = count.clone();
        if width > 0 {
            end = self.sum(Op::Add, end, number(width));
        }
        if let Some(start) = &start {
            end = self.sum(Op::Add, start.clone(), end);
        }
        let range = Proj::Range {
            lo: start,
            hi: Some(end),
        };
        let place = window.list.clone().then(range);
        let (mutable, target) = (window.changed, self.function.resolve(&place));
        let hint = format!("{}_part", self.function.var(place.root).ident);
        let ty = Ty::Ref(mutable, Box::new(self.function.place_ty(&place)));
        let kind = VarKind::View { mutable, target };
        let view = self.function.fresh(&hint, Span::mixed_site(), ty, kind);
        let rhs = Rhs::Borrow { mutable, place };
        self.before.push(Stmt::Let { var: view, rhs });
        view
    }

    /// The index of the window's first element, if it is not zero: what is added first, then what is subtracted.
    fn start(&mut self, counted: &Counted, window: &Window) -> Option<Operand> {
        let mut parts: Vec<(i64, Operand)> = window.linear.terms.values().cloned().collect();
        if counted.first().is_none() {
            parts.push((1, counted.range.lo.clone()));
        }
        let constant = window.first + counted.first().unwrap_or(0);
        if constant != 0 {
            parts.push((constant.signum(), number(constant.abs())));
        }
        parts.sort_by_key(|(n, _)| -n.signum());
        let mut start: Option<Operand> = None;
        for (n, part) in parts {
            for _ in 0..n.abs() {
                start = Some(match start {
                    None => part.clone(),
                    Some(sum) if n > 0 => self.sum(Op::Add, sum, part.clone()),
                    Some(sum) => self.sum(Op::Sub, sum, part.clone()),
                });
            }
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
        let Some((view, window)) = found.filter(|(_, w)| w.holds(&access.key, &access)) else {
            return;
        };
        let index = self.index(access.linear.offset - window.first, before);
        self.parts.insert(place.root);
        let path = [Proj::Deref, Proj::Index(index)].into_iter();
        *place = Place {
            root: *view,
            path: path.chain(access.rest).collect(),
        };
    }

    fn index(&mut self, offset: i64, before: &mut Vec<Stmt>) -> Operand {
        let step = Operand::Var(self.step);
        if offset == 0 {
            return step;
        }
        let span = Span::mixed_site();
        let var = self.function.fresh("t", span, Ty::Int, VarKind::Value);
        let rhs = Rhs::Op(Op::Add, vec![step, number(offset)]);
        before.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }
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
        Rhs::Op(Op::Add | Op::Sub, _) => true,
        Rhs::Inert(inert) => inert.cheap && inert.writes.is_empty(),
        _ => false,
    }
}

impl Counted {
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

fn number(n: i64) -> Operand {
    let literal = proc_macro2::Literal::i64_unsuffixed(n);
    Operand::Const(Const {
        expr: syn::parse_quote!(#literal),
        ty: Ty::Int,
    })
}
