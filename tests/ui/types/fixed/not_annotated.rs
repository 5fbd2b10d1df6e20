use autodiff_runtime::differentiate;

#[differentiate]
fn helper(x: f64) -> f64 {
    x * x
}

mod other {
    #[autodiff_runtime::differentiate]
    pub fn helper(x: f64) -> f64 {
        x * x
    }
}

struct Line(f64);

#[differentiate]
impl Line {
    fn at(&self, x: f64) -> f64 {
        self.0 * x
    }
}

#[differentiate]
fn f(x: f64, #[constant] line: &Line) -> f64 {
    helper(x) + other::helper(x) + line.at(x)
}

fn main() {
    assert_eq!(f::grad(3.0, &Line(1.0)), 13.0);
}
