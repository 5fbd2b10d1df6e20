use autodiff_runtime::differentiate;

struct Scale {
    factor: f64,
}

impl Scale {
    #[differentiate]
    fn apply(&self, x: f64) -> f64 {
        self.factor * x
    }
}

fn main() {}
