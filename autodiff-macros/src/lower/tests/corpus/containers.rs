//! Vectors and arrays that change; closures; calls.

use autodiff_runtime::differentiate;
use num_traits::Float;

#[differentiate]
pub fn helper(v: &[f64], a: f64) -> f64 {
    v.iter().map(|t| t * a).sum()
}

#[differentiate]
pub fn pair(a: f64, b: f64) -> (f64, f64) {
    (a * b, a + b.sin())
}

#[differentiate]
pub fn scale(v: &mut [f64], a: f64) {
    for e in v.iter_mut() {
        *e *= a;
    }
}

#[differentiate]
pub fn sq(a: f64) -> f64 {
    a * a
}

#[differentiate]
pub fn gen_norm<T: Float>(x: &[T]) -> T {
    let two = T::from(2.0).unwrap();
    let mut s = T::zero();
    for &v in x {
        s = s + v.powi(2) * two;
    }
    (s + T::one()).sqrt()
}

#[differentiate]
pub fn gen_iter<T: Float + std::iter::Sum>(x: &[T], y: &[T]) -> T {
    let n = T::from(x.len()).unwrap();
    let m: T = x.iter().zip(y).map(|(&a, &b)| (a - b).abs()).sum();
    if m > T::epsilon() {
        return m / n;
    }
    T::zero()
}

#[differentiate]
pub fn array_param_fill(x: &[f64]) -> f64 {
    let mut buf = [0.0; 6];
    buf[..3].copy_from_slice(&x[..3]);
    buf[3..].fill(x[3]);
    buf.swap(0, 5);
    buf.reverse();
    let mut v = buf.to_vec();
    v.extend_from_slice(&x[4..6]);
    v.extend(x[..2].iter().map(|t| t * t));
    v.truncate(9);
    v.insert(1, x[0]);
    v.remove(0);
    v.iter()
        .enumerate()
        .map(|(i, t)| (i as f64 + 1.0) * t * t)
        .sum()
}

#[differentiate]
pub fn vec_ops(x: &[f64]) -> f64 {
    let mut v: Vec<f64> = Vec::new();
    v.extend(x.iter().take(6));
    v.resize(8, x[0]);
    v.insert(2, x[1] * 3.0);
    let r = v.remove(0);
    let s = v.swap_remove(1);
    v.retain(|t| *t > -0.55);
    v.rotate_left(2);
    let mut w = v.clone();
    w.append(&mut vec![r, s]);
    w.reverse();
    let tail = w.split_off(3);
    let both = [w, tail].concat();
    both.iter()
        .enumerate()
        .map(|(i, t)| t * t * (i as f64 + 0.5))
        .sum()
}

#[differentiate]
pub fn mem_ops(x: &[f64]) -> f64 {
    let mut cur = vec![1.0, x[0]];
    let mut next = vec![0.0; 2];
    for i in 1..5 {
        next[0] = cur[1] * x[i];
        next[1] = cur[0] + cur[1];
        std::mem::swap(&mut cur, &mut next);
    }
    let old = std::mem::replace(&mut cur[0], 2.0);
    let prev = std::mem::take(&mut cur[1]);
    cur[0] * old + prev + cur[1] + next[0]
}

#[differentiate]
pub fn compound_ops(x: &[f64]) -> f64 {
    let mut a = x[0];
    a += x[1];
    a -= 0.5 * x[2];
    a *= x[3] + 2.0;
    a /= x[4].abs() + 1.0;

    let mut b = -a;
    b = -(b * b) + -x[5];
    let r = &mut b;
    *r += 2.0;
    *r *= a;
    let c = &a;
    let d = *c + c.sin() + c * c;
    b + d
}

#[differentiate]
pub fn shadow_clamp(x: &[f64]) -> f64 {
    let x0 = x[0];
    let x0 = x0.clamp(-1.0, 1.0);
    let x0 = {
        let x0 = x0 * 2.0;
        x0 + 1.0
    };
    let y = f64::max(x0, 0.3).min(f64::powi(x[1], 2));
    (y * x[2] + x0).hypot(x[3])
}

#[differentiate]
pub fn bits_and_bools(x: &[f64]) -> f64 {
    let mask = 0b1011u32;
    let mut s = 0.0;
    for i in 0..4 {
        if mask >> i & 1 == 1 {
            s += x[i as usize];
        }
    }
    let flags: Vec<bool> = x.iter().map(|v| *v > 0.0).collect();
    let any = flags.iter().any(|&f| f) ^ false;
    if any && !flags[1] | flags[2] {
        s *= 2.0;
    }
    let parity = flags.iter().filter(|f| **f).count() % 2;
    let sgn = if parity == 1 { -1.0 } else { 1.0 };
    let k = (x[0] * 10.0) as i64;
    let r = (k.rem_euclid(3) as usize).min(2);
    s * sgn + x[r] + (x.len() as f64 / 2.0).ceil() * x[1]
}

#[differentiate]
pub fn calls(x: &[f64]) -> f64 {
    let (p, q) = pair(x[0], x[1]);
    let mut v = x.to_vec();
    scale(&mut v, p);
    scale(&mut v[2..5], q);
    let s: f64 = x.iter().map(|&t| sq(t)).sum();
    let u: Vec<f64> = x.iter().copied().map(sq).collect();
    helper(&v, q) + helper(&x[3..], s) + sq(sq(p)) + u[3]
}

#[differentiate]
pub fn gen_use(x: &[f64]) -> f64 {
    gen_norm(&x[..4]) + gen_iter(&x[..6], &x[6..])
}

#[differentiate]
pub fn nested_closure(x: &[f64]) -> f64 {
    let base = x[0];
    let add = |v: f64| v + base;
    let twice = |v: f64| add(add(v));
    let k = 3;
    let pow = |v: f64, n: usize| {
        let mut r = 1.0;
        for _ in 0..n {
            r *= v;
        }
        r
    };
    twice(x[1]) * pow(x[2], k) + pow(add(x[3]), 2)
}

#[differentiate]
pub fn closures_capture_mut(x: &[f64]) -> f64 {
    let mut total = 0.0;
    let mut add = |v: f64, w: f64| {
        if v < 0.0 {
            return;
        }
        total += v * w;
    };
    for (i, &v) in x.iter().enumerate() {
        add(v, i as f64);
    }
    add(x[0] * x[0], 2.0);
    let clamp01 = |v: f64| -> f64 {
        if v < 0.0 {
            return 0.0;
        }
        if v > 1.0 {
            return 1.0;
        }
        v
    };
    total + clamp01(x[2]) * clamp01(x[4])
}

#[differentiate]
pub fn move_closure(x: &[f64]) -> f64 {
    let mut a = x[0];
    let f = move |t: f64| t * a;
    a = x[1] * 2.0;
    let g = |t: f64| t + a;
    let mut n = 0;
    let mut count = move || {
        n += 1;
        n as f64
    };
    let c = count() + count();
    f(x[2]) + g(x[3]) + c * x[4] + n as f64
}

#[differentiate]
pub fn local_fns(x: &[f64]) -> f64 {
    fn sq(v: f64) -> f64 {
        v * v
    }
    fn dot(a: &[f64], b: &[f64]) -> f64 {
        let mut s = 0.0;
        for i in 0..a.len() {
            s += a[i] * b[i];
        }
        s
    }
    fn bump(v: &mut f64, by: f64) {
        if by < 0.0 {
            return;
        }
        *v += by;
    }
    fn size(n: usize) -> usize {
        n / 2
    }
    const K: f64 = 1.5;
    let h = size(x.len());
    let mut t = sq(x[0]) * K;
    bump(&mut t, x[1]);
    bump(&mut t, x[2]);
    t + dot(&x[..h], &x[h..]) + x.iter().copied().map(sq).sum::<f64>()
}

#[differentiate]
pub fn mut_params_closure(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let scale = |v: &mut [f64], a: f64| {
        for e in v.iter_mut() {
            *e *= a;
        }
    };
    scale(&mut v, x[0]);
    scale(&mut v[2..4], 3.0);
    let push_sq = |v: &mut Vec<f64>, t: f64| v.push(t * t);
    push_sq(&mut v, x[1]);
    let norm = |v: &[f64]| v.iter().map(|t| t * t).sum::<f64>().sqrt();
    norm(&v) + norm(&v[..3])
}

#[differentiate]
pub fn generic_helpers(x: &[f64]) -> f64 {
    let (s, c) = f64::sin_cos(x[0]);
    let a = f64::from(3u8) * x[1] + f64::from(2.5f32);
    let b = f64::mul_add(x[2], 2.0, x[3]);
    let d = x[4].max(0.1).ln().exp_m1().tanh().atan2(x[5]);
    let e = (x[6] - 0.5).signum() * x[7].cbrt().abs().sqrt().recip();
    let g = x[8].clamp(-0.5, 0.5)
        + x[9].copysign(-1.0)
        + x[10].to_degrees() / 100.0
        + x[11].log(3.0).abs();
    s * c + a + b * d + e + if g.is_nan() { 0.0 } else { g }
}
