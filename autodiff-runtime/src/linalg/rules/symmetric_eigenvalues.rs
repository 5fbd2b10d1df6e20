//! Eigenvalues of a symmetric matrix.

use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::decomposition::gauge::ties;
use crate::linalg::decomposition::svd::scaled_columns;
use crate::linalg::decomposition::symmetric::{decomposed, largest};
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, assert_distinct};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{DMatrix, DVector, U1};

rule! {
    /// The eigenvalues of a symmetric (Hermitian) matrix in ascending order.
    ///
    /// `A` n x n; a function of its symmetric part. With the eigenvectors `V`: $\dot l = \mathrm{diag}(V^H \dot A V)$;
    /// $\bar A = V \mathrm{diag}(\bar l) V^H$.
    ///
    /// Equal eigenvalues split in a direction `dA` into the eigenvalues of `V_b^H dA V_b`, `V_b` the eigenvectors that belong to them: that
    /// is their slope on one side. In reverse, cotangents that differ among equal eigenvalues give the gradient in the limit of a nearby
    /// matrix with the same eigenvectors, one of several; if they do not differ it is the gradient.
    ///
    /// J. R. Magnus (1985), [doi:10.1017/S0266466600011129](https://doi.org/10.1017/S0266466600011129).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_eigenvalues;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let swap = Matrix2::new(0.0, 1.0, 1.0, 0.0);
    /// let (l, dl) = symmetric_eigenvalues::jvp(&Matrix2::identity(), &swap);
    /// assert_eq!(l, Vector2::new(1.0, 1.0));
    /// assert!((dl - Vector2::new(-1.0, 1.0)).norm() < 1e-15);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    symmetric_eigenvalues[T: Field, D](a da: S[D, D]) -> OMatrix<T::RealField, D, U1>
    where [DefaultAllocator: Allocator<D, U1>]
    ; twice
}

impl<T: Field> Rule<T, 1> for symmetric_eigenvalues {
    type Constants = ();
    type Value = DVector<T::RealField>;
    type Saved = (DVector<T::RealField>, DMatrix<T>);

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("symmetric_eigenvalues", &a);
        let (l, v) = decomposed(hermitian_part(&a));
        (l.clone(), (l, v))
    }

    fn tangent(_: [View<'_, T>; 1], (l, v): &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let c = hermitian_part(&(v.adjoint() * hermitian_part(&da) * v));
        let mut dl = DVector::zeros(l.len());
        for run in ties::<T>(l.as_slice(), largest(l.as_slice())) {
            let block = c.view((run.start, run.start), (run.len(), run.len()));
            let split = decomposed(block.into_owned()).0;
            dl.rows_mut(run.start, run.len()).copy_from(&split);
        }
        dl
    }

    fn reverse(
        _: [View<'_, T>; 1],
        (_, v): &Self::Saved,
        l_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let scaled = scaled_columns(v, &l_bar);
        a_bar.gemm(T::one(), &scaled, &v.adjoint(), T::one());
    }
}

impl<T: RealNumber> SecondRule<T, 1> for symmetric_eigenvalues {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (): Self::Constants,
        (l, v): &Self::Saved,
        [da]: [View<'_, T>; 1],
        l_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        assert_distinct(
            "symmetric_eigenvalues",
            l.as_slice(),
            largest(l.as_slice()),
            None,
        );
        let c = v.tr_mul(&(hermitian_part(&da) * v));
        let core = DMatrix::from_fn(l.len(), l.len(), |i, j| {
            if i == j {
                T::zero()
            } else {
                c[(i, j)] * (l_bar[j] - l_bar[i]) / (l[j] - l[i])
            }
        });
        slope += v * core * v.transpose();
    }
}
