//! Methods that are loops over elements, in the order in which nalgebra stores them: column by column.
//!
//! ```text
//! a.zip_map(&b, f)      t1 = zeros like a; for k in 0..len a { t1[k] = f(a[k], b[k]) }
//! ```

use super::super::option::{Payload, optional};
use super::super::place::peel;
use super::super::source::Source;
use super::super::value::{Callable, Value, join};
use super::super::{Lower, int};
use crate::ir::{Arg, Op, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};

impl Lower<'_> {
    /// A method that is a loop over elements.
    pub(super) fn element_method_of_matrix(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let receiver = receiver.clone();
        match (name, args) {
            ("map", [f]) => {
                let f = self.callable(f)?;
                let place = self.place_of(receiver);
                Some(self.mapped(&[place], &f))
            }
            ("zip_map", [other, f]) => {
                let f = self.callable(f)?;
                let (a, b) = (self.place_of(receiver), self.place(other));
                Some(self.mapped(&[a, b], &f))
            }
            ("map_with_location", [f]) => {
                let f = self.callable(f)?;
                let place = self.place_of(receiver);
                Some(self.mapped_with_location(&place, &f))
            }
            ("abs", []) => {
                let place = self.place_of(receiver);
                Some(self.made(&place, &mut |lower, k| {
                    let x = lower.read_at(&place, k);
                    let value = lower.rule("abs", vec![x])?;
                    Some(lower.operand_of(value))
                }))
            }
            ("add_scalar", [value]) => {
                let value = self.operand(value);
                let place = self.place_of(receiver);
                Some(self.made(&place, &mut |lower, k| {
                    let x = lower.read_at(&place, k);
                    let sum = lower.operation(Op::Add, x, value.clone());
                    Some(lower.operand_of(sum))
                }))
            }
            ("scale", [value]) => self.multiple(receiver, Op::Mul, value),
            ("unscale", [value]) => self.multiple(receiver, Op::Div, value),
            ("fold", [first, f]) => {
                let first = self.value(first);
                let f = self.callable(f)?;
                let place = self.place_of(receiver);
                Some(self.fold(&Source::Values(place), first, &f))
            }
            ("max" | "min" | "amax" | "amin" | "camax" | "camin", []) => {
                let place = self.place_of(receiver);
                self.extreme_element(&place, name)
            }
            ("get", [index]) => {
                let place = self.place_of(receiver);
                self.perhaps_element(place, index)
            }
            ("row_iter" | "column_iter", []) => {
                let matrix = self.place_of(receiver);
                let name = if name == "row_iter" { "row" } else { "column" };
                let mutable = false;
                let source = Source::Lines {
                    matrix,
                    name,
                    mutable,
                };
                Some(Value::Iter(Box::new(source)))
            }
            ("inf" | "sup", [other]) => {
                let name = if name == "inf" { "min" } else { "max" };
                let (a, b) = (self.place_of(receiver), self.place(other));
                Some(self.made(&a, &mut |lower, k| {
                    let items = [&a, &b].map(|m| lower.read_at(m, k.clone()));
                    let value = lower.rule(name, items.into())?;
                    Some(lower.operand_of(value))
                }))
            }
            ("zip_zip_map", [second, third, f]) => {
                let f = self.callable(f)?;
                let a = self.place_of(receiver);
                let (b, c) = (self.place(second), self.place(third));
                Some(self.mapped(&[a, b, c], &f))
            }
            _ => None,
        }
    }

    /// `m.get((i, j))`, `v.get(i)`: an element, if there is one.
    fn perhaps_element(&mut self, matrix: Place, index: &syn::Expr) -> Option<Value> {
        let below = |lower: &mut Self, index: Operand, len: Operand| {
            lower.temp(Rhs::Op(Op::Lt, vec![index, len]), Ty::Bool)
        };
        let (some, at) = match peel(index) {
            syn::Expr::Range(_) => return None,
            syn::Expr::Tuple(pair) if pair.elems.len() == 2 => {
                if pair
                    .elems
                    .iter()
                    .any(|e| matches!(peel(e), syn::Expr::Range(_)))
                {
                    return None;
                }
                let [i, j] = [0, 1].map(|k| self.operand(&pair.elems[k]));
                let sides = ["nrows", "ncols"].map(|side| self.dimension(&matrix, side));
                let [rows, columns] = sides;
                let found =
                    [(&i, rows), (&j, columns)].map(|(index, len)| below(self, index.clone(), len));
                let some = self.temp(Rhs::Op(Op::And, found.into()), Ty::Bool);
                (some, self.pair(&[i, j]))
            }
            index => {
                let index = self.operand(index);
                if self.function.operand_ty(&index) != &Ty::Int {
                    return None;
                }
                let len = self.len(&matrix);
                (below(self, index.clone(), len), index)
            }
        };
        let place = matrix.then(Proj::Index(at));
        let mutable = false;
        Some(optional(
            some,
            Payload::Value(Value::Ref { place, mutable }),
        ))
    }

    /// The largest or smallest element.
    fn extreme_element(&mut self, matrix: &Place, name: &str) -> Option<Value> {
        let absolute = name.len() > 3;
        let name = if name.ends_with("max") { "max" } else { "min" };
        let first = self.magnitude_at(matrix, int(0), absolute)?;
        let ty = self.function.operand_ty(&first).clone();
        let best = self.fresh("best", ty.clone(), VarKind::Mutable);
        let rhs = Rhs::Use(first);
        self.out.push(Stmt::Let { var: best, rhs });
        let (place, len) = (Place::var(best), self.len(matrix));
        self.each(int(1), len, false, &mut |lower, k| {
            let Some(x) = lower.magnitude_at(matrix, k, absolute) else {
                return;
            };
            let so_far = lower.temp(Rhs::Read(place.clone()), ty.clone());
            if let Some(value) = lower.rule(name, vec![so_far, x]) {
                let value = lower.operand_of(value);
                let place = place.clone();
                lower.out.push(Stmt::Assign { place, value });
            }
        });
        Some(Value::Place(place))
    }

    /// An element, or its absolute value.
    fn magnitude_at(&mut self, matrix: &Place, k: Operand, absolute: bool) -> Option<Operand> {
        let x = self.read_at(matrix, k);
        if !absolute {
            return Some(x);
        }
        let value = self.rule("abs", vec![x])?;
        Some(self.operand_of(value))
    }

    fn multiple(&mut self, receiver: Value, op: Op, factor: &syn::Expr) -> Option<Value> {
        let factor = Arg::Value(self.operand(factor));
        let place = self.place_of(receiver);
        Some(self.arithmetic_operation(op, vec![Arg::Ref(place), factor]))
    }

    /// The element at a position, read.
    pub(super) fn read_at(&mut self, matrix: &Place, k: Operand) -> Operand {
        let place = matrix.clone().then(Proj::Index(k));
        let ty = self.place_ty(&place);
        self.temp(Rhs::Read(place), ty)
    }

    fn mapped(&mut self, sources: &[Place], f: &Callable) -> Value {
        self.made(&sources[0], &mut |lower, k| {
            let items = sources.iter().map(|s| lower.read_at(s, k.clone()));
            let items = items.map(Value::Operand).collect();
            let value = lower.apply(f, items);
            Some(lower.operand_of(value))
        })
    }

    fn mapped_with_location(&mut self, source: &Place, f: &Callable) -> Value {
        let var = self.zeros_like(source);
        self.each_pair(source, &mut |lower, i, j| {
            let from = lower.element_at(source, i.clone(), j.clone());
            let ty = lower.place_ty(&from);
            let x = lower.temp(Rhs::Read(from), ty);
            let value = lower.apply(f, [i.clone(), j.clone(), x].map(Value::Operand).into());
            let value = lower.operand_of(value);
            let to = lower.element_at(&Place::var(var), i, j);
            lower.set_element(to, value);
        });
        Value::Place(Place::var(var))
    }

    /// A matrix in the shape of another, from its elements.
    fn made(
        &mut self,
        like: &Place,
        element: &mut dyn FnMut(&mut Self, Operand) -> Option<Operand>,
    ) -> Value {
        let var = self.zeros_like(like);
        self.each_element(var, &mut |lower, k, place| {
            if let Some(value) = element(lower, k) {
                lower.set_element(place, value);
            }
        });
        Value::Place(Place::var(var))
    }

    /// A variable for the elements of a matrix in the shape of another.
    fn zeros_like(&mut self, like: &Place) -> VarId {
        let ty = self.place_ty(like);
        self.new_matrix(Rhs::Zeros(like.clone()), ty)
    }

    /// A variable for a matrix whose elements are about to be assigned.
    pub(super) fn new_matrix(&mut self, rhs: Rhs, ty: Ty) -> VarId {
        let var = self.fresh("matrix", ty, VarKind::Mutable);
        self.movable.insert(var);
        self.out.push(Stmt::Let { var, rhs });
        var
    }

    /// A loop over the elements of a matrix that the compiler made, which are a slice.
    pub(super) fn each_element(
        &mut self,
        matrix: VarId,
        body: &mut dyn FnMut(&mut Self, Operand, Place),
    ) {
        let (matrix, lo, hi) = (Place::var(matrix), None, None);
        let len = self.len(&matrix);
        let elements = matrix.then(Proj::Range { lo, hi });
        self.each(int(0), len, false, &mut |lower, k| {
            let at = elements.clone().then(Proj::Index(k.clone()));
            body(lower, k, at);
        });
    }

    /// Assigns an element; the matrix learns its type.
    pub(super) fn set_element(&mut self, place: Place, value: Operand) {
        let ty = self.function.operand_ty(&value).clone();
        let known = &mut self.function.vars[place.root.0 as usize].ty;
        if let (Ty::Matrix(known), [Proj::Index(_)] | [Proj::Range { .. }, Proj::Index(_)]) =
            (known, &place.path[..])
        {
            **known = join(std::mem::take(known), ty);
        }
        self.out.push(Stmt::Assign { place, value });
    }

    /// A loop over rows and columns, column by column.
    pub(super) fn each_pair(
        &mut self,
        matrix: &Place,
        body: &mut dyn FnMut(&mut Self, Operand, Operand),
    ) {
        let [rows, columns] = ["nrows", "ncols"].map(|side| self.dimension(matrix, side));
        self.each(int(0), columns, false, &mut |lower, j| {
            lower.each(int(0), rows.clone(), false, &mut |lower, i| {
                body(lower, i, j.clone());
            });
        });
    }
}
