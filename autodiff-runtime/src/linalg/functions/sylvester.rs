//! `A X + X B = C`, and with `B = A^T` the Lyapunov equation.
//!
//! With `A = Q R Q^T` and `B = P S P^T` in Schur form, `Q^T X P` solves an equation of triangular matrices. The adjoint equation
//! `A^T Z + Z B^T = X_bar`, transposed, is of the same kind with the roles of the two forms exchanged, so that the forms that the primal
//! made serve both modes.

use super::quasi_triangular::{rounding_level, solve_sylvester};
use super::schur::SchurForm;
use nalgebra::{DMatrix, RealField};

/// What the solution of `A X + X B = C` leaves for its derivatives.
#[derive(Clone, Debug)]
pub struct Sylvester<T: RealField> {
    a: SchurForm<T>,
    b: SchurForm<T>,
    pub x: DMatrix<T>,
}

impl<T: RealField + Copy> Sylvester<T> {
    /// Solves `A X + X B = C`.
    pub fn new(a: &DMatrix<T>, b: &DMatrix<T>, c: &DMatrix<T>) -> Option<Self> {
        Self::of_forms(SchurForm::new(a)?, SchurForm::new(b)?, c)
    }

    /// Solves `A X + X A^T = C` with the one Schur form that it needs.
    pub fn lyapunov(a: &DMatrix<T>, c: &DMatrix<T>) -> Option<Self> {
        let a = SchurForm::new(a)?;
        let transposed = a.transposed();
        Self::of_forms(a, transposed, c)
    }

    fn of_forms(a: SchurForm<T>, b: SchurForm<T>, c: &DMatrix<T>) -> Option<Self> {
        let x = solve(&a, &b, c)?;
        Some(Sylvester { a, b, x })
    }

    /// The solution of the same equation with another right-hand side.
    pub fn again(&self, c: &DMatrix<T>) -> DMatrix<T> {
        solve(&self.a, &self.b, c).expect("the triangular equation has been solved before")
    }

    /// The solution Z of the adjoint equation `A^T Z + Z B^T = X_bar`.
    pub fn adjoint(&self, x_bar: &DMatrix<T>) -> DMatrix<T> {
        solve(&self.b, &self.a, &x_bar.transpose())
            .expect("the triangular equation has been solved before")
            .transpose()
    }
}

/// `Q Y P^T` with `R Y + Y S = Q^T C P`.
fn solve<T: RealField + Copy>(
    a: &SchurForm<T>,
    b: &SchurForm<T>,
    c: &DMatrix<T>,
) -> Option<DMatrix<T>> {
    let floor = rounding_level(&a.t, &b.t);
    let y = solve_sylvester(&a.t, &b.t, a.q.tr_mul(c) * &b.q, floor)?;
    Some(&a.q * y * b.q.transpose())
}
