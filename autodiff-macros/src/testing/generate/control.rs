//! Branches and loops, and which statement comes next.

use super::scalars::contains;
use super::shape::Shape;
use super::writer::{LARGE, Loop, Writer, boolean, int};
use crate::ir::{Op, Operand, Place, Range, Rhs, Stmt, Ty, VarId, VarKind};

impl Writer<'_> {
    /// Some statements.
    pub fn statements(&mut self, least: usize) {
        let n = least + self.random.below(4);
        for _ in 0..n {
            if self.budget == 0 {
                break;
            }
            self.budget -= 1;
            self.statement();
        }
    }

    /// One statement, or none where what was wanted does not fit.
    fn statement(&mut self) {
        let deep = self.nesting > 3;
        let _: Option<()> = match self.random.below(100) {
            0..=15 => {
                self.expression();
                Some(())
            }
            16..=21 => self.mutable_scalar(),
            22..=43 => self.write(),
            44 | 45 => self.write_int(),
            46 | 47 => self.indirect(),
            48 if self.random.chance(50) => self.write_flag(),
            48 => self.effect(),
            49..=56 => self.new_aggregate().map(|_| ()),
            57..=60 => self.view(),
            61..=63 => self.push(),
            64 | 65 => self.truncate(),
            66 => self.swap(),
            67 => self.exchange(),
            68 | 69 => self.replace(),
            70..=72 => self.moved(),
            73..=75 => self.counter(),
            76..=79 => self.call(),
            80..=87 if !deep => self.branch(),
            88..=96 if !deep && self.loops.len() < 3 => self.counted(),
            97..=99 if !deep && self.loops.len() < 2 => self.while_loop(),
            _ => self.write(),
        };
    }

    fn mutable_scalar(&mut self) -> Option<()> {
        let value = self.stored();
        self.bind(&Shape::Real, true, Rhs::Use(value));
        Some(())
    }

    fn counter(&mut self) -> Option<()> {
        let value = self.computed_int();
        if self.random.chance(70) {
            self.bind(&Shape::Int, true, Rhs::Use(value));
        }
        Some(())
    }

    fn branch(&mut self) -> Option<()> {
        let cond = self.condition();
        let chosen = self.chosen();
        let then = self.block(|w| {
            w.statements(1);
            w.choose(chosen.as_ref());
        });
        let one_sided = chosen.is_none() && self.random.chance(40);
        let els = self.block(|w| {
            if !one_sided {
                w.statements(1);
            }
            w.choose(chosen.as_ref());
        });
        self.out.push(Stmt::If { cond, then, els });
        if let Some((var, shape)) = chosen {
            let known = self.describe(var, &shape);
            self.known.push(known);
        }
        Some(())
    }

    /// Perhaps a variable that is given its value in both arms.
    fn chosen(&mut self) -> Option<(VarId, Shape)> {
        let shape = match self.random.below(5) {
            0 | 1 => Shape::Real,
            2 => Shape::vec(),
            _ => return None,
        };
        let mutable = self.random.chance(25);
        let kind = if mutable {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let var = self.var("c", shape.ty(), kind);
        self.out.push(Stmt::Declare(var));
        Some((var, shape))
    }

    fn choose(&mut self, chosen: Option<&(VarId, Shape)>) {
        let Some((var, shape)) = chosen else { return };
        let value = match shape {
            Shape::Real => Some(self.stored()),
            _ => self.owned_vec().and_then(|at| self.given(at)),
        };
        if let Some(value) = value {
            let place = Place::var(*var);
            self.out.push(Stmt::Assign { place, value });
        }
    }

    fn counted(&mut self) -> Option<()> {
        let list = self.one(|k| k.shape.element().is_some());
        let (range, mut here) = match list {
            Some(at) if self.random.chance(80) => self.over(at),
            _ => self.fixed(),
        };
        let var = self.var("i", Ty::Int, VarKind::Value);
        here.index = Some(var);
        if self.random.chance(8) {
            self.function.checkpoints.insert(var, None);
        }
        let exit = self.random.chance(15).then(|| self.flag());
        let body = self.iteration(here, |w| {
            w.statements(2);
            if let Some(exit) = exit {
                w.leave(exit);
            }
        });
        self.out.push(Stmt::For {
            var,
            range,
            body,
            exit,
        });
        Some(())
    }

    fn iteration(&mut self, here: Loop, write: impl FnOnce(&mut Self)) -> crate::ir::Block {
        self.loops.push(here);
        let body = self.block(write);
        self.loops.pop();
        body
    }

    fn flag(&mut self) -> VarId {
        let var = self.var("done", Ty::Bool, VarKind::Mutable);
        let rhs = Rhs::Use(boolean(false));
        self.out.push(Stmt::Let { var, rhs });
        self.flags.push(var);
        var
    }

    /// `done = cond`
    fn write_flag(&mut self) -> Option<()> {
        let flags = self.flags.clone();
        let flag = match self.random.pick(&flags) {
            Some(flag) => *flag,
            None => self.flag(),
        };
        let (place, value) = (Place::var(flag), self.condition());
        self.out.push(Stmt::Assign { place, value });
        Some(())
    }

    /// `if cond { done = true } else { .. }`
    fn leave(&mut self, exit: VarId) {
        let cond = self.condition();
        let place = Place::var(exit);
        let value = boolean(true);
        let then = crate::ir::Block::new(vec![Stmt::Assign { place, value }]);
        let els = self.block(|w| w.statements(1));
        self.out.push(Stmt::If { cond, then, els });
    }

    /// The range of a loop over a list.
    fn over(&mut self, at: usize) -> (Range, Loop) {
        let known = self.known[at].clone();
        let place = self.place(&known);
        let len = self.scalar(Rhs::Len(place), Ty::Int, 0.0);
        let mut here = plain_loop();
        here.length = Some(known.length);
        let (mut lo, mut hi, mut inclusive) = (int(0), len.clone(), false);
        let less = |w: &mut Self| {
            let text = format!("{} - 1", w.text(&len));
            let uses: Vec<VarId> = len.as_var().into_iter().collect();
            w.integer(&text, &uses)
        };
        match self.random.below(8) {
            0 => {
                hi = less(self);
                inclusive = true;
            }
            1 => {
                hi = less(self);
                here.above = true;
            }
            2 => {
                lo = int(1);
                here.below = true;
            }
            _ => {}
        }
        let range = self.direction(lo, hi, inclusive);
        (range, here)
    }

    fn direction(&mut self, lo: Operand, hi: Operand, inclusive: bool) -> Range {
        let rev = self.random.chance(20);
        let step = self.random.chance(15).then(|| int(2));
        Range {
            lo,
            hi,
            inclusive,
            rev,
            step,
        }
    }

    fn fixed(&mut self) -> (Range, Loop) {
        let hi = if self.random.chance(40) {
            self.computed_int()
        } else {
            int(1 + self.random.below(3))
        };
        let inclusive = self.random.chance(20);
        (self.direction(int(0), hi, inclusive), plain_loop())
    }

    fn while_loop(&mut self) -> Option<()> {
        let count = self.var("n", Ty::Int, VarKind::Mutable);
        let rhs = Rhs::Use(int(0));
        self.out.push(Stmt::Let { var: count, rhs });
        let limit = int(1 + self.random.below(4));
        let state = self.writable(&Shape::Real);
        let mut cond = limit.clone();
        let cond_block = self.block(|w| {
            let read = w.scalar(Rhs::Read(Place::var(count)), Ty::Int, 0.0);
            cond = w.boolean(Rhs::Op(Op::Lt, vec![read, limit]));
            let loaded = state.and_then(|at| w.load(at));
            if let (Some(x), true) = (loaded, w.random.chance(50)) {
                let y = super::writer::float(LARGE / 2.0);
                let also = w.boolean(Rhs::Op(Op::Lt, vec![x, y]));
                cond = w.boolean(Rhs::Op(Op::And, vec![cond.clone(), also]));
            }
        });
        let body = self.iteration(plain_loop(), |w| {
            w.statements(1);
            w.out.push(Stmt::Update {
                op: Op::Add,
                place: Place::var(count),
                value: int(1),
            });
        });
        self.out.push(Stmt::While {
            cond_block,
            cond,
            body,
        });
        Some(())
    }

    /// A number to which much of what is in scope contributes.
    pub fn summary(&mut self) -> Operand {
        let mut total = self.stored();
        let all = self.all(|k| contains(&k.shape, &Shape::Real));
        let mut left = 5;
        for at in all.into_iter().rev() {
            let kept = self.known[at].mutable || self.known[at].shape != Shape::Real;
            if left == 0 || !self.random.chance(if kept { 70 } else { 20 }) {
                continue;
            }
            left -= 1;
            let more = if kept {
                self.load(at)
            } else {
                Some(Operand::Var(self.known[at].var))
            };
            if let Some(more) = more {
                let more = self.damped(more, LARGE);
                let size = self.size(&total) + self.size(&more);
                let ty = Shape::Real.ty();
                total = self.scalar(Rhs::Op(Op::Add, vec![total, more]), ty, size);
            }
        }
        total
    }
}

fn plain_loop() -> Loop {
    Loop {
        index: None,
        length: None,
        above: false,
        below: false,
    }
}
