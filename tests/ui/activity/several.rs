use autodiff_runtime::differentiate;

macro_rules! twice {
    ($x:expr) => {
        2.0 * $x
    };
}

#[differentiate]
fn f(x: f64) -> f64 {
    let a = f64::from_bits(x.to_bits());
    let b = twice!(x);
    let c = x.next_up();
    a + b + c
}

fn main() {}
