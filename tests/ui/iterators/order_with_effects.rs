use autodiff_runtime::differentiate;

#[differentiate]
fn keys(x: &[f64]) -> f64 {
    let mut count = 0;
    let i = (0..x.len())
        .min_by_key(|i| {
            count += 1;
            (x[*i] * 100.0) as i64
        })
        .unwrap();
    count as f64 * x[i]
}

#[differentiate]
fn comparisons(x: &[f64]) -> f64 {
    let mut sum = 1.0;
    let mut y = x.to_vec();
    y.sort_by(|a, b| {
        sum += a * b;
        a.total_cmp(b)
    });
    sum * y[0]
}

fn main() {}
