use autodiff_runtime::differentiate;

#[differentiate]
fn all(functions: &[fn(f64) -> f64], x: f64) -> f64 {
    functions.iter().map(|f| f(x)).sum()
}

#[differentiate]
fn both<F>(functions: [F; 2], x: f64) -> f64
where
    F: Fn(f64) -> f64,
{
    functions[0](functions[1](x))
}

fn main() {}
