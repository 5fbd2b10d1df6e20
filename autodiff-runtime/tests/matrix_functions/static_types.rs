//! Static dimensions and views have the results of dynamic ones, in the caller's types.

use crate::subject::random;
use autodiff_runtime::linalg::{
    self, eig, eigenvalues, expm, logm, lyapunov, pow, sqrtm, sylvester,
};
use nalgebra::{Complex, DMatrix, Matrix2, Matrix3, Matrix3x2, Vector3};

fn regular() -> DMatrix<f64> {
    random(3, 3, 2) + DMatrix::identity(3, 3) * 2.0
}

fn fixed(m: &DMatrix<f64>) -> Matrix3<f64> {
    m.fixed_view::<3, 3>(0, 0).into_owned()
}

#[test]
fn functions() {
    let (a, e) = (regular(), random(3, 3, 3));
    let (a3, e3) = (fixed(&a), fixed(&e));
    let (value, pullback): (Matrix3<f64>, _) = expm::vjp(&a3);
    let a_bar: Matrix3<f64> = pullback(e3);
    assert_eq!(value, linalg::expm(&a));
    assert_eq!(a_bar, expm::vjp(&a).1(e.clone()));
    let tangent: Option<Matrix3<f64>> = logm::jvp(&a3, &e3).1;
    assert_eq!(tangent.unwrap(), logm::jvp(&a, &e).1.unwrap());
    let root: Option<Matrix3<f64>> = linalg::sqrtm(&a3);
    assert_eq!(root.unwrap(), sqrtm::jvp(&a, &e).0.unwrap());
    let power: Matrix3<f64> = linalg::pow(&a3, 5);
    assert_eq!(power, pow::jvp(&a, 5, &e).0);
}

#[test]
fn equations() {
    let (a, b, c) = (
        regular(),
        random(2, 2, 4) + DMatrix::identity(2, 2) * 2.0,
        random(3, 2, 5),
    );
    let (a3, b2): (_, Matrix2<f64>) = (fixed(&a), b.fixed_view::<2, 2>(0, 0).into_owned());
    let c32: Matrix3x2<f64> = c.fixed_view::<3, 2>(0, 0).into_owned();
    let x: Option<Matrix3x2<f64>> = sylvester::vjp(&a3, &b2, &c32).0;
    assert_eq!(x.unwrap(), linalg::sylvester(&a, &b, &c).unwrap());
    let x: Option<Matrix3<f64>> = linalg::lyapunov(&a3, &a3);
    assert_eq!(x.unwrap(), lyapunov::jvp(&a, &a, &a, &a).0.unwrap());
}

#[test]
fn eigenvalues_and_vectors() {
    let a = regular();
    let (values, vectors): (Vector3<Complex<f64>>, Matrix3<Complex<f64>>) =
        linalg::eig(&fixed(&a)).unwrap();
    assert_eq!((values, vectors.column(1).into_owned()), {
        let (values, vectors) = eig::jvp(&a, &a).0.unwrap();
        (
            values.fixed_rows::<3>(0).into_owned(),
            vectors.fixed_view::<3, 1>(0, 1).into_owned(),
        )
    });
    assert_eq!(eigenvalues::vjp(&fixed(&a)).0.unwrap(), values);
}

#[test]
fn views() {
    let large = random(6, 6, 7);
    let a = large.view((1, 2), (3, 3));
    let gradient: DMatrix<f64> = expm::vjp(&a).1(random(3, 3, 8));
    assert_eq!(gradient, expm::vjp(&a.into_owned()).1(random(3, 3, 8)));
}
