//! Calls of the functions that were written before.

use super::shape::{Parameter, Shape, Signature};
use super::writer::{LARGE, Writer, int};
use crate::ir::{
    Arg, Call, CallKind, Home, ParamMode, Place, Proj, Results, Stmt, Ty, VarId, VarKind,
};
use std::collections::BTreeMap;

/// What a call borrows so far: for each variable that is written, from which element on it is still free; none for one that is only read.
#[derive(Default)]
struct Lent {
    roots: BTreeMap<VarId, Option<usize>>,
    moved: Vec<VarId>,
    /// Lists that the callee may resize.
    resized: Vec<usize>,
}

impl Writer<'_> {
    /// Calls one of them, if there are arguments.
    pub fn call(&mut self) -> Option<()> {
        let callees = self.callees;
        let signature = self.random.pick(callees)?;
        let mut lent = Lent::default();
        let mut args = Vec::new();
        for param in &signature.params {
            args.push(self.argument(param, &mut lent)?);
        }
        for (root, written) in &lent.roots {
            if written.is_some() {
                self.touch(*root);
            }
        }
        for at in lent.resized {
            self.resized(at, 1);
        }
        let path = syn::parse_str(&signature.name).ok()?;
        let results = self.results(signature);
        let call = Call {
            path,
            kind: CallKind::Path,
            args,
            function: None,
            home: Home::Path,
        };
        let bound = crate::ir::visit::result_vars(&results);
        self.out.push(Stmt::Call { results, call });
        self.known_results(signature, &bound);
        Some(())
    }

    fn results(&mut self, signature: &Signature) -> Results {
        let Some(shape) = &signature.result else {
            return Results::None;
        };
        if self.random.chance(8) {
            return Results::None;
        }
        match shape {
            Shape::Tuple(parts) => Results::Tuple(
                parts
                    .iter()
                    .map(|_| (!self.random.chance(15)).then(|| self.result()))
                    .collect(),
            ),
            _ => Results::One(self.result()),
        }
    }

    fn result(&mut self) -> VarId {
        let kind = if self.random.chance(30) {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        self.var("r", Ty::Unknown, kind)
    }

    fn known_results(&mut self, signature: &Signature, bound: &[VarId]) {
        let shapes = match &signature.result {
            None => return,
            Some(Shape::Tuple(parts)) => parts.clone(),
            Some(shape) => vec![shape.clone()],
        };
        let Some(Stmt::Call { results, .. }) = self.out.last() else {
            return;
        };
        let of: Vec<Option<VarId>> = match results {
            Results::None => return,
            Results::One(v) => vec![Some(*v)],
            Results::Tuple(parts) => parts.clone(),
        };
        for (var, shape) in of.into_iter().zip(shapes) {
            if let Some(var) = var.filter(|v| bound.contains(v)) {
                let known = self.describe(var, &shape);
                self.known.push(known);
            }
        }
    }

    fn argument(&mut self, param: &Parameter, lent: &mut Lent) -> Option<Arg> {
        match (param.mode, &param.shape) {
            (ParamMode::Value, Shape::Real) => {
                let x = self.real();
                Some(Arg::Value(self.damped(x, LARGE)))
            }
            (ParamMode::Value, Shape::Int) => Some(Arg::Value(self.computed_int())),
            (ParamMode::Value, shape) => {
                let at = self.owned(shape, lent)?;
                lent.moved.push(self.known[at].var);
                self.given(at).map(Arg::Value)
            }
            (mode, shape) => self.reference(mode, shape, lent),
        }
    }

    /// A value of this type that may be given away.
    fn owned(&mut self, shape: &Shape, lent: &Lent) -> Option<usize> {
        let unlent = |w: &Self, at: usize| !lent.roots.contains_key(&w.known[at].var);
        if *shape == Shape::vec() {
            let at = self.owned_vec()?;
            let fits = unlent(self, at) && self.known[at].least >= 2;
            return fits.then_some(at);
        }
        let all = self.all(|k| k.shape == *shape && k.view_of.is_none() && k.least >= 2);
        let free = |k: &usize| {
            let known = &self.known[*k];
            unlent(self, *k) && !known.reference && (shape.is_copy() || self.is_free(known))
        };
        let all: Vec<usize> = all.into_iter().filter(free).collect();
        if let Some(at) = self.random.pick(&all) {
            return Some(*at);
        }
        if let Shape::Tuple(parts) = shape {
            return self.new_tuple(parts, lent);
        }
        None
    }

    fn new_tuple(&mut self, parts: &[Shape], lent: &Lent) -> Option<usize> {
        let mut values = Vec::new();
        for part in parts {
            values.push(match part {
                Shape::Real => self.stored(),
                _ => {
                    let at = self.owned_vec()?;
                    let known = &self.known[at];
                    if known.least < 2 || lent.roots.contains_key(&known.var) {
                        return None;
                    }
                    self.given(at)?
                }
            });
        }
        let shape = Shape::Tuple(parts.to_vec());
        let rhs = crate::ir::Rhs::Aggregate(crate::ir::Aggregate::Tuple, values);
        Some(self.bind(&shape, false, rhs))
    }

    /// Something lent: a whole variable or a part of one.
    fn reference(&mut self, mode: ParamMode, shape: &Shape, lent: &mut Lent) -> Option<Arg> {
        let written = mode == ParamMode::RefMut;
        let all = self.all(|k| {
            let list = k.least >= 2 && k.shape.element().is_some();
            match shape {
                Shape::Slice(t) => list && k.shape.element() == Some(t),
                Shape::Vec(_) => list && k.shape == *shape,
                other => k.shape == *other && (k.mutable || k.reference),
            }
        });
        let fits = |k: &usize| {
            let known = &self.known[*k];
            let conflict = match lent.roots.get(&self.root(known)) {
                None => false,
                Some(None) => written,
                Some(Some(free)) => known.least < free + 2 || !matches!(shape, Shape::Slice(_)),
            };
            let moved = lent.moved.contains(&self.root(known));
            let resizable = matches!(shape, Shape::Vec(_));
            let allowed = !written || self.is_writable(known);
            !conflict && !moved && allowed && (!written || !resizable || self.is_free(known))
        };
        let all: Vec<usize> = all.into_iter().filter(fits).collect();
        let at = *self.random.pick(&all)?;
        let known = self.known[at].clone();
        let root = self.root(&known);
        let free = lent.roots.get(&root).copied().flatten();
        if free.is_some() && known.view_of.is_some() {
            return None;
        }
        let mut place = self.place(&known);
        if matches!(shape, Shape::Slice(_)) {
            let (part, end) = self.part_of(place, free, known.least);
            place = part;
            if written || free.is_some() {
                lent.roots.insert(root, Some(end));
            }
        } else if written {
            lent.roots.insert(root, Some(usize::MAX - 2));
        }
        lent.roots.entry(root).or_insert(None);
        if written && matches!(shape, Shape::Vec(_)) {
            lent.resized.push(at);
        }
        Some(if written {
            Arg::RefMut(place)
        } else {
            Arg::Ref(place)
        })
    }

    /// A part of a list from an element on, at least two elements, and where it ends.
    fn part_of(&mut self, place: Place, free: Option<usize>, least: usize) -> (Place, usize) {
        let lo = free.unwrap_or(0);
        if free.is_none() && (least < 4 || self.random.chance(50)) {
            return (place, usize::MAX - 2);
        }
        let last = free.is_some() && self.random.chance(50);
        let end = lo + 2;
        let range = Proj::Range {
            lo: (lo > 0).then(|| int(lo)),
            hi: (!last).then(|| int(end)),
        };
        let end = if last { usize::MAX - 2 } else { end };
        (place.then(range), end)
    }
}
