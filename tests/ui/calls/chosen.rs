use autodiff_runtime::differentiate;

#[differentiate]
fn f(x: f64, degree: Option<i32>) -> f64 {
    let g: Box<dyn Fn(f64) -> f64> = match degree {
        Some(n) => {
            let n = n + 1;
            Box::new(move |y| y.powi(n))
        }
        None => Box::new(f64::sin),
    };
    g(x)
}

fn main() {}
