use autodiff_runtime::differentiate;

#[differentiate(graph, partials(x = x.signum()))]
fn stated(x: f64) -> f64 {
    x.abs()
}

#[differentiate(graph)]
trait Shape {
    fn area(&self, scale: f64) -> f64;
}

fn main() {}
