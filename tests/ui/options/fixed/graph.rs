use autodiff_runtime::differentiate;

#[differentiate(partials(x = x.signum()))]
fn stated(x: f64) -> f64 {
    x.abs()
}

struct Square(f64);

#[differentiate]
trait Solid {
    fn volume(&self, scale: f64) -> f64;
}

#[differentiate]
impl Solid for Square {
    fn volume(&self, scale: f64) -> f64 {
        self.0 * scale * scale
    }
}

#[differentiate(graph)]
fn calls(#[constant] square: &Square, scale: f64) -> f64 {
    stated(square.volume(scale))
}

fn main() {
    assert_eq!(calls::grad(&Square(3.0), 2.0), 12.0);
    assert_eq!(calls::graph().operations.primal, 2);
}
