//! A function of its file's name, which the file around brings by its name.

use autodiff_runtime::differentiate;

/// The energy of a rotor.
#[differentiate]
pub fn rotor<T: num_traits::Float>(inertia: T, speed: &[T]) -> T {
    let square = speed.iter().fold(T::zero(), |sum, &w| sum + w * w);
    inertia * square / (T::one() + T::one())
}

/// Called beside it, where the name is that of the function alone.
#[differentiate]
pub fn pair(x: &[f64]) -> f64 {
    rotor(x[0], x) - rotor(x[1], &x[1..])
}
