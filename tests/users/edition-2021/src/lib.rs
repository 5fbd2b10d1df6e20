//! A library as users write it: edition 2021, a tree of modules, the runtime under another name, warnings denied.
#![deny(warnings, missing_docs, rust_2018_idioms, unreachable_pub)]
#![forbid(unsafe_code)]

pub mod loss;
mod models;

pub use models::polynomial;
pub use models::rational as quotient;
pub use models::{Line, LineTangent};

#[cfg(test)]
mod tests {
    use crate::loss::{self, squares};
    use crate::{polynomial, quotient};

    #[test]
    fn reexported() {
        assert_eq!(polynomial(&[1.0, 2.0, 3.0], 2.0), 17.0);
        let (value, (coefficients, x)) = polynomial::value_and_grad(&[1.0, 2.0, 3.0], 2.0);
        assert_eq!(value, 17.0);
        assert_eq!(coefficients, [1.0, 2.0, 4.0]);
        assert_eq!(x, 14.0);
    }

    #[test]
    fn tangents_of_types() {
        use ad::Differentiable;
        let line = crate::Line {
            slope: 2.0,
            offset: 1.0,
        };
        let direction: crate::LineTangent<f64> = line.zero_tangent();
        assert_eq!((direction.slope, direction.offset), (0.0, 0.0));
        let (slope, offset) = (1.0, 3.0);
        let moved = direction + crate::LineTangent { slope, offset } * 2.0;
        assert_eq!(
            moved,
            crate::LineTangent {
                slope: 2.0,
                offset: 6.0
            }
        );
    }

    #[test]
    fn renamed_import() {
        assert_eq!(quotient::grad(3.0_f32), -0.0625);
        assert_eq!(quotient::jvp(3.0_f64, 2.0), (0.25, -0.125));
    }

    #[test]
    fn called_across_modules() {
        let (x, y) = ([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]);
        let mut gradient = vec![7.0; 2];
        let value = squares::value_and_grad_into(&[1.0, 1.0], &x, &y, &mut gradient);
        assert_eq!(value, loss::squares(&[1.0, 1.0], &x, &y));
        assert_eq!(gradient, [-6.0, -10.0]);
    }

    #[test]
    fn under_another_name() {
        let gradient = loss::derivatives::grad(&[3.0, 4.0]);
        assert!((gradient[0] - 0.6).abs() < 1e-15 && (gradient[1] - 0.8).abs() < 1e-15);
    }
}
