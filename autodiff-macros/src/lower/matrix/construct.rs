//! New matrices, element by element.
//!
//! ```text
//! Vector2::new(a, b)                   t1 = `Vector2::zeros()`; t1[(0, 0)] = a; t1[(1, 0)] = b
//! DMatrix::from_row_slice(n, m, &x)    t1 = `DMatrix::zeros(n, m)`; for j, i { t1[(i, j)] = x[i * m + j] }
//! ```

use super::super::types::{is_matrix, known};
use super::super::value::{Callable, Value};
use super::super::{Lower, constant, int};
use crate::emit::foreign::UNITS;
use crate::homonyms::{self, Alias};
use crate::ir::{Arg, FloatTy, Inert, Op, Operand, Place, Proj, Rhs, Ty, VarId};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprPath, Token};

/// A type of nalgebra in the path of a constructor.
struct Type {
    path: ExprPath,
    name: String,
    element: Ty,
    alias: Option<Alias>,
}

impl Type {
    /// Rows and columns, of a type that has them in its name or among its arguments.
    fn shape(&self) -> Option<(usize, usize)> {
        match (self.name.as_str(), self.constants().as_slice()) {
            ("SMatrix", [n, m]) => Some((*n, *m)),
            ("SVector", [n]) => Some((*n, 1)),
            ("RowSVector", [n]) => Some((1, *n)),
            _ => self.shape_in_name(),
        }
    }

    /// The sizes among the arguments.
    fn constants(&self) -> Vec<usize> {
        if let Some(alias) = &self.alias {
            return alias.sizes.clone();
        }
        let last = self.path.path.segments.last();
        let Some(syn::PathArguments::AngleBracketed(args)) = last.map(|s| &s.arguments) else {
            return Vec::new();
        };
        let size = |arg: &syn::GenericArgument| match arg {
            syn::GenericArgument::Const(Expr::Lit(lit)) => match &lit.lit {
                syn::Lit::Int(n) => n.base10_parse().ok(),
                _ => None,
            },
            _ => None,
        };
        args.args.iter().filter_map(size).collect()
    }

    /// The side that is not given at run time, of `Matrix3xX` and `MatrixXx3`.
    fn fixed_side(&self) -> Option<usize> {
        let sides = self.name.strip_prefix("Matrix")?;
        let rows = sides.strip_suffix("xX");
        rows.or(sides.strip_prefix("Xx"))?.parse().ok()
    }

    fn shape_in_name(&self) -> Option<(usize, usize)> {
        let digits = self.name.trim_start_matches(|c: char| !c.is_ascii_digit());
        let mut sides = digits.split('x').map(|d| d.parse::<usize>().ok());
        let (first, second) = (sides.next()??, sides.next().flatten());
        Some(match self.name.trim_end_matches(digits) {
            "RowVector" => (1, first),
            "Matrix" => (first, second.unwrap_or(first)),
            _ => (first, 1),
        })
    }

    /// Are its dimensions given at run time?
    fn is_dynamic(&self) -> bool {
        matches!(self.name.as_str(), "DMatrix" | "DVector" | "RowDVector")
    }

    fn is_dynamic_vector(&self) -> bool {
        matches!(self.name.as_str(), "DVector" | "RowDVector")
    }

    /// How many dimensions are arguments.
    fn dimensions(&self) -> usize {
        match self.name.as_str() {
            "DMatrix" => 2,
            "DVector" | "RowDVector" => 1,
            _ => usize::from(self.fixed_side().is_some()),
        }
    }
}

impl Lower<'_> {
    /// `Matrix3::zeros()`, `Vector3::new(x, y, z)`; `None` if the path is no constructor of a matrix.
    pub fn matrix_constructor(&mut self, path: &ExprPath, call: &syn::ExprCall) -> Option<Value> {
        let function = path.path.segments.last()?.ident.to_string();
        let args: Vec<&Expr> = call.args.iter().collect();
        let owner = path.path.segments.iter().rev().nth(1)?.ident.to_string();
        if (function == "new" || function == "try_new")
            && let Some(value) = self.factorisation(&owner, &args)
        {
            return Some(value);
        }
        if let Some(value) = self.unit(&owner, &function, &args) {
            return Some(value);
        }
        let ty = self.matrix_type(path)?;
        let (sizes, rest) = args.split_at(ty.dimensions().min(args.len()));
        match (function.as_str(), rest) {
            ("zeros" | "identity" | "x" | "y" | "z" | "w" | "origin", []) => {
                let matrix = Ty::Matrix(Box::new(ty.element));
                let plain = |arg: &Expr| matches!(arg, Expr::Lit(_) | Expr::Path(_));
                if args.iter().all(|arg| plain(arg)) {
                    return Some(self.inert(&Expr::Call(call.clone()), matrix));
                }
                Some(Value::Operand(self.of_sizes(call, matrix)))
            }
            ("x_axis" | "y_axis" | "z_axis", []) => {
                let unit = Ty::Motion(Box::new(Ty::Matrix(Box::new(ty.element))));
                Some(self.inert(&Expr::Call(call.clone()), unit))
            }
            ("new", _) if ty.dimensions() == 0 => self.row_by_row(&ty, &args),
            ("from_element" | "repeat", [value]) => {
                let value = self.operand(value);
                let var = self.zeros(&ty, sizes);
                Some(self.filled(var, &mut |_, _| value.clone()))
            }
            ("from_diagonal_element", [value]) => {
                let value = self.operand(value);
                let var = self.zeros(&ty, sizes);
                Some(self.on_diagonal(var, &mut |_, _| value.clone()))
            }
            ("from_fn", [f]) => {
                let f = self.callable(f)?;
                let var = self.zeros(&ty, sizes);
                Some(self.of_function(var, &f))
            }
            _ => {
                let name = &path.path.segments.last()?.ident;
                let value =
                    self.defined_constructor(&ty.path, name, ty.shape(), &ty.element, &args);
                value.or_else(|| self.of_data(&ty, &function, &args))
            }
        }
    }

    /// The call with its sizes computed before: `DVector::zeros(b.len())` does not read what is in `b`.
    fn of_sizes(&mut self, call: &syn::ExprCall, ty: Ty) -> Operand {
        let sizes: Vec<Operand> = call.args.iter().map(|size| self.operand(size)).collect();
        let args: Vec<Expr> = sizes.iter().map(|size| self.mentioned(size)).collect();
        let func = &call.func;
        self.built(
            syn::parse_quote!(#func(#(#args),*)),
            &sizes.iter().collect::<Vec<_>>(),
            ty,
            false,
        )
    }

    /// `Unit::new_normalize(v)`, `Unit::try_new(v, least)`: what is of length one.
    fn unit(&mut self, owner: &str, function: &str, args: &[&Expr]) -> Option<Value> {
        let (value, least) = match args {
            [value] => (value, None),
            [value, least] => (value, Some(least)),
            [] | [..] => return None,
        };
        let name = match (function, least) {
            ("new_normalize" | "from_quaternion", None) => "unit_normalized",
            ("new_unchecked", None) => "unit_unchecked",
            ("try_new", Some(_)) => "unit_perhaps",
            _ => return None,
        };
        if !UNITS.contains(&owner) {
            return None;
        }
        let value = self.lent(value);
        let unit = Ty::Motion(Box::new(match self.arg_ty(&value).peel() {
            vector @ Ty::Matrix(_) => vector.clone(),
            other => other.element(),
        }));
        let Some(least) = least else {
            return Some(self.runtime_call(name, None, vec![value], unit));
        };
        let least = Arg::Value(self.operand(least));
        Some(self.runtime_option(name, vec![value, least], unit))
    }

    /// From a slice, a `Vec`, a vector.
    fn of_data(&mut self, ty: &Type, function: &str, args: &[&Expr]) -> Option<Value> {
        let (data, sizes) = args.split_last()?;
        let by_rows = function == "from_row_slice";
        match function {
            "from_row_slice" | "from_column_slice" | "from_vec" | "from_slice" | "from"
            | "from_coordinates" => {
                let data = self.place(data);
                if function == "from" && !is_of_numbers(&self.place_ty(&data)) {
                    return None;
                }
                let var = if let Some(side) = ty.fixed_side() {
                    let len = self.len(&data);
                    let other = self.arithmetic(Op::Div, len, int(side));
                    self.zeros_of(ty, vec![other])
                } else if ty.is_dynamic_vector() {
                    let len = self.len(&data);
                    self.zeros_of(ty, vec![len])
                } else {
                    self.zeros(ty, sizes)
                };
                self.same_length(&Place::var(var), &data);
                Some(if by_rows {
                    self.by_rows(var, &data)
                } else {
                    self.filled(var, &mut |lower, k| lower.read_at(&data, k))
                })
            }
            "from_diagonal" => {
                let data = self.place(data);
                let sizes = if ty.is_dynamic() {
                    let len = self.len(&data);
                    vec![len.clone(), len]
                } else {
                    Vec::new()
                };
                let var = self.zeros_of(ty, sizes);
                Some(self.on_diagonal(var, &mut |lower, k| lower.read_at(&data, k)))
            }
            "from_rows" | "from_columns" => Some(self.of_lines(ty, function == "from_rows", data)),
            "from_iterator" | "from_row_iterator" => {
                let source = self.known_source(data)?;
                let list = self.collect(&source, None);
                let list = self.place_of(list);
                let var = self.zeros(ty, sizes);
                Some(if function == "from_iterator" {
                    self.filled(var, &mut |lower, k| lower.read_at(&list, k))
                } else {
                    self.by_rows(var, &list)
                })
            }
            _ => None,
        }
    }

    /// `vector![x, y]`, `matrix![a, b; c, d]`, `dvector![..]`, `dmatrix![..]`, `stack![a, b; c, d]`.
    pub fn matrix_macro(&mut self, name: &str, mac: &syn::Macro) -> Option<Value> {
        if name == "stack" {
            return self.stacked(mac);
        }
        let rows = Punctuated::<Row, Token![;]>::parse_terminated;
        let rows: Vec<Row> = rows.parse2(mac.tokens.clone()).ok()?.into_iter().collect();
        let elements: Vec<&Expr> = rows.iter().flat_map(|r| &r.0).collect();
        let (n, m) = match (name, rows.len()) {
            ("vector" | "dvector" | "point", 1) => (elements.len(), 1),
            ("matrix" | "dmatrix", n) => (n, elements.len() / n.max(1)),
            _ => return None,
        };
        let rt = &self.runtime;
        let path: ExprPath = match name {
            "vector" | "matrix" => syn::parse_quote!(#rt::matrix::SMatrix::<_, #n, #m>::new),
            "point" => syn::parse_quote!(#rt::matrix::OPoint::<_, #rt::matrix::Const<#n>>::new),
            "dvector" => syn::parse_quote!(#rt::matrix::DVector::new),
            _ => syn::parse_quote!(#rt::matrix::DMatrix::new),
        };
        let ty = self.matrix_type(&path)?;
        let sizes = match name {
            "dvector" => vec![int(n)],
            "dmatrix" => vec![int(n), int(m)],
            _ => Vec::new(),
        };
        Some(self.elements(&ty, sizes, (n, m), &elements))
    }

    /// `Matrix2::new(a, b, c, d)`
    fn row_by_row(&mut self, ty: &Type, args: &[&Expr]) -> Option<Value> {
        let shape = ty.shape()?;
        if shape.0 * shape.1 != args.len() {
            return None;
        }
        Some(self.elements(ty, Vec::new(), shape, args))
    }

    fn elements(
        &mut self,
        ty: &Type,
        sizes: Vec<Operand>,
        (_, columns): (usize, usize),
        args: &[&Expr],
    ) -> Value {
        let values: Vec<Operand> = args.iter().map(|e| self.operand(e)).collect();
        let var = self.zeros_of(ty, sizes);
        for (k, value) in values.into_iter().enumerate() {
            let index = if columns == 1 {
                int(k)
            } else {
                let (i, j) = (k / columns, k % columns);
                let [i, j] = [i, j].map(proc_macro2::Literal::usize_unsuffixed);
                constant(syn::parse_quote!((#i, #j)), Ty::Tuple(vec![Ty::Int; 2]))
            };
            self.set_element(Place::var(var).then(Proj::Index(index)), value);
        }
        Value::Place(Place::var(var))
    }

    /// The type whose function a path names.
    fn matrix_type(&self, path: &ExprPath) -> Option<Type> {
        let mut path = path.clone();
        path.path.segments.pop();
        path.path.segments.pop_punct();
        let name = path.path.segments.last()?.ident.to_string();
        if path.qself.is_some() || !is_matrix(&name) {
            return None;
        }
        let written: syn::Type = syn::parse_quote!(#path);
        let element = match known(&written, &self.floats) {
            Ty::Matrix(element) if *element != Ty::Unknown => *element,
            _ => Ty::Float(FloatTy::Literal),
        };
        Some(Type {
            path,
            alias: homonyms::alias(&name),
            name: homonyms::base(&name).to_owned(),
            element,
        })
    }

    fn zeros(&mut self, ty: &Type, sizes: &[&Expr]) -> VarId {
        let sizes = sizes.iter().map(|e| self.operand(e)).collect();
        self.zeros_of(ty, sizes)
    }

    /// Zeros of a type and of sizes, to be overwritten.
    fn zeros_of(&mut self, ty: &Type, sizes: Vec<Operand>) -> VarId {
        let codes: Vec<Expr> = sizes.iter().map(|o| self.mentioned(o)).collect();
        let path = &ty.path;
        let zeros = match ty.name.as_str() {
            name if name.contains("Point") => "origin",
            _ => "zeros",
        };
        let zeros = proc_macro2::Ident::new(zeros, proc_macro2::Span::call_site());
        let inert = Inert {
            expr: syn::parse_quote!(#path::#zeros(#(#codes),*)),
            uses: sizes.iter().filter_map(|o| o.as_var()).collect(),
            writes: Vec::new(),
            cheap: false,
            what: "a matrix".to_owned(),
        };
        let matrix = Ty::Matrix(Box::new(ty.element.clone()));
        self.new_matrix(Rhs::Inert(inert), matrix)
    }

    /// Every element by its position.
    fn filled(
        &mut self,
        var: VarId,
        element: &mut dyn FnMut(&mut Self, Operand) -> Operand,
    ) -> Value {
        self.each_element(var, &mut |lower, k, place| {
            let value = element(lower, k);
            lower.set_element(place, value);
        });
        Value::Place(Place::var(var))
    }

    fn on_diagonal(
        &mut self,
        var: VarId,
        element: &mut dyn FnMut(&mut Self, Operand) -> Operand,
    ) -> Value {
        let matrix = Place::var(var);
        let (rows, columns) = (
            self.dimension(&matrix, "nrows"),
            self.dimension(&matrix, "ncols"),
        );
        let len = self.smaller(&rows, &columns);
        self.each(int(0), len, false, &mut |lower, k| {
            let value = element(lower, k.clone());
            let place = lower.element_at(&matrix, k.clone(), k);
            lower.set_element(place, value);
        });
        Value::Place(matrix)
    }

    fn of_function(&mut self, var: VarId, f: &Callable) -> Value {
        let matrix = Place::var(var);
        self.each_pair(&matrix, &mut |lower, i, j| {
            let value = lower.apply(f, [i.clone(), j.clone()].map(Value::Operand).into());
            let value = lower.operand_of(value);
            let place = lower.element_at(&matrix, i, j);
            lower.set_element(place, value);
        });
        Value::Place(matrix)
    }

    /// Row after row of the data.
    fn by_rows(&mut self, var: VarId, data: &Place) -> Value {
        let matrix = Place::var(var);
        let columns = self.dimension(&matrix, "ncols");
        self.each_pair(&matrix, &mut |lower, i, j| {
            let start = lower.arithmetic(Op::Mul, i.clone(), columns.clone());
            let k = lower.arithmetic(Op::Add, start, j.clone());
            let value = lower.read_at(data, k);
            let place = lower.element_at(&matrix, i, j);
            lower.set_element(place, value);
        });
        Value::Place(matrix)
    }

    /// From the list of its rows or columns.
    fn of_lines(&mut self, ty: &Type, by_rows: bool, lines: &Expr) -> Value {
        let lines = self.place(lines);
        let sizes = if ty.fixed_side().is_some() {
            vec![self.len(&lines)]
        } else if ty.is_dynamic() {
            let first = lines.clone().then(Proj::Index(int(0)));
            let (count, len) = (self.len(&lines), self.len(&first));
            if by_rows {
                vec![count, len]
            } else {
                vec![len, count]
            }
        } else {
            Vec::new()
        };
        let var = self.zeros_of(ty, sizes);
        let matrix = Place::var(var);
        self.each_pair(&matrix, &mut |lower, i, j| {
            let (line, at) = if by_rows { (&i, &j) } else { (&j, &i) };
            let line = lines.clone().then(Proj::Index(line.clone()));
            let value = lower.read_at(&line, at.clone());
            let place = lower.element_at(&matrix, i, j);
            lower.set_element(place, value);
        });
        Value::Place(matrix)
    }

    /// nalgebra's check of the number of elements.
    fn same_length(&mut self, matrix: &Place, data: &Place) {
        let (want, have) = (self.len(matrix), self.len(data));
        let (w, h) = (self.mentioned(&want), self.mentioned(&have));
        let message = "matrix of {} elements from {}";
        self.check(
            syn::parse_quote!(::core::assert!(#w == #h, #message, #w, #h)),
            &[&want, &have],
        );
    }
}

/// The elements between two semicolons.
pub(super) struct Row(pub(super) Punctuated<Expr, Token![,]>);

impl syn::parse::Parse for Row {
    fn parse(input: syn::parse::ParseStream) -> syn::Result<Self> {
        Punctuated::parse_separated_nonempty(input).map(Self)
    }
}

/// Are its elements numbers, as far as is known?
fn is_of_numbers(ty: &Ty) -> bool {
    matches!(ty.peel(), Ty::Matrix(_) | Ty::Array(_) | Ty::Vec(_)) && !ty.element().is_aggregate()
}
