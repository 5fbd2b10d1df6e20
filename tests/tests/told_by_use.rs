//! Values whose type nothing tells, or only how they are used: what calls give, types with methods that lists have too, other names of
//! lists, variants that bind in one pattern.

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;
use tests::modes::POINTS;

/// Lists that calls give.
mod lists {
    use super::*;

    #[differentiate]
    fn powers(a: f64) -> Vec<f64> {
        vec![a, a * a, a.exp()]
    }

    #[differentiate]
    pub fn ends(x: &[f64]) -> f64 {
        let z = powers(x[0]);
        *z.last().unwrap() * z.first().copied().unwrap_or(0.0) * *powers(x[1]).last().unwrap()
    }

    #[differentiate]
    pub fn found(x: &[f64]) -> f64 {
        let z = powers(x[0] * x[1]);
        match z.get(1) {
            Some(v) => v * x[2],
            None => 0.0,
        }
    }

    #[derive(Clone, Differentiable)]
    struct Layer {
        weights: Vec<f64>,
    }

    #[differentiate]
    pub fn of_a_field(x: &[f64]) -> f64 {
        let mut layer = Layer {
            weights: x.to_vec(),
        };
        if let Some(w) = layer.weights.last_mut() {
            *w *= x[0];
        }
        if let Some(w) = layer.weights.get_mut(1) {
            *w += x[2];
        }
        layer.weights.iter().map(|w| w * w * w).sum()
    }

    type Rows = Vec<Vec<f64>>;

    #[differentiate]
    pub fn renamed(x: &[f64]) -> f64 {
        let a: Rows = x.chunks(2).map(|c| c.to_vec()).collect();
        let b: Rows = x.chunks(3).map(<[f64]>::to_vec).collect();
        a[0][1] * b[1][2] + a[2][0]
    }
}

/// Options and results that calls give.
mod wrapped {
    use super::*;

    #[differentiate]
    fn pair(a: f64) -> Option<(f64, f64)> {
        if a > 0.0 { Some((a, a * a)) } else { None }
    }

    #[differentiate]
    pub fn mapped(x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for v in x {
            let b = pair(*v).map(|r| r.1);
            sum += b.unwrap_or(2.0) * v;
            sum *= pair(v * v).map(|(a, b)| a.sin() * b).unwrap_or(1.0) + 1.0;
        }
        sum
    }

    #[differentiate]
    fn root(x: f64) -> Result<f64, String> {
        if x < 0.0 {
            return Err(format!("negative: {x}"));
        }
        Ok(x.sqrt())
    }

    #[differentiate]
    pub fn all(x: &[f64]) -> Result<f64, String> {
        let v = x.iter().map(|&v| root(v)).collect::<Result<Vec<_>, _>>()?;
        Ok(v.iter().product())
    }

    #[differentiate]
    pub fn squares(x: &[f64]) -> f64 {
        let x: Vec<f64> = x.iter().map(|v| v * v).collect();
        all(&x).unwrap()
    }
}

/// Types with methods that lists have too.
mod records {
    use super::*;

    #[derive(Clone, Debug, Default, Differentiable)]
    struct Moments {
        n: u64,
        mean: f64,
        m2: f64,
    }

    #[differentiate(self)]
    impl Moments {
        fn push(&mut self, x: f64) {
            self.n += 1;
            let d = x - self.mean;
            self.mean += d / self.n as f64;
            self.m2 += d * (x - self.mean);
        }

        fn last(&self) -> f64 {
            self.m2 / (self.n - 1) as f64
        }
    }

    #[differentiate]
    pub fn variance(x: &[f64]) -> f64 {
        let mut moments = Moments::default();
        for v in x {
            moments.push(*v);
        }
        moments.last() * moments.mean
    }

    #[derive(Clone, Debug, Differentiable)]
    struct Mat {
        columns: usize,
        data: Vec<f64>,
    }

    #[differentiate(self)]
    impl Mat {
        fn new(columns: usize, data: &[f64]) -> Self {
            Self {
                columns,
                data: data.to_vec(),
            }
        }

        fn get(&self, i: usize, j: usize) -> f64 {
            self.data[i * self.columns + j]
        }

        fn trace(&self) -> f64 {
            self.get(0, 0) + self.get(1, 1)
        }

        fn corner(&self, other: &Mat) -> f64 {
            self.get(0, 1) * other.get(1, 0)
        }
    }

    #[differentiate]
    fn of_parameter(m: &Mat) -> f64 {
        m.get(0, 1) * m.trace()
    }

    #[differentiate]
    pub fn entries(x: &[f64]) -> f64 {
        let m = Mat::new(2, x);
        let k: Mat = m.clone();
        m.get(1, 1) * k.get(0, 1) + of_parameter(&m) * m.corner(&k)
    }
}

/// Variants that bind in one pattern.
mod alternatives {
    use super::*;

    #[derive(Clone, Debug, Differentiable)]
    enum Shape {
        Square { side: f64 },
        Box { side: f64, height: f64 },
        Disc(f64),
    }

    #[differentiate(self)]
    impl Shape {
        fn size(&self) -> f64 {
            match *self {
                Shape::Square { side } | Shape::Box { side, .. } | Shape::Disc(side) => side * side,
            }
        }

        fn volume(&self, k: f64) -> f64 {
            match self {
                Self::Square { side } | Self::Disc(side) if k > 0.0 => side * 2.0 * k,
                Self::Box { side, height } => side * height,
                _ => k,
            }
        }
    }

    #[differentiate]
    pub fn shapes(x: &[f64]) -> f64 {
        let shapes = [
            Shape::Square { side: x[0] },
            Shape::Box {
                side: x[1],
                height: x[2],
            },
            Shape::Disc(x[3]),
        ];
        let mut sum = 0.0;
        for (shape, k) in shapes.iter().zip(x) {
            sum += shape.size() * shape.volume(*k);
        }
        sum
    }
}

#[test]
fn lists_that_calls_give() {
    agree!(lists::ends at &POINTS);
    agree!(lists::found at &POINTS);
    agree!(lists::of_a_field at &POINTS);
    agree!(lists::renamed at &POINTS);
}

#[test]
fn options_that_calls_give() {
    agree!(wrapped::mapped at &POINTS);
    agree!(wrapped::squares at &POINTS);
    let error = wrapped::all::value_and_grad(&[1.0, -2.0]).unwrap_err();
    assert_eq!(error, "negative: -2");
}

#[test]
fn methods_that_lists_have_too() {
    agree!(records::variance at &POINTS);
    agree!(records::entries at &POINTS);
}

#[test]
fn variants_in_one_pattern() {
    agree!(alternatives::shapes at &POINTS);
}

/// Constructors that may fail, a variant of the name of one of `Option`, a coordinate of what a call gives.
mod constructed {
    use super::*;
    use nalgebra::{Matrix2, SMatrix, Vector2};

    #[derive(Clone, Debug, Differentiable)]
    pub struct Wave {
        rate: f64,
    }

    #[differentiate(self)]
    impl Wave {
        pub fn new(rate: f64) -> Result<Self, String> {
            if rate.is_nan() {
                return Err("no rate".into());
            }
            Ok(Self { rate })
        }

        pub fn at(&self, x: f64) -> f64 {
            (self.rate * x).sin()
        }
    }

    #[derive(Clone, Copy)]
    pub enum Reduction {
        None,
        Mean,
    }

    #[differentiate]
    pub fn reduced(x: &[f64], #[constant] how: Reduction) -> f64 {
        let sum: f64 = x.iter().map(|x| x * x).sum();
        match how {
            Reduction::None => sum,
            Reduction::Mean => sum / x.len() as f64,
        }
    }

    #[differentiate]
    pub fn waves(x: &[f64]) -> f64 {
        let wave = Wave::new(x[0]).unwrap();
        let sum = reduced(x, Reduction::None) + reduced(x, Reduction::Mean);
        wave.rate * sum + Wave::new(x[1]).expect("a rate").at(x[2])
    }

    #[differentiate]
    fn gram<const N: usize, const M: usize>(a: &SMatrix<f64, N, M>) -> SMatrix<f64, N, N> {
        a * a.transpose()
    }

    #[differentiate]
    pub fn coordinate(x: &[f64]) -> f64 {
        let product = gram(&Matrix2::new(x[0], x[1], x[2], 0.5)) * Vector2::new(1.0, x[1]);
        product.x * (gram(&Vector2::new(x[0], x[2])) * Vector2::new(x[0], 2.0)).y
    }
}

#[test]
fn what_constructors_and_generic_functions_give() {
    agree!(constructed::waves at &POINTS);
    agree!(constructed::coordinate at &POINTS);
}

/// Names that the standard library has too.
mod homonyms {
    use super::*;

    #[derive(Clone, Copy, Debug, Differentiable)]
    struct Arc<S> {
        radius: S,
        sweep: S,
    }

    #[differentiate(self)]
    impl<S: num_traits::Float> Arc<S> {
        fn new(radius: S, sweep: S) -> Self {
            Arc { radius, sweep }
        }

        fn length(&self) -> S {
            self.radius * self.sweep
        }
    }

    #[differentiate]
    fn area(arc: Arc<f64>, x: f64) -> f64 {
        let other = Arc::new(arc.radius * x, arc.sweep);
        other.length() * arc.radius
    }

    #[test]
    fn arcs() {
        let arc = Arc {
            radius: 2.0,
            sweep: 0.5,
        };
        let (value, (of_arc, x)) = area::value_and_grad(arc, 3.0);
        assert_eq!(value, 6.0);
        assert_eq!((of_arc.radius, of_arc.sweep, x), (6.0, 12.0, 2.0));
        assert_eq!(area::jvp(arc, 3.0, of_arc, x).1, 36.0 + 144.0 + 4.0);
    }
}

/// Several variables that are declared at once and assigned later; floats of another type by `cast`.
mod assigned_later {
    use super::*;
    use num_traits::Float;

    #[differentiate]
    fn cast<T: Float>(x: f64) -> T {
        num_traits::cast::<f64, T>(x).unwrap()
    }

    #[differentiate]
    fn turned(x: &[f64], k: usize) -> f64 {
        let (q0, [q1, mut q2]): (f64, [f64; 2]);
        match k {
            0 => {
                let (s, c) = x[0].sin_cos();
                q0 = s;
                q1 = c * x[1];
                q2 = s * c;
            }
            _ => {
                [q1, q2] = [x[0] * x[0], x[1]];
                q0 = cast::<f64>(x[0]) * x[1];
            }
        }
        q2 *= q1;
        q0 * q1 + q2
    }

    #[test]
    fn turns() {
        agree!(turned at &POINTS, 0);
        agree!(turned at &POINTS, 1);
    }
}
