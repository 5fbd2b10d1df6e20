//! Static matrices have the derivatives of dynamic ones, in every shape: what is written for both is compiled for each.

use autodiff_runtime::differentiate;
use nalgebra::*;
use tests::modes::POINTS;

/// The same function of a static and of a dynamic matrix of this shape; both modes of both.
macro_rules! shapes {
    ($($name:ident [$(($rows:literal, $columns:literal))+]: |$a:ident| $body:expr;)+) => {$(
        #[test]
        fn $name() {
            $({
                #[differentiate]
                fn fixed(x: &[f64]) -> f64 {
                    let $a = SMatrix::<f64, $rows, $columns>::from_row_slice(&x[..$rows * $columns]);
                    $body
                }
                #[differentiate]
                fn dynamic(x: &[f64]) -> f64 {
                    let $a = DMatrix::from_row_slice($rows, $columns, &x[..$rows * $columns]);
                    $body
                }
                for x in POINTS {
                    assert!((fixed(x) - dynamic(x)).abs() <= 1e-13 * dynamic(x).abs(), "{x:?}");
                    let [g, h] = [fixed::grad(x), dynamic::grad(x)].map(DVector::from_vec);
                    assert!(h.amax() > 0.0);
                    let scale = h.amax().max(1.0);
                    assert!((&g - &h).amax() <= 1e-11 * scale, "{x:?}: {g}{h}");
                    for k in 0..$rows * $columns {
                        let mut d = vec![0.0; x.len()];
                        d[k] = 1.0;
                        let slopes = [fixed::jvp(x, &d).1, dynamic::jvp(x, &d).1];
                        assert!(slopes.iter().all(|s| (s - h[k]).abs() <= 1e-10 * scale), "{x:?}");
                    }
                }
            })+
        }
    )+};
}

shapes! {
    orthogonal_factors [(1, 1) (2, 2) (3, 3) (4, 3) (3, 4) (1, 4) (4, 1)]: |a| {
        let qr = a.clone().qr();
        let (q, r) = (qr.q(), qr.r());
        q.map(|v| v.sin()).sum() + r.map(|v| (0.3 * v).cos()).sum()
    };
    singular_vectors [(1, 1) (2, 2) (3, 3) (4, 3) (3, 4) (1, 4) (4, 1)]: |a| {
        let svd = a.clone().svd(true, true);
        let (u, v_t) = (svd.u.unwrap(), svd.v_t.unwrap());
        u.map(|v| (v * v).sin()).sum() + v_t.map(|v| (v * v).cos()).sum() + svd.singular_values.map(|s| s.sin()).sum()
    };
    symmetric_vectors [(1, 1) (2, 2) (3, 3)]: |a| {
        let eigen = a.clone().symmetric_eigen();
        let (v, l) = (eigen.eigenvectors, eigen.eigenvalues);
        v.map(|v| (v * v).sin()).sum() + l.map(|l| (0.5 * l).sin()).sum()
    };
    exponentials [(1, 1) (2, 2) (3, 3)]: |a| (a.clone() * 0.3).exp().map(|v| v.sin()).sum();
    triangular_factors [(1, 1) (2, 2) (3, 3)]: |a| {
        let definite = a.transpose() * &a + a.clone() * 0.0;
        let shifted = definite.map(|v| v) + a.tr_mul(&a);
        let factor = shifted.cholesky().expect("definite");
        factor.l().map(|v| v.sin()).sum()
    };
    determinants [(1, 1) (2, 2) (3, 3)]: |a| a.determinant() + a.clone().lu().determinant();
}
