use autodiff_runtime::differentiate;

struct Square {
    side: f64,
}

#[differentiate]
fn area(side: f64) -> f64 {
    side * side
}

impl Square {
    fn area(&self) -> f64 {
        area(self.side)
    }
}

fn main() {
    let square = Square { side: 3.0 };
    assert_eq!(square.area(), 9.0);
    assert_eq!(area::grad(square.side), 6.0);
}
