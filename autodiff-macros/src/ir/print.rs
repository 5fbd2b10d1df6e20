//! A stable text form of the IR, for snapshots and for reading.
//!
//! ```text
//! fn f(x: &[f64], a: f64)
//!     let mut s = 0.0
//!     let t1 = len x
//!     for i in 0..t1 {
//!         let t2 = read x[i]
//!         let t3 = a * t2
//!         s += t3
//!     }
//!     let t4 = read s
//!     result t4
//! ```
//!
//! A reference that is dereferenced is written without its `*`; a place that is read, cloned or borrowed says so.

use super::text::{aggregate, symbol, tokens};
use super::{
    Arg, Block, Call, Cotangent, Derived, DerivedStmt, FnArg, Function, Operand, Place, Proj,
    Range, Results, Rhs, Share, Stmt, TangentOf, VarId, VarKind, Wins,
};

/// The text of a function.
pub fn print(function: &Function) -> String {
    let params: Vec<String> = function
        .params
        .iter()
        .map(|p| {
            let var = function.var(p.var);
            let mutable = match var.kind {
                VarKind::Mutable => "mut ",
                _ => "",
            };
            let constant = if p.active { "" } else { "#[constant] " };
            format!("{constant}{mutable}{}: {}", var.ident, tokens(&p.ty))
        })
        .collect();
    let mut text = format!("fn {}({})\n", function.name, params.join(", "));
    let mut printer = Printer {
        function,
        text: String::new(),
        depth: 1,
    };
    printer.block(&function.body);
    if let Some(result) = &function.result {
        let result = printer.operand(result);
        printer.line(&format!("result {result}"));
    }
    text.push_str(&printer.text);
    text
}

/// The text of a block of a function.
pub fn print_block(function: &Function, block: &Block) -> String {
    let mut printer = Printer {
        function,
        text: String::new(),
        depth: 0,
    };
    printer.block(block);
    printer.text
}

struct Printer<'a> {
    function: &'a Function,
    text: String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(&"    ".repeat(self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn nested(&mut self, head: &str, block: &Block) {
        self.line(&format!("{head} {{"));
        self.inside(block);
        self.line("}");
    }

    fn inside(&mut self, block: &Block) {
        self.depth += 1;
        self.block(block);
        self.depth -= 1;
    }

    fn block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|s| self.stmt(s));
    }

    fn name(&self, var: VarId) -> String {
        self.function.var(var).ident.to_string()
    }

    fn names(&self, vars: &[VarId]) -> String {
        let names: Vec<String> = vars.iter().map(|v| self.name(*v)).collect();
        names.join(", ")
    }

    fn pattern(&self, var: VarId) -> String {
        match self.function.var(var).kind {
            VarKind::Mutable => format!("mut {}", self.name(var)),
            _ => self.name(var),
        }
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Var(v) => self.name(*v),
            Operand::Const(c) => tokens(&c.expr),
        }
    }

    fn operands(&self, operands: &[Operand]) -> String {
        let all: Vec<String> = operands.iter().map(|o| self.operand(o)).collect();
        all.join(", ")
    }

    fn place(&self, place: &Place) -> String {
        let mut text = self.name(place.root);
        for (k, proj) in place.path.iter().enumerate() {
            match proj {
                Proj::Deref if k == 0 && place.path.len() > 1 => {}
                Proj::Deref | Proj::Inside(None) => text = format!("*{text}"),
                Proj::Inside(Some(member)) => text.push_str(&format!(".{member}")),
                Proj::Field(member) => text.push_str(&format!(".{}", tokens(member))),
                Proj::Payload(p) => {
                    text.push_str(&format!(" as {}.{}", tokens(&p.variant), tokens(&p.member)));
                }
                Proj::Index(i) => text.push_str(&format!("[{}]", self.operand(i))),
                Proj::Entry(entry) => {
                    text.push_str(&format!("[at {}]", self.operand(entry.key())));
                }
                Proj::Records(n) => text.push_str(&format!(".by({n})")),
                Proj::Wrapped => text.push_str(".some"),
                Proj::Failure => text.push_str(".err"),
                Proj::Range { lo, hi } => {
                    let end = |o: &Option<Operand>| o.as_ref().map(|o| self.operand(o));
                    let (lo, hi) = (end(lo), end(hi));
                    let range = format!("[{}..{}]", lo.unwrap_or_default(), hi.unwrap_or_default());
                    text.push_str(&range);
                }
            }
        }
        text
    }

    fn rhs(&self, rhs: &Rhs) -> String {
        match rhs {
            Rhs::Use(o) => self.operand(o),
            Rhs::Read(p) => format!("read {}", self.place(p)),
            Rhs::Clone { place, method } => format!("{method} {}", self.place(place)),
            Rhs::Op(op, args) => match args.as_slice() {
                [a] => format!("{}{}", symbol(*op), self.operand(a)),
                [a, b] => format!("{} {} {}", self.operand(a), symbol(*op), self.operand(b)),
                _ => format!("{}({})", symbol(*op), self.operands(args)),
            },
            Rhs::Dispatch { op, args } => {
                format!("dispatch {}({})", symbol(*op), self.args(args))
            }
            Rhs::Rule { rule, args, .. } => {
                format!("rule {}({})", rule.get().name, self.operands(args))
            }
            Rhs::Cast(o, ty) => format!("{} as {}", self.operand(o), tokens(ty)),
            Rhs::Aggregate(kind, parts) => aggregate(kind, &self.operands(parts)),
            Rhs::Repeat { vec, value, len } => {
                let vec = if *vec { "vec!" } else { "" };
                format!("{vec}[{}; {}]", self.operand(value), self.operand(len))
            }
            Rhs::Borrow { mutable, place } => {
                let mutable = if *mutable { "mut " } else { "" };
                format!("&{mutable}{}", self.place(place))
            }
            Rhs::Len(p) => format!("len {}", self.place(p)),
            Rhs::IsPresent(p) => format!("present {}", self.place(p)),
            Rhs::Dimension { place, method } => format!("{method} {}", self.place(place)),
            Rhs::Position { place, index } => {
                format!("position {} in {}", self.operand(index), self.place(place))
            }
            Rhs::Zeros(p) => format!("zeros like {}", self.place(p)),
            Rhs::Inert(inert) => format!("`{}`", tokens(&inert.expr)),
            Rhs::Derived(d) => self.derived(d),
        }
    }

    fn derived(&self, derived: &Derived) -> String {
        match derived {
            Derived::Environment(places) => {
                let places: Vec<String> = places.iter().map(|p| self.place(p)).collect();
                format!("environment of {}", places.join(", "))
            }
            Derived::Collected(v) => format!("collected {}", self.name(*v)),
            Derived::Zero(p) => format!("zero {}", self.place(p)),
            Derived::Nothing => "nothing".to_owned(),
            Derived::ZeroScalar(_) => "zero".to_owned(),
            Derived::Partial { rule, arg, args } => {
                format!("{}_d{arg}({})", rule.get().name, self.operands(args))
            }
            Derived::SecondPartial {
                rule,
                arg,
                read,
                args,
            } => {
                format!(
                    "{}_d{arg}_d{read}({})",
                    rule.get().name,
                    self.operands(args)
                )
            }
            Derived::Series { rule, args, .. } => {
                format!("series {}({})", rule.get().name, self.operands(args))
            }
            Derived::Times(seed, slope, wins) => {
                let name = match wins {
                    Wins::Seed => "times",
                    Wins::Partial => "chosen",
                };
                format!("{name}({}, {})", self.operand(seed), self.operand(slope))
            }
            Derived::Share(share) => self.share(share),
            Derived::Take(p) => format!("take {}", self.place(p)),
            Derived::Aggregate(kind, parts) => aggregate(kind, &self.tangents(parts)),
            Derived::SumElements { place, like } => {
                format!("sum {} like {}", self.place(place), self.operand(like))
            }
            Derived::PopAdjoint(p) => format!("pop {}", self.place(p)),
            Derived::Convert(o) => format!("convert {}", self.operand(o)),
            Derived::Replace { place, value } => {
                format!("replace {} by {}", self.place(place), self.operand(value))
            }
            Derived::Save(p) => format!("save {}", self.place(p)),
            Derived::NewList { width, .. } => format!("list of {width}"),
            Derived::Grow { list, range } => {
                format!("grow {} by {}", self.name(*list), self.range(range))
            }
            Derived::Before { list, range } => {
                format!("before {} by {}", self.name(*list), self.range(range))
            }
        }
    }

    fn tangent(&self, tangent: &TangentOf) -> String {
        match tangent {
            TangentOf::Active(o) => self.operand(o),
            TangentOf::Zero(o) => format!("zero {}", self.operand(o)),
        }
    }

    fn tangents(&self, parts: &[TangentOf]) -> String {
        let parts: Vec<String> = parts.iter().map(|p| self.tangent(p)).collect();
        parts.join(", ")
    }

    fn share(&self, share: &Share) -> String {
        format!("{}({})", share.function, self.args(&share.args))
    }

    fn arg(&self, arg: &Arg) -> String {
        match arg {
            Arg::Value(o) => self.operand(o),
            Arg::Ref(p) => format!("&{}", self.place(p)),
            Arg::RefMut(p) => format!("&mut {}", self.place(p)),
            Arg::Function(FnArg::Path(path)) => tokens(path),
            Arg::Function(FnArg::Param(var)) => self.name(*var),
            Arg::Function(FnArg::Lambda(lambda)) => print(&lambda.function),
        }
    }

    fn args(&self, args: &[Arg]) -> String {
        let args: Vec<String> = args.iter().map(|a| self.arg(a)).collect();
        args.join(", ")
    }

    fn call(&self, call: &Call, part: &str) -> String {
        format!("{}{part}({})", tokens(&call.path), self.args(&call.args))
    }

    fn results(&self, results: &Results) -> String {
        match results {
            Results::None => "_".to_owned(),
            Results::One(v) => self.pattern(*v),
            Results::Tuple(parts) => {
                let part = |p: &Option<VarId>| p.map_or("_".to_owned(), |v| self.pattern(v));
                let parts: Vec<String> = parts.iter().map(part).collect();
                format!("({})", parts.join(", "))
            }
        }
    }

    fn range(&self, range: &Range) -> String {
        let dots = if range.inclusive { "..=" } else { ".." };
        let mut text = format!(
            "{}{dots}{}",
            self.operand(&range.lo),
            self.operand(&range.hi)
        );
        if range.rev {
            text = format!("rev {text}");
        }
        if let Some(step) = &range.step {
            text.push_str(&format!(" step {}", self.operand(step)));
        }
        text
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, rhs } => {
                let line = format!("let {} = {}", self.pattern(*var), self.rhs(rhs));
                self.line(&line);
            }
            Stmt::Declare(var) => {
                let line = format!("declare {}", self.pattern(*var));
                self.line(&line);
            }
            Stmt::If { cond, then, els } => {
                let cond = self.operand(cond);
                self.branch(&format!("if {cond}"), then, "", els, "");
            }
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => {
                let exit = exit.map(|e| format!(" until {}", self.name(e)));
                let (var, range) = (self.name(*var), self.range(range));
                let exit = exit.unwrap_or_default();
                self.nested(&format!("for {var} in {range}{exit}"), body);
            }
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                self.line("while {");
                self.inside(cond_block);
                let cond = self.operand(cond);
                self.nested(&format!("}} {cond}"), body);
            }
            Stmt::Derived(d) => self.derived_stmt(d),
            simple => {
                let line = self.simple(simple);
                self.line(&line);
            }
        }
    }

    fn simple(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::Assign { place, value } => {
                format!("{} = {}", self.place(place), self.operand(value))
            }
            Stmt::Update { op, place, value } => {
                let (place, value) = (self.place(place), self.operand(value));
                format!("{place} {}= {value}", symbol(*op))
            }
            Stmt::Push { place, value } => {
                format!("push {}, {}", self.place(place), self.operand(value))
            }
            Stmt::Swap(a, b) => format!("swap {}, {}", self.place(a), self.place(b)),
            Stmt::Truncate { place, len } => {
                format!("truncate {}, {}", self.place(place), self.operand(len))
            }
            Stmt::Effect(inert) => format!("`{}`", tokens(&inert.expr)),
            Stmt::Call { results, call } => {
                format!("let {} = {}", self.results(results), self.call(call, ""))
            }
            _ => String::new(),
        }
    }

    fn branch(&mut self, head: &str, then: &Block, first: &str, els: &Block, second: &str) {
        self.line(&format!("{head} {{"));
        self.inside(then);
        self.tail(first);
        if !els.stmts.is_empty() || !second.is_empty() {
            self.line("} else {");
            self.inside(els);
            self.tail(second);
        }
        self.line("}");
    }

    fn tail(&mut self, text: &str) {
        if !text.is_empty() {
            self.depth += 1;
            self.line(text);
            self.depth -= 1;
        }
    }

    fn derived_stmt(&mut self, stmt: &DerivedStmt) {
        match stmt {
            DerivedStmt::IfRecord {
                trace,
                cond,
                then,
                els,
            } => {
                let head = format!("let {} = if {}", self.name(*trace), self.operand(cond));
                let first = format!("record {}", self.names(&then.1));
                let second = format!("record {}", self.names(&els.1));
                self.branch(&head, &then.0, &first, &els.0, &second);
            }
            DerivedStmt::MatchRecord { trace, then, els } => {
                let head = format!("match {}", self.name(*trace));
                self.line(&format!("{head} {{"));
                self.depth += 1;
                self.nested(&format!("then {} =>", self.names(&then.0)), &then.1);
                self.nested(&format!("else {} =>", self.names(&els.0)), &els.1);
                self.depth -= 1;
                self.line("}");
            }
            DerivedStmt::Replay { count, body } => {
                let head = format!("repeat {}", self.operand(count));
                self.nested(&head, body);
            }
            DerivedStmt::ForReverse { var, range, body } => {
                let head = format!("for {} back in {}", self.name(*var), self.range(range));
                self.nested(&head, body);
            }
            DerivedStmt::Parts {
                bounds: (first, last),
                range,
                body,
                ..
            } => {
                let (first, last) = (self.name(*first), self.name(*last));
                let head = format!("parts {first}, {last} of {}", self.range(range));
                self.nested(&head, body);
            }
            DerivedStmt::ForKeeping {
                checkpoint,
                var,
                range,
                body,
                ..
            } => {
                let record = self.name(checkpoint.record);
                let head = format!("let {record} = for {}", self.name(*var));
                let head = format!("{head} in {} keeping", self.range(range));
                self.nested(&head, &checkpoint.keep);
                self.nested("running", body);
            }
            DerivedStmt::ForRestoring {
                checkpoint,
                restore,
                var,
                range,
                advance,
                reverse,
            } => {
                let record = self.name(checkpoint.record);
                let head = format!("for {} back in {}", self.name(*var), self.range(range));
                let head = format!("{head} from {record} restoring");
                self.nested(&head, restore);
                self.nested("advancing", advance);
                self.nested("reversing", reverse);
            }
            simple => {
                let line = self.simple_derived(simple);
                self.line(&line);
            }
        }
    }

    fn cotangent(&self, cotangent: &Cotangent) -> String {
        match cotangent {
            Cotangent::None => "()".to_owned(),
            Cotangent::One(t) => self.tangent(t),
            Cotangent::Tuple(parts) => format!("({})", self.tangents(parts)),
        }
    }

    fn places(&self, places: &[Place]) -> String {
        let places: Vec<String> = places.iter().map(|p| self.place(p)).collect();
        places.join(", ")
    }

    fn simple_derived(&self, stmt: &DerivedStmt) -> String {
        match stmt {
            DerivedStmt::Accumulate {
                place,
                value,
                negate,
            } => {
                let sign = if *negate { "-" } else { "+" };
                let (place, value) = (self.place(place), self.operand(value));
                format!("accumulate {place} {sign}= {value}")
            }
            DerivedStmt::AccumulateShare { place, share } => {
                format!("accumulate {} += {}", self.place(place), self.share(share))
            }
            DerivedStmt::AccumulatePlace { to, from } => {
                let (to, from) = (self.place(to), self.place(from));
                format!("accumulate {to} += place {from}")
            }
            DerivedStmt::SetZero(p) => format!("zero out {}", self.place(p)),
            DerivedStmt::CallForward {
                results,
                pullback,
                call,
            } => {
                let (results, pullback) = (self.results(results), self.name(*pullback));
                let call = self.call(call, "::forward");
                format!("let ({results}, {pullback}) = {call}")
            }
            DerivedStmt::CallBackward {
                pullback,
                call,
                cotangent,
                adjoints,
            } => {
                let (cotangent, adjoints) = (self.cotangent(cotangent), self.places(adjoints));
                let pullback = self.name(*pullback);
                let call = self.call(call, "::backward");
                format!("{call} by {pullback}, cotangent {cotangent}, adjoints {adjoints}")
            }
            DerivedStmt::CallForwardTangent {
                results,
                tangents,
                pullback,
                call,
                args,
            } => {
                let (results, tangents) = (self.results(results), self.results(tangents));
                let (pullback, args) = (self.name(*pullback), self.args(args));
                let call = self.call(call, "::forward_jvp");
                format!("let ({results}, {tangents}, {pullback}) = {call} along ({args})")
            }
            DerivedStmt::CallBackwardTangent {
                pullback,
                call,
                args,
                cotangent,
                cotangent_dot,
                adjoints,
                adjoint_dots,
            } => {
                let call = self.call(call, "::backward_jvp");
                let (pullback, args) = (self.name(*pullback), self.args(args));
                let cotangents = [cotangent, cotangent_dot].map(|c| self.cotangent(c));
                let (adjoints, dots) = (self.places(adjoints), self.places(adjoint_dots));
                format!(
                    "{call} along ({args}) by {pullback}, cotangent {} along {}, adjoints {adjoints} along {dots}",
                    cotangents[0], cotangents[1]
                )
            }
            DerivedStmt::CallTangent {
                results,
                tangents,
                call,
                args,
            } => {
                let (results, tangents) = (self.results(results), self.results(tangents));
                let (call, args) = (self.call(call, "::jvp"), self.args(args));
                format!("let ({results}, {tangents}) = {call} along ({args})")
            }
            DerivedStmt::Refill { list, value, len } => {
                let (value, len) = (self.operand(value), self.operand(len));
                format!("refill {}, {value}, {len}", self.name(*list))
            }
            DerivedStmt::NewTrace(trace) => format!("trace {}", self.name(*trace)),
            DerivedStmt::TraceReserve { trace, range } => {
                format!("room in {} for {}", self.name(*trace), self.range(range))
            }
            DerivedStmt::TracePush { trace, values } => {
                format!("record {} << {}", self.name(*trace), self.names(values))
            }
            DerivedStmt::TracePop { trace, values } => {
                format!("restore {} << {}", self.names(values), self.name(*trace))
            }
            DerivedStmt::PopPrimal(p) => format!("drop last of {}", self.place(p)),
            _ => String::new(),
        }
    }
}
