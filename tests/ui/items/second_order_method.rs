use autodiff_runtime::differentiate;

struct Well {
    depth: f64,
}

#[differentiate(order = 2)]
impl Well {
    fn energy(&self, x: f64) -> f64 {
        self.depth * (x * x - 1.0).powi(2)
    }
}

fn main() {}
