//! Which integers are surely of the type `usize`: lengths, indices of lists, and what is computed from them or runs over the same numbers.

use crate::ir::visit::{children, places_mut, range_operands};
use crate::ir::{
    Block, DerivedStmt, Function, Op, Operand, Place, Proj, Range, Rhs, Stmt, Ty, VarId,
};
use std::collections::BTreeSet;

/// The variables that are.
pub struct Lengths {
    known: BTreeSet<VarId>,
    /// Groups of variables that have one type.
    same: Vec<Vec<VarId>>,
}

impl Lengths {
    /// Of a function with these blocks.
    pub fn of(function: &Function, blocks: &[&Block]) -> Self {
        let mut lengths = Self {
            known: BTreeSet::new(),
            same: Vec::new(),
        };
        for param in function.params.iter().filter(|p| is_usize(&p.ty)) {
            lengths.known.insert(param.var);
        }
        for (var, k) in function.vars.iter().zip(0..) {
            if var.annotation.as_ref().is_some_and(is_usize) {
                lengths.known.insert(VarId(k));
            }
        }
        blocks.iter().for_each(|b| lengths.block(function, b));
        while lengths.spread() {}
        lengths
    }

    /// Is the variable one of them?
    pub fn is_one(&self, var: VarId) -> bool {
        self.known.contains(&var)
    }

    fn block(&mut self, function: &Function, block: &Block) {
        for stmt in &block.stmts {
            places_mut(&mut stmt.clone(), &mut |place| self.place(place));
            match stmt {
                Stmt::Let { var, rhs } => self.binding(function, *var, rhs),
                Stmt::For { var, range, .. }
                | Stmt::Derived(DerivedStmt::ForReverse { var, range, .. }) => {
                    self.range(*var, range);
                }
                _ => {}
            }
            let inside = children(stmt).into_iter();
            inside.for_each(|b| self.block(function, b));
        }
    }

    fn range(&mut self, var: VarId, range: &Range) {
        let mut group = vec![var];
        range_operands(range, &mut |o| group.extend(o.as_var()));
        self.same.push(group);
    }

    fn binding(&mut self, function: &Function, var: VarId, rhs: &Rhs) {
        match rhs {
            Rhs::Len(_) => {
                self.known.insert(var);
            }
            Rhs::Cast(_, ty) if is_usize(ty) => {
                self.known.insert(var);
            }
            Rhs::Repeat { vec: true, len, .. } => self.known.extend(len.as_var()),
            Rhs::Use(value) => self.equal(function, var, std::slice::from_ref(value)),
            Rhs::Op(Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem, args) => {
                self.equal(function, var, args);
            }
            _ => {}
        }
    }

    fn equal(&mut self, function: &Function, var: VarId, others: &[Operand]) {
        if function.var(var).ty == Ty::Int {
            let others = others.iter().filter_map(Operand::as_var);
            self.same.push(others.chain([var]).collect());
        }
    }

    /// What elements and parts of lists are addressed with; entries of the user's types may be by anything.
    fn place(&mut self, place: &Place) {
        for step in &place.path {
            match step {
                Proj::Index(index) => self.known.extend(index.as_var()),
                Proj::Range { lo, hi } => {
                    let ends = lo.iter().chain(hi).filter_map(Operand::as_var);
                    self.known.extend(ends);
                }
                _ => {}
            }
        }
    }

    /// Learns from the groups. Was there anything new?
    fn spread(&mut self) -> bool {
        let before = self.known.len();
        for group in &self.same {
            if group.iter().any(|v| self.known.contains(v)) {
                self.known.extend(group);
            }
        }
        self.known.len() > before
    }
}

fn is_usize(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("usize"))
}
