//! A number that is read again although nothing has changed it is the value that was read before: it is recorded once. So is an element of an
//! array that was just made of it.
//!
//! ```text
//! let t1 = read y                let t1 = read y                  let p = [a, b]            let p = [a, b]
//! let t2 = read y        =>      let t2 = t1                      let t1 = read p[0]   =>   let t1 = a
//! let t3 = t1 * t2               let t3 = t1 * t1                 let t2 = t1 * t1          let t2 = a * a
//! ```
//!
//! Within a block; the arms of a branch know what was read before it. What an array is made of is known everywhere.

use super::adjoint::indices::literal;
use super::adjoint::storage::effects::Effects;
use crate::ir::visit::{block_mentions, children_mut};
use crate::ir::{Aggregate, Block, Function, Operand, Place, Proj, Rhs, Stmt, VarId, VarKind};
use std::collections::{BTreeMap, BTreeSet};

/// What is known at a point of the program.
#[derive(Clone, Default)]
struct Known {
    /// What was read, by root and path.
    reads: BTreeMap<(VarId, String), VarId>,
}

/// What holds in all of the program, as values never change.
#[derive(Default)]
struct Values {
    /// What arrays are made of.
    arrays: BTreeMap<VarId, Vec<Operand>>,
    /// Values that go by another name.
    names: BTreeMap<VarId, Operand>,
}

/// Rewrites the body of `function`.
pub fn share(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let mut values = Values::default();
    block(function, &mut body, Known::default(), &mut values);
    let mut mentioned: BTreeSet<VarId> =
        function.result.iter().filter_map(Operand::as_var).collect();
    block_mentions(&body, &mut |var| {
        mentioned.insert(var);
    });
    values.names.retain(|var, _| !mentioned.contains(var));
    drop_unused(&values, &mut body);
    function.body = body;
}

/// Leaves out other names of values that nothing goes by.
fn drop_unused(values: &Values, block: &mut Block) {
    let unused =
        |stmt: &Stmt| matches!(stmt, Stmt::Let { var, .. } if values.names.contains_key(var));
    block.stmts.retain(|stmt| !unused(stmt));
    let inner = block.stmts.iter_mut().flat_map(children_mut);
    inner.for_each(|block| drop_unused(values, block));
}

fn block(function: &Function, block_: &mut Block, mut known: Known, values: &mut Values) {
    for stmt in &mut block_.stmts {
        values.rename(stmt);
        let branch = matches!(stmt, Stmt::If { .. });
        for inner in children_mut(stmt) {
            let known = if branch {
                known.clone()
            } else {
                Known::default()
            };
            block(function, inner, known, values);
        }
        if let Stmt::Let { var, rhs } = stmt {
            values.array(function, *var, rhs);
            read(function, *var, rhs, &mut known, values);
        }
        forget(function, stmt, &mut known);
    }
}

fn read(function: &Function, var: VarId, rhs: &mut Rhs, known: &mut Known, values: &mut Values) {
    let Rhs::Read(place) = &*rhs else { return };
    let value = function.var(var);
    let place = function.resolve(place);
    if !matches!(value.kind, VarKind::Value) {
        return;
    }
    let before = match values.element(&place) {
        Some(element) if *function.operand_ty(element) == value.ty => Some(element.clone()),
        _ if value.ty.is_float() && function.place_ty(&place) == value.ty => {
            let before = known.reads.entry(key(&place)).or_insert(var);
            (*before != var).then_some(Operand::Var(*before))
        }
        _ => None,
    };
    if let Some(before) = before {
        values.names.insert(var, before.clone());
        *rhs = Rhs::Use(before);
    }
}

impl Values {
    /// Notes what an array is made of, if it is one of numbers.
    fn array(&mut self, function: &Function, var: VarId, rhs: &Rhs) {
        let Rhs::Aggregate(Aggregate::Array, parts) = rhs else {
            return;
        };
        let number = |o: &Operand| function.operand_ty(o).is_float();
        if matches!(function.var(var).kind, VarKind::Value) && parts.iter().all(number) {
            self.arrays.insert(var, parts.clone());
        }
    }

    /// What an element of an array was made of.
    fn element(&self, place: &Place) -> Option<&Operand> {
        let [Proj::Index(Operand::Const(index))] = place.path.as_slice() else {
            return None;
        };
        let parts = self.arrays.get(&place.root)?;
        parts.get(usize::try_from(literal(&index.expr)?).ok()?)
    }

    /// Arithmetic uses the first name of each value.
    fn rename(&self, stmt: &mut Stmt) {
        let operands = match stmt {
            Stmt::Let { rhs, .. } => match rhs {
                Rhs::Op(_, args) | Rhs::Rule { args, .. } => args.as_mut_slice(),
                Rhs::Aggregate(Aggregate::Array, parts) => parts.as_mut_slice(),
                _ => return,
            },
            Stmt::Update { value, .. } | Stmt::Assign { value, .. } => std::slice::from_mut(value),
            _ => return,
        };
        for operand in operands {
            let name = operand.as_var().and_then(|v| self.names.get(&v));
            if let Some(name) = name {
                *operand = name.clone();
            }
        }
    }
}
fn key(place: &Place) -> (VarId, String) {
    let path = place.path.iter().map(Proj::text);
    (place.root, path.collect())
}

fn forget(function: &Function, stmt: &Stmt, known: &mut Known) {
    let simple = matches!(
        stmt,
        Stmt::Let {
            rhs: Rhs::Read(_) | Rhs::Op(..),
            ..
        }
    );
    if simple {
        return;
    }
    let effects = Effects::of(function, std::slice::from_ref(stmt));
    let changed = |root: &VarId| effects.written.contains(root) || effects.added.contains(root);
    known.reads.retain(|(root, _), _| !changed(root));
}
