use autodiff_runtime::differentiate;

/// There are two: which of them is meant is not seen.
#[allow(unused)]
mod one {
    macro_rules! square {
        ($x:expr) => {
            $x * $x
        };
    }
    pub(crate) use square;
}

macro_rules! square {
    ($x:expr) => {
        $x * $x * $x
    };
}

#[differentiate]
fn f(x: f64) -> f64 {
    square!(x) + 1.0
}

fn main() {}
