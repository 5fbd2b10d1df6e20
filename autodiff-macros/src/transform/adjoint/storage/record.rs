//! How the values of a block reach its reverse: each that the reverse mentions is recorded, or its definition is put before its first use.

use super::finish::{Finish, Part};
use super::recompute::Candidates;
use crate::ir::visit::{declared, mentions_var, rhs_places};
use crate::ir::{Rhs, Stmt, VarId};

impl Finish<'_> {
    /// Decides for each value that the reverse of a recorded block mentions: evaluate it again (it is put before its first use), or record
    /// it (it is in what is given back, in the order of definition).
    pub fn record(&mut self, parts: &mut [Part]) -> Vec<VarId> {
        let mut exports = Vec::new();
        for at in (0..parts.len()).rev() {
            for k in (0..parts[at].fwd.len()).rev() {
                let stmt = parts[at].fwd[k].clone();
                for var in declared(&stmt).into_iter().rev() {
                    let candidates = Candidates {
                        finish: self,
                        parts,
                    };
                    let Some(until) = candidates.first_use(var) else {
                        continue;
                    };
                    if candidates.recomputable(at, &stmt, until) {
                        self.recompute(parts, at, until, &stmt, var);
                    } else {
                        exports.push(var);
                    }
                }
            }
        }
        exports.reverse();
        exports
    }

    /// Numbers that the arguments hold are not captured: the pullback is given the arguments again, and may wait in a trace.
    pub fn load_again(&mut self, parts: &mut [Part]) {
        for at in (0..parts.len()).rev() {
            for stmt in parts[at].fwd.clone().into_iter().rev() {
                let Stmt::Let { var, rhs } = &stmt else {
                    continue;
                };
                let candidates = Candidates {
                    finish: self,
                    parts,
                };
                let until = candidates.first_use(*var);
                let Some(until) = until.filter(|_| candidates.is_at_hand(*var, rhs)) else {
                    continue;
                };
                self.recompute(parts, at, until, &stmt, *var);
            }
        }
    }

    /// Puts a definition just before its first use in the reverse of the last part.
    fn recompute(&mut self, parts: &mut [Part], at: usize, until: usize, stmt: &Stmt, var: VarId) {
        let stmt = self.resolved(stmt.clone());
        if let Stmt::Let { rhs, .. } = &stmt
            && let Some(place) = rhs_places(rhs)
            && (!matches!(rhs, Rhs::Len(_)) || self.is_resized(place.root))
        {
            self.loads.insert((parts[at].id, place.root));
        }
        let rev = &mut parts[until].rev;
        let first = rev.iter().position(|s| mentions_var(s, var));
        rev.insert(first.unwrap_or(0), stmt);
    }

    fn resolved(&self, stmt: Stmt) -> Stmt {
        match stmt {
            Stmt::Let { var, rhs } => {
                let rhs = match rhs {
                    Rhs::Read(p) => Rhs::Read(self.function.resolve(&p)),
                    Rhs::Len(p) => Rhs::Len(self.function.resolve(&p)),
                    Rhs::IsPresent(p) => Rhs::IsPresent(self.function.resolve(&p)),
                    Rhs::Dimension { place, method } => Rhs::Dimension {
                        place: self.function.resolve(&place),
                        method,
                    },
                    Rhs::Position { place, index } => Rhs::Position {
                        place: self.function.resolve(&place),
                        index,
                    },
                    other => other,
                };
                Stmt::Let { var, rhs }
            }
            other => other,
        }
    }
}
