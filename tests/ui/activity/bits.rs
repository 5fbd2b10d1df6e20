//! The bits or the digits of a float that make another float.

use autodiff_runtime::{differentiate, stop_gradient};

#[differentiate]
fn inverse_square_root(x: f64) -> f64 {
    let i = 0x5fe6_eb50_c7b5_37a9 - (x.to_bits() >> 1);
    let y = f64::from_bits(i);
    y * (1.5 - 0.5 * x * y * y)
}

/// Not annotated: what it gives may be the bits of what it is given.
fn magic(x: f64) -> u64 {
    0x5fe6_eb50_c7b5_37a9 - (x.to_bits() >> 1)
}

#[differentiate]
fn inverse_square_root_by_a_helper(x: f64) -> f64 {
    let y = f64::from_bits(magic(x));
    y * (1.5 - 0.5 * x * y * y)
}

#[differentiate]
fn mantissa(x: f64) -> (f64, i32) {
    let bits = f64::to_bits(x);
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1022;
    let fraction = f64::from_bits((bits & 0xf_ffff_ffff_ffff) | 0x3fe0_0000_0000_0000);
    (fraction + 0.0 * x, exponent)
}

#[differentiate]
fn as_shown(x: f64) -> Result<f64, std::num::ParseFloatError> {
    let shown: f64 = format!("{x:.2}").parse()?;
    Ok(shown * x)
}

/// What an error says is no part of the value.
#[differentiate]
fn root(x: f64) -> Result<f64, String> {
    if x < 0.0 {
        let shown = x.to_string();
        return Err(format!("{shown} is negative"));
    }
    Ok(x.sqrt())
}

/// What is decided by bits has a derivative.
#[differentiate]
fn absolute(x: f64) -> f64 {
    let sign = x.to_bits() >> 63;
    if sign == 1 { -x } else { x }
}

/// Nothing of the derivative is in these bits.
#[differentiate]
fn scaled(x: f64) -> f64 {
    let c = stop_gradient(x);
    let exponent = c.to_bits() & 0x7ff0_0000_0000_0000;
    x / f64::from_bits(exponent)
}

fn main() {}
