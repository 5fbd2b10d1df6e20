//! The contract with generated code: what it calls resolves, infers and coerces as the macro expects.

use autodiff_runtime::private as rt;
use nalgebra::RealField;
use num_traits::Float;

/// What a user may write with a float-like bound of his own still compiles beside the bound that generated code adds.
fn with_float<T: Float + std::iter::Sum + rt::Real>(x: T, others: &[T]) -> T {
    let mut s = T::zero();
    for &o in others {
        s += o.sin().powi(2) / x.exp().max(T::one());
    }
    let mean = others.iter().copied().sum::<T>() / T::from(others.len()).unwrap_or_else(T::one);
    s.abs().sqrt() + mean.recip().powf(x) * x.mul_add(x, -x) + T::default()
}

/// As [`with_float`].
fn with_real_field<T: RealField + Copy + rt::Real>(x: T) -> T {
    let mut y = x.sin() * T::pi() + x.powi(3).abs();
    y += T::zero().max(x);
    if y > x { y.sqrt() } else { -y }
}

#[test]
fn the_bound_makes_no_method_ambiguous() {
    assert!(with_float(0.5, &[1.0, 2.0]).is_finite());
    assert!(with_real_field(0.5f32).is_finite());
}

/// A derivative program for a generic callee.
fn sin_pullback<T: Float + rt::Real>(x: T, x_bar: &mut T, y_bar: T) {
    let t = rt::times(y_bar, rt::rules::sin_d0(x));
    rt::accumulate(&mut *x_bar, &t);
}

#[test]
fn generic_derivative_programs_compile() {
    let mut x_bar = 1.0f32;
    sin_pullback(0.0f32, &mut x_bar, rt::one());
    assert_eq!(x_bar, 2.0);
}

#[test]
fn slots_are_slices_where_the_parameter_is_one() {
    fn slot<P: rt::Differentiable + ?Sized>(primal: &P, slot: &mut P::Slot) {
        rt::same_shape("x", primal, slot);
        rt::set_zero(slot);
    }
    let x: &[f64] = &[1.0, 2.0];
    let mut buffer = vec![7.0; 2];
    rt::same_shape("x", x, &buffer);
    slot(x, &mut buffer);
    assert_eq!(buffer, [0.0, 0.0]);
    let shadow: Vec<f64> = rt::zero(x);
    let part: &mut [f64] = &mut buffer;
    rt::accumulate(part, &shadow);
    rt::set_zero(&mut part[0..1]);
}

#[test]
fn what_has_no_derivative_costs_nothing() {
    let n = 3usize;
    let () = rt::zero(&n);
    let () = rt::zero("name");
    let (a, ()) = rt::zero(&(2.0, true));
    assert_eq!(a, 0.0);
}

#[test]
fn zero_seeds_win() {
    assert_eq!(rt::times(0.0, f64::INFINITY), 0.0);
    assert_eq!(rt::times(-0.0, f64::NAN), 0.0);
    assert_eq!(rt::times(2.0, 3.0), 6.0);
    assert!(rt::times(2.0f32, f32::NAN).is_nan());
}

#[test]
fn casts_convert_tangents_both_ways() {
    let wide: f64 = rt::cast_real(0.1f32);
    assert_eq!(wide, f64::from(0.1f32));
    let narrow: f32 = rt::cast_real(0.1f64);
    assert_eq!(narrow, 0.1f32);
    let same: f32 = rt::cast_real(f32::MIN_POSITIVE / 2.0);
    assert_eq!(same, f32::MIN_POSITIVE / 2.0);
}

#[test]
fn sums_have_the_shape_of_one_element() {
    assert_eq!(rt::sum_elements(&[1.0, 2.0], &0.5), 3.0);
    let x_bar: Vec<f32> = vec![1.0, 2.0];
    assert_eq!(rt::sum_elements(&x_bar, &0.5f32), 3.0);
    let rows = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    let row = vec![0.0, 0.0];
    assert_eq!(rt::sum_elements(&rows, &row), [4.0, 6.0]);
    assert_eq!(rt::sum_elements(&[], &row), [0.0, 0.0]);
}

#[test]
fn traces_are_popped_in_the_opposite_order() {
    let mut trace = rt::Vec::new();
    trace.push((1.0, rt::Branch::<(f64,), ()>::Then((2.0,))));
    trace.push((3.0, rt::Branch::Else(())));
    assert!(matches!(rt::pop(&mut trace), (3.0, rt::Branch::Else(()))));
    assert!(matches!(
        rt::pop(&mut trace),
        (1.0, rt::Branch::Then((2.0,)))
    ));
}

#[test]
#[should_panic(expected = "this is a bug of `#[differentiate]`")]
fn an_empty_trace_is_reported_as_a_bug() {
    rt::pop(&mut Vec::<f64>::new());
}

#[test]
#[should_panic(expected = "shorter than the value")]
fn a_short_adjoint_is_reported() {
    rt::pop_adjoint(&mut Vec::<f64>::new());
}

#[test]
#[should_panic(
    expected = "`x` has shape [3], but the tangent or gradient given for it has shape [2]"
)]
fn a_buffer_of_the_wrong_length_is_refused() {
    rt::same_shape("x", &[1.0, 2.0, 3.0][..], &[0.0, 0.0][..]);
}

#[test]
fn a_matrix_is_written_by_rows_and_by_columns() {
    let mut m = nalgebra::DMatrix::from_element(2, 2, 0.0);
    rt::set_column(&mut m, 1, &(1.0, 2.0));
    rt::set_row(&mut m, 0, &vec![3.0, 4.0]);
    assert_eq!(m, nalgebra::dmatrix![3.0, 4.0; 0.0, 2.0]);
}

#[test]
fn parts_of_a_slice_are_borrowed_together() {
    let mut x = [1.0, 2.0, 3.0, 4.0];
    let [b, a] = rt::disjoint([2..4, 0..1], &mut x);
    b[0] += a[0];
    a[0] = 0.0;
    assert_eq!(x, [0.0, 2.0, 4.0, 4.0]);
}

#[test]
#[should_panic(expected = "of a slice of length 3")]
fn overlapping_parts_are_refused() {
    let _ = rt::disjoint([0..2, 1..3], &mut [1.0, 2.0, 3.0]);
}

#[test]
fn tangents_are_flattened_in_order() {
    let mut t = (
        1.0,
        vec![2.0, 3.0],
        nalgebra::matrix![4.0, 6.0; 5.0, 7.0],
        (),
    );
    let n: usize = rt::dim(&t);
    assert_eq!(n, 7);
    assert_eq!(rt::coordinates(&t), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    rt::set_zero(&mut t);
    rt::unit(&mut t, 4);
    assert_eq!(t.2[(1, 0)], 1.0);
    assert_eq!(rt::coordinates(&t).iter().sum::<f64>(), 1.0);
}

#[test]
fn literals_take_the_float_type_of_what_they_meet() {
    let a = 3.0f32;
    let k = 0.5;
    let product: f32 = rt::assert_real(k) * a;
    let y_bar = rt::one();
    let mut k_bar = rt::zero(&k);
    rt::accumulate(&mut k_bar, &rt::times(y_bar, a));
    assert_eq!((product, k_bar), (1.5, 3.0));
}
