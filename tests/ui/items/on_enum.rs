use autodiff_runtime::differentiate;

#[differentiate]
enum Shape {
    Square(f64),
}

fn main() {}
