//! Parts of a matrix that are changed in place.
//!
//! ```text
//! m.row_mut(i)      Block { m, top: i, left: 0, rows: 1, columns: ncols m }
//! ```

use super::super::place::peel;
use super::super::value::Value;
use super::super::{Lower, constant, int};
use crate::ir::{Arg, Op, Operand, Place, Proj, Ty};

/// A block of a matrix, from an element on.
#[derive(Clone, Debug)]
pub struct Block {
    pub(super) matrix: Place,
    pub(super) top: Operand,
    pub(super) left: Operand,
    pub(super) rows: Operand,
    pub(super) columns: Operand,
    /// The function that reads it, unless it is all of the matrix.
    reader: Option<Reader>,
}

#[derive(Clone, Debug)]
struct Reader {
    name: &'static str,
    generics: Option<proc_macro2::TokenStream>,
    args: Vec<Operand>,
}

impl Block {
    /// One that is written only.
    pub(super) fn within(
        matrix: &Place,
        start: (Operand, Operand),
        shape: (Operand, Operand),
    ) -> Self {
        Block {
            matrix: matrix.clone(),
            top: start.0,
            left: start.1,
            rows: shape.0,
            columns: shape.1,
            reader: Some(Reader {
                name: "view",
                generics: None,
                args: Vec::new(),
            }),
        }
    }

    /// Is it all of the matrix?
    pub(super) fn is_whole(&self) -> bool {
        self.reader.is_none()
    }
}

impl Lower<'_> {
    /// `row_mut(i)`, `rows_mut(i, n)`, `view_mut((i, j), (r, c))`, `fixed_view_mut::<R, C>(i, j)` and the like.
    pub(super) fn block_of(
        &mut self,
        receiver: &Value,
        call: &syn::ExprMethodCall,
    ) -> Option<Block> {
        let name = call.method.to_string();
        let name = PARTS
            .iter()
            .find(|part| name.strip_suffix("_mut") == Some(part))?;
        let place = self.place_of(receiver.clone());
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        self.block(place, name, &args, call.turbofish.as_ref())
    }

    /// `rows_range(1..3)`, `view_range(..2, 1..)`, `columns_range_mut(j..)`: a part to be changed, or a copy.
    pub(super) fn ranged(
        &mut self,
        receiver: &Value,
        name: &str,
        args: &[&syn::Expr],
    ) -> Option<Value> {
        let (pure, mutable) = match name.strip_suffix("_mut") {
            Some(pure) => (pure, true),
            None => (name, false),
        };
        let (rows, columns) = match (pure, args) {
            ("rows_range", [rows]) => (Some(*rows), None),
            ("columns_range", [columns]) => (None, Some(*columns)),
            ("view_range", [rows, columns]) => (Some(*rows), Some(*columns)),
            _ => return None,
        };
        let matrix = self.place_of(receiver.clone());
        let mut block = self.whole(matrix);
        if let Some(rows) = rows {
            (block.top, block.rows) = self.span_of(rows, &block.rows);
        }
        if let Some(columns) = columns {
            (block.left, block.columns) = self.span_of(columns, &block.columns);
        }
        block.reader = Some(self.reader_of_ranges(&block, rows.is_some(), columns.is_some()));
        if mutable {
            return Some(Value::Block(Box::new(block)));
        }
        let mut part = self.part_value(&block);
        let single = |range: Option<&syn::Expr>| {
            range.is_some_and(|e| !matches!(peel(e), syn::Expr::Range(_)))
        };
        let element = self.place_ty(&part).peel().element();
        for (name, single) in [("row", single(rows)), ("column", single(columns))] {
            if single {
                let args = vec![Arg::Ref(part), Arg::Value(int(0))];
                let line = self.runtime_call(name, None, args, Ty::Matrix(element.clone().into()));
                part = self.place_of(line);
            }
        }
        Some(Value::Place(part))
    }

    /// The function that reads a part that was given by ranges.
    fn reader_of_ranges(&mut self, block: &Block, rows: bool, columns: bool) -> Reader {
        let (name, args) = match (rows, columns) {
            (true, false) => ("rows", vec![block.top.clone(), block.rows.clone()]),
            (false, true) => ("columns", vec![block.left.clone(), block.columns.clone()]),
            _ => {
                let start = self.pair(&[block.top.clone(), block.left.clone()]);
                let shape = self.pair(&[block.rows.clone(), block.columns.clone()]);
                ("view", vec![start, shape])
            }
        };
        let generics = None;
        Reader {
            name,
            generics,
            args,
        }
    }

    /// Where a range begins, and how long it is; a single index is one of the length one.
    fn span_of(&mut self, range: &syn::Expr, whole: &Operand) -> (Operand, Operand) {
        let syn::Expr::Range(range) = peel(range) else {
            return (self.operand(range), int(1));
        };
        let Proj::Range { lo, hi } = self.range_proj(range) else {
            return (int(0), whole.clone());
        };
        let hi = hi.unwrap_or_else(|| whole.clone());
        match lo {
            None => (int(0), hi),
            Some(lo) => {
                let len = self.arithmetic(Op::Sub, hi, lo.clone());
                (lo, len)
            }
        }
    }

    /// The value of a block: a copy, unless it is all of the matrix.
    pub(in crate::lower) fn part_value(&mut self, block: &Block) -> Place {
        let Some(Reader {
            name,
            generics,
            args,
        }) = block.reader.clone()
        else {
            return block.matrix.clone();
        };
        let element = Box::new(self.place_ty(&block.matrix).peel().element());
        let mut all = vec![Arg::Ref(block.matrix.clone())];
        all.extend(args.into_iter().map(Arg::Value));
        let copy = self.runtime_call(name, generics, all, Ty::Matrix(element));
        self.place_of(copy)
    }

    /// All of a matrix.
    pub(super) fn whole(&mut self, matrix: Place) -> Block {
        let [rows, columns] = ["nrows", "ncols"].map(|side| self.dimension(&matrix, side));
        Block {
            matrix,
            top: int(0),
            left: int(0),
            rows,
            columns,
            reader: None,
        }
    }

    /// `row(i)`, `rows(i, n)`, `view((i, j), (r, c))` and the like.
    pub(super) fn block(
        &mut self,
        matrix: Place,
        name: &'static str,
        args: &[&syn::Expr],
        sizes: Option<&syn::AngleBracketedGenericArguments>,
    ) -> Option<Block> {
        let mut block = self.whole(matrix);
        let args: Vec<Operand> = args.iter().map(|e| self.index_pair(e)).collect();
        let size = |k: usize| Some(constant(const_argument(sizes?.args.get(k)?)?, Ty::Int));
        let at = |k: usize| args.get(k).cloned();
        match name {
            "row" => (block.top, block.rows) = (at(0)?, int(1)),
            "column" => (block.left, block.columns) = (at(0)?, int(1)),
            "rows" => (block.top, block.rows) = (at(0)?, at(1)?),
            "columns" => (block.left, block.columns) = (at(0)?, at(1)?),
            "fixed_rows" => (block.top, block.rows) = (at(0)?, size(0)?),
            "fixed_columns" => (block.left, block.columns) = (at(0)?, size(0)?),
            "fixed_view" => {
                (block.top, block.left) = (at(0)?, at(1)?);
                (block.rows, block.columns) = (size(0)?, size(1)?);
            }
            _ => {
                let [start, shape] = [at(0)?, at(1)?].map(|pair| self.halves(&pair));
                [block.top, block.left] = start;
                [block.rows, block.columns] = shape;
            }
        }
        let generics = sizes.map(|sizes| super::methods::constants(&sizes.args));
        block.reader = Some(Reader {
            name,
            generics,
            args,
        });
        Some(block)
    }

    /// The two of a pair of indices.
    fn halves(&mut self, pair: &Operand) -> [Operand; 2] {
        let code = self.mentioned(pair);
        [0, 1].map(|k| {
            let k = syn::Index::from(k);
            self.cheap(syn::parse_quote!(#code.#k), &[pair], Ty::Int)
        })
    }

    /// A loop over the elements: their places, and the indices within the block.
    pub(super) fn each_in_block(
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

    /// The place of the element at a position, column by column.
    pub(in crate::lower) fn block_position(&mut self, block: &Block, k: &Operand) -> Place {
        let (n, at) = (self.mentioned(&block.rows), self.mentioned(k));
        let i = self.cheap(syn::parse_quote!(#at % #n), &[&block.rows, k], Ty::Int);
        let j = self.cheap(syn::parse_quote!(#at / #n), &[&block.rows, k], Ty::Int);
        let (row, column) = (self.shifted(&block.top, &i), self.shifted(&block.left, &j));
        self.element_at(&block.matrix, row, column)
    }

    /// The number of elements.
    pub(in crate::lower) fn block_len(&mut self, block: &Block) -> Operand {
        self.arithmetic(Op::Mul, block.rows.clone(), block.columns.clone())
    }

    /// Row or column `k`: a copy, or a part to be changed.
    pub(in crate::lower) fn line_item(
        &mut self,
        matrix: &Place,
        name: &'static str,
        mutable: bool,
        k: Operand,
    ) -> Value {
        let block = self.line(matrix, name, k);
        if mutable {
            return Value::Block(Box::new(block));
        }
        let place = self.part_value(&block);
        Value::Operand(Operand::Var(place.root))
    }

    fn line(&mut self, matrix: &Place, name: &'static str, k: Operand) -> Block {
        let mut block = self.whole(matrix.clone());
        if name == "row" {
            (block.top, block.rows) = (k.clone(), int(1));
        } else {
            (block.left, block.columns) = (k.clone(), int(1));
        }
        let (generics, args) = (None, vec![k]);
        block.reader = Some(Reader {
            name,
            generics,
            args,
        });
        block
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

/// The methods with `_mut` at their end that give a part.
const PARTS: &[&str] = &[
    "row",
    "column",
    "rows",
    "columns",
    "view",
    "fixed_view",
    "fixed_rows",
    "fixed_columns",
];

/// A number or a constant among generic arguments.
fn const_argument(argument: &syn::GenericArgument) -> Option<syn::Expr> {
    match argument {
        syn::GenericArgument::Const(expr) => Some(expr.clone()),
        syn::GenericArgument::Type(syn::Type::Path(path)) => {
            let path = &path.path;
            Some(syn::parse_quote!(#path))
        }
        _ => None,
    }
}
