//! Methods that take their receiver by value, where another type has methods of their names that take it by reference: which one is meant the type of the
//! receiver tells, as signatures give it.

mod springs;

use autodiff_runtime::{Differentiable, differentiate};
use springs::Builder;
use tests::agree;

const AT: [&[f64]; 2] = [&[0.7, 0.2, 1.3], &[1.4, 0.6, -0.4]];

#[differentiate]
fn chained(x: &[f64]) -> f64 {
    let spring = Builder::start()
        .rate(x[0])
        .damping(x[1])
        .load(x[2])
        .steps(7);
    spring.build().end(1.0)
}

/// Variables that are bound anew, and the built value beside.
#[differentiate]
fn step_by_step(x: &[f64]) -> f64 {
    let spring = Builder::start().rate(x[0]);
    let spring = spring.damping(x[1] * x[0]);
    let spring = spring.stiff(x[2].abs()).build();
    spring.end(spring.rate()) + spring.damping(x[0]) * spring.load(0)
}

/// A variable that is assigned what its own methods give, in branches and loops; what was cloned before holds its old value.
#[differentiate]
fn assigned(x: &[f64]) -> f64 {
    let mut builder = Builder::start();
    let first = builder.clone().load(x[2]);
    if x[0] > 1.0 {
        builder = builder.rate(x[0] * x[0]);
    }
    for (k, &load) in x.iter().enumerate() {
        builder = builder.load(load * k as f64).rate(1.0 + 0.1 * load);
    }
    let (a, b) = (first.build(), builder.build());
    a.end(b.rate()) * b.end(a.rate() + x[1]) + a.load(0)
}

/// Arguments are evaluated in order, after the calls before them.
#[differentiate]
fn in_order(x: &[f64]) -> f64 {
    let mut k = x[0];
    let mut next = || {
        k *= x[1];
        k
    };
    let spring = Builder::start().rate(next()).load(next()).damping(next());
    spring.build().end(1.0) + k
}

/// The methods of both are members of one enum and of a type in the same file.
#[derive(Clone, Debug, Differentiable)]
enum Plan {
    Empty,
    Sum(Vec<f64>),
}

#[derive(Clone, Debug, Differentiable)]
struct Sheet {
    add: f64,
}

#[differentiate]
impl Plan {
    fn add(self, x: f64) -> Plan {
        match self {
            Plan::Empty => Plan::Sum(vec![x]),
            Plan::Sum(mut all) => {
                all.push(x * all[0]);
                Plan::Sum(all)
            }
        }
    }

    fn finish(self) -> Sheet {
        let add = match &self {
            Plan::Empty => 0.0,
            Plan::Sum(all) => all.iter().sum(),
        };
        Sheet { add }
    }
}

#[differentiate]
impl Sheet {
    fn add(&self, x: f64) -> f64 {
        self.add * x
    }
}

#[differentiate]
fn variants(x: &[f64]) -> f64 {
    let plan: Plan = Plan::Empty;
    let none = plan.clone().finish();
    let sheet = plan.add(x[0]).add(x[1]).add(x[2]).finish();
    sheet.add(x[1]) + sheet.add(x[0]) * none.add(x[2])
}

#[test]
fn taken() {
    agree!(chained at &AT);
    agree!(step_by_step at &AT);
    agree!(assigned at &AT);
    agree!(in_order at &AT);
    agree!(variants at &AT);
}
