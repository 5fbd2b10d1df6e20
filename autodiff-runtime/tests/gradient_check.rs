//! The checks of derivatives find wrong ones and accept right ones.

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
#[should_panic(expected = "the derivative is 9e0 at coordinate 0, but differences give 1.")]
fn a_wrong_gradient_is_reported() {
    check::gradient(product, &[2.0, 3.0, 5.0], &[9.0, 10.0, 6.0]).assert_below(1e-6);
}

#[test]
#[should_panic(expected = "the point has 3 coordinates, but the gradient has 2")]
fn a_gradient_of_the_wrong_length_is_refused() {
    check::gradient(product, &[2.0, 3.0, 5.0], &[15.0, 10.0]);
}

fn polar((r, angle): &(f64, f64)) -> (f64, f64) {
    (r * angle.cos(), r * angle.sin())
}

#[test]
fn tangents_are_checked_output_by_output() {
    let (x, v) = ((2.0, 0.6), (1.0, -0.5));
    let (sin, cos) = 0.6f64.sin_cos();
    let right = |x: &(f64, f64), _: &(f64, f64)| (polar(x), (cos + sin, sin - cos));
    check::check_jvp(polar, right, &x, &v).assert_below(1e-10);
    let wrong = |x: &(f64, f64), _: &(f64, f64)| (polar(x), (cos + sin, sin + cos));
    let report = check::check_jvp(polar, wrong, &x, &v);
    assert_eq!((report.worst, report.value), (1, 2.0 * sin));
    assert!((report.numeric.value - (sin - cos)).abs() < 1e-10);
}

#[test]
fn pullbacks_are_checked_input_by_input() {
    let (x, w) = ((2.0, 0.6), (3.0, -1.0));
    let (sin, cos) = 0.6f64.sin_cos();
    let gradient = (3.0 * cos - sin, -6.0 * sin - 2.0 * cos);
    check::check_vjp(polar, |_, _| gradient, &x, &w).assert_below(1e-10);
    let report = check::check_vjp(polar, |_, _| (gradient.0, 0.0), &x, &w);
    assert_eq!((report.worst, report.given), (1, 0.0));
}

#[test]
fn hessians_are_checked_entry_by_entry() {
    let grad = |x: &[f64; 2]| [2.0 * x[0] * x[1], x[0] * x[0] + x[1].exp()];
    let x = [1.5, 0.5];
    let right = nalgebra::dmatrix![1.0, 3.0; 3.0, 0.5f64.exp()];
    check::check_hessian(grad, &right, &x).assert_below(1e-10);
    let wrong = nalgebra::dmatrix![1.0, 3.5; 3.0, 0.5f64.exp()];
    let report = check::check_hessian(grad, &wrong, &x);
    assert_eq!((report.worst, report.given), (2, 3.5));
    assert!((report.numeric.value - 3.0).abs() < 1e-10);
}

#[test]
#[should_panic(expected = "the point has 2 coordinates, but a column of the Hessian has 3")]
fn a_hessian_of_another_shape_is_refused() {
    let hessian = nalgebra::DMatrix::<f64>::zeros(3, 3);
    let _ = check::check_hessian(|x: &[f64; 2]| *x, &hessian, &[1.0, 2.0]);
}

/// Close to the edge of a domain, and where a function changes at a smaller scale than the usual steps.
#[test]
fn close_to_zero() {
    let slope = check::derivative(f64::sqrt, 1e-8);
    assert!((slope.value - 5e3).abs() < 1e-4, "{slope:?}");
    let slope = check::derivative(|x: f64| 1e30 * x.powi(3), 1e-12);
    assert!((slope.value - 3e6).abs() < 1.0, "{slope:?}");
    let slope = check::derivative(|x: f64| 1.0 + x, 1e-8);
    assert!((slope.value - 1.0).abs() < 1e-12, "{slope:?}");
}

/// The uncertainty is not below what the rounding of the values may change.
#[test]
fn rounding_is_uncertain() {
    let slope = check::derivative(|x: f64| 1e30 * x.powi(3) + 1e24, 1e-12);
    assert!(
        (slope.value - 3e6).abs() < 1e3 * slope.uncertainty,
        "{slope:?}"
    );
    assert!(slope.uncertainty > 1.0, "{slope:?}");
}
