//! Types that hold values of type parameters with annotated traits, and what else blocks of generic types have.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::{Float, Num};
use std::ops::{Add, Mul, Sub};
use tests::agree;

const AT: [&[f64]; 2] = [&[0.3, 0.4, 1.2], &[-0.2, 0.6, 0.7]];

#[differentiate]
trait Shape {
    fn distance(&self, x: f64, y: f64) -> f64;

    fn soft(&self, x: f64, k: f64) -> f64 {
        (-k * self.distance(x, 1.0)).exp()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Circle {
    radius: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Slab<T> {
    at: T,
}

#[derive(Clone, Debug, Differentiable)]
struct Union<A, B> {
    a: A,
    b: B,
}

#[derive(Clone, Debug, Differentiable)]
struct Moved<S> {
    shape: S,
    by: f64,
}

/// A part and a float of its own.
#[derive(Clone, Debug, Differentiable)]
struct Scaled<S, T>(S, T);

#[differentiate]
impl Shape for Circle {
    fn distance(&self, x: f64, y: f64) -> f64 {
        x.hypot(y) - self.radius
    }
}

#[differentiate]
impl Shape for Slab<f64> {
    fn distance(&self, x: f64, _y: f64) -> f64 {
        (x - self.at) * (x + self.at)
    }
}

#[differentiate]
impl<A: Shape, B: Shape> Shape for Union<A, B> {
    fn distance(&self, x: f64, y: f64) -> f64 {
        let (a, b) = (self.a.distance(x, y), self.b.distance(x, y));
        -((-a).exp() + (-b).exp()).ln()
    }
}

#[differentiate]
impl<S> Shape for Moved<S>
where
    S: Shape,
{
    fn distance(&self, x: f64, y: f64) -> f64 {
        self.shape.distance(x - self.by, y)
    }

    fn soft(&self, x: f64, k: f64) -> f64 {
        self.shape.soft(x - self.by, 2.0 * k)
    }
}

#[differentiate]
impl<S: Shape> Shape for Scaled<S, f64> {
    fn distance(&self, x: f64, y: f64) -> f64 {
        self.1 * self.0.distance(x / self.1, y / self.1)
    }
}

/// Its elements have methods of the same name: the list does not call itself.
#[differentiate]
impl<S: Shape> Shape for Vec<S> {
    fn distance(&self, x: f64, y: f64) -> f64 {
        self.iter().map(|s| s.distance(x, y)).sum()
    }
}

/// Generic code asks no more of a wrapper than of any other.
#[differentiate]
fn walk<S: Shape>(shape: &S, x: f64, steps: usize) -> f64 {
    let mut t = x;
    for _ in 0..steps {
        t += 0.3 * shape.distance(t, 0.5);
    }
    t
}

#[differentiate]
fn nested(x: &[f64]) -> f64 {
    let circle = Circle { radius: x[0] };
    let both = Union {
        a: circle.clone(),
        b: Moved {
            shape: Slab { at: x[1] },
            by: x[2],
        },
    };
    let same = Union {
        a: circle.clone(),
        b: circle,
    };
    let all = Scaled(Union { a: both, b: same }, x[1]);
    all.distance(x[2], 0.4) + walk(&all, x[0], 3) + all.soft(0.2, x[1])
}

#[differentiate]
fn overridden(x: &[f64]) -> f64 {
    let moved = Moved {
        shape: Moved {
            shape: Circle { radius: x[0] },
            by: x[1],
        },
        by: x[2],
    };
    moved.soft(x[1], 0.3) * moved.distance(x[0], 1.0)
}

/// The wrapper is a constant.
#[differentiate]
fn at_constants(x: &[f64]) -> f64 {
    let fixed = Moved {
        shape: Circle { radius: 0.5 },
        by: 0.25,
    };
    let lists: [Vec<Moved<Circle>>; 2] = [vec![fixed.clone(), fixed], Vec::new()];
    lists
        .iter()
        .map(|all| all.distance(x[0], x[1] * x[2]))
        .sum()
}

/// A trait with a parameter that is no float to it, and a wrapper whose parts change.
#[differentiate]
trait Filter<T> {
    fn run(&mut self, x: T) -> T;
}

#[derive(Clone, Debug, Differentiable)]
struct Pole {
    state: f64,
    decay: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Chain<F> {
    stages: Vec<F>,
}

#[differentiate]
impl Filter<f64> for Pole {
    fn run(&mut self, x: f64) -> f64 {
        self.state = self.decay * self.state + x;
        self.state
    }
}

#[differentiate]
impl<F: Filter<f64>> Chain<F> {
    fn run(&mut self, x: f64) -> f64 {
        let mut value = x;
        for stage in self.stages.iter_mut() {
            value = stage.run(value);
        }
        value
    }
}

#[differentiate]
fn filtered(x: &[f64]) -> f64 {
    let pole = Pole {
        state: x[0],
        decay: x[1],
    };
    let mut chain = Chain {
        stages: vec![pole.clone(), pole],
    };
    let mut none: Chain<Pole> = Chain { stages: Vec::new() };
    (0..4)
        .map(|k| chain.run(x[2] * f64::from(k)).powi(2))
        .sum::<f64>()
        + none.run(x[0])
}

/// A block for another name of the type.
#[derive(Clone, Copy, Debug, Differentiable)]
struct Grid<const R: usize, const C: usize> {
    data: [[f64; C]; R],
}

type Square<const N: usize> = Grid<N, N>;

#[differentiate]
impl<const N: usize> Square<N> {
    fn trace(&self) -> f64 {
        (0..N).map(|i| self.data[i][i]).sum()
    }
}

#[differentiate]
fn of_alias(x: &[f64]) -> f64 {
    let grid = Grid {
        data: [[x[0] * x[1], 1.0], [x[2], x[2] * x[2]]],
    };
    grid.trace()
}

/// Operators of references that call that of the values by its method, and what an operator gives under the name that the trait has for it.
#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Pair<T> {
    re: T,
    im: T,
}

#[differentiate]
impl<T: Clone + Num> Pair<T> {
    fn new(re: T, im: T) -> Self {
        Pair { re, im }
    }
}

#[differentiate]
impl<T: Clone + Num> Add for Pair<T> {
    type Output = Self;
    fn add(self, other: Self) -> Self::Output {
        Self::Output::new(self.re + other.re, self.im + other.im)
    }
}

#[differentiate]
impl<T: Clone + Num> Sub for Pair<T> {
    type Output = Pair<T>;
    fn sub(self, other: Self) -> Self::Output {
        Self::Output {
            re: self.re - other.re,
            im: self.im - other.im,
        }
    }
}

#[differentiate]
impl<T: Clone + Num> Mul for Pair<T> {
    type Output = Self;
    fn mul(self, other: Self) -> Self::Output {
        let re = self.re.clone() * other.re.clone() - self.im.clone() * other.im.clone();
        Self::Output::new(re, self.re * other.im + self.im * other.re)
    }
}

macro_rules! of_references {
    ($operator:ident, $method:ident) => {
        #[differentiate]
        impl<'a, T: Clone + Num> $operator<&'a Pair<T>> for Pair<T> {
            type Output = Pair<T>;
            fn $method(self, other: &Pair<T>) -> Pair<T> {
                self.$method(other.clone())
            }
        }
        #[differentiate]
        impl<'a, 'b, T: Clone + Num> $operator<&'b Pair<T>> for &'a Pair<T> {
            type Output = Pair<T>;
            fn $method(self, other: &Pair<T>) -> Pair<T> {
                self.clone().$method(other.clone())
            }
        }
    };
}

of_references!(Add, add);
of_references!(Sub, sub);
of_references!(Mul, mul);

#[differentiate]
impl<T: Float> Pair<T> {
    fn norm(self) -> T {
        self.re.hypot(self.im)
    }
}

#[differentiate]
#[allow(clippy::op_ref)]
fn by_reference(x: &[f64]) -> f64 {
    let (z, w) = (Pair::new(x[0], x[1]), Pair::new(x[2], x[0]));
    let (p, q) = (&z - &w, z * &w);
    let same = &z * &z;
    (p + q * same + &z).norm()
}

/// What the variants of a type without numbers hold.
#[derive(Clone, Debug, PartialEq)]
enum Route {
    Bolus,
    Oral { lag: bool },
    Infusion(u32),
}

#[derive(Clone, Debug, Differentiable)]
struct Dose {
    amount: f64,
    route: Route,
}

#[derive(Clone, Debug, Differentiable)]
struct Patient {
    clearance: f64,
}

#[differentiate]
impl Patient {
    fn exposure(&self, dose: &Dose, t: f64) -> f64 {
        match dose.route {
            Route::Bolus => dose.amount * t,
            Route::Oral { lag } => {
                if lag {
                    dose.amount * self.clearance
                } else {
                    dose.amount.powi(2)
                }
            }
            Route::Infusion(hours) => dose.amount / f64::from(hours) * self.clearance * t,
        }
    }
}

#[differentiate]
fn routes(x: &[f64]) -> f64 {
    let patient = Patient { clearance: x[0] };
    let all = [
        Route::Bolus,
        Route::Oral { lag: true },
        Route::Oral { lag: false },
        Route::Infusion(3),
    ];
    let mut sum = 0.0;
    for (k, route) in all.iter().enumerate() {
        let dose = Dose {
            amount: x[1] * (k as f64 + 1.0),
            route: route.clone(),
        };
        sum += patient.exposure(&dose, x[2]) * (k as f64 + 0.5);
    }
    sum
}

/// Another name by an import of the same file.
mod colours {
    use autodiff_runtime::{Differentiable, differentiate};
    use std::ops::{Add, AddAssign};

    #[derive(Clone, Copy, Debug, Default, Differentiable)]
    pub struct Triple {
        e: [f64; 3],
    }

    pub use Triple as Colour;
    pub use Triple as Point3;

    #[differentiate]
    impl Triple {
        pub fn new(a: f64, b: f64, c: f64) -> Self {
            Triple { e: [a, b, c] }
        }

        pub fn dot(self, other: Triple) -> f64 {
            self.e.iter().zip(&other.e).map(|(a, b)| a * b).sum()
        }
    }

    #[differentiate]
    impl Add for Triple {
        type Output = Triple;
        fn add(self, o: Triple) -> Triple {
            Triple::new(self.e[0] + o.e[0], self.e[1] + o.e[1], self.e[2] + o.e[2])
        }
    }

    impl AddAssign for Triple {
        fn add_assign(&mut self, o: Triple) {
            *self = *self + o;
        }
    }

    #[derive(Clone, Debug, Differentiable)]
    pub struct Lamp {
        pub at: Point3,
        pub colour: Colour,
    }

    #[differentiate]
    pub fn light(x: &[f64]) -> f64 {
        let mut sum: Colour = Colour::default();
        for k in 1..4 {
            let lamp = Lamp {
                at: Point3::new(x[0], f64::from(k), x[2]),
                colour: Colour::new(x[1], x[0] * x[2], 1.0),
            };
            sum += lamp.at + lamp.colour;
        }
        sum.dot(Triple::new(x[1], 2.0, x[2]))
    }
}

#[test]
fn parts() {
    agree!(nested at &AT[..1]);
    agree!(overridden at &AT);
    agree!(at_constants at &AT);
    let (value, gradient) = at_constants::value_and_grad(AT[0]);
    assert!(value.is_finite() && gradient[0] != 0.0);
}

#[test]
fn lists_of_parts() {
    #[differentiate]
    fn listed(x: &[f64]) -> f64 {
        let all = [
            Moved {
                shape: Circle { radius: x[0] },
                by: x[1],
            },
            Moved {
                shape: Circle { radius: x[2] },
                by: x[0],
            },
        ];
        all.iter().map(|s| s.distance(x[1], 0.3)).product()
    }
    agree!(listed at &AT);
}

#[test]
fn traits_with_parameters() {
    agree!(filtered at &AT);
}

#[test]
fn blocks_of_other_names() {
    agree!(of_alias at &AT);
}

#[test]
#[allow(clippy::op_ref)]
fn operators_handed_on() {
    agree!(by_reference at &AT);
    let (z, w) = (Pair::new(0.3, 0.4), Pair::new(1.2, 0.3));
    assert_eq!((&z * &w, z - &w), (z * w, z - w));
}

#[test]
fn variants_without_numbers() {
    agree!(routes at &AT);
}

#[test]
fn names_by_imports() {
    use colours::light;
    agree!(light at &AT);
}
