//! A number that is read again although nothing has changed it is the value that was read before: it is recorded once.
//!
//! ```text
//! let t1 = read y                let t1 = read y
//! let t2 = read y        =>      let t2 = t1
//! let t3 = t1 * t2               let t3 = t1 * t2
//! ```
//!
//! Within a block; the arms of a branch know what was read before it.

use super::adjoint::storage::effects::Effects;
use crate::ir::visit::children_mut;
use crate::ir::{Block, Function, Operand, Place, Proj, Rhs, Stmt, VarId, VarKind};
use std::collections::BTreeMap;

/// What was read, by root and path.
type Known = BTreeMap<(VarId, String), VarId>;

/// Rewrites the body of `function`.
pub fn share(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    block(function, &mut body, Known::new());
    function.body = body;
}

fn block(function: &Function, block_: &mut Block, mut known: Known) {
    for stmt in &mut block_.stmts {
        let branch = matches!(stmt, Stmt::If { .. });
        for inner in children_mut(stmt) {
            let known = if branch { known.clone() } else { Known::new() };
            block(function, inner, known);
        }
        read(function, stmt, &mut known);
        forget(function, stmt, &mut known);
    }
}

fn read(function: &Function, stmt: &mut Stmt, known: &mut Known) {
    let Stmt::Let { var, rhs } = stmt else { return };
    let Rhs::Read(place) = &*rhs else { return };
    let value = function.var(*var);
    let number = value.ty.is_float() && matches!(value.kind, VarKind::Value);
    let place = function.resolve(place);
    if !number || function.place_ty(&place) != value.ty {
        return;
    }
    match known.get(&key(&place)) {
        Some(before) => *rhs = Rhs::Use(Operand::Var(*before)),
        None => {
            known.insert(key(&place), *var);
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
    known.retain(|(root, _), _| !changed(root));
}
