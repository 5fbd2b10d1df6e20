use autodiff_runtime::differentiate;

macro_rules! square {
    ($name:ident) => {
        fn $name(x: f64) -> f64 {
            x * x
        }
    };
}

#[differentiate]
square!(f);

fn main() {}
