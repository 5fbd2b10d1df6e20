use autodiff_runtime::differentiate;

/// The parameter of the closure has the name of the list that the method changes.
#[differentiate]
fn f(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.each(|v| v * v);
    v.iter().sum()
}

trait Each {
    fn each(&mut self, f: impl Fn(f64) -> f64);
}

impl Each for Vec<f64> {
    fn each(&mut self, f: impl Fn(f64) -> f64) {
        for x in self.iter_mut() {
            *x = f(*x);
        }
    }
}

fn main() {}
