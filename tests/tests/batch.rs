//! Several directions at once: each lane is to the bit what one direction gives, and the Jacobian that of single sweeps.

use autodiff_runtime::batch::{Batched, Lanes};
use autodiff_runtime::nalgebra::DMatrix;
use autodiff_runtime::operators::Mode;
use autodiff_runtime::{Coordinates, Differentiable, differentiate};
use num_traits::Float;

#[differentiate(batch)]
fn polar(r: f64, angle: f64) -> [f64; 2] {
    [r * angle.cos(), r * angle.sin()]
}

/// Calls, mutation in place, branches, a `while`, lists of lists, early return.
#[differentiate(batch)]
fn mixed(x: &[f64], scale: f64, n: usize) -> Vec<f64> {
    let mut out = vec![0.0; n];
    if n == 0 {
        return vec![scale];
    }
    let mut rows: Vec<[f64; 2]> = Vec::new();
    for (i, x) in x.iter().enumerate() {
        rows.push(polar(x * scale, 0.3 * i as f64 + x));
    }
    let mut k = 0;
    while k < n {
        let row = rows[k % rows.len()];
        out[k] = if row[0] > 0.1 {
            row[0] / (1.0 + row[1] * row[1])
        } else {
            -row[1].abs().sqrt()
        };
        out[k] *= scale - row[0];
        k += 1;
    }
    let total: f64 = out.iter().map(|o| o * o).sum();
    out.push(total.max(0.5));
    out
}

/// In place, and scratch space that is not differentiated.
#[differentiate(batch)]
fn relax(state: &mut [f64], rate: f64, #[constant] source: &[f64]) {
    let old = state.to_vec();
    for i in 1..state.len() - 1 {
        state[i] += rate * (old[i - 1] - 2.0 * old[i] + old[i + 1]) + source[i];
    }
}

#[differentiate(batch)]
fn advance(start: &[f64], rate: f64, #[constant] source: &[f64], steps: usize) -> Vec<f64> {
    let mut state = start.to_vec();
    for _ in 0..steps {
        relax(&mut state, rate, source);
    }
    state
}

#[differentiate(batch)]
fn normalized<T: Float, const N: usize>(v: [T; N], shift: T) -> ([T; N], T) {
    let mut norm = T::zero();
    for x in v.iter() {
        norm = norm + *x * *x + shift * *x;
    }
    let norm = norm.sqrt();
    (v.map(|x| x / norm), norm * shift)
}

#[differentiate(batch)]
fn through<T: Float>(v: [T; 3], shift: T) -> T {
    let (unit, norm) = normalized::<T, 3>(v, shift);
    unit[0] * norm + unit[1] * unit[2]
}

#[differentiate(batch, partials(x = result * (1.0 - result)))]
fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Unknown types in arithmetic, a cast, a tuple, a recursion.
#[differentiate(batch)]
fn network(weights: &[f64], x: f32) -> (f32, Vec<f64>) {
    let first = logistic(weights[0] * x as f64) * weights[1];
    let second = first / logistic(first - weights[2]);
    (second as f32 * x, vec![first, -second, power(second, 3)])
}

#[differentiate(batch, wrt = x)]
fn power(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { x * power(x, n - 1) }
}

const WEIGHTS: [f64; 3] = [0.5, -1.5, 2.0];

#[differentiate(batch)]
fn weighted(x: &[f64], weights: &[f64]) -> f64 {
    x.iter().zip(weights).map(|(x, w)| w * x * x).sum()
}

#[differentiate(batch)]
fn with_constants(x: &[f64]) -> f64 {
    weighted(x, &WEIGHTS).exp()
}

fn inputs(n: usize) -> Vec<f64> {
    (0..n)
        .map(|i| 0.4 + 0.37 * i as f64 - 0.05 * (i * i) as f64)
        .collect()
}

/// The directions `k` of a point with `n` coordinates: lane `w` has numbers of its own.
fn directions<const W: usize>(n: usize) -> Vec<Lanes<f64, W>> {
    let entry = |i: usize, w: usize| ((3 * i + 5 * w) as f64).sin();
    (0..n)
        .map(|i| Lanes(std::array::from_fn(|w| entry(i, w))))
        .collect()
}

fn lane<const W: usize>(list: &[Lanes<f64, W>], w: usize) -> Vec<f64> {
    list.iter().map(|lanes| lanes.0[w]).collect()
}

#[test]
fn each_lane_is_one_direction() {
    let x = inputs(5);
    let (dx, scale) = (directions::<3>(5), Lanes([1.0, -0.5, 0.0]));
    for n in [0, 1, 4, 9] {
        let (value, slopes) = mixed::jvp_batch(&x, 1.3, n, &dx, scale);
        assert_eq!(value, mixed(&x, 1.3, n));
        for w in 0..3 {
            let (_, slope) = mixed::jvp(&x, 1.3, n, &lane(&dx, w), scale.0[w]);
            assert_eq!(lane(&slopes, w), slope);
        }
    }
}

#[test]
fn changes_in_place_are_followed() {
    let source = [0.0, 0.1, 0.2, 0.3, 0.0, 0.0];
    let (start, dx, rate) = (inputs(6), directions::<4>(6), Lanes([0.0, 1.0, 0.0, -2.0]));
    let (_, slopes) = advance::jvp_batch(&start, 0.2, &source, 4, &dx, rate);
    let (mut state, mut change) = (start.clone(), dx.clone());
    relax::jvp_batch(&mut state, 0.2, &source, &mut change, rate);
    for w in 0..4 {
        let (_, slope) = advance::jvp(&start, 0.2, &source, 4, &lane(&dx, w), rate.0[w]);
        assert_eq!(lane(&slopes, w), slope);
        let (mut one, mut one_change) = (start.clone(), lane(&dx, w));
        relax::jvp(&mut one, 0.2, &source, &mut one_change, rate.0[w]);
        assert_eq!((&one, &one_change), (&state, &lane(&change, w)));
    }
}

#[test]
fn generic_floats_have_lanes() {
    let v = [0.5f32, -0.25, 2.0];
    let dv = [Lanes([1.0f32, 0.0]), Lanes([0.0, 0.5]), Lanes([0.25, -1.0])];
    let shift = Lanes([0.0, 1.0]);
    let (value, slopes) = through::jvp_batch(v, 0.125, dv, shift);
    assert_eq!(value, through(v, 0.125));
    for w in 0..2 {
        let (_, slope) = through::jvp(v, 0.125, dv.map(|d| d.0[w]), shift.0[w]);
        assert_eq!(slopes.0[w], slope);
    }
}

#[test]
fn casts_unknown_types_and_rules_have_lanes() {
    let (weights, dx) = ([0.3, -0.7, 1.1], directions::<2>(3));
    let ((_, _), (slope, list)) = network::jvp_batch(&weights, 0.75, &dx, Lanes([0.5, 0.0]));
    for w in 0..2 {
        let (_, (one, ones)) = network::jvp(&weights, 0.75, &lane(&dx, w), [0.5, 0.0][w]);
        assert_eq!((slope.0[w], lane(&list, w)), (one, ones));
    }
}

#[test]
fn constants_are_passed_on() {
    let (x, dx) = ([0.3, -0.7, 1.1], directions::<2>(3));
    let (_, slope) = with_constants::jvp_batch(&x, &dx);
    let single = [0, 1].map(|w| with_constants::jvp(&x, &lane(&dx, w)).1);
    assert_eq!(slope, Lanes(single));
}

/// A zero seed wins over the infinite slope of the root at zero, lane by lane.
#[test]
fn a_zero_lane_stays_zero() {
    #[differentiate(batch)]
    fn root(x: f64) -> f64 {
        x.sqrt()
    }
    assert_eq!(
        root::jvp_batch(0.0, Lanes([0.0, 1.0])).1,
        Lanes([0.0, f64::INFINITY])
    );
}

fn by_columns(x: &[f64], scale: f64, n: usize) -> DMatrix<f64> {
    let unit = |k: usize| (0..=x.len()).map(move |i| f64::from(i == k));
    let columns: Vec<_> = (0..=x.len())
        .map(|k| {
            let d: Vec<f64> = unit(k).collect();
            mixed::jvp(x, scale, n, &d[..x.len()], d[x.len()]).1
        })
        .collect();
    DMatrix::from_fn(columns[0].len(), columns.len(), |i, j| columns[j][i])
}

/// Batches of eight and of four, and what is left over.
#[test]
fn the_jacobian_is_that_of_single_sweeps() {
    for inputs_there in [1, 3, 4, 7, 11, 12, 18] {
        let x = inputs(inputs_there);
        let n = 20;
        assert_eq!(mixed::jacobian_mode(&x, 0.9, n), Mode::Forward);
        assert_eq!(mixed::jacobian(&x, 0.9, n), by_columns(&x, 0.9, n));
    }
}

#[test]
fn the_jacobian_of_a_change_in_place() {
    #[differentiate(batch, forward)]
    fn turn(point: &mut [f64], angle: f64) {
        let (s, c) = angle.sin_cos();
        for k in 0..point.len() / 2 {
            let (x, y) = (point[2 * k], point[2 * k + 1]);
            point[2 * k] = c * x - s * y;
            point[2 * k + 1] = s * x + c * y;
        }
    }
    let mut point = inputs(6);
    let before = point.clone();
    let jacobian = turn::jacobian(&mut point, 0.4);
    assert_eq!(point, before);
    let (s, c) = 0.4f64.sin_cos();
    let expected = DMatrix::from_fn(6, 7, |i, j| {
        let pair = i / 2 * 2;
        match (i % 2, j) {
            (0, 6) => -s * point[pair] - c * point[pair + 1],
            (_, 6) => c * point[pair] - s * point[pair + 1],
            (0, j) if j == pair => c,
            (0, j) if j == pair + 1 => -s,
            (1, j) if j == pair => s,
            (1, j) if j == pair + 1 => c,
            _ => 0.0,
        }
    });
    assert!((jacobian - expected).amax() < 1e-15);
}

#[test]
fn the_mode_is_the_cheaper_one() {
    #[differentiate]
    fn two(x: &[f64]) -> [f64; 2] {
        [x[0] * x[1], x.iter().sum::<f64>()]
    }
    assert_eq!(two::jacobian_mode(&[1.0, 2.0]), Mode::Forward);
    assert_eq!(two::jacobian_mode(&[1.0, 2.0, 3.0]), Mode::Reverse);
    assert_eq!(through::jacobian_mode([1.0; 3], 2.0), Mode::Reverse);
}

#[test]
#[should_panic(expected = "`tangent of `x`` has shape")]
fn a_wrong_shape_is_named() {
    mixed::jvp_batch(&[1.0, 2.0], 1.0, 2, &[Lanes([1.0])], Lanes([0.0]));
}

#[derive(Clone, Debug, Differentiable)]
#[differentiable(batch)]
struct Wheel<T> {
    radius: T,
    spokes: Vec<T>,
    hub: [T; 2],
    count: usize,
    #[constant]
    name: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
#[differentiable(taylor)]
enum Drive {
    Chain { ratio: f64, teeth: u32 },
    Belt(f64),
    Free,
}

/// Fields, literals, patterns, lists of structs, methods that change their receiver.
#[differentiate(self, batch, taylor)]
impl Wheel<f64> {
    fn rim(&self, angle: f64) -> [f64; 2] {
        let r = self.radius + self.spokes[self.count % self.spokes.len()] * (3.0 * angle).cos();
        [self.hub[0] + r * angle.cos(), self.hub[1] + r * angle.sin()]
    }

    fn roll(&mut self, by: f64) {
        self.hub[0] += self.radius * by;
        for s in self.spokes.iter_mut() {
            *s *= 1.0 - 0.1 * by * by;
        }
    }
}

#[differentiate(batch, taylor)]
fn driven(drive: &Drive, speed: f64) -> f64 {
    match drive {
        Drive::Chain { ratio, teeth } => ratio * speed / f64::from(*teeth),
        Drive::Belt(slip) => speed * (-slip).exp(),
        Drive::Free => 0.5 * speed,
    }
}

#[differentiate(batch, taylor)]
fn tour(wheel: &Wheel<f64>, drives: &[Drive], speed: f64) -> Wheel<f64> {
    let mut moved = wheel.clone();
    let mut far = 0.0;
    for drive in drives {
        let by = driven(drive, speed);
        moved.roll(by);
        let at = moved.rim(by * speed);
        far += (at[0] * at[0] + at[1] * at[1]).sqrt();
    }
    Wheel {
        radius: far,
        spokes: vec![far * moved.hub[0], moved.spokes[1]],
        hub: moved.hub,
        count: 1,
        name: "moved",
    }
}

fn wheel() -> Wheel<f64> {
    let (radius, spokes, hub) = (1.5, vec![0.2, -0.1, 0.4], [0.3, 0.7]);
    Wheel {
        radius,
        spokes,
        hub,
        count: 2,
        name: "front",
    }
}

const DRIVES: [Drive; 3] = [
    Drive::Chain {
        ratio: 1.8,
        teeth: 3,
    },
    Drive::Belt(0.2),
    Drive::Free,
];

/// Random directions of all that is differentiated.
fn direction(seed: f64) -> (WheelTangent<f64>, Vec<DriveTangent>, f64) {
    let mut all = (wheel().zero_tangent(), DRIVES.zero_tangent().to_vec());
    let mut k = seed;
    all.visit_coordinates_mut(&mut |x: &mut f64| {
        k += 1.3;
        *x = k.sin();
    });
    (all.0, all.1, (seed + 0.4).cos())
}

fn flat<S, A: Coordinates<S>>(value: &A) -> Vec<S> {
    let mut list = Vec::new();
    value.visit_coordinates(&mut |x| list.push(x));
    list
}

/// The scalars of what has lists for scalars.
fn set<const W: usize, A: Coordinates<Lanes<f64, W>>>(to: &mut A, lists: &[Vec<f64>]) {
    let mut i = 0;
    to.visit_coordinates_mut(&mut |x: &mut Lanes<f64, W>| {
        *x = Lanes(std::array::from_fn(|w| lists[w][i]));
        i += 1;
    });
}

#[test]
fn structs_and_enums_have_lanes() {
    let given = [direction(0.0), direction(2.0)];
    let (mut wheels, mut drives) = (
        Batched::<2>::zero_tangents(&wheel()),
        Batched::<2>::zero_tangents(&DRIVES[..]),
    );
    set(&mut wheels, &given.each_ref().map(|d| flat(&d.0)));
    set(&mut drives, &given.each_ref().map(|d| flat(&d.1)));
    let speeds = Lanes(given.each_ref().map(|d| d.2));
    let (value, slopes) = tour::jvp_batch(&wheel(), &DRIVES, 0.8, &wheels, &drives, speeds);
    let expected = tour(&wheel(), &DRIVES, 0.8);
    assert_eq!(
        (value.radius, value.spokes),
        (expected.radius, expected.spokes.clone())
    );
    let slopes: Vec<Lanes<f64, 2>> = flat(&slopes);
    for (w, (dw, dd, ds)) in given.iter().enumerate() {
        let (_, one) = tour::jvp(&wheel(), &DRIVES, 0.8, dw, dd, *ds);
        assert_eq!(lane(&slopes, w), flat(&one));
    }
    assert_eq!(tour::jacobian_mode(&wheel(), &DRIVES, 0.8), Mode::Forward);
    let jacobian = tour::jacobian(&wheel(), &DRIVES, 0.8);
    let (_, pullback) = tour::vjp(&wheel(), &DRIVES, 0.8);
    let mut seed = expected.zero_tangent();
    seed.radius = 1.0;
    let (gw, gd, gs) = pullback(seed);
    let row: Vec<f64> = [flat(&gw), flat(&gd), vec![gs]].concat();
    for (a, b) in jacobian.row(0).iter().zip(&row) {
        assert!((a - b).abs() < 1e-13, "{a} {b}");
    }
}

/// The coefficients of what structs hold: differences of the curve.
#[test]
fn structs_and_enums_have_coefficients() {
    let (dw, dd, ds) = direction(1.0);
    let (value, tail) = tour::taylor::<4>(&wheel(), &DRIVES, 0.8, &dw, &dd, ds);
    let at = |t: f64| {
        let (mut wheel, mut drives) = (wheel(), DRIVES);
        wheel.radius += t * dw.radius;
        wheel
            .hub
            .iter_mut()
            .zip(dw.hub)
            .for_each(|(h, d)| *h += t * d);
        let spokes = wheel.spokes.iter_mut().zip(&dw.spokes);
        spokes.for_each(|(s, d)| *s += t * d);
        for (drive, d) in drives.iter_mut().zip(&dd) {
            match (drive, d) {
                (Drive::Chain { ratio, .. }, DriveTangent::Chain { ratio: d, .. }) => {
                    *ratio += t * d;
                }
                (Drive::Belt(slip), DriveTangent::Belt(d)) => *slip += t * d,
                _ => {}
            }
        }
        tour(&wheel, &drives, 0.8 + t * ds)
    };
    let parts = |w: &Wheel<f64>| [w.radius, w.spokes[0], w.spokes[1], w.hub[0], w.hub[1]];
    let left = |t: f64| -> f64 {
        let tails: Vec<Lanes<f64, 4>> = flat(&tail);
        let series = parts(&value).into_iter().zip(tails);
        let series = series.map(|(c, l)| c + l.0.iter().rev().fold(0.0, |sum, c| (sum + c) * t));
        let terms = parts(&at(t))
            .into_iter()
            .zip(series)
            .map(|(a, b)| (a - b).abs());
        terms.sum()
    };
    let (coarse, fine) = (left(0.04), left(0.02));
    assert!(
        coarse > 1e-11 && (24.0..40.0).contains(&(coarse / fine)),
        "{coarse} {fine}"
    );
}

/// A function's own parameter may be called as ours was.
#[test]
fn own_width() {
    #[differentiate(batch, taylor)]
    fn cubes<const W: usize>(x: [f64; W]) -> f64 {
        x.iter().map(|v| v * v * v).sum()
    }
    let expected = (9.0, Lanes([3.0, 3.0, 1.0]));
    assert_eq!(cubes::taylor::<2, 3>([1.0, 2.0], [1.0, 0.0]), expected);
}
