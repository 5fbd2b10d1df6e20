//! Lists of which each iteration of a loop has a portion of its own: `h[i]`, `h[i * k..(i + 1) * k]`, `h[i * n + j]` with `j` in `0..n`.
//!
//! What an iteration loads of its portion, no other one overwrites. The portions are bounded by polynomials in numbers that are not
//! negative; they are apart if each ends before the next one begins, whatever these numbers are.

use super::super::indices::{Indices, Sum};
use super::super::pair::{Node, NodeKind, Pair};
use super::super::polynomial::Polynomial;
use super::fuse::plain;
use crate::ir::visit::{all_declared, children, own_mentions, places_mut, places_read_again};
use crate::ir::{Block, Function, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarId, VarKind};
use std::collections::BTreeSet;

/// Those of the roots of which each iteration of the loop over `index` touches a portion of its own and nothing else.
pub fn in_portions(
    function: &Function,
    index: VarId,
    body: &Pair,
    mut roots: BTreeSet<VarId>,
) -> BTreeSet<VarId> {
    if roots.is_empty() {
        return roots;
    }
    let bounds = Bounds::of(function, index, &plain(body));
    roots.retain(|root| {
        let mut touched = Touched {
            bounds: &bounds,
            root: *root,
            list: None,
            spans: Some(Vec::new()),
        };
        touched.pair(body);
        let spans = touched.spans.unwrap_or_default();
        !spans.is_empty() && are_apart(index, &spans)
    });
    roots
}

/// From where to where, exclusive.
type Span = (Polynomial, Polynomial);

/// Does each portion end before the next one begins?
fn are_apart(index: VarId, spans: &[Span]) -> bool {
    let slope = |p: &Polynomial| Some(p.split(index)?.0);
    let next = |p: &Polynomial| Some(p.clone().plus(&slope(p)?, 1));
    let before = |a: Option<Polynomial>, b: Option<Polynomial>| {
        a.zip(b)
            .is_some_and(|(a, b)| b.plus(&a, -1).is_never_negative())
    };
    let zero = || Some(Polynomial::default());
    let rise = |(lo, _): &Span| before(zero(), slope(lo));
    let fall = |(lo, _): &Span| before(slope(lo), zero());
    let pairs = || spans.iter().flat_map(|a| spans.iter().map(move |b| (a, b)));
    let ahead = pairs().all(|((_, hi), (lo, _))| before(Some(hi.clone()), next(lo)));
    let behind = pairs().all(|((_, hi), (lo, _))| before(next(hi), Some(lo.clone())));
    ahead && spans.iter().all(rise) || behind && spans.iter().all(fall)
}

/// The indices that a loop's body computes, and the ranges of the loops in it.
struct Bounds<'a> {
    function: &'a Function,
    locals: BTreeSet<VarId>,
    indices: Indices<'a, Polynomial>,
    /// From the outer to the inner ones.
    loops: Vec<(VarId, Option<Span>)>,
}

impl<'a> Bounds<'a> {
    fn of(function: &'a Function, index: VarId, body: &Block) -> Self {
        let mut locals = BTreeSet::from([index]);
        all_declared(body, &mut locals);
        let mut indices = Indices::new(function, body, locals.clone());
        indices.know(index, Polynomial::index(index));
        let mut bounds = Self {
            function,
            locals,
            indices,
            loops: Vec::new(),
        };
        bounds.learn(body);
        bounds
    }

    fn learn(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.indices.learn(stmt);
            if let Stmt::For { var, range, .. } = stmt {
                self.loops.push((*var, self.range(range)));
                self.indices.know(*var, Polynomial::index(*var));
            }
            children(stmt).into_iter().for_each(|b| self.learn(b));
        }
    }

    fn range(&self, range: &Range) -> Option<Span> {
        let (lo, hi) = (
            self.indices.operand(&range.lo)?,
            self.indices.operand(&range.hi)?,
        );
        let past = Polynomial::number(i64::from(range.inclusive));
        Some((lo, hi.plus(&past, 1)))
    }

    /// The bounds of a span over all iterations of the inner loops.
    fn over_loops(&self, (mut lo, mut hi): Span) -> Option<Span> {
        for (var, range) in self.loops.iter().rev() {
            lo = extreme(lo, *var, range.as_ref(), false)?;
            hi = extreme(hi, *var, range.as_ref(), true)?;
        }
        Some((lo, hi))
    }

    /// The list that a place is in, by its text, and from where to where: what comes before the first step that is not the same in
    /// all iterations, and that step.
    fn span(&self, place: &Place) -> Option<(String, Span)> {
        let at = place.path.iter().position(|step| self.moves(step))?;
        let list = Place {
            root: place.root,
            path: place.path[..at].to_vec(),
        };
        let of_elements = matches!(
            self.function.place_ty(&list),
            Ty::Slice(_) | Ty::Vec(_) | Ty::Array(_)
        );
        let span = self.steps(&place.path[at..]).filter(|_| of_elements)?;
        let text = list.path.iter().map(Proj::text).collect();
        Some((text, self.over_loops(span)?))
    }

    /// May the step be another one in another iteration?
    fn moves(&self, step: &Proj) -> bool {
        let fixed = |o: &Operand| {
            let value = |v| matches!(self.function.var(v).kind, VarKind::Value);
            o.as_var()
                .is_none_or(|v| value(v) && !self.locals.contains(&v))
        };
        match step {
            Proj::Deref | Proj::Field(_) => false,
            Proj::Index(at) => !fixed(at),
            Proj::Range { lo, hi } => !lo.iter().chain(hi).all(fixed),
            _ => true,
        }
    }

    /// `[i]`, `[i..k]`, and `[i..][j]`.
    fn steps(&self, steps: &[Proj]) -> Option<Span> {
        let operand = |o| self.indices.operand(o);
        match steps {
            [Proj::Index(at), ..] => {
                let at = operand(at)?;
                let past = at.clone().plus(&Polynomial::number(1), 1);
                Some((at, past))
            }
            [Proj::Range { lo, hi: Some(hi) }, ..] => {
                let first = lo.as_ref().map_or(Some(Polynomial::default()), operand);
                Some((first?, operand(hi)?))
            }
            [
                Proj::Range {
                    lo: Some(lo),
                    hi: None,
                },
                rest @ ..,
            ] => {
                let (from, (lo, hi)) = (operand(lo)?, self.steps(rest)?);
                Some((lo.plus(&from, 1), hi.plus(&from, 1)))
            }
            _ => None,
        }
    }
}

/// The smallest (or largest) that a polynomial is for the index of a loop.
fn extreme(
    polynomial: Polynomial,
    index: VarId,
    range: Option<&Span>,
    largest: bool,
) -> Option<Polynomial> {
    let (slope, rest) = polynomial.split(index)?;
    if slope == Polynomial::default() {
        return Some(rest);
    }
    let falls = Polynomial::default().plus(&slope, -1).is_never_negative();
    if !falls && !slope.is_never_negative() {
        return None;
    }
    let (first, past) = range?;
    let at = match largest == falls {
        true => first.clone(),
        false => past.clone().plus(&Polynomial::number(1), -1),
    };
    Some(slope.product(&at)?.plus(&rest, 1))
}

/// What a body touches of a list.
struct Touched<'a> {
    bounds: &'a Bounds<'a>,
    root: VarId,
    list: Option<String>,
    /// Nothing if it touches more than is known.
    spans: Option<Vec<Span>>,
}

impl Touched<'_> {
    fn pair(&mut self, pair: &Pair) {
        pair.nodes.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &Node) {
        node.before.iter().for_each(|s| self.stmt(s));
        match &node.kind {
            NodeKind::Leaf { fwd, rev } => fwd.iter().chain(rev).for_each(|s| self.stmt(s)),
            NodeKind::While { cond_block, .. } => {
                cond_block.stmts.iter().for_each(|s| self.stmt(s));
            }
            NodeKind::If { .. } | NodeKind::For { .. } => {}
        }
        node.pairs().into_iter().for_each(|p| self.pair(p));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        if matches!(stmt, Stmt::Let { rhs: Rhs::Len(place), .. } if self.is_mine(place)) {
            return;
        }
        let function = self.bounds.function;
        let mut mentions = 0;
        own_mentions(stmt, &mut |v| {
            mentions += usize::from(function.resolve(&Place::var(v)).root == self.root);
        });
        let mut places = Vec::new();
        places_mut(&mut stmt.clone(), &mut |place| places.push(place.clone()));
        places.extend(places_read_again(stmt).into_iter().cloned());
        places.retain(|place| self.is_mine(place));
        if places.len() != mentions {
            self.spans = None;
        }
        places.iter().for_each(|place| self.place(place));
    }

    fn is_mine(&self, place: &Place) -> bool {
        self.bounds.function.resolve(place).root == self.root
    }

    fn place(&mut self, place: &Place) {
        let found = self.bounds.span(&self.bounds.function.resolve(place));
        let same = |list: &String| self.list.as_ref().is_none_or(|own| own == list);
        let found = found.filter(|(list, _)| same(list));
        let Some(((list, span), spans)) = found.zip(self.spans.as_mut()) else {
            self.spans = None;
            return;
        };
        self.list = Some(list);
        spans.push(span);
    }
}
