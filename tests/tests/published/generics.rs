//! Generic functions, with the bounds and the conversions of numeric crates.

use autodiff_runtime::differentiate;
use num_traits::{Float, FloatConst, FromPrimitive, Num, NumAssign, NumCast, One, Zero};
use std::fmt::{Debug, Display};
use std::iter::{Product, Sum};
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};

#[differentiate]
pub fn mean<T>(data: &[T]) -> T
where
    T: Float + FromPrimitive + Sum,
{
    let n = T::from_usize(data.len()).unwrap();
    data.iter().copied().sum::<T>() / n
}

#[differentiate]
pub fn variance<T: Float + FromPrimitive + Sum<T> + AddAssign>(data: &[T], ddof: T) -> T {
    let n = T::from_usize(data.len()).unwrap();
    let mu = mean(data);
    let mut acc = T::zero();
    for &v in data {
        acc += (v - mu) * (v - mu);
    }
    acc / (n - ddof)
}

#[differentiate]
pub fn logistic<F: Float>(x: F, l: F, k: F, x0: F) -> F {
    l / (F::one() + (-k * (x - x0)).exp())
}

#[differentiate]
pub fn gaussian<F>(x: F, mu: F, sigma: F) -> F
where
    F: Float + FloatConst,
{
    let two = F::one() + F::one();
    (-((x - mu) / sigma).powi(2) / two).exp() / (sigma * (two * F::PI()).sqrt())
}

#[differentiate]
pub fn smooth_step<T: Float>(edge0: T, edge1: T, x: T) -> T {
    let t = ((x - edge0) / (edge1 - edge0)).max(T::zero()).min(T::one());
    t * t * (T::from(3.0).unwrap() - T::from(2).unwrap() * t)
}

#[differentiate]
pub fn lerp<T>(a: T, b: T, t: T) -> T
where
    T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T> + Float,
{
    a + (b - a) * t
}

#[differentiate]
pub fn horner<T: Float>(coefficients: &[T], x: T) -> T {
    coefficients
        .iter()
        .rev()
        .fold(T::zero(), |acc, &c| acc * x + c)
}

#[differentiate]
pub fn horner_mul_add<T: Float>(c: &[T], x: T) -> T {
    let mut iter = c.iter().rev();
    let mut acc = *iter.next().unwrap();
    for &a in iter {
        acc = acc.mul_add(x, a);
    }
    acc
}

#[differentiate]
pub fn dot<'a, T>(a: &'a [T], b: &'a [T]) -> T
where
    T: Float + Sum<T> + 'a,
{
    a.iter().zip(b.iter()).map(|(&x, &y)| x * y).sum()
}

#[differentiate]
pub fn norm<T: Float>(v: &[T]) -> T {
    v.iter().fold(T::zero(), |s, x| s + *x * *x).sqrt()
}

#[differentiate]
pub fn dist<T: Float, const D: usize>(a: &[T; D], b: &[T; D]) -> T {
    let mut sum = T::zero();
    for i in 0..D {
        sum = sum + (a[i] - b[i]) * (a[i] - b[i]);
    }
    sum.sqrt()
}

#[differentiate]
pub fn minkowski<T: Float + Sum, const D: usize>(a: [T; D], b: [T; D], p: T) -> T {
    a.iter()
        .zip(&b)
        .map(|(&x, &y)| (x - y).abs().powf(p))
        .sum::<T>()
        .powf(p.recip())
}

#[differentiate]
pub fn trapezoid<T: Float + FromPrimitive>(y: &[T], h: T) -> T {
    let half = T::from_f64(0.5).unwrap();
    let n = y.len();
    let inner = y[1..n - 1].iter().fold(T::zero(), |a, &b| a + b);
    h * (half * (y[0] + y[n - 1]) + inner)
}

#[differentiate]
pub fn softmax<T: Float + Sum>(logits: &[T]) -> Vec<T> {
    let max = logits.iter().copied().fold(T::neg_infinity(), T::max);
    let exps: Vec<T> = logits.iter().map(|&l| (l - max).exp()).collect();
    let sum: T = exps.iter().copied().sum();
    exps.into_iter().map(|e| e / sum).collect()
}

#[differentiate]
pub fn cross_entropy<T: Float + Sum + Debug>(logits: &[T], target: usize) -> T {
    let p = softmax(logits);
    -(p[target] + T::epsilon()).ln()
}

#[differentiate]
pub fn geometric_mean<F: Float + Product + FromPrimitive>(x: &[F]) -> F {
    x.iter()
        .copied()
        .product::<F>()
        .powf(F::one() / F::from_usize(x.len()).unwrap())
}

#[differentiate]
pub fn newton_sqrt<T>(a: T, tolerance: T) -> T
where
    T: Float + PartialOrd + Display,
{
    let mut x = a;
    let two = T::from(2u8).unwrap();
    let mut iterations = 0usize;
    while (x * x - a).abs() > tolerance && iterations < 100 {
        x = (x + a / x) / two;
        iterations += 1;
    }
    x
}

#[differentiate]
pub fn degrees_area<T: Float>(a: T, b: T, gamma: T) -> T {
    a * b * gamma.to_radians().sin() / (T::one() + T::one())
}

#[differentiate]
pub fn with_into<T: Float + From<f32>>(x: T) -> T {
    let half: T = 0.5f32.into();
    half * x.sin() + <T as From<f32>>::from(0.25) * x
}

#[differentiate]
pub fn casts<T: Float + NumCast>(x: &[T]) -> T {
    let n: T = num_traits::cast(x.len()).unwrap();
    let third: T = NumCast::from(1.0 / 3.0).unwrap();
    let w = num_traits::cast::<f64, T>(0.75).unwrap();
    x[0] * n + third * x[1] * w
}

#[differentiate]
pub fn ewma<T>(values: &[T], alpha: T) -> Vec<T>
where
    T: Float + AddAssign + MulAssign,
{
    let mut out = Vec::with_capacity(values.len());
    let mut state = values[0];
    for v in values {
        state *= T::one() - alpha;
        state += alpha * *v;
        out.push(state);
    }
    out
}

#[differentiate]
pub fn moments<T: Float + NumAssign + FromPrimitive>(x: &[T]) -> (T, T, T) {
    let mut n = T::zero();
    let (mut m1, mut m2, mut m3) = (T::zero(), T::zero(), T::zero());
    for &xi in x.iter() {
        let n1 = n;
        n += T::one();
        let delta = xi - m1;
        let delta_n = delta / n;
        let term = delta * delta_n * n1;
        m1 += delta_n;
        m3 +=
            term * delta_n * (n - T::from_i32(2).unwrap()) - T::from_i32(3).unwrap() * delta_n * m2;
        m2 += term;
    }
    (m1, m2 / n, m3 / n)
}

#[differentiate]
pub fn matvec<T, const R: usize, const C: usize>(m: &[[T; C]; R], v: &[T; C]) -> [T; R]
where
    T: Float + AddAssign,
{
    let mut out = [T::zero(); R];
    for (o, row) in out.iter_mut().zip(m.iter()) {
        for (a, b) in row.iter().zip(v.iter()) {
            *o += *a * *b;
        }
    }
    out
}

#[differentiate]
pub fn huber<T: Float>(r: T, delta: T) -> T {
    let half = T::from(0.5).unwrap();
    if r.abs() <= delta {
        half * r * r
    } else {
        delta * (r.abs() - half * delta)
    }
}

#[differentiate]
pub fn sinc<T: Float + FloatConst>(x: T) -> T {
    if x == T::zero() {
        T::one()
    } else {
        (x * T::PI()).sin() / (x * T::PI())
    }
}

#[differentiate]
pub fn signs<T: Float + Neg<Output = T>>(x: T, y: T) -> T {
    let s = if x.is_sign_negative() {
        -T::one()
    } else {
        T::one()
    };
    s * (x * x + y * y).sqrt()
        + Float::max(x, y) * Float::sin(x)
        + <T as Float>::exp(y * T::from(-1.0).unwrap())
}

#[differentiate]
pub fn zero_one<T: Float + Zero + One>(x: T) -> T {
    let a: T = Zero::zero();
    let b: T = One::one();
    if x > a { b / x } else { b + x }
}

#[differentiate]
pub fn factorial_series<T: Float>(x: T, terms: usize) -> T {
    let mut sum = T::one();
    let mut term = T::one();
    for k in 1..terms {
        term = term * x / T::from(k).expect("an integer");
        sum = sum + term;
    }
    sum
}

#[differentiate]
pub fn hyper<T: Float + Num + Div<Output = T>>(a: T, b: T) -> T {
    let (s, c) = a.sin_cos();
    let t = a.tanh() + b.sinh().asinh() + b.cosh().ln();
    s * c + t / (T::one() + b.exp_m1().ln_1p().abs()) + a.hypot(b) + a.atan2(b)
}

#[differentiate]
pub fn polynomial_with_exponents<T: Float>(terms: &[(T, i32)], x: T) -> T {
    terms
        .iter()
        .map(|&(c, e)| c * x.powi(e))
        .fold(T::zero(), |a, b| a + b)
}

#[differentiate]
pub fn in_place_scale<T: Float + MulAssign>(v: &mut [T], factor: T) {
    for e in v.iter_mut() {
        *e *= factor;
    }
}

#[differentiate]
pub fn normalized<T: Float + MulAssign>(v: &[T]) -> Vec<T> {
    let mut out = v.to_vec();
    let n = norm(v);
    in_place_scale(&mut out, n.recip());
    out
}

/// Computed in double precision whatever the parameter is.
#[differentiate]
pub fn cross_in_tray<T>(param: &[T; 2]) -> T
where
    T: Float + Into<f64> + FromPrimitive,
{
    let x1: f64 = param[0].into();
    let x2: f64 = param[1].into();
    let radius = (x1.powi(2) + x2.powi(2)).sqrt();
    T::from_f64(
        -0.0001 * ((x1.sin() * x2.sin() * (10.0 - radius).abs().exp()).abs() + 1.0).powf(0.1),
    )
    .unwrap()
}

#[differentiate]
pub fn rastrigin_derivative<T>(param: &[T], a: T) -> Vec<T>
where
    T: Float + FromPrimitive + Into<f64>,
{
    let npi2 = T::from_f64(6.25).unwrap();
    let n2 = T::from_f64(2.0).unwrap();
    param
        .iter()
        .map(|x| n2 * *x + npi2 * a * T::from_f64(f64::sin((npi2 * *x).into())).unwrap())
        .collect()
}

#[differentiate]
pub fn by_way_of_doubles<T: Float>(x: T, n: usize) -> T {
    let y = x.to_f64().unwrap() * n as f64;
    let z = T::from(y * y).unwrap() + T::from(n).unwrap();
    let w = <T as num_traits::NumCast>::from(y).unwrap();
    z * w + T::from(x).unwrap()
}

#[differentiate]
pub fn from_doubles<T: Float + From<f64>>(x: T, y: f64) -> T {
    let k: T = (y * y).into();
    let c: T = 2.0.into();
    k * x + T::sin(c) + <T as From<f64>>::from(y)
}

#[differentiate]
pub fn widened(x: f32, y: &[f32]) -> f64 {
    let s: f64 = y.iter().map(|&v| v as f64).sum();
    let d: f64 = x.into();
    s * d + x as f64
}

#[differentiate]
pub fn first_guess<T: Float>(x: T) -> T {
    x * x
}

/// A predicate on what another function gives.
#[differentiate]
pub fn guarded(x: f64, fallback: f64) -> f64 {
    let mut v = first_guess(x);
    if !v.is_finite() || !(v > 0.1) {
        v = fallback;
    }
    v * v
}

#[test]
fn mixed_precision() {
    let (v, (dx, dy)) = widened::value_and_grad(0.5, &[3.0, 1.0]);
    assert_eq!((v, dx, dy), (2.5, 5.0, vec![0.5, 0.5]));
}

checks! {
    converted: |x| cross_in_tray(&[x[0], x[1]]) + rastrigin_derivative(&x[1..], x[0]).iter().sum::<f64>(), [0.4, 1.3, -0.2];
    doubles: |x| by_way_of_doubles(x[0], 3) * from_doubles(x[1], x[0]), [0.4, 1.3];
    guards: |x| guarded(x[0], x[1]), [0.4, 1.3], [0.1, 1.3];
    means: |x| mean(x) * variance(x, 1.0), [0.4, 1.3, 2.7, -0.4];
    single: |x| {
        let y = [x[0] as f32, x[1] as f32];
        let z = logistic(y[0], 2.0, y[1], 0.5);
        z as f64 * x[0]
    }, [0.5, 0.75];
    logistics: |x| logistic(x[0], x[1], x[2], x[3]), [0.4, 1.3, 2.7, -0.4];
    gaussians: |x| gaussian(x[0], x[1], x[2]), [0.4, 1.3, 2.7];
    steps: |x| smooth_step(x[0], x[1], x[2]) + lerp(x[0], x[1], x[2]), [0.4, 1.3, 0.7], [0.4, 1.3, 2.7];
    horners: |x| horner(&x[1..], x[0]) * horner_mul_add(x, x[1]), [0.4, 1.3, 2.7, -0.4];
    dots: |x| dot(&x[..2], &x[2..]) + norm(x), [0.4, 1.3, 2.7, -0.4];
    distances: |x| dist(&[x[0], x[1]], &[x[2], x[3]]) + minkowski([x[0], x[1]], [x[2], x[3]], x[4]), [0.4, 1.3, 2.7, -0.4, 2.5];
    trapezoids: |x| trapezoid(&x[1..], x[0]), [0.4, 1.3, 2.7, -0.4];
    entropies: |x| cross_entropy(x, 1), [0.4, 1.3, 2.7, -0.4];
    geometric: |x| geometric_mean(x), [0.4, 1.3, 2.7];
    roots: |x| newton_sqrt(x[0], 1e-12) + newton_sqrt(x[1], 1e-12), [0.4, 1.3];
    areas: |x| degrees_area(x[0], x[1], x[2]) + with_into(x[0]) + casts(x), [0.4, 1.3, 40.0];
    averages: |x| ewma(&x[1..], x[0]).iter().sum(), [0.4, 1.3, 2.7, -0.4];
    running: |x| { let (a, b, c) = moments(x); a + 2.0 * b + 3.0 * c }, [0.4, 1.3, 2.7, -0.4];
    products: |x| { let y = matvec(&[[x[0], x[1], x[2]], [x[3], x[4], x[5]]], &[x[0], x[1], x[2]]); y[0] * y[1] }, [0.4, 1.3, 2.7, -0.4, 0.3, 0.9];
    hubers: |x| huber(x[0], x[1]) + huber(x[1], x[0]) + sinc(x[0]), [0.4, 1.3];
    sign: |x| signs(x[0], x[1]) + zero_one(x[0]) + factorial_series(x[1], 12) + hyper(x[0], x[1]), [0.4, 1.3], [-0.4, 0.3];
    pairs: |x| polynomial_with_exponents(&[(x[0], 2), (x[1], 0), (x[2], 5)], x[3]), [0.4, 1.3, 2.7, -0.4];
    norms: |x| normalized(x)[1], [0.4, 1.3, 2.7];
}
