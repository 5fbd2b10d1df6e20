use autodiff_runtime::differentiate;

macro_rules! square {
    ($name:ident) => {
        #[differentiate]
        fn $name(x: f64) -> f64 {
            x * x
        }
    };
}

square!(f);

fn main() {
    assert_eq!(f::grad(3.0), 6.0);
}
