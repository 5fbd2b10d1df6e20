//! The reverse of operators whose operands need not be scalars. What the result's adjoint goes to as it is, gets a copy; products go through
//! functions of the runtime that add in place.
//!
//! ```text
//! let y = dispatch *(&a, s)        accumulate a_bar += scale(y_bar; s)
//!                                  s_bar += inner(y_bar; &a)
//! ```

use super::Builder;
use super::bars::State;
use crate::ir::{Arg, Derived, DerivedStmt, Op, Operand, Place, Rhs, Share, VarId};

impl Builder<'_> {
    /// The reverse of `let var = op args`.
    pub fn dispatch(&mut self, var: VarId, op: Op, args: &[Arg], seed: &Operand) {
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
        match arg {
            Arg::Value(o) => self.function.operand_ty(o).is_float(),
            Arg::Ref(p) | Arg::RefMut(p) => {
                self.function.place_ty(&self.function.resolve(p)).is_float()
            }
            Arg::Function(_) => false,
        }
    }

    /// The place that an operand is, if it is active.
    fn operand_place(&self, arg: &Arg) -> Option<Place> {
        let place = match arg {
            Arg::Value(o) => Place::var(o.as_var()?),
            Arg::Ref(p) | Arg::RefMut(p) => p.clone(),
            Arg::Function(_) => return None,
        };
        let place = self.function.resolve(&place);
        self.active(place.root).then_some(place)
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
