//! Methods of lists that keep some elements, put them in another order, or make them.

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

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

/// It cannot be copied but by `clone`.
#[derive(Clone, Debug, Differentiable)]
enum Event {
    Push(f64),
    Several(Vec<f64>),
    Nothing,
}

/// Lists of what is no number change their order.
#[differentiate]
fn events(x: &[f64]) -> f64 {
    let mut events = vec![
        Event::Push(x[0]),
        Event::Nothing,
        Event::Several(x[1..].to_vec()),
    ];
    events.reverse();
    events.swap(0, 1);
    events.rotate_left(1);
    let removed = events.swap_remove(1);
    events.push(removed);
    let mut sum = 0.0;
    for (k, event) in events.iter().enumerate() {
        sum += (k + 1) as f64
            * match event {
                Event::Push(v) => v * v,
                Event::Several(v) => v[0] * v[1].sin(),
                Event::Nothing => x[1],
            };
    }
    sum
}

/// Of pairs of a number and a list.
#[differentiate]
fn pairs_with_lists(x: &[f64]) -> f64 {
    let mut v: Vec<(f64, Vec<f64>)> = x.iter().map(|&t| (t, vec![t * t, 1.0])).collect();
    v.reverse();
    v.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    v.swap(0, 2);
    v.retain_mut(|(k, l)| {
        *k += 1.0;
        l.push(*k);
        l[0] > 0.05
    });
    let first = v.swap_remove(0);
    let rest = v.iter().enumerate();
    rest.fold(first.0, |a, (i, (k, l))| {
        a * k + l[0] * first.1[0] * (i + 1) as f64
    })
}

/// Lists of lists are taken apart.
#[differentiate]
fn lists_apart(x: &[f64]) -> f64 {
    let mut rows: Vec<Vec<f64>> = x.chunks(2).map(<[f64]>::to_vec).collect();
    let first: Vec<Vec<f64>> = rows.drain(..1).collect();
    let (up, down): (Vec<Vec<f64>>, Vec<Vec<f64>>) = rows.into_iter().partition(|p| p[0] < p[1]);
    let sums = up.iter().flatten().sum::<f64>();
    sums * first[0][0] - down.iter().map(|p| p[0] * p[1]).sum::<f64>()
}

/// A fold that begins with a number without derivative.
#[differentiate]
fn seeded(x: &[f64]) -> f64 {
    let n = x.len();
    x.iter().fold(n as f64, |s, q| s * 0.5 + q * q)
}

#[derive(Clone, Debug, Differentiable)]
struct Held {
    value: f64,
}

/// Elements that are not copied, taken from the ends and kept for later, or looked at.
#[differentiate]
fn taken_from_the_ends(x: &[f64]) -> f64 {
    let mut stack: Vec<Held> = x.iter().map(|v| Held { value: *v }).collect();
    let last = stack.pop();
    let mut sum = match last {
        Some(held) if held.value > 0.1 => held.value * stack[0].value,
        Some(_) => x[1],
        None => 0.0,
    };
    while let Some(top) = stack.pop() {
        sum = sum * 0.5 + top.value * top.value;
        if sum > 0.4 && stack.len() > 1 {
            stack.push(Held { value: sum });
            sum -= stack.pop().unwrap().value * x[0];
        }
    }
    let mut queue = std::collections::VecDeque::new();
    queue.push_back(Held { value: x[0] });
    queue.push_back(Held { value: x[1] });
    for step in 0..5 {
        let Some(first) = queue.pop_front() else {
            break;
        };
        sum *= first.value;
        if sum < 0.3 && step < 3 {
            queue.push_back(Held { value: sum + 0.7 });
        } else if let Some(held) = queue.pop_back() {
            sum += held.value * held.value;
        }
    }
    let mut list = vec![Held { value: x[0] }, Held { value: x[2] }];
    list.insert(1, Held { value: x[1] * x[2] });
    let first = list.remove(0);
    sum + first.value * list[0].value - list[1].value
}

/// Rows and parts of one list that are exchanged.
#[differentiate]
fn exchanged_parts(x: &[f64]) -> f64 {
    let mut rows = [[x[0], x[1]], [x[1], x[2]]];
    let [first, second] = &mut rows;
    std::mem::swap(first, second);
    let mut list = x.to_vec();
    let (left, right) = list.split_at_mut(1);
    std::mem::swap(&mut left[0], &mut right[1]);
    left[0] *= right[0];
    rows[0][0] * rows[1][1] - rows[0][1] * list[0] + list[2] * list[2]
}

#[test]
fn lists_of_what_is_moved() {
    agree!(events, vec![0.4, -0.7, 1.3]);
    agree!(pairs_with_lists, vec![0.4, -0.7, 1.3, 0.9]);
    agree!(lists_apart, vec![0.4, -0.7, 1.3, 0.9, -0.2, 0.6]);
    agree!(seeded, vec![0.4, -0.7, 1.3]);
    for x in [[0.4, -0.7, 1.3], [1.2, 0.9, 0.05], [0.3, 0.2, 0.5]] {
        agree!(taken_from_the_ends, x);
        agree!(exchanged_parts, x);
    }
}
