use autodiff_runtime::differentiate;

#[differentiate]
fn nth(k: usize, x: f64) -> f64 {
    match k {
        0 => x.sin(),
        _ => x * x,
    }
}

#[differentiate]
fn all(x: f64) -> f64 {
    (0..2).map(|k| nth(k, x)).sum()
}

#[differentiate]
fn both<F, G>(f: F, g: G, x: f64) -> f64
where
    F: Fn(f64) -> f64,
    G: Fn(f64) -> f64,
{
    f(g(x))
}

#[differentiate]
fn fourth_power(x: f64) -> f64 {
    both(|x| x * x, |x| x * x, x)
}

fn main() {
    assert_eq!(all::grad(0.0), 1.0);
    assert_eq!(fourth_power::grad(2.0), 32.0);
}
