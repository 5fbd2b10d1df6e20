//! `#[differentiate(parallel)]`: the same as one iteration after the other but for rounding, and the same bits on any number of threads.
#![allow(clippy::needless_range_loop)]

use autodiff_runtime::{Differentiable, differentiate};
use nalgebra::{Matrix3, Vector3};
use num_traits::Float;

/// The same function with and without the option.
macro_rules! twice {
    (fn $name:ident, fn $plain:ident $params:tt -> $result:ty $body:block) => {
        #[differentiate(parallel, order = 2)]
        fn $name $params -> $result $body
        #[differentiate(order = 2)]
        fn $plain $params -> $result $body
    };
}

/// How many iterations the loops have: none, fewer than there are parts, as many, more.
const LENGTHS: [usize; 7] = [0, 1, 2, 15, 16, 17, 100];

fn data(n: usize, at: f64) -> Vec<f64> {
    (0..n).map(|k| (k as f64 * at + 0.3).sin()).collect()
}

fn near(a: f64, b: f64, what: &str) {
    let same = a.is_nan() && b.is_nan();
    assert!(
        same || (a - b).abs() <= 1e-12 * (1.0 + b.abs()),
        "{what}: {a} {b}"
    );
}

fn all_near(a: &[f64], b: &[f64], what: &str) {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).for_each(|(a, b)| near(*a, *b, what));
}

/// Runs on pools of one, two and three threads: the results are the same to the last bit.
fn on_pools(run: impl Fn() -> Vec<f64> + Sync) -> Vec<f64> {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("a pool of threads").install(&run)
    };
    let bits = |all: &[f64]| -> Vec<u64> { all.iter().map(|x| x.to_bits()).collect() };
    let first = on(1);
    for threads in [2, 3] {
        assert_eq!(bits(&first), bits(&on(threads)), "{threads} threads");
    }
    first
}

/// Gradient, tangent and product with the Hessian of a function of one list, with and without the option; the gradient against differences.
macro_rules! same {
    ($name:ident, $plain:ident, $x:expr $(, $constant:expr)*) => {{
        let x = $x;
        let v = data(x.len(), 0.91);
        let all = on_pools(|| {
            let (value, gradient) = $name::value_and_grad(&x $(, $constant)*);
            let (_, slope) = $name::jvp(&x $(, $constant)*, &v);
            let (_, pullback) = $name::vjp(&x $(, $constant)*);
            let second = $name::hvp(&x $(, $constant)*, &v);
            [vec![value, slope], gradient, pullback(1.0), second].concat()
        });
        let (value, gradient) = $plain::value_and_grad(&x $(, $constant)*);
        let (_, slope) = $plain::jvp(&x $(, $constant)*, &v);
        let second = $plain::hvp(&x $(, $constant)*, &v);
        let plain = [vec![value, slope], gradient.clone(), gradient.clone(), second].concat();
        all_near(&all, &plain, stringify!($name));
        let at = |h: f64| {
            let moved: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + h * v).collect();
            $name(&moved $(, $constant)*)
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        let along: f64 = gradient.iter().zip(&v).map(|(g, v)| g * v).sum();
        if difference.is_finite() {
            assert!((difference - along).abs() <= 1e-6 * (1.0 + along.abs()), "{difference} {along}");
        }
    }};
}

twice! {
    fn regression, fn regression_plain(w: &[f64], #[constant] x: &[f64], #[constant] y: &[f64]) -> f64 {
        let d = w.len();
        let mut total = 0.0;
        for i in 0..y.len() {
            let mut z = 0.0;
            for j in 0..d {
                z += w[j] * x[i * d + j];
            }
            total += (1.0 + (-y[i] * z).exp()).ln();
        }
        total / y.len() as f64 + 0.01 * w.iter().map(|v| v * v).sum::<f64>()
    }
}

#[test]
fn sums_over_data() {
    for n in LENGTHS {
        let (x, y) = (data(3 * n, 0.7), data(n, 0.37));
        same!(regression, regression_plain, data(3, 1.1), &x, &y);
    }
}

#[differentiate(order = 2)]
fn distance(point: &[f64], mean: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (p, m) in point.iter().zip(mean) {
        sum += (p - m).powi(2);
    }
    sum.sqrt()
}

#[differentiate(order = 2)]
fn soft_minimum(terms: &[f64]) -> f64 {
    let sum: f64 = terms.iter().map(|t| (-t).exp()).sum();
    -sum.ln()
}

twice! {
    fn clusters, fn clusters_plain(means: &[f64], #[constant] points: &[f64]) -> f64 {
        let k = means.len() / 2;
        let mut total = 0.0;
        for point in points.chunks_exact(2) {
            let mut terms = vec![0.0; k];
            for c in 0..k {
                terms[c] = distance(point, &means[2 * c..2 * c + 2]);
            }
            total += soft_minimum(&terms);
        }
        total
    }
}

#[test]
fn calls_and_lists_of_each_iteration() {
    for n in LENGTHS {
        let points = data(2 * n, 0.61);
        same!(clusters, clusters_plain, data(8, 1.7), &points);
    }
}

twice! {
    fn kinds, fn kinds_plain(x: &[f64], #[constant] signs: &[bool]) -> f64 {
        let n = x.len();
        let (mut first, mut second) = (0.25, 1.5);
        for i in (1..=n).rev() {
            let v = x[i - 1];
            if signs[i - 1] {
                if v < 0.0 {
                    continue;
                }
                first += (v * x[0]).exp();
            } else {
                second -= (v + first_of(x)).sin();
            }
        }
        let third: f64 = x.iter().zip(x.iter().skip(1)).map(|(a, b)| (a * b).cos()).sum();
        first * second + third
    }
}

#[differentiate(order = 2)]
fn first_of(x: &[f64]) -> f64 {
    x[0] * x[0]
}

#[test]
fn branches_and_ranges() {
    for n in LENGTHS {
        let signs: Vec<bool> = (0..n).map(|k| k % 3 != 1).collect();
        same!(kinds, kinds_plain, data(n, 0.83), &signs);
    }
}

twice! {
    fn histogram, fn histogram_plain(x: &[f64], #[constant] bins: &[usize]) -> f64 {
        let mut counts = vec![0.0; 4 + x.len() % 2];
        let mut moments = [[0.0; 2]; 2];
        for (v, bin) in x.iter().zip(bins) {
            counts[*bin] += v.exp();
            moments[bin % 2][1] += v * v;
        }
        let mut total = moments[0][1] * moments[1][1];
        for c in 0..4 {
            total += counts[c] * counts[c] * (c + 1) as f64;
        }
        total
    }
}

#[test]
fn lists_of_sums() {
    for n in LENGTHS {
        let bins: Vec<usize> = (0..n).map(|k| (k * k + 1) % 4).collect();
        same!(histogram, histogram_plain, data(n, 0.53), &bins);
    }
}

twice! {
    fn steps, fn steps_plain(x: &[f64], #[constant] targets: &[f64]) -> f64 {
        let mut total = 0.0;
        for target in targets {
            let mut state = x[0];
            for step in 0..5 {
                state = state + 0.1 * (x[1] * state).sin() - x[2] * step as f64;
            }
            total += (state - target).powi(2);
        }
        total
    }
}

#[test]
fn loops_with_a_state_in_each_iteration() {
    for n in LENGTHS {
        let targets = data(n, 0.77);
        same!(steps, steps_plain, data(3, 1.3), &targets);
    }
}

#[differentiate(parallel)]
fn generic<T: Float>(w: &[T], #[constant] x: &[T]) -> T {
    let mut total = T::zero();
    for v in x {
        total = total + (w[0] * *v + w[1]).tanh();
    }
    total
}

#[differentiate(parallel)]
fn generic_sum<T: Float + std::ops::AddAssign>(w: &[T], #[constant] x: &[T]) -> T {
    let mut total = T::zero();
    for v in x {
        total += (w[0] * *v + w[1]).tanh();
    }
    total
}

#[test]
fn generics() {
    let (w, x) = (data(2, 1.9), data(40, 0.41));
    let (value, gradient) = generic::value_and_grad(&w, &x);
    near(value, generic(&w, &x), "value");
    let (same, again) = generic_sum::value_and_grad(&w, &x);
    near(value, same, "value");
    all_near(&gradient, &again, "gradient");
    let slopes = x.iter().map(|v| 1.0 - (w[0] * v + w[1]).tanh().powi(2));
    let expected = slopes
        .zip(&x)
        .fold([0.0; 2], |[a, b], (s, v)| [a + s * v, b + s]);
    all_near(&gradient, &expected, "gradient");
    let (w, x): (Vec<f32>, Vec<f32>) = (
        w.iter().map(|v| *v as f32).collect(),
        x.iter().map(|v| *v as f32).collect(),
    );
    let narrow = generic_sum::grad(&w, &x);
    assert!((f64::from(narrow[0]) - gradient[0]).abs() < 1e-5);
}

#[derive(Clone, Differentiable)]
struct Camera {
    focal: f64,
    centre: [f64; 2],
    distortion: Vec<f64>,
}

struct Observation {
    camera: usize,
    point: usize,
    seen: [f64; 2],
}

#[differentiate]
fn project(camera: &Camera, point: &[f64; 3]) -> [f64; 2] {
    let (u, v) = (point[0] / point[2], point[1] / point[2]);
    let r = u * u + v * v;
    let scale = camera.focal * (1.0 + camera.distortion[0] * r + camera.distortion[1] * r * r);
    [camera.centre[0] + scale * u, camera.centre[1] + scale * v]
}

macro_rules! adjustment {
    ($name:ident, $($option:tt)*) => {
        #[differentiate($($option)*)]
        fn $name(
            cameras: &[Camera],
            points: &[[f64; 3]],
            #[constant] observations: &[Observation],
        ) -> f64 {
            let mut total = 0.0;
            for o in observations {
                let at = project(&cameras[o.camera], &points[o.point]);
                total += (at[0] - o.seen[0]).powi(2) + (at[1] - o.seen[1]).powi(2);
            }
            0.5 * total
        }
    };
}

adjustment!(adjustment, parallel);
adjustment!(adjustment_plain, reverse);

#[test]
fn structs() {
    let camera = |k: usize| Camera {
        focal: 1.0 + 0.1 * k as f64,
        centre: [0.1, -0.2 * k as f64],
        distortion: vec![0.01, 0.002 * k as f64],
    };
    let cameras: Vec<Camera> = (0..3).map(camera).collect();
    let points: Vec<[f64; 3]> = data(8, 1.1)
        .iter()
        .map(|v| [*v, 1.0 - v, 3.0 + v])
        .collect();
    let observation = |k: usize| Observation {
        camera: k % 3,
        point: (5 * k) % 8,
        seen: [0.1 * k as f64, 0.3],
    };
    let observations: Vec<Observation> = (0..50).map(observation).collect();
    let flat = |cameras: Vec<CameraTangent>, points: Vec<[f64; 3]>| -> Vec<f64> {
        let cameras = cameras.into_iter();
        let cameras =
            cameras.flat_map(|c| [vec![c.focal], c.centre.to_vec(), c.distortion].concat());
        cameras.chain(points.concat()).collect()
    };
    let parallel = on_pools(|| {
        let (_, (a, b)) = adjustment::value_and_grad(&cameras, &points, &observations);
        flat(a, b)
    });
    let (_, (a, b)) = adjustment_plain::value_and_grad(&cameras, &points, &observations);
    assert!(parallel.iter().all(|g| *g != 0.0));
    all_near(&parallel, &flat(a, b), "adjustment");
}

macro_rules! fit {
    ($name:ident, $($option:tt)*) => {
        #[differentiate($($option)*)]
        fn $name(a: &Matrix3<f64>, b: &Vector3<f64>, #[constant] points: &[Vector3<f64>]) -> f64 {
            let mut total = 0.0;
            for p in points {
                let r = a * p + b;
                total += r.norm().ln();
            }
            total
        }
    };
}

fit!(fit, parallel);
fit!(fit_plain, reverse);

#[test]
fn matrices() {
    let a = Matrix3::new(2.0, 0.1, 0.2, 0.3, 3.0, 0.1, -0.2, 0.4, 1.5);
    let b = Vector3::new(0.3, -0.7, 0.2);
    let points: Vec<Vector3<f64>> = data(30, 0.67)
        .iter()
        .map(|v| Vector3::new(*v, 1.0, v * v))
        .collect();
    let parallel = on_pools(|| {
        let (_, (a, b)) = fit::value_and_grad(&a, &b, &points);
        a.iter().chain(b.iter()).copied().collect()
    });
    let (_, (a, b)) = fit_plain::value_and_grad(&a, &b, &points);
    let plain: Vec<f64> = a.iter().chain(b.iter()).copied().collect();
    all_near(&parallel, &plain, "fit");
}

struct Model {
    data: Vec<f64>,
}

impl Model {
    #[differentiate(parallel)]
    fn loss(&self, x: f64) -> f64 {
        self.data.iter().map(|v| (v * x).sin()).sum()
    }
}

#[test]
fn methods() {
    let model = Model {
        data: data(40, 0.3),
    };
    let (value, slope) = model.loss_value_and_grad(0.7);
    near(value, model.loss(0.7), "value");
    let expected: f64 = model.data.iter().map(|v| v * (v * 0.7).cos()).sum();
    near(slope, expected, "slope");
}

#[differentiate(parallel)]
fn moved(x: &mut [f64], #[constant] y: &[f64]) -> f64 {
    for v in x.iter_mut() {
        *v = v.sin();
    }
    let mut total = 0.0;
    for i in 0..y.len() {
        total += (x[0] * y[i]).exp() * x[1];
    }
    x[0] = 0.0;
    total
}

#[test]
fn overwritten_parameters() {
    let (mut x, y) = (vec![0.4, 0.9], data(20, 0.2));
    let (value, pullback) = moved::vjp(&mut x, &y);
    let gradient = pullback(1.0, vec![0.0, 0.0]);
    let (s, c) = (0.4f64.sin(), 0.4f64.cos());
    let (t, d) = (0.9f64.sin(), 0.9f64.cos());
    let sum: f64 = y.iter().map(|y| (s * y).exp()).sum();
    let slope: f64 = y.iter().map(|y| y * (s * y).exp()).sum();
    near(value, sum * t, "value");
    all_near(&gradient, &[slope * t * c, sum * d], "gradient");
}
