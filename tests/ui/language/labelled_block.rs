use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64) -> f64 {
    'done: {
        if x > 0.0 {
            break 'done x;
        }
        x * x
    }
}

fn main() {}
