//! Matrices put together of others.
//!
//! ```text
//! stack![a, b; 0, c]       m = `stack![zeros a, zeros b; 0, zeros c]`; each element of a, b and c into m
//! ```

use super::super::{Lower, int};
use super::block::Block;
use super::construct::Row;
use crate::ir::{Inert, Op, Operand, Place, Rhs, Ty};
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

/// One of the matrices; nothing where `0` stands, which is as large as the others leave it.
type Part = Option<Place>;

impl Lower<'_> {
    /// `stack![a, b; c, d]` of matrices of floats.
    pub(super) fn stacked(&mut self, mac: &syn::Macro) -> Option<super::Value> {
        let rows = Punctuated::<Row, Token![;]>::parse_terminated;
        let rows = rows.parse2(mac.tokens.clone()).ok()?;
        let parts: Vec<Vec<Part>> = rows
            .iter()
            .map(|row| row.0.iter().map(|e| self.stacked_part(e)).collect())
            .collect();
        let given: Vec<&Place> = parts.iter().flatten().flatten().collect();
        let element = self.place_ty(given.first()?).peel().element();
        let of_floats = |part: &&Place| {
            let ty = self.function.place_ty(part);
            ty.peel().is_matrix() && ty.peel().element().is_float()
        };
        if !given.iter().all(of_floats) {
            return None;
        }
        let zeros = self.stacked_zeros(&mac.path, &parts, &element);
        let matrix = self.new_matrix(zeros, Ty::Matrix(Box::new(element)));
        self.fill_stack(&Place::var(matrix), &parts)?;
        Some(super::Value::Place(Place::var(matrix)))
    }

    fn stacked_part(&mut self, part: &Expr) -> Part {
        let is_zero = matches!(part, Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(n), .. }) if n.base10_digits() == "0");
        (!is_zero).then(|| self.place(part))
    }

    /// The same of zeros: its type and its shape, and that the parts fit.
    fn stacked_zeros(&mut self, path: &syn::Path, parts: &[Vec<Part>], element: &Ty) -> Rhs {
        let mut uses = Vec::new();
        let mut code = |part: &Part| -> TokenStream {
            let Some(part) = part else { return quote!(0) };
            let ty = Ty::Matrix(Box::new(element.clone()));
            let zeros = self.temp(Rhs::Zeros(part.clone()), ty);
            uses.extend(zeros.as_var());
            let zeros = self.mentioned(&zeros);
            quote!(#zeros)
        };
        let rows = parts.iter().map(|row| {
            let row = row.iter().map(&mut code);
            quote!(#(#row),*)
        });
        let rows: Vec<TokenStream> = rows.collect();
        Rhs::Inert(Inert {
            expr: syn::parse_quote!(#path!(#(#rows);*)),
            uses,
            writes: Vec::new(),
            cheap: false,
            what: "a matrix".to_owned(),
        })
    }

    /// Every part to its place.
    fn fill_stack(&mut self, matrix: &Place, parts: &[Vec<Part>]) -> Option<()> {
        let columns = parts.iter().map(Vec::len).max()?;
        let mut widths = Vec::new();
        for column in 0..columns {
            let part = parts.iter().find_map(|row| row.get(column)?.clone())?;
            widths.push(self.dimension(&part, "ncols"));
        }
        let mut top = int(0);
        for row in parts {
            let height = self.dimension(row.iter().flatten().next()?, "nrows");
            let mut left = int(0);
            for (part, width) in row.iter().zip(&widths) {
                if let Some(part) = part {
                    let shape = (height.clone(), width.clone());
                    let block = Block::within(matrix, (top.clone(), left.clone()), shape);
                    self.copy_part(&block, part);
                }
                left = self.later(left, width);
            }
            top = self.later(top, &height);
        }
        Some(())
    }

    fn later(&mut self, start: Operand, length: &Operand) -> Operand {
        self.arithmetic(Op::Add, start, length.clone())
    }
}
