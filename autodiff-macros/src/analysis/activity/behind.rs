//! What is behind references that come out of calls, or of code without derivative.
//!
//! ```text
//! *counts.entry(k).or_insert(0.0) += x;      t = the code, a reference into `counts`; what is added to `*t` is added to `counts`
//! *grid.at_mut(i) = x;                       t = call at_mut(&mut grid, i); what is assigned to `*t` is assigned in `grid`
//! ```

use super::{Barrier, Flows};
use crate::ir::visit::{children, result_vars};
use crate::ir::{Arg, Block, Call, Inert, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};
use std::collections::{BTreeMap, BTreeSet};

/// What a variable was given by.
#[derive(Clone, Copy)]
enum Origin<'a> {
    Code(&'a Inert),
    Call(&'a Call),
}

type Origins<'a> = BTreeMap<VarId, Origin<'a>>;

impl<'a> Flows<'a> {
    /// What is written through such references gets into what they may refer to.
    pub(super) fn behind_references(&mut self, blocks: &[&'a Block]) {
        let (mut origins, mut written) = (Origins::new(), Vec::new());
        for block in blocks {
            collect(block, &mut origins, &mut written);
        }
        let through = written.into_iter().filter(|place| self.is_reference(place));
        let mut open: Vec<VarId> = through.map(|place| self.root(place)).collect();
        let mut seen = BTreeSet::new();
        while let Some(var) = open.pop() {
            let Some(origin) = origins.get(&var).filter(|_| seen.insert(var)) else {
                continue;
            };
            let behind = self.differentiable(self.referred(*origin));
            if let Origin::Code(inert) = origin {
                let to = behind.iter().copied().filter(|v| self.may_change(*v));
                let (to, from) = (to.collect(), vec![var]);
                self.barriers.push(Barrier { inert, from, to });
            }
            let further = behind.into_iter().filter(|v| match origin {
                Origin::Code(_) => origins.contains_key(v),
                Origin::Call(_) => true,
            });
            let further: Vec<VarId> = further.collect();
            open.extend(&further);
            self.flow(vec![var], further);
        }
    }

    /// Can the place only be written where its variable is a reference?
    fn is_reference(&self, place: &Place) -> bool {
        let place = self.function.resolve(place);
        let fixed = matches!(self.function.var(place.root).kind, VarKind::Value);
        let deref = place.path.iter().any(|step| matches!(step, Proj::Deref));
        deref || fixed && !place.path.is_empty()
    }

    /// What it is made of may be what it refers to.
    fn referred(&self, origin: Origin<'_>) -> Vec<VarId> {
        match origin {
            Origin::Code(inert) => {
                let used = inert.uses.iter().chain(&inert.writes);
                used.map(|v| self.root(&Place::var(*v))).collect()
            }
            Origin::Call(call) => call.args.iter().filter_map(|a| self.arg_root(a)).collect(),
        }
    }

    fn may_change(&self, var: VarId) -> bool {
        let var = self.function.var(var);
        !matches!(var.kind, VarKind::Value) || matches!(var.ty, Ty::Ref(true, _))
    }
}

fn collect<'a>(block: &'a Block, origins: &mut Origins<'a>, written: &mut Vec<&'a Place>) {
    for stmt in &block.stmts {
        match stmt {
            Stmt::Let {
                var,
                rhs: Rhs::Inert(inert),
            } => {
                origins.insert(*var, Origin::Code(inert));
            }
            Stmt::Assign { place, .. } | Stmt::Update { place, .. } | Stmt::Push { place, .. } => {
                written.push(place)
            }
            Stmt::Swap(a, b) => written.extend([a, b]),
            Stmt::Call { call, results } => {
                let given = result_vars(results).into_iter();
                origins.extend(given.map(|var| (var, Origin::Call(call))));
                written.extend(call.args.iter().filter_map(|arg| match arg {
                    Arg::RefMut(place) => Some(place),
                    _ => None,
                }));
            }
            _ => {}
        }
        for child in children(stmt) {
            collect(child, origins, written);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostics;
    use crate::testing::lowered::lowered;

    fn messages(body: &str) -> usize {
        let text = format!("fn f(x: &[f64], k: usize) -> f64 {{ {body} }}");
        let mut diagnostics = Diagnostics::default();
        super::super::analyze(&lowered(&text), &mut diagnostics);
        diagnostics.count()
    }

    #[test]
    fn written_through_references() {
        let map = "let mut m: HashMap<usize, f64> = HashMap::new();";
        let sum = "m.values().sum::<f64>() + x[0]";
        assert!(messages(&format!("{map} *m.entry(k).or_insert(0.0) += x[k]; {sum}")) > 0);
        assert!(
            messages(&format!(
                "{map} let e = m.entry(k).or_default(); *e = x[k]; {sum}"
            )) > 0
        );
        assert_eq!(
            messages(&format!("{map} *m.entry(k).or_insert(0.0) += 1.0; {sum}")),
            0
        );
    }
}
