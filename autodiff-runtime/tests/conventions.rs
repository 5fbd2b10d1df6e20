//! Slopes where a function has a kink or a singular point, and accuracy where a formula is at the edge of its range.

use autodiff_runtime::private::{rules, times};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The two agree to a few units in the last place.
fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 8.0 * f64::EPSILON * b.abs(),
        "{a:e} is not {b:e}"
    );
}

#[test]
fn abs_has_slope_zero_at_both_zeros() {
    assert_eq!(rules::abs_d0(0.0), 0.0);
    assert_eq!(rules::abs_d0(-0.0), 0.0);
    assert_eq!(rules::abs_d0(f64::MIN_POSITIVE), 1.0);
    assert_eq!(rules::abs_d0(-INF), -1.0);
    assert!(rules::abs_d0(NAN).is_nan());
}

#[test]
fn max_and_min_take_the_first_at_a_tie() {
    for (a, b) in [(1.0, 1.0), (0.0, -0.0), (-0.0, 0.0), (INF, INF)] {
        assert_eq!((rules::max_d0(a, b), rules::max_d1(a, b)), (1.0, 0.0));
        assert_eq!((rules::min_d0(a, b), rules::min_d1(a, b)), (1.0, 0.0));
    }
}

#[test]
fn max_and_min_take_the_other_at_a_nan() {
    assert_eq!(1.0f64.max(NAN), 1.0);
    assert_eq!(
        (rules::max_d0(1.0, NAN), rules::max_d1(1.0, NAN)),
        (1.0, 0.0)
    );
    assert_eq!(
        (rules::max_d0(NAN, 1.0), rules::max_d1(NAN, 1.0)),
        (0.0, 1.0)
    );
    assert_eq!(
        (rules::min_d0(1.0, NAN), rules::min_d1(1.0, NAN)),
        (1.0, 0.0)
    );
    assert_eq!(
        (rules::min_d0(NAN, 1.0), rules::min_d1(NAN, 1.0)),
        (0.0, 1.0)
    );
    assert_eq!(
        (rules::max_d0(NAN, NAN), rules::max_d1(NAN, NAN)),
        (1.0, 0.0)
    );
}

#[test]
fn clamp_belongs_to_the_value_at_its_bounds() {
    for x in [1.0, 2.0] {
        assert_eq!(rules::clamp_d0(x, 1.0, 2.0), 1.0);
        assert_eq!(rules::clamp_d1(x, 1.0), 0.0);
        assert_eq!(rules::clamp_d2(x, 2.0), 0.0);
    }
    assert_eq!(
        (
            rules::clamp_d0(0.5, 1.0, 2.0),
            rules::clamp_d1(0.5, 1.0),
            rules::clamp_d2(0.5, 2.0)
        ),
        (0.0, 1.0, 0.0)
    );
    assert_eq!(
        (
            rules::clamp_d0(2.5, 1.0, 2.0),
            rules::clamp_d1(2.5, 1.0),
            rules::clamp_d2(2.5, 2.0)
        ),
        (0.0, 0.0, 1.0)
    );
}

#[test]
fn roots_are_steep_at_zero_but_zero_seeds_win() {
    assert_eq!(rules::sqrt_d0(0.0), INF);
    assert_eq!(rules::cbrt_d0(0.0), INF);
    assert_eq!(rules::asin_d0(1.0), INF);
    assert_eq!(rules::acos_d0(-1.0), -INF);
    assert_eq!(rules::acosh_d0(1.0), INF);
    assert_eq!(times(0.0, rules::sqrt_d0(0.0)), 0.0);
}

#[test]
fn powi_at_zero() {
    assert_eq!(rules::powi_d0(0.0, 0), 0.0);
    assert_eq!(rules::powi_d0(0.0, 1), 1.0);
    assert_eq!(rules::powi_d0(0.0, 2), 0.0);
    assert_eq!(rules::powi_d0(3.0, 0), 0.0);
    assert_eq!(rules::powi_d0(NAN, 0), 0.0);
    assert_eq!(rules::powi_d0(0.0, -1), -INF);
}

#[test]
fn powi_with_the_smallest_exponent_does_not_overflow() {
    assert_eq!(rules::powi_d0(1.0, i32::MIN), f64::from(i32::MIN));
    assert_eq!(rules::powi_d0(-1.0, i32::MIN), -f64::from(i32::MIN));
}

#[test]
fn powf_in_the_base() {
    assert_eq!(rules::powf_d0(0.0, 0.0), 0.0);
    assert_eq!(rules::powf_d0(-2.0, 0.0), 0.0);
    assert_eq!(rules::powf_d0(0.0, 1.0), 1.0);
    assert_eq!(rules::powf_d0(0.0, 2.0), 0.0);
    assert_eq!(rules::powf_d0(0.0, 0.5), INF);
    assert_eq!(rules::powf_d0(-3.0, 2.0), -6.0);
    assert_eq!(rules::powf_d0(-3.0, 1.0), 1.0);
    assert_eq!(rules::powf_d0(-2.0, -1.0), -0.25);
}

#[test]
fn powf_in_the_exponent() {
    for p in [-1.0, 0.0, 0.5, 2.0] {
        assert_eq!(rules::powf_d1(0.0, 0f64.powf(p)), 0.0);
    }
    assert_eq!(rules::powf_d1(1.0, 1.0), 0.0);
    assert_eq!(rules::powf_d1(INF, INF.powf(-1.0)), 0.0);
    assert_eq!(rules::powf_d1(1e-200, 1e-200f64.powf(3.0)), 0.0);
    // Defined at integer exponents only: no derivative, and it is not passed over in silence.
    assert!(rules::powf_d1(-2.0f64, 4.0).is_nan());
}

#[test]
fn hypot_and_atan2_are_flat_at_the_origin() {
    for (a, b) in [(0.0, 0.0), (-0.0, 0.0), (0.0, -0.0)] {
        assert_eq!(rules::hypot_d0(a, 0.0), 0.0);
        assert_eq!(rules::hypot_d1(b, 0.0), 0.0);
        assert_eq!(rules::atan2_d0(a, b), 0.0);
        assert_eq!(rules::atan2_d1(a, b), 0.0);
    }
    assert_eq!(rules::atan2_d0(1.0, INF), 0.0);
}

#[test]
fn hypot_and_atan2_neither_overflow_nor_underflow() {
    for r in [1e200, 1e-200] {
        let (a, b): (f64, f64) = (3.0 * r, 4.0 * r);
        close(rules::hypot_d0(a, a.hypot(b)), 0.6);
        close(rules::hypot_d1(b, a.hypot(b)), 0.8);
        close(rules::atan2_d0(a, b), 0.16 / r);
        close(rules::atan2_d1(a, b), -0.12 / r);
    }
}

#[test]
fn copysign_flips_or_keeps() {
    assert_eq!(rules::copysign_d0(2.0, 3.0), 1.0);
    assert_eq!(rules::copysign_d0(-2.0, 3.0), -1.0);
    assert_eq!(rules::copysign_d0(2.0, -0.0), -1.0);
    assert_eq!(rules::copysign_d0(-0.0, -1.0), 1.0);
}

#[test]
fn remainders_use_the_quotient_of_the_primal() {
    assert_eq!(rules::rem_d1(7.5, 2.0), -3.0);
    assert_eq!(rules::rem_d1(-7.5, 2.0), 3.0);
    assert_eq!(rules::rem_euclid_d1(-7.5, 2.0), 4.0);
    assert_eq!(rules::rem_euclid_d1(-7.5, -2.0), -4.0);
    assert_eq!(rules::rem_d1(1.0, INF), 0.0);
    // The rounded quotient is 10, but the remainder is what is left after 9.
    let (a, b) = (1.0f64, 0.1);
    assert!((a / b).trunc() == 10.0 && a % b > 0.09);
    assert_eq!(rules::rem_d1(a, b), -9.0);
    assert_eq!(rules::rem_euclid_d1(a, b), -9.0);
}

#[test]
fn inverse_hyperbolics_are_accurate_everywhere() {
    close(rules::asinh_d0(1e200), 1e-200);
    close(rules::asinh_d0(-1e200), 1e-200);
    assert_eq!(rules::asinh_d0(1e-200), 1.0);
    assert_eq!(rules::asinh_d0(0.0), 1.0);
    close(rules::acosh_d0(1e200), 1e-200);
    let small = 2f64.powi(-40);
    close(
        rules::acosh_d0(1.0 + small),
        1.0 / (small * (2.0 + small)).sqrt(),
    );
    close(rules::atanh_d0(1.0 - small), 1.0 / (small * (2.0 - small)));
    close(rules::atanh_d0(small - 1.0), 1.0 / (small * (2.0 - small)));
    assert_eq!(rules::atanh_d0(1e-200), 1.0);
    close(
        rules::asin_d0(1.0 - small),
        1.0 / (small * (2.0 - small)).sqrt(),
    );
}

#[test]
fn tanh_and_atan_fade_out() {
    assert_eq!(rules::tanh_d0(1.0), 0.0);
    assert_eq!(rules::atan_d0(1e200), 0.0);
    assert_eq!(rules::atan_d0(INF), 0.0);
}

#[test]
fn single_precision_stays_single() {
    let slope: f32 = rules::to_radians_d0();
    assert_eq!(slope, std::f32::consts::PI / 180.0);
    assert_eq!(rules::sqrt_d0(0.0f32), f32::INFINITY);
    assert_eq!(rules::hypot_d0(3e30f32, 3e30f32.hypot(4e30)), 3e30 / 5e30);
    assert_eq!(rules::asinh_d0(1e30f32), 1e-30);
}
