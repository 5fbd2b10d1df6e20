//! Functions of their modules' names, brought by name: `mod f; pub use f::f;`.

use autodiff_runtime::differentiate;

mod rotor;
pub use self::rotor::{pair, rotor};

mod norm {
    #[autodiff_runtime::differentiate]
    pub fn norm(x: f64, y: f64) -> f64 {
        x.hypot(y)
    }

    mod inside {
        #[autodiff_runtime::differentiate]
        pub fn halved(x: f64) -> f64 {
            0.5 * super::norm(x, x * x)
        }
    }
    pub use inside::halved;
}
use norm::halved;
use norm::norm;

/// The module is brought with the function.
mod elsewhere {
    use super::norm;
    use super::rotor;

    #[autodiff_runtime::differentiate]
    pub fn mixed(x: &[f64]) -> f64 {
        norm(x[0], x[1]) * rotor(x[2], &x[..2]) + super::norm(x[2], 2.0)
    }
}
pub use elsewhere::mixed;

#[differentiate]
pub fn through_names(x: &[f64]) -> f64 {
    norm(x[0], x[1]) + rotor(x[2], x) + halved(x[1]) + self::norm(1.0, x[2])
}

#[differentiate]
pub fn handed_on(x: &[f64]) -> f64 {
    let scaled = |a: f64, b: f64| norm(a, b) * a;
    scaled(x[0], x[1]) + x.iter().map(|&a| norm(a, 2.0)).sum::<f64>()
}

checks! {
    beside_the_function: |x| pair(x), [0.7, -1.2, 1.9];
    by_names: |x| through_names(x), [0.7, -1.2, 1.9];
    with_modules: |x| mixed(x), [0.7, -1.2, 1.9];
    in_closures: |x| handed_on(x), [0.7, -1.2];
}

#[test]
fn derivatives_by_the_name() {
    assert_eq!(norm::grad(3.0, 4.0), (0.6, 0.8));
    let (value, slope) = rotor::jvp(2.0, &[1.0, 3.0], 1.0, &[0.0, 1.0]);
    assert_eq!((value, slope), (10.0, 5.0 + 6.0));
    assert_eq!(rotor::value_and_grad(2.0, &[1.0, 3.0]).1.1, [2.0, 6.0]);
    assert_eq!(norm::jacobian(3.0, 4.0).as_slice(), [0.6, 0.8]);
}
