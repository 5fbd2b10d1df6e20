//! Second order: the forward mode of the reverse mode against the reverse mode run on dual numbers.

use super::check::{ILL_CONDITIONED, Inputs, close, numbers, same_values};
use super::generate::random::Random;
use super::interp::number::{Dual, Number};
use super::interp::value::{Run, Value};
use super::interp::{
    Finished, Library, Reverse, run_forward, run_reverse, run_second_forward, run_second_reverse,
};
use crate::ir::ParamMode;
use crate::transform::adjoint::Adjoint;
use crate::transform::forward::second::Second;

/// Values and tangents of both parts against those that dual numbers give.
pub fn check_second(
    library: &Library,
    (adjoint, second): (&Adjoint, &Second),
    inputs: &Inputs,
    random: &mut Random,
) -> Run<()> {
    let (value, pullback) = run_forward(library, adjoint, inputs.duals())?;
    let (args, tangents) = (inputs.args.clone(), inputs.tangents.clone());
    let (first, slope, recorded) = run_second_forward(library, second, args, tangents)?;
    same_values(&adjoint.function, &plain(&value), &first)?;
    compare("the result", &slope.result, &value.result)?;
    let given = Given::random(adjoint, inputs, &value, &slope, random)?;
    let bars = run_reverse(library, adjoint, pullback, given.duals(&value))?;
    if !bars.iter().flat_map(numbers).all(is_tame) {
        return Ok(());
    }
    let Given { values, dots } = given;
    let [slots, slot_dots] = run_second_reverse(library, second, recorded, values, dots)?;
    let params = adjoint.function.params.iter().enumerate();
    for (k, _) in params.filter(|(_, p)| p.active) {
        let what = format!("the adjoint of parameter {k}");
        compare(&what, &slot_dots[k], &bars[k])?;
        // Not to the last bit: what is emitted for the first order adds up in another order.
        let (expected, values) = (numbers(&bars[k]), numbers(&slots[k]));
        let near = |(d, v): (&Dual, &f64)| close(d.value, *v, d.scale.max(d.value.abs()));
        let same = expected.len() == values.len() && expected.iter().zip(&values).all(near);
        if !same {
            return Err(format!("{what} is {:?}, not {:?}", slots[k], bars[k]));
        }
    }
    Ok(())
}

fn is_tame(d: Dual) -> bool {
    d.value.is_finite() && d.slope.is_finite() && d.scale < ILL_CONDITIONED
}

fn plain(run: &Finished<Dual>) -> Finished<f64> {
    let value = |v: &Value<Dual>| v.map(&mut |d: Dual| d.value);
    Finished {
        result: value(&run.result),
        params: run.params.iter().map(value).collect(),
    }
}

/// What the reverse part is given, and its tangents.
struct Given {
    values: Reverse<f64>,
    dots: Reverse<f64>,
}

impl Given {
    fn random(
        adjoint: &Adjoint,
        inputs: &Inputs,
        value: &Finished<Dual>,
        slope: &Finished<f64>,
        random: &mut Random,
    ) -> Run<Self> {
        let plain = plain(value);
        let mut like = |value: &Value<f64>| -> Run<Value<f64>> {
            Ok(value.zero()?.map(&mut |_| random.real()))
        };
        let shapes = |k: usize| match adjoint.function.params[k].mode {
            ParamMode::RefMut => &plain.params[k],
            _ => &inputs.args[k],
        };
        let mut given = |references: Vec<Value<f64>>| -> Run<Reverse<f64>> {
            let slots = (0..inputs.args.len()).map(|k| like(shapes(k)));
            Ok(Reverse {
                slots: slots.collect::<Run<_>>()?,
                cotangent: like(&plain.result)?,
                references,
            })
        };
        Ok(Self {
            values: given(plain.params.clone())?,
            dots: given(slope.params.clone())?,
        })
    }

    /// The same as duals. What is passed again is what the run on duals left.
    fn duals(&self, value: &Finished<Dual>) -> Reverse<Dual> {
        let pairs = self.values.slots.iter().zip(&self.dots.slots);
        Reverse {
            references: value.params.clone(),
            cotangent: dual(&self.values.cotangent, &self.dots.cotangent),
            slots: pairs.map(|(value, dot)| dual(value, dot)).collect(),
        }
    }
}

fn dual(value: &Value<f64>, dot: &Value<f64>) -> Value<Dual> {
    let mut slopes = numbers(dot).into_iter();
    value.map(&mut |value| Dual {
        slope: slopes.next().unwrap_or(0.0),
        scale: 1.0,
        ..Dual::lift(value)
    })
}

fn compare(what: &str, tangent: &Value<f64>, duals: &Value<Dual>) -> Run<()> {
    let (slopes, duals) = (numbers(tangent), numbers(duals));
    let mut pairs = slopes.iter().zip(&duals);
    if slopes.len() == duals.len() && pairs.all(|(a, d)| close(*a, d.slope, d.scale)) {
        return Ok(());
    }
    let duals: Vec<f64> = duals.iter().map(|d| d.slope).collect();
    Err(format!(
        "the tangent of {what} is {slopes:?}, by duals {duals:?}"
    ))
}
