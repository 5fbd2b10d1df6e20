use autodiff_runtime::Differentiable;

#[derive(Differentiable)]
enum Number {
    Float(f64),
    Bits(u64),
}

fn main() {
    let zeros = [Number::Float(1.0), Number::Bits(1)].zero_tangent();
    assert_eq!(zeros, [NumberTangent::Float(0.0), NumberTangent::Bits(())]);
}
