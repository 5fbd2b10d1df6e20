//! Iterators of the crate itertools.
#![allow(clippy::all)]
use autodiff_runtime::differentiate;
use itertools::{Itertools, iproduct, izip};
use tests::agree;

#[differentiate]
fn weighted_neighbours(x: &[f64]) -> f64 {
    izip!(x, x.iter().skip(1), 0..3)
        .map(|(a, b, k)| a * b * k as f64)
        .sum()
}

#[differentiate]
fn roughness(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (a, b) in x.iter().tuple_windows() {
        s += (a - b).powi(2);
    }
    s
}

#[differentiate]
fn of_three(x: &[f64]) -> f64 {
    x.iter()
        .map(|v| v * v)
        .tuple_windows()
        .map(|(a, b, c)| a * b + c)
        .sum::<f64>()
}

#[differentiate]
fn all_products(x: &[f64]) -> f64 {
    let v = x.iter().map(|v| v.sin()).collect_vec();
    iproduct!(&v, x).map(|(a, b)| a * b * b).sum()
}

#[differentiate]
fn gini_mean_difference(x: &[f64]) -> f64 {
    x.iter()
        .cartesian_product(x.iter())
        .map(|(a, b)| (a - b).abs())
        .sum::<f64>()
        / 2.0
}

#[differentiate]
fn by_rank(x: &[f64]) -> f64 {
    x.iter()
        .sorted_by(|a, b| b.total_cmp(a))
        .enumerate()
        .map(|(k, v)| k as f64 * v)
        .sum()
}

#[differentiate]
fn horner_from_the_back(x: &[f64]) -> f64 {
    x.iter().rfold(0.5, |acc, c| acc * x[0] + c)
}

#[differentiate]
fn several_in_step(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for (w, v, k) in izip!(x.iter(), x.iter().rev(), &[1.0, 2.0, 3.0]) {
        s += w * v * k * s;
    }
    s
}

#[differentiate]
fn pairs_as_values(x: &[f64]) -> f64 {
    x.iter()
        .tuple_windows::<(_, _)>()
        .map(|w| w.0 * w.1)
        .sum::<f64>()
}

#[differentiate]
fn by_value(x: &[f64]) -> f64 {
    let y = x.to_vec();
    izip!(y, x).map(|(a, b)| a * b).sum()
}

/// Variables of the function that are called as what is made of it might be.
#[differentiate]
fn names_of_its_own(x: &[f64]) -> f64 {
    let (i0, i1) = (2, 1.5);
    let sorted = [3.0, 1.0, 2.0, 0.0];
    let items = x.to_vec();
    let products = iproduct!(x, 0..i0).map(|(a, b)| a * a * b as f64 * i1);
    let windows = items
        .iter()
        .map(|v| v * items[0])
        .tuple_windows()
        .map(|(a, b)| a * b + items[1]);
    let ranked = x
        .iter()
        .enumerate()
        .sorted_by(|a, b| f64::total_cmp(&sorted[a.0], &sorted[b.0]));
    products.sum::<f64>()
        + windows.sum::<f64>()
        + ranked.map(|(k, v)| k as f64 * v.sin()).sum::<f64>()
}

#[test]
fn adaptors_and_macros() {
    let x = [0.7, -1.3, 2.1, 0.4];
    agree!(weighted_neighbours, x);
    agree!(roughness, x);
    agree!(of_three, x);
    agree!(all_products, x);
    agree!(gini_mean_difference, x);
    agree!(by_rank, x);
    agree!(horner_from_the_back, x);
    agree!(several_in_step, x);
    agree!(pairs_as_values, x);
    agree!(by_value, x);
    agree!(names_of_its_own, x);
}
