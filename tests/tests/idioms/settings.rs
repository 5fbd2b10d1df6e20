//! Fields that hold no number, set by methods, and arguments that are made into the parameter's type.

use autodiff_runtime::{Differentiable, differentiate};
use tests::{agree, curvature};

const AT: [&[f64]; 2] = [&[0.3, 0.4, 1.2], &[-0.2, 0.6, 0.7]];
const TABLE: &[f64] = &[0.3, 0.2, 0.1];
const PAIR: [f64; 2] = [0.3, 0.2];

#[derive(Clone, Copy, PartialEq, Debug)]
enum Frequency {
    Annual = 1,
    Quarterly = 4,
}

#[derive(Clone, Debug)]
struct Tolerance {
    eps: f64,
    most: usize,
}

#[derive(Clone, Debug, Differentiable)]
struct Bond {
    face: f64,
    rate: Option<f64>,
    frequency: Frequency,
    periods: Option<usize>,
    label: Option<String>,
    #[constant]
    tolerance: Tolerance,
    #[constant]
    scale: f64,
}

#[differentiate(order = 2)]
impl Bond {
    fn new(face: impl Into<f64>, label: impl Into<String>) -> Self {
        Self {
            face: face.into(),
            rate: None,
            frequency: Frequency::Annual,
            periods: None,
            label: Some(label.into()),
            tolerance: Tolerance { eps: 0.0, most: 1 },
            scale: 1.0,
        }
    }

    fn frequency(mut self, frequency: Frequency) -> Self {
        self.frequency = frequency;
        self
    }

    fn rate(mut self, rate: f64) -> Self {
        self.rate = Some(rate);
        self
    }

    fn periods(mut self, periods: usize) -> Self {
        self.periods = Some(periods);
        self
    }

    fn label(mut self, label: &str) -> Self {
        self.label = Some(label.to_string());
        self
    }

    fn tolerance(mut self, #[constant] tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    fn reset(&mut self, frequency: Frequency, #[constant] scale: f64) {
        self.face *= self.face;
        self.frequency = frequency;
        self.periods = None;
        self.scale = scale;
    }

    fn price(&self) -> f64 {
        let n = self.periods.unwrap_or(2) * self.frequency as usize;
        let named = self.label.as_ref().map_or(0, String::len) as f64;
        let rate = self.rate.unwrap_or(self.tolerance.eps);
        let growth = (1..=n + self.tolerance.most).map(|k| (-rate * k as f64).exp());
        self.scale * self.face * growth.sum::<f64>() + named * rate
    }

    fn weighted(&self, table: &[f64]) -> f64 {
        self.face * table.iter().sum::<f64>()
    }

    fn by_name(&self, name: &str) -> Result<f64, String> {
        match name {
            "face" => Ok(self.face * self.face),
            "price" => Ok(self.price()),
            other => Err(format!("no {other}")),
        }
    }
}

#[differentiate(order = 2)]
fn settings(x: &[f64]) -> f64 {
    let tolerance = Tolerance { eps: 0.1, most: 2 };
    let bond = Bond::new(x[0], "bond").rate(x[1]).periods(3).label("b");
    let quarterly = bond
        .clone()
        .frequency(Frequency::Quarterly)
        .tolerance(tolerance);
    let mut other = Bond::new(2, String::from("other")).rate(x[2]);
    other.reset(Frequency::Quarterly, 0.5);
    bond.price() * quarterly.price() + other.price() * x[0]
}

#[differentiate(order = 2)]
fn by_names(x: &[f64]) -> f64 {
    let name = if x[1] > 0.5 { "face" } else { "price" };
    let bond = Bond::new(x[0], name).rate(x[1]);
    let found = bond.by_name("face").unwrap() * bond.by_name("price").unwrap();
    let chosen = bond.by_name(name).unwrap_or(x[2]) + bond.by_name("nothing").unwrap_or(x[2]);
    found * bond.weighted(TABLE) + chosen * bond.weighted(&PAIR)
}

#[test]
fn what_holds_no_number_is_set() {
    agree!(settings at &AT);
    curvature!(settings at &AT);
}

#[test]
fn texts_and_tables_are_handed_to_methods() {
    agree!(by_names at &AT);
    curvature!(by_names at &AT);
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Radians<T>(T);

#[derive(Clone, Copy, Debug, Differentiable)]
struct Degrees<T>(T);

#[differentiate]
impl From<Degrees<f64>> for Radians<f64> {
    fn from(angle: Degrees<f64>) -> Self {
        Radians(angle.0.to_radians())
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Turn {
    angle: f64,
}

#[differentiate]
impl Turn {
    fn new(angle: impl Into<Radians<f64>>) -> Self {
        let angle = angle.into();
        Self { angle: angle.0 }
    }

    fn by(&self, angle: impl Into<Radians<f64>>) -> Self {
        let angle: Radians<f64> = angle.into();
        Self {
            angle: self.angle + angle.0,
        }
    }
}

#[differentiate]
fn cosine<A: Into<Radians<f64>>>(angle: A) -> f64 {
    angle.into().0.cos()
}

/// Of the type itself, and of one that is converted.
#[differentiate]
fn angles(x: &[f64]) -> f64 {
    let (degrees, radians) = (Degrees(40.0 * x[0]), Radians(x[1]));
    let turned = Turn::new(degrees).by(radians).by(Degrees(30.0 * x[2]));
    cosine(degrees) * cosine(radians)
        + turned.angle * cosine(Degrees(x[2])) * Turn::new(radians).angle
}

#[test]
fn values_are_made_into_the_type_of_a_parameter() {
    agree!(angles at &AT);
}
