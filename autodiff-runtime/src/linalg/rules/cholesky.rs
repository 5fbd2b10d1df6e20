//! The Cholesky factor.

use crate::linalg::Field;
use crate::linalg::factor::{Side, Triangle, hermitian_part, solve_triangular_mut};
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule, undefined};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{Cholesky, DMatrix};

rule! {
    /// The lower triangular `L` with `A = L L^H` and a positive diagonal; `None` if `A` is not positive definite.
    ///
    /// `A` n x n; a function of its symmetric (Hermitian) part. `dL = L phi(L^-1 dA L^-H)`, where `phi` takes the lower triangle with half
    /// the diagonal; `A_bar = L^-H (phi(L^H L_bar) + phi(L^H L_bar)^H) L^-1 / 2`, which is symmetric.
    ///
    /// I. Murray, Differentiation of the Cholesky decomposition (2016), [arXiv:1602.07527](https://doi.org/10.48550/arXiv.1602.07527).
    ///
    /// ```
    /// use autodiff_runtime::linalg::cholesky;
    /// use nalgebra::Matrix2;
    ///
    /// let (l, dl) = cholesky::jvp(&Matrix2::new(4.0, 2.0, 2.0, 5.0), &Matrix2::new(8.0, 4.0, 4.0, 10.0));
    /// assert_eq!(l, Some(Matrix2::new(2.0, 0.0, 1.0, 2.0)));
    /// assert_eq!(dl, l); // half of 2, which A is multiplied with
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square; in the derivatives, if a pivot is nothing but rounding.
    cholesky[T: Field, D](a da: S[D, D]) -> Option<OMatrix<T, D, D>>
}

impl<T: Field> Rule<T, 1> for cholesky {
    type Constants = ();
    type Value = Option<DMatrix<T>>;
    type Saved = Option<DMatrix<T>>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("cholesky", &a);
        let l = Cholesky::new(hermitian_part(&a)).map(Cholesky::unpack);
        (l.clone(), l)
    }

    fn tangent([a]: [View<'_, T>; 1], l: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let l = l.as_ref()?;
        assert_definite(&a, l);
        let mut x = hermitian_part(&da);
        congruence(l, Side::Plain, &mut x);
        Some(l * half_diagonal(&x))
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        l: Self::Saved,
        l_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let Some((l, l_bar)) = defined(l, l_bar) else {
            return;
        };
        assert_definite(&a, &l);
        let mut x = hermitian_part(&half_diagonal(&(l.adjoint() * l_bar)));
        congruence(&l, Side::Adjoint, &mut x);
        a_bar += x;
    }
}

/// The lower triangle with half the diagonal.
fn half_diagonal<T: Field>(a: &DMatrix<T>) -> DMatrix<T> {
    let mut lower = a.lower_triangle();
    let half: T = nalgebra::convert(0.5);
    lower.set_diagonal(&(lower.diagonal() * half));
    lower
}

/// `X := L^-1 X L^-H`, or with the adjoint of `L`; `X` is Hermitian.
fn congruence<T: Field>(l: &DMatrix<T>, side: Side, x: &mut DMatrix<T>) {
    solve_triangular_mut(l, Triangle::Lower, side, x);
    *x = x.adjoint();
    solve_triangular_mut(l, Triangle::Lower, side, x);
}

/// Panics if what is left of a diagonal entry is rounding.
#[track_caller]
fn assert_definite<T: Field>(a: &View<'_, T>, l: &DMatrix<T>) {
    let n: T::RealField = nalgebra::convert(a.nrows() as f64);
    let lost = |i: usize| l[(i, i)].modulus_squared() <= n * T::EPSILON * a[(i, i)].modulus();
    if let Some(i) = (0..a.nrows()).find(|i| lost(*i)) {
        undefined(
            "cholesky",
            format!("the matrix is singular to working precision (pivot {i})"),
        );
    }
}
