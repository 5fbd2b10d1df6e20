//! Iterator chains: sources, adaptors and consumers in the combinations that occur.

use autodiff_runtime::differentiate;
use std::iter::{self, once, repeat, successors, zip};

#[differentiate]
pub fn windows_with_chunks(x: &[f64]) -> f64 {
    x.windows(2)
        .zip(x.chunks(2))
        .map(|(w, c)| (w[1] - w[0]) * c.iter().sum::<f64>())
        .sum()
}

#[differentiate]
pub fn rev_of_enumerate(x: &[f64]) -> f64 {
    x.iter()
        .enumerate()
        .rev()
        .fold(0.0, |acc, (i, &v)| acc * 0.5 + i as f64 * v)
}

#[differentiate]
pub fn scan_take_while(x: &[f64]) -> f64 {
    x.iter()
        .scan(1.0, |p, &v| {
            *p *= v;
            Some(*p)
        })
        .take_while(|&p| p > 0.05)
        .map(|p| p.sqrt())
        .sum()
}

#[differentiate]
pub fn scan_tuple_state(x: &[f64]) -> f64 {
    x.iter()
        .scan((0.0, 1.0), |state, &v| {
            let (a, b) = *state;
            *state = (b, a * 0.3 + b * v);
            Some(state.0 + state.1)
        })
        .sum()
}

#[differentiate]
pub fn scan_fields(x: &[f64]) -> Vec<f64> {
    x.iter()
        .scan((0.0, 0.0), |st, &v| {
            st.0 = 0.9 * st.0 + 0.1 * v;
            st.1 += st.0 * v;
            Some(st.0 * st.1)
        })
        .collect()
}

#[differentiate]
pub fn scan_pattern(x: &[f64]) -> f64 {
    x.iter()
        .scan((0.0, 1.0), |(s, p), &v| {
            *s += v;
            *p *= v;
            Some(*s * *p)
        })
        .last()
        .unwrap()
}

#[differentiate]
pub fn flat_map_ranges(x: &[f64]) -> f64 {
    (0..x.len())
        .flat_map(|i| (i + 1..x.len()).map(move |j| (i, j)))
        .map(|(i, j)| (x[i] - x[j]).powi(2))
        .sum()
}

#[differentiate]
pub fn filter_map_ln(x: &[f64]) -> f64 {
    x.iter().filter_map(|&v| (v > 0.0).then(|| v.ln())).sum()
}

#[differentiate]
pub fn filter_map_some(x: &[f64]) -> f64 {
    x.iter()
        .enumerate()
        .filter_map(|(i, v)| if i % 2 == 0 { Some(v * v) } else { None })
        .fold(1.0, |a, b| a * (1.0 + b))
}

#[differentiate]
pub fn peekable_runs(x: &[f64]) -> f64 {
    let mut total = 0.0;
    let mut it = x.iter().peekable();
    while let Some(a) = it.next() {
        total += match it.peek() {
            Some(&&b) => a * b,
            None => a.sin(),
        };
    }
    total
}

#[differentiate]
pub fn cycle_take(x: &[f64], w: &[f64]) -> f64 {
    x.iter()
        .zip(w.iter().cycle())
        .map(|(a, b)| a * b)
        .sum::<f64>()
        + w.iter().cycle().take(7).map(|v| v * v).sum::<f64>()
        + w.iter()
            .cycle()
            .skip(1)
            .take(x.len())
            .zip(x)
            .map(|(a, b)| a.sin() * b)
            .sum::<f64>()
}

#[differentiate]
pub fn strided(x: &[f64]) -> f64 {
    let even: f64 = x.iter().step_by(2).sum();
    let odd: f64 = x.iter().skip(1).step_by(2).sum();
    let last: f64 = x.iter().rev().step_by(3).map(|v| v.cos()).sum();
    let mut s = even * odd - last;
    for i in (0..=x.len() - 1).step_by(2) {
        s += x[i] * i as f64;
    }
    for i in (0..=x.len() - 1).rev().step_by(2) {
        s *= 1.0 + 0.1 * x[i];
    }
    for i in (0..5).step_by(2).rev() {
        s += x[i].exp() * s;
    }
    s
}

#[differentiate]
pub fn unzipped(x: &[f64]) -> f64 {
    let (sines, cosines): (Vec<f64>, Vec<f64>) = x.iter().map(|v| v.sin_cos()).unzip();
    let (idx, vals): (Vec<usize>, Vec<f64>) =
        x.iter().enumerate().map(|(i, v)| (i, v * 2.0)).unzip();
    sines.iter().zip(&cosines).map(|(s, c)| s * c).sum::<f64>() + vals[idx[1]]
}

#[differentiate]
pub fn extremes(x: &[f64]) -> f64 {
    let a = x.iter().copied().max_by(|a, b| a.total_cmp(b)).unwrap();
    let b = x
        .iter()
        .copied()
        .min_by(|a, b| a.partial_cmp(b).unwrap())
        .unwrap();
    let c = x.iter().cloned().max_by(f64::total_cmp).unwrap();
    let d = x.iter().min_by(|a, b| a.total_cmp(b)).unwrap();
    let e = x
        .iter()
        .max_by(|x, y| x.abs().partial_cmp(&y.abs()).unwrap())
        .unwrap();
    let (i, f) = x
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal))
        .unwrap();
    a * b + c * d + e.sin() + f * i as f64
}

#[differentiate]
pub fn reduced(x: &[f64]) -> f64 {
    let m = x.iter().copied().reduce(f64::max).unwrap_or(0.0);
    let p = x.iter().copied().reduce(|a, b| a * 0.7 + b).unwrap();
    let q = x.iter().map(|v| v * v).reduce(|a, b| a.min(b)).unwrap();
    m * p + q
}

#[differentiate]
pub fn sums_of_references(x: &[f64]) -> f64 {
    let a: f64 = x.iter().sum();
    let b = x.iter().product::<f64>();
    let c: f64 = x.iter().filter(|v| **v > 0.2).sum();
    let d: f64 = (&x[1..]).iter().take(2).sum();
    a * b + c - d
}

#[differentiate]
pub fn fold_tuple(x: &[f64]) -> f64 {
    let (n, mean, m2) = x.iter().fold((0usize, 0.0, 0.0), |(n, mean, m2), &v| {
        let n = n + 1;
        let delta = v - mean;
        let mean = mean + delta / n as f64;
        (n, mean, m2 + delta * (v - mean))
    });
    m2 / (n - 1) as f64 + mean
}

#[differentiate]
pub fn fold_array(x: &[f64]) -> f64 {
    let acc = x.iter().fold([0.0; 3], |mut acc, &v| {
        acc[0] += v;
        acc[1] += v * v;
        acc[2] += v * v * v;
        acc
    });
    acc[2] - acc[0] * acc[1]
}

#[differentiate]
pub fn function_zip(x: &[f64], y: &[f64]) -> f64 {
    zip(x, y).map(|(a, b)| a * b).sum::<f64>()
        + iter::zip(x.iter(), &y[1..])
            .map(|(a, b)| a - b)
            .product::<f64>()
}

#[differentiate]
pub fn sources(x: &[f64]) -> f64 {
    let a: f64 = once(x[0])
        .chain(x[1..].iter().copied())
        .chain(once(2.0))
        .map(|v| v * v)
        .sum();
    let b: f64 = repeat(x[1])
        .take(3)
        .enumerate()
        .map(|(i, v)| v.powi(i as i32))
        .sum();
    let c: f64 = iter::repeat_n(x[2], 4).sum();
    let d: f64 = std::array::from_fn::<f64, 3, _>(|i| x[i] * i as f64)
        .iter()
        .sum();
    let e: f64 = [x[0], x[1]].into_iter().map(f64::sin).sum();
    let f: f64 = vec![x[2], x[0] * x[1]]
        .into_iter()
        .rev()
        .fold(0.0, |a, b| a * 2.0 + b);
    a + b * c + d - e * f
}

#[differentiate]
pub fn succession(x: &[f64]) -> f64 {
    successors(Some(x[0]), |&v| Some(v * x[1]))
        .take(5)
        .sum::<f64>()
        + successors(
            Some(x[1]),
            |v| if *v < 10.0 { Some(v * v + 1.0) } else { None },
        )
        .sum::<f64>()
}

#[differentiate]
pub fn generated(x: &[f64]) -> f64 {
    let mut state = x[0];
    let series: Vec<f64> = iter::repeat_with(|| {
        state = 0.5 * state + x[1];
        state
    })
    .take(4)
    .collect();
    let mut k = 0;
    let more: f64 = iter::from_fn(|| {
        k += 1;
        if k < 4 { Some(x[0] * k as f64) } else { None }
    })
    .sum();
    series.iter().sum::<f64>() + more
}

#[differentiate]
pub fn consumers(x: &[f64]) -> f64 {
    let last = x.iter().last().unwrap();
    let second = x.iter().nth(1).unwrap();
    let n = x.iter().filter(|&&v| v > 0.0).count();
    let found = x.iter().find(|v| **v > 0.5).copied().unwrap_or(1.0);
    let at = x.iter().position(|&v| v > 0.5).unwrap_or(0);
    let back = x.iter().rposition(|&v| v > 0.5).unwrap_or(0);
    let any = x.iter().any(|v| v.is_nan());
    let fm = x
        .iter()
        .find_map(|&v| (v > 1.0).then_some(v * v))
        .unwrap_or_default();
    if any {
        0.0
    } else {
        last * second + found * n as f64 + x[at] * x[back] + fm
    }
}

#[differentiate]
pub fn try_folded(x: &[f64]) -> f64 {
    let total = x.iter().try_fold(1.0, |acc, &v| {
        if v > -5.0 {
            Some(acc * (v + 5.0))
        } else {
            None
        }
    });
    total.unwrap_or(0.0)
}

#[differentiate]
pub fn partitioned(x: &[f64]) -> f64 {
    let (pos, neg): (Vec<f64>, Vec<f64>) = x.iter().partition(|&&v| v >= 0.0);
    pos.iter().sum::<f64>() * neg.iter().map(|v| v * v).sum::<f64>()
}

#[differentiate]
pub fn map_while_inspect(x: &[f64]) -> f64 {
    let mut seen = 0;
    let s: f64 = x
        .iter()
        .inspect(|_| seen += 1)
        .map_while(|&v| if v > -1.0 { Some(v + 1.0) } else { None })
        .map(f64::sqrt)
        .sum();
    s * seen as f64
}

#[differentiate]
pub fn sum_of_vectors(points: &[[f64; 2]]) -> f64 {
    let n = points.len() as f64;
    let centroid = points
        .iter()
        .fold([0.0, 0.0], |[cx, cy], [px, py]| [cx + px / n, cy + py / n]);
    points
        .iter()
        .map(|p| {
            p.iter()
                .zip(centroid.iter())
                .map(|(a, c)| (a - c).powi(2))
                .sum::<f64>()
                .sqrt()
        })
        .sum()
}

#[differentiate]
pub fn counted_strings(x: &[f64], text: &str) -> f64 {
    let mut s = 0.0;
    for (c, v) in text.chars().zip(x.iter().cycle()) {
        s += v * c as u8 as f64;
    }
    text.bytes()
        .enumerate()
        .map(|(i, b)| x[i % x.len()] * f64::from(b))
        .sum::<f64>()
        + s
}

#[differentiate]
pub fn running_max(x: &[f64]) -> f64 {
    let mut peak = f64::NEG_INFINITY;
    let drawdowns = x.iter().map(|&v| {
        peak = peak.max(v);
        (peak - v) / peak
    });
    drawdowns.fold(0.0, f64::max)
}

#[differentiate]
pub fn min_max_folds(x: &[f64]) -> f64 {
    let lo = x.iter().fold(f64::INFINITY, |a, &b| a.min(b));
    let hi = x.iter().cloned().fold(f64::NAN, f64::max);
    x.iter().map(|v| (v - lo) / (hi - lo)).map(|v| v * v).sum()
}

#[differentiate]
pub fn iterator_in_let(x: &[f64]) -> f64 {
    let squares = x.iter().map(|v| v * v);
    let total: f64 = squares.clone().sum();
    let shifted = squares.skip(1).zip(x.iter());
    let mut s = 0.0;
    for (q, v) in shifted {
        s += q * v;
    }
    s / total
}

#[differentiate]
pub fn stateful_map_skipped(x: &[f64]) -> f64 {
    let mut acc = 0.0;
    x.iter()
        .map(|v| {
            acc += v;
            acc
        })
        .skip(1)
        .sum()
}

#[differentiate]
pub fn stateful_map_last(x: &[f64]) -> f64 {
    let mut acc = 1.0;
    let last = x
        .iter()
        .map(|v| {
            acc *= v;
            acc
        })
        .last()
        .unwrap();
    let mut total = 0.0;
    let stepped: f64 = x
        .iter()
        .map(|v| {
            total += v;
            total
        })
        .step_by(2)
        .sum();
    let mut sum = 0.0;
    let third = x
        .iter()
        .map(|v| {
            sum += v.sin();
            sum
        })
        .nth(2)
        .unwrap();
    let mut count = 0;
    let n = x.iter().inspect(|_| count += 1).skip(2).count();
    last * stepped + third * n as f64 + count as f64 * x[0]
}

#[differentiate]
pub fn stateful_map_reversed(x: &[f64]) -> f64 {
    let mut acc = 1.0;
    let weights: Vec<f64> = x
        .iter()
        .map(|v| {
            acc = acc * 0.5 + v;
            acc
        })
        .rev()
        .collect();
    let mut s = 0.0;
    let zipped: f64 = weights
        .iter()
        .zip(x.iter().map(|v| {
            s += v * v;
            s
        }))
        .map(|(a, b)| a * b)
        .sum();
    zipped + s + acc
}

#[differentiate]
pub fn functions_by_name(x: &[f64], counts: &[u32]) -> f64 {
    use std::ops::{Add, Mul};
    let a: f64 = counts.iter().copied().map(f64::from).sum();
    let b: f64 = x.iter().copied().map(f64::abs).sum();
    let rows: Vec<Vec<f64>> = x.chunks(2).map(<[f64]>::to_vec).collect();
    let n: usize = rows.iter().map(Vec::len).sum();
    let c = x.iter().copied().fold(1.0, Mul::mul) + x.iter().copied().fold(0.0, Add::add);
    let d = x.iter().copied().fold(0.0, std::ops::Add::add);
    let e = if x.iter().copied().all(f64::is_finite) && !x.iter().any(|v| v.is_nan()) {
        1.0
    } else {
        x[0]
    };
    let f: f64 = x.iter().cloned().map(square).sum();
    let g: f64 = x.iter().map(Clone::clone).map(f64::sin).sum();
    let h = x
        .iter()
        .map(ToOwned::to_owned)
        .map(f64::exp)
        .reduce(f64::min)
        .unwrap();
    a * b + n as f64 * c + d * e + f + g + h
}

#[differentiate]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiate]
pub fn states(x: &[f64]) -> f64 {
    let fibonacci: f64 = successors(Some((x[0], x[1])), |&(a, b)| Some((b, a + b * x[0])))
        .map(|(a, _)| a)
        .take_while(|a| *a < 50.0)
        .take(6)
        .sum();
    let mut acc = 0.0;
    let zipped: f64 = x[..2]
        .iter()
        .zip(x.iter().map(|v| {
            acc += v * v;
            acc
        }))
        .map(|(a, b)| a * b)
        .sum();
    let mut left = 3;
    let counted: f64 = std::iter::from_fn(|| {
        left -= 1;
        if left > 0 {
            Some(x[left] * left as f64)
        } else {
            None
        }
    })
    .sum();
    let lists = [x[0], x[1], x[2]].map(|v| vec![v, v * v]);
    let flat: f64 = lists.iter().flatten().product();
    fibonacci + zipped * acc + counted + flat
}

/// Iterators run for what their closures write through the items.
#[differentiate]
fn written_through_items(x: &[f64], a: f64) -> f64 {
    let mut out = vec![0.0; x.len()];
    x.iter()
        .zip(out.iter_mut())
        .enumerate()
        .map(|(i, (x, o))| (i, x, x * 2.0, o))
        .map(|(i, &x, twice, o)| *o = if i == 0 { a * x } else { twice * twice })
        .count();
    let n = out
        .iter_mut()
        .filter_map(|o| {
            *o *= 2.0;
            (*o > 0.0).then_some(o)
        })
        .count();
    out.iter_mut()
        .map(|o| {
            *o *= a;
            o
        })
        .skip(1)
        .for_each(|o| *o += a);
    let _ = out
        .iter_mut()
        .rev()
        .map(|o| {
            *o *= 1.5;
            *o
        })
        .nth(1);
    let _ = out
        .iter_mut()
        .map(|o| {
            *o *= 1.5;
            *o
        })
        .position(|v| v > 1.0);
    let last = out
        .chunks_mut(2)
        .map(|c| {
            c[0] += a;
            c[0]
        })
        .last()
        .unwrap();
    out.iter().sum::<f64>() * n as f64 + last
}

/// A convolution that keeps the length.
#[differentiate]
fn same_convolution(kernel: &[f64; 3], x: &[f64]) -> Vec<f64> {
    (0..x.len())
        .map(|i| {
            let taps = kernel.iter().enumerate();
            taps.filter_map(|(j, w)| {
                let at = (i + j).checked_sub(1);
                at.and_then(|t| x.get(t)).map(|v| v * w)
            })
            .sum()
        })
        .collect()
}

#[differentiate]
fn pairs_and_rest(x: &[f64]) -> f64 {
    let pairs = x.chunks_exact(2);
    let rest: f64 = pairs.remainder().iter().sum();
    pairs.map(|c| c[0] * c[1]).sum::<f64>() + 3.0 * rest
}

/// The best so far, with its position.
#[differentiate]
fn best_so_far(x: &[f64]) -> f64 {
    let mut best: Option<(usize, f64)> = None;
    for (i, &v) in x.iter().enumerate() {
        if v < 0.0 {
            continue;
        }
        let score = v * v + 0.1 * i as f64;
        best = match best {
            Some((_, b)) if b >= score => best,
            _ => Some((i, score)),
        };
    }
    best.map(|(i, s)| s * (i + 1) as f64).unwrap_or_default()
}

checks! {
    bests: |x| best_so_far(x), [0.3, 0.5, -0.2, 0.1], [1.3, 0.5, 0.2];
    same_lengths: |x| same_convolution(&[x[0], x[1], x[2]], &x[3..]).iter().map(|v| v * v).sum(), [0.3, 0.6, -0.9, 1.0, 0.4, 2.0];
    remainders: |x| pairs_and_rest(x), [0.3, 0.6, -0.9], [0.3, 0.6, -0.9, 1.0];
    items_written: |x| written_through_items(&x[1..], x[0]), [0.4, 0.3, 0.5, -0.7], [2.0, 0.3];
    stateful_sources: |x| states(x), [0.4, 1.3, 2.7], [1.4, 0.3, 0.7];
    by_name: |x| functions_by_name(x, &[1, 2, 3]), [0.4, 1.3, 2.7, -0.55];
    stateful: |x| stateful_map_skipped(x) * stateful_map_last(x) + stateful_map_reversed(x), [0.4, 1.3, 2.7, -0.55, 0.2];
    windows_chunks: |x| windows_with_chunks(x), [0.4, 1.3, 2.7, -0.55, 0.2];
    reversed: |x| rev_of_enumerate(x), [0.4, 1.3, 2.7, -0.55];
    scans: |x| scan_take_while(x) + scan_tuple_state(x) + scan_pattern(x), [0.4, 1.3, 0.7, 0.2, 0.1, 0.6];
    scans_of_fields: |x| scan_fields(x).iter().sum(), [0.4, 1.3, 0.7, 0.2];
    flat: |x| flat_map_ranges(x), [0.4, 1.3, 2.7, -0.55];
    filtered: |x| filter_map_ln(x) * filter_map_some(x), [0.4, 1.3, 2.7, -0.55];
    peeked: |x| peekable_runs(x), [0.4, 1.3, 2.7, -0.55];
    cycled: |x| cycle_take(x, &x[..3]), [0.4, 1.3, 2.7, -0.55, 0.9];
    steps: |x| strided(x), [0.4, 1.3, 0.7, -0.55, 0.9, 0.1];
    unzips: |x| unzipped(x), [0.4, 1.3, 2.7, -0.55];
    most: |x| extremes(x) + reduced(x), [0.4, 1.3, 2.7, -0.55];
    sums: |x| sums_of_references(x), [0.4, 1.3, 2.7, -0.55];
    folds: |x| fold_tuple(x) + fold_array(x), [0.4, 1.3, 2.7, -0.55];
    zips: |x| function_zip(&x[..3], &x[2..]), [0.4, 1.3, 2.7, -0.55, 0.3, 0.5];
    several_sources: |x| sources(x), [0.4, 1.3, 2.7];
    successive: |x| succession(x), [0.4, 1.3];
    generators: |x| generated(x), [0.4, 1.3];
    consumed: |x| consumers(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    try_folds: |x| try_folded(x), [0.4, 1.3, 2.7, -0.55, 0.3];
    partitions: |x| partitioned(x), [0.4, 1.3, 2.7, -0.55, -0.3];
    inspected: |x| map_while_inspect(x), [0.4, 1.3, 2.7, -0.55, -0.3];
    vectors: |x| sum_of_vectors(&[[x[0], x[1]], [x[2], x[3]], [x[4], x[5]]]), [0.4, 1.3, 2.7, -0.55, -0.3, 0.8];
    strings: |x| { let text = String::from("some text"); counted_strings(x, &text) }, [0.4, 1.3, 2.7];
    drawdown: |x| running_max(x) + min_max_folds(x), [0.4, 1.3, 0.7, 2.4, 1.3];
    held: |x| iterator_in_let(x), [0.4, 1.3, 2.7];
}
