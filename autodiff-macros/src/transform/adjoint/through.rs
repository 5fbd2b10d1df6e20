//! Values whose adjoint is that of another one: a factorisation by pivots or of Cholesky and the matrix that was factored. What is contributed to the
//! former is added to the latter at once, so that none is made in between. That holds for what is never overwritten.

use crate::ir::visit::children;
use crate::ir::{Arg, Block, Call, CallKind, Factors, Function, Place, Proj, Results, Stmt};
use crate::ir::{Ty, VarId, VarKind};
use std::collections::BTreeMap;

/// The places that the adjoints of such values go to.
pub fn through(function: &Function) -> BTreeMap<VarId, Place> {
    let mut found = BTreeMap::new();
    block(function, &function.body, &mut found);
    found
}

fn block(function: &Function, body: &Block, found: &mut BTreeMap<VarId, Place>) {
    for stmt in &body.stmts {
        if let Stmt::Call { results, call } = stmt {
            found.extend(factored(function, results, call));
        }
        for child in children(stmt) {
            block(function, child, found);
        }
    }
}

/// The factorisation that a call gives, and of what.
fn factored(function: &Function, results: &Results, call: &Call) -> Option<(VarId, Place)> {
    let [Arg::Ref(matrix)] = &call.args[..] else {
        return None;
    };
    // Where there may be none, the first value says whether there is.
    let factors = match results {
        Results::One(factors) => Some(factors),
        Results::Tuple(parts) => parts.last()?.as_ref(),
        Results::None => None,
    }?;
    let shared = matches!(
        function.var(*factors).ty,
        Ty::Factors(Factors::Lu | Factors::FullPivLu | Factors::Cholesky, _)
    );
    let matrix = function.resolve(matrix);
    let fixed = matches!(function.var(matrix.root).kind, VarKind::Value)
        && matches!(function.place_ty(&matrix).peel(), Ty::Matrix(_))
        && matrix.path.iter().all(|p| matches!(p, Proj::Deref));
    (call.kind == CallKind::Matrix && shared && fixed).then_some((*factors, matrix))
}
