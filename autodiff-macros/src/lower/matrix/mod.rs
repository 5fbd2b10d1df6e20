//! Matrices and vectors of nalgebra.
//!
//! ```text
//! a.transpose()            t1 = call matrix::transpose(&a)          a function of the runtime, which knows its derivative
//! a.map(|x| x.sin())       t1 = zeros like a; for k in 0..len a { t1[k] = sin(a[k]) }
//! m.row_mut(i).fill(0.0)   for j in 0..n { m[(i, j)] = 0.0 }
//! a.nrows()                nrows a
//! ```
//!
//! * [`methods`]: the methods that are calls of functions of the runtime; [`table`]: their names;
//! * [`elements`]: those that are loops over elements;
//! * [`block`]: parts that are changed in place; [`change`]: how they, or all of a matrix, are changed;
//! * [`construct`]: new matrices, element by element;
//! * [`permute`]: permutations of rows and columns;
//! * [`stack`]: matrices put together of others;
//! * [`results`]: calls that give matrices;
//! * [`defined`]: methods that are functions of other ones; [`definitions`]: which.

mod block;
mod change;
mod construct;
mod defined;
mod definitions;
mod elements;
mod methods;
mod permute;
mod results;
mod stack;
mod table;

pub use block::Block;
pub use table::is_reading_matrix;

use super::Lower;
use super::place::peel;
use super::value::Value;
use crate::emit::foreign::USUAL;
use crate::ir::{Arg, Operand, Place, Proj, Rhs, Ty};

impl Lower<'_> {
    /// A method of a matrix; `None` if it is another, or if the receiver is surely none.
    pub fn matrix_method(&mut self, receiver: &Value, call: &syn::ExprMethodCall) -> Option<Value> {
        self.span = call.method.span();
        let ty = self.value_ty(receiver).peel().clone();
        let usual = USUAL.iter().any(|name| call.method == name);
        if ty == Ty::Unknown && usual {
            return None;
        }
        if let Ty::Factors(..) | Ty::Unknown = ty {
            let changed = self.changed_argument(receiver, call);
            let changed = changed.or_else(|| self.changed_factors(receiver, call));
            let changed = changed.or_else(|| self.permutation(receiver, call));
            return changed.or_else(|| self.called_method(receiver, call));
        }
        if !ty.is_matrix() || ty.is_inert() && ty.element() != Ty::Inert {
            return None;
        }
        if let Some(to) = cast(call).filter(|_| ty.element().is_float()) {
            let element = super::types::known(&to, &[]);
            let args = vec![Arg::Ref(self.place_of(receiver.clone()))];
            let generics = quote::quote!(::<#to, _, _, _, _>);
            return Some(self.runtime_call(
                "cast",
                Some(generics),
                args,
                Ty::Matrix(Box::new(element)),
            ));
        }
        let args: Vec<&syn::Expr> = call.args.iter().collect();
        let name = call.method.to_string();
        let shape = self.shape_method(receiver, &name, &args);
        let shape = shape.or_else(|| self.element_method_of_matrix(receiver, &name, &args));
        let value = shape.or_else(|| self.block_method(receiver, call));
        let value = value.or_else(|| self.called_method(receiver, call));
        let value = value.or_else(|| self.changed_argument(receiver, call));
        let value = value.or_else(|| self.written_argument(receiver, call));
        let value = value.or_else(|| self.defined_method(receiver, call));
        value.or_else(|| self.defined_change(receiver, call))
    }

    /// Methods that read a shape and no element, and copies.
    fn shape_method(&mut self, receiver: &Value, name: &str, args: &[&syn::Expr]) -> Option<Value> {
        let receiver = receiver.clone();
        match (name, args) {
            ("nrows" | "ncols", []) => {
                let place = self.place_of(receiver);
                Some(Value::Operand(self.dimension(&place, name)))
            }
            ("shape", []) => {
                let place = self.place_of(receiver);
                let sides = ["nrows", "ncols"].map(|side| self.dimension(&place, side));
                Some(Value::Tuple(sides.map(Value::Operand).into()))
            }
            ("is_square", []) => {
                let place = self.place_of(receiver);
                let [n, m] = ["nrows", "ncols"].map(|side| self.dimension(&place, side));
                Some(self.operation(crate::ir::Op::Eq, n, m))
            }
            ("clone" | "clone_owned" | "into_owned" | "to_owned" | "into" | "conjugate", []) => {
                let ty = self.value_ty(&receiver).peel().clone();
                let place = self.place_of(receiver);
                Some(Value::Rhs(Rhs::copy(place, &ty), ty))
            }
            ("as_view" | "as_ref" | "as_slice" | "as_view_mut" | "as_mut_slice", []) => {
                let mutable = name.contains("mut");
                let place = self.place_of(receiver);
                Some(Value::Ref { place, mutable })
            }
            _ => None,
        }
    }

    /// `place.nrows()`
    pub fn dimension(&mut self, place: &Place, side: &str) -> Operand {
        let method = proc_macro2::Ident::new(side, proc_macro2::Span::call_site());
        let place = place.clone();
        let length = self.temp(Rhs::Dimension { place, method }, Ty::Int);
        self.usizes.extend(length.as_var());
        length
    }

    /// `m[(i, j)]`: both indices as one operand.
    pub fn index_pair(&mut self, index: &syn::Expr) -> Operand {
        let syn::Expr::Tuple(pair) = peel(index) else {
            return self.operand(index);
        };
        let parts: Vec<Operand> = pair.elems.iter().map(|e| self.operand(e)).collect();
        self.pair(&parts)
    }

    /// Indices as one operand, which may be computed again.
    pub fn pair(&mut self, parts: &[Operand]) -> Operand {
        let codes: Vec<syn::Expr> = parts.iter().map(|o| self.mentioned(o)).collect();
        let all: Vec<&Operand> = parts.iter().collect();
        let ty = Ty::Tuple(vec![Ty::Int; parts.len()]);
        self.cheap(syn::parse_quote!((#(#codes),*)), &all, ty)
    }

    /// The place of the element in a row and a column.
    pub fn element_at(&mut self, matrix: &Place, i: Operand, j: Operand) -> Place {
        let index = self.pair(&[i, j]);
        matrix.clone().then(Proj::Index(index))
    }
}

/// The type of numbers of `m.cast::<f32>()`.
fn cast(call: &syn::ExprMethodCall) -> Option<syn::Type> {
    let to = &call
        .turbofish
        .as_ref()
        .filter(|_| call.method == "cast")?
        .args;
    match to.first()? {
        syn::GenericArgument::Type(to) => {
            let float = matches!(super::types::known(to, &[]), Ty::Float(_));
            float.then(|| to.clone())
        }
        _ => None,
    }
}
