//! Where statements go: regions, arms that stay open, and exits.
//!
//! There are no jumps in the IR. An exit (`return`, `break`, `continue`) sets a flag, and whatever follows on the way to its target is
//! either in the other arm of the branch that it stands in, or guarded by the flag. Flags that nobody reads go away in [`super::finish`].
//!
//! ```text
//! if c { return a; }          if c { result = a }
//! rest                        else { rest }                the arm that goes on stays open
//!
//! for .. { if c { break; } }  exit = false; for .. until exit { if c { exit = true } }
//! ```

use super::value::Value;
use super::{Lower, boolean};
use crate::ir::{Block, Operand, Place, Rhs, Stmt, Ty, VarId, VarKind};
use std::collections::BTreeSet;

/// What an exit leads to: the end of a loop, of an iteration, of a labelled block, of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Target(pub usize);

/// Which arm of a branch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arm {
    Then,
    Else,
}

/// A branch with one arm finished; statements go into the other one until the region ends.
pub struct Open {
    before: Vec<Stmt>,
    cond: Operand,
    done: Vec<Stmt>,
    arm: Arm,
}

/// Statements that belong together: an arm, a body.
pub struct Region {
    opens: Vec<Open>,
    out: Vec<Stmt>,
    /// Is its end reached on some path?
    pub falls: bool,
    /// Where else it leads.
    pub exits: BTreeSet<Target>,
    /// Its value where its end is reached.
    pub value: Value,
}

impl Region {
    /// Without statements?
    pub fn is_empty(&self) -> bool {
        self.opens.is_empty() && self.out.is_empty()
    }

    /// Does it end inside the arms of branches?
    pub fn is_open(&self) -> bool {
        self.falls && !self.opens.is_empty()
    }

    /// Where a statement outside the open arms is.
    pub fn declared_at(&self, f: impl Fn(&Stmt) -> bool) -> Option<usize> {
        if self.opens.is_empty() {
            self.out.iter().position(f)
        } else {
            None
        }
    }

    /// Takes a statement away.
    pub fn remove(&mut self, at: usize) {
        self.out.remove(at);
    }
}

/// Where an exit may lead, innermost last.
pub enum Control {
    /// A target that exits name.
    Exit(Exit),
    /// A loop of the IR: an exit that crosses it ends it.
    Loop { end: Target },
}

/// A target that exits name.
pub struct Exit {
    pub kind: ExitKind,
    pub label: Option<String>,
    pub target: Target,
    /// Where the value goes.
    pub slot: super::slot::SlotId,
}

/// Which exits lead to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitKind {
    Return,
    Break,
    Continue,
    /// Only by label, or only by the compiler.
    Labelled,
}

impl Lower<'_> {
    /// A target that nothing leads to yet.
    pub fn new_target(&mut self) -> Target {
        self.flags.push(None);
        Target(self.flags.len() - 1)
    }

    /// Lowers something into statements of their own.
    pub fn region(&mut self, f: impl FnOnce(&mut Self) -> Value) -> Region {
        let outer = (
            std::mem::take(&mut self.out),
            std::mem::take(&mut self.opens),
            self.dead.take(),
            std::mem::take(&mut self.exits),
        );
        let value = f(self);
        let falls = self.cut();
        let region = Region {
            opens: std::mem::replace(&mut self.opens, outer.1),
            out: std::mem::replace(&mut self.out, outer.0),
            falls,
            exits: std::mem::replace(&mut self.exits, outer.3),
            value,
        };
        self.dead = outer.2;
        region
    }

    /// Adds statements at the end of a region.
    pub fn extend_region(&mut self, region: &mut Region, f: impl FnOnce(&mut Self)) {
        std::mem::swap(&mut self.out, &mut region.out);
        f(self);
        std::mem::swap(&mut self.out, &mut region.out);
    }

    /// Statements that cannot exit.
    pub fn captured<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> (Vec<Stmt>, R) {
        let mut result = None;
        let region = self.region(|lower| {
            result = Some(f(lower));
            Value::Unit
        });
        self.exits.extend(&region.exits);
        let stmts = close(region);
        match result {
            Some(result) => (stmts, result),
            None => unreachable!("a region runs what it is given"),
        }
    }

    /// Drops what stands after an exit. Is the end reached?
    fn cut(&mut self) -> bool {
        let Some((opens, out)) = self.dead.take() else {
            return true;
        };
        if self.opens.len() > opens {
            self.opens.truncate(opens + 1);
            if let Some(open) = self.opens.pop() {
                self.out = open.before;
            }
        }
        self.out.truncate(out);
        false
    }

    /// What follows is not reached.
    pub fn kill(&mut self) {
        if self.dead.is_none() {
            self.dead = Some((self.opens.len(), self.out.len()));
        }
    }

    /// Is what follows not reached?
    pub fn is_dead(&self) -> bool {
        self.dead.is_some()
    }

    /// The statements of a region follow here; what follows it follows inside its open arm.
    pub fn follow(&mut self, region: Region) -> Value {
        let mut opens = region.opens.into_iter();
        match opens.next() {
            None => self.out.extend(region.out),
            Some(mut first) => {
                let mut before = std::mem::take(&mut self.out);
                before.append(&mut first.before);
                self.opens.push(Open { before, ..first });
                self.opens.extend(opens);
                self.out = region.out;
            }
        }
        self.exits.extend(&region.exits);
        if !region.falls {
            self.kill();
        }
        region.value
    }

    /// A branch whose other arm is done: what follows goes into the region's end.
    pub fn open(&mut self, cond: Operand, done: Vec<Stmt>, arm: Arm, region: Region) -> Value {
        let before = std::mem::take(&mut self.out);
        self.opens.push(Open {
            before,
            cond,
            done,
            arm,
        });
        self.follow(region)
    }

    /// What follows runs only if none of these exits was taken.
    pub fn guard(&mut self, exits: &BTreeSet<Target>) {
        if self.is_dead() {
            return;
        }
        let mut cond: Option<Operand> = None;
        for target in exits {
            let flag = self.flag(*target);
            let taken = self.temp(Rhs::Read(Place::var(flag)), Ty::Bool);
            cond = Some(match cond {
                None => taken,
                Some(c) => self.temp(Rhs::Op(crate::ir::Op::Or, vec![c, taken]), Ty::Bool),
            });
        }
        if let Some(cond) = cond {
            let before = std::mem::take(&mut self.out);
            self.opens.push(Open {
                before,
                cond,
                done: Vec::new(),
                arm: Arm::Else,
            });
        }
    }

    /// The flag of a target.
    pub fn flag(&mut self, target: Target) -> VarId {
        if let Some(flag) = self.flags[target.0] {
            return flag;
        }
        let flag = self.fresh("exit", Ty::Bool, VarKind::Mutable);
        self.made.insert(flag);
        self.flags[target.0] = Some(flag);
        flag
    }

    /// The declaration of the flag, if it has one.
    pub fn declare_flag(&mut self, target: Target) {
        if let Some(var) = self.flags[target.0] {
            let rhs = Rhs::Use(boolean(false));
            self.out.push(Stmt::Let { var, rhs });
        }
    }

    fn raise(&mut self, target: Target) {
        let place = Place::var(self.flag(target));
        let value = boolean(true);
        self.out.push(Stmt::Assign { place, value });
    }

    /// Leaves for a target: ends the loops on the way.
    pub fn exit(&mut self, target: Target) {
        let mut crossed = BTreeSet::from([target]);
        for control in self.controls.iter().rev() {
            match control {
                Control::Exit(exit) if exit.target == target => break,
                Control::Loop { end } => {
                    crossed.insert(*end);
                }
                Control::Exit(_) => {}
            }
        }
        for flag in crossed {
            self.raise(flag);
        }
        self.exits.insert(target);
        self.kill();
    }

    /// Two arms meet again.
    pub fn branch(&mut self, cond: Operand, then: Region, els: Region) -> Value {
        match (then.falls, els.falls) {
            (true, true) => self.meet(cond, then, els),
            (false, true) if opens(&then, &els) => {
                self.exits.extend(&then.exits);
                self.open(cond, close(then), Arm::Else, els)
            }
            (true, false) if opens(&els, &then) => {
                self.exits.extend(&els.exits);
                self.open(cond, close(els), Arm::Then, then)
            }
            (false, false) => {
                self.push_if(cond, then, els);
                self.kill();
                Value::Unit
            }
            _ => {
                self.push_if(cond, then, els);
                Value::Unit
            }
        }
    }

    fn meet(&mut self, cond: Operand, mut then: Region, mut els: Region) -> Value {
        let exits: BTreeSet<Target> = then.exits.union(&els.exits).copied().collect();
        let slot = self.join(&mut then, &mut els);
        let stmts = self.captured(|lower| lower.push_if(cond, then, els)).0;
        self.declare_slot(slot, &stmts);
        self.out.extend(stmts);
        self.guard(&exits);
        self.slot_value(slot)
    }

    fn push_if(&mut self, cond: Operand, then: Region, els: Region) {
        self.exits.extend(then.exits.union(&els.exits));
        let (then, els) = (Block::new(close(then)), Block::new(close(els)));
        if !then.stmts.is_empty() || !els.stmts.is_empty() {
            self.out.push(Stmt::If { cond, then, els });
        }
    }
}

/// Does what follows a branch go into the arm that goes on? A mere check (`if bad { panic!() }`) stays by itself.
fn opens(leaves: &Region, goes_on: &Region) -> bool {
    let check = leaves.exits.is_empty() && goes_on.exits.is_empty();
    !check || !matches!(goes_on.value, Value::Unit)
}

/// The statements of a region, its open arms closed.
pub fn close(region: Region) -> Vec<Stmt> {
    let mut inner = region.out;
    for open in region.opens.into_iter().rev() {
        let mut stmts = open.before;
        if !inner.is_empty() || !open.done.is_empty() {
            let (inner, done) = (Block::new(inner), Block::new(open.done));
            let (then, els) = match open.arm {
                Arm::Then => (inner, done),
                Arm::Else => (done, inner),
            };
            let cond = open.cond;
            stmts.push(Stmt::If { cond, then, els });
        }
        inner = stmts;
    }
    inner
}
