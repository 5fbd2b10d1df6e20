use autodiff_runtime::differentiate;

#[differentiate(jvp = step_jvp)]
fn step(x: &mut f64) -> f64 {
    *x += 1.0;
    *x
}

#[differentiate(partials(x = 1.0))]
fn nothing(x: f64) {
    println!("{x}");
}

fn main() {}
