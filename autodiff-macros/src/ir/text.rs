//! Paths as text: two places of one root are the same element if their texts are, operands being values.

use super::{Operand, Proj};
use quote::ToTokens;

impl Proj {
    /// The text of a step of a path.
    pub fn text(&self) -> String {
        match self {
            Self::Deref => "*".into(),
            Self::Field(member) => format!(".{}", member.to_token_stream()),
            Self::Payload(payload) => format!("{payload:?}"),
            Self::Wrapped => ".some".into(),
            Self::Failure => ".err".into(),
            Self::Index(i) => format!("[{}]", operand(i)),
            Self::Range { lo, hi } => {
                let end = |o: &Option<Operand>| o.as_ref().map(operand).unwrap_or_default();
                format!("[{}..{}]", end(lo), end(hi))
            }
        }
    }
}

fn operand(operand: &Operand) -> String {
    match operand {
        Operand::Var(v) => format!("v{}", v.0),
        Operand::Const(c) => c.expr.to_token_stream().to_string(),
    }
}
