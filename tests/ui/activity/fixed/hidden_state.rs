use autodiff_runtime::{differentiate, stop_gradient};

struct Log(std::cell::RefCell<Vec<f64>>);

impl Log {
    fn add(&self, x: f64) {
        self.0.borrow_mut().push(x);
    }

    fn last(&self) -> f64 {
        self.0.borrow()[0]
    }
}

#[differentiate]
fn f(x: f64, #[constant] log: &Log) -> f64 {
    let c = stop_gradient(x * x);
    log.add(c);
    log.last() * x
}

fn main() {
    assert_eq!(f::grad(3.0, &Log(Default::default())), 9.0);
}
