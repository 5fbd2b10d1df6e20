mod shapes {
    #[autodiff_runtime::differentiate]
    pub fn area(side: f64) -> f64 {
        side * side
    }
}

fn main() {
    assert_eq!(shapes::area::grad(3.0), 6.0);
}
