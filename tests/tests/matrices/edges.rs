//! The methods where formulas may fail: one row or column, no rank, repeated values, zeros.

use autodiff_runtime::differentiate;
use nalgebra::*;

const ZERO: &[f64] = &[0.0; 9];
const UNIT: &[f64] = &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
/// Of rank one.
const DYAD: &[f64] = &[1.0, 2.0, 3.0, 2.0, 4.0, 6.0, -1.0, -2.0, -3.0];
/// Of rank two.
const FLAT: &[f64] = &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
const FULL: &[f64] = &[0.3, -1.2, 0.5, 0.7, 0.1, 1.9, -0.4, 0.8, 0.6];

/// Functions of nine numbers, each at points of its own: both modes against each other and against differences.
macro_rules! edges {
    ($($name:ident at [$($at:ident),+]: |$x:ident| $body:expr;)+) => {$(
        #[test]
        fn $name() {
            #[differentiate]
            fn f($x: &[f64]) -> f64 {
                // So that something depends on the numbers where the derivative is zero.
                let y: f64 = $body;
                y + $x[8]
            }
            tests::agree!(f at &[$($at),+]);
        }
    )+};
}

edges! {
    determinants at [ZERO, DYAD, FLAT, UNIT, FULL]: |x| {
        let (a, b) = (Matrix3::from_row_slice(x), DMatrix::from_row_slice(3, 3, x));
        a.determinant() + b.determinant() * 2.0 + b.lu().determinant() * 3.0
    };
    determinants_of_four at [ZERO, DYAD, FLAT, UNIT, FULL]: |x| {
        let mut m = Matrix4::zeros();
        for k in 0..9 {
            m[(k / 3, k % 3)] = x[k];
        }
        m[(3, 3)] = 1.0;
        m[(0, 3)] = x[0];
        m.determinant()
    };
    exponentials at [ZERO, DYAD, UNIT, FULL]: |x| {
        let (a, b) = (Matrix3::from_row_slice(x).exp(), DMatrix::from_row_slice(3, 3, x).exp());
        a[(0, 1)] + 2.0 * a[(2, 0)] - b[(1, 1)]
    };
    squares_of_singular_values at [ZERO, DYAD, FLAT, UNIT, FULL]: |x| {
        Matrix3::from_row_slice(x).singular_values().norm_squared()
    };
    powers_of_factored_values at [DYAD, FLAT, UNIT, FULL]: |x| {
        Matrix3::from_row_slice(x).svd(true, true).singular_values.map(|s| s.powi(4)).sum()
    };
    singular_values_of_other_shapes at [FLAT, FULL]: |x| {
        let wide = DMatrix::from_row_slice(2, 3, &x[..6]).singular_values();
        let tall = SMatrix::<f64, 3, 2>::from_row_slice(&x[3..]).singular_values();
        let row = RowVector3::new(x[0], x[1], x[2]).singular_values();
        let column = Vector3::new(x[3], x[4], x[5]).singular_values();
        wide[0] * wide[1] + tall[0] * tall[1] + row[0] * column[0] + Matrix1::new(x[0]).singular_values()[0]
    };
    nearest_rotations at [UNIT, FULL]: |x| {
        let svd = Matrix3::from_row_slice(x).svd(true, true);
        let rotation = svd.u.unwrap() * svd.v_t.unwrap();
        (rotation * Vector3::new(1.0, 2.0, 3.0)).x
    };
    functions_of_eigenvalues at [ZERO, DYAD, UNIT, FULL]: |x| {
        let (a, b) = (Matrix3::from_row_slice(x), DMatrix::from_row_slice(3, 3, x));
        let (a, b) = ((a + a.transpose()) * 0.5, (&b + b.transpose()) * 0.5);
        a.symmetric_eigen().eigenvalues.norm_squared() + b.symmetric_eigenvalues().map(|l| l * l * l).sum()
    };
    cholesky_factors at [ZERO, DYAD, UNIT, FULL]: |x| {
        let (a, b) = (Matrix3::from_row_slice(x), DMatrix::from_row_slice(3, 3, x));
        let l = (a * a.transpose() + Matrix3::identity()).cholesky().unwrap().l();
        let c = (&b * b.transpose() + DMatrix::identity(3, 3)).cholesky().unwrap();
        l[(1, 0)] + l[(2, 2)] + c.ln_determinant() + c.inverse()[(0, 1)] + c.determinant()
    };
    orthogonal_factors at [UNIT, FULL]: |x| {
        let square = Matrix3::from_row_slice(x).qr();
        let (q, r) = (square.q(), square.r());
        let one = Matrix1::new(x[0]).qr();
        q[(0, 1)] + r[(1, 2)] * q[(2, 2)] + one.r()[(0, 0)] + one.q()[(0, 0)]
    };
    orthogonal_factors_of_other_shapes at [FLAT, FULL]: |x| {
        let tall = DMatrix::from_row_slice(3, 2, &x[..6]).qr();
        let wide = DMatrix::from_row_slice(2, 3, &x[..6]).qr();
        tall.q()[(0, 1)] + tall.r()[(0, 1)] * wide.q()[(1, 0)] + wide.r()[(0, 2)]
    };
    inverses at [UNIT, FULL]: |x| {
        let a = Matrix3::from_row_slice(x);
        let one = Matrix1::new(x[0]).try_inverse().unwrap();
        let swapped = DMatrix::from_row_slice(2, 2, &[x[1], x[0], x[4], x[2] * 0.1]).try_inverse().unwrap();
        let wide = a.pseudo_inverse(1e-12).unwrap();
        a.try_inverse().unwrap()[(0, 1)] + one[(0, 0)] + swapped.sum() + wide.sum()
    };
    solutions at [UNIT, FULL]: |x| {
        let (a, b) = (Matrix3::from_row_slice(x), Vector3::new(1.0, x[0], x[4]));
        let by_values = a.svd(true, true).solve(&Vector3::new(1.0, 2.0, 3.0), 1e-12).unwrap();
        let lower = a.solve_lower_triangular(&Vector3::new(1.0, 2.0, 3.0)).unwrap();
        a.lu().solve(&b).unwrap().sum() + by_values.sum() + lower.sum()
    };
    pseudo_inverses at [FLAT, FULL]: |x| {
        DMatrix::from_row_slice(2, 3, &x[..6]).pseudo_inverse(1e-12).unwrap().sum()
    };
    lengths at [ZERO, UNIT, FULL]: |x| {
        let v = Vector3::new(x[0], x[1], x[2]);
        v.norm().powi(2) + v.norm_squared() * x[3] + Matrix3::from_row_slice(x).variance()
    };
    angles at [FLAT, FULL]: |x| {
        let (a, b) = (Vector3::new(x[0], x[1], x[2]), Vector3::new(x[3], x[4], x[5]));
        a.angle(&b) + a.metric_distance(&b) + a.lp_norm(3) + Vector1::new(x[6]).normalize()[0] * x[6]
    };
}
