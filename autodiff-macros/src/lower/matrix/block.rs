//! Parts of a matrix that are changed in place: loops over their elements.
//!
//! ```text
//! m.row_mut(i).copy_from(&r)      for j in 0..n { m[(i, 0 + j)] = r[(0, j)] }
//! m.set_column(j, &c)             the same of a column
//! ```

use super::super::place::peel;
use super::super::value::Value;
use super::super::{Lower, int};
use crate::ir::{Arg, Op, Operand, Place, Rhs, Stmt, Ty};

/// A block of a matrix, from an element on.
#[derive(Clone, Debug)]
pub struct Block {
    matrix: Place,
    top: Operand,
    left: Operand,
    rows: Operand,
    columns: Operand,
}

impl Lower<'_> {
    /// A method that gives a part to be changed, or that changes one.
    pub(super) fn block_method(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let receiver = receiver.clone();
        match (name, args) {
            ("row_mut" | "column_mut" | "rows_mut" | "columns_mut" | "view_mut", _) => {
                let place = self.place_of(receiver);
                let block = self.block(place, name.strip_suffix("_mut")?, args)?;
                return Some(Value::Block(Box::new(block)));
            }
            ("set_row" | "set_column", [at, source]) => {
                let place = self.place_of(receiver);
                let block = self.block(place, &name[4..], &[at])?;
                self.copy_block(&block, source);
            }
            ("fill_row" | "fill_column", [at, value]) => {
                let place = self.place_of(receiver);
                let block = self.block(place, &name[5..], &[at])?;
                self.fill_block(&block, value);
            }
            ("set_diagonal", [source]) => {
                let source = self.place(source);
                let place = self.place_of(receiver);
                let len = self.len(&source);
                self.each(int(0), len, false, &mut |lower, k| {
                    let value = lower.read_at(&source, k.clone());
                    let place = lower.element_at(&place, k.clone(), k);
                    lower.out.push(Stmt::Assign { place, value });
                });
            }
            ("fill_diagonal", [value]) => {
                let value = self.operand(value);
                let place = self.place_of(receiver);
                let sides = ["nrows", "ncols"].map(|side| self.dimension(&place, side));
                let [n, m] = [&sides[0], &sides[1]].map(|o| self.mentioned(o));
                let expr = syn::parse_quote!(usize::min(#n, #m));
                let len = self.cheap(expr, &[&sides[0], &sides[1]], Ty::Int);
                self.each(int(0), len, false, &mut |lower, k| {
                    let place = lower.element_at(&place, k.clone(), k);
                    let value = value.clone();
                    lower.out.push(Stmt::Assign { place, value });
                });
            }
            ("copy_from" | "fill", [_]) => {
                let place = self.place_of(receiver);
                let block = self.whole(place);
                return self.change_block(&block, name, args);
            }
            _ => return None,
        }
        Some(Value::Unit)
    }

    /// A method of a part.
    pub fn change_block(
        &mut self,
        block: &Block,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        match (name, args) {
            ("copy_from", [source]) => self.copy_block(block, source),
            ("fill", [value]) => self.fill_block(block, value),
            _ => return None,
        }
        Some(Value::Unit)
    }

    fn whole(&mut self, matrix: Place) -> Block {
        let [rows, columns] = ["nrows", "ncols"].map(|side| self.dimension(&matrix, side));
        Block {
            matrix,
            top: int(0),
            left: int(0),
            rows,
            columns,
        }
    }

    /// `row(i)`, `rows(i, n)`, `view((i, j), (r, c))` and the like.
    fn block(&mut self, matrix: Place, name: &str, args: &[&syn::Expr]) -> Option<Block> {
        let mut whole = self.whole(matrix);
        match (name, args) {
            ("row", [i]) => (whole.top, whole.rows) = (self.operand(i), int(1)),
            ("column", [j]) => (whole.left, whole.columns) = (self.operand(j), int(1)),
            ("rows", [i, n]) => (whole.top, whole.rows) = (self.operand(i), self.operand(n)),
            ("columns", [j, n]) => {
                (whole.left, whole.columns) = (self.operand(j), self.operand(n));
            }
            ("view", [start, shape]) => {
                let (syn::Expr::Tuple(start), syn::Expr::Tuple(shape)) = (peel(start), peel(shape))
                else {
                    return None;
                };
                let [top, left] = [0, 1].map(|k| start.elems.get(k).map(|e| self.operand(e)));
                let [rows, columns] = [0, 1].map(|k| shape.elems.get(k).map(|e| self.operand(e)));
                whole = Block {
                    matrix: whole.matrix,
                    top: top?,
                    left: left?,
                    rows: rows?,
                    columns: columns?,
                };
            }
            _ => return None,
        }
        Some(whole)
    }

    /// A loop over the elements: their places, and the indices within the block.
    fn each_in_block(
        &mut self,
        block: &Block,
        body: &mut dyn FnMut(&mut Self, Place, Operand, Operand),
    ) {
        self.each(int(0), block.columns.clone(), false, &mut |lower, j| {
            lower.each(int(0), block.rows.clone(), false, &mut |lower, i| {
                let row = lower.shifted(&block.top, &i);
                let column = lower.shifted(&block.left, &j);
                let place = lower.element_at(&block.matrix, row, column);
                body(lower, place, i, j.clone());
            });
        });
    }

    fn shifted(&mut self, start: &Operand, k: &Operand) -> Operand {
        if super::super::slot::is_literal(start, "0") {
            return k.clone();
        }
        self.arithmetic(Op::Add, start.clone(), k.clone())
    }

    fn copy_block(&mut self, block: &Block, source: &syn::Expr) {
        let source = self.place(source);
        self.each_in_block(block, &mut |lower, place, i, j| {
            let from = lower.element_at(&source, i, j);
            let ty = lower.place_ty(&from);
            let value = lower.temp(Rhs::Read(from), ty);
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    fn fill_block(&mut self, block: &Block, value: &syn::Expr) {
        let value = self.operand(value);
        self.each_in_block(block, &mut |lower, place, _, _| {
            let value = value.clone();
            lower.out.push(Stmt::Assign { place, value });
        });
    }

    /// `block op= value`, where the value is a matrix or a scalar.
    pub fn update_block(&mut self, op: Op, block: &Block, value: &Arg) {
        let source = match value {
            Arg::Ref(place) => Some(place.clone()),
            Arg::Value(Operand::Var(v)) if self.function.var(*v).ty.is_matrix() => {
                Some(Place::var(*v))
            }
            _ => None,
        };
        self.each_in_block(block, &mut |lower, place, i, j| {
            let value = match (&source, value) {
                (Some(source), _) => {
                    let from = lower.element_at(source, i, j);
                    let ty = lower.place_ty(&from);
                    lower.temp(Rhs::Read(from), ty)
                }
                (None, Arg::Value(scalar)) => scalar.clone(),
                (None, _) => return,
            };
            lower.out.push(Stmt::Update { op, place, value });
        });
    }

    /// `block[k]` of a row or column, `block[(i, j)]`.
    pub fn block_element(&mut self, block: &Block, index: &syn::Expr) -> Place {
        let literal = |o: &Operand| super::super::slot::is_literal(o, "1");
        let (row, column) = match peel(index) {
            syn::Expr::Tuple(pair) if pair.elems.len() == 2 => {
                let parts = [0, 1].map(|k| self.operand(&pair.elems[k]));
                (
                    self.shifted(&block.top, &parts[0]),
                    self.shifted(&block.left, &parts[1]),
                )
            }
            k if literal(&block.rows) => {
                let k = self.operand(k);
                (block.top.clone(), self.shifted(&block.left, &k))
            }
            k => {
                let k = self.operand(k);
                (self.shifted(&block.top, &k), block.left.clone())
            }
        };
        self.element_at(&block.matrix, row, column)
    }
}
