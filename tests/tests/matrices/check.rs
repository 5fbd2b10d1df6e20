//! A function of twelve numbers at two points: reverse against forward against differences, and the primal bit-equal.

/// Where nothing is on a kink.
pub const POINTS: [[f64; 12]; 2] = [
    [
        0.71, -0.3, 1.1, 0.45, 0.9, -0.6, 0.25, 1.3, -0.8, 0.55, 0.15, 0.35,
    ],
    [
        -0.41, 0.8, 0.31, -1.2, 0.6, 0.72, -0.11, 0.93, 1.4, -0.5, 0.66, 2.1,
    ],
];

pub type Reverse = fn(&[f64]) -> (f64, Vec<f64>);
pub type Forward = fn(&[f64], &[f64]) -> (f64, f64);

pub fn check(name: &str, f: fn(&[f64]) -> f64, reverse: Reverse, forward: Forward) {
    for x in &POINTS {
        let value = f(x);
        let (again, gradient) = reverse(x);
        assert_eq!(
            again.to_bits(),
            value.to_bits(),
            "{name}: primal in reverse"
        );
        for k in 0..x.len() {
            let mut direction = [0.0; 12];
            direction[k] = 1.0;
            let (again, slope) = forward(x, &direction);
            assert_eq!(
                again.to_bits(),
                value.to_bits(),
                "{name}: primal in forward"
            );
            let reverse = gradient[k];
            let near = (slope - reverse).abs() <= 1e-10 * slope.abs().max(1.0);
            assert!(near, "{name}: at {k} forward {slope}, reverse {reverse}");
            let difference = difference(f, x, k);
            let near = (slope - difference).abs() <= 2e-7 * difference.abs().max(1.0);
            assert!(
                near,
                "{name}: at {k} slope {slope}, difference {difference}"
            );
        }
        assert!(gradient.iter().any(|g| *g != 0.0), "{name}: all zero");
    }
}

/// Central differences, extrapolated.
fn difference(f: fn(&[f64]) -> f64, x: &[f64], k: usize) -> f64 {
    let moved = |by: f64| {
        let mut x = x.to_vec();
        x[k] += by;
        f(&x)
    };
    let slope = |h: f64| (moved(h) - moved(-h)) / (2.0 * h);
    (4.0 * slope(5e-4) - slope(1e-3)) / 3.0
}

/// Tests by theme.
macro_rules! checks {
    ($($theme:ident: $($f:ident)+;)+) => {$(
        #[test]
        fn $theme() {
            $(check(stringify!($f), $f, $f::value_and_grad, $f::jvp);)+
        }
    )+};
}
