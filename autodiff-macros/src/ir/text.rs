//! Parts of a program as text. Two places of one root are the same element if the texts of their paths are, operands being values.

use super::{Aggregate, Op, Operand, Proj};
use quote::ToTokens;

impl Proj {
    /// The text of a step of a path.
    pub fn text(&self) -> String {
        match self {
            Self::Deref | Self::Inside(None) => "*".into(),
            Self::Inside(Some(member)) => format!(".{member}"),
            Self::Field(member) => format!(".{}", member.to_token_stream()),
            Self::Payload(payload) => format!("{payload:?}"),
            Self::Records(n) => format!(".by({n})"),
            Self::Wrapped => ".some".into(),
            Self::Failure => ".err".into(),
            Self::Index(i) => format!("[{}]", operand(i)),
            Self::Entry(entry) => format!("[at {}]", operand(entry.key())),
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

/// Code with the spaces that a person would write.
pub fn tokens(code: &impl ToTokens) -> String {
    let mut text = code.to_token_stream().to_string();
    for (from, to) in [
        (" :: ", "::"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" [", "["),
        ("[ ", "["),
        (" ]", "]"),
        (" ,", ","),
        (" ;", ";"),
        (" . ", "."),
        ("& ", "&"),
        ("Vec < f64 >", "Vec<f64>"),
        ("Vec < usize >", "Vec<usize>"),
    ] {
        text = text.replace(from, to);
    }
    text
}

/// What is made of parts, these given as text.
pub fn aggregate(kind: &Aggregate, parts: &str) -> String {
    match kind {
        Aggregate::Tuple => format!("({parts})"),
        Aggregate::Array => format!("[{parts}]"),
        Aggregate::Vec => format!("vec![{parts}]"),
        Aggregate::Some => format!("Some({parts})"),
        Aggregate::None => "None".to_owned(),
        Aggregate::Ok => format!("Ok({parts})"),
        Aggregate::Err => format!("Err({parts})"),
        Aggregate::Struct(literal) => format!("{}({parts})", tokens(&literal.path)),
    }
}

/// The operator.
pub fn symbol(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Sub | Op::Neg => "-",
        Op::Mul => "*",
        Op::Div => "/",
        Op::Rem => "%",
        Op::Not => "!",
        Op::BitAnd => "&",
        Op::BitOr => "|",
        Op::BitXor => "^",
        Op::Shl => "<<",
        Op::Shr => ">>",
        Op::Eq => "==",
        Op::Ne => "!=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::And => "&&",
        Op::Or => "||",
    }
}
