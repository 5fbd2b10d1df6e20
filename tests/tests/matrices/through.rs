//! A factorisation and the matrix that was factored have one adjoint: where the factors are used many times, in loops and branches, by copies, and where the
//! matrix changes afterwards.

use autodiff_runtime::differentiate;
use nalgebra::*;

const POINT: &[f64] = &[3.0, -1.2, 0.5, 0.7, 2.1, 1.9, -0.4, 0.8, -2.6];
const OTHER: &[f64] = &[-1.5, 0.2, 2.5, 0.3, 2.6, -0.9, 1.4, 0.1, 0.6];

macro_rules! cases {
    ($($name:ident: |$x:ident| $body:expr;)+) => {$(
        #[test]
        fn $name() {
            #[differentiate(order = 2)]
            fn f($x: &[f64]) -> f64 {
                $body
            }
            tests::agree!(f at &[POINT, OTHER]);
            tests::curvature!(f at &[POINT, OTHER]);
        }
    )+};
}

cases! {
    used_in_a_loop: |x| {
        let a = Matrix3::from_row_slice(x);
        let lu = a.lu();
        let mut v = Vector3::new(1.0, x[4], 2.0);
        for _ in 0..3 {
            v = lu.solve(&v).unwrap() + a.column(0);
        }
        v.sum() + lu.determinant()
    };
    made_in_a_loop: |x| {
        let (a, mut v) = (DMatrix::from_row_slice(3, 3, x), DVector::from_element(3, x[1]));
        for k in 0..3 {
            let lu = a.clone().lu();
            v = lu.solve(&v).unwrap() * x[k];
        }
        v.sum()
    };
    of_what_changes_in_a_loop: |x| {
        let mut a = DMatrix::from_row_slice(3, 3, x);
        let mut sum = 0.0;
        for k in 0..3 {
            let lu = a.clone().lu();
            a[(k, k)] *= 1.5 + x[k] * 0.1;
            a[(0, k)] += lu.determinant() * 0.01;
            sum += lu.solve(&DVector::from_element(3, 1.0)).unwrap().sum();
        }
        sum + a.lu().determinant()
    };
    only_in_a_branch: |x| {
        let a = Matrix3::from_row_slice(x);
        let lu = a.full_piv_lu();
        let v = if x[0] > 0.0 { lu.solve(&Vector3::new(x[1], 1.0, x[2])).unwrap() } else { a * Vector3::new(1.0, x[5], x[6]) };
        v.norm_squared() + a[(1, 2)]
    };
    of_itself: |x| {
        let a = Matrix3::from_row_slice(x);
        let lu = a.lu();
        let second = lu.clone();
        (lu.solve(&(a * a)).unwrap() * second.try_inverse().unwrap()).sum() + lu.solve(&a.column(1)).unwrap()[1]
    };
}
