//! Whether a pullback looks at a shared reference that it is given again.
//!
//! *In*: the reverse part and the parameter. *Out*: whether it does, and the calls that it hands the parameter on to: what their companions say
//! counts. So `vjp` keeps no copy of a matrix that is factored.

use crate::ir::visit::{children, own_mentions};
use crate::ir::{Arg, Asked, Block, Call, CallKind, DerivedStmt, Function, Place, Stmt, VarId};

/// What looks at the parameter.
#[derive(Default)]
pub struct Reads {
    /// The pullback itself.
    pub own: bool,
    /// The pullbacks of these functions, perhaps, and as which argument.
    pub calls: Vec<(Call, usize)>,
}

impl Reads {
    /// Of this parameter.
    pub fn of(function: &Function, reverse: &Block, param: VarId) -> Self {
        let mut reads = Self::default();
        reads.add(function, reverse, param);
        reads
    }

    fn add(&mut self, function: &Function, block: &Block, param: VarId) {
        for stmt in &block.stmts {
            let mut mentions = 0;
            own_mentions(stmt, &mut |var| {
                let root = function.resolve(&Place::var(var)).root;
                mentions += usize::from(root == param);
            });
            let handed = handed_on(stmt, param);
            self.own |= mentions > handed.len();
            self.calls.extend(handed);
            children(stmt)
                .into_iter()
                .for_each(|child| self.add(function, child, param));
        }
    }
}

/// The arguments of the reverse of a call that are the parameter and nothing else.
fn handed_on(stmt: &Stmt, param: VarId) -> Vec<(Call, usize)> {
    let Stmt::Derived(DerivedStmt::CallBackward { call, .. }) = stmt else {
        return Vec::new();
    };
    let says = call.kind == CallKind::Matrix || Asked::of(call, 0).is_some();
    let args = call.args.iter().enumerate().filter(|_| says);
    let whole = args.filter(
        |(_, arg)| matches!(arg, Arg::Ref(place) if place.root == param && place.is_whole()),
    );
    whole.map(|(k, _)| (call.clone(), k)).collect()
}
