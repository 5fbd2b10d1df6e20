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
    let c = [x].concat_all();
    a + b + c
}

trait Concat {
    fn concat_all(&self) -> f64;
}

impl Concat for [f64; 1] {
    fn concat_all(&self) -> f64 {
        self[0]
    }
}

fn main() {}
