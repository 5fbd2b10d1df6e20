//! Arrays, `Vec`s, tuples: made, cloned, moved, borrowed, written, resized.

use super::scalars::contains;
use super::shape::Shape;
use super::writer::{Known, LARGE, Writer, int};
use crate::ir::{Aggregate, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};
use proc_macro2::{Ident, Span};

impl Writer<'_> {
    /// A number that may be kept in memory.
    pub fn stored(&mut self) -> Operand {
        let x = if self.random.chance(50) {
            self.expression()
        } else {
            self.real()
        };
        self.damped(x, LARGE)
    }

    /// Binds a new list or tuple.
    pub fn new_aggregate(&mut self) -> Option<usize> {
        let mutable = self.random.chance(55);
        match self.random.below(10) {
            0 => self.literal(Aggregate::Vec, mutable),
            1 => self.literal(Aggregate::Array, mutable),
            2 | 3 => self.repeated(mutable),
            4 => self.rows(mutable),
            5 => self.tuple(mutable),
            6 | 7 => self.inactive_list(mutable),
            _ => {
                let all = self.all(|k| k.shape.element().is_some());
                let at = *self.random.pick(&all)?;
                self.cloned(at, mutable)
            }
        }
    }

    fn literal(&mut self, kind: Aggregate, mutable: bool) -> Option<usize> {
        let n = 2 + self.random.below(3);
        let parts: Vec<Operand> = (0..n).map(|_| self.stored()).collect();
        let element = Box::new(Shape::Real);
        let shape = if kind == Aggregate::Vec {
            Shape::Vec(element)
        } else {
            Shape::Array(element, n)
        };
        let at = self.bind(&shape, mutable, Rhs::Aggregate(kind, parts));
        self.known[at].least = n;
        Some(at)
    }

    fn inactive_list(&mut self, mutable: bool) -> Option<usize> {
        let n = 2 + self.random.below(2);
        let parts = (0..n).map(|_| self.some_int()).collect();
        let shape = Shape::Vec(Box::new(Shape::Int));
        let at = self.bind(&shape, mutable, Rhs::Aggregate(Aggregate::Vec, parts));
        self.known[at].least = n;
        Some(at)
    }

    fn repeated(&mut self, mutable: bool) -> Option<usize> {
        let value = self.stored();
        let like = self.one(|k| matches!(k.shape, Shape::Vec(_) | Shape::Slice(_)));
        let vec = self.random.chance(70);
        let (Some(like), true) = (like, vec) else {
            let n = 2 + self.random.below(2);
            let len = int(n);
            let element = Box::new(Shape::Real);
            let shape = if vec {
                Shape::Vec(element)
            } else {
                Shape::Array(element, n)
            };
            let at = self.bind(&shape, mutable, Rhs::Repeat { vec, value, len });
            self.known[at].least = n;
            return Some(at);
        };
        let like = self.known[like].clone();
        let place = self.place(&like);
        let len = self.scalar(Rhs::Len(place), Ty::Int, 0.0);
        let at = self.bind(&Shape::vec(), mutable, Rhs::Repeat { vec, value, len });
        self.known[at].length = like.length;
        self.known[at].least = like.least;
        Some(at)
    }

    /// A list of lists.
    fn rows(&mut self, mutable: bool) -> Option<usize> {
        let n = 2 + self.random.below(2);
        if self.random.chance(30) {
            let at = self.literal(Aggregate::Array, false)?;
            let value = Operand::Var(self.known[at].var);
            let shape = Shape::Array(Box::new(self.known[at].shape.clone()), n);
            let (vec, len) = (false, int(n));
            return Some(self.bind(&shape, mutable, Rhs::Repeat { vec, value, len }));
        }
        let shape = Shape::Vec(Box::new(Shape::vec()));
        let rhs = if self.random.chance(50) {
            let at = self.owned_vec()?;
            let value = self.given(at)?;
            let (vec, len) = (true, int(n));
            Rhs::Repeat { vec, value, len }
        } else {
            let mut parts = Vec::new();
            for _ in 0..n {
                let at = self.owned_vec()?;
                parts.push(self.given(at)?);
            }
            Rhs::Aggregate(Aggregate::Vec, parts)
        };
        let at = self.bind(&shape, mutable, rhs);
        self.known[at].least = n;
        Some(at)
    }

    fn tuple(&mut self, mutable: bool) -> Option<usize> {
        let first = self.stored();
        let (second, shape) = if self.random.chance(50) {
            (self.stored(), Shape::Real)
        } else {
            let at = self.owned_vec()?;
            (self.given(at)?, Shape::vec())
        };
        let shape = Shape::Tuple(vec![Shape::Real, shape]);
        let rhs = Rhs::Aggregate(Aggregate::Tuple, vec![first, second]);
        Some(self.bind(&shape, mutable, rhs))
    }

    /// A `Vec<f64>` that may be given away: one that is there, a copy, or a new one.
    pub fn owned_vec(&mut self) -> Option<usize> {
        let vec = Shape::vec();
        if self.random.chance(40) {
            let free = |w: &Self, k: &Known| {
                k.shape == vec && !k.reference && w.is_free(k) && k.view_of.is_none()
            };
            let all = self.all(|_| true);
            let all: Vec<usize> = all
                .into_iter()
                .filter(|k| free(self, &self.known[*k]))
                .collect();
            if let Some(at) = self.random.pick(&all) {
                return Some(*at);
            }
        }
        if self.random.chance(40) {
            let list = |k: &Known| k.shape.element() == Some(&Shape::Real);
            if let Some(at) = self.one(list) {
                let at = self.cloned(at, false)?;
                if self.known[at].shape == vec {
                    return Some(at);
                }
            }
        }
        self.literal(Aggregate::Vec, false)
    }

    /// Gives a variable away: an operand for it.
    pub fn given(&mut self, at: usize) -> Option<Operand> {
        let known = self.known[at].clone();
        if !known.shape.is_copy() {
            self.give_away(at);
        }
        if !known.mutable {
            return Some(Operand::Var(known.var));
        }
        let ty = self.function.var(known.var).ty.clone();
        let var = self.var("v", ty, VarKind::Value);
        let rhs = Rhs::Read(self.place(&known));
        self.out.push(Stmt::Let { var, rhs });
        Some(Operand::Var(var))
    }

    /// Binds a copy.
    pub fn cloned(&mut self, at: usize, mutable: bool) -> Option<usize> {
        let known = self.known[at].clone();
        let place = self.place(&known);
        let slice = matches!(known.shape, Shape::Slice(_));
        let to_vec = slice || known.shape.element().is_some() && self.random.chance(20);
        let (method, shape) = match (&known.shape, to_vec) {
            (Shape::Array(t, _) | Shape::Slice(t) | Shape::Vec(t), true) => {
                ("to_vec", Shape::Vec(t.clone()))
            }
            _ => ("clone", known.shape.clone()),
        };
        let method = Ident::new(method, Span::call_site());
        let new = self.bind(&shape, mutable, Rhs::Clone { place, method });
        self.known[new].length = known.length;
        self.known[new].least = known.least;
        Some(new)
    }

    /// `let w = v`
    pub fn moved(&mut self) -> Option<()> {
        let all = self.all(|k| !k.reference && k.shape != Shape::Real && k.shape != Shape::Int);
        let free = |k: &usize| self.is_free(&self.known[*k]) && self.known[*k].view_of.is_none();
        let all: Vec<usize> = all.into_iter().filter(free).collect();
        let at = *self.random.pick(&all)?;
        let known = self.known[at].clone();
        let mutable = self.random.chance(50);
        if let (Shape::Tuple(parts), true) = (&known.shape, self.random.chance(40)) {
            let k = self.random.below(parts.len());
            let place = self.place(&known).then(Proj::Field(syn::Member::from(k)));
            let shape = parts[k].clone();
            self.bind(&shape, mutable, Rhs::Read(place));
            if !shape.is_copy() {
                self.give_away(at);
            }
            return Some(());
        }
        let value = self.given(at)?;
        let new = self.bind(&known.shape, mutable, Rhs::Use(value));
        self.known[new].length = known.length;
        self.known[new].least = known.least;
        Some(())
    }

    /// `let w = &v[..]`, a name for a part.
    pub fn view(&mut self) -> Option<()> {
        let at = self.one(|k| k.shape.element().is_some())?;
        let known = self.known[at].clone();
        let mut place = self.place(&known);
        let element = known.shape.element()?.clone();
        let (mut least, mut length) = (known.least, known.length);
        let shape = match self.random.below(4) {
            0 => known.shape.clone(),
            1 if element.element().is_some() => {
                let index = self.wrapped_index(&place);
                place = place.then(Proj::Index(index));
                (least, length) = (1, self.fresh_length());
                if let Shape::Array(_, n) = &element {
                    least = *n;
                }
                element
            }
            _ => {
                let lo = self.random.below(known.least);
                let hi = lo + 1 + self.random.below(known.least - lo);
                let to_end = self.random.chance(50);
                let hi = (!to_end).then_some(hi);
                least = hi.unwrap_or(known.least) - lo;
                length = self.fresh_length();
                place = place.then(Proj::Range {
                    lo: (lo > 0 || self.random.chance(30)).then(|| int(lo)),
                    hi: hi.map(int),
                });
                Shape::Slice(Box::new(element))
            }
        };
        let target = self.function.resolve(&place);
        let kind = VarKind::View {
            mutable: false,
            target: target.clone(),
        };
        let var = self.var("w", Ty::Ref(false, Box::new(shape.ty())), kind);
        let mutable = false;
        let rhs = Rhs::Borrow { mutable, place };
        self.out.push(Stmt::Let { var, rhs });
        let mut new = self.describe(var, &shape);
        new.reference = true;
        new.view_of = Some(target.root);
        (new.least, new.length) = (least, length);
        self.known.push(new);
        Some(())
    }

    /// What may be written here and has a part of this type.
    pub fn writable(&mut self, part: &Shape) -> Option<usize> {
        let all = self.all(|k| contains(&k.shape, part));
        let writable = |k: &usize| self.is_writable(&self.known[*k]);
        let all: Vec<usize> = all.into_iter().filter(writable).collect();
        self.random.pick(&all).copied()
    }

    /// `v[i] = e`, `v[i] += e`, `m = e`
    pub fn write(&mut self) -> Option<()> {
        let at = self.writable(&Shape::Real)?;
        let root = self.root(&self.known[at]);
        let value = self.stored();
        let (place, _) = self.part(at, &Shape::Real)?;
        self.touch(root);
        let stmt = match self.random.below(8) {
            0..=2 => {
                let value = self.damped(value, LARGE);
                Stmt::Assign { place, value }
            }
            3 | 4 => self.update(Op::Add, place, value),
            5 => self.update(Op::Sub, place, value),
            6 => self.update(Op::Mul, place, value),
            _ => {
                let value = self.positive(value, 1.5);
                let op = Op::Div;
                Stmt::Update { op, place, value }
            }
        };
        self.out.push(stmt);
        Some(())
    }

    fn update(&mut self, op: Op, place: Place, value: Operand) -> Stmt {
        let value = self.damped(value, 1.0);
        Stmt::Update { op, place, value }
    }

    /// `c += 1`, `idx[i] = e`
    pub fn write_int(&mut self) -> Option<()> {
        let at = self.writable(&Shape::Int)?;
        let root = self.root(&self.known[at]);
        let value = self.computed_int();
        let (place, _) = self.part(at, &Shape::Int)?;
        self.touch(root);
        let op = Op::Add;
        self.out.push(if self.random.chance(30) {
            Stmt::Update { op, place, value }
        } else {
            Stmt::Assign { place, value }
        });
        Some(())
    }

    /// `let k = idx[i]; v[k] *= e; idx[k] = j`: an index that is overwritten where it points to.
    pub fn indirect(&mut self) -> Option<()> {
        let ints = self.all(|k| k.shape.element() == Some(&Shape::Int));
        let writable = |k: &usize| self.is_writable(&self.known[*k]);
        let ints: Vec<usize> = ints.into_iter().filter(writable).collect();
        let at = match self.random.pick(&ints) {
            Some(at) => *at,
            None => self.inactive_list(true)?,
        };
        let (from, _) = self.part(at, &Shape::Int)?;
        let k = self.scalar(Rhs::Read(from), Ty::Int, 0.0);
        let reals = self.all(|k| k.shape.element() == Some(&Shape::Real));
        let writable = |k: &usize| self.is_writable(&self.known[*k]);
        let reals: Vec<usize> = reals.into_iter().filter(writable).collect();
        if let Some(v) = self.random.pick(&reals).copied() {
            let value = self.stored();
            let place = self.pointed_to(v, &k);
            let root = self.root(&self.known[v]);
            self.touch(root);
            let stmt = self.update(Op::Mul, place, value);
            self.out.push(stmt);
        }
        let value = self.computed_int();
        let place = self.pointed_to(at, &k);
        let root = self.root(&self.known[at]);
        self.touch(root);
        self.out.push(Stmt::Assign { place, value });
        Some(())
    }

    /// The element that an integer, made to fit, points to.
    fn pointed_to(&mut self, at: usize, k: &Operand) -> Place {
        let place = self.place(&self.known[at]);
        let len = self.scalar(Rhs::Len(place.clone()), Ty::Int, 0.0);
        let text = format!("{} % {}", self.text(k), self.text(&len));
        let uses: Vec<VarId> = k.as_var().into_iter().chain(len.as_var()).collect();
        let index = self.integer(&text, &uses);
        place.then(Proj::Index(index))
    }

    /// `idx.push(i)`, `count += 1` as code that is kept verbatim.
    pub fn effect(&mut self) -> Option<()> {
        let ints = Shape::Vec(Box::new(Shape::Int));
        let all = self.all(|k| k.shape == ints || k.shape == Shape::Int);
        let writable = |k: &usize| self.is_writable(&self.known[*k]);
        let all: Vec<usize> = all.into_iter().filter(writable).collect();
        let known = self.known[*self.random.pick(&all)?].clone();
        let value = self.some_int();
        let name = self.function.var(known.var).ident.to_string();
        let text = match known.shape {
            Shape::Int => format!("{name} += {}", self.text(&value)),
            _ => format!("{name}.push({})", self.text(&value)),
        };
        let uses: Vec<VarId> = value.as_var().into_iter().chain([known.var]).collect();
        self.touch(known.var);
        let mut inert = self.inert(&text, &uses);
        inert.writes = vec![known.var];
        inert.cheap = false;
        self.out.push(Stmt::Effect(inert));
        Some(())
    }

    /// Two elements change places, as `v.swap(i, j)` is lowered.
    pub fn exchange(&mut self) -> Option<()> {
        let at = self.writable(&Shape::Real)?;
        let root = self.root(&self.known[at]);
        let (a, ty) = self.part(at, &Shape::Real)?;
        let (b, _) = self.part(at, &Shape::Real)?;
        let x = self.scalar(Rhs::Read(a.clone()), ty.clone(), LARGE);
        let y = self.scalar(Rhs::Read(b.clone()), ty, LARGE);
        self.touch(root);
        self.out.push(Stmt::Assign { place: a, value: y });
        self.out.push(Stmt::Assign { place: b, value: x });
        Some(())
    }

    /// `v.push(e)`, of a number or a row.
    pub fn push(&mut self) -> Option<()> {
        let all = self.all(|k| matches!(k.shape, Shape::Vec(_)));
        let writable = |k: &usize| self.is_writable(&self.known[*k]);
        let all: Vec<usize> = all.into_iter().filter(writable).collect();
        let at = *self.random.pick(&all)?;
        let known = self.known[at].clone();
        if !self.may_grow(&known) {
            return None;
        }
        let value = match known.shape.element()? {
            Shape::Real => self.stored(),
            Shape::Int => self.some_int(),
            row if *row == Shape::vec() => {
                let row = self.owned_vec()?;
                if row == at {
                    return None;
                }
                self.given(row)?
            }
            _ => return None,
        };
        let place = self.place(&known);
        self.touch(known.var);
        self.out.push(Stmt::Push { place, value });
        self.resized(at, known.least);
        Some(())
    }

    /// May it become longer here? Not in a loop that takes its length for that of another list.
    fn may_grow(&self, known: &Known) -> bool {
        let depth = self.loops.len();
        let twin = |k: &&Known| k.var != known.var && k.length == known.length && k.depth < depth;
        known.depth == depth || self.known.iter().find(twin).is_none()
    }

    /// `v.truncate(n)`
    pub fn truncate(&mut self) -> Option<()> {
        let known = |w: &Self, k: usize| w.known[k].clone();
        let all = self.all(|k| matches!(k.shape, Shape::Vec(_)));
        let fits = |k: &usize| self.is_writable(&self.known[*k]) && self.is_free(&self.known[*k]);
        let all: Vec<usize> = all.into_iter().filter(fits).collect();
        let at = *self.random.pick(&all)?;
        let (n, place) = (1 + self.random.below(2), self.place(&known(self, at)));
        self.touch(self.known[at].var);
        let len = int(n);
        self.out.push(Stmt::Truncate { place, len });
        self.resized(at, n);
        Some(())
    }

    /// `std::mem::swap(&mut a, &mut b)`
    pub fn swap(&mut self) -> Option<()> {
        let all = self.all(|k| matches!(k.shape, Shape::Vec(_) | Shape::Array(..)));
        let fits = |k: &usize| self.is_writable(&self.known[*k]) && self.is_free(&self.known[*k]);
        let all: Vec<usize> = all.into_iter().filter(fits).collect();
        let a = *self.random.pick(&all)?;
        let same = |k: &usize| *k != a && self.known[*k].shape == self.known[a].shape;
        let others: Vec<usize> = all.iter().copied().filter(same).collect();
        let b = *self.random.pick(&others)?;
        let (x, y) = (self.known[a].clone(), self.known[b].clone());
        let least = x.least.min(y.least);
        self.touch(x.var);
        self.touch(y.var);
        self.out.push(Stmt::Swap(self.place(&x), self.place(&y)));
        self.resized(a, least);
        self.resized(b, least);
        Some(())
    }

    /// `v = w` of a whole list, or of a row.
    pub fn replace(&mut self) -> Option<()> {
        let vec = Shape::vec();
        let all = self.all(|k| contains(&k.shape, &vec));
        let fits = |k: &usize| {
            let known = &self.known[*k];
            self.is_writable(known) && (known.shape != vec || self.is_free(known))
        };
        let all: Vec<usize> = all.into_iter().filter(fits).collect();
        let at = *self.random.pick(&all)?;
        let new = self.owned_vec()?;
        if new == at {
            return None;
        }
        let least = self.known[new].least;
        let value = self.given(new)?;
        let (place, _) = self.part(at, &vec)?;
        let root: VarId = self.known[at].var;
        self.touch(root);
        self.out.push(Stmt::Assign { place, value });
        if self.known[at].shape == vec {
            self.resized(at, least);
        }
        Some(())
    }
}
