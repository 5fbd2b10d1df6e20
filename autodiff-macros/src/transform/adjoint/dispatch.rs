//! The reverse of operators whose operands need not be scalars. What the result's adjoint goes to as it is, gets a copy; products go through
//! functions of the runtime that add in place.
//!
//! ```text
//! let y = dispatch *(&a, s)        accumulate a_bar += scale(y_bar; s)
//!                                  s_bar += inner(y_bar; &a)
//! let y = dispatch +(b, c)         accumulate b_bar += linear_left(y_bar; kept)        where the types are not known
//! ```

use super::Builder;
use super::bars::State;
use crate::ir::{
    Arg, Derived, DerivedStmt, Op, Operand, Place, Rhs, Share, Stmt, Ty, VarId, VarKind,
};
use proc_macro2::Span;

impl Builder<'_> {
    /// The reverse of `let var = op args`.
    pub fn dispatch(&mut self, var: VarId, op: Op, args: &[Arg], seed: &Operand) {
        if self.is_open(args) {
            return self.by_types(var, op, args, seed);
        }
        match (op, args) {
            (Op::Neg, [a]) => self.hand_on(a, seed, true),
            (Op::Add | Op::Sub, [a, b]) => {
                self.hand_on(a, seed, false);
                self.hand_on(b, seed, op == Op::Sub);
            }
            (Op::Mul, [a, b]) => {
                self.factor(a, b, true, seed, args);
                self.factor(b, a, false, seed, args);
            }
            (Op::Div, [a, b]) => {
                self.share(a, "div_left", seed, &[b]);
                let y = Arg::Value(Operand::Var(var));
                self.share(b, "div_right", seed, &[&y, b]);
            }
            _ => {}
        }
    }

    /// Could the operands be of any type? Then what the derivative needs of them is kept, which is nothing for numbers and matrices.
    fn is_open(&self, args: &[Arg]) -> bool {
        let types = args.iter().map(|a| self.arg_ty(a)).collect::<Vec<_>>();
        types.iter().any(Ty::may_be_users) && !types.iter().any(Ty::is_matrix)
    }

    fn by_types(&mut self, var: VarId, op: Op, args: &[Arg], seed: &Operand) {
        match (op, args) {
            (Op::Neg, [a]) => {
                let kept = self.kept("neg_keep", args);
                self.share(a, "linear_left", seed, &[&kept]);
            }
            (Op::Add | Op::Sub, [a, b]) => {
                let plus = op == Op::Add;
                let kept = self.kept(if plus { "add_keep" } else { "sub_keep" }, args);
                self.share(a, "linear_left", seed, &[&kept]);
                self.share(b, "linear_right", seed, &[&kept]);
            }
            (Op::Mul, [a, b]) if self.is_float(a) || self.is_float(b) => {
                let kept = self.kept("mul_keep", args);
                self.share(a, "multiple_left", seed, &[&kept, b]);
                self.share(b, "multiple_right", seed, &[&kept, a]);
            }
            (Op::Mul, [a, b]) => {
                self.share(a, "mul_left", seed, &[a, b]);
                self.share(b, "mul_right", seed, &[a, b]);
            }
            (Op::Div, [a, b]) => {
                let (kept, y) = (self.kept("div_keep", args), Arg::Value(Operand::Var(var)));
                self.share(a, "ratio_left", seed, &[&kept, &y, b]);
                self.share(b, "ratio_right", seed, &[&kept, &y, b]);
            }
            _ => {}
        }
    }

    /// What the shares need of the operands, kept by the forward part.
    fn kept(&mut self, function: &'static str, args: &[Arg]) -> Arg {
        let span = Span::mixed_site();
        let var = self
            .function
            .fresh("kept", span, Ty::Unknown, VarKind::Value);
        let args = args.to_vec();
        let rhs = Rhs::Derived(Derived::Share(Share { function, args }));
        self.fwd.insert(0, Stmt::Let { var, rhs });
        Arg::Value(Operand::Var(var))
    }

    /// One of two factors; with a scalar either side of a product needs the other only.
    fn factor(&mut self, arg: &Arg, other: &Arg, left: bool, seed: &Operand, both: &[Arg]) {
        let [a, b] = both else { return };
        match (self.is_float(arg), self.is_float(other), left) {
            (_, true, _) => self.share(arg, "scale", seed, &[other]),
            (true, _, _) => self.share(arg, "inner", seed, &[other]),
            (_, _, true) => self.share(arg, "mul_left", seed, &[a, b]),
            (_, _, false) => self.share(arg, "mul_right", seed, &[a, b]),
        }
    }

    fn is_float(&self, arg: &Arg) -> bool {
        self.arg_ty(arg).is_float()
    }

    fn arg_ty(&self, arg: &Arg) -> Ty {
        let ty = match arg {
            Arg::Value(o) => self.function.operand_ty(o).clone(),
            Arg::Ref(p) | Arg::RefMut(p) => self.function.place_ty(&self.function.resolve(p)),
            Arg::Function(_) => Ty::Unknown,
        };
        ty.peel().clone()
    }

    /// The place that an operand is, if it is active.
    fn operand_place(&self, arg: &Arg) -> Option<Place> {
        let place = match arg {
            Arg::Value(o) => Place::var(o.as_var()?),
            Arg::Ref(p) | Arg::RefMut(p) => p.clone(),
            Arg::Function(_) => return None,
        };
        let place = self.function.resolve(&place);
        (self.active(place.root) && !self.is_constant_part(&place)).then_some(place)
    }

    /// Will a contribution to this place be its first?
    fn is_first(&mut self, place: &Place) -> bool {
        let own = self.bar(place.root).depth == self.depth;
        own && place.path.is_empty() && self.bar(place.root).state != State::Live
    }

    /// The result's adjoint itself is the operand's share.
    fn hand_on(&mut self, arg: &Arg, seed: &Operand, negate: bool) {
        let (Some(place), Some(var)) = (self.operand_place(arg), seed.as_var()) else {
            return;
        };
        let first = self.is_first(&place) && !negate;
        let ty = self.function.var(var).ty.clone();
        let share = if first && !ty.is_float() {
            self.value("t", ty.clone(), Rhs::copy(Place::var(var), &ty))
        } else {
            seed.clone()
        };
        self.contribute(&place, share, negate);
    }

    fn share(&mut self, arg: &Arg, function: &'static str, seed: &Operand, args: &[&Arg]) {
        let Some(place) = self.operand_place(arg) else {
            return;
        };
        let seed = Arg::Value(seed.clone());
        let args = std::iter::once(&seed).chain(args.iter().copied());
        let args = args.map(|a| self.read_again(a)).collect();
        let share = Share { function, args };
        let ty = self.function.place_ty(&place);
        if self.is_first(&place) || ty.is_float() {
            let value = self.value("t", ty, Rhs::Derived(Derived::Share(share)));
            return self.contribute(&place, value, false);
        }
        self.revive(place.root);
        let place = self.bar_place(&place);
        self.derived(DerivedStmt::AccumulateShare { place, share });
    }

    /// An operand in terms of variables that the reverse part can have.
    fn read_again(&mut self, arg: &Arg) -> Arg {
        match arg {
            Arg::Value(o) => Arg::Value(o.clone()),
            Arg::Ref(p) | Arg::RefMut(p) => {
                let place = self.function.resolve(p);
                Arg::Ref(self.compose(&place))
            }
            Arg::Function(_) => arg.clone(),
        }
    }
}
