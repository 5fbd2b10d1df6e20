use autodiff_runtime::differentiate;

#[differentiate]
fn running(x: &[f64]) -> f64 {
    let sum = std::cell::Cell::new(0.0);
    for a in x {
        sum.set(sum.get() + a * a);
    }
    sum.get()
}

#[differentiate]
fn counted(x: f64, calls: &std::sync::atomic::AtomicUsize) -> f64 {
    calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    x * x
}

#[differentiate]
fn logged(x: f64, log: &std::cell::RefCell<Vec<f64>>) -> f64 {
    log.borrow_mut().push(x);
    x * x
}

fn main() {}
