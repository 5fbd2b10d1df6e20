use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    let a = f64::from_bits(x.to_bits());
    let b = x.next_down();
    let c = x.next_up();
    a + b + c
}

fn main() {}
