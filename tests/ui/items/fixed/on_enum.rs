use autodiff_runtime::differentiate;

enum Shape {
    Square(f64),
}

#[differentiate]
fn area(side: f64) -> f64 {
    side * side
}

fn main() {
    let Shape::Square(side) = Shape::Square(3.0);
    assert_eq!(area::grad(side), 6.0);
}
