use autodiff_runtime::differentiate;

#[differentiate]
fn square<T: num_traits::Float>(x: T) -> T {
    x * x
}

fn main() {
    assert_eq!(square::grad(3.0), 6.0);
}
