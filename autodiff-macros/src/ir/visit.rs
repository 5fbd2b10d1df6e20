//! Walks over the IR: which variables a right-hand side, a place or a statement mentions.

use super::{
    Arg, Block, Call, Derived, DerivedStmt, FnArg, Lambda, Operand, Place, Proj, Range, Results,
    Rhs, Share, Stmt, TangentOf, VarId,
};
use std::collections::BTreeSet;

/// Calls `f` with every operand of a path.
pub fn place_operands<'a>(place: &'a Place, f: &mut dyn FnMut(&'a Operand)) {
    for proj in &place.path {
        match proj {
            Proj::Index(i) => f(i),
            Proj::Entry(entry) if entry.of_tangent => f(&entry.position),
            Proj::Entry(entry) => [&entry.index, &entry.position]
                .into_iter()
                .for_each(&mut *f),
            Proj::Range { lo, hi } => lo.iter().chain(hi).for_each(&mut *f),
            Proj::Deref
            | Proj::Field(_)
            | Proj::Payload(_)
            | Proj::Records(_)
            | Proj::Wrapped
            | Proj::Failure
            | Proj::Inside(_) => {}
        }
    }
}

/// The bounds and the step of a range.
pub fn range_operands<'a>(range: &'a Range, f: &mut dyn FnMut(&'a Operand)) {
    f(&range.lo);
    f(&range.hi);
    range.step.iter().for_each(f);
}

/// The places that a primal right-hand side touches.
pub fn rhs_places(rhs: &Rhs) -> Option<&Place> {
    match rhs {
        Rhs::Read(p)
        | Rhs::Clone { place: p, .. }
        | Rhs::Borrow { place: p, .. }
        | Rhs::Len(p)
        | Rhs::IsPresent(p)
        | Rhs::Dimension { place: p, .. }
        | Rhs::Position { place: p, .. }
        | Rhs::Zeros(p) => Some(p),
        _ => None,
    }
}

/// The operands of a primal right-hand side, those in places among them.
pub fn rhs_operands<'a>(rhs: &'a Rhs, f: &mut dyn FnMut(&'a Operand)) {
    match rhs {
        Rhs::Use(o) | Rhs::Cast(o, _) => f(o),
        Rhs::Op(_, args) | Rhs::Rule { args, .. } | Rhs::Aggregate(_, args) => {
            args.iter().for_each(f)
        }
        Rhs::Dispatch { args, .. } => args.iter().for_each(|a| arg_operands(a, f)),
        Rhs::Repeat { value, len, .. } => {
            f(value);
            f(len);
        }
        Rhs::Read(p)
        | Rhs::Clone { place: p, .. }
        | Rhs::Borrow { place: p, .. }
        | Rhs::Len(p)
        | Rhs::IsPresent(p)
        | Rhs::Dimension { place: p, .. }
        | Rhs::Zeros(p) => place_operands(p, f),
        Rhs::Position { place, index } => {
            place_operands(place, f);
            f(index);
        }
        Rhs::Inert(_) | Rhs::Derived(_) => {}
    }
}

/// The operands of an argument, those in its place among them.
pub fn arg_operands<'a>(arg: &'a Arg, f: &mut dyn FnMut(&'a Operand)) {
    match arg {
        Arg::Value(o) => f(o),
        Arg::Ref(p) | Arg::RefMut(p) => place_operands(p, f),
        Arg::Function(_) => {}
    }
}

/// The place of an argument that is passed by reference.
pub fn arg_place(arg: &Arg) -> Option<&Place> {
    match arg {
        Arg::Value(_) | Arg::Function(_) => None,
        Arg::Ref(p) | Arg::RefMut(p) => Some(p),
    }
}

/// The variables that a statement declares in the block that it stands in (not in nested blocks).
pub fn declared(stmt: &Stmt) -> Vec<VarId> {
    match stmt {
        Stmt::Let { var, .. } | Stmt::Declare(var) => vec![*var],
        Stmt::Call { results, .. } => result_vars(results),
        Stmt::Derived(d) => match d {
            DerivedStmt::CallForward {
                results, pullback, ..
            } => {
                let mut all = result_vars(results);
                all.push(*pullback);
                all
            }
            DerivedStmt::CallTangent {
                results, tangents, ..
            } => [result_vars(results), result_vars(tangents)].concat(),
            DerivedStmt::CallForwardTangent {
                results,
                tangents,
                pullback,
                ..
            } => [result_vars(results), result_vars(tangents), vec![*pullback]].concat(),
            DerivedStmt::NewTrace(v) | DerivedStmt::IfRecord { trace: v, .. } => vec![*v],
            DerivedStmt::ForKeeping { checkpoint, .. } => vec![checkpoint.record],
            DerivedStmt::TracePop { values, .. } => values.clone(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What a block declares, in all its parts, the indices of loops among it.
pub fn all_declared(block: &Block, all: &mut BTreeSet<VarId>) {
    for stmt in &block.stmts {
        all.extend(declared(stmt));
        match stmt {
            Stmt::For { var, .. } | Stmt::Derived(DerivedStmt::ForReverse { var, .. }) => {
                all.insert(*var);
            }
            Stmt::Derived(DerivedStmt::MatchRecord { then, els, .. }) => {
                all.extend(then.0.iter().chain(&els.0));
            }
            _ => {}
        }
        children(stmt)
            .into_iter()
            .for_each(|b| all_declared(b, all));
    }
}

/// The variables that a call binds.
pub fn result_vars(results: &Results) -> Vec<VarId> {
    match results {
        Results::None => Vec::new(),
        Results::One(v) => vec![*v],
        Results::Tuple(vs) => vs.iter().flatten().copied().collect(),
    }
}

/// The closures that the calls of a block are handed, nested blocks included.
pub fn lambdas(block: &Block) -> Vec<&Lambda> {
    let mut all = Vec::new();
    for stmt in &block.stmts {
        if let Stmt::Call { call, .. } = stmt {
            all.extend(call.args.iter().filter_map(|arg| match arg {
                Arg::Function(FnArg::Lambda(lambda)) => Some(&**lambda),
                _ => None,
            }));
        }
        children(stmt)
            .into_iter()
            .for_each(|b| all.extend(lambdas(b)));
    }
    all
}

/// The blocks directly inside a statement.
pub fn children(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::If { then, els, .. } => vec![then, els],
        Stmt::For { body, .. } => vec![body],
        Stmt::While {
            cond_block, body, ..
        } => vec![cond_block, body],
        Stmt::Derived(d) => match d {
            DerivedStmt::IfRecord { then, els, .. } => vec![&then.0, &els.0],
            DerivedStmt::MatchRecord { then, els, .. } => vec![&then.1, &els.1],
            DerivedStmt::Replay { body, .. }
            | DerivedStmt::ForReverse { body, .. }
            | DerivedStmt::Parts { body, .. } => vec![body],
            DerivedStmt::ForKeeping {
                checkpoint, body, ..
            } => vec![&checkpoint.keep, body],
            DerivedStmt::ForRestoring {
                checkpoint,
                restore,
                advance,
                reverse,
                ..
            } => vec![&checkpoint.keep, restore, advance, reverse],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The calls of a primal block, nested blocks included.
pub fn calls(block: &Block) -> Vec<&Call> {
    let mut all = Vec::new();
    for stmt in &block.stmts {
        match stmt {
            Stmt::Call { call, .. } => all.push(call),
            other => all.extend(children(other).into_iter().flat_map(calls)),
        }
    }
    all
}

/// The blocks directly inside a statement, to be changed.
pub fn children_mut(stmt: &mut Stmt) -> Vec<&mut Block> {
    match stmt {
        Stmt::If { then, els, .. } => vec![then, els],
        Stmt::For { body, .. } => vec![body],
        Stmt::While {
            cond_block, body, ..
        } => vec![cond_block, body],
        Stmt::Derived(d) => match d {
            DerivedStmt::IfRecord { then, els, .. } => vec![&mut then.0, &mut els.0],
            DerivedStmt::MatchRecord { then, els, .. } => vec![&mut then.1, &mut els.1],
            DerivedStmt::Replay { body, .. }
            | DerivedStmt::ForReverse { body, .. }
            | DerivedStmt::Parts { body, .. } => vec![body],
            DerivedStmt::ForKeeping {
                checkpoint, body, ..
            } => vec![&mut checkpoint.keep, body],
            DerivedStmt::ForRestoring {
                checkpoint,
                restore,
                advance,
                reverse,
                ..
            } => vec![&mut checkpoint.keep, restore, advance, reverse],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Calls `f` with every variable that a block mentions in any way but its declaration.
pub fn block_mentions(block: &Block, f: &mut dyn FnMut(VarId)) {
    for stmt in &block.stmts {
        mentions(stmt, f);
    }
}

/// Does the statement, or one inside it, mention the variable?
pub fn mentions_var(stmt: &Stmt, var: VarId) -> bool {
    let mut found = false;
    mentions(stmt, &mut |v| found |= v == var);
    found
}

/// Calls `f` with every variable that a statement mentions, nested blocks included, its own declarations left out.
pub fn mentions(stmt: &Stmt, f: &mut dyn FnMut(VarId)) {
    own_mentions(stmt, f);
    for block in children(stmt) {
        block_mentions(block, f);
    }
}

fn operand(o: &Operand, f: &mut dyn FnMut(VarId)) {
    o.as_var().into_iter().for_each(f);
}

/// The root and the operands of a place.
pub fn place_mentions(place: &Place, f: &mut dyn FnMut(VarId)) {
    f(place.root);
    place_operands(place, &mut |o| operand(o, f));
}

fn call_mentions(call: &Call, f: &mut dyn FnMut(VarId)) {
    call.function.into_iter().for_each(&mut *f);
    call.args.iter().for_each(|a| arg_mentions(a, f));
}

fn arg_mentions(arg: &Arg, f: &mut dyn FnMut(VarId)) {
    match arg {
        Arg::Value(o) => operand(o, f),
        Arg::Ref(p) | Arg::RefMut(p) => place_mentions(p, f),
        Arg::Function(function) => function.mentions().into_iter().for_each(f),
    }
}

fn tangent_of_mentions(t: &TangentOf, f: &mut dyn FnMut(VarId)) {
    match t {
        TangentOf::Active(o) | TangentOf::Zero(o) => operand(o, f),
    }
}

/// Every variable that a right-hand side mentions.
pub fn rhs_mentions(rhs: &Rhs, f: &mut dyn FnMut(VarId)) {
    match rhs {
        Rhs::Inert(inert) => inert.uses.iter().copied().for_each(f),
        Rhs::Dispatch { args, .. } => args.iter().for_each(|a| arg_mentions(a, f)),
        Rhs::Derived(d) => derived_mentions(d, f),
        _ => {
            rhs_places(rhs).into_iter().for_each(|p| f(p.root));
            rhs_operands(rhs, &mut |o| operand(o, f));
        }
    }
}

fn derived_mentions(derived: &Derived, f: &mut dyn FnMut(VarId)) {
    match derived {
        Derived::Zero(p) | Derived::Take(p) | Derived::PopAdjoint(p) | Derived::Save(p) => {
            place_mentions(p, f);
        }
        Derived::ZeroScalar(_) | Derived::Nothing | Derived::NewList { .. } => {}
        Derived::Partial { args, .. } | Derived::SecondPartial { args, .. } => {
            args.iter().for_each(|o| operand(o, f));
        }
        Derived::Series {
            result,
            args,
            tails,
            ..
        } => {
            operand(result, f);
            args.iter()
                .chain(tails.iter().flatten())
                .for_each(|o| operand(o, f));
        }
        Derived::Times(a, b, _) => {
            operand(a, f);
            operand(b, f);
        }
        Derived::Share(share) => share_mentions(share, f),
        Derived::Aggregate(_, parts) => parts.iter().for_each(|t| tangent_of_mentions(t, f)),
        Derived::SumElements { place, like: value } | Derived::Replace { place, value } => {
            place_mentions(place, f);
            operand(value, f);
        }
        Derived::Convert(o) => operand(o, f),
        Derived::Grow { list, range } | Derived::Before { list, range } => {
            f(*list);
            range_operands(range, &mut |o| operand(o, f));
        }
        Derived::Environment(places) => places.iter().for_each(|p| place_mentions(p, f)),
        Derived::Collected(v) => f(*v),
    }
}

fn share_mentions(share: &Share, f: &mut dyn FnMut(VarId)) {
    share.args.iter().for_each(|a| arg_mentions(a, f));
}

/// The places that a reverse statement reads once more.
pub fn places_read_again(stmt: &Stmt) -> Vec<&Place> {
    let args: &[Arg] = match stmt {
        Stmt::Derived(DerivedStmt::CallBackward { call, .. }) => &call.args,
        Stmt::Derived(DerivedStmt::AccumulateShare { share, .. })
        | Stmt::Let {
            rhs: Rhs::Derived(Derived::Share(share)),
            ..
        } => &share.args,
        _ => &[],
    };
    args.iter().filter_map(arg_place).collect()
}

/// The mentions of a statement outside its nested blocks.
pub fn own_mentions(stmt: &Stmt, f: &mut dyn FnMut(VarId)) {
    match stmt {
        Stmt::Let { rhs, .. } => rhs_mentions(rhs, f),
        Stmt::Declare(_) => {}
        Stmt::Assign { place, value }
        | Stmt::Update { place, value, .. }
        | Stmt::Push { place, value }
        | Stmt::Truncate { place, len: value } => {
            place_mentions(place, f);
            operand(value, f);
        }
        Stmt::Swap(a, b) => {
            place_mentions(a, f);
            place_mentions(b, f);
        }
        Stmt::Effect(inert) => inert.uses.iter().copied().for_each(f),
        Stmt::Call { call, .. } => call_mentions(call, f),
        Stmt::If { cond, .. } | Stmt::While { cond, .. } => operand(cond, f),
        Stmt::For { range, exit, .. } => {
            range_operands(range, &mut |o| operand(o, f));
            exit.iter().copied().for_each(f);
        }
        Stmt::Derived(d) => derived_stmt_mentions(d, f),
    }
}

fn derived_stmt_mentions(stmt: &DerivedStmt, f: &mut dyn FnMut(VarId)) {
    match stmt {
        DerivedStmt::Accumulate { place, value, .. } => {
            place_mentions(place, f);
            operand(value, f);
        }
        DerivedStmt::AccumulateShare { place, share } => {
            place_mentions(place, f);
            share_mentions(share, f);
        }
        DerivedStmt::AccumulatePlace { to, from } => {
            place_mentions(to, f);
            place_mentions(from, f);
        }
        DerivedStmt::SetZero(p) | DerivedStmt::PopPrimal(p) => place_mentions(p, f),
        DerivedStmt::CallForward { call, .. } => call_mentions(call, f),
        DerivedStmt::CallBackward {
            pullback,
            call,
            cotangent,
            adjoints,
        } => {
            f(*pullback);
            // The receiver tells which function it is, also where it was given away.
            if let Some((receiver, _)) = call.receiver() {
                arg_mentions(receiver, f);
            }
            backward_mentions(&call.args, cotangent, adjoints, f);
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
            f(*pullback);
            backward_mentions(&call.args, cotangent, adjoints, f);
            backward_mentions(args, cotangent_dot, adjoint_dots, f);
        }
        DerivedStmt::CallTangent { call, args, .. }
        | DerivedStmt::CallForwardTangent { call, args, .. } => {
            call_mentions(call, f);
            args.iter().for_each(|a| arg_mentions(a, f));
        }
        DerivedStmt::NewTrace(_) => {}
        DerivedStmt::Refill { list, value, len } => {
            f(*list);
            operand(value, f);
            operand(len, f);
        }
        DerivedStmt::TraceReserve { trace, range } => {
            f(*trace);
            range_operands(range, &mut |o| operand(o, f));
        }
        DerivedStmt::TracePush { trace, values } => {
            f(*trace);
            values.iter().copied().for_each(f);
        }
        DerivedStmt::TracePop { trace, .. } => f(*trace),
        DerivedStmt::IfRecord {
            cond, then, els, ..
        } => {
            operand(cond, f);
            then.1.iter().chain(&els.1).copied().for_each(f);
        }
        DerivedStmt::MatchRecord { trace, .. } => f(*trace),
        DerivedStmt::Replay { count, .. } => operand(count, f),
        DerivedStmt::ForReverse { range, .. } => {
            range_operands(range, &mut |o| operand(o, f));
        }
        DerivedStmt::Parts { range, sums, .. } => {
            range_operands(range, &mut |o| operand(o, f));
            sums.iter().for_each(|sum| f(sum.whole));
        }
        DerivedStmt::ForKeeping {
            checkpoint,
            slots,
            range,
            exit,
            ..
        } => {
            range_operands(range, &mut |o| operand(o, f));
            slots.iter().for_each(|o| operand(o, f));
            exit.iter().chain(&checkpoint.values).copied().for_each(f);
        }
        DerivedStmt::ForRestoring {
            checkpoint, range, ..
        } => {
            f(checkpoint.record);
            range_operands(range, &mut |o| operand(o, f));
            checkpoint.values.iter().copied().for_each(f);
        }
    }
}

fn backward_mentions(
    args: &[Arg],
    cotangent: &super::Cotangent,
    adjoints: &[Place],
    f: &mut dyn FnMut(VarId),
) {
    let refs = args.iter().filter(|a| arg_place(a).is_some());
    refs.for_each(|a| arg_mentions(a, f));
    let parts = cotangent.parts().iter();
    parts.for_each(|t| tangent_of_mentions(t, f));
    adjoints.iter().for_each(|p| place_mentions(p, f));
}

/// The places that a statement may write, outside its nested blocks; a declaration is no write.
pub fn own_writes(stmt: &Stmt) -> Vec<Place> {
    let whole = |vars: &[VarId]| vars.iter().map(|v| Place::var(*v)).collect();
    match stmt {
        Stmt::Assign { place, .. }
        | Stmt::Update { place, .. }
        | Stmt::Push { place, .. }
        | Stmt::Truncate { place, .. } => vec![place.clone()],
        Stmt::Swap(a, b) => vec![a.clone(), b.clone()],
        Stmt::Effect(inert)
        | Stmt::Let {
            rhs: Rhs::Inert(inert),
            ..
        } => whole(&inert.writes),
        Stmt::Let {
            rhs: Rhs::Derived(Derived::Replace { place, .. }),
            ..
        } => vec![place.clone()],
        Stmt::Let {
            rhs: Rhs::Derived(Derived::Grow { list, .. }),
            ..
        } => vec![Place::var(*list)],
        Stmt::Derived(DerivedStmt::Refill { list, .. }) => vec![Place::var(*list)],
        Stmt::Call { call, .. }
        | Stmt::Derived(
            DerivedStmt::CallForward { call, .. }
            | DerivedStmt::CallTangent { call, .. }
            | DerivedStmt::CallForwardTangent { call, .. },
        ) => written_args(call),
        _ => Vec::new(),
    }
}

/// The places that a call gets by `&mut`.
pub fn written_args(call: &Call) -> Vec<Place> {
    let places = call.args.iter().filter_map(|arg| match arg {
        Arg::RefMut(p) => Some(p.clone()),
        _ => None,
    });
    places.collect()
}

/// Calls `f` with every place of a primal statement, to be changed; nested blocks included.
pub fn places_mut(stmt: &mut Stmt, f: &mut dyn FnMut(&mut Place)) {
    match stmt {
        Stmt::Let { rhs, .. } => rhs_places_mut(rhs, f),
        Stmt::Assign { place, .. }
        | Stmt::Update { place, .. }
        | Stmt::Push { place, .. }
        | Stmt::Truncate { place, .. } => f(place),
        Stmt::Swap(a, b) => {
            f(a);
            f(b);
        }
        Stmt::Call { call, .. } | Stmt::Derived(DerivedStmt::CallForward { call, .. }) => {
            call.args.iter_mut().for_each(|a| arg_place_mut(a, f));
        }
        Stmt::If { then, els, .. } => {
            block_places_mut(then, f);
            block_places_mut(els, f);
        }
        Stmt::Derived(DerivedStmt::IfRecord { then, els, .. }) => {
            block_places_mut(&mut then.0, f);
            block_places_mut(&mut els.0, f);
        }
        Stmt::For { body, .. } => block_places_mut(body, f),
        Stmt::While {
            cond_block, body, ..
        } => {
            block_places_mut(cond_block, f);
            block_places_mut(body, f);
        }
        Stmt::Declare(_) | Stmt::Effect(_) | Stmt::Derived(_) => {}
    }
}

fn arg_place_mut(arg: &mut Arg, f: &mut dyn FnMut(&mut Place)) {
    if let Arg::Ref(p) | Arg::RefMut(p) = arg {
        f(p);
    }
}

fn block_places_mut(block: &mut Block, f: &mut dyn FnMut(&mut Place)) {
    block.stmts.iter_mut().for_each(|s| places_mut(s, f));
}

fn rhs_places_mut(rhs: &mut Rhs, f: &mut dyn FnMut(&mut Place)) {
    match rhs {
        Rhs::Read(p)
        | Rhs::Clone { place: p, .. }
        | Rhs::Borrow { place: p, .. }
        | Rhs::Len(p)
        | Rhs::IsPresent(p)
        | Rhs::Dimension { place: p, .. }
        | Rhs::Position { place: p, .. }
        | Rhs::Zeros(p) => f(p),
        Rhs::Dispatch { args, .. } => args.iter_mut().for_each(|a| arg_place_mut(a, f)),
        Rhs::Derived(
            Derived::Zero(p)
            | Derived::Take(p)
            | Derived::Save(p)
            | Derived::Replace { place: p, .. },
        ) => f(p),
        _ => {}
    }
}
