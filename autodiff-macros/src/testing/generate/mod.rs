//! Random programs of the IR, as lowering would make them from a user's function.
//!
//! Every run of one gives a value: indices fit, nothing is used after it was moved or while it is borrowed, numbers stay tame. The functions
//! of a module may call those before them.

mod calls;
mod control;
mod lists;
pub mod random;
mod scalars;
pub mod shape;
mod writer;

use crate::ir::{Aggregate, Block, Function, Param, ParamMode, Rhs, Ty, VarKind};
use random::Random;
use shape::{Parameter, Shape, Signature};
use writer::Writer;

/// Writes the next function of a module.
pub fn function(random: &mut Random, callees: &[Signature]) -> (Function, Signature) {
    let name = format!("f{}", callees.len());
    let params = parameters(random);
    let mut writer = Writer::new(random, &name, callees);
    for param in &params {
        writer.param(param);
    }
    let large = writer.random.chance(2);
    writer.budget = 3 + writer.random.below(if large { 30 } else { 12 });
    writer.statements(3);
    while writer.budget > 4 {
        writer.statements(2);
    }
    let output = params
        .iter()
        .any(|p| p.mode == ParamMode::RefMut && p.active);
    let result = writer.finish(output);
    let mut function = writer.function;
    function.body = Block::new(writer.out);
    let signature = Signature {
        name,
        params,
        result,
    };
    (function, signature)
}

fn parameters(random: &mut Random) -> Vec<Parameter> {
    let n = 1 + random.below(4);
    let mut all: Vec<Parameter> = (0..n).map(|_| parameter(random)).collect();
    if !all.iter().any(|p| p.active) {
        all.push(Parameter {
            shape: Shape::Slice(Box::new(Shape::Real)),
            mode: ParamMode::Ref,
            active: true,
        });
    }
    all
}

fn parameter(random: &mut Random) -> Parameter {
    let slice = |of| Shape::Slice(Box::new(of));
    let (shape, mode) = match random.below(25) {
        0..=3 => (Shape::Real, ParamMode::Value),
        4..=8 => (slice(Shape::Real), ParamMode::Ref),
        9..=11 => (slice(Shape::Real), ParamMode::RefMut),
        12 | 13 => (Shape::vec(), ParamMode::Value),
        14 => (Shape::vec(), ParamMode::RefMut),
        15 => (Shape::Real, ParamMode::RefMut),
        16 => (Shape::Array(Box::new(Shape::Real), 3), ParamMode::Value),
        17 => (slice(Shape::vec()), ParamMode::Ref),
        18 => (slice(Shape::vec()), ParamMode::RefMut),
        19 => (
            Shape::Tuple(vec![Shape::Real, Shape::vec()]),
            ParamMode::Value,
        ),
        20 => (
            Shape::Tuple(vec![Shape::Real, Shape::Real]),
            ParamMode::Value,
        ),
        21 => (Shape::Int, ParamMode::Value),
        22 => (slice(Shape::Int), ParamMode::Ref),
        23 => (slice(Shape::Int), ParamMode::RefMut),
        _ => (Shape::Vec(Box::new(Shape::vec())), ParamMode::Value),
    };
    let active = shape.is_real() && !random.chance(10);
    Parameter {
        shape,
        mode,
        active,
    }
}

impl Writer<'_> {
    fn param(&mut self, param: &Parameter) {
        let (ty, prefix) = match param.mode {
            ParamMode::Value => (param.shape.ty(), ""),
            ParamMode::Ref => (Ty::Ref(false, Box::new(param.shape.ty())), "&"),
            ParamMode::RefMut => (Ty::Ref(true, Box::new(param.shape.ty())), "&mut "),
        };
        let by_value = param.mode == ParamMode::Value;
        let kind = if by_value && self.random.chance(35) {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let var = self.var("p", ty, kind);
        let text = format!("{prefix}{}", param.shape.text());
        let Ok(ty) = syn::parse_str(&text) else {
            return;
        };
        self.function.params.push(Param {
            var,
            ty,
            mode: param.mode,
            active: param.active,
            function: None,
        });
        let mut known = self.describe(var, &param.shape);
        known.reference = !by_value;
        known.mutable |= param.mode == ParamMode::RefMut;
        known.least = known.least.max(2);
        self.known.push(known);
    }

    /// Makes the result.
    fn finish(&mut self, output: bool) -> Option<Shape> {
        let kind = self.random.below(10);
        if kind == 0 && output {
            return None;
        }
        if kind < 7 {
            let value = self.summary();
            let value = self.damped(value, 60.0);
            self.function.result = Some(value);
            return Some(Shape::Real);
        }
        let (value, shape) = if kind == 7 {
            (self.owned_vec(), Shape::vec())
        } else {
            let first = self.summary();
            let first = self.damped(first, 60.0);
            let (second, of) = match self.random.chance(50) {
                true => (Some(self.summary()), Shape::Real),
                false => {
                    let at = self.owned_vec();
                    (at.and_then(|at| self.given(at)), Shape::vec())
                }
            };
            let parts = second.map(|s| vec![first, s]);
            let shape = Shape::Tuple(vec![Shape::Real, of]);
            let bind = |p| self.bind(&shape, false, Rhs::Aggregate(Aggregate::Tuple, p));
            (parts.map(bind), shape)
        };
        let value = value.and_then(|at| self.given(at));
        let result = value.is_some().then_some(shape);
        self.function.result = value;
        result
    }
}
