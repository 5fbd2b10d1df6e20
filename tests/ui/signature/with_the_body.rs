//! What is wrong with the body is said together with what is wrong with the signature.

use autodiff_runtime::differentiate;

#[differentiate]
unsafe fn scaled(x: &[f64], _names: Option<fn(f64) -> f64>) -> f64 {
    let y = f64::from_bits(x[1].to_bits() >> 1);
    y * x.iter().map(|x| x.next_up()).sum::<f64>()
}

fn main() {}
