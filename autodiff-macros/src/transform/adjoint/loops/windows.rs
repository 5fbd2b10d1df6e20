//! The parts of lists that a loop goes through element by element, borrowed before it.
//!
//! Accesses of one list whose indices differ by constants share a window; `x[3 * j]`, `x[3 * j + 1]` and `x[3 * j + 2]` make one of records; a list that the loop changes has one window, and the loop touches
//! it nowhere else, but for elements of a list that it only adds to: their sums are added after it. An access that some iterations leave out widens no window: it could be out of bounds.
//!
//! *In*: a loop. *Out*: its windows, and what each place of its body stands for; [`rewrite`](super::rewrite) makes the new loop.

use super::super::indices::{Indices, literal};
use super::super::storage::effects::Effects;
use super::apart;
use super::carried;
use super::fixed;
use super::linear::{Linear, starts_at_zero};
use super::rewrite::Rewrite;
use super::steady;
use crate::ir::visit::{block_mentions, children};
use crate::ir::{
    Block, Derived, DerivedStmt, Function, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Records of more elements stay as they are.
const MOST: i64 = 8;

/// The loop with its windows, if there are any; any other statement as it is.
pub fn windowed(function: &mut Function, stmt: Stmt) -> Vec<Stmt> {
    match Counted::of(&stmt).filter(|counted| !counted.is_short()) {
        Some(counted) => with_windows(function, stmt, counted),
        None => vec![stmt],
    }
}

/// The same for a loop whose length is written down.
pub fn windowed_short(function: &mut Function, stmt: Stmt) -> Vec<Stmt> {
    match Counted::of(&stmt) {
        Some(counted) => with_windows(function, stmt, counted),
        None => vec![stmt],
    }
}

fn with_windows(function: &mut Function, stmt: Stmt, mut counted: Counted) -> Vec<Stmt> {
    let steady = steady::taken(function, &mut counted);
    match apart::bodies(function, &counted, &steady) {
        Some(bodies) => {
            let with = |body| Counted {
                body,
                ..counted.clone()
            };
            let loops = bodies.into_iter().map(with);
            loops
                .flat_map(|counted| {
                    let whole = counted.whole(&steady);
                    borrowed(function, whole, counted, steady.clone())
                })
                .collect()
        }
        None => borrowed(function, stmt, counted, steady),
    }
}

/// The loop, `steady` before it, or as it was.
fn borrowed(function: &mut Function, stmt: Stmt, counted: Counted, steady: Vec<Stmt>) -> Vec<Stmt> {
    let (windows, accesses) = windows(function, &counted, &steady);
    if windows.is_empty() {
        return vec![stmt];
    }
    Rewrite::new(function, &counted, accesses).stmts(&counted, steady, &windows)
}

/// A loop over consecutive numbers.
#[derive(Clone)]
pub struct Counted {
    pub var: VarId,
    pub range: Range,
    pub body: Block,
    pub reverse: bool,
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
        let counted = Self {
            var: *var,
            range: range.clone(),
            body: body.clone(),
            reverse,
        };
        let plain = range.step.is_none() && !has_effects(body);
        plain.then_some(counted)
    }

    /// Is its length written down? It will be unrolled.
    fn is_short(&self) -> bool {
        self.range.lo.as_var().is_none() && self.range.hi.as_var().is_none()
    }

    pub fn starts_at_zero(&self) -> bool {
        starts_at_zero(&self.range)
    }

    /// Does its index go up?
    pub fn rises(&self) -> bool {
        self.reverse == self.range.rev
    }

    /// Where it starts, if that is a literal.
    pub fn first(&self) -> Option<i64> {
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

/// What accesses of one window have in common: the list, and the index without its constant; the loop's own index is added, subtracted or not in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key {
    root: VarId,
    /// By how much the index goes up with the loop: 1, -1 if it goes down, 0 if it stays, more for records.
    pub slope: i64,
    prefix: String,
    terms: Vec<(String, i64)>,
}

/// A part of a list.
pub struct Window {
    pub list: Place,
    pub linear: Linear,
    /// The smallest and the largest constant.
    pub first: i64,
    pub last: i64,
    pub changed: bool,
    /// Are its elements numbers that an iteration changes and a later one uses again?
    pub carried: bool,
    /// The constants of elements, all numbers, that are the same in all iterations: nothing is borrowed then.
    pub fixed: BTreeSet<i64>,
    /// Are these elements of a list that the loop only adds to?
    pub sums: bool,
}

/// An element of a list.
#[derive(Clone)]
pub struct Access {
    pub key: Key,
    list: Place,
    pub linear: Linear,
    /// The smallest and the largest constant that is borrowed with it.
    pub span: (i64, i64),
    /// The path into the element.
    pub rest: Vec<Proj>,
    /// Is it changed?
    pub changes: bool,
}

/// The windows of a loop, and what each place of its body stands for, in the order of the text. `steady` stands before the loop.
fn windows(
    function: &Function,
    counted: &Counted,
    steady: &[Stmt],
) -> (BTreeMap<Key, Window>, Vec<Option<Access>>) {
    let effects = Effects::of(function, &counted.body.stmts);
    let changed: BTreeSet<VarId> = effects.written.union(&effects.added).copied().collect();
    let finder = Finder::new(function, counted, steady, effects.declared.clone());
    let mut found: BTreeMap<Key, Window> = BTreeMap::new();
    for stmt in &counted.body.stmts {
        element_places(&mut stmt.clone(), &mut |place| {
            if let Some(access) = finder.access(place, false) {
                let changed = changed.contains(&function.resolve(&access.list).root);
                add(&mut found, access, changed);
            }
        });
    }
    found.retain(|key, window| key.slope <= 1 || window.width() == key.slope - 1);
    let mut accesses = Vec::new();
    each_place(&counted.body, &mut |place, changes| {
        accesses.push(finder.access(place, changes))
    });
    for window in found.values_mut() {
        let root = function.resolve(&window.list).root;
        window.sums = !window.fixed.is_empty() && effects.only_adds_to(root);
    }
    let held = |key: &Key, window: &Window| {
        let mine = accesses.iter().flatten();
        mine.filter(|a| window.holds(key, a)).count()
    };
    let mut sums: BTreeMap<VarId, usize> = BTreeMap::new();
    for (key, window) in found.iter().filter(|(_, w)| w.sums) {
        *sums.entry(finder.list(key)).or_default() += held(key, window);
    }
    let alone = |key: &Key, window: &Window| {
        let others = sums.get(&finder.list(key)).unwrap_or(&0);
        held(key, window) + others == finder.mentions(key)
    };
    found.retain(|key, window| !window.changed || window.sums || alone(key, window));
    for (key, window) in &mut found {
        let mine = accesses.iter().flatten().filter(|a| window.holds(key, a));
        let mine: Vec<&Access> = mine.collect();
        window.carried = key.slope == 1 && carried::pays(function, counted, window, &mine);
    }
    (found, accesses)
}

fn add(found: &mut BTreeMap<Key, Window>, access: Access, changed: bool) {
    let ((first, last), slope) = (access.span, access.key.slope);
    let window = found.entry(access.key).or_insert(Window {
        list: access.list,
        linear: access.linear,
        first,
        last,
        changed,
        carried: false,
        fixed: BTreeSet::new(),
        sums: false,
    });
    if slope == 0 {
        window.fixed.insert(first);
    }
    window.first = window.first.min(first);
    window.last = window.last.max(last);
}

/// Finds accesses in the body of a loop.
pub struct Finder<'a> {
    function: &'a Function,
    body: &'a Block,
    locals: BTreeSet<VarId>,
    indices: Indices<'a, Linear>,
}

impl<'a> Finder<'a> {
    pub fn new(
        function: &'a Function,
        counted: &'a Counted,
        steady: &[Stmt],
        mut locals: BTreeSet<VarId>,
    ) -> Self {
        locals.insert(counted.var);
        let mut indices = Indices::new(function, &counted.body, locals.clone());
        indices.know(counted.var, Linear::index());
        let stmts = steady.iter().chain(&counted.body.stmts);
        stmts.for_each(|s| indices.learn(s));
        Self {
            function,
            body: &counted.body,
            locals,
            indices,
        }
    }

    /// The place as an element of a list that is there before the loop, its index going up or down with it or not changing. Parts
    /// that the loop borrows are seen through.
    pub fn access(&self, place: &Place, changes: bool) -> Option<Access> {
        let fixed = |o: &Operand| !o.as_var().is_some_and(|v| self.locals.contains(&v));
        let steady = |proj: &Proj| match proj {
            Proj::Index(o) => fixed(o),
            Proj::Range { lo, hi } => lo.iter().chain(hi).all(fixed),
            Proj::Deref | Proj::Field(_) => true,
            Proj::Records(_) | Proj::Entry(_) | Proj::Payload(_) => false,
            Proj::Wrapped | Proj::Failure | Proj::Inside(_) => false,
        };
        let place = if self.locals.contains(&place.root) {
            self.function.resolve(place)
        } else {
            place.clone()
        };
        let moving = place.path.iter().position(|p| !steady(p));
        let at = moving.or(place.path.len().checked_sub(1))?;
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
        let slope = linear.slope;
        let pays = rest.is_empty() && fixed::pays(self.function, &place, &list, &linear);
        if slope == 0 && !pays {
            return None;
        }
        let key = Key {
            root: place.root,
            slope,
            prefix: list.path.iter().map(Proj::text).collect(),
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
            changes,
        })
    }

    /// The index that a path begins with, what is borrowed with it, and the number of its steps: `[i + j]`, or `[i..i + 3][j]`.
    fn index(&self, path: &[Proj]) -> Option<(Linear, (i64, i64), usize)> {
        let rising = |o: &Operand| self.indices.operand(o).filter(|l| l.slope == 1);
        match path {
            [Proj::Index(index), ..] => {
                let steady = |l: &Linear| (-1..=MOST).contains(&l.slope);
                let linear = self.indices.operand(index).filter(steady)?;
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

    /// Of which list a window is.
    pub fn list(&self, key: &Key) -> VarId {
        self.root(key.root)
    }

    fn root(&self, var: VarId) -> VarId {
        self.function.resolve(&Place::var(var)).root
    }

    /// How often the body mentions the list.
    fn mentions(&self, key: &Key) -> usize {
        let (mut mentions, list) = (0, self.list(key));
        block_mentions(self.body, &mut |v| {
            mentions += usize::from(self.root(v) == list)
        });
        mentions
    }
}

impl Window {
    /// Where in the window an access is.
    pub fn offset(&self, access: &Access) -> i64 {
        access.linear.offset - self.first
    }

    /// From its first to its last element.
    pub fn width(&self) -> i64 {
        self.last - self.first
    }

    pub fn holds(&self, key: &Key, access: &Access) -> bool {
        let inside = self.first <= access.span.0 && access.span.1 <= self.last;
        let there = self.fixed.is_empty() || self.fixed.contains(&access.linear.offset);
        access.key == *key && inside && there
    }
}

/// Calls `f` with the places of a block whose elements a window may stand for, and with whether they are changed.
fn each_place(block: &Block, f: &mut dyn FnMut(&Place, bool)) {
    for stmt in &block.stmts {
        let inner = children(stmt);
        if inner.is_empty() {
            let reads = matches!(
                stmt,
                Stmt::Let {
                    rhs: Rhs::Read(_) | Rhs::Derived(Derived::Save(_)),
                    ..
                }
            );
            element_places(&mut stmt.clone(), &mut |place| f(place, !reads));
        }
        inner.into_iter().for_each(|b| each_place(b, f));
    }
}

/// Calls `f` with the places of a leaf that may be elements.
pub fn element_places(stmt: &mut Stmt, f: &mut dyn FnMut(&mut Place)) {
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
