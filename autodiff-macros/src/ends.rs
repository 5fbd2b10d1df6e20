//! Methods with which derivatives end, by their names: what they give is an integer, a `bool`, a comparison or a text. Where no type tells whose
//! method it is, the code that is generated has rustc confirm it.

use crate::ir::Ty;

/// The result type of methods that surely have no derivative.
pub fn method_ty(name: &str) -> Ty {
    match name {
        "is_nan" | "is_finite" | "is_infinite" | "is_normal" | "is_sign_negative"
        | "is_sign_positive" | "is_empty" | "contains" | "is_some" | "is_none" | "eq" | "ne"
        | "lt" | "gt" | "le" | "ge" | "contains_key" | "starts_with" | "ends_with" | "is_zero"
        | "is_positive" | "is_negative" | "is_sorted" | "is_ok" | "is_err" | "is_power_of_two"
        | "is_multiple_of" | "is_one" | "is_subnormal" | "is_invertible" | "is_identity" => {
            Ty::Bool
        }
        "len" | "count" | "pow" | "leading_zeros" | "trailing_zeros" | "count_ones" | "isqrt"
        | "saturating_sub" | "saturating_add" | "wrapping_add" | "wrapping_sub"
        | "wrapping_mul" | "ilog2" | "ilog10" | "nrows" | "ncols" | "capacity" | "to_bits"
        | "abs_diff" | "div_ceil" | "partition_point" | "imax" | "imin" | "iamax" | "iamin"
        | "icamax" => Ty::Int,
        "checked_add" | "checked_sub" | "checked_mul" | "checked_div" | "checked_rem"
        | "checked_pow" => Ty::Option(Box::new(Ty::Int)),
        "cmp"
        | "partial_cmp"
        | "total_cmp"
        | "to_string"
        | "as_str"
        | "to_usize"
        | "to_i32"
        | "to_i64"
        | "to_u32"
        | "to_u64"
        | "classify"
        | "binary_search"
        | "binary_search_by"
        | "binary_search_by_key"
        | "iamax_full"
        | "icamax_full"
        | "integer_decode" => Ty::Inert,
        _ => Ty::Unknown,
    }
}

/// Is it a method that numbers have themselves? No trait can give them another one of its name.
pub fn is_of_floats(name: &str) -> bool {
    matches!(
        name,
        "is_nan"
            | "is_finite"
            | "is_infinite"
            | "is_normal"
            | "is_subnormal"
            | "is_sign_negative"
            | "is_sign_positive"
            | "total_cmp"
            | "to_bits"
            | "classify"
    )
}
