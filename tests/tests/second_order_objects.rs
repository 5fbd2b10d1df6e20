//! Second derivatives of methods, of functions that call them, of structs, and of what may have no value.

use autodiff_runtime::check::check_hessian;
use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::{DMatrix, DVector, dmatrix};

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Spring {
    stiffness: f64,
    rest: f64,
}

#[differentiate(self, order = 2)]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.stiffness * (x - self.rest).powi(2)
    }

    fn worn(mut self, n: usize, load: f64) -> f64 {
        for _ in 0..n {
            self.stiffness *= (-load * self.rest).exp();
        }
        self.stiffness.sin() + load
    }

    fn stretch(&mut self, by: f64) -> f64 {
        self.rest *= by;
        self.stiffness += by * self.rest;
        self.rest * self.stiffness
    }

    fn of_length(rest: f64) -> Self {
        Self {
            stiffness: rest.recip(),
            rest,
        }
    }
}

const SPRING: Spring = Spring {
    stiffness: 2.0,
    rest: 1.0,
};

#[test]
fn of_methods() {
    // 1/2 k (x - r)^2
    let expected = dmatrix![0.0, -3.0, 3.0; -3.0, 2.0, -2.0; 3.0, -2.0, 2.0];
    assert_eq!(SPRING.energy_hessian(4.0), expected);
    let tangent = SpringTangent {
        stiffness: 1.0,
        rest: 0.0,
    };
    let (by_self, by_x) = SPRING.energy_hvp(4.0, &tangent, 2.0);
    assert_eq!((by_self.stiffness, by_self.rest, by_x), (6.0, -7.0, 7.0));
    let worn = |x: &[f64; 3]| {
        let (s, by_load) = Spring {
            stiffness: x[0],
            rest: x[1],
        }
        .worn_grad(3, x[2]);
        [s.stiffness, s.rest, by_load]
    };
    let hessian = SPRING.worn_hessian(3, 0.2);
    check_hessian(worn, &hessian, &[2.0, 1.0, 0.2]).assert_below(1e-8);
    let stretched = |x: &[f64; 3]| {
        let (s, by) = Spring {
            stiffness: x[0],
            rest: x[1],
        }
        .stretch_grad(x[2]);
        [s.stiffness, s.rest, by]
    };
    let hessian = SPRING.clone().stretch_hessian(1.5);
    check_hessian(stretched, &hessian, &[2.0, 1.0, 1.5]).assert_below(1e-8);
    assert_eq!(Spring::of_length_hessian(2.0)[0], dmatrix![0.25]);
}

/// Receivers that depend on the parameters, borrowed, changed, given away and constant; by path and by name.
#[differentiate(order = 2)]
fn chain(x: &[f64]) -> f64 {
    let mut spring = Spring::of_length(x[0] * x[1]);
    let constant = Spring {
        stiffness: 3.0,
        rest: 0.5,
    };
    let mut sum = constant.energy(x[2]) * Spring::energy(&spring, x[1]);
    for v in x {
        sum += spring.stretch(*v) * constant.worn(2, v * v);
    }
    sum + spring.worn(2, sum) + spring.energy(x[0])
}

fn check(grad: impl Fn(&Vec<f64>) -> Vec<f64>, hessian: &DMatrix<f64>, x: &[f64]) {
    check_hessian(grad, hessian, &x.to_vec()).assert_below(1e-7);
    let difference = (hessian - hessian.transpose()).amax();
    assert!(difference <= 1e-13 * (1.0 + hessian.amax()), "{hessian}");
}

#[test]
fn of_functions_that_call_methods() {
    let x = [0.6, 1.1, 0.8];
    let hessian = chain::hessian(&x);
    check(|x| chain::grad(x), &hessian, &x);
    let v = [0.3, -1.0, 0.4];
    let product = hessian * DVector::from_column_slice(&v);
    let hvp = DVector::from_vec(chain::hvp(&x, &v));
    assert!((product - &hvp).amax() < 1e-13 * (1.0 + hvp.amax()));
}

const KNOTS: &[f64] = &[0.5, 1.5];

#[differentiate(order = 2)]
impl Well {
    fn moved(by: f64, knots: &[f64]) -> f64 {
        by.exp() * knots[0] * by.powf(knots[1])
    }
}

#[differentiate(order = 2)]
fn over_knots(x: f64) -> f64 {
    Well::moved(x * x, KNOTS) * x
}

#[test]
fn of_associated_functions_with_constants() {
    let grad = |x: &[f64; 1]| [over_knots::grad(x[0])];
    check_hessian(grad, &over_knots::hessian(0.7), &[0.7]).assert_below(1e-9);
}

struct Well {
    depth: f64,
    width: usize,
}

#[differentiate(order = 2)]
impl Well {
    fn energy(&self, x: f64) -> f64 {
        self.depth * (x * x - 1.0).powi(self.width as i32)
    }

    fn all(&self, x: &[f64], out: &mut [f64]) {
        for (x, out) in x.iter().zip(out) {
            *out *= self.energy(*x);
        }
    }
}

#[differentiate(order = 2)]
fn in_wells(x: &[f64], #[constant] wells: &[Well]) -> f64 {
    let mut values = vec![x[0]; x.len()];
    for well in wells {
        well.all(x, &mut values);
    }
    values.iter().sum()
}

/// The receiver has no tangent at all.
#[test]
fn of_methods_of_constants() {
    let wells = [(0.7, 2), (-1.2, 3)].map(|(depth, width)| Well { depth, width });
    assert_eq!(wells[0].energy_hvp(2.0, 1.0), 0.7 * (12.0 * 4.0 - 4.0));
    let x = [0.4, 1.3];
    let hessian = in_wells::hessian(&x, &wells);
    check(|x| in_wells::grad(x, &wells), &hessian, &x);
}

#[differentiate(order = 2)]
trait Potential {
    fn at(&self, x: f64, scale: f64) -> f64;

    fn twice(&self, x: f64) -> f64 {
        self.at(x, 2.0) * x
    }
}

struct Quartic(f64);

#[differentiate(order = 2)]
impl Potential for Quartic {
    fn at(&self, x: f64, scale: f64) -> f64 {
        self.0 * x.powi(4) + scale * x.sin()
    }
}

struct Linear;

/// Its second argument is not used.
#[differentiate(order = 2)]
impl Potential for Linear {
    fn at(&self, x: f64, _scale: f64) -> f64 {
        3.0 * x
    }

    fn twice(&self, x: f64) -> f64 {
        6.0 * x * x
    }
}

#[differentiate(order = 2)]
fn through_the_bound<P: Potential>(#[constant] potential: &P, x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += potential.at(*v, x[0]) * P::twice(potential, *v);
    }
    sum
}

#[test]
fn of_traits() {
    assert_eq!(Linear.at_hvp(2.0, 1.0, 1.0, 1.0), (0.0, 0.0));
    assert_eq!(Linear.twice_hvp(2.0, 1.0), 12.0);
    let quartic = Quartic(0.3);
    assert_eq!(quartic.at_hvp(2.0, 0.0, 1.0, 0.0).0, 12.0 * 0.3 * 4.0);
    let x = [0.7, -0.4, 1.2];
    let hessian = through_the_bound::hessian(&quartic, &x);
    check(|x| through_the_bound::grad(&quartic, x), &hessian, &x);
    let hessian = through_the_bound::hessian(&Linear, &x);
    check(|x| through_the_bound::grad(&Linear, x), &hessian, &x);
}

#[derive(Clone, Debug, Differentiable)]
struct Chain {
    springs: Vec<Spring>,
    ends: (f64, f64),
}

#[differentiate(order = 2)]
fn stored(chain: &Chain, scale: f64) -> f64 {
    let mut at = chain.ends.0;
    let mut sum = 0.0;
    for spring in &chain.springs {
        at += spring.rest * scale;
        sum += spring.energy(at) + (at - chain.ends.1).exp();
    }
    sum
}

#[test]
fn with_respect_to_structs() {
    let chain = |x: &[f64]| Chain {
        springs: vec![
            Spring {
                stiffness: x[0],
                rest: x[1],
            },
            Spring {
                stiffness: x[2],
                rest: x[3],
            },
        ],
        ends: (x[4], x[5]),
    };
    let flat = |x: &Vec<f64>| {
        let (c, scale) = stored::grad(&chain(x), x[6]);
        let springs = c.springs.iter().flat_map(|s| [s.stiffness, s.rest]);
        springs.chain([c.ends.0, c.ends.1, scale]).collect()
    };
    let x = [1.0, 0.5, 2.0, -0.25, 0.1, 1.5, 0.9];
    check(flat, &stored::hessian(&chain(&x), x[6]), &x);
}

#[differentiate(order = 2)]
fn root(x: f64, y: f64) -> Option<f64> {
    let inside = x * x - y;
    if inside < 0.0 {
        return None;
    }
    Some(inside.sqrt() * y)
}

#[differentiate(order = 2)]
fn spread(x: &[f64]) -> Result<f64, String> {
    let first = x.first().copied().ok_or("empty")?;
    let mut sum = root(first, 0.25).ok_or_else(|| "negative".to_owned())?;
    for v in x {
        match root(*v, sum * 0.1) {
            Some(r) => sum += r * v,
            None => sum *= 1.0 + v * v,
        }
    }
    Ok(sum)
}

#[differentiate(order = 2)]
fn both(x: f64, y: f64) -> Option<(f64, [f64; 1])> {
    let r = root(x, y)?;
    Some((r * x, [x.exp()]))
}

#[test]
fn of_what_may_have_no_value() {
    assert_eq!(root::hvp(1.0, 2.0, 1.0, 1.0), None);
    assert_eq!(root::hessian(1.0, 2.0), None);
    let grad = |x: &[f64; 2]| root::grad(x[0], x[1]).map(|g| [g.0, g.1]).unwrap();
    check_hessian(grad, &root::hessian(1.5, 0.7).unwrap(), &[1.5, 0.7]).assert_below(1e-8);
    assert_eq!(spread::hessian(&[]), Err("empty".to_owned()));
    assert_eq!(spread::hvp(&[0.1], &[1.0]), Err("negative".to_owned()));
    let x = [0.9, -1.4, 0.2, 0.1];
    let hessian = spread::hessian(&x).unwrap();
    check(|x| spread::grad(x).unwrap(), &hessian, &x);
    let column: Vec<f64> = hessian.column(2).iter().copied().collect();
    assert_eq!(spread::hvp(&x, &[0.0, 0.0, 1.0, 0.0]), Ok(column));
    let hessians = both::hessian(1.5, 0.7).unwrap();
    assert_eq!(hessians.len(), 2);
    assert_eq!(hessians[1], dmatrix![1.5f64.exp(), 0.0; 0.0, 0.0]);
    assert_eq!(both::hessian(0.5, 0.7), None);
}

#[derive(Clone, Debug, Differentiable)]
struct Body {
    sides: Vec<f64>,
}

#[differentiate(self, order = 2)]
impl Body {
    fn into_volume(self, scale: f64) -> f64 {
        scale * self.sides[0] * self.sides[0] * self.sides[1]
    }
}

/// The receiver is given away.
#[differentiate(order = 2)]
fn volume(x: &[f64]) -> f64 {
    let sides = vec![x[0] * x[1], x[1].sin()];
    let body = Body { sides };
    body.into_volume(x[2])
}

#[test]
fn of_methods_that_take_their_receiver() {
    let x = [0.3, 0.7, 1.3];
    check(|x| volume::grad(x), &volume::hessian(&x), &x);
}
