use autodiff_runtime::differentiate;

struct Square;

impl Square {
    fn area(side: f64) -> f64 {
        side * side
    }
}

#[differentiate]
fn f(x: f64) -> f64 {
    Square::area(x)
}

fn main() {}
