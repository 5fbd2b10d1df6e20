use autodiff_runtime::differentiate;

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
    log.add(x * x);
    log.last() * x
}

fn main() {}
