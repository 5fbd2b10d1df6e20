//! The variables of a function that runs: scopes, places, moves and borrows. Whatever rustc would refuse in the generated code and can be
//! seen at run time is an error here: a variable out of scope, unset or moved away, a second value for a variable that is not mutable, a
//! view of something that was written since.

use super::number::Number;
use super::value::{Alias, Hole, Kind, Run, Step, Value};
use super::{Library, constant};
use crate::ir::{Function, Operand, Place, Proj, VarId, VarKind};

/// A variable.
#[derive(Clone, PartialEq, Debug)]
pub struct Slot<N> {
    /// What it holds; what it refers to, if it is a reference that was passed.
    pub value: Value<N>,
    /// Was a reference passed, and is it `&mut`?
    pub reference: Option<bool>,
    version: u32,
}

/// A function that runs.
pub struct Frame<'a, N> {
    /// The functions that it may call.
    pub library: &'a Library,
    /// Itself.
    pub function: &'a Function,
    slots: Vec<Slot<N>>,
    /// Variables in scope, the innermost last.
    scope: Vec<VarId>,
    /// How many more steps it may take.
    pub fuel: u32,
}

/// A place that was found.
#[derive(Clone, Debug)]
pub struct Located {
    /// The variable that holds it.
    pub root: VarId,
    /// The path.
    pub path: Vec<Step>,
    /// The view that it was reached through, and whether that may write.
    via: Option<(VarId, bool)>,
}

/// The memory of a place.
pub enum Target<'v, N> {
    /// A value.
    One(&'v mut Value<N>),
    /// Some elements of a list.
    Part(&'v mut [Value<N>]),
}

impl<'a, N: Number> Frame<'a, N> {
    /// A frame in which nothing is declared.
    pub fn new(library: &'a Library, function: &'a Function) -> Self {
        let slot = Slot {
            value: Value::Hole(Hole::Undeclared),
            reference: None,
            version: 0,
        };
        Self {
            library,
            function,
            slots: vec![slot; function.vars.len()],
            scope: Vec::new(),
            fuel: 1_000_000,
        }
    }

    /// Whatever a variable holds.
    pub fn holds(&mut self, var: VarId) -> &mut Value<N> {
        &mut self.slot_mut(var).value
    }

    /// The name of a variable.
    pub fn name(&self, var: VarId) -> String {
        self.function.var(var).ident.to_string()
    }

    fn slot(&self, var: VarId) -> &Slot<N> {
        &self.slots[var.0 as usize]
    }

    fn slot_mut(&mut self, var: VarId) -> &mut Slot<N> {
        &mut self.slots[var.0 as usize]
    }

    /// Declares a variable.
    pub fn declare(&mut self, var: VarId, value: Value<N>, reference: Option<bool>) -> Run<()> {
        if !matches!(self.slot(var).value, Value::Hole(Hole::Undeclared)) {
            return Err(format!("`{}` is declared twice", self.name(var)));
        }
        self.scope.push(var);
        let slot = self.slot_mut(var);
        slot.value = value;
        slot.reference = reference;
        slot.version += 1;
        Ok(())
    }

    /// Where the scope stands, to be given to [`Frame::leave`].
    pub fn enter(&self) -> usize {
        self.scope.len()
    }

    /// Ends the scope of all that was declared since.
    pub fn leave(&mut self, mark: usize) {
        for var in self.scope.split_off(mark) {
            self.slot_mut(var).value = Value::Hole(Hole::Undeclared);
        }
    }

    /// What a closure takes with it: nothing if the variable is not in scope.
    pub fn capture(&mut self, var: VarId) -> Run<Option<Slot<N>>> {
        if matches!(self.slot(var).value, Value::Hole(Hole::Undeclared)) {
            return Ok(None);
        }
        if matches!(self.slot(var).value, Value::Alias(_)) {
            return Err(format!(
                "the pullback captures the view `{}`",
                self.name(var)
            ));
        }
        let moved = Value::Hole(Hole::Moved);
        let slot = self.slot_mut(var);
        let kept = slot.clone();
        if !slot.value.is_copy() {
            slot.value = moved;
        }
        Ok(Some(kept))
    }

    /// Takes the contents of a reference or a variable at the end.
    pub fn contents(&mut self, var: VarId) -> Value<N> {
        let moved = Value::Hole(Hole::Moved);
        std::mem::replace(&mut self.slot_mut(var).value, moved)
    }

    /// Binds a captured variable.
    pub fn bind_captured(&mut self, var: VarId, slot: Slot<N>) -> Run<()> {
        self.declare(var, slot.value, slot.reference)
    }

    /// The value of an operand, moved out of it if it is no `Copy` value.
    pub fn take(&mut self, operand: &Operand) -> Run<Value<N>> {
        let var = match operand {
            Operand::Const(c) => return constant(&c.expr),
            Operand::Var(var) => *var,
        };
        let value = &self.readable(var)?.value;
        if value.is_copy() {
            return Ok(value.clone());
        }
        let slot = self.slot_mut(var);
        slot.version += 1;
        Ok(std::mem::replace(&mut slot.value, Value::Hole(Hole::Moved)))
    }

    /// The value of an operand that is only looked at.
    pub fn peek(&self, operand: &Operand) -> Run<Value<N>> {
        match operand {
            Operand::Const(c) => constant(&c.expr),
            Operand::Var(var) => Ok(self.readable(*var)?.value.clone()),
        }
    }

    fn readable(&self, var: VarId) -> Run<&Slot<N>> {
        let slot = self.slot(var);
        if slot.reference.is_some() {
            return Err(format!(
                "the reference `{}` used as a value",
                self.name(var)
            ));
        }
        if let Value::Hole(hole) = slot.value {
            return Err(format!("`{}` is used but {hole:?}", self.name(var)));
        }
        if !slot.value.is_whole() {
            return Err(format!("`{}` is used but moved in part", self.name(var)));
        }
        Ok(slot)
    }

    /// An index.
    pub fn index(&self, operand: &Operand) -> Run<usize> {
        self.peek(operand)?.as_index()
    }

    /// Evaluates a place.
    pub fn locate(&self, place: &Place) -> Run<Located> {
        let slot = self.slot(place.root);
        let deref = matches!(place.path.first(), Some(Proj::Deref));
        let rest = &place.path[usize::from(deref)..];
        let mut found = match &slot.value {
            Value::Alias(alias) => self.behind(place.root, alias)?,
            _ => Located {
                root: place.root,
                path: Vec::new(),
                via: None,
            },
        };
        let is_reference = found.via.is_some() || slot.reference.is_some();
        if is_reference != deref {
            let what = if deref {
                "dereferenced"
            } else {
                "used as a place"
            };
            return Err(format!("`{}` {what}", self.name(place.root)));
        }
        for proj in rest {
            self.step(&mut found, proj)?;
        }
        Ok(found)
    }

    fn behind(&self, view: VarId, alias: &Alias) -> Run<Located> {
        let root = self.slot(alias.root);
        if root.version != alias.version {
            let (view, root) = (self.name(view), self.name(alias.root));
            return Err(format!("the view `{view}` of `{root}`, written since"));
        }
        Ok(Located {
            root: alias.root,
            path: alias.path.clone(),
            via: Some((view, alias.mutable)),
        })
    }

    fn step(&self, found: &mut Located, proj: &Proj) -> Run<()> {
        match proj {
            Proj::Deref => return Err(format!("`{}`: second *", self.name(found.root))),
            Proj::Field(syn::Member::Unnamed(k)) => {
                found.path.push(Step::Field(k.index as usize));
            }
            Proj::Field(name) => return Err(format!("field {name:?}")),
            Proj::Wrapped => found.path.push(Step::Payload),
            Proj::Failure => return Err("the error of a `Result`".to_owned()),
            Proj::Payload(_) => return Err("the interpreter knows no enums".to_owned()),
            Proj::Entry(_) | Proj::Inside(_) => {
                return Err("the interpreter knows no structs".to_owned());
            }
            Proj::Index(i) => {
                let i = self.index(i)?;
                self.bounds(found, i, i + 1)?;
                match found.path.pop() {
                    Some(Step::Range(lo, _)) => found.path.push(Step::Index(lo + i)),
                    Some(Step::Records(lo, _, size)) => {
                        let start = lo + i * size;
                        found.path.push(Step::Range(start, start + size));
                    }
                    other => {
                        found.path.extend(other);
                        found.path.push(Step::Index(i));
                    }
                }
            }
            Proj::Records(size) => match found.path.pop() {
                Some(Step::Range(lo, hi)) => {
                    found.path.push(Step::Records(lo, (hi - lo) / size, *size));
                }
                _ => return Err("records of what is no part".to_owned()),
            },
            Proj::Range { lo, hi } => {
                let len = self.len(found)?;
                let lo = lo.as_ref().map_or(Ok(0), |o| self.index(o))?;
                let hi = hi.as_ref().map_or(Ok(len), |o| self.index(o))?;
                self.bounds(found, lo, hi)?;
                match found.path.pop() {
                    Some(Step::Range(start, _)) => {
                        found.path.push(Step::Range(start + lo, start + hi));
                    }
                    Some(Step::Records(start, _, size)) => {
                        let start = start + lo * size;
                        found.path.push(Step::Records(start, hi - lo, size));
                    }
                    other => {
                        found.path.extend(other);
                        found.path.push(Step::Range(lo, hi));
                    }
                }
            }
        }
        Ok(())
    }

    fn bounds(&self, found: &Located, lo: usize, hi: usize) -> Run<()> {
        let len = self.len(found)?;
        if lo > hi || hi > len {
            let name = self.name(found.root);
            return Err(format!("{lo}..{hi} of `{name}`, which has length {len}"));
        }
        Ok(())
    }

    /// The length of the list at a place.
    pub fn len(&self, found: &Located) -> Run<usize> {
        if let Some(Step::Range(lo, hi)) = found.path.last() {
            return Ok(hi - lo);
        }
        if let Some(Step::Records(_, count, _)) = found.path.last() {
            return Ok(*count);
        }
        match self.at(found)? {
            Value::List(_, items) => Ok(items.len()),
            other => Err(format!("`{}` is {other:?}, no list", self.name(found.root))),
        }
    }

    /// The value at a place that does not end with a range.
    fn at(&self, found: &Located) -> Run<&Value<N>> {
        let mut value = &self.slot(found.root).value;
        for step in &found.path {
            value = match (step, value) {
                (Step::Field(k), Value::Tuple(parts)) => parts.get(*k),
                (Step::Index(k), Value::List(_, parts)) => parts.get(*k),
                (Step::Payload, Value::List(Kind::Option, parts)) => parts.first(),
                _ => None,
            }
            .ok_or_else(|| self.no_path(found))?;
        }
        match value {
            Value::Hole(hole) => Err(format!("`{}` is used but {hole:?}", self.name(found.root))),
            value => Ok(value),
        }
    }

    fn no_path(&self, found: &Located) -> String {
        format!("no {:?} in `{}`", found.path, self.name(found.root))
    }

    /// A copy of what a place holds.
    pub fn read(&self, found: &Located) -> Run<Value<N>> {
        if let Some((Step::Records(lo, count, size), path)) = found.path.split_last() {
            let part = Step::Range(*lo, lo + count * size);
            let path = [path, &[part]].concat();
            return self.read(&Located {
                path,
                ..found.clone()
            });
        }
        let value = match found.path.split_last() {
            Some((Step::Range(lo, hi), path)) => {
                let list = Located {
                    path: path.to_vec(),
                    ..found.clone()
                };
                match self.at(&list)? {
                    Value::List(_, items) => Value::List(Kind::Slice, items[*lo..*hi].to_vec()),
                    _ => return Err(self.no_path(found)),
                }
            }
            _ => self.at(found)?.clone(),
        };
        if value.is_whole() {
            Ok(value)
        } else {
            Err(format!("`{}` is moved in part", self.name(found.root)))
        }
    }

    /// The value of a place as an expression: a copy, or a move out of it.
    pub fn take_place(&mut self, place: &Place) -> Run<Value<N>> {
        let found = self.locate(place)?;
        let value = self.read(&found)?;
        if value.is_copy() {
            return Ok(value);
        }
        let fields = found
            .path
            .iter()
            .all(|s| matches!(s, Step::Field(_) | Step::Payload));
        let reference = found.via.is_some() || self.slot(found.root).reference.is_some();
        if !fields || reference {
            return Err(format!(
                "a move out of a part of `{}`",
                self.name(found.root)
            ));
        }
        self.slot_mut(found.root).version += 1;
        match self.memory(&found)? {
            Target::One(value) => Ok(std::mem::replace(value, Value::Hole(Hole::Moved))),
            Target::Part(_) => Err("a move out of a slice".to_owned()),
        }
    }

    /// The memory of a place that is written.
    pub fn target(&mut self, found: &Located) -> Run<Target<'_, N>> {
        let writable = match (found.via, self.slot(found.root).reference) {
            (Some((_, mutable)), _) | (None, Some(mutable)) => mutable,
            _ => {
                let mutable = matches!(self.function.var(found.root).kind, VarKind::Mutable);
                let unset = matches!(self.slot(found.root).value, Value::Hole(Hole::Unset));
                mutable || unset && found.path.is_empty()
            }
        };
        if !writable {
            return Err(format!(
                "`{}` is written but not mutable",
                self.name(found.root)
            ));
        }
        self.slot_mut(found.root).version += 1;
        let version = self.slot(found.root).version;
        let via = found.via.map(|(view, _)| &mut self.slot_mut(view).value);
        if let Some(Value::Alias(alias)) = via {
            alias.version = version;
        }
        self.memory(found)
    }

    /// The memory of a whole value that is written and was there.
    pub fn existing(&mut self, place: &Place) -> Run<&mut Value<N>> {
        let found = self.locate(place)?;
        let name = self.name(found.root);
        match self.target(&found)? {
            Target::One(Value::Hole(hole)) => Err(format!("`{name}` is changed but {hole:?}")),
            Target::One(value) => Ok(value),
            Target::Part(_) => Err(format!("a slice of `{name}` used as a whole")),
        }
    }

    fn memory(&mut self, found: &Located) -> Run<Target<'_, N>> {
        let missing = self.no_path(found);
        let mut value = &mut self.slot_mut(found.root).value;
        for step in &found.path {
            value = match (step, value) {
                (Step::Field(k), Value::Tuple(parts)) => parts.get_mut(*k),
                (Step::Index(k), Value::List(_, parts)) => parts.get_mut(*k),
                (Step::Payload, Value::List(Kind::Option, parts)) => parts.first_mut(),
                (Step::Range(lo, hi), Value::List(_, parts)) => {
                    return parts.get_mut(*lo..*hi).map(Target::Part).ok_or(missing);
                }
                _ => None,
            }
            .ok_or_else(|| missing.clone())?;
        }
        match value {
            Value::List(Kind::Slice, parts) => Ok(Target::Part(parts)),
            value => Ok(Target::One(value)),
        }
    }

    /// A reference to a place.
    pub fn alias(&self, place: &Place, mutable: bool) -> Run<Value<N>> {
        let found = self.locate(place)?;
        self.read(&found)?;
        let version = self.slot(found.root).version;
        Ok(Value::Alias(Alias {
            root: found.root,
            path: found.path,
            mutable,
            version,
        }))
    }
}
