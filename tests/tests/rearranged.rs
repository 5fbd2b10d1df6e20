//! Methods of lists that keep some elements, put them in another order, or make them.

use autodiff_runtime::differentiate;

/// Something of every element and its place.
#[differentiate]
fn summary(v: &[f64]) -> f64 {
    v.iter()
        .enumerate()
        .map(|(i, a)| a * a * (i + 1) as f64)
        .sum()
}

/// The parameter of the closure has the name of the list.
#[differentiate]
fn kept(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let k = x[0];
    v.retain_mut(|v| {
        *v *= k;
        *v > 1.0
    });
    summary(&v)
}

#[differentiate]
fn without_repetition(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.dedup_by_key(|v| *v > 1.0);
    let mut w = x.to_vec();
    w.dedup_by(|a, b| (*a - *b).abs() < 0.5);
    let mut u: Vec<(f64, usize)> = x.iter().map(|x| (x * x, 1)).collect();
    u.dedup_by(|a, b| {
        let close = a.0 < 2.0 * b.0;
        if close {
            b.0 += a.0;
            b.1 += 1;
        }
        close
    });
    summary(&v) * summary(&w) + u.iter().map(|u| u.0.sin() * u.1 as f64).sum::<f64>()
}

#[differentiate]
fn made(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.extend_from_within(1..);
    v.extend_from_within(..1);
    v.resize_with(9, || x[1] * x[0]);
    let mut k = 0.0;
    v[2..4].fill_with(|| {
        k += x[2];
        k * k
    });
    let mut short = x.to_vec();
    short.resize_with(1, || 0.0);
    summary(&v) + short[0]
}

#[differentiate]
fn median(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let mid = v.len() / 2;
    v.select_nth_unstable_by(mid, |a, b| a.partial_cmp(b).unwrap());
    let below = v[..mid].iter().cloned().fold(f64::MIN, f64::max);
    0.5 * v[mid] * below
}

#[differentiate]
fn quantiles(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let (low, m, high) = v.select_nth_unstable_by(2, f64::total_cmp);
    let spread = high.iter().sum::<f64>() - low.iter().sum::<f64>();
    let upper = *m * spread;
    let mut pairs: Vec<(usize, f64)> = x.iter().map(|x| x * 2.0).enumerate().collect();
    let by_index = pairs
        .select_nth_unstable_by_key(1, |p| std::cmp::Reverse(p.0))
        .1;
    upper + by_index.1.exp()
}

tests::checks! {
    retained: |x| kept(x), [1.5, 0.7, 3.0], [0.4, 2.0, 9.0, 1.2];
    deduplicated: |x| without_repetition(x), [1.5, 1.7, 0.3, 0.2, 3.0], [0.4, 2.0, 9.0, 1.2];
    lists_made: |x| made(x), [1.5, 0.7, 3.0], [0.4, 2.0, 0.5];
    medians: |x| median(x), [1.5, 0.7, 3.0, -1.0, 0.1], [0.4, 2.0, 9.0, 1.2];
    selected: |x| quantiles(x), [1.5, 0.7, 3.0, -1.0, 0.1], [0.4, 2.0, 9.0, 1.2, 0.3];
}
