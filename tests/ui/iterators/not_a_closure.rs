use autodiff_runtime::differentiate;

mod choices {
    pub fn pick(which: usize) -> fn(f64) -> f64 {
        [f64::sin, f64::cos][which]
    }
}

#[differentiate]
fn f(x: &[f64], which: usize) -> f64 {
    x.iter().copied().map(choices::pick(which)).sum()
}

fn main() {}
