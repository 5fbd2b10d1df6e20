//! The flow of derivatives through what only derivative programs contain.

use super::Flows;
use crate::ir::{
    Arg, Call, Cotangent, Derived, DerivedStmt, Operand, Place, Share, TangentOf, VarId,
};

impl Flows<'_> {
    /// A right-hand side that `to` is bound to.
    pub(super) fn derived(&mut self, to: VarId, derived: &Derived) {
        match derived {
            // The zero of a tangent's type is one of its own, made where this one is.
            Derived::Zero(p) => self.flow_out(p, to),
            Derived::ZeroScalar(_)
            | Derived::Nothing
            | Derived::NewList { .. }
            | Derived::Grow { .. }
            | Derived::Before { .. } => {}
            Derived::Share(share) => self.share(share, to),
            Derived::Partial { rule, .. } | Derived::SecondPartial { rule, .. }
                if rule.get().flat => {}
            Derived::Partial { args, .. } | Derived::SecondPartial { args, .. } => {
                self.flow(self.operands(args.iter()), vec![to]);
            }
            Derived::Series { tails, .. } => {
                self.flow(self.operands(tails.iter().flatten()), vec![to]);
            }
            Derived::Times(a, b, _) => self.flow(self.operands([a, b].into_iter()), vec![to]),
            Derived::Take(p) | Derived::PopAdjoint(p) | Derived::Save(p) => self.flow_out(p, to),
            Derived::SumElements { place, .. } => self.flow_out(place, to),
            Derived::Aggregate(_, parts) => {
                self.flow(self.operands(parts.iter().filter_map(active)), vec![to]);
            }
            Derived::Convert(o) => self.flow(self.operands(std::iter::once(o)), vec![to]),
            // What is collected are adjoints of what a closure captures, which depend on that.
            Derived::Environment(places) => {
                let from = places.iter().map(|p| self.root(p)).collect();
                let from = self.differentiable(from);
                self.flow(from, vec![to]);
            }
            Derived::Collected(environment) => self.flow(vec![*environment], vec![to]),
            Derived::Replace { place, value } => {
                self.flow_out(place, to);
                self.flow_into(value, place);
            }
        }
    }

    fn share(&mut self, share: &Share, to: VarId) {
        let from = share.args.iter().filter_map(|a| self.arg_root(a)).collect();
        let from = self.differentiable(from);
        self.flow(from, vec![to]);
    }

    fn flow_out(&mut self, place: &Place, to: VarId) {
        let from = self.differentiable(vec![self.root(place)]);
        self.flow(from, vec![to]);
    }

    fn flow_into(&mut self, value: &Operand, place: &Place) {
        let to = self.root(place);
        self.flow(self.operands(std::iter::once(value)), vec![to]);
    }

    /// A statement; the blocks inside it are not looked at.
    pub(super) fn derived_stmt(&mut self, stmt: &DerivedStmt) {
        match stmt {
            DerivedStmt::Accumulate { place, value, .. } => self.flow_into(value, place),
            DerivedStmt::AccumulateShare { place, share } => self.share(share, self.root(place)),
            DerivedStmt::AccumulatePlace { to, from } => self.flow_out(from, self.root(to)),
            DerivedStmt::CallForward { results, call, .. }
            | DerivedStmt::CallTangent { results, call, .. }
            | DerivedStmt::CallForwardTangent { results, call, .. } => self.call(results, call),
            DerivedStmt::CallBackward {
                call,
                cotangent,
                adjoints,
                ..
            }
            | DerivedStmt::CallBackwardTangent {
                call,
                cotangent,
                adjoints,
                ..
            } => self.call_backward(call, cotangent, adjoints),
            DerivedStmt::SetZero(_)
            | DerivedStmt::NewTrace(_)
            | DerivedStmt::Refill { .. }
            | DerivedStmt::TraceReserve { .. }
            | DerivedStmt::TracePush { .. }
            | DerivedStmt::TracePop { .. }
            | DerivedStmt::IfRecord { .. }
            | DerivedStmt::MatchRecord { .. }
            | DerivedStmt::Replay { .. }
            | DerivedStmt::ForReverse { .. }
            | DerivedStmt::Parts { .. }
            | DerivedStmt::ForKeeping { .. }
            | DerivedStmt::ForRestoring { .. }
            | DerivedStmt::PopPrimal(_) => {}
        }
    }

    /// The adjoints depend on the cotangents and on all arguments.
    fn call_backward(&mut self, call: &Call, cotangent: &Cotangent, adjoints: &[Place]) {
        let adjoints = adjoints.iter().map(|p| self.root(p)).collect();
        let adjoints = self.differentiable(adjoints);
        let args = call.args.iter().filter_map(|arg| match arg {
            Arg::Value(o) => o.as_var().map(Place::var),
            Arg::Ref(p) | Arg::RefMut(p) => Some(p.clone()),
            Arg::Function(_) => None,
        });
        let args = args.map(|p| self.root(&p)).collect();
        let cotangents = cotangent.parts().iter().filter_map(active);
        let mut from = self.differentiable(args);
        let cotangents = self.operands(cotangents);
        // The adjoints of what functions capture that are called or handed on depend on them, whatever the parameters are.
        self.lent.extend(&cotangents);
        from.extend(cotangents);
        from.extend(&adjoints);
        from.extend(call.function);
        self.lent.extend(&adjoints);
        self.flow(from, adjoints);
    }
}

fn active(part: &TangentOf) -> Option<&Operand> {
    match part {
        TangentOf::Active(o) => Some(o),
        TangentOf::Zero(_) => None,
    }
}
