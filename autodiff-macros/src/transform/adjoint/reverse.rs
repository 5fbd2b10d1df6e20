//! Statement by statement from the last to the first: what undoes a statement and passes its adjoint on.
//!
//! ```text
//! let y = a * b        b_bar += y_bar * a;  a_bar += y_bar * b
//! x[i] = v             v_bar += take x_bar[i]
//! x[i] += v            v_bar += x_bar[i]
//! x.push(v)            v_bar += pop x_bar
//! ```

use super::Builder;
use super::bars::State;
use super::moves::{moves, moves_surely};
use super::pair::{Node, NodeKind, Pair};
use crate::ir::visit::{children, declared, mentions, own_mentions, own_writes};
use crate::ir::{
    Aggregate, Block, Const, Derived, DerivedStmt, Literal, Op, Operand, Place, Proj, Rhs, Stmt,
    Ty, VarId, VarKind, Wins,
};
use crate::rules::{Reads, RuleId};
use crate::transform::{structs, watch};
use std::collections::BTreeSet;

impl Builder<'_> {
    /// The block and its reverse.
    fn block(&mut self, block: &Block) -> Pair {
        let (mut nodes, mine) = self.nodes(block);
        self.place_zeros(block, &mine, &mut nodes);
        Pair { nodes }
    }

    /// A node for each statement, and what the block declares: the zeros of these are still to be placed.
    pub fn nodes(&mut self, block: &Block) -> (Vec<Node>, Vec<VarId>) {
        let mine: Vec<VarId> = block.stmts.iter().flat_map(declared).collect();
        for v in &mine {
            self.depths.insert(*v, self.depth);
        }
        let mut nodes: Vec<Node> = block.stmts.iter().rev().map(|s| self.node(s)).collect();
        nodes.reverse();
        (nodes, mine)
    }

    fn node(&mut self, stmt: &Stmt) -> Node {
        match stmt {
            Stmt::If { cond, then, els } => {
                let (then, els) = (self.nested(then), self.nested(els));
                let cond = cond.clone();
                self.finish_node(NodeKind::If { cond, then, els })
            }
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => {
                let body = self.loop_body(body);
                self.finish_node(NodeKind::For {
                    var: *var,
                    range: range.clone(),
                    body,
                    exit: *exit,
                })
            }
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                let body = self.loop_body(body);
                self.finish_node(NodeKind::While {
                    cond_block: cond_block.clone(),
                    cond: cond.clone(),
                    body,
                })
            }
            leaf => {
                self.fwd = vec![self.settled(leaf)];
                self.show(leaf);
                self.leaf(leaf);
                let fwd = std::mem::take(&mut self.fwd);
                let reverse = std::mem::take(&mut self.out);
                let fwd = match reverse.is_empty() {
                    true => fwd,
                    false => watch::watched_value(&self.function, leaf, fwd),
                };
                Node::leaf(fwd, watch::watched(&self.function, leaf, reverse))
            }
        }
    }

    /// The statement as the forward part has it: a swap, which its reverse may repeat, with its places resolved.
    fn settled(&self, leaf: &Stmt) -> Stmt {
        match leaf {
            Stmt::Swap(a, b) => Stmt::Swap(self.function.resolve(a), self.function.resolve(b)),
            other => other.clone(),
        }
    }

    fn finish_node(&mut self, kind: NodeKind) -> Node {
        let before = self.settle_pending();
        Node {
            id: 0,
            before,
            kind,
        }
    }

    fn nested(&mut self, block: &Block) -> Pair {
        self.depth += 1;
        let pair = self.block(block);
        self.depth -= 1;
        pair
    }

    fn loop_body(&mut self, body: &Block) -> Pair {
        self.depth += 1;
        for root in self.carried(body) {
            self.revive(root);
        }
        let pair = self.block(body);
        self.depth -= 1;
        pair
    }

    /// Active variables from outside that the body both reads and writes: an iteration's adjoint reaches the one before.
    fn carried(&self, body: &Block) -> Vec<VarId> {
        let (mut read, mut written) = (BTreeSet::new(), BTreeSet::new());
        self.scan(body, &mut read, &mut written);
        let outer = |v: &&VarId| self.active(**v) && self.depths.contains_key(*v);
        read.intersection(&written).filter(outer).copied().collect()
    }

    fn scan(&self, block: &Block, read: &mut BTreeSet<VarId>, written: &mut BTreeSet<VarId>) {
        for stmt in &block.stmts {
            let root = |p: &Place| self.function.resolve(p).root;
            own_mentions(stmt, &mut |v| {
                read.insert(root(&Place::var(v)));
            });
            written.extend(own_writes(stmt).iter().map(root));
            for child in children(stmt) {
                self.scan(child, read, written);
            }
        }
    }

    /// Makes the zeros that are adjoints with a shape only known at run time, where the primal is there and has its last shape. Once for each block:
    /// a node stands for the statement of its own index only before.
    pub fn place_zeros(&mut self, block: &Block, mine: &[VarId], nodes: &mut Vec<Node>) {
        let zeros: Vec<VarId> = mine
            .iter()
            .copied()
            .filter(|v| self.zeros.remove(v))
            .collect();
        let mut places: Vec<(usize, VarId)> = Vec::new();
        for root in zeros {
            places.push((self.last_seen(block, root), root));
        }
        places.sort();
        for (at, root) in places.into_iter().rev() {
            let (fwd, rev) = self.zero_at(root, at == block.stmts.len());
            nodes.insert(at, Node::leaf(fwd, rev));
        }
    }

    /// Before which statement of its block a variable is whole for the last time. Where a branch or loop both gives it away and may change
    /// its shape, a copy is given away, and it stays whole to the end.
    fn last_seen(&mut self, block: &Block, root: VarId) -> usize {
        let mut gone = None;
        for (k, stmt) in block.stmts.iter().enumerate() {
            if gone.is_some_and(|at: usize| self.is_there(&block.stmts[at], stmt, root)) {
                gone = None;
            }
            if gone.is_none() && moves(&self.function, stmt, root) {
                gone = Some(k);
            }
        }
        match gone {
            Some(k) if self.reshapes_inside(&block.stmts[k], root) => {
                self.copied.insert(root);
                block.stmts.len()
            }
            Some(k) => k,
            None => block.stmts.len(),
        }
    }

    /// Does `stmt` show that the variable was not moved by code kept verbatim, or does it give it a new value?
    fn is_there(&self, moved: &Stmt, stmt: &Stmt, root: VarId) -> bool {
        let verbatim = !moves_surely(&self.function, moved, root);
        let assigned = matches!(
            stmt,
            Stmt::Assign { place, .. } if place.root == root && place.path.is_empty()
        );
        let mut mentioned = false;
        mentions(stmt, &mut |v| mentioned |= v == root);
        assigned || verbatim && mentioned
    }

    /// May the variable have another shape afterwards? A list in it that is assigned may have another length; a number has no shape.
    fn reshapes_inside(&self, stmt: &Stmt, root: VarId) -> bool {
        children(stmt).iter().flat_map(|b| &b.stmts).any(|inner| {
            let shaped = |p: &Place| {
                let place = self.function.resolve(p);
                let number = matches!(
                    self.function.place_ty(&place),
                    Ty::Float(_) | Ty::Int | Ty::Bool
                );
                place.root == root && !number
            };
            own_writes(inner).iter().any(shaped) || self.reshapes_inside(inner, root)
        })
    }

    /// The statements that make the adjoint of a root, forward and reverse. Of a list of numbers that is there until the block ends its length
    /// is enough.
    fn zero_at(&mut self, root: VarId, last: bool) -> (Vec<Stmt>, Vec<Stmt>) {
        let ty = self.function.var(root).ty.clone();
        let zero = ty
            .zero_element()
            .filter(|_| last && matches!(ty, Ty::Vec(_)));
        let Some(value) = zero else {
            return (vec![self.zero_of(root)], Vec::new());
        };
        let len = self.temp("len", Ty::Int);
        let measured = Stmt::Let {
            var: len,
            rhs: Rhs::Len(Place::var(root)),
        };
        let rhs = Rhs::Repeat {
            vec: true,
            value,
            len: Operand::Var(len),
        };
        let var = self.bar(root).var;
        (vec![measured], vec![Stmt::Let { var, rhs }])
    }

    /// `let root_bar = zero of root`, a forward statement.
    pub fn zero_of(&mut self, root: VarId) -> Stmt {
        let bar = self.bar(root);
        let var = bar.var;
        let place = match bar.path {
            super::bars::Path::DropDeref => Place::var(root).then(Proj::Deref),
            _ => Place::var(root),
        };
        let rhs = Rhs::Derived(Derived::Zero(place));
        Stmt::Let { var, rhs }
    }

    fn leaf(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, rhs } => self.binding(*var, rhs),
            Stmt::Assign { place, value } => self.assign(place, value),
            Stmt::Update { op, place, value } => self.update(*op, place, value),
            Stmt::Push { place, value } => self.push(place, value),
            Stmt::Truncate { place, .. } => self.truncate(place),
            Stmt::Swap(a, b) => self.swap(a, b),
            Stmt::Call { results, call } => self.call(results, call),
            _ => {}
        }
    }

    fn binding(&mut self, var: VarId, rhs: &Rhs) {
        if matches!(self.function.var(var).kind, VarKind::View { .. }) || !self.active(var) {
            return;
        }
        if let Rhs::Aggregate(kind, parts) = rhs {
            return self.aggregate(var, kind, parts);
        }
        if let Rhs::Repeat { value, .. } = rhs {
            return self.repeat(var, value);
        }
        let Some(seed) = self.seed(var) else { return };
        match rhs {
            Rhs::Use(o) => self.contribute_to(o, seed),
            Rhs::Read(place) | Rhs::Clone { place, .. } => {
                let place = self.function.resolve(place);
                self.contribute(&place, seed, false);
            }
            Rhs::Op(op, args) => self.operator(var, *op, args, seed),
            Rhs::Dispatch { op, args } => self.dispatch(var, *op, args, &seed),
            Rhs::Rule { rule, args, .. } => self.rule(var, *rule, args, &seed),
            Rhs::Cast(o, _) if !self.function.operand_ty(o).is_inert() => {
                let ty = self.function.operand_ty(o).clone();
                let value = self.value("t", ty, Rhs::Derived(Derived::Convert(seed)));
                self.contribute_to(o, value);
            }
            _ => {}
        }
    }

    fn operator(&mut self, var: VarId, op: Op, args: &[Operand], seed: Operand) {
        match (op, args) {
            (Op::Add, [a, b]) => {
                self.contribute_to(a, seed.clone());
                self.contribute_to(b, seed);
            }
            (Op::Sub, [a, b]) => {
                self.contribute_to(a, seed.clone());
                self.contribute_negated(b, seed);
            }
            (Op::Neg, [a]) => self.contribute_negated(a, seed),
            (Op::Mul, [a, b]) => {
                self.contribute_product(a, &seed, b);
                self.contribute_product(b, &seed, a);
            }
            (Op::Div, [a, b]) => self.quotient(var, a, b, seed),
            (Op::Rem, [_, _]) => {
                if let Some(rule) = crate::rules::find("rem", 2) {
                    self.rule(var, rule, args, &seed);
                }
            }
            _ => {}
        }
    }

    fn contribute_negated(&mut self, to: &Operand, value: Operand) {
        if let Some(v) = to.as_var() {
            let place = self.function.resolve(&Place::var(v));
            self.contribute(&place, value, true);
        }
    }

    fn contribute_product(&mut self, to: &Operand, seed: &Operand, factor: &Operand) {
        if self.activity.operand(to) {
            let product = self.product(to, seed, factor);
            self.contribute_to(to, product);
        }
    }

    fn product(&mut self, like: &Operand, a: &Operand, b: &Operand) -> Operand {
        let ty = self.function.operand_ty(like).clone();
        self.value("t", ty, Rhs::Op(Op::Mul, vec![a.clone(), b.clone()]))
    }

    /// `y = a / b`: `q = y_bar * (1 / b)`, `a_bar += q`, `b_bar -= q * y`. All quotients by `b` share the reciprocal, also those of other iterations.
    fn quotient(&mut self, var: VarId, a: &Operand, b: &Operand, seed: Operand) {
        let ty = self.function.var(var).ty.clone();
        let rhs = match crate::rules::reciprocal(b) {
            Some(reciprocal) => {
                let ty = self.function.operand_ty(b).clone();
                let factor = self.value("t", ty, reciprocal);
                Rhs::Op(Op::Mul, vec![seed, factor])
            }
            None => Rhs::Op(Op::Div, vec![seed, b.clone()]),
        };
        let q = self.value("t", ty, rhs);
        self.contribute_to(a, q.clone());
        if self.activity.operand(b) {
            let value = self.product(b, &q, &Operand::Var(var));
            self.contribute_negated(b, value);
        }
    }

    fn rule(&mut self, var: VarId, rule: RuleId, args: &[Operand], seed: &Operand) {
        let signature = rule.get();
        for (k, (arg, reads)) in args.iter().zip(signature.partials).enumerate() {
            let Some(reads) = reads else { continue };
            if !self.activity.operand(arg) {
                continue;
            }
            let partial = Rhs::Derived(Derived::Partial {
                rule,
                arg: k,
                args: reads.iter().map(|r| read(*r, var, args)).collect(),
            });
            let ty = self.function.operand_ty(arg).clone();
            let slope = self.value("t", ty.clone(), partial);
            let untyped = reads.is_empty() && !ty.is_float();
            let value = match signature.wins.or(untyped.then_some(Wins::Seed)) {
                Some(wins) => {
                    let rhs = Rhs::Derived(Derived::Times(seed.clone(), slope, wins));
                    self.value("t", ty, rhs)
                }
                None => self.product(arg, seed, &slope),
            };
            self.contribute_to(arg, value);
        }
    }

    fn aggregate(&mut self, var: VarId, kind: &Aggregate, parts: &[Operand]) {
        if self.bar(var).state != State::Live {
            return;
        }
        if let Aggregate::Struct(literal) = kind {
            return self.structure(var, literal, parts);
        }
        for (k, part) in parts.iter().enumerate() {
            if !self.activity.operand(part) {
                continue;
            }
            let proj = match kind {
                Aggregate::Tuple => Proj::Field(syn::Member::from(k)),
                Aggregate::Some | Aggregate::Ok => Proj::Wrapped,
                Aggregate::None | Aggregate::Err => return,
                _ => Proj::Index(index(k)),
            };
            let place = self.bar_place(&Place::var(var)).then(proj);
            let ty = self.function.operand_ty(part).clone();
            let rhs = if ty.is_float() || *kind == Aggregate::Tuple {
                Rhs::Read(place)
            } else {
                Rhs::Derived(Derived::Take(place))
            };
            let value = self.value("t", ty, rhs);
            self.contribute_to(part, value);
        }
    }

    /// The adjoint of a struct literal.
    fn structure(&mut self, var: VarId, literal: &Literal, parts: &[Operand]) {
        let (values, base) = structs::split(literal, parts);
        let base = base.filter(|base| self.activity.operand(base)).cloned();
        let whole = self.bar_place(&Place::var(var));
        for (place, value) in structs::fields(literal, &whole).into_iter().zip(values) {
            if self.activity.operand(value) {
                let ty = self.function.operand_ty(value).clone();
                let taken = self.value("t", ty, Rhs::Derived(Derived::Take(place)));
                self.contribute_to(value, taken);
            } else if base.is_some() {
                self.derived(DerivedStmt::SetZero(place));
            }
        }
        if let (Some(base), Some(rest)) = (base, self.seed(var)) {
            self.contribute_to(&base, rest);
        }
    }

    fn repeat(&mut self, var: VarId, value: &Operand) {
        if self.bar(var).state != State::Live || !self.activity.operand(value) {
            return;
        }
        let place = self.bar_place(&Place::var(var));
        let ty = self.function.operand_ty(value).clone();
        let like = value.clone();
        let sum = self.value("t", ty, Rhs::Derived(Derived::SumElements { place, like }));
        self.contribute_to(value, sum);
    }

    fn assign(&mut self, place: &Place, value: &Operand) {
        let at = self.function.resolve(place);
        if !self.active(at.root) || self.function.is_constant_field(place) {
            return;
        }
        let whole = at.path.is_empty();
        if whole && matches!(self.function.var(at.root).kind, VarKind::Value) {
            if let Some(seed) = self.seed(at.root) {
                self.contribute_to(value, seed);
            }
            return;
        }
        let ty = self.assigned_ty(&at, value);
        let first = self.initial.contains(&(at.root, value.as_var()));
        let taken = if reshapes(&ty) && !first {
            self.revive(at.root);
            self.exchange(&at, ty)
        } else {
            self.take(&at, ty)
        };
        if let Some(taken) = taken {
            self.contribute_to(value, taken);
        }
    }

    fn assigned_ty(&self, at: &Place, value: &Operand) -> Ty {
        match self.function.place_ty(at) {
            Ty::Unknown => self.function.operand_ty(value).clone(),
            known => known,
        }
    }

    /// The old value may have another shape than the new one: its zero is made while it is there.
    fn exchange(&mut self, at: &Place, ty: Ty) -> Option<Operand> {
        if self.bar(at.root).state != State::Live {
            return None;
        }
        let value = self.zero_as_before(at, ty.clone());
        let place = self.bar_place(at);
        Some(self.value("t", ty, Rhs::Derived(Derived::Replace { place, value })))
    }

    /// A zero with the shape that a resolved place has before the statement that is being reversed. Of a variable that is a list of
    /// numbers the length is kept until then, of anything else the zero.
    fn zero_as_before(&mut self, at: &Place, ty: Ty) -> Operand {
        if at.path.is_empty() && self.made_again.contains(&at.root) {
            self.copied.insert(at.root);
        }
        let variable = at.path.is_empty();
        let Some(value) = ty.zero_element().filter(|_| variable) else {
            let rhs = Rhs::Derived(Derived::Zero(at.clone()));
            return Operand::Var(self.forward("zero", ty, rhs));
        };
        let len = Operand::Var(self.forward("len", Ty::Int, Rhs::Len(at.clone())));
        let rhs = Rhs::Repeat {
            vec: true,
            value,
            len,
        };
        self.value("zero", ty, rhs)
    }

    /// Binds a value in the forward part, before the statement that is being reversed.
    fn forward(&mut self, hint: &str, ty: Ty, rhs: Rhs) -> VarId {
        let var = self.temp(hint, ty);
        self.fwd.insert(0, Stmt::Let { var, rhs });
        var
    }

    fn update(&mut self, op: Op, place: &Place, value: &Operand) {
        let at = self.function.resolve(place);
        let live = self.active(at.root) && self.bar(at.root).state == State::Live;
        if !live || !self.activity.operand(value) {
            return;
        }
        let bar = self.bar_place(&at);
        let ty = self.function.updated_ty(op, &at, value);
        let seed = self.value("t", ty.clone(), Rhs::copy(bar, &ty));
        match op {
            Op::Sub => self.contribute_negated(value, seed),
            _ => self.contribute_to(value, seed),
        }
    }

    fn push(&mut self, place: &Place, value: &Operand) {
        let at = self.function.resolve(place);
        if !self.active(at.root) {
            return;
        }
        self.revive(at.root);
        let bar = self.bar_place(&at);
        let ty = self.function.operand_ty(value).clone();
        let popped = self.value("t", ty, Rhs::Derived(Derived::PopAdjoint(bar)));
        self.contribute_to(value, popped);
    }

    fn truncate(&mut self, place: &Place) {
        let at = self.function.resolve(place);
        if !self.active(at.root) {
            return;
        }
        self.revive(at.root);
        let ty = self.function.place_ty(&at);
        let Some(rest) = self.exchange(&at, ty) else {
            return;
        };
        let Some(from) = rest.as_var().map(Place::var) else {
            return;
        };
        let len = self.value("t", Ty::Int, Rhs::Len(from.clone()));
        let to = self.bar_place(&at).then(Proj::Range {
            lo: None,
            hi: Some(len),
        });
        self.derived(DerivedStmt::AccumulatePlace { to, from });
    }

    fn swap(&mut self, a: &Place, b: &Place) {
        let (a, b) = (self.function.resolve(a), self.function.resolve(b));
        if !self.active(a.root) && !self.active(b.root) {
            return;
        }
        self.revive(a.root);
        self.revive(b.root);
        let (a, b) = (self.bar_place(&a), self.bar_place(&b));
        self.out.push(Stmt::Swap(a, b));
    }
}

/// May the old and the new value of this type differ in shape?
fn reshapes(ty: &Ty) -> bool {
    match ty {
        Ty::Vec(_) | Ty::Matrix(_) | Ty::Factors(..) => true,
        Ty::Unknown | Ty::Struct(_) | Ty::Motion(_) => true,
        Ty::Array(t) => reshapes(t),
        Ty::Option(_) | Ty::Result(_) => true,
        Ty::Tuple(parts) => parts.iter().any(reshapes),
        _ => false,
    }
}

fn read(reads: Reads, result: VarId, args: &[Operand]) -> Operand {
    match reads {
        Reads::Arg(k) => args[k].clone(),
        Reads::Result => Operand::Var(result),
    }
}

/// A literal index.
pub fn index(k: usize) -> Operand {
    let literal = proc_macro2::Literal::usize_unsuffixed(k);
    Operand::Const(Const {
        expr: syn::parse_quote!(#literal),
        ty: Ty::Int,
    })
}
