use autodiff_runtime::differentiate;

struct Square {
    side: f64,
}

#[differentiate]
impl Square {
    fn area(&self) -> f64 {
        self.side * self.side
    }
}

fn main() {}
