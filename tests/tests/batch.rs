//! Several directions at once: each lane is to the bit what one direction gives, and the Jacobian that of single sweeps.

use autodiff_runtime::batch::Lanes;
use autodiff_runtime::differentiate;
use autodiff_runtime::nalgebra::DMatrix;
use autodiff_runtime::operators::Mode;
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
