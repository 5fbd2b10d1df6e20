use autodiff_runtime::differentiate;

#[differentiate]
fn root(x: f64) -> Result<f64, f64> {
    if x > 0.0 { Ok(x.sqrt()) } else { Err(x * x) }
}

#[differentiate]
fn or_else(x: f64) -> f64 {
    root(x).unwrap_or_else(|e| e + 1.0)
}

#[differentiate]
fn matched(x: f64, y: f64) -> f64 {
    match root(x) {
        Ok(v) => v * y,
        Err(e) => e * y,
    }
}

struct Negative {
    by: f64,
}

#[differentiate]
fn of_a_type(x: f64) -> f64 {
    let positive = if x > 0.0 { Ok(x) } else { Err(Negative { by: x * x }) };
    match positive {
        Ok(v) => v,
        Err(negative) => negative.by,
    }
}

fn main() {}
