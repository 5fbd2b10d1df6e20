//! Values whose adjoint is that of another one: a factorisation by pivots and the matrix that was factored. What is contributed to the
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
    let (Results::One(factors), [Arg::Ref(matrix)]) = (results, &call.args[..]) else {
        return None;
    };
    let by_pivots = matches!(
        function.var(*factors).ty,
        Ty::Factors(Factors::Lu | Factors::FullPivLu, _)
    );
    let matrix = function.resolve(matrix);
    let fixed = matches!(function.var(matrix.root).kind, VarKind::Value)
        && matches!(function.place_ty(&matrix).peel(), Ty::Matrix(_))
        && matrix.path.iter().all(|p| matches!(p, Proj::Deref));
    (call.kind == CallKind::Matrix && by_pivots && fixed).then_some((*factors, matrix))
}
