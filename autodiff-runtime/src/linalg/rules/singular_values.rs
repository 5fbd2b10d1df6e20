//! Singular values.

use super::svd::svd;
use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::decomposition::gauge::ties;
use crate::linalg::decomposition::svd::{Svd, scaled_columns};
use crate::linalg::decomposition::symmetric::decomposed;
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, assert_distinct};
use crate::linalg::shape::{View, ViewMut, view};
use nalgebra::{DVector, DimMin, DimMinimum, U1};

rule! {
    /// The singular values in descending order.
    ///
    /// `A` n x m, `k = min(n, m)` values. With `A = U diag(s) V^H`: $\dot s = \mathrm{Re} \mathrm{diag}(U^H \dot A V)$;
    /// $\bar A = U \mathrm{diag}(\bar s) V^H$.
    ///
    /// Equal singular values split in a direction `dA` into the eigenvalues of the Hermitian part of `U_b^H dA V_b`, those that are zero
    /// into the singular values of `dA` between the null spaces of `A^H` and `A`: that is their slope on one side. In reverse, cotangents
    /// that differ among equal values, and those of values that are zero, give the gradient in the limit of a nearby matrix with
    /// the same singular vectors, one of several.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::singular_values;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let (s, pullback) = singular_values::vjp(&Matrix2::new(0.0, 3.0, -2.0, 0.0));
    /// assert!((s - Vector2::new(3.0, 2.0)).norm() < 1e-14);
    /// let a_bar = pullback(Vector2::new(1.0, 10.0));
    /// assert!((a_bar - Matrix2::new(0.0, 1.0, -10.0, 0.0)).norm() < 1e-14);
    /// ```
    singular_values[T: Field, N, M](a da: S[N, M]) -> OMatrix<T::RealField, DimMinimum<N, M>, U1>
    where [N: DimMin<M>, DefaultAllocator: Allocator<DimMinimum<N, M>, U1>]
    ; twice
}

impl<T: Field> Rule<T, 1> for singular_values {
    type Constants = ();
    type Value = DVector<T::RealField>;
    type Saved = Svd<T>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        let svd = Svd::new(&a);
        (svd.s.clone(), svd)
    }

    fn tangent(_: [View<'_, T>; 1], svd: &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let mut ds = DVector::zeros(svd.s.len());
        for run in ties::<T>(svd.s.as_slice(), svd.largest()) {
            let split = if svd.is_zero(run.start) {
                let (u, v_t) = (svd.u.columns(0, run.start), svd.v_t.rows(0, run.start));
                let rest = da - u * u.ad_mul(&da);
                let rest = &rest - &rest * v_t.adjoint() * v_t;
                Svd::new(&view(&rest)).s.rows(0, run.len()).into_owned()
            } else {
                let u = svd.u.columns(run.start, run.len());
                let v = svd.v_t.rows(run.start, run.len()).adjoint();
                let (l, _) = decomposed(hermitian_part(&(u.adjoint() * da * v)));
                DVector::from_iterator(l.len(), l.iter().rev().copied())
            };
            ds.rows_mut(run.start, run.len()).copy_from(&split);
        }
        ds
    }

    fn reverse(
        _: [View<'_, T>; 1],
        svd: &Self::Saved,
        s_bar: Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        a_bar.gemm(
            T::one(),
            &scaled_columns(&svd.u, &s_bar),
            &svd.v_t,
            T::one(),
        );
    }
}

impl<T: RealNumber> SecondRule<T, 1> for singular_values {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        s_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        assert_distinct(
            "singular_values",
            saved.s.as_slice(),
            saved.largest(),
            saved.s.iter().copied().last(),
        );
        let (du, _, dv_t) = <svd as Rule<T, 1>>::tangent([a], saved, [da]);
        slope += scaled_columns(&du, &s_bar) * &saved.v_t + scaled_columns(&saved.u, &s_bar) * dv_t;
    }
}
