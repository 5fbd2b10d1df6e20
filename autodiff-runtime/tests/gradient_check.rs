//! The gradient checker finds wrong gradients and accepts right ones.

use autodiff_runtime::check;

fn product(x: &[f64; 3]) -> f64 {
    x.iter().product()
}

#[test]
fn a_right_gradient_passes() {
    let report = check::gradient(product, &[2.0, 3.0, 5.0], &[15.0, 10.0, 6.0]);
    assert_eq!(report.value, 30.0);
    report.assert_below(1e-10);
}

#[test]
fn the_worst_coordinate_is_named() {
    let report = check::gradient(product, &[2.0, 3.0, 5.0], &[15.0, 10.5, 6.1]);
    assert_eq!((report.worst, report.given), (1, 10.5));
    assert!((report.numeric.value - 10.0).abs() < 1e-9);
    assert!((report.error - 0.5 / 10.5).abs() < 1e-9);
}

#[test]
fn nan_is_the_worst_error() {
    let report = check::gradient(product, &[2.0, 3.0, 5.0], &[15.0, f64::NAN, 6.0]);
    assert_eq!((report.worst, report.error), (1, f64::INFINITY));
}

#[test]
fn single_precision() {
    check::gradient(
        |x: &Vec<f32>| x[0].sin() * x[1],
        &vec![0.5, 2.0],
        &vec![2.0 * 0.5f32.cos(), 0.5f32.sin()],
    )
    .assert_below(1e-4);
}

#[test]
fn steps_out_of_the_domain_are_passed_over() {
    let slope = check::derivative(f64::ln, 1e-3);
    assert!((slope.value - 1e3).abs() < 1e-5, "{slope:?}");
    assert!(slope.uncertainty < 1e-4);
    assert!(check::derivative(f64::sqrt, -1.0).value.is_nan());
}

#[test]
fn without_coordinates_there_is_no_error() {
    let report = check::gradient(|_: &Vec<f64>| 7.0, &vec![], &[] as &[f64]);
    assert_eq!((report.value, report.error), (7.0, 0.0));
}

#[test]
#[should_panic(expected = "the gradient is 9e0 at coordinate 0, but differences give 1.")]
fn a_wrong_gradient_is_reported() {
    check::gradient(product, &[2.0, 3.0, 5.0], &[9.0, 10.0, 6.0]).assert_below(1e-6);
}

#[test]
#[should_panic(expected = "the point has 3 coordinates, but the gradient has 2")]
fn a_gradient_of_the_wrong_length_is_refused() {
    check::gradient(product, &[2.0, 3.0, 5.0], &[15.0, 10.0]);
}
