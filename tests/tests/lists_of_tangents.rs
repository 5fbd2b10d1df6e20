//! Several directions at once, and Taylor coefficients, of functions that may have no value and of members: each lane is to the bit what
//! one direction gives, the Jacobian is that of single sweeps, and the first coefficients are slope and half the curvature.

use autodiff_runtime::batch::Lanes;
use autodiff_runtime::differentiate;
use autodiff_runtime::nalgebra::DMatrix;
use autodiff_runtime::operators::Mode;
use num_traits::Float;

/// The direction number `w` of a list.
fn lane<const W: usize>(list: &[Lanes<f64, W>], w: usize) -> Vec<f64> {
    list.iter().map(|lanes| lanes.0[w]).collect()
}

fn directions<const W: usize>(n: usize) -> Vec<Lanes<f64, W>> {
    let entry = |i: usize, w: usize| ((2 * i + 7 * w) as f64).cos();
    (0..n)
        .map(|i| Lanes(std::array::from_fn(|w| entry(i, w))))
        .collect()
}

fn inputs(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.3 + 0.21 * i as f64).collect()
}

/// Slope and half the curvature.
fn close<const K: usize>(tail: Lanes<f64, K>, slope: f64, curvature: f64) {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * (1.0 + b.abs());
    assert!(near(tail.0[0], slope), "{tail:?}, {slope}");
    assert!(near(tail.0[1], curvature / 2.0), "{tail:?}, {curvature}");
}

#[differentiate(batch, taylor, order = 2)]
fn ratio(x: f64, y: f64) -> Option<f64> {
    if y == 0.0 {
        return None;
    }
    Some(x.sin() / y)
}

#[differentiate(batch, taylor, order = 2)]
fn root_of_ratio(x: f64, y: f64) -> Result<f64, String> {
    let r = ratio(x, y).ok_or("a zero below")?;
    let s = ratio(y, x).map(|s| s * r).unwrap_or(1.0);
    if r < 0.0 {
        return Err(format!("{} is negative", r < 0.0));
    }
    Ok(r.sqrt() + s)
}

#[differentiate(batch)]
fn quotients(x: &[f64], y: f64) -> Option<Vec<f64>> {
    let first = ratio(x[0], y)?;
    Some(x.iter().map(|v| v * first + y).collect())
}

#[test]
fn lanes_of_what_may_be_missing() {
    let (dx, dy) = (Lanes([1.0, 0.5, 0.0]), Lanes([0.0, -0.25, 1.0]));
    let (value, slopes) = root_of_ratio::jvp_batch(0.7, 1.3, dx, dy).unwrap();
    assert_eq!(Ok(value), root_of_ratio(0.7, 1.3));
    for w in 0..3 {
        let (_, slope) = root_of_ratio::jvp(0.7, 1.3, dx.0[w], dy.0[w]).unwrap();
        assert_eq!(slopes.0[w], slope);
    }
    assert_eq!(ratio::jvp_batch(0.7, 0.0, dx, dy), None);
    let missing = root_of_ratio::jvp_batch(0.7, 0.0, dx, dy);
    assert_eq!(missing, Err("a zero below".into()));
}

#[test]
fn coefficients_of_what_may_be_missing() {
    let (value, tail) = root_of_ratio::taylor::<3>(0.7, 1.3, 0.4, -0.2).unwrap();
    let (again, slope) = root_of_ratio::jvp(0.7, 1.3, 0.4, -0.2).unwrap();
    let (hx, hy) = root_of_ratio::hvp(0.7, 1.3, 0.4, -0.2).unwrap();
    assert_eq!(value, again);
    close(tail, slope, 0.4 * hx - 0.2 * hy);
    assert!(root_of_ratio::taylor::<3>(0.7, 0.0, 0.4, -0.2).is_err());
    assert_eq!(ratio::taylor::<3>(0.7, 0.0, 0.4, -0.2), None);
}

#[test]
fn the_jacobian_of_what_may_be_missing() {
    for n in [1, 3, 7, 12] {
        let x = inputs(n);
        let jacobian = quotients::jacobian(&x, 0.8).unwrap();
        let columns: Vec<_> = (0..=n)
            .map(|k| {
                let unit: Vec<f64> = (0..=n).map(|i| f64::from(i == k)).collect();
                quotients::jvp(&x, 0.8, &unit[..n], unit[n]).unwrap().1
            })
            .collect();
        let mode = quotients::jacobian_mode(&x, 0.8).unwrap();
        assert_eq!(mode == Mode::Forward, n > 1);
        let expected = DMatrix::from_fn(n, n + 1, |i, j| columns[j][i]);
        assert!((jacobian - expected).amax() <= 1e-14);
    }
    assert_eq!(quotients::jacobian(&[1.0], 0.0), None);
}

/// Ways out of loops, with values and without.
#[differentiate(batch, taylor, order = 2)]
fn first_large(x: &[f64], limit: f64) -> f64 {
    let mut sum = 0.0;
    for v in x {
        sum += v * v;
        if sum > limit {
            return sum.sqrt() * limit;
        }
    }
    let found = loop {
        sum *= 1.5;
        if sum > limit {
            break sum - limit;
        }
    };
    found.sin()
}

#[differentiate(batch)]
fn all_ratios(x: &[f64], y: f64) -> Result<f64, usize> {
    let mut total = 0.0;
    for (k, v) in x.iter().enumerate() {
        total += ratio(*v, y - *v).ok_or(k)?;
    }
    Ok(total)
}

#[test]
fn ways_out_of_loops() {
    let (x, dx) = (inputs(4), directions::<3>(4));
    let limits = Lanes([0.2, 0.0, -1.0]);
    for limit in [0.5, 1.1, 7.0] {
        let (value, slopes) = first_large::jvp_batch(&x, limit, &dx, limits);
        assert_eq!(value, first_large(&x, limit));
        for w in 0..3 {
            let (_, slope) = first_large::jvp(&x, limit, &lane(&dx, w), limits.0[w]);
            assert_eq!(slopes.0[w], slope);
        }
        let v = [0.2, 0.1, -0.3, 0.4];
        let (_, tail) = first_large::taylor::<2>(&x, limit, &v, 0.5);
        let (_, slope) = first_large::jvp(&x, limit, &v, 0.5);
        let (hx, hl) = first_large::hvp(&x, limit, &v, 0.5);
        let curvature = hx.iter().zip(v).map(|(h, v)| h * v).sum::<f64>() + 0.5 * hl;
        close(tail, slope, curvature);
    }
    let (value, slopes) = all_ratios::jvp_batch(&x, 2.0, &dx, limits).unwrap();
    assert_eq!(Ok(value), all_ratios(&x, 2.0));
    for w in 0..3 {
        let (_, slope) = all_ratios::jvp(&x, 2.0, &lane(&dx, w), limits.0[w]).unwrap();
        assert_eq!(slopes.0[w], slope);
    }
    assert_eq!(all_ratios::jvp_batch(&x, x[1], &dx, limits), Err(1));
}

struct Spring {
    stiffness: f64,
    rest: f64,
}

#[differentiate(batch, taylor, order = 2)]
impl Spring {
    fn force(&self, x: f64) -> f64 {
        -self.stiffness * (x - self.rest).sin()
    }

    fn forces(&self, x: &[f64], scale: f64) -> Vec<f64> {
        let mut forces: Vec<f64> = Vec::new();
        for w in x.windows(2) {
            forces.push(self.force(w[1] - w[0]) * Spring::softened(scale));
        }
        forces
    }

    fn softened(x: f64) -> f64 {
        x / (1.0 + x * x)
    }

    fn work(&self, x: &[f64]) -> f64 {
        let forces = self.forces(x, 0.5);
        forces.iter().zip(x).map(|(f, x)| f * x).sum()
    }
}

#[differentiate(batch, taylor, order = 2)]
fn pulled(#[constant] springs: &[Spring], x: &[f64]) -> f64 {
    let mut total = 0.0;
    for spring in springs {
        total += spring.work(x).exp() + spring.force(x[0]);
    }
    total
}

const SPRINGS: [Spring; 2] = [
    Spring {
        stiffness: 1.3,
        rest: 0.1,
    },
    Spring {
        stiffness: 0.4,
        rest: -0.6,
    },
];

#[test]
fn lanes_of_methods() {
    let (x, dx) = (inputs(6), directions::<4>(6));
    let scale = Lanes([0.0, 1.0, -0.5, 2.0]);
    let (value, slopes) = SPRINGS[0].forces_jvp_batch(&x, 0.9, &dx, scale);
    assert_eq!(value, SPRINGS[0].forces(&x, 0.9));
    let (total, total_slopes) = pulled::jvp_batch(&SPRINGS, &x, &dx);
    assert_eq!(total, pulled(&SPRINGS, &x));
    for w in 0..4 {
        let (_, slope) = SPRINGS[0].forces_jvp(&x, 0.9, &lane(&dx, w), scale.0[w]);
        assert_eq!(lane(&slopes, w), slope);
        let (_, slope) = pulled::jvp(&SPRINGS, &x, &lane(&dx, w));
        assert_eq!(total_slopes.0[w], slope);
    }
    let single = Spring::softened_jvp_batch(0.4, Lanes([1.0, 2.0])).1;
    assert_eq!(single.0[0], Spring::softened_jvp(0.4, 1.0).1);
}

#[test]
fn the_jacobian_of_a_method() {
    for n in [2, 5, 9, 14] {
        let x = inputs(n);
        let jacobian = SPRINGS[1].forces_jacobian(&x, 1.1);
        assert_eq!(
            SPRINGS[1].forces_jacobian_mode(&x, 1.1) == Mode::Forward,
            n > 2
        );
        for k in 0..=n {
            let unit: Vec<f64> = (0..=n).map(|i| f64::from(i == k)).collect();
            let (_, column) = SPRINGS[1].forces_jvp(&x, 1.1, &unit[..n], unit[n]);
            for (i, entry) in column.iter().enumerate() {
                assert!((jacobian[(i, k)] - entry).abs() <= 1e-15);
            }
        }
    }
}

#[test]
fn coefficients_of_methods() {
    let (x, v) = (inputs(5), [0.3, -0.2, 0.5, 0.1, -0.4]);
    let curvature = |h: Vec<f64>| h.iter().zip(v).map(|(h, v)| h * v).sum::<f64>();
    let (value, tail) = SPRINGS[0].work_taylor::<2>(&x, &v);
    assert_eq!(value, SPRINGS[0].work(&x));
    let slope = SPRINGS[0].work_jvp(&x, &v).1;
    close(tail, slope, curvature(SPRINGS[0].work_hvp(&x, &v)));
    let (_, tail) = pulled::taylor::<2>(&SPRINGS, &x, &v);
    let slope = pulled::jvp(&SPRINGS, &x, &v).1;
    close(tail, slope, curvature(pulled::hvp(&SPRINGS, &x, &v)));
}

struct Oscillator<T> {
    stiffness: T,
}

#[differentiate(batch, taylor)]
impl<T: Float> Oscillator<T> {
    fn energy(&self, q: T, p: T) -> T {
        (p * p + self.stiffness * q * q) / (T::one() + T::one())
    }

    fn scaled<const N: usize>(&self, state: [T; N]) -> [T; N] {
        state.map(|v| self.energy(v, self.stiffness))
    }
}

#[test]
fn lanes_of_generic_methods() {
    let oscillator = Oscillator { stiffness: 3.0f32 };
    let (_, slopes) = oscillator.energy_jvp_batch(2.0, 5.0, Lanes([1.0, 0.0]), Lanes([0.0, 1.0]));
    assert_eq!(slopes, Lanes([6.0f32, 5.0]));
    let (_, slopes) = oscillator.scaled_jvp_batch([2.0, 1.0], [Lanes([1.0]), Lanes([0.5])]);
    assert_eq!(slopes, [Lanes([6.0f32]), Lanes([1.5])]);
    let (_, tail) = oscillator.energy_taylor::<3>(2.0, 5.0, 1.0, 0.0);
    assert_eq!(tail, Lanes([6.0f32, 1.5, 0.0]));
}
