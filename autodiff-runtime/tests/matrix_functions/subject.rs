//! One check for all rules: the value and both modes, in both float types, against the reference in extended precision and against
//! differences of the function itself.

use crate::reference::Matrix;
use nalgebra::DMatrix;

pub type Matrices = Vec<DMatrix<f64>>;
type ValueAndTangent = (DMatrix<f64>, DMatrix<f64>);

/// A function of matrices with its derivatives, as the user calls them, and the reference for it.
pub struct Subject {
    pub name: &'static str,
    pub value: fn(&Matrices) -> DMatrix<f64>,
    /// Value and tangent.
    pub jvp: fn(&Matrices, &Matrices) -> ValueAndTangent,
    /// Value and adjoints for a cotangent.
    pub vjp: fn(&Matrices, &DMatrix<f64>) -> (DMatrix<f64>, Matrices),
    /// The same three, single precision within.
    pub narrow_jvp: fn(&Matrices, &Matrices) -> ValueAndTangent,
    pub narrow_vjp: fn(&Matrices, &DMatrix<f64>) -> (DMatrix<f64>, Matrices),
    pub reference: fn(&[Matrix]) -> Matrix,
}

/// The [`Subject`] of a rule: its name, its arguments, `-> Option` if its value is one, its constants, and the reference.
macro_rules! subject {
    ($rule:ident ($($x:ident $dx:ident),+ $(; $($k:expr),+)?) => $reference:expr) => {
        subject!(@emit $rule [$($x $dx),+] [$($($k),+)?] [(|y| y)] [(|y| y)] $reference)
    };
    ($rule:ident ($($x:ident $dx:ident),+) -> Option => $reference:expr) => {
        subject!(@emit $rule [$($x $dx),+] [] [(|y: Option<_>| y.expect("defined"))] [Some] $reference)
    };
    (@emit $rule:ident [$($x:ident $dx:ident),+] [$($k:expr),*] [$get:expr] [$put:expr] $reference:expr) => {
        Subject {
            name: stringify!($rule),
            value: |x| { let [$($x),+] = &x[..] else { unreachable!() }; $get(linalg::$rule($($x,)+ $($k),*)) },
            jvp: |x, dx| {
                let ([$($x),+], [$($dx),+]) = (&x[..], &dx[..]) else { unreachable!() };
                let (value, tangent) = linalg::$rule::jvp($($x,)+ $($k,)* $($dx),+);
                ($get(value), $get(tangent))
            },
            vjp: |x, y_bar| {
                let [$($x),+] = &x[..] else { unreachable!() };
                let (value, pullback) = linalg::$rule::vjp($($x,)+ $($k),*);
                #[allow(unused_parens)] // a tuple of one is bare
                let ($($dx),+) = pullback($put(y_bar.clone()));
                ($get(value), vec![$($dx),+])
            },
            narrow_jvp: |x, dx| {
                let ([$($x),+], [$($dx),+]) = (&x[..], &dx[..]) else { unreachable!() };
                let (value, tangent) = linalg::$rule::jvp($(&narrow($x),)+ $($k,)* $(&narrow($dx)),+);
                (widen(&$get(value)), widen(&$get(tangent)))
            },
            narrow_vjp: |x, y_bar| {
                let [$($x),+] = &x[..] else { unreachable!() };
                let (value, pullback) = linalg::$rule::vjp($(&narrow($x),)+ $($k),*);
                #[allow(unused_parens)] // a tuple of one is bare
                let ($($dx),+) = pullback($put(narrow(y_bar)));
                (widen(&$get(value)), vec![$(widen(&$dx)),+])
            },
            reference: |x| { let [$($x),+] = x else { unreachable!() }; $reference },
        }
    };
}
pub(crate) use subject;

pub fn narrow(m: &DMatrix<f64>) -> DMatrix<f32> {
    m.map(|x| x as f32)
}

pub fn widen(m: &DMatrix<f32>) -> DMatrix<f64> {
    m.map(f64::from)
}

/// Numbers between -1 and 1 that are always the same for a seed.
pub fn random(rows: usize, columns: usize, seed: u64) -> DMatrix<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    DMatrix::from_fn(rows, columns, |_, _| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    })
}

/// How far from right a result may be, relative to the norm of what is right.
#[derive(Clone, Copy)]
pub struct Tolerance {
    pub value: f64,
    pub derivative: f64,
}

impl Subject {
    /// Everything in double precision.
    #[track_caller]
    pub fn check(&self, x: &Matrices, tolerance: Tolerance) {
        let directions = self.directions(x);
        let expected = self.expected(x, &directions);
        let value = (self.value)(x);
        self.assert_near("value", x, &value, &expected.value(), tolerance.value);
        let (again, tangent) = (self.jvp)(x, &directions);
        assert_eq!(value, again, "{}: the value of `jvp`", self.name);
        self.assert_near(
            "tangent",
            x,
            &tangent,
            &expected.slope(),
            tolerance.derivative,
        );
        self.check_adjoint(x, &value, tolerance.derivative);
    }

    /// Against differences of the function itself.
    #[track_caller]
    pub fn check_differences(&self, x: &Matrices, step: f64, tolerance: f64) {
        let directions = self.directions(x);
        let moved = |t: f64| -> DMatrix<f64> {
            let there = x.iter().zip(&directions).map(|(x, dx)| x + dx * t);
            (self.value)(&there.collect())
        };
        let central = |h: f64| (moved(h) - moved(-h)) / (2.0 * h);
        let extrapolated = (central(step / 2.0) * 4.0 - central(step)) / 3.0;
        let (_, tangent) = (self.jvp)(x, &directions);
        self.assert_near("difference", x, &tangent, &extrapolated, tolerance);
    }

    /// Single precision against the reference at the same, rounded arguments.
    #[track_caller]
    pub fn check_narrow(&self, x: &Matrices, tolerance: f64) {
        let rounded = |m: &DMatrix<f64>| widen(&narrow(m));
        let x: Matrices = x.iter().map(rounded).collect();
        let directions: Matrices = self.directions(&x).iter().map(rounded).collect();
        let expected = self.expected(&x, &directions);
        let (value, tangent) = (self.narrow_jvp)(&x, &directions);
        self.assert_near("narrow value", &x, &value, &expected.value(), tolerance);
        self.assert_near("narrow tangent", &x, &tangent, &expected.slope(), tolerance);
        let y_bar = rounded(&random(value.nrows(), value.ncols(), 77));
        let (again, adjoints) = (self.narrow_vjp)(&x, &y_bar);
        assert_eq!(value, again, "{}: the narrow value of `vjp`", self.name);
        for (k, adjoint) in adjoints.iter().enumerate() {
            let gradient = self.gradient(&x, &y_bar, k);
            self.assert_near("narrow adjoint", &x, adjoint, &gradient, tolerance);
        }
    }

    fn check_adjoint(&self, x: &Matrices, value: &DMatrix<f64>, tolerance: f64) {
        let y_bar = random(value.nrows(), value.ncols(), 77);
        let (again, adjoints) = (self.vjp)(x, &y_bar);
        assert_eq!(*value, again, "{}: the value of `vjp`", self.name);
        for (k, adjoint) in adjoints.iter().enumerate() {
            self.assert_near(
                "adjoint",
                x,
                adjoint,
                &self.gradient(x, &y_bar, k),
                tolerance,
            );
        }
    }

    /// The gradient of `<y_bar, f>` in the argument k by forward mode, one direction an entry.
    fn gradient(&self, x: &Matrices, y_bar: &DMatrix<f64>, k: usize) -> DMatrix<f64> {
        DMatrix::from_fn(x[k].nrows(), x[k].ncols(), |i, j| {
            let mut unit: Matrices = x.iter().map(|x| x * 0.0).collect();
            unit[k][(i, j)] = 1.0;
            (self.jvp)(x, &unit).1.dot(y_bar)
        })
    }

    fn expected(&self, x: &Matrices, dx: &Matrices) -> Matrix {
        let duals: Vec<Matrix> = x
            .iter()
            .zip(dx)
            .map(|(x, dx)| Matrix::dual(x, dx))
            .collect();
        (self.reference)(&duals)
    }

    fn directions(&self, x: &Matrices) -> Matrices {
        x.iter()
            .enumerate()
            .map(|(k, x)| random(x.nrows(), x.ncols(), 55 + k as u64))
            .collect()
    }

    #[track_caller]
    fn assert_near(
        &self,
        what: &str,
        x: &Matrices,
        actual: &DMatrix<f64>,
        expected: &DMatrix<f64>,
        tolerance: f64,
    ) {
        let error = (actual - expected).norm() / expected.norm().max(f64::MIN_POSITIVE);
        assert!(
            error <= tolerance || actual == expected,
            "{}: the {what} is off by {error:e}, at {x:?}\nit is {actual}and not {expected}",
            self.name
        );
    }
}
