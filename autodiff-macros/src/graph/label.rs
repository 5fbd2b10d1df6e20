//! Statements as a person writes them, for the nodes of the graph: `z = t1 + b`, `sum += x[i]`.
//!
//! Temporaries that are no node themselves (what is read, what has no derivative) are written out where they are used.

use crate::ir::text::{aggregate, symbol, tokens};
use crate::ir::{
    Arg, Call, CallKind, Function, Op, Operand, Place, Proj, Range, Results, Rhs, Stmt, VarId,
};
use std::collections::BTreeMap;

/// The texts of a function's statements.
pub struct Labels<'a> {
    function: &'a Function,
    /// What stands for a temporary.
    texts: BTreeMap<VarId, String>,
}

/// What is longer stays under its name.
const LONGEST: usize = 24;

impl<'a> Labels<'a> {
    /// Of this function.
    pub fn of(function: &'a Function) -> Self {
        Self {
            function,
            texts: BTreeMap::new(),
        }
    }

    /// Takes notice of what a temporary stands for.
    pub fn bind(&mut self, var: VarId, rhs: &Rhs) {
        let text = match rhs {
            Rhs::Read(place) => self.place(place),
            Rhs::Use(o) => self.operand(o),
            Rhs::Len(_) | Rhs::Inert(_) => self.rhs(rhs),
            Rhs::Op(Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge, _) => self.rhs(rhs),
            _ => return,
        };
        if self.is_temporary(var) && text.len() <= LONGEST {
            self.texts.insert(var, text);
        }
    }

    /// `t1`, `t2`, ..
    fn is_temporary(&self, var: VarId) -> bool {
        let name = self.function.var(var).ident.to_string();
        let number = name.strip_prefix('t').filter(|rest| !rest.is_empty());
        number.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
    }

    /// A statement that computes.
    pub fn text(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::Let { var, rhs } => format!("{} = {}", self.name(*var), self.rhs(rhs)),
            Stmt::Assign { place, value } => {
                format!("{} = {}", self.place(place), self.operand(value))
            }
            Stmt::Update { op, place, value } => {
                format!(
                    "{} {}= {}",
                    self.place(place),
                    symbol(*op),
                    self.operand(value)
                )
            }
            Stmt::Push { place, value } => {
                format!("{}.push({})", self.place(place), self.operand(value))
            }
            Stmt::Truncate { place, len } => {
                format!("{}.truncate({})", self.place(place), self.operand(len))
            }
            Stmt::Swap(a, b) => format!("swap({}, {})", self.place(a), self.place(b)),
            Stmt::Call { results, call } => match self.results(results) {
                Some(results) => format!("{results} = {}", self.call(call)),
                None => self.call(call),
            },
            _ => String::new(),
        }
    }

    /// The first line of a loop.
    pub fn head(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::For { var, range, .. } => {
                format!("for {} in {}", self.name(*var), self.range(range))
            }
            _ => "while".to_owned(),
        }
    }

    /// A value.
    pub fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(v) => match self.texts.get(v) {
                Some(text) => text.clone(),
                None => self.name(*v),
            },
            Operand::Const(c) => tokens(&c.expr),
        }
    }

    fn name(&self, var: VarId) -> String {
        self.function.var(var).ident.to_string()
    }

    fn operands(&self, operands: &[Operand]) -> String {
        let all: Vec<String> = operands.iter().map(|o| self.operand(o)).collect();
        all.join(", ")
    }

    fn rhs(&self, rhs: &Rhs) -> String {
        match rhs {
            Rhs::Use(o) => self.operand(o),
            Rhs::Read(place) => self.place(place),
            Rhs::Op(op, args) => {
                let args: Vec<String> = args.iter().map(|o| self.factor(o)).collect();
                operation(*op, &args)
            }
            Rhs::Dispatch { op, args } => {
                let args: Vec<String> = args.iter().map(|a| self.arg(a)).collect();
                operation(*op, &args)
            }
            Rhs::Rule { rule, args, .. } => {
                format!("{}({})", rule.get().name, self.operands(args))
            }
            Rhs::Aggregate(kind, parts) => aggregate(kind, &self.operands(parts)),
            Rhs::Repeat { value, len, .. } => {
                format!("[{}; {}]", self.operand(value), self.operand(len))
            }
            Rhs::Len(place) => format!("{}.len()", self.place(place)),
            Rhs::Inert(inert) => tokens(&inert.expr),
            _ => "..".to_owned(),
        }
    }

    /// An operand of an operator: in parentheses where it is made of several words.
    fn factor(&self, operand: &Operand) -> String {
        let text = self.operand(operand);
        match text.contains(' ') {
            true => format!("({text})"),
            false => text,
        }
    }

    fn place(&self, place: &Place) -> String {
        let place = self.function.resolve(place);
        let step = |text: String, proj: &Proj| match proj {
            Proj::Deref
            | Proj::Records(_)
            | Proj::Wrapped
            | Proj::Failure
            | Proj::Payload(_)
            | Proj::Inside(_) => text,
            Proj::Field(member) => format!("{text}.{}", tokens(member)),
            Proj::Index(i) => format!("{text}[{}]", self.operand(i)),
            Proj::Entry(entry) => format!("{text}[{}]", self.operand(&entry.index)),
            Proj::Range { lo, hi } => {
                let end = |o: &Option<Operand>| o.as_ref().map(|o| self.operand(o));
                let (lo, hi) = (end(lo).unwrap_or_default(), end(hi).unwrap_or_default());
                format!("{text}[{lo}..{hi}]")
            }
        };
        place.path.iter().fold(self.name(place.root), step)
    }

    fn range(&self, range: &Range) -> String {
        let dots = if range.inclusive { "..=" } else { ".." };
        let (lo, hi) = (self.operand(&range.lo), self.operand(&range.hi));
        format!("{lo}{dots}{hi}")
    }

    fn arg(&self, arg: &Arg) -> String {
        match arg {
            Arg::Value(o) => self.operand(o),
            Arg::Ref(place) | Arg::RefMut(place) => self.place(place),
            Arg::Function(_) => "..".to_owned(),
        }
    }

    fn call(&self, call: &Call) -> String {
        let args: Vec<String> = call.args.iter().map(|a| self.arg(a)).collect();
        let last = call.path.path.segments.last();
        let last = last.map(|s| s.ident.to_string()).unwrap_or_default();
        let path = match call.kind {
            CallKind::Path => tokens(&call.path),
            CallKind::Method | CallKind::Fixed | CallKind::Matrix => last,
        };
        format!("{path}({})", args.join(", "))
    }

    fn results(&self, results: &Results) -> Option<String> {
        match results {
            Results::None => None,
            Results::One(var) => Some(self.name(*var)),
            Results::Tuple(vars) => {
                let name = |var: &Option<VarId>| var.map_or("_".to_owned(), |v| self.name(v));
                let names: Vec<String> = vars.iter().map(name).collect();
                Some(format!("({})", names.join(", ")))
            }
        }
    }
}

fn operation(op: Op, args: &[String]) -> String {
    match args {
        [a] => format!("{}{a}", symbol(op)),
        [a, b] => format!("{a} {} {b}", symbol(op)),
        _ => symbol(op).to_owned(),
    }
}
