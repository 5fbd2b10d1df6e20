//! What fields of differentiated structs hold: options, values of other types, parts that have traits of their own.

use autodiff_runtime::{Differentiable, differentiate};
use tests::checks;

#[derive(Clone, Debug, Differentiable)]
struct Damper {
    rate: Option<f64>,
    stiffness: f64,
    limits: Option<[f64; 2]>,
}

#[differentiate(self)]
impl Damper {
    fn new(stiffness: f64) -> Self {
        Self {
            rate: None,
            stiffness,
            limits: None,
        }
    }

    fn with_rate(mut self, rate: f64) -> Self {
        self.rate = Some(rate * self.stiffness);
        self
    }

    fn force(&self, x: f64, v: f64) -> f64 {
        let damping = self.rate.unwrap_or(0.25) * v;
        let force = -self.stiffness * x - damping;
        match self.limits {
            Some([low, high]) => force.clamp(low, high),
            None => force,
        }
    }

    fn loss(&self) -> f64 {
        let scaled = self.rate.map(|rate| rate * self.stiffness).unwrap_or(1.0);
        if let Some(rate) = &self.rate {
            scaled * rate.sin()
        } else {
            scaled + self.limits.map_or(self.stiffness, |l| l[0] * l[1])
        }
    }

    fn doubled(&self) -> Self {
        Damper {
            rate: Some(self.rate.unwrap_or(self.stiffness) * 2.0),
            limits: Some([-self.stiffness, self.stiffness * 3.0]),
            stiffness: self.stiffness,
        }
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Millimetres(f64);

#[differentiate]
impl From<f64> for Millimetres {
    fn from(metres: f64) -> Self {
        Self(metres * 1e3)
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Segment {
    from: [f64; 2],
    to: [f64; 2],
}

#[differentiate]
impl From<[f64; 4]> for Segment {
    fn from([a, b, c, d]: [f64; 4]) -> Self {
        Segment {
            from: [a, b],
            to: [c, d],
        }
    }
}

#[differentiate(self)]
trait Layer: Differentiable {
    fn apply(&self, x: &[f64]) -> Vec<f64>;
}

#[derive(Clone, Debug, Differentiable)]
struct Scale(f64);

#[differentiate(self)]
impl Layer for Scale {
    fn apply(&self, x: &[f64]) -> Vec<f64> {
        x.iter().map(|x| x * self.0).collect()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Squash {
    at: f64,
}

#[differentiate(self)]
impl Layer for Squash {
    fn apply(&self, x: &[f64]) -> Vec<f64> {
        x.iter().map(|x| (x - self.at).tanh()).collect()
    }
}

/// One after the other: the parts are found by their trait.
#[derive(Clone, Debug, Differentiable)]
struct Chain<A, B>(A, B);

#[differentiate(self)]
impl<A: Layer, B: Layer> Layer for Chain<A, B> {
    fn apply(&self, x: &[f64]) -> Vec<f64> {
        self.1.apply(&self.0.apply(x))
    }
}

checks! {
    no_option: |x| Damper::new(x[0]).force(x[1], x[2]) + Damper::new(x[2]).loss(), [0.71, -0.3, 1.1];
    an_option: |x| {
        let damper = Damper::new(x[0]).with_rate(x[3]);
        damper.force(x[1], x[2]) * damper.loss()
    }, [0.71, -0.3, 1.1, 0.45];
    made_of_fields: |x| {
        let damper = Damper::new(x[0]).doubled();
        damper.force(x[1], x[2]) * damper.loss() + damper.doubled().force(4.0, x[2])
    }, [0.71, -0.3, 1.1, 0.45];
    from_a_float: |x| {
        let length: Millimetres = x[0].into();
        length.0 * 1e-3 * x[1]
    }, [0.71, -0.3];
    from_an_array: |x| {
        let segment: Segment = [x[0], x[1], x[0] * x[1], 2.0].into();
        segment.from[0] * segment.to[0] + segment.to[1] * segment.from[1]
    }, [0.71, -0.3];
    composed: |x| {
        let chain = Chain(Scale(x[0]), Chain(Squash { at: x[1] }, Scale(x[2] * x[0])));
        chain.apply(&x[3..]).iter().map(|y| y * y).sum::<f64>()
    }, [0.71, -0.3, 1.1, 0.45, 0.9];
}
