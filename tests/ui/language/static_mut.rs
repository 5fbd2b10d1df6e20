use autodiff_runtime::differentiate;

#[differentiate]
fn square(x: f64) -> f64 {
    static mut CALLS: usize = 0;
    x * x
}

fn main() {}
