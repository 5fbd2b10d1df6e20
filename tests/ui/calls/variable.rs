use autodiff_runtime::differentiate;

mod choices {
    pub fn pick(smooth: bool) -> fn(f64) -> f64 {
        if smooth { f64::sin } else { f64::cos }
    }
}

#[differentiate]
fn f(x: f64) -> f64 {
    let g = choices::pick(x > 0.0);
    g(x)
}

fn main() {}
