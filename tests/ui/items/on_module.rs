use autodiff_runtime::differentiate;

#[differentiate]
mod shapes {
    pub fn area(side: f64) -> f64 {
        side * side
    }
}

fn main() {}
